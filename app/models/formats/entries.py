"""Arrays as files announce them, and what a layer that is found among them has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

from ...core.arrays import Maps

MAX_BYTES = 2_000_000
"""The largest first layer, as float32: 64 filters of 3×11×11 are 93 kB."""
MAX_FILTERS = 4_096
"""Each of them is described and drawn; the largest vision transformers have 1,664."""
MAX_HEADER_BYTES = 8_000_000
"""The longest description of its arrays that a file may have."""
FLOAT_DTYPES = ("float16", "bfloat16", "float32", "float64")
INTEGER_DTYPES = ("bool", "uint8", "int8", "int16", "int32", "int64")
"""Kinds that masks and quantized weights have; by themselves they are no weights."""
DTYPE_BYTES = dict(zip((*FLOAT_DTYPES, *INTEGER_DTYPES), (2, 2, 4, 8, 1, 1, 1, 2, 4, 8), strict=True))
"""Bytes of a number."""
MAX_AXES = 32
"""NumPy's arrays had no more for long."""
MAX_SIDE = 1 << 40
"""No file is as large as an array of such a side."""
ByteOrder = Literal["<", ">"]


class UnreadableWeights(ValueError):
    """A file that holds no first layer that can be shown; the message is a sentence for who brought it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An array as a file announces it; `read` gives its numbers, as float32, and raises UnreadableWeights.

    `parts` are the members of an archive, or the arrays of a safetensors file,
    that hold its numbers, `way` the names of the dictionaries around it that are
    no part of its own. `notes` says, once it is read, what was computed to get it.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    read: Callable[[], Maps]
    parts: tuple[str, ...] = ()
    way: tuple[str, ...] = ()
    notes: Callable[[], tuple[str, ...]] = tuple


@dataclass(frozen=True, slots=True)
class Contents:
    """All arrays of a file.

    `layout` is that of the programs that write such files, if it says so (see `layout`). `unknown` are the names of
    what stood there beside arrays and was skipped, `missing` the first of them that stands where weights should.
    """

    entries: tuple[Entry, ...]
    layout: str = ""
    unknown: tuple[str, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class FirstLayer:
    """The filters (K, C, h, w) of a first convolution, its bias (K,) if any, and its options if they are known.

    `turned` says that the file keeps them as (h, w, C, K), as TensorFlow does. The channels are read in `groups`.
    `notes` say in sentences what was done to get the filters.
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
    """A layer that could be shown.

    `name` is what links call it, `shape` (K, C, h, w) as it would be shown, `array` what it is in the file. `remark`
    says in a few words what is unusual. `parts` are the members of an archive, or
    the arrays of a safetensors file, that hold its numbers, all of them; none
    for other formats.
    """

    name: str
    shape: tuple[int, ...]
    array: str
    remark: str = ""
    parts: tuple[str, ...] = ()


def read_numbers(entry: Entry, kinds: tuple[str, ...] = FLOAT_DTYPES) -> Maps:
    """The numbers of an array that is small enough. Raises UnreadableWeights where they are too many or no numbers."""
    check_size(entry.name, entry.shape)
    if entry.kind not in kinds:
        raise UnreadableWeights(
            f"{quote(entry.name)} is kept as {quote(entry.kind)}; weights are read as {', '.join(FLOAT_DTYPES)}."
        )
    values = entry.read()
    if not np.isfinite(values).all():
        bad = values.size - int(np.isfinite(values).sum())
        raise UnreadableWeights(f"{bad:,} of the {values.size:,} weights in {quote(entry.name)} are no finite numbers.")
    return values


def parse_shape(name: str, sides: Any) -> tuple[int, ...]:
    """A shape as a file says it. Raises UnreadableWeights for what no array can have."""
    if not isinstance(sides, list | tuple) or len(sides) > MAX_AXES or not all(map(is_whole_number, sides)):
        raise UnreadableWeights(f"The shape of {quote(name)} makes no sense.")
    return tuple(map(int, sides))


def is_whole_number(number: Any, most: int = MAX_SIDE) -> bool:
    """Whether this is a whole number from 0 to `most`, and no text or fraction that could become one."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most


def check_size(name: str, shape: tuple[int, ...]) -> None:
    """Raises UnreadableWeights for more numbers than a first layer may have."""
    size = 4 * prod(shape)
    if size == 0:
        raise UnreadableWeights(f"{quote(name)} has no numbers: its shape is {format_shape(shape)}.")
    if size > MAX_BYTES:
        raise UnreadableWeights(
            f"{quote(name)} has {format_shape(shape)} numbers, {_format_megabytes(size)}; "
            f"a first layer of at most {MAX_BYTES / 1e6:.0f} MB is shown."
        )


def check_filter_count(name: str, filters: int) -> None:
    """Raises UnreadableWeights for more filters than a first layer may have."""
    if filters > MAX_FILTERS:
        raise UnreadableWeights(f"{quote(name)} has {filters:,} filters; at most {MAX_FILTERS:,} are shown.")


def decode_as_float32(data: bytes, kind: str, shape: tuple[int, ...], order: ByteOrder = "<") -> Maps:
    """Numbers as they lie in a file. Raises UnreadableWeights where the bytes do not suffice."""
    width = 2 if kind == "bfloat16" else np.dtype(kind).itemsize
    if len(data) != width * prod(shape):
        raise UnreadableWeights("The file ends before the weights that it announces: it is cut off or damaged.")
    if kind == "bfloat16":
        halves: Any = np.frombuffer(data, f"{order}u2").astype(np.uint32) << 16
        made: Maps = halves.view(np.float32).reshape(shape)
        return made
    with np.errstate(over="ignore", invalid="ignore"):
        return np.frombuffer(data, np.dtype(kind).newbyteorder(order)).astype(np.float32).reshape(shape)


def quote(text: str, most: int = 60) -> str:
    """A name out of a file, fit to be shown."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def format_shape(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return quote(" × ".join(map(str, shape)))


def _format_megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e15 else "far more than a file can hold"
