"""What the stylesheet has to know of the tables between the maps, for a first paint with the sizes of the live page.

`static/ui/arithmetic/column-layout.js` and `arithmetic.js` choose the same on the live page; a browser test holds the
two to each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ...core.number_text import format_short_number
from ...core.trace.trace import Trace, get_read
from .step_numbers import StepNumbers

MAX_AIRY_ROWS = 4
"""Tables with more rows have less space between their cells."""
MAX_STACKED_ROWS = 8
"""Tables with more rows stand beside each other."""
MAX_BARS, MAX_SINGLE_BARS = 8, 4
"""Channels with a bar of their own; of more than `MAX_SINGLE_BARS`, two stand in a line."""
LONGEST_TEXT, LONGEST_INEXACT_TEXT = 7, 6
"""Characters of the longest number that cells are made wide for, of whole and of other numbers."""
Room = Literal["narrow", "wide", "wider", "lines"]


@dataclass(frozen=True, slots=True)
class ColumnTables:
    """The tables of a step: how many below each other, with how many rows and columns, in the widest column of `room`.

    `window`, `weights` and `products` are the characters of their longest numbers in the whole stage; `space` is that
    between cells in pixels, `bars` the number of lines of bars.
    """

    tables: int
    rows: int
    columns: int
    window: int
    weights: int
    products: int
    space: int
    bars: int
    room: Room


def measure_tables(trace: Trace, numbers: StepNumbers) -> ColumnTables:
    """Measure the tables of a step; a step without tables has one of one cell."""
    step, kind = numbers.step, numbers.kind
    rows, columns = max(1, len(step["rows"])), max(1, len(step["columns"]))
    is_stack = kind == "alone" or (kind == "lines" and len(numbers.channels) == 1)
    count = len(step["channels"])
    has_bars = kind == "lines" and count > len(numbers.channels)
    is_beside = is_stack and rows > MAX_STACKED_ROWS
    return ColumnTables(
        3 if is_stack and not is_beside else len(numbers.channels) if kind == "lines" else 1,
        rows,
        columns,
        *_count_characters(trace, step),
        1 if rows > MAX_AIRY_ROWS else 2,
        _count_bar_lines(count) if has_bars else 0,
        _choose_room(is_beside, kind == "lines" and not is_stack, columns),
    )


def _choose_room(is_beside: bool, is_lines: bool, columns: int) -> Room:
    if is_lines:
        return "lines"
    return "wider" if is_beside or columns > 7 else "wide" if columns > 3 else "narrow"


def _count_bar_lines(channels: int) -> int:
    if channels <= MAX_SINGLE_BARS:
        return channels
    return -(-min(channels, MAX_BARS) // 2) + (channels > MAX_BARS)


def _count_characters(trace: Trace, step: Mapping[str, Any]) -> tuple[int, int, int]:
    """Count the characters of the longest number of window, filter and products in the whole stage."""
    stage = trace.stages[step["stage"]]
    before = get_read(trace, stage, step["map"])
    inputs = [float(end) for pair in before.ranges for end in pair]
    weights = [float(one) for channel in step["channels"] for row in channel["weights"] or () for one in row]
    largest = -max(map(abs, inputs), default=0.0) * max(map(abs, weights), default=0.0)
    exact = stage.info.exact
    most, least = (LONGEST_TEXT, 1) if exact else (LONGEST_INEXACT_TEXT, LONGEST_INEXACT_TEXT)
    return (
        max(min(_find_longest(inputs), most), least),
        min(_find_longest(weights), most),
        max(min(_find_longest([largest]), most), least),
    )


def _find_longest(values: Iterable[float]) -> int:
    return max((len(format_short_number(value)) for value in values), default=1)
