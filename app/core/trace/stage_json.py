"""The facts about a stage as JSON: the field names and values that scripts, the browser and notebooks read."""

from __future__ import annotations

import json
from collections.abc import Hashable, Sequence
from dataclasses import asdict, dataclass, field
from functools import lru_cache

from ..code.beat_lines import find_beat_lines
from ..code.stage_code import is_cut_off, write_planned_code
from ..ops.geometry import Axis
from ..ops.transposed import TransposedAxis
from ..texts import Text, get_language, use_language, write_message
from ..weights.kernel_texts import list_kernel_names, write_kernel
from .plan import Plan
from .stage_info import ImageInfo, PreprocessingInfo, StageInfo
from .trace import Stage

ENCODER = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
"""Compact JSON; raises ValueError for infinity and NaN."""


def stage_to_json(stage: Stage, has_ranges: bool = True) -> dict[str, object]:
    """The entry of a stage, ready for JSON; without `ranges` and `telling`, its salient cells, if not `has_ranges`.

    Titles, labels and notes are written as sentences.
    """
    return _facts_to_json(stage.info, stage.plan) | _values_to_json(stage, has_ranges)


def write_stage_json(stage: Stage, has_ranges: bool = True) -> str:
    """`stage_to_json` as compact JSON text. What many stages have in common is written once."""
    info, plan = stage.info, stage.plan
    if plan is not None and (plan.linear is not None or plan.preprocessing is not None):
        return ENCODER.encode(stage_to_json(stage, has_ranges))
    facts = _write_facts(_Facts(_list_facts(info, plan), info, plan))
    values = ENCODER.encode(_values_to_json(stage, has_ranges))
    return facts if values == "{}" else f"{facts[:-1]},{values[1:]}"


@dataclass(frozen=True, slots=True)
class _Facts:
    """The facts about a stage that do not depend on single values; `key` holds all that is written of them."""

    key: tuple[Hashable, ...]
    info: StageInfo = field(compare=False)
    plan: Plan | None = field(compare=False)


def _list_facts(info: StageInfo, plan: Plan | None) -> tuple[Hashable, ...]:
    """All that `_facts_to_json` reads: neither the filters nor the largest value, which are rarely the same twice."""
    values = info.values
    return (
        get_language(),
        info.op,
        info.title,
        info.index,
        info.layer,
        info.shape,
        info.input_shape,
        info.geometry,
        info.parameters,
        info.multiply_adds,
        info.receptive_field,
        info.reads,
        info.starts,
        info.sees_whole_input,
        info.exact,
        info.denominator,
        info.image,
        info.filters,
        info.pool,
        info.slope,
        info.by,
        info.labels,
        info.classes,
        info.words,
        info.winners,
        info.notes,
        values.colors,
        values.scale,
        values.picture,
        values.is_never_negative,
        values.photo_maps,
        values.channels,
        is_cut_off(info),
        plan and (plan.conv, plan.pool, plan.op, plan.law),
        _list_kernels(plan),
    )


@lru_cache(256)
def _write_facts(facts: _Facts) -> str:
    return ENCODER.encode(_facts_to_json(facts.info, facts.plan))


def _values_to_json(stage: Stage, has_ranges: bool) -> dict[str, object]:
    """What depends on the values of the maps."""
    entry: dict[str, object] = {}
    salient_map = stage.salient_map
    if salient_map is not None:
        entry["salient_map"] = salient_map
    if has_ranges:
        entry["ranges"] = [list(ends) for ends in stage.ranges]
        entry["telling"] = [list(place) for place in stage.salient_places]
    return entry


def _facts_to_json(info: StageInfo, plan: Plan | None) -> dict[str, object]:
    entry: dict[str, object] = {
        "index": info.index,
        "op": info.op,
        "title": write_message(info.title),
        "family": info.family,
        **info.operation.facts_to_json(),
        "layer": info.layer,
        "reads": list(info.reads),
        "shape": list(info.shape),
        "input_shape": list(info.input_shape) if info.input_shape else None,
    }
    kernels = _list_kernels(plan)
    if kernels:
        entry["kernels"] = {name: write_kernel(name) for name in kernels}
    if info.image:
        entry["image"] = image_to_json(info.image)
    else:
        geometry = info.geometry
        entry["rows"] = _axis_to_json(geometry.rows) if geometry else None
        entry["columns"] = _axis_to_json(geometry.columns) if geometry else None
    entry["parameters"] = info.parameters
    entry["multiply_adds"] = info.multiply_adds
    _add_layer_fields(entry, info)
    if plan and plan.law:
        entry["law"] = plan.law.to_json()
    entry["receptive_field"] = list(info.receptive_field.size)
    if info.receptive_field.is_bound:
        entry["receptive_field_at_most"] = True
    entry["sees_whole_input"] = info.sees_whole_input
    entry["jump"] = list(info.receptive_field.jump)
    entry["exact"] = info.exact
    entry["denominator"] = info.denominator
    entry["colors"] = info.colors
    entry["scale"] = list(info.scale) if info.scale else None
    entry["picture_scale"] = list(info.values.picture)
    entry["never_negative"] = info.values.is_never_negative
    if info.values.photo_maps:
        entry["photo_maps"] = list(info.values.photo_maps)
    if info.values.channels:
        entry["channels"] = write_texts(info.values.channels)
    entry["notes"] = write_texts(info.notes)
    code = write_planned_code(info, plan)
    entry["code"] = code.to_json()
    beats = {name: find_beat_lines(text) for name, text in code.to_json().items()}
    entry["code_beats"] = {name: dict(lines) for name, lines in beats.items() if lines}
    if code.missing:
        entry["code_notes"] = write_texts(code.missing)
    return entry


def _list_kernels(plan: Plan | None) -> tuple[str, ...]:
    """The classic filters of a layer."""
    return list_kernel_names(plan.bank.layer.filters) if plan and plan.bank else ()


def write_texts(texts: Sequence[Text | str]) -> list[str]:
    """The sentences of texts of the core."""
    return list(_write_texts(tuple(texts), get_language())) if texts else []


@lru_cache(256)
def _write_texts(texts: tuple[Text | str, ...], language: str) -> tuple[str, ...]:
    """The sentences in a language; cached, since a layer may have a thousand labels."""
    with use_language(language):
        return tuple(write_message(text) for text in texts)


def image_to_json(image: ImageInfo) -> dict[str, object]:
    """The origin of an input, ready for JSON."""
    entry: dict[str, object] = {
        "kind": image.kind,
        "name": image.name,
        "title": write_message(image.title),
        "alt": write_message(image.alt),
        "credit": image.credit,
    }
    if image.notes is not None:
        entry["notes"] = write_texts(image.notes)
    if image.stored and image.cut:
        entry |= {"stored": list(image.stored), "cut": list(image.cut)}
    return entry


def _add_layer_fields(entry: dict[str, object], info: StageInfo) -> None:
    """Adds what only some kinds of layers have."""
    filters, pool = info.filters, info.pool
    if filters:
        if "filters" in info.operation.capabilities:
            entry |= {"groups": filters.groups, "padding_mode": filters.padding_mode, "flip": filters.flip}
        entry |= {"divisors": list(filters.divisors), "scales": list(filters.scales)}
        entry["bias_text"] = list(filters.bias_text)
    if pool:
        entry |= {"pool": pool.kind, "count_include_pad": pool.count_include_pad}
        if pool.divisor_override is not None:
            entry["divisor_override"] = pool.divisor_override
    if info.slope is not None:
        entry["slope"] = info.slope
    if info.starts:
        entry["starts"] = list(info.starts)
    if info.by:
        entry["by"] = list(info.by)
    if info.labels:
        entry["labels"] = write_texts(info.labels)
    if info.preprocessing:
        entry["prepare"] = _preprocessing_to_json(info.preprocessing)
    if info.classes:
        entry["classes"] = list(info.classes)
    if info.words:
        entry["words"] = write_texts(info.words)
    if info.winners:
        entry["winners"] = write_texts(info.winners)


def _preprocessing_to_json(info: PreprocessingInfo) -> dict[str, object]:
    plan = info.plan
    return {
        "model": plan.preprocessing.model,
        "white": info.white,
        "inverted": info.inverted,
        "mean": list(plan.preprocessing.mean),
        "std": list(plan.preprocessing.std),
        "mix": [list(line) for line in plan.mix],
        "rows": asdict(plan.rows),
        "columns": asdict(plan.columns),
    }


@lru_cache(256)
def _axis_to_json(axis: Axis) -> dict[str, object]:
    """The fields of an axis; cached, because few axes are common."""
    entry: dict[str, object] = {
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
    if isinstance(axis, TransposedAxis):
        entry["transposed"] = {"crop": axis.crop, "output_padding": axis.output_padding}
    return entry
