"""What is known of a stage's values: whether they are exact, and whether they are a picture."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Maps
from ..messages import say
from ..weights.bank import Bank
from .plan import Plan

EXACT = 2**24
"""Whole numbers below this are exact in float32, and so is every sum that stays below it."""
CHANNEL_NAMES = ("red", "green", "blue")
KEEPS_WHOLE_NUMBERS = {"relu", "abs", "maxpool", "minpool", "globalmaxpool", "shift", "flatten"}
AVERAGES = {"avgpool", "globalavgpool"}
HAS_SIGNED_COLORS = {"sigmoid", "tanh", "softmax", "l2pool"}


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """`whole`: all values are whole numbers below 2^24. `largest` is the largest absolute value.

    `colors` is what colors=auto means; `scale` the value of black and of white where the stage is a picture;
    `channels` names what each map was made of alone (red, green, blue), if that is so.
    """

    whole: bool
    largest: float
    colors: str
    scale: tuple[float, float] | None = None
    channels: tuple[str, ...] = ()


def input_facts(values: Maps, scale: tuple[float, float] | None) -> ValueFacts:
    """The nature of a picture on a scale, or of numbers that somebody typed."""
    low, high = float(values.min()), float(values.max())
    largest = max(-low, high)
    whole = largest < EXACT and bool(np.all(values == np.rint(values)))
    if scale is not None:
        if len(values) == 3:
            return ValueFacts(whole, largest, "photo", scale, tuple(map(say, CHANNEL_NAMES)))
        return ValueFacts(whole, largest, "gray", scale)
    return (
        ValueFacts(whole, largest, "signed") if low < 0 else ValueFacts(whole, largest, "gray", (0.0, max(high, 1.0)))
    )


def sums_are_exact(plan: Plan, bank: Bank | None, before: ValueFacts) -> bool:
    """Whether float32 holds every sum of this stage, at every step of adding it up, exactly.

    What is only then divided by a whole number, or gets a bias that is not whole, is rounded once.
    """
    if not before.whole:
        return False
    if bank:
        bias = float(np.abs(bank.bias).max()) if bank.undivided else 0.0
        return bank.exact and bank.reach * before.largest + bias < EXACT
    area = plan.geometry.rows.kernel * plan.geometry.columns.kernel if plan.geometry else 1
    if plan.op.name in AVERAGES:
        return area * before.largest < EXACT
    if plan.op.name == "l2pool":
        return area * before.largest**2 < EXACT
    return plan.op.name in KEEPS_WHOLE_NUMBERS


def facts_after(plan: Plan, bank: Bank | None, before: ValueFacts, largest: float, exact: bool) -> ValueFacts:
    """The nature of what a layer makes of maps of a nature."""
    if bank:
        return _facts_after_filters(plan, bank, before, largest, exact)
    whole = exact and plan.op.name in KEEPS_WHOLE_NUMBERS
    if plan.linear:
        return ValueFacts(False, largest, "signed")
    if plan.preparation:
        colored = plan.preparation.prepare.channels == len(CHANNEL_NAMES)
        return ValueFacts(False, largest, "signed", None, tuple(map(say, CHANNEL_NAMES)) if colored else ())
    if plan.op.name in HAS_SIGNED_COLORS:
        return ValueFacts(whole, largest, "signed", None, before.channels)
    if plan.op.name == "flatten":
        colors = "gray" if before.colors == "photo" else before.colors
        return ValueFacts(whole, largest, colors, before.scale)
    return replace(before, whole=whole, largest=largest)


def _facts_after_filters(plan: Plan, bank: Bank, before: ValueFacts, largest: float, exact: bool) -> ValueFacts:
    whole = exact and bank.undivided and bool(np.all(bank.bias == np.rint(bank.bias)))
    one_each = len(bank.weight) == bank.groups == plan.in_shape[0]
    channels = before.channels if one_each else ()
    if before.colors == "signed" or not bank.keeps_brightness:
        return ValueFacts(whole, largest, "signed", None, channels)
    return ValueFacts(whole, largest, before.colors if one_each else "gray", before.scale, channels)
