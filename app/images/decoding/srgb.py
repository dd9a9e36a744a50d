"""Converts 8-bit pictures of any color space to RGB in sRGB."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageChops, ImageCms

from .png_color import PngColor

PixelSize = tuple[int, int]

_ROUNDING_TOLERANCE = 2  # of 255, between two conversions of the same color
_PROFILE_SPACE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def convert_to_srgb(
    image: Image.Image, size: PixelSize, profile: bytes | None, png: PngColor | None = None
) -> tuple[Image.Image, tuple[str, ...]]:
    """A picture in mode L, RGB, RGBA or CMYK as RGB at `size` (width, height), and notes on what was done.

    Colors are converted by the ICC profile or the PNG's own chunks; transparent pixels are shown on white. The picture
    is scaled down first, so that the rest is fast.
    """
    notes = []
    small, alpha = _split_alpha(_resize(image, size))
    if png and (png.curve or png.matrix is not None):
        small, note = _apply_png_color(small, png), "colors converted to sRGB"
    else:
        small, note = _apply_profile(small, None if png and png.overrides_profile else profile)
    if note:
        notes.append(note)
    if png and not png.is_known:
        notes.append("colors not converted: they are meant for special screens")
    if alpha is not None and alpha.getextrema()[0] != 255:
        white = Image.new("RGB", small.size, "white")
        small = Image.composite(small, white, alpha)
        notes.append("transparent parts shown on white")
    return small, tuple(notes)


def _resize(image: Image.Image, size: PixelSize) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _split_alpha(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode != "RGBA":
        return image, None
    return image.convert("RGB"), image.getchannel("A")


def _apply_png_color(image: Image.Image, png: PngColor) -> Image.Image:
    """The picture with sRGB's primaries; the curve was applied before the values became bytes."""
    return Image.fromarray(png.convert_primaries(np.asarray(image.convert("RGB"))))


def _apply_profile(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """The picture in sRGB, and a note if its colors were changed or should have been."""
    plain = image.convert("RGB")
    if not profile:
        return plain, ""
    try:
        own, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        fitting = _convert_to_profile_space(own, image)
        converted = ImageCms.profileToProfile(fitting, own, srgb, outputMode="RGB") or plain
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError):
        return plain, "color profile left out: it could not be read"
    # Most profiles are sRGB under some name; converting by one would only add rounding errors.
    return (plain, "") if _are_nearly_equal(plain, converted) else (converted, "colors converted to sRGB")


def _convert_to_profile_space(profile: ImageCms.ImageCmsProfile, image: Image.Image) -> Image.Image:
    """The picture in the mode of a profile's color space. Raises KeyError if it cannot be converted."""
    mode = _PROFILE_SPACE_MODES[profile.profile.xcolor_space.strip()]
    if (mode == "CMYK") != (image.mode == "CMYK"):
        raise KeyError(mode)
    return image if image.mode == mode else image.convert(mode)


def _are_nearly_equal(one: Image.Image, other: Image.Image) -> bool:
    extremes = ImageChops.difference(one, other).getextrema()
    return all(high <= _ROUNDING_TOLERANCE for _, high in extremes)  # type: ignore[misc]
