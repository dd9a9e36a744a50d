"""A file of the store, found by its id and opened where its bytes begin; whatever is damaged is not found."""

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
"""What the ids of pictures, and those of all other files, begin with."""
_ID = re.compile(r"[uw]-[a-z0-9]{20}")
_SAFE_OPEN_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
"""No pipe makes a reader wait, and no link leads out of the folder."""


@dataclass(frozen=True, slots=True)
class OpenStoredFile:
    """A file that is there, open where its bytes begin; `used` is when it was used last, in seconds since 1970."""

    head: FileHeader
    file: BinaryIO
    used: float


def open_stored_file(folder: Path, id: str, now: float) -> OpenStoredFile | None:
    """The living file of an id; None for one that is damaged, as far as can be seen without reading it all."""
    if not _ID.fullmatch(id):
        return None
    with suppress(OSError), ExitStack() as unless_found:
        file = unless_found.enter_context(_open(folder / id))
        status = os.fstat(file.fileno())
        head = _read_matching_header(file, id, status)
        if head and head.lives(now) and status.st_size == file.tell() + head.length:
            unless_found.pop_all()
            return OpenStoredFile(head, file, status.st_mtime)
    return None


def read_file_header(folder: Path, name: str) -> FileHeader | None:
    """The head of any file in the folder; None for one that is damaged or none of the store's. Raises OSError."""
    if not _ID.fullmatch(name):
        return None
    with _open(folder / name) as file:
        return _read_matching_header(file, name, os.fstat(file.fileno()))


def _open(path: Path) -> BinaryIO:
    return open(path, "rb", opener=lambda path, flags: os.open(path, flags | _SAFE_OPEN_FLAGS))


def _read_matching_header(file: BinaryIO, id: str, status: os.stat_result) -> FileHeader | None:
    """The head that a file begins with, if it is of the kind that its id says."""
    head = parse_header(file.readline(MAX_HEADER_BYTES)) if stat.S_ISREG(status.st_mode) else None
    return head if head and (head.height > 0) == id.startswith(PICTURE_PREFIX) else None
