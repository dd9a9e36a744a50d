"""A step that reads one cell: a function of it, or the cell itself from where it was before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from .cell import Cell, Maps, Step
from .window import read_window


def explain_activation(asked: Cell) -> Step:
    """An activation: a function of the cell at the same place."""
    seen = _read_one_cell(asked.input, asked.map, asked.row, asked.col)
    slope = asked.stage.meta.get("slope")
    function = ACTIVATIONS[str(asked.stage.meta["op"])]
    return seen | {"result": function(seen["sum"], 0.01 if slope is None else float(slope))}


def explain_shift(asked: Cell) -> Step:
    """A shift: the cell that lies here moved by so many rows and columns."""
    down, right = asked.stage.meta.get("by") or (0, 0)
    return _read_one_cell(asked.input, asked.map, asked.row - down, asked.col - right)


def explain_flatten(asked: Cell) -> Step:
    """One long column: map, row and column of its n-th value before."""
    _, height, width = asked.input.shape
    channel, place = divmod(asked.map, height * width)
    return _read_one_cell(asked.input, channel, *divmod(place, width))


def explain_input(asked: Cell) -> Step:
    """The picture: nothing comes before it."""
    return _read_one_cell(asked.stage.output, asked.map, asked.row, asked.col)


def _read_one_cell(maps: Maps, channel: int, row: int, col: int) -> Step:
    """The value of one cell as it is."""
    seen = read_window(maps, channel, [row], [col])
    value = seen["values"][0][0]
    return {"rows": [row], "columns": [col], "channels": [seen | {"sum": value}], "sum": value, "result": value}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


ACTIVATIONS: Mapping[str, Callable[[float, float], float]] = {
    "relu": lambda x, _: max(x, 0.0),
    "leaky_relu": lambda x, slope: x if x > 0 else x * slope,
    "sigmoid": lambda x, _: _sigmoid(x),
    "tanh": lambda x, _: math.tanh(x),
    "abs": lambda x, _: abs(x),
}
