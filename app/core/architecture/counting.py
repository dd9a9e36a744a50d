"""The rules of counting, each in one place.

Parameters: K · (F · F · C/G + 1) of a convolution, N + 1 for each output of a fully connected layer, a gain and a shift
for each map of a batch normalization; its running statistics are no parameters. Numbers that are kept: one for each
cell of the input, of a convolution, a pool, a fully connected layer and others that make maps of another size;
activations, normalizations and joins work in place. Multiply-adds: those of convolutions and fully connected layers,
without biases. Bytes are 4 for each number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import prod

from ..arrays import Shape
from ..operation_table import INPUT
from ..problems import make_problem, place_problem
from ..texts import make_text
from ..trace.receptive_fields import FieldOfStage, ReceptiveFields
from .architecture_error import ArchitectureError
from .chain_plan import MOST_CELLS, PlannedStage
from .priced_stage import PricedStage

WEIGHTED_KINDS = frozenset(("conv", "linear"))
"""Kinds of layers whose weights are multiplied."""
KEPT_KINDS = frozenset((*WEIGHTED_KINDS, "pool", "prepare", "mean", "upsample", "pad", "center"))
"""Kinds of layers that make maps of their own, beside those that they read."""
ACTIVATION_FAMILY = "activation"


def price_stages(planned: Sequence[PlannedStage], shape: Shape) -> tuple[PricedStage, ...]:
    """The prices of the input of `shape` (C, H, W) and of all stages behind it."""
    numbers = prod(shape)
    stages = [PricedStage(0, "", "", INPUT.name, make_text("input_title"), (), shape, kept=numbers, pair=numbers)]
    stored: list[frozenset[int]] = [frozenset((0,))]
    fields = ReceptiveFields(shape[1:])
    for index, one in enumerate(planned, 1):
        read = frozenset[int]().union(*(stored[stage] for stage in one.reads))
        priced = _price_stage(index, one)
        is_kept = priced.kept > 0
        is_join = one.plan.op.kind == "join"
        # A join writes its sum over the first of its stages, and leaves stacks that are put one behind the other.
        here = frozenset((index,)) if is_kept else stored[one.reads[0]] if one.plan.op.join != "concat" else read
        pair = priced.kept + sum(stages[stage].kept for stage in read) if is_kept or is_join else 0
        stored.append(here)
        field = fields.add(one.plan, one.reads)
        _check_field(field, one)
        stages.append(_add_field(replace(priced, pair=pair), field, fields.sees_whole_input(index)))
    return _fold_normalizations(stages)


def _price_stage(index: int, one: PlannedStage) -> PricedStage:
    plan = one.plan
    weights, biases = count_parameters(one)
    unshared, dense = _count_unshared(one)
    cells = prod(plan.shape)
    return PricedStage(
        index,
        one.part,
        one.layer,
        plan.op.name,
        make_text(f"title_{plan.op.name}"),
        one.reads,
        plan.shape,
        weights,
        biases,
        weights + biases,
        kept=cells if plan.op.kind in KEPT_KINDS else 0,
        copied=cells if plan.op.family == ACTIVATION_FAMILY and plan.op.kind == "pointwise" else 0,
        multiply_adds=_count_multiply_adds(one),
        unshared=unshared,
        dense=dense,
    )


def _count_unshared(one: PlannedStage) -> tuple[int, int]:
    """(parameters with weights of their own at every place, parameters where every output reads every input)."""
    plan = one.plan
    if plan.bank is None or plan.conv is None:
        return 0, 0
    rows, columns = plan.bank.kernel_size
    cells, bias = prod(plan.shape), int(one.has_bias)
    window = plan.bank.channels * rows * columns
    return cells * (window + bias), cells * (prod(plan.in_shape) + bias)


def _check_field(field: FieldOfStage, one: PlannedStage) -> None:
    """Raises ArchitectureError for a receptive field that no picture has, whose numbers would fill pages."""
    current = field.current.rounded
    cells = max(*current.size, *current.jump, *(abs(first) for first in current.first))
    if cells > MOST_CELLS:
        problem = make_problem("net_field", "layers", f"{round(cells):,}", make_text("at_most", most=MOST_CELLS))
        raise ArchitectureError(place_problem(problem, one.plan.index, one.plan.op.name))


def _add_field(stage: PricedStage, field: FieldOfStage, sees_all: bool) -> PricedStage:
    """The stage with its receptive field; where all cells see the same box, it starts where that box does."""
    current, box = field.current.rounded, field.everything
    start = (box[0][0], box[1][0]) if box else current.first
    return replace(
        stage,
        receptive_field=current.size,
        jump=current.jump,
        start=start,
        is_bound=current.is_bound and not box,
        sees_all=sees_all,
    )


def count_parameters(one: PlannedStage) -> tuple[int, int]:
    """(weights, biases) of a stage; (gains, shifts) of a normalization."""
    plan = one.plan
    if plan.op.name == "batchnorm":
        return plan.shape[0], plan.shape[0]
    if plan.op.kind not in WEIGHTED_KINDS:
        return 0, 0
    weights = plan.weights
    biases = plan.parameters - weights if one.has_bias else 0
    return _connect_pairs(one, weights), biases


def _count_multiply_adds(one: PlannedStage) -> int:
    return _connect_pairs(one, one.plan.multiply_adds) if one.plan.op.kind in WEIGHTED_KINDS else 0


def _connect_pairs(one: PlannedStage, count: int) -> int:
    """The count of a convolution in which only some pairs of maps are connected, from that of all pairs."""
    return count // (one.plan.in_shape[0] * one.plan.shape[0]) * one.pairs if one.pairs else count


def _fold_normalizations(stages: list[PricedStage]) -> tuple[PricedStage, ...]:
    """The stages with `folded`: a normalization adds biases to the layer before it, which nothing else reads."""
    readers = Counter(stage for one in stages for stage in one.reads)
    for one in stages:
        before = stages[one.reads[0]] if one.op == "batchnorm" else None
        if before and before.weights and before.op != "batchnorm" and readers[before.index] == 1:
            stages[before.index] = replace(before, folded=before.weights + one.biases)
            stages[one.index] = replace(one, folded=0)
    return tuple(stages)
