"""One map of a figure: its cells, the padding around them, rulers, marks, and the legend below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...core.scene import View
from ...core.trace.trace import Stage
from ..color import NEGATIVE, POSITIVE, Colors, FloatArray, Scale, to_gray_colors, to_photo_colors, to_signed_colors
from ..map_image import choose_scale, is_signed
from .canvas import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, Box, Canvas, choose_text_color
from .figure_texts import format_number

RULER_LEFT, RULER_TOP = 26, 20
MAX_CELL_SIZE = 96
TICKS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
MAX_CELLS_WITH_DIGITS = 4096
NO_PADDING = (0, 0, 0, 0)
CellMask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ShownMap:
    """A map as it is shown: `channel` None is three maps in one color picture; padding is top, bottom, left, right."""

    stage: Stage
    channel: int | None
    view: View
    padding: tuple[int, int, int, int] = NO_PADDING
    unread: tuple[Sequence[int], Sequence[int]] = ((), ())

    @property
    def rows(self) -> int:
        """Rows with those of the padding."""
        return int(self.stage.output.shape[1]) + self.padding[0] + self.padding[1]

    @property
    def columns(self) -> int:
        """Columns with those of the padding."""
        return int(self.stage.output.shape[2]) + self.padding[2] + self.padding[3]

    @property
    def scope(self) -> str:
        """A map of one cell has nothing to be compared with in itself."""
        return "layer" if self.stage.output[0].size == 1 else self.view.scope

    @property
    def channels(self) -> FloatArray:
        """The maps that are shown, one or three."""
        output = self.stage.output
        return output if self.channel is None and len(output) == 3 else output[self.channel or 0][None]

    @property
    def scale(self) -> Scale:
        """The values at the two ends of the colors."""
        return choose_scale(self.stage, self.channel or 0, self.view.colors, self.scope)

    @property
    def is_signed(self) -> bool:
        """Whether it is shown blue and red around 0."""
        return is_signed(self.stage, self.view.colors)

    def colors(self) -> Colors:
        """The cells in their colors; what lies beyond the ends has the color of the end."""
        if self.is_signed:
            return to_signed_colors(self.channels[0], self.scale)
        return to_photo_colors(np.clip(self.channels, self.scale.low, self.scale.high), self.scale)

    def beyond(self) -> tuple[CellMask, CellMask]:
        """The cells of a photo that lie below black, and those above white."""
        low, high = self.scale.low, self.scale.high
        slack = np.inf if self.is_signed else (high - low) * 2.0**-20  # what rounding in float32 may add
        below: CellMask = np.any(self.channels < low - slack, axis=0)
        above: CellMask = np.any(self.channels > high + slack, axis=0)
        return below, above


@dataclass(frozen=True, slots=True)
class MapPlacement:
    """Where a map is: the corner of its first cell in pixels, and how large a cell is."""

    x: int
    y: int
    cell: float

    def block(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        """The pixels of a block of cells."""
        left, top = self.x + round(column * self.cell), self.y + round(row * self.cell)
        return left, top, self.x + round((column + columns) * self.cell), self.y + round((row + rows) * self.cell)


def fit_cell_size(maps: Sequence[ShownMap], width: float, height: float, pen: Canvas) -> float:
    """The one size of a cell at which all maps fit, in whole pixels where cells can be told apart."""
    room_x, room_y = width - pen.px(RULER_LEFT), height - pen.px(RULER_TOP)
    cell = min(min(room_x / one.columns, room_y / one.rows) for one in maps)
    return float(int(min(cell, pen.px(MAX_CELL_SIZE)))) if cell >= 3 else cell


def draw_map(pen: Canvas, shown: ShownMap, corner: tuple[int, int], cell: float) -> MapPlacement:
    """The map with its rulers; the corner is that of the rulers. Returns where its cells are."""
    top, _, left, _ = shown.padding
    x, y = corner[0] + pen.px(RULER_LEFT), corner[1] + pen.px(RULER_TOP)
    place = MapPlacement(x + round(left * cell), y + round(top * cell), cell)
    _, rows, columns = shown.stage.output.shape
    if any(shown.padding):
        whole = place.block(-top, -left, shown.rows, shown.columns)
        pen.hatch(whole)
        pen.frame(whole, pen.inks.edge, max(1, pen.px(0.5)))
    colors = shown.colors()
    pen.picture(colors, place.block(0, 0, rows, columns))
    if cell >= pen.px(14):
        _draw_grid_lines(pen, place, rows, columns)
    _draw_digits(pen, shown, place, colors)
    _mark_out_of_range(pen, shown, place)
    _mark_unread(pen, shown, place)
    _draw_rulers(pen, place, (x, y), (rows, columns))
    return place


def draw_outline(pen: Canvas, box: Box, ink: str) -> None:
    """A frame that is seen on dark and on light cells: white within and without."""
    thick = max(2, pen.px(2))
    least = pen.px(6)
    grow_x, grow_y = (max(0, (least - (box[end] - box[end - 2]) + 1) // 2) for end in (2, 3))
    left, top, right, bottom = box[0] - grow_x, box[1] - grow_y, box[2] + grow_x, box[3] + grow_y
    for grow, color, width in ((2 * thick, "#ffffff", thick), (thick, ink, thick), (0, "#ffffff", max(1, thick // 2))):
        pen.frame((left - grow, top - grow, right + grow, bottom + grow), color, width)


def mark_window(pen: Canvas, place: MapPlacement, step: dict[str, Any]) -> None:
    """The window, what it reads where it has gaps, and the cell that a pool chose."""
    rows, columns = step["rows"], step["columns"]
    if step["kind"] == "input" or not rows or not columns:
        return
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if len(rows) * len(columns) < high * wide:
        for row in rows:
            for column in columns:
                pen.frame(place.block(row, column), MARK_INPUT, max(1, pen.px(1.5)))
    draw_outline(pen, place.block(rows[0], columns[0], high, wide), MARK_INPUT)
    if step["chosen"]:
        _, row, column = step["chosen"]
        draw_outline(pen, place.block(row, column), MARK_POOLING)


def mark_cell(pen: Canvas, place: MapPlacement, shown: ShownMap, step: dict[str, Any], asked: bool) -> None:
    """What is ahead is faint; the cell in focus is outlined, and a question until it is written."""
    _, rows, columns = shown.stage.output.shape
    row, column = step["row"], step["col"]
    pen.fill(place.block(row, column + 1, 1, columns - column - 1), pen.inks.surface, 0.8)
    pen.fill(place.block(row + 1, 0, rows - row - 1, columns), pen.inks.surface, 0.8)
    box = place.block(row, column)
    if asked:
        pen.fill(box, pen.inks.surface)
        size = min(place.cell * 0.8, pen.px(28))
        if place.cell >= pen.px(8):
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            pen.text(middle, "?", pen.inks.ink, "mono", size, "mm")
    draw_outline(pen, box, MARK_POOLING if shown.stage.meta["family"] == "pooling" else MARK_OUTPUT)


def draw_legend(pen: Canvas, shown: ShownMap, corner: tuple[int, int], width: int) -> None:
    """The bar that says which color stands for which number, with its two ends beside it."""
    scale, two_sided = shown.scale, shown.is_signed
    ramp = np.linspace(scale.low, scale.high, 256, dtype=np.float32)[None]
    colors = to_signed_colors(ramp, scale) if two_sided else to_gray_colors(ramp, scale)
    low, high = format_number(scale.low, 3), format_number(scale.high, 3)
    high = f"+{high}" if two_sided and scale.high > 0 else high
    size, gap = 13 * pen.unit, pen.px(8)
    left = corner[0] + round(pen.length(low, "mono", size)) + gap
    right = max(left + pen.px(40), corner[0] + width - round(pen.length(high, "mono", size)) - gap)
    middle = corner[1] + pen.px(6)
    half = max(2, pen.px(3.5))
    pen.text((corner[0], middle), low, pen.inks.muted, "mono", size, "lm")
    pen.picture(colors, (left, middle - half, right, middle + half))
    pen.frame((left, middle - half, right, middle + half), pen.inks.edge, 1)
    pen.text((right + gap, middle), high, pen.inks.muted, "mono", size, "lm")


def _draw_grid_lines(pen: Canvas, place: MapPlacement, rows: int, columns: int) -> None:
    thick = max(1, pen.px(1) // 2)
    left, top, right, bottom = place.block(0, 0, rows, columns)
    for row in range(1, rows):
        y = place.block(row, 0)[1]
        pen.fill((left, y, right, y + thick), "#808080", 0.22)
    for column in range(1, columns):
        x = place.block(0, column)[0]
        pen.fill((x, top, x + thick, bottom), "#808080", 0.22)


def _draw_digits(pen: Canvas, shown: ShownMap, place: MapPlacement, colors: Colors) -> None:
    values = shown.stage.output[shown.channel or 0]
    if (shown.channel is None and len(shown.stage.output) > 1) or values.size > MAX_CELLS_WITH_DIGITS:
        return
    texts = [[format_number(float(value), 3) for value in line] for line in values]
    longest = max(1, *(len(text) for line in texts for text in line))
    if place.cell < 9 * pen.unit * max(longest * 0.66, 1.5):
        return
    size = min(place.cell * 0.44, place.cell * 0.9 / (longest * 0.6), pen.px(34))
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            left, top, right, bottom = place.block(row, column)
            red, green, blue = (int(part) for part in colors[row, column])
            pen.text(
                ((left + right) / 2, (top + bottom) / 2),
                text,
                choose_text_color((red, green, blue)),
                "mono",
                size,
                "mm",
            )


def _mark_out_of_range(pen: Canvas, shown: ShownMap, place: MapPlacement) -> None:
    """Where a photo is darker than black or brighter than white: a corner in blue or red."""
    if place.cell < 3:
        return
    size = max(2, round(place.cell * 0.45))
    for cells, color in zip(shown.beyond(), (NEGATIVE, POSITIVE), strict=True):
        for row, column in np.argwhere(cells).tolist():
            left, top, _, _ = place.block(row, column)
            pen.corner((left, top), size, color)


def _mark_unread(pen: Canvas, shown: ShownMap, place: MapPlacement) -> None:
    """Cells that no window reads: washed out and crossed."""
    _, rows, columns = shown.stage.output.shape
    unread_rows, unread_columns = shown.unread
    strips = [(row, 0, 1, columns) for row in unread_rows] + [(0, column, rows, 1) for column in unread_columns]
    for row, column, high, wide in strips:
        pen.fill(place.block(row, column, high, wide), pen.inks.surface, 0.66)
        crosses = []
        for at in range(max(high, wide) if place.cell >= 4 else 0):
            left, top, right, bottom = place.block(row + (at if high > 1 else 0), column + (at if wide > 1 else 0))
            crosses += [(left + 2, top + 2, right - 2, bottom - 2), (left + 2, bottom - 2, right - 2, top + 2)]
        pen.lines(crosses, pen.inks.edge, 0.8, place.block(row, column, high, wide))


def _draw_rulers(pen: Canvas, place: MapPlacement, corner: tuple[int, int], size: tuple[int, int]) -> None:
    step = _choose_ruler_step(place.cell / pen.unit)
    font, ink = 12 * pen.unit, pen.inks.muted
    for column in range(0, size[1], step):
        at = place.x + (column + 0.5) * place.cell
        pen.text((at, corner[1] - pen.px(5)), str(column), ink, "mono", font, "ms")
    for row in range(0, size[0], step):
        at = place.y + (row + 0.5) * place.cell
        pen.text((corner[0] - pen.px(5), at), str(row), ink, "mono", font, "rm")


def _choose_ruler_step(cell: float) -> int:
    return 1 if cell >= 20 else next((step for step in TICKS if step * cell >= 48), TICKS[-1])
