"""What a window sees of one channel: the cells it reads, where the padding took them from, and their products."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from .cell import Asked, Maps, Meta, Step

Grid = list[list[Any]]
Cell = tuple[int, int]
Empty = Callable[[int, int], float | None]


def window(asked: Asked) -> tuple[list[int], list[int]]:
    """The input rows and columns that the window over the asked cell covers."""
    meta = asked.stage.meta
    return _reads(meta["rows"], asked.row), _reads(meta["columns"], asked.col)


def _reads(axis: Meta, position: int) -> list[int]:
    first = position * axis["stride"] - axis["before"]
    return [first + tap * axis["dilation"] for tap in range(axis["kernel"])]


def look(
    maps: Maps,
    channel: int,
    rows: list[int],
    columns: list[int],
    mode: str = "zeros",
    empty: Empty = lambda row, col: 0.0,
) -> Step:
    """What a window sees of one channel; `empty` gives the value of a cell without a source."""
    plane = maps[channel]
    height, width = plane.shape
    sources: Grid = [[_source(r, c, (height, width), mode) for c in columns] for r in rows]
    values = [
        [float(plane[tuple(source)]) if source else empty(r, c) for c, source in zip(columns, line, strict=True)]
        for r, line in zip(rows, sources, strict=True)
    ]
    padded = [[not (0 <= r < height and 0 <= c < width) for c in columns] for r in rows]
    nothing: Step = {"weights": None, "products": None, "sum": 0.0}
    return {"channel": channel, "values": values, "padded": padded, "sources": sources} | nothing


def weighted(seen: Step, weights: Grid) -> Step:
    """What a window sees, with each value times its weight."""
    # Adding 0 turns −0 into 0: a product of nothing has no sign.
    products = [
        [v * w + 0.0 for v, w in zip(*lines, strict=True)] for lines in zip(seen["values"], weights, strict=True)
    ]
    return seen | {"weights": weights, "products": products, "sum": float(sum(sum(line) for line in products))}


def _source(row: int, col: int, size: Cell, mode: str) -> list[int] | None:
    """The cell that stands in for one outside the picture, None where there is none."""
    places = [_stand_in(index, length, mode) for index, length in zip((row, col), size, strict=True)]
    return None if None in places else [place for place in places if place is not None]


def _stand_in(index: int, size: int, mode: str) -> int | None:
    if 0 <= index < size:
        return index
    match mode:
        case "replicate":
            return min(max(index, 0), size - 1)
        case "circular":
            return index % size
        case "reflect" if size > 1:
            place = index % (2 * (size - 1))
            return min(place, 2 * (size - 1) - place)
    return None


def framed(axis: Meta, index: int, padding: bool = True) -> bool:
    """Whether a cell lies in the input, with its padding where that counts."""
    before, after = (axis["before"], axis["after"]) if padding else (0, 0)
    return bool(-before <= index < axis["size"] + after)


def inside(cells: Iterable[int], size: int) -> list[int]:
    """Those rows or columns of a window that the input has."""
    return [cell for cell in cells if 0 <= cell < size]
