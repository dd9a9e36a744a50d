"""A picture of a large matrix, times the input as a column, equals the map as a column: what `draw-matrix.js` paints.

Rows and columns that share a pixel are one, so that the work is bounded by the pixels and not by the layer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ....core.scene import View
from ....core.trace.color_scale import Colors, Scale, color_values, make_scale, make_weight_scale
from ....core.views.sharing_values import SharingValues
from ....core.views.wires import NO_CELL
from ...figure.primitives import Box, CellImage, Primitive, Rect
from ...figure.theme import Style
from ...map_image import choose_scale
from ..blocks import Block
from .identity_colors import fill_of_weight, line_of_weight

LARGEST, COLUMN, SIGN, BIAS, SURFACE = 18.0, 22.0, 34.0, 70.0, 9.0
"""The largest cell, the width of a column, the space for a sign and for the bias, and from here on a cell is filled."""
LEAST_MARK, LEAST_BAND, BEFORE = 2.0, 6.0, 6.0
"""The smallest height of a marked cell of the input, and of a marked row, and the room for the marks."""


@dataclass(frozen=True, slots=True)
class MatrixAreas:
    """Where the matrix, the column of the input and the column of the map lie."""

    matrix: Box
    input: Box
    output: Box


def draw_structure(style: Style, values: SharingValues, view: View, width: float, height: float, press: int) -> Block:
    """Draw the structure of a matrix into a width and a height, with the row in focus after the first press."""
    areas = _find_areas(values, width, height)
    high = max(areas.matrix.bottom, areas.input.bottom) + 4
    return Block(tuple(_draw(style, values, view, areas, press)), areas.output.right, high)


def _find_areas(values: SharingValues, width: float, height: float) -> MatrixAreas:
    rows, columns = values.wiring.neurons, values.wiring.inputs
    bias = BIAS + (9.7 * (len(values.divisor) + 3) if values.divisor else 0)
    room = width - 2 * COLUMN - SIGN - bias - BEFORE
    matrix = Box(BEFORE, 4, min(room, columns * LARGEST), min(height - 8, rows * LARGEST))
    column = Box(matrix.right + SIGN, 4, COLUMN, min(height - 8, columns * LARGEST))
    return MatrixAreas(matrix, column, Box(column.right + bias, 4, COLUMN, matrix.height))


def _draw(style: Style, values: SharingValues, view: View, areas: MatrixAreas, press: int) -> Iterator[Primitive]:
    theme, wiring, here = style.theme, values.wiring, values.here
    image = _color_matrix(style, values, areas.matrix)
    yield CellImage("view-matrix", areas.matrix, image)
    before, stage = values.before, values.stage
    scale = choose_scale(before, 0, view.colors, "layer")
    yield from _draw_column(style, "view-input", areas.input, before.output.ravel(), scale)
    map = wiring.place_of(here)[0]
    results = stage.output.ravel() if wiring.is_linear else stage.output[map].ravel()
    own = choose_scale(stage, map, view.colors, view.scope)
    yield from _draw_column(style, "view-map", areas.output, results, own)
    rows = wiring.neurons
    written = (rows if values.is_known else 0) if wiring.is_linear else values.written
    known = max(written, here + 1) if values.is_known and not wiring.is_linear else written
    if known < rows:
        top = areas.output.top + known / rows * areas.output.height
        yield from style.cover("view-map", Box(areas.output.left + 1, top, COLUMN - 2, areas.output.bottom - top - 1))
    middle = (areas.matrix.top + areas.matrix.bottom) / 2
    bias = f"÷ {values.divisor} + b =" if values.divisor else "+ b ="
    for x, text in (
        ((areas.matrix.right + areas.input.left) / 2, "·"),
        ((areas.input.right + areas.output.left) / 2, bias),
    ):
        yield style.write("view-sign", (x, middle), text, theme.text, "mono", 16, "middle", "middle")
    if not press:
        return
    for area in (areas.matrix, areas.output):
        top, high = _find_band(area, here, rows)
        if area is areas.matrix and wiring.is_shared and high > area.height / rows:
            yield from _draw_row(style, values, area, top, high)
        yield Rect("view-row", Box(area.left - 2, top - 2, area.width + 4, high + 4), "", theme.text, 2)
    yield from _mark_inputs(style, values, areas.input)


def _find_band(area: Box, row: int, rows: int) -> tuple[float, float]:
    """Top and height of the band of a row; one that is lower than a mark has a mark around its middle."""
    high = area.height / rows
    shown = max(high, LEAST_BAND)
    return area.top + (row + 0.5) * high - shown / 2, shown


def _draw_row(style: Style, values: SharingValues, area: Box, top: float, high: float) -> Iterator[Primitive]:
    """The wires of a row in its band, where that is higher than the row."""
    count, wide = values.wiring.weights, area.width / values.wiring.inputs
    yield Rect("view-row", Box(area.left, top, area.width, high), style.theme.surface)
    for n, cell in enumerate(values.wiring.find_sources(values.here).tolist()):
        if cell >= 0:
            box = Box(area.left + cell * wide, top, max(wide, 1.5), high)
            yield Rect("view-row-wire", box, line_of_weight(n, count, style.theme.is_dark))


def _mark_inputs(style: Style, values: SharingValues, area: Box) -> Iterator[Primitive]:
    """The cells of the input that the row reads, joined where they follow each other."""
    high = area.height / values.wiring.inputs
    cells = sorted({cell for cell in values.wiring.find_sources(values.here).tolist() if cell >= 0})
    start = 0
    for index in range(1, len(cells) + 1):
        if index == len(cells) or cells[index] != cells[index - 1] + 1:
            tall = max((cells[index - 1] - cells[start] + 1) * high, LEAST_MARK)
            yield Rect("view-input-mark", Box(area.left - 5, area.top + cells[start] * high, 4, tall), style.theme.text)
            start = index


def _draw_column(style: Style, part: str, area: Box, numbers: np.ndarray, scale: Scale) -> Iterator[Primitive]:
    shown = numbers[_sample(numbers.size, area.height)]
    yield CellImage(part, area, color_values(shown[:, None], scale, style.theme.is_dark))
    yield Rect(part, area, stroke=style.theme.edge, stroke_width=1)


def _sample(count: int, room: float) -> np.ndarray:
    """The rows or columns that stand for all: one for each point of the room."""
    shown = max(1, min(count, int(room)))
    return np.arange(shown) * count // shown


def _color_matrix(style: Style, values: SharingValues, area: Box) -> Colors:
    """The weights by their sign and size where each is one of its own, else by which one it is."""
    wiring, weight = values.wiring, values.stage.weight
    if wiring.is_shared or weight is None:
        return _color_wires(style, values, area)
    rows, columns = _sample(wiring.neurons, area.height), _sample(wiring.inputs, area.width)
    if wiring.is_linear:
        table = weight.reshape(wiring.neurons, wiring.inputs)
        scale = make_scale("signed", max(float(table.max()), -float(table.min())) or 1.0)
        return color_values(table[np.ix_(rows, columns)], scale, style.theme.is_dark)
    own, sources = weight[wiring.map].ravel(), wiring.find_sources(values.here)
    line = np.zeros((1, wiring.inputs), np.float32)
    line[0, sources[sources > NO_CELL]] = own[sources > NO_CELL]
    return color_values(line[:, columns], make_weight_scale(own), style.theme.is_dark)


def _color_wires(style: Style, values: SharingValues, area: Box) -> Colors:
    """The wires of a convolution, each weight in its color; of rows that share a point one is drawn."""
    wiring, count = values.wiring, values.wiring.weights
    is_surface = min(area.width / wiring.inputs, area.height / wiring.neurons) >= SURFACE
    color = fill_of_weight if is_surface else line_of_weight
    palette = np.array([_read_hex(color(n, count, style.theme.is_dark)) for n in range(count)], np.uint8)
    rows = _sample(wiring.neurons, area.height)
    columns = max(1, min(wiring.inputs, int(area.width)))
    image: Colors = np.empty((len(rows), columns, 3), np.uint8)
    image[:] = _read_hex(style.theme.sunken)
    for line, neuron in enumerate(rows.tolist()):
        sources = wiring.find_sources(neuron)
        met = np.flatnonzero(sources > NO_CELL)[::-1]  # of weights that meet one cell the first is seen
        image[line, sources[met] * columns // wiring.inputs] = palette[met]
    return image


def _read_hex(color: str) -> np.ndarray:
    return np.frombuffer(bytes.fromhex(color[1:]), np.uint8)
