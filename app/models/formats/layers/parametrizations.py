"""Computes parametrized weights by PyTorch's formulas: weight norm, pruning and spectral norm.

The computed array replaces the arrays of its parts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from ....core.arrays import Maps
from ....core.texts import Text, make_text
from ..entries import FLOAT_DTYPES, INTEGER_DTYPES, Entry, UnreadableWeights, quote, read_numbers

WEIGHT_NORM_NOTE = make_text("weight_norm_note")
SPECTRAL_NORM_NOTE = make_text("spectral_norm_note")
_EntryIndex = Mapping[str, Entry]


@dataclass(frozen=True, slots=True)
class _ComputedEntry:
    """An array computed from others, and their names."""

    entry: Entry
    part_names: tuple[str, ...]


def compute_parametrized(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The arrays, with each set of parts replaced by the computed array, at the position of its first part."""
    index = {entry.name: entry for entry in entries}
    computed: dict[str, _ComputedEntry] = {}
    for entry in entries:
        result = _apply_weight_norm(entry, index) or _restore_original(entry, index)
        if result:
            computed |= dict.fromkeys(result.part_names, result)
    replaced: dict[str, Entry] = {}
    for entry in entries:
        one = computed[entry.name].entry if entry.name in computed else entry
        replaced.setdefault(one.name, one)
    return tuple(replaced.values()) if computed else entries


def _apply_weight_norm(direction: Entry, index: _EntryIndex) -> _ComputedEntry | None:
    """The weights of a direction and its gain (weight norm); None for other arrays."""
    names = _split_weight_norm_name(direction.name) if len(direction.shape) >= 3 else None
    if names is None:
        return None
    name, gain = names[0], index.get(names[1])
    shape = _expand_gain_shape(gain.shape, direction.shape) if gain else None
    if gain is None or shape is None:
        return None

    def read() -> Maps:
        values = read_numbers(direction).astype(np.float64)
        axes = tuple(axis for axis, side in enumerate(shape) if side == 1)
        return _to_float32(
            read_numbers(gain).reshape(shape) * values / np.sqrt((values**2).sum(axis=axes, keepdims=True))
        )

    return _make_computed(name, (direction, gain), read, lambda: (WEIGHT_NORM_NOTE,))


def _split_weight_norm_name(direction: str) -> tuple[str, str] | None:
    """The names of the weights and of the gain, from the name of a direction."""
    if direction.endswith("original1"):
        name = _strip_parametrization(direction)
        return (name, f"{direction[:-1]}0") if name else None
    if direction.endswith("_v"):
        return direction[:-2], f"{direction[:-2]}_g"
    if direction[-1:] in ("v", "V") and direction[-2:-1] in ("", ".", "/"):
        return f"{direction[:-1]}weight", f"{direction[:-1]}g"
    return None


def _split_original_name(original: str) -> tuple[str, tuple[str, ...]] | None:
    """The name of the weights, and the prefixes of the vectors' names, from the name of an original."""
    if original.endswith("_orig"):
        return original[:-5], (f"{original[:-5]}_",)
    if original.endswith("original"):
        name, before = _strip_parametrization(original), original.removesuffix("original")
        return (name, (f"{before}0._", f"{before}1._")) if name else None
    return None


def _strip_parametrization(name: str) -> str:
    """`conv.weight` from `conv.parametrizations.weight.original`; '' for other names."""
    before, mark, rest = name.rpartition("parametrizations.")
    return before + rest.rpartition(".")[0] if mark else ""


def _expand_gain_shape(gain: tuple[int, ...], whole: tuple[int, ...]) -> tuple[int, ...] | None:
    """The shape of a gain with as many axes as the weights; None for one that does not fit."""
    if len(gain) == 1 and gain[0] == whole[0]:
        return gain + (1,) * (len(whole) - 1)
    if prod(gain) == 1:
        return (1,) * len(whole)
    fits = len(gain) == len(whole) and all(side in (1, all_) for side, all_ in zip(gain, whole, strict=True))
    return gain if fits else None


def _restore_original(original: Entry, index: _EntryIndex) -> _ComputedEntry | None:
    """The weights of an original with its mask (pruning) or its singular vectors (spectral norm); None for others."""
    names = _split_original_name(original.name)
    if names is None:
        return None
    name, prefixes = names
    mask = index.get(f"{name}_mask")
    if mask is not None and mask.shape == original.shape:
        return _make_computed(
            name, (original, mask), lambda: _apply_mask(original, mask), lambda: (_describe_pruning(mask, name),)
        )
    for prefix in prefixes:
        left, right = index.get(f"{prefix}u"), index.get(f"{prefix}v")
        if left and _find_row_axes(original.shape, left, right):
            parts = (original, left, right) if right else (original, left)
            return _make_computed(
                name, parts, _make_spectral_norm_read(original, left, right), lambda: (SPECTRAL_NORM_NOTE,)
            )
    note = make_text("unknown_transform_note", name=quote(original.name))
    return _make_computed(name, (original,), original.read, lambda: (note,))


def _apply_mask(original: Entry, mask: Entry) -> Maps:
    return _to_float32(read_numbers(original) * read_numbers(mask, FLOAT_DTYPES + INTEGER_DTYPES))


def _describe_pruning(mask: Entry, name: str) -> Text:
    values = read_numbers(mask, FLOAT_DTYPES + INTEGER_DTYPES)
    kind = make_text("biases_name" if name.endswith("bias") else "weights_name")
    return make_text("pruning_note", count=int((values == 0).sum()), size=values.size, kind=kind)


def _find_row_axes(shape: tuple[int, ...], left: Entry | None, right: Entry | None) -> list[int]:
    """The axes that may be the rows of the weights' matrix: 0, or 1 in transposed convolutions."""
    if left is None or len(left.shape) != 1 or len(shape) < 2 or 0 in shape:
        return []
    rows = left.shape[0]
    return [axis for axis in (0, 1) if shape[axis] == rows and (not right or right.shape == (prod(shape) // rows,))]


def _make_spectral_norm_read(original: Entry, left: Entry, right: Entry | None) -> Callable[[], Maps]:
    def read() -> Maps:
        values, u = read_numbers(original).astype(np.float64), read_numbers(left).astype(np.float64)
        return _to_float32(
            values / max(_compute_singular_value(np.moveaxis(values, axis, 0), u, right) for axis in axes)
        )

    axes = _find_row_axes(original.shape, left, right)
    return read


def _compute_singular_value(values: NDArray[np.float64], u: NDArray[np.float64], right: Entry | None) -> float:
    """The singular value of the vectors u and, if the file has it, v."""
    product = u @ values.reshape(len(u), -1)
    v = read_numbers(right).astype(np.float64) if right else product / np.linalg.norm(product)
    return float(product @ v)


def _make_computed(
    name: str, parts: tuple[Entry, ...], read: Callable[[], Maps], notes: Callable[[], tuple[Text, ...]]
) -> _ComputedEntry:
    first = parts[0]
    members = tuple(dict.fromkeys(member for part in parts for member in part.parts))
    return _ComputedEntry(
        replace(first, name=name, read=read, parts=members, notes=notes), tuple(part.name for part in parts)
    )


def _to_float32(values: NDArray[np.floating]) -> Maps:
    if not np.isfinite(values).all():
        raise UnreadableWeights(make_text("computed_not_finite"))
    with np.errstate(over="ignore"):
        return np.asarray(values, np.float32)
