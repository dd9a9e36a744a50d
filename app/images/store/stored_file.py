"""A file of the store, opened by its id; a damaged file counts as missing."""

from __future__ import annotations

import os
import re
import stat
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from .file_header import MAX_HEADER_BYTES, FileHeader, parse_header

PICTURE_PREFIX, FILE_PREFIX = "u-", "w-"
"""How the ids of pictures, and of all other files, begin."""
_ID = re.compile(r"[uw]-[a-z0-9]{20}")
_SAFE_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""A named pipe does not block, and a symbolic link is not followed."""


@dataclass(frozen=True, slots=True)
class OpenStoredFile:
    """A stored file, open at the first byte after its header; `used` is its last use, in seconds since 1970."""

    header: FileHeader
    file: BinaryIO
    used: float


def open_stored_file(folder: Path, id: str, now: float) -> OpenStoredFile | None:
    """The file of an id; None if it has expired, or is damaged as far as its header and size show."""
    if not _ID.fullmatch(id):
        return None
    with suppress(OSError), ExitStack() as stack:
        file = stack.enter_context(_open(folder / id))
        status = os.fstat(file.fileno())
        header = _read_matching_header(file, id, status)
        if header and header.is_current(now) and status.st_size == file.tell() + header.length:
            stack.pop_all()  # leaves the file open
            return OpenStoredFile(header, file, status.st_mtime)
    return None


def read_file_header(folder: Path, name: str) -> FileHeader | None:
    """The header of a file in the folder; None for one that is damaged or not the store's. Raises OSError."""
    if not _ID.fullmatch(name):
        return None
    with _open(folder / name) as file:
        return _read_matching_header(file, name, os.fstat(file.fileno()))


def _open(path: Path) -> BinaryIO:
    return open(path, "rb", opener=lambda path, flags: os.open(path, flags | _SAFE_OPEN_FLAGS))


def _read_matching_header(file: BinaryIO, id: str, status: os.stat_result) -> FileHeader | None:
    """The header of a file, if it is of the kind, picture or other, that its id says."""
    header = parse_header(file.readline(MAX_HEADER_BYTES)) if stat.S_ISREG(status.st_mode) else None
    return header if header and (header.height > 0) == id.startswith(PICTURE_PREFIX) else None
