"""A picture brought to what a trained model reads: its size, its channels, its scale. Every cell keeps its sum."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..scene import Pair

LUMINANCE_WEIGHTS = (0.299, 0.587, 0.114)
Matrix = NDArray[np.float64]
Shape = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """What a model's pictures were in training: x = (value / white − mean) / std, for each channel.

    `size` is (rows, columns), None for any. `invert` turns black on white to white on black: always, never, or by
    itself where the edge of the picture is bright.
    """

    model: str
    size: Pair | None
    mean: tuple[float, ...]
    std: tuple[float, ...]
    invert: Literal["auto"] | bool = False

    @property
    def channels(self) -> int:
        """1 for gray pictures, 3 for colored ones."""
        return len(self.mean)


@dataclass(frozen=True, slots=True)
class Resampling:
    """Cells `first` to `first + length` of an axis of `size` cells become `parts` equal stretches, in this order."""

    size: int
    first: int
    length: int
    parts: int

    def share(self, part: int) -> tuple[int, tuple[float, ...]]:
        """The first cell that a stretch covers, and which share of the stretch each of its cells is; sum 1.

        In whole numbers up to the one division: a cell is `parts` long and a stretch `length`.
        """
        start, stop = part * self.length, (part + 1) * self.length
        first, after = start // self.parts, -(-stop // self.parts)
        covered = [min(stop, (cell + 1) * self.parts) - max(start, cell * self.parts) for cell in range(first, after)]
        return self.first + first, tuple(cells / self.length for cells in covered)

    def matrix(self) -> Matrix:
        """(parts, size): what each stretch takes of each cell. Cannot be written to."""
        return _make_matrix(self)

    @property
    def whole(self) -> bool:
        """Every cell stays as it is."""
        return self.size == self.length == self.parts

    @property
    def cells(self) -> int:
        """Cells that a stretch covers at most."""
        return 1 if self.length == self.parts else int(np.count_nonzero(self.matrix(), axis=1).max())


@lru_cache(16)
def _make_matrix(span: Resampling) -> Matrix:
    made = np.zeros((span.parts, span.size))
    for part in range(span.parts):
        first, shares = span.share(part)
        made[part, first : first + len(shares)] = shares
    made.flags.writeable = False
    return made


@dataclass(frozen=True, slots=True)
class PreprocessingPlan:
    """A Prepare for maps of one shape. `mix` (channels out, channels in) is how much of each map goes into each."""

    prepare: Preprocessing
    rows: Resampling
    columns: Resampling
    mix: tuple[tuple[float, ...], ...]

    @property
    def shape(self) -> Shape:
        """(channels, rows, columns) of what comes out."""
        return self.prepare.channels, self.rows.parts, self.columns.parts

    @property
    def unmixed(self) -> bool:
        """Every map goes into its own, as it is."""
        return self.mix == _make_channel_mix(self.prepare.channels, self.prepare.channels)

    def inverts(self, x: Maps, white: float) -> bool:
        """Whether white is to become black: the middle value of the outermost cells is nearer to white."""
        if self.prepare.invert != "auto":
            return self.prepare.invert
        edge = np.concatenate([x[:, 0].ravel(), x[:, -1].ravel(), x[:, :, 0].ravel(), x[:, :, -1].ravel()])
        edge.sort()
        middle = edge[(edge.size - 1) // 2 : edge.size // 2 + 1].mean()
        return bool(middle > white / 2)

    def apply(self, x: Maps, white: float, inverted: bool) -> Maps:
        """(C, H, W) → `shape`: averaged over each cell's area, mixed, turned, then (value / white − mean) / std."""
        y = x.astype(np.float64)
        if not self.rows.whole:
            y = self.rows.matrix() @ y
        if not self.columns.whole:
            y = y @ self.columns.matrix().T
        if not self.unmixed:
            y = np.tensordot(np.array(self.mix), y, 1)
        mean, std = (np.array(values)[:, None, None] for values in (self.prepare.mean, self.prepare.std))
        if inverted:
            np.subtract(white, y, out=y)
        y /= white
        y -= mean
        y /= std
        return y.astype(np.float32)


def preparation(prepare: Preprocessing, shape: Shape) -> PreprocessingPlan | None:
    """How maps of a shape are prepared; None where they are neither one nor three, nor as many as are asked for.

    Only the middle is read where the picture has other proportions than the model reads.
    """
    mix = _make_channel_mix(shape[0], prepare.channels)
    if mix is None:
        return None
    height, width = shape[1:]
    rows, columns = prepare.size or (height, width)
    high = max(1, min(height, round(width * rows / columns)))
    wide = max(1, min(width, round(height * columns / rows)))
    return PreprocessingPlan(
        prepare,
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
