"""Pooling: each window is replaced by one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Maps
from ..scene import Pair, Sides
from .geometry import Axis, Geometry

PoolKind = Literal["max", "min", "avg", "l2"]


@dataclass(frozen=True, slots=True)
class Pool:
    """The options of a pooling layer, as in torch.nn.MaxPool2d and AvgPool2d.

    Pairs are (rows, columns); `padding` is (top, bottom, left, right), on each side less than the window reaches.
    `divisor_override` divides every sum of an average, in place of the count of cells.
    """

    kind: PoolKind
    kernel_size: Pair
    stride: Pair
    padding: Sides = (0, 0, 0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True
    dilation: Pair = (1, 1)
    divisor_override: int | None = None

    def geometry(self, in_size: Pair) -> Geometry:
        """The positions of the window on maps of `in_size`."""
        top, bottom, left, right = self.padding
        rows = Axis(in_size[0], self.kernel_size[0], self.stride[0], self.dilation[0], top, bottom, self.ceil_mode)
        columns = Axis(in_size[1], self.kernel_size[1], self.stride[1], self.dilation[1], left, right, self.ceil_mode)
        return Geometry(rows, columns)


def pool2d(x: Maps, pool: Pool) -> Maps:
    """(C, H, W) → (C, OH, OW): the largest, the smallest, the mean, or the root of the sum of squares.

    The padding is −∞ for max, +∞ for min, 0 for avg and l2. The mean counts the cells of the padding
    unless count_include_pad is off, and never those of a ceil-mode window beyond the padded input.
    Raises ValueError where a window does not fit or could lie in the padding alone. As
    torch.nn.functional.max_pool2d and avg_pool2d.
    """
    geometry = pool.geometry((x.shape[1], x.shape[2]))
    _check_padding(geometry)
    geometry.check_fits()
    x = np.asarray(x, np.float32)
    match pool.kind:
        case "max":
            y = _reduce_windows(x, geometry, np.maximum, -np.inf)
        case "min":
            y = _reduce_windows(x, geometry, np.minimum, np.inf)
        case "avg":
            y = _reduce_windows(x, geometry, np.add, 0)
            y /= pool.divisor_override or _count_cells(geometry, pool.count_include_pad)
        case "l2":
            y = _reduce_windows(x * x, geometry, np.add, 0)
            np.sqrt(y, out=y)
    return y


def globalpool(x: Maps, kind: PoolKind) -> Maps:
    """(C, H, W) → (C, 1, 1): each map's largest value for `max`, else its mean."""
    y: Maps
    if kind == "max":
        y = x.max(axis=(1, 2), keepdims=True)
    else:
        y = x.mean(axis=(1, 2), keepdims=True, dtype=np.float64).astype(np.float32)
    return y


def _reduce_windows(x: Maps, geometry: Geometry, join: np.ufunc, outside: float) -> Maps:
    """Reduces every window by `join`, first along rows, then along columns.

    Works tile by tile, so that the reduced rows are still in the cache for the columns.
    """
    x = _pad(x, geometry, outside)
    rows, columns = geometry.rows, geometry.columns
    y = np.empty((len(x), *geometry.shape), np.float32)
    maps, height = _choose_tile(x, rows)
    for first in range(0, len(x), maps):
        for top in range(0, rows.positions, height):
            to = y[first : first + maps, top : top + height]
            start = top * rows.stride
            windows = x[first : first + maps, start : start + (to.shape[1] - 1) * rows.stride + rows.effective_kernel]
            joined = np.empty((len(to), to.shape[1], x.shape[2]), np.float32)
            _reduce_last_axis(windows.transpose(0, 2, 1), joined.transpose(0, 2, 1), rows, join)
            _reduce_last_axis(joined, to, columns, join)
    return y


def _reduce_last_axis(x: Maps, to: Maps, axis: Axis, join: np.ufunc) -> None:
    """Reduces `kernel` neighbors at every position along the last axis."""
    if axis.kernel == 1:
        to[...] = x[:, :, :: axis.stride]
    elif axis.stride == axis.dilation == 1 and join is not np.add:
        _reduce_by_doubling(x, to, axis.kernel, join)
    else:
        last = x.shape[2] - axis.effective_kernel + 1
        taps = [tap * axis.dilation for tap in range(axis.kernel)]
        join(x[:, :, 0 : last : axis.stride], x[:, :, taps[1] : last + taps[1] : axis.stride], out=to)
        for tap in taps[2:]:
            join(to, x[:, :, tap : last + tap : axis.stride], out=to)


def _reduce_by_doubling(x: Maps, to: Maps, kernel: int, join: np.ufunc) -> None:
    """Reduces 2, 4, 8 … neighbors; for max and min, which may read a cell twice."""
    width = 1
    while 2 * width < kernel:
        x = join(x[:, :, :-width], x[:, :, width:])
        width *= 2
    step = kernel - width
    join(x[:, :, :-step], x[:, :, step:], out=to)


def _choose_tile(x: Maps, rows: Axis) -> tuple[int, int]:
    """Maps and output rows of a tile: about 256 kB of the input."""
    cells = 2**16
    maps = max(1, cells // (x.shape[1] * x.shape[2]))
    height = max(1, (cells // x.shape[2] - rows.effective_kernel) // rows.stride + 1)
    return maps, height


def _pad(x: Maps, geometry: Geometry, outside: float) -> Maps:
    """The maps with their padding and the overhang of ceil-mode windows."""
    rows, columns = geometry.rows, geometry.columns
    height, width = rows.padded + rows.overhang, columns.padded + columns.overhang
    if (height, width) == x.shape[1:]:
        return x
    y = np.full((len(x), height, width), outside, np.float32)
    y[:, rows.before : rows.before + rows.size, columns.before : columns.before + columns.size] = x
    return y


def _count_cells(geometry: Geometry, include_padding: bool) -> Maps:
    """The divisor of each window's mean, (OH, OW)."""
    down, across = (_count_axis_cells(axis, include_padding) for axis in (geometry.rows, geometry.columns))
    return np.outer(down, across).astype(np.float32)


def _count_axis_cells(axis: Axis, include_padding: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts = np.arange(axis.positions) * axis.stride - axis.before
    low, high = (-axis.before, axis.size + axis.after) if include_padding else (0, axis.size)
    first_tap = np.maximum(-((starts - low) // axis.dilation), 0)
    end_tap = np.minimum(-((starts - high) // axis.dilation), axis.kernel)
    counts: np.ndarray[tuple[int], np.dtype[np.int64]] = np.maximum(end_tap - first_tap, 0)
    return counts


def _check_padding(geometry: Geometry) -> None:
    for name, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if max(axis.before, axis.after) >= axis.effective_kernel:
            raise ValueError(
                f"padding is {max(axis.before, axis.after)}; with a window of {axis.effective_kernel} {name} "
                f"it can be 0 to {axis.effective_kernel - 1}, so that every window holds a cell of the input"
            )
