"""The picture changed on purpose: one law for each adjustment, applied in the order of the fields of `Adjustments`.

A map is a function x[r, c] of rows and columns that is 0 outside the picture, so that what a turn or a shift brings in
is 0, which is black. The laws, in float64, each on the result of the one before:

* brightness b: y = b · x
* contrast k: y = m + k · (x − m), where m is the mean of the gray picture: 0.299 R + 0.587 G + 0.114 B of a color
  picture, else of all its numbers
* turn by a degrees, counterclockwise around the middle ((H − 1)/2, (W − 1)/2): y[r, c] is x at the place that came to
  (r, c), read bilinearly: Σ x[i, j] · (1 − |i − row|)₊ · (1 − |j − column|)₊
* flip: h y[r, c] = x[r, W − 1 − c], v y[r, c] = x[H − 1 − r, c], hv both
* shift by (d, e): y[r, c] = x[r − d, c − e]
* noise s: y = x + s · n with n normal, mean 0 and deviation 1, drawn in reading order from the seed
* cover (top, left, height, width): the cells of the box are 0

At the end numbers that were computed, not only moved, are rounded once, a half upwards: those of a picture to the 256
steps from black to white, others to hundredths. Then those of a picture are clipped to black and white; other numbers
have no ends to be clipped at. For a picture, s counts in these steps, whatever its range; for other numbers in ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..scene import Adjustments, Sides, parse_number
from ..weights.random_numbers import draw_normal_numbers
from .reshape import shift

STEPS = 255
"""From black to white."""
HUNDREDTHS = 100
NOISE_STREAM = 0x3C3C_3C3C_3C3C_3C3C
"""Noise starts the generator at its seed XOR this, so that it is no copy of weights or of a random input."""
GRAY = (0.299, 0.587, 0.114)
_NEARLY_HALF = 0.5 + 1e-9
"""Products such as 1.15 · 10 lie a rounding error below their half."""

Numbers = NDArray[np.float64]
Floats = TypeVar("Floats", bound=NDArray[np.floating[Any]])


@dataclass(frozen=True, slots=True, eq=False)
class Adjusted:
    """The changed maps; `clipped` counts numbers beyond black and white, `is_rounded` says whether all are rounded."""

    values: Maps
    clipped: int = 0
    is_rounded: bool = False


def adjust_maps(x: Maps, how: Adjustments, white: float | None) -> Adjusted:
    """The maps (C, H, W) after all adjustments. `white` is the value of white, None for numbers that are no picture."""
    y = x.astype(np.float64) if white is None else _count_steps(x, white)
    y = brighten(y, float(parse_number(how.brightness)))
    y = stretch(y, float(parse_number(how.contrast)), white is not None)
    y = turn(y, float(parse_number(how.turn)))
    y = flip(y, how.flip)
    y = shift(y, how.shift)
    y = add_noise(y, float(parse_number(how.noise)), how.seed)
    y = cover(y, how.cover)
    if not is_computed(how, x.shape):
        return Adjusted(_move(x, how))
    parts = HUNDREDTHS if white is None else 1
    y = np.floor(y * parts + _NEARLY_HALF) / parts
    if white is None:
        return Adjusted(y.astype(np.float32), 0, True)
    inside = np.clip(y, 0, STEPS)
    values = inside.astype(np.float32)
    if white != STEPS:
        values = values / np.float32(STEPS) * np.float32(white)
    return Adjusted(values, int(np.count_nonzero(inside != y)), True)


def is_computed(how: Adjustments, shape: tuple[int, ...]) -> bool:
    """Whether numbers change, and not only their places: a turn by quarters moves whole cells where they fit."""
    degrees = parse_number(how.turn)
    is_whole_turn = degrees % 180 == 0 or (degrees % 90 == 0 and shape[-1] == shape[-2])
    return (how.brightness, how.contrast, how.noise) != ("1", "1", "0") or not is_whole_turn


def brighten(x: Numbers, factor: float) -> Numbers:
    """All numbers times a factor."""
    return x * factor


def stretch(x: Numbers, factor: float, is_picture: bool) -> Numbers:
    """All distances from the mean times a factor: that of the gray picture, for other numbers that of all of them."""
    is_color = is_picture and len(x) == 3
    mean = float(np.dot(GRAY, x.mean(axis=(1, 2)))) if is_color else float(x.mean())
    return x if factor == 1 else mean + factor * (x - mean)


def turn(x: Numbers, degrees: float) -> Numbers:
    """The maps turned counterclockwise around their middle, read bilinearly; 0 outside."""
    if degrees == 0:
        return x
    _, height, width = x.shape
    cosine, sine = _find_direction(degrees)
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    down = np.arange(height)[:, None] - middle_row
    right = np.arange(width)[None, :] - middle_column
    return _read_bilinearly(x, middle_row + down * cosine + right * sine, middle_column + right * cosine - down * sine)


def flip(x: Numbers, sides: str) -> Numbers:
    """The maps mirrored: "h" left to right, "v" upside down, "hv" both."""
    return x[:, :: -1 if "v" in sides else 1, :: -1 if "h" in sides else 1]


def add_noise(x: Numbers, deviation: float, seed: int) -> Numbers:
    """Adds `deviation` times normal numbers that the seed determines."""
    if deviation == 0:
        return x
    return x + deviation * draw_normal_numbers(seed ^ NOISE_STREAM, x.size).reshape(x.shape)


def cover(x: Floats, box: Sides | None, value: float = 0) -> Floats:
    """The maps with one value in all channels of a box (top, left, height, width); outside it has no effect."""
    if box is None:
        return x
    top, left, height, width = box
    covered = x.copy()
    covered[:, top : top + height, left : left + width] = value
    return covered


def _count_steps(x: Maps, white: float) -> Numbers:
    """A picture's numbers in steps; float32 holds few multiples of 1/255, so those very near to a whole one are it."""
    steps = x.astype(np.float64) * (STEPS / white)
    whole = np.rint(steps)
    return np.where(np.abs(steps - whole) < 1e-4, whole, steps)


def _move(x: Maps, how: Adjustments) -> Maps:
    """The numbers themselves in their new places."""
    quarters = int(parse_number(how.turn)) // 90
    moved = flip(np.rot90(x, quarters, axes=(1, 2)), how.flip)
    return np.ascontiguousarray(cover(shift(moved, how.shift), how.cover), np.float32)


def _find_direction(degrees: float) -> tuple[float, float]:
    """(cosine, sine), exact for quarters of a turn."""
    if degrees % 90 == 0:
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(degrees // 90) % 4]
    return math.cos(math.radians(degrees)), math.sin(math.radians(degrees))


def _read_bilinearly(x: Numbers, rows: Numbers, columns: Numbers) -> Numbers:
    """The maps at places between cells: the four cells around, each by its nearness; 0 outside."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1)))
    rows, columns = np.broadcast_arrays(rows, columns)
    top, left = np.floor(rows), np.floor(columns)
    made = np.zeros(x.shape)
    for row in (top, top + 1):
        for column in (left, left + 1):
            nearness = (1 - np.abs(rows - row)) * (1 - np.abs(columns - column))
            made += nearness * padded[:, _find_inside(row, x.shape[1]), _find_inside(column, x.shape[2])]
    return made


def _find_inside(places: Numbers, size: int) -> NDArray[np.intp]:
    """Indices into a side with a border of one cell, which all places outside share."""
    return np.clip(places + 1, 0, size + 1).astype(np.intp)
