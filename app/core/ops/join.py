"""Joins: several stacks of maps become one, added, multiplied, or put one behind the other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import accumulate
from typing import Literal

import numpy as np

from ..arrays import Maps, Shape

JoinKind = Literal["add", "concat", "mul"]


def join(stacks: Sequence[Maps], kind: JoinKind) -> Maps:
    """Joins stacks of maps (C, H, W), in their order.

    `add` and `mul` take stacks of one shape and compute cell by cell; for `mul` a stack of C × 1 × 1 multiplies each
    map by its number. `concat` takes stacks of one height and width. The stacks must fit: `plan_join` checks them.
    """
    if kind == "concat":
        return np.concatenate(stacks)
    return reduce(np.add if kind == "add" else np.multiply, stacks)


def find_joined_shape(shapes: Sequence[Shape], kind: JoinKind) -> Shape:
    """The shape of the output of stacks that fit."""
    if kind == "concat":
        return sum(shape[0] for shape in shapes), *shapes[0][1:]
    return max(shapes, key=lambda shape: shape[1] * shape[2])


def find_misfit(shapes: Sequence[Shape], kind: JoinKind) -> int | None:
    """The index of the first stack that does not fit those before it, None where all fit."""
    return next((n for n in range(1, len(shapes)) if not _fits(shapes[n], shapes[:n], kind)), None)


def _fits(shape: Shape, before: Sequence[Shape], kind: JoinKind) -> bool:
    if kind == "concat":
        return shape[1:] == before[0][1:]
    whole = find_joined_shape(before, kind)
    return shape == whole or (kind == "mul" and shape[0] == whole[0] and (1, 1) in (shape[1:], whole[1:]))


def locate_source(shape: Shape, row: int, column: int) -> tuple[int, int]:
    """The cell of a stack that a cell of the output reads: of C × 1 × 1 its only one."""
    return (0, 0) if shape[1:] == (1, 1) else (row, column)


def find_starts(counts: Sequence[int]) -> tuple[int, ...]:
    """The first map of each stack in the output of `concat`; `counts` are the maps of the stacks."""
    return tuple(accumulate(counts[:-1], initial=0))
