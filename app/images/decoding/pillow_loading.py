"""Opens and loads files with Pillow, also truncated and damaged ones as far as they can be decoded."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageFile

from .high_bit_depth import set_16_bit_plane_modes
from .image_formats import BMP, HEIC, JPEG, PNG, WEBP, ImageFormat, make_heic_error

_PNG_END = b"IEND\xaeB`\x82"
_GIF_END = b";"
_MAX_PADDING_BYTES = 64_000_000
_JPEG_FILL_VALUES = range(127, 130)
"""Values that libjpeg puts where data is missing."""


def open_image(data: bytes, format_: ImageFormat) -> Image.Image:
    """An image without its pixels. Raises Pillow's exceptions, and UnreadableFile for HEIC without its extra."""
    if format_ is HEIC:
        _register_heic()
    image = Image.open(io.BytesIO(data), formats=format_.decoders)
    set_16_bit_plane_modes(image)
    return image


def load_pixels(image: Any) -> None:
    """Loads the pixels; within `tolerate_damage`, as many as can be decoded."""
    try:
        image.load()
    except OSError:
        if image.tile or not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise  # otherwise libtiff has decoded what it could


@contextmanager
def tolerate_damage() -> Iterator[None]:
    """A context in which Pillow reads damaged files; it has one setting for the whole process."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def pad_truncated_webp(data: bytes, format_: ImageFormat) -> bytes:
    """A truncated WebP file, padded to its length, which its decoder requires; other files as they are."""
    missing = _read_webp_length(data) - len(data) if format_ is WEBP else 0
    return data + bytes(missing) if 0 < missing <= _MAX_PADDING_BYTES else data


def is_truncated(data: bytes, format_: ImageFormat) -> bool:
    """Whether a damaged file lacks its end; otherwise it is damaged elsewhere."""
    if format_ is JPEG:
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    if format_ is PNG:
        return _PNG_END not in data[-1_000_000:]
    if format_ is WEBP:
        return _read_webp_length(data) > len(data)
    if format_ is BMP:
        return int.from_bytes(data[2:6], "little") > len(data)
    return format_.name != "GIF" or not data.rstrip(b"\0").endswith(_GIF_END)


def is_blank(image: Image.Image, format_: ImageFormat) -> bool:
    """Whether no pixel of a damaged file was decoded."""
    extrema = image.getextrema()
    bands = extrema if isinstance(extrema[0], tuple) else (extrema,)
    fill_values = _JPEG_FILL_VALUES if format_ is JPEG else range(1)
    return all(low == high and low in fill_values for low, high in bands)


def _read_webp_length(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _register_heic() -> None:
    """Adds HEIC to Pillow. Raises UnreadableFile, with advice, if the extra is not installed."""
    try:
        import pillow_heif
    except ImportError:
        raise make_heic_error() from None
    pillow_heif.register_heif_opener(thumbnails=False)
