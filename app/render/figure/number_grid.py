"""A grid of numbers in the arithmetic of a step: the window, the filter or the products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..color import Scale, to_signed_colors
from .canvas import Canvas, choose_text_color
from .figure_texts import format_number

MIN_DIGIT_SIZE = 8.5
NumberRows = Sequence[Sequence[float | None]]
ColorFunction = Callable[[float], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class NumberGrid:
    """A grid of numbers. `format_text` changes the text of each number; `is_empty` hides all numbers."""

    values: NumberRows
    color: ColorFunction
    frame_color: str
    caption: str
    format_text: Callable[[str], str] = str
    padded: Sequence[Sequence[bool]] = ()
    is_empty: bool = False

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def columns(self) -> int:
        return len(self.values[0])


def draw_number_grid(
    canvas: Canvas,
    grid: NumberGrid,
    corner: tuple[int, int],
    cell: int,
    has_caption: bool = True,
    chosen: tuple[int, int] | None = None,
) -> None:
    """Draw the grid with its upper left cell at `corner`, a round frame, and its caption below."""
    x, y = corner
    wide, high = grid.columns * cell, grid.rows * cell
    around = max(2, canvas.px(3))
    canvas.draw_rounded_box(
        (x - around, y - around, x + wide + around, y + high + around), around * 2, grid.frame_color
    )
    inner = max(1, around // 2)
    canvas.draw_rounded_box((x - inner, y - inner, x + wide + inner, y + high + inner), around, canvas.theme.surface)
    texts = [
        ["" if value is None or grid.is_empty else grid.format_text(format_number(value, 3)) for value in line]
        for line in grid.values
    ]
    longest = max(1, *(len(text) for line in texts for text in line))
    size = min(15 * canvas.unit, cell * 0.44, (cell - 2 * canvas.unit) / (longest * 0.605))
    gap = max(1, canvas.px(1)) if cell >= canvas.px(12) else 0
    for row, line in enumerate(grid.values):
        for column, value in enumerate(line):
            left, top = x + column * cell, y + row * cell
            box = (left + gap, top + gap, left + cell - (gap if gap else 0), top + cell - (gap if gap else 0))
            padded = bool(grid.padded and grid.padded[row][column])
            color = grid.color(value or 0.0)
            if padded:
                canvas.draw_hatching(box)
            else:
                canvas.fill_box(box, canvas.theme.sunken if grid.is_empty else to_hex_color(np.array(color)))
            if size >= MIN_DIGIT_SIZE * min(1.0, canvas.unit):
                middle = (left + cell / 2, top + cell / 2)
                canvas.draw_text(
                    middle,
                    texts[row][column],
                    canvas.theme.muted if padded else choose_text_color(color),
                    "mono",
                    size,
                    "mm",
                )
            if chosen == (row, column):
                canvas.draw_frame(box, canvas.theme.pooling, max(2, canvas.px(3)))
    if has_caption:
        canvas.draw_text(
            (x + wide / 2, y + high + canvas.px(20)), grid.caption, grid.frame_color, "bold", 12.5 * canvas.unit, "ms"
        )


def make_signed_color(reach: float) -> ColorFunction:
    """Return the color function from blue at -reach over near-white at 0 to red at reach."""
    return lambda value: to_rgb(to_signed_colors(np.asarray(value, np.float32), Scale(-reach, reach)))


def to_rgb(color: Any) -> tuple[int, int, int]:
    """Convert a color from an array to three whole numbers."""
    red, green, blue = (int(part) for part in color)
    return red, green, blue


def to_hex_color(color: Any) -> str:
    """Format a color as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*to_rgb(color))
