"""A sum whose shown terms add up to its shown result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .decimals import (
    LONGEST_TEXT,
    Amount,
    NumberFormat,
    choose_format,
    count_decimals,
    is_written_in_full,
    measure_text,
    power_of_ten,
    round_format,
    to_units,
    widen_for_result,
)

MOST_EXACT_CHANNELS = 8
"""Of more channels the sum is rounded; the largest are listed, and the others take what is missing."""
LONGEST_RESULT = 10
LEAST_DISTANCE = 0.1
"""Of a unit: a term that is nearer to its rounded text is not rounded to the other side."""


def order_channels(sums: Sequence[float]) -> list[int]:
    """The places of channels, those with the largest sums first, by their size."""
    return sorted(range(len(sums)), key=lambda place: -abs(sums[place]))


@dataclass(frozen=True, slots=True)
class StepSum:
    """(Σ of the terms of all channels) ÷ divisor + bias = result.

    `total` is the sum of all terms. `is_free` says of each term whether it may be rounded to the other side; a product
    with a weight of 1 or −1 may not, because its value is written beside it.
    """

    channels: Sequence[Sequence[Amount]]
    total: Amount
    divisor: float
    bias: Amount
    result: Amount
    is_free: Sequence[Sequence[bool]] = ()


@dataclass(frozen=True, slots=True)
class WrittenSum:
    """The sum in whole units: `terms`, `channel_sums` and `total` in those of `format`, the rest of `end_format`.

    quotient + bias + rounding = result.
    """

    format: NumberFormat
    end_format: NumberFormat
    terms: tuple[tuple[int, ...], ...]
    channel_sums: tuple[int, ...]
    total: int
    quotient: int
    bias: int
    rounding: int
    result: int
    is_total_exact: bool


def write_sum(step_sum: StepSum) -> WrittenSum:
    """The sum as it is written.

    Each term is rounded to the nearest unit. Where these do not add up to the rounded result, some terms are rounded to
    the other side, those first that are nearest to the middle; where too few may be, `rounding` says what is missing.
    """
    format, end = _choose_formats(step_sum)
    written = _write_with(step_sum, format, end, _round_terms(step_sum, format))
    if not written.rounding or step_sum.divisor != 1 or len(step_sum.channels) > MOST_EXACT_CHANNELS:
        return written
    moved = _move_terms(step_sum, format, written)
    return _write_with(step_sum, format, end, moved) if moved else written


def _choose_formats(step_sum: StepSum) -> tuple[NumberFormat, NumberFormat]:
    terms = [amount for channel in step_sum.channels for amount in channel if amount.value] or [step_sum.total]
    ends = [step_sum.bias, step_sum.result]
    format, end = choose_format(terms), choose_format(ends, 4, LONGEST_RESULT)
    if step_sum.divisor != 1:
        chosen = end if format.is_full else _choose_end_format(format, ends)
        return format, _hold_bias(chosen, step_sum.bias, [])
    if format.is_full and end.is_full:
        both = NumberFormat(max(format.decimals, end.decimals), None, True)
        return both, both
    rounded = widen_for_result(_choose_common_format(terms, ends), _find_largest(terms), step_sum.result.value)
    held = _hold_bias(rounded, step_sum.bias, terms)
    return held, held


def _round_terms(step_sum: StepSum, format: NumberFormat) -> list[list[int]]:
    return [[to_units(amount.value, format.decimals) for amount in channel] for channel in step_sum.channels]


def _move_terms(step_sum: StepSum, format: NumberFormat, written: WrittenSum) -> list[list[int]] | None:
    """The terms with as many rounded to the other side as the sum needs, None where too few may be."""
    missing = written.rounding
    sign = 1 if missing > 0 else -1
    scale = power_of_ten(format.decimals)
    places = []
    for c, channel in enumerate(step_sum.is_free):
        for n, is_free in enumerate(channel):
            distance = sign * (step_sum.channels[c][n].value * scale - written.terms[c][n])
            if is_free and distance > LEAST_DISTANCE:
                places.append((-distance, c, n))
    if len(places) < abs(missing):
        return None
    terms = [list(channel) for channel in written.terms]
    for _, c, n in sorted(places)[: abs(missing)]:
        terms[c][n] += sign
    return terms


def _find_largest(amounts: Sequence[Amount]) -> float:
    return max(abs(amount.value) for amount in amounts)


def _choose_common_format(terms: Sequence[Amount], ends: Sequence[Amount]) -> NumberFormat:
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
    longest = LONGEST_TEXT if terms else LONGEST_RESULT
    widest = max(measure_text(amount.value, decimals) for amount in (terms or [bias]))
    return replace(format, decimals=decimals) if widest <= longest else format


def _write_with(
    step_sum: StepSum, format: NumberFormat, end: NumberFormat, units: Sequence[Sequence[int]]
) -> WrittenSum:
    terms = tuple(map(tuple, units))
    sums = tuple(map(sum, terms))
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
    return WrittenSum(format, end, terms, sums, total, quotient, bias, result - quotient - bias, result, is_total_exact)
