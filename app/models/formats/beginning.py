"""The description at the beginning of a file, for a reader that wants to know no number of it."""

from __future__ import annotations

from dataclasses import dataclass

from . import safetensors
from .source import Held, Source

ANY_SIZE = 1 << 62
"""No description announces numbers so far out."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first bytes of a file, of which it is not known how long it is."""

    data: bytes

    @property
    def size(self) -> int:
        """As large as can be: whatever a description announces may lie in it."""
        return ANY_SIZE

    def read(self, start: int, count: int) -> bytes:
        """At most `count` bytes from `start` on, of those that are here."""
        return self.data[start : start + count]


def described(data: bytes) -> Source:
    """A file that may end after its description; a zip archive has its list of contents at its end, so it has all."""
    return Beginning(data) if safetensors.looks_so(Held(data)) else Held(data)
