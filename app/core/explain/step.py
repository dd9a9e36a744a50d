"""The step that computes one cell of a Trace, for every operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..operation_table import Kind
from ..trace.trace import Trace, get_read, get_reads
from .cell import Cell, Step, find_shape_before_flatten
from .exact_step import make_exact
from .join_step import explain_join
from .pointwise_step import explain_activation, explain_flatten, explain_input, explain_shift
from .pooling_step import explain_pooling
from .preprocessing_step import explain_preprocessing
from .softmax_step import explain_softmax
from .weighted_sum_step import explain_convolution, explain_linear


def explain_step(trace: Trace, stage: int, map: int, row: int, col: int) -> Step:
    """How the value at (map, row, col) of a stage is computed, as a dict ready for JSON.

    Values that are known exactly, such as typed decimals, are exact here: 0.7 where the Trace holds 0.699999988.
    `result` = sum / (divisor · scale) + bias equals the Trace's value within float32's rounding, and each channel's
    products add up to its sum. `values` hold None for padding that does not count, `sources` None for a zero of the
    padding; a window of more than 16 × 16 cells has no `channels`. For a fully connected layer `strongest` lists the
    largest terms of the sum, and `rest` the count and sum of the others. Softmax subtracts the `largest` score from
    all, which does not change the shares and keeps e^x from overflowing. The `terms` of a join are the cells that it
    adds, multiplies or copies: their stage, its title, their place (map, row, column) and their value.
    Raises ValueError for a place that the Trace does not have.
    """
    _check_index("stage", stage, len(trace.stages))
    here = trace.stages[stage]
    for name, index, size in zip(("map", "row", "col"), (map, row, col), here.output.shape, strict=True):
        _check_index(name, index, size)
    kind = here.info.operation.kind
    before = get_read(trace, here)
    cell = Cell(
        here, before.output, find_shape_before_flatten(trace, stage), map, row, col, get_reads(trace, here) or (here,)
    )
    base = {"stage": stage, "map": map, "row": row, "col": col, "kind": kind}
    empty = {"channels": [], "divisor": 1, "scale": 1, "bias": 0.0, "chosen": None, "count": None}
    empty |= {"strongest": [], "rest": None, "largest": None}
    law = here.plan.law if here.plan else None
    step = law.explain(before.output, map, row, col) if law else _EXPLAINERS[kind](cell)
    return make_exact(base | empty | step, here, before)


_EXPLAINERS: Mapping[Kind, Callable[[Cell], Step]] = {
    "conv": explain_convolution,
    "pool": explain_pooling,
    "pointwise": explain_activation,
    "softmax": explain_softmax,
    "shift": explain_shift,
    "flatten": explain_flatten,
    "linear": explain_linear,
    "join": explain_join,
    "prepare": explain_preprocessing,
    "input": explain_input,
}
"""Of kinds without a law of their own."""


def _check_index(name: str, index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ValueError(f"{name} is {index}; it can be 0 to {size - 1}")
