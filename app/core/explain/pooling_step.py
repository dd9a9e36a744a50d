"""Steps of a pooling layer: the cells of one window, and the chosen cell or their mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import Place, is_inside, keep_inside, locate_window, read_window, require_geometry


def explain_pooling(cell: Cell) -> Step:
    """A pooling: one window of one map. The divisor of an average counts the padding if count_include_pad is on."""
    info, geometry = cell.stage.info.pool, require_geometry(cell)
    if info is None:
        raise ValueError("the stage has no pooling; its operation needs one")
    pool, counts = info.kind, info.count_include_pad
    rows, columns = locate_window(cell)
    down, across = geometry.rows, geometry.columns
    inside = keep_inside(rows, down.size), keep_inside(columns, across.size)
    inner = cell.input[cell.map][np.ix_(*inside)]
    counted = sum(is_inside(down, r, counts) for r in rows) * sum(is_inside(across, c, counts) for c in columns)
    divided = info.divisor_override or counted
    total, result, chosen = _pool_cells(inner.astype(np.float64), pool, divided)

    def value_outside(r: int, c: int) -> float | None:
        is_zero = pool == "l2" or (pool == "avg" and (counts or info.divisor_override is not None))
        return 0.0 if is_zero and is_inside(down, r) and is_inside(across, c) else None

    channels = []
    if len(rows) * len(columns) <= MOST_LISTED_CELLS:
        read = read_window(cell.input, cell.map, rows, columns, outside=value_outside)
        squares = [[(value or 0.0) ** 2 for value in line] for line in read["values"]] if pool == "l2" else None
        channels = [read | {"products": squares, "sum": total}]
    place = None
    if chosen is not None:
        place = [cell.map, inside[0][chosen[0]], inside[1][chosen[1]]]
    ends = {"sum": total, "result": result, "chosen": place, "count": divided if pool == "avg" else None}
    return {"rows": rows, "columns": columns, "channels": channels} | ends


def _pool_cells(cells: NDArray[np.float64], pool: str, count: int) -> tuple[float, float, Place | None]:
    """(sum, result, the first largest or smallest cell in reading order)."""
    if pool == "avg":
        total = float(cells.sum())
        return total, total / count, None
    if pool == "l2":
        total = float(np.square(cells).sum())
        return total, math.sqrt(total), None
    place = int(cells.argmin() if pool == "min" else cells.argmax())
    value = float(cells.flat[place])
    return value, value, divmod(place, cells.shape[1])
