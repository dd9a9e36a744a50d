"""Figures side by side in one small picture."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

from ...core.scene import View
from ...core.trace.trace import Trace
from ..figure import render_thumbnail_png
from ..png import encode_png


def render_comparison_png(figures: Sequence[tuple[Trace, View]], width: int) -> bytes:
    """Render figures beside each other: a PNG, `width` pixels wide, 16 : 9. Two of them stand in one line."""
    half, height = width // 2, width * 9 // 16
    pictures = [_read(render_thumbnail_png(trace, view, half)) for trace, view in figures]
    whole = np.empty((height, width, 3), np.uint8)
    whole[:] = pictures[0][0, 0]
    high = pictures[0].shape[0]
    top = (height - high) // 2 if len(pictures) <= 2 else 0
    for index, picture in enumerate(pictures):
        line, column = divmod(index, 2)
        is_alone = column == 0 and index == len(pictures) - 1
        left = (width - half) // 2 if is_alone else column * half
        whole[top + line * high : top + (line + 1) * high, left : left + half] = picture
    return encode_png(whole, effort=6)


def _read(png: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))
