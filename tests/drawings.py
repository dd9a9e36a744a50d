"""Drawn digits for tests: strokes of five hands, with thickness, slant, size, place and jitter, on an empty canvas.

It stands for people who draw a digit with a round pen on a page of 28 × 28 cells: they neither fill the page nor find
its middle. It knows nothing of any network, and was written before any had seen a drawing of it; so a network that
reads them badly is a reason to change how a drawing is prepared, not this file.

A hand has its own way of writing each digit, as strokes through a few points: rows from 0 (top) to 1 (bottom), columns
from 0 (left) to 1 (right) of a box that is `width` times as wide as it is high. A stroke is a smooth curve through its
points or goes straight from one to the next. For each drawing the points are moved a little, the box is slanted,
turned, sized and placed, all seeded, and a round pen of so many cells goes along the strokes: a cell is as bright as
the part of it that lies under the pen, measured along the distance from its middle to the stroke.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

SIDE = 28
WHITE = 255
POINTS_A_PIECE = 8
"""Of a curve, from one point to the next."""

Point = tuple[float, float]


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen through (row, column) points."""

    points: tuple[Point, ...]
    is_smooth: bool = True


def curve(*points: Point) -> Stroke:
    """A smooth stroke."""
    return Stroke(points)


def line(*points: Point) -> Stroke:
    """A stroke of straight pieces."""
    return Stroke(points, False)


def oval(top: float, bottom: float, left: float = 0.0, right: float = 1.0, turns: float = 1.0) -> Stroke:
    """An oval from its upper right on, counterclockwise; with `turns` below 1 it stays open, above 1 it overlaps."""
    angles = np.linspace(np.pi / 3, np.pi / 3 + 2 * np.pi * turns, 13)
    rows = (top + bottom) / 2 - (bottom - top) / 2 * np.sin(angles)
    columns = (left + right) / 2 + (right - left) / 2 * np.cos(angles)
    return curve(*((float(row), float(column)) for row, column in zip(rows, columns, strict=True)))


@dataclass(frozen=True)
class Hand:
    """Somebody's way of writing: each digit as strokes, the width of a digit, its slant in degrees, and the pen."""

    digits: tuple[tuple[Stroke, ...], ...]
    width: float
    slant: float
    pen: float
    jitter: float


EIGHT = curve(
    (0.12, 0.85), (0.0, 0.5), (0.15, 0.1), (0.42, 0.4), (0.62, 0.85), (0.85, 0.9), (1.0, 0.5), (0.85, 0.08),
    (0.62, 0.15), (0.42, 0.6), (0.15, 0.9), (0.02, 0.6),
)  # fmt: skip
SCHOOL = Hand(
    (
        (oval(0, 1),),
        (line((0, 0.5), (1, 0.5)),),
        (curve((0.22, 0.05), (0.03, 0.35), (0.08, 0.8), (0.35, 0.9), (0.65, 0.5), (1, 0.02)), line((1, 0), (1, 1))),
        (curve((0.12, 0.08), (0, 0.5), (0.2, 0.92), (0.45, 0.5), (0.7, 0.95), (1, 0.5), (0.88, 0.02)),),
        (line((0, 0.35), (0.62, 0.02), (0.62, 1)), line((0.25, 0.72), (1, 0.72))),
        (
            line((0, 0.95), (0, 0.15)),
            line((0, 0.15), (0.42, 0.1)),
            curve((0.42, 0.1), (0.38, 0.6), (0.68, 1), (0.97, 0.6), (0.92, 0.02)),
        ),
        (curve((0, 0.75), (0.25, 0.25), (0.65, 0.02), (0.97, 0.4), (0.8, 0.95), (0.55, 0.6), (0.7, 0.08)),),
        (line((0, 0), (0, 1), (1, 0.35)),),
        (EIGHT,),
        (oval(0, 0.55, 0.05, 0.95), line((0.1, 0.93), (1, 0.85))),
    ),
    0.62, 3, 2.2, 0.012,
)  # fmt: skip
EUROPEAN = Hand(
    (
        (oval(0, 1, turns=1.1),),
        (line((0.3, 0.1), (0, 0.65), (1, 0.65)),),
        (curve((0.28, 0.02), (0.02, 0.45), (0.25, 0.95), (0.6, 0.55), (0.97, 0.05)), line((0.97, 0.05), (0.98, 1))),
        (curve((0.08, 0.1), (0.02, 0.6), (0.25, 0.9), (0.46, 0.45), (0.7, 1), (0.98, 0.55), (0.9, 0.05)),),
        (line((0, 0.6), (0.68, 0), (0.68, 1)), line((0.4, 0.68), (1, 0.6))),
        (
            curve((0, 0.25), (0.4, 0.15), (0.4, 0.6), (0.7, 0.95), (0.98, 0.5), (0.9, 0.05)),
            line((0, 0.25), (0.02, 0.95)),
        ),
        (curve((0, 0.6), (0.35, 0.15), (0.75, 0.05), (1, 0.5), (0.78, 0.9), (0.55, 0.5), (0.75, 0.1)),),
        (line((0.02, 0), (0, 1), (1, 0.3)), line((0.5, 0.3), (0.48, 0.9))),
        (EIGHT,),
        (oval(0, 0.52, 0.05, 0.95, 1.05), curve((0.15, 0.95), (0.6, 0.92), (0.95, 0.6), (0.97, 0.2))),
    ),
    0.6, 10, 2.0, 0.016,
)  # fmt: skip
PRINTER = Hand(
    (
        (oval(0, 1, 0.08, 0.92),),
        (line((0.22, 0.15), (0, 0.5), (1, 0.5)), line((1, 0.1), (1, 0.9))),
        (curve((0.2, 0.05), (0, 0.5), (0.2, 0.95), (0.5, 0.7)), line((0.5, 0.7), (1, 0), (1, 1))),
        (line((0, 0.05), (0, 0.9), (0.4, 0.45)), curve((0.4, 0.45), (0.55, 0.9), (0.85, 0.95), (1, 0.5), (0.9, 0.05))),
        (line((1, 0.75), (0, 0.75), (0.68, 0), (0.68, 1)),),
        (line((0, 1), (0, 0.1), (0.45, 0.1)), curve((0.45, 0.1), (0.42, 0.7), (0.7, 1), (0.95, 0.7), (0.95, 0.05))),
        (
            curve(
                (0.03, 0.9), (0.05, 0.45), (0.5, 0.05), (0.9, 0.2), (0.95, 0.75), (0.65, 0.95), (0.5, 0.5),
                (0.65, 0.08),
            ),
        ),
        (line((0, 0.02), (0, 0.98), (1, 0.4)),),
        (oval(0, 0.48, 0.15, 0.85), oval(0.45, 1, 0.05, 0.95)),
        (curve((0.15, 0.9), (0, 0.45), (0.25, 0.05), (0.5, 0.45), (0.2, 0.92)), line((0.2, 0.92), (1, 0.92))),
    ),
    0.66, 0, 2.6, 0.01,
)  # fmt: skip
ROUND = Hand(
    (
        (oval(0, 1, turns=0.97),),
        (line((0.02, 0.58), (1, 0.42)),),
        (
            curve(
                (0.25, 0.1), (0.02, 0.45), (0.25, 0.9), (0.65, 0.45), (0.95, 0.1), (0.85, 0.02), (0.8, 0.25),
                (0.95, 0.6), (0.95, 1),
            ),
        ),
        (curve((0.15, 0.05), (0, 0.45), (0.22, 0.95), (0.48, 0.3), (0.7, 1), (1, 0.45), (0.82, 0)),),
        (curve((0, 0.2), (0.3, 0.05), (0.52, 0.25), (0.5, 0.95)), line((0.02, 0.9), (1, 0.85))),
        (curve((0.02, 0.95), (0, 0.3), (0.4, 0.12), (0.45, 0.6), (0.75, 0.98), (1, 0.45), (0.85, 0)),),
        (curve((0.05, 0.85), (0.3, 0.2), (0.75, 0), (1, 0.45), (0.82, 0.98), (0.58, 0.75), (0.62, 0.2)),),
        (curve((0.08, 0), (0.05, 0.5), (0.02, 0.98), (0.5, 0.55), (1, 0.3)),),
        (EIGHT,),
        (curve((0.12, 0.9), (0, 0.4), (0.3, 0.02), (0.52, 0.5), (0.15, 0.92), (0.6, 0.88), (1, 0.65)),),
    ),
    0.75, 6, 2.4, 0.018,
)  # fmt: skip
HASTY = Hand(
    (
        (oval(0, 1, turns=0.92),),
        (line((0, 0.7), (1, 0.3)),),
        (curve((0.2, 0.1), (0, 0.6), (0.3, 0.85), (0.7, 0.35), (1, 0.05), (0.92, 0.6), (1, 1)),),
        (curve((0.05, 0.15), (0.08, 0.85), (0.42, 0.5), (0.6, 0.95), (0.95, 0.7), (1, 0.05)),),
        (line((0.05, 0.2), (0.55, 0.05), (0.5, 0.98)), line((0.2, 0.75), (1, 0.55))),
        (curve((0.05, 0.3), (0.42, 0.2), (0.5, 0.75), (0.85, 0.85), (1, 0.1)), line((0.03, 0.3), (0, 1))),
        (curve((0, 0.5), (0.5, 0.08), (0.95, 0.3), (0.9, 0.85), (0.65, 0.8), (0.7, 0.2)),),
        (line((0.08, 0.02), (0, 0.95), (0.98, 0.25)),),
        (
            curve(
                (0.1, 0.8), (0.05, 0.2), (0.4, 0.35), (0.75, 0.9), (1, 0.5), (0.75, 0.1), (0.4, 0.7), (0.1, 0.85),
            ),
        ),
        (curve((0.18, 0.88), (0.02, 0.45), (0.35, 0.08), (0.45, 0.6), (0.12, 0.9), (0.55, 0.7), (1, 0.5)),),
    ),
    0.58, 16, 1.9, 0.022,
)  # fmt: skip
HANDS = (SCHOOL, EUROPEAN, PRINTER, ROUND, HASTY)


@dataclass(frozen=True, eq=False)
class Drawing:
    """A drawn digit: `cells` are (side, side) whole numbers from 0, the empty page, to 255, the middle of a stroke."""

    digit: int
    hand: int
    cells: np.ndarray


def draw_digits(count: int = 300, seed: int = 16, side: int = SIDE) -> Iterator[Drawing]:
    """So many drawings: all digits of all hands in turn, each time drawn anew."""
    generator = np.random.default_rng(seed)
    for number in range(count):
        digit, hand = number % 10, number // 10 % len(HANDS)
        yield Drawing(digit, hand, draw_digit(HANDS[hand], digit, generator, side))


def draw_digit(hand: Hand, digit: int, generator: np.random.Generator, side: int = SIDE) -> np.ndarray:
    """One digit of a hand on an empty page; all cells and lengths grow with the page."""
    strokes, pen = write_digit(hand, digit, generator, side)
    return trace(strokes, pen, side)


def write_digit(
    hand: Hand, digit: int, generator: np.random.Generator, side: int = SIDE
) -> tuple[list[np.ndarray], float]:
    """The strokes of a digit, each (points, 2) rows and columns in cells, and the width of the pen in cells."""
    scale = side / SIDE
    height = generator.uniform(13, 23) * scale
    width = height * hand.width * generator.uniform(0.85, 1.15)
    slant = np.tan(np.radians(hand.slant + generator.normal(0, 4)))
    angle = np.radians(generator.normal(0, 3))
    pen = hand.pen * generator.uniform(0.8, 1.3) * scale
    strokes = []
    for stroke in hand.digits[digit]:
        points = np.array(stroke.points) + generator.normal(0, hand.jitter, (len(stroke.points), 2))
        path = bend(points) if stroke.is_smooth else points
        rows, columns = path[:, 0] * height, path[:, 1] * width + (1 - path[:, 0]) * height * slant
        turned = (rows * np.cos(angle) - columns * np.sin(angle), rows * np.sin(angle) + columns * np.cos(angle))
        strokes.append(np.stack(turned, axis=1))
    corners = np.concatenate(strokes)
    least, most = corners.min(axis=0) - pen / 2 - 1, corners.max(axis=0) + pen / 2 + 1
    room = side - (most - least)
    middle = room / 2
    place = middle + np.clip(generator.normal(0, 0.22, 2), -0.5, 0.5) * np.maximum(room, 0)
    return [stroke - least + place for stroke in strokes], pen


def bend(points: np.ndarray) -> np.ndarray:
    """A smooth path through points: pieces of a Catmull-Rom spline."""
    around = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0, 1, POINTS_A_PIECE, endpoint=False)[:, None]
    pieces = [
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
        for a, b, c, d in zip(around, around[1:], around[2:], around[3:], strict=False)
    ]
    return np.concatenate([*pieces, points[-1:]])


def trace(strokes: Sequence[np.ndarray], pen: float, side: int) -> np.ndarray:
    """The page after a round pen of so many cells went along the strokes, (side, side) from 0 to 255."""
    middles = np.stack(np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5, indexing="ij"), axis=-1)
    nearest = np.full((side, side), np.inf)
    for stroke in strokes:
        for start, end in pairwise(stroke):
            along = end - start
            length = float(along @ along)
            share = np.clip(((middles - start) @ along) / length, 0, 1) if length else np.zeros((side, side))
            nearest = np.minimum(nearest, np.linalg.norm(middles - start - share[..., None] * along, axis=-1))
    return np.rint(np.clip(pen / 2 + 0.5 - nearest, 0, 1) * WHITE).astype(int)
