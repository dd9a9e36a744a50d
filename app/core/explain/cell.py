"""What is asked of a step: the cell to explain, the arrays around it, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

MOST_LISTED_CELLS = 16 * 16
"""Windows with more cells than this are not listed cell by cell."""

Maps = NDArray[np.float32]
StageMeta = Mapping[str, Any]
Step = dict[str, Any]


class StageLike(Protocol):
    """What a step needs of a stage: its meta as the browser gets it, and its arrays."""

    @property
    def meta(self) -> StageMeta: ...
    @property
    def output(self) -> Maps: ...
    @property
    def weight(self) -> Maps | None: ...
    @property
    def bias(self) -> Maps | None: ...


class TraceLike(Protocol):
    """What a step needs of a Trace."""

    @property
    def stages(self) -> Sequence[StageLike]: ...


@dataclass(frozen=True, slots=True)
class Cell:
    """The cell to explain: a stage's meta and arrays, the maps that it reads, and the place.

    `unflattened` is the shape of those maps before they became one long column.
    """

    stage: StageLike
    input: Maps
    unflattened: tuple[int, int, int]
    map: int
    row: int
    col: int


def unflattened(trace: TraceLike, stage: int) -> tuple[int, int, int]:
    """The shape of the maps that a stage reads, or of those that were flattened before it."""
    index = max(0, stage - 1)
    while index > 0 and trace.stages[index].meta["op"] == "flatten":
        index -= 1
    channels, height, width = trace.stages[index].output.shape
    return channels, height, width
