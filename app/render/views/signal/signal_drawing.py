"""Lays out a layer on a signal in the place of the maps: circles in a line, stems, wires, and the equations below.

`static/pure/tabs/signal/signal-view.js` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ....core.number_text import format_number
from ....core.trace.color_scale import Scale, choose_map_scale, color_values, make_weight_scale, read_coloring
from ....core.trace.trace import Stage, Trace
from ....core.views.sharing_values import read_sharing_values
from ....core.views.weight_counts import Sharing, WeightCount, count_weights
from ....core.views.wires import find_wiring
from ....core.writing.amounts import read_amount
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style, choose_text_color, to_hex_color
from ...figure_content.cell_digits import list_number_texts
from ...stage_texts import make_map_heading
from ...view_position import ViewPosition
from ..blocks import wrap
from ..sharing.identity_colors import fill_of_weight, line_of_weight
from ..sharing.picture_parts import DASH, draw_circle
from ..sharing.sharing_texts import write_sharing_text
from .signal_equations import write_convolution_law, write_equation, write_padding
from .signal_parts import SignalParts, find_signal_parts, has_signal
from .signal_texts import write_signal_text

__all__ = ["has_signal", "lay_out_signal"]

FONTS = (18.0, 16.0, 14.0, 12.0)
"""Of the circles, the first with which all fits."""
TEXT, SMALL_TEXT = 18.0, 14.0
"""Of equations, and where more of them stand below each other."""
LEAST_PITCH, LARGEST_PITCH, PITCH_OF_CHARACTER, OF_PITCH = 2.75, 7.5, 0.86, 0.42
"""Between two circles, at least, at most and for a character of a number, in fonts; the part of it that is a radius."""
LARGEST_RADIUS, LOW_RADIUS = 1.9, 1.3
NAME, GAP, LINE = 1.35, 0.5, 1.5
WIRES, STEMS = (3.6, 15.0), (1.1, 6.0)
"""The heights of wires and of a band of stems, least and largest, in fonts."""
MOST_EQUATIONS, MOST_NAMED = 8, 15
MOST_LINES = 2
"""Of more filters the equation of the one in focus is written."""
CHIP = 1.4
KINDS: tuple[Sharing, ...] = ("full", "own", "shared")
NAMES: Mapping[Sharing, str] = MappingProxyType({"full": "signal_full", "own": "signal_own", "shared": "signal_shared"})
MOST_INPUTS = 12
CHARACTERS = 5
MOST_MEASURED = 64
"""Of longer lines these numbers decide how long one is."""
CHARACTER, NUMBER_WIDTH, LEAST_NUMBER = 0.605, 1.72, 0.85
"""The width of a character in fonts, that of a number in radii, the least font of a number in fonts of the names."""


@dataclass(frozen=True, slots=True)
class SignalPlan:
    """Where circles and stems lie: `cells` of the input are circles, at `left` + `pitch` each; titles begin at `edge`.

    Each of `lines` is (top of its stems, their bottom, middle of its circles); so is `input`.
    """

    edge: float
    cells: tuple[int, int]
    is_whole: bool
    left: float
    pitch: float
    stem_left: float
    stem_pitch: float
    radius: float
    text: float
    number: float
    lines: tuple[tuple[float, float, float], ...]
    input: tuple[float, float, float]
    turned: float
    standing: tuple[float, float]

    def x(self, cell: float) -> float:
        """Where a circle lies across."""
        return self.left + (cell - self.cells[0] + 0.5) * self.pitch

    def stem_x(self, cell: float, first: int) -> float:
        """Where a stem lies across; `first` is the first cell of the line with its padding."""
        return self.stem_left + (cell - first + 0.5) * self.stem_pitch


def lay_out_signal(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the layer of a position as a signal."""
    parts = find_signal_parts(trace, position)
    kind = parts.stage.info.operation.kind
    if position.view.neuron == "full" and kind == "conv" and not parts.is_transposed:
        yield from _draw_wirings(style, parts, room)
        return
    is_all = position.view.neuron == "map" or (
        position.is_whole and parts.before is not None and parts.here == parts.count - 1
    )
    equations = [] if style.is_glance else _list_equations(parts, is_all)
    text = SMALL_TEXT if len(equations) > 3 else TEXT
    lines = [line for one in equations for line in wrap(style, one, room.width, text, "mono")]
    law: Sequence[str] = ()
    if parts.letters[1] == "g" and parts.before is not None and not style.is_glance:
        law = write_convolution_law(parts)
    laws = [line for one in law for line in wrap(style, one, room.width, SMALL_TEXT, "mono")]
    legend = TEXT * CHIP + 6 if parts.has_weights and not style.is_glance else 0.0
    low = len(lines) * text * LINE + legend + 4
    top = room.top + len(laws) * SMALL_TEXT * LINE
    for index, line in enumerate(laws):
        at = room.left + room.width / 2, room.top + (index + 0.75) * SMALL_TEXT * LINE
        yield style.write("view-law", at, line, style.theme.filter, "mono", SMALL_TEXT, "middle")
    picture = Box(room.left, top, room.width, room.bottom - low - top)
    sizes = [min(one, room.width / 34) for one in FONTS] if style.is_glance else FONTS
    plans = (_plan(parts, picture, size) for size in sizes)
    plan = next((one for one in plans if one.input[1] <= picture.bottom), None) or _plan(parts, picture, sizes[-1])
    yield from _draw_wires(style, parts, plan, is_all)
    yield from _draw_input(style, parts, plan)
    for n, map in enumerate(parts.maps if parts.before is not None else ()):
        yield from _draw_output(style, parts, plan, n, map)
    yield from _draw_filter(style, parts, plan)
    y = room.bottom - low + 4
    for index, line in enumerate(lines):
        at = room.left + room.width / 2, y + (index + 0.75) * text * LINE
        yield style.write("view-sum", at, line, style.theme.text, "mono", text, "middle")
    if legend:
        yield from _draw_legend(style, parts, Box(room.left, room.bottom - TEXT * CHIP, room.width, TEXT * CHIP))


def _list_equations(parts: SignalParts, is_all: bool) -> list[str]:
    position = parts.position
    if parts.before is None:
        column = position.cell[1]
        return [f"{parts.name_input(column)} = {format_number(_read(parts.stage, parts.channel, column))}"]
    if not is_all:
        shown = parts.maps if len(parts.maps) <= MOST_LINES else (position.map,)
        return [write_equation(parts, map, parts.here) for map in shown]
    count = min(parts.count, MOST_EQUATIONS)
    first = min(max(0, parts.here - count // 2), parts.count - count)
    lines = [write_equation(parts, position.map, index) for index in range(first, first + count)]
    if count < parts.count:
        lines.append(write_signal_text("signal_equations_drawn", drawn=count, all=parts.count))
    return lines


def _read(stage: Stage, map: int, column: int) -> float:
    """A value as it is shown."""
    return read_amount(stage, float(stage.output[map, 0, column])).value


def _scale_of(parts: SignalParts, stage: Stage, map: int) -> Scale:
    view = parts.position.view
    colors = "signed" if view.colors == "auto" else view.colors
    return choose_map_scale(read_coloring(stage), map, colors, view.scope)


def _plan(parts: SignalParts, room: Box, text: float) -> SignalPlan:
    """Lay out the circles: all where their numbers fit, else as many as fit around the window."""
    first, last = parts.ends
    total = last - first + 1
    dense = min(1.0, parts.spacing)
    values = [_read(parts.source, parts.channel, column) for column in range(min(parts.size, MOST_MEASURED))]
    longest = max(len(list_number_texts(value)[-1]) for value in values)
    least = max(LEAST_PITCH, PITCH_OF_CHARACTER * min(longest, CHARACTERS))
    inside = room.width - text
    most = max(1, math.floor(inside * dense / (least * text)))
    cells = _choose_cells(parts, most)
    count = cells[1] - cells[0] + 1
    is_whole = count == total
    turned = parts.letters[1] == "g" and parts.before is not None

    def pitch_of(places: int) -> float:
        return min(inside / places, LARGEST_PITCH * text / dense)

    beside = parts.taps + 1 if turned and is_whole and pitch_of(count + parts.taps + 1) >= least * text else 0
    pitch = pitch_of(count + beside)
    left = room.left + (room.width - (count + beside) * pitch) / 2 + beside * pitch
    lines = len(parts.maps) if parts.before is not None else 0
    rows = (1 if beside else 2) if turned else 0
    bands = lines + 1
    largest = min(OF_PITCH * pitch * dense, LARGEST_RADIUS * text)

    title = 0 if is_whole else NAME * text

    def height_of(radius: float) -> float:
        own = 2 * radius + (NAME + 3 * GAP) * text + title
        return (lines + 1) * own + rows * (2 * radius + (GAP + NAME) * text)

    needed = ((WIRES[0] if lines else 0) + bands * STEMS[0]) * text
    radius = largest if room.height - height_of(largest) >= needed else min(largest, LOW_RADIUS * text)
    free = room.height - height_of(radius)
    highest = ((WIRES[1] if lines else 0) + bands * STEMS[1]) * text
    share = min(1.0, max(0.0, (free - needed) / (highest - needed)))
    wires, stems = (low + (high - low) * share for low, high in (WIRES, STEMS))
    y, placed = room.top + GAP * text, list[tuple[float, float, float]]()
    y += max(0.0, free - highest) / 2
    for _ in range(lines):
        y += title
        bottom = y + stems * text
        circles = bottom + (2 * GAP + NAME) * text + radius
        placed.append((y, bottom, circles))
        y = circles + radius + GAP * text
    circles = y + (wires * text if lines else 0) + radius
    y = circles + radius + (NAME + GAP) * text
    step = 2 * radius + (GAP + NAME) * text
    turned_y = y + radius
    start = left + 0.5 * pitch
    standing = (start - beside * pitch, turned_y) if beside else (start, turned_y + step)
    y += rows * step
    return SignalPlan(
        room.left,
        cells,
        is_whole,
        left,
        pitch,
        left if is_whole else room.left + text / 2,
        pitch if is_whole else inside / total,
        radius,
        text,
        _choose_number_size(parts, radius, text),
        tuple(placed),
        (y, y + stems * text, circles),
        turned_y,
        standing,
    )


def _choose_number_size(parts: SignalParts, radius: float, text: float) -> float:
    """One font for the numbers of all circles: the largest in which the longest of those that fit is inside."""
    stages = [(parts.source, parts.channel), *((parts.stage, map) for map in parts.maps if not parts.is_linear)]
    most = NUMBER_WIDTH * radius / (CHARACTER * text * LEAST_NUMBER)
    longest = 1
    for stage, map in stages:
        for column in range(min(stage.output.shape[2], MOST_MEASURED)):
            texts = list_number_texts(_read(stage, map, column))
            longest = max(longest, next((len(one) for one in texts if len(one) <= most), 1))
    return min(radius * 0.95, text * 1.45, NUMBER_WIDTH * radius / (CHARACTER * longest))


def _choose_cells(parts: SignalParts, most: int) -> tuple[int, int]:
    first, last = parts.ends
    total = last - first + 1
    if total <= most:
        return first, last
    column = parts.position.cell[1]
    read = [cell for cell, _ in parts.list_taps(column)] if parts.before is not None else [column]
    count = min(total, max(most, max(read) - min(read) + 1))
    start = min(max(0, (max(read) + min(read)) // 2 - first - count // 2), total - count) + first
    return start, start + count - 1


def _is_drawn(parts: SignalParts, plan: SignalPlan, column: int) -> bool:
    taps = parts.list_taps(column)
    return plan.is_whole or all(plan.cells[0] <= cell <= plan.cells[1] for cell, _ in taps)


def _color_of(parts: SignalParts, style: Style, map: int, tap: int) -> str:
    filters = len(parts.maps) if not parts.is_linear else 1
    index, count = (map * parts.taps if filters > 1 else 0) + tap, filters * parts.taps
    return line_of_weight(index, count, style.theme.is_dark)


def _draw_wires(style: Style, parts: SignalParts, plan: SignalPlan, is_all: bool) -> Iterator[Primitive]:
    """The wires of the neuron of the step, or of all of its line, each with the name of its weight."""
    if parts.before is None:
        return
    theme, map = style.theme, parts.position.map
    line = list(parts.maps).index(map)
    shown = [parts.here]
    if is_all:
        others = (index for index in range(parts.count) if index != parts.here)
        shown = [one for one in others if _is_drawn(parts, plan, parts.place_of(map, one)[1])] + shown
    longest = parts.name_weight(map, parts.taps - 1)
    has_room = plan.pitch / parts.taps >= len(longest) * 0.68 * plan.text
    labels: list[Primitive] = []
    top = plan.input[2] - plan.radius
    for index in shown:
        own, column = parts.place_of(map, index)
        end = plan.x(parts.find_center(index)), plan.lines[line][2] + plan.radius
        reach = max(1, parts.taps * (parts.axis.dilation if parts.axis else 1))
        share = min(0.5, max(1 / reach, 1.1 * plan.text / (top - end[1])))
        is_here = index == parts.here
        for cell, tap in parts.list_taps(column):
            if not plan.cells[0] <= cell <= plan.cells[1]:
                continue
            x = plan.x(cell)
            color = _color_of(parts, style, own, tap) if parts.has_weights else theme.pooling
            yield Line("view-wire", x, top, *end, color, 3 if is_here else 1.6)
            if parts.has_weights and (has_room or (is_here and parts.taps <= MOST_NAMED)):
                at = x + (end[0] - x) * share, top + (end[1] - top) * share
                labels += _write_on_surface(style, "view-label", at, parts.name_weight(own, tap), color, plan.text)
        if parts.has_weights:
            corner = end[0] + plan.radius * 0.72, plan.lines[line][2] - plan.radius * 0.72
            out = corner[0] + plan.text * 0.55, corner[1] - plan.text * 0.55
            yield Line("view-wire", *corner, *out, theme.edge, 3 if is_here else 1.6)
            if plan.pitch * parts.spacing > 3.6 * plan.text:
                labels.append(
                    style.write(
                        "view-bias",
                        (out[0] + 2, out[1] + 2),
                        parts.name_bias(own),
                        theme.muted,
                        "mono-bold",
                        plan.text * 0.85,
                    )
                )
    yield from labels


def _write_on_surface(
    style: Style, part: str, at: tuple[float, float], text: str, color: str, size: float
) -> Iterator[Primitive]:
    line = style.write(part, at, text, color, "mono-bold", size * 0.9, "middle", "middle")
    yield Rect(
        f"{part}-surface",
        Box(at[0] - line.width / 2 - 2, at[1] - size * 0.5, line.width + 4, size),
        style.theme.surface,
    )
    yield line


def _draw_stems(
    style: Style,
    band: tuple[float, float, float],
    stems: Sequence[tuple[float, float]],
    ends: tuple[float, float],
    pitch: float,
) -> Iterator[Primitive]:
    """Stems over a line at 0: (x, value) of each."""
    top, bottom, _ = band
    low, high = min(0.0, ends[0]), max(0.0, ends[1])
    span = high - low or 1.0

    def find_y(value: float) -> float:
        return bottom - (value - low) / span * (bottom - top)

    strong = [to_hex_color(color_values(sign, Scale(-1, 1, "signed"), style.theme.is_dark)) for sign in (-1.0, 1.0)]
    for x, value in stems:
        color = strong[value >= 0]
        if pitch >= 1 and value:
            yield Line("view-stem", x, find_y(0), x, find_y(value), color, max(1.0, min(5.0, pitch * 0.4)))
        head = min(5.0, pitch * 0.3)
        if head >= 1.5:
            yield from draw_circle("view-stem-head", (x, find_y(value)), head, color, color, 0)


def _zero_line(
    style: Style, plan: SignalPlan, band: tuple[float, float, float], ends: tuple[float, float], xs: tuple[float, float]
) -> Line:
    low, high = min(0.0, ends[0]), max(0.0, ends[1])
    y = band[1] + low / (high - low or 1.0) * (band[1] - band[0])
    edge = min(plan.stem_pitch / 2, 16)
    return Line("view-axis-line", xs[0] - edge, y, xs[1] + edge, y, style.theme.edge, 1.2)


def _draw_number(
    style: Style, plan: SignalPlan, at: tuple[float, float], texts: Sequence[str], color: str
) -> Iterator[Primitive]:
    """The most exact text of a number that fits into a circle."""
    for text in texts:
        line = style.write("view-number", at, text, color, "mono", plan.number, "middle", "middle")
        if text and line.width <= (NUMBER_WIDTH + 0.1) * plan.radius:
            yield line
            return


def _draw_spot(
    style: Style,
    plan: SignalPlan,
    at: tuple[float, float],
    part: str,
    stroke: str,
    value: float | None,
    scale: Scale,
    width: float,
) -> Iterator[Primitive]:
    """A circle with its number; one to come is hatched and empty."""
    if value is None:
        yield from draw_circle(part, at, plan.radius, style.theme.surface, stroke, width)
        for share in (-0.45, 0.0, 0.45):
            half, across = math.sqrt(1 - share * share) * plan.radius / math.sqrt(2), share * plan.radius / math.sqrt(2)
            x, y = at[0] + across, at[1] + across
            yield Line(f"{part}-hatch", x - half, y + half, x + half, y - half, style.theme.edge, 1)
        return
    color = color_values(np.float32(value), scale, style.theme.is_dark)
    yield from draw_circle(part, at, plan.radius, to_hex_color(color), stroke, width)
    yield from _draw_number(style, plan, at, list_number_texts(value), choose_text_color(color))


def _draw_input(style: Style, parts: SignalParts, plan: SignalPlan) -> Iterator[Primitive]:
    theme, source = style.theme, parts.source
    column = parts.position.cell[1]
    read = {cell for cell, _ in parts.list_taps(column)} if parts.before is not None else {column}
    scale = _scale_of(parts, source, parts.channel)
    values = [_read(source, parts.channel, cell) for cell in range(parts.size)]
    ends, first = (min(values), max(values)), parts.ends[0]
    xs = [plan.stem_x(cell, first) for cell in range(parts.size)]
    yield _zero_line(style, plan, plan.input, ends, (xs[0], xs[-1]))
    yield from _draw_stems(style, plan.input, list(zip(xs, values, strict=True)), ends, plan.stem_pitch)
    if not plan.is_whole:
        left, right = plan.stem_x(plan.cells[0] - 0.5, first), plan.stem_x(plan.cells[1] + 0.5, first)
        box = Box(left, plan.input[0], right - left, plan.input[1] - plan.input[0])
        yield Rect("view-part", box, stroke=theme.input, stroke_width=1.5)
    for cell in range(plan.cells[0], plan.cells[1] + 1):
        at = plan.x(cell), plan.input[2]
        width = 4.0 if cell in read else 2.0
        if 0 <= cell < parts.size:
            yield from _draw_spot(style, plan, at, "view-input", theme.input, values[cell], scale, width)
            yield from _write_name(
                style, plan, (at[0], at[1] + plan.radius + plan.text), parts.name_input(cell), theme.input
            )
        else:
            yield from draw_circle("view-padding", at, plan.radius, theme.surface, theme.input, width, DASH)
            yield from _draw_number(style, plan, at, [write_padding(parts, cell)], theme.muted)
    yield from _write_title(
        style, plan, make_map_heading(parts.trace, source), parts.letters[0], plan.input, theme.input
    )


def _draw_output(style: Style, parts: SignalParts, plan: SignalPlan, line: int, map: int) -> Iterator[Primitive]:
    theme, stage = style.theme, parts.stage
    stroke = theme.pooling if stage.info.family == "pooling" else theme.output
    written, band = parts.count_written(map), plan.lines[line]
    places = [parts.place_of(map, index) for index in range(parts.count)]
    values = [_read(stage, *place) for place in places]
    shown_maps = stage.output[list(parts.maps)] if not parts.is_linear else stage.output
    ends, first = (float(shown_maps.min()), float(shown_maps.max())), parts.ends[0]
    xs = [plan.stem_x(parts.find_center(index), first) for index in range(parts.count)]
    yield _zero_line(style, plan, band, ends, (xs[0], xs[-1]))
    known = list(zip(xs, values, strict=True))[:written]
    yield from _draw_stems(style, band, known, ends, plan.stem_pitch * parts.spacing)
    scale = _scale_of(parts, stage, map)
    for index, (own, column) in enumerate(places):
        if not _is_drawn(parts, plan, column):
            continue
        at = plan.x(parts.find_center(index)), band[2]
        is_here = (own, column) == (parts.position.map, parts.position.cell[1])
        value = values[index] if index < written else None
        yield from _draw_spot(style, plan, at, "view-output", stroke, value, scale, 4.0 if is_here else 2.0)
        name = parts.name_output(map, index)
        yield from _write_name(style, plan, (at[0], at[1] - plan.radius - plan.text * 0.3), name, stroke)
    yield from _write_title(style, plan, make_map_heading(parts.trace, stage), parts.name_line(map), band, stroke)


def _write_name(style: Style, plan: SignalPlan, at: tuple[float, float], name: str, color: str) -> Iterator[Primitive]:
    yield style.write("view-cell-name", at, name, color, "mono-bold", plan.text * 0.9, "middle")


def _write_title(
    style: Style, plan: SignalPlan, title: str, letter: str, band: tuple[float, float, float], color: str
) -> Iterator[Primitive]:
    """The title of a line left of its stems; of a long one on a line of its own."""
    text, left = f"{title} {letter}", plan.edge
    room = plan.stem_x(0, 0) - plan.stem_pitch / 2 - left if plan.is_whole else math.inf
    sizes = (plan.text, plan.text * 0.85, plan.text * 0.72)
    size = next((one for one in sizes if style.metrics.measure(text, "bold", one) <= room), None)
    if size is None:
        return
    is_input = band == plan.input
    y = (
        band[1] + (0.3 if plan.is_whole else 1) * plan.text
        if is_input
        else band[0] + (0.9 if plan.is_whole else -0.4) * plan.text
    )
    yield style.write("view-title", (left, y), text, color, "bold", size)


def _draw_filter(style: Style, parts: SignalParts, plan: SignalPlan) -> Iterator[Primitive]:
    """The filter of a convolution of two signals: turned, under the window, and as it stands."""
    stage, theme = parts.stage, style.theme
    if parts.letters[1] != "g" or stage.weight is None or parts.before is None:
        return
    map, column = parts.position.map, parts.position.cell[1]
    values = read_sharing_values(parts.trace, (map, 0, column), stage, "write", 0, False)
    weights = stage.weight.reshape(len(stage.output), -1)[map]
    scale = make_weight_scale(weights)
    moving = [(plan.x(cell), plan.turned, tap) for cell, tap in parts.list_taps(column)]
    standing = [(plan.standing[0] + n * plan.pitch, plan.standing[1], parts.taps - 1 - n) for n in range(parts.taps)]
    for row in (moving, standing):
        for x, y, tap in row:
            color = color_values(np.float32(weights[tap]), scale, theme.is_dark)
            yield from draw_circle("view-filter", (x, y), plan.radius, to_hex_color(color), theme.filter, 2)
            text = values.weight_number(tap)
            yield from _draw_number(style, plan, (x, y), [text], choose_text_color(color))
            yield from _write_name(
                style, plan, (x, y + plan.radius + plan.text), parts.name_weight(map, tap), theme.filter
            )
    beside = moving[-1][0] + plan.radius + 8, plan.turned + plan.text * 0.35
    turned = write_signal_text("signal_turned", letter="g")
    yield style.write("view-title", beside, turned, theme.filter, "bold", plan.text)
    above = standing[0][0] - plan.radius, plan.standing[1] - plan.radius - plan.text * 0.5
    if plan.standing[1] != plan.turned:
        above = standing[-1][0] + plan.radius + 8, plan.standing[1] + plan.text * 0.35
    yield style.write(
        "view-title", above, write_signal_text("signal_as_it_stands", letter="g"), theme.filter, "bold", plan.text
    )


def _draw_legend(style: Style, parts: SignalParts, room: Box) -> Iterator[Primitive]:
    """What the colors mean: each weight with its color, its name and its number, and the bias."""
    map, column = parts.position.map, parts.position.cell[1]
    values = read_sharing_values(parts.trace, (map, 0, column), parts.stage, "write", 0, False)
    filters = len(parts.maps) if not parts.is_linear else 1
    start = map * parts.taps if filters > 1 else 0
    taps = range(min(parts.taps, MOST_NAMED))
    order = [parts.taps - 1 - tap for tap in taps] if parts.letters[1] == "g" else list(taps)
    chips = [
        (
            f"{parts.name_weight(map, tap)} = {values.weight_number(tap)}",
            fill_of_weight(start + tap, filters * parts.taps, style.theme.is_dark),
        )
        for tap in order
    ]
    chips.append((f"{parts.name_bias(map)} = {values.bias_number}", ""))
    size = SMALL_TEXT
    head = style.write("view-legend", (0, 0), write_sharing_text("sharing_color"), style.theme.muted, "sans", size)
    widths = [style.metrics.measure(text, "mono", size) + 12 for text, _ in chips]
    while sum(widths) + 6 * len(widths) + head.width + 10 > room.width and len(widths) > 1:
        del widths[-2], chips[-2]
    total = head.width + 10 + sum(widths) + 6 * (len(widths) - 1)
    x, middle = room.left + (room.width - total) / 2, room.top + room.height / 2
    yield style.write("view-legend", (x, middle), head.text, style.theme.muted, "sans", size, "start", "middle")
    x += head.width + 10
    for (text, fill), wide in zip(chips, widths, strict=True):
        box = Box(x, room.top, wide, room.height)
        stroke = {} if fill else {"stroke": style.theme.edge, "stroke_width": 1.0}
        yield Rect("view-identity", box, fill, radius=4, **stroke)  # type: ignore[arg-type]
        yield style.write("view-identity", box.center, text, style.theme.text, "mono", size, "middle", "middle")
        x += wide + 6


def _draw_wirings(style: Style, parts: SignalParts, room: Box) -> Iterator[Primitive]:
    """The line wired fully, locally and shared, each with its count of numbers."""
    theme, text = style.theme, TEXT if not style.is_glance else SMALL_TEXT
    counts = {one.sharing: one for one in count_weights(find_wiring(parts.stage, parts.source, parts.position.map))}
    gap = 36.0
    width = (room.width - 2 * gap) / 3
    first, last = parts.ends
    shown = min(last - first + 1, MOST_INPUTS + parts.taps)
    inputs = range(first, first + shown)
    outputs = [
        index
        for index in range(parts.count)
        if all(cell <= inputs[-1] for cell, _ in parts.list_taps(parts.place_of(parts.maps[0], index)[1]))
    ]
    pitch = min(width / shown, 5 * text)
    radius = min(0.44 * pitch * min(1.0, parts.spacing), 1.3 * text)
    high = min(room.height - 6 * text, 17 * text)
    top = room.top + (room.height - high - 5 * text) / 2 + 3 * text
    for n, kind in enumerate(KINDS):
        left = room.left + n * (width + gap)
        yield from _draw_wiring(style, parts, kind, inputs, outputs, Box(left, top, width, high), (pitch, radius, text))
        middle = left + width / 2
        name = write_signal_text(NAMES[kind])
        yield style.write("view-kind", (middle, top - 1.6 * text), name, theme.text, "bold", text, "middle")
        told = write_signal_text(f"{NAMES[kind]}_is")
        yield style.write("view-name", (middle, top - 0.5 * text), told, theme.muted, "sans", text * 0.8, "middle")
        yield from _write_count(style, counts[kind], (middle, top + high + 1.5 * text), width, text)
    if shown < last - first + 1 and not style.is_glance:
        drawn = len([cell for cell in inputs if 0 <= cell < parts.size])
        note = write_signal_text("signal_part_drawn", drawn=drawn, all=parts.size)
        at = room.left + room.width / 2, top + high + 3.5 * text
        yield style.write("view-says", at, note, theme.muted, "sans", SMALL_TEXT, "middle")


def _write_count(
    style: Style, count: WeightCount, at: tuple[float, float], room: float, text: float
) -> Iterator[Primitive]:
    code = "signal_one_number" if count.count == 1 else "signal_numbers"
    line = f"{count.product} = {write_signal_text(code, count=f'{count.count:,}')}"
    line, size = style.fit(line, "mono-bold", (text, text * 0.85, text * 0.7), room)
    yield style.write("view-count", at, line, style.theme.text, "mono-bold", size, "middle")


def _draw_wiring(
    style: Style,
    parts: SignalParts,
    kind: Sharing,
    inputs: range,
    outputs: Sequence[int],
    room: Box,
    sizes: tuple[float, float, float],
) -> Iterator[Primitive]:
    theme, map = style.theme, parts.maps[0]
    pitch, radius, text = sizes
    left = room.left + (room.width - len(inputs) * pitch) / 2

    def find_x(cell: float) -> float:
        return left + (cell - inputs[0] + 0.5) * pitch

    top, bottom = room.top + radius + 2, room.bottom - radius - 2
    for n, index in enumerate(outputs):
        x = find_x(parts.find_center(index))
        taps = parts.list_taps(parts.place_of(map, index)[1])
        if kind == "full":
            taps = tuple((cell, 0) for cell in inputs if 0 <= cell < parts.size)
        for cell, tap in taps:
            color = theme.edge
            if kind == "own":
                color = line_of_weight(n * parts.taps + tap, len(outputs) * parts.taps, theme.is_dark)
            elif kind == "shared":
                color = line_of_weight(tap, parts.taps, theme.is_dark)
            ends = find_x(cell), bottom - radius, x, top + radius
            yield Line(f"view-wire-{kind}", *ends, color, 1.4 if kind == "full" else 2)
    for cell in inputs:
        is_real = 0 <= cell < parts.size
        dash = (0.0, 0.0) if is_real else DASH
        name = parts.name_input(cell) if is_real else write_padding(parts, cell)
        at = find_x(cell), bottom
        yield from draw_circle("view-input", at, radius, theme.surface, theme.input, 2, dash)
        yield from _name_circle(style, at, name, radius, text, theme.input if is_real else theme.muted)
    for index in outputs:
        at = find_x(parts.find_center(index)), top
        yield from draw_circle("view-output", at, radius, theme.surface, theme.output, 2)
        yield from _name_circle(style, at, parts.name_output(map, index), radius, text, theme.output)


def _name_circle(
    style: Style, at: tuple[float, float], name: str, radius: float, text: float, color: str
) -> Iterator[Primitive]:
    line = style.write("view-cell-name", at, name, color, "mono", text * 0.8, "middle", "middle")
    if line.width <= 1.9 * radius:
        yield line
