"""Bytes that lie somewhere, of which only a few are wanted."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol


class ByteSource(Protocol):
    """A file whose parts can be read; what lies beyond its end is left out."""

    @property
    def size(self) -> int:
        """All its bytes."""

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on."""


@dataclass(frozen=True, slots=True)
class MemorySource:
    """Bytes in memory."""

    data: bytes

    @property
    def size(self) -> int:
        """All its bytes."""
        return len(self.data)

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on."""
        return self.data[start : start + count]


@dataclass(frozen=True, slots=True)
class DiskSource:
    """A file. Raises OSError where it cannot be read."""

    path: Path

    @property
    def size(self) -> int:
        """All its bytes."""
        return self.path.stat().st_size

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on."""
        with self.path.open("rb") as file:
            file.seek(start)
            return file.read(count)


def find_sibling(source: ByteSource, name: str) -> ByteSource | None:
    """Another file in the folder of a file on disk; None for other sources, and for names that lead elsewhere."""
    if not isinstance(source, DiskSource) or name in ("", ".", "..") or Path(name).name != name or "\\" in name:
        return None
    file = source.path.parent / name
    return DiskSource(file) if file.is_file() else None


class SourceStream(io.RawIOBase):
    """A source, or its first `most` bytes, as a file of `size` bytes to search in, for readers that want one."""

    def __init__(self, source: ByteSource, most: int | None = None) -> None:
        self._source = source
        self.size = source.size if most is None else min(source.size, most)
        self._at = 0

    def readable(self) -> bool:
        """Yes."""
        return True

    def seekable(self) -> bool:
        """Yes."""
        return True

    def tell(self) -> int:
        """Where the next byte comes from."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Moves there. Raises ValueError before the beginning."""
        at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        if at < 0:
            raise ValueError("there is nothing before the beginning")
        self._at = at
        return at

    def read(self, size: int | None = -1) -> bytes:
        """So many bytes, or all that are left."""
        left = max(0, self.size - self._at)
        data = self._source.read(self._at, left if size is None or size < 0 else min(size, left))
        self._at += len(data)
        return data

    def readinto(self, buffer: Any) -> int:
        """As many bytes as there is room for."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
