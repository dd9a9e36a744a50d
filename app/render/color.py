"""Color maps: from values to colors, by the same rules as `static/pure/maps/palette.js`.

Every function takes float values of any shape and returns uint8 colors with one more axis: red, green, blue.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Colors = NDArray[np.uint8]

NEGATIVE, ZERO, POSITIVE = (0x21, 0x66, 0xAC), (0xF7, 0xF7, 0xF7), (0xB2, 0x18, 0x2B)


@dataclass(frozen=True, slots=True)
class Scale:
    """The values at the ends of a color scale. `to_signed_colors` uses the larger magnitude on both sides."""

    low: float
    high: float


def to_signed_colors(values: FloatArray, scale: Scale) -> Colors:
    """Color values blue below 0, near-white at 0, red above, symmetrically; values out of range are clipped."""
    reach = max(abs(scale.low), abs(scale.high))
    share = np.clip(_replace_nan(values) / reach, -1, 1) if reach else np.zeros_like(values)
    return _SIGNED_COLORS[np.rint(share * 255).astype(np.int16) + 255]


def to_gray_colors(values: FloatArray, scale: Scale) -> Colors:
    """Color values from black at `low` to white at `high`; values out of range are clipped."""
    return np.repeat(_to_bytes(values, scale)[..., None], 3, axis=-1)


def to_photo_colors(channels: FloatArray, scale: Scale) -> Colors:
    """Color one channel in gray or three as RGB, (1 or 3, H, W) → (H, W, 3).

    Cells with a channel below `low` are blue, cells with one above `high` are red.
    """
    channels = _replace_nan(channels)
    colors = np.moveaxis(np.broadcast_to(_to_bytes(channels, scale), (3, *channels.shape[1:])), 0, -1).copy()
    slack = (scale.high - scale.low) * 1e-6
    colors[(channels < scale.low - slack).any(axis=0)] = NEGATIVE
    colors[(channels > scale.high + slack).any(axis=0)] = POSITIVE
    return colors


def _to_bytes(values: FloatArray, scale: Scale) -> Colors:
    span = scale.high - scale.low
    share = (_replace_nan(values) - scale.low) / span if span else np.zeros_like(values)
    shade: Colors = np.floor(np.clip(share, 0, 1) * 255 + 0.5).astype(np.uint8)
    return shade


def _replace_nan(values: FloatArray) -> FloatArray:
    return np.nan_to_num(values, nan=0.0)


def _make_ramp(end: tuple[int, int, int]) -> NDArray[np.float64]:
    share = np.arange(256)[:, None] / 255
    return np.array(ZERO) * (1 - share) + np.array(end) * share


_SIGNED_COLORS: Colors = np.rint(np.concatenate([_make_ramp(NEGATIVE)[:0:-1], _make_ramp(POSITIVE)])).astype(np.uint8)
