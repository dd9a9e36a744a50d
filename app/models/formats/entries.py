"""The arrays in the header of a weights file, and the layers that are found among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

from ...core.arrays import Maps

MAX_BYTES = 2_000_000
"""The size of the largest layer, as float32: 64 filters of 3×11×11 are 93 kB."""
MAX_FILTERS = 4_096
"""Each filter is described and drawn; the largest vision transformers have 1,664."""
MAX_HEADER_BYTES = 8_000_000
"""The size of the largest header of a file."""
FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
INTEGER_DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64")
"""The dtypes of masks and quantized weights; weights themselves are floats."""
DTYPE_BYTES = dict(zip((*FLOAT_DTYPES, *INTEGER_DTYPES), (2, 2, 4, 8, 1, 1, 1, 2, 4, 8), strict=True))
"""The size of a number in bytes."""
MAX_AXES = 32
"""As in NumPy before version 2."""
MAX_SIDE = 1 << 40
"""No file can be as large as an array with such a side."""
ByteOrder = Literal["<", ">"]


class UnreadableWeights(ValueError):
    """A file without a layer that can be shown; the message is a sentence for the user."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An array in the header of a file; `read` returns its numbers as float32 and raises UnreadableWeights.

    `parts` are the members of an archive, or the arrays of a safetensors file, that contain its numbers; `wrappers` the
    keys of the dictionaries around it that are not part of its name. `notes`, called after reading, returns what was
    computed to get it.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    read: Callable[[], Maps]
    parts: tuple[str, ...] = ()
    wrappers: tuple[str, ...] = ()
    notes: Callable[[], tuple[str, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Contents:
    """All arrays of a file.

    `layout` is the axis order of the program that wrote the file, if it is known (see `axis_order`). `unknown` are the
    names of objects that were skipped, `missing` the first of them that is in the place of weights.
    """

    entries: tuple[Entry, ...]
    layout: str = ""
    unknown: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class FirstLayer:
    """The filters (K, C, h, w) of a convolution, its bias (K,) if any, and its options if they are known.

    `reordered` says that the file stores them as (h, w, C, K), as TensorFlow does. `groups` is the number of groups of
    channels. `notes` say what was done to get the filters.
    """

    name: str
    weight: Maps
    bias: Maps | None = None
    options: tuple[tuple[str, Any], ...] | None = None
    reordered: bool = False
    groups: int = 1
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A layer that can be shown.

    `name` is its name in links, `shape` (K, C, h, w) as it is shown, `array` its name in the file. `remark` says what
    is unusual. `parts` are all members of an archive, or arrays of a safetensors file, that contain its numbers; none
    for other formats.
    """

    name: str
    shape: tuple[int, ...]
    array: str
    remark: str = ""
    parts: tuple[str, ...] = ()


def read_numbers(entry: Entry, dtypes: tuple[str, ...] = FLOAT_DTYPES) -> Maps:
    """The numbers of an array. Raises UnreadableWeights if it is too large, of another dtype, or not finite."""
    check_size(entry.name, entry.shape)
    if entry.dtype not in dtypes:
        raise UnreadableWeights(
            f"{quote(entry.name)} has the type {quote(entry.dtype)}; weights can be {', '.join(FLOAT_DTYPES)}."
        )
    values = entry.read()
    if not np.isfinite(values).all():
        bad = values.size - int(np.isfinite(values).sum())
        raise UnreadableWeights(
            f"{bad:,} of the {values.size:,} weights in {quote(entry.name)} are not finite numbers."
        )
    return values


def parse_shape(name: str, sides: Any) -> tuple[int, ...]:
    """A shape in a file. Raises UnreadableWeights for an impossible one."""
    if not isinstance(sides, list | tuple) or len(sides) > MAX_AXES or not all(map(is_whole_number, sides)):
        raise UnreadableWeights(f"The shape of {quote(name)} is impossible.")
    return tuple(map(int, sides))


def is_whole_number(value: Any, maximum: int = MAX_SIDE) -> bool:
    """Whether a value is an int from 0 to `maximum`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= maximum


def check_size(name: str, shape: tuple[int, ...]) -> None:
    """Raises UnreadableWeights for an empty array, or one that is too large for a layer."""
    size = 4 * prod(shape)
    if size == 0:
        raise UnreadableWeights(f"{quote(name)} has no numbers: its shape is {format_shape(shape)}.")
    if size > MAX_BYTES:
        raise UnreadableWeights(
            f"{quote(name)} has {format_shape(shape)} numbers, {_format_megabytes(size)}; "
            f"the limit for a layer is {MAX_BYTES / 1e6:.0f} MB."
        )


def check_filter_count(name: str, filters: int) -> None:
    """Raises UnreadableWeights for too many filters."""
    if filters > MAX_FILTERS:
        raise UnreadableWeights(f"{quote(name)} has {filters:,} filters; the limit is {MAX_FILTERS:,}.")


def decode_as_float32(data: bytes, dtype: str, shape: tuple[int, ...], order: ByteOrder = "<") -> Maps:
    """The numbers in bytes of a file. Raises UnreadableWeights if the bytes do not match the shape."""
    width = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    if len(data) != width * prod(shape):
        raise UnreadableWeights("The file ends before its weights do: it is truncated or damaged.")
    if dtype == "bfloat16":
        bits: Any = np.frombuffer(data, f"{order}u2").astype(np.uint32) << 16
        values: Maps = bits.view(np.float32).reshape(shape)
        return values
    with np.errstate(over="ignore", invalid="ignore"):
        return np.frombuffer(data, np.dtype(dtype).newbyteorder(order)).astype(np.float32).reshape(shape)


def quote(text: str, max_characters: int = 60) -> str:
    """A text from a file, made printable and shortened."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: max_characters + 1])
    return clean if len(clean) <= max_characters else clean[: max_characters - 1] + "…"


def format_shape(shape: tuple[int, ...]) -> str:
    """A shape as a text, such as 64 × 3 × 7 × 7."""
    return quote(" × ".join(map(str, shape)))


def _format_megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e15 else "far more than a file can contain"
