"""Facts about a stage's values: whether they are exact, and whether they are a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import EXACT_BELOW, Maps
from ..texts import Text, make_text
from ..weights.bank import Bank
from .plan import Plan

CHANNEL_NAMES = ("red", "green", "blue")


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """Facts about the values of one stage.

    `is_whole`: all values are whole numbers below 2^24. `largest` is the largest absolute value. `colors` is the
    value of colors=auto; `scale` the values of black and white where the stage is a picture; `channels` names the
    input channel of each map (red, green, blue), if each map depends on one alone.
    """

    is_whole: bool
    largest: float
    colors: str
    scale: tuple[float, float] | None = None
    channels: tuple[Text, ...] = ()


def input_facts(values: Maps, scale: tuple[float, float] | None) -> ValueFacts:
    """The facts about a picture with a scale, or about typed numbers."""
    low, high = float(values.min()), float(values.max())
    largest = max(-low, high)
    whole = largest < EXACT_BELOW and bool(np.all(values == np.rint(values)))
    if scale is not None:
        if len(values) == 3:
            return ValueFacts(whole, largest, "photo", scale, tuple(map(make_text, CHANNEL_NAMES)))
        return ValueFacts(whole, largest, "gray", scale)
    return (
        ValueFacts(whole, largest, "signed") if low < 0 else ValueFacts(whole, largest, "gray", (0.0, max(high, 1.0)))
    )


def sums_are_exact(plan: Plan, bank: Bank | None, before: ValueFacts) -> bool:
    """Whether float32 holds every partial sum of this stage exactly.

    A later division by a whole number, or a bias that is not whole, rounds once.
    """
    if not before.is_whole:
        return False
    if bank:
        bias = float(np.abs(bank.bias).max()) if bank.is_undivided else 0.0
        return bank.exact and bank.largest_weight_sum * before.largest + bias < EXACT_BELOW
    area = plan.geometry.rows.kernel * plan.geometry.columns.kernel if plan.geometry else 1
    if plan.op.pool and plan.op.values.adds:
        return area * before.largest ** (2 if plan.op.values.adds == "squares" else 1) < EXACT_BELOW
    return plan.op.values.keeps_whole


def facts_after(plan: Plan, bank: Bank | None, before: ValueFacts, largest: float, exact: bool) -> ValueFacts:
    """The facts about the output of a layer, from those about its input."""
    if bank:
        return _facts_after_filters(plan, bank, before, largest, exact)
    whole = exact and plan.op.values.keeps_whole
    if plan.linear:
        return ValueFacts(False, largest, "signed")
    if plan.preprocessing:
        is_rgb = plan.preprocessing.preprocessing.channels == len(CHANNEL_NAMES)
        return ValueFacts(False, largest, "signed", None, tuple(map(make_text, CHANNEL_NAMES)) if is_rgb else ())
    if plan.op.values.is_signed:
        return ValueFacts(whole, largest, "signed", None, before.channels)
    if plan.op.kind == "flatten":
        colors = "gray" if before.colors == "photo" else before.colors
        return ValueFacts(whole, largest, colors, before.scale)
    return replace(before, is_whole=whole, largest=largest)


def _facts_after_filters(plan: Plan, bank: Bank, before: ValueFacts, largest: float, exact: bool) -> ValueFacts:
    whole = exact and bank.is_undivided and bool(np.all(bank.bias == np.rint(bank.bias)))
    is_depthwise = len(bank.weight) == bank.groups == plan.in_shape[0]
    channels = before.channels if is_depthwise else ()
    if before.colors == "signed" or not bank.keeps_brightness:
        return ValueFacts(whole, largest, "signed", None, channels)
    return ValueFacts(whole, largest, before.colors if is_depthwise else "gray", before.scale, channels)
