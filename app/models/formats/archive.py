"""NumPy's .npz: a zip archive of arrays, each with its description before it. No object is ever read."""

from __future__ import annotations

import io
from collections.abc import Iterator
from math import prod
from typing import Any
from zipfile import ZipFile, ZipInfo

import numpy as np

from ...core.maps import Maps
from .layer import Entry, UnreadableWeights, as_float32, quoted, shape_of
from .zipped import beginning

LONGEST = 2_000
"""Characters of a description; that of plain numbers has 118, and parsing long ones takes its time."""
HEADER = 16 + LONGEST
"""What is read of a packed member to learn its shape."""


def looks_so(archive: ZipFile) -> bool:
    """Whether arrays are in it."""
    return any(name.endswith(".npy") for name in archive.namelist())


def entries(archive: ZipFile) -> Iterator[Entry]:
    """All arrays in their order. Raises UnreadableWeights for one that is none."""
    for member in archive.infolist():
        if member.filename.endswith(".npy"):
            yield _entry(archive, member)


def _entry(archive: ZipFile, member: ZipInfo) -> Entry:
    name = member.filename.removesuffix(".npy")
    head = io.BytesIO(beginning(archive, member, HEADER if member.compress_type else 128))
    try:
        sides, fortran, dtype = _description(head)
    except Exception as reason:  # NumPy's reader of descriptions raises whatever its parser does
        raise UnreadableWeights(f"{quoted(name)} in this archive is no array that can be read.") from reason
    shape, start = shape_of(name, sides), head.tell()

    def read() -> Maps:
        data = beginning(archive, member, start + dtype.itemsize * prod(shape))[start:]
        values = as_float32(data, dtype.name, shape[::-1] if fortran else shape, ">" if dtype.byteorder == ">" else "<")
        return values.transpose() if fortran else values

    return Entry(name, shape, dtype.name, read, (member.filename,))


def _description(head: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and kind of an array; a kind that is no plain number has a name that no weights have."""
    version = np.lib.format.read_magic(head)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(head, LONGEST)
    return np.lib.format.read_array_header_2_0(head, LONGEST)
