"""Transposed convolution of (C, H, W) maps: each input cell adds a scaled copy of the filter to the output.

Filters are laid out as those of a convolution, (K, C / groups, kh, kw); PyTorch's are (C, K / groups, kh, kw).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..arrays import Maps
from ..scene import Pair
from .geometry import Axis, Geometry, Tap

NO_TAP = -1
"""In place of a weight where no input cell reaches an output cell."""


@dataclass(frozen=True, slots=True)
class TransposedAxis(Axis):
    """The rows or the columns of a transposed convolution, read from its output: which input cells reach a cell.

    Input cell n adds weight i to the output cell n·stride − crop + i·dilation. `crop` is PyTorch's padding: so many
    cells are cut off on each side; `output_padding` adds cells at the end. Nothing lies outside the input.
    """

    crop: int = 0
    output_padding: int = 0

    @property
    def positions(self) -> int:
        """The output's size: (size − 1)·stride − 2·crop + dilation·(kernel − 1) + output_padding + 1; at least 0."""
        return max(0, self.full - 2 * self.crop)

    @property
    def full(self) -> int:
        """The output's size before it is cropped."""
        return (self.size - 1) * self.stride + self.reach + self.output_padding + 1

    @property
    def reach(self) -> int:
        """Output cells from the first to the last that one input cell is added to, less 1."""
        return self.dilation * (self.kernel - 1)

    @property
    def effective_kernel(self) -> int:
        """The most input cells from the first to the last that reach one output cell."""
        return self.reach // self.stride + 1

    @property
    def jump(self) -> Fraction:
        """Input cells from one output cell to the next: 1 / stride."""
        return Fraction(1, self.stride)

    @property
    def first_cell(self) -> int:
        """The first input cell that can reach the first output cell; negative where it would lie outside."""
        return -((self.reach - self.crop) // self.stride)

    @property
    def is_even(self) -> bool:
        """Whether every output cell has a receptive field of the same size."""
        return self.stride == 1

    @property
    def quotient(self) -> Fraction:
        """The output's size, which is never rounded."""
        return Fraction(self.positions)

    @property
    def fits(self) -> bool:
        """Always: no cell is left over."""
        return True

    @property
    def leftover(self) -> int:
        """Always 0."""
        return 0

    @property
    def overhang(self) -> int:
        """Always 0."""
        return 0

    @property
    def fitting_padding(self) -> int | None:
        """Always 0."""
        return 0

    @property
    def unread(self) -> tuple[int, ...]:
        """Input cells all of whose products are cropped away."""
        return tuple(cell for cell in range(self.size) if not self.list_readers(cell))

    def list_readers(self, cell: int) -> tuple[int, ...]:
        """The output cells that an input cell is added to."""
        first = cell * self.stride - self.crop
        cells = range(first, first + self.reach + 1, self.dilation)
        return tuple(place for place in cells if 0 <= place < self.positions)

    def list_taps(self, position: int) -> tuple[Tap, ...]:
        """The input cells that reach an output cell, in order, each with the index of its weight.

        Where none does, the nearest input cell with NO_TAP.
        """
        inside = tuple((cell, tap) for cell, tap in self._list_reaching(position) if 0 <= cell < self.size)
        return inside or ((min(max((position + self.crop) // self.stride, 0), self.size - 1), NO_TAP),)

    def _list_reaching(self, position: int) -> list[Tap]:
        """The cells, also beyond the ends of the input, that would reach an output cell, each with its weight."""
        place = position + self.crop
        return [
            ((place - tap * self.dilation) // self.stride, tap)
            for tap in reversed(range(self.kernel))
            if (place - tap * self.dilation) % self.stride == 0
        ]

    def window_start(self, position: int) -> int:
        """The first input cell that reaches an output cell."""
        return self.list_taps(position)[0][0]

    def window_cells(self, position: int) -> tuple[int, ...]:
        """The input cells that reach an output cell, in order."""
        return tuple(cell for cell, _ in self.list_taps(position))

    def find_reach(self, first: int, last: int) -> Pair:
        """As find_sources, also beyond the ends of the input."""
        taps = [tap for place in range(first, last + 1) for tap in self._list_reaching(place)]
        cells = [cell for cell, _ in taps] or [(last + self.crop) // self.stride]
        return min(cells), max(cells)

    def find_sources(self, first: int, last: int) -> Pair:
        """(first, last) input cell that reaches any of the output cells from `first` to `last`."""
        taps = [one for place in range(first, last + 1) for one in self.list_taps(place)]
        cells = [cell for cell, tap in taps if tap != NO_TAP] or [cell for cell, _ in taps]
        return min(cells), max(cells)


@dataclass(frozen=True, slots=True)
class ConvTranspose:
    """The options of a transposed convolution, as in torch.nn.ConvTranspose2d; pairs are (rows, columns)."""

    stride: Pair = (1, 1)
    padding: Pair = (0, 0)
    output_padding: Pair = (0, 0)
    dilation: Pair = (1, 1)
    groups: int = 1

    def geometry(self, in_size: Pair, kernel_size: Pair) -> Geometry:
        """Which input cells reach which output cells, on maps of `in_size`."""
        rows, columns = (
            TransposedAxis(
                in_size[axis],
                kernel_size[axis],
                self.stride[axis],
                self.dilation[axis],
                crop=self.padding[axis],
                output_padding=self.output_padding[axis],
            )
            for axis in (0, 1)
        )
        return Geometry(rows, columns)


def conv_transpose2d(x: Maps, weight: Maps, bias: Maps | None = None, layer: ConvTranspose = ConvTranspose()) -> Maps:
    """y[k, r·s − p + i·d, q·s − p + j·d] += weight[k, c, i, j] · x[c, r, q]; then + bias[k].

    x (C, H, W), weight (K, C / groups, kh, kw), bias (K,) or None → (K, OH, OW), all float32. Map k reads the channels
    of its own group. Sums of whole numbers are exact while they stay below 2^24. Raises ValueError where shapes or
    groups do not fit, or nothing is left. As torch.nn.functional.conv_transpose2d with the weight
    (C, K / groups, kh, kw).
    """
    maps, depth, high, wide = weight.shape
    groups = layer.groups
    if groups < 1 or len(x) % groups or maps % groups or depth != len(x) // groups:
        raise ValueError(f"groups is {groups}; the {maps} filters of {depth} planes do not fit {len(x)} channels")
    if bias is not None and bias.shape != (maps,):
        raise ValueError(f"bias has {bias.size} numbers; it must have {maps}, one per filter")
    _, height, width = x.shape
    geometry = layer.geometry((height, width), (high, wide))
    rows, columns = geometry.rows, geometry.columns
    if not isinstance(rows, TransposedAxis) or not isinstance(columns, TransposedAxis) or 0 in geometry.shape:
        raise ValueError("nothing of the output is left: the padding cuts all of it off")
    source = np.ascontiguousarray(x, np.float32).reshape(groups, depth, -1)
    filters = np.asarray(weight, np.float32).reshape(groups, maps // groups, depth, high, wide)
    full = np.zeros((groups, maps // groups, rows.full, columns.full), np.float32)
    for i in range(high):
        for j in range(wide):
            part = np.matmul(filters[..., i, j], source).reshape(groups, -1, height, width)
            top, left = i * rows.dilation, j * columns.dilation
            full[
                :,
                :,
                top : top + (height - 1) * rows.stride + 1 : rows.stride,
                left : left + (width - 1) * columns.stride + 1 : columns.stride,
            ] += part
    y = full.reshape(maps, rows.full, columns.full)[
        :, rows.crop : rows.crop + rows.positions, columns.crop : columns.crop + columns.positions
    ]
    return np.ascontiguousarray(y if bias is None else y + bias[:, None, None])
