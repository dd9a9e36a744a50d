"""The numbers of the step in view as tables: its window, its weights, its products, channel by channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.explain import explain_step
from ...core.trace.trace import get_read
from ..exported_figure import ExportedFigure

Table = Sequence[Sequence[float | None]]
"""Rows of numbers; None outside the picture."""


@dataclass(frozen=True, slots=True)
class ChannelTables:
    """The tables of one channel; without weights `filter` and `products` are empty."""

    channel: int
    input: Table
    filter: Table = ()
    products: Table = ()


@dataclass(frozen=True, slots=True)
class StepTables:
    """The step in view: `step` as `explain_step` has it, the tables of all channels, and the whole map in view."""

    step: Mapping[str, Any]
    channels: tuple[ChannelTables, ...]
    output: Table

    @property
    def place(self) -> tuple[int, int]:
        """Row and column of the cell that the step computes."""
        return self.step["row"], self.step["col"]


def shorten(value: float) -> float:
    """The number with the fewest digits that is the same float32. A number that is not finite stays."""
    return float(str(np.float32(value)))


def make_step_tables(figure: ExportedFigure) -> StepTables:
    """Make the tables of the step in view; of the input, the map alone."""
    position = figure.position
    stage, map, cell = position.stage, position.map, position.cell
    output = [[shorten(value) for value in line] for line in stage.output[map].tolist()]
    step = explain_step(figure.trace, stage.info.index, map, *cell)
    if stage.info.operation.kind == "linear" and stage.weight is not None:
        before = get_read(figure.trace, stage, map).output
        weights = stage.weight.reshape(len(stage.output), *before.shape)[map]
        pairs = zip(before.tolist(), weights.tolist(), strict=True)
        return StepTables(step, tuple(_multiply(index, *pair) for index, pair in enumerate(pairs)), output)
    return StepTables(step, tuple(_list_channels(step)), output)


def _list_channels(step: Mapping[str, Any]) -> Iterator[ChannelTables]:
    for one in step["channels"]:
        if one["weights"]:
            yield _multiply(one["channel"], one["values"], one["weights"])
        else:
            yield ChannelTables(one["channel"], _shorten_all(one["values"]))


def _multiply(channel: int, values: Table, weights: Table) -> ChannelTables:
    products = [
        [(value or 0.0) * (weight or 0.0) for value, weight in zip(*lines, strict=True)]
        for lines in zip(values, weights, strict=True)
    ]
    return ChannelTables(channel, _shorten_all(values), _shorten_all(weights), products)


def _shorten_all(table: Table) -> Table:
    return [[None if value is None else shorten(value) for value in line] for line in table]
