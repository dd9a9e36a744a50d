"""Steps that read one cell: activations, shift, flatten, and the input itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from ..arrays import Maps
from .cell import Cell, Step
from .window import read_window


def explain_activation(cell: Cell) -> Step:
    """An activation: a function of the cell at the same place."""
    read = _read_one_cell(cell.input, cell.map, cell.row, cell.col)
    slope = cell.stage.info.slope
    function = ACTIVATIONS[cell.stage.info.op]
    return read | {"result": function(read["sum"], 0.01 if slope is None else slope)}


def explain_shift(cell: Cell) -> Step:
    """A shift: the cell that the layer moved here."""
    down, right = cell.stage.info.by or (0, 0)
    return _read_one_cell(cell.input, cell.map, cell.row - down, cell.col - right)


def explain_flatten(cell: Cell) -> Step:
    """A flatten: the cell (map, row, column) that became the n-th value of the column."""
    _, height, width = cell.input.shape
    channel, place = divmod(cell.map, height * width)
    return _read_one_cell(cell.input, channel, *divmod(place, width))


def explain_input(cell: Cell) -> Step:
    """The input: nothing comes before it."""
    return _read_one_cell(cell.stage.output, cell.map, cell.row, cell.col)


def _read_one_cell(maps: Maps, channel: int, row: int, col: int) -> Step:
    """The value of one cell, unchanged."""
    read = read_window(maps, channel, [row], [col])
    value = read["values"][0][0]
    return {"rows": [row], "columns": [col], "channels": [read | {"sum": value}], "sum": value, "result": value}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


ACTIVATIONS: Mapping[str, Callable[[float, float], float]] = {
    "relu": lambda x, _: max(x, 0.0),
    "leaky_relu": lambda x, slope: x if x > 0 else x * slope,
    "sigmoid": lambda x, _: _sigmoid(x),
    "tanh": lambda x, _: math.tanh(x),
    "abs": lambda x, _: abs(x),
}
