"""The cell that a step explains, with the arrays that it is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ..arrays import Maps, Shape

MOST_LISTED_CELLS = 16 * 16
"""A window with more cells is not listed cell by cell."""

StageMeta = Mapping[str, Any]
Step = dict[str, Any]


class StageLike(Protocol):
    """The parts of a stage that a step needs: the metadata that the browser gets, and the arrays."""

    @property
    def meta(self) -> StageMeta: ...
    @property
    def output(self) -> Maps: ...
    @property
    def weight(self) -> Maps | None: ...
    @property
    def bias(self) -> Maps | None: ...


class TraceLike(Protocol):
    """The parts of a Trace that a step needs."""

    @property
    def stages(self) -> Sequence[StageLike]: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a stage's output (map, row, col), and the maps that the stage reads.

    `shape_before_flatten` is the shape of those maps before `flatten` made one column of them.
    """

    stage: StageLike
    input: Maps
    shape_before_flatten: Shape
    map: int
    row: int
    col: int


def find_shape_before_flatten(trace: TraceLike, stage: int) -> Shape:
    """The shape of the maps that a stage reads, before any `flatten`."""
    index = max(0, stage - 1)
    while index > 0 and trace.stages[index].meta["op"] == "flatten":
        index -= 1
    channels, height, width = trace.stages[index].output.shape
    return channels, height, width
