"""The first convolution among the arrays of a file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from math import prod
from typing import Any, Literal

import numpy as np

from ...core.maps import Maps

MOST_BYTES = 2_000_000
"""The largest first layer, as float32: 64 filters of 3×11×11 are 93 kB."""
MOST_FILTERS = 4_096
"""Each of them is described and drawn; the largest vision transformers have 1,664."""
MOST_HEADER = 8_000_000
"""The longest description of its arrays that a file may have."""
USUAL_SIDE, LARGEST_SIDE = 15, 32
NEARBY = 16
"""A bias lies at most so many arrays after its weights; looking further would cost requests."""
PICTURES = range(1, 5)
"""Channels that a picture may have."""
PLAIN_PICTURES = (1, 3)
FEWEST = 4
"""Filters that a layer has at least, for its axes to be told by their lengths."""
FLOATS = ("float16", "bfloat16", "float32", "float64")
MOST_AXES = 32
"""NumPy's arrays had no more for long."""
LONGEST_SIDE = 1 << 40
"""No file is as large as an array of such a side."""
Order = Literal["<", ">"]
_PAIRS = {"weight": "bias", "kernel": "bias", "W": "b", "w": "b", "filters": "bias"}


class UnreadableWeights(ValueError):
    """A file that holds no first layer that can be shown; the message is a sentence for who brought it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An array as a file announces it; `read` gives its numbers, as float32, and raises UnreadableWeights.

    `parts` are the members of a zip archive, or the arrays of a safetensors file, in which they lie.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    read: Callable[[], Maps]
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FirstLayer:
    """The filters (K, C, h, w) of a first convolution, its bias (K,) if any, and its options if they are known.

    `turned` says that the file keeps them as (h, w, C, K), as TensorFlow does.
    """

    name: str
    weight: Maps
    bias: Maps | None = None
    options: tuple[tuple[str, Any], ...] | None = None
    turned: bool = False


def first_layer(entries: Iterable[Entry]) -> FirstLayer:
    """The first convolution of a picture and its bias. Raises UnreadableWeights where there is none."""
    known: list[Entry] = []
    coming = iter(entries)
    chosen = _first(coming, known)
    known += islice(coming, NEARBY)
    return layer_at(chosen, known)


def layer_at(chosen: Entry, known: list[Entry]) -> FirstLayer:
    """A convolution and its bias. Raises UnreadableWeights where its numbers cannot be shown."""
    turned, weight = filters_last(chosen.shape), numbers_of(chosen)
    if turned:
        weight = np.ascontiguousarray(weight.transpose(3, 2, 0, 1))
    must_be_few(chosen.name, len(weight))
    return FirstLayer(layer_name(chosen.name), weight, _bias(chosen, known, len(weight)), turned=turned)


def filters_last(shape: tuple[int, ...]) -> bool:
    """Whether axes are (h, w, C, K): a square filter of 1 or 3 channels, and only this way round."""
    if len(shape) != 4:
        return False
    rows, columns, channels, filters = shape
    return rows == columns <= USUAL_SIDE and channels in PLAIN_PICTURES and filters >= FEWEST


def numbers_of(entry: Entry) -> Maps:
    """The numbers of an array that is small enough. Raises UnreadableWeights where they are too many or no numbers."""
    must_be_small(entry.name, entry.shape)
    if entry.kind not in FLOATS:
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
        raise UnreadableWeights(f"{quoted(name)} has no numbers: its shape is {_written(shape)}.")
    if size > MOST_BYTES:
        raise UnreadableWeights(
            f"{quoted(name)} has {_written(shape)} numbers, {_megabytes(size)}; "
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


def layer_name(array: str) -> str:
    """The name of an array's layer as links write it: `features.0.weight` is `features-0`."""
    stem, _ = _split(array)
    return re.sub(r"[^a-z0-9_]+", "-", stem.lower()).strip("-")[:64] or "conv"


def quoted(text: str, most: int = 60) -> str:
    """A name out of a file, fit to be shown."""
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[: most + 1])
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def _written(shape: tuple[int, ...]) -> str:
    return quoted(" × ".join(map(str, shape)))


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size < 1e15 else "far more than a file can hold"


def _first(entries: Iterable[Entry], known: list[Entry]) -> Entry:
    """The first that reads pictures with filters of a usual size; of some that may be, the likeliest. Fills `known`."""
    gray: Entry | None = None
    for entry in entries:
        known.append(entry)
        if filters_last(entry.shape):
            return entry
        if not _reads_pictures(entry.shape, USUAL_SIDE):
            continue
        if entry.shape[1] != 1:
            return entry
        if entry.shape[0] == 3:
            return entry  # a later layer that reads 3 maps would be its successor, not a first one
        gray = gray or entry  # or one filter for each map of a deeper layer
    larger = (entry for entry in known if _reads_pictures(entry.shape, LARGEST_SIDE))
    other = (entry for entry in known if len(entry.shape) == 4 and min(entry.shape) > 0)
    found = gray or next(larger, None) or next(other, None)
    if found is None:
        raise UnreadableWeights(_why_none(known))
    return found


def _reads_pictures(shape: tuple[int, ...], most: int) -> bool:
    return len(shape) == 4 and shape[0] > 0 and shape[1] in PICTURES and min(shape[2:]) >= 1 and max(shape[2:]) <= most


def _why_none(known: list[Entry]) -> str:
    if any(len(entry.shape) == 5 for entry in known):
        return "The convolutions in this file are 3-D, for films or volumes; pictures need 2-D ones (K, C, h, w)."
    if not known:
        return "There are no arrays in this file."
    return f"There is no convolution in this file: none of its {len(known):,} arrays has four axes (K, C, h, w)."


def _bias(chosen: Entry, known: list[Entry], count: int) -> Maps | None:
    found = bias_of(chosen, known, count)
    return numbers_of(found) if found else None


def bias_of(chosen: Entry, known: list[Entry], count: int) -> Entry | None:
    """The array of a convolution's bias."""
    _, end = _split(chosen.name)
    name = chosen.name[: len(chosen.name) - len(end)] + _PAIRS.get(end, "")
    return next((entry for entry in known if entry.name == name and entry.shape == (count,)), None)


def _split(array: str) -> tuple[str, str]:
    """The layer in an array's name, and what the array is to it."""
    found = re.fullmatch(rf"(.*?)[._/:-]?({'|'.join(_PAIRS)})(?::0)?", array, re.DOTALL)
    return (found[1], found[2]) if found and found[1] else (array, "")
