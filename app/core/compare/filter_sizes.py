"""Layers side by side whose filters are alike but for their size, and whether each is padded by (F − 1)/2."""

from __future__ import annotations

from collections.abc import Sequence

from ..scene import Filter, Layer, NamedFilter, Pair, Planes, RandomFilters, ShapeFilters, parse_number
from ..weights.kernels import find_kernel

MEAN = "mean"


def list_filter_sizes(layers: Sequence[Layer]) -> list[Pair] | None:
    """The size of the filters of each layer: rows and columns.

    They are alike where each layer has as many random filters, as many filters of a shape, or one filter that is the
    mean of its cells. None where they are not, or where all have one size.
    """
    found = [_describe(layer.filters) for layer in layers]
    kinds = {(one[0], one[1]) if one else None for one in found}
    sizes = [one[2] for one in found if one]
    return sizes if len(kinds) == 1 and None not in kinds and len(set(sizes)) > 1 else None


def list_same_paddings(layers: Sequence[Layer], sizes: Sequence[Pair]) -> list[int] | None:
    """The padding of each layer, where that is (F − 1)/2 on all sides of square filters of odd size F; else None."""
    paddings = []
    for layer, (rows, columns) in zip(layers, sizes, strict=True):
        options = dict(layer.options)
        kept = (rows - 1) // 2
        same = ("same", (kept,) * 4) if kept else ("same", "valid")
        if rows != columns or rows % 2 == 0 or "dilation" in options or options.get("padding", "valid") not in same:
            return None
        paddings.append(kept)
    return paddings


def _describe(filters: Sequence[Filter]) -> tuple[str, int, Pair] | None:
    """What kind of filters they are, how many, and their size."""
    match list(filters):
        case [RandomFilters(count, rows, columns)]:
            return "random", count, (rows, columns)
        case [ShapeFilters(count, rows, columns)]:
            return "shape", count, (rows, columns)
        case [Planes() as planes] if _is_mean(planes):
            return MEAN, 1, planes.shape[1:]
        case [NamedFilter(name)]:
            kernel = find_kernel(name)
            return (MEAN, 1, kernel.planes.shape[1:]) if kernel and _is_mean(kernel.planes) else None
    return None


def _is_mean(planes: Planes) -> bool:
    """Whether a filter of one plane has equal weights that sum to 1."""
    texts = {text for plane in planes.planes for row in plane for text in row}
    count, rows, columns = planes.shape
    return count == 1 and len(texts) == 1 and parse_number(texts.pop()) * rows * columns == planes.divisor
