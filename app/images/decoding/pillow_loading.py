"""Files opened and loaded with Pillow, also those that end early or are damaged: then with what is there of them."""

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
"""What libjpeg puts where there is nothing."""


def open_image(data: bytes, format_: ImageFormat) -> Image.Image:
    """An image whose head alone is read. Raises what Pillow does, and UnreadableFile for HEIC without its extra."""
    if format_ is HEIC:
        _register_heic()
    image = Image.open(io.BytesIO(data), formats=format_.decoders)
    set_16_bit_plane_modes(image)
    return image


def load_pixels(image: Any) -> None:
    """Reads the pixels; while `tolerate_damage`, as many as there are."""
    try:
        image.load()
    except OSError:
        if image.tile or not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise  # else libtiff has read what it could


@contextmanager
def tolerate_damage() -> Iterator[None]:
    """Lets Pillow read damaged files for a while. It has one setting for the whole process."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def pad_truncated_webp(data: bytes, format_: ImageFormat) -> bytes:
    """A WebP file that ends early, filled up to its length: its decoder takes nothing shorter."""
    missing = _read_webp_length(data) - len(data) if format_ is WEBP else 0
    return data + bytes(missing) if 0 < missing <= _MAX_PADDING_BYTES else data


def is_truncated(data: bytes, format_: ImageFormat) -> bool:
    """Whether a file that cannot be read whole lacks its end; otherwise it is damaged elsewhere."""
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
    """Whether no pixel of a damaged file was read."""
    found = image.getextrema()
    bands = found if isinstance(found[0], tuple) else (found,)
    empty = _JPEG_FILL_VALUES if format_ is JPEG else range(1)
    return all(low == high and low in empty for low, high in bands)


def _read_webp_length(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _register_heic() -> None:
    """Teaches Pillow HEIC where the extra is installed; refuses, with advice, where it is not."""
    try:
        import pillow_heif
    except ImportError:
        raise make_heic_error() from None
    pillow_heif.register_heif_opener(thumbnails=False)
