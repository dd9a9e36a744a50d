"""All layers of a file that can be shown, described without their numbers, and the one that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from . import archive, checkpoint, older, safetensors
from .layer import (
    PICTURES,
    USUAL_SIDE,
    Entry,
    FirstLayer,
    UnreadableWeights,
    bias_of,
    filters_last,
    layer_at,
    layer_name,
    quoted,
)
from .limits import BROUGHT, ReadLimits
from .opening import read_first_layer, spoken
from .source import Source
from .zipped import opened

T = TypeVar("T")
MOST_LAYERS = 200


@dataclass(frozen=True, slots=True)
class Candidate:
    """A layer that can be shown: its name, its filters (K, C, h, w), the array in the file, a word about it.

    `parts` are the members of a zip archive, or the arrays of a safetensors file, that hold its numbers; other formats
    have none.
    """

    name: str
    shape: tuple[int, ...]
    array: str
    remark: str = ""
    parts: tuple[str, ...] = ()


def layers_in(source: Source, limits: ReadLimits = BROUGHT) -> tuple[Candidate, ...]:
    """All that can be shown, the likeliest first. Raises UnreadableWeights where there is none."""
    return spoken(lambda: _with_arrays(source, limits, lambda arrays: tuple(one for one, _ in _ranked(arrays))))


def read_layer(source: Source, limits: ReadLimits = BROUGHT, layer: str | None = None) -> FirstLayer:
    """The layer of that name, or the likeliest. Raises UnreadableWeights."""
    if layer is None:
        return read_first_layer(source, limits)
    return spoken(lambda: _with_arrays(source, limits, lambda arrays: _named(arrays, layer)))


def _named(arrays: list[Entry], name: str) -> FirstLayer:
    rows = _ranked(arrays)
    found = next((entry for one, entry in rows if one.name == name), None)
    if found is None:
        names = ", ".join(one.name for one, _ in rows[:10])
        raise UnreadableWeights(f"There is no layer called {quoted(name)} in this file. Here are: {names}.")
    return layer_at(found, arrays)


def _with_arrays(source: Source, limits: ReadLimits, made: Callable[[list[Entry]], T]) -> T:
    head = source.read(0, 16)
    if head.startswith(b"PK"):
        with opened(source, limits.members) as zipped:
            is_state = checkpoint.looks_so(zipped)
            return made(list(checkpoint.entries(zipped, limits) if is_state else archive.entries(zipped)))
    if older.MAGIC in head:
        return made(list(older.entries(source, limits)))
    if safetensors.looks_so(source):
        return made(list(safetensors.entries(source)))
    layer = read_first_layer(source, limits)
    return made([Entry(layer.name, layer.weight.shape, "float32", lambda: layer.weight)])


def _ranked(arrays: list[Entry]) -> list[tuple[Candidate, Entry]]:
    found = sorted((entry for entry in arrays if len(entry.shape) == 4 and min(entry.shape) > 0), key=_unlikely)
    if not found:
        raise UnreadableWeights(
            f"There is no convolution in this file: none of its {len(arrays):,} arrays has four axes (K, C, h, w)."
        )
    names: dict[str, int] = {}
    rows = []
    for entry in found[:MOST_LAYERS]:
        name = layer_name(entry.name)
        names[name] = names.get(name, 0) + 1
        count = names[name]
        rows.append((_candidate(entry, arrays, name if count == 1 else f"{name[:60]}-{count}"), entry))
    return rows


def _unlikely(entry: Entry) -> int:
    if filters_last(entry.shape):
        return 0
    _, channels, rows, columns = entry.shape
    if channels not in PICTURES or max(rows, columns) > USUAL_SIDE:
        return 2
    return 1 if channels == 1 and entry.shape[0] != 3 else 0


def _candidate(entry: Entry, arrays: list[Entry], name: str) -> Candidate:
    turned = filters_last(entry.shape)
    shape = tuple(entry.shape[axis] for axis in (3, 2, 0, 1)) if turned else entry.shape
    bias = bias_of(entry, arrays, shape[0])
    parts = tuple(dict.fromkeys((*entry.parts, *(bias.parts if bias else ()))))
    remark = "" if shape[1] in (1, 3) else f"reads {shape[1]} channels, which no picture has"
    return Candidate(name, shape, quoted(entry.name, 200), remark, parts)
