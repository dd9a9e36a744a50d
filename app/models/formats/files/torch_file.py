"""State files of PyTorch: a zip archive with a pickle that describes the tensors, and a member for each storage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import prod
from zipfile import ZipFile

import numpy as np

from ....core.arrays import Maps
from ....core.texts import make_text
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

StorageReader = Callable[[int, int], bytes]
"""Reads bytes of a storage: (offset, count)."""


def is_torch_archive(archive: ZipFile) -> bool:
    """Whether an archive contains PyTorch's pickle."""
    return _find_pickle(archive) is not None


def read_contents(archive: ZipFile, limits: ReadLimits) -> Contents:
    """All tensors in their order. Raises UnreadableWeights for a damaged or unsafe pickle."""
    name = _find_pickle(archive) or ""
    folder = name.removesuffix("data.pkl")
    if any(member.startswith(f"{folder}code/") for member in archive.namelist()):
        raise UnreadableWeights(make_text("torchscript_program"))
    data = _read_member(archive, name, MAX_HEADER_BYTES + 1)
    if len(data) > MAX_HEADER_BYTES:
        raise UnreadableWeights(make_text("pickle_too_large", most=f"{MAX_HEADER_BYTES / 1e6:.0f}"))
    order: ByteOrder = ">" if _read_member(archive, f"{folder}byteorder", 8).startswith(b"big") else "<"

    def open_storage(key: str) -> StorageReader:
        return _make_storage_reader(archive, f"{folder}data/{key}")

    state = find_tensors(read_pickle(data, limits.instructions))
    return make_contents(state, open_storage, order, f"{folder}data/")


def make_contents(
    state: StateTensors, open_storage: Callable[[str], StorageReader], order: ByteOrder = "<", folder: str | None = None
) -> Contents:
    """The arrays of a saved state; `folder` is that of the storages in an archive."""
    entries = []
    for named in state.tensors:
        if isinstance(named.value, PickledArray):
            entries.append(_make_array_entry(named.name, named.value))
            continue
        entry = make_tensor_entry(named.name, named.value, open_storage, order)
        parts = tuple(f"{folder}{key}" for key in _list_storage_keys(named.value)) if folder is not None else ()
        entries.append(replace(entry, parts=parts, wrappers=named.wrappers))
    layout = "torch" if state.has_pytorch_tensors else ""
    return Contents(tuple(entries), layout, state.unknown, state.missing)


def make_tensor_entry(
    name: str, tensor: Tensor, open_storage: Callable[[str], StorageReader], order: ByteOrder = "<"
) -> Entry:
    """The array of a tensor, dequantized if it is quantized."""
    plain, quantizer = _make_plain_entry(name, tensor, open_storage, order), tensor.quantizer
    if quantizer is None:
        return plain
    if plain.dtype not in INTEGER_DTYPES:
        raise UnreadableWeights(DAMAGED_MESSAGE)
    note = make_text("dequantized_bits_note", bits=8 * DTYPE_BYTES[plain.dtype])
    read = _make_dequantizing_read(plain, quantizer, open_storage, order)
    return replace(plain, dtype="float32", read=read, notes=lambda: (note,))


def _make_plain_entry(
    name: str, tensor: Tensor, open_storage: Callable[[str], StorageReader], order: ByteOrder
) -> Entry:
    storage = tensor.storage

    def read() -> Maps:
        first, span = tensor.offset, _compute_span(name, tensor)
        width = DTYPE_BYTES[storage.dtype]
        data = open_storage(storage.key)(first * width, span * width)
        flat = decode_as_float32(data, storage.dtype, (span,), order)
        steps = tuple(4 * stride if side > 1 else 4 for side, stride in zip(tensor.shape, tensor.strides, strict=True))
        return np.ascontiguousarray(np.lib.stride_tricks.as_strided(flat, tensor.shape, steps))

    return Entry(name, tensor.shape, storage.dtype, read)


def _make_dequantizing_read(
    plain: Entry, quantizer: Quantizer, open_storage: Callable[[str], StorageReader], order: ByteOrder
) -> Callable[[], Maps]:
    def read_parameter(parameter: float | Tensor) -> Maps:
        if not isinstance(parameter, Tensor):
            return np.full(1, parameter, np.float64)
        if (
            parameter.shape != plain.shape[quantizer.axis : quantizer.axis + 1]
            or parameter.quantizer
            or parameter.storage.dtype not in DTYPE_BYTES
        ):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        return _make_plain_entry(plain.name, parameter, open_storage, order).read().astype(np.float64)

    def read() -> Maps:
        shape = [-1 if axis == quantizer.axis else 1 for axis in range(len(plain.shape))]
        scale, zero = (read_parameter(one).reshape(shape) for one in (quantizer.scale, quantizer.zero))
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray((plain.read() - zero) * scale, np.float32)

    return read


def _make_array_entry(name: str, array: PickledArray) -> Entry:
    def read() -> Maps:
        shape = array.shape[::-1] if array.columns_first else array.shape
        if len(array.data) != DTYPE_BYTES[array.dtype] * prod(shape):
            raise UnreadableWeights(DAMAGED_MESSAGE)
        values = decode_as_float32(array.data, array.dtype, shape, array.order)
        return values.transpose() if array.columns_first else values

    return Entry(name, array.shape, array.dtype or "object", read)


def _list_storage_keys(tensor: Tensor) -> list[str]:
    """The keys of the storages of a tensor and its quantizer."""
    quantizer = tensor.quantizer
    parameters = (quantizer.scale, quantizer.zero) if quantizer else ()
    return [tensor.storage.key, *(one.storage.key for one in parameters if isinstance(one, Tensor))]


def _find_pickle(archive: ZipFile) -> str | None:
    names = (name for name in archive.namelist() if name == "data.pkl" or name.endswith("/data.pkl"))
    return next(names, None)


def _compute_span(name: str, tensor: Tensor) -> int:
    """The count from a tensor's first number to its last in the storage. Raises UnreadableWeights for a smaller one."""
    if len(tensor.shape) != len(tensor.strides) or 0 in tensor.shape:
        raise UnreadableWeights(make_text("impossible_shape", name=quote(name)))
    span = 1 + sum((side - 1) * stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
    if tensor.offset + span > tensor.storage.count or 4 * (tensor.offset + span) > 64 * MAX_BYTES:
        raise UnreadableWeights(make_text("outside_storage", name=quote(name)))
    return span


def _make_storage_reader(archive: ZipFile, member: str) -> StorageReader:
    return lambda offset, count: _read_member(archive, member, offset + count)[offset:]


def _read_member(archive: ZipFile, name: str, count: int) -> bytes:
    """The first bytes of a member; none if it is missing."""
    member = archive.NameToInfo.get(name)
    return read_member_start(archive, member, count) if member else b""
