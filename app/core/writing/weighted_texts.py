"""The texts of weighted sums: convolutions, fully connected layers, and the preprocessing of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..number_text import add_plus_sign, format_number, is_text_full
from ..trace.denominators import round_to_multiple
from ..trace.trace import Stage
from .amounts import WrittenFilter, read_amount, read_bias, read_filter
from .decimals import (
    ZERO,
    Amount,
    NumberFormat,
    choose_format,
    is_written_in_full,
    power_of_ten,
    round_format,
    to_units,
    write_amount,
    write_units,
)
from .step_texts import ChannelTexts, StepTexts, TermTexts, TextRows
from .written_sum import MOST_EXACT_CHANNELS, StepSum, WrittenSum, order_channels, write_sum

AmountRows = list[list[Amount]]
MOST_TABLES = 3
"""A fully connected layer on more channels shows its largest terms instead of tables."""


def write_weighted_sum(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """A convolution or a fully connected layer."""
    long_sum = _write_long_sum(stage, before, step) if step["strongest"] else StepTexts()
    if step["strongest"] and not step["channels"]:
        return long_sum
    written = read_filter(stage, before, step)
    bias, typed = read_bias(stage, step)
    values = [_read_rows(before, channel["values"]) for channel in step["channels"]]
    weights = [_read_weights(channel["weights"], written) for channel in step["channels"]]
    products = [_multiply(*pair) for pair in zip(values, weights, strict=True)]
    total = _read_total(before, written, step)
    result = _read_result(stage, step)
    terms = [_flatten(rows) for rows in products]
    sums = write_sum(StepSum(terms, total, written.divisor, bias, result, _find_free_terms(weights)))
    channels = _write_channels(values, weights, products, sums)
    if long_sum.strongest and len(channels) > MOST_TABLES:
        return replace(long_sum, channels=channels)
    texts = write_ends(sums, bias, typed, result, written.divisor)
    return replace(
        texts,
        channels=channels,
        channel_rest=_write_channel_rest(sums, step),
        strongest=long_sum.strongest,
        rests=long_sum.rests,
    )


def _write_channel_rest(sums: WrittenSum, step: Mapping[str, Any]) -> str:
    """The sum of the channels that are not listed; it takes what rounding leaves."""
    if len(sums.channel_sums) <= MOST_EXACT_CHANNELS:
        return ""
    listed = order_channels([channel["sum"] for channel in step["channels"]])[:MOST_EXACT_CHANNELS]
    rest = sums.total - sum(sums.channel_sums[channel] for channel in listed)
    return add_plus_sign(write_units(rest, sums.format, sums.is_total_exact))


def write_ends(sums: WrittenSum, bias: Amount, typed: str, result: Amount, divisor: float) -> StepTexts:
    """The texts of the sum, what is done with it, and the result."""
    end = sums.end_format
    is_bias_full = is_written_in_full(bias, end)
    rounding = write_units(sums.rounding, end, end.is_full) if sums.rounding else ""
    is_quotient_exact = sums.is_total_exact and _is_whole_quotient(sums, divisor)
    return StepTexts(
        sum=write_units(sums.total, sums.format, sums.is_total_exact),
        is_sum_exact=sums.is_total_exact,
        divisor="" if divisor == 1 else format_number(divisor),
        quotient=write_units(sums.quotient, end, is_quotient_exact),
        is_quotient_exact=is_quotient_exact,
        bias=write_amount(bias, end),
        bias_written=typed if typed and not is_bias_full else "",
        rounding=add_plus_sign(rounding),
        result=write_units(sums.result, end, is_written_in_full(result, end)),
        is_result_exact=is_written_in_full(result, end),
    )


def _is_whole_quotient(sums: WrittenSum, divisor: float) -> bool:
    """Whether the quotient is written in full."""
    left = sums.quotient * divisor / power_of_ten(sums.end_format.decimals)
    return abs(left - sums.total / power_of_ten(sums.format.decimals)) <= 1e-9 * max(1.0, abs(left))


def write_preprocessing(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """The preprocessing of a model: shares of cells, their sum, and the result of the formula."""
    texts = StepTexts(result=format_number(step["result"]), is_result_exact=False)
    is_weighted = bool(step["channels"]) and step["channels"][0]["weights"] is not None
    if not is_weighted:
        value = read_amount(before, step["sum"])
        text, is_full = format_number(value.value), value.is_exact and is_text_full(value.value)
        channels = tuple(
            ChannelTexts(_write_rows(_read_rows(before, one["values"]), choose_format([value], 4)), sum=text)
            for one in step["channels"]
        )
        return replace(texts, channels=channels, sum=text, is_sum_exact=is_full)
    channels, ends = write_share_tables(before, step)
    return replace(texts, channels=channels, sum=ends.result, is_sum_exact=ends.is_result_exact, rounding=ends.rounding)


def write_share_tables(before: Stage, step: Mapping[str, Any]) -> tuple[tuple[ChannelTexts, ...], StepTexts]:
    """The tables of cells and shares, and the texts of their sum, which is the result."""
    values = [_read_rows(before, channel["values"]) for channel in step["channels"]]
    weights = [[[Amount(part, True) for part in line] for line in channel["weights"]] for channel in step["channels"]]
    products = [_multiply(*pair) for pair in zip(values, weights, strict=True)]
    total = Amount(step["sum"], all(amount.is_exact for rows in values for amount in _flatten(rows)))
    terms = [_flatten(rows) for rows in products]
    sums = write_sum(StepSum(terms, total, 1, ZERO, total, _find_free_terms(weights)))
    return _write_channels(values, weights, products, sums), write_ends(sums, ZERO, "", total, 1)


def _write_long_sum(stage: Stage, before: Stage, step: Mapping[str, Any]) -> StepTexts:
    """A sum of many terms: the largest, and the others together, which take what rounding leaves."""
    bias, typed = read_bias(stage, step)
    result = _read_result(stage, step)
    values = [read_amount(before, term["value"]) for term in step["strongest"]]
    # The sum is not divided afterwards: each weight is written as it counts.
    divisor = step["divisor"] * step["scale"]
    weights = [_read_weight(term["weight"], divisor) for term in step["strongest"]]
    products = [_multiply_two(*pair) for pair in zip(values, weights, strict=True)]
    amounts = [*products, bias, result]
    chosen = choose_format(amounts, 4)
    format = chosen if chosen.is_full else round_format(max(abs(amount.value) for amount in amounts), 4)
    units = [to_units(product.value, format.decimals) for product in products]
    end, added = to_units(result.value, format.decimals), to_units(bias.value, format.decimals)
    total = end - added
    is_exact = result.is_exact and is_written_in_full(result, format) and is_written_in_full(bias, format)
    value_format, weight_format = choose_format(values), choose_format(weights)
    strongest = tuple(
        TermTexts(
            write_amount(value, value_format),
            write_amount(weight, weight_format),
            add_plus_sign(write_amount(product, format)),
            all(
                is_written_in_full(*pair)
                for pair in ((value, value_format), (weight, weight_format), (product, format))
            ),
        )
        for value, weight, product in zip(values, weights, products, strict=True)
    )
    rests = tuple(
        add_plus_sign(write_units(total - sum(units[:shown]), format, is_exact)) for shown in range(len(units) + 1)
    )
    return StepTexts(
        sum=write_units(total, format, is_exact),
        is_sum_exact=is_exact,
        quotient=write_units(total, format, is_exact),
        is_quotient_exact=is_exact,
        bias=write_amount(bias, format),
        bias_written=typed if typed and not is_written_in_full(bias, format) else "",
        result=write_units(end, format, is_written_in_full(result, format)),
        is_result_exact=is_written_in_full(result, format),
        strongest=strongest,
        rests=rests,
    )


def _find_free_terms(weights: list[AmountRows]) -> list[list[bool]]:
    """Which products may be rounded to the other side: not those that are their values."""
    return [[abs(amount.value) != 1 for amount in _flatten(rows)] for rows in weights]


def _read_rows(before: Stage, values: Sequence[Sequence[float | None]]) -> AmountRows:
    return [[read_amount(before, value or 0.0) for value in line] for line in values]


def _read_weights(weights: Sequence[Sequence[float]], written: WrittenFilter) -> AmountRows:
    return [[_read_weight(weight, written.cell_divisor) for weight in line] for line in weights]


def _read_weight(weight: float, divisor: int) -> Amount:
    return Amount(weight / divisor, weight == int(weight))


def _multiply(values: AmountRows, weights: AmountRows) -> AmountRows:
    return [[_multiply_two(*pair) for pair in zip(*lines, strict=True)] for lines in zip(values, weights, strict=True)]


def _multiply_two(value: Amount, weight: Amount) -> Amount:
    is_zero = value == ZERO or weight == ZERO
    return Amount(value.value * weight.value + 0.0, is_zero or (value.is_exact and weight.is_exact))


def _flatten(rows: AmountRows) -> list[Amount]:
    return [amount for line in rows for amount in line]


def _read_total(before: Stage, written: WrittenFilter, step: Mapping[str, Any]) -> Amount:
    total = step["sum"] / written.cell_divisor
    denominator = before.info.denominator
    if written.is_exact and denominator:
        return Amount(round_to_multiple(total, denominator * written.cell_divisor), True)
    return Amount(total, written.is_exact)


def _read_result(stage: Stage, step: Mapping[str, Any]) -> Amount:
    return read_amount(stage, step["result"])


def _write_channels(
    values: list[AmountRows], weights: list[AmountRows], products: list[AmountRows], sums: WrittenSum
) -> tuple[ChannelTexts, ...]:
    """The tables of all channels: one format for all values, one for all weights, one for all products."""
    all_weights = [amount for rows in weights for amount in _flatten(rows)]
    value_format = choose_format(amount for rows in values for amount in _flatten(rows))
    if not value_format.is_full and all(amount.value == int(amount.value) for amount in all_weights):
        value_format = sums.format
    weight_format = choose_format(all_weights)
    return tuple(
        ChannelTexts(
            _write_rows(values[i], value_format),
            _write_rows(weights[i], weight_format),
            _write_products(products[i], sums.terms[i], sums.format),
            add_plus_sign(write_units(sums.channel_sums[i], sums.format, _is_full(products[i], sums.format))),
        )
        for i in range(len(values))
    )


def _write_products(rows: AmountRows, units: Sequence[int], format: NumberFormat) -> TextRows:
    texts = (
        add_plus_sign(write_units(unit, format, is_written_in_full(amount, format)))
        for amount, unit in zip(_flatten(rows), units, strict=True)
    )
    return tuple(tuple(next(texts) for _ in line) for line in rows)


def _is_full(rows: AmountRows, format: NumberFormat) -> bool:
    return all(is_written_in_full(amount, format) for amount in _flatten(rows))


def _write_rows(rows: AmountRows, format: NumberFormat) -> TextRows:
    return tuple(tuple(write_amount(amount, format) for amount in line) for line in rows)
