"""The metadata of a stage, ready for JSON: geometry, filters, value ranges, salient places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..messages import say
from ..ops.geometry import Axis
from ..ops.preprocessing import PreprocessingPlan
from ..weights.bank import Bank
from ..weights.pretrained import LearnedLinear
from .plan import GLOBAL_POOLS, Plan, read_shift, read_slope
from .value_facts import ValueFacts

Meta = Mapping[str, object]
Interval = tuple[int, int]
"""(first, one past the last)."""
Interior = tuple[Interval, Interval]
"""The rows and columns of the cells that do not depend on padding."""

Places = NDArray[np.int64]
"""The index of a cell of each map, in reading order."""

LEAST_SHARE_IN_MIDDLE = 0.6
"""A cell in the middle of a map is chosen if its value is at least this share of the map's largest."""


def describe_plan(plan: Plan) -> dict[str, object]:
    """The metadata of the operation, its geometry and its cost."""
    meta: dict[str, object] = {
        "op": plan.op.name,
        "title": format_title(plan),
        "family": plan.op.family,
        "layer": plan.index,
        "shape": list(plan.shape),
        "input_shape": list(plan.in_shape),
        "rows": _describe_axis(plan.geometry.rows) if plan.geometry else None,
        "columns": _describe_axis(plan.geometry.columns) if plan.geometry else None,
        "parameters": plan.parameters,
        "multiply_adds": plan.multiply_adds,
    }
    if plan.conv:
        meta |= {"groups": plan.conv.groups, "padding_mode": plan.conv.padding_mode, "flip": plan.conv.flip}
    if plan.pool:
        meta |= {"pool": plan.pool.kind, "count_include_pad": plan.pool.count_include_pad}
    if plan.op.name in GLOBAL_POOLS:
        meta |= {"pool": plan.op.name.removeprefix("global").removesuffix("pool"), "count_include_pad": True}
    if plan.op.name == "leaky_relu":
        meta["slope"] = read_slope(plan.layer)
    if plan.op.name == "shift":
        meta["by"] = list(read_shift(plan.layer))
    return meta


def format_title(plan: Plan) -> str:
    """The stage's title: its name in a model, the layer's title, and a pool's window."""
    title = plan.op.title
    if plan.pool:
        rows, columns = plan.pool.kernel_size
        title = say("pool_title", title=title, rows=rows, columns=columns)
    is_unnamed = plan.name in ("", plan.op.name)
    return title if is_unnamed else say("named_title", name=plan.name, title=title)


def describe_preprocessing(made: PreprocessingPlan, white: float, inverted: bool) -> dict[str, object]:
    """The numbers from which a step of preprocessing is explained.

    A cell is the weighted sum of the cells given by `rows`, `columns` and `mix`; inverted if `inverted`; then
    (sum / white − mean) / std, with the mean and std of its map.
    """
    preprocessing = made.preprocessing
    formula = {
        "model": preprocessing.model,
        "white": white,
        "inverted": inverted,
        "mean": list(preprocessing.mean),
        "std": list(preprocessing.std),
        "mix": [list(line) for line in made.mix],
        "rows": asdict(made.rows),
        "columns": asdict(made.columns),
    }
    return {"prepare": formula}


def note_preprocessing(made: PreprocessingPlan, white: float, inverted: bool) -> list[str]:
    """The notes on what preprocessing does to each value."""
    mean, std = (
        ", ".join(f"{value:g}" for value in values) for values in (made.preprocessing.mean, made.preprocessing.std)
    )
    inverting = [say("prepare_inverted", white=f"{white:g}")] if inverted else []
    return [*inverting, say("prepare_law", share="x" if white == 1 else f"x/{white:g}", mean=mean, deviation=std)]


def describe_linear(linear: LearnedLinear) -> dict[str, object]:
    """The names of a fully connected layer's outputs."""
    return {"labels": list(linear.classes or _number_units(len(linear.weight)))}


@lru_cache(16)
def _number_units(count: int) -> tuple[str, ...]:
    return tuple(say("unit_label", index=k) for k in range(count))


def describe_bank(bank: Bank, channels: Sequence[str]) -> dict[str, object]:
    """The filters' divisors, scales, biases as text, and labels; `channels` names the input channels."""
    each = len(bank.labels) // bank.groups
    return {
        "divisors": list(bank.divisors),
        "scales": list(bank.scales),
        "bias_text": list(bank.bias_text),
        "labels": [_label_filter(label, k // each, bank.groups, channels) for k, label in enumerate(bank.labels)],
    }


def _label_filter(label: str, group: int, groups: int, channels: Sequence[str]) -> str:
    if groups == 1:
        return label
    if groups == len(channels):
        return say("in_channel", label=label, channel=channels[group])
    return say("in_group", label=label, group=group)


@lru_cache(256)
def _describe_axis(axis: Axis) -> Mapping[str, object]:
    """The metadata of an axis; cached, because few axes are common."""
    return {
        "size": axis.size,
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.before,
        "after": axis.after,
        "ceil": axis.ceil,
        "positions": axis.positions,
        "fits": axis.fits,
        "leftover": axis.leftover,
        "overhang": axis.overhang,
        "unread": list(axis.unread),
        "quotient": str(axis.quotient),
        "fitting_padding": axis.fitting_padding,
    }


def describe_values(maps: Maps, inside: Interior, facts: ValueFacts) -> dict[str, object]:
    """Colors, ranges and salient places, from the cells that do not depend on padding."""
    (top, bottom), (left, right) = inside
    inner = maps[:, top:bottom, left:right]
    ranges, telling = _list_single_cells(inner, top, left) if inner[0].size == 1 else _find_ranges(inner, top, left)
    scale = list(facts.scale) if facts.scale else None
    return {"colors": facts.colors, "scale": scale, "ranges": ranges, "telling": telling}


def _list_single_cells(maps: Maps, top: int, left: int) -> tuple[list[list[float]], list[list[int]]]:
    """Ranges and salient places of maps of one cell; there may be a thousand of them."""
    return [[value, value] for value in maps.ravel().tolist()], [[top, left]] * len(maps)


def _find_ranges(maps: Maps, top: int, left: int) -> tuple[list[list[float]], list[list[int]]]:
    """Ranges and salient places of maps that start at (top, left) of the stage's maps."""
    cells, width = maps.reshape(len(maps), -1), maps.shape[2]
    least, most = cells.min(axis=1), cells.max(axis=1)
    ranges = [list(ends) for ends in zip(least.tolist(), most.tolist(), strict=True)]
    return ranges, [
        [top + place // width, left + place % width] for place in _find_salient_places(cells, maps, most).tolist()
    ]


def find_interior(plan: Plan, before: Interior) -> Interior:
    """The output cells that do not depend on padding; if there are none, those that read no padding of this layer;
    else all.
    """
    rows, columns = plan.shape[1:]
    if plan.geometry:
        down, across = plan.geometry.rows, plan.geometry.columns
        return _find_positions(down, before[0]), _find_positions(across, before[1])
    if plan.op.name == "shift":
        by = read_shift(plan.layer)
        return _shift_interval(before[0], by[0], rows), _shift_interval(before[1], by[1], columns)
    return before if plan.shape == plan.in_shape else ((0, rows), (0, columns))


def _find_positions(axis: Axis, interval: Interval) -> Interval:
    """The positions whose windows lie in an interval of the input."""
    for first_cell, after_cell in (interval, (0, axis.size)):
        first = max(0, -(-(first_cell + axis.before) // axis.stride))
        last = min(axis.positions - 1, (after_cell - axis.effective_kernel + axis.before) // axis.stride)
        if first <= last:
            return first, last + 1
    return 0, axis.positions


def _shift_interval(interval: Interval, by: int, size: int) -> Interval:
    first, after = max(0, interval[0] + by), min(size, interval[1] + by)
    return (first, after) if first < after else (0, size)


def _find_salient_places(cells: Maps, maps: Maps, largest: Maps) -> Places:
    """The cell of each map with the largest value: one that ReLU and max pooling keep.

    The middle half of the map is preferred, unless a much larger value lies outside it. Where no value is above 0,
    the cell with the largest absolute value. `cells` are the maps, flattened; `largest` is each map's largest value.
    """
    _, height, width = maps.shape
    middle = maps[:, height // 4 : height - height // 4, width // 4 : width - width // 4]
    near = _list_middle_places(height, width)[middle.reshape(len(maps), -1).argmax(axis=1)]
    large = cells[np.arange(len(cells)), near]
    best: Places = np.where(large >= np.float32(LEAST_SHARE_IN_MIDDLE) * largest, near, cells.argmax(axis=1))
    without_positive = largest <= 0
    if without_positive.any():
        best[without_positive] = np.abs(cells[without_positive]).argmax(axis=1)
    return best


@lru_cache(64)
def _list_middle_places(height: int, width: int) -> Places:
    """The indices of the cells of the middle half of a map, in reading order."""
    places = np.arange(height * width).reshape(height, width)
    middle = places[height // 4 : height - height // 4, width // 4 : width - width // 4].ravel()
    middle.flags.writeable = False
    return middle
