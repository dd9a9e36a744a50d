"""Arrays as files announce them, and what a layer that is found among them has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

import numpy as np

from ...core.arrays import Maps

MOST_BYTES = 2_000_000
"""The largest first layer, as float32: 64 filters of 3×11×11 are 93 kB."""
MOST_FILTERS = 4_096
"""Each of them is described and drawn; the largest vision transformers have 1,664."""
MOST_HEADER = 8_000_000
"""The longest description of its arrays that a file may have."""
FLOATS = ("float16", "bfloat16", "float32", "float64")
WHOLE = ("bool", "uint8", "int8", "int16", "int32", "int64")
"""Kinds that masks and quantized weights have; by themselves they are no weights."""
WIDTHS = dict(zip((*FLOATS, *WHOLE), (2, 2, 4, 8, 1, 1, 1, 2, 4, 8), strict=True))
"""Bytes of a number."""
MOST_AXES = 32
"""NumPy's arrays had no more for long."""
LONGEST_SIDE = 1 << 40
"""No file is as large as an array of such a side."""
Order = Literal["<", ">"]


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
    turned: bool = False
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


def numbers_of(entry: Entry, kinds: tuple[str, ...] = FLOATS) -> Maps:
    """The numbers of an array that is small enough. Raises UnreadableWeights where they are too many or no numbers."""
    must_be_small(entry.name, entry.shape)
    if entry.kind not in kinds:
        raise UnreadableWeights(
            f"{quoted(entry.name)} is kept as {quoted(entry.kind)}; weights are read as {', '.join(FLOATS)}."
        )
    values = entry.read()
    if not np.isfinite(values).all():
        bad = values.size - int(np.isfinite(values).sum())
        raise UnreadableWeights(
            f"{bad:,} of the {values.size:,} weights in {quoted(entry.name)} are no finite numbers."
        )
    return values


def shape_of(name: str, sides: Any) -> tuple[int, ...]:
    """A shape as a file says it. Raises UnreadableWeights for what no array can have."""
    if not isinstance(sides, list | tuple) or len(sides) > MOST_AXES or not all(map(is_whole, sides)):
        raise UnreadableWeights(f"The shape of {quoted(name)} makes no sense.")
    return tuple(map(int, sides))


def is_whole(number: Any, most: int = LONGEST_SIDE) -> bool:
    """Whether this is a whole number from 0 to `most`, and no text or fraction that could become one."""
    return isinstance(number, int) and not isinstance(number, bool) and 0 <= number <= most


def must_be_small(name: str, shape: tuple[int, ...]) -> None:
    """Raises UnreadableWeights for more numbers than a first layer may have."""
    size = 4 * prod(shape)
    if size == 0:
        raise UnreadableWeights(f"{quoted(name)} has no numbers: its shape is {written(shape)}.")
    if size > MOST_BYTES:
        raise UnreadableWeights(
            f"{quoted(name)} has {written(shape)} numbers, {_megabytes(size)}; "
            f"a first layer of at most {MOST_BYTES / 1e6:.0f} MB is shown."
        )


def must_be_few(name: str, filters: int) -> None:
    """Raises UnreadableWeights for more filters than a first layer may have."""
    if filters > MOST_FILTERS:
        raise UnreadableWeights(f"{quoted(name)} has {filters:,} filters; at most {MOST_FILTERS:,} are shown.")


def as_float32(data: bytes, kind: str, shape: tuple[int, ...], order: Order = "<") -> Maps:
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


def quoted(text: str, most: int = 60) -> str:
    """A name out of a file, fit to be shown."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def written(shape: tuple[int, ...]) -> str:
    """A shape in words."""
    return quoted(" × ".join(map(str, shape)))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e15 else "far more than a file can hold"
