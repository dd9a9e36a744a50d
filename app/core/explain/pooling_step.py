"""A step of a pooling: the cells of one window, and the one that was chosen or what they come to together."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import Place, is_inside, keep_inside, locate_window, read_window


def explain_pooling(asked: Cell) -> Step:
    """A pooling: the value of one window of one map. An average counts the padding where its option says so."""
    meta = asked.stage.meta
    pool, counts = str(meta["pool"]), bool(meta.get("count_include_pad", True))
    rows, columns = locate_window(asked)
    down, across = meta["rows"], meta["columns"]
    inner = asked.input[asked.map][np.ix_(keep_inside(rows, down["size"]), keep_inside(columns, across["size"]))]
    divided = sum(is_inside(down, r, counts) for r in rows) * sum(is_inside(across, c, counts) for c in columns)
    total, result, chosen = _pool_cells(inner.astype(np.float64), pool, divided)

    def empty(r: int, c: int) -> float | None:
        counted = pool == "l2" or (pool == "avg" and counts)
        return 0.0 if counted and is_inside(down, r) and is_inside(across, c) else None

    channels = []
    if len(rows) * len(columns) <= MOST_LISTED_CELLS:
        seen = read_window(asked.input, asked.map, rows, columns, empty=empty)
        squares = [[(value or 0.0) ** 2 for value in line] for line in seen["values"]] if pool == "l2" else None
        channels = [seen | {"products": squares, "sum": total}]
    place = None
    if chosen is not None:
        place = [asked.map, max(rows[0], 0) + chosen[0], max(columns[0], 0) + chosen[1]]
    ends = {"sum": total, "result": result, "chosen": place, "count": divided if pool == "avg" else None}
    return {"rows": rows, "columns": columns, "channels": channels} | ends


def _pool_cells(cells: NDArray[np.float64], pool: str, count: int) -> tuple[float, float, Place | None]:
    """Sum, result, and the first winner in reading order."""
    if pool == "avg":
        total = float(cells.sum())
        return total, total / count, None
    if pool == "l2":
        total = float(np.square(cells).sum())
        return total, math.sqrt(total), None
    place = int(cells.argmin() if pool == "min" else cells.argmax())
    value = float(cells.flat[place])
    return value, value, divmod(place, cells.shape[1])
