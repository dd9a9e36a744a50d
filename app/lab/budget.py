"""Checks a figure's cost against the limits and lists smaller sizes, without arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import prod

from ..core.arrays import FLOAT32_BYTES, Shape
from ..core.limits import Limits
from ..core.options import SIZES, VIEW_OPTIONS
from ..core.problems import Problem, make_problem
from ..core.scene import Numbers, Pair, Scene
from ..core.texts import make_text
from ..core.trace.plan import Plan

MOST_STAGE_MAPS = next(option.most for option in VIEW_OPTIONS if option.name == "map") + 1
"""The most maps of a stage, since a link names a map by its index."""


def find_exceeded_limit(shape: Shape, plans: Sequence[Plan], limits: Limits) -> Problem | None:
    """The first limit that a chain on an input of `shape` exceeds, if any.

    `trace_bytes` limits all arrays of the Trace together, and the workspace of one layer.
    """
    numbers = prod(shape) + sum(plan.cells + plan.weights for plan in plans)
    workspace = max((plan.workspace for plan in plans), default=0)
    needs = (
        ("multiply_adds", "multiply_adds", sum(plan.work for plan in plans), limits.multiply_adds),
        ("trace_bytes", "trace_bytes", numbers * FLOAT32_BYTES, limits.trace_bytes),
        ("room_bytes", "trace_bytes", workspace * FLOAT32_BYTES, limits.trace_bytes),
        ("most_maps", "size", max((plan.shape[0] for plan in plans), default=0), MOST_STAGE_MAPS),
    )
    for code, field, value, most in needs:
        if value > most:
            return make_problem(code, field, value, make_text("at_most", most=most))
    return None


def list_smaller_sizes(scene: Scene) -> Iterator[Pair]:
    """Sizes of the scene's proportions below its own, largest first; none for typed numbers."""
    rows, columns = scene.size
    longest = max(rows, columns)
    for side in reversed(SIZES):
        if side < longest and not isinstance(scene.shown_image, Numbers):
            yield max(1, rows * side // longest), max(1, columns * side // longest)
