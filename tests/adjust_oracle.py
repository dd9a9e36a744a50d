"""What changes a picture on purpose, as its definitions say: nested loops over plain Python numbers.

Slow on purpose; nothing is shared with the code under test. A picture is in steps from 0 to 255.
"""

from __future__ import annotations

import math

Plane = list[list[float]]
Planes = list[Plane]


def cell(plane: Plane, row: int, column: int) -> float:
    """A cell of the picture; outside everything is 0."""
    return plane[row][column] if 0 <= row < len(plane) and 0 <= column < len(plane[0]) else 0.0


def redraw(planes: Planes, place) -> Planes:
    """Each cell is what `place(plane, row, column)` says."""
    rows, columns = range(len(planes[0])), range(len(planes[0][0]))
    return [[[place(plane, row, column) for column in columns] for row in rows] for plane in planes]


def brightness(planes: Planes, factor: float) -> Planes:
    return redraw(planes, lambda plane, r, c: factor * plane[r][c])


def contrast(planes: Planes, factor: float, is_picture: bool = True) -> Planes:
    means = [sum(map(sum, plane)) / (len(plane) * len(plane[0])) for plane in planes]
    if is_picture and len(planes) == 3:
        mean = 0.299 * means[0] + 0.587 * means[1] + 0.114 * means[2]
    else:
        mean = sum(means) / len(means)
    return redraw(planes, lambda plane, r, c: mean + factor * (plane[r][c] - mean))


def turn(planes: Planes, degrees: float) -> Planes:
    """Counterclockwise around the middle: each cell reads where it was before, all cells weighed by nearness."""
    height, width = len(planes[0]), len(planes[0][0])
    angle = -math.radians(degrees)  # back to where it was

    def read(plane: Plane, r: int, c: int) -> float:
        x, y = c - (width - 1) / 2, (height - 1) / 2 - r  # y upwards, as in mathematics
        back_x, back_y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
        row, column = (height - 1) / 2 - back_y, back_x + (width - 1) / 2
        total = 0.0
        for i in range(height):
            for j in range(width):
                total += plane[i][j] * max(0.0, 1 - abs(i - row)) * max(0.0, 1 - abs(j - column))
        return total

    return redraw(planes, read)


def flip(planes: Planes, sides: str) -> Planes:
    height, width = len(planes[0]), len(planes[0][0])

    def read(plane: Plane, r: int, c: int) -> float:
        return plane[height - 1 - r if "v" in sides else r][width - 1 - c if "h" in sides else c]

    return redraw(planes, read)


def shift(planes: Planes, down: int, right: int) -> Planes:
    return redraw(planes, lambda plane, r, c: cell(plane, r - down, c - right))


def cover(planes: Planes, box: tuple[int, int, int, int]) -> Planes:
    top, left, height, width = box

    def read(plane: Plane, r: int, c: int) -> float:
        return 0.0 if top <= r < top + height and left <= c < left + width else plane[r][c]

    return redraw(planes, read)


def rounded(planes: Planes, parts: int = 1) -> Planes:
    """To the nearest multiple of 1/parts, a half upwards."""
    return redraw(planes, lambda plane, r, c: math.floor(round(plane[r][c] * parts, 6) + 0.5) / parts)


def clipped(planes: Planes) -> Planes:
    return redraw(planes, lambda plane, r, c: min(max(plane[r][c], 0.0), 255.0))
