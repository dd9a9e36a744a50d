"""Which numbers of a step are shown, and in which grids: the same for the first paint and the picture.

`tableShape` in `static/ui/arithmetic/table-layout.js` makes the same choice on the live page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from ...core.explain.beats import fit_beat
from ...core.trace.trace import Trace
from ...core.writing import ChannelTexts, StepTexts, write_step
from .figure_texts import write_figure_text
from .large_filters import count_cells, has_large_filter, list_largest_terms
from .step_sentences import ResultTexts, name_channels, write_products_caption, write_result

MAX_LISTED = 3
"""Up to this many channels have grids; of more, one has."""
MAX_COLUMNS_IN_LINE = 3
"""Filters with more columns, or numbers that are not whole, have grids of one channel only."""
MAX_STACKED = 8
"""So many channels of one place stand in one table."""
Kind = Literal["alone", "lines", "one", "bare", "strongest", "shares"]
"""One channel with weights, several, a window without weights, no window, the largest terms of a long sum, or the
scores of a softmax."""
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChannelNumbers:
    """The numbers of one input channel, and their texts; without weights it has no `weights` and no `products`.

    `has_products` is False before the beat that shows them.
    """

    values: Step
    texts: ChannelTexts
    has_products: bool

    @property
    def padded(self) -> Sequence[Sequence[bool]]:
        """Whether each cell of the window lies in the padding."""
        padded: Sequence[Sequence[bool]] = self.values["padded"]
        return padded

    @property
    def sum(self) -> str:
        """The text of the sum of the products, "" before their beat."""
        return self.texts.sum if self.has_products and self.texts.weights else ""


@dataclass(frozen=True, slots=True)
class StepNumbers:
    """The numbers of a step at one of its beats, all its texts, and the captions of its grids.

    `channel_names` are those of all channels that the step reads.

    `filter_note` stands below the grids of several channels, "" where nothing is special about the filters.
    """

    step: Step
    texts: StepTexts
    beat: str
    kind: Kind
    channels: tuple[ChannelNumbers, ...]
    filter_caption: str
    products_caption: str
    filter_note: str
    result: ResultTexts
    channel_names: Sequence[str] = ()

    def is_multiplied(self, index: int) -> bool:
        """Whether the products of a channel are known at the beat."""
        return is_multiplied(self.beat, index)

    @property
    def open_channel(self) -> str:
        """The name of the only channel with grids among several, else ""."""
        if self.kind != "lines" or len(self.channels) != 1:
            return ""
        places = [one["channel"] for one in self.step["channels"]]
        return self.channel_names[places.index(self.channels[0].values["channel"])]

    @property
    def letters(self) -> Sequence[str]:
        """R, G and B beside the grids of a color picture; of other channels ""."""
        places = [one["channel"] for one in self.step["channels"]]
        names = [self.channel_names[places.index(one.values["channel"])] for one in self.channels]
        return [name if len(name) == 1 else "" for name in names]


def is_multiplied(beat: str, index: int) -> bool:
    """Whether the products of a channel are known at a beat; `isMultiplied` of the scripts says the same."""
    reached = int(beat.removeprefix("channel-")) if beat.startswith("channel-") else index
    return beat != "window" and index <= reached


def show_step(trace: Trace, step: Step, beat: str) -> StepNumbers:
    """Choose what is shown of a step at a beat; a beat that the step does not have becomes its sum."""
    stage, texts = trace.stages[step["stage"]], write_step(trace, step)
    if has_large_filter(step):
        step, texts = list_largest_terms(step, texts)
    whole, written = step, texts
    step, texts = _stack_channels(step, texts)
    kind = _choose_kind(step)
    beat = fit_beat(stage, beat)
    reached = int(beat.removeprefix("channel-")) if beat.startswith("channel-") else None
    channels = tuple(
        ChannelNumbers(step["channels"][index], texts.channels[index], is_multiplied(beat, index))
        for index in _list_channels(step, kind, reached, stage.info.exact)
    )
    name = write_figure_text("step_filter_divided" if texts.divisor else "step_filter", divisor=texts.divisor)
    is_turned = stage.info.filters is not None and stage.info.filters.flip
    turned = write_figure_text("step_turned", name=name) if is_turned else ""
    filter_caption = name if kind == "lines" or not turned else turned
    if step["kind"] in ("prepare", "upsample", "center"):
        filter_caption = write_figure_text("step_shares")
    return StepNumbers(
        step,
        texts,
        beat,
        kind,
        channels,
        filter_caption,
        write_products_caption(count_cells(step)),
        turned if kind == "lines" else "",
        write_result(trace, whole, written, beat),
        name_channels(trace, step),
    )


def _reads_one_place(step: Step) -> bool:
    """Whether a step reads several channels at one place, without weights."""
    channels = step["channels"]
    is_place = len(channels) > 1 and not channels[0]["weights"] and count_cells(step) == 1
    return is_place and step["kind"] != "softmax"


def _stack_channels(step: Step, texts: StepTexts) -> tuple[Step, StepTexts]:
    """The step with its texts, where the channels of one place stand below each other: of a mean or a norm."""
    channels = step["channels"]
    if not _reads_one_place(step) or len(channels) > MAX_STACKED:
        return step, texts
    lists = {name: [line for channel in channels for line in channel[name]] for name in ("values", "padded", "sources")}
    one = {**channels[0], "channel": step["map"], "products": None, **lists}
    values = tuple(line for channel in texts.channels for line in channel.values)
    stacked = {**step, "rows": [channel["channel"] for channel in channels], "channels": [one]}
    return stacked, replace(texts, channels=(replace(texts.channels[0], values=values),))


def _choose_kind(step: Step) -> Kind:
    channels = step["channels"]
    if step["strongest"] and (not channels or len(channels) > MAX_LISTED or has_large_filter(step)):
        return "strongest"
    if step["kind"] == "softmax" and len(channels) > 1 and count_cells(step) == 1:
        return "shares"
    if not channels or step["kind"] == "input" or _reads_one_place(step):
        return "bare"
    if not channels[0]["weights"]:
        return "one"
    return "alone" if len(channels) == 1 else "lines"


def _list_channels(step: Step, kind: Kind, reached: int | None, is_exact: bool) -> Sequence[int]:
    """List the channels that have grids, by their place in the step."""
    count = len(step["channels"])
    if kind in ("bare", "strongest", "shares"):
        return ()
    if kind == "one":
        own = next((index for index, one in enumerate(step["channels"]) if one["channel"] == step["map"]), 0)
        return (own,)
    most = MAX_LISTED if is_exact and len(step["columns"]) <= MAX_COLUMNS_IN_LINE else 1
    return range(count) if count <= most else (min(reached or 0, count - 1),)
