"""The 256 colors of a GIF: one palette for the whole film, so that what rests takes no bytes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

TRANSPARENT = 255
"""The number that no color has: it stands for what is transparent, or does not change."""
MOST_COLORS, MOST_EXACT = 255, 96
"""How many colors there are, and of how many common ones the exact color is kept."""
UNKNOWN = 255
COUNT_OF_COLORS = 1 << 24

Packed = NDArray[np.int32]


class GifPalette:
    """The colors of a film, and the number of the nearest one to each color.

    Law: a color that is common in the pictures that the palette was made from is exact; any other has the nearest.
    """

    def __init__(self, pictures: Iterable[Image.Image]) -> None:
        packed = np.concatenate([_pack(picture).ravel() for picture in pictures])
        colors, counts = np.unique(packed, return_counts=True)
        if len(colors) > MOST_COLORS:
            colors = _choose_colors(packed, colors, counts)
        self._colors = _unpack(colors)
        self._numbers = np.full(COUNT_OF_COLORS, UNKNOWN, np.uint8)
        self._numbers[colors] = np.arange(len(colors), dtype=np.uint8)

    def apply(self, picture: Image.Image) -> Image.Image:
        """Return an RGB picture in the colors of the palette."""
        packed = _pack(picture)
        numbers = self._numbers[packed]
        if (unknown := numbers == UNKNOWN).any():
            new = np.unique(packed[unknown])
            self._numbers[new] = self._find_nearest(_unpack(new))
            numbers = self._numbers[packed]
        indexed = Image.fromarray(numbers)
        indexed.putpalette(self._colors.astype(np.uint8).tobytes())
        return indexed

    def _find_nearest(self, colors: NDArray[np.int32]) -> NDArray[np.uint8]:
        nearest = np.empty(len(colors), np.uint8)
        for start in range(0, len(colors), 1024):
            some = colors[start : start + 1024]
            away = ((some[:, None, :] - self._colors[None]) ** 2).sum(axis=2)
            nearest[start : start + 1024] = away.argmin(axis=1)
        return nearest


def _choose_colors(packed: Packed, colors: Packed, counts: NDArray[np.intp]) -> Packed:
    """The most common colors exactly, and for all others the middles of as many groups as there is room for."""
    common = colors[np.argsort(counts, kind="stable")[::-1][:MOST_EXACT]]
    rest = packed[~np.isin(packed, common)]
    side = int(np.ceil(np.sqrt(len(rest))))
    sheet = np.resize(_unpack(rest).astype(np.uint8), (side, side, 3))
    grouped = Image.fromarray(sheet).quantize(MOST_COLORS - MOST_EXACT, Image.Quantize.MEDIANCUT, kmeans=1)
    middles = np.array(grouped.getpalette(), np.int32).reshape(-1, 3)
    return np.unique(np.concatenate([common, _join(middles)]))[:MOST_COLORS]


def _pack(picture: Image.Image) -> Packed:
    """The colors of all pixels as numbers, red in the lowest byte."""
    data = np.frombuffer(picture.convert("RGB").convert("RGBA").tobytes(), "<u4") & (COUNT_OF_COLORS - 1)
    return data.view(np.int32).reshape(picture.height, picture.width)


def _join(colors: NDArray[np.int32]) -> Packed:
    return colors[..., 0] | colors[..., 1] << 8 | colors[..., 2] << 16


def _unpack(packed: Packed) -> NDArray[np.int32]:
    return np.stack([packed & 255, packed >> 8 & 255, packed >> 16], axis=-1).astype(np.int32)
