"""State files of PyTorch: a zip archive with a pickle that describes the tensors, and their numbers beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from zipfile import ZipFile

import numpy as np

from ...core.maps import Maps
from .described import Tensor
from .layer import MOST_BYTES, MOST_HEADER, Entry, Order, UnreadableWeights, as_float32, quoted
from .limits import ReadLimits
from .pickled import read_pickle
from .zipped import beginning

DEEPEST = 4
"""States lie at most so many dictionaries deep in what a training saved."""
MOST_TENSORS = 100_000
WIDTHS = {"float16": 2, "bfloat16": 2, "float32": 4, "float64": 8}


def looks_so(archive: ZipFile) -> bool:
    """Whether PyTorch's description is in it."""
    return _pickle_in(archive) is not None


def entries(archive: ZipFile, limits: ReadLimits) -> Iterator[Entry]:
    """All tensors in their order. Raises UnreadableWeights where the pickle says more than tensors."""
    name = _pickle_in(archive) or ""
    folder = name.removesuffix("data.pkl")
    if any(member.startswith(f"{folder}code/") for member in archive.namelist()):
        raise UnreadableWeights(
            "This file holds a TorchScript program, not plain weights: in PyTorch, torch.save(model.state_dict(), …)."
        )
    data = _read(archive, name, MOST_HEADER + 1)
    if len(data) > MOST_HEADER:
        raise UnreadableWeights(f"The description of the tensors is longer than {MOST_HEADER / 1e6:.0f} MB.")
    order: Order = ">" if _read(archive, f"{folder}byteorder", 8).startswith(b"big") else "<"
    for path, tensor in collected(read_pickle(data, limits.instructions)):
        member = f"{folder}data/{tensor.storage.key}"
        yield replace(tensor_entry(path, tensor, _reader(archive, member), order), parts=(member,))


def collected(state: object) -> list[tuple[str, Tensor]]:
    """The tensors of a state by their names, in their order. Raises UnreadableWeights for too many."""
    found: list[tuple[str, Tensor]] = []
    _collect(state, (), found, set())
    return found


def _pickle_in(archive: ZipFile) -> str | None:
    names = (name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl"))
    return next(names, None)


def _collect(value: object, path: tuple[str, ...], found: list[tuple[str, Tensor]], seen: set[int]) -> None:
    """The tensors of nested dictionaries, each dictionary once. The way to a state is left out of the names."""
    if isinstance(value, Tensor):
        if len(found) >= MOST_TENSORS:
            raise UnreadableWeights(f"There are more than {MOST_TENSORS:,} tensors in this file.")
        found.append((path[-1] if path else "conv", value))
    elif isinstance(value, dict) and len(path) <= DEEPEST and id(value) not in seen:
        seen.add(id(value))
        for key, inner in value.items():
            _collect(inner, (*path, str(key)), found, seen)


def tensor_entry(name: str, tensor: Tensor, part: Callable[[int, int], bytes], order: Order = "<") -> Entry:
    """A tensor whose storage gives `count` bytes from an offset on with `part(offset, count)`."""
    storage = tensor.storage

    def read() -> Maps:
        first, span = tensor.offset, _span(name, tensor)
        width = WIDTHS[storage.kind]
        data = part(first * width, span * width)
        flat = as_float32(data, storage.kind, (span,), order)
        steps = tuple(4 * stride if side > 1 else 4 for side, stride in zip(tensor.shape, tensor.strides, strict=True))
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, tensor.shape, steps))

    return Entry(name, tensor.shape, storage.kind, read)


def _span(name: str, tensor: Tensor) -> int:
    """How many numbers of the storage lie between the first and the last. Raises UnreadableWeights if it has fewer."""
    if len(tensor.shape) != len(tensor.strides) or 0 in tensor.shape:
        raise UnreadableWeights(f"The shape of {quoted(name)} makes no sense.")
    span = 1 + sum((side - 1) * stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset + span > tensor.storage.numbers or 4 * (tensor.offset + span) > 64 * MOST_BYTES:
        raise UnreadableWeights(f"{quoted(name)} is said to lie where its storage has no numbers, or too far in.")
    return span


def _reader(archive: ZipFile, member: str) -> Callable[[int, int], bytes]:
    return lambda offset, count: _read(archive, member, offset + count)[offset:]


def _read(archive: ZipFile, name: str, count: int) -> bytes:
    """The beginning of a member; nothing where there is none."""
    member = archive.NameToInfo.get(name)
    return beginning(archive, member, count) if member else b""
