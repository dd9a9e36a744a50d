"""Value ranges of a stage's maps, from all cells, and salient places, from the cells that do not depend on padding."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape
from ..ops.geometry import Axis
from ..ops.transposed import TransposedAxis
from .plan import Plan, read_shift

Interval = tuple[int, int]
"""(first, one past the last)."""
Interior = tuple[Interval, Interval]
"""The rows and columns of the cells that do not depend on padding."""

Ranges = tuple[tuple[float, float], ...]
"""(least, largest) value of each map."""
Places = tuple[tuple[int, int], ...]
"""(row, column) of a cell of each map."""
Indices = NDArray[np.int64]
"""The index of a cell of each map, in reading order."""

LEAST_SHARE_IN_MIDDLE = 0.6
"""A cell in the middle of a map is chosen if its value is at least this share of the map's largest."""


def describe_values(maps: Maps, inside: Interior) -> tuple[Ranges, Places]:
    """Ranges of all cells, and salient places inside.

    Cells that read padding count for the range, too: left out, their values would share the color of an end of the
    scale, although they differ.
    """
    return _list_single_cells(maps) if maps[0].size == 1 else _find_ranges(maps, inside)


def _list_single_cells(maps: Maps) -> tuple[Ranges, Places]:
    """Ranges and salient places of maps of one cell; there may be a thousand of them."""
    return tuple((value, value) for value in maps.ravel().tolist()), ((0, 0),) * len(maps)


def _find_ranges(maps: Maps, inside: Interior) -> tuple[Ranges, Places]:
    """Ranges of the maps, and their salient places inside."""
    least, most, places = measure_maps(maps, inside)
    top, left, width = inside[0][0], inside[1][0], inside[1][1] - inside[1][0]
    return tuple(zip(least.tolist(), most.tolist(), strict=True)), tuple(
        (top + place // width, left + place % width) for place in places.tolist()
    )


def measure_maps(maps: Maps, inside: Interior) -> tuple[Maps, Maps, Indices]:
    """(the least value of each map, its largest, the salient place inside, counted there in reading order)."""
    (top, bottom), (left, right) = inside
    inner = maps[:, top:bottom, left:right]
    cells = inner.reshape(len(maps), -1)
    everywhere = cells if inner.shape == maps.shape else maps.reshape(len(maps), -1)
    least, most = everywhere.min(axis=1), everywhere.max(axis=1)
    largest = most if everywhere is cells else cells.max(axis=1)
    return least, most, _find_salient_places(cells, inner, largest)


def find_salient_map(maps: Maps) -> int:
    """The map with the largest value: of classes, the one with the highest score."""
    return int(maps.reshape(len(maps), -1).max(axis=1).argmax())


def find_interior(plan: Plan, read: Sequence[Interior], shapes: Sequence[Shape]) -> Interior:
    """The output cells that do not depend on padding; if there are none, those that read no padding of this layer;
    else all. `read` and `shapes` are the interiors and the shapes of the stages that it reads.
    """
    rows, columns = plan.shape[1:]
    before = read[0]
    if plan.op.join:
        whole = [inside for inside, shape in zip(read, shapes, strict=True) if shape[1:] == plan.shape[1:]]
        return _intersect([inside[0] for inside in whole], rows), _intersect([inside[1] for inside in whole], columns)
    if plan.geometry:
        down, across = plan.geometry.rows, plan.geometry.columns
        return _find_positions(down, before[0]), _find_positions(across, before[1])
    if plan.op.kind == "shift":
        by = read_shift(plan.layer)
        return _shift_interval(before[0], by[0], rows), _shift_interval(before[1], by[1], columns)
    return before if plan.shape == plan.in_shape else ((0, rows), (0, columns))


def _find_positions(axis: Axis, interval: Interval) -> Interval:
    """The positions whose windows lie in an interval of the input; of a transposed convolution all."""
    if isinstance(axis, TransposedAxis):
        return 0, axis.positions
    for first_cell, after_cell in (interval, (0, axis.size)):
        first = max(0, -(-(first_cell + axis.before) // axis.stride))
        last = min(axis.positions - 1, (after_cell - axis.effective_kernel + axis.before) // axis.stride)
        if first <= last:
            return first, last + 1
    return 0, axis.positions


def _intersect(intervals: Sequence[Interval], size: int) -> Interval:
    """The cells that all intervals share; all cells where there are none."""
    first, after = max(start for start, _ in intervals), min(stop for _, stop in intervals)
    return (first, after) if first < after else (0, size)


def _shift_interval(interval: Interval, by: int, size: int) -> Interval:
    first, after = max(0, interval[0] + by), min(size, interval[1] + by)
    return (first, after) if first < after else (0, size)


def _find_salient_places(cells: Maps, maps: Maps, largest: Maps) -> Indices:
    """The cell of each map with the largest value: one that ReLU and max pooling keep.

    The middle half of the map is preferred, unless a much larger value lies outside it. Where no value is above 0,
    the cell with the largest absolute value. `cells` are the maps, flattened; `largest` is each map's largest value.
    """
    _, height, width = maps.shape
    middle = maps[:, height // 4 : height - height // 4, width // 4 : width - width // 4]
    near = _list_middle_places(height, width)[middle.reshape(len(maps), -1).argmax(axis=1)]
    large = cells[np.arange(len(cells)), near]
    best: Indices = np.where(large >= np.float32(LEAST_SHARE_IN_MIDDLE) * largest, near, cells.argmax(axis=1))
    without_positive = largest <= 0
    if without_positive.any():
        best[without_positive] = np.abs(cells[without_positive]).argmax(axis=1)
    return best


@lru_cache(64)
def _list_middle_places(height: int, width: int) -> Indices:
    """The indices of the cells of the middle half of a map, in reading order."""
    places = np.arange(height * width).reshape(height, width)
    middle = places[height // 4 : height - height // 4, width // 4 : width - width // 4].ravel()
    middle.flags.writeable = False
    return middle
