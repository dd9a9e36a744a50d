"""The metadata of a stage, ready for JSON: geometry, filters, value ranges, salient places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache

from ..messages import say
from ..ops.geometry import Axis
from ..ops.preprocessing import PreprocessingPlan
from ..weights.bank import Bank
from ..weights.pretrained import LearnedLinear
from .plan import GLOBAL_POOLS, Plan, read_shift, read_slope

Meta = Mapping[str, object]


def describe_plan(plan: Plan) -> dict[str, object]:
    """The metadata of the operation, its geometry and its cost."""
    meta: dict[str, object] = {
        "op": plan.op.name,
        "title": format_title(plan),
        "family": plan.op.family,
        "layer": plan.index,
        "shape": list(plan.shape),
        "input_shape": list(plan.in_shape),
        "rows": _describe_axis(plan.geometry.rows) if plan.geometry else None,
        "columns": _describe_axis(plan.geometry.columns) if plan.geometry else None,
        "parameters": plan.parameters,
        "multiply_adds": plan.multiply_adds,
    }
    if plan.conv:
        meta |= {"groups": plan.conv.groups, "padding_mode": plan.conv.padding_mode, "flip": plan.conv.flip}
    if plan.pool:
        meta |= {"pool": plan.pool.kind, "count_include_pad": plan.pool.count_include_pad}
    if plan.op.name in GLOBAL_POOLS:
        meta |= {"pool": plan.op.name.removeprefix("global").removesuffix("pool"), "count_include_pad": True}
    if plan.op.name == "leaky_relu":
        meta["slope"] = read_slope(plan.layer)
    if plan.op.name == "shift":
        meta["by"] = list(read_shift(plan.layer))
    return meta


def format_title(plan: Plan) -> str:
    """The stage's title: its name in a model, the layer's title, and a pool's window."""
    title = plan.op.title
    if plan.pool:
        rows, columns = plan.pool.kernel_size
        title = say("pool_title", title=title, rows=rows, columns=columns)
    is_unnamed = plan.name in ("", plan.op.name)
    return title if is_unnamed else say("named_title", name=plan.name, title=title)


def describe_preprocessing(made: PreprocessingPlan, white: float, inverted: bool) -> dict[str, object]:
    """The numbers from which a step of preprocessing is explained.

    A cell is the weighted sum of the cells given by `rows`, `columns` and `mix`; inverted if `inverted`; then
    (sum / white − mean) / std, with the mean and std of its map.
    """
    preprocessing = made.preprocessing
    formula = {
        "model": preprocessing.model,
        "white": white,
        "inverted": inverted,
        "mean": list(preprocessing.mean),
        "std": list(preprocessing.std),
        "mix": [list(line) for line in made.mix],
        "rows": asdict(made.rows),
        "columns": asdict(made.columns),
    }
    return {"prepare": formula}


def note_preprocessing(made: PreprocessingPlan, white: float, inverted: bool) -> list[str]:
    """The notes on what preprocessing does to each value."""
    mean, std = (
        ", ".join(f"{value:g}" for value in values) for values in (made.preprocessing.mean, made.preprocessing.std)
    )
    inverting = [say("prepare_inverted", white=f"{white:g}")] if inverted else []
    return [*inverting, say("prepare_law", share="x" if white == 1 else f"x/{white:g}", mean=mean, deviation=std)]


def describe_linear(linear: LearnedLinear) -> dict[str, object]:
    """The names of a fully connected layer's outputs."""
    return {"labels": list(linear.classes or _number_units(len(linear.weight)))}


@lru_cache(16)
def _number_units(count: int) -> tuple[str, ...]:
    return tuple(say("unit_label", index=k) for k in range(count))


def describe_bank(bank: Bank, channels: Sequence[str]) -> dict[str, object]:
    """The filters' divisors, scales, biases as text, and labels; `channels` names the input channels."""
    each = len(bank.labels) // bank.groups
    return {
        "divisors": list(bank.divisors),
        "scales": list(bank.scales),
        "bias_text": list(bank.bias_text),
        "labels": [_label_filter(label, k // each, bank.groups, channels) for k, label in enumerate(bank.labels)],
    }


def _label_filter(label: str, group: int, groups: int, channels: Sequence[str]) -> str:
    if groups == 1:
        return label
    if groups == len(channels):
        return say("in_channel", label=label, channel=channels[group])
    return say("in_group", label=label, group=group)


@lru_cache(256)
def _describe_axis(axis: Axis) -> Mapping[str, object]:
    """The metadata of an axis; cached, because few axes are common."""
    return {
        "size": axis.size,
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.before,
        "after": axis.after,
        "ceil": axis.ceil,
        "positions": axis.positions,
        "fits": axis.fits,
        "leftover": axis.leftover,
        "overhang": axis.overhang,
        "unread": list(axis.unread),
        "quotient": str(axis.quotient),
        "fitting_padding": axis.fitting_padding,
    }
