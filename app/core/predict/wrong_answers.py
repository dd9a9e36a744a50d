"""Wrong answers that come from typical mistakes: one table of rules, each a pure function of what was asked.

A rule is what one may forget or confuse; its code is that of a sentence, which says what its answer would be right for.
A rule that does not apply gives None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..ops.convolution import PaddingMode
from ..ops.geometry import Axis, Geometry, Tap, find_source_index
from ..ops.transposed import NO_TAP
from ..scene import Pair
from ..trace.stage_info import FilterInfo
from ..trace.trace import Stage

Numbers = NDArray[np.float64]
MOST_WRONG = 3
"""So many wrong answers stand beside the right one."""


@dataclass(frozen=True, slots=True)
class FilterFacts:
    """One filter and all that it reads: `maps` (C, H, W), `weights` (C, h, w) as they are applied, their divisor, the
    bias, where the window stops, and how cells outside are read.
    """

    maps: Numbers
    weights: Numbers
    divisor: float
    bias: float
    geometry: Geometry
    padding_mode: PaddingMode = "zeros"

    def compute_cell(self, row: int, column: int) -> float:
        """The value of a cell of the map that the filter makes."""
        return self.apply(self.geometry.rows.list_taps(row), self.geometry.columns.list_taps(column))

    def apply(self, rows: tuple[Tap, ...], columns: tuple[Tap, ...]) -> float:
        """The value that the filter makes of the window with these rows and columns."""
        _, height, width = self.maps.shape
        lines = [(tap, find_source_index(index, height, self.padding_mode)) for index, tap in rows]
        places = [(tap, find_source_index(index, width, self.padding_mode)) for index, tap in columns]
        total = 0.0
        for i, line in lines:
            for j, place in places:
                if line is not None and place is not None and NO_TAP not in (i, j):
                    total += float(self.weights[:, i, j] @ self.maps[:, line, place])
        return total / self.divisor + self.bias


@dataclass(frozen=True, slots=True)
class CellFacts:
    """A cell of the map of a filter."""

    filter: FilterFacts
    row: int
    column: int


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """What the parameters of a layer are counted from: K filters over the `channels` of a group, `places` cells in each
    map, and all cells of the input.
    """

    filters: int
    channels: int
    height: int
    width: int
    groups: int
    places: int
    inputs: int


def read_filter(stage: Stage, before: Stage, map: int) -> FilterFacts:
    """The filter of one map of a convolution. Raises ValueError for a stage without filters."""
    if stage.weight is None or stage.geometry is None:
        raise ValueError("the stage has no filters")
    info = stage.info.filters or FilterInfo()
    depth = stage.weight.shape[1]
    first = map // (len(stage.weight) // info.groups) * depth
    divisor = (info.divisors[map] if info.divisors else 1) * (info.scales[map] if info.scales else 1)
    bias = float(stage.bias[map]) if stage.bias is not None else 0.0
    maps = before.output[first : first + depth].astype(np.float64)
    weights = stage.weight[map].astype(np.float64)
    return FilterFacts(maps, weights, divisor, bias, stage.geometry, info.padding_mode)


def read_layer(stage: Stage) -> LayerFacts:
    """The counts of a layer with weights. Raises ValueError for a stage without."""
    if stage.weight is None:
        raise ValueError("the stage has no weights")
    filters, channels, *window = (*stage.weight.shape, 1, 1)[:4]
    groups = stage.info.filters.groups if stage.info.filters else 1
    inputs = int(np.prod(stage.info.input_shape)) if stage.info.input_shape else channels
    places = stage.output.shape[1] * stage.output.shape[2]
    return LayerFacts(filters, channels, window[0], window[1], groups, places, inputs)


def _without_bias(facts: FilterFacts) -> FilterFacts | None:
    return replace(facts, bias=0.0) if facts.bias else None


def _first_channel(facts: FilterFacts) -> FilterFacts | None:
    return replace(facts, maps=facts.maps[:1], weights=facts.weights[:1]) if len(facts.maps) > 1 else None


def _turned(facts: FilterFacts) -> FilterFacts:
    return replace(facts, weights=facts.weights[:, ::-1, ::-1])


def _swapped(facts: FilterFacts) -> FilterFacts | None:
    _, height, width = facts.weights.shape
    return replace(facts, weights=facts.weights.transpose(0, 2, 1)) if height == width else None


def _without_filter(facts: FilterFacts) -> FilterFacts:
    return replace(facts, weights=np.ones_like(facts.weights), divisor=1.0)


def _other_signs(facts: FilterFacts) -> FilterFacts:
    return replace(facts, weights=-facts.weights)


FILTER_RULES: Mapping[str, Callable[[FilterFacts], FilterFacts | None]] = {
    "without_bias": _without_bias,
    "first_channel": _first_channel,
    "filter_turned": _turned,
    "rows_and_columns": _swapped,
    "without_filter": _without_filter,
}
"""Rules for a cell and for a map: the filter that somebody has applied instead."""

MADE_BY_RULES: Mapping[str, Callable[[FilterFacts], FilterFacts | None]] = {
    "filter_turned": _turned,
    "rows_and_columns": _swapped,
    "other_signs": _other_signs,
    "without_filter": _without_filter,
}
"""Rules for the filter that has made a map."""


def _without_padding(facts: CellFacts) -> float | None:
    rows, columns = facts.filter.geometry.rows, facts.filter.geometry.columns
    starts = replace(rows, before=0, after=0), replace(columns, before=0, after=0)
    cells = starts[0].list_taps(facts.row), starts[1].list_taps(facts.column)
    if not (rows.before or columns.before) or cells[0][-1][0] >= rows.size or cells[1][-1][0] >= columns.size:
        return None
    return facts.filter.apply(*cells)


def _next_place(facts: CellFacts) -> float | None:
    positions = facts.filter.geometry.columns.positions
    if positions < 2:
        return None
    return facts.filter.compute_cell(facts.row, facts.column + (1 if facts.column + 1 < positions else -1))


CELL_RULES: Mapping[str, Callable[[CellFacts], float | None]] = {
    "without_padding": _without_padding,
    "next_place": _next_place,
}
"""Further rules for a cell: the window that somebody has read instead."""

SIZE_RULES: Mapping[str, Callable[[Axis], int]] = {
    "without_padding": lambda axis: replace(axis, before=0, after=0).positions,
    "other_rounding": lambda axis: replace(axis, ceil=not axis.ceil).positions,
    "without_first": lambda axis: axis.positions - 1,
    "without_stride": lambda axis: replace(axis, stride=1).positions,
    "without_dilation": lambda axis: replace(axis, dilation=1).positions,
    "same_size": lambda axis: axis.size,
    "one_more": lambda axis: axis.positions + 1,
}
"""Rules for the size of a map, applied to rows and to columns; 0 and less is no answer."""


def _count(facts: LayerFacts, filters: int, channels: int, biases: int) -> int:
    return filters * channels * facts.height * facts.width + biases


FIT_RULES: Mapping[str, Callable[[Axis], Axis]] = {
    "without_padding": lambda axis: replace(axis, before=0, after=0),
    "without_stride": lambda axis: replace(axis, stride=1),
    "larger_stride": lambda axis: replace(axis, stride=axis.stride + 1),
    "without_dilation": lambda axis: replace(axis, dilation=1),
    "smaller_window": lambda axis: replace(axis, kernel=max(1, axis.kernel - 1)),
    "larger_window": lambda axis: replace(axis, kernel=axis.kernel + 1),
    "larger_input": lambda axis: replace(axis, size=axis.size + 1),
}
"""Rules for the rows and columns that no window reads: the axis that somebody has counted instead."""

PARAMETER_RULES: Mapping[str, Callable[[LayerFacts], int]] = {
    "without_bias": lambda facts: _count(facts, facts.filters, facts.channels, 0),
    "one_channel": lambda facts: _count(facts, facts.filters, 1, facts.filters),
    "every_place": lambda facts: facts.places * _count(facts, facts.filters, facts.channels, facts.filters),
    "one_filter": lambda facts: _count(facts, 1, facts.channels, 1),
    "one_bias": lambda facts: _count(facts, facts.filters, facts.channels, 1),
    "without_groups": lambda facts: _count(facts, facts.filters, facts.channels * facts.groups, facts.filters),
    "reads_all": lambda facts: facts.places * facts.filters * (facts.inputs + 1),
}
"""Rules for the number of parameters."""


def list_wrong_cells(facts: CellFacts) -> Iterator[tuple[str, float]]:
    """The wrong answers for a cell, with the codes of their rules, the likeliest first."""
    for code, change in FILTER_RULES.items():
        changed = change(facts.filter)
        if changed is not None:
            yield code, changed.compute_cell(facts.row, facts.column)
    for code, rule in CELL_RULES.items():
        value = rule(facts)
        if value is not None:
            yield code, value


def list_wrong_sizes(geometry: Geometry) -> Iterator[tuple[str, Pair]]:
    """The wrong answers for the size of a map, with the codes of their rules, the likeliest first."""
    for code, rule in SIZE_RULES.items():
        size = rule(geometry.rows), rule(geometry.columns)
        if min(size) > 0:
            yield code, size


def list_wrong_fits(geometry: Geometry) -> Iterator[tuple[str, Pair]]:
    """The wrong answers for the rows and columns that no window reads, with the codes of their rules."""
    for code, rule in FIT_RULES.items():
        rows, columns = rule(geometry.rows), rule(geometry.columns)
        if rows.positions and columns.positions:
            yield code, count_unread(rows, columns)
    rows_unread, columns_unread = count_unread(geometry.rows, geometry.columns)
    yield "one_left", (rows_unread + 1, columns_unread + 1)


def count_unread(rows: Axis, columns: Axis) -> Pair:
    """How many rows and columns of the input no window reads."""
    return len(rows.unread), len(columns.unread)


def list_wrong_counts(facts: LayerFacts) -> Iterator[tuple[str, int]]:
    """The wrong answers for the number of parameters, with the codes of their rules, the likeliest first."""
    for code, rule in PARAMETER_RULES.items():
        yield code, rule(facts)


def list_wrong_maps(facts: FilterFacts) -> Iterator[tuple[str, FilterFacts]]:
    """The filters whose maps somebody takes for that of a filter, with the codes of their rules."""
    for code, change in FILTER_RULES.items():
        changed = change(facts)
        if changed is not None:
            yield code, changed


def list_wrong_filters(facts: FilterFacts) -> Iterator[tuple[str, FilterFacts]]:
    """The filters that somebody takes for the one that has made a map, with the codes of their rules."""
    for code, change in MADE_BY_RULES.items():
        changed = change(facts)
        if changed is not None:
            yield code, changed
