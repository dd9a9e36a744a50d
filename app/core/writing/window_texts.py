"""The texts of steps without weights: pools, softmax, activations, and copies of one cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..number_text import format_number, format_percent, is_text_full
from ..trace.denominators import round_to_multiple
from ..trace.trace import Stage
from .amounts import read_amount
from .decimals import ZERO, Amount, NumberFormat, choose_format, is_written_in_full, to_units, write_amount, write_units
from .step_texts import ChannelTexts, StepTexts, TextRows
from .weighted_texts import write_ends, write_share_tables
from .written_sum import StepSum, write_sum

POWERS = NumberFormat(4)
"""How e^x is written in softmax, where the largest is 1."""
Window = Sequence[Sequence[float | None]]


def write_single(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """A step that reads one cell: each number has its own four digits.

    The value of a function at 0, such as ½, is exact where its digits are. A pad may have a value that the stage
    before has not.
    """
    source = stage if step["kind"] in ("input", "pad") else before
    read, result = read_amount(source, step["sum"]), read_amount(stage, step["result"])
    is_exact = result.is_exact or (step["kind"] == "pointwise" and read == ZERO)
    text = format_number(read.value)
    return StepTexts(
        channels=tuple(ChannelTexts(((text,),)) for _ in step["channels"]),
        sum=text,
        is_sum_exact=read.is_exact and is_text_full(read.value),
        result=format_number(result.value),
        is_result_exact=is_exact and is_text_full(result.value),
    )


def write_column(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """The values of several channels at one place, and the sum of their squares, each number with four digits."""
    result = read_amount(stage, step["result"])
    values = [read_amount(before, channel["values"][0][0]).value for channel in step["channels"]]
    return StepTexts(
        channels=tuple(ChannelTexts(((format_number(value),),)) for value in values),
        sum=format_number(step["sum"]),
        is_sum_exact=is_text_full(step["sum"]),
        result=format_number(result.value),
        is_result_exact=result.is_exact and is_text_full(result.value),
    )


def write_shares(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """Cells with their shares, whose sum is the result; a copy of one cell has no shares."""
    if not step["channels"] or step["channels"][0]["weights"] is None:
        return write_single(stage, before, step)
    channels, ends = write_share_tables(before, step)
    return replace(ends, channels=channels, quotient="", bias="")


def write_pooling(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """A pooling: the cells of the window are written alike, and the chosen one is the result."""
    windows = [channel["values"] for channel in step["channels"]]
    amounts = [
        read_amount(before, value) for window in windows for line in window for value in line if value is not None
    ]
    result = read_amount(stage, step["result"])
    kind = stage.info.pool.kind if stage.info.pool else "avg"
    if kind == "avg":
        total = _read_sum(before, step["sum"])
        sums = write_sum(StepSum([amounts] if amounts else [], total, step["count"], ZERO, result))
        ends = write_ends(sums, ZERO, "", result, step["count"])
        channels = tuple(ChannelTexts(_write_window(before, window, sums.format), sum=ends.sum) for window in windows)
        return StepTexts(
            channels,
            sum=ends.sum,
            is_sum_exact=ends.is_sum_exact,
            divisor=ends.divisor,
            rounding=ends.rounding,
            result=ends.result,
            is_result_exact=ends.is_result_exact,
        )
    format = choose_format(amounts)
    channels = tuple(ChannelTexts(_write_window(before, window, format)) for window in windows)
    if kind == "l2":
        root = math.floor(result.value)
        is_exact = (
            _read_sum(before, step["sum"]).value == root * root
            and result.value == root
            and before.info.denominator == 1
        )
        return StepTexts(
            channels, sum=format_number(step["sum"]), result=format_number(result.value), is_result_exact=is_exact
        )
    if not amounts:
        return write_single(stage, before, step)
    return StepTexts(channels, result=write_amount(result, format), is_result_exact=is_written_in_full(result, format))


def write_softmax(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """Softmax: scores, e^x with four decimals that add up to their sum, and shares in percent."""
    listed = step["channels"]
    format = choose_format([read_amount(before, value) for one in listed for line in one["values"] for value in line])
    channels = tuple(ChannelTexts(_write_window(before, one["values"], format)) for one in listed)
    share, score = format_percent(step["result"]), read_amount(before, step["largest"])
    largest = write_amount(score, format) if listed else format_number(score.value)
    texts = StepTexts(
        channels,
        result=share,
        is_result_exact=step["result"] == 1 or share[0] in "<>",
        largest=largest,
    )
    if not listed or len(listed[0]["values"]) * len(listed[0]["values"][0]) > 1:
        return replace(texts, sum=format_number(step["sum"]), is_sum_exact=False)
    powers = [one["products"][0][0] for one in listed]
    units = [to_units(power, POWERS.decimals) for power in powers]
    return replace(
        texts,
        sum=write_units(sum(units), POWERS),
        is_sum_exact=len(units) == 1,
        powers=tuple(write_amount(Amount(power, power == 1), POWERS) for power in powers),
        shares=tuple(format_percent(power / step["sum"]) for power in powers),
    )


def _read_sum(before: Stage, total: float) -> Amount:
    denominator = before.info.denominator
    if denominator:
        return Amount(round_to_multiple(total, denominator), True)
    return Amount(total, total == 0)


def _write_window(before: Stage, window: Window, format: NumberFormat) -> TextRows:
    return tuple(
        tuple("" if value is None else write_amount(read_amount(before, value), format) for value in line)
        for line in window
    )
