"""Makes answers.json: the answer of chains, their blocks, the view that a link opens, and the cells that a cell reads.

Answers are sorted numbers; texts of shares and blocks are written by hand; the cells are found by following sets of
cells through each chain, window by window. Nothing is shared with the program. Run from the checkout:
`python -m tests.golden.make_answers`.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("answers.json")
MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}
SHARES = (
    *((0.944, "94 %"), (0.028, "3 %"), (0.0212, "2 %"), (0.5, "50 %"), (0.01, "1 %"), (0.99, "99 %")),
    *((0.0099, "1.0 %"), (0.0042, "0.4 %"), (0.0005, "0.1 %"), (0.0004, "< 0.1 %"), (0.0, "< 0.1 %")),
    *((0.9949, "99.5 %"), (0.9996, "> 99.9 %"), (1.0, "100 %"), (1e-12, "< 0.1 %")),
)
BLOCKS = (
    ("input conv pointwise pool", [0, 1, 2, 3]),
    ("input conv pointwise pool softmax", [0, 1, 2, 3, 4]),
    ("input prepare conv pointwise pool conv pointwise flatten linear softmax", [0, 1, 2, 2, 2, 5, 5, 7, 8, 9]),
    ("input pointwise pool conv pool pointwise pool", [0, 1, 2, 3, 3, 3, 3]),
    ("input conv conv pointwise linear pointwise softmax", [0, 1, 2, 2, 4, 4, 6]),
)
NETWORK = "model:lenet5"
OPENINGS = (
    ("", NETWORK, "network"),
    ("theme=dark&present=1&title=A&play=1&colors=photo", NETWORK, "network"),
    ("press=2&big=1&predict=&tab=&beat=sum", NETWORK, "network"),
    ("", f"conv:sobel-x~{NETWORK}", "network"),
    ("", f"{NETWORK}~relu", "network"),
    ("", "conv:lenet5/conv1~relu", ""),
    ("tab=network", "conv:lenet5/conv1~relu", "network"),
    ("tab=equation", NETWORK, "equation"),
    ("stage=0", NETWORK, ""),
    ("stage=14", NETWORK, ""),
    ("map=3", NETWORK, ""),
    ("at=0,0", NETWORK, ""),
    ("beat=write", NETWORK, ""),
    ("story=1", NETWORK, ""),
    ("pin=0,0", NETWORK, ""),
    ("second=0,0", NETWORK, ""),
    ("stops=0,0;0,1", NETWORK, ""),
    ("letters=1", NETWORK, ""),
    ("volume=1", NETWORK, ""),
    ("table=1", NETWORK, ""),
    ("weights=1", NETWORK, ""),
    ("signal=1", NETWORK, ""),
    ("sweep=turn", NETWORK, ""),
    ("predict=class", NETWORK, ""),
    ("stage=3&tab=network", NETWORK, "network"),
)
"""What a link says of its view, its layers, and the view that it opens; "" for the figure."""
Cells = NDArray[np.object_]
"""For each cell of a map the set of input cells that it depends on; (maps, rows, columns)."""


def slide(cells: Cells, size: int, stride: int, pad: int, dilation: int = 1, mode: str = "") -> Cells:
    """A window on each map: the sets of its cells together."""
    planes = []
    for plane in cells:
        indices = np.arange(plane.size).reshape(plane.shape)
        padded = np.pad(indices, pad, MODES[mode]) if mode else np.pad(indices, pad, constant_values=-1)
        reach = (size - 1) * dilation
        rows, columns = range(0, padded.shape[0] - reach, stride), range(0, padded.shape[1] - reach, stride)
        made = np.empty((len(rows), len(columns)), dtype=object)
        for r, row in enumerate(rows):
            for c, column in enumerate(columns):
                block = padded[row : row + reach + 1 : dilation, column : column + reach + 1 : dilation]
                made[r, c] = frozenset().union(*(plane.flat[index] for index in block.flat if index >= 0))
        planes.append(made)
    return np.stack(planes)


def mix(cells: Cells, count: int) -> Cells:
    """Filters that read all maps."""
    made = np.empty(cells.shape[1:], dtype=object)
    for place in np.ndindex(made.shape):
        made[place] = frozenset().union(*(plane[place] for plane in cells))
    return np.stack([made] * count)


def flatten(cells: Cells) -> Cells:
    """All cells as a column."""
    return cells.reshape(-1, 1, 1)


def read_all(cells: Cells, count: int) -> Cells:
    """A layer of which each number depends on all."""
    made = np.empty((count, 1, 1), dtype=object)
    everything = frozenset().union(*cells.flat)
    for map in range(count):
        made[map, 0, 0] = everything
    return made


def move(cells: Cells, down: int, right: int) -> Cells:
    """Cells that move; nothing comes from outside."""
    made = np.empty(cells.shape, dtype=object)
    _, rows, columns = cells.shape
    for map, row, column in np.ndindex(made.shape):
        r, c = row - down, column - right
        made[map, row, column] = cells[map, r, c] if 0 <= r < rows and 0 <= c < columns else frozenset()
    return made


def join(*stacks: Cells) -> Cells:
    """Sums or products cell by cell; one cell of each map for all of them where a stack has no more."""
    shape = max((stack.shape for stack in stacks), key=lambda shape: shape[1] * shape[2])
    made = np.empty(shape, dtype=object)
    wide = [np.broadcast_to(stack, shape) for stack in stacks]
    for place in np.ndindex(shape):
        made[place] = frozenset().union(*(stack[place] for stack in wide))
    return made


def pool_whole(cells: Cells) -> Cells:
    """One number for each map."""
    made = np.empty((len(cells), 1, 1), dtype=object)
    for map, plane in enumerate(cells):
        made[map, 0, 0] = frozenset().union(*plane.flat)
    return made


def list_chains(start: Cells) -> list[tuple[str, Cells]]:
    """Links of chains on 12 × 12 cells, and what their last stages depend on."""
    conv = mix(slide(start, 3, 1, 0), 2)
    pooled = slide(conv, 2, 2, 0)
    near, far = mix(slide(start, 3, 1, 1), 2), mix(slide(start, 5, 1, 2), 2)
    halves = slide(start, 2, 2, 0), slide(start, 3, 2, 1)
    step = mix(slide(start, 3, 2, 1), 1)
    both = "conv:random*2@3x3,padding=1~conv:random*2@5x5,padding=2,from=0"
    return [
        ("layers=conv:random*2@3x3~relu~maxpool:2", pooled),
        ("layers=conv:random*2@3x3~relu~maxpool:2~conv:random*1@3x3", mix(slide(pooled, 3, 1, 0), 1)),
        ("layers=conv:random*1@5x5,stride=3,padding=2", mix(slide(start, 5, 3, 2), 1)),
        ("layers=conv:random*1@3x3,dilation=2,padding=1", mix(slide(start, 3, 1, 1, 2), 1)),
        ("layers=conv:random*1@3x3,padding=1,padding_mode=reflect", mix(slide(start, 3, 1, 1, 1, "reflect"), 1)),
        ("layers=conv:random*1@3x3,padding=1,padding_mode=replicate", mix(slide(start, 3, 1, 1, 1, "replicate"), 1)),
        ("layers=conv:random*1@3x3~shift:2x1~avgpool:3", slide(move(mix(slide(start, 3, 1, 0), 1), 2, 1), 3, 3, 0)),
        ("layers=conv:random*2@3x3~maxpool:2~flatten", flatten(pooled)),
        (f"layers={both}~add:1", join(far, near)),
        (f"layers={both}~concat:(1,0)", np.concatenate([far, near, start])),
        ("layers=maxpool:2~avgpool:3,stride=2,padding=1,from=0~concat:1", np.concatenate([halves[1], halves[0]])),
        ("layers=shift:2x0~concat:0~flatten", flatten(np.concatenate([move(start, 2, 0), start]))),
        ("layers=conv:random*2@3x3~globalavgpool~sigmoid~mul:1", join(pool_whole(conv), conv)),
        (
            "layers=conv:random*1@3x3,stride=2,padding=1~maxpool:2,from=0~mul:1~relu,from=1~add:3",
            join(step, join(halves[0], step)),
        ),
        ("layers=conv:random*1@5x5,stride=4~flatten~softmax", read_all(mix(slide(start, 5, 4, 0), 1), 4)),
    ]


def find_box(cells: frozenset[tuple[int, int]]) -> list[int]:
    """(top, left, height, width) around cells."""
    rows, columns = zip(*cells, strict=True)
    return [min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1]


def make_boxes(draw: random.Random) -> list[dict[str, Any]]:
    """Some cells of each chain with their boxes; of a cell that depends on nothing there is none."""
    start = np.empty((1, 12, 12), dtype=object)
    for row, column in np.ndindex(12, 12):
        start[0, row, column] = frozenset({(row, column)})
    cases = []
    for link, cells in list_chains(start):
        places = [place for place in np.ndindex(cells.shape) if cells[place]]
        chosen = draw.sample(places, min(8, len(places)))
        boxes = [[*map(int, place), *find_box(cells[place])] for place in chosen]
        cases.append({"link": f"size=12&{link}", "boxes": boxes})
    return cases


def make_answers(draw: random.Random) -> list[dict[str, Any]]:
    """Last stages with their values: the three largest, of equal ones the first; null where they are no classes."""
    cases: list[dict[str, Any]] = []
    for kind, count, named, side in (
        *(("softmax", 10, True, 1), ("softmax", 4, False, 1), ("softmax", 2, False, 1), ("linear", 10, True, 1)),
        *(("conv", 10, True, 1), ("linear", 5, False, 1), ("softmax", 3, False, 2), ("softmax", 1, False, 1)),
    ):
        values = [draw.randint(-9, 9) / 4 for _ in range(count)]
        names = [f"name {map}" for map in range(count)] if named else []
        order = sorted(range(count), key=lambda map: (-values[map], map))[:3]
        is_answer = count > 1 and side == 1 and (kind == "softmax" or named)
        highest = [[map, names[map] if named else "", values[map]] for map in order] if is_answer else None
        cases.append({"kind": kind, "values": values, "names": names, "side": side, "highest": highest})
    return cases


def main() -> None:
    """Write all cases."""
    draw = random.Random(11)
    made = {
        "shares": [list(row) for row in SHARES],
        "blocks": [{"kinds": kinds.split(), "heads": heads} for kinds, heads in BLOCKS],
        "openings": [{"view": view, "layers": layers, "tab": tab} for view, layers, tab in OPENINGS],
        "answers": make_answers(draw),
        "boxes": make_boxes(draw),
    }
    parts = (
        f' "{name}": [\n  ' + ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n ]"
        for name, rows in made.items()
    )
    FILE.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
