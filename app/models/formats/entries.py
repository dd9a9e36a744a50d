"""The arrays in the header of a weights file, and the layers that are found among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

from ...core.arrays import Maps
from ...core.texts import Text, make_text, write_message

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
    """A file without a layer that can be shown; `text` is a sentence for the user."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.code)
        self.text = text

    def __str__(self) -> str:
        return write_message(self.text)


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
    notes: Callable[[], tuple[Text, ...]] = tuple


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
    notes: tuple[Text | str, ...] = ()


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
    remark: Text | str = ""
    parts: tuple[str, ...] = ()


def read_numbers(entry: Entry, dtypes: tuple[str, ...] = FLOAT_DTYPES) -> Maps:
    """The numbers of an array. Raises UnreadableWeights if it is too large, of another dtype, or not finite."""
    check_size(entry.name, entry.shape)
    if entry.dtype not in dtypes:
        raise UnreadableWeights(
            make_text("weights_type", name=quote(entry.name), type=quote(entry.dtype), allowed=", ".join(FLOAT_DTYPES))
        )
    values = entry.read()
    if not np.isfinite(values).all():
        bad = values.size - int(np.isfinite(values).sum())
        raise UnreadableWeights(make_text("weights_not_finite", count=bad, size=values.size, name=quote(entry.name)))
    return values


def parse_shape(name: str, sides: Any) -> tuple[int, ...]:
    """A shape in a file. Raises UnreadableWeights for an impossible one."""
    if not isinstance(sides, list | tuple) or len(sides) > MAX_AXES or not all(map(is_whole_number, sides)):
        raise UnreadableWeights(make_text("impossible_shape", name=quote(name)))
    return tuple(map(int, sides))


def is_whole_number(value: Any, maximum: int = MAX_SIDE) -> bool:
    """Whether a value is an int from 0 to `maximum`."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= maximum


def check_size(name: str, shape: tuple[int, ...]) -> None:
    """Raises UnreadableWeights for an empty array, or one that is too large for a layer."""
    size = 4 * prod(shape)
    if size == 0:
        raise UnreadableWeights(make_text("no_numbers", name=quote(name), shape=format_shape(shape)))
    if size > MAX_BYTES:
        raise UnreadableWeights(
            make_text(
                "layer_too_large",
                name=quote(name),
                shape=format_shape(shape),
                size=_format_megabytes(size),
                most=f"{MAX_BYTES / 1e6:.0f}",
            )
        )


def check_filter_count(name: str, filters: int) -> None:
    """Raises UnreadableWeights for too many filters."""
    if filters > MAX_FILTERS:
        raise UnreadableWeights(
            make_text("weights_too_many_filters", name=quote(name), count=filters, most=MAX_FILTERS)
        )


def decode_as_float32(data: bytes, dtype: str, shape: tuple[int, ...], order: ByteOrder = "<") -> Maps:
    """The numbers in bytes of a file. Raises UnreadableWeights if the bytes do not match the shape."""
    width = 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize
    if len(data) != width * prod(shape):
        raise UnreadableWeights(make_text("weights_truncated"))
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


def _format_megabytes(size: int) -> Text:
    return make_text("a_size", megabytes=f"{size / 1e6:,.1f}") if size < 1e15 else make_text("more_than_a_file")
