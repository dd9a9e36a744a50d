"""NumPy's .npy, a header and an array, and .npz, a zip archive of these. Python objects are never read."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from math import prod
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np

from ....core.arrays import Maps
from ....core.texts import make_text
from ..byte_source import ByteSource
from ..entries import Contents, Entry, UnreadableWeights, decode_as_float32, parse_shape, quote
from .zip_members import read_member_start

MAGIC = b"\x93NUMPY"
MAX_HEADER_CHARACTERS = 2_000
"""A header of plain numbers has 118; parsing long ones is slow."""
HEADER_BYTES = 16 + MAX_HEADER_CHARACTERS
"""The bytes of a compressed member that are read for its header."""


def is_numpy_archive(archive: ZipFile) -> bool:
    """Whether an archive contains .npy files."""
    return any(name.endswith(".npy") for name in archive.namelist())


def read_contents(archive: ZipFile) -> Contents:
    """All arrays in their order. Raises UnreadableWeights for a damaged one."""
    members = [member for member in archive.infolist() if member.filename.endswith(".npy")]
    return Contents(tuple(_make_member_entry(archive, member) for member in members))


def read_single_array(source: ByteSource) -> Contents:
    """The array of an .npy file, which has no name."""
    return Contents((_make_entry("conv", source.read(0, HEADER_BYTES), lambda count: source.read(0, count)),))


def _make_member_entry(archive: ZipFile, member: ZipInfo) -> Entry:
    name = member.filename.removesuffix(".npy")
    head = read_member_start(archive, member, HEADER_BYTES if member.compress_type else 128)
    entry = _make_entry(name, head, lambda count: read_member_start(archive, member, count))
    return replace(entry, parts=(member.filename,))


def _make_entry(name: str, head: bytes, read_start: Callable[[int], bytes]) -> Entry:
    """The array of a file that begins with `head`; `read_start` returns as many of its first bytes as requested."""
    stream = io.BytesIO(head)
    try:
        sides, fortran, dtype = _read_header(stream)
    except Exception as reason:  # NumPy may raise any exception of its parser
        raise UnreadableWeights(make_text("unreadable_array", name=quote(name))) from reason
    shape, start = parse_shape(name, sides), stream.tell()

    def read() -> Maps:
        data = read_start(start + dtype.itemsize * prod(shape))[start:]
        values = decode_as_float32(
            data, dtype.name, shape[::-1] if fortran else shape, ">" if dtype.byteorder == ">" else "<"
        )
        return values.transpose() if fortran else values

    return Entry(name, shape, dtype.name, read)


def _read_header(stream: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, whether columns come first (Fortran order), and dtype."""
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream, MAX_HEADER_CHARACTERS)
    return np.lib.format.read_array_header_2_0(stream, MAX_HEADER_CHARACTERS)
