"""The wires of the view of a whole network: what a chosen cell, or a chosen map, is made from.

* **A cell** of a layer with weights: one wire for each channel that it reads. The channel's part is s = Σ w · x over
  the window, divided as the filter is and without the bias; its width is the share |s| / Σ |s| of all channels, its
  color the sign of s. Where all x of the window are 0 there is no wire, whatever the weights are.
* **A cell** of any other layer: one wire without amount from each map that its number is made from, with a number other
  than 0 in its window.
* **A map**: thin gray wires, without amounts, from all maps that it is made from; none from a map that is 0 everywhere.
  The wires into one map of a convolution are its filter.

These are the largest products, not reasons. A fully connected layer reads the maps that a flatten made a column of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..explain import explain_step
from ..trace.trace import Stage, Trace, get_read

WEIGHTED = ("conv", "linear")


@dataclass(frozen=True, slots=True)
class NetworkWire:
    """A wire from a map of a stage. `amount` is its part s of the sum, `share` |s| / Σ |s|; None for a gray one."""

    stage: int
    map: int
    amount: float | None = None
    share: float | None = None


def find_summing_stage(trace: Trace, stages: Sequence[int]) -> int:
    """Of the stages of a column the one whose sums its wires are: the first with weights, else the first."""
    return next((number for number in stages if trace.stages[number].info.operation.kind in WEIGHTED), stages[0])


def find_cell_wires(trace: Trace, stage: int, map: int, row: int, column: int) -> tuple[NetworkWire, ...]:
    """The wires of one cell of a stage, in the order of what it reads."""
    chosen = trace.stages[stage]
    if not chosen.info.reads:
        return ()
    if chosen.info.operation.kind not in WEIGHTED:
        return _find_plain_wires(trace, chosen, map, explain_step(trace, stage, map, row, column))
    source, amounts = _sum_channels(trace, chosen, map, row, column)
    total = sum(abs(amount) for _, amount in amounts)
    return tuple(
        NetworkWire(source, channel, amount, abs(amount) / total if total else 0.0) for channel, amount in amounts
    )


def find_map_wires(trace: Trace, stage: int, map: int) -> tuple[NetworkWire, ...]:
    """The thin gray wires of one map of a stage."""
    chosen = trace.stages[stage]
    sources = _list_sources(trace, chosen, map)
    return tuple(NetworkWire(read, one) for read, one in sources if trace.stages[read].output[one].any())


def _sum_channels(trace: Trace, stage: Stage, map: int, row: int, column: int) -> tuple[int, list[tuple[int, float]]]:
    """(the stage that is read, the sum of each channel that is not all 0 in the window)."""
    read, weight = get_read(trace, stage), stage.weight
    if weight is None:
        raise ValueError("a layer with weights has some")
    step = explain_step(trace, stage.info.index, map, row, column)
    divisor = step["divisor"] * step["scale"]
    if stage.info.operation.kind == "linear":
        before = _skip_flatten(trace, read)
        values = before.output.reshape(len(before.output), -1).astype(np.float64)
        sums = (values * weight[map].reshape(values.shape)).sum(axis=1) / divisor
        return before.info.index, [(one, float(part)) for one, part in enumerate(sums) if values[one].any()]
    parts = [(one["channel"], one["sum"] / divisor) for one in step["channels"] if _has_numbers(one)]
    return read.info.index, parts


def _skip_flatten(trace: Trace, stage: Stage) -> Stage:
    """The stage that a flatten reads, for a flatten; else the stage itself."""
    while stage.info.operation.kind == "flatten":
        stage = get_read(trace, stage)
    return stage


def _list_channels(stage: Stage, map: int) -> range:
    """The channels that a map of a convolution reads: those of its group."""
    filters, weight = stage.info.filters, stage.weight
    if weight is None:
        return range(0)
    groups, depth = filters.groups if filters else 1, weight.shape[1]
    first = map // (len(weight) // groups) * depth
    return range(first, first + depth)


def _list_sources(trace: Trace, stage: Stage, map: int) -> list[tuple[int, int]]:
    """(stage, map) of all maps that a map of a layer is made from."""
    info = stage.info
    if not info.reads:
        return []
    if info.operation.kind == "linear":
        before = _skip_flatten(trace, get_read(trace, stage))
        return [(before.info.index, one) for one in range(len(before.output))]
    if info.operation.kind == "conv":
        return [(info.reads[0], one) for one in _list_channels(stage, map)]
    if info.operation.join == "concat":
        part = info.find_part(map)
        return [(info.reads[part], map - info.starts[part])]
    if info.operation.join:
        return [(read, min(map, len(trace.stages[read].output) - 1)) for read in info.reads]
    read = info.reads[0]
    maps = trace.stages[read].output
    if info.operation.kind == "flatten":
        return [(read, map // maps[0].size)]
    if "map_by_map" in info.operation.capabilities or info.operation.kind == "shift":
        return [(read, map)]
    return [(read, one) for one in range(len(maps))]


def _find_plain_wires(trace: Trace, stage: Stage, map: int, step: dict[str, Any]) -> tuple[NetworkWire, ...]:
    """Gray wires from the maps that have a number other than 0 in the window of the cell."""
    if step.get("terms"):
        return tuple(NetworkWire(term["stage"], term["source"][0]) for term in step["terms"] if term["value"])
    if not step["channels"]:
        return find_map_wires(trace, stage.info.index, map)
    read = stage.info.reads[0]
    return tuple(NetworkWire(read, one["channel"]) for one in step["channels"] if _has_numbers(one))


def _has_numbers(channel: dict[str, Any]) -> bool:
    """Whether a number other than 0 is in the window of a channel."""
    return any(any(row) for row in channel["values"])
