"""All filters of a layer as one image: mid-gray is 0, black and white are equally far from it."""

from __future__ import annotations

import math
from collections.abc import Sequence

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
    return draw_tiles([color_filter(one, float(np.abs(one).max())) for one in filters])


def draw_tiles(tiles: Sequence[Colors]) -> Colors:
    """Draw pictures (h, w, 3) row by row, each in the middle of a mid-gray tile of the largest, with lines between."""
    rows, columns = (max(tile.shape[axis] for tile in tiles) for axis in (0, 1))
    across = choose_column_count(len(tiles))
    down = -(-len(tiles) // across)
    sheet: Colors = np.full((down * (rows + 1) - 1, across * (columns + 1) - 1, 3), 128, np.uint8)
    for index, tile in enumerate(tiles):
        height, width = tile.shape[:2]
        top = (index // across) * (rows + 1) + (rows - height) // 2
        left = (index % across) * (columns + 1) + (columns - width) // 2
        sheet[top : top + height, left : left + width] = tile
    return sheet
