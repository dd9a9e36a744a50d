"""The step of a layer whose new cells are shares of cells of its input: they add up to 1, and a copy has none."""

from __future__ import annotations

from ..arrays import Maps
from .layer_law import Step

Read = tuple[int, tuple[float, ...]]
"""Along an axis: the first cell that a new cell reads, and the share of each that it reads."""


def weigh_cells(x: Maps, map: int, down: Read, across: Read, outside: float = 0.0) -> tuple[list[int], list[int], Step]:
    """The rows and columns that a new cell reads of a map of (C, H, W), and its channel with values, shares and sum.

    A cell outside of the map has the value `outside`.
    """
    (top, high_shares), (left, wide_shares) = down, across
    rows, columns = list(range(top, top + len(high_shares))), list(range(left, left + len(wide_shares)))
    height, width = x.shape[1:]
    is_inside = [[0 <= r < height and 0 <= c < width for c in columns] for r in rows]
    values = [
        [float(x[map, r, c]) if known else outside for c, known in zip(columns, line, strict=True)]
        for r, line in zip(rows, is_inside, strict=True)
    ]
    channel: Step = {
        "channel": map,
        "values": values,
        "padded": [[not known for known in line] for line in is_inside],
        "sources": [
            [[r, c] if known else None for c, known in zip(columns, line, strict=True)]
            for r, line in zip(rows, is_inside, strict=True)
        ],
        "weights": None,
        "products": None,
        "sum": values[0][0],
    }
    if len(rows) * len(columns) > 1:
        shares = [[high * wide for wide in wide_shares] for high in high_shares]
        products = [
            [value * share + 0.0 for value, share in zip(*lines, strict=True)]
            for lines in zip(values, shares, strict=True)
        ]
        channel |= {"weights": shares, "products": products, "sum": float(sum(sum(line) for line in products))}
    return rows, columns, channel
