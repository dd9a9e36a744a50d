"""Describes a planned layer: the facts that do not depend on the values of its maps."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..scene import Pair
from ..texts import Text, make_text
from ..weights.bank import Bank
from .plan import Plan
from .stage_info import FilterInfo, PoolInfo, PreprocessingInfo

Labels = tuple[Text | str, ...]


def make_stage_title(plan: Plan) -> Text | str:
    """The stage's title: its name in a model, the layer's title, and a pool's window."""
    return _make_title(plan.op.name, plan.pool.kernel_size if plan.pool else None, plan.name)


@lru_cache(256)
def _make_title(op: str, window: Pair | None, name: str) -> Text | str:
    title = make_text(f"title_{op}")
    if window:
        title = make_text("pool_title", title=title, rows=window[0], columns=window[1])
    return title if name in ("", op) else make_text("named_title", name=name, title=title)


def describe_filters(plan: Plan, bank: Bank) -> FilterInfo | None:
    """How a layer with weights of its own reads its input, and what becomes of its sums."""
    if plan.conv is None:
        return FilterInfo(bank.groups, divisors=bank.divisors, scales=bank.scales, bias_text=bank.bias_text)
    return FilterInfo(
        plan.conv.groups, plan.conv.padding_mode, plan.conv.flip, bank.divisors, bank.scales, bank.bias_text
    )


def describe_pool(plan: Plan) -> PoolInfo | None:
    """What a pooling keeps of its window, which is a whole map for a global pool."""
    if plan.pool:
        return PoolInfo(plan.pool.kind, plan.pool.count_include_pad, plan.pool.divisor_override)
    return PoolInfo(plan.op.pool) if plan.op.pool else None


def note_preprocessing(info: PreprocessingInfo) -> tuple[Text, ...]:
    """The notes on what preprocessing does to each value."""
    preprocessing, white = info.plan.preprocessing, info.white
    mean, std = (", ".join(f"{value:g}" for value in values) for values in (preprocessing.mean, preprocessing.std))
    inverting = (make_text("prepare_inverted", white=f"{white:g}"),) if info.inverted else ()
    return (
        *inverting,
        make_text("prepare_law", share="x" if white == 1 else f"x/{white:g}", mean=mean, deviation=std),
    )


def label_maps(plan: Plan, bank: Bank | None, channels: Sequence[Text | str]) -> Labels:
    """The labels of a layer's filters or units; `channels` names the input channels."""
    if plan.op.kind == "linear":
        return (plan.linear.classes if plan.linear else ()) or _number_units(plan.shape[0])
    if bank is None:
        return ()
    if bank.groups == 1:
        return bank.labels
    each = len(bank.labels) // bank.groups
    return tuple(_label_filter(label, k // each, bank.groups, channels) for k, label in enumerate(bank.labels))


@lru_cache(16)
def _number_units(count: int) -> tuple[Text, ...]:
    return tuple(make_text("unit_label", index=k) for k in range(count))


def _label_filter(label: Text | str, group: int, groups: int, channels: Sequence[Text | str]) -> Text:
    if groups == len(channels):
        return make_text("in_channel", label=label, channel=channels[group])
    return make_text("in_group", label=label, group=group + 1)
