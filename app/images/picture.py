"""A decoded picture: its pixels and the part of them to look at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..core.texts import Text

Box = tuple[int, int, int, int]
"""Top, left, height and width of a part of a picture, in its pixels, counted from 0."""

Pixels = NDArray[np.uint8]

COLOR_DIFFERENCE = 16
"""Channels of a gray picture that was stored in color differ by less, which compression makes of them."""
COLORED_SHARE = 0.001
"""A picture with a smaller share of colored pixels is gray."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """Pixels in sRGB, uint8 of shape (height, width, 3).

    `focus` is the box around which pictures are cropped, `notes` say what was done to get the pixels. Raises ValueError
    for pixels of another shape or dtype, and for a focus that is not inside them.
    """

    pixels: Pixels
    focus: Box
    notes: tuple[Text | str, ...] = ()

    def __post_init__(self) -> None:
        pixels = self.pixels
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            raise ValueError(
                f"a picture's pixels are uint8 of shape (height, width, 3), not {pixels.dtype} {pixels.shape}"
            )
        top, left, height, width = self.focus
        after_row, after_column = top + height, left + width
        if not (0 <= top < after_row <= self.height and 0 <= left < after_column <= self.width):
            raise ValueError(f"the focus {self.focus} is not inside {self.height} × {self.width} pixels")

    @classmethod
    def from_pixels(cls, pixels: Pixels, notes: tuple[Text | str, ...] = ()) -> Picture:
        """A picture whose focus is the whole of it, so that it is cropped around its center."""
        return cls(pixels, (0, 0, pixels.shape[0], pixels.shape[1]), notes)

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])


def has_colors(pixels: Pixels) -> bool:
    """Whether more than a speck of a picture, uint8 (height, width, 3), is not gray."""
    red, green, blue = (pixels[..., channel].astype(np.int16) for channel in range(3))
    apart = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    return bool(np.count_nonzero(apart > COLOR_DIFFERENCE) > COLORED_SHARE * apart.size)
