"""Guesses the order of the axes of a file's filters from all of its arrays.

PyTorch and most others store (K, C, h, w), "torch"; Keras, TensorFlow and JAX (h, w, C, K), "keras"; MLX (K, h, w, C),
"mlx". One program writes a file, so all its filters have the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..entries import Entry

AXES: Mapping[str, tuple[int, int, int, int]] = {"torch": (0, 1, 2, 3), "keras": (3, 2, 0, 1), "mlx": (0, 3, 1, 2)}
"""The axes of K, C, h and w."""
MAX_ARRAYS = 300
"""The most arrays that are examined."""
STATED_SCORE = 6.0
"""The score of an order that the file or its format states; a usual shape or name scores 1 to 3."""
MAX_FILTER_SIDE = 32
"""The largest side of a 2-D filter."""


def guess_layout(kernels: Sequence[Entry], bias_lengths: Mapping[str, int], stated: str = "") -> str:
    """The likeliest order; `bias_lengths` holds the length of each array's bias, by the array's name."""
    examined = kernels[:MAX_ARRAYS]
    scores = {
        layout: STATED_SCORE * (layout == stated) + _score_layout(layout, examined, bias_lengths) for layout in AXES
    }
    return max(scores, key=lambda layout: scores[layout])


def reorder_shape(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    """(K, C, h, w) of an array with three or four axes in this order."""
    return (
        tuple(shape[axis] for axis in get_axis_order(layout, len(shape)))
        if len(shape) == 4
        else _reorder_1d_shape(shape, layout)
    )


def get_axis_order(layout: str, axes: int) -> tuple[int, ...]:
    """The axes of K, C, h and w; for three axes, of K, C and w."""
    if axes == 4:
        return AXES[layout]
    return {"torch": (0, 1, 2), "keras": (2, 1, 0), "mlx": (0, 2, 1)}[layout]


def _reorder_1d_shape(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    filters, channels, columns = (shape[axis] for axis in get_axis_order(layout, 3))
    return filters, channels, 1, columns


def _score_layout(layout: str, kernels: Sequence[Entry], bias_lengths: Mapping[str, int]) -> float:
    """How well the arrays fit an order, on average, and how well each fits the next."""
    if not kernels:
        return 0.0
    average = sum(_score_array(layout, entry, bias_lengths.get(entry.name)) for entry in kernels) / len(kernels)
    shapes = [reorder_shape(entry.shape, layout) for entry in kernels]
    pairs = list(pairwise(shapes))
    matching = sum(one[0] == after[1] for one, after in pairs)
    reads_picture = any(shape[1] in (1, 3) for shape in shapes[:1])
    return average + (2 * matching / len(pairs) if pairs else 0) + reads_picture


def _score_array(layout: str, entry: Entry, bias_length: int | None) -> float:
    filters, channels, rows, columns = reorder_shape(entry.shape, layout)
    score = _score_sides(rows, columns) + _score_name(layout, entry.name)
    if layout == "keras" and "depthwise" in entry.name[-200:]:
        filters, channels = filters * channels, 0
    if bias_length is not None:
        score += 3 if bias_length == filters else 1 if bias_length == channels and layout != "mlx" else -1
    return score


def _score_sides(rows: int, columns: int) -> float:
    if rows == columns:
        return 2 if 1 < rows <= MAX_FILTER_SIDE else 0 if rows == 1 else -4
    if min(rows, columns) > 1:
        return -4 if max(rows, columns) > MAX_FILTER_SIDE else -2
    return 0


def _score_name(layout: str, name: str) -> float:
    end = name[-20:].lower()
    if end.endswith(("kernel", "kernel:0", "weight:0", "weights:0")):
        return 3 if layout == "keras" else 0
    return 1 if end.endswith("weight") and layout != "keras" else 0
