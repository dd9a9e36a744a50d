"""The depth column of a volume: the numbers of all maps at one place, and the line through the slices that leads there.

`static/pure/tabs/volume/volume-column.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ....core.texts import write_message
from ....core.trace.trace import Stage
from ....core.writing.amounts import read_amount
from ...color import to_picture_colors
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style, choose_text_color, to_hex_color
from ...figure_content.shown_map import ShownMap
from ...figure_content.step_sentences import is_color_stage, name_slice
from .volume_layout import SliceBox, VolumeLayout
from .volume_parts import VolumeParts, VolumeStep, take_around
from .volume_slices import Role, find_color
from .volume_texts import write_volume_text

Point = tuple[float, float]
Stop = tuple[float, float, float]
"""A point of a line through slices, and how far the line keeps away from it."""
DASH, SPACE = 4.0, 3.0


def draw_column(style: Style, step: VolumeStep, parts: VolumeParts, layout: VolumeLayout) -> Iterator[Primitive]:
    """Draw the numbers of all maps at the place of the step, beside each what the activation makes of it."""
    stage, after, theme = parts.stage, parts.after, style.theme
    count = len(stage.output)
    if count < 2:
        return
    column, text = layout.column, layout.text
    shown = take_around(step.map, count, column.count)
    row, col = step.position.cell
    through = [find_place(one, row, col) for one in layout.outputs]
    last, long = layout.outputs[-1], len(shown) * column.line
    middle = last.y + last.rows * last.cell / 2
    y = max(column.y, min(middle - long / 2, layout.height - long - 2 * column.line))
    end = column.x - text * 0.6, max(y, min(through[-1][1], y + long))
    role: Role = "input" if stage.info.index == 0 else "output"
    wide = column.width * (2 if after else 1)
    *stacks, at_end = _stack(through, layout.outputs)
    for points in (*stacks, [*at_end, (*end, 0.0)]):
        yield from draw_through(style, points, role)
    place = write_volume_text("volume_place", row=row, column=col)
    at = column.x - 4, y - text * (1.85 if after else 0.5)
    yield style.write("volume-place", at, place, theme.text, "mono-bold", text)
    if after:
        at = column.x + column.width + 4, y - text * 0.5
        yield style.write("volume-name", at, write_message(after.info.title), theme.output, "mono-bold", text)
    for n, map in enumerate(shown):
        top = y + n * column.line
        box = Box(column.x, top, column.width, column.line)
        yield from _draw_number(style, step, stage, map, step.is_result_known(map), box, column.text)
        if after:
            behind = Box(box.right, top, box.width, box.height)
            yield from _draw_number(style, step, after, map, step.is_written(map), behind, column.text)
        name = name_slice(stage, map) if stage.info.index == 0 else str(map)
        at = column.x + wide + 8, box.center[1]
        yield style.write("volume-name", at, name, theme.text, "mono-bold", column.text, valign="middle")
        if map == step.map:
            whole = Box(column.x, top, wide, column.line)
            yield Rect("volume-here", whole.grow(1.25), stroke=find_color(style, role), stroke_width=2.5)
    yield from _draw_brackets(style, Box(column.x, y, wide, long))
    if is_color_stage(stage) and stage.info.index == 0 and step.position.view.colors == "auto":
        color = to_picture_colors(
            stage.output[:, row : row + 1, col : col + 1], ShownMap(stage, 0, True, step.position.view).scale
        )
        box = Box(column.x, y + long + column.line * 0.35, column.width, column.line)
        yield Rect("volume-pixel", box, to_hex_color(color[0, 0]))
    if count > len(shown):
        drawn = write_volume_text("volume_drawn", shown=len(shown), count=count)
        yield style.write("volume-drawn", (column.x, y + long + text * 1.3), drawn, theme.text, "mono", text)


def _draw_number(
    style: Style, step: VolumeStep, stage: Stage, map: int, is_known: bool, box: Box, text: float
) -> Iterator[Primitive]:
    theme = style.theme
    if not is_known:
        yield Rect("volume-number", box, theme.surface, theme.edge, 0.75)
        yield Line("volume-ahead", box.left, box.bottom, box.right, box.top, theme.edge)
        return
    row, column = step.position.cell
    value = read_amount(stage, float(stage.output[map, row, column])).value
    shown = ShownMap(stage, map, False, step.position.view, is_dark=theme.is_dark)
    color = shown.color(np.array(value))
    yield Rect("volume-number", box, to_hex_color(color), theme.edge, 0.75)
    number = step.write(map, stage).result
    ink = choose_text_color(color)
    yield style.write("volume-number", box.center, number, ink, "mono", text, "middle", "middle")


def find_place(slice: SliceBox, row: int, column: int) -> Stop:
    """The middle of a cell of a slice, and how far it is from there to its edge."""
    return (*slice.find_box(row, column).center, slice.cell / 2)


def draw_through(style: Style, points: Sequence[Stop], role: Role) -> Iterator[Line]:
    """Draw a dashed line through slices, from the edge of a cell to that of the next: their numbers stay free."""
    for (x, y, after), (to_x, to_y, before) in pairwise(points):
        far = float(np.hypot(to_x - x, to_y - y)) or 1.0
        if far > after + before:
            start = x + (to_x - x) * after / far, y + (to_y - y) * after / far
            end = to_x + (x - to_x) * before / far, to_y + (y - to_y) * before / far
            yield from draw_dashed("volume-through", start, end, find_color(style, role))


def draw_dashed(part: str, start: Point, end: Point, color: str, dash: Point = (DASH, SPACE)) -> Iterator[Line]:
    """Draw a dashed line between two points; `dash` are the lengths of a dash and of a space."""
    (x, y), (to_x, to_y) = start, end
    far = float(np.hypot(to_x - x, to_y - y))
    at = 0.0
    while at < far:
        ends = (at / far, min(far, at + dash[0]) / far)
        (from_x, from_y), (end_x, end_y) = ((x + (to_x - x) * one, y + (to_y - y) * one) for one in ends)
        yield Line(part, from_x, from_y, end_x, end_y, color, 1.5)
        at += sum(dash)


def _stack(points: Sequence[Stop], outputs: Sequence[SliceBox]) -> list[list[Stop]]:
    """The points of slices that stand beside each other in several columns, column by column; of one row together."""
    if all(one.y == outputs[0].y for one in outputs):
        return [list(points)]
    lefts = dict.fromkeys(one.x for one in outputs)
    return [[point for point, one in zip(points, outputs, strict=True) if one.x == left] for left in lefts]


def _draw_brackets(style: Style, box: Box) -> Iterator[Line]:
    left, right, top, bottom = box.left - 4, box.right + 4, box.top - 2, box.bottom + 2
    for x, inner in ((left, left + 5), (right, right - 5)):
        yield Line("volume-bracket", inner, top, x, top, style.theme.text, 1.5)
        yield Line("volume-bracket", x, top, x, bottom, style.theme.text, 1.5)
        yield Line("volume-bracket", x, bottom, inner, bottom, style.theme.text, 1.5)
