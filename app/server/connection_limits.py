"""The limits of HTTP connections."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """The limits of one connection, and how many there may be in one process.

    Headers, request line included, have at most `header_bytes` and arrive within `header_seconds`. If a body still
    arrives `unread_seconds` after the response was sent, or if a client takes less than 64 kB of a response in
    `write_seconds`, the connection is closed. At most `pipelined` further requests may wait behind one.
    """

    header_bytes: int = 65_536
    header_seconds: float = 15
    unread_seconds: float = 30
    write_seconds: float = 60
    connections: int = 8_192
    pipelined: int = 32
