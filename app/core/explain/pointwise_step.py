"""Steps that read one cell: activations, shift, flatten, and the input itself."""

from __future__ import annotations

import numpy as np

from ..arrays import Maps
from .cell import Cell, Step
from .window import read_window


def explain_activation(cell: Cell) -> Step:
    """An activation: a function of the cell at the same place."""
    read = _read_one_cell(cell.input, cell.map, cell.row, cell.col)
    info = cell.stage.info
    if info.operation.function is None:
        raise ValueError(f"{info.op} has no function")
    arguments = () if info.slope is None else (info.slope,)
    return read | {"result": float(info.operation.function(np.float64(read["sum"]), *arguments)) + 0.0}


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
