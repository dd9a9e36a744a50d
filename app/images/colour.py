"""Every way a file may store colour, brought to eight bits of red, green and blue in sRGB."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageCms

Size = tuple[int, int]

_ROUNDING = 2  # of 255: what two conversions that mean the same may differ by


def to_rgb(image: Image.Image, size: Size) -> tuple[Image.Image, tuple[str, ...]]:
    """A loaded picture in RGB at `size` (width, height), and in plain words what that took.

    16 bits become 8, palette numbers their colours, a colour profile is brought to sRGB, what shows through is
    flattened on white. Reduced early, so that the rest is quick, but in colours that may be averaged.
    """
    notes = []
    small = _resize(_averageable(image), size)
    small, opacity = _without_opacity(small)
    small, corrected = _to_srgb(small, image.info.get("icc_profile"))
    if corrected:
        notes.append(corrected)
    elif image.mode == "CMYK":
        notes.append("converted from CMYK")
    if opacity is not None and opacity.getextrema()[0] != 255:
        white = Image.new("RGB", small.size, "white")
        small = Image.composite(small, white, opacity)
        notes.append("flattened on white")
    return small, tuple(notes)


def _averageable(image: Image.Image) -> Image.Image:
    """The same picture in a mode whose numbers may be averaged: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        return Image.fromarray(_upper_byte(np.asarray(image)))
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _upper_byte(values: NDArray[Any]) -> NDArray[np.uint8]:
    upper: NDArray[Any] = np.clip(values, 0, 65_535) >> 8
    return upper.astype(np.uint8)


def _resize(image: Image.Image, size: Size) -> Image.Image:
    if image.size == size:
        return image
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _without_opacity(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    if image.mode != "RGBA":
        return image, None
    return image.convert("RGB"), image.getchannel("A")


def _to_srgb(image: Image.Image, profile: bytes | None) -> tuple[Image.Image, str]:
    """The picture in sRGB, and a note where that changed or should have changed its colours."""
    plain = image.convert("RGB")
    if not profile:
        return plain, ""
    try:
        own, srgb = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        converted = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB") or plain
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return plain, "colour profile left out: it could not be read"
    # Most profiles are sRGB by some name. Going through one would only add rounding.
    return (plain, "") if _alike(plain, converted) else (converted, "colours brought to sRGB")


def _alike(one: Image.Image, other: Image.Image) -> bool:
    extremes = ImageChops.difference(one, other).getextrema()
    return all(high <= _ROUNDING for _, high in extremes)  # type: ignore[misc]
