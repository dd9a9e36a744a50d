"""Reads and writes `adjust`, what changes a picture on purpose: `brightness:1.2,turn:15,cover:(2,4,8,8)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..ops.adjust_options import ADJUST_OPTIONS
from ..options import Option
from ..scene import Adjustments, OptionValue, parse_number
from ..texts import make_text
from .reader import RawOption, SceneReader
from .syntax import format_value, split_outside_parentheses, split_value

_OPTIONS = {option.name: option for option in ADJUST_OPTIONS}


def read_adjust_text(reader: SceneReader, text: str) -> Adjustments | None:
    """The adjustments of a link, in any order; None where nothing changes."""
    values: dict[str, OptionValue | None] = {}
    for part in split_outside_parentheses(text, ",") if text else []:
        name, colon, value = part.partition(":")
        option = _OPTIONS.get(name)
        if option is None:
            reader.add_unknown_name("unknown_key", "adjust", name, _OPTIONS, make_text("part_dropped"))
        elif not colon:
            allowed = make_text("name_value", name=name)
            reader.add_error("no_value", "adjust", name, allowed, make_text("part_dropped"))
        else:
            if name in values:
                reader.add_note("repeated", "adjust", name)
            inner = value[1:-1] if option.kind == "box" and value[:1] == "(" and value[-1:] == ")" else value
            values[name] = read_adjustment(reader, option, RawOption(name, split_value(option, inner), value))
    return make_adjustments(values)


def read_adjustment(reader: SceneReader, option: Option, given: RawOption) -> OptionValue | None:
    """The value of one adjustment; for an invalid one the nearest valid value, or that which changes nothing."""
    return reader.read_value(option, given, make_text("part_dropped"))


def make_adjustments(values: Mapping[str, Any]) -> Adjustments | None:
    """The adjustments of these values, each that changes nothing as its default; None where none changes anything."""
    found = {name: value for name, value in values.items() if not _is_neutral(_OPTIONS[name], value)}
    adjust = Adjustments(**found)
    if adjust.noise == _OPTIONS["noise"].default:
        adjust = replace(adjust, seed=0)
    return None if adjust == Adjustments() else adjust


def format_adjustments(adjust: Adjustments) -> str:
    """The text of a link, in the order in which the adjustments are applied."""
    return ",".join(list_adjustments(adjust))


def list_adjustments(adjust: Adjustments) -> tuple[str, ...]:
    """Each adjustment that changes something as a link writes it, in order."""
    given = ((option, getattr(adjust, option.name)) for option in ADJUST_OPTIONS)
    return tuple(f"{option.name}:{_format(option, value)}" for option, value in given if value != option.default)


def _format(option: Option, value: OptionValue) -> str:
    text = format_value(option, value)
    return f"({text})" if option.kind == "box" else text


def _is_neutral(option: Option, value: OptionValue | None) -> bool:
    if option.kind == "number":
        return parse_number(str(value)) == parse_number(str(option.default))
    return value is None or value == option.default
