"""The receptive field of the cell in focus as a picture: the stages side by side, the boxes of the cell in them.

`static/pure/tabs/field/` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ...core.number_text import format_number
from ...core.trace.trace import Stage, Trace
from ...core.views.field import FieldBox, FieldTerm, find_field, list_shown, list_terms
from ..figure.map_layout import CellGrid, cover_cells
from ..figure.primitives import Box, CellImage, Line, Primitive, Rect
from ..figure.theme import MARK_INPUT, MARK_OUTPUT, Style
from ..figure_content.shown_map import ShownMap
from ..map_image import shows_color_picture
from ..stage_texts import choose_shape_order, format_shape, make_map_heading, make_map_size
from ..view_position import ViewPosition
from .view_texts import write_view_text

MOST_OUTSIDE, LEAST_SHARE = 0.35, 0.4
"""How far a box is followed out of its map, in parts of the map, and the least side of one, in parts of the picture."""
GAP, STRIP, LEAST_COLUMN, MOST_CELL = 34.0, 18.0, 44.0, 48.0
TEXT, LINE, NAMES, SAYS = 15.0, 24.0, 46.0, 56.0
"""Size of the texts, height of a line, of the names below the maps, and of the lines below those."""
DIM, LEAST_BOX = 0.65, 5.0


@dataclass(frozen=True, slots=True)
class FieldColumn:
    """A stage: its box, how many cells its map and what lies outside of it take, and its share of the side.

    `extent` is (top, left, rows, columns) in cells; a column of values has None.
    """

    box: FieldBox
    stage: Stage
    extent: tuple[int, int, int, int] | None
    share: float

    @property
    def wide(self) -> float:
        """The width in parts of the side of the picture."""
        _, down, across = self.stage.output.shape
        return self.share * self.extent[3] / max(down, across) if self.extent else 0

    @property
    def high(self) -> float:
        """The height in parts of the side of the picture."""
        _, down, across = self.stage.output.shape
        return self.share * self.extent[2] / max(down, across) if self.extent else 0.7


def lay_out_field(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the receptive field of the cell in focus, after the presses that the View names."""
    field = find_field(trace, position.stage.info.index, position.map, *position.cell)
    boxes = tuple(reversed(list_shown(trace, field)))
    last = len(boxes) - 1
    press = last + 1 if position.view.press is None else min(position.view.press, last + 1)
    first = last - min(press, last)
    title = make_map_heading(trace, position.stage)
    row, column = position.cell
    question = write_view_text("field_question", row=row, column=column, title=title)
    if position.stage.output.shape[1:] == (1, 1):
        question = write_view_text("field_question_of_value", title=title)
    yield style.write("view", (room.left, room.top + TEXT), question, style.theme.text, "bold", 17)
    columns = [_plan(trace, box) for box in boxes]
    area = Box(room.left, room.top + LINE + 10, room.width, room.height - LINE - 10 - NAMES - SAYS)
    strips = sum(STRIP for one in columns if one.extent is None)
    gaps = GAP * last
    highest = max(one.high for one in columns)
    side = min((area.width - gaps - strips) / sum(one.wide for one in columns), area.height / highest)
    side = min(side, MOST_CELL * max(columns[0].stage.output.shape[1:]))
    widths = [max(one.wide * side, LEAST_COLUMN if one.extent else STRIP) for one in columns]
    left = area.left + max(0.0, (area.width - sum(widths) - gaps) / 2)
    wholes: list[Box] = []
    for index, (one, width) in enumerate(zip(columns, widths, strict=True)):
        frame = _place(one, Box(left, area.top, width, area.height), side)
        yield from _draw_map(style, trace, position, one, frame, index == last)
        if index >= first:
            whole = _find_whole(one, frame)
            wholes.append(whole)
            yield from _draw_box(style, one, frame, whole, index == last)
        yield from _write_names(style, trace, one, Box(left, area.bottom, width, NAMES), position)
        left += width + GAP
    for start, end in pairwise(wholes):
        yield Line("view-join", start.right, start.top, end.left, end.top, style.theme.input)
        yield Line("view-join", start.right, start.bottom, end.left, end.bottom, style.theme.input)
    for index, line in enumerate(_write_says(trace, field, boxes, first, press)):
        text, size = style.fit(line, "sans", (16, 14, 12), room.width)
        at = (room.left, area.bottom + NAMES + 20 + index * LINE)
        yield style.write("view-says", at, text, style.theme.text, "sans", size)


def _plan(trace: Trace, box: FieldBox) -> FieldColumn:
    stage = trace.stages[box.stage]
    maps, down, across = stage.output.shape
    if maps > 1 and down * across == 1 and box.stage > 0:
        return FieldColumn(box, stage, None, LEAST_SHARE)
    share = max(LEAST_SHARE, min(1.0, max(down, across) / max(trace.stages[0].output.shape[1:])))
    spans = []
    for (first, end), size in zip((box.rows, box.columns), (down, across), strict=True):
        outside = int(size * MOST_OUTSIDE + 0.999)
        start = max(min(0, first), -outside)
        spans.append((start, min(max(size - 1, end), size - 1 + outside) - start + 1))
    (top, rows), (left, columns) = spans
    return FieldColumn(box, stage, (top, left, rows, columns), share)


def _place(column: FieldColumn, area: Box, side: float) -> Box:
    """The box that a map and what lies outside of it take up, in the middle of an area."""
    wide, high = (column.wide * side, column.high * side) if column.extent else (STRIP, side * column.high)
    return Box(area.center[0] - wide / 2, area.center[1] - high / 2, wide, high)


def _find_grid(column: FieldColumn, frame: Box) -> CellGrid:
    top, left, rows, _ = column.extent or (0, 0, 1, 1)
    cell = frame.height / rows
    return CellGrid(frame.left - left * cell, frame.top - top * cell, cell)


def _find_whole(column: FieldColumn, frame: Box) -> Box:
    """The box as the windows lie, as far as it is drawn."""
    if column.extent is None:
        return frame
    rows, columns = column.box.rows, column.box.columns
    box = _find_grid(column, frame).box(rows[0], columns[0], rows[1] - rows[0] + 1, columns[1] - columns[0] + 1)
    left, top = max(box.left, frame.left), max(box.top, frame.top)
    right, bottom = min(box.right, frame.right), min(box.bottom, frame.bottom)
    return Box(left, top, max(0.0, right - left), max(0.0, bottom - top))


def _draw_map(
    style: Style, trace: Trace, position: ViewPosition, column: FieldColumn, frame: Box, is_focus: bool
) -> Iterator[Primitive]:
    stage, view = column.stage, position.view
    if column.extent is None:
        yield Rect("view-values", frame, style.theme.sunken, style.theme.edge, 1.5, 3)
        return
    _, rows, columns = stage.output.shape
    is_picture = shows_color_picture(stage, view.colors) and (column.box.map < 0 or stage.info.index == 0)
    shown = ShownMap(stage, max(0, column.box.map), is_picture, view, is_dark=style.theme.is_dark)
    grid = _find_grid(column, frame)
    yield CellImage("view-map", grid.box(0, 0, rows, columns), shown.to_colors())
    if is_focus and not (view.ghost or position.is_whole):
        yield from cover_cells(style, shown, grid, position.cell)


def _draw_box(style: Style, column: FieldColumn, frame: Box, whole: Box, is_focus: bool) -> Iterator[Primitive]:
    """What takes no part is dimmed, what lies outside is hatched; the size stands at the box."""
    inside = whole
    if column.extent is not None:
        _, down, across = column.stage.output.shape
        grid = _find_grid(column, frame)
        (top, bottom), (left, right) = column.box.inside
        inside = grid.box(top, left, bottom - top + 1, right - left + 1)
        map_box = grid.box(0, 0, down, across)
        for one in _list_around(map_box, inside):
            yield Rect("view-dim", one, style.theme.surface, opacity=DIM)
        for one in _list_around(whole, map_box):
            yield from style.hatch("view-outside", one)
        yield Rect("view-outside", whole, stroke=style.theme.input, stroke_width=0.75)
    grown = inside.grow(max(0.0, (LEAST_BOX - min(inside.width, inside.height)) / 2))
    yield Rect("view-box", grown.grow(1.5), stroke="#ffffff", stroke_width=1.5)
    yield Rect("view-box", grown, stroke=MARK_OUTPUT if is_focus else MARK_INPUT, stroke_width=2)
    if not is_focus:
        text = write_view_text("field_all") if column.extent is None else write_size(column.stage, column.box)
        at = (whole.center[0], min(whole.bottom + 15, frame.bottom + 15))
        wide = style.metrics.measure(text, "mono-bold", TEXT)
        yield Rect("view-size", Box(at[0] - wide / 2 - 3, at[1] - 12, wide + 6, 16), style.theme.surface, opacity=0.85)
        yield style.write("view-size", at, text, style.theme.text, "mono-bold", TEXT, "middle")


def _list_around(outer: Box, inner: Box) -> Iterator[Box]:
    """The parts of a box outside of another one, which may reach beyond it."""
    left, right = (min(max(x, outer.left), outer.right) for x in (inner.left, inner.right))
    top, bottom = (min(max(y, outer.top), outer.bottom) for y in (inner.top, inner.bottom))
    for one in (
        Box(outer.left, outer.top, outer.width, top - outer.top),
        Box(outer.left, bottom, outer.width, outer.bottom - bottom),
        Box(outer.left, top, left - outer.left, bottom - top),
        Box(right, top, outer.right - right, bottom - top),
    ):
        if one.width > 0.01 and one.height > 0.01:
            yield one


def _write_names(
    style: Style, trace: Trace, column: FieldColumn, room: Box, position: ViewPosition
) -> Iterator[Primitive]:
    heading = make_map_heading(trace, column.stage)
    name, size = style.fit(heading, "bold", (13.5, 12, 10.5), room.width + GAP - 6)
    yield style.write("view-name", (room.center[0], room.top + 28), name, style.theme.text, "bold", size, "middle")
    text = make_map_size(column.stage, order=choose_shape_order(trace, position.view))
    yield style.write("view-name", (room.center[0], room.top + 44), text, style.theme.muted, "mono", 12.5, "middle")


def write_size(stage: Stage, box: FieldBox) -> str:
    """Write the size of a box: 7 × 7, at most 7 × 7, or all 7 × 7."""
    size = format_shape(box.size)
    if (box.rows[0], box.columns[0]) == (0, 0) and box.size == stage.output.shape[1:]:
        return write_view_text("field_whole", size=size)
    return write_view_text("field_at_most", size=size) if box.is_bound else size


def _write_says(
    trace: Trace, field: Sequence[FieldBox], boxes: Sequence[FieldBox], first: int, press: int
) -> list[str]:
    last = len(boxes) - 1
    stage, box = trace.stages[boxes[last].stage], boxes[first]
    size = write_size(trace.stages[box.stage], box)
    if first == last:
        return []
    if first > 0:
        code = "field_window" if first == last - 1 else "field_further"
        return [write_view_text(code, title=make_map_heading(trace, trace.stages[box.stage]), size=size)]
    info = stage.info
    if info.sees_whole_input:
        return [write_view_text("field_whole_picture")]
    if info.receptive_field.is_bound:
        size = write_view_text("field_at_most", size=format_shape(info.receptive_field.size))
    said = write_view_text("field_in_picture", size=size)
    if stage.output.shape[1:] != (1, 1):
        said = f"{said} {_write_apart(info.receptive_field.jump)}"
    return [said, *_write_formula(trace, tuple(field), info.receptive_field.is_bound)] if press > last else [said]


def _write_apart(jump: tuple[float, float]) -> str:
    down, across = map(format_number, jump)
    if down == across:
        return write_view_text("field_apart", down=down)
    return write_view_text("field_apart_unlike", down=down, across=across)


def _write_formula(trace: Trace, field: tuple[FieldBox, ...], is_bound: bool) -> list[str]:
    rows, columns = list_terms(trace, field, 0), list_terms(trace, field, 1)
    if rows is None or columns is None:
        return [write_view_text("field_union")] if is_bound else []
    if not rows and not columns:
        return []
    down, across = write_formula(rows), write_formula(columns)
    if down == across:
        return [down]
    return ["   ".join((write_view_text("field_rows", formula=down), write_view_text("field_columns", formula=across)))]


def write_formula(terms: Sequence[FieldTerm]) -> str:
    """Write the sum that gives the size of a field: 1 + L·(F − 1) = 1 + 3·(3 − 1) = 7."""
    total = 1 + sum((term.window - 1) * term.jump for term in terms)
    if len(terms) > 1 and all(term == FieldTerm(terms[0].window, 1) for term in terms):
        return f"1 + L·(F − 1) = 1 + {len(terms)}·({terms[0].window} − 1) = {total}"
    written = ["1", *(f"({term.window} − 1)·{term.jump}" for term in terms)]
    return write_view_text("field_sum", sum=f"{' + '.join(written)} = {total}")
