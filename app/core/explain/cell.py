"""The cell that a step explains, with the arrays that it is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..arrays import Maps, Shape
from ..trace.trace import Stage, Trace

MOST_LISTED_CELLS = 16 * 16
"""A window with more cells is not listed cell by cell."""

Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a stage's output (map, row, col), and the maps that the stage reads.

    `shape_before_flatten` is the shape of those maps before `flatten` made one column of them.
    """

    stage: Stage
    input: Maps
    shape_before_flatten: Shape
    map: int
    row: int
    col: int


def find_shape_before_flatten(trace: Trace, stage: int) -> Shape:
    """The shape of the maps that a stage reads, before any `flatten`."""
    index = max(0, stage - 1)
    while index > 0 and trace.stages[index].info.operation.kind == "flatten":
        index -= 1
    channels, height, width = trace.stages[index].output.shape
    return channels, height, width
