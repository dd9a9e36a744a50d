"""Pooling: each window is replaced by one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .activation import Maps
from .shapes import Axis, Geometry, Pair

PoolKind = Literal["max", "min", "avg", "l2"]


@dataclass(frozen=True, slots=True)
class Pool:
    """The options of a pooling layer, named and meant as in torch.nn.MaxPool2d and AvgPool2d.

    Pairs are (rows, columns); `padding` is (top, bottom, left, right), on each side less than the window.
    """

    kind: PoolKind
    kernel_size: Pair
    stride: Pair
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    ceil_mode: bool = False
    count_include_pad: bool = True

    def geometry(self, in_size: Pair) -> Geometry:
        """Where the window stops on maps of `in_size`."""
        top, bottom, left, right = self.padding
        rows = Axis(in_size[0], self.kernel_size[0], self.stride[0], 1, top, bottom, self.ceil_mode)
        columns = Axis(in_size[1], self.kernel_size[1], self.stride[1], 1, left, right, self.ceil_mode)
        return Geometry(rows, columns)


def pool2d(x: Maps, pool: Pool) -> Maps:
    """(C, H, W) → (C, OH, OW): the largest, the smallest, the mean, or the root of the sum of squares.

    Padding never wins: −∞ for max, +∞ for min, 0 for avg and l2. The mean counts the padding's cells
    unless count_include_pad is off, and never those by which a ceil-mode window hangs over the padded
    input. Raises ValueError where a window does not fit or could lie in the padding alone. As
    torch.nn.functional.max_pool2d and avg_pool2d.
    """
    geometry = pool.geometry((x.shape[1], x.shape[2]))
    _check(geometry)
    geometry.must_fit()
    match pool.kind:
        case "max":
            return _fold(x, geometry, np.maximum, -np.inf)
        case "min":
            return _fold(x, geometry, np.minimum, np.inf)
        case "avg":
            total = _fold(x, geometry, np.add, 0)
            total /= _counts(geometry, pool.count_include_pad)
            return total
        case "l2":
            total = _fold(x * x, geometry, np.add, 0)
            np.sqrt(total, out=total)
            return total


def globalpool(x: Maps, kind: Literal["avg", "max"]) -> Maps:
    """(C, H, W) → (C, 1, 1): each map's mean or its largest value."""
    y: Maps
    if kind == "max":
        y = x.max(axis=(1, 2), keepdims=True)
    else:
        y = x.mean(axis=(1, 2), keepdims=True, dtype=np.float64).astype(np.float32)
    return y


def _fold(x: Maps, geometry: Geometry, join: np.ufunc, outside: float) -> Maps:
    """Joins the cells of every window, along rows and then along columns: the window is a rectangle."""
    for dimension, axis in ((1, geometry.rows), (2, geometry.columns)):
        x = _fold_axis(_surround(x, axis, dimension, outside), axis, dimension, join)
    return x


def _surround(x: Maps, axis: Axis, dimension: int, outside: float) -> Maps:
    sides = [(0, 0)] * 3
    sides[dimension] = (axis.before, axis.after + axis.overhang)
    return np.pad(x, sides, constant_values=outside) if any(sides[dimension]) else x


def _fold_axis(x: Maps, axis: Axis, dimension: int, join: np.ufunc) -> Maps:
    x = np.moveaxis(x, dimension, 0)
    span = (axis.positions - 1) * axis.stride + 1
    y = x[0 : span : axis.stride].copy()
    for tap in range(1, axis.kernel):
        join(y, x[tap : tap + span : axis.stride], out=y)
    return np.moveaxis(y, 0, dimension)


def _counts(geometry: Geometry, include_padding: bool) -> Maps:
    """Cells that each window's mean divides by, (OH, OW)."""
    down, across = (_counts_axis(axis, include_padding) for axis in (geometry.rows, geometry.columns))
    return np.outer(down, across).astype(np.float32)


def _counts_axis(axis: Axis, include_padding: bool) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    starts = np.arange(axis.positions) * axis.stride - axis.before
    low, high = (-axis.before, axis.size + axis.after) if include_padding else (0, axis.size)
    return np.minimum(starts + axis.kernel, high) - np.maximum(starts, low)


def _check(geometry: Geometry) -> None:
    for name, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if max(axis.before, axis.after) >= axis.kernel:
            raise ValueError(
                f"padding is {max(axis.before, axis.after)}; with a window of {axis.kernel} {name} "
                f"it can be 0 to {axis.kernel - 1}, so that every window holds a cell of the input"
            )
