"""The table of classic filters, the exact numbers of typed filters, and random filters.

A new kernel is one row of `_ROWS`: name, title, family, rows of whole numbers, divisor, one sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..arrays import EXACT_BELOW
from ..scene import Planes, RandomFilters, parse_number
from .random_numbers import draw_whole_numbers


@dataclass(frozen=True, slots=True)
class Kernel:
    """One classic filter of one plane: whole numbers, a divisor, and an explanation."""

    name: str
    title: str
    family: str
    planes: Planes
    sentence: str

    @property
    def show(self) -> Literal["signed", "photo"]:
        """`photo` for a kernel that sums to 1, which keeps the brightness; `signed` for all others."""
        total = sum(parse_number(text) for row in self.planes.planes[0] for text in row)
        return "photo" if total == self.planes.divisor else "signed"


# The Gabor rows are 100 · e^(−(a² + 0.75²·b²) / (2·1.75²)) · (cos(2π·a/4) − mean), rounded, with `a` across
# and `b` along the stripes; `mean` and the middle cell make the sum 0, so that a uniform area gives 0.
# tests/core/test_kernels.py computes them again.
_ROWS: tuple[tuple[str, str, str, str, int, str], ...] = (
    ("identity", "Identity", "copy", "0 0 0; 0 1 0; 0 0 0", 1,
     "Copies every cell: only the middle weight is not 0."),
    ("1x1", "1×1", "copy", "1", 1,
     "Reads one cell at a time and no neighbors: alone it copies, over several channels it adds them up."),
    ("edges", "Edges, all directions", "edges", "-1 -1 -1; -1 8 -1; -1 -1 -1", 1,
     "Compares a cell with its eight neighbors: 0 where they are alike, large where something changes."),
    ("laplacian", "Laplacian", "edges", "0 1 0; 1 -4 1; 0 1 0", 1,
     "Compares a cell with its four neighbors: positive where they are brighter, negative where darker."),
    ("edges-diagonal", "Diagonal edges", "edges", "1 0 -1; 0 0 0; -1 0 1", 1,
     "Compares opposite corners: strong at corners, 0 along straight horizontal or vertical edges."),
    ("log", "Laplacian of Gaussian", "edges",
     "0 0 -1 0 0; 0 -1 -2 -1 0; -1 -2 16 -2 -1; 0 -1 -2 -1 0; 0 0 -1 0 0", 1,
     "Blurs and looks for edges in one go, so that single noisy cells matter less; spots give large values."),
    ("vertical-edge", "Vertical edge", "directions", "1 0 -1; 1 0 -1; 1 0 -1", 1,
     "Left minus right: positive where it is brighter on the left, as in the lectures."),
    ("sobel-x", "Sobel x", "directions", "-1 0 1; -2 0 2; -1 0 1", 1,
     "Right minus left, the middle row twice: finds vertical edges, positive if brighter on the right."),
    ("sobel-y", "Sobel y", "directions", "-1 -2 -1; 0 0 0; 1 2 1", 1,
     "Below minus above, the middle column twice: finds horizontal edges, positive if brighter below."),
    ("prewitt-x", "Prewitt x", "directions", "-1 0 1; -1 0 1; -1 0 1", 1,
     "Right minus left, all three rows alike: the simplest detector of vertical edges."),
    ("prewitt-y", "Prewitt y", "directions", "-1 -1 -1; 0 0 0; 1 1 1", 1,
     "Below minus above, all three columns alike: the simplest detector of horizontal edges."),
    ("scharr-x", "Scharr x", "directions", "-3 0 3; -10 0 10; -3 0 3", 1,
     "Right minus left with weights that treat slanted edges more evenly than Sobel's."),
    ("scharr-y", "Scharr y", "directions", "-3 -10 -3; 0 0 0; 3 10 3", 1,
     "Below minus above with weights that treat slanted edges more evenly than Sobel's."),
    ("sharpen", "Sharpen", "photo", "0 -1 0; -1 5 -1; 0 -1 0", 1,
     "Adds to each cell its difference from its four neighbors: the picture with stronger edges."),
    ("box-blur", "Box blur", "photo", "1 1 1; 1 1 1; 1 1 1", 9,
     "The mean of nine cells: everything finer than three cells fades."),
    ("gaussian", "Gaussian blur", "photo", "1 2 1; 2 4 2; 1 2 1", 16,
     "A mean in which near cells count more: softer than the box, without its blocky look."),
    ("motion-blur", "Motion blur", "photo", "1 0 0 0 0; 0 1 0 0 0; 0 0 1 0 0; 0 0 0 1 0; 0 0 0 0 1", 5,
     "The mean along one diagonal: as if the camera had moved while the picture was taken."),
    ("emboss", "Emboss", "photo", "-2 -1 0; -1 1 1; 0 1 2", 1,
     "Adds lower right minus upper left to the picture: it looks embossed, lit from one corner."),
    ("gabor-0", "Gabor 0°", "stripes",
     "0 0 0 0 0 0 0; -23 -36 -47 -52 -47 -36 -23; 0 1 1 1 1 1 0; 44 70 92 106 92 70 44; 0 1 1 1 1 1 0; "
     "-23 -36 -47 -52 -47 -36 -23; 0 0 0 0 0 0 0", 100,
     "Responds to horizontal stripes, one every four cells, like a cell of the primary visual cortex."),
    ("gabor-45", "Gabor 45°", "stripes",
     "5 9 -7 -33 -23 12 18; 9 -9 -47 -39 24 46 12; -7 -47 -47 35 79 24 -23; -33 -39 35 92 35 -39 -33; "
     "-23 24 79 35 -47 -47 -7; 12 46 24 -39 -47 -9 9; 18 12 -23 -33 -7 9 5", 100,
     "Responds to stripes that rise to the right, one every four cells."),
    ("gabor-90", "Gabor 90°", "stripes",
     "0 -23 0 44 0 -23 0; 0 -36 1 70 1 -36 0; 0 -47 1 92 1 -47 0; 0 -52 1 106 1 -52 0; 0 -47 1 92 1 -47 0; "
     "0 -36 1 70 1 -36 0; 0 -23 0 44 0 -23 0", 100,
     "Responds to vertical stripes, one every four cells."),
    ("gabor-135", "Gabor 135°", "stripes",
     "18 12 -23 -33 -7 9 5; 12 46 24 -39 -47 -9 9; -23 24 79 35 -47 -47 -7; -33 -39 35 92 35 -39 -33; "
     "-7 -47 -47 35 79 24 -23; 9 -9 -47 -39 24 46 12; 5 9 -7 -33 -23 12 18", 100,
     "Responds to stripes that fall to the right, one every four cells."),
    ("curve", "Curve detector", "shapes",
     "0 0 0 0 0 30 0; 0 0 0 0 30 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0; 0 0 0 30 0 0 0; "
     "0 0 0 0 0 0 0", 1,
     "Has the shape that it detects: large where the picture has the same curve, 0 where it does not."),
)  # fmt: skip


def _parse_planes(rows: str, divisor: int) -> Planes:
    return Planes((tuple(tuple(row.split()) for row in rows.split(";")),), divisor)


KERNELS: tuple[Kernel, ...] = tuple(
    Kernel(name, title, family, _parse_planes(rows, divisor), sentence)
    for name, title, family, rows, divisor, sentence in _ROWS
)


def find_kernel(name: str) -> Kernel | None:
    """The classic filter of that name, None where there is none."""
    return next((row for row in KERNELS if row.name == name), None)


@dataclass(frozen=True, slots=True, eq=False)
class ExactPlanes:
    """Typed numbers as whole numbers: value = numerators / (divisor · scale).

    `numerators` is float32, (channels, rows, columns); `divisor` is the written one;
    `scale` is the common denominator of the written decimals and fractions, 1 for whole numbers. Where
    no float32 holds such numerators exactly, `exact` is False, `scale` is 1 and they are rounded values.
    """

    numerators: NDArray[np.float32]
    divisor: int
    scale: int
    exact: bool


def make_exact_planes(planes: Planes) -> ExactPlanes:
    """Typed planes as whole numbers over one denominator, if float32 can hold them."""
    texts = [text for plane in planes.planes for row in plane for text in row]
    if not any("." in text or "/" in text for text in texts):
        whole = np.array([int(text) for text in texts], np.float32)
        return ExactPlanes(whole.reshape(planes.shape), planes.divisor, 1, True)
    values = [parse_number(text) for text in texts]
    scale, largest = 1, max(Fraction(1), *map(abs, values))
    for value in values:
        scale = math.lcm(scale, value.denominator)
        if largest * scale > EXACT_BELOW:
            break
    exact = largest * scale <= EXACT_BELOW
    scale = scale if exact else 1
    numerators = np.array([float(value * scale) for value in values], np.float32)
    return ExactPlanes(numerators.reshape(planes.shape), planes.divisor, scale, exact)


def draw_random_weights(random: RandomFilters, channels: int, seed: int) -> NDArray[np.float32]:
    """`random.count` filters of `channels` planes of whole numbers from -2 to 2: (filters, channels, rows, columns).

    Drawn in reading order, filter by filter, by the generator of `random_numbers` started at `seed`.
    """
    return draw_whole_numbers(seed, (channels, random.height, random.width), random.count)
