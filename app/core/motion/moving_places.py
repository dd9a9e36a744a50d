"""The resting places of a step, which what moves goes from and to."""

from __future__ import annotations

from dataclasses import dataclass

from .motion_tracks import MotionSpot


@dataclass(frozen=True, slots=True)
class TablePlaces:
    """The tables of one channel, cell by cell; empty where there is none. `sum` is the sum of the channel."""

    window: tuple[MotionSpot, ...] = ()
    filter: tuple[MotionSpot, ...] = ()
    products: tuple[MotionSpot, ...] = ()
    sum: MotionSpot | None = None


@dataclass(frozen=True, slots=True)
class StepPlaces:
    """The places of a step; None for one that the figure does not show.

    `window` in the input, `cell` in the output, `value` the same cell as it looks when it is written, `sources` the
    cells of the window in the input, row by row, `sum` the result, `terms` the line above it, `linked` the table that
    lines join to the window.
    """

    window: MotionSpot | None = None
    cell: MotionSpot | None = None
    value: MotionSpot | None = None
    sources: tuple[MotionSpot | None, ...] = ()
    tables: tuple[TablePlaces, ...] = ()
    sum: MotionSpot | None = None
    terms: MotionSpot | None = None
    linked: MotionSpot | None = None
