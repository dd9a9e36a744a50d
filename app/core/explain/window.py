"""The cells that a window reads from one channel, where the padding took them from, and their products."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..arrays import Maps
from ..ops.geometry import Axis, Geometry, find_source_index
from .cell import Cell, Step

Grid = list[list[Any]]
Place = tuple[int, int]
ValueOutside = Callable[[int, int], float | None]


def locate_window(cell: Cell) -> tuple[list[int], list[int]]:
    """The input rows and columns that the cell's window covers."""
    geometry = require_geometry(cell)
    return list(geometry.rows.window_cells(cell.row)), list(geometry.columns.window_cells(cell.col))


def require_geometry(cell: Cell) -> Geometry:
    """The geometry of the cell's stage. Raises ValueError where nothing slides."""
    if cell.stage.geometry is None:
        raise ValueError("the stage has no geometry; its operation needs one")
    return cell.stage.geometry


def read_window(
    maps: Maps,
    channel: int,
    rows: list[int],
    columns: list[int],
    mode: str = "zeros",
    outside: ValueOutside = lambda row, col: 0.0,
) -> Step:
    """The values that a window reads from one channel; `outside` gives the value of a cell without a source."""
    plane = maps[channel]
    height, width = plane.shape
    sources: Grid = [[_find_source(r, c, (height, width), mode) for c in columns] for r in rows]
    values = [
        [float(plane[tuple(source)]) if source else outside(r, c) for c, source in zip(columns, line, strict=True)]
        for r, line in zip(rows, sources, strict=True)
    ]
    padded = [[not (0 <= r < height and 0 <= c < width) for c in columns] for r in rows]
    unweighted: Step = {"weights": None, "products": None, "sum": 0.0}
    return {"channel": channel, "values": values, "padded": padded, "sources": sources} | unweighted


def apply_weights(read: Step, weights: Grid) -> Step:
    """The window with its weights, the products and their sum."""
    # Adding 0 turns −0 into 0: a product that is 0 has no sign.
    products = [
        [v * w + 0.0 for v, w in zip(*lines, strict=True)] for lines in zip(read["values"], weights, strict=True)
    ]
    return read | {"weights": weights, "products": products, "sum": float(sum(sum(line) for line in products))}


def _find_source(row: int, col: int, size: Place, mode: str) -> list[int] | None:
    """The input cell that a position in the padding repeats, None where it repeats none."""
    places = [find_source_index(index, length, mode) for index, length in zip((row, col), size, strict=True)]
    return None if None in places else [place for place in places if place is not None]


def is_inside(axis: Axis, index: int, padding: bool = True) -> bool:
    """Whether a cell lies in the input, or with `padding` in the padded input."""
    before, after = (axis.before, axis.after) if padding else (0, 0)
    return -before <= index < axis.size + after


def keep_inside(cells: Iterable[int], size: int) -> list[int]:
    """The rows or columns of a window that lie in the input."""
    return [cell for cell in cells if 0 <= cell < size]
