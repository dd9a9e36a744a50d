"""Colours of eight bits, whatever they mean, brought to red, green and blue in sRGB."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageChops, ImageCms

from .png_color import PngColor

PixelSize = tuple[int, int]

_ROUNDING_TOLERANCE = 2  # of 255: what two conversions that mean the same may differ by
_PROFILE_SPACE_MODES = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}


def convert_to_srgb(
    image: Image.Image, size: PixelSize, profile: bytes | None, png: PngColor | None = None
) -> tuple[Image.Image, tuple[str, ...]]:
    """A picture in L, RGB, RGBA or CMYK as RGB at `size` (width, height), and in plain words what that took.

    A colour profile, or what a PNG says of its colours, is brought to sRGB; what shows through is flattened on white.
    Reduced early, so that the rest is quick, but in colours that may be averaged.
    """
    notes = []
    small, opacity = _split_alpha(_resize(image, size))
    if png and (png.curve or png.matrix is not None):
        small, corrected = _apply_png_color(small, png), "colours brought to sRGB"
    else:
        small, corrected = _apply_profile(small, None if png and png.sole else profile)
    if corrected:
        notes.append(corrected)
    if png and not png.known:
        notes.append("colours left as they are: they are of a kind for special screens")
    if opacity is not None and opacity.getextrema()[0] != 255:
        white = Image.new("RGB", small.size, "white")
        small = Image.composite(small, white, opacity)
        notes.append("flattened on white")
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
    """The picture with sRGB's primaries; the curve was applied to its numbers before they became bytes."""
    return Image.fromarray(png.converted(np.asarray(image.convert("RGB"))))


def _apply_profile(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """The picture in sRGB, and a note where that changed or should have changed its colours."""
    plain = image.convert("RGB")
    if not profile:
        return plain, ""
    try:
        own, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        fitting = _convert_to_profile_space(own, image)
        converted = ImageCms.profileToProfile(fitting, own, srgb, outputMode="RGB") or plain
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError):
        return plain, "colour profile left out: it could not be read"
    # Most profiles are sRGB by some name. Going through one would only add rounding.
    return (plain, "") if _are_nearly_equal(plain, converted) else (converted, "colours brought to sRGB")


def _convert_to_profile_space(profile: ImageCms.ImageCmsProfile, image: Image.Image) -> Image.Image:
    """The picture in the kind of colours that a profile speaks of. Raises KeyError where it cannot be."""
    mode = _PROFILE_SPACE_MODES[profile.profile.xcolor_space.strip()]
    if (mode == "CMYK") != (image.mode == "CMYK"):
        raise KeyError(mode)
    return image if image.mode == mode else image.convert(mode)


def _are_nearly_equal(one: Image.Image, other: Image.Image) -> bool:
    extremes = ImageChops.difference(one, other).getextrema()
    return all(high <= _ROUNDING_TOLERANCE for _, high in extremes)  # type: ignore[misc]
