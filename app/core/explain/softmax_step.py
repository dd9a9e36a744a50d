"""A step of softmax: one cell's share of all."""

from __future__ import annotations

import numpy as np

from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import read_window


def explain_softmax(asked: Cell) -> Step:
    """Softmax: e to this cell, over the sum of e to every cell, all counted down from the largest."""
    maps, height, width = asked.input.shape
    rows, columns = list(range(height)), list(range(width))
    largest = float(asked.input.max())
    powers = np.exp(asked.input.astype(np.float64) - largest)
    total = float(powers.sum())
    channels = []
    if asked.input.size <= MOST_LISTED_CELLS:
        channels = [
            read_window(asked.input, c, rows, columns) | {"products": powers[c].tolist(), "sum": float(powers[c].sum())}
            for c in range(maps)
        ]
    result = float(powers[asked.map, asked.row, asked.col]) / total
    ends = {"sum": total, "result": result, "largest": largest}
    return {"rows": rows, "columns": columns, "channels": channels} | ends
