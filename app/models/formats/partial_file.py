"""A file of which some numbers are missing: what is described there is known, and what is here can be read."""

from __future__ import annotations

from dataclasses import dataclass

from .byte_source import ByteSource, MemorySource
from .files import safetensors_file

UNKNOWN_SIZE = 1 << 62
"""No description announces numbers so far out."""


@dataclass(frozen=True, slots=True)
class FileStart:
    """The first bytes of a file, of which it is not known how long it is."""

    data: bytes

    @property
    def size(self) -> int:
        """As large as can be: whatever a description announces may lie in it."""
        return UNKNOWN_SIZE

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on, of those that are here."""
        return self.data[start : start + count]


def open_partial_file(data: bytes) -> ByteSource:
    """What somebody brought: a safetensors file may end anywhere behind its description, an archive may lack members.

    The list of what an archive has lies at its end, so all that it names has to be there.
    """
    held = MemorySource(data)
    is_whole = safetensors_file.is_safetensors(held) and int.from_bytes(data[:8], "little") <= len(data) - 8
    return FileStart(data) if is_whole else held
