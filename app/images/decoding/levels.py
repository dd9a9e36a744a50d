"""The numbers of a picture before they are eight bits: what is used of their range, and how they become bytes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Brightness as it is stored to brightness in sRGB, both from 0 to 1."""

_MAX_BYTE = 255
_DARK_BITS = 4
"""With so many bits of 8 or fewer a picture is too dark to see anything."""
_UNUSED_BITS = 2
"""Of more than 8 bits, so many unused ones are worth a remark: no camera or scanner means that."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Whole numbers from 0 to `most`, shape (height, width, channels): gray or colour, with opacity if 2 or 4.

    `key` is the one colour, a number for each channel, that stands for "nothing here".
    """

    values: NDArray[Any]
    most: int
    key: tuple[int, ...] = ()

    @property
    def bits(self) -> int:
        """How many bits a number may have."""
        return self.most.bit_length()

    @property
    def colours(self) -> NDArray[Any]:
        """The numbers without opacity."""
        return self.values[..., : 3 if self.values.shape[2] > 2 else 1]

    def opacity(self) -> NDArray[np.uint8] | None:
        """0 where nothing is to be seen, 255 where nothing shows through; None without any opacity."""
        if self.values.shape[2] in (2, 4):
            return self.bytes_of(self.values[..., -1])
        if self.key:
            hidden = (self.values == np.array(self.key, self.values.dtype)).all(axis=2)
            return np.where(hidden, 0, _MAX_BYTE).astype(np.uint8)
        return None

    def span(self, opacity: NDArray[np.uint8] | None) -> tuple[int, int]:
        """The least and the largest number of all that is to be seen; (0, most) where nothing is."""
        seen = self.colours if opacity is None or opacity.all() else self.colours[opacity > 0]
        return (int(seen.min()), int(seen.max())) if seen.size else (0, self.most)

    def bytes_of(
        self, values: NDArray[Any], span: tuple[int, int] | None = None, curve: Curve | None = None
    ) -> NDArray[np.uint8]:
        """Values as bytes: the span, all without one, becomes 0 to 255, by a curve if there is one, rounded."""
        low, high = span or (0, self.most)
        if (low, high, curve) == (0, _MAX_BYTE, None) and values.dtype == np.uint8:
            return values
        unit = np.clip((np.arange(self.most + 1) - low) / max(high - low, 1), 0, 1)
        table = np.floor((curve(unit) if curve else unit) * _MAX_BYTE + 0.5).astype(np.uint8)
        found: NDArray[np.uint8] = table[values]
        return found


def find_dark_bit_count(largest: int, bits: int) -> int | None:
    """How many of the bits are used, where that leaves a picture dark; None where it does not, or nothing is seen."""
    used, most = largest.bit_length(), bits - _UNUSED_BITS if bits > 8 else _DARK_BITS if bits == 8 else 0
    return used if 0 < used <= most else None


def quantize_to_levels(numbers: NDArray[Any], stretch: bool) -> tuple[Levels, tuple[float, float]]:
    """Any numbers, also broken and negative ones, as 8 bits; and which became black and white.

    From 0 to 1 where they fill a quarter of that at least, else from the least to the largest. What is no number
    becomes the least.
    """
    known = np.isfinite(numbers)
    low, high = (float(numbers[known].min()), float(numbers[known].max())) if known.any() else (0.0, 0.0)
    if numbers.dtype.kind == "f" and low >= 0 and 0.25 <= high <= 1 and not stretch:
        low, high = 0.0, 1.0
    unit = (np.where(known, numbers, low).astype(np.float64) - low) / ((high - low) or 1.0)
    return Levels(np.floor(unit * _MAX_BYTE + 0.5).astype(np.uint8), _MAX_BYTE), (low, high)
