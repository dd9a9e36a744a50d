"""Where a View stands on a Trace that may be smaller than the View believes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..core.messages import say
from ..core.problems import Problem
from ..core.scene import Pair, View
from ..core.trace.trace import Stage, Trace


@dataclass(frozen=True, slots=True)
class Standpoint:
    """A View that fits its Trace, and a note for everything that had to be moved."""

    view: View
    stage: Stage
    at: Pair
    notes: tuple[Problem, ...] = ()


def stand(trace: Trace, view: View) -> Standpoint:
    """The nearest place of the Trace to the one that a View names; without one, its first stop or the map's telling
    place. Stops outside the map are noted once, together; the View keeps them for its other stages.
    """
    last = len(trace.stages) - 1
    stage_index, notes = _nearest("stage", view.stage, last, f"the last stage is {last}")
    if view.stage == View().stage:
        notes = ()  # not said, so nothing was promised: a chain without layers shows its input
    stage = trace.stages[stage_index]
    maps, rows, columns = stage.output.shape
    map_index, more = _nearest("map", view.map, maps - 1, f"the last map of this stage is {maps - 1}")
    at, still_more = _at(view, rows, columns)
    still_more += _stops(view, rows, columns)
    first = _inside(view.stops[0], rows, columns) if view.stops else None
    view = replace(view, stage=stage_index, map=map_index, at=at, pin=_inside(view.pin, rows, columns))
    return Standpoint(view, stage, at or first or telling(stage, map_index), (*notes, *more, *still_more))


def telling(stage: Stage, map: int) -> Pair:
    """A place of a map where there is something to see."""
    places: Any = stage.meta["telling"]
    row, column = places[map]
    return int(row), int(column)


def _at(view: View, rows: int, columns: int) -> tuple[Pair | None, tuple[Problem, ...]]:
    at = _inside(view.at, rows, columns)
    if at == view.at:
        return at, ()
    what = f"the map has {rows} × {columns} cells"
    return at, (_moved("at", _words(view.at), f"0,0 to {rows - 1},{columns - 1}", what, _words(at)),)


def _stops(view: View, rows: int, columns: int) -> tuple[Problem, ...]:
    found = [_inside(stop, rows, columns) for stop in view.stops]
    moved = [(_words(was), _words(now)) for was, now in zip(view.stops, found, strict=True) if was != now]
    if not moved:
        return ()
    value, shown = (";".join(cells) for cells in zip(*moved, strict=True))
    what = f"the map has {rows} × {columns} cells"
    return (_moved("stops", value, f"0,0 to {rows - 1},{columns - 1}", what, shown),)


def _inside(cell: Pair | None, rows: int, columns: int) -> Pair | None:
    return (min(cell[0], rows - 1), min(cell[1], columns - 1)) if cell else None


def _nearest(field: str, value: int, most: int, what: str) -> tuple[int, tuple[Problem, ...]]:
    if value <= most:
        return value, ()
    return most, (_moved(field, str(value), f"0 to {most}", what, str(most)),)


def _moved(field: str, value: str, allowed: str, what: str, shown: str) -> Problem:
    words = say("moved", field=field, value=value, what=what, shown=shown)
    return Problem(field, value, allowed, words, "note")


def _words(numbers: Sequence[int] | None) -> str:
    return ",".join(map(str, numbers or ()))
