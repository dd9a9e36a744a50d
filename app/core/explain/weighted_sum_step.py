"""Steps of a weighted sum: a convolution over its window, a fully connected layer over its whole input."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..ops.transposed import NO_TAP
from ..trace.stage_info import FilterInfo
from .cell import MOST_LISTED_CELLS, Cell, Step
from .window import apply_weights, locate_window, read_window, require_geometry

MOST_LISTED_TERMS = 6
"""Terms of a fully connected layer's sum that are listed, the largest first; the others are added up."""


def explain_convolution(cell: Cell) -> Step:
    """A convolution: the products of filter and window, channel by channel."""
    filters, weight = cell.stage.info.filters or FilterInfo(), _require_weight(cell.stage.weight)
    rows, columns = locate_window(cell)
    channel_count = weight.shape[1]
    first = cell.map // (len(weight) // filters.groups) * channel_count
    channels = [
        apply_weights(
            read_window(cell.input, first + c, rows, columns, filters.padding_mode), _pick_weights(cell, weight, c)
        )
        for c in range(channel_count)
    ]
    return {"rows": rows, "columns": columns, "channels": channels} | _finish_sum(cell, sum(c["sum"] for c in channels))


def _pick_weights(cell: Cell, weight: Maps, channel: int) -> list[list[float]]:
    """The weights of the window: all of the filter's slice; of a transposed convolution those that reach the cell."""
    geometry, plane = require_geometry(cell), weight[cell.map, channel]
    taps = (axis.list_taps(place) for axis, place in ((geometry.rows, cell.row), (geometry.columns, cell.col)))
    rows, columns = ([tap for _, tap in pairs] for pairs in taps)
    return [[0.0 if NO_TAP in (i, j) else float(plane[i, j]) for j in columns] for i in rows]


def explain_linear(cell: Cell) -> Step:
    """A fully connected layer: it reads every value of the input."""
    maps, height, width = cell.input.shape
    weight = _require_weight(cell.stage.weight).reshape(len(cell.stage.output), maps, height, width)[cell.map]
    rows, columns = list(range(height)), list(range(width))
    channels = []
    if cell.input.size <= MOST_LISTED_CELLS:
        channels = [apply_weights(read_window(cell.input, c, rows, columns), weight[c].tolist()) for c in range(maps)]
    products = (weight.astype(np.float64) * cell.input).ravel()
    terms = _list_largest_terms(cell, weight.ravel(), products)
    return {"rows": rows, "columns": columns, "channels": channels} | terms | _finish_sum(cell, float(products.sum()))


def _list_largest_terms(cell: Cell, weights: Maps, products: NDArray[np.float64]) -> Step:
    """The terms with the largest absolute products, in that order; and the count and sum of all others."""
    _, height, width = cell.shape_before_flatten
    order = np.argsort(-np.abs(products), kind="stable")
    values = cell.input.ravel()
    strongest = [
        {
            "source": [n // (height * width), *divmod(n % (height * width), width)],
            "value": float(values[n]),
            "weight": float(weights[n]),
            "product": float(products[n]) + 0.0,
        }
        for n in order[:MOST_LISTED_TERMS].tolist()
    ]
    others = products[order[MOST_LISTED_TERMS:]]
    return {"strongest": strongest, "rest": {"count": len(others), "sum": float(others.sum())}}


def _finish_sum(cell: Cell, total: float) -> Step:
    """The sum is divided, then the bias added."""
    filters, k = cell.stage.info.filters or FilterInfo(), cell.map
    divisor, scale = _item_or_one(filters.divisors, k), _item_or_one(filters.scales, k)
    bias = float(cell.stage.bias[k]) if cell.stage.bias is not None else 0.0
    result = total / (divisor * scale) + bias
    return {"sum": total, "divisor": divisor, "scale": scale, "bias": bias, "result": result}


def _item_or_one(values: Sequence[int], index: int) -> int:
    return values[index] if values else 1


def _require_weight(weight: Maps | None) -> Maps:
    if weight is None:
        raise ValueError("the stage has no weights; its operation needs them")
    return weight
