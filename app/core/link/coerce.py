"""The valid value of an option nearest to any text: one function for each kind of option."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..options import Option
from ..scene import OptionValue, parse_number
from .syntax import (
    LARGEST_NUMBER,
    RawValue,
    format_six_decimals,
    is_name,
    is_number,
    parse_loosely,
    parse_whole,
    write_without_exponent,
)

MOST_STOPS = 64
"""The most `stops` of a link."""
MOST_JOINED = 64
"""The most stages in the head of a join."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Coerced(NamedTuple):
    """A valid value, None where none is near; `is_exact` where it is what was written."""

    value: OptionValue | None
    is_exact: bool


NO_VALUE = Coerced(None, False)


def coerce_value(option: Option, raw: RawValue, most_numbers: int) -> Coerced:
    """The valid value nearest to what was written; `numbers` holds at most `most_numbers`. Never raises."""
    if option.kind == "numbers" and isinstance(raw, tuple) and len(raw) > most_numbers:
        return Coerced(_coerce_numbers(option, raw[:most_numbers]).value, False)
    return _COERCIONS[option.kind](option, raw)


def find_near_name(text: str, names: Iterable[str]) -> str | None:
    """The name most similar to a text, None where none is similar."""
    found = difflib.get_close_matches(text[:64].lower(), list(names), 1, 0.7)
    return found[0] if found else None


def find_unambiguous_name(text: str, names: Iterable[str]) -> str | None:
    """The name most similar to a text, None where a second one is about as similar."""
    found = difflib.get_close_matches(text[:64].lower(), list(names), 2, 0.7)
    similarity = [difflib.SequenceMatcher(None, name, text[:64].lower()).ratio() for name in found]
    return found[0] if len(found) == 1 or (found and similarity[0] > similarity[1] + 0.1) else None


def clamp_whole(text: str, least: int, most: int) -> tuple[int | None, bool]:
    """The whole number nearest to a text, and whether it is exact."""
    value = parse_whole(text)
    if value is not None:
        return min(max(value, least), most), least <= value <= most
    rough = parse_loosely(text)
    return (None if rough is None else round(min(max(rough, least), most))), False


def clamp_number(
    text: str, least: int = -LARGEST_NUMBER, most: int = LARGEST_NUMBER, above: bool = False
) -> tuple[str | None, bool]:
    """The number nearest to a text, as a link writes it, and whether it is the text itself."""
    if is_number(text):
        within = (least, most) == (-LARGEST_NUMBER, LARGEST_NUMBER) or least <= parse_number(text) <= most
        if within and not (above and parse_number(text) == least):
            return text, True
    rough = parse_loosely(text)
    if rough is None:
        return None, False
    near = format_six_decimals(min(max(rough, least), most))
    return (None if above and parse_number(near) <= least else near), False


def _coerce_whole(option: Option, raw: RawValue) -> Coerced:
    return Coerced(*clamp_whole(raw, option.least, option.most)) if isinstance(raw, str) else NO_VALUE


def _coerce_number(option: Option, raw: RawValue) -> Coerced:
    if not isinstance(raw, str):
        return NO_VALUE
    text = write_without_exponent(raw) if option.exponent else raw
    return Coerced(*clamp_number(text, option.least, option.most, option.above))


def _coerce_numbers(option: Option, raw: RawValue) -> Coerced:
    if isinstance(raw, str):
        return _coerce_number(option, raw)
    found = [clamp_number(text, option.least, option.most) for text in raw]
    if not any(value for value, _ in found):
        return NO_VALUE
    return Coerced(tuple(value or "0" for value, _ in found), all(exact for _, exact in found))


def _coerce_wholes(raw: RawValue, least: Iterable[int], most: int) -> Coerced:
    """One whole number for each lower end in `least`."""
    ends = tuple(least)
    if isinstance(raw, str) or len(raw) != len(ends):
        return NO_VALUE
    found = [clamp_whole(text, low, most) for text, low in zip(raw, ends, strict=True)]
    values = tuple(value for value, _ in found if value is not None)
    return Coerced(values, all(exact for _, exact in found)) if len(values) == len(ends) else NO_VALUE


def _coerce_pair(option: Option, raw: RawValue) -> Coerced:
    return _coerce_wholes((raw, raw) if isinstance(raw, str) else raw, [option.least] * 2, option.most)


def _coerce_stage(option: Option, raw: RawValue) -> Coerced:
    found = _coerce_stages(option, raw) if isinstance(raw, str) else NO_VALUE
    return Coerced(found.value[0], True) if isinstance(found.value, tuple) else NO_VALUE


def _coerce_stages(option: Option, raw: RawValue) -> Coerced:
    """One number or several: no stage is near to another, so that an invalid one has no nearest value."""
    given = (raw,) if isinstance(raw, str) else raw
    found = [parse_whole(text) for text in given[:MOST_JOINED]]
    stages = tuple(stage for stage in found if stage is not None and option.least <= stage <= option.most)
    return Coerced(stages, True) if 0 < len(stages) == len(given) else NO_VALUE


def _coerce_cell(option: Option, raw: RawValue) -> Coerced:
    return _coerce_wholes(raw, [option.least] * 2, option.most)


def _coerce_cells(option: Option, raw: RawValue) -> Coerced:
    given = (raw,) if isinstance(raw, str) else raw
    found = [_coerce_cell(option, tuple(text.split(","))) for text in given[:MOST_STOPS]]
    cells = tuple(one.value for one in found if one.value is not None)
    if given and not cells:
        return NO_VALUE
    return Coerced(cells, len(cells) == len(given) and all(one.is_exact for one in found))  # type: ignore[arg-type]


def _coerce_box(option: Option, raw: RawValue) -> Coerced:
    return _coerce_wholes(raw, [0, 0, 1, 1], option.most)


def _coerce_padding(option: Option, raw: RawValue) -> Coerced:
    if isinstance(raw, str) and parse_whole(raw) is None and parse_loosely(raw) is None:
        return _coerce_word(option, raw)
    sides = (raw,) * 4 if isinstance(raw, str) else raw
    if len(sides) == 2:
        sides = (sides[0], sides[0], sides[1], sides[1])
    found = _coerce_wholes(sides, [option.least] * 4, option.most)
    is_default = isinstance(option.default, str) and found.value == (0, 0, 0, 0)
    return Coerced(option.default, found.is_exact) if is_default else found


def _coerce_flag(_: Option, raw: RawValue) -> Coerced:
    if raw in ("0", "1"):
        return Coerced(raw == "1", True)
    flags = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    return Coerced(flags.get(raw.lower()) if isinstance(raw, str) else None, False)


def _coerce_word(option: Option, raw: RawValue) -> Coerced:
    if raw in option.choices:
        return Coerced(raw, True)
    return Coerced(find_near_name(raw, filter(None, option.choices)) if isinstance(raw, str) else None, False)


def _coerce_words(option: Option, raw: RawValue) -> Coerced:
    given = (raw,) if isinstance(raw, str) else raw
    return Coerced(tuple(word for word in option.choices if word in given), set(given) <= set(option.choices))


def _coerce_text(_: Option, raw: RawValue) -> Coerced:
    if not isinstance(raw, str):
        return NO_VALUE
    for text in (raw, raw.lower()):
        names = text.split("/", 2)
        if len(names) <= 2 and all(map(is_name, names)):
            return Coerced(text, text == raw)
    return NO_VALUE


def _coerce_line(option: Option, raw: RawValue) -> Coerced:
    """One line of text: control characters become spaces."""
    if not isinstance(raw, str):
        return NO_VALUE
    text = _CONTROLS.sub(" ", raw).strip(" ")[: option.most].strip(" ")
    return Coerced(text, text == raw)


def _coerce_lines(option: Option, raw: RawValue) -> Coerced:
    """Lines of text without spaces around them, and without the empty ones at the end."""
    given = (raw,) if isinstance(raw, str) else raw
    found = [_coerce_line(option, line.strip(" ")) for line in given[:MOST_STOPS]]
    while found and not found[-1].value:
        found.pop()
    lines = tuple(line.value for line in found)
    return Coerced(lines, len(given) <= MOST_STOPS and all(line.is_exact for line in found))  # type: ignore[arg-type]


_COERCIONS: dict[str, Callable[[Option, RawValue], Coerced]] = {
    "whole": _coerce_whole,
    "number": _coerce_number,
    "numbers": _coerce_numbers,
    "pair": _coerce_pair,
    "shift": _coerce_pair,
    "padding": _coerce_padding,
    "flag": _coerce_flag,
    "word": _coerce_word,
    "words": _coerce_words,
    "cell": _coerce_cell,
    "cells": _coerce_cells,
    "box": _coerce_box,
    "text": _coerce_text,
    "weights": _coerce_text,
    "line": _coerce_line,
    "lines": _coerce_lines,
    "stage": _coerce_stage,
    "stages": _coerce_stages,
}
