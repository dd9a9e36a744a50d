"""What a file says beside its pixels: how the picture is turned, that others follow it, and things nobody needs."""

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
"""What a viewer does to the stored pixels to show them upright. Source: Exif 3.0, tag 0x0112."""

# Of what Pillow keeps beside the pixels, these say something about the photographer or the place.
_PERSONAL_KEYS = ("exif", "photoshop", "comment")
# They may also say how to turn the picture, but browsers do not follow them.
_KEYS_BROWSERS_IGNORE = ("xmp", "XML:com.adobe.xmp", "Raw profile type exif", "Raw profile type APP1")


def remove_metadata_browsers_ignore(image: Any) -> bool:
    """Takes away what Pillow would follow and browsers do not; whether any was there."""
    found = [image.info.pop(key, None) for key in _KEYS_BROWSERS_IGNORE]
    return any(found)


def read_orientation(image: Image.Image) -> int:
    """How the picture is turned, 1 where nothing legible says so."""
    try:
        return int(image.getexif().get(_ORIENTATION_TAG, 1))
    except Exception:  # a broken note about the picture does not make the picture unreadable
        return 1


def has_personal_metadata(image: Image.Image) -> bool:
    """Whether there is anything personal in a loaded image."""
    return any(image.info.get(key) for key in _PERSONAL_KEYS) or bool(getattr(image, "text", None))


def is_animated(image: Image.Image) -> bool:
    """Whether an image that is not a TIFF is the first of several."""
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # damage behind the first picture does not matter here
        return False


def has_second_page(image: Image.Image) -> bool:
    """Whether a TIFF goes on; to count its pages could take as long as a file likes. The image is of no use then."""
    try:
        image.seek(1)
    except Exception:
        return False
    return True
