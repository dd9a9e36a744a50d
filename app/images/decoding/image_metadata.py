"""Metadata of an image file: orientation, further frames, and personal data."""

from __future__ import annotations

from typing import Any

from PIL import Image

_ORIENTATION_TAG = 0x0112

UPRIGHT_TRANSPOSE = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""By orientation, how the stored pixels are transposed to be upright. Source: Exif 3.0, tag 0x0112."""

# Keys of Image.info that may hold data about the photographer or the place.
_PERSONAL_KEYS = ("exif", "photoshop", "comment")
# Keys of Image.info by which Pillow turns the picture, but browsers do not.
_KEYS_BROWSERS_IGNORE = ("xmp", "XML:com.adobe.xmp", "Raw profile type exif", "Raw profile type APP1")


def remove_metadata_browsers_ignore(image: Any) -> bool:
    """Removes metadata that Pillow would use for the orientation and browsers ignore; returns whether there was any."""
    removed = [image.info.pop(key, None) for key in _KEYS_BROWSERS_IGNORE]
    return any(removed)


def read_orientation(image: Image.Image) -> int:
    """The Exif orientation; 1 if it is missing or unreadable."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # damaged metadata does not make the picture unreadable
        return 1


def has_personal_metadata(image: Image.Image) -> bool:
    """Whether a loaded image has metadata that may be personal."""
    return any(image.info.get(key) for key in _PERSONAL_KEYS) or bool(getattr(image, "text", None))


def is_animated(image: Image.Image) -> bool:
    """Whether an image that is not a TIFF has several frames."""
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # damage after the first frame does not matter here
        return False


def has_second_page(image: Image.Image) -> bool:
    """Whether a TIFF has a second page (counting all could take very long). The image cannot be used afterwards."""
    try:
        image.seek(1)
    except Exception:
        return False
    return True
