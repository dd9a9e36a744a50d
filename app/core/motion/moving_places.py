"""The resting places of a step, which what moves goes from and to."""

from __future__ import annotations

from dataclasses import dataclass

from .motion_tracks import Spot


@dataclass(frozen=True, slots=True)
class TablePlaces:
    """The tables of one channel, cell by cell; empty where there is none. `sum` is the sum of the channel."""

    window: tuple[Spot, ...] = ()
    filter: tuple[Spot, ...] = ()
    products: tuple[Spot, ...] = ()
    sum: Spot | None = None


@dataclass(frozen=True, slots=True)
class StepPlaces:
    """The places of a step; None for one that the figure does not show.

    `window` in the input, `cell` in the output, `value` the same cell as it looks when it is written, `sources` the
    cells of the window in the input, row by row, `sum` the result, `terms` the line above it, `linked` the table that
    lines join to the window.
    """

    window: Spot | None = None
    cell: Spot | None = None
    value: Spot | None = None
    sources: tuple[Spot | None, ...] = ()
    tables: tuple[TablePlaces, ...] = ()
    sum: Spot | None = None
    terms: Spot | None = None
    linked: Spot | None = None
