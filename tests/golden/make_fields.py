"""Makes fields.json: the boxes that a cell is made from, stage by stage, and how many paths lead back.

Rows and columns are followed apart, as sets and counts of numbers along a line, layer by layer. Nothing is shared with
the program. Run from the checkout: `python -m tests.golden.make_fields`.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("fields.json")
SIZE = 28, 24
CHAINS = 14
Window = tuple[int, int, int, int]
"""Kernel, stride, padding and dilation along an axis; (1, 1, 0, 1) reads one cell."""
SAME: Window = (1, 1, 0, 1)


def read(place: int, window: Window) -> list[int]:
    """The places along a line that one place of the next line reads."""
    kernel, stride, padding, dilation = window
    return [place * stride - padding + tap * dilation for tap in range(kernel)]


def count_places(size: int, window: Window) -> int:
    """How many places the next line has."""
    kernel, stride, padding, dilation = window
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def follow(
    place: int, windows: list[Window], sizes: list[int]
) -> tuple[list[list[int]], list[list[int]], Counter[int]]:
    """Back from a place, for each line, the last first: the ends as windows lie, and those inside; paths to the first.

    There are no ends inside where the windows leave gaps at the edge, or lie in the padding alone.
    """
    wide, inside, paths = {place}, {place}, Counter({place: 1})
    ends, within = [[place, place]], [[place, place]]
    for window, size in zip(reversed(windows), reversed(sizes[:-1]), strict=True):
        wide = {cell for one in wide for cell in read(one, window)}
        inside = {cell for one in inside for cell in read(one, window) if 0 <= cell < size}
        counted: Counter[int] = Counter()
        for one, count in paths.items():
            for cell in read(one, window):
                counted[cell] += count
        paths = counted
        ends.append([min(wide), max(wide)])
        is_whole = len(inside) == max(inside, default=0) - min(inside, default=0) + 1
        within.append([min(inside), max(inside)] if is_whole else [])
    return ends, within, paths


def draw_layer(draw: random.Random) -> tuple[str, Window, Window]:
    """A layer in a link, and what it does along rows and columns."""
    match draw.choice(("conv", "conv", "relu", "pool")):
        case "conv":
            high, wide = draw.choice((1, 2, 3, 5)), draw.choice((1, 3, 4))
            stride, dilation = draw.choice((1, 1, 2)), draw.choice((1, 1, 2))
            padding = draw.choice((0, 0, 1))
            text = f"conv:random*2@{high}x{wide},stride={stride},padding={padding},dilation={dilation}"
            return text, (high, stride, padding, dilation), (wide, stride, padding, dilation)
        case "pool":
            side, stride = draw.choice((2, 3)), draw.choice((1, 2))
            return f"maxpool:{side},stride={stride}", (side, stride, 0, 1), (side, stride, 0, 1)
    return "relu", SAME, SAME


def make_chain(draw: random.Random) -> dict[str, Any] | None:
    """A chain and three cells of its last stage; None where a window has no place."""
    layers = [draw_layer(draw) for _ in range(draw.randint(2, 6))]
    texts, down, across = (list(part) for part in zip(*layers, strict=True))
    sizes: list[list[int]] = [[SIZE[0]], [SIZE[1]]]
    for windows, along in ((down, sizes[0]), (across, sizes[1])):
        for window in windows:
            along.append(count_places(along[-1], window))
    if min(sizes[0] + sizes[1]) < 2:
        return None
    cells = []
    for _ in range(3):
        row, column = draw.randrange(sizes[0][-1]), draw.randrange(sizes[1][-1])
        (rows, rows_in, from_rows), (columns, columns_in, from_columns) = (
            follow(row, down, sizes[0]),
            follow(column, across, sizes[1]),
        )
        if not (all(rows_in) and all(columns_in)):
            return None
        boxes = [list(one) for one in zip(rows, columns, rows_in, columns_in, strict=True)]
        counts = [from_rows.get(r, 0) for r in range(rows[-1][0], rows[-1][1] + 1)]
        beside = [from_columns.get(c, 0) for c in range(columns[-1][0], columns[-1][1] + 1)]
        cells.append({"cell": [row, column], "boxes": boxes, "paths": [counts, beside]})
    first = [follow(0, down, sizes[0])[0][-1][0], follow(0, across, sizes[1])[0][-1][0]]
    return {"link": f"size={SIZE[0]}x{SIZE[1]}&layers={'~'.join(texts)}", "cells": cells, "first": first}


def main() -> None:
    """Write all cases."""
    draw = random.Random(23)
    made: list[dict[str, Any]] = []
    while len(made) < CHAINS:
        if case := make_chain(draw):
            made.append(case)
    FILE.write_text("[\n " + ",\n ".join(map(json.dumps, made)) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
