"""From any way to store a picture to one that can be averaged: eight bits of gray, RGB, RGBA or CMYK."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from .high_bit_depth import has_16_bit_channels, read_16_bit_gray_alpha, read_all_16_bits
from .image_formats import BMP, PNG, ImageFormat
from .levels import Curve, Levels, find_dark_bit_count, quantize_to_levels
from .pillow_loading import load_pixels, open_image

_PNG_BIT_DEPTH_OFFSET = 24  # where a PNG says how many bits a channel has; Pillow keeps that to itself
_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262
_WHITE_IS_ZERO = 0
_MAX_16_BIT = 65_535
_MODES_WITH_TRANSPARENT_COLOR = ("1", "L", "RGB", "I;16")
_UNCONVERTED_MODES = ("L", "LA", "La", "RGB", "RGBA", "RGBa", "RGBX")
_MODE_NOTES = {"1": "converted from 1 bit", "P": "converted from a palette", "PA": "converted from a palette"}


@dataclass(frozen=True, slots=True)
class ToneOptions:
    """What is to be done to brightness on the way: the least and largest number become black and white, or a curve."""

    stretch: bool = False
    curve: Curve | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A picture in L, RGB, RGBA or CMYK, what was done to get it, and whether it is dark for want of stretching."""

    image: Image.Image
    notes: tuple[str, ...] = ()
    dark: bool = False


def read_raster(image: Any, data: bytes, format_: ImageFormat, wish: ToneOptions) -> Raster:
    """All pixels of an image that was just opened."""
    again = partial(open_image, data, format_)
    pair = read_16_bit_gray_alpha(image, load_pixels)
    if pair is not None:
        return rasterize_levels(Levels(pair, _MAX_16_BIT), wish)
    deep = has_16_bit_channels(image)
    load_pixels(image)
    if image.mode in ("I", "F"):
        return rasterize_numbers(np.asarray(image)[..., None], wish)
    if deep and image.mode in ("RGB", "RGBA"):
        return rasterize_levels(
            Levels(
                read_all_16_bits(image, again, load_pixels), _MAX_16_BIT, _read_transparent_color(image, data, format_)
            ),
            wish,
        )
    if image.mode.startswith("I;16"):
        return rasterize_levels(_read_16_bit_gray(image, _read_transparent_color(image, data, format_)), wish)
    return _rasterize_8_bit(image, _read_transparent_color(image, data, format_), format_, wish)


def rasterize_numbers(numbers: NDArray[Any], wish: ToneOptions) -> Raster:
    """Numbers without a range of their own, (height, width, channels)."""
    levels, (low, high) = quantize_to_levels(numbers, wish.stretch)
    found = rasterize_levels(levels, ToneOptions(curve=wish.curve))
    return Raster(found.image, (f"scaled: {low:g} became black and {high:g} white", *found.notes))


def rasterize_levels(levels: Levels, wish: ToneOptions) -> Raster:
    """Whole numbers of a known range, (height, width, channels)."""
    opacity = levels.opacity()
    least, largest = levels.span(opacity)
    span = (least, largest) if wish.stretch and least < largest else None
    used = None if span or (levels.bits == 8 and opacity is not None) else find_dark_bit_count(largest, levels.bits)
    pixels = levels.bytes_of(levels.colours, span, wish.curve)
    image = Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[..., 0])
    if opacity is not None:
        image = image.convert("RGB")
        image.putalpha(Image.fromarray(opacity))
    notes = (
        *((f"reduced from {levels.bits} to 8 bits",) if levels.bits > 8 else ()),
        *((f"stretched: {least} became black and {largest} white",) if span else ()),
        *((f"only {used} of {levels.bits} bits are used",) if used else ()),
    )
    return Raster(image, notes, used is not None)


def _rasterize_8_bit(image: Any, key: tuple[int, ...], format_: ImageFormat, wish: ToneOptions) -> Raster:
    """Pixels of at most eight bits a channel. Most pictures are these, and go on as they are."""
    said = _MODE_NOTES.get(image.mode, f"converted from {image.mode}")
    notes = () if image.mode in _UNCONVERTED_MODES else (said,)
    plain = _convert_to_averageable_mode(image, key, format_)
    if key or wish.stretch or wish.curve:
        values = np.asarray(plain.convert("RGB") if plain.mode == "CMYK" else plain)
        found = rasterize_levels(Levels(values if values.ndim == 3 else values[..., None], 255, key), wish)
        return Raster(found.image, (*notes, *found.notes), found.dark)
    used = find_dark_bit_count(_find_largest_value(plain), 8)
    return Raster(plain, (*notes, *((f"only {used} of 8 bits are used",) if used else ())), used is not None)


def _convert_to_averageable_mode(image: Any, key: tuple[int, ...], format_: ImageFormat) -> Image.Image:
    """The same picture in a mode whose numbers may be averaged: L, RGB, RGBA or CMYK; L or RGB where it has a key."""
    found: Image.Image = image
    if image.mode == "LAB":
        image.info.pop("icc_profile", None)
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or found
    if image.mode == "1":
        return found.convert("L")
    if format_ is BMP and image.mode == "RGBA" and not image.getchannel("A").getbbox():
        return found.convert("RGB")  # most programs leave the fourth byte empty, whatever the head says of it
    if found.has_transparency_data and not key:
        return (found.convert("LA") if image.mode == "La" else found).convert("RGBA")
    return found if image.mode in ("L", "RGB", "CMYK") else found.convert("RGB")


def _find_largest_value(image: Image.Image) -> int:
    """The largest number of a picture through which nothing shows; 0 of any other, which is not to be judged."""
    if image.mode not in ("L", "RGB"):
        return 0
    found = image.getextrema()
    bands = found if isinstance(found[0], tuple) else (found,)
    return max(int(high) for _, high in bands)


def _read_16_bit_gray(image: Any, key: tuple[int, ...]) -> Levels:
    """Gray of up to 16 bits; in a TIFF they may be fewer, and white may be 0."""
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(_BITS_PER_SAMPLE, (16,))[0]
    most = (1 << bits) - 1 if 8 < bits <= 16 else _MAX_16_BIT
    values = np.minimum(np.asarray(image), most).astype(np.uint16)[..., None]
    return Levels(most - values if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else values, most, key)


def _read_transparent_color(image: Any, data: bytes, format_: ImageFormat) -> tuple[int, ...]:
    """The colour that stands for "nothing here", as numbers of the loaded image."""
    said = image.info.get("transparency")
    if image.mode not in _MODES_WITH_TRANSPARENT_COLOR or not isinstance(said, int | tuple):
        return ()
    bits = data[_PNG_BIT_DEPTH_OFFSET] if format_ is PNG else 8
    most = (1 << bits) - 1
    return tuple((number & most) * (255 // most if bits < 8 else 1) for number in np.atleast_1d(said).tolist())
