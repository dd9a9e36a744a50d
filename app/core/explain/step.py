"""The step at a place of a Trace, whatever its operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .cell import Asked, Step, TraceLike, unflattened
from .pointwise_step import FUNCTIONS, flattened, itself, pointwise, shifted
from .pooling_step import pooled
from .preprocessing_step import prepared
from .softmax_step import shared
from .weighted_sum_step import convolved, joined


def step(trace: TraceLike, stage: int, map: int, row: int, col: int) -> Step:
    """How the value at (map, row, col) of a stage comes about, as a dict ready for JSON.

    Law: `result` = sum / (divisor · scale) + bias agrees with the Trace's value within float32's rounding, and each
    channel's products add up to its sum. `values` hold None for padding that does not count, `sources` None for a
    zero of the padding; a window of more than 16 × 16 cells has no `channels`. A fully connected layer names the
    `strongest` terms of its sum, and `rest` counts and adds up the others: both together are the sum. Softmax counts
    all scores down from the `largest`, which leaves the shares as they are and keeps e^x from growing out of hand.
    Raises ValueError for a place that the Trace does not have.
    """
    _within("stage", stage, len(trace.stages))
    here = trace.stages[stage]
    for name, index, size in zip(("map", "row", "col"), (map, row, col), here.output.shape, strict=True):
        _within(name, index, size)
    kind = _KINDS.get(str(here.meta["op"]), "input")
    asked = Asked(here, trace.stages[max(0, stage - 1)].output, unflattened(trace, stage), map, row, col)
    base = {"stage": stage, "map": map, "row": row, "col": col, "kind": kind}
    plain = {"channels": [], "divisor": 1, "scale": 1, "bias": 0.0, "chosen": None, "count": None}
    plain |= {"strongest": [], "rest": None, "largest": None}
    return base | plain | _EXPLAIN[kind](asked)


_POOLS = ("maxpool", "avgpool", "minpool", "l2pool", "globalavgpool", "globalmaxpool")
_KINDS: Mapping[str, str] = {
    **dict.fromkeys(_POOLS, "pool"),
    **dict.fromkeys(FUNCTIONS, "pointwise"),
    **{name: name for name in ("conv", "softmax", "shift", "flatten", "linear", "prepare")},
}
_EXPLAIN: Mapping[str, Callable[[Asked], Step]] = {
    "conv": convolved,
    "pool": pooled,
    "pointwise": pointwise,
    "softmax": shared,
    "shift": shifted,
    "flatten": flattened,
    "linear": joined,
    "prepare": prepared,
    "input": itself,
}


def _within(name: str, index: int, size: int) -> None:
    if not 0 <= index < size:
        raise ValueError(f"{name} is {index}; it can be 0 to {size - 1}")
