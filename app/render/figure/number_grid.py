"""Lays out a grid of numbers in the arithmetic of a step: the window, the filter or the products."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ..color import Colors, FloatArray
from .primitives import Box, Primitive, Rect, TextLine
from .theme import Style, choose_text_color, to_hex_color

MIN_DIGIT_SIZE, USUAL_DIGIT_SIZE, MAX_DIGIT_SIZE = 8.5, 12, 16
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

    @property
    def longest(self) -> int:
        """How many characters its longest text has."""
        return max(1, *(len(text) for line in self.texts for text in line))


def lay_out_number_grid(
    style: Style, grid: NumberGrid, x: float, y: float, size: tuple[float, float], digits: float
) -> Iterator[Primitive]:
    """Lay out the grid with its upper left cell at (x, y), in a frame with round corners.

    `size` is (width, height) of its cells, `digits` the size of its digits.
    """
    wide, cell = size
    box = Box(x, y, grid.columns * wide, grid.rows * cell)
    texts = [["" for _ in line] for line in grid.values] if grid.is_empty else grid.texts
    gap = 1 if cell >= 12 else 0
    colors = grid.to_colors(np.array([[value or 0.0 for value in line] for line in grid.values], np.float32))
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            inner = Box(x + column * wide, y + row * cell, wide, cell).grow(-gap)
            color = colors[row, column]
            if grid.padded and grid.padded[row][column]:
                yield from style.hatch(f"{grid.part}-padding", inner)
                ink = style.theme.muted
            else:
                yield Rect(grid.part, inner, style.theme.sunken if grid.is_empty else to_hex_color(color))
                ink = choose_text_color(color)
            if digits >= MIN_DIGIT_SIZE:
                yield style.write(grid.part, inner.center, text, ink, "mono", digits, "middle", "middle")
            if grid.chosen == (row, column):
                yield Rect(f"{grid.part}-chosen", inner, stroke=style.theme.pooling, stroke_width=3)
    yield Rect(f"{grid.part}-frame", box.grow(FRAME), stroke=grid.frame_color, stroke_width=2, radius=2 * FRAME)


def find_digit_size(grids: Iterable[NumberGrid], size: tuple[float, float]) -> float:
    """Find the size of digits at which all texts of grids with cells of (width, height) fit."""
    longest = max(grid.longest for grid in grids)
    return min(MAX_DIGIT_SIZE, size[1] * 0.6, (size[0] - 4) / (longest * DIGIT_WIDTH))


def measure_cell(characters: int, size: float = MIN_DIGIT_SIZE) -> float:
    """Return the width of a cell in which a text of so many characters has this size."""
    return characters * DIGIT_WIDTH * size + 5


def write_caption(style: Style, grid: NumberGrid, x: float, baseline: float, room: float) -> TextLine:
    """Write the caption of a grid, centered at x; smaller where it is wider than its room."""
    part = f"{grid.part}-caption"
    size = min(CAPTION_SIZE, CAPTION_SIZE * room / style.metrics.measure(grid.caption, "bold", CAPTION_SIZE))
    return style.write(part, (x, baseline), grid.caption, grid.frame_color, "bold", size, "middle")
