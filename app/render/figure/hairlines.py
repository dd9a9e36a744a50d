"""Draws the lines that join the arithmetic to the maps: from the window to its numbers, from the result to its cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

from .map_layout import CellGrid, list_ticks
from .panels import MapPanel
from .primitives import Box, Line, Primitive, Rect, TextLine
from .theme import Style

RADIUS, STEPS = 8, 5
"""The radius of the corners of a line, and the straight pieces that each is made of."""
CLEARANCE = 7
"""How far a line keeps from the middle of a ruler's number."""
Point = tuple[float, float]


def draw_window_lines(style: Style, arithmetic: Sequence[Primitive], window: Box | None) -> Iterator[Line]:
    """Join the right corners of the window to the left ones of the first grid with its numbers."""
    frames = [one.box for one in arithmetic if isinstance(one, Rect) and one.part == "window-frame"]
    if window is None or not frames:
        return
    table = frames[0]
    for y, to_y in ((window.top, table.top), (window.bottom, table.bottom)):
        yield Line("hairlines", window.right, y, table.left, to_y, style.theme.input, 1, 0.55)


def draw_result_line(
    style: Style,
    arithmetic: Sequence[Primitive],
    panel: MapPanel,
    grid: CellGrid,
    cell: tuple[int, int],
    gutter: float,
) -> Iterator[Line]:
    """Join the result to its cell: through the gutter, then below the cell, where all other cells are to come."""
    results = [one.box for one in arithmetic if isinstance(one, TextLine) and one.part == "result"]
    if not results:
        return
    start, box = results[0], grid.box(*cell)
    below = _find_free_height(panel, grid, cell[0])
    points = [
        (start.right + 8, start.center[1]),
        (gutter, start.center[1]),
        (gutter, below),
        (box.center[0], below),
        (box.center[0], box.bottom + 4),
    ]
    for (x, y), (to_x, to_y) in pairwise(_round_corners(points)):
        yield Line("hairlines", x, y, to_x, to_y, panel.color, 1.25, 0.8)


def _find_free_height(panel: MapPanel, grid: CellGrid, row: int) -> float:
    """Find the first edge between rows below a cell where a line meets no number of the ruler; else below the map."""
    _, rows, _ = panel.shown.stage.output.shape
    last = float(grid.y + rows * grid.cell + CLEARANCE)
    numbers = [grid.y + (tick + 0.5) * grid.cell for tick in list_ticks(rows, grid.cell)]
    least = grid.y + (row + 1) * grid.cell + RADIUS + 4
    edges = (grid.y + edge * grid.cell for edge in range(row + 2, rows))
    return next((y for y in edges if y >= least and all(abs(y - at) > CLEARANCE for at in numbers)), last)


def _round_corners(points: Sequence[Point]) -> Iterator[Point]:
    """Replace each corner of a path by a part of a circle."""
    yield points[0]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        one, other = (_move_towards(corner, to) for to in (before, after))
        center = one[0] + other[0] - corner[0], one[1] + other[1] - corner[1]
        for step in range(STEPS + 1):
            turn = step / STEPS * math.pi / 2
            yield tuple(  # type: ignore[misc]
                center[axis]
                + (one[axis] - center[axis]) * math.cos(turn)
                + (other[axis] - center[axis]) * math.sin(turn)
                for axis in (0, 1)
            )
    yield points[-1]


def _move_towards(point: Point, to: Point) -> Point:
    """Return the point at the radius, or halfway where that is less, on the way to another."""
    far = math.dist(point, to)
    share = min(RADIUS, far / 2) / far if far else 0
    return point[0] + (to[0] - point[0]) * share, point[1] + (to[1] - point[1]) * share
