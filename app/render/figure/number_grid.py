"""Lays out a grid of numbers in the arithmetic of a step: the window, the filter or the products."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..color import Colors, FloatArray
from .map_layout import CellGrid
from .primitives import Box, Primitive, Rect
from .theme import Style, choose_text_color, to_hex_color

MIN_DIGIT_SIZE, MAX_DIGIT_SIZE = 8.5, 15
CAPTION_SIZE = 12.5
DIGIT_WIDTH = 0.605
"""Width of a digit, in parts of its size."""
FRAME = 3
"""Width of the frame around a grid, in points."""
NumberRows = Sequence[Sequence[float | None]]
ToColors = Callable[[FloatArray], Colors]


@dataclass(frozen=True, slots=True)
class NumberGrid:
    """A grid of numbers of one part of the figure, with their texts. `is_empty` hides all of them.

    `chosen` is the (row, column) of a cell with a frame in its own color.
    """

    part: str
    values: NumberRows
    texts: Sequence[Sequence[str]]
    to_colors: ToColors
    frame_color: str
    caption: str
    padded: Sequence[Sequence[bool]] = ()
    is_empty: bool = False
    chosen: tuple[int, int] | None = None

    @property
    def rows(self) -> int:
        """How many rows of numbers there are."""
        return len(self.values)

    @property
    def columns(self) -> int:
        """How many columns of numbers there are."""
        return len(self.values[0])


def lay_out_number_grid(style: Style, grid: NumberGrid, x: float, y: float, cell: float) -> Iterator[Primitive]:
    """Lay out the grid with its upper left cell at (x, y), in a frame with round corners."""
    box = Box(x, y, grid.columns * cell, grid.rows * cell)
    texts = [["" for _ in line] for line in grid.values] if grid.is_empty else grid.texts
    longest = max(1, *(len(text) for line in texts for text in line))
    size = min(MAX_DIGIT_SIZE, cell * 0.44, (cell - 4) / (longest * DIGIT_WIDTH))
    gap = 1 if cell >= 12 else 0
    colors = grid.to_colors(np.array([[value or 0.0 for value in line] for line in grid.values], np.float32))
    places = CellGrid(x, y, cell)
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            inner = places.box(row, column).grow(-gap)
            color = colors[row, column]
            if grid.padded and grid.padded[row][column]:
                yield from style.hatch(f"{grid.part}-padding", inner)
                ink = style.theme.muted
            else:
                yield Rect(grid.part, inner, style.theme.sunken if grid.is_empty else to_hex_color(color))
                ink = choose_text_color(color)
            if size >= MIN_DIGIT_SIZE:
                yield style.write(grid.part, inner.center, text, ink, "mono", size, "middle", "middle")
            if grid.chosen == (row, column):
                yield Rect(f"{grid.part}-chosen", inner, stroke=style.theme.pooling, stroke_width=3)
    yield Rect(f"{grid.part}-frame", box.grow(FRAME), stroke=grid.frame_color, stroke_width=2, radius=2 * FRAME)


def measure_cell(characters: int) -> float:
    """Return the smallest cell in which a text of so many characters can be read."""
    return characters * DIGIT_WIDTH * MIN_DIGIT_SIZE + 5


def write_caption(style: Style, grid: NumberGrid, x: float, baseline: float, room: float) -> Primitive:
    """Write the caption of a grid, centered at x; smaller where it is wider than its room."""
    part = f"{grid.part}-caption"
    size = min(CAPTION_SIZE, CAPTION_SIZE * room / style.metrics.measure(grid.caption, "bold", CAPTION_SIZE))
    return style.write(part, (x, baseline), grid.caption, grid.frame_color, "bold", size, "middle")
