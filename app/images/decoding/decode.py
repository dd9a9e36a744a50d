"""Bytes from outside to safe pixels. Runs in a process of its own that can be killed: see `task`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ...processes.file_errors import UnreadableFile, refuse
from ..picture import Pixels
from .bmp import with_usual_masks
from .camera_raw import refuse_camera_raw
from .image_formats import BMP, JPEG, PNG, PNM, TIFF, Format, count_scans, recognise
from .image_metadata import UPRIGHT, has_second_page, is_animated, orientation, says_more_than_pixels, take_unheard
from .levels import Levels
from .netpbm import PnmHead, read_head, read_values
from .pillow_loading import completed, ends_early, open_image, shows_nothing, tolerant
from .png_color import colour_of_png
from .raster import Raster, Wish, raster_of_levels, raster_of_numbers, read_raster
from .srgb import to_rgb

_ENDS_EARLY = "the file ends early: the lower part may be missing"
_DAMAGED = "the file is damaged: parts of the picture may be missing or wrong"
_FIRST_ONLY = "only the first of several pictures kept"


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
    """Pixels, uint8 (height, width, 3) in sRGB, and in plain words what was done to get them.

    `dark` says that most of the range of numbers is not used, so that the picture shows more when it is stretched.
    """

    pixels: Pixels
    notes: tuple[str, ...]
    dark: bool = False


def decode_picture(data: bytes, limits: DecodeLimits, stretch: bool = False) -> Decoded:
    """The picture in a file: upright, in sRGB, without transparency, no larger than the working side.

    With `stretch` its least number becomes black and its largest white. Of a file that ends early or is damaged comes
    what is there, with a note. Raises UnreadableFile for anything else, since decoders raise whatever they please.
    """
    format_ = recognise(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode(data, format_, limits, stretch) or _decode_rest(data, format_, limits, stretch)
    except UnreadableFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large("far more pixels than that", limits) from None
    except MemoryError:
        raise _too_large("more than fits in memory", limits) from None
    except Exception as error:
        raise _unreadable(format_) from error


def _decode(data: bytes, format_: Format, limits: DecodeLimits, stretch: bool) -> Decoded | None:
    """The picture in a whole file; None where anything is wrong with it but its size."""
    try:
        return _decode_pnm(data, limits, stretch) if format_ is PNM else _decode_image(data, format_, limits, stretch)
    except (UnreadableFile, Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise
    except Exception:
        return None


def _decode_rest(data: bytes, format_: Format, limits: DecodeLimits, stretch: bool) -> Decoded:
    """What is there of a file's picture, with a note. Raises anything where nothing is."""
    if format_ is PNM:
        raise ValueError("no picture")
    with tolerant():
        found = _decode_image(completed(data, format_), format_, limits, stretch, damaged=True)
    return replace(found, notes=(_ENDS_EARLY if ends_early(data, format_) else _DAMAGED, *found.notes))


def _decode_image(data: bytes, format_: Format, limits: DecodeLimits, stretch: bool, damaged: bool = False) -> Decoded:
    data = _prepared(data, format_, limits)
    with open_image(data, format_) as image:
        _check_size(image.size, limits)
        full, several = image.size, format_ is not TIFF and is_animated(image)
        fitting = _fitting(full, limits.working_side)
        image.draft(None, fitting)  # lets a JPEG come at 1/2, 1/4 or 1/8 at once
        hidden, before = take_unheard(image), orientation(image) if format_ is TIFF else 1  # which Pillow turns itself
        png = colour_of_png(data, image.info) if format_ is PNG else None
        raster = read_raster(image, data, format_, Wish(stretch, png.curve if png else None))
        if damaged and shows_nothing(image, format_):
            raise ValueError("nothing was read")
        small, colour_notes = to_rgb(raster.image, fitting, image.info.get("icc_profile"), png)
        hidden |= take_unheard(image)
        step = UPRIGHT.get(orientation(image))
        upright = small if step is None else small.transpose(step)
        personal = says_more_than_pixels(image) or hidden
        several = several or (format_ is TIFF and has_second_page(image))
    notes = (
        *((_FIRST_ONLY,) if several else ()),
        *(("turned upright",) if step is not None or before in UPRIGHT else ()),
        *_scaling_note(full, small.size, upright.size),
        *raster.notes,
        *colour_notes,
        *(("metadata removed",) if personal else ()),
    )
    return Decoded(np.array(upright), notes, raster.dark)


def _prepared(data: bytes, format_: Format, limits: DecodeLimits) -> bytes:
    """What Pillow is to read, after a look at what it would take too long for, or mistake."""
    if format_ is JPEG:
        _check_scans(data, limits)
    if format_ is TIFF:
        refuse_camera_raw(data)
    return with_usual_masks(data, limits.pixels) if format_ is BMP else data


def _decode_pnm(data: bytes, limits: DecodeLimits, stretch: bool) -> Decoded:
    head = read_head(data)
    size = (head.width, head.height)
    _check_size(size, limits)
    raster, early = _read_pnm(head, data, Wish(stretch))
    small, colour_notes = to_rgb(raster.image, _fitting(size, limits.working_side), None)
    notes = (*_scaling_note(size, small.size, small.size), *raster.notes, *colour_notes)
    return Decoded(np.array(small), (*((_ENDS_EARLY,) if early else ()), *notes), raster.dark)


def _read_pnm(head: PnmHead, data: bytes, wish: Wish) -> tuple[Raster, bool]:
    values, early = read_values(head, data)
    if values.dtype.kind == "f":
        return raster_of_numbers(values, wish), early
    return raster_of_levels(Levels(values, head.most), wish), early


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


def _unreadable(format_: Format) -> UnreadableFile:
    message = f"This {format_.name} is damaged or cut short and could not be read."
    if format_ is TIFF:
        message = (
            "This TIFF is damaged, or of a kind that is not read here. Saving it as a PNG of 8 or 16 bits in the "
            "program that made it helps."
        )
    return refuse(422, "file", format_.name, f"a whole {format_.name}", message)


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size reduced, both sides alike, until the longer one fits; never enlarged, never below 1."""
    longer = max(size)
    if longer <= side:
        return size
    width, height = (max(1, (2 * length * side + longer) // (2 * longer)) for length in size)
    return width, height


def _scaling_note(full: tuple[int, int], small: tuple[int, int], upright: tuple[int, int]) -> tuple[str, ...]:
    if full == small:
        return ()
    width, height = full if small == upright else full[::-1]
    return (f"scaled from {width} × {height} to {upright[0]} × {upright[1]}",)
