"""Bytes from outside to safe pixels. Runs in a process of its own that can be killed: see `task`."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ..processes.refusal import UnreadableFile, refuse
from .colour import to_rgb
from .formats import HEIC, JPEG, PNG, Format, count_scans, recognise, refuse_heic
from .picture import Pixels

_ORIENTATION = 0x0112
_PNG_BITS = 24  # where a PNG says how many bits a channel has; Pillow keeps that to itself

# What a viewer does to the stored pixels to show them upright. Source: Exif 3.0, tag 0x0112.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Of what Pillow keeps beside the pixels, these say something about the photographer or the place.
_PERSONAL = frozenset(("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment"))


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How large a file's picture may be, and how large the copy that is kept. All are inclusive.

    `pixels` in all, `side` pixels on the longer side, `scans` of a JPEG, `working_side` pixels on the longer
    side of the copy.
    """

    pixels: int = 50_000_000
    side: int = 16_384
    scans: int = 64
    working_side: int = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Pixels, uint8 (height, width, 3) in sRGB, and in plain words what was done to get them."""

    pixels: Pixels
    notes: tuple[str, ...]


def decode_picture(data: bytes, limits: DecodeLimits) -> Decoded:
    """The picture in a file: upright, in sRGB, without transparency, no larger than the working side.

    Raises UnreadableFile for anything else, since decoders raise whatever they please.
    """
    format_ = recognise(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode(data, format_, limits)
    except UnreadableFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large("far more pixels than that", limits) from None
    except MemoryError:
        raise _too_large("more than fits in memory", limits) from None
    except Exception as error:
        message = f"This {format_.name} is damaged or cut short and could not be read."
        raise refuse(422, "file", format_.name, f"a whole {format_.name}", message) from error


def _decode(data: bytes, format_: Format, limits: DecodeLimits) -> Decoded:
    if format_ is JPEG:
        _check_scans(data, limits)
    if format_ is HEIC:
        _learn_heic()
    with Image.open(io.BytesIO(data), formats=format_.decoders) as image:
        _check_size(image.size, limits)
        full = image.size
        animated = _is_animated(image)
        image.draft(None, _fitting(full, limits.working_side))  # lets a JPEG come at 1/2, 1/4 or 1/8 at once
        image.load()
        small, colour_notes = to_rgb(image, _fitting(full, limits.working_side))
        upright, turned = _turn(small, image)
        personal = _says_more_than_pixels(image)
    notes = (
        *(("only the first of several pictures kept",) if animated else ()),
        *(("turned upright",) if turned else ()),
        *_scaling_note(full, small.size, upright.size),
        *(("reduced from 16 to 8 bits",) if format_ is PNG and data[_PNG_BITS] == 16 else ()),
        *colour_notes,
        *(("metadata removed",) if personal else ()),
    )
    return Decoded(np.array(upright), notes)


def _check_scans(data: bytes, limits: DecodeLimits) -> None:
    if count_scans(data, limits.scans) > limits.scans:
        message = (
            f"This JPEG holds more than {limits.scans} scans, each of which costs a pass over the whole "
            "picture; photos have up to 10. Saving it again in any photo program helps."
        )
        raise refuse(422, "scans", f"more than {limits.scans}", f"at most {limits.scans}", message)


def _check_size(size: tuple[int, int], limits: DecodeLimits) -> None:
    if max(size) > limits.side or size[0] * size[1] > limits.pixels:
        raise _too_large(f"{size[0]} × {size[1]} pixels", limits)


def _too_large(found: str, limits: DecodeLimits) -> UnreadableFile:
    allowed = f"at most {limits.pixels / 1e6:g} million pixels and {limits.side} a side"
    return refuse(413, "file", found, allowed, f"This picture is too large: {found}. Allowed are {allowed}.")


def _learn_heic() -> None:
    """Teaches Pillow HEIC where the extra is installed; refuses, with advice, where it is not."""
    try:
        import pillow_heif
    except ImportError:
        raise refuse_heic() from None
    pillow_heif.register_heif_opener(thumbnails=False)


def _is_animated(image: Image.Image) -> bool:
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # damage behind the first picture does not matter here
        return False


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size reduced, both sides alike, until the longer one fits; never enlarged, never below 1."""
    longer = max(size)
    if longer <= side:
        return size
    width, height = (max(1, (2 * length * side + longer) // (2 * longer)) for length in size)
    return width, height


def _turn(small: Image.Image, image: Image.Image) -> tuple[Image.Image, bool]:
    try:
        step = _UPRIGHT.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # a broken note about the picture does not make the picture unreadable
        step = None
    return (small, False) if step is None else (small.transpose(step), True)


def _says_more_than_pixels(image: Image.Image) -> bool:
    return any(image.info.get(key) for key in _PERSONAL) or bool(getattr(image, "text", None))


def _scaling_note(full: tuple[int, int], small: tuple[int, int], upright: tuple[int, int]) -> tuple[str, ...]:
    if full == small:
        return ()
    width, height = full if small == upright else full[::-1]
    return (f"scaled from {width} × {height} to {upright[0]} × {upright[1]}",)
