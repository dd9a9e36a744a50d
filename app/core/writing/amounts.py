"""The numbers of a step with whether they are exact: the only place that writing numbers reads of a stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..number_text import MINUS
from ..trace.denominators import parse_bias, round_to_multiple
from ..trace.trace import Stage
from .decimals import Amount


def read_amount(stage: Stage, value: float) -> Amount:
    """A value of a stage's maps: the exact number that float32 rounds, where it is known."""
    denominator = stage.info.denominator
    if denominator:
        return Amount(round_to_multiple(value, denominator), True)
    is_zero = value == 0 and not stage.info.operation.values.is_never_zero
    return Amount(value, is_zero or (stage.info.exact and value == int(value)))


@dataclass(frozen=True, slots=True)
class WrittenFilter:
    """How the numbers of a weighted sum are written.

    Typed decimals are whole numerators over `cell_divisor`, which divides each weight again (0.1). What decimals
    cannot write (1/9) stays whole, and the sum is divided: `divisor`. `is_exact`: weights and sums are exact numbers.
    """

    cell_divisor: int
    divisor: float
    is_exact: bool


def read_filter(stage: Stage, before: Stage, step: Mapping[str, Any]) -> WrittenFilter:
    """How the filter of a step is written."""
    scale = int(step["scale"])
    cell_divisor = scale if has_decimals(scale) else 1
    is_known = stage.info.denominator is not None and before.info.denominator is not None
    is_exact = is_known or (stage.info.exact and step["kind"] != "prepare")
    return WrittenFilter(cell_divisor, step["divisor"] * (scale // cell_divisor), is_exact)


def has_decimals(scale: int) -> bool:
    """Whether fractions of this denominator are finite decimals."""
    for factor in (2, 5):
        while scale % factor == 0:
            scale //= factor
    return scale == 1


def read_bias(stage: Stage, step: Mapping[str, Any]) -> tuple[Amount, str]:
    """The bias of a step, and its text where it was typed, with the minus sign of numbers on the screen."""
    bias, texts = float(step["bias"]), stage.info.filters.bias_text if stage.info.filters else ()
    if not texts:
        return Amount(bias, bias == 0), ""
    text = texts[step["map"]]
    typed = parse_bias(text)
    if typed is None or np.float32(float(typed)) != np.float32(bias):
        return Amount(bias, False), ""
    return Amount(float(typed), True), text.replace("-", MINUS)
