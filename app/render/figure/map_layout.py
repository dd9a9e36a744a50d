"""Lays out one map: its cells, digits, padding, rulers and marks, and the color legend below."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.number_text import add_plus_sign
from ...core.trace.color_scale import NEGATIVE, POSITIVE, Colors, Scale, find_beyond
from ...core.trace.trace import Stage
from ...core.writing.step_texts import ChannelTexts
from ..figure_content.cell_digits import (
    CHARACTER,
    LINE_PITCH,
    MOST_CELLS_WITH_DIGITS,
    SMALLEST_CELL,
    SMALLEST_DIGITS,
    choose_map_digits,
    list_value_texts,
)
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap, reads_outside, write_cell
from .primitives import Box, CellImage, Line, Primitive, Rect
from .theme import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, Style, choose_text_color, to_hex_color

RULER_LEFT, RULER_TOP = 26, 20
MIN_GRID_CELL = 14
TICKS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
TO_COME_SIZE = 14
WEIGHT_SIDE, WEIGHT_PART, WEIGHT_LARGEST, WEIGHT_MARGIN = 3.4, 0.26, 2, 4
"""The smallest cell that has its weight in smallest fonts, the font in sides of a cell and its largest size in smallest
ones, and what stays free beside it in points, as in `static/pure/maps/more-marks.js`."""


@dataclass(frozen=True, slots=True)
class CellGrid:
    """Where the cells of a map are: the corner of its first cell and the side of a cell, in points."""

    x: float
    y: float
    cell: float

    def box(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        """Return the box of a block of cells; a negative row or column lies in the padding."""
        side = self.cell
        return Box(self.x + column * side, self.y + row * side, columns * side, rows * side)


def lay_out_map(style: Style, side: str, shown: ShownMap, grid: CellGrid) -> Iterator[Primitive]:
    """Lay out the cells of a map, with all that lies still on and around them. `side` is "input" or "output"."""
    _, rows, columns = shown.stage.output.shape
    top, _, left, _ = shown.padding
    colors = shown.to_colors()
    if any(shown.padding):
        around = grid.box(-top, -left, shown.rows, shown.columns)
        yield from style.hatch(f"{side}-padding", around)
        yield Rect(f"{side}-padding", around, stroke=style.theme.edge, stroke_width=0.5)
    yield CellImage(side, grid.box(0, 0, rows, columns), colors)
    if grid.cell >= MIN_GRID_CELL:
        yield from _draw_grid_lines(side, grid.box(0, 0, rows, columns), grid.cell)
    yield from _write_digits(style, side, shown, grid, colors)
    yield from _mark_out_of_range(side, shown, grid)
    yield from _mark_unread(style, side, shown, grid)
    yield from _write_rulers(style, side, grid, shown)


def find_window(grid: CellGrid, step: Mapping[str, Any]) -> Box | None:
    """Find the box that a window takes up in the input map; None where a step has none."""
    rows, columns = step["rows"], step["columns"]
    if step["kind"] == "input" or not rows or not columns or reads_outside(step):
        return None
    return grid.box(rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)


def mark_window(grid: CellGrid, step: Mapping[str, Any], beat: str) -> Iterator[Primitive]:
    """Outline the window, each cell of a dilated window, and the cell that a pooling layer chose."""
    rows, columns, window = step["rows"], step["columns"], find_window(grid, step)
    if window is None:
        return
    if len(rows) * len(columns) < (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1):
        for row in rows:
            for column in columns:
                yield Rect("input-taps", grid.box(row, column), stroke=MARK_INPUT, stroke_width=1.5)
    yield from outline("input-window", window, MARK_INPUT)
    if step["chosen"] and beat != "window":
        yield from outline("input-chosen", grid.box(*step["chosen"][1:]), MARK_POOLING)


def label_weights(
    style: Style, shown: ShownMap, grid: CellGrid, step: Mapping[str, Any], tables: Sequence[ChannelTexts]
) -> Iterator[Primitive]:
    """Write into each cell of the window its weight in the channel that is shown, where all of them fit.

    `tables` are the texts of the step. A step that multiplies no cells one by one has none, and three channels that
    are one color picture have none in common.
    """
    places = [one["channel"] for one in step["channels"]]
    if step["kind"] not in ("conv", "linear") or shown.is_picture or shown.channel not in places:
        return
    weights = tables[places.index(shown.channel)].weights
    size = _fit_weights([f"×{text}" for line in weights for text in line], grid.cell)
    if not size:
        return
    part, filter_color = "weight-digits", style.theme.filter
    for row, line in zip(step["rows"], weights, strict=True):
        for column, text in zip(step["columns"], line, strict=True):
            cell, label = grid.box(row, column), f"×{text}"
            wide, high = len(label) * CHARACTER * size + 3, 1.05 * size
            box = Box(cell.right - wide, cell.bottom - high, wide, high)
            yield Rect(part, box, style.theme.surface)
            yield Rect(part, Box(box.left, box.top, wide, 1), filter_color)
            yield Rect(part, Box(box.left, box.top, 1, high), filter_color)
            x, y = box.center
            yield style.write(part, (x + 0.5, y), label, style.theme.text, "mono", size, "middle", "middle")


def label_place(style: Style, side: str, block: Box, letter: str, is_same: bool) -> Iterator[Primitive]:
    """Mark the block of cells of one of two places: its outline and, in its upper right corner, its letter.

    A letter that would hide the number of a small cell stands above it. `is_same`: both places are the same cell, and
    their letters stand side by side.
    """
    color, size = (MARK_INPUT if side == "input" else MARK_OUTPUT), 15.0
    yield from outline(f"{side}-cell", block, color)
    wide = 1.3 * size
    is_small = block.height < 2 * wide
    left = block.right - (2 if is_same and letter == "A" else 1) * wide
    if is_small and (is_same or letter == "B"):
        left = block.left + (wide if is_same and letter == "B" else 0)
    label = Box(left, block.top - wide if is_small else block.top, wide, wide)
    yield Rect(f"{side}-cell", label, color)
    yield style.write(f"{side}-cell", label.center, letter, "#ffffff", "bold", size, "middle", "middle")


def _fit_weights(texts: Sequence[str], cell: float) -> float:
    """The font of the weights: all of them fit below the numbers of their cells; 0 where they do not."""
    if not texts or cell < WEIGHT_SIDE * SMALLEST_DIGITS:
        return 0
    wide = (cell - WEIGHT_MARGIN) / (max(map(len, texts)) * CHARACTER)
    size = min(max(WEIGHT_PART * cell, SMALLEST_DIGITS), WEIGHT_LARGEST * SMALLEST_DIGITS, wide)
    return size if size >= SMALLEST_DIGITS else 0


def cover_cells(style: Style, shown: ShownMap, grid: CellGrid, cell: tuple[int, int]) -> Iterator[Primitive]:
    """Cover the cells after one."""
    for box in _list_covers(shown, grid, cell):
        if shown.view.ghost:
            yield Rect("output-ahead", box, style.theme.surface, opacity=0.8)
        else:
            yield from style.cover("output-ahead", box)


def label_cells(style: Style, shown: ShownMap, grid: CellGrid, cell: tuple[int, int]) -> Iterator[Primitive]:
    """Say once what the cells after one are, in their full rows, where it fits."""
    covers = _list_covers(shown, grid, cell)
    if not covers or shown.view.ghost:
        return
    box, words, size = covers[-1], write_figure_text("map_to_come"), TO_COME_SIZE
    room = Box(0, 0, style.metrics.measure(words, "sans", size) + size, 2 * size)
    if room.width > box.width or room.height > box.height:
        return
    (x, y), part = box.center, "output-to-come"
    yield Rect(part, Box(x - room.width / 2, y - room.height / 2, room.width, room.height), style.theme.surface)
    yield style.write(part, (x, y), words, style.theme.muted, "sans", size, "middle", "middle")


def _list_covers(shown: ShownMap, grid: CellGrid, cell: tuple[int, int]) -> list[Box]:
    """List the boxes of the cells after one: what is left of its row, and the full rows below."""
    _, rows, columns = shown.stage.output.shape
    row, column = divmod(cell[0] * columns + cell[1] + 1, columns)
    next_row = row + (column > 0)
    covers = []
    if column:
        covers.append(grid.box(row, column, 1, columns - column))
    if next_row < rows:
        covers.append(grid.box(next_row, 0, rows - next_row, columns))
    return covers


def mark_cell(style: Style, shown: ShownMap, grid: CellGrid, step: Mapping[str, Any], beat: str) -> Iterator[Primitive]:
    """Outline the cell in focus; until it is written its value is a question mark."""
    box = grid.box(step["row"], step["col"])
    if beat != "write":
        yield Rect("output-cell", box, style.theme.surface)
        if grid.cell >= 8:
            size = min(grid.cell * 0.8, 28)
            yield style.write("output-cell", box.center, "?", style.theme.text, "mono", size, "middle", "middle")
    is_pooling = shown.stage.info.family == "pooling"
    yield from outline("output-cell", box, MARK_POOLING if is_pooling else MARK_OUTPUT)


def outline(part: str, box: Box, color: str) -> Iterator[Rect]:
    """Make a frame with a white line on both sides, visible on dark and on light cells."""
    box = box.grow(max(0, (6 - min(box.width, box.height)) / 2))
    for grow, stroke, width in ((4, "#ffffff", 2), (0, "#ffffff", 1), (2, color, 2)):
        yield Rect(part, box.grow(grow), stroke=stroke, stroke_width=width)


def lay_out_legend(
    style: Style, side: str, shown: ShownMap, at: tuple[float, float], width: float, is_complete: bool
) -> Iterator[Primitive]:
    """Lay out the color scale as a bar with the values of its two ends beside it.

    They have ≤ or ≥ where cells lie beyond, once all cells are shown.
    """
    (x, y), part, scale, size, gap = at, f"{side}-legend", shown.scale, 13, 8
    below, above = (is_complete and mask.any() for mask in find_beyond(shown.ends, scale))
    low, high = (_write_end(shown.stage, value, scale) for value in (scale.low, scale.high))
    low, high = f"≤ {low}" if below else low, f"≥ {high}" if above else high
    middle = y + 6
    first = style.write(part, (x, middle), low, style.theme.muted, "mono", size, valign="middle")
    last = style.write(part, (x + width, middle), high, style.theme.muted, "mono", size, "end", "middle")
    left = x + first.width + gap
    bar = Box(left, middle - 3.5, max(24.0, x + width - last.width - gap - left), 7)
    yield first
    yield Rect(part, bar.grow(0.75), style.theme.edge)
    yield CellImage(part, bar, shown.color(np.linspace(scale.low, scale.high, 256, dtype=np.float32)[None]))
    yield style.write(part, (bar.right + gap, middle), high, style.theme.muted, "mono", size, valign="middle")


def _write_end(stage: Stage, value: float, scale: Scale) -> str:
    """Write an end of a color scale: shares in percent, others with + unless they are gray."""
    has_shares = stage.info.operation.kind == "softmax"
    text = "0 %" if has_shares and value == 0 else write_cell(stage, value)
    return text if scale.kind == "gray" or has_shares else add_plus_sign(text)


def _draw_grid_lines(side: str, box: Box, cell: float) -> Iterator[Rect]:
    part = f"{side}-grid"
    for row in range(1, round(box.height / cell)):
        yield Rect(part, Box(box.left, box.top + row * cell, box.width, 0.75), "#808080", opacity=0.22)
    for column in range(1, round(box.width / cell)):
        yield Rect(part, Box(box.left + column * cell, box.top, 0.75, box.height), "#808080", opacity=0.22)


def _write_digits(style: Style, side: str, shown: ShownMap, grid: CellGrid, colors: Colors) -> Iterator[Primitive]:
    channels = shown.stage.output if shown.is_picture else shown.values[None]
    _, rows, columns = channels.shape
    if rows * columns > MOST_CELLS_WITH_DIGITS or grid.cell < SMALLEST_CELL:
        return
    cells = [
        [list_value_texts(shown.stage, value) for value in cell]
        for cell in channels.reshape(len(channels), -1).T.tolist()
    ]
    digits = choose_map_digits(cells, grid.cell)
    if digits is None:
        return
    for index, lines in enumerate(digits.lines):
        row, column = divmod(index, columns)
        color = choose_text_color(colors[row, column])
        x, y = grid.box(row, column).center
        for place, text in enumerate(lines or ()):
            at = x, y + (place - (len(lines or ()) - 1) / 2) * LINE_PITCH * digits.size
            yield style.write(f"{side}-digits", at, text, color, "mono", digits.size, "middle", "middle")


def _mark_out_of_range(side: str, shown: ShownMap, grid: CellGrid) -> Iterator[Rect]:
    """Mark cells of a photo below black with a blue corner, and cells above white with a red one."""
    if grid.cell < 3 or shown.scale.kind != "gray":
        return
    size = max(1.5, grid.cell * 0.33)
    for cells, color in zip(shown.find_out_of_range(), (NEGATIVE, POSITIVE), strict=True):
        for row, column in np.argwhere(cells).tolist():
            box = grid.box(row, column)
            yield Rect(f"{side}-beyond", Box(box.left, box.top, size, size), to_hex_color(color))


def _mark_unread(style: Style, side: str, shown: ShownMap, grid: CellGrid) -> Iterator[Primitive]:
    """Fade and cross out the cells that no window reads."""
    _, rows, columns = shown.stage.output.shape
    unread_rows, unread_columns = shown.unread
    strips = [(row, 0, 1, columns) for row in unread_rows] + [(0, column, rows, 1) for column in unread_columns]
    part, color = f"{side}-unread", style.theme.edge
    for row, column, high, wide in strips:
        yield Rect(part, grid.box(row, column, high, wide), style.theme.surface, opacity=0.66)
        for at in range(max(high, wide) if grid.cell >= 4 else 0):
            box = grid.box(row + (at if high > 1 else 0), column + (at if wide > 1 else 0)).grow(-2)
            yield Line(part, box.left, box.top, box.right, box.bottom, color, 1, 0.8)
            yield Line(part, box.left, box.bottom, box.right, box.top, color, 1, 0.8)


def _write_rulers(style: Style, side: str, grid: CellGrid, shown: ShownMap) -> Iterator[Primitive]:
    _, rows, columns = shown.stage.output.shape
    top, _, left, _ = shown.padding
    part, color, gap = f"{side}-ruler", style.theme.muted, 5
    x, y = grid.x - left * grid.cell - gap, grid.y - top * grid.cell - gap
    for column in list_ticks(columns, grid.cell):
        at = grid.x + (column + 0.5) * grid.cell
        yield style.write(part, (at, y), str(column), color, "mono", 12, "middle")
    for row in list_ticks(rows, grid.cell):
        at = grid.y + (row + 0.5) * grid.cell
        yield style.write(part, (x, at), str(row), color, "mono", 12, "end", "middle")


def list_ticks(count: int, cell: float) -> Sequence[int]:
    step = 1 if cell >= 20 else next((step for step in TICKS if step * cell >= 48), TICKS[-1])
    return range(0, count, step)
