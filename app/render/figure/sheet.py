"""The sheet: a line above, both maps at one cell size with the arithmetic between them, and who made the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.explain import step
from ...core.scene import View
from ...core.trace.trace import Stage, Trace
from ..first_paint import describe_stage, format_shape, get_stage_index, make_map_heading, make_title
from ..map_image import is_signed
from ..png import encode_png
from ..view_position import ViewPosition, fit_view
from .arithmetic_panel import Arithmetic, draw_arithmetic
from .canvas import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, THEMES, Box, Canvas, Face
from .figure_texts import CREDIT, NAME, format_number
from .map_panel import (
    NO_PADDING,
    RULER_LEFT,
    RULER_TOP,
    MapPlacement,
    ShownMap,
    draw_legend,
    draw_map,
    draw_outline,
    fit_cell_size,
    mark_cell,
    mark_window,
)

RATIO = 630 / 1200
"""Of the pictures that links are shown with elsewhere (Open Graph)."""
UNITS = 1200
EDGE, TOP, BOTTOM = 44, 96, 584
HEADING, LEGEND = 30, 30
MAX_SCORES = 24
THUMBNAILS_HEIGHT = 92
"""Height that is kept for the small maps below a map, where there are several."""
MAX_THUMBNAIL, GAP = 44, 5


@dataclass(frozen=True, slots=True)
class Column:
    """A map's column: where it begins and how wide it is, in pixels."""

    left: int
    width: int


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A map with its heading, its legend and, where there are several, all maps in small; `chosen` one is marked."""

    shown: ShownMap
    name: str
    ink: str
    cell: float
    chosen: int | None
    mark: str

    @property
    def shape(self) -> str:
        """Rows and columns of the map, as they are read."""
        return format_shape(self.shown.stage.output.shape[1:])

    @property
    def maps(self) -> int:
        """How many maps there are."""
        return len(self.shown.stage.output)

    def width(self, pen: Canvas, most: int) -> int:
        """How wide a column it needs."""
        words = (
            pen.length(self.name, "bold", 17 * pen.unit) + pen.length(self.shape, "mono", 14 * pen.unit) + pen.px(16)
        )
        small = (self.maps if self.maps > 1 else 0) * pen.px(MAX_THUMBNAIL + GAP)
        return min(most, pen.px(RULER_LEFT) + round(max(self.shown.columns * self.cell, words, small, pen.px(170))))

    def height(self, pen: Canvas) -> int:
        """How high it is."""
        small = pen.px(THUMBNAILS_HEIGHT) if self.maps > 1 else 0
        return pen.px(HEADING + RULER_TOP + LEGEND) + round(self.shown.rows * self.cell) + small


def render_figure_png(trace: Trace, view: View, width: int) -> bytes:
    """The figure as a View shows it, as a PNG of `width` pixels, about half as high."""
    standpoint = fit_view(trace, view)
    unit = width / UNITS
    pen = Canvas(width, round(width * RATIO), unit, THEMES[view.theme])
    _draw_header(pen, trace, standpoint)
    _draw_footer(pen, trace)
    if get_stage_index(standpoint.stage) == 0:
        _draw_input(pen, trace, standpoint)
    else:
        _draw_stage(pen, trace, standpoint)
    return encode_png(np.asarray(pen.image), effort=6)


def _draw_stage(pen: Canvas, trace: Trace, standpoint: ViewPosition) -> None:
    """What is read, the arithmetic, what comes out: all of it in the middle of the sheet."""
    stage, view = standpoint.stage, standpoint.view
    index = get_stage_index(stage)
    before, following = trace.stages[index - 1], trace.stages[index + 1 :]
    found = step(trace, index, view.map, *standpoint.at)
    read, made = _make_input_map(stage, before, view), ShownMap(stage, _choose_output_channel(stage, view), view)
    sums = Arithmetic(found, stage, read, following[0] if following else None, view.beat)
    listed = is_score_list(stage)
    middle, gap = pen.px(_get_arithmetic_width(sums)), pen.px(28)
    most = (pen.px(UNITS - 2 * EDGE) - middle - 2 * gap) // 2
    cells = _fit_cell_sizes(pen, [read, made], most, listed, view.fit)
    named = make_map_heading(trace, stage) + (
        f" {view.map}" if len(stage.output) > 1 and made.channel is not None else ""
    )
    panels = (
        MapPanel(
            read,
            make_map_heading(trace, before),
            pen.inks.input,
            cells[0],
            _find_read_channel(stage, before, view.map),
            MARK_INPUT,
        ),
        MapPanel(made, named, _get_theme_color(pen, stage), cells[1], view.map, _get_mark_color(stage)),
    )
    left, right = panels[0].width(pen, most), most if listed else panels[1].width(pen, most)
    start = (pen.px(UNITS) - left - right - middle - 2 * gap) // 2
    used = max(panel.height(pen) for panel in (panels[:1] if listed else panels))
    top = pen.px(TOP) + max(0, (pen.px(BOTTOM - TOP) - used) // 2)
    mark_window(pen, draw_panel(pen, panels[0], Column(start, left), top), found)
    column = Column(start + left + middle + 2 * gap, right)
    if listed:
        draw_score_list(
            pen, stage, (column, pen.px(TOP)), view, (make_map_heading(trace, stage), _get_theme_color(pen, stage))
        )
    else:
        mark_cell(pen, draw_panel(pen, panels[1], column, top), made, found, view.beat != "write")
    draw_arithmetic(pen, sums, (start + left + gap, pen.px(TOP), start + left + gap + middle, pen.px(BOTTOM)))


def _fit_cell_sizes(pen: Canvas, maps: list[ShownMap], width: int, listed: bool, fit: bool) -> tuple[float, float]:
    """The size of a cell in both maps: one for both, or with `fit` each its own."""
    height = pen.px(BOTTOM - TOP - HEADING - LEGEND)
    rooms = [height - (pen.px(THUMBNAILS_HEIGHT) if len(one.stage.output) > 1 else 0) for one in maps]
    own = [fit_cell_size([one], width, room, pen) for one, room in zip(maps, rooms, strict=True)]
    if listed or fit:
        return own[0], own[1]
    return min(own), min(own)


def _get_theme_color(pen: Canvas, stage: Stage) -> str:
    return pen.inks.pooling if stage.meta["family"] == "pooling" else pen.inks.output


def _get_mark_color(stage: Stage) -> str:
    return MARK_POOLING if stage.meta["family"] == "pooling" else MARK_OUTPUT


def _draw_input(pen: Canvas, trace: Trace, standpoint: ViewPosition) -> None:
    """Stage 0: the picture and nothing else."""
    stage, view = standpoint.stage, standpoint.view
    shown = ShownMap(stage, _choose_output_channel(stage, view), view)
    most = pen.px(UNITS - 2 * EDGE)
    room = pen.px(BOTTOM - TOP - HEADING - LEGEND) - (pen.px(THUMBNAILS_HEIGHT) if len(stage.output) > 1 else 0)
    panel = MapPanel(
        shown, make_map_heading(trace, stage), pen.inks.input, fit_cell_size([shown], most, room, pen), None, MARK_INPUT
    )
    width = panel.width(pen, most)
    top = pen.px(TOP) + max(0, (pen.px(BOTTOM - TOP) - panel.height(pen)) // 2)
    draw_panel(pen, panel, Column((pen.px(UNITS) - width) // 2, width), top)


def draw_panel(pen: Canvas, panel: MapPanel, column: Column, top: int) -> MapPlacement:
    """A heading, the map, its legend, all maps in small. Returns the place of the map's cells."""
    left, right = column.left + pen.px(RULER_LEFT), column.left + column.width
    wide = round(panel.shown.columns * panel.cell)
    shape = pen.length(panel.shape, "mono", 14 * pen.unit)
    end = min(right, left + max(wide, round(pen.length(panel.name, "bold", 17 * pen.unit) + shape) + pen.px(16)))
    room = end - left - shape - pen.px(12)
    size = next((size for size in (17, 15, 13.5) if pen.length(panel.name, "bold", size * pen.unit) <= room), 13.5)
    pen.text((left, top + pen.px(18)), shorten(pen, panel.name, size, room), panel.ink, "bold", size * pen.unit)
    pen.text((end, top + pen.px(18)), panel.shape, pen.inks.muted, "mono", 14 * pen.unit, "rs")
    place = draw_map(pen, panel.shown, (column.left, top + pen.px(HEADING)), panel.cell)
    below = top + pen.px(HEADING + RULER_TOP) + round(panel.shown.rows * panel.cell) + pen.px(14)
    draw_legend(pen, panel.shown, (left, below), max(wide, pen.px(144)))
    if panel.maps > 1:
        _draw_thumbnails(pen, panel, (left, below + pen.px(LEGEND - 4), right, pen.px(BOTTOM)))
    return place


def _draw_thumbnails(pen: Canvas, panel: MapPanel, box: Box) -> None:
    """All maps of a stage in small, as large as lets them find room in a box."""
    stage, view = panel.shown.stage, panel.shown.view
    side, across, down = _lay_out_thumbnails(pen, panel.maps, box)
    gap = pen.px(GAP)
    for map in range(min(panel.maps, across * down)):
        x, y = box[0] + map % across * (side + gap), box[1] + map // across * (side + gap)
        colors = ShownMap(stage, map, view).colors()
        high, wide = colors.shape[:2]
        width, height = round(side * min(1, wide / high)), round(side * min(1, high / wide))
        pen.picture(colors, (x, y, x + max(1, width), y + max(1, height)))
        if map == panel.chosen:
            draw_outline(pen, (x, y, x + max(1, width), y + max(1, height)), panel.mark)


def _lay_out_thumbnails(pen: Canvas, count: int, box: Box) -> tuple[int, int, int]:
    """Side of a small map, and how many lie beside and below each other."""
    gap = pen.px(GAP)
    width, height = box[2] - box[0] + gap, max(pen.px(24), box[3] - box[1]) + gap
    for side in range(pen.px(MAX_THUMBNAIL), max(1, pen.px(8)), -1):
        across, down = width // (side + gap), height // (side + gap)
        if across * down >= count:
            return side, across, down
    side = max(1, pen.px(8))
    return side, max(1, width // (side + gap)), max(1, height // (side + gap))


def is_score_list(stage: Stage) -> bool:
    """Whether the maps of a stage are one cell each and few: then they are a list of bars."""
    maps, rows, columns = stage.output.shape
    return bool(rows * columns == 1 and 1 < maps <= MAX_SCORES)


def draw_score_list(pen: Canvas, stage: Stage, where: tuple[Column, int], view: View, named: tuple[str, str]) -> None:
    """Maps of one cell each as a list, the one in focus in bold."""
    column, top = where
    name, ink = named
    values = stage.output[:, 0, 0].astype(float)
    classes: Any = stage.meta.get("classes") or [f"map {map}" for map in range(len(values))]
    pen.text((column.left, top + pen.px(18)), name, ink, "bold", 17 * pen.unit)
    right = column.left + column.width
    pen.text((right, top + pen.px(18)), format_shape(stage.output.shape), pen.inks.muted, "mono", 14 * pen.unit, "rs")
    line = min(pen.px(36), (pen.px(BOTTOM - TOP - 48)) // len(values))
    size = min(15 * pen.unit, line * 0.62)
    label = max(pen.length(str(one), "bold", size) for one in classes)
    label = min(label, column.width * 0.4)
    start, end = column.left + round(label) + pen.px(12), right - pen.px(84)
    largest = max(float(np.abs(values).max()), 1e-9)
    y = top + pen.px(48) + line // 2
    for map, value in enumerate(values):
        face: Face = "bold" if map == view.map else "sans"
        half = max(2, round(line * 0.3))
        text = shorten(pen, str(classes[map]), size / pen.unit, label + pen.px(4))
        pen.text((column.left, y), text, ink if map == view.map else pen.inks.ink, face, size, "lm")
        pen.fill((start, y - half, end, y + half), pen.inks.sunken)
        bar = "#b2182b" if value >= 0 else "#2166ac"
        pen.fill((start, y - half, start + round((end - start) * abs(value) / largest), y + half), bar)
        pen.text((right, y), format_number(float(value), 3), pen.inks.ink, "mono", size, "rm")
        y += line


def _draw_header(pen: Canvas, trace: Trace, standpoint: ViewPosition) -> None:
    """What the figure is, in one line, and what the stage does in another."""
    name = standpoint.view.title or make_title(trace)
    room = pen.px(UNITS - 2 * EDGE)
    x = pen.px(EDGE)
    pen.text((x, pen.px(50)), shorten(pen, name, 24, room), pen.inks.ink, "bold", 24 * pen.unit)
    said = describe_stage(standpoint.stage)
    pen.text((x, pen.px(77)), shorten(pen, said, 15, room), pen.inks.muted, "sans", 15 * pen.unit)


def _draw_footer(pen: Canvas, trace: Trace) -> None:
    source: Any = trace.stages[0].meta["image"]
    y, size = pen.px(612), 12.5 * pen.unit
    right = pen.px(UNITS - EDGE)
    pen.text((right, y), NAME, pen.inks.muted, "bold", size, "rs")
    side = pen.px(12)
    x = right - round(pen.length(NAME, "bold", size)) - pen.px(8) - side
    box = (x, y - side + pen.px(1), x + side, y + pen.px(1))
    pen.rounded(box, pen.px(3), pen.inks.muted, max(1, pen.px(1.5)))
    inner = pen.px(3)
    pen.fill((box[0] + inner, box[1] + inner, box[0] + inner + pen.px(5), box[1] + inner + pen.px(5)), pen.inks.filter)
    credit = str(source.get("credit") or "")
    if credit:
        text = shorten(pen, CREDIT.format(credit=credit), 12.5, x - pen.px(EDGE + 40))
        pen.text((pen.px(EDGE), y), text, pen.inks.muted, "sans", size)


def shorten(pen: Canvas, text: str, size: float, room: float) -> str:
    """The text, or as much of it as there is room for."""
    if pen.length(text, "bold", size * pen.unit) <= room:
        return text
    while text and pen.length(f"{text}…", "bold", size * pen.unit) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""


def _get_arithmetic_width(sums: Arithmetic) -> int:
    """How wide the arithmetic is, in units: wider where a window has many cells or there are several channels."""
    channels = sums.step["channels"]
    if sums.step["strongest"] or (len(channels) > 1 and sums.weighted):
        return 400
    columns = len(channels[0]["values"][0]) if channels else 0
    return 300 if columns <= 3 else 380


def _make_input_map(stage: Stage, before: Stage, view: View) -> ShownMap:
    """The map that is read, with the padding around it and what is never read."""
    rows, columns = _get_axis(stage, "rows"), _get_axis(stage, "columns")
    padding = NO_PADDING
    if rows and columns:
        top, left = rows["before"], columns["before"]
        padding = (top, rows["after"] + rows.get("overhang", 0), left, columns["after"] + columns.get("overhang", 0))
    unread = (rows.get("unread", ()), columns.get("unread", ()))
    return ShownMap(before, _choose_shown_channel(stage, before, view), view, padding, unread)


def _get_axis(stage: Stage, name: str) -> dict[str, Any]:
    axis: Any = stage.meta.get(name)
    return dict(axis) if axis else {}


def _is_color_photo(stage: Stage, view: View) -> bool:
    return len(stage.output) == 3 and not is_signed(stage, view.colors) and stage.meta["colors"] == "photo"


def _choose_shown_channel(stage: Stage, before: Stage, view: View) -> int | None:
    return None if _is_color_photo(before, view) else _find_read_channel(stage, before, view.map)


def _choose_output_channel(stage: Stage, view: View) -> int | None:
    return None if _is_color_photo(stage, view) else view.map


def _find_read_channel(stage: Stage, before: Stage, map: int) -> int:
    """Which channel of its input a stage's map is shown with."""
    channels, rows, columns = before.output.shape
    match stage.meta["op"]:
        case "conv":
            groups: Any = stage.meta.get("groups", 1)
            return int(map // (len(stage.output) // groups) * (channels // groups))
        case "flatten":
            return map // int(rows * columns)
        case "linear":
            return 0
    return min(map, int(channels) - 1)
