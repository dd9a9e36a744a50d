"""Converts an opened image of any mode to one that can be averaged: 8 bits of gray, RGB, RGBA or CMYK."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from ...core.texts import Text, make_text
from .high_bit_depth import has_16_bit_channels, read_16_bit_gray_alpha, read_all_16_bits
from .image_formats import BMP, PNG, ImageFormat
from .levels import Curve, Levels, find_dark_bit_count, quantize_to_levels
from .pillow_loading import load_pixels, open_image

_PNG_BIT_DEPTH_OFFSET = 24  # Pillow does not give the bits of a channel
_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262
_WHITE_IS_ZERO = 0
_MAX_16_BIT = 65_535
_MODES_WITH_TRANSPARENT_COLOR = ("1", "L", "RGB", "I;16")
_UNCONVERTED_MODES = ("L", "LA", "La", "RGB", "RGBA", "RGBa", "RGBX")
_MODE_NOTES = {"1": "one_bit_note", "P": "palette_note", "PA": "palette_note"}


@dataclass(frozen=True, slots=True)
class ToneOptions:
    """With `stretch` the smallest and largest value become black and white; `curve` maps the brightness."""

    stretch: bool = False
    curve: Curve | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """A picture in mode L, RGB, RGBA or CMYK, notes on what was done to get it, and whether stretching would help."""

    image: Image.Image
    notes: tuple[Text, ...] = ()
    dark: bool = False


def read_raster(image: Any, data: bytes, format_: ImageFormat, tone: ToneOptions) -> Raster:
    """The pixels of an image that was just opened."""
    open_again = partial(open_image, data, format_)
    gray_alpha = read_16_bit_gray_alpha(image, load_pixels)
    if gray_alpha is not None:
        return rasterize_levels(Levels(gray_alpha, _MAX_16_BIT), tone)
    has_16_bits = has_16_bit_channels(image)
    load_pixels(image)
    if image.mode in ("I", "F"):
        return rasterize_numbers(np.asarray(image)[..., None], tone)
    transparent = _read_transparent_color(image, data, format_)
    if has_16_bits and image.mode in ("RGB", "RGBA"):
        return rasterize_levels(
            Levels(read_all_16_bits(image, open_again, load_pixels), _MAX_16_BIT, transparent), tone
        )
    if image.mode.startswith("I;16"):
        return rasterize_levels(_read_16_bit_gray(image, transparent), tone)
    return _rasterize_8_bit(image, transparent, format_, tone)


def rasterize_numbers(numbers: NDArray[Any], tone: ToneOptions) -> Raster:
    """A raster of numbers (height, width, channels) without a defined range."""
    levels, (low, high) = quantize_to_levels(numbers, tone.stretch)
    raster = rasterize_levels(levels, ToneOptions(curve=tone.curve))
    return Raster(raster.image, (make_text("numbers_note", low=f"{low:g}", high=f"{high:g}"), *raster.notes))


def rasterize_levels(levels: Levels, tone: ToneOptions) -> Raster:
    """A raster of whole numbers of a known range."""
    alpha = levels.compute_alpha()
    smallest, largest = levels.find_range(alpha)
    range_ = (smallest, largest) if tone.stretch and smallest < largest else None
    is_judged = not range_ and (levels.bits != 8 or alpha is None)
    used = find_dark_bit_count(largest, levels.bits) if is_judged else None
    pixels = levels.to_bytes(levels.colors, range_, tone.curve)
    image = Image.fromarray(pixels if pixels.shape[2] == 3 else pixels[..., 0])
    if alpha is not None:
        image = image.convert("RGB")
        image.putalpha(Image.fromarray(alpha))
    notes = (
        *((make_text("reduced_note", bits=levels.bits),) if levels.bits > 8 else ()),
        *((make_text("stretched_note", low=str(smallest), high=str(largest)),) if range_ else ()),
        *((make_text("dark_note", used=used, bits=levels.bits),) if used else ()),
    )
    return Raster(image, notes, used is not None)


def _rasterize_8_bit(image: Any, transparent: tuple[int, ...], format_: ImageFormat, tone: ToneOptions) -> Raster:
    """A raster of at most 8 bits a channel. Most pictures are of this kind and are not changed."""
    code = _MODE_NOTES.get(image.mode)
    note = make_text(code) if code else make_text("mode_note", mode=image.mode)
    notes = () if image.mode in _UNCONVERTED_MODES else (note,)
    plain = _convert_to_averageable_mode(image, transparent, format_)
    if transparent or tone.stretch or tone.curve:
        values = np.asarray(plain.convert("RGB") if plain.mode == "CMYK" else plain)
        raster = rasterize_levels(Levels(values if values.ndim == 3 else values[..., None], 255, transparent), tone)
        return Raster(raster.image, (*notes, *raster.notes), raster.dark)
    used = find_dark_bit_count(_find_largest_value(plain), 8)
    return Raster(plain, (*notes, *((make_text("dark_note", used=used, bits=8),) if used else ())), used is not None)


def _convert_to_averageable_mode(image: Any, transparent: tuple[int, ...], format_: ImageFormat) -> Image.Image:
    """The picture in a mode whose values can be averaged: L, RGB, RGBA or CMYK; L or RGB with a transparent color."""
    original: Image.Image = image
    if image.mode == "LAB":
        image.info.pop("icc_profile", None)
        lab, srgb = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, lab, srgb, outputMode="RGB") or original
    if image.mode == "1":
        return original.convert("L")
    if format_ is BMP and image.mode == "RGBA" and not image.getchannel("A").getbbox():
        return original.convert("RGB")  # most programs leave the fourth byte 0, whatever the header says
    if original.has_transparency_data and not transparent:
        return (original.convert("LA") if image.mode == "La" else original).convert("RGBA")
    return original if image.mode in ("L", "RGB", "CMYK") else original.convert("RGB")


def _find_largest_value(image: Image.Image) -> int:
    """The largest value of an opaque picture; 0 for others, of which none is dark."""
    if image.mode not in ("L", "RGB"):
        return 0
    extrema = image.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    return max(int(high) for _, high in bands)


def _read_16_bit_gray(image: Any, transparent: tuple[int, ...]) -> Levels:
    """Gray of up to 16 bits; a TIFF may have fewer, and white may be 0."""
    tags = getattr(image, "tag_v2", {})
    bits = tags.get(_BITS_PER_SAMPLE, (16,))[0]
    maximum = (1 << bits) - 1 if 8 < bits <= 16 else _MAX_16_BIT
    values = np.minimum(np.asarray(image), maximum).astype(np.uint16)[..., None]
    return Levels(maximum - values if tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO else values, maximum, transparent)


def _read_transparent_color(image: Any, data: bytes, format_: ImageFormat) -> tuple[int, ...]:
    """The one color that is transparent, as values of the loaded image; () if there is none."""
    color = image.info.get("transparency")
    if image.mode not in _MODES_WITH_TRANSPARENT_COLOR or not isinstance(color, int | tuple):
        return ()
    bits = data[_PNG_BIT_DEPTH_OFFSET] if format_ is PNG else 8
    maximum = (1 << bits) - 1
    return tuple((value & maximum) * (255 // maximum if bits < 8 else 1) for value in np.atleast_1d(color).tolist())
