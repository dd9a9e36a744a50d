"""Facts about a stage's values: whether they are exact, whether they are a picture, whether they can be negative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np

from ..arrays import EXACT_BELOW, Maps
from ..ops.join import JoinKind
from ..scene import NamedFilter, Planes
from ..texts import Text, make_text
from ..weights.bank import Bank
from .plan import Plan

Look = tuple[str, tuple[float, float] | None, tuple[Text, ...]]
"""(`colors`, `scale`, `channels`) of ValueFacts."""
CHANNEL_NAMES = ("red", "green", "blue")


@dataclass(frozen=True, slots=True)
class ValueFacts:
    """Facts about the values of one stage.

    `is_whole`: all values are whole numbers below 2^24. `largest` is the largest absolute value. `colors` is the
    value of colors=auto; `scale` the values of black and white where the stage is a picture; `channels` names the
    input channel of each map (red, green, blue), if each map depends on one alone. `is_never_negative`: the values
    are 0 or more because of what the layers do, not by chance. `picture` is (black, white) of the input picture.
    `photo_maps` are the maps of a `signed` stage that are pictures all the same: a copy or a blur beside edges.
    """

    is_whole: bool
    largest: float
    colors: str
    scale: tuple[float, float] | None = None
    channels: tuple[Text, ...] = ()
    is_never_negative: bool = False
    picture: tuple[float, float] = (0.0, 255.0)
    photo_maps: tuple[int, ...] = ()


def input_facts(values: Maps, scale: tuple[float, float] | None) -> ValueFacts:
    """The facts about a picture with a scale, or about typed numbers."""
    low, high = float(values.min()), float(values.max())
    largest = max(-low, high)
    whole = largest < EXACT_BELOW and bool(np.all(values == np.rint(values)))
    if scale is None and low < 0:
        return ValueFacts(whole, largest, "signed", picture=(low, max(high, 0.0)))
    ends = scale or (0.0, max(high, 1.0))
    is_color = scale is not None and len(values) == 3
    channels = tuple(map(make_text, CHANNEL_NAMES)) if is_color else ()
    return ValueFacts(whole, largest, "photo" if is_color else "gray", ends, channels, low >= 0, ends)


def sums_are_exact(plan: Plan, bank: Bank | None, read: Sequence[ValueFacts]) -> bool:
    """Whether float32 holds every partial sum of this stage exactly; `read` are the facts of the stages it reads.

    A later division by a whole number, or a bias that is not whole, rounds once.
    """
    before = read[0]
    if not all(facts.is_whole for facts in read):
        return False
    if plan.op.join and plan.op.join != "concat":
        sizes = [facts.largest for facts in read]
        return (sum(sizes) if plan.op.join == "add" else prod(max(1.0, size) for size in sizes)) < EXACT_BELOW
    if bank:
        bias = float(np.abs(bank.bias).max()) if bank.is_undivided else 0.0
        return bank.exact and max(bank.weight_sums) * before.largest + bias < EXACT_BELOW
    area = plan.geometry.rows.kernel * plan.geometry.columns.kernel if plan.geometry else 1
    if plan.op.pool and plan.op.values.adds:
        return area * before.largest ** (2 if plan.op.values.adds == "squares" else 1) < EXACT_BELOW
    return plan.op.values.keeps_whole


def facts_after(plan: Plan, bank: Bank | None, read: Sequence[ValueFacts], largest: float, exact: bool) -> ValueFacts:
    """The facts about the output of a layer, from those of the stages that it reads."""
    if plan.op.join:
        is_positive = all(facts.is_never_negative for facts in read)
        look = _look_after_join(plan.op.join, read)
        return ValueFacts(exact, largest, *look, is_positive, read[0].picture)
    before = read[0]
    is_whole = exact and (_sums_stay_whole(bank) if bank else plan.op.values.keeps_whole)
    look = _look_after_filters(plan, bank, before) if bank else _look_after(plan, before)
    is_positive = _cannot_be_negative(plan, bank, before)
    photos = _find_photo_maps(plan, bank, before) if look[0] == "signed" else ()
    return ValueFacts(is_whole, largest, *look, is_positive, before.picture, photos)


def _sums_stay_whole(bank: Bank) -> bool:
    return bank.is_undivided and bool(np.all(bank.bias == np.rint(bank.bias)))


def _look_after(plan: Plan, before: ValueFacts) -> Look:
    """The look of the output of a layer without filters."""
    if plan.linear:
        return "signed", None, ()
    if plan.preprocessing:
        is_rgb = plan.preprocessing.preprocessing.channels == len(CHANNEL_NAMES)
        return "signed", None, tuple(map(make_text, CHANNEL_NAMES)) if is_rgb else ()
    if plan.op.values.is_signed:
        return "signed", None, before.channels
    if plan.op.kind == "flatten" or plan.shape[0] != plan.in_shape[0]:
        return "gray" if before.colors == "photo" else before.colors, before.scale, ()
    return before.colors, before.scale, before.channels


def _look_after_join(kind: JoinKind, read: Sequence[ValueFacts]) -> Look:
    """The look of stacks that are joined: sums and products are no pictures, copies of pictures are."""
    first = read[0]
    if kind == "concat":
        channels = tuple(name for facts in read for name in facts.channels) if all(f.channels for f in read) else ()
        is_signed = any(facts.colors == "signed" or facts.scale != first.scale for facts in read)
        return ("signed", None, channels) if is_signed else ("gray", first.scale, channels)
    channels = first.channels if all(facts.channels == first.channels for facts in read) else ()
    return "signed", None, channels


def _look_after_filters(plan: Plan, bank: Bank, before: ValueFacts) -> Look:
    is_depthwise = len(bank.weight) == bank.groups == plan.in_shape[0]
    channels = before.channels if is_depthwise else ()
    if before.colors == "signed" or plan.op.values.is_signed or not bank.keeps_brightness:
        return "signed", None, channels
    return before.colors if is_depthwise else "gray", before.scale, channels


def _find_photo_maps(plan: Plan, bank: Bank | None, before: ValueFacts) -> tuple[int, ...]:
    """The maps of a signed stage that are pictures: those of filters that keep the brightness, and what is read there.

    Random and trained filters make no picture, also where their weights happen to sum to 1.
    """
    if plan.op.values.is_signed or not plan.bank:
        keeps_maps = plan.shape[0] == plan.in_shape[0] and not (plan.op.values.is_signed or plan.linear)
        return before.photo_maps if keeps_maps and not plan.preprocessing and plan.op.kind != "flatten" else ()
    if before.colors == "signed" or bank is None or plan.bank.has_all_groups:
        return ()
    filters = zip(plan.bank.layer.filters, plan.bank.counts, strict=True)
    is_written = [isinstance(one, NamedFilter | Planes) for one, count in filters for _ in range(count)]
    return tuple(index for index in bank.brightness_maps if is_written[index % len(is_written)])


def _cannot_be_negative(plan: Plan, bank: Bank | None, before: ValueFacts) -> bool:
    """Whether a layer makes only values of 0 or more: by its function, or of an input that cannot be negative."""
    least = plan.op.values.least
    if least is not None and least >= 0:
        return True
    if not before.is_never_negative:
        return False
    if bank:
        return bool(_has_no_negative(bank.weight) and bank.bias.min() >= 0)
    if plan.linear:
        return bool(_has_no_negative(plan.linear.weight) and plan.linear.bias.min() >= 0)
    return plan.op.values.keeps_sign


def _has_no_negative(weight: Maps) -> bool:
    """Whether no weight is negative; mostly the first filter tells, and a large layer has a hundred million."""
    return bool(weight[0].min() >= 0 and weight.min() >= 0)
