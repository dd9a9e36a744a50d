"""Slices as cells with numbers, or as pictures where cells are too small for them.

`static/pure/tabs/volume/volume-slices.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ....core.trace.trace import Stage
from ....core.writing.amounts import read_amount
from ...color import Colors
from ...figure.primitives import Box, CellImage, Line, Primitive, Rect
from ...figure.theme import Style, choose_text_color, to_hex_color
from ...figure_content.cell_digits import list_number_texts
from ...figure_content.shown_map import ShownMap
from .volume_layout import CELL_WITH_DIGIT, SliceBox

MOST_CELLS = 400
"""Slices of more cells are pictures."""
CHARACTER, WIDTH = 0.61, 0.97
OF_CELL, LARGEST = 0.6, 1.5
"""The width of a character in fonts, and the part of a cell that a line fills; the largest font of a number, in cells
and in fonts of the figure."""
HALO = 4.0
Role = Literal["input", "filter", "output", "pooling"]
Span = tuple[int, int]
"""The first row or column of a block of cells, and the last."""


@dataclass(frozen=True, slots=True)
class SliceCell:
    """A cell: its texts, the most exact first, and its color, "" for none.

    `kind` is "padded" for one of the padding, "to-come" for one that is not computed yet.
    """

    texts: Sequence[str]
    fill: str = ""
    ink: str = ""
    kind: Literal["", "padded", "to-come"] = ""


TO_COME = SliceCell((), kind="to-come")


def is_picture(box: SliceBox, text: float) -> bool:
    """Whether a slice is a picture, without numbers."""
    return box.rows * box.columns > MOST_CELLS or box.cell < text * 0.5


def color_cells(style: Style, stage: Stage, shown: ShownMap, map: int) -> list[list[SliceCell]]:
    """The cells of a map, with their numbers and colors."""
    values = np.array([[read_amount(stage, value).value for value in line] for line in stage.output[map].tolist()])
    return make_cells(values, shown.color(values.astype(np.float64)))


def make_cells(values: np.ndarray, colors: Colors) -> list[list[SliceCell]]:
    """The cells of numbers (rows, columns) that have these colors."""
    return [
        [
            SliceCell(list_number_texts(value), to_hex_color(color), choose_text_color(color))
            for value, color in zip(line, row, strict=True)
        ]
        for line, row in zip(values.tolist(), colors, strict=True)
    ]


def draw_cells(
    style: Style, slice: SliceBox, role: Role, cells: Sequence[Sequence[SliceCell]], text: float
) -> Iterator[Primitive]:
    """Draw the cells of a slice, with the numbers that have room."""
    theme, side = style.theme, slice.cell
    has_digits = side >= text * CELL_WITH_DIGIT
    written = [
        [next((t for t in one.texts if _fits(t, side, text)), "") if has_digits else "" for one in line]
        for line in cells
    ]
    longest = max(1, *(len(one) for line in written for one in line))
    size = max(text, min(side * OF_CELL, side * WIDTH / (CHARACTER * longest), text * LARGEST))
    part = f"volume-{role}"
    for row, line in enumerate(cells):
        for column, one in enumerate(line):
            box = slice.find_box(row, column)
            fill = one.fill or (theme.sunken if one.kind == "padded" else theme.surface)
            yield Rect(part, box, fill)
            if one.kind == "to-come":
                yield Line("volume-ahead", box.left, box.bottom, box.right, box.top, theme.edge)
    yield from _draw_grid(part, slice)
    for row, (line, texts) in enumerate(zip(cells, written, strict=True)):
        for column, (one, number) in enumerate(zip(line, texts, strict=True)):
            if number:
                ink = one.ink or (theme.muted if one.kind == "padded" else theme.text)
                at = slice.find_box(row, column).center
                yield style.write(f"{part}-digits", at, number, ink, "mono", size, "middle", "middle")
    yield draw_edge(style, slice, role)


def _draw_grid(part: str, slice: SliceBox) -> Iterator[Rect]:
    box = slice.box
    for row in range(1, slice.rows):
        yield Rect(f"{part}-grid", Box(box.left, box.top + row * slice.cell, box.width, 0.75), "#808080", opacity=0.3)
    for column in range(1, slice.columns):
        yield Rect(
            f"{part}-grid", Box(box.left + column * slice.cell, box.top, 0.75, box.height), "#808080", opacity=0.3
        )


def _fits(text: str, cell: float, font: float) -> bool:
    return len(text) * CHARACTER * font <= cell * WIDTH


def draw_picture(
    style: Style, slice: SliceBox, role: Role, colors: Colors, written: int, inside: SliceBox
) -> Iterator[Primitive]:
    """Draw a slice as a picture; `inside` is the part that is the map, of which the first `written` cells are shown."""
    part = f"volume-{role}"
    yield CellImage(part, inside.box, colors)
    row, column = divmod(written, inside.columns)
    if row < inside.rows:
        if column:
            yield from style.cover("volume-ahead", inside.find_box(row, column, 1, inside.columns - column))
        top = row + (column > 0)
        if top < inside.rows:
            yield from style.cover("volume-ahead", inside.find_box(top, 0, inside.rows - top, inside.columns))
    yield draw_edge(style, slice, role)


def draw_edge(style: Style, slice: SliceBox, role: Role) -> Rect:
    """Draw the outline of a slice."""
    return Rect(f"volume-{role}-edge", slice.box.grow(0.75), stroke=find_color(style, role), stroke_width=1.5)


def find_color(style: Style, role: Role) -> str:
    """The color of what a slice is: input, filter, output or pooling."""
    colors = {"input": style.theme.input, "filter": style.theme.filter, "pooling": style.theme.pooling}
    return colors.get(role, style.theme.output)


def draw_mark(
    style: Style, part: str, slice: SliceBox, spans: tuple[Span, Span], color: str, width: float
) -> Iterator[Rect]:
    """Outline a block of cells; rows and columns are (first, last)."""
    (top, bottom), (left, right) = spans
    box = slice.find_box(top, left, bottom - top + 1, right - left + 1)
    yield Rect("volume-halo", box.grow(HALO / 2), stroke=style.theme.surface, stroke_width=HALO)
    yield Rect(part, box.grow(width / 2), stroke=color, stroke_width=width)
