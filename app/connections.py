"""HTTP connections that nobody can hold for nothing: limits on headers, on waiting and on how many there are.

uvicorn bounds none of these. What a body may cost is bounded where it is read, in `web.bodies`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from .logs import LogSettings, start_logging
from .rare_log import once_a_minute

log = once_a_minute(logging.getLogger(__name__))

CHECKS = 10
"""How often within the time for headers a connection is looked at."""
LONGEST_BETWEEN_CHECKS = 2.0
ROOM_AT_ONCE = 50
"""One in so many connections is closed when there are too many, so that making room is rare."""


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """What one connection may cost, and how many there may be in one process.

    Headers, request line included, have at most `header_bytes` and arrive within `header_seconds`. A body that
    still comes `unread_seconds` after the answer was sent is cut off. A client that takes nothing of an answer for
    `write_seconds` is let go. At most `pipelined` further requests may wait behind one.
    """

    header_bytes: int = 65_536
    header_seconds: float = 15
    unread_seconds: float = 5
    write_seconds: float = 60
    connections: int = 8_192
    pipelined: int = 32


class LimitedConfig(uvicorn.Config):
    """uvicorn's configuration with the limits of its connections, and its log as ours. It is sent to each process."""

    def __init__(self, app: str, limits: ConnectionLimits, logs: LogSettings, **options: Any) -> None:
        self._logs = logs
        super().__init__(app, http=LimitedConnection, log_config=None, log_level=logs.level, **options)
        self.connection_limits = limits

    def configure_logging(self) -> None:
        """Called in each process: what uvicorn says is written like all else."""
        start_logging(self._logs)
        super().configure_logging()


class LimitedConnection(HttpToolsProtocol):
    """One connection. It waits for headers, then reads a body and answers, again and again."""

    def __init__(
        self,
        config: LimitedConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._limits = config.connection_limits
        self._waiting_since: float | None = None  # for headers; None while a request is read or answered
        self._has_begun = False  # whether anything has come since then
        self._is_in_headers = False
        self._header_bytes = 0  # of headers that are not complete yet
        self._field_bytes = 0  # of fields that are
        self._body_is_open = False
        self._answered_at: float | None = None
        self._unsent, self._unsent_since = 0, 0.0
        self._is_refused = False
        self._next_check: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._count(1)
        self._waiting_since = self.loop.time()
        self._check_later()
        if len(self.connections) > self._limits.connections:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        if self._next_check is not None:
            self._next_check.cancel()
        super().connection_lost(exc)
        self._count(-1)

    def data_received(self, data: bytes) -> None:
        """Bytes have come: of headers, of a body, or of a further request."""
        if self._is_refused or self.transport.is_closing():
            return
        if self._waiting_since is not None:
            if not self._has_begun and self.cycle is not None:  # a kept connection rests before its next request
                self._waiting_since = self.loop.time()
            self._has_begun = True
        self._header_bytes += len(data)
        super().data_received(data)
        if self._is_in_headers and max(self._header_bytes, self._field_bytes) > self._limits.header_bytes:
            self._refuse_long_headers()

    def on_message_begin(self) -> None:
        """The first sign of a request has come."""
        super().on_message_begin()
        self._is_in_headers, self._header_bytes, self._field_bytes = True, 0, 0

    def on_url(self, url: bytes) -> None:
        """A part of the address has come."""
        self._field_bytes += len(url)
        if self._field_bytes <= self._limits.header_bytes:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has come, or a trailer of a body in chunks."""
        self._field_bytes += len(name) + len(value) + 4
        if self._field_bytes <= self._limits.header_bytes:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """All headers are here: the request is answered, or waits behind others."""
        self._is_in_headers = False
        if self._is_refused:
            return
        if self._field_bytes > self._limits.header_bytes:
            self._refuse_long_headers()
        elif len(self.pipeline) >= self._limits.pipelined:
            log.warning("a connection is to end: more than %d requests wait in it", self._limits.pipelined)
            self._is_refused, self.cycle.keep_alive = True, False  # the last that is answered
        else:
            self._waiting_since, self._has_begun = None, False
            self._body_is_open = True
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has come."""
        if not self._is_refused:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The body has come to its end."""
        if self._is_refused:
            return
        self._body_is_open = False
        if self._answered_at is not None:
            self._rest()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is written."""
        if not self.pipeline:
            self._answered_at = self.loop.time()
            if not self._body_is_open:
                self._rest()
        super().on_response_complete()

    @property
    def waiting_since(self) -> float | None:
        """Since when the connection waits for a request; None while it has one."""
        return self._waiting_since

    def _count(self, change: int) -> None:
        """Tells the gauge that the application hands over when it has started."""
        gauge = self.app_state.get("connections")
        if gauge is not None:
            gauge.inc(change)

    def _rest(self) -> None:
        self._waiting_since, self._answered_at = self.loop.time(), None

    def _check_later(self) -> None:
        seconds = min(LONGEST_BETWEEN_CHECKS, self._limits.header_seconds / CHECKS)
        self._next_check = self.loop.call_later(seconds, self._check)

    def _check(self) -> None:
        """Ends what has taken too long."""
        now, limits = self.loop.time(), self._limits
        if self._has_stalled(now):
            log.warning("an answer was given up: nothing of it was taken for %g s", limits.write_seconds)
            self.transport.abort()
        elif self._is_late(now):
            log.warning("a connection was closed: its headers did not arrive within %g s", limits.header_seconds)
            self._refuse_late_headers()
        elif self._answered_at is not None and now - self._answered_at > limits.unread_seconds:
            self._close()
        self._check_later()

    def _is_late(self, now: float) -> bool:
        """Whether headers are overdue. Before the next request of a kept connection the server's own limit holds."""
        if self._waiting_since is None or not (self._has_begun or self.cycle is None):
            return False
        return now - self._waiting_since > self._limits.header_seconds and not self.transport.is_closing()

    def _has_stalled(self, now: float) -> bool:
        """Whether the client has taken nothing of what waits for it, for too long."""
        unsent = self.transport.get_write_buffer_size()
        if unsent == 0 or unsent < self._unsent or self._unsent == 0:
            self._unsent, self._unsent_since = unsent, now
            return False
        self._unsent = unsent
        return now - self._unsent_since > self._limits.write_seconds

    def _refuse_late_headers(self) -> None:
        if not self._has_begun:
            self._close()  # browsers connect in advance
            return
        from .web.words import SLOW_HEADERS

        self._refuse(408, SLOW_HEADERS.format(seconds=self._limits.header_seconds))

    def _refuse_long_headers(self) -> None:
        from .web.words import LONG_HEADERS

        log.warning("a request was refused: its headers have more than %d bytes", self._limits.header_bytes)
        self._refuse(431, LONG_HEADERS.format(most=self._limits.header_bytes))

    def _make_room(self) -> None:
        """Closes those that wait longest for a request; refuses this one where there are none."""
        from .web.words import MANY_CONNECTIONS

        log.warning("there are more than %d connections: the longest idle are closed", self._limits.connections)
        others = [one for one in self.connections if isinstance(one, LimitedConnection) and one is not self]
        idle = sorted((one for one in others if one.waiting_since is not None), key=lambda one: one.waiting_since or 0)
        for one in idle[: 1 + len(others) // ROOM_AT_ONCE]:
            one._close()
        if not idle:
            self._refuse(503, MANY_CONNECTIONS, {"Retry-After": "5"})

    def _refuse(self, status: int, sentence: str, headers: dict[str, str] | None = None) -> None:
        """Says why, and closes. Where an earlier request is still answered, nothing can be said in between."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_answer(status, sentence, headers or {}))
        self._close()

    def _close(self) -> None:
        self._is_refused = True
        self.transport.close()


def _answer(status: int, sentence: str, headers: dict[str, str]) -> bytes:
    """A refusal as it goes over the wire, when no request can be given to the application."""
    from .web.refusal import Refused, problem_reply

    reply = problem_reply(Refused(status, sentence, headers={**headers, "Connection": "close"}))
    first = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()
    fields = [b"%s: %s" % pair for pair in reply.raw_headers(zipped=False, body=True)]
    return b"\r\n".join([first, *fields, b"", reply.body])
