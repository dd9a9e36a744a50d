"""This neuron: every wire up to 75 with its number at its source, the sum, the bias, and the activation that follows.

`static/pure/tabs/sharing/neuron-wires.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from ....core.explain.step import explain_step
from ....core.number_text import format_number
from ....core.texts import write_message
from ....core.trace.color_scale import Scale, color_values, make_weight_scale
from ....core.trace.trace import Stage, Trace, find_readers
from ....core.views.sharing_values import SharingValues
from ....core.views.wires import NO_WIRE, Place
from ....core.writing.step_writer import write_step
from ...figure.primitives import Box, Line, Primitive, Rect
from ...figure.theme import Style, to_hex_color
from ..blocks import Block, stack, write_paragraph
from .sharing_texts import write_sharing_text

MOST_WIRES, STRONGEST = 75, 27
"""Up to this many wires all are drawn; of more, the strongest."""
MOST_IN_COLUMN, MOST_IN_LINE = 14, 11
"""Up to this many wires stand in one column, more in rows as wide as the filter."""
PER_ROW, CHOSEN_PER_ROW = 5, 3
"""Wires of a filter of one column in each row, and of those that are chosen for their size."""
CHARACTER, LINE, RADIUS = 7.3, 16.5, 25.0
"""Width of a character, height of a line, and the radius of the body, in points."""
TRACKS = (3.0, 2.0)
"""From one wire of a row to the next, in points: as on the page, and where many rows must fit."""
FAN, SHORT_FAN = 90.0, 46.0
"""From the sources to the body."""
TEXT, THIN = 12.0, 0.6
MOST_FACTOR = 2.0
"""How much larger than in these measures a small neuron is drawn."""


@dataclass(frozen=True, slots=True)
class NeuronWire:
    """A wire: the number of its weight in the filter, the weight, and the number at its source."""

    weight: int
    value: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnWires:
    """The wires that are drawn, and how many others there are, with the sum of their products."""

    wires: tuple[NeuronWire, ...]
    others: int = 0
    sum_of_others: float = 0

    @property
    def count(self) -> int:
        """How many wires the neuron has."""
        return len(self.wires) + self.others


@dataclass(frozen=True, slots=True)
class WireGrid:
    """How the wires stand: so many in a row, each `wide`, from `left` on, `track` apart; the body at (`x`, `y`)."""

    per_row: int
    wide: float
    pitch: float
    left: float
    rows: int
    fan: float
    track: float

    @property
    def start(self) -> float:
        """Where the sources end."""
        return self.left + self.wide * self.per_row

    @property
    def x(self) -> float:
        """The middle of the body."""
        return self.start + self.fan

    @property
    def y(self) -> float:
        """The middle of the body, down."""
        return max(RADIUS + 24, self.rows * self.pitch / 2)


def draw_neuron(style: Style, trace: Trace, place: Place, values: SharingValues, room: Box) -> Block:
    """Draw one neuron with its wires, so large that it fits the room."""
    after = _write_activation(trace, place, values)
    known = values.output_number(values.here) or "?"
    best, note = Block(), Block()
    for most in (MOST_WIRES, STRONGEST):
        drawn = choose_wires(values, most)
        note = _note_wires(style, drawn, room.width)
        area = Box(0, 0, room.width, room.height - note.height - 10)
        grids = [_arrange(style, values.stage, drawn, *sizes) for sizes in product(_list_widths(values, drawn), TRACKS)]
        blocks = [_draw(style, values, drawn, grid, after, known) for grid in grids]
        fitting = [one for one in blocks[: len(TRACKS)] if _find_factor(one, area) >= 1]
        best = fitting[0] if fitting else max(blocks, key=lambda one: _find_factor(one, area))
        if _find_factor(best, area) >= 1:
            break
    picture = best.fit(area, MOST_FACTOR)
    return stack((picture, note), 10)


def _note_wires(style: Style, drawn: DrawnWires, width: float) -> Block:
    if not drawn.others or style.is_glance:
        return Block()
    told = write_sharing_text("sharing_wires_drawn", drawn=len(drawn.wires), count=drawn.count)
    return write_paragraph(style, "view-says", told, width, 15, style.theme.muted)


def _find_factor(block: Block, area: Box) -> float:
    return min(area.width / block.width, area.height / block.height)


def choose_wires(values: SharingValues, most: int) -> DrawnWires:
    """The wires that are drawn: all up to so many, else the strongest in the order of the filter.

    The sum of the others is in the units of the products.
    """
    stage, wiring = values.stage, values.wiring
    sources = wiring.find_sources(values.here)
    if stage.weight is None:
        raise ValueError(f"the stage {stage.info.index} has no weights")
    weights = stage.weight.reshape(-1, wiring.weights)[wiring.place_of(values.here)[0]].astype(np.float64)
    inputs = np.append(values.before.output.ravel().astype(np.float64), 0.0)
    products = weights * inputs[np.where(sources < 0, len(inputs) - 1, sources)]
    wired = np.flatnonzero(sources != NO_WIRE)
    kept = wired
    if len(wired) > most:
        kept = np.sort(wired[np.argsort(-np.abs(products[wired]), kind="stable")[:STRONGEST]])
    wires = tuple(
        NeuronWire(n, float(weights[n]), f"{values.input(int(sources[n]))} × {values.weight(n)}") for n in kept.tolist()
    )
    others = np.setdiff1d(wired, kept)
    return DrawnWires(wires, len(others), float(products[others].sum()) / values.unit)


def _list_widths(values: SharingValues, drawn: DrawnWires) -> Sequence[int]:
    """How many wires may stand in a row, the way of the page first."""
    count = len(drawn.wires)
    if count <= MOST_IN_COLUMN:
        return (1,)
    columns = values.wiring.kernel[1]
    usual = columns if 1 < columns <= MOST_IN_LINE else PER_ROW
    first = CHOSEN_PER_ROW if drawn.others else usual
    return (first, *(n for n in range(2, MOST_IN_LINE + 1) if n != first))


def _arrange(style: Style, stage: Stage, drawn: DrawnWires, per_row: int, track: float) -> WireGrid:
    longest = max((len(wire.label) for wire in drawn.wires), default=1)
    rows = -(-len(drawn.wires) // per_row) + (drawn.others > 0)
    pitch = (18.0 if rows > 9 else 22.0) if per_row == 1 else LINE + track * (per_row + 1)
    left = 26.0 if _has_tags(stage) else 4.0
    return WireGrid(per_row, 16 + CHARACTER * longest, pitch, left, rows, SHORT_FAN if style.is_glance else FAN, track)


def _has_tags(stage: Stage) -> bool:
    """Whether the rows of several channels are told apart."""
    if stage.geometry is None or stage.weight is None:
        return False
    return stage.geometry.columns.kernel > 1 and stage.weight.shape[1] > 1


def _draw(
    style: Style, values: SharingValues, drawn: DrawnWires, grid: WireGrid, after: tuple[str, str] | None, known: str
) -> Block:
    weight = values.stage.weight
    count = values.wiring.weights
    own = weight.reshape(-1, count)[values.wiring.place_of(values.here)[0]] if weight is not None else ()
    colors = make_weight_scale(own)
    primitives: list[Primitive] = []
    if _has_tags(values.stage) and len(drawn.wires) == count:
        primitives += _tag_channels(style, values, grid)
    labels: list[Primitive] = []
    for index, wire in enumerate(drawn.wires):
        primitives += _draw_wire(style, wire, index, grid, colors)
        labels += _label_wire(style, wire, index, grid)
    if drawn.others:
        labels += _draw_others(style, drawn, grid)
    body = tuple(_draw_body(style, values, grid, after, known))
    right = max(one.box.right for one in body if not isinstance(one, Line))
    high = max(130.0 if not style.is_glance else grid.y + RADIUS + 24, grid.rows * grid.pitch + 8)
    return Block((*primitives, *labels, *body), right + 4, high)


def _tag_channels(style: Style, values: SharingValues, grid: WireGrid) -> Iterator[Primitive]:
    """The name of each channel at its first row."""
    rows, columns = values.wiring.kernel
    cells = rows * columns
    if grid.per_row == 1 or cells % grid.per_row:
        return
    info = values.before.info
    is_color = info.shape[0] == 3 and (info.values.channels or info.operation.kind == "input")
    for n in range(values.wiring.weights // cells):
        channel = values.wiring.first + n
        text = "RGB"[channel] if is_color else str(channel)
        y = n * cells / grid.per_row * grid.pitch + LINE
        yield style.write("view-tag", (2, y), text, style.theme.muted, "mono-bold", TEXT)


def _find_source(index: int, grid: WireGrid) -> tuple[float, float, float]:
    """Where the source of a wire lies, and the height at which the wire runs to the right."""
    row, column = divmod(index, grid.per_row)
    top = row * grid.pitch
    x = grid.left + (column + 1) * grid.wide - 10
    return x, top + LINE - 4, top + LINE + grid.track * (grid.per_row - column)


def _draw_wire(style: Style, wire: NeuronWire, index: int, grid: WireGrid, colors: Scale) -> Iterator[Line]:
    x, y, track = _find_source(index, grid)
    most = colors.high or 1.0
    share = min(1.0, abs(wire.value) / most)
    width = THIN + (3.2 if grid.per_row == 1 else 1.4) * share
    color = style.theme.edge
    if wire.value:
        color = to_hex_color(color_values(np.sign(wire.value) * max(abs(wire.value), most * 0.45), colors))
    points = [(x, y), (grid.x - RADIUS, grid.y)]
    if grid.per_row > 1:
        points = [(x, y), (x, track), (grid.start, track), (grid.x - RADIUS, grid.y)]
    for place, (start, stop) in enumerate(pairwise(points), 2):
        part = "view-wire" if place == len(points) else "view-track"
        yield Line(part, *start, *stop, color, width)


def _label_wire(style: Style, wire: NeuronWire, index: int, grid: WireGrid) -> Iterator[Primitive]:
    x, y, _ = _find_source(index, grid)
    yield Rect("view-source", Box(x - 3.5, y - 3.5, 7, 7), style.theme.input, radius=3.5)
    yield style.write("view-value", (x - 8, y), wire.label, style.theme.text, "mono", TEXT, "end", "middle")


def _draw_others(style: Style, drawn: DrawnWires, grid: WireGrid) -> Iterator[Primitive]:
    """The wire of all inputs that have none of their own, with the sum of their products."""
    y = (grid.rows - 1) * grid.pitch + LINE - 4
    text = write_sharing_text("sharing_other_inputs", count=drawn.others, sum=format_number(drawn.sum_of_others))
    yield style.write("view-value", (grid.start - 14, y), text, style.theme.text, "mono", TEXT, "end", "middle")
    yield Line("view-others", grid.start - 10, y, grid.start, y, style.theme.edge)
    yield Line("view-others", grid.start, y, grid.x - RADIUS, grid.y, style.theme.edge)


def _draw_body(
    style: Style, values: SharingValues, grid: WireGrid, after: tuple[str, str] | None, known: str
) -> Iterator[Rect | Line | Primitive]:
    """The body: the sum with the bias, then the activation if one follows."""
    theme, x, y = style.theme, grid.x, grid.y
    middle_room = style.metrics.measure(known, "mono", TEXT) + 16 if after else 0.0
    name_room = style.metrics.measure(after[0], "mono-bold", TEXT) / 2 if after else 0.0
    second = x + RADIUS / 2 + middle_room + name_room if after else x
    end = second + max(RADIUS, name_room + 12) if after else x + RADIUS
    box = Box(x - RADIUS, y - RADIUS, end - x + RADIUS, 2 * RADIUS)
    yield Rect("view-body", box, theme.surface, theme.filter, 2, RADIUS)
    yield style.write("view-body", (x, y), "Σ", theme.text, "mono", 20, "middle", "middle")
    divided = f"÷ {values.divisor} + b" if values.divisor else "+ b"
    bias = f"{divided}, b = {values.bias_number}"
    yield style.write("view-bias", (x - RADIUS + 4, y + RADIUS + 18), bias, theme.muted, "mono", TEXT)
    if after:
        between = x + RADIUS / 2 + middle_room / 2
        yield style.write("view-sum", (between, y), known, theme.text, "mono", TEXT, "middle", "middle")
        yield style.write("view-function", (second, y), after[0], theme.text, "mono-bold", TEXT, "middle", "middle")
        at = (box.right - RADIUS, y - RADIUS - 8)
        yield style.write(
            "view-function", at, write_sharing_text("sharing_activation"), theme.muted, "mono", TEXT, "end"
        )
    yield Line("view-out", end, y, end + 18, y, theme.edge)
    row, column = values.wiring.place_of(values.here)[1:]
    result = after[1] if after else known
    yield style.write("view-result", (end + 24, y), result, theme.output, "mono-bold", 19, "start", "middle")
    cell = write_sharing_text("sharing_of_this_cell", row=row, column=column)
    yield style.write("view-cell", (end + 24, y - 18), cell, theme.muted, "mono", TEXT)


def _write_activation(trace: Trace, place: Place, values: SharingValues) -> tuple[str, str] | None:
    """The title of the activation that the first stage to read it applies to this cell, and its result, "?" until it is
    known.
    """
    readers = find_readers(trace, values.stage.info.index)
    info = readers[0].info if readers else None
    if info is None or info.family != "activation" or info.operation.kind != "pointwise":
        return None
    result = write_step(trace, explain_step(trace, info.index, *place)).result if values.is_known else ""
    return write_message(info.title), result or "?"
