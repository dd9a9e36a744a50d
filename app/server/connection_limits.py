"""What HTTP connections may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may cost, and how many there may be in one process.

    Headers, request line included, have at most `header_bytes` and arrive within `header_seconds`. A body that
    still comes `unread_seconds` after the answer was sent is cut off. A client that takes less than 64 kB of an answer
    in `write_seconds` is let go. At most `pipelined` further requests may wait behind one.
    """

    header_bytes: int = 65_536
    header_seconds: float = 15
    unread_seconds: float = 30
    write_seconds: float = 60
    connections: int = 8_192
    pipelined: int = 32
