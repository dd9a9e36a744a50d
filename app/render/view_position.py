"""The stage, map and cell that a View shows, fitted to a Trace that may be smaller than the View expects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.explain.answer import find_opening_stage, find_opening_tab, has_network
from ..core.explain.story import list_story
from ..core.messages import make_range
from ..core.problems import Problem, make_problem
from ..core.scene import Pair, View
from ..core.texts import Text, make_text
from ..core.trace.trace import Stage, Trace


@dataclass(frozen=True, slots=True)
class ViewPosition:
    """A View fitted to its Trace, its stage and cell, and a note for every value that was changed.

    `opening_stage` is the stage of a link without `stage`; with `has_network` a link without any place opens the view
    of the whole network. With `is_whole` all cells are written, wherever the window is.
    """

    view: View
    stage: Stage
    cell: Pair
    opening_stage: int
    notes: tuple[Problem, ...] = ()
    is_whole: bool = False
    has_network: bool = False

    @property
    def map(self) -> int:
        """The index of the map."""
        return self.view.map or 0

    @property
    def line(self) -> str:
        """The author's words at the stop that is shown; "" where there are none, and in a story."""
        _, rows, columns = self.stage.output.shape
        if self.view.story is None:
            for stop, line in zip(self.view.stops, self.view.notes, strict=False):
                if line and _clamp_cell(stop, rows, columns) == self.cell:
                    return line
        return ""

    @property
    def linked_stage(self) -> int | None:
        """The stage for a link with a view; None for the one that it opens on."""
        return None if self.view.stage == self.opening_stage else self.view.stage

    @property
    def linked_view(self) -> View:
        """The view for a link, which leaves out the stage and the map that it opens on, and what its story says.

        The figure of a network says its stage, so that its link does not open the view of the network.
        """
        stage = self.view.stage if self.has_network and not self.view.tab else self.linked_stage
        if self.view.story is not None:
            return replace(self.view, stage=stage, map=None, at=None, beat=View().beat)
        map = None if self.map == (self.stage.salient_map or 0) else self.view.map
        return replace(self.view, stage=stage, map=map)


def fit_view(trace: Trace, view: View) -> ViewPosition:
    """Fit a View to a Trace: the nearest stage, map and cell. Without a stage, the one that the figure opens on;
    without a map, the salient one or the first; without a cell, the first stop or the salient cell. A View that says
    nothing of these opens the view that `find_opening_tab` finds.

    Each value that is moved has a note, but for the pin. One note names all stops outside the map; the View keeps them
    for other stages.
    """
    view = replace(view, tab=find_opening_tab(trace, view))
    last = len(trace.stages) - 1
    opening = find_opening_stage(trace)
    asked = opening if view.stage is None else view.stage
    stage_index, notes = _clamp_index("stage", asked, last, make_text("last_stage", last=last))
    stage = trace.stages[stage_index]
    maps, rows, columns = stage.output.shape
    if view.story is not None:
        return _fit_story(trace, replace(view, stage=stage_index), opening, notes)
    wanted = view.map if view.map is not None else stage.salient_map or 0
    map_index, more = _clamp_index("map", wanted, maps - 1, make_text("last_map", last=maps - 1))
    at, still_more = _fit_cell("at", view.at, rows, columns)
    second, notes_of_second = _fit_cell("second", view.second, rows, columns)
    still_more += notes_of_second + _check_stops(view, rows, columns)
    first = _clamp_cell(view.stops[0], rows, columns) if view.stops else None
    view = replace(view, stage=stage_index, map=map_index, at=at, second=second)
    view = replace(view, pin=_clamp_cell(view.pin, rows, columns))
    cell = at or first or get_salient_cell(stage, map_index)
    return ViewPosition(view, stage, cell, opening, (*notes, *more, *still_more), has_network=has_network(trace))


def _fit_story(trace: Trace, view: View, opening: int, notes: tuple[Problem, ...]) -> ViewPosition:
    """The place of a press of the story of a stage; one note if there are not so many."""
    steps = list_story(trace, view.stage or 0)
    index, more = _clamp_index("story", view.story or 1, len(steps), make_text("last_press", last=len(steps)), 1)
    step = steps[index - 1]
    view = replace(view, story=index, map=step.map, at=step.cell, beat=step.beat, pin=None)
    stage = trace.stages[view.stage or 0]
    return ViewPosition(view, stage, step.cell, opening, (*notes, *more), step.is_whole, has_network(trace))


def get_salient_cell(stage: Stage, map: int) -> Pair:
    """Return the cell of a map that is worth showing first, (row, column)."""
    return stage.salient_places[map]


def _fit_cell(field: str, given: Pair | None, rows: int, columns: int) -> tuple[Pair | None, tuple[Problem, ...]]:
    """The nearest cell of a map, and a note where the given one lies outside."""
    cell = _clamp_cell(given, rows, columns)
    if cell == given:
        return cell, ()
    what = make_text("map_cells", rows=rows, columns=columns)
    return cell, (
        _make_problem(field, _format_numbers(given), _describe_cells(rows, columns), what, _format_numbers(cell)),
    )


def _check_stops(view: View, rows: int, columns: int) -> tuple[Problem, ...]:
    clamped = [_clamp_cell(stop, rows, columns) for stop in view.stops]
    moved = [
        (_format_numbers(was), _format_numbers(now)) for was, now in zip(view.stops, clamped, strict=True) if was != now
    ]
    if not moved:
        return ()
    value, shown = (";".join(cells) for cells in zip(*moved, strict=True))
    what = make_text("map_cells", rows=rows, columns=columns)
    return (_make_problem("stops", value, _describe_cells(rows, columns), what, shown),)


def _clamp_cell(cell: Pair | None, rows: int, columns: int) -> Pair | None:
    return (min(cell[0], rows - 1), min(cell[1], columns - 1)) if cell else None


def _clamp_index(field: str, value: int, most: int, what: Text, least: int = 0) -> tuple[int, tuple[Problem, ...]]:
    if value <= most:
        return value, ()
    return most, (_make_problem(field, str(value), make_range(least, most), what, str(most)),)


def _make_problem(field: str, value: str, allowed: Text, what: Text, shown: str) -> Problem:
    return make_problem("moved", field, value, allowed, severity="note", what=what, shown=shown)


def _describe_cells(rows: int, columns: int) -> Text:
    return make_range("0,0", f"{rows - 1},{columns - 1}")


def _format_numbers(numbers: Sequence[int] | None) -> str:
    return ",".join(map(str, numbers or ()))
