"""The sheet: a line above, both maps at one cell size with the arithmetic between them, and who made the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.explain import explain_step
from ...core.scene import View
from ...core.trace.trace import Stage, Trace
from ..first_paint import heading, sentence, shape_text, stage_index, title
from ..map_image import is_signed
from ..png import png
from ..view_position import Standpoint, stand
from .arithmetic_panel import Sums, draw_sums
from .figure_texts import CREDIT, NAME, number
from .map_panel import (
    NO_PADDING,
    RULER_LEFT,
    RULER_TOP,
    Place,
    Shown,
    cell_for,
    draw_legend,
    draw_map,
    mark_cell,
    mark_window,
    outline,
)
from .pen import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, THEMES, Box, Face, Pen

RATIO = 630 / 1200
"""Of the pictures that links are shown with elsewhere (Open Graph)."""
UNITS = 1200
EDGE, TOP, BOTTOM = 44, 96, 584
HEADING, LEGEND = 30, 30
MOST_SCORES = 24
THUMBNAILS = 92
"""Height that is kept for the small maps below a map, where there are several."""
LARGEST_SMALL, GAP = 44, 5


@dataclass(frozen=True, slots=True)
class _Column:
    """A map's column: where it begins and how wide it is, in pixels."""

    left: int
    width: int


@dataclass(frozen=True, slots=True)
class _Panel:
    """A map with its heading, its legend and, where there are several, all maps in small; `chosen` one is marked."""

    shown: Shown
    name: str
    ink: str
    cell: float
    chosen: int | None
    mark: str

    @property
    def shape(self) -> str:
        """Rows and columns of the map, as they are read."""
        return shape_text(self.shown.stage.output.shape[1:])

    @property
    def maps(self) -> int:
        """How many maps there are."""
        return len(self.shown.stage.output)

    def width(self, pen: Pen, most: int) -> int:
        """How wide a column it needs."""
        words = (
            pen.length(self.name, "bold", 17 * pen.unit) + pen.length(self.shape, "mono", 14 * pen.unit) + pen.px(16)
        )
        small = (self.maps if self.maps > 1 else 0) * pen.px(LARGEST_SMALL + GAP)
        return min(most, pen.px(RULER_LEFT) + round(max(self.shown.columns * self.cell, words, small, pen.px(170))))

    def height(self, pen: Pen) -> int:
        """How high it is."""
        small = pen.px(THUMBNAILS) if self.maps > 1 else 0
        return pen.px(HEADING + RULER_TOP + LEGEND) + round(self.shown.rows * self.cell) + small


def figure_png(trace: Trace, view: View, width: int) -> bytes:
    """The figure as a View shows it, as a PNG of `width` pixels, about half as high."""
    standpoint = stand(trace, view)
    unit = width / UNITS
    pen = Pen(width, round(width * RATIO), unit, THEMES[view.theme])
    _head(pen, trace, standpoint)
    _foot(pen, trace)
    if stage_index(standpoint.stage) == 0:
        _input_alone(pen, trace, standpoint)
    else:
        _both(pen, trace, standpoint)
    return png(np.asarray(pen.image), effort=6)


def _both(pen: Pen, trace: Trace, standpoint: Standpoint) -> None:
    """What is read, the arithmetic, what comes out: all of it in the middle of the sheet."""
    stage, view = standpoint.stage, standpoint.view
    index = stage_index(stage)
    before, following = trace.stages[index - 1], trace.stages[index + 1 :]
    found = explain_step(trace, index, view.map, *standpoint.at)
    read, made = _read(stage, before, view), Shown(stage, _own(stage, view), view)
    sums = Sums(found, stage, read, following[0] if following else None, view.beat)
    listed = _is_list(stage)
    middle, gap = pen.px(_middle_width(sums)), pen.px(28)
    most = (pen.px(UNITS - 2 * EDGE) - middle - 2 * gap) // 2
    cells = _cells(pen, [read, made], most, listed, view.fit)
    named = heading(trace, stage) + (f" {view.map}" if len(stage.output) > 1 and made.channel is not None else "")
    panels = (
        _Panel(
            read, heading(trace, before), pen.inks.input, cells[0], _channel_read(stage, before, view.map), MARK_INPUT
        ),
        _Panel(made, named, _ink(pen, stage), cells[1], view.map, _mark(stage)),
    )
    left, right = panels[0].width(pen, most), most if listed else panels[1].width(pen, most)
    start = (pen.px(UNITS) - left - right - middle - 2 * gap) // 2
    used = max(panel.height(pen) for panel in (panels[:1] if listed else panels))
    top = pen.px(TOP) + max(0, (pen.px(BOTTOM - TOP) - used) // 2)
    mark_window(pen, _draw_panel(pen, panels[0], _Column(start, left), top), found)
    column = _Column(start + left + middle + 2 * gap, right)
    if listed:
        _list(pen, stage, (column, pen.px(TOP)), view, (heading(trace, stage), _ink(pen, stage)))
    else:
        mark_cell(pen, _draw_panel(pen, panels[1], column, top), made, found, view.beat != "write")
    draw_sums(pen, sums, (start + left + gap, pen.px(TOP), start + left + gap + middle, pen.px(BOTTOM)))


def _cells(pen: Pen, maps: list[Shown], width: int, listed: bool, fit: bool) -> tuple[float, float]:
    """The size of a cell in both maps: one for both, or with `fit` each its own."""
    height = pen.px(BOTTOM - TOP - HEADING - LEGEND)
    rooms = [height - (pen.px(THUMBNAILS) if len(one.stage.output) > 1 else 0) for one in maps]
    own = [cell_for([one], width, room, pen) for one, room in zip(maps, rooms, strict=True)]
    if listed or fit:
        return own[0], own[1]
    return min(own), min(own)


def _ink(pen: Pen, stage: Stage) -> str:
    return pen.inks.pooling if stage.meta["family"] == "pooling" else pen.inks.output


def _mark(stage: Stage) -> str:
    return MARK_POOLING if stage.meta["family"] == "pooling" else MARK_OUTPUT


def _input_alone(pen: Pen, trace: Trace, standpoint: Standpoint) -> None:
    """Stage 0: the picture and nothing else."""
    stage, view = standpoint.stage, standpoint.view
    shown = Shown(stage, _own(stage, view), view)
    most = pen.px(UNITS - 2 * EDGE)
    room = pen.px(BOTTOM - TOP - HEADING - LEGEND) - (pen.px(THUMBNAILS) if len(stage.output) > 1 else 0)
    panel = _Panel(shown, heading(trace, stage), pen.inks.input, cell_for([shown], most, room, pen), None, MARK_INPUT)
    width = panel.width(pen, most)
    top = pen.px(TOP) + max(0, (pen.px(BOTTOM - TOP) - panel.height(pen)) // 2)
    _draw_panel(pen, panel, _Column((pen.px(UNITS) - width) // 2, width), top)


def _draw_panel(pen: Pen, panel: _Panel, column: _Column, top: int) -> Place:
    """A heading, the map, its legend, all maps in small. Returns the place of the map's cells."""
    left, right = column.left + pen.px(RULER_LEFT), column.left + column.width
    wide = round(panel.shown.columns * panel.cell)
    shape = pen.length(panel.shape, "mono", 14 * pen.unit)
    end = min(right, left + max(wide, round(pen.length(panel.name, "bold", 17 * pen.unit) + shape) + pen.px(16)))
    room = end - left - shape - pen.px(12)
    size = next((size for size in (17, 15, 13.5) if pen.length(panel.name, "bold", size * pen.unit) <= room), 13.5)
    pen.text((left, top + pen.px(18)), _shortened(pen, panel.name, size, room), panel.ink, "bold", size * pen.unit)
    pen.text((end, top + pen.px(18)), panel.shape, pen.inks.muted, "mono", 14 * pen.unit, "rs")
    place = draw_map(pen, panel.shown, (column.left, top + pen.px(HEADING)), panel.cell)
    below = top + pen.px(HEADING + RULER_TOP) + round(panel.shown.rows * panel.cell) + pen.px(14)
    draw_legend(pen, panel.shown, (left, below), max(wide, pen.px(144)))
    if panel.maps > 1:
        _smalls(pen, panel, (left, below + pen.px(LEGEND - 4), right, pen.px(BOTTOM)))
    return place


def _smalls(pen: Pen, panel: _Panel, box: Box) -> None:
    """All maps of a stage in small, as large as lets them find room in a box."""
    stage, view = panel.shown.stage, panel.shown.view
    side, across, down = _thumbnails(pen, panel.maps, box)
    gap = pen.px(GAP)
    for map in range(min(panel.maps, across * down)):
        x, y = box[0] + map % across * (side + gap), box[1] + map // across * (side + gap)
        colors = Shown(stage, map, view).colors()
        high, wide = colors.shape[:2]
        width, height = round(side * min(1, wide / high)), round(side * min(1, high / wide))
        pen.picture(colors, (x, y, x + max(1, width), y + max(1, height)))
        if map == panel.chosen:
            outline(pen, (x, y, x + max(1, width), y + max(1, height)), panel.mark)


def _thumbnails(pen: Pen, count: int, box: Box) -> tuple[int, int, int]:
    """Side of a small map, and how many lie beside and below each other."""
    gap = pen.px(GAP)
    width, height = box[2] - box[0] + gap, max(pen.px(24), box[3] - box[1]) + gap
    for side in range(pen.px(LARGEST_SMALL), max(1, pen.px(8)), -1):
        across, down = width // (side + gap), height // (side + gap)
        if across * down >= count:
            return side, across, down
    side = max(1, pen.px(8))
    return side, max(1, width // (side + gap)), max(1, height // (side + gap))


def _is_list(stage: Stage) -> bool:
    """Whether the maps of a stage are one cell each and few: then they are a list of bars."""
    maps, rows, columns = stage.output.shape
    return bool(rows * columns == 1 and 1 < maps <= MOST_SCORES)


def _list(pen: Pen, stage: Stage, where: tuple[_Column, int], view: View, named: tuple[str, str]) -> None:
    """Maps of one cell each as a list, the one in focus in bold."""
    column, top = where
    name, ink = named
    values = stage.output[:, 0, 0].astype(float)
    classes: Any = stage.meta.get("classes") or [f"map {map}" for map in range(len(values))]
    pen.text((column.left, top + pen.px(18)), name, ink, "bold", 17 * pen.unit)
    right = column.left + column.width
    pen.text((right, top + pen.px(18)), shape_text(stage.output.shape), pen.inks.muted, "mono", 14 * pen.unit, "rs")
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
        text = _shortened(pen, str(classes[map]), size / pen.unit, label + pen.px(4))
        pen.text((column.left, y), text, ink if map == view.map else pen.inks.ink, face, size, "lm")
        pen.fill((start, y - half, end, y + half), pen.inks.sunken)
        bar = "#b2182b" if value >= 0 else "#2166ac"
        pen.fill((start, y - half, start + round((end - start) * abs(value) / largest), y + half), bar)
        pen.text((right, y), number(float(value), 3), pen.inks.ink, "mono", size, "rm")
        y += line


def _head(pen: Pen, trace: Trace, standpoint: Standpoint) -> None:
    """What the figure is, in one line, and what the stage does in another."""
    name = standpoint.view.title or title(trace)
    room = pen.px(UNITS - 2 * EDGE)
    x = pen.px(EDGE)
    pen.text((x, pen.px(50)), _shortened(pen, name, 24, room), pen.inks.ink, "bold", 24 * pen.unit)
    said = sentence(standpoint.stage)
    pen.text((x, pen.px(77)), _shortened(pen, said, 15, room), pen.inks.muted, "sans", 15 * pen.unit)


def _foot(pen: Pen, trace: Trace) -> None:
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
        text = _shortened(pen, CREDIT.format(credit=credit), 12.5, x - pen.px(EDGE + 40))
        pen.text((pen.px(EDGE), y), text, pen.inks.muted, "sans", size)


def _shortened(pen: Pen, text: str, size: float, room: float) -> str:
    """The text, or as much of it as there is room for."""
    if pen.length(text, "bold", size * pen.unit) <= room:
        return text
    while text and pen.length(f"{text}…", "bold", size * pen.unit) > room:
        text = text[:-1]
    return f"{text.rstrip()}…" if text else ""


def _middle_width(sums: Sums) -> int:
    """How wide the arithmetic is, in units: wider where a window has many cells or there are several channels."""
    channels = sums.step["channels"]
    if sums.step["strongest"] or (len(channels) > 1 and sums.weighted):
        return 400
    columns = len(channels[0]["values"][0]) if channels else 0
    return 300 if columns <= 3 else 380


def _read(stage: Stage, before: Stage, view: View) -> Shown:
    """The map that is read, with the padding around it and what is never read."""
    rows, columns = _axis(stage, "rows"), _axis(stage, "columns")
    padding = NO_PADDING
    if rows and columns:
        top, left = rows["before"], columns["before"]
        padding = (top, rows["after"] + rows.get("overhang", 0), left, columns["after"] + columns.get("overhang", 0))
    unread = (rows.get("unread", ()), columns.get("unread", ()))
    return Shown(before, _channel_shown(stage, before, view), view, padding, unread)


def _axis(stage: Stage, name: str) -> dict[str, Any]:
    axis: Any = stage.meta.get(name)
    return dict(axis) if axis else {}


def _colored(stage: Stage, view: View) -> bool:
    return len(stage.output) == 3 and not is_signed(stage, view.colors) and stage.meta["colors"] == "photo"


def _channel_shown(stage: Stage, before: Stage, view: View) -> int | None:
    return None if _colored(before, view) else _channel_read(stage, before, view.map)


def _own(stage: Stage, view: View) -> int | None:
    return None if _colored(stage, view) else view.map


def _channel_read(stage: Stage, before: Stage, map: int) -> int:
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
