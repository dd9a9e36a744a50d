"""Decodes an untrusted image file to safe pixels. Runs in a worker process that can be killed: see `picture_tasks`."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from ...core.texts import Text, make_text
from ...processes.file_errors import UnreadableFile, make_file_error
from ..picture import Pixels
from .bmp import rewrite_with_standard_masks
from .camera_raw import reject_camera_raw
from .image_formats import BMP, JPEG, PNG, PNM, TIFF, ImageFormat, count_scans, detect_image_format
from .image_metadata import (
    UPRIGHT_TRANSPOSE,
    has_personal_metadata,
    has_second_page,
    is_animated,
    read_orientation,
    remove_metadata_browsers_ignore,
)
from .levels import Levels
from .netpbm import PnmHeader, read_pnm_header, read_pnm_values
from .pillow_loading import is_blank, is_truncated, open_image, pad_truncated_webp, tolerate_damage
from .png_color import read_png_color
from .raster import Raster, ToneOptions, rasterize_levels, rasterize_numbers, read_raster
from .srgb import convert_to_srgb

_TRUNCATED_NOTE = make_text("truncated_note")
_DAMAGED_NOTE = make_text("damaged_note")
_FIRST_FRAME_NOTE = make_text("first_frame_note")


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """The largest picture that is decoded, and the size of the decoded copy. All limits are inclusive.

    `pixels` in total, `side` of the longer side, `scans` of a JPEG, `working_side` of the longer side of the copy.
    """

    pixels: int = 50_000_000
    side: int = 16_384
    scans: int = 64
    working_side: int = 1_024


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPicture:
    """Pixels, uint8 (height, width, 3) in sRGB, and notes on what was done to get them.

    `dark` says that most of the range of values is unused, so that stretching would show more.
    """

    pixels: Pixels
    notes: tuple[Text | str, ...]
    dark: bool = False


def decode_picture(data: bytes, limits: DecodeLimits, stretch: bool = False) -> DecodedPicture:
    """The picture in a file: upright, in sRGB, without transparency, no larger than the working side.

    With `stretch` its smallest value becomes black and its largest white. A truncated or damaged file gives what could
    be decoded, with a note. Raises UnreadableFile for everything else, whatever Pillow raised.
    """
    format_ = detect_image_format(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _decode_undamaged(data, format_, limits, stretch) or _decode_damaged(data, format_, limits, stretch)
    except UnreadableFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _make_size_error(make_text("far_more_pixels"), limits) from None
    except MemoryError:
        raise _make_size_error(make_text("more_than_memory"), limits) from None
    except Exception as error:
        raise _make_damage_error(format_) from error


def _decode_undamaged(data: bytes, format_: ImageFormat, limits: DecodeLimits, stretch: bool) -> DecodedPicture | None:
    """The picture in an undamaged file; None for a damaged one. Raises only for its format, size or cost."""
    try:
        return _decode_pnm(data, limits, stretch) if format_ is PNM else _decode_image(data, format_, limits, stretch)
    except (UnreadableFile, Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise
    except Exception:
        return None


def _decode_damaged(data: bytes, format_: ImageFormat, limits: DecodeLimits, stretch: bool) -> DecodedPicture:
    """What can be decoded of a damaged file, with a note. Raises any exception if that is nothing."""
    if format_ is PNM:
        raise ValueError("no picture")
    with tolerate_damage():
        decoded = _decode_image(pad_truncated_webp(data, format_), format_, limits, stretch, damaged=True)
    return replace(decoded, notes=(_TRUNCATED_NOTE if is_truncated(data, format_) else _DAMAGED_NOTE, *decoded.notes))


def _decode_image(
    data: bytes, format_: ImageFormat, limits: DecodeLimits, stretch: bool, damaged: bool = False
) -> DecodedPicture:
    data = _prepare_for_pillow(data, format_, limits)
    with open_image(data, format_) as image:
        _check_size(image.size, limits)
        full_size, has_more_frames = image.size, format_ is not TIFF and is_animated(image)
        working_size = _fit_size(full_size, limits.working_side)
        image.draft(None, working_size)  # a JPEG may be decoded at 1/2, 1/4 or 1/8
        had_ignored_metadata = remove_metadata_browsers_ignore(image)
        tiff_orientation = read_orientation(image) if format_ is TIFF else 1  # Pillow turns a TIFF itself
        png = read_png_color(data, image.info) if format_ is PNG else None
        raster = read_raster(image, data, format_, ToneOptions(stretch, png.curve if png else None))
        if damaged and is_blank(image, format_):
            raise ValueError("nothing was decoded")
        small, color_notes = convert_to_srgb(raster.image, working_size, image.info.get("icc_profile"), png)
        had_ignored_metadata |= remove_metadata_browsers_ignore(image)
        transpose = UPRIGHT_TRANSPOSE.get(read_orientation(image))
        upright = small if transpose is None else small.transpose(transpose)
        had_metadata = has_personal_metadata(image) or had_ignored_metadata
        has_more_frames = has_more_frames or (format_ is TIFF and has_second_page(image))
    was_turned = transpose is not None or tiff_orientation in UPRIGHT_TRANSPOSE
    notes = (
        *((_FIRST_FRAME_NOTE,) if has_more_frames else ()),
        *((make_text("turned_note"),) if was_turned else ()),
        *_describe_scaling(full_size, small.size, upright.size),
        *raster.notes,
        *color_notes,
        *((make_text("metadata_note"),) if had_metadata else ()),
    )
    return DecodedPicture(np.array(upright), notes, raster.dark)


def _prepare_for_pillow(data: bytes, format_: ImageFormat, limits: DecodeLimits) -> bytes:
    """The bytes for Pillow. Rejects JPEGs that would take too long and camera raw files that look like TIFFs."""
    if format_ is JPEG:
        _check_scans(data, limits)
    if format_ is TIFF:
        reject_camera_raw(data)
    return rewrite_with_standard_masks(data, limits.pixels) if format_ is BMP else data


def _decode_pnm(data: bytes, limits: DecodeLimits, stretch: bool) -> DecodedPicture:
    header = read_pnm_header(data)
    size = (header.width, header.height)
    _check_size(size, limits)
    raster, truncated = _read_pnm(header, data, ToneOptions(stretch))
    small, color_notes = convert_to_srgb(raster.image, _fit_size(size, limits.working_side), None)
    notes = (*_describe_scaling(size, small.size, small.size), *raster.notes, *color_notes)
    return DecodedPicture(np.array(small), (*((_TRUNCATED_NOTE,) if truncated else ()), *notes), raster.dark)


def _read_pnm(header: PnmHeader, data: bytes, tone: ToneOptions) -> tuple[Raster, bool]:
    values, truncated = read_pnm_values(header, data)
    if values.dtype.kind == "f":
        return rasterize_numbers(values, tone), truncated
    return rasterize_levels(Levels(values, header.maximum), tone), truncated


def _check_scans(data: bytes, limits: DecodeLimits) -> None:
    if count_scans(data, limits.scans) > limits.scans:
        most = limits.scans
        found, allowed = (make_text(code, most=most) for code in ("more_scans", "most_scans"))
        raise make_file_error("too_many_scans", 422, "scans", found, allowed, most=most)


def _check_size(size: tuple[int, int], limits: DecodeLimits) -> None:
    if max(size) > limits.side or size[0] * size[1] > limits.pixels:
        raise _make_size_error(make_text("pixels_value", width=str(size[0]), height=str(size[1])), limits)


def _make_size_error(found: Text, limits: DecodeLimits) -> UnreadableFile:
    allowed = make_text("most_pixels", millions=f"{limits.pixels / 1e6:g}", side=str(limits.side))
    return make_file_error("picture_too_large", 413, "file", found, allowed, found=found)


def _make_damage_error(format_: ImageFormat) -> UnreadableFile:
    code = "damaged_tiff" if format_ is TIFF else "damaged_picture"
    allowed = make_text("a_whole", format=format_.name)
    return make_file_error(code, 422, "file", format_.name, allowed, format=format_.name)


def _fit_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size scaled down, keeping its proportions, so that the longer side fits; never enlarged, never below 1."""
    longer = max(size)
    if longer <= side:
        return size
    width, height = (max(1, (2 * length * side + longer) // (2 * longer)) for length in size)
    return width, height


def _describe_scaling(full: tuple[int, int], small: tuple[int, int], upright: tuple[int, int]) -> tuple[Text, ...]:
    """Sizes are given as (width, height) and written as rows × columns, as all sizes of the figure are."""
    if full == small:
        return ()
    width, height = full if small == upright else full[::-1]
    return (make_text("scaled_note", full=f"{height} × {width}", small=f"{upright[1]} × {upright[0]}"),)
