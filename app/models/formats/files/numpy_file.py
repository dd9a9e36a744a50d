"""NumPy's .npz, a zip archive of arrays, each with its description before it, and .npy. No object is ever read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np

from ....core.arrays import Maps
from ..byte_source import ByteSource
from ..entries import Contents, Entry, UnreadableWeights, decode_as_float32, parse_shape, quote
from .zip_members import read_member_start

MAGIC = b"\x93NUMPY"
MAX_HEADER_CHARACTERS = 2_000
"""Characters of a description; that of plain numbers has 118, and parsing long ones takes its time."""
HEADER_BYTES = 16 + MAX_HEADER_CHARACTERS
"""What is read of a packed member to learn its shape."""


def is_numpy_archive(archive: ZipFile) -> bool:
    """Whether arrays are in it."""
    return any(name.endswith(".npy") for name in archive.namelist())


def read_contents(archive: ZipFile) -> Contents:
    """All arrays in their order. Raises UnreadableWeights for one that is none."""
    members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
    return Contents(tuple(_make_member_entry(archive, member) for member in members))


def read_single_array(source: ByteSource) -> Contents:
    """The array in a file of its own, .npy, which has no name."""
    return Contents((_make_entry("conv", source.read(0, HEADER_BYTES), lambda count: source.read(0, count)),))


def _make_member_entry(archive: ZipFile, member: ZipInfo) -> Entry:
    name = member.filename.removesuffix(".npy")
    head = read_member_start(archive, member, HEADER_BYTES if member.compress_type else 128)
    entry = _make_entry(name, head, lambda count: read_member_start(archive, member, count))
    return replace(entry, parts=(member.filename,))


def _make_entry(name: str, beginning: bytes, first: Callable[[int], bytes]) -> Entry:
    """An array of which `first` gives so many bytes."""
    head = io.BytesIO(beginning)
    try:
        sides, fortran, dtype = _read_header(head)
    except Exception as reason:  # NumPy's reader of descriptions raises whatever its parser does
        raise UnreadableWeights(f"{quote(name)} in this file is no array that can be read.") from reason
    shape, start = parse_shape(name, sides), head.tell()

    def read() -> Maps:
        data = first(start + dtype.itemsize * prod(shape))[start:]
        values = decode_as_float32(
            data, dtype.name, shape[::-1] if fortran else shape, ">" if dtype.byteorder == ">" else "<"
        )
        return values.transpose() if fortran else values

    return Entry(name, shape, dtype.name, read)


def _read_header(head: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and kind of an array; a kind that is no plain number has a name that no weights have."""
    version = np.lib.format.read_magic(head)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(head, MAX_HEADER_CHARACTERS)
    return np.lib.format.read_array_header_2_0(head, MAX_HEADER_CHARACTERS)
