"""Cells as a picture that stays sharp in any reader."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ...render.figure.primitives import CellImage

SHARP_SIDE = 600
"""Cells are repeated up to about this many pixels a side: some readers smooth pictures that they enlarge."""


def enlarge_cells(image: CellImage) -> Image.Image:
    """Make a picture in which each cell is a square of whole pixels."""
    rows, columns = image.colors.shape[:2]
    times = max(1, SHARP_SIDE // max(rows, columns))
    large = np.repeat(np.repeat(image.colors, times, axis=0), times, axis=1)
    return Image.fromarray(np.ascontiguousarray(large))
