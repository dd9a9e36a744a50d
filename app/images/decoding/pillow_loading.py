"""Files opened and loaded with Pillow, also those that end early or are damaged: then with what is there of them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageFile

from .high_bit_depth import unpack_planes
from .image_formats import BMP, HEIC, JPEG, PNG, WEBP, Format, refuse_heic

_END_OF_PNG = b"IEND\xaeB`\x82"
_END_OF_GIF = b";"
_MOST_PADDING = 64_000_000
_MISSING_IN_JPEG = range(127, 130)
"""What libjpeg puts where there is nothing."""


def open_image(data: bytes, format_: Format) -> Image.Image:
    """An image whose head alone is read. Raises what Pillow does, and UnreadableFile for HEIC without its extra."""
    if format_ is HEIC:
        _learn_heic()
    image = Image.open(io.BytesIO(data), formats=format_.decoders)
    unpack_planes(image)
    return image


def load(image: Any) -> None:
    """Reads the pixels; while `tolerant`, as many as there are."""
    try:
        image.load()
    except OSError:
        if image.tile or not ImageFile.LOAD_TRUNCATED_IMAGES:
            raise  # else libtiff has read what it could


@contextmanager
def tolerant() -> Iterator[None]:
    """Lets Pillow read damaged files for a while. It has one setting for the whole process."""
    before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def completed(data: bytes, format_: Format) -> bytes:
    """A WebP file that ends early, filled up to its length: its decoder takes nothing shorter."""
    missing = _length_of_webp(data) - len(data) if format_ is WEBP else 0
    return data + bytes(missing) if 0 < missing <= _MOST_PADDING else data


def ends_early(data: bytes, format_: Format) -> bool:
    """Whether a file that cannot be read whole lacks its end; otherwise it is damaged elsewhere."""
    if format_ is JPEG:
        return data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")
    if format_ is PNG:
        return _END_OF_PNG not in data[-1_000_000:]
    if format_ is WEBP:
        return _length_of_webp(data) > len(data)
    if format_ is BMP:
        return int.from_bytes(data[2:6], "little") > len(data)
    return format_.name != "GIF" or not data.rstrip(b"\0").endswith(_END_OF_GIF)


def shows_nothing(image: Image.Image, format_: Format) -> bool:
    """Whether no pixel of a damaged file was read."""
    found = image.getextrema()
    bands = found if isinstance(found[0], tuple) else (found,)
    empty = _MISSING_IN_JPEG if format_ is JPEG else range(1)
    return all(low == high and low in empty for low, high in bands)


def _length_of_webp(data: bytes) -> int:
    return 8 + int.from_bytes(data[4:8], "little")


def _learn_heic() -> None:
    """Teaches Pillow HEIC where the extra is installed; refuses, with advice, where it is not."""
    try:
        import pillow_heif
    except ImportError:
        raise refuse_heic() from None
    pillow_heif.register_heif_opener(thumbnails=False)
