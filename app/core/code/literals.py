"""Arrays and options as Python source."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..arrays import EXACT_BELOW
from ..scene import Pair

MOST_WRITTEN = 64
"""The most numbers of an array that a program contains; larger arrays are read from the Trace."""


def format_numbers(values: NDArray[np.float32], before: str) -> str:
    """The values as nested lists of Python, aligned: rows on lines of their own, indented to follow `before`.

    Python reads back the same float32 numbers. Whole numbers end in a point, so that every library takes them as
    floats.
    """
    texts = [format_number(value) for value in values.ravel()]
    width = max(map(len, texts))
    cells = np.array([text.rjust(width) for text in texts], object).reshape(values.shape)
    return _format_nested(cells, len(before))


def format_number(value: np.floating) -> str:
    """A float32 number as a float literal: 3., -0.25, 0.1, 1e+20."""
    number = float(value)
    if number == int(number) and abs(number) <= EXACT_BELOW:
        return f"{int(number)}."
    return str(np.float32(value))


def format_options(options: Iterable[tuple[str, object, object]]) -> str:
    """`, name=value` for each (name, value, default) whose value is not the default; a pair of equals as one."""
    return "".join(f", {name}={format_pair(value)}" for name, value, default in options if value != default)


def format_pair(value: object) -> str:
    """A pair of equal numbers as one number; any other value as Python writes it."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1]:
        return repr(value[0])
    return repr(value)


def format_index(place: str, tap: str, stride: int, before: int, dilation: int = 1) -> str:
    """The input cell that a tap of the window at `place` reads, as in `row * 2 - 1 + i`; tap "0" is the first."""
    start = place if stride == 1 else f"{place} * {stride}"
    padding = f" - {before}" if before else ""
    reach = "" if tap == "0" else f" + {tap}" if dilation == 1 else f" + {tap} * {dilation}"
    return f"{start}{padding}{reach}"


def format_moved_slices(by: Pair) -> str:
    """`y[:, 2:, :-1] = x[:, :-2, 1:]` for a shift by 2 rows down and 1 column to the left, in every dialect."""
    to, source = zip(*map(_slice_overlap, by), strict=True)
    return f"y[:, {', '.join(to)}] = x[:, {', '.join(source)}]"


def _slice_overlap(cells: int) -> tuple[str, str]:
    if cells == 0:
        return ":", ":"
    return (f"{cells}:", f":-{cells}") if cells > 0 else (f":{cells}", f"{-cells}:")


def _format_nested(cells: NDArray[np.object_], indent: int) -> str:
    if cells.ndim == 1:
        return f"[{', '.join(cells)}]"
    inner = [_format_nested(part, indent + 1) for part in cells]
    return "[" + f",\n{' ' * (indent + 1)}".join(inner) + "]"
