"""Lays out a layer as volumes in the place of the maps: slices, filters, sums, the depth column, and what is said.

`static/pure/tabs/volume/volume-view.js` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ....core.number_text import format_short_number
from ....core.ops.geometry import find_source_index
from ....core.texts import write_message
from ....core.trace.color_scale import color_values, make_weight_scale
from ....core.trace.trace import Stage, Trace, get_read
from ....core.writing.amounts import read_amount, read_filter
from ...figure.primitives import Box, Line, Primitive, Rect, TextLine
from ...figure.theme import Style
from ...figure_content.cell_digits import list_number_texts
from ...figure_content.shown_map import ShownMap
from ...figure_content.step_sentences import is_color_stage, name_slice
from ...view_position import ViewPosition
from ..blocks import Block, write_paragraph, write_runs
from .dot_product import draw_dot_product
from .flatten_column import draw_flatten_column
from .small_filters import draw_small
from .volume_column import draw_column, draw_dashed, draw_through, find_place
from .volume_layout import SliceBox, VolumeLayout, lay_out_parts
from .volume_parts import MOST_OPEN, VolumeParts, VolumeStep, find_parts, has_filter_slices, looks_at_one_place
from .volume_slices import (
    TO_COME,
    Role,
    SliceCell,
    color_cells,
    draw_cells,
    draw_mark,
    draw_picture,
    find_color,
    is_picture,
    make_cells,
)
from .volume_sums import FilterSum, drop_plus, sum_filter, write_products
from .volume_texts import write_bias, write_volume_text

MOST_SLICES, LEAST_SLICES = 9, 3
SMALL_FILTERS, SMALL_SCALES = (16, 12, 8, 6, 4), (2.5, 2.0, 1.6, 1.3)
SMALL_SLICE, SIDE_WITH_WINDOW, SIDE_WITH_BOTH = 56, 72, 96
"""The most slices on a side, and the least that stay while cells are too small; how many filters are small, and how
much larger they may be; the longest side of a slice that can be seen, and of one beside which windows stand in numbers:
with all filters open, and with small ones."""
CHARACTER, LINE, BETWEEN = 0.56, 1.5, 14
TEXT, GLANCE_TEXT = 12.0, 8.0
"""The font of a volume, in points, and where slices count more than numbers."""


@dataclass(frozen=True, slots=True)
class Volume:
    """A volume that is drawn: its step, its parts, where they lie, and the sums of its filters."""

    step: VolumeStep
    parts: VolumeParts
    layout: VolumeLayout
    sums: tuple[FilterSum, ...]


def has_volume(position: ViewPosition, trace: Trace) -> bool:
    """Whether there are slices to draw: not where single numbers are made from single numbers."""
    stage = position.stage
    before = get_read(trace, stage, position.map) if stage.info.index else stage
    has_cells = any(math.prod(one.output.shape[1:]) > 1 for one in (stage, before))
    return has_cells or has_filter_slices(stage)


def lay_out_volume(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the layer of a position as volumes."""
    step, size = VolumeStep(trace, position), (room.width, room.height)
    if position.stage.info.operation.kind == "flatten" and step.before is not None:
        body, sentences = draw_flatten_column(style, position, step.before, size, TEXT)
        says = [[(one, style.theme.text)] for one in sentences if one]
        yield from _put(style, body, says, None, room)
        return
    if style.is_glance and position.stage.info.index:
        volume = read_volume(step, size, GLANCE_TEXT, has_lines=False)
    else:
        volume = read_volume(step, size, TEXT, has_lines=not style.is_glance)
    body = Block(tuple(_draw(style, volume)), volume.layout.width, volume.layout.height)
    is_dot = looks_at_one_place(position.stage) and len(step.numbers["channels"]) > 1
    dot = draw_dot_product(style, step, volume.parts, volume.sums, TEXT) if is_dot else None
    lines = [*_write_lines(style, volume), [(" ".join(write_notes(step, volume.parts)), style.theme.muted)]]
    yield from _put(style, body, [one for one in lines if one], dot, room)


def read_volume(step: VolumeStep, room: tuple[float, float], text: float, has_lines: bool = True) -> Volume:
    """Find out what is drawn of a step, and where, in a room (width, height) that also has the lines below."""
    stage, (width, height) = step.stage, room
    is_dot = looks_at_one_place(stage) and len(step.numbers["channels"]) > 1
    sums = (1 if len(stage.output) > MOST_OPEN else len(stage.output)) + (4 if is_dot else 1)
    noted = len(" ".join(write_notes(step, find_parts(step, LEAST_SLICES, SMALL_FILTERS[0])))) * text * CHARACTER
    lines = (sums if has_filter_slices(stage) else 0) + math.ceil(noted / max(1, width))
    below = lines * text * LINE + BETWEEN if has_lines else 0.0
    parts, layout = _fit_slices(step, (width, max(0.0, height - below)), text)
    return Volume(step, parts, layout, tuple(sum_filter(step, map) for map in parts.filters))


def _fit_slices(step: VolumeStep, room: tuple[float, float], text: float) -> tuple[VolumeParts, VolumeLayout]:
    """As many slices as have cells that can be seen, then as many small filters as have room."""
    counts = [(most, SMALL_FILTERS[0]) for most in range(MOST_SLICES, LEAST_SLICES - 1, -1)]
    counts += [(LEAST_SLICES, small) for small in SMALL_FILTERS[1:]]
    for most, most_small in counts:
        parts = find_parts(step, most, most_small)
        layout = lay_out_parts(parts, room, text, True)
        is_wide = not layout.windows or layout.side >= (SIDE_WITH_BOTH if parts.small else SIDE_WITH_WINDOW)
        if not is_wide:
            layout = lay_out_parts(parts, room, text, False)
        is_seen = layout.side >= SMALL_SLICE and layout.height <= room[1]
        if is_seen or (most, most_small) == counts[-1] or (most == LEAST_SLICES and not parts.small):
            break
    return parts, _enlarge_small(parts, layout, room, is_wide)


def _enlarge_small(
    parts: VolumeParts, layout: VolumeLayout, room: tuple[float, float], has_windows: bool
) -> VolumeLayout:
    """A layout with small filters as large as they can be while all slices stay as large as they are."""
    for scale in SMALL_SCALES if layout.small else ():
        made = lay_out_parts(parts, room, layout.text, has_windows, scale)
        fits = made.width <= room[0] and made.height <= room[1]
        if fits and made.inputs[0].cell == layout.inputs[0].cell:
            return made
    return layout


Lines = Sequence[list[tuple[str, str]]]
"""Lines below the slices: each a list of texts and their colors."""


def _put(style: Style, body: Block, lines: Lines, dot: Block | None, room: Box) -> Iterator[Primitive]:
    """Put the slices above what is said, together in the middle of the room."""
    if style.is_glance:
        fitted = body.fit(room)
        yield from fitted.list_primitives(room.left, room.top + (room.height - fitted.height) / 2)
        return
    blocks = []
    for runs in lines:
        if len(runs) > 1:
            blocks.append(
                Block(tuple(write_runs(style, "view-says", (0, TEXT), runs, "mono", TEXT)), room.width, TEXT * LINE)
            )
        else:
            blocks.append(write_paragraph(style, "view-says", runs[0][0], room.width, 13, runs[0][1]))
    if dot:
        blocks.insert(len(blocks) - 1, dot)
    says = sum(one.height for one in blocks)
    fitted = body.fit(Box(0, 0, room.width, room.height - says - BETWEEN))
    y = room.top + max(0.0, room.height - says - BETWEEN - fitted.height) / 2
    yield from fitted.list_primitives(room.left, y)
    y += fitted.height + BETWEEN
    for one in blocks:
        yield from one.list_primitives(room.left, y)
        y += one.height


def _draw(style: Style, volume: Volume) -> Iterator[Primitive]:
    yield from _draw_inputs(style, volume)
    yield from _draw_box(style, volume)
    yield from _draw_input_column(style, volume)
    yield from _draw_windows(style, volume)
    for k, own in enumerate(volume.sums):
        yield from _draw_filter(style, volume, k, own)
    if volume.layout.small:
        yield from draw_small(style, volume.parts, volume.layout.small, volume.step.map, volume.layout.text)
    yield from _draw_outputs(style, volume)
    yield from _draw_afters(style, volume)
    yield from draw_column(style, volume.step, volume.parts, volume.layout)
    yield from _name_outputs(style, volume)


def _label(style: Style, slice: SliceBox, name: str, role: Role, text: float) -> TextLine:
    at = slice.x, slice.y - text * 0.45
    return style.write("volume-name", at, name, find_color(style, role), "mono-bold", text)


def _show(style: Style, volume: Volume, stage: Stage, map: int) -> ShownMap:
    return ShownMap(stage, map, False, volume.step.position.view, is_dark=style.theme.is_dark)


def _draw_inputs(style: Style, volume: Volume) -> Iterator[Primitive]:
    parts, text, before, step = volume.parts, volume.layout.text, volume.parts.before, volume.step
    if before is None:
        return
    (top, left), (rows, columns) = parts.padding, map(int, before.output.shape[1:])
    read = [one["channel"] for one in step.numbers["channels"]]
    for slice, channel in zip(volume.layout.inputs, parts.channels, strict=True):
        shown = _show(style, volume, before, channel)
        yield _label(style, slice, name_slice(before, channel), "input", text)
        if is_picture(slice, text):
            inside = SliceBox(slice.x + left * slice.cell, slice.y + top * slice.cell, slice.cell, rows, columns)
            yield from draw_picture(style, slice, "input", shown.to_colors(), rows * columns, inside)
        else:
            inner, outside = color_cells(style, before, shown, channel), _write_padding(parts.stage, before, channel)
            cells = [
                [
                    inner[row - top][column - left]
                    if top <= row < top + rows and left <= column < left + columns
                    else SliceCell((outside(row - top, column - left),), kind="padded")
                    for column in range(slice.columns)
                ]
                for row in range(slice.rows)
            ]
            yield from draw_cells(style, slice, "input", cells, text)
        if channel in read or not read:
            is_now = channel in read and step.beat == f"channel-{read.index(channel)}"
            yield from _draw_window(style, volume, slice, is_now)


def _write_padding(stage: Stage, before: Stage, channel: int) -> Callable[[int, int], str]:
    """The text of a cell of the padding at a row and column of the map."""
    filters, law, plane = stage.info.filters, stage.plan.law if stage.plan else None, before.output[channel]
    mode = filters.padding_mode if filters else getattr(law, "mode", "zeros")
    is_outside = stage.info.pool is not None and stage.info.pool.kind in ("max", "min")
    zero = "" if is_outside else format_short_number(getattr(law, "value", 0.0) or 0.0)

    def write(row: int, column: int) -> str:
        if mode == "zeros":
            return zero
        at, beside = (find_source_index(one, size, mode) for one, size in zip((row, column), plane.shape, strict=True))
        return format_short_number(read_amount(before, float(plane[at, beside])).value)

    return write


def _draw_window(style: Style, volume: Volume, slice: SliceBox, is_now: bool) -> Iterator[Primitive]:
    """Outline the window; of one with holes also the cells that it reads."""
    numbers, (top, left) = volume.step.numbers, volume.parts.padding
    rows, columns = [row + top for row in numbers["rows"]], [column + left for column in numbers["columns"]]
    if not rows or not columns:
        return
    if any(abs(one - other) > 1 for one, other in pairwise(rows)):
        for row in rows:
            for column in columns:
                yield Rect("volume-read", slice.find_box(row, column), stroke=style.theme.input, stroke_width=1)
    spans = (min(rows), max(rows)), (min(columns), max(columns))
    yield from draw_mark(style, "volume-window", slice, spans, style.theme.input, 4 if is_now else 2)


def _draw_box(style: Style, volume: Volume) -> Iterator[Line]:
    """Join the windows of neighboring slices: what a filter reads is a box through all of them."""
    numbers, parts = volume.step.numbers, volume.parts
    if not has_filter_slices(parts.stage) or looks_at_one_place(parts.stage):
        return
    if not numbers["rows"] or not numbers["columns"]:
        return
    (top, left), read = parts.padding, {one["channel"] for one in numbers["channels"]}
    rows, columns = numbers["rows"], numbers["columns"]
    windows = [
        slice.find_box(min(rows) + top, min(columns) + left, max(rows) - min(rows) + 1, max(columns) - min(columns) + 1)
        for slice, channel in zip(volume.layout.inputs, parts.channels, strict=True)
        if channel in read
    ]
    for one, other in pairwise(windows):
        if one.top == other.top:
            ends = [((one.right, y), (other.left, y)) for y in (one.top, one.bottom)]
        else:
            ends = [((x, one.bottom), (x, other.top)) for x in (one.left, one.right)]
        for start, end in ends:
            yield from draw_dashed("volume-box", start, end, style.theme.input, (3, 2))


def _draw_input_column(style: Style, volume: Volume) -> Iterator[Line]:
    """The line through the one place that a 1 × 1 filter reads in all channels."""
    numbers, (top, left) = volume.step.numbers, volume.parts.padding
    if looks_at_one_place(volume.parts.stage) and len(volume.layout.inputs) > 1:
        place = numbers["rows"][0] + top, numbers["columns"][0] + left
        yield from draw_through(style, [find_place(one, *place) for one in volume.layout.inputs], "input")


def _draw_windows(style: Style, volume: Volume) -> Iterator[Primitive]:
    """The windows in numbers."""
    parts, before = volume.parts, volume.parts.before
    read = {one["channel"]: one for one in volume.step.numbers["channels"]}
    if before is None:
        return
    for slice, channel in zip(volume.layout.windows, parts.channels, strict=bool(volume.layout.windows)):
        one = read.get(channel)
        if one is None or np.shape(one["values"]) != parts.kernel:
            continue
        values = np.array([[read_amount(before, value or 0.0).value for value in line] for line in one["values"]])
        cells = [
            [
                SliceCell(list_number_texts(value), kind="padded") if is_padded else cell
                for value, is_padded, cell in zip(*line, strict=True)
            ]
            for line in zip(
                values.tolist(),
                one["padded"],
                make_cells(values, _show(style, volume, before, channel).color(values)),
                strict=True,
            )
        ]
        yield from draw_cells(style, slice, "input", cells, volume.layout.text)


def _draw_filter(style: Style, volume: Volume, k: int, own: FilterSum) -> Iterator[Primitive]:
    """The slices, the bias and the sums of a filter."""
    step, parts, layout, theme = volume.step, volume.parts, volume.layout, style.theme
    stage, before, text = parts.stage, parts.before, layout.text
    if before is None or stage.weight is None:
        return
    weight = stage.weight[own.map]
    first = step.explain(own.map)["channels"][0]["channel"] if step.explain(own.map)["channels"] else 0
    if stage.info.filters:
        first = own.map // (len(stage.output) // stage.info.filters.groups) * len(weight)
    unit = read_filter(stage, before, step.explain(own.map)).cell_divisor
    colors = color_values(weight, make_weight_scale(weight), theme.is_dark)
    name = layout.names[k][0], layout.names[k][1] + text * 1.05
    yield style.write(
        "volume-name", name, write_volume_text("volume_filter", map=own.map), theme.filter, "mono-bold", text
    )
    for slice, channel in zip(layout.filters[k], parts.channels, strict=True):
        c = channel - first
        if not 0 <= c < len(weight):
            continue
        cells = make_cells(weight[c].astype(np.float64) / unit, colors[c])
        yield from draw_cells(style, slice, "filter", cells, text)
        if not own.beat:
            yield Rect("volume-waits", slice.box, theme.surface, opacity=0.65)
        if own.map == step.map and step.beat == f"channel-{c}":
            spans = (0, slice.rows - 1), (0, slice.columns - 1)
            yield from draw_mark(style, "volume-filter-now", slice, spans, theme.filter, 4)
        if channel in own.channels:
            at = slice.box.center[0], slice.box.bottom + text * 1.1
            said = write_volume_text("volume_channel_sum", sum=drop_plus(own.channels[channel]))
            yield style.write("volume-sum", at, said, theme.text, "mono", text, "middle")
    x, y = layout.ends[k]
    bias = own.texts.bias_written or own.texts.bias
    said = write_volume_text("volume_bias", map=own.map, bias=bias) if bias else write_bias(stage, own.map)
    yield style.write("volume-bias", (x, y + text * 1.05), said, theme.filter, "mono-bold", text)
    if own.result:
        said = write_volume_text("volume_result", result=own.result)
        yield style.write("volume-result", (x, y + text * (1.05 + 1.35)), said, theme.output, "mono-bold", text)


def _draw_outputs(style: Style, volume: Volume) -> Iterator[Primitive]:
    stage = volume.parts.stage
    for slice, map in zip(volume.layout.outputs, volume.parts.maps, strict=True):
        yield from _draw_output(style, volume, slice, stage, map, _find_role(stage))


def _name_outputs(style: Style, volume: Volume) -> Iterator[Primitive]:
    """The names of the slices of the output, in front of the line through them."""
    stage, after, text = volume.parts.stage, volume.parts.after, volume.layout.text
    named = [
        (slice, write_volume_text("volume_map", map=map) if stage.info.index else name_slice(stage, map), stage)
        for slice, map in zip(volume.layout.outputs, volume.parts.maps, strict=True)
    ]
    named += [(slice, write_message(after.info.title), after) for slice in volume.layout.afters if after]
    for slice, name, one in named:
        label = _label(style, slice, name, _find_role(one), text)
        yield Rect("volume-label", label.box.grow(2), style.theme.surface)
        yield label


def _find_role(stage: Stage) -> Role:
    """What the slices of a stage are in its output."""
    if stage.info.index == 0:
        return "input"
    return "pooling" if stage.info.family == "pooling" else "output"


def _draw_afters(style: Style, volume: Volume) -> Iterator[Primitive]:
    """What the activation behind the layer makes of each output slice."""
    after, text = volume.parts.after, volume.layout.text
    if after is None:
        return
    for slice, map in zip(volume.layout.afters, volume.parts.maps, strict=True):
        at = slice.x - text * 1.3, slice.box.center[1] + text * 0.35
        yield style.write("volume-name", at, "→", style.theme.output, "mono-bold", text)
        yield from _draw_output(style, volume, slice, after, map, "output")


def _draw_output(
    style: Style, volume: Volume, slice: SliceBox, stage: Stage, map: int, role: Role
) -> Iterator[Primitive]:
    """A slice that is written cell by cell, and the place of the step in it."""
    text, written, shown = volume.layout.text, volume.step.count_written(map), _show(style, volume, stage, map)
    if is_picture(slice, text):
        yield from draw_picture(style, slice, role, shown.to_colors(), written, slice)
    else:
        cells = color_cells(style, stage, shown, map)
        cells = [
            [cell if row * slice.columns + column < written else TO_COME for column, cell in enumerate(line)]
            for row, line in enumerate(cells)
        ]
        yield from draw_cells(style, slice, role, cells, text)
    row, column = volume.step.position.cell
    is_here = map == volume.step.map
    part = "volume-here" if is_here else "volume-place"
    spans = (row, row), (column, column)
    yield from draw_mark(style, part, slice, spans, find_color(style, role), 2.5 if is_here else 1.5)


def _write_lines(style: Style, volume: Volume) -> Lines:
    """The sums as lines, as far as they are written, and the products of the beat."""
    step, parts, theme = volume.step, volume.parts, style.theme
    lines: list[list[tuple[str, str]]] = []
    for own in volume.sums:
        if not own.line:
            continue
        runs = [(f"{write_volume_text('volume_filter', map=own.map)}: ", theme.filter), (own.line, theme.text)]
        if parts.after and step.is_written(own.map):
            value = step.write(own.map, parts.after).result
            title = write_message(parts.after.info.title)
            runs.append((write_volume_text("volume_becomes", title=title, value=value), theme.output))
        lines.append(runs)
    products = write_products(step) if volume.sums and not looks_at_one_place(parts.stage) else None
    if products and parts.before:
        channel, text, count = products
        said = write_volume_text("volume_products", count=count, sum=text) if count else text
        lines.append([(f"{name_slice(parts.before, channel)}: ", theme.input), (said, theme.text)])
    return lines


def write_notes(step: VolumeStep, parts: VolumeParts) -> list[str]:
    """What is drawn, counted."""
    stage, count = parts.stage, len(parts.stage.output)
    every = len(parts.before.output) if parts.before else 0
    notes = []
    if parts.filters and stage.weight is not None:
        slices, high, wide = map(int, stage.weight.shape[1:])
        size, shape = slices * high * wide, f"{slices} × {high} × {wide}"
        if slices > 1:
            notes.append(write_volume_text("volume_box", slices=slices, shape=shape, count=f"{size:,}"))
        code = "volume_counts_of_one" if count == 1 else "volume_counts"
        numbers = f"{count * (size + 1):,}"
        filters = {} if count == 1 else {"filters": f"{count:,}"}
        notes.append(write_volume_text(code, size=shape, weights=size, count=numbers, **filters))
        if looks_at_one_place(stage):
            notes.append(write_volume_text("volume_one_by_one"))
        if len(parts.filters) < count:
            notes.append(write_volume_text("volume_one_open", map=step.map))
    if len(parts.channels) < every:
        notes.append(write_volume_text("volume_slices_drawn", shown=len(parts.channels), count=every))
    if len(parts.maps) < count:
        notes.append(write_volume_text("volume_maps_drawn", shown=len(parts.maps), count=count))
    if count > 1 and stage.info.index:
        notes.append(write_volume_text("volume_column", count=count))
    elif count > 1:
        is_color = is_color_stage(stage)
        notes.append(
            write_volume_text("volume_pixel") if is_color else write_volume_text("volume_column_of_place", count=count)
        )
    return notes
