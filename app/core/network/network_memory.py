"""The memory that the arrays of a network take while it is computed stage by stage."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..arrays import FLOAT32_BYTES, Shape
from ..trace.plan import Plan, list_last_uses

DESCRIBED_TIMES = 3
"""Copies of a stage's maps that are made, at most, to find their ranges and salient places, and their previews."""


def count_peak_bytes(shape: Shape, plans: Sequence[Plan]) -> int:
    """The most bytes of maps, workspace and filters in memory at once, on an input of `shape`.

    Maps count until the last stage that reads them, those of a stage a few times while it is described; filters that
    are made (typed or random ones) while their stage is computed, and those in the file of a model not at all: it is
    mapped into memory, and the system reads what is used.
    """
    sizes = (prod(shape), *(plan.cells for plan in plans))
    last_uses = list_last_uses(plans)
    peak = sizes[0]
    for stage, plan in enumerate(plans, 1):
        live = sum(size for size, last in zip(sizes[:stage], last_uses, strict=False) if last >= stage)
        working = max(plan.workspace, DESCRIBED_TIMES * sizes[stage])
        peak = max(peak, live + sizes[stage] + working + plan.made_weights)
    return peak * FLOAT32_BYTES
