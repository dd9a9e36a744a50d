"""Which array is the bias of which: told by their names, or, in lists, by their places."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from ..entries import Entry
from .array_names import is_depthwise_name, list_bias_names


def match_biases(entries: Sequence[Entry], kernels: Sequence[Entry]) -> dict[str, tuple[Entry, bool]]:
    """The bias of each array, and whether it was told by its place: in lists nothing has a name."""
    index, places = {entry.name: entry for entry in entries}, {entry.name: at for at, entry in enumerate(entries)}
    found: dict[str, tuple[Entry, bool]] = {}
    for kernel in kernels:
        named = next((index[name] for name in list_bias_names(kernel.name) if name in index), None)
        beside = _find_next_bias(entries, places[kernel.name])
        if named and len(named.shape) == 1 and named.shape[0] in _list_possible_lengths(kernel):
            found[kernel.name] = (named, False)
        elif beside and beside.shape[0] in _list_possible_lengths(kernel):
            found[kernel.name] = (beside, True)
    return found


def _list_possible_lengths(kernel: Entry) -> tuple[int, ...]:
    """Lengths that the bias of such an array can have."""
    return (*kernel.shape, prod(kernel.shape[-2:])) if is_depthwise_name(kernel.name) else kernel.shape


def _find_next_bias(entries: Sequence[Entry], place: int) -> Entry | None:
    """The next array in a list if it is a bias: of an odd number of vectors of one length; batch norms have 2 or 4."""
    if not entries[place].name.rpartition("_")[2].rpartition(".")[2].isdigit():
        return None
    vectors: list[Entry] = []
    for entry in entries[place + 1 : place + 12]:
        if len(entry.shape) == 0 or entry.shape == (1,) != entries[place + 1].shape:
            continue  # how many batches a batch norm has seen
        if len(entry.shape) != 1 or (vectors and entry.shape != vectors[0].shape):
            break
        vectors.append(entry)
    return vectors[0] if len(vectors) % 2 else None
