"""Cropping: chooses a box of a picture's pixels and averages it down to the cells of a figure, never enlarging it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .picture import Box, Picture, Pixels

Channels = Literal["gray", "rgb"]
Range = Literal["byte", "unit"]
CellCounts = tuple[int, int]
"""Rows and columns of cells."""


def crop_to_cells(
    picture: Picture, size: CellCounts, crop: Box | None, channels: Channels, range_: Range
) -> NDArray[np.float32]:
    """The cells of a crop, float32 of shape (1 or 3, rows, columns) as `compute_cropped_size` counts them.

    Each cell is the average of the pixels it covers, rounded to a whole number (a half rounds up). `size` is the
    requested (rows, columns), `crop` a box in the picture's pixels, or None for a box around the focus. `gray` is
    round(0.299 R + 0.587 G + 0.114 B) of the cells that `rgb` shows. `byte` gives whole numbers from 0 to 255, `unit`
    those divided by 255. Raises ValueError for a size below 1.
    """
    top, left, height, width = compute_crop_box(picture, size, crop)
    box = picture.pixels[top : top + height, left : left + width]
    average = _average_areas(box, compute_cropped_size(picture, size, crop))
    planes = _to_gray(average)[None] if channels == "gray" else average.transpose(2, 0, 1)
    result = np.ascontiguousarray(planes, dtype=np.float32)
    return result / np.float32(255) if range_ == "unit" else result


def compute_crop_box(picture: Picture, size: CellCounts, crop: Box | None) -> Box:
    """The box of pixels that is averaged: top, left, height, width.

    A crop is clipped to the picture. Without one, a cell is a square of k × k pixels and the box is rows·k × columns·k
    pixels around the focus, where k is the smallest that covers the focus, but no larger than the picture allows, and
    at least 1. If the picture is too small even for k = 1, the box ends with the picture.
    """
    if min(size) < 1:
        raise ValueError(f"a size is at least 1 × 1 cells, not {size[0]} × {size[1]}")
    if crop is not None:
        return _clip_box(crop, picture)
    top, left, focus_height, focus_width = picture.focus
    rows, columns = size
    covering = max(focus_height / rows, focus_width / columns)
    k = max(1.0, min(covering, picture.height / rows, picture.width / columns))
    height = min(picture.height, round(k * rows))
    width = min(picture.width, round(k * columns))
    return (
        _center_span(top, focus_height, height, picture.height),
        _center_span(left, focus_width, width, picture.width),
        height,
        width,
    )


def compute_cropped_size(picture: Picture, size: CellCounts, crop: Box | None) -> CellCounts:
    """The (rows, columns) that `crop_to_cells` returns: the requested size, or as many as the box has pixels."""
    _, _, height, width = compute_crop_box(picture, size, crop)
    return min(size[0], height), min(size[1], width)


def _clip_box(crop: Box, picture: Picture) -> Box:
    """The part of the crop inside the picture; at least one pixel."""
    top, left, height, width = crop
    first_row, first_column = _clamp(top, picture.height - 1), _clamp(left, picture.width - 1)
    after_row, after_column = min(top + height, picture.height), min(left + width, picture.width)
    return first_row, first_column, max(1, after_row - first_row), max(1, after_column - first_column)


def _clamp(value: int, maximum: int) -> int:
    return max(0, min(value, maximum))


def _center_span(start: int, length: int, new_length: int, available: int) -> int:
    """The start of a span of `new_length` pixels with the same center, inside `available` pixels."""
    return _clamp(start + (length - new_length) // 2, available - new_length)


def _average_areas(pixels: Pixels, size: CellCounts) -> NDArray[np.int64]:
    """The area averages, (rows, columns, 3): sums of whole numbers, exact up to one rounding at the end."""
    height, width, _ = pixels.shape
    if (height, width) == size:
        return pixels.astype(np.int64)
    sums = _sum_spans(pixels, size[0])
    sums = _sum_spans(np.ascontiguousarray(sums.swapaxes(0, 1)), size[1]).swapaxes(0, 1)
    area = height * width
    average: NDArray[np.int64] = (2 * sums + area) // (2 * area)
    return average


def _sum_spans(values: NDArray[np.integer], parts: int) -> NDArray[np.int64]:
    """`parts` times the sum over each of `parts` equal spans of the first axis.

    A span that begins or ends inside a pixel takes that share of it. Times `parts`, every share is a whole number.
    """
    length = len(values)
    whole, share = np.divmod(np.arange(parts + 1) * length, parts)
    sums = np.empty((parts, *values.shape[1:]), np.int64)
    for i in range(parts):  # one sum for each span is twenty times faster than differences of a running sum
        np.add.reduce(values[whole[i] : whole[i + 1]], axis=0, dtype=np.int64, out=sums[i])
    shared = share[:, None, None] * values[np.minimum(whole, length - 1)]
    exact: NDArray[np.int64] = parts * sums + shared[1:] - shared[:-1]
    return exact


def _to_gray(rgb: NDArray[np.int64]) -> NDArray[np.int64]:
    # In thousandths, so that the rounding never depends on a float.
    gray: NDArray[np.int64] = (299 * rgb[..., 0] + 587 * rgb[..., 1] + 114 * rgb[..., 2] + 500) // 1000
    return gray
