"""A network as a picture: the picture, a column of maps for each layer, the scores, and the wires into what is chosen.

`static/pure/tabs/network/` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ...core.arrays import Shape
from ...core.number_text import format_percent
from ...core.texts import write_message
from ...core.trace.color_scale import Colors, color_values, make_scale
from ...core.trace.trace import Stage, Trace
from ...core.views.channel_shares import list_shares
from ...core.views.field import find_field
from ...core.views.network_columns import (
    MOST_SCORES,
    NetworkColumn,
    choose_maps,
    find_before_flattening,
    find_column,
    fold_columns,
    get_work,
    list_columns,
    order_scores,
)
from ..figure.primitives import Box, CellImage, Line, Primitive, Rect
from ..figure.theme import MARK_OUTPUT, MARK_POOLING, Style, to_hex_color
from ..figure_content.shown_map import ShownMap, write_cell
from ..figure_content.stage_names import name_card
from ..map_image import shows_color_picture
from ..view_position import ViewPosition
from .blocks import wrap
from .view_texts import write_view_text

TEXT, LINE, TITLE, BELOW, SAYS = 13.0, 18.0, 46.0, 20.0, 44.0
"""Size of letters, height of a line, of a column's title, of the line below it, and of the sentences."""
PICTURE, SCORES, VALUES, LEAST_PITCH = 190.0, 210.0, 82.0, 68.0
"""Widths of the picture, of the scores, of a line of values with its wires, and the least of a column of maps."""
MOST_MAPS, LEAST_SIDE, LARGEST_SIDE, GAP, STRIP = 9, 36.0, 110.0, 7.0, 14.0
MAP_SHARE, SMALLEST_SHARE = 0.62, 0.6
"""The part of a column that its maps take, and of the largest side that the smallest map has."""
MOST_VALUES = 9
"""The most wires from single numbers, and from the channels of the picture."""
GRAY, THINNEST, THICKEST, OF_SHARE, CURVE_STEPS = 1.2, 1.0, 9.0, 26.0, 16
STRENGTH = 0.75
"""The place of a wire's color between near-white and the end of a signed scale."""


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column where it is drawn: `area` below its title, and the box of each map; -1 stands for a color picture."""

    column: NetworkColumn
    area: Box
    maps: tuple[tuple[int, Box], ...]
    is_lit: bool


def lay_out_network(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the network of a Trace, its columns lit as far as the presses of the View say."""
    whole = list_columns(trace)
    scores = 1 if whole[-1].kind == "scores" else 0
    most = max(3, 1 + scores + int((room.width - PICTURE - scores * SCORES) / _measure_pitch(style, trace, whole)))
    columns = fold_columns(trace, whole, most)
    last = max(column.depth for column in columns)
    all_presses = max(column.depth for column in whole)
    press = position.view.press
    lit = last if press is None or not all_presses else round(min(press, all_presses) / all_presses * last)
    area = Box(room.left, room.top, room.width, room.height - SAYS)
    order = order_scores(trace, press)
    placed = _place_columns(trace, columns, position, area, lit)
    for one in placed:
        yield from _write_title(style, trace, one)
        yield from _draw_column(style, trace, position, one, order)
    yield from _draw_resting(style, trace, placed)
    column = find_column(columns, position.stage.info.index)
    if column.depth <= lit and column.kind != "picture":
        yield from _draw_marks(style, trace, position, placed, column, order)
    yield from _write_says(style, trace, position, column, Box(room.left, area.bottom, room.width, SAYS), lit)


def _place_columns(
    trace: Trace, columns: tuple[NetworkColumn, ...], position: ViewPosition, room: Box, lit: int
) -> tuple[PlacedColumn, ...]:
    body = Box(room.left, room.top + TITLE, room.width, room.height - TITLE - BELOW)
    groups = [[one for one in columns if one.depth == depth] for depth in range(max(c.depth for c in columns) + 1)]
    with_maps = [any(one.kind == "maps" for one in group) for group in groups]
    lines = [all(one.kind == "values" for one in group) for group in groups]
    is_alone = not any(with_maps) and not any(lines)
    picture, scores = (room.width * 0.34,) * 2 if is_alone else (PICTURE, SCORES)
    rest = room.width - picture - (scores if columns[-1].kind == "scores" else 0) - VALUES * sum(lines)
    pitch = rest / max(1, sum(with_maps))
    widths = []
    for group, has_maps, is_line in zip(groups, with_maps, lines, strict=True):
        kinds = {one.kind for one in group}
        wide = picture if "picture" in kinds else scores if "scores" in kinds else VALUES if is_line else pitch
        if "scores" in kinds and is_alone:
            wide += rest
        widths.append(pitch if has_maps else wide)
    lefts = [room.left + sum(widths[:index]) for index in range(len(widths))]
    rows = max(1, min(MOST_MAPS, int(body.height / (LEAST_SIDE + GAP))))
    crowds = [len(groups[column.depth]) for column in columns]
    space = [
        max(1, rows // crowd) if column.kind == "maps" else 10**9 for column, crowd in zip(columns, crowds, strict=True)
    ]
    chosen = choose_maps(trace, columns, space, (position.stage.info.index, position.map))
    largest = min(pitch * MAP_SHARE, LARGEST_SIDE)
    longest = max((max(_shape(trace, one)[1:]) for one in columns if one.kind == "maps"), default=1)
    found = []
    for column, maps, crowd in zip(columns, chosen, crowds, strict=True):
        place = groups[column.depth].index(column)
        own = Box(
            lefts[column.depth],
            body.top + place * body.height / crowd,
            widths[column.depth],
            body.height / crowd - (TITLE if crowd > 1 else 0),
        )
        boxes = _place_maps(trace, column, maps, own, largest, longest, scores)
        found.append(PlacedColumn(column, own, boxes, column.depth <= lit))
    return tuple(found)


def _shape(trace: Trace, column: NetworkColumn) -> Shape:
    """The shape of what a column draws: of templates these, else of its maps."""
    channels, rows, columns = column.template or trace.stages[column.shown].output.shape
    return channels, rows, columns


def _place_maps(
    trace: Trace, column: NetworkColumn, maps: Sequence[int], own: Box, largest: float, longest: int, scores: float
) -> tuple[tuple[int, Box], ...]:
    shape = _shape(trace, column)
    if column.kind == "picture":
        box = _fit(shape, own.width * 0.9, own.height)
        return ((-1, Box(own.left, own.center[1] - box[1] / 2, *box)),)
    if column.kind == "values":
        count = len(maps)
        left = own.center[0] - STRIP / 2
        return tuple((map, Box(left, own.top + map * own.height / count, STRIP, own.height / count)) for map in maps)
    if column.kind == "scores":
        scored = len(trace.stages[column.shown].output)
        count = min(scored, MOST_SCORES) + (scored > MOST_SCORES)
        each = min(own.height / count, 46.0)
        left = own.right - scores + 22
        top = own.center[1] - count * each / 2
        return tuple((row, Box(left, top + row * each, own.right - left, each)) for row in range(count))
    slot = min(own.height / len(maps), largest + 2 * GAP)
    side = min(slot - GAP, largest) * (SMALLEST_SHARE + (1 - SMALLEST_SHARE) * max(shape[1:]) / longest)
    top = own.center[1] - len(maps) * slot / 2
    width, height = _fit(shape, side, side)
    return tuple(
        (map, Box(own.center[0] - width / 2, top + (row + 0.5) * slot - height / 2, width, height))
        for row, map in enumerate(maps)
    )


def _fit(shape: Shape, width: float, height: float) -> tuple[float, float]:
    cell = min(width / shape[2], height / shape[1])
    return cell * shape[2], cell * shape[1]


def name_column(trace: Trace, column: NetworkColumn) -> str:
    """Write the name of a column: conv1 + ReLU; of scores: flatten 1,024 → 10 → softmax."""
    stages = [trace.stages[index] for index in column.stages]
    if column.kind == "picture":
        return write_view_text("network_picture_prepared" if len(stages) > 1 else "network_picture")
    if column.kind == "scores":
        return " → ".join(_name_step(stage) for stage in stages)
    first, *others = [write_message(stage.info.title) for stage in stages if stage.info.operation.kind != "flatten"]
    if column.repeats > 1:
        end = name_card(write_message(trace.stages[column.shown].info.title))
        return write_view_text("network_repeated", first=name_card(first), last=end)
    return " + ".join([name_card(first), *(title.split(" · ")[-1] for title in others)])


def _name_step(stage: Stage) -> str:
    kind, count = stage.info.operation.kind, len(stage.output)
    if kind == "flatten":
        return write_view_text("network_flattened", count=f"{count:,}")
    return str(count) if kind == "linear" else _name_stage(stage)


def _name_stage(stage: Stage) -> str:
    is_softmax = stage.info.operation.kind == "softmax"
    return stage.info.op if is_softmax else name_card(write_message(stage.info.title))


def name_chosen(trace: Trace, column: NetworkColumn, stage: Stage) -> str:
    """Write the name of what is chosen: of a column whose maps are those of the stage, else of the stage alone."""
    is_column = stage.info.index == column.shown and column.kind != "scores" and column.repeats == 1
    return name_column(trace, column) if is_column else _name_stage(stage)


def _write_size(trace: Trace, column: NetworkColumn) -> str:
    """Write the size of what a column draws, below its name."""
    shape = trace.stages[column.shown].output.shape
    if column.kind == "scores":
        return write_view_text("network_scores", count=shape[0])
    if column.kind == "values" or column.template:
        return write_view_text("network_values", count=shape[0])
    return "×".join(str(side) for side in shape)


def _measure_pitch(style: Style, trace: Trace, columns: Sequence[NetworkColumn]) -> float:
    """The width that a column needs for its longest word."""
    named = [column for column in columns if column.kind in ("maps", "values")]
    words = [style.metrics.measure(word, "bold", 13) for one in named for word in name_column(trace, one).split()]
    sizes = [style.metrics.measure(word, "mono", 12) for one in named for word in _write_size(trace, one).split()]
    return max((LEAST_PITCH, *(width + 8 for width in (*words, *sizes))))


def _break_name(style: Style, name: str, width: float) -> list[tuple[str, float]]:
    """Break a name into two lines at most, each with the size of its letters; words stay whole."""
    words = name.split()
    for size in (14, 13, 12):
        for place in range(len(words), 0, -1):
            lines = [" ".join(words[:place]), " ".join(words[place:])]
            if all(style.metrics.measure(line, "bold", size) <= width for line in lines):
                return [(line, size) for line in lines if line]
    return [style.fit(name, "bold", (12, 11), width)]


def _write_title(style: Style, trace: Trace, placed: PlacedColumn) -> Iterator[Primitive]:
    column, area = placed.column, placed.area
    stage = trace.stages[column.shown]
    boxes = [box for _, box in placed.maps]
    top = boxes[0].top if column.kind == "picture" else area.top
    center = boxes[0].center[0] if column.kind in ("picture", "scores") else area.center[0]
    width = boxes[0].width if column.kind in ("picture", "scores") else area.width
    is_pool = stage.info.family == "pooling"
    ink = style.theme.input if column.kind == "picture" else style.theme.pooling if is_pool else style.theme.output
    ink = style.theme.text if column.kind == "scores" else ink
    lines = _break_name(style, name_column(trace, column), width - 4)
    for row, (text, size) in enumerate(reversed(lines)):
        yield style.write("view-name", (center, top - 24 - row * LINE * 0.85), text, ink, "bold", size, "middle")
    count = len(stage.output)
    size_text, size = style.fit(_write_size(trace, column), "mono", (12, 11, 10), width - 4)
    yield style.write("view-name", (center, top - 8), size_text, style.theme.muted, "mono", size, "middle")
    if column.kind == "maps" and len(placed.maps) < count:
        drawn = write_view_text("network_drawn", shown=len(placed.maps), all=count)
        if style.metrics.measure(drawn, "mono", 12) > width - 4:
            drawn = f"{len(placed.maps)} / {count}"
        yield style.write("view-name", (center, area.bottom + 15), drawn, style.theme.muted, "mono", 12, "middle")


def _draw_column(
    style: Style, trace: Trace, position: ViewPosition, placed: PlacedColumn, order: Sequence[int]
) -> Iterator[Primitive]:
    column = placed.column
    stage = trace.stages[column.shown]
    if column.kind == "scores":
        yield from _draw_scores(style, trace, placed, order)
        return
    if column.kind == "values":
        whole = Box(placed.maps[0][1].left, placed.area.top, STRIP, placed.area.height)
        if placed.is_lit:
            shown = ShownMap(stage, 0, False, position.view, is_dark=style.theme.is_dark)
            yield CellImage("view-map", whole, shown.color(stage.output[:, :, 0]))
        else:
            yield from style.hatch("view-outside", whole)
        yield Rect("view-map", whole, stroke=style.theme.edge, stroke_width=0.75)
        return
    for map, box in placed.maps:
        if not placed.is_lit:
            yield from style.hatch("view-outside", box)
        else:
            yield CellImage("view-map", box, _color_map(style, trace, position, column, map))
        yield Rect("view-map", box, stroke=style.theme.edge, stroke_width=0.75)


def _color_map(style: Style, trace: Trace, position: ViewPosition, column: NetworkColumn, map: int) -> Colors:
    if column.template:
        return _color_template(trace, get_work(trace, column), map)
    stage = trace.stages[0 if column.kind == "picture" else column.shown]
    is_picture = map < 0 and shows_color_picture(stage, position.view.colors)
    return ShownMap(stage, max(0, map), is_picture, position.view, is_dark=style.theme.is_dark).to_colors()


def _color_template(trace: Trace, stage: Stage, map: int) -> Colors:
    """The weights of one number as a picture: of three channels in color, where gray is a weight of 0."""
    assert stage.weight is not None
    shape = find_before_flattening(trace, stage).output.shape
    weights = stage.weight.reshape(len(stage.output), *shape)[map].astype(np.float64)
    largest = float(np.abs(weights).max()) or 1.0
    if len(weights) != 3:
        return color_values(weights[0], make_scale("signed", largest))
    colors: Colors = np.clip(127.5 + 127.5 * weights / largest, 0, 255).astype(np.uint8).transpose(1, 2, 0)
    return colors


def _draw_scores(style: Style, trace: Trace, placed: PlacedColumn, order: Sequence[int]) -> Iterator[Primitive]:
    column, theme = placed.column, style.theme
    stage = trace.stages[column.shown]
    is_share = stage.info.operation.kind == "softmax"
    order = order if placed.is_lit else range(len(stage.output))
    scores = stage.output[:, 0, 0].astype(float)
    values = [float(scores[map]) if placed.is_lit else 0.0 for map in order]
    least, most = (0.0, 1.0) if is_share else (min(0.0, *values), max(0.0, *values))
    first, last = placed.maps[0][1], placed.maps[-1][1]
    x = first.left - 12
    yield Line("view-join", x, first.top, x, last.bottom, theme.edge, 2)
    for y in (first.top, last.bottom):
        yield Line("view-join", x - 6, y, x, y, theme.edge, 2)
    for row, box in placed.maps:
        size = min(TEXT, box.height * 0.45)
        y = box.center[1] - 3
        if row == MOST_SCORES:
            rest = sum(values[MOST_SCORES:])
            text = write_view_text("network_others", count=len(values) - MOST_SCORES)
            yield style.write("scores", (box.left, y), text, theme.muted, "sans", size)
            if placed.is_lit and is_share:
                yield style.write("scores", (box.right, y), format_percent(rest), theme.muted, "mono", size, "end")
            continue
        map, value = order[row], values[row]
        left = box.left
        if column.template and placed.is_lit:
            side = min(box.height * 0.88, 60.0)
            picture = Box(left, box.center[1] - side / 2, side, side)
            yield CellImage("view-map", picture, _color_template(trace, get_work(trace, column), map))
            left = picture.right + 8
        name = stage.info.classes[map] if map < len(stage.info.classes) else str(map)
        is_first = placed.is_lit and map == int(np.argmax(scores))
        ink = theme.output if is_first else theme.text
        shown = write_cell(stage, value) if placed.is_lit else ""
        room = box.right - left - style.metrics.measure(shown, "mono", size) - 8
        name = style.metrics.shorten(name, "bold", size, room)
        yield style.write("scores", (left, y), name, ink, "bold" if is_first else "sans", size)
        yield style.write("scores", (box.right, y), shown, ink, "mono", size, "end")
        track = Box(left, y + 5, box.right - left, min(7.0, box.height * 0.2))
        yield Rect("scores", track, theme.sunken, radius=3)
        unit = track.width / ((most - least) or 1)
        if value:
            bar = Box(track.left + (min(0.0, value) - least) * unit, track.top, abs(value) * unit, track.height)
            color = theme.output if is_first else theme.muted
            if not is_share:
                color = to_hex_color(color_values(STRENGTH * np.sign(value), make_scale("signed", 1), theme.is_dark))
            yield Rect("scores", bar, color, radius=min(3.0, bar.width / 2))
    if is_share:
        said, room = write_view_text("network_shares"), first.width + 14
        size = next((one for one in (12, 11, 10) if len(wrap(style, said, room, one)) <= 2), 10)
        for place, line in enumerate(wrap(style, said, room, size)):
            at = (first.left - 12, placed.area.bottom + 15 + 14 * place)
            yield style.write("view-says", at, line, theme.muted, "sans", size)


def _draw_resting(style: Style, trace: Trace, placed: Sequence[PlacedColumn]) -> Iterator[Primitive]:
    """Thin lines between a map and those that it is made from alone, of a pool or a join; far ones pass between."""
    for one in placed:
        work = get_work(trace, one.column)
        is_join = work.info.operation.kind == "join"
        if not one.is_lit or not (is_join or "map_by_map" in work.info.operation.capabilities):
            continue
        for part, read in enumerate(one.column.reads):
            starts = dict(placed[read].maps)
            first = work.info.starts[part] if work.info.starts else 0
            for map, end in one.maps:
                start = starts.get(map - first)
                if start is None or map - first < 0:
                    continue
                points = [(start.right, start.center[1]), (end.left, end.center[1])]
                if one.column.depth - placed[read].column.depth > 1:
                    y = min(start.top, end.top) - 3
                    points[1:1] = [(start.right + 10, y), (end.left - 10, y)]
                for (x, y), (end_x, end_y) in pairwise(points):
                    yield Line("view-wire", x, y, end_x, end_y, style.theme.edge, 0.75)


@dataclass(frozen=True, slots=True)
class Wire:
    """A wire from a map of a column into what is chosen; `share` is None where it is gray."""

    column: NetworkColumn
    map: int
    share: float | None


def list_wires(
    trace: Trace, columns: Sequence[NetworkColumn], stage: int, map: int, cell: tuple[int, int] | None
) -> list[Wire]:
    """List the wires into a cell, or with no cell into a map. What is all 0 has none."""
    column = find_column(columns, stage)
    if column.kind == "picture" or _is_flat(trace.stages[stage]):
        return []
    work = get_work(trace, column)
    shape = work.output.shape
    at = (0, 0) if shape[1:] == (1, 1) else cell if trace.stages[stage].output.shape[1:] == shape[1:] else None
    shares = list_shares(trace, work, map, at) if at is not None and map < shape[0] else ()
    if shares:
        source = find_column(columns, find_before_flattening(trace, work).info.index)
        return [Wire(source, one.channel, one.share) for one in shares if not one.is_silent and one.share]
    wires = []
    for part, index in enumerate(work.info.reads):
        read = trace.stages[index]
        read = find_before_flattening(trace, work) if read.info.operation.kind == "flatten" else read
        for one in _list_read_maps(work, map, part, len(read.output)):
            if read.output[one].any():
                wires.append(Wire(find_column(columns, read.info.index), one, None))
    return wires


def _list_read_maps(work: Stage, map: int, part: int, count: int) -> Sequence[int]:
    """The maps that a map of a stage reads of one of its inputs, of `count` maps."""
    info = work.info
    if info.operation.kind == "conv":
        own = count // (info.filters.groups if info.filters else 1)
        first = map // (len(work.output) // (count // own)) * own
        return range(first, first + own)
    if info.starts:
        one = map - info.starts[part]
        return [one] if 0 <= one < count else []
    if info.operation.kind in ("linear", "softmax", "prepare", "lrn"):
        return range(count)
    return [min(map, count - 1)]


def _is_flat(stage: Stage) -> bool:
    """Whether it is a flattening, whose numbers are drawn nowhere."""
    return stage.info.operation.kind == "flatten"


def _draw_marks(
    style: Style,
    trace: Trace,
    position: ViewPosition,
    placed: Sequence[PlacedColumn],
    column: NetworkColumn,
    order: Sequence[int],
) -> Iterator[Primitive]:
    columns = [one.column for one in placed]
    stage, map = position.stage, position.map
    cell = position.cell if position.view.at is not None else None
    end = None if _is_flat(stage) else _find_end(placed, column, map, order)
    if end is None:
        return
    wires = list_wires(trace, columns, stage.info.index, map, cell)
    drawn = [(wire, start) for wire in wires if (start := _find_start(trace, placed, wire)) is not None]
    drawn.sort(key=lambda one: -abs(one[0].share or 0))
    if len(drawn) > MOST_VALUES and drawn[0][0].column.kind != "maps":
        is_gray = drawn[0][0].share is None
        drawn = [drawn[n * len(drawn) // MOST_VALUES if is_gray else n] for n in range(MOST_VALUES)]
    for wire, start in drawn:
        color, width = style.theme.muted, GRAY
        if wire.share is not None:
            sign = STRENGTH * np.sign(wire.share)
            color = to_hex_color(color_values(sign, make_scale("signed", 1), style.theme.is_dark))
            width = min(THICKEST, THINNEST + OF_SHARE * abs(wire.share))
        yield from _draw_curve(start, (end.left, end.center[1]), color, width)
    if column.kind not in ("maps", "values"):
        return
    yield Rect("view-box", end.grow(2.5), stroke=MARK_OUTPUT, stroke_width=2.5)
    rows, across = stage.output.shape[1:]
    if cell is None or column.template or rows * across == 1:
        return
    one = Box(
        end.left + cell[1] * end.width / across, end.top + cell[0] * end.height / rows, end.width / across,
        end.height / rows,
    )  # fmt: skip
    yield Rect("view-box", one, stroke=MARK_POOLING, stroke_width=1.5)
    seen = find_field(trace, stage.info.index, map, *cell)[-1]
    photo = placed[0].maps[0][1]
    (top, bottom), (left, right) = seen.inside
    _, high, wide = trace.stages[0].output.shape
    box = Box(
        photo.left + left * photo.width / wide, photo.top + top * photo.height / high,
        (right - left + 1) * photo.width / wide, (bottom - top + 1) * photo.height / high,
    )  # fmt: skip
    yield Rect("view-box", box.grow(1.5), stroke="#ffffff", stroke_width=1.5)
    yield Rect("view-box", box, stroke=MARK_POOLING, stroke_width=2)


def _find_end(placed: Sequence[PlacedColumn], column: NetworkColumn, map: int, order: Sequence[int]) -> Box | None:
    boxes = dict(next(one for one in placed if one.column is column).maps)
    if column.kind != "scores":
        return boxes.get(map)
    box = boxes[min(order.index(map), len(boxes) - 1)] if map in order else None
    return box and replace(box, left=box.left - 12)


def _find_start(trace: Trace, placed: Sequence[PlacedColumn], wire: Wire) -> tuple[float, float] | None:
    found = next(one for one in placed if one.column is wire.column)
    if wire.column.kind == "picture":
        box = found.maps[0][1]
        count = len(trace.stages[wire.column.shown].output)
        return box.right, box.top + (wire.map + 0.5) * box.height / count
    start = dict(found.maps).get(wire.map)
    return (start.right, start.center[1]) if start else None


def _draw_curve(start: tuple[float, float], end: tuple[float, float], color: str, width: float) -> Iterator[Primitive]:
    """A curve that leaves and arrives horizontally, as short lines."""
    (x, y), (end_x, end_y) = start, end
    points = []
    for step in range(CURVE_STEPS + 1):
        t = step / CURVE_STEPS
        across = 1.5 * (1 - t) * t * (1 - t) + 1.5 * (1 - t) * t * t + t**3
        points.append((x + (end_x - x) * across, y + (end_y - y) * (3 * t * t - 2 * t**3)))
    for one, following in pairwise(points):
        yield Line("view-wire", *one, *following, color, width)


def _write_says(
    style: Style, trace: Trace, position: ViewPosition, column: NetworkColumn, room: Box, lit: int
) -> Iterator[Primitive]:
    if column.depth > lit:
        lines = [write_view_text("network_question")]
    elif column.kind == "picture":
        lines = [write_view_text("network_start")]
    else:
        lines = [_write_chosen(trace, position, column)]
        if not _is_flat(position.stage):
            lines.append(_write_rule(trace, position, column))
    for index, line in enumerate(lines):
        text, size = style.fit(line, "sans", (15, 14, 13, 12), room.width)
        at = (room.left, room.top + 20 + index * LINE)
        yield style.write("view-says", at, text, style.theme.text, "sans", size)


def _write_chosen(trace: Trace, position: ViewPosition, column: NetworkColumn) -> str:
    stage, map = position.stage, position.map
    name = name_chosen(trace, column, stage)
    if stage.output.shape[1:] == (1, 1):
        classes = stage.info.classes
        who = classes[map] if map < len(classes) else write_view_text("network_number", map=map)
        value = write_cell(stage, float(stage.output[map, 0, 0]))
        return write_view_text("network_chosen_value", who=who, name=name, value=value)
    if position.view.at is None:
        return write_view_text("network_chosen_map", map=map, name=name)
    row, col = position.cell
    value = write_cell(stage, float(stage.output[map, row, col]))
    said = write_view_text("network_chosen_cell", row=row, col=col, map=map, name=name, value=value)
    seen = find_field(trace, stage.info.index, map, row, col)[-1]
    high, wide = (end - start + 1 for start, end in seen.inside)
    if (high, wide) == trace.stages[0].output.shape[1:]:
        return f"{said} {write_view_text('network_sees_all')}"
    return f"{said} {write_view_text('network_sees', rows=high, columns=wide)}"


def _write_rule(trace: Trace, position: ViewPosition, column: NetworkColumn) -> str:
    cell = position.cell if position.view.at is not None else None
    columns = list_columns(trace)
    wires = list_wires(trace, columns, position.stage.info.index, position.map, cell)
    if any(wire.share is not None for wire in wires):
        return write_view_text("network_wires")
    return write_view_text("network_filter" if get_work(trace, column).weight is not None else "network_alone")
