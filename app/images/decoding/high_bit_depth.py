"""Reads all bits of pictures with 16 bits a channel, of which Pillow keeps the upper eight.

Pillow has no mode for 48 or 64 bits a pixel, but two raw modes for them: one keeps the first byte of each value, the
other the second. So a picture is decoded twice.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
from numpy.typing import NDArray

OpenAgain = Callable[[], AbstractContextManager[Any]]
"""Opens the same file again, without loading it."""

_OPPOSITE_BYTE_ORDER = {"B": "L", "L": "B", "N": "B" if sys.byteorder == "little" else "L"}
_GRAY_ALPHA_RAW_MODE = "LA;16B"
_PREMULTIPLIED_RAW_MODE = "RGBa"
_PLANE_RAW_MODES = {"R": 3, "G": 3, "B": 3, "A": 4}


def has_16_bit_channels(image: Any) -> bool:
    """Whether an image that is not yet loaded has 16 bits a channel in color, or in gray with alpha."""
    return any(";16" in raw and not raw.startswith("BGR") for raw in _get_raw_modes(image)) and "I" not in image.mode


def set_16_bit_plane_modes(image: Any) -> None:
    """Corrects the raw modes of a TIFF with 16 bits in separate planes, which Pillow takes for 8 bits."""
    bits = getattr(image, "tag_v2", {}).get(258, ())
    if isinstance(bits, tuple) and set(bits) == {16} and all(raw in _PLANE_RAW_MODES for raw in _get_raw_modes(image)):
        order = "B" if image.tag_v2.prefix == b"MM" else "L"
        _set_raw_modes(image, [f"{raw};16{order}" for raw in _get_raw_modes(image)])


def read_16_bit_gray_alpha(image: Any, load: Callable[[Any], None]) -> NDArray[np.uint16] | None:
    """Gray and alpha of a PNG, (height, width, 2), decoded as four bytes a pixel; None for other images."""
    if _get_raw_modes(image) != [_GRAY_ALPHA_RAW_MODE]:
        return None
    _set_raw_modes(image, ["RGBA"])
    load(image)
    return np.asarray(image).view(">u2").astype(np.uint16)


def read_all_16_bits(loaded: Any, open_again: OpenAgain, load: Callable[[Any], None]) -> NDArray[np.uint16]:
    """The values (height, width, channels) of a loaded image in gray and alpha, RGB or RGBA."""
    values = np.asarray(loaded).astype(np.uint16)
    values <<= 8
    with open_again() as image:
        raws = _get_raw_modes(image)
        if any(raw.startswith(_PREMULTIPLIED_RAW_MODE) for raw in raws):
            values |= values >> 8
            return values  # already divided by alpha: there are no lower bits to add
        _set_raw_modes(image, [raw[:-1] + _OPPOSITE_BYTE_ORDER[raw[-1]] for raw in raws])
        load(image)
        values |= np.asarray(image)
    return values


def _get_raw_modes(image: Any) -> list[str]:
    """The raw mode of each tile of an image."""
    return [tile.args if isinstance(tile.args, str) else str(tile.args[0]) for tile in image.tile]


def _set_raw_modes(image: Any, raws: Sequence[str]) -> None:
    image.tile = [
        tile._replace(args=raw if isinstance(tile.args, str) else (raw, *tile.args[1:]))
        for tile, raw in zip(image.tile, raws, strict=True)
    ]
