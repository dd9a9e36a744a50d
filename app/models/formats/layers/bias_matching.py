"""Matches weights with their biases: by name, or in lists by position."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..entries import Entry
from .array_names import is_depthwise_name, list_bias_names


def match_biases(entries: Sequence[Entry], kernels: Sequence[Entry]) -> dict[str, tuple[Entry, bool]]:
    """By the name of the weights, their bias and whether it was found by its position."""
    by_name = {entry.name: entry for entry in entries}
    positions = {entry.name: position for position, entry in enumerate(entries)}
    biases: dict[str, tuple[Entry, bool]] = {}
    for kernel in kernels:
        named = next((by_name[name] for name in list_bias_names(kernel.name) if name in by_name), None)
        following = _find_next_bias(entries, positions[kernel.name])
        if named and len(named.shape) == 1 and named.shape[0] in _list_possible_lengths(kernel):
            biases[kernel.name] = (named, False)
        elif following and following.shape[0] in _list_possible_lengths(kernel):
            biases[kernel.name] = (following, True)
    return biases


def _list_possible_lengths(kernel: Entry) -> tuple[int, ...]:
    """The lengths that the bias of the weights can have."""
    return (*kernel.shape, prod(kernel.shape[-2:])) if is_depthwise_name(kernel.name) else kernel.shape


def _find_next_bias(entries: Sequence[Entry], position: int) -> Entry | None:
    """The next array in a list if it is a bias: the first of an odd number of vectors; batch norms have 2 or 4."""
    if not entries[position].name.rpartition("_")[2].rpartition(".")[2].isdigit():
        return None
    vectors: list[Entry] = []
    for entry in entries[position + 1 : position + 12]:
        if len(entry.shape) == 0 or entry.shape == (1,) != entries[position + 1].shape:
            continue  # the batch counter of a batch norm
        if len(entry.shape) != 1 or (vectors and entry.shape != vectors[0].shape):
            break
        vectors.append(entry)
    return vectors[0] if len(vectors) % 2 else None
