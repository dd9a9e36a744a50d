"""State files of PyTorch: a zip archive with a pickle that describes the tensors, and their numbers beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from zipfile import ZipFile

import numpy as np

from ....core.arrays import Maps
from ..entries import (
    MOST_BYTES,
    MOST_HEADER,
    WHOLE,
    WIDTHS,
    Contents,
    Entry,
    Order,
    UnreadableWeights,
    as_float32,
    quoted,
)
from ..read_limits import ReadLimits
from .pickle_reader import read_pickle
from .state_dict import Found, found_in
from .torch_tensors import DAMAGED, Array, Quantizer, Tensor
from .zip_members import beginning

DEQUANTIZED = "Dequantized: the file keeps whole numbers of {bits} bits, (number − zero) · scale are the weights."
Part = Callable[[int, int], bytes]
"""Gives so many bytes of a storage from an offset on."""


def looks_so(archive: ZipFile) -> bool:
    """Whether PyTorch's description is in it."""
    return _pickle_in(archive) is not None


def entries(archive: ZipFile, limits: ReadLimits) -> Contents:
    """All tensors in their order. Raises UnreadableWeights where the pickle runs programs."""
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

    def part(key: str) -> Part:
        return _reader(archive, f"{folder}data/{key}")

    state = found_in(read_pickle(data, limits.instructions))
    return contents(state, part, order, f"{folder}data/")


def contents(state: Found, part: Callable[[str], Part], order: Order = "<", folder: str | None = None) -> Contents:
    """The arrays of a state whose storages are read with `part`; their members are named where they lie in a folder."""
    rows = []
    for place in state.places:
        if isinstance(place.value, Array):
            rows.append(_array_entry(place.name, place.value))
            continue
        entry = tensor_entry(place.name, place.value, part, order)
        parts = tuple(f"{folder}{key}" for key in _keys(place.value)) if folder is not None else ()
        rows.append(replace(entry, parts=parts, way=place.way))
    return Contents(tuple(rows), "torch" if state.tensors else "", state.unknown, state.missing)


def tensor_entry(name: str, tensor: Tensor, part: Callable[[str], Part], order: Order = "<") -> Entry:
    """A tensor, dequantized if it has to be."""
    plain, quantizer = _plain_entry(name, tensor, part, order), tensor.quantizer
    if quantizer is None:
        return plain
    if plain.kind not in WHOLE:
        raise UnreadableWeights(DAMAGED)
    note = DEQUANTIZED.format(bits=8 * WIDTHS[plain.kind])
    read = _dequantizing(plain, quantizer, part, order)
    return replace(plain, kind="float32", read=read, notes=lambda: (note,))


def _plain_entry(name: str, tensor: Tensor, part: Callable[[str], Part], order: Order) -> Entry:
    storage = tensor.storage

    def read() -> Maps:
        first, span = tensor.offset, _span(name, tensor)
        width = WIDTHS[storage.kind]
        data = part(storage.key)(first * width, span * width)
        flat = as_float32(data, storage.kind, (span,), order)
        steps = tuple(4 * stride if side > 1 else 4 for side, stride in zip(tensor.shape, tensor.strides, strict=True))
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, tensor.shape, steps))

    return Entry(name, tensor.shape, storage.kind, read)


def _dequantizing(plain: Entry, quantizer: Quantizer, part: Callable[[str], Part], order: Order) -> Callable[[], Maps]:
    def numbers(said: float | Tensor) -> Maps:
        if not isinstance(said, Tensor):
            return np.full(1, said, np.float64)
        if (
            said.shape != plain.shape[quantizer.axis : quantizer.axis + 1]
            or said.quantizer
            or said.storage.kind not in WIDTHS
        ):
            raise UnreadableWeights(DAMAGED)
        return _plain_entry(plain.name, said, part, order).read().astype(np.float64)

    def read() -> Maps:
        along = [-1 if axis == quantizer.axis else 1 for axis in range(len(plain.shape))]
        scale, zero = numbers(quantizer.scale).reshape(along), numbers(quantizer.zero).reshape(along)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((plain.read() - zero) * scale, np.float32)

    return read


def _array_entry(name: str, array: Array) -> Entry:
    def read() -> Maps:
        shape = array.shape[::-1] if array.columns_first else array.shape
        if len(array.data) != WIDTHS[array.kind] * prod(shape):
            raise UnreadableWeights(DAMAGED)
        values = as_float32(array.data, array.kind, shape, array.order)
        return values.transpose() if array.columns_first else values

    return Entry(name, array.shape, array.kind or "object", read)


def _keys(tensor: Tensor) -> list[str]:
    """The storages that a tensor needs."""
    quantizer = tensor.quantizer
    said = (quantizer.scale, quantizer.zero) if quantizer else ()
    return [tensor.storage.key, *(one.storage.key for one in said if isinstance(one, Tensor))]


def _pickle_in(archive: ZipFile) -> str | None:
    names = (name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl"))
    return next(names, None)


def _span(name: str, tensor: Tensor) -> int:
    """How many numbers of the storage lie between the first and the last. Raises UnreadableWeights if it has fewer."""
    if len(tensor.shape) != len(tensor.strides) or 0 in tensor.shape:
        raise UnreadableWeights(f"The shape of {quoted(name)} makes no sense.")
    span = 1 + sum((side - 1) * stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset + span > tensor.storage.numbers or 4 * (tensor.offset + span) > 64 * MOST_BYTES:
        raise UnreadableWeights(f"{quoted(name)} is said to lie where its storage has no numbers, or too far in.")
    return span


def _reader(archive: ZipFile, member: str) -> Part:
    return lambda offset, count: _read(archive, member, offset + count)[offset:]


def _read(archive: ZipFile, name: str, count: int) -> bytes:
    """The beginning of a member; nothing where there is none."""
    member = archive.NameToInfo.get(name)
    return beginning(archive, member, count) if member else b""
