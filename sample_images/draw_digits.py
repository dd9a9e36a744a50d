"""Draws the ten digits of this folder, as a pen would. After a change: python sample_images/draw_digits.py"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Gray = NDArray[np.uint8]
Points = NDArray[np.float64]

SIDE = 84
PAPER, INK = 236, 38
THICK, THIN = 5.2, 3.4
"""Half the width of a stroke, in pixels: where the pen goes down, and where it goes across."""

# Strokes as points (x, y) that a pen passes, in a box of 10 × 10; a curve runs through them. "/" lifts the pen.
STROKES = {
    0: "5.2,1.4 3.4,2.2 2.7,5.2 3.4,8.0 5.0,8.7 6.7,7.6 7.3,5.0 6.6,2.2 5.0,1.3",
    1: "3.9,2.8 5.4,1.4 / 5.4,1.4 5.2,4.8 4.9,8.7",
    2: "2.9,3.0 3.9,1.6 5.8,1.4 6.9,2.8 6.2,4.8 4.4,6.8 2.8,8.5 / 2.8,8.5 5.0,8.2 7.4,8.5",
    3: "3.0,2.1 4.7,1.3 6.5,2.2 6.3,3.9 4.5,4.7 / 4.5,4.7 6.6,5.3 7.0,7.1 5.5,8.6 3.6,8.4 2.8,7.6",
    4: "4.3,1.5 3.5,3.6 2.6,5.6 / 2.6,5.6 5.0,5.6 7.5,5.4 / 6.3,1.7 6.1,5.0 5.8,8.8",
    5: "6.9,1.5 5.4,1.6 3.8,1.6 / 3.8,1.6 3.5,3.0 3.3,4.5 / 3.3,4.5 5.2,4.2 6.8,5.4 6.6,7.6 4.9,8.7 3.0,8.0",
    6: "6.3,1.4 4.5,2.8 3.2,5.4 3.1,7.5 4.6,8.7 6.4,7.9 6.7,6.2 5.4,5.0 3.7,5.8 3.1,7.2",
    7: "2.8,1.9 5.0,1.7 7.2,1.6 / 7.2,1.6 6.0,4.4 4.8,6.6 4.2,8.8",
    8: "6.4,2.4 4.9,1.3 3.4,2.3 3.8,3.9 5.6,5.0 6.8,6.8 5.8,8.5 4.0,8.5 3.1,7.0 4.2,5.2 6.0,3.8 6.5,2.4",
    9: "6.5,2.8 5.0,1.4 3.4,2.2 3.2,4.2 4.7,5.0 6.2,4.2 6.6,2.6 / 6.6,2.6 6.4,5.4 5.6,8.8",
}


def digit(number: int) -> Gray:
    """Dark ink on light paper. A pixel at the rim of the ink is as dark as the share of it that is covered, nearly."""
    far = np.full((SIDE, SIDE), np.inf)
    for stroke in STROKES[number].split("/"):
        for start, end in _pieces(_curve(_points(stroke))):
            far = np.minimum(far, _beyond(start, end))
    covered = np.clip(0.5 - far, 0, 1)
    brightness: NDArray[np.float64] = np.rint(PAPER + (INK - PAPER) * covered)
    return brightness.astype(np.uint8)


def _points(stroke: str) -> Points:
    return np.array([pair.split(",") for pair in stroke.split()], np.float64) * SIDE / 10


def _curve(points: Points, steps: int = 8) -> Points:
    """A Catmull–Rom curve through all points, as a polyline."""
    if len(points) < 3:
        return points
    around = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.arange(steps)[:, None] / steps
    p0, p1, p2, p3 = (around[i : len(around) - 3 + i, None] for i in range(4))
    bent = (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.vstack([(p1 + bent / 2).reshape(-1, 2), points[-1]])


def _pieces(curve: Points) -> list[tuple[Points, Points]]:
    return list(pairwise(curve))


def _beyond(start: Points, end: Points) -> NDArray[np.float64]:
    """How far each pixel is from the rim of a straight piece with round ends; below 0 inside."""
    y, x = np.indices((SIDE, SIDE)) + 0.5
    along = end - start
    length = float(np.hypot(*along)) or 1.0
    place = np.clip(((x - start[0]) * along[0] + (y - start[1]) * along[1]) / length**2, 0, 1)
    far = np.hypot(x - start[0] - place * along[0], y - start[1] - place * along[1])
    upright = abs(along[1]) / length
    beyond: NDArray[np.float64] = far - (THIN + (THICK - THIN) * upright)
    return beyond


if __name__ == "__main__":
    for number in STROKES:
        Image.fromarray(digit(number)).save(Path(__file__).parent / f"digit-{number}.png", optimize=True)
