"""The values of a picture before they become bytes: the part of their range that is used, and scaling to 8 bits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""Converts stored values to sRGB values, both from 0 to 1."""

_MAX_BYTE = 255
_DARK_BITS = 4
"""An 8-bit picture that uses so many bits or fewer is dark."""
_UNUSED_BITS = 2
"""A picture of more than 8 bits is dark if so many are unused, which no camera or scanner intends."""


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Whole numbers from 0 to `maximum`, shape (height, width, channels): gray or RGB, with alpha if 2 or 4 channels.

    `transparent` is the one color, a value for each channel, that is transparent.
    """

    values: NDArray[Any]
    maximum: int
    transparent: tuple[int, ...] = ()

    @property
    def bits(self) -> int:
        """The bits of a value."""
        return self.maximum.bit_length()

    @property
    def colors(self) -> NDArray[Any]:
        """The values without alpha."""
        return self.values[..., : 3 if self.values.shape[2] > 2 else 1]

    def compute_alpha(self) -> NDArray[np.uint8] | None:
        """0 for transparent pixels, 255 for opaque ones; None if all are opaque by their format."""
        if self.values.shape[2] in (2, 4):
            return self.to_bytes(self.values[..., -1])
        if self.transparent:
            hidden = (self.values == np.array(self.transparent, self.values.dtype)).all(axis=2)
            return np.where(hidden, 0, _MAX_BYTE).astype(np.uint8)
        return None

    def find_range(self, alpha: NDArray[np.uint8] | None) -> tuple[int, int]:
        """The smallest and the largest visible value; (0, maximum) if nothing is visible."""
        visible = self.colors if alpha is None or alpha.all() else self.colors[alpha > 0]
        return (int(visible.min()), int(visible.max())) if visible.size else (0, self.maximum)

    def to_bytes(
        self, values: NDArray[Any], range_: tuple[int, int] | None = None, curve: Curve | None = None
    ) -> NDArray[np.uint8]:
        """Values as bytes: the range, by default 0 to `maximum`, becomes 0 to 255 by the curve, rounded."""
        low, high = range_ or (0, self.maximum)
        if (low, high, curve) == (0, _MAX_BYTE, None) and values.dtype == np.uint8:
            return values
        unit = np.clip((np.arange(self.maximum + 1) - low) / max(high - low, 1), 0, 1)
        table = np.floor((curve(unit) if curve else unit) * _MAX_BYTE + 0.5).astype(np.uint8)
        scaled: NDArray[np.uint8] = table[values]
        return scaled


def find_dark_bit_count(largest: int, bits: int) -> int | None:
    """How many bits a dark picture uses; None for a picture that is not dark, or black throughout."""
    used, limit = largest.bit_length(), bits - _UNUSED_BITS if bits > 8 else _DARK_BITS if bits == 8 else 0
    return used if 0 < used <= limit else None


def quantize_to_levels(numbers: NDArray[Any], stretch: bool) -> tuple[Levels, tuple[float, float]]:
    """Any numbers, also fractions and negative ones, as 8 bits; and the numbers that became black and white.

    Those are 0 and 1 if the numbers lie between them and reach a quarter, else the smallest and the largest. NaN and
    infinity become the smallest.
    """
    is_finite = np.isfinite(numbers)
    low, high = (float(numbers[is_finite].min()), float(numbers[is_finite].max())) if is_finite.any() else (0.0, 0.0)
    if numbers.dtype.kind == "f" and low >= 0 and 0.25 <= high <= 1 and not stretch:
        low, high = 0.0, 1.0
    unit = (np.where(is_finite, numbers, low).astype(np.float64) - low) / ((high - low) or 1.0)
    return Levels(np.floor(unit * _MAX_BYTE + 0.5).astype(np.uint8), _MAX_BYTE), (low, high)
