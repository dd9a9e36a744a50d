"""Shift, flatten and the fully connected layer."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps

Cells = TypeVar("Cells", bound=NDArray[np.floating[Any]])


def shift(x: Cells, by: tuple[int, int]) -> Cells:
    """y[c, r, q] = x[c, r − rows, q − columns]: the content moves down and right, free cells become 0."""
    moved: Cells = np.zeros_like(x)
    (to_rows, from_rows), (to_columns, from_columns) = (
        _find_overlap(size, cells) for size, cells in zip(x.shape[1:], by, strict=True)
    )
    moved[:, to_rows, to_columns] = x[:, from_rows, from_columns]
    return moved


def flatten(x: Maps) -> Maps:
    """(C, H, W) → (C·H·W, 1, 1), map by map, row by row."""
    return x.reshape(-1, 1, 1)


def linear(x: Maps, weight: Maps, bias: Maps | None = None) -> Maps:
    """y[k] = Σ weight[k, n] · x[n] + bias[k]: (N values in any shape, (K, N), (K,)) → (K, 1, 1).

    Raises ValueError unless the weight has one column for each value.
    """
    if weight.shape[1] != x.size:
        raise ValueError(f"the linear layer reads {weight.shape[1]} values; it was given {x.size}")
    y = weight @ x.reshape(-1)
    return (y if bias is None else y + bias).reshape(-1, 1, 1)


def _find_overlap(size: int, cells: int) -> tuple[slice, slice]:
    """(target, source): the slices of the part that stays in view."""
    cells = max(-size, min(size, cells))
    here, there = slice(max(0, cells), size + min(0, cells)), slice(max(0, -cells), size - max(0, cells))
    return here, there
