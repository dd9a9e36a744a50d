"""A step of a weighted sum: a convolution over its window, a fully connected layer over all that it reads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .cell import MOST_LISTED_CELLS, Cell, Maps, Step
from .window import apply_weights, locate_window, read_window

MOST_LISTED_TERMS = 6
"""So many terms of a fully connected layer's sum are written out, the largest ones; the others are added up."""


def explain_convolution(asked: Cell) -> Step:
    """A convolution: the products of a filter and of what its window sees, channel by channel."""
    meta, weight = asked.stage.meta, _require_weight(asked.stage.weight)
    rows, columns = locate_window(asked)
    depth = weight.shape[1]
    first = asked.map // (len(weight) // meta.get("groups", 1)) * depth
    mode = str(meta.get("padding_mode", "zeros"))
    channels = [
        apply_weights(read_window(asked.input, first + c, rows, columns, mode), weight[asked.map, c].tolist())
        for c in range(depth)
    ]
    return {"rows": rows, "columns": columns, "channels": channels} | _finish_sum(
        asked, sum(c["sum"] for c in channels)
    )


def explain_linear(asked: Cell) -> Step:
    """A fully connected layer: every value of the input is read."""
    maps, height, width = asked.input.shape
    weight = _require_weight(asked.stage.weight).reshape(len(asked.stage.output), maps, height, width)[asked.map]
    rows, columns = list(range(height)), list(range(width))
    channels = []
    if asked.input.size <= MOST_LISTED_CELLS:
        channels = [apply_weights(read_window(asked.input, c, rows, columns), weight[c].tolist()) for c in range(maps)]
    products = (weight.astype(np.float64) * asked.input).ravel()
    terms = _list_largest_terms(asked, weight.ravel(), products)
    return {"rows": rows, "columns": columns, "channels": channels} | terms | _finish_sum(asked, float(products.sum()))


def _list_largest_terms(asked: Cell, weights: Maps, products: NDArray[np.float64]) -> Step:
    """The terms that move a sum most, the largest first and of equal ones the first; and what all others come to."""
    _, height, width = asked.unflattened
    order = np.argsort(-np.abs(products), kind="stable")
    values = asked.input.ravel()
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


def _finish_sum(asked: Cell, total: float) -> Step:
    """Divided last, then the bias."""
    meta, k = asked.stage.meta, asked.map
    divisor, scale = _item_or_default(meta.get("divisors"), k, 1), _item_or_default(meta.get("scales"), k, 1)
    bias = float(asked.stage.bias[k]) if asked.stage.bias is not None else 0.0
    result = total / (divisor * scale) + bias
    return {"sum": total, "divisor": divisor, "scale": scale, "bias": bias, "result": result}


def _item_or_default(values: Sequence[int] | None, index: int, default: int) -> int:
    return values[index] if values else default


def _require_weight(weight: Maps | None) -> Maps:
    if weight is None:
        raise ValueError("the stage has no weights; its operation needs them")
    return weight
