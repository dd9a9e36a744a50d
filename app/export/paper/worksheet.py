"""A worksheet: a figure with cells to fill in on the first page, and its key on the second."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ...core.number_text import format_number
from ...core.scene import Pair
from ...core.texts import add_catalogue, make_text
from ...render.figure.primitives import Box, DisplayList, Primitive, TextLine
from ...render.figure.theme import THEMES
from ..exported_figure import ExportedFigure
from .sheet import MARGIN, SHEETS, measure_height, place_figure

WORKSHEET_TEXTS = add_catalogue(
    {
        "worksheet_name": "Name: ______________________________",
        "worksheet_task": "Compute the empty cells of the output.",
        "worksheet_key": "Answers",
        "worksheet_answer": "row {row}, column {column}: {value}",
    }
)
HEAD = 60.0
ANSWER_COLUMNS, ANSWER_SIZE = 3, 11.0


def lay_out_worksheet(figure: ExportedFigure, paper: str) -> tuple[DisplayList, DisplayList]:
    """Lay out the page to fill in and the page with its answers."""
    view = replace(figure.position.view, theme="light", beat="write", story=None)
    whole = replace(figure, view=view, is_whole=True)
    task = _lay_out_page(whole, paper, str(make_text("worksheet_task")), str(make_text("worksheet_name")))
    answered = replace(whole, blank=())
    key = _lay_out_page(answered, paper, str(make_text("worksheet_key")), "")
    answers = tuple(_write_answers(whole, figure.blank, key))
    return task, replace(key, primitives=(*key.primitives, *answers))


def _lay_out_page(figure: ExportedFigure, paper: str, heading: str, name: str) -> DisplayList:
    width, height = SHEETS[paper]
    sheet, theme = figure.lay_out(), THEMES["light"]
    box = Box(MARGIN, MARGIN + HEAD, width - 2 * MARGIN, height - 2 * MARGIN - HEAD)
    parts: list[Primitive] = [
        TextLine("heading", MARGIN, MARGIN + 16, heading, theme.text, "bold", 15),
        TextLine("name", MARGIN, MARGIN + 42, name, theme.text, "sans", 11),
    ]
    return DisplayList(width, height, theme.surface, (*parts, *place_figure(sheet, box)))


def _write_answers(figure: ExportedFigure, blank: Sequence[Pair], page: DisplayList) -> Iterator[TextLine]:
    """The values of the empty cells, in columns below the figure."""
    position, theme = figure.position, THEMES["light"]
    plane = position.stage.output[position.map]
    top = MARGIN + HEAD + measure_height(figure.lay_out(), page.width - 2 * MARGIN) + 2 * ANSWER_SIZE
    column_width = (page.width - 2 * MARGIN) / ANSWER_COLUMNS
    for index, (row, column) in enumerate(blank):
        line, place = divmod(index, ANSWER_COLUMNS)
        value = format_number(float(plane[row, column]))
        text = str(make_text("worksheet_answer", row=row, column=column, value=value))
        x, y = MARGIN + place * column_width, top + line * 1.6 * ANSWER_SIZE
        yield TextLine("answers", x, y, text, theme.text, "sans", ANSWER_SIZE)
