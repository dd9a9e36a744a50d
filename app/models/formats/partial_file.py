"""Uploads that contain a complete header, but only some of the numbers of a weights file."""

from __future__ import annotations

from dataclasses import dataclass

from .byte_source import ByteSource, MemorySource
from .files import safetensors_file

UNKNOWN_SIZE = 1 << 62
"""Larger than any size in a header."""


@dataclass(frozen=True, slots=True)
class FileStart:
    """The first bytes of a file of unknown size."""

    data: bytes

    @property
    def size(self) -> int:
        """The largest size, since the numbers in the header may lie anywhere."""
        return UNKNOWN_SIZE

    def read(self, start: int, count: int) -> bytes:
        """`count` bytes from `start` on, or as many of them as are here."""
        return self.data[start : start + count]


def open_partial_file(data: bytes) -> ByteSource:
    """The source for an upload. A safetensors file may end anywhere after its header, an archive may lack members.

    The directory of an archive is at its end, so all members that it lists have to be there.
    """
    source = MemorySource(data)
    has_header = safetensors_file.is_safetensors(source) and int.from_bytes(data[:8], "little") <= len(data) - 8
    return FileStart(data) if has_header else source
