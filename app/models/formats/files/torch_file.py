"""State files of PyTorch: a zip archive with a pickle that describes the tensors, and their numbers beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from zipfile import ZipFile

import numpy as np

from ....core.arrays import Maps
from ..entries import (
    DTYPE_BYTES,
    INTEGER_DTYPES,
    MAX_BYTES,
    MAX_HEADER_BYTES,
    ByteOrder,
    Contents,
    Entry,
    UnreadableWeights,
    decode_as_float32,
    quote,
)
from ..read_limits import ReadLimits
from .pickle_reader import read_pickle
from .state_dict import StateTensors, find_tensors
from .torch_tensors import DAMAGED_MESSAGE, PickledArray, Quantizer, Tensor
from .zip_members import read_member_start

DEQUANTIZED_NOTE = "Dequantized: the file keeps whole numbers of {bits} bits, (number − zero) · scale are the weights."
StorageReader = Callable[[int, int], bytes]
"""Gives so many bytes of a storage from an offset on."""


def is_torch_archive(archive: ZipFile) -> bool:
    """Whether PyTorch's description is in it."""
    return _find_pickle(archive) is not None


def read_contents(archive: ZipFile, limits: ReadLimits) -> Contents:
    """All tensors in their order. Raises UnreadableWeights where the pickle runs programs."""
    name = _find_pickle(archive) or ""
    folder = name.removesuffix("data.pkl")
    if any(member.startswith(f"{folder}code/") for member in archive.namelist()):
        raise UnreadableWeights(
            "This file holds a TorchScript program, not plain weights: in PyTorch, torch.save(model.state_dict(), …)."
        )
    data = _read_member(archive, name, MAX_HEADER_BYTES + 1)
    if len(data) > MAX_HEADER_BYTES:
        raise UnreadableWeights(f"The description of the tensors is longer than {MAX_HEADER_BYTES / 1e6:.0f} MB.")
    order: ByteOrder = ">" if _read_member(archive, f"{folder}byteorder", 8).startswith(b"big") else "<"

    def part(key: str) -> StorageReader:
        return _make_storage_reader(archive, f"{folder}data/{key}")

    state = find_tensors(read_pickle(data, limits.instructions))
    return make_contents(state, part, order, f"{folder}data/")


def make_contents(
    state: StateTensors, part: Callable[[str], StorageReader], order: ByteOrder = "<", folder: str | None = None
) -> Contents:
    """The arrays of a state whose storages are read with `part`; their members are named where they lie in a folder."""
    rows = []
    for place in state.places:
        if isinstance(place.value, PickledArray):
            rows.append(_make_array_entry(place.name, place.value))
            continue
        entry = make_tensor_entry(place.name, place.value, part, order)
        parts = tuple(f"{folder}{key}" for key in _list_storage_keys(place.value)) if folder is not None else ()
        rows.append(replace(entry, parts=parts, way=place.way))
    return Contents(tuple(rows), "torch" if state.tensors else "", state.unknown, state.missing)


def make_tensor_entry(name: str, tensor: Tensor, part: Callable[[str], StorageReader], order: ByteOrder = "<") -> Entry:
    """A tensor, dequantized if it has to be."""
    plain, quantizer = _make_plain_entry(name, tensor, part, order), tensor.quantizer
    if quantizer is None:
        return plain
    if plain.kind not in INTEGER_DTYPES:
        raise UnreadableWeights(DAMAGED_MESSAGE)
    note = DEQUANTIZED_NOTE.format(bits=8 * DTYPE_BYTES[plain.kind])
    read = _make_dequantizing_read(plain, quantizer, part, order)
    return replace(plain, kind="float32", read=read, notes=lambda: (note,))


def _make_plain_entry(name: str, tensor: Tensor, part: Callable[[str], StorageReader], order: ByteOrder) -> Entry:
    storage = tensor.storage

    def read() -> Maps:
        first, span = tensor.offset, _compute_span(name, tensor)
        width = DTYPE_BYTES[storage.kind]
        data = part(storage.key)(first * width, span * width)
        flat = decode_as_float32(data, storage.kind, (span,), order)
        steps = tuple(4 * stride if side > 1 else 4 for side, stride in zip(tensor.shape, tensor.strides, strict=True))
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, tensor.shape, steps))

    return Entry(name, tensor.shape, storage.kind, read)


def _make_dequantizing_read(
    plain: Entry, quantizer: Quantizer, part: Callable[[str], StorageReader], order: ByteOrder
) -> Callable[[], Maps]:
    def numbers(said: float | Tensor) -> Maps:
        if not isinstance(said, Tensor):
            return np.full(1, said, np.float64)
        if (
            said.shape != plain.shape[quantizer.axis : quantizer.axis + 1]
            or said.quantizer
            or said.storage.kind not in DTYPE_BYTES
        ):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        return _make_plain_entry(plain.name, said, part, order).read().astype(np.float64)

    def read() -> Maps:
        along = [-1 if axis == quantizer.axis else 1 for axis in range(len(plain.shape))]
        scale, zero = numbers(quantizer.scale).reshape(along), numbers(quantizer.zero).reshape(along)
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((plain.read() - zero) * scale, np.float32)

    return read


def _make_array_entry(name: str, array: PickledArray) -> Entry:
    def read() -> Maps:
        shape = array.shape[::-1] if array.columns_first else array.shape
        if len(array.data) != DTYPE_BYTES[array.kind] * prod(shape):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        values = decode_as_float32(array.data, array.kind, shape, array.order)
        return values.transpose() if array.columns_first else values

    return Entry(name, array.shape, array.kind or "object", read)


def _list_storage_keys(tensor: Tensor) -> list[str]:
    """The storages that a tensor needs."""
    quantizer = tensor.quantizer
    said = (quantizer.scale, quantizer.zero) if quantizer else ()
    return [tensor.storage.key, *(one.storage.key for one in said if isinstance(one, Tensor))]


def _find_pickle(archive: ZipFile) -> str | None:
    names = (name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl"))
    return next(names, None)


def _compute_span(name: str, tensor: Tensor) -> int:
    """How many numbers of the storage lie between the first and the last. Raises UnreadableWeights if it has fewer."""
    if len(tensor.shape) != len(tensor.strides) or 0 in tensor.shape:
        raise UnreadableWeights(f"The shape of {quote(name)} makes no sense.")
    span = 1 + sum((side - 1) * stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset + span > tensor.storage.numbers or 4 * (tensor.offset + span) > 64 * MAX_BYTES:
        raise UnreadableWeights(f"{quote(name)} is said to lie where its storage has no numbers, or too far in.")
    return span


def _make_storage_reader(archive: ZipFile, member: str) -> StorageReader:
    return lambda offset, count: _read_member(archive, member, offset + count)[offset:]


def _read_member(archive: ZipFile, name: str, count: int) -> bytes:
    """The beginning of a member; nothing where there is none."""
    member = archive.NameToInfo.get(name)
    return read_member_start(archive, member, count) if member else b""
