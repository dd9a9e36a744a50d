"""All filters of a layer as one image: mid-gray is 0, black and white are equally far from it."""

from __future__ import annotations

import math

import numpy as np

from ..core.arrays import Maps
from .color import Colors


def color_filter(weight: Maps, reach: float) -> Colors:
    """Color a filter, (C, h, w) → (h, w, 3), with one scale from -reach to reach for all channels.

    Three channels are red, green and blue; of any other number, the mean is shown in gray.
    """
    planes = weight if len(weight) == 3 else np.repeat(weight.mean(axis=0, keepdims=True), 3, axis=0)
    share = np.moveaxis(planes / (reach or 1.0), 0, -1)
    colors: Colors = np.floor(np.clip(share * 127.5 + 127.5, 0, 255) + 0.5).clip(0, 255).astype(np.uint8)
    return colors


def choose_column_count(count: int) -> int:
    """Choose the number of columns: the square root of `count`, or up to a third more where that fills all rows."""
    side = math.isqrt(count)
    root = side if side * side == count else side + 1
    return next((columns for columns in range(root, root + root // 3 + 1) if count % columns == 0), root)


def draw_filter_grid(filters: Maps) -> Colors:
    """Draw all filters (K, C, h, w) row by row, each on its own scale, with mid-gray lines between them."""
    count, _, rows, columns = filters.shape
    across = choose_column_count(count)
    down = -(-count // across)
    sheet: Colors = np.full((down * (rows + 1) - 1, across * (columns + 1) - 1, 3), 128, np.uint8)
    for index, one in enumerate(filters):
        top, left = (index // across) * (rows + 1), (index % across) * (columns + 1)
        sheet[top : top + rows, left : left + columns] = color_filter(one, float(np.abs(one).max()))
    return sheet
