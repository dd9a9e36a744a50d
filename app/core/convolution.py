"""Convolution of (C, H, W) maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from .activation import Maps
from .shapes import Axis, Geometry, Pair

PaddingMode = Literal["zeros", "reflect", "replicate", "circular"]
_NUMPY_MODE = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@dataclass(frozen=True, slots=True)
class Conv:
    """The options of a convolution, named and meant as in torch.nn.Conv2d.

    Pairs are (rows, columns); `padding` is (top, bottom, left, right). `flip` turns every kernel by
    180 degrees first, which makes the correlation of the CNN libraries a convolution in the
    mathematical sense.
    """

    stride: Pair = (1, 1)
    padding: tuple[int, int, int, int] = (0, 0, 0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    flip: bool = False

    def geometry(self, in_size: Pair, kernel_size: Pair) -> Geometry:
        """Where the windows of a kernel stop on maps of `in_size`."""
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
    geometry.must_fit()
    if conv.flip:
        weight = weight[:, :, ::-1, ::-1]
    padded = pad(x, geometry, conv.padding_mode)
    y = np.zeros((weight.shape[0], *geometry.shape), np.float32)
    per_map, per_channel = len(weight) // conv.groups, len(x) // conv.groups
    for g in range(conv.groups):
        maps, channels = slice(g * per_map, (g + 1) * per_map), slice(g * per_channel, (g + 1) * per_channel)
        for i in range(weight.shape[2]):
            for j in range(weight.shape[3]):
                seen = padded[channels, _taps(geometry.rows, i), _taps(geometry.columns, j)]
                y[maps] += np.tensordot(weight[maps, :, i, j], seen, 1)
    if bias is not None:
        y += bias[:, None, None]
    return y


def pad(x: Maps, geometry: Geometry, mode: PaddingMode = "zeros") -> Maps:
    """The maps inside the padding of their geometry, filled by `mode`. ValueError where PyTorch refuses."""
    sides = tuple((axis.before, axis.after) for axis in (geometry.rows, geometry.columns))
    if not any(map(any, sides)):
        return x
    for name, size, cells in zip(("rows", "columns"), x.shape[1:], map(max, sides), strict=True):
        most = {"reflect": size - 1, "circular": size}.get(mode, cells)
        if cells > most:
            raise ValueError(f"padding is {cells}; {mode} padding of {size} {name} can be 0 to {most}")
    return np.pad(x, ((0, 0), *sides), _NUMPY_MODE[mode])  # type: ignore[call-overload,no-any-return]


def _taps(axis: Axis, tap: int) -> slice:
    first = tap * axis.dilation
    return slice(first, first + (axis.positions - 1) * axis.stride + 1, axis.stride)


def _check(x: Maps, weight: Maps, bias: Maps | None, conv: Conv) -> None:
    groups, maps, channels = conv.groups, len(weight), len(x)
    if groups < 1 or channels % groups or maps % groups:
        raise ValueError(f"groups is {groups}; it must divide the {channels} channels and the {maps} filters")
    if weight.shape[1] != channels // groups:
        raise ValueError(f"a filter has {weight.shape[1]} planes; its group has {channels // groups}")
    if bias is not None and bias.shape != (maps,):
        raise ValueError(f"bias has {bias.size} numbers; it must have {maps}, one a filter")
