"""A sum whose shown terms add up to its shown result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .decimals import (
    Amount,
    NumberFormat,
    choose_format,
    count_decimals,
    is_written_in_full,
    list_formats,
    measure_text,
    power_of_ten,
    round_format,
    to_units,
)

MOST_EXACT_CHANNELS = 8
"""Of more channels the sum is rounded, and the channels that are not listed take what is missing."""
LONGEST_RESULT = 10
LONGEST_TERM = 7


@dataclass(frozen=True, slots=True)
class StepSum:
    """(Σ of the terms of all channels) ÷ divisor + bias = result. `total` is the sum of all terms."""

    channels: Sequence[Sequence[Amount]]
    total: Amount
    divisor: float
    bias: Amount
    result: Amount


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """The sum in whole units: terms, `channel_sums` and `total` in those of `format`, the rest of `end_format`.

    quotient + bias + rounding = result.
    """

    format: NumberFormat
    end_format: NumberFormat
    channel_sums: tuple[int, ...]
    total: int
    quotient: int
    bias: int
    rounding: int
    result: int
    is_total_exact: bool


def write_sum(step_sum: StepSum) -> WrittenSum:
    """The sum with the fewest decimals with which it adds up; with the first of them where none does."""
    written = [_write_with(step_sum, *formats) for formats in _list_format_pairs(step_sum)]
    return next((one for one in written if one.rounding == 0), written[0])


def _list_format_pairs(step_sum: StepSum) -> list[tuple[NumberFormat, NumberFormat]]:
    terms = [amount for channel in step_sum.channels for amount in channel if amount.value] or [step_sum.total]
    ends = [step_sum.bias, step_sum.result]
    format = choose_format(terms)
    end = choose_format(ends, 4, LONGEST_RESULT)
    if step_sum.divisor != 1 and format.is_full:
        return [(format, _hold_bias(end, step_sum.bias, []))]
    if step_sum.divisor != 1:
        tried = list_formats(_find_largest(terms), format, 0)
        return [(one, _hold_bias(_choose_end_format(one, ends), step_sum.bias, [])) for one in tried]
    if format.is_full and end.is_full:
        both = NumberFormat(max(format.decimals, end.decimals), None, True)
        return [(both, both)]
    formats = list_formats(_find_largest(terms), _round_terms(terms, ends), step_sum.result.value)
    return [(one, one) for one in (_hold_bias(one, step_sum.bias, terms) for one in formats)]


def _find_largest(amounts: Sequence[Amount]) -> float:
    return max(abs(amount.value) for amount in amounts)


def _round_terms(terms: Sequence[Amount], ends: Sequence[Amount]) -> NumberFormat:
    """Three digits of the largest term, unless bias and result are so much larger that these would be too many."""
    own, common = round_format(_find_largest(terms)), round_format(_find_largest([*terms, *ends]))
    return common if common.exponent is not None else NumberFormat(min(own.decimals, common.decimals + 2))


def _choose_end_format(format: NumberFormat, ends: list[Amount]) -> NumberFormat:
    """The decimals of the terms, and one or two more where they show fewer than two digits of the result."""
    chosen = choose_format(ends)
    if chosen.exponent is not None or format.exponent is not None:
        return chosen
    decimals = format.decimals
    while decimals < format.decimals + 2 and 0 < abs(ends[1].value) * power_of_ten(decimals) < 10:
        decimals += 1
    return NumberFormat(decimals)


def _hold_bias(format: NumberFormat, bias: Amount, terms: Sequence[Amount]) -> NumberFormat:
    """The format with the decimals of a typed bias, where there is room."""
    decimals = count_decimals(bias)
    if decimals is None or decimals <= format.decimals or format.exponent is not None:
        return format
    longest = LONGEST_TERM if terms else LONGEST_RESULT
    widest = max(measure_text(amount.value, decimals) for amount in (terms or [bias]))
    return replace(format, decimals=decimals) if widest <= longest else format


def _write_with(step_sum: StepSum, format: NumberFormat, end: NumberFormat) -> WrittenSum:
    sums = tuple(sum(to_units(amount.value, format.decimals) for amount in channel) for channel in step_sum.channels)
    is_listed = 0 < len(sums) <= MOST_EXACT_CHANNELS
    total = sum(sums) if is_listed else to_units(step_sum.total.value, format.decimals)
    is_total_exact = step_sum.total.is_exact and (
        all(is_written_in_full(amount, format) for channel in step_sum.channels for amount in channel)
        if is_listed
        else is_written_in_full(step_sum.total, format)
    )
    if step_sum.divisor == 1 and format == end:
        quotient = total
    else:
        quotient = to_units(total / power_of_ten(format.decimals) / step_sum.divisor, end.decimals)
    bias, result = (to_units(amount.value, end.decimals) for amount in (step_sum.bias, step_sum.result))
    return WrittenSum(format, end, sums, total, quotient, bias, result - quotient - bias, result, is_total_exact)
