"""Makes written.json: how many cells of a map can be written from the first cells of its input.

NumPy pads a map of indices, and every window is looked at cell by cell; nothing is shared with the program. Run from
the checkout: `python -m tests.golden.make_written`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

FILE = Path(__file__).with_name("written.json")
MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def count(case: dict[str, Any], written: int) -> int:
    """The first cell in reading order whose window has a cell that is not written, by trying."""
    height, width = case["size"]
    (top, bottom), (left, right) = case["padding"]
    indices = np.arange(height * width).reshape(height, width)
    outside = {"constant_values": -1} if case["mode"] == "zeros" else {}
    padded = np.pad(indices, ((top, bottom), (left, right)), MODES[case["mode"]], **outside)
    (down, across), (rows, columns), (apart, beside) = case["stride"], case["kernel"], case["dilation"]
    high, wide = padded.shape[0] - (rows - 1) * apart, padded.shape[1] - (columns - 1) * beside
    found = 0
    for row in range(0, high, down):
        for column in range(0, wide, across):
            block = padded[row : row + rows * apart : apart, column : column + columns * beside : beside]
            if (block >= written).any():
                return found
            found += 1
    return found


def make() -> list[dict[str, Any]]:
    draw = random.Random(31)
    cases = []
    while len(cases) < 120:
        size = [draw.randint(4, 9), draw.randint(4, 9)]
        case: dict[str, Any] = {
            "size": size,
            "kernel": [draw.randint(1, 3), draw.randint(1, 3)],
            "stride": [draw.randint(1, 3), draw.randint(1, 3)],
            "dilation": [draw.choice([1, 1, 2]), draw.choice([1, 1, 2])],
            "padding": [[draw.randint(0, 2), draw.randint(0, 2)] for _ in range(2)],
            "mode": draw.choice(list(MODES)),
        }
        if any((k - 1) * d + 1 > n for k, d, n in zip(case["kernel"], case["dilation"], size, strict=True)):
            continue
        numbers = sorted({0, size[0] * size[1], *(draw.randint(1, size[0] * size[1]) for _ in range(4))})
        cases.append({**case, "counts": [[written, count(case, written)] for written in numbers]})
    return cases


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in make())
    FILE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
