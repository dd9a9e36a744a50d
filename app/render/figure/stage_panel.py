"""The panels of a figure: a map with heading, color legend and thumbnails, or the scores of a layer as bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...core.scene import View
from ...core.trace.trace import Stage
from ..stage_texts import format_shape
from .canvas import Box, Canvas, Face
from .figure_texts import format_number
from .map_panel import RULER_LEFT, RULER_TOP, MapPlacement, ShownMap, draw_legend, draw_map, draw_outline

UNITS = 1200
"""Width of the sheet; all lengths below are in these units."""
EDGE, TOP, BOTTOM = 44, 96, 584
HEADING, LEGEND = 30, 30
MAX_SCORES = 24
THUMBNAILS_HEIGHT = 92
"""Height reserved for the thumbnails of all maps below a map, where there are several."""
MAX_THUMBNAIL, GAP = 44, 5


@dataclass(frozen=True, slots=True)
class Column:
    """The column of a panel: its left edge and its width, in pixels."""

    left: int
    width: int


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A map with heading, legend and, where its stage has several maps, thumbnails of all; map `chosen` is outlined."""

    shown: ShownMap
    heading: str
    color: str
    cell: float
    chosen: int | None
    mark_color: str

    @property
    def size_text(self) -> str:
        """The size of the map: "28 × 28"."""
        return format_shape(self.shown.stage.output.shape[1:])

    @property
    def map_count(self) -> int:
        """The number of maps of the stage."""
        return len(self.shown.stage.output)

    def measure_width(self, canvas: Canvas, most: int) -> int:
        """Return the width that the panel needs, at most `most`."""
        title_row = (
            canvas.measure_text(self.heading, "bold", 17 * canvas.unit)
            + canvas.measure_text(self.size_text, "mono", 14 * canvas.unit)
            + canvas.px(16)
        )
        thumbnails = (self.map_count if self.map_count > 1 else 0) * canvas.px(MAX_THUMBNAIL + GAP)
        return min(
            most,
            canvas.px(RULER_LEFT) + round(max(self.shown.columns * self.cell, title_row, thumbnails, canvas.px(170))),
        )

    def measure_height(self, canvas: Canvas) -> int:
        """Return the height of the panel."""
        thumbnails = canvas.px(THUMBNAILS_HEIGHT) if self.map_count > 1 else 0
        return canvas.px(HEADING + RULER_TOP + LEGEND) + round(self.shown.rows * self.cell) + thumbnails


def draw_panel(canvas: Canvas, panel: MapPanel, column: Column, top: int) -> MapPlacement:
    """Draw the heading, the map, its legend and the thumbnails; return where the cells of the map are."""
    left, right = column.left + canvas.px(RULER_LEFT), column.left + column.width
    wide = round(panel.shown.columns * panel.cell)
    size_width = canvas.measure_text(panel.size_text, "mono", 14 * canvas.unit)
    end = min(
        right,
        left
        + max(wide, round(canvas.measure_text(panel.heading, "bold", 17 * canvas.unit) + size_width) + canvas.px(16)),
    )
    room = end - left - size_width - canvas.px(12)
    size = next(
        (size for size in (17, 15, 13.5) if canvas.measure_text(panel.heading, "bold", size * canvas.unit) <= room),
        13.5,
    )
    canvas.draw_text(
        (left, top + canvas.px(18)), shorten(canvas, panel.heading, size, room), panel.color, "bold", size * canvas.unit
    )
    canvas.draw_text((end, top + canvas.px(18)), panel.size_text, canvas.theme.muted, "mono", 14 * canvas.unit, "rs")
    place = draw_map(canvas, panel.shown, (column.left, top + canvas.px(HEADING)), panel.cell)
    below = top + canvas.px(HEADING + RULER_TOP) + round(panel.shown.rows * panel.cell) + canvas.px(14)
    draw_legend(canvas, panel.shown, (left, below), max(wide, canvas.px(144)))
    if panel.map_count > 1:
        _draw_thumbnails(canvas, panel, (left, below + canvas.px(LEGEND - 4), right, canvas.px(BOTTOM)))
    return place


def _draw_thumbnails(canvas: Canvas, panel: MapPanel, box: Box) -> None:
    """Draw thumbnails of all maps of a stage, as large as they fit in a box."""
    stage, view = panel.shown.stage, panel.shown.view
    side, across, down = _lay_out_thumbnails(canvas, panel.map_count, box)
    gap = canvas.px(GAP)
    for map in range(min(panel.map_count, across * down)):
        x, y = box[0] + map % across * (side + gap), box[1] + map // across * (side + gap)
        colors = ShownMap(stage, map, view).to_colors()
        high, wide = colors.shape[:2]
        width, height = round(side * min(1, wide / high)), round(side * min(1, high / wide))
        canvas.draw_colors(colors, (x, y, x + max(1, width), y + max(1, height)))
        if map == panel.chosen:
            draw_outline(canvas, (x, y, x + max(1, width), y + max(1, height)), panel.mark_color)


def _lay_out_thumbnails(canvas: Canvas, count: int, box: Box) -> tuple[int, int, int]:
    """Return the side of a thumbnail, and how many there are in a row and in a column."""
    gap = canvas.px(GAP)
    width, height = box[2] - box[0] + gap, max(canvas.px(24), box[3] - box[1]) + gap
    for side in range(canvas.px(MAX_THUMBNAIL), max(1, canvas.px(8)), -1):
        across, down = width // (side + gap), height // (side + gap)
        if across * down >= count:
            return side, across, down
    side = max(1, canvas.px(8))
    return side, max(1, width // (side + gap)), max(1, height // (side + gap))


def is_score_list(stage: Stage) -> bool:
    """Whether the maps of a stage are few and one cell each, so that a list of bars shows them."""
    maps, rows, columns = stage.output.shape
    return bool(rows * columns == 1 and 1 < maps <= MAX_SCORES)


def draw_score_list(
    canvas: Canvas, stage: Stage, column: Column, top: int, view: View, heading: str, color: str
) -> None:
    """Draw maps of one cell each as a list of bars, the chosen map in bold."""
    values = stage.output[:, 0, 0].astype(float)
    classes = stage.info.classes or [f"map {map}" for map in range(len(values))]
    canvas.draw_text((column.left, top + canvas.px(18)), heading, color, "bold", 17 * canvas.unit)
    right = column.left + column.width
    canvas.draw_text(
        (right, top + canvas.px(18)),
        format_shape(stage.output.shape),
        canvas.theme.muted,
        "mono",
        14 * canvas.unit,
        "rs",
    )
    line = min(canvas.px(36), (canvas.px(BOTTOM - TOP - 48)) // len(values))
    size = min(15 * canvas.unit, line * 0.62)
    label = max(canvas.measure_text(str(one), "bold", size) for one in classes)
    label = min(label, column.width * 0.4)
    start, end = column.left + round(label) + canvas.px(12), right - canvas.px(84)
    largest = max(float(np.abs(values).max()), 1e-9)
    y = top + canvas.px(48) + line // 2
    for map, value in enumerate(values):
        face: Face = "bold" if map == view.map else "sans"
        half = max(2, round(line * 0.3))
        text = shorten(canvas, str(classes[map]), size / canvas.unit, label + canvas.px(4))
        canvas.draw_text((column.left, y), text, color if map == view.map else canvas.theme.text, face, size, "lm")
        canvas.fill_box((start, y - half, end, y + half), canvas.theme.sunken)
        bar = "#b2182b" if value >= 0 else "#2166ac"
        canvas.fill_box((start, y - half, start + round((end - start) * abs(value) / largest), y + half), bar)
        canvas.draw_text((right, y), format_number(float(value), 3), canvas.theme.text, "mono", size, "rm")
        y += line


def shorten(canvas: Canvas, text: str, size: float, room: float) -> str:
    """Return the text, cut off with "…" where it is wider than `room`."""
    if canvas.measure_text(text, "bold", size * canvas.unit) <= room:
        return text
    while text and canvas.measure_text(f"{text}…", "bold", size * canvas.unit) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""
