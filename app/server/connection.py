"""One HTTP connection within its limits, and the server configuration that makes every connection one of these."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from ..logging_setup import LogSettings, start_logging
from ..rate_limited_log import limit_to_once_a_minute
from .connection_limits import ConnectionLimits
from .raw_connection import BodyCallbacks, count_unsent_bytes, encode_error_response

log = limit_to_once_a_minute(logging.getLogger(__name__))

CHECKS_PER_WAIT = 10
"""How often within the time for headers a connection is looked at."""
MAX_CHECK_SECONDS = 2.0
MIN_BYTES_TAKEN = 64_000
"""Bytes of an answer that a client takes in the time that it has."""
FRAMING_HEADERS = (b"content-length", b"transfer-encoding")
CLOSE_ONE_IN = 50
"""One in so many connections is closed when there are too many, so that making room is rare."""


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
        self._body_since: float | None = None  # None where there is none, or it is here
        self._responded_at: float | None = None  # while a body still comes after that
        self._unsent, self._unsent_since = 0, 0.0
        self._is_ending = False
        self._next_check: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client has connected."""
        super().connection_made(transport)
        self._change_gauge(1)
        self._waiting_since = self.loop.time()
        self._schedule_check()
        if len(self.connections) > self._limits.connections:
            self._close_idle_connections()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection has ended."""
        if self._next_check is not None:
            self._next_check.cancel()
        super().connection_lost(exc)
        self._change_gauge(-1)

    def data_received(self, data: bytes) -> None:
        """Bytes have come: of headers, of a body, or of a further request."""
        if self._is_ending or self.transport.is_closing():
            return
        if self._waiting_since is not None:
            if not self._has_begun and self.cycle is not None:  # a kept connection rests before its next request
                self._waiting_since = self.loop.time()
            self._has_begun = True
        self._header_bytes += len(data)
        self._unset_keepalive_if_required()
        self._feed_parser(data)
        is_open = self._is_in_headers or self._body_since is not None  # trailers behind a body count as headers do
        if is_open and max(self._header_bytes, self._field_bytes) > self._limits.header_bytes:
            self._reject_long_headers()

    def _feed_parser(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._continue_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            from ..web.http_messages import BAD_REQUEST

            log.warning("a request was refused that is not HTTP")
            self._reject(400, BAD_REQUEST)

    def _continue_without_upgrade(self, rest: bytes) -> None:
        """Reads the body of a request that offers another protocol, and ends the connection after it.

        No other protocol is spoken here, and that is no reason to leave the body in the connection.
        The parser stops where the other protocol would begin, so the body goes to another one.
        """
        if self._is_ending:
            return
        self.cycle.keep_alive = False
        self.parser = httptools.HttpRequestParser(BodyCallbacks(self))
        framing = [b"%s: %s\r\n" % field for field in self.headers if field[0] in FRAMING_HEADERS]
        self._feed_parser(b"".join([b"POST / HTTP/1.1\r\n", *framing, b"\r\n", rest]))

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
        if self._is_ending:
            return
        if self._field_bytes > self._limits.header_bytes:
            self._reject_long_headers()
        elif len(self.pipeline) >= self._limits.pipelined:
            log.warning("a connection is to end: more than %d requests wait in it", self._limits.pipelined)
            self._is_ending, self.cycle.keep_alive = True, False  # the last that is answered
        else:
            self._waiting_since, self._has_begun = None, False
            self._body_since = self.loop.time()
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has come."""
        self._header_bytes = 0
        if not self._is_ending:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The body has come to its end."""
        if self._is_ending or self.parser.should_upgrade():
            return
        self._body_since = None
        if self._responded_at is not None:
            self._start_waiting()
        super().on_message_complete()

    def on_trailer(self, name: bytes, value: bytes) -> None:
        """A header or trailer has come that is of no more use."""
        self._field_bytes += len(name) + len(value)

    def on_last_message_complete(self) -> None:
        """The body has come to its end, and nothing is read after it."""
        self.on_message_complete()
        self._is_ending = True

    def on_response_complete(self) -> None:
        """The answer is written."""
        if not self.pipeline:
            self._responded_at = self.loop.time()
            if self._body_since is None:
                self._start_waiting()
        super().on_response_complete()

    @property
    def idle_since(self) -> float | None:
        """Since when the server waits for this client; None while it has all that it needs, or as much as it takes."""
        if self.flow.read_paused:
            return None
        return self._body_since if self._waiting_since is None else self._waiting_since

    def _change_gauge(self, change: int) -> None:
        """Tells the gauge that the application hands over when it has started."""
        gauge = self.app_state.get("connections")
        if gauge is not None:
            gauge.inc(change)

    def _start_waiting(self) -> None:
        self._waiting_since, self._responded_at = self.loop.time(), None

    def _schedule_check(self) -> None:
        seconds = min(MAX_CHECK_SECONDS, self._limits.header_seconds / CHECKS_PER_WAIT)
        self._next_check = self.loop.call_later(seconds, self._check_limits)

    def _check_limits(self) -> None:
        """Ends what has taken too long."""
        now, limits = self.loop.time(), self._limits
        if self._has_stalled(now):
            log.warning("an answer was given up: too little of it was taken in %g s", limits.write_seconds)
            self.transport.abort()
        elif self._are_headers_late(now):
            log.warning("a connection was closed: its headers did not arrive within %g s", limits.header_seconds)
            self._reject_late_headers()
        elif self._responded_at is not None and now - self._responded_at > limits.unread_seconds:
            self._close()
        self._schedule_check()

    def _are_headers_late(self, now: float) -> bool:
        """Whether headers are overdue. Before the next request of a kept connection the server's own limit holds."""
        if self._waiting_since is None or not (self._has_begun or self.cycle is None):
            return False
        return now - self._waiting_since > self._limits.header_seconds and not self.transport.is_closing()

    def _has_stalled(self, now: float) -> bool:
        """Whether the client has taken too little of what waits for it, for too long."""
        unsent = self.transport.get_write_buffer_size()
        unsent += count_unsent_bytes(self.transport) if unsent else 0
        if unsent and self._unsent and now - self._unsent_since <= self._limits.write_seconds:
            return False
        is_stalled = unsent > 0 and 0 < self._unsent < unsent + MIN_BYTES_TAKEN
        self._unsent, self._unsent_since = unsent, now
        return is_stalled

    def _reject_late_headers(self) -> None:
        if not self._has_begun:
            self._close()  # browsers connect in advance
            return
        from ..web.http_messages import SLOW_HEADERS

        self._reject(408, SLOW_HEADERS.format(seconds=self._limits.header_seconds))

    def _reject_long_headers(self) -> None:
        from ..web.http_messages import LONG_HEADERS

        log.warning("a request was refused: its headers have more than %d bytes", self._limits.header_bytes)
        self._reject(431, LONG_HEADERS.format(most=self._limits.header_bytes))

    def _close_idle_connections(self) -> None:
        """Closes those whose clients are waited for longest; refuses this one where there are none."""
        from ..web.http_messages import MANY_CONNECTIONS

        log.warning("there are more than %d connections: the longest idle are closed", self._limits.connections)
        others = [one for one in self.connections if isinstance(one, LimitedConnection) and one is not self]
        idle = sorted((one.idle_since, id(one), one) for one in others if one.idle_since is not None)
        for _, _, one in idle[: 1 + len(others) // CLOSE_ONE_IN]:
            one.transport.abort()
        if not idle:
            self._reject(503, MANY_CONNECTIONS, {"Retry-After": "5"})

    def _reject(self, status: int, message: str, headers: dict[str, str] | None = None) -> None:
        """Says why, and closes. Where an earlier request is still answered, nothing can be said in between."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(encode_error_response(status, message, headers or {}))
        self._close()

    def _close(self) -> None:
        self._is_ending = True
        self.transport.close()
