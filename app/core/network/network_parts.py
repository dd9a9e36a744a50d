"""The parts of the Trace of a large network that a request chooses: small previews of all maps, some maps in full."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from ..arrays import FLOAT32_BYTES, Shape
from ..trace.plan import Plan

DEFAULT_PREVIEW = 32
"""The longest side of a preview, in cells, where the request gives none."""
MOST_PREVIEW = 512
MEASURED_BYTES = 16
"""Of each map: its range, and its salient cell."""


@dataclass(frozen=True, slots=True)
class NetworkParts:
    """The parts of a Trace that are sent.

    `preview` is the longest side of the previews, `maps` the first map and the one past the last that are sent in full,
    with their weights, of each of the `stages`. `only`: the stages that have previews, None for all of them.
    """

    preview: int = DEFAULT_PREVIEW
    stages: tuple[int, ...] = ()
    maps: tuple[int, int] | None = None
    only: tuple[int, ...] | None = None

    def has_preview(self, stage: int) -> bool:
        """Whether previews of a stage are sent."""
        return self.only is None or stage in self.only

    def find_maps(self, stage: int) -> tuple[int, int] | None:
        """The maps of a stage that are sent in full: (the first, the one past the last)."""
        return self.maps if stage in self.stages else None


def find_block(size: tuple[int, int], longest: int) -> int:
    """The side of the blocks of cells whose means are a preview of maps of `size`, no side of it above `longest`."""
    return -(-max(size) // longest)


def find_preview_shape(shape: Shape, longest: int) -> Shape:
    """(maps, rows, columns) of the previews of a stage; blocks at the bottom and the right may be smaller."""
    block = find_block(shape[1:], longest)
    return shape[0], -(-shape[1] // block), -(-shape[2] // block)


def is_sent_whole(shape: Shape) -> bool:
    """Whether a stage is sent as float32 instead of previews: its maps have one cell each, such as scores."""
    return shape[1:] == (1, 1)


def count_sent_bytes(shape: Shape, plans: Sequence[Plan], parts: NetworkParts) -> int:
    """The bytes of all arrays that are sent of a chain on an input of `shape`."""
    total = 0
    for stage, (made, weights) in enumerate(((shape, 0), *((plan.shape, plan.weights) for plan in plans))):
        if is_sent_whole(made):
            total += FLOAT32_BYTES * made[0] * parts.has_preview(stage)
        elif parts.has_preview(stage):
            total += prod(find_preview_shape(made, parts.preview)) + MEASURED_BYTES * made[0]
        chosen = parts.find_maps(stage)
        if chosen:
            maps = chosen[1] - chosen[0]
            total += FLOAT32_BYTES * maps * (prod(made[1:]) + weights // made[0] + (1 if weights else 0))
    return total
