"""Colors of arrays, by the rules of `core/trace/color_scale.py`.

Every function takes float values of any shape and returns uint8 colors with one more axis: red, green, blue.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..core.trace.color_scale import NEGATIVE, POSITIVE, Colors, Scale, color_values, find_beyond, find_shades

__all__ = [
    "NEGATIVE",
    "POSITIVE",
    "Colors",
    "FloatArray",
    "Scale",
    "to_photo_colors",
    "to_picture_colors",
    "to_signed_colors",
]

FloatArray = NDArray[np.float32]


def to_signed_colors(values: FloatArray, scale: Scale) -> Colors:
    """Color values blue below 0, near-white at 0, red above, symmetrically; values out of range are clipped."""
    return color_values(values, Scale(scale.low, scale.high, "signed"))


def to_picture_colors(channels: FloatArray, scale: Scale) -> Colors:
    """Color one channel in gray or three as RGB, (1 or 3, H, W) → (H, W, 3); values out of range are clipped."""
    return np.moveaxis(np.broadcast_to(find_shades(channels, scale), (3, *channels.shape[1:])), 0, -1).copy()


def to_photo_colors(channels: FloatArray, scale: Scale) -> Colors:
    """Color one channel in gray or three as RGB, (1 or 3, H, W) → (H, W, 3).

    Cells with a channel below `low` are blue, cells with one above `high` are red.
    """
    colors = to_picture_colors(channels, scale)
    below, above = find_beyond(channels, scale)
    colors[below.any(axis=0)] = NEGATIVE
    colors[above.any(axis=0)] = POSITIVE
    return colors
