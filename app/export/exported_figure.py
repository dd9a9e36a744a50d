"""A figure to be written to a file, and the steps of it that a file of several pictures shows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, get_args

from ..core.explain.beats import list_beats
from ..core.explain.story import list_story
from ..core.link.query_string import format_link
from ..core.scene import Pair, Scene, View, hide_uploads
from ..core.trace.trace import Trace
from ..lab import LabResult
from ..render.figure.figure_layout import lay_out_figure
from ..render.figure.primitives import Box, CellImage, DisplayList, Primitive, Rect, TextLine
from ..render.figure.theme import THEMES
from ..render.figure_content.question_panel import choose_picture
from ..render.view_position import ViewPosition, fit_view
from ..render.views.response_data import ResponseCurve

Show = Literal["view", "step", "stops", "story"]
"""What of a figure is shown: its view as it is; the beats of the step in view; the author's stops, each at its last
beat; the presses of the story of the stage."""
SHOWS: tuple[Show, ...] = get_args(Show)


@dataclass(frozen=True, slots=True)
class ExportedFigure:
    """A computed figure as it may be shown: while its link asks a question, without the answer.

    `scene` is the computed one, `base` the address of the server that links lead to, or "". With `curve` the response
    of the cell takes the place of the arithmetic. `blank` are cells of the output, (row, column), that stay empty;
    with `is_whole` all others are written.
    """

    trace: Trace
    view: View
    scene: Scene
    base: str = ""
    curve: ResponseCurve | None = field(default=None, repr=False)
    blank: tuple[Pair, ...] = ()
    is_whole: bool = False

    @classmethod
    def from_answer(
        cls, answer: LabResult, view: View, base: str = "", curve: ResponseCurve | None = None
    ) -> ExportedFigure:
        """Make the figure of an answer of the Lab. Raises ValueError where it has no Trace."""
        trace, shown = choose_picture(answer, view)
        return cls(trace, shown, answer.scene, base, curve)

    @property
    def position(self) -> ViewPosition:
        """The place that the view shows."""
        return fit_view(self.trace, self.view)

    @property
    def address(self) -> str:
        """The link back to the figure: the whole address, or without a server its query string.

        A picture that somebody brought is left out of it.
        """
        return f"{self.base}?{format_link(hide_uploads(self.scene), self.view)}"

    def lay_out(self, view: View | None = None) -> DisplayList:
        """Lay out the figure, or another view of it."""
        position = fit_view(self.trace, view or self.view)
        position = replace(position, is_whole=position.is_whole or self.is_whole)
        figure = lay_out_figure(self.trace, position, curve=self.curve)
        return clear_cells(figure, position, self.blank) if self.blank else figure


def clear_cells(figure: DisplayList, position: ViewPosition, cells: Collection[Pair]) -> DisplayList:
    """Clear cells of the output map, their numbers and their results included, and draw an edge around each."""
    maps = figure.select(CellImage, "output")
    if not maps:
        return figure
    _, rows, columns = position.stage.output.shape
    box, theme = maps[0].box, THEMES[position.view.theme]
    width, height = box.width / columns, box.height / rows
    boxes = [Box(box.left + column * width, box.top + row * height, width, height) for row, column in cells]
    hides_result = position.cell in cells
    left = [one for one in figure.primitives if not _is_cleared(one, boxes, hides_result)]
    covers = [Rect("blank", one, theme.surface, theme.muted, 1) for one in boxes]
    return replace(figure, primitives=(*left, *covers))


def _is_cleared(one: Primitive, boxes: Sequence[Box], hides_result: bool) -> bool:
    """Whether a primitive says the number of a cleared cell."""
    if not isinstance(one, TextLine):
        return hides_result and isinstance(one, Rect) and one.part == "output-cell"
    if hides_result and one.part in ("result", "result-after", "sums"):
        return True
    x, y = one.box.center[0], one.box.center[1] if one.valign == "baseline" else one.y
    return any(box.left <= x <= box.right and box.top <= y <= box.bottom for box in boxes)


def list_shown_views(figure: ExportedFigure, show: Show | None = None) -> tuple[View, ...]:
    """List the views that a file shows, at least one. Without `show` the author's stops, else the beats of the step.

    A view of the whole figure, such as that of a network, has no steps and stays alone; so does a question.
    """
    view, position = figure.view, figure.position
    if view.predict or figure.curve or position.view.tab == "network":
        return (view,)
    match show or ("stops" if view.stops else "story" if view.story is not None else "step"):
        case "stops":
            return tuple(_list_stops(figure)) or (view,)
        case "story":
            presses = list_story(figure.trace, position.stage.info.index)
            return tuple(replace(view, stage=position.view.stage, story=press + 1) for press in range(len(presses)))
        case "step":
            return tuple(_show_cell(position, position.cell, beat) for beat in list_beats(position.stage))
        case _:
            return (view,)


def _list_stops(figure: ExportedFigure) -> Iterator[View]:
    position, shown = figure.position, set[Pair]()
    _, rows, columns = position.stage.output.shape
    for row, column in figure.view.stops:
        cell = min(row, rows - 1), min(column, columns - 1)
        if cell not in shown:
            shown.add(cell)
            yield _show_cell(position, cell, list_beats(position.stage)[-1])


def _show_cell(position: ViewPosition, cell: Pair, beat: str) -> View:
    return replace(position.view, story=None, at=cell, beat=beat)
