"""The sums of the filters of a volume, as far as the beat of each is: those of the channels, the bias, the result.

`static/pure/tabs/volume/volume-sums.js` writes the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ....core.explain.beats import list_beats
from ....core.number_text import MINUS, bracket_negative
from ....core.writing import StepTexts, write_step
from .volume_parts import Step, VolumeStep

MOST_PRODUCTS, MOST_LISTED = 9, 8
"""A sum of more products is not written product by product; of more channels a line has their sum alone."""


@dataclass(frozen=True, slots=True)
class FilterSum:
    """How far the sum of a filter is: its beat, "" for one that has not begun; its texts; the sums of the channels that
    are known; the result, "" until it is known; and the sum as a line.
    """

    map: int
    beat: str
    texts: StepTexts
    channels: Mapping[int, str]
    result: str
    line: str


def sum_filter(step: VolumeStep, map: int) -> FilterSum:
    """The sum of a filter at the beat of a step."""
    beat, numbers = step.find_beat(map), step.explain(map)
    texts, beats = write_step(step.trace, numbers), list_beats(step.stage)
    at = beats.index(beat) if beat in beats else -1

    def has_beat(name: str) -> bool:
        return name in beats and at >= beats.index(name)

    is_summed = beat != "" and has_beat("sum")
    is_done = is_summed and ("bias" not in beats or has_beat("bias"))
    channels = {
        channel["channel"]: texts.channels[index].sum
        for index, channel in enumerate(numbers["channels"])
        if beat and (is_summed or has_beat(f"channel-{index}"))
    }
    line = _write_line(texts, list(channels.values()), len(numbers["channels"]), is_summed, is_done)
    return FilterSum(map, beat, texts, channels, texts.result if is_done else "", line)


def _write_line(texts: StepTexts, sums: Sequence[str], channels: int, is_summed: bool, is_done: bool) -> str:
    is_listed = 1 < channels <= MOST_LISTED
    left = join_terms(sums) if is_listed else drop_plus(texts.sum) if is_summed else ""
    if not is_summed:
        return left
    divided = f"({left}) ÷ {texts.divisor}" if texts.divisor else left
    if not is_done:
        sign = "" if texts.is_sum_exact else "≈ "
        return f"{left} = {sign}{drop_plus(texts.sum)}" if is_listed else divided
    bias = texts.bias_written or texts.bias or "0"
    ends = "".join(_write_term(one) for one in (bias, texts.rounding) if one)
    return f"{divided}{ends} {'=' if texts.is_result_exact else '≈'} {texts.result}"


def write_products(step: VolumeStep) -> tuple[int, str, int] | None:
    """Write the products of the channel that the beat of a step names: the channel, the text, and how many there are
    where they are not written one by one, else 0. None at other beats.
    """
    beat, numbers = step.beat, step.numbers
    if beat.startswith("channel-"):
        index = int(beat.removeprefix("channel-"))
    elif beat == "products" and len(numbers["channels"]) == 1:
        index = 0
    else:
        return None
    channel: Step = numbers["channels"][index]
    if not channel["weights"]:
        return None
    texts = write_step(step.trace, numbers).channels[index]
    terms = [
        f"{bracket_negative(value)}·{bracket_negative(weight)}"
        for values, weights in zip(texts.values, texts.weights, strict=True)
        for value, weight in zip(values, weights, strict=True)
    ]
    if len(terms) > MOST_PRODUCTS:
        return channel["channel"], drop_plus(texts.sum), len(terms)
    return channel["channel"], f"{' + '.join(terms)} = {drop_plus(texts.sum)}", 0


def join_terms(texts: Sequence[str]) -> str:
    """Write signed texts as one sum: "679 − 334 + 97"."""
    return "".join(_write_term(one) if index else drop_plus(one) for index, one in enumerate(texts))


def drop_plus(text: str) -> str:
    """The text of a number without its plus sign."""
    return text.removeprefix("+")


def _write_term(text: str) -> str:
    bare = drop_plus(text)
    return f" {MINUS} {bare[1:]}" if bare.startswith(MINUS) else f" + {bare}"
