"""Plans layers: checks them and computes their output size and cost, without arithmetic on the maps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TypeVar

from ..arrays import Shape
from ..graph.sources import Sources
from ..layer_error import LayerError, make_layer_error
from ..layers.layer_law import LayerLaw
from ..layers.planners import PLANNERS
from ..messages import describe_allowed, join_names
from ..operation_table import OPERATIONS, SOFTMAX_OF_CHANNELS, Operation, find_operation
from ..ops import Conv, ConvTranspose, Pool
from ..ops.geometry import Axis, Geometry, compute_padding, count_conv_parameters, count_multiply_adds
from ..ops.join import JoinKind, find_joined_shape
from ..ops.pooling import PoolKind
from ..ops.preprocessing import LUMINANCE_WEIGHTS, PreprocessingPlan, plan_preprocessing
from ..ops.transposed import NO_TAP
from ..problems import Problem
from ..scene import Layer, Pair, Rows, Sides, parse_number
from ..texts import Text, make_text
from ..weights.bank_plan import BankPlan, override_bias, plan_bank
from ..weights.pretrained import LearnedLinear, TrainedModels
from ..weights.rows import find_convolution, make_row_error
from .plan_checks import (
    check_causal,
    check_crop,
    check_join,
    check_output_padding,
    check_padding_mode,
    check_pool_padding,
    check_pool_windows,
    check_window,
)

T = TypeVar("T")
BLOCK_POSITIONS = 1024
"""Positions in a block of `convolution`, which holds at least one row and otherwise less than 500 kB."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of one stage: layer `index` of the scene turns maps of `in_shape` into maps of `shape`, all (C, H, W).

    `work` counts its multiplications, or comparisons and additions where it multiplies nothing; `weights` the numbers
    of its filters; `workspace` the numbers that it needs besides input, weights and output. `reads` are the numbers of
    the stages that it reads, `in_shape` the shape of the first; () stands for the stage before it.
    """

    op: Operation
    layer: Layer
    index: int
    in_shape: Shape
    shape: Shape
    geometry: Geometry | None = None
    conv: Conv | None = None
    transposed: ConvTranspose | None = None
    pool: Pool | None = None
    bank: BankPlan | None = None
    linear: LearnedLinear | None = None
    preprocessing: PreprocessingPlan | None = None
    law: LayerLaw | None = None
    name: str = ""
    parameters: int = 0
    multiply_adds: int = 0
    work: int = 0
    workspace: int = 0
    notes: tuple[Text | str, ...] = ()
    reads: tuple[int, ...] = ()

    @property
    def cells(self) -> int:
        """The count of numbers in the output."""
        return _count_cells(self.shape)

    @property
    def weights(self) -> int:
        """The count of numbers in the filters, or in a fully connected layer."""
        if self.linear:
            return int(self.linear.weight.size)
        return self.bank.weights if self.bank else 0

    @property
    def made_weights(self) -> int:
        """The count of numbers in filters that are made for this stage; a trained layer's are those of its file."""
        return self.bank.weights if self.bank and not self.bank.is_whole_layer else 0


def list_last_uses(plans: Sequence[Plan]) -> list[int]:
    """For each stage, the input first, the number of the last one that reads it; its own where none does."""
    last_uses = list(range(len(plans) + 1))
    for stage, plan in enumerate(plans, 1):
        for index in plan.reads or (stage - 1,):
            last_uses[index] = stage
    return last_uses


def plan_layers(
    layer: Layer, index: int, in_shape: Shape, trained: TrainedModels, sources: Sources | None = None
) -> tuple[Plan, ...]:
    """The plans of one layer of a scene: one, or for `model` those of all its layers. Raises LayerError.

    Without `sources` it reads the stage before it, of `in_shape`.
    """
    if layer.op != "model":
        return (plan_layer(layer, index, in_shape, trained, sources),)
    plans: list[Plan] = []
    for number, one in enumerate(_raise_problem(trained.layers(str(layer.head)))):
        shape = plans[-1].shape if plans else in_shape
        before = sources
        if sources and plans:
            before = Sources(sources.number + number, (sources.number + number - 1,), (shape,))
        plan = plan_layer(one.layer, index, shape, trained, before)
        plans.append(replace(plan, name=one.name))
    return tuple(plans)


def plan_layer(
    layer: Layer, index: int, in_shape: Shape, trained: TrainedModels, sources: Sources | None = None
) -> Plan:
    """The plan of one layer. Touches no array. Raises LayerError, whose problem names the option that does not fit."""
    plan = _plan_operation(layer, index, in_shape, trained, sources)
    return replace(plan, reads=sources.reads) if sources else plan


def _plan_operation(layer: Layer, index: int, in_shape: Shape, trained: TrainedModels, sources: Sources | None) -> Plan:
    op = find_operation(layer.op)
    if op is None:
        raise make_layer_error("unknown", "layers", layer.op, join_names(row.name for row in OPERATIONS))
    base = Plan(op, layer, index, in_shape, in_shape, work=_count_cells(in_shape), workspace=_count_cells(in_shape))
    if op.name in PLANNERS:
        return _plan_law(base)
    match op.kind:
        case "conv":
            bank = plan_bank(layer, in_shape[0], trained.bank)
            return _plan_conv(base, bank) if op.name == "conv" else _plan_transposed(base, bank)
        case "pool" if op.pool:
            return _plan_global_pool(base) if op.pools_whole_maps else _plan_pool(base, op.pool)
        case "softmax" if layer.head == "channels":
            return replace(base, op=SOFTMAX_OF_CHANNELS)
        case "linear":
            if isinstance(layer.head, Rows):
                return _plan_rows(base, plan_bank(find_convolution(layer, in_shape), in_shape[0], trained.bank))
            return _plan_linear(base, _raise_problem(trained.linear(str(layer.head))))
        case "prepare":
            return _plan_preprocessing(base, trained)
        case "join" if op.join:
            return _plan_join(base, op.join, sources)
        case "flatten":
            return replace(base, shape=(_count_cells(in_shape), 1, 1))
        case "model":
            _raise_problem(trained.layers(str(layer.head)))
            raise ValueError("a model is several layers: plan_layers plans them")
    return base


def _plan_law(base: Plan) -> Plan:
    """The plan of a layer with numbers of its own; its values may be others than the table says."""
    made = PLANNERS[base.op.name](base.layer, base.in_shape)
    op = replace(base.op, values=made.law.values) if made.law.values else base.op
    cells = _count_cells(base.in_shape) + _count_cells(made.shape)
    return replace(
        base,
        op=op,
        shape=made.shape,
        law=made.law,
        geometry=made.geometry,
        parameters=made.parameters,
        work=cells,
        workspace=2 * cells,
        notes=made.notes,
    )


def _plan_conv(base: Plan, bank: BankPlan) -> Plan:
    layer, size = bank.layer, base.in_shape[1:]
    dilation = _read_pair(layer, "dilation", (1, 1))
    conv = Conv(
        _read_pair(layer, "stride", (1, 1)),
        _read_padding(layer, bank.kernel_size, dilation),
        dilation,
        bank.groups,
        layer.get("padding_mode") or "zeros",  # type: ignore[arg-type]
        bool(layer.get("flip")),
    )
    check_causal(layer.get("padding"), size)
    check_padding_mode(conv.padding_mode, conv.padding, size)
    geometry = conv.geometry(size, bank.kernel_size)
    check_window(geometry, "a_filter")
    positions = geometry.shape[0] * geometry.shape[1]
    block = (
        base.in_shape[0]
        * bank.kernel_size[0]
        * bank.kernel_size[1]
        * min(positions, max(BLOCK_POSITIONS, geometry.shape[1]))
    )
    same = layer.get("padding") == "same" and conv.stride != (1, 1)
    workspace = _count_padded_cells(base.in_shape[0], geometry) + block
    notes = (make_text("same_stride"),) if same else ()
    return _price_filters(replace(base, conv=conv), bank, geometry, geometry.shape, workspace, notes)


def _plan_transposed(base: Plan, bank: BankPlan) -> Plan:
    """The plan of a transposed convolution, which multiplies every input cell by the whole filter."""
    layer, size = bank.layer, base.in_shape[1:]
    transposed = ConvTranspose(
        _read_pair(layer, "stride", (1, 1)),
        _read_pair(layer, "padding", (0, 0)),
        _read_pair(layer, "output_padding", (0, 0)),
        _read_pair(layer, "dilation", (1, 1)),
        bank.groups,
    )
    check_output_padding(transposed)
    geometry = transposed.geometry(size, bank.kernel_size)
    check_crop(geometry)
    full = bank.maps * geometry.rows.full * geometry.columns.full  # type: ignore[attr-defined]
    workspace = full + bank.maps * size[0] * size[1]
    notes = (make_text("unreached"),) if _has_gaps(geometry) else ()
    return _price_filters(replace(base, transposed=transposed), bank, geometry, size, workspace, notes)


def _price_filters(
    base: Plan, bank: BankPlan, geometry: Geometry, places: Pair, workspace: int, notes: tuple[Text, ...]
) -> Plan:
    """The plan of a layer whose filters are multiplied by cells at so many places (rows, columns)."""
    cost = count_multiply_adds(bank.maps, bank.channels, bank.kernel_size, places)
    return replace(
        base,
        shape=(bank.maps, *geometry.shape),
        geometry=geometry,
        bank=bank,
        parameters=count_conv_parameters(bank.maps, bank.channels, bank.kernel_size, True),
        multiply_adds=cost,
        work=cost,
        workspace=workspace,
        notes=bank.notes + notes,
    )


def _has_gaps(geometry: Geometry) -> bool:
    """Whether no input cell reaches some output cells of a transposed convolution."""
    axes = (geometry.rows, geometry.columns)
    return any(axis.list_taps(place)[0][1] == NO_TAP for axis in axes for place in range(axis.positions))


def _plan_pool(base: Plan, kind: PoolKind) -> Plan:
    layer, (channels, *size) = base.layer, base.in_shape
    window = _to_pair(layer.head, (2, 2))
    dilation = _read_pair(layer, "dilation", (1, 1))
    padding = _read_padding(layer, window, dilation)
    check_pool_padding(padding, (dilation[0] * (window[0] - 1) + 1, dilation[1] * (window[1] - 1) + 1))
    include, divisor = layer.get("count_include_pad"), layer.get("divisor_override")
    pool = Pool(
        kind,
        window,
        _read_pair(layer, "stride", window),
        padding,
        bool(layer.get("ceil_mode")),
        include is None or bool(include),
        dilation,
        divisor if isinstance(divisor, int) else None,
    )
    geometry = pool.geometry((size[0], size[1]))
    check_window(geometry, "a_window")
    check_pool_windows(geometry)
    rows, columns = geometry.rows, geometry.columns
    # Rows are reduced first, for every column; then columns.
    work = channels * rows.positions * (columns.padded * rows.kernel + columns.positions * columns.kernel)
    workspace = _count_padded_cells(channels, geometry)
    shape = (channels, rows.positions, columns.positions)
    is_sum = pool.divisor_override is not None  # no mean any more, and so no picture
    op = replace(base.op, values=replace(base.op.values, is_signed=True)) if is_sum else base.op
    overhangs = kind == "l2" and bool(rows.overhang or columns.overhang)
    return replace(
        base,
        op=op,
        shape=shape,
        geometry=geometry,
        pool=pool,
        work=work + base.work,
        workspace=workspace,
        notes=(make_text("l2pool_ceil"),) if overhangs else (),
    )


def _plan_global_pool(base: Plan) -> Plan:
    """The plan of a pooling whose window is the whole map."""
    channels, height, width = base.in_shape
    return replace(base, shape=(channels, 1, 1), geometry=Geometry(Axis(height, height), Axis(width, width)))


def _plan_linear(base: Plan, linear: LearnedLinear) -> Plan:
    """The plan of a trained fully connected layer, which reads as many numbers as its input has, C, H, W."""
    maps, numbers = linear.weight.shape
    if numbers != _count_cells(base.in_shape):
        raise make_row_error(numbers, base.in_shape, str(base.layer.head))
    made = replace(base, linear=replace(linear, bias=override_bias(base.layer, linear.bias)))
    return _price_linear(made, maps, numbers)


def _plan_rows(base: Plan, bank: BankPlan) -> Plan:
    """The plan of a fully connected layer with weights of its own: the bank of the convolution that it equals."""
    return _price_linear(replace(base, bank=bank, notes=bank.notes), bank.maps, _count_cells(base.in_shape))


def _price_linear(base: Plan, maps: int, numbers: int) -> Plan:
    cost = maps * numbers
    return replace(
        base,
        shape=(maps, 1, 1),
        parameters=cost + maps,
        multiply_adds=cost,
        work=cost,
        workspace=maps + (numbers if base.bank else 0),
    )


def _plan_join(base: Plan, kind: JoinKind, sources: Sources | None) -> Plan:
    """The plan of a join, whose stages must fit each other."""
    if sources is None or len(sources.reads) < 2:
        allowed = describe_allowed(base.op.head) if base.op.head else ""
        raise make_layer_error("needs_head", "stages", "", allowed, op=base.op.name)
    check_join(kind, sources.reads, sources.shapes)
    shape = find_joined_shape(sources.shapes, kind)
    work = sum(map(_count_cells, sources.shapes))
    return replace(base, shape=shape, work=work, workspace=_count_cells(shape))


def _plan_preprocessing(base: Plan, trained: TrainedModels) -> Plan:
    prepare = _raise_problem(trained.prepare(str(base.layer.head)))
    channels, height, width = base.in_shape
    made = plan_preprocessing(prepare, base.in_shape)
    if made is None:
        raise make_layer_error(
            "prepare_channels", "layers", prepare.model, make_text("one_or_three"), channels=channels
        )
    work = channels * made.rows.parts * width * (height + made.columns.parts) + made.shape[0] * _count_cells(
        base.in_shape
    )
    notes = _note_resampling(made, channels)
    return replace(
        base, shape=made.shape, preprocessing=made, work=work, workspace=4 * work // max(1, height), notes=notes
    )


def _note_resampling(made: PreprocessingPlan, channels: int) -> tuple[Text, ...]:
    """The notes on how size and channels change."""
    rows, columns = made.rows, made.columns
    notes = []
    if (rows.length, columns.length) != (rows.size, columns.size):
        notes.append(make_text("prepare_cut", rows=rows.length, columns=columns.length))
    if (rows.length, columns.length) != (rows.parts, columns.parts):
        larger = rows.parts > rows.length or columns.parts > columns.length
        sizes = {"rows": rows.length, "columns": columns.length, "high": rows.parts, "wide": columns.parts}
        notes.append(make_text("prepare_enlarged" if larger else "prepare_averaged", **sizes))
    if made.mix == (LUMINANCE_WEIGHTS,):
        notes.append(make_text("prepare_gray"))
    if channels < made.preprocessing.channels:
        notes.append(make_text("prepare_repeated"))
    return tuple(notes)


def _raise_problem(found: T | Problem) -> T:
    if isinstance(found, Problem):
        raise LayerError(found)
    return found


def read_exact_slope(layer: Layer) -> Fraction:
    """The slope of a leaky ReLU as it was written: 0.01 is 1/100."""
    return parse_number(layer.head) if isinstance(layer.head, str) else Fraction(1, 100)


def read_slope(layer: Layer) -> float:
    """The slope of a leaky ReLU as a float."""
    return float(read_exact_slope(layer))


def read_shift(layer: Layer) -> Pair:
    """(rows down, columns to the right) of a shift."""
    return _to_pair(layer.head, (0, 1))


def list_arguments(plan: Plan) -> tuple[float | Pair, ...]:
    """What the operation's function takes besides the maps: the slope of leaky ReLU, the cells of a shift."""
    match plan.op.kind:
        case "pointwise" if plan.op.head:
            return (read_slope(plan.layer),)
        case "shift":
            return (read_shift(plan.layer),)
    return ()


def _count_cells(shape: Shape) -> int:
    return shape[0] * shape[1] * shape[2]


def _count_padded_cells(channels: int, geometry: Geometry) -> int:
    rows, columns = geometry.rows, geometry.columns
    return channels * (rows.padded + rows.overhang) * (columns.padded + columns.overhang)


def _to_pair(value: object, default: Pair) -> Pair:
    return (int(value[0]), int(value[1])) if isinstance(value, tuple) and len(value) == 2 else default


def _read_pair(layer: Layer, name: str, default: Pair) -> Pair:
    return _to_pair(layer.get(name), default)


def _read_padding(layer: Layer, kernel_size: Pair, dilation: Pair) -> Sides:
    padding = layer.get("padding")
    return compute_padding(padding if padding is not None else "valid", kernel_size, dilation)  # type: ignore[arg-type]
