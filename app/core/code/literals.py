"""Arrays and options as Python source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

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
    return _format_bytes(values.astype(np.float32).tobytes(), values.shape, len(before))


@lru_cache(256)
def _format_bytes(data: bytes, shape: tuple[int, ...], indent: int) -> str:
    """Cached by the bytes of the values, because the same filters and biases come again and again."""
    texts = [format_number(value) for value in np.frombuffer(data, np.float32).tolist()]
    width = max(map(len, texts))
    return _nest_lists(iter([text.rjust(width) for text in texts]), shape, indent)


def _nest_lists(texts: Iterator[str], shape: tuple[int, ...], indent: int) -> str:
    if len(shape) == 1:
        return f"[{', '.join(islice(texts, shape[0]))}]"
    inner = [_nest_lists(texts, shape[1:], indent + 1) for _ in range(shape[0])]
    return "[" + f",\n{' ' * (indent + 1)}".join(inner) + "]"


def format_number(value: float) -> str:
    """A float32 number as a float literal: 3., -0.25, 0.1, 1e+20."""
    if value.is_integer() and abs(value) <= EXACT_BELOW:
        return f"{int(value)}."
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
