"""One map of a figure: its cells, the padding around them, rulers, marks, and the color legend below."""

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
    """A map and how it is shown. `channel` None shows three maps as one color image.

    `padding` is top, bottom, left, right; `unread` lists the rows and the columns that no window reads.
    """

    stage: Stage
    channel: int | None
    view: View
    padding: tuple[int, int, int, int] = NO_PADDING
    unread: tuple[Sequence[int], Sequence[int]] = ((), ())

    @property
    def rows(self) -> int:
        """Rows, including the padding."""
        return int(self.stage.output.shape[1]) + self.padding[0] + self.padding[1]

    @property
    def columns(self) -> int:
        """Columns, including the padding."""
        return int(self.stage.output.shape[2]) + self.padding[2] + self.padding[3]

    @property
    def scope(self) -> str:
        """Scope of the color scale: of a map with one cell, always the layer."""
        return "layer" if self.stage.output[0].size == 1 else self.view.scope

    @property
    def channels(self) -> FloatArray:
        """The maps that are shown, (1 or 3, H, W)."""
        output = self.stage.output
        return output if self.channel is None and len(output) == 3 else output[self.channel or 0][None]

    @property
    def scale(self) -> Scale:
        """The values at the two ends of the color scale."""
        return choose_scale(self.stage, self.channel or 0, self.view.colors, self.scope)

    @property
    def is_signed(self) -> bool:
        """Whether the colors are blue below 0 and red above."""
        return is_signed(self.stage, self.view.colors)

    def to_colors(self) -> Colors:
        """Return the color of each cell, (H, W, 3); values out of range get the color of the nearer end."""
        if self.is_signed:
            return to_signed_colors(self.channels[0], self.scale)
        return to_photo_colors(np.clip(self.channels, self.scale.low, self.scale.high), self.scale)

    def find_out_of_range(self) -> tuple[CellMask, CellMask]:
        """Return which cells of a photo are below black, and which are above white."""
        low, high = self.scale.low, self.scale.high
        slack = np.inf if self.is_signed else (high - low) * 2.0**-20  # the float32 rounding error
        below: CellMask = np.any(self.channels < low - slack, axis=0)
        above: CellMask = np.any(self.channels > high + slack, axis=0)
        return below, above


@dataclass(frozen=True, slots=True)
class MapPlacement:
    """Where a map is drawn: the corner of its first cell, and the side of a cell, in pixels."""

    x: int
    y: int
    cell: float

    def get_box(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        """Return the box of a block of cells."""
        left, top = self.x + round(column * self.cell), self.y + round(row * self.cell)
        return left, top, self.x + round((column + columns) * self.cell), self.y + round((row + rows) * self.cell)


def fit_cell_size(maps: Sequence[ShownMap], width: float, height: float, canvas: Canvas) -> float:
    """Return the largest cell size at which all maps fit; whole pixels from 3 pixels up."""
    max_width, max_height = width - canvas.px(RULER_LEFT), height - canvas.px(RULER_TOP)
    cell = min(min(max_width / one.columns, max_height / one.rows) for one in maps)
    return float(int(min(cell, canvas.px(MAX_CELL_SIZE)))) if cell >= 3 else cell


def draw_map(canvas: Canvas, shown: ShownMap, corner: tuple[int, int], cell: float) -> MapPlacement:
    """Draw the map and its rulers, whose upper left corner is `corner`; return where the cells are."""
    top, _, left, _ = shown.padding
    x, y = corner[0] + canvas.px(RULER_LEFT), corner[1] + canvas.px(RULER_TOP)
    place = MapPlacement(x + round(left * cell), y + round(top * cell), cell)
    _, rows, columns = shown.stage.output.shape
    if any(shown.padding):
        padded_box = place.get_box(-top, -left, shown.rows, shown.columns)
        canvas.draw_hatching(padded_box)
        canvas.draw_frame(padded_box, canvas.theme.edge, max(1, canvas.px(0.5)))
    colors = shown.to_colors()
    canvas.draw_colors(colors, place.get_box(0, 0, rows, columns))
    if cell >= canvas.px(14):
        _draw_grid_lines(canvas, place, rows, columns)
    _draw_digits(canvas, shown, place, colors)
    _mark_out_of_range(canvas, shown, place)
    _mark_unread(canvas, shown, place)
    _draw_rulers(canvas, place, (x, y), (rows, columns))
    return place


def draw_outline(canvas: Canvas, box: Box, color: str) -> None:
    """Draw a frame with a white line on both sides, visible on dark and on light cells."""
    thick = max(2, canvas.px(2))
    least = canvas.px(6)
    grow_x, grow_y = (max(0, (least - (box[end] - box[end - 2]) + 1) // 2) for end in (2, 3))
    left, top, right, bottom = box[0] - grow_x, box[1] - grow_y, box[2] + grow_x, box[3] + grow_y
    for grow, line_color, width in (
        (2 * thick, "#ffffff", thick),
        (thick, color, thick),
        (0, "#ffffff", max(1, thick // 2)),
    ):
        canvas.draw_frame((left - grow, top - grow, right + grow, bottom + grow), line_color, width)


def mark_window(canvas: Canvas, place: MapPlacement, step: dict[str, Any]) -> None:
    """Outline the window, each cell of a dilated window, and the cell that a pooling layer chose."""
    rows, columns = step["rows"], step["columns"]
    if step["kind"] == "input" or not rows or not columns:
        return
    high, wide = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    if len(rows) * len(columns) < high * wide:
        for row in rows:
            for column in columns:
                canvas.draw_frame(place.get_box(row, column), MARK_INPUT, max(1, canvas.px(1.5)))
    draw_outline(canvas, place.get_box(rows[0], columns[0], high, wide), MARK_INPUT)
    if step["chosen"]:
        _, row, column = step["chosen"]
        draw_outline(canvas, place.get_box(row, column), MARK_POOLING)


def mark_cell(canvas: Canvas, place: MapPlacement, shown: ShownMap, step: dict[str, Any], is_hidden: bool) -> None:
    """Outline the cell in focus, fade the cells after it; `is_hidden` replaces its value with a question mark."""
    _, rows, columns = shown.stage.output.shape
    row, column = step["row"], step["col"]
    canvas.fill_box(place.get_box(row, column + 1, 1, columns - column - 1), canvas.theme.surface, 0.8)
    canvas.fill_box(place.get_box(row + 1, 0, rows - row - 1, columns), canvas.theme.surface, 0.8)
    box = place.get_box(row, column)
    if is_hidden:
        canvas.fill_box(box, canvas.theme.surface)
        size = min(place.cell * 0.8, canvas.px(28))
        if place.cell >= canvas.px(8):
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            canvas.draw_text(middle, "?", canvas.theme.text, "mono", size, "mm")
    draw_outline(canvas, box, MARK_POOLING if shown.stage.info.family == "pooling" else MARK_OUTPUT)


def draw_legend(canvas: Canvas, shown: ShownMap, corner: tuple[int, int], width: int) -> None:
    """Draw the color scale as a bar with the values of its two ends beside it."""
    scale, is_signed_scale = shown.scale, shown.is_signed
    ramp = np.linspace(scale.low, scale.high, 256, dtype=np.float32)[None]
    colors = to_signed_colors(ramp, scale) if is_signed_scale else to_gray_colors(ramp, scale)
    low, high = format_number(scale.low, 3), format_number(scale.high, 3)
    high = f"+{high}" if is_signed_scale and scale.high > 0 else high
    size, gap = 13 * canvas.unit, canvas.px(8)
    left = corner[0] + round(canvas.measure_text(low, "mono", size)) + gap
    right = max(left + canvas.px(40), corner[0] + width - round(canvas.measure_text(high, "mono", size)) - gap)
    middle = corner[1] + canvas.px(6)
    half = max(2, canvas.px(3.5))
    canvas.draw_text((corner[0], middle), low, canvas.theme.muted, "mono", size, "lm")
    canvas.draw_colors(colors, (left, middle - half, right, middle + half))
    canvas.draw_frame((left, middle - half, right, middle + half), canvas.theme.edge, 1)
    canvas.draw_text((right + gap, middle), high, canvas.theme.muted, "mono", size, "lm")


def _draw_grid_lines(canvas: Canvas, place: MapPlacement, rows: int, columns: int) -> None:
    thick = max(1, canvas.px(1) // 2)
    left, top, right, bottom = place.get_box(0, 0, rows, columns)
    for row in range(1, rows):
        y = place.get_box(row, 0)[1]
        canvas.fill_box((left, y, right, y + thick), "#808080", 0.22)
    for column in range(1, columns):
        x = place.get_box(0, column)[0]
        canvas.fill_box((x, top, x + thick, bottom), "#808080", 0.22)


def _draw_digits(canvas: Canvas, shown: ShownMap, place: MapPlacement, colors: Colors) -> None:
    values = shown.stage.output[shown.channel or 0]
    if (shown.channel is None and len(shown.stage.output) > 1) or values.size > MAX_CELLS_WITH_DIGITS:
        return
    texts = [[format_number(float(value), 3) for value in line] for line in values]
    longest = max(1, *(len(text) for line in texts for text in line))
    if place.cell < 9 * canvas.unit * max(longest * 0.66, 1.5):
        return
    size = min(place.cell * 0.44, place.cell * 0.9 / (longest * 0.6), canvas.px(34))
    for row, line in enumerate(texts):
        for column, text in enumerate(line):
            left, top, right, bottom = place.get_box(row, column)
            red, green, blue = (int(part) for part in colors[row, column])
            canvas.draw_text(
                ((left + right) / 2, (top + bottom) / 2),
                text,
                choose_text_color((red, green, blue)),
                "mono",
                size,
                "mm",
            )


def _mark_out_of_range(canvas: Canvas, shown: ShownMap, place: MapPlacement) -> None:
    """Mark cells of a photo below black with a blue corner, and cells above white with a red one."""
    if place.cell < 3:
        return
    size = max(2, round(place.cell * 0.45))
    for cells, color in zip(shown.find_out_of_range(), (NEGATIVE, POSITIVE), strict=True):
        for row, column in np.argwhere(cells).tolist():
            left, top, _, _ = place.get_box(row, column)
            canvas.fill_corner((left, top), size, color)


def _mark_unread(canvas: Canvas, shown: ShownMap, place: MapPlacement) -> None:
    """Fade and cross out the cells that no window reads."""
    _, rows, columns = shown.stage.output.shape
    unread_rows, unread_columns = shown.unread
    strips = [(row, 0, 1, columns) for row in unread_rows] + [(0, column, rows, 1) for column in unread_columns]
    for row, column, high, wide in strips:
        canvas.fill_box(place.get_box(row, column, high, wide), canvas.theme.surface, 0.66)
        crosses = []
        for at in range(max(high, wide) if place.cell >= 4 else 0):
            left, top, right, bottom = place.get_box(row + (at if high > 1 else 0), column + (at if wide > 1 else 0))
            crosses += [(left + 2, top + 2, right - 2, bottom - 2), (left + 2, bottom - 2, right - 2, top + 2)]
        canvas.draw_lines(crosses, canvas.theme.edge, 0.8, place.get_box(row, column, high, wide))


def _draw_rulers(canvas: Canvas, place: MapPlacement, corner: tuple[int, int], size: tuple[int, int]) -> None:
    step = _choose_ruler_step(place.cell / canvas.unit)
    size_px, color = 12 * canvas.unit, canvas.theme.muted
    for column in range(0, size[1], step):
        at = place.x + (column + 0.5) * place.cell
        canvas.draw_text((at, corner[1] - canvas.px(5)), str(column), color, "mono", size_px, "ms")
    for row in range(0, size[0], step):
        at = place.y + (row + 0.5) * place.cell
        canvas.draw_text((corner[0] - canvas.px(5), at), str(row), color, "mono", size_px, "rm")


def _choose_ruler_step(cell: float) -> int:
    return 1 if cell >= 20 else next((step for step in TICKS if step * cell >= 48), TICKS[-1])
