"""A step that reads one cell: a function of it, or the cell itself from where it was before."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from .cell import Asked, Maps, Step
from .window import look


def pointwise(asked: Asked) -> Step:
    """An activation: a function of the cell at the same place."""
    seen = _single(asked.input, asked.map, asked.row, asked.col)
    slope = asked.stage.meta.get("slope")
    function = FUNCTIONS[str(asked.stage.meta["op"])]
    return seen | {"result": function(seen["sum"], 0.01 if slope is None else float(slope))}


def shifted(asked: Asked) -> Step:
    """A shift: the cell that lies here moved by so many rows and columns."""
    down, right = asked.stage.meta.get("by") or (0, 0)
    return _single(asked.input, asked.map, asked.row - down, asked.col - right)


def flattened(asked: Asked) -> Step:
    """One long column: map, row and column of its n-th value before."""
    _, height, width = asked.input.shape
    channel, place = divmod(asked.map, height * width)
    return _single(asked.input, channel, *divmod(place, width))


def itself(asked: Asked) -> Step:
    """The picture: nothing comes before it."""
    return _single(asked.stage.output, asked.map, asked.row, asked.col)


def _single(maps: Maps, channel: int, row: int, col: int) -> Step:
    """The value of one cell as it is."""
    seen = look(maps, channel, [row], [col])
    value = seen["values"][0][0]
    return {"rows": [row], "columns": [col], "channels": [seen | {"sum": value}], "sum": value, "result": value}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


FUNCTIONS: Mapping[str, Callable[[float, float], float]] = {
    "relu": lambda x, _: max(x, 0.0),
    "leaky_relu": lambda x, slope: x if x > 0 else x * slope,
    "sigmoid": lambda x, _: _sigmoid(x),
    "tanh": lambda x, _: math.tanh(x),
    "abs": lambda x, _: abs(x),
}
