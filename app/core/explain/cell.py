"""The cell that a step explains, with the arrays that it is computed from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..arrays import Maps, Shape
from ..trace.trace import Stage, Trace, get_read

MOST_LISTED_CELLS = 16 * 16
"""A window with more cells is not listed cell by cell."""

Step = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a stage's output (map, row, col), and the maps that the stage reads.

    `shape_before_flatten` is the shape of those maps before `flatten` made one column of them. `reads` are all the
    stages that the stage reads; `input` holds the maps of the first.
    """

    stage: Stage
    input: Maps
    shape_before_flatten: Shape
    map: int
    row: int
    col: int
    reads: tuple[Stage, ...] = ()


def find_shape_before_flatten(trace: Trace, stage: int) -> Shape:
    """The shape of the maps that a stage reads, before any `flatten`."""
    read = get_read(trace, trace.stages[stage])
    while read.info.operation.kind == "flatten":
        read = get_read(trace, read)
    channels, height, width = read.output.shape
    return channels, height, width
