"""In which order a file keeps the axes of its filters, told by all of its arrays together.

PyTorch and most others keep (K, C, h, w), "torch"; Keras, TensorFlow and JAX keep (h, w, C, K), "keras"; MLX keeps
(K, h, w, C), "mlx". One program writes a file, so all its filters lie alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from ..entries import Entry

AXES: Mapping[str, tuple[int, int, int, int]] = {"torch": (0, 1, 2, 3), "keras": (3, 2, 0, 1), "mlx": (0, 3, 1, 2)}
"""Where K, C, h and w are. Of an array with three axes h is left out."""
MAX_ARRAYS = 300
"""Arrays that are looked at."""
STATED_SCORE = 6.0
"""What it counts that the file, or its kind, says the order; a usual shape or a name counts 1 to 3."""
MAX_FILTER_SIDE = 32
"""The largest side of a filter that is wider than one row."""


def guess_layout(kernels: Sequence[Entry], lengths: Mapping[str, int], said: str = "") -> str:
    """The order that is likeliest; `lengths` holds that of each array's bias, by the array's name."""
    some = kernels[:MAX_ARRAYS]
    scores = {layout: STATED_SCORE * (layout == said) + _score_layout(layout, some, lengths) for layout in AXES}
    return max(scores, key=lambda layout: scores[layout])


def reorder_shape(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    """(K, C, h, w) of such an array with three or four axes."""
    return (
        tuple(shape[axis] for axis in get_axis_order(layout, len(shape)))
        if len(shape) == 4
        else _reorder_1d_shape(shape, layout)
    )


def get_axis_order(layout: str, axes: int) -> tuple[int, ...]:
    """Where K, C, h and w are; K, C and w of three axes."""
    if axes == 4:
        return AXES[layout]
    return {"torch": (0, 1, 2), "keras": (2, 1, 0), "mlx": (0, 2, 1)}[layout]


def _reorder_1d_shape(shape: tuple[int, ...], layout: str) -> tuple[int, ...]:
    filters, channels, columns = (shape[axis] for axis in get_axis_order(layout, 3))
    return filters, channels, 1, columns


def _score_layout(layout: str, kernels: Sequence[Entry], lengths: Mapping[str, int]) -> float:
    """How well the arrays fit, on average, and how their neighbours do."""
    if not kernels:
        return 0.0
    each = sum(_score_array(layout, entry, lengths.get(entry.name)) for entry in kernels) / len(kernels)
    shapes = [reorder_shape(entry.shape, layout) for entry in kernels]
    pairs = list(pairwise(shapes))
    chained = sum(one[0] == after[1] for one, after in pairs)
    first = any(shape[1] in (1, 3) for shape in shapes[:1])
    return each + (2 * chained / len(pairs) if pairs else 0) + first


def _score_array(layout: str, entry: Entry, bias: int | None) -> float:
    filters, channels, rows, columns = reorder_shape(entry.shape, layout)
    score = _score_sides(rows, columns) + _score_name(layout, entry.name)
    if layout == "keras" and "depthwise" in entry.name[-200:]:
        filters, channels = filters * channels, 0
    if bias is not None:
        score += 3 if bias == filters else 1 if bias == channels and layout != "mlx" else -1
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
