"""Convolution of (C, H, W) maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..arrays import Maps
from ..scene import Pair, Sides
from .geometry import Axis, Geometry

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
NUMPY_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
"""The names in np.pad of the paddings that repeat cells."""


@dataclass(frozen=True, slots=True)
class Conv:
    """The options of a convolution, as in torch.nn.Conv2d.

    Pairs are (rows, columns); `padding` is (top, bottom, left, right). `flip` turns every kernel by 180
    degrees, which makes the correlation of CNNs a convolution in the mathematical sense.
    """

    stride: Pair = (1, 1)
    padding: Sides = (0, 0, 0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    flip: bool = False

    def geometry(self, in_size: Pair, kernel_size: Pair) -> Geometry:
        """The positions of a kernel's windows on maps of `in_size`."""
        top, bottom, left, right = self.padding
        rows = Axis(in_size[0], kernel_size[0], self.stride[0], self.dilation[0], top, bottom)
        columns = Axis(in_size[1], kernel_size[1], self.stride[1], self.dilation[1], left, right)
        return Geometry(rows, columns)


def conv2d(x: Maps, weight: Maps, bias: Maps | None = None, conv: Conv = Conv()) -> Maps:
    """y[k, r, q] = Σ weight[k, c, i, j] · x[c, r·s − p + i·d, q·s − p + j·d] + bias[k].

    x (C, H, W), weight (K, C / groups, kh, kw), bias (K,) or None → (K, OH, OW), all float32. Map k
    reads the channels of its own group. Sums of whole numbers are exact while they stay below 2^24.
    Raises ValueError where shapes, groups, padding or the window do not fit. As torch.nn.functional.conv2d.
    """
    _check(x, weight, bias, conv)
    geometry = conv.geometry((x.shape[1], x.shape[2]), (weight.shape[2], weight.shape[3]))
    geometry.check_fits()
    if conv.flip:
        weight = weight[:, :, ::-1, ::-1]
    return _correlate(pad(x, geometry, conv.padding_mode), weight, bias, geometry)


def pad(x: Maps, geometry: Geometry, mode: PaddingMode = "zeros") -> Maps:
    """The maps with the padding of their geometry. Raises ValueError where PyTorch does."""
    rows, columns = geometry.rows, geometry.columns
    if not (rows.before or rows.after or columns.before or columns.after):
        return x
    if mode == "zeros":
        padded = np.zeros((len(x), rows.padded, columns.padded), np.float32)
        padded[:, rows.before : rows.before + rows.size, columns.before : columns.before + columns.size] = x
        return padded
    for name, axis in (("rows", rows), ("columns", columns)):
        cells = max(axis.before, axis.after)
        most = {"reflect": axis.size - 1, "circular": axis.size}.get(mode, cells)
        if cells > most:
            raise ValueError(f"padding is {cells}; {mode} padding of {axis.size} {name} can be 0 to {most}")
    sides = ((0, 0), (rows.before, rows.after), (columns.before, columns.after))
    return np.pad(x, sides, NUMPY_MODES[mode])  # type: ignore[call-overload,no-any-return]


def _correlate(padded: Maps, weight: Maps, bias: Maps | None, geometry: Geometry) -> Maps:
    """Copies the windows of a few output rows into the columns of a matrix and multiplies it by the filters (im2col).

    A block has one column for each position and one row for each weight. It is small enough to stay
    in the cache between copy and product, which makes this fast; all blocks share one buffer.
    """
    groups = len(padded) // weight.shape[1]
    windows = _view_windows(padded, geometry)
    out_rows, out_columns = windows.shape[3:]
    filters = np.asarray(weight, np.float32).reshape(groups, len(weight) // groups, -1)
    y = np.empty((groups, filters.shape[1], out_rows * out_columns), np.float32)
    taps = windows.size // y.shape[2]
    height = min(out_rows, max(1, _positions_per_block(taps) // out_columns))
    buffer = np.empty(taps * height * out_columns, np.float32)
    for top in range(0, out_rows, height):
        rows_of_block = windows[:, :, :, top : top + height]
        block = buffer[: rows_of_block.size].reshape(rows_of_block.shape)
        np.copyto(block, rows_of_block)
        first, positions = top * out_columns, rows_of_block.shape[3] * out_columns
        product = y[:, :, first : first + positions]
        np.matmul(filters, block.reshape(groups, -1, positions), out=product)
        if bias is not None:
            product += bias.reshape(groups, -1, 1)
    return y.reshape(-1, out_rows, out_columns)


def _view_windows(padded: Maps, geometry: Geometry) -> Maps:
    """A view [c, i, j, r, q]: the cell that weight (c, i, j) multiplies at position (r, q); nothing is copied."""
    rows, columns = geometry.rows, geometry.columns
    padded = np.ascontiguousarray(padded, np.float32)
    plane, row, cell = padded.strides
    shape = (len(padded), rows.kernel, columns.kernel, *geometry.shape)
    strides = (plane, row * rows.dilation, cell * columns.dilation, row * rows.stride, cell * columns.stride)
    return np.ndarray(shape, np.float32, padded, 0, strides)


def _positions_per_block(taps: int) -> int:
    """Columns of a block: 448 kB for a cache of 1 MB, but at least 1024 for an efficient product."""
    return max(7 * 2**14 // taps, 1024)


def _check(x: Maps, weight: Maps, bias: Maps | None, conv: Conv) -> None:
    groups, maps, channels = conv.groups, len(weight), len(x)
    if groups < 1 or channels % groups or maps % groups:
        raise ValueError(f"groups is {groups}; it must divide the {channels} channels and the {maps} filters")
    if weight.shape[1] != channels // groups:
        raise ValueError(f"a filter has {weight.shape[1]} planes; its group has {channels // groups}")
    if bias is not None and bias.shape != (maps,):
        raise ValueError(f"bias has {bias.size} numbers; it must have {maps}, one per filter")
