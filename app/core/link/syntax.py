"""The syntax of links: how they are split, what names and numbers look like, how every value is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import cast
from urllib.parse import quote, unquote

from ..operation_table import find_operation
from ..options import Option
from ..scene import (
    Filter,
    Layer,
    LearnedFilters,
    NamedFilter,
    OptionValue,
    Planes,
    RandomFilters,
    RandomMaps,
    RandomRows,
    Rows,
    ShapeFilters,
    ShapeRows,
    parse_number,
)

RawValue = str | tuple[str, ...]
"""An unchecked value: one text, or several where the grammar has a list."""

RawPlanes = list[list[list[str]]]
"""Unchecked typed numbers: planes, rows, cells."""

TRAINED_OPTIONS = ("stride", "padding", "bias", "padding_mode", "dilation")
"""Options that a trained layer stores itself: with its filters a link must write the table's defaults."""

LARGEST_NUMBER = 1_000_000
"""The largest absolute value of a typed number, and the largest divisor."""

MOST_NUMBER_CHARACTERS = 32
"""Of one number; enough for any double between -1e6 and 1e6 that is not tiny."""

_NAME = re.compile(r"[a-z0-9_-]{1,64}")
_UPLOAD = re.compile(r"u-[A-Za-z0-9_-]{1,64}")
_WHOLE = re.compile(r"(-?)0*([0-9]+)")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:/0*[1-9][0-9]*)?")
_POWER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?[eE][+-]?[0-9]{1,2}")
_SHORT = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,6})?")
_PLANES = re.compile(r"((?:\([^()]*\))+)(?:/(.*))?", re.DOTALL)
_IN_LINES = re.compile(r"%(?:25|3[Bb])")
"""What stands for % and ; within one of several lines."""
_READABLE = "();,:~*@/=+?!$'"


def split_query(query: str) -> tuple[tuple[str, str | None], ...]:
    """The (key, value) pairs of a query string in order: split at & only, percent-decoded once, + is a plus.

    The value is None where there is no =. Never raises; invalid UTF-8 becomes the replacement character.
    """
    clean = query.encode("utf-8", "replace").decode("utf-8")
    parts = (part.partition("=") for part in clean.split("&") if part)
    return tuple((unquote(key), unquote(value) if equals else None) for key, equals, value in parts)


def escape_query(text: str) -> str:
    """Text for a query: only characters that would be misread are percent-encoded."""
    return quote(text, safe=_READABLE, errors="replace")


def split_outside_parentheses(text: str, separator: str) -> list[str]:
    """The pieces between separators outside ( )."""
    pieces, start = [], 0
    for found in re.finditer(rf"\([^()]*\)|{re.escape(separator)}", text):
        if found[0] == separator:
            pieces.append(text[start : found.start()])
            start = found.end()
    return [*pieces, text[start:]]


def is_name(text: str) -> bool:
    """1 to 64 lower-case letters, digits, _ and -."""
    return _NAME.fullmatch(text) is not None


def is_upload_id(text: str) -> bool:
    """The id of an upload: u- and then letters, digits, _ and -."""
    return _UPLOAD.fullmatch(text) is not None


def is_number(text: str) -> bool:
    """A number as a link writes it, within ±1e6."""
    if _SHORT.fullmatch(text):
        return True
    if len(text) > MOST_NUMBER_CHARACTERS or not _NUMBER.fullmatch(text):
        return False
    return abs(parse_number(text)) <= LARGEST_NUMBER


def write_without_exponent(text: str) -> str:
    """A number such as 1e-5 as a link writes it, 0.00001; any other text unchanged."""
    return format(Decimal(text), "f") if _POWER.fullmatch(text) else text


def parse_whole(text: str) -> int | None:
    """A whole number as a link writes it, clamped to ±10^18; None for anything else."""
    found = _WHOLE.fullmatch(text)
    if not found:
        return None
    size = int(found[2]) if len(found[2]) <= 18 else 10**18
    return -size if found[1] else size


def parse_loosely(text: str) -> float | None:
    """A number written in another way (+5, .5, 1e3, −2 with a true minus), None for anything else."""
    top, slash, bottom = text[:400].replace("−", "-").partition("/")
    try:
        value = float(top) / (float(bottom) if slash else 1.0)
    except (ValueError, ZeroDivisionError):
        return None
    return None if value != value else value


def format_six_decimals(value: float) -> str:
    """A number as a link writes it, with up to six decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def format_all_digits(value: float) -> str:
    """A double as a link writes it: all digits, no exponent; nan and inf unchanged."""
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def split_value(option: Option, text: str) -> RawValue:
    """The text of an option, split into the parts of its kind."""
    listed = text.startswith("(") and text.endswith(")")
    match option.kind:
        case "pair" | "shift" if "x" in text:
            return tuple(text.split("x"))
        case "padding" if not listed and "x" in text:
            return tuple(text.split("x"))
        case "padding" | "numbers" | "stages" if listed:
            return tuple(text[1:-1].split(","))
        case "cell" | "box":
            return tuple(text.split(","))
        case "cells":
            return tuple(text.split(";")) if text else ()
        case "words":
            return tuple(text.split(",")) if text else ()
        case "lines":
            return tuple(_IN_LINES.sub(lambda found: unquote(found[0]), line) for line in text.split(";"))
    return text


def split_planes(text: str) -> tuple[RawPlanes, str | None] | None:
    """The cells and the divisor of `(1,2;3,4)(…)/9`, unchecked; None for unbalanced ( )."""
    found = _PLANES.fullmatch(text)
    if not found:
        return None
    inner = (plane.split(";") for plane in found[1][1:-1].split(")("))
    return [[row.split(",") for row in rows] for rows in inner], found[2]


def format_value(option: Option, value: OptionValue) -> str:
    """The text of an option's value; `split_value` and `coerce_value` give the value back."""
    match option.kind:
        case "pair" | "shift":
            return _format_pair(*cast(tuple[int, int], value))
        case "padding" if isinstance(value, tuple):
            top, bottom, left, right = cast(tuple[int, int, int, int], value)
            if (top, left) == (bottom, right):
                return _format_pair(top, left)
            return f"({top},{bottom},{left},{right})"
        case "numbers" if isinstance(value, tuple):
            return f"({','.join(map(str, value))})"
        case "stages":
            stages = cast(tuple[int, ...], value)
            return str(stages[0]) if len(stages) == 1 else f"({','.join(map(str, stages))})"
        case "cells":
            return ";".join(f"{row},{column}" for row, column in cast(tuple[tuple[int, int], ...], value))
        case "lines":
            return ";".join(map(_escape_line, cast(tuple[str, ...], value)))
        case "flag":
            return str(int(cast(bool, value)))
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _escape_line(line: str) -> str:
    """One of several lines: its ; are escaped, and a % where it would be read as the beginning of an escape."""
    return _IN_LINES.sub(lambda found: f"%25{found[0][1:]}", line).replace(";", "%3B")


def format_planes(planes: Planes) -> str:
    """`(1,2;3,4)(…)/9`."""
    text = "".join(f"({';'.join(map(','.join, plane))})" for plane in planes.planes)
    return text if planes.divisor == 1 else f"{text}/{planes.divisor}"


def format_random_maps(given: RandomMaps) -> str:
    """`random*256@13x13,seed=1`."""
    seed = f",seed={given.seed}" if given.seed else ""
    return f"random*{given.count}@{given.height}x{given.width}{seed}"


def format_filter(given: Filter) -> str:
    """One filter of a convolution's head."""
    match given:
        case Planes():
            return format_planes(given)
        case NamedFilter(name):
            return name
        case RandomFilters(count, height, width):
            return f"random*{count}@{height}x{width}"
        case ShapeFilters(count, height, width):
            return f"{count}@{height}x{width}"
        case LearnedFilters(model, layer, index, moment):
            which = "" if index is None else f".{index}"
            when = "" if moment is None else f"@{moment}"
            return f"{model}/{layer}{which}{when}"


def format_layer(layer: Layer) -> str:
    """One layer: its name, its head and its options without redundant ones, in the order of the table."""
    has_numbers = layer.filters or isinstance(layer.head, Planes)
    return _format_layer(layer) if has_numbers else _format_common_layer(layer)


def _format_layer(layer: Layer) -> str:
    row = find_operation(layer.op)
    if row is None:
        raise ValueError(f"{layer.op!r} is not an operation of the table")
    head = ";".join(map(format_filter, layer.filters))
    if row.head is not None and layer.head is not None:
        is_own = isinstance(layer.head, Rows)
        head = _format_rows(layer.head) if is_own else format_value(row.head, layer.head)  # type: ignore[arg-type]
    given = ((option, layer.get(option.name)) for option in row.options)
    written = [
        f",{option.name}={format_value(option, value)}"
        for option, value in given
        if value is not None and not is_redundant(option, value, layer.filters, layer.head)
    ]
    return f"{layer.op}{':' if head else ''}{head}{''.join(written)}"


def _format_rows(rows: Rows) -> str:
    """The head of a fully connected layer: `(1,2;3,4)/2`, `random*10` or `10`."""
    match rows:
        case Planes():
            return format_planes(rows)
        case RandomRows(count):
            return f"random*{count}"
        case ShapeRows(count):
            return str(count)


_format_common_layer = lru_cache(512)(_format_layer)


def is_default(option: Option, value: OptionValue) -> bool:
    """Whether the value is the default, or no padding written as numbers."""
    return value == option.default or (option.kind == "padding" and value == (0, 0, 0, 0))


def is_redundant(option: Option, value: OptionValue, filters: Sequence[Filter], head: object = None) -> bool:
    """Whether a link can leave the value out: it is the default, and no trained filter or layer stores its own."""
    is_trained = isinstance(head, str) or any(isinstance(one, LearnedFilters) for one in filters)
    is_stored = option.name in TRAINED_OPTIONS and is_trained
    return is_default(option, value) and not is_stored


def _format_pair(first: int, second: int) -> str:
    return str(first) if first == second else f"{first}x{second}"
