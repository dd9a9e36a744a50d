"""The nearest good value of an option, from text that may be anything: one small law for each kind of the table."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from ..options import Option
from ..scene import OptionValue, number
from .syntax import LARGEST, Raw, decimal, is_name, is_number, loose, whole

MOST_CELLS = 64
"""An author's stops are no more than these."""

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Found(NamedTuple):
    """A good value, None where there is none near; `good` says that it is what was written."""

    value: OptionValue | None
    good: bool


NOTHING = Found(None, False)


def nearest(option: Option, raw: Raw, most_numbers: int) -> Found:
    """The good value nearest to what was written; a list of numbers has at most so many. Never raises."""
    if option.kind == "numbers" and isinstance(raw, tuple) and len(raw) > most_numbers:
        return Found(_numbers(option, raw[:most_numbers]).value, False)
    return _KINDS[option.kind](option, raw)


def near_name(text: str, names: Iterable[str]) -> str | None:
    """The name that somebody may have meant."""
    found = difflib.get_close_matches(text[:64].lower(), list(names), 1, 0.7)
    return found[0] if found else None


def only_near_name(text: str, names: Iterable[str]) -> str | None:
    """The name that somebody must have meant: None where a second one is about as near."""
    found = difflib.get_close_matches(text[:64].lower(), list(names), 2, 0.7)
    likeness = [difflib.SequenceMatcher(None, name, text[:64].lower()).ratio() for name in found]
    return found[0] if len(found) == 1 or (found and likeness[0] > likeness[1] + 0.1) else None


def near_whole(text: str, least: int, most: int) -> tuple[int | None, bool]:
    """The whole number nearest to a text, and whether it is exactly that."""
    value = whole(text)
    if value is not None:
        return min(max(value, least), most), least <= value <= most
    rough = loose(text)
    return (None if rough is None else round(min(max(rough, least), most))), False


def near_number(text: str, least: int = -LARGEST, most: int = LARGEST, above: bool = False) -> tuple[str | None, bool]:
    """The number nearest to a text, written as a link does, and whether it is the text itself."""
    if is_number(text):
        within = (least, most) == (-LARGEST, LARGEST) or least <= number(text) <= most
        if within and not (above and number(text) == least):
            return text, True
    rough = loose(text)
    if rough is None:
        return None, False
    near = decimal(min(max(rough, least), most))
    return (None if above and number(near) <= least else near), False


def _whole(option: Option, raw: Raw) -> Found:
    return Found(*near_whole(raw, option.least, option.most)) if isinstance(raw, str) else NOTHING


def _number(option: Option, raw: Raw) -> Found:
    if not isinstance(raw, str):
        return NOTHING
    return Found(*near_number(raw, option.least, option.most, option.above))


def _numbers(option: Option, raw: Raw) -> Found:
    if isinstance(raw, str):
        return _number(option, raw)
    found = [near_number(text, option.least, option.most) for text in raw]
    if not any(value for value, _ in found):
        return NOTHING
    return Found(tuple(value or "0" for value, _ in found), all(good for _, good in found))


def _several(raw: Raw, least: Iterable[int], most: int) -> Found:
    """As many whole numbers as there are lower ends."""
    ends = tuple(least)
    if isinstance(raw, str) or len(raw) != len(ends):
        return NOTHING
    found = [near_whole(text, low, most) for text, low in zip(raw, ends, strict=True)]
    values = tuple(value for value, _ in found if value is not None)
    return Found(values, all(good for _, good in found)) if len(values) == len(ends) else NOTHING  # type: ignore[arg-type]


def _pair(option: Option, raw: Raw) -> Found:
    return _several((raw, raw) if isinstance(raw, str) else raw, [option.least] * 2, option.most)


def _cell(option: Option, raw: Raw) -> Found:
    return _several(raw, [option.least] * 2, option.most)


def _cells(option: Option, raw: Raw) -> Found:
    given = (raw,) if isinstance(raw, str) else raw
    found = [_cell(option, tuple(text.split(","))) for text in given[:MOST_CELLS]]
    cells = tuple(one.value for one in found if one.value is not None)
    if given and not cells:
        return NOTHING
    return Found(cells, len(cells) == len(given) and all(one.good for one in found))  # type: ignore[arg-type]


def _box(option: Option, raw: Raw) -> Found:
    return _several(raw, [0, 0, 1, 1], option.most)


def _padding(option: Option, raw: Raw) -> Found:
    if isinstance(raw, str) and whole(raw) is None and loose(raw) is None:
        return _word(option, raw)
    sides = (raw,) * 4 if isinstance(raw, str) else raw
    if len(sides) == 2:
        sides = (sides[0], sides[0], sides[1], sides[1])
    found = _several(sides, [option.least] * 4, option.most)
    return Found(option.default, found.good) if found.value == (0, 0, 0, 0) else found


def _flag(_: Option, raw: Raw) -> Found:
    if raw in ("0", "1"):
        return Found(raw == "1", True)
    meant = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
    return Found(meant.get(raw.lower()) if isinstance(raw, str) else None, False)


def _word(option: Option, raw: Raw) -> Found:
    if raw in option.choices:
        return Found(raw, True)
    return Found(near_name(raw, filter(None, option.choices)) if isinstance(raw, str) else None, False)


def _words(option: Option, raw: Raw) -> Found:
    given = (raw,) if isinstance(raw, str) else raw
    return Found(tuple(word for word in option.choices if word in given), set(given) <= set(option.choices))


def _text(_: Option, raw: Raw) -> Found:
    if not isinstance(raw, str):
        return NOTHING
    for text in (raw, raw.lower()):
        names = text.split("/", 2)
        if len(names) <= 2 and all(map(is_name, names)):
            return Found(text, text == raw)
    return NOTHING


def _line(option: Option, raw: Raw) -> Found:
    """Words in one line: what a keyboard cannot type becomes a space."""
    if not isinstance(raw, str):
        return NOTHING
    text = _CONTROLS.sub(" ", raw).strip(" ")[: option.most].strip(" ")
    return Found(text, text == raw)


_KINDS: dict[str, Callable[[Option, Raw], Found]] = {
    "whole": _whole,
    "number": _number,
    "numbers": _numbers,
    "pair": _pair,
    "shift": _pair,
    "padding": _padding,
    "flag": _flag,
    "word": _word,
    "words": _words,
    "cell": _cell,
    "cells": _cells,
    "box": _box,
    "text": _text,
    "line": _line,
}
