"""All numbers of one step as texts."""

from __future__ import annotations

from dataclasses import dataclass

TextRows = tuple[tuple[str, ...], ...]
"""Texts of a window, "" for a cell of the padding that does not count."""


@dataclass(frozen=True, slots=True)
class ChannelTexts:
    """One channel of a step: window × weights = products, and their sum; products and sum with +.

    `weights` and `products` are () where the step has none.
    """

    values: TextRows
    weights: TextRows = ()
    products: TextRows = ()
    sum: str = ""


@dataclass(frozen=True, slots=True)
class TermTexts:
    """One of the largest terms of a long sum; `is_exact` where nothing is rounded in it."""

    value: str
    weight: str
    product: str
    is_exact: bool


@dataclass(frozen=True, slots=True)
class StepTexts:
    """The numbers of a step as texts; "" or () for what the step does not have.

    `quotient` + `bias` + `rounding` = `result`, exactly as they are written, and the quotient is `sum` ÷ `divisor`
    rounded to as many decimals as it has. `channel_rest` is the sum of all channels but the eight largest. `rounding`
    is "" where nothing is missing, else it has a sign. A typed bias that these decimals do not hold stays in
    `bias_written` ("1/9"). `strongest` are the largest terms of a long sum, and `rests[n]` the sum of all others where
    n of them are shown. `shares` are in percent, `powers` are e^x of softmax, and `largest` is the score that is
    subtracted there. The flags `is_…_exact` are False for texts that are rounded: ≈ belongs before these. `sum` and
    `result` have no plus sign.
    """

    channels: tuple[ChannelTexts, ...] = ()
    channel_rest: str = ""
    sum: str = ""
    is_sum_exact: bool = True
    divisor: str = ""
    quotient: str = ""
    is_quotient_exact: bool = True
    bias: str = ""
    bias_written: str = ""
    rounding: str = ""
    result: str = ""
    is_result_exact: bool = True
    strongest: tuple[TermTexts, ...] = ()
    rests: tuple[str, ...] = ()
    largest: str = ""
    powers: tuple[str, ...] = ()
    shares: tuple[str, ...] = ()
