"""Sizes: the positions of a window, what fits, what is left over, and the cost of a layer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, NamedTuple

from ..scene import Pair, Sides

Tap = tuple[int, int]
"""An input cell, and the index of the weight that it is multiplied by."""
Padding = Literal["valid", "same", "full", "causal"] | Sides
"""A name, or cells added at (top, bottom, left, right)."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A window of `kernel` cells that slides along `size` cells: the rows or the columns of a layer.

    Window p reads the input cells p·stride − before + t·dilation for t = 0 … kernel − 1; cells
    outside 0 … size − 1 are padding. `positions` follows PyTorch's floor and ceil rules
    (torch.nn.Conv2d, torch.nn.MaxPool2d). Raises ValueError for impossible sizes.
    """

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    ceil: bool = False

    def __post_init__(self) -> None:
        if self.size < 1 or self.kernel < 1 or self.stride < 1 or self.dilation < 1:
            for name in ("size", "kernel", "stride", "dilation"):
                _check_at_least(name, getattr(self, name), 1)
        if self.before < 0 or self.after < 0:
            _check_at_least("padding", min(self.before, self.after), 0)

    @property
    def effective_kernel(self) -> int:
        """Cells from the first to the last that a window reads, with dilation: d(k − 1) + 1."""
        return self.dilation * (self.kernel - 1) + 1

    @property
    def jump(self) -> int | Fraction:
        """Input cells from one output cell to the next."""
        return self.stride

    @property
    def first_cell(self) -> int:
        """The first input cell of the first window; negative in the padding."""
        return -self.before

    @property
    def is_even(self) -> bool:
        """Whether every window spans the same number of input cells."""
        return True

    @property
    def padded(self) -> int:
        """The size with its padding."""
        return self.before + self.size + self.after

    @property
    def positions(self) -> int:
        """The number of positions of the window: the output's size; 0 if the window does not fit.

        In ceil mode the last window may extend beyond the end, if it starts inside the input or the
        padding before it.
        """
        room = self.before + self.size + self.after - self.dilation * (self.kernel - 1) - 1
        if not self.ceil:
            return room // self.stride + 1 if room >= 0 else 0
        count = -(-room // self.stride) + 1
        if (count - 1) * self.stride >= self.before + self.size:
            count -= 1
        return max(0, count)

    @property
    def quotient(self) -> Fraction:
        """(padded − effective_kernel) / stride + 1, before rounding."""
        return Fraction(self.padded - self.effective_kernel, self.stride) + 1

    @property
    def fits(self) -> bool:
        """Whether the last window ends exactly at the end, so that nothing is rounded."""
        return self.padded >= self.effective_kernel and (self.padded - self.effective_kernel) % self.stride == 0

    @property
    def covered(self) -> int:
        """Cells from the first cell of the first window to the last cell of the last one."""
        return (self.positions - 1) * self.stride + self.effective_kernel if self.positions else 0

    @property
    def leftover(self) -> int:
        """Cells of the padded input past the end of the last window."""
        return max(0, self.padded - self.covered)

    @property
    def overhang(self) -> int:
        """Cells by which a ceil-mode last window extends beyond the padded input."""
        return max(0, self.covered - self.padded)

    @property
    def unread(self) -> tuple[int, ...]:
        """Input cells that no window reads: at the end, or in gaps between windows."""
        read = bytearray(self.size)
        last = (self.positions - 1) * self.stride
        for tap in range(-self.before, self.effective_kernel - self.before, self.dilation):
            first = tap if tap >= 0 else tap % self.stride
            stop = min(last + tap + 1, self.size)
            if first < stop:
                read[first : stop : self.stride] = b"\1" * len(range(first, stop, self.stride))
        return tuple(index for index, seen in enumerate(read) if not seen)

    @property
    def fitting_padding(self) -> int | None:
        """The smallest padding on each side, from 0 to the kernel's size, with which it fits; None if none does."""
        for padding in range(self.kernel + 1):
            room = self.size + 2 * padding - self.effective_kernel
            if room >= 0 and room % self.stride == 0:
                return padding
        return None

    def window_start(self, position: int) -> int:
        """The first input cell of a window; negative where it starts in the padding."""
        return position * self.stride - self.before

    def list_taps(self, position: int) -> tuple[Tap, ...]:
        """The cells of a window in order, each with the index of its weight."""
        return tuple((cell, tap) for tap, cell in enumerate(self.window_cells(position)))

    def window_cells(self, position: int) -> tuple[int, ...]:
        """The input cells of a window, in order; those outside 0 … size − 1 are padding."""
        first = self.window_start(position)
        return tuple(range(first, first + self.effective_kernel, self.dilation))


@dataclass(frozen=True, slots=True)
class Geometry:
    """The rows and columns of one layer."""

    rows: Axis
    columns: Axis

    @property
    def shape(self) -> Pair:
        """The output's size: (positions down, positions across)."""
        return self.rows.positions, self.columns.positions

    def check_fits(self) -> None:
        """Raises ValueError if the window has no position."""
        for name, axis in (("rows", self.rows), ("columns", self.columns)):
            if not axis.positions:
                raise ValueError(
                    f"the window is {axis.effective_kernel} {name} long; there are {axis.padded}, padding included"
                )


class WholeField(NamedTuple):
    """A receptive field as it is shown: in whole input cells (rows, columns).

    The jump is a fraction behind an upsampling. `ReceptiveField` says what the parts mean.
    """

    size: Pair
    jump: tuple[float, float]
    first: Pair = (0, 0)
    is_bound: bool = False


class ReceptiveField(NamedTuple):
    """The receptive field of one output cell of a chain, in input cells (rows, columns).

    `first` is the first cell of that of the output cell (0, 0), below 0 in the padding. With `is_bound` the size is the
    most that a cell may have: paths through the chain differ in jump or center, or cells read different
    counts. The jump may be a fraction.
    """

    size: Pair
    jump: tuple[int | Fraction, int | Fraction]
    first: tuple[int | Fraction, int | Fraction] = (0, 0)
    is_bound: bool = False

    def extend(self, geometry: Geometry) -> ReceptiveField:
        """The receptive field of one cell after a further layer."""
        (rows, columns), (down, across) = self.size, self.jump
        high, wide = geometry.rows, geometry.columns
        size = (
            math.ceil(rows + (high.effective_kernel - 1) * down),
            math.ceil(columns + (wide.effective_kernel - 1) * across),
        )
        first = self.first[0] + high.first_cell * down, self.first[1] + wide.first_cell * across
        jump = _simplify(down * high.jump), _simplify(across * wide.jump)
        is_whole = isinstance(down, int) and isinstance(across, int)
        is_bound = self.is_bound or not (high.is_even and wide.is_even and is_whole)
        return ReceptiveField(size, jump, (_simplify(first[0]), _simplify(first[1])), is_bound)

    def enlarge(self, factor: Pair, reads_two: bool) -> ReceptiveField:
        """The receptive field of one cell after an upsampling, where a cell reads one or, between two cells, two."""
        (down, across), more = self.jump, [reads_two and one > 1 for one in factor]
        jump = _simplify(Fraction(down) / factor[0]), _simplify(Fraction(across) / factor[1])
        size = math.ceil(self.size[0] + more[0] * down), math.ceil(self.size[1] + more[1] * across)
        first = _simplify(self.first[0] - more[0] * down), _simplify(self.first[1] - more[1] * across)
        return ReceptiveField(size, jump, first, self.is_bound or max(factor) > 1)

    def resample(self, cells: Pair, axes: tuple[tuple[int, int, int], tuple[int, int, int]]) -> ReceptiveField:
        """The receptive field of one cell after a resampling, where it reads at most so many `cells`.

        Of each axis (start, length, unit): the new cell i covers (start + i · length) / unit … + length / unit.
        """
        sizes, jumps, firsts = [], [], []
        for i, (start, length, unit) in enumerate(axes):
            jump = Fraction(self.jump[i])
            sizes.append(math.ceil(self.size[i] + (cells[i] - 1) * jump))
            jumps.append(_simplify(jump * length / unit))
            firsts.append(_simplify(self.first[i] + jump * (start // unit)))
        return ReceptiveField((sizes[0], sizes[1]), (jumps[0], jumps[1]), (firsts[0], firsts[1]), True)

    @property
    def rounded(self) -> WholeField:
        """The field with its first cell rounded down, and fractions of the jump as floats."""
        down, across = self.jump
        jump = down if isinstance(down, int) else float(down), across if isinstance(across, int) else float(across)
        return WholeField(self.size, jump, (math.floor(self.first[0]), math.floor(self.first[1])), self.is_bound)


def _simplify(number: int | Fraction) -> int | Fraction:
    """A whole number as int."""
    return number if isinstance(number, int) or number.denominator != 1 else int(number)


ONE_CELL = ReceptiveField((1, 1), (1, 1))
"""The receptive field of a cell of the input: itself."""


def unite_fields(fields: Sequence[ReceptiveField], shape: Pair) -> ReceptiveField:
    """The box around the receptive fields of one cell on several paths; `shape` is (rows, columns) of its map.

    Where the paths differ in their jump or in the center of their first field, the boxes drift apart or lie beside each
    other: the size is then the largest one of all cells, and a bound.
    """
    if len(fields) == 1 or len(set(fields)) == 1:
        return fields[0]
    rows, columns = (_unite_axis(fields, axis, shape[axis]) for axis in (0, 1))
    is_bound = rows[3] or columns[3] or any(field.is_bound for field in fields)
    return ReceptiveField((rows[0], columns[0]), (rows[1], columns[1]), (rows[2], columns[2]), is_bound)


def _unite_axis(
    fields: Sequence[ReceptiveField], axis: int, positions: int
) -> tuple[int, int | Fraction, int | Fraction, bool]:
    """(size, jump, first cell, whether the size is a bound) along one axis."""
    spans = [(field.first[axis], field.size[axis], field.jump[axis]) for field in fields]
    sizes = [
        max(first + place * jump + size for first, size, jump in spans)
        - min(first + place * jump for first, _, jump in spans)
        for place in (0, positions - 1)
    ]
    jumps, centers = {jump for _, _, jump in spans}, {2 * first + size for first, size, _ in spans}
    return math.ceil(max(sizes)), max(jumps), min(first for first, _, _ in spans), len(jumps) > 1 or len(centers) > 1


def compute_padding(padding: Padding, kernel_size: Pair, dilation: Pair = (1, 1)) -> Sides:
    """(top, bottom, left, right) of a padding given by name or by numbers.

    `same` adds d(k − 1) in total at any stride, the odd cell at the bottom and right; `full` adds
    d(k − 1) on each side; `causal` adds d(k − 1) on the left alone, so that no window of a single
    row reads what comes after its place. Raises ValueError for another name or a negative number.
    """
    if isinstance(padding, tuple):
        for side, cells in zip(("top", "bottom", "left", "right"), padding, strict=True):
            _check_at_least(f"padding {side}", cells, 0)
        return padding
    down, across = (d * (k - 1) for d, k in zip(dilation, kernel_size, strict=True))
    match padding:
        case "valid":
            return 0, 0, 0, 0
        case "same":
            return down // 2, down - down // 2, across // 2, across - across // 2
        case "full":
            return down, down, across, across
        case "causal":
            return 0, 0, across, 0
    raise ValueError(f"padding is {padding!r}; it can be valid, same, full, causal or four numbers")


def find_source_index(index: int, size: int, mode: str) -> int | None:
    """The row or column of the input that padding reads in place of one outside it; None for none."""
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


def count_conv_parameters(maps: int, channels_per_group: int, kernel_size: Pair, bias: bool) -> int:
    """K · (F·F·C + 1): each of K filters has one weight for each cell and channel it reads, and a bias."""
    return maps * (channels_per_group * kernel_size[0] * kernel_size[1] + bias)


def count_multiply_adds(maps: int, channels_per_group: int, kernel_size: Pair, shape: Pair) -> int:
    """Multiplications of a convolution whose output is `shape`: every weight at every position."""
    return count_conv_parameters(maps, channels_per_group, kernel_size, bias=False) * shape[0] * shape[1]


def _check_at_least(name: str, value: int, lowest: int) -> None:
    if value < lowest:
        raise ValueError(f"{name} is {value}; it must be a whole number from {lowest} on")
