"""Lays out the thumbnail of a figure: its maps, the filter between them, the window and its cell, in one glance.

A thumbnail shows the whole output, and writes no text but numbers and classes that are large enough to be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from ...core.explain import explain_step
from ...core.trace.color_scale import color_values, make_scale
from ...core.trace.trace import Stage, Trace, get_read
from ..color import Colors
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap, reads_outside, show_input, show_output, write_cell
from ..view_position import ViewPosition
from .fonts import BUNDLED, FontMetrics
from .map_layout import CellGrid, cover_cells
from .primitives import Box, CellImage, DisplayList, Face, Line, Primitive, Rect
from .theme import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, THEMES, Style, choose_text_color, to_hex_color
from .view_thumbnail import is_low, lay_out_small_view, put_above

WIDTH, HEIGHT = 320, 180
EDGE = 14
MAX_CELL = 44
GAP, GAP_WITH_FILTER = 40, 88
FILTER_SIDE = 44
MAX_FILTER_CELLS = 11
STACK_STEP, MOST_SHEETS = 5, 2
"""How far the maps behind the first one are set off, and how many of them are drawn."""
STRIP = 12
"""Width of a column of numbers, such as that of a flattened map."""
TEXT_SIZE, SMALLEST_CELL_WITH_TEXT = 12.0, 20
MOST_SCORES, SCORE_LINE, NAME_ROOM = 5, 28, 76
LONG_ROW = 3
"""A map with so many times more columns than rows is laid out above its output, not beside it."""
READ_AT, FILTER_AT, WRITTEN_AT = 0.2, 0.5, 0.8
"""Where the middles of rows lie, as parts of the height: what is read, the filter, what is written."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A map in a thumbnail, and where its cells are."""

    shown: ShownMap
    grid: CellGrid

    @property
    def box(self) -> Box:
        """The cells, without padding."""
        _, rows, columns = self.shown.stage.output.shape
        return self.grid.box(0, 0, rows, columns)


def lay_out_thumbnail(trace: Trace, position: ViewPosition, metrics: FontMetrics = BUNDLED) -> DisplayList:
    """Lay out the thumbnail of a figure at a position of its View, 320 × 180 points: of its view, if one is open."""
    style = Style(THEMES[position.view.theme], metrics)
    room = Box(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE)
    primitives = lay_out_small_view(style, trace, position, room)
    if is_low(primitives, room):
        is_image = position.stage.info.index == 0
        figure = _lay_out_image(style, position) if is_image else _lay_out_stage(style, trace, position)
        primitives = put_above(tuple(figure), primitives, room)
    return DisplayList(WIDTH, HEIGHT, style.theme.surface, primitives)


def _lay_out_image(style: Style, position: ViewPosition) -> Iterator[Primitive]:
    shown = show_output(position)
    cell = _fit_cell(WIDTH - 2 * EDGE, shown.rows, shown.columns)
    yield from _draw_sheet(style, "output", _place(shown, (WIDTH - shown.columns * cell) / 2, cell))


def _lay_out_stage(style: Style, trace: Trace, position: ViewPosition) -> Iterator[Primitive]:
    stage = position.stage
    before = get_read(trace, stage, position.map)
    if _is_column(stage):
        yield from _lay_out_scores(style, trace, position)
        return
    left, right = show_input(position, before), show_output(position)
    step = explain_step(trace, stage.info.index, position.map, *position.cell)
    weight = _color_weight(stage, position.map)
    is_row = left.columns >= LONG_ROW * left.rows
    if is_row:
        first, second = _arrange_rows(left, right, weight is not None)
        between = WIDTH / 2
    else:
        first, second, between = _arrange_side_by_side(left, right, position.view.fit, weight is not None)
    window = _find_window(step, first.grid)
    cell = second.grid.box(step["row"], step["col"])
    mark = MARK_POOLING if stage.info.family == "pooling" else MARK_OUTPUT
    yield from _draw_sheet(style, "input", first)
    yield from _draw_sheet(style, "output", second)
    if position.view.predict == "cell":
        yield from _hide_asked(style, second, position.cell)
    steps = [window] if window else []
    if weight is not None:
        rows, columns = weight.shape[:2]
        if is_row:  # below its window, with cells as large where they are not too high
            center = (window.center[0] if window else between), FILTER_AT * HEIGHT
            place = _place_filter(weight, center, min(first.grid.cell, FILTER_SIDE / rows))
        else:
            place = _place_filter(weight, (between, HEIGHT / 2), FILTER_SIDE / max(rows, columns))
        yield CellImage("filter", place, weight)
        yield Rect("filter", place.grow(3), stroke=style.theme.filter, stroke_width=2, radius=3)
        steps.append(place.grow(3))
    for start, end in pairwise([*steps, cell]):
        yield from _link(start, end, mark if end is cell else style.theme.input, is_row)
    if window:
        yield from _outline("window", window, MARK_INPUT)
    yield from _outline("cell", cell, mark)


def _hide_asked(style: Style, sheet: _Sheet, cell: tuple[int, int]) -> Iterator[Primitive]:
    """Leave the cell that a link asks for empty, with all after it."""
    box = sheet.grid.box(*cell)
    yield from cover_cells(style, sheet.shown, sheet.grid, cell)
    yield from style.cover("output-ahead", box)
    if box.height >= TEXT_SIZE:
        yield style.write("output-ahead", box.center, "?", style.theme.text, "bold", TEXT_SIZE, "middle", "middle")


def _arrange_side_by_side(
    left: ShownMap, right: ShownMap, fits_each: bool, has_filter: bool
) -> tuple[_Sheet, _Sheet, float]:
    """The two maps beside each other, at one size of cells where possible, and the middle of the gap between them."""
    gap = GAP_WITH_FILTER if has_filter else GAP
    room = WIDTH - 2 * EDGE - gap - _measure_stack(right) - _measure_stack(left)
    if right.rows * right.columns == 1:
        cells = _fit_cell(room - MAX_CELL, left.rows, left.columns), float(MAX_CELL)
    elif fits_each:
        cells = _fit_cell(room / 2, left.rows, left.columns), _fit_cell(room / 2, right.rows, right.columns)
    else:
        both = _fit_cell(room, max(left.rows, right.rows), left.columns + right.columns)
        cells = both, both
    wide = left.columns * cells[0] + right.columns * cells[1] + _measure_stack(left) + _measure_stack(right)
    start = (WIDTH - wide - gap) / 2
    middle = start + left.columns * cells[0] + _measure_stack(left)
    return _place(left, start, cells[0]), _place(right, middle + gap, cells[1]), middle + gap / 2


def _arrange_rows(left: ShownMap, right: ShownMap, has_filter: bool) -> tuple[_Sheet, _Sheet]:
    """A long row above what it becomes, at one size of cells."""
    rows, columns = max(left.rows, right.rows), max(left.columns, right.columns)
    cell = min(_fit_cell(WIDTH - 2 * EDGE, rows, columns), (HEIGHT / (3 if has_filter else 2) - EDGE) / rows)
    return _place_row(left, READ_AT, cell), _place_row(right, WRITTEN_AT, cell)


def _place_row(shown: ShownMap, middle: float, cell: float) -> _Sheet:
    left, top = (WIDTH - shown.columns * cell) / 2, middle * HEIGHT - cell * shown.rows / 2
    above, _, before, _ = shown.padding
    return _Sheet(shown, CellGrid(round(left + before * cell), round(top + above * cell), cell))


def _place_filter(weight: Colors, center: tuple[float, float], cell: float) -> Box:
    """The box of a filter around a point."""
    rows, columns = weight.shape[:2]
    return Box(center[0] - columns * cell / 2, center[1] - rows * cell / 2, columns * cell, rows * cell)


def _link(start: Box, end: Box, color: str, is_below: bool) -> Iterator[Line]:
    """Two thin lines from the edges of one box to those of the next, which lies at its right or below it."""
    if is_below:
        ends = [(start.left, start.bottom, end.left, end.top), (start.right, start.bottom, end.right, end.top)]
    else:
        ends = [(start.right, start.top, end.left, end.top), (start.right, start.bottom, end.left, end.bottom)]
    for x, y, to_x, to_y in ends:
        yield Line("link", x, y, to_x, to_y, color, 1, 0.7)


def _fit_cell(width: float, rows: int, columns: int) -> float:
    """The side of a cell at which a map fits; from one point up in half points, which are whole pixels of a file."""
    side = min(width / columns, (HEIGHT - 2 * EDGE) / rows, MAX_CELL)
    return int(side * 2) / 2 if side >= 1 else side


def _place(shown: ShownMap, left: float, cell: float) -> _Sheet:
    top, _, before, _ = shown.padding
    y = (HEIGHT - shown.rows * cell) / 2
    return _Sheet(shown, CellGrid(round(left + before * cell), round(y + top * cell), cell))


def _draw_sheet(style: Style, part: str, sheet: _Sheet) -> Iterator[Primitive]:
    """Draw a map, the edges of the maps behind it, its padding, and its numbers where they can be read."""
    shown, colors, box = sheet.shown, sheet.shown.to_colors(), sheet.box
    for behind in range(_count_behind(shown), 0, -1):
        off = behind * STACK_STEP
        back = Box(box.left + off, box.top - off, box.width, box.height)
        yield Rect(f"{part}-stack", back, style.theme.sunken, style.theme.edge, 1)
    if any(shown.padding):
        top, _, left, _ = shown.padding
        around = sheet.grid.box(-top, -left, shown.rows, shown.columns)
        yield from style.hatch(f"{part}-padding", around)
        yield Rect(f"{part}-padding", around, stroke=style.theme.edge, stroke_width=0.5)
    yield CellImage(part, box, colors)
    yield Rect(part, box, stroke=style.theme.edge, stroke_width=0.5)
    if shown.is_picture or sheet.grid.cell < SMALLEST_CELL_WITH_TEXT:
        return
    for row, line in enumerate(shown.values.tolist()):
        for column, value in enumerate(line):
            text = _write_number(style, shown.stage, value, sheet.grid.cell - 2)
            at, color = sheet.grid.box(row, column).center, choose_text_color(colors[row, column])
            yield style.write(f"{part}-digits", at, text, color, "mono", TEXT_SIZE, "middle", "middle")


def _write_number(style: Style, stage: Stage, value: float, room: float) -> str:
    """A number as a cell has it, or with fewer digits where it is too wide; nothing where no digits have room."""
    rounded = (float(f"{value:.{digits}g}") for digits in (2, 1))
    texts = (write_cell(stage, one) for one in (value, *rounded))
    return next((text for text in texts if style.metrics.measure(text, "mono", TEXT_SIZE) <= room), "")


def _measure_stack(shown: ShownMap) -> float:
    return _count_behind(shown) * STACK_STEP


def _count_behind(shown: ShownMap) -> int:
    """How many maps are drawn behind the first one; none behind a color picture, which shows all of its maps."""
    return 0 if shown.is_picture else min(len(shown.stage.output) - 1, MOST_SHEETS)


def _find_window(step: Mapping[str, Any], grid: CellGrid) -> Box | None:
    """The box of the window; None if a step reads no cells side by side."""
    rows, columns = step["rows"], step["columns"]
    if not rows or not columns or reads_outside(step):
        return None
    return grid.box(rows[0], columns[0], rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1)


def _color_weight(stage: Stage, map: int) -> Colors | None:
    """The colors of a filter's first slice, as the page has them; None for one that is too large for the room."""
    weight = stage.weight
    if weight is None or max(weight.shape[2:]) > MAX_FILTER_CELLS:
        return None
    return color_values(weight[map, 0], make_scale("signed", float(np.abs(weight[map]).max()) or 1.0))


def _outline(part: str, box: Box, color: str) -> Iterator[Rect]:
    box = box.grow(max(0.0, (7 - min(box.width, box.height)) / 2))
    yield Rect(part, box.grow(1), stroke="#ffffff", stroke_width=1)
    yield Rect(part, box, stroke=color, stroke_width=2)


def _is_column(stage: Stage) -> bool:
    """Whether a stage has maps of one cell each: scores, or a flattened map."""
    maps, rows, columns = stage.output.shape
    return bool(maps > 1 and rows * columns == 1)


def _lay_out_scores(style: Style, trace: Trace, position: ViewPosition) -> Iterator[Primitive]:
    """The picture, the values as a column, and the largest of them with their classes as bars."""
    stage = position.stage
    picture = ShownMap(trace.stages[0], 0, len(trace.stages[0].output) == 3, replace(position.view, colors="auto"))
    is_listed = bool(stage.info.classes) or len(stage.output) <= MOST_SCORES * 2
    side = min(HEIGHT - 2 * EDGE, 116)
    start = EDGE if is_listed else (WIDTH - side - 20 - STRIP) / 2
    cell = side / max(picture.rows, picture.columns)
    yield from _draw_sheet(style, "input", _place(picture, start, cell))
    values = stage.output[:, 0, 0]
    scale = ShownMap(stage, 0, False, position.view)
    strip = Box(start + side + 20, EDGE, STRIP, HEIGHT - 2 * EDGE)
    yield CellImage("output", strip, scale.color(values[:, None]))
    yield Rect("output", strip, stroke=style.theme.output, stroke_width=1)
    if not is_listed:
        return
    names = stage.info.classes or [write_figure_text("map_value", index=index) for index in range(len(values))]
    order = np.argsort(-values, kind="stable")[:MOST_SCORES]
    most = float(np.abs(values[order]).max()) or 1.0
    left = strip.right + 14
    top = (HEIGHT - SCORE_LINE * len(order)) / 2
    for line, index in enumerate(order.tolist()):
        y, value = top + SCORE_LINE * line, float(values[index])
        face: Face = "bold" if index == position.map else "sans"
        text = write_cell(stage, value)
        name = style.metrics.shorten(names[index], face, TEXT_SIZE, NAME_ROOM)
        yield style.write("scores", (left, y + 10), name, style.theme.text, face, TEXT_SIZE, valign="middle")
        yield style.write("scores", (WIDTH - EDGE, y + 10), text, style.theme.text, "mono", TEXT_SIZE, "end", "middle")
        wide = (WIDTH - EDGE - left) * abs(value) / most
        color = to_hex_color(color_values(np.sign(value) * 0.75, make_scale("signed", 1)))
        yield Rect("scores", Box(left, y + 19, max(wide, 1.0), 4), color)


def lay_out_wall(colors: Colors, theme: str) -> DisplayList:
    """Lay out a picture of filters or patches, (rows, columns, 3), as large as it fits, 320 × 180 points."""
    rows, columns = colors.shape[:2]
    cell = min((WIDTH - 2 * EDGE) / columns, (HEIGHT - 2 * EDGE) / rows)
    box = Box((WIDTH - columns * cell) / 2, (HEIGHT - rows * cell) / 2, columns * cell, rows * cell)
    return DisplayList(WIDTH, HEIGHT, THEMES[theme].surface, (CellImage("wall", box, colors),))
