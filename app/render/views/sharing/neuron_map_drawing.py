"""The neurons of a map with the same weights: a small map whole, of a larger one the row of this cell.

The wires of this neuron and of its neighbor carry the names of their weights; color says which weight it is.
`static/pure/tabs/sharing/neuron-map.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....core.views.sharing_values import SharingValues
from ....core.views.wires import Wiring
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style
from ..blocks import Block, mix, stack, write_paragraph
from .identity_colors import fill_of_weight, line_of_weight
from .picture_parts import DASH, DOT, draw_circle, draw_legend, write_number
from .sharing_texts import write_sharing_text

MOST_INPUTS, MOST_NEURONS = 16, 16
"""A map of so few neurons, over so few inputs, is drawn whole."""
MOST_IN_ROW = 16
PITCH, RADIUS, LINES = 58.0, 20.0, 61.0
"""Between two circles, their radius, and between two lines of inputs, in points."""
LOW_RADIUS, LOW_LINES = 17.0, 54.0
"""The same where many lines must fit."""
FAN, LEAST_FAN = 128.0, 72.0
"""From the neurons to the first line of inputs: the usual and the least."""
LABEL = 17.0
FEW_LINES = 2
"""Lines of the legend where the circles need the room."""
TEXT, MOST_FACTOR = 12.0, 1.7
FAINT = 0.5
PRESSES = 2
"""This neuron, its neighbor, the others."""


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle: a neuron, or an input cell."""

    index: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapPlan:
    """Where the circles lie, in a box of so many points, and the radius of the inputs.

    `has_numbers`: there is room for them, and for labels.
    """

    neurons: tuple[Circle, ...]
    inputs: tuple[Circle, ...]
    is_whole: bool
    width: float
    height: float
    radius: float
    has_numbers: bool


def draw_neuron_map(style: Style, values: SharingValues, press: int | None, room: Box) -> Block:
    """Draw the neurons of a map after so many presses, so large that they fit the room."""
    wiring = values.wiring
    if wiring.is_linear:
        told = write_sharing_text("sharing_nothing_shared", maps=wiring.maps, inputs=wiring.inputs)
        return write_paragraph(style, "view-says", told, room.width, 16, style.theme.muted)
    shown = PRESSES if press is None else min(press, PRESSES)
    note = Block()
    if not style.is_glance:
        note = write_paragraph(style, "view-says", _write_law(values, room), room.width, 15, style.theme.muted)
    legend, left = Block(), room.height
    plan = _plan(values, room.width, left)
    if not style.is_glance:
        for most in (None, FEW_LINES):
            legend = draw_legend(style, values, room.width, most)
            left = room.height - legend.height - note.height - 20
            plan = _plan(values, room.width, left)
            if plan.has_numbers:
                break
    picture = Block(tuple(_draw(style, values, plan, shown)), plan.width, plan.height)
    return stack((picture.fit(Box(0, 0, room.width, left), MOST_FACTOR), note, legend), 10)


def _write_law(values: SharingValues, room: Box) -> str:
    wiring = values.wiring
    neurons, weights = wiring.neurons, wiring.weights
    counts = {"neurons": neurons, "weights": weights, "numbers": weights + 1}
    rows = _list_neurons(values, int(room.width // PITCH))
    if _is_whole(wiring):
        codes = ("sharing_whole_map", "sharing_whole_map_one_weight")
        if neurons == 1:
            codes = ("sharing_whole_map_of_one", "sharing_whole_map_one_each")
        said = write_sharing_text(codes[weights == 1], **counts)
    else:
        code = "sharing_row_of_map_one_weight" if weights == 1 else "sharing_row_of_map"
        said = write_sharing_text(code, shown=len(rows), **counts)
    if wiring.channels > 1:
        return f"{said} {write_sharing_text('sharing_one_channel', channel=wiring.first)}"
    return said


def _is_whole(wiring: Wiring) -> bool:
    _, height, width = wiring.before
    return height * width <= MOST_INPUTS and wiring.neurons <= MOST_NEURONS


def _list_neurons(values: SharingValues, room: int) -> list[int]:
    """The neurons that are drawn: all, or as many of this cell's row as fit; of a map of one column, of the column."""
    wiring, geometry, here = values.wiring, values.stage.geometry, values.here
    if _is_whole(wiring) or geometry is None:
        return list(range(wiring.neurons))
    rows, columns = wiring.shape
    is_column = columns == 1
    at, count = (here, rows) if is_column else (here % columns, columns)
    axis = geometry.rows if is_column else geometry.columns
    inputs = (room - (axis.kernel - 1) * axis.dilation - 1) // axis.stride + 1
    most = min(count, MOST_IN_ROW, max(2, inputs, 3 if room >= MOST_IN_ROW else 2))
    first = min(max(at - most // 2, 0), count - most) + (0 if is_column else here // columns * columns)
    return list(range(first, first + most))


def _plan(values: SharingValues, width: float, height: float) -> MapPlan:
    """Lay out the circles: with numbers where they fit into the room, else smaller ones without."""
    wiring, is_whole = values.wiring, _is_whole(values.wiring)
    _, rows, columns = wiring.before
    first = wiring.first * rows * columns
    shown = _list_neurons(values, int(width // PITCH))
    if is_whole:
        cells = list(range(first, first + rows * columns))
        places = [(0, cell - first) for cell in cells]
    else:
        read = {int(cell) for neuron in shown for cell in wiring.find_sources(neuron)}
        cells = sorted(cell for cell in read if first <= cell < first + rows * columns)
        places = [wiring.cell_of_input(cell)[1:] for cell in cells]
    top, left = (min((place[axis] for place in places), default=0) for axis in (0, 1))
    lines, span = (max((place[axis] for place in places), default=0) - low + 1 for axis, low in ((0, top), (1, left)))
    across = max(span, len(shown))
    pitch = min(PITCH, width / across)
    for radius, line_pitch in ((RADIUS, LINES), (LOW_RADIUS, LOW_LINES)):
        fan = min(FAN, height - (lines - 1) * line_pitch - 2 * (RADIUS + radius) - 10)
        has_numbers = pitch >= 2 * radius + 2 and fan >= LEAST_FAN
        if has_numbers:
            break
    else:
        fan = min(FAN, max(LEAST_FAN, height * 0.4))
        line_pitch = min(LINES, (height - fan - 3 * RADIUS) / max(lines, 1))
        radius = max(1.5, min(RADIUS, pitch / 2 - 1, line_pitch / 2 - 1))
    top_line = RADIUS + 5
    y = top_line + RADIUS + fan + radius
    step, indent = across * pitch / len(shown), (across - span) * pitch / 2
    return MapPlan(
        tuple(Circle(neuron, (n + 0.5) * step, top_line) for n, neuron in enumerate(shown)),
        tuple(
            Circle(cell, indent + (column - left + 0.5) * pitch, y + (row - top) * line_pitch)
            for cell, (row, column) in zip(cells, places, strict=True)
        ),
        is_whole,
        across * pitch,
        y + (lines - 1) * line_pitch + radius + 5,
        radius,
        has_numbers,
    )


def _find_neighbor(plan: MapPlan, here: int) -> int:
    """The neuron beside this one that is drawn; −1 without one."""
    order = [spot.index for spot in plan.neurons]
    at = order.index(here)
    return order[at + 1] if at + 1 < len(order) else order[at - 1] if at > 0 else -1


def _draw(style: Style, values: SharingValues, plan: MapPlan, press: int) -> Iterator[Primitive]:
    theme, count, here = style.theme, values.wiring.weights, values.here
    neighbor = _find_neighbor(plan, here) if press else -1
    spots = {spot.index: spot for spot in plan.inputs}
    faint: list[Primitive] = []
    strong: list[Primitive] = []
    labels: list[Primitive] = []
    for neuron in plan.neurons:
        side = (here, neighbor).index(neuron.index) if neuron.index in (here, neighbor) else -1
        if press < PRESSES and side < 0:
            continue
        for n, cell in enumerate(values.wiring.find_sources(neuron.index).tolist()):
            if spot := spots.get(cell):
                ends = neuron.x, neuron.y + RADIUS, spot.x, spot.y - plan.radius
                color = line_of_weight(n, count, theme.is_dark)
                if side < 0:
                    faint.append(Line("view-wire", *ends, mix(color, theme.surface, FAINT), 1.2))
                else:
                    strong.append(Line("view-wire", *ends, color, 2))
                    labels += _label(style, values, plan, spot, n, side)
    yield from faint
    yield from strong
    for spot in plan.inputs:
        yield from draw_circle("view-input", (spot.x, spot.y), plan.radius, theme.surface, theme.input, 1.5)
        if plan.has_numbers:
            yield from _number(style, "view-input", spot, values.input(spot.index), plan.radius)
    for spot in plan.neurons:
        text = values.output(spot.index)
        width = 4.0 if spot.index == here else 3.0 if spot.index == neighbor else 1.5
        dash = DASH if spot.index == neighbor else (0, 0) if text else DOT
        yield from draw_circle("view-neuron", (spot.x, spot.y), RADIUS, theme.surface, theme.output, width, dash)
        yield from _number(style, "view-neuron", spot, text, RADIUS)
    yield from labels


def _label(style: Style, values: SharingValues, plan: MapPlan, spot: Circle, n: int, side: int) -> Iterator[Primitive]:
    """The name of a weight at its source: of this neuron to the left, of its neighbor to the right."""
    if not plan.has_numbers:
        return
    text, count = values.weight(n), values.wiring.weights
    wide = max(18.0, style.metrics.measure(text, "mono", TEXT) + 6)
    if wide > PITCH / 2:
        return
    box = Box(spot.x - wide - 1 if side == 0 else spot.x + 1, spot.y - plan.radius - LABEL - 2, wide, LABEL)
    yield Rect("view-label", box, fill_of_weight(n, count, style.theme.is_dark), radius=4)
    yield style.write("view-label", box.center, text, style.theme.text, "mono", TEXT, "middle", "middle")


def _number(style: Style, part: str, spot: Circle, text: str, radius: float) -> Iterator[Primitive]:
    """A number in a circle, where it fits."""
    yield from write_number(style, part, (spot.x, spot.y), text, 2 * radius, TEXT, is_dropped=True)
