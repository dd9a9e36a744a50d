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
class ViewPosition:
    """A View that fits its Trace, and a note for everything that had to be moved."""

    view: View
    stage: Stage
    at: Pair
    notes: tuple[Problem, ...] = ()


def fit_view(trace: Trace, view: View) -> ViewPosition:
    """The nearest place of the Trace to the one that a View names; without one, its first stop or the map's telling
    place. Stops outside the map are noted once, together; the View keeps them for its other stages.
    """
    last = len(trace.stages) - 1
    stage_index, notes = _clamp_index("stage", view.stage, last, f"the last stage is {last}")
    if view.stage == View().stage:
        notes = ()  # not said, so nothing was promised: a chain without layers shows its input
    stage = trace.stages[stage_index]
    maps, rows, columns = stage.output.shape
    map_index, more = _clamp_index("map", view.map, maps - 1, f"the last map of this stage is {maps - 1}")
    at, still_more = _fit_cell(view, rows, columns)
    still_more += _check_stops(view, rows, columns)
    first = _clamp_cell(view.stops[0], rows, columns) if view.stops else None
    view = replace(view, stage=stage_index, map=map_index, at=at, pin=_clamp_cell(view.pin, rows, columns))
    return ViewPosition(view, stage, at or first or get_salient_cell(stage, map_index), (*notes, *more, *still_more))


def get_salient_cell(stage: Stage, map: int) -> Pair:
    """A place of a map where there is something to see."""
    places: Any = stage.meta["telling"]
    row, column = places[map]
    return int(row), int(column)


def _fit_cell(view: View, rows: int, columns: int) -> tuple[Pair | None, tuple[Problem, ...]]:
    at = _clamp_cell(view.at, rows, columns)
    if at == view.at:
        return at, ()
    what = f"the map has {rows} × {columns} cells"
    return at, (
        _make_problem("at", _format_numbers(view.at), f"0,0 to {rows - 1},{columns - 1}", what, _format_numbers(at)),
    )


def _check_stops(view: View, rows: int, columns: int) -> tuple[Problem, ...]:
    found = [_clamp_cell(stop, rows, columns) for stop in view.stops]
    moved = [
        (_format_numbers(was), _format_numbers(now)) for was, now in zip(view.stops, found, strict=True) if was != now
    ]
    if not moved:
        return ()
    value, shown = (";".join(cells) for cells in zip(*moved, strict=True))
    what = f"the map has {rows} × {columns} cells"
    return (_make_problem("stops", value, f"0,0 to {rows - 1},{columns - 1}", what, shown),)


def _clamp_cell(cell: Pair | None, rows: int, columns: int) -> Pair | None:
    return (min(cell[0], rows - 1), min(cell[1], columns - 1)) if cell else None


def _clamp_index(field: str, value: int, most: int, what: str) -> tuple[int, tuple[Problem, ...]]:
    if value <= most:
        return value, ()
    return most, (_make_problem(field, str(value), f"0 to {most}", what, str(most)),)


def _make_problem(field: str, value: str, allowed: str, what: str, shown: str) -> Problem:
    words = say("moved", field=field, value=value, what=what, shown=shown)
    return Problem(field, value, allowed, words, "note")


def _format_numbers(numbers: Sequence[int] | None) -> str:
    return ",".join(map(str, numbers or ()))
