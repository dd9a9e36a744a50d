"""Preprocessing for a trained model: the size, channels and scale that it reads. Each average has weights of sum 1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape
from ..scene import Pair

LUMINANCE_WEIGHTS = (0.299, 0.587, 0.114)
"""Of red, green and blue."""
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """The preprocessing of a model's training pictures: x = (value / white − mean) / std, for each channel.

    `size` is (rows, columns), None for any. `invert` turns black on white into white on black: always, never, or
    (auto) if the edge of the picture is bright.
    """

    model: str
    size: Pair | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    invert: Literal["auto"] | bool = False

    @property
    def channels(self) -> int:
        """1 for gray, 3 for RGB."""
        return len(self.mean)


@dataclass(frozen=True, slots=True)
class Resampling:
    """Resampling of one axis: cells `first` to `first + length` of `size` cells become `parts` equal parts."""

    size: int
    first: int
    length: int
    parts: int

    def cell_shares(self, part: int) -> tuple[int, tuple[float, ...]]:
        """The first cell that a part covers, and the share of the part for each of its cells; their sum is 1.

        Computed in whole numbers up to the one division: a cell is `parts` long and a part `length`.
        """
        start, stop = part * self.length, (part + 1) * self.length
        first, after = start // self.parts, -(-stop // self.parts)
        covered = [min(stop, (cell + 1) * self.parts) - max(start, cell * self.parts) for cell in range(first, after)]
        return self.first + first, tuple(cells / self.length for cells in covered)

    def matrix(self) -> Matrix:
        """(parts, size): the weight of each cell in each part. Read-only."""
        return _make_matrix(self)

    @property
    def is_identity(self) -> bool:
        """Whether every cell is copied."""
        return self.size == self.length == self.parts

    @property
    def most_cells(self) -> int:
        """The most cells that a part covers."""
        return 1 if self.length == self.parts else int(np.count_nonzero(self.matrix(), axis=1).max())


@lru_cache(16)
def _make_matrix(span: Resampling) -> Matrix:
    made = np.zeros((span.parts, span.size))
    for part in range(span.parts):
        first, shares = span.cell_shares(part)
        made[part, first : first + len(shares)] = shares
    made.flags.writeable = False
    return made


@dataclass(frozen=True, slots=True)
class PreprocessingPlan:
    """The preprocessing of maps of one shape. `mix` (channels out, channels in) weighs the input channels."""

    preprocessing: Preprocessing
    rows: Resampling
    columns: Resampling
    mix: tuple[tuple[float, ...], ...]

    @property
    def shape(self) -> Shape:
        """(channels, rows, columns) of the output."""
        return self.preprocessing.channels, self.rows.parts, self.columns.parts

    @property
    def keeps_channels(self) -> bool:
        """Whether every channel is copied."""
        return self.mix == _make_channel_mix(self.preprocessing.channels, self.preprocessing.channels)

    def should_invert(self, x: Maps, white: float) -> bool:
        """Whether to invert; for `auto`, whether the median of the edge cells is nearer to white."""
        if self.preprocessing.invert != "auto":
            return self.preprocessing.invert
        edge = np.concatenate([x[:, 0].ravel(), x[:, -1].ravel(), x[:, :, 0].ravel(), x[:, :, -1].ravel()])
        edge.sort()
        middle = edge[(edge.size - 1) // 2 : edge.size // 2 + 1].mean()
        return bool(middle > white / 2)

    def apply(self, x: Maps, white: float, inverted: bool) -> Maps:
        """(C, H, W) → `shape`: resampled, channels mixed, inverted, then (value / white − mean) / std."""
        y = x.astype(np.float64)
        if not self.rows.is_identity:
            y = self.rows.matrix() @ y
        if not self.columns.is_identity:
            y = y @ self.columns.matrix().T
        if not self.keeps_channels:
            y = np.tensordot(np.array(self.mix), y, 1)
        mean, std = (np.array(values)[:, None, None] for values in (self.preprocessing.mean, self.preprocessing.std))
        if inverted:
            np.subtract(white, y, out=y)
        y /= white
        y -= mean
        y /= std
        return y.astype(np.float32)


def plan_preprocessing(preprocessing: Preprocessing, shape: Shape) -> PreprocessingPlan | None:
    """The plan for maps of a shape; None for channels that cannot become those of the model.

    A picture with other proportions than the model reads is cropped to its middle.
    """
    mix = _make_channel_mix(shape[0], preprocessing.channels)
    if mix is None:
        return None
    height, width = shape[1:]
    rows, columns = preprocessing.size or (height, width)
    high = max(1, min(height, round(width * rows / columns)))
    wide = max(1, min(width, round(height * columns / rows)))
    return PreprocessingPlan(
        preprocessing,
        Resampling(height, (height - high) // 2, high, rows),
        Resampling(width, (width - wide) // 2, wide, columns),
        mix,
    )


def _make_channel_mix(given: int, wanted: int) -> tuple[tuple[float, ...], ...] | None:
    if given == wanted:
        return tuple(tuple(float(i == j) for j in range(given)) for i in range(wanted))
    if given == 1:
        return ((1.0,),) * wanted
    return (LUMINANCE_WEIGHTS,) if (given, wanted) == (3, 1) else None
