"""What excites the maps of a layer most: for each map the pictures with its largest values, and where these lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..scene import Pair, Sides
from ..trace.plan import Plan
from ..trace.receptive_fields import Box, step_back, unite_intervals

PEAKS = 9
"""Of each map, as on the page of learned filters."""

Whole = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class LayerPeaks:
    """The peaks of all K maps of a layer, at most one a picture, n = min(9, pictures) of each map.

    `pictures` (K, n) are indices into the list of pictures, `places` (K, n, 2) row and column in the map, `values`
    (K, n) the numbers there, largest first; of equal numbers the first picture, row by row the first place. A map that
    is below 0 everywhere in a picture has a negative peak there: after a ReLU nothing would be left of it.
    """

    pictures: Whole
    places: Whole
    values: Maps


@dataclass(frozen=True, slots=True, eq=False)
class PictureTops:
    """Of each map of a layer its largest value in one picture: `values` (K,), and `places` (K, 2), row and column."""

    values: Maps
    places: Whole


def find_tops(output: Maps) -> PictureTops:
    """The largest values of a layer's output (K, H, W); of equal numbers the first place, row by row."""
    flat = output.reshape(len(output), -1)
    at = flat.argmax(axis=1)
    values: Maps = np.take_along_axis(flat, at[:, None], axis=1)[:, 0]
    return PictureTops(values, np.stack(np.divmod(at, output.shape[2]), axis=1).astype(np.int32))


def rank_tops(tops: Sequence[PictureTops]) -> LayerPeaks:
    """The peaks of a layer from those in each picture, in their order. Raises ValueError for none."""
    if not tops:
        raise ValueError("there are no pictures")
    values, places = np.stack([top.values for top in tops], axis=1), np.stack([top.places for top in tops], axis=1)
    order = np.argsort(-values, axis=1, kind="stable")[:, :PEAKS]
    return LayerPeaks(
        order.astype(np.int32),
        np.take_along_axis(places, order[:, :, None], axis=1).astype(np.int32),
        np.take_along_axis(values, order, axis=1).astype(np.float32),
    )


def find_planned_box(plans: Sequence[Plan], size: Pair, stage: int, row: int, column: int) -> Sides:
    """The box (top, left, height, width) of an input of `size` that can influence a cell of a stage, without padding.

    On all paths back, as `find_receptive_box` finds it in a Trace.
    """
    boxes: dict[int, Box] = {stage: ((row, row), (column, column))}
    for number in range(stage, 0, -1):
        if number not in boxes:
            continue
        plan = plans[number - 1]
        for read in plan.reads or (number - 1,):
            shape = plans[read - 1].shape[1:] if read else size
            found = step_back(plan, shape, *boxes[number])
            if read in boxes:
                rows, columns = zip(boxes[read], found, strict=True)
                found = unite_intervals(rows), unite_intervals(columns)
            boxes[read] = found
    (top, bottom), (left, right) = boxes[0]
    return top, left, bottom - top + 1, right - left + 1
