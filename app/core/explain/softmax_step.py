"""Steps of softmax: one cell's share of all cells."""

from __future__ import annotations

import numpy as np

from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import read_window


def explain_softmax(cell: Cell) -> Step:
    """Softmax: e^(x − largest) of this cell, divided by the sum over all cells; or over the channels at its place."""
    maps, height, width = cell.input.shape
    rows, columns = list(range(height)), list(range(width))
    read, row, col = cell.input, cell.row, cell.col
    if "reads_all" not in cell.stage.info.operation.capabilities:
        rows, columns, read = [row], [col], cell.input[:, row : row + 1, col : col + 1]
        row = col = 0
    largest = float(read.max())
    powers = np.exp(read.astype(np.float64) - largest)
    total = float(powers.sum())
    channels = []
    if read.size <= MOST_LISTED_CELLS:
        channels = [
            read_window(cell.input, c, rows, columns) | {"products": powers[c].tolist(), "sum": float(powers[c].sum())}
            for c in range(maps)
        ]
    result = float(powers[cell.map, row, col]) / total
    ends = {"sum": total, "result": result, "largest": largest}
    return {"rows": rows, "columns": columns, "channels": channels} | ends
