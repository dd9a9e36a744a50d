"""Files of which only some parts are read: in memory, on disk, or remote."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class ByteSource(Protocol):
    """A file whose parts can be read."""

    @property
    def size(self) -> int:
        """The size in bytes."""

    def read(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, or fewer at the end of the file."""


@dataclass(frozen=True, slots=True)
class MemorySource:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """The size in bytes."""
        return len(self.data)

    def read(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, or fewer at the end of the file."""
        return self.data[start : start + count]


@dataclass(frozen=True, slots=True)
class DiskSource:
    """A file on disk. Raises OSError if it cannot be read."""

    path: Path

    @property
    def size(self) -> int:
        """The size in bytes."""
        return self.path.stat().st_size

    def read(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, or fewer at the end of the file."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(count)


def find_sibling(source: ByteSource, name: str) -> ByteSource | None:
    """Another file in the folder of a file on disk; None for other sources and for names with a path."""
    if not isinstance(source, DiskSource) or name in ("", ".", "..") or Path(name).name != name or "\\" in name:
        return None
    file = source.path.parent / name
    return DiskSource(file) if file.is_file() else None


class SourceStream(io.RawIOBase):
    """A source, or its first `max_bytes` bytes, as a seekable binary file of `size` bytes."""

    def __init__(self, source: ByteSource, max_bytes: int | None = None) -> None:
        self._source = source
        self.size = source.size if max_bytes is None else min(source.size, max_bytes)
        self._position = 0

    def readable(self) -> bool:
        """True."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The position of the next byte."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Sets the position. Raises ValueError for one before the start."""
        position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        if position < 0:
            raise ValueError("negative position")
        self._position = position
        return position

    def read(self, size: int | None = -1) -> bytes:
        """The next `size` bytes, or all that are left."""
        left = max(0, self.size - self._position)
        data = self._source.read(self._position, left if size is None or size < 0 else min(size, left))
        self._position += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer; returns the number of bytes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
