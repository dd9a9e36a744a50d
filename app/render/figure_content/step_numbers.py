"""Which numbers of a step are written, and in which grids: the same for the first paint and the picture.

`tableShape` in `static/ui/arithmetic/table-layout.js` makes the same choice on the live page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ...core.trace.trace import Stage, Trace
from .figure_texts import write_figure_text
from .number_format import add_plus_sign, format_number
from .step_texts import ResultTexts, list_beats, write_channel_sum, write_products_caption, write_result

MAX_LISTED = 3
"""Up to this many channels have grids; of more, one has."""
Kind = Literal["alone", "lines", "one", "bare", "strongest", "shares"]
"""One channel with weights, several, a window without weights, no window, the largest terms of a long sum, or the
scores of a softmax."""
Table = tuple[tuple[str, ...], ...]
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """The numbers of one input channel as texts, row by row; `weights` and `products` are empty without weights.

    `has_products` is False before the beat that shows them. `sum` is the sum of the products, "" before that beat.
    """

    channel: int
    window: Table
    padded: tuple[tuple[bool, ...], ...]
    weights: Table
    products: Table
    has_products: bool
    sum: str
    source: Step


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """The numbers of a step at a beat, and the captions of its grids."""

    step: Step
    beat: str
    kind: Kind
    channels: tuple[ChannelNumbers, ...]
    filter_caption: str
    products_caption: str
    result: ResultTexts


def write_step(trace: Trace, step: Step, beat: str) -> StepNumbers:
    """Write the numbers of a step at a beat; a beat that the step does not have becomes its sum."""
    stage = trace.stages[step["stage"]]
    beats = list_beats(stage, step)
    beat = beat if beat in beats else "sum" if "sum" in beats else beats[-1]
    kind = _choose_kind(step)
    reached = int(beat.removeprefix("channel-")) if beat.startswith("channel-") else None
    channels = tuple(
        _write_channel(stage, step["channels"][index], beat != "window" and (reached is None or index <= reached))
        for index in _list_channels(step, kind, reached)
    )
    divisor = step["divisor"] * step["scale"]
    cells = len(step["rows"]) * len(step["columns"])
    code = "step_shares" if step["kind"] == "prepare" else "step_filter" if divisor == 1 else "step_filter_divided"
    filter_caption = write_figure_text(code, divisor=format_number(divisor, 3))
    products_caption = write_products_caption(cells)
    return StepNumbers(step, beat, kind, channels, filter_caption, products_caption, write_result(trace, step, beat))


def format_table(rows: Sequence[Sequence[float | None]] | None, change: Callable[[str], str] = str) -> Table:
    """Format numbers for small cells, row by row; no numbers make an empty table."""
    return tuple(tuple("" if value is None else change(format_number(value, 3)) for value in row) for row in rows or ())


def _choose_kind(step: Step) -> Kind:
    channels = step["channels"]
    if step["strongest"] and (not channels or len(channels) > MAX_LISTED):
        return "strongest"
    if step["kind"] == "softmax" and len(channels) > 1 and len(step["rows"]) * len(step["columns"]) == 1:
        return "shares"
    if not channels or step["kind"] == "input":
        return "bare"
    if not channels[0]["weights"]:
        return "one"
    return "alone" if len(channels) == 1 else "lines"


def _list_channels(step: Step, kind: Kind, reached: int | None) -> Sequence[int]:
    """List the channels that have grids, by their place in the step."""
    count = len(step["channels"])
    if kind in ("bare", "strongest", "shares"):
        return ()
    if kind == "one":
        own = next((index for index, one in enumerate(step["channels"]) if one["channel"] == step["map"]), 0)
        return (own,)
    return range(count) if count <= MAX_LISTED else (min(reached or 0, count - 1),)


def _write_channel(stage: Stage, channel: Step, has_products: bool) -> ChannelNumbers:
    return ChannelNumbers(
        channel["channel"],
        format_table(channel["values"]),
        tuple(map(tuple, channel["padded"])),
        format_table(channel["weights"]),
        format_table(channel["products"] if channel["weights"] else None, add_plus_sign),
        has_products,
        write_channel_sum(stage, channel) if has_products and channel["weights"] else "",
        channel,
    )
