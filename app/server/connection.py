"""An HTTP connection with limits, and the server configuration that uses it."""

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
"""How often a connection is checked within the time for headers."""
MAX_CHECK_SECONDS = 2.0
MIN_BYTES_TAKEN = 64_000
"""Bytes of a response that a client has to take within `write_seconds`."""
FRAMING_HEADERS = (b"content-length", b"transfer-encoding")
CLOSE_ONE_IN = 50
"""One in so many connections is closed when there are too many, so that this is rarely necessary."""


class LimitedConfig(uvicorn.Config):
    """uvicorn's configuration with connection limits and this program's log; it is sent to each server process."""

    def __init__(self, app: str, limits: ConnectionLimits, logs: LogSettings, **options: Any) -> None:
        self._logs = logs
        super().__init__(app, http=LimitedConnection, log_config=None, log_level=logs.level, **options)
        self.connection_limits = limits

    def configure_logging(self) -> None:
        """Called in each process: uvicorn's events are logged like all others."""
        start_logging(self._logs)
        super().configure_logging()


class LimitedConnection(HttpToolsProtocol):
    """One connection: waits for headers, reads a body, responds, and again."""

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
        self._has_begun = False  # whether anything has arrived since then
        self._is_in_headers = False
        self._header_bytes = 0  # of headers that are not complete yet
        self._field_bytes = 0  # of fields that are
        self._body_since: float | None = None  # None if there is none, or it is complete
        self._responded_at: float | None = None  # set if the body still arrives after the response
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
        """Bytes have arrived: of headers, of a body, or of a further request."""
        if self._is_ending or self.transport.is_closing():
            return
        if self._waiting_since is not None:
            if (
                not self._has_begun and self.cycle is not None
            ):  # a kept-alive connection was idle before its next request
                self._waiting_since = self.loop.time()
            self._has_begun = True
        self._header_bytes += len(data)
        self._unset_keepalive_if_required()
        self._feed_parser(data)
        is_open = self._is_in_headers or self._body_since is not None  # trailers after a body count like headers
        if is_open and max(self._header_bytes, self._field_bytes) > self._limits.header_bytes:
            self._reject_long_headers()

    def _feed_parser(self, data: bytes) -> None:
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._continue_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            log.warning("a request was rejected: it is not HTTP")
            self._reject(400, "bad_request")

    def _continue_without_upgrade(self, rest: bytes) -> None:
        """Reads the body of a request that offers another protocol, and closes the connection after it.

        The server supports no other protocol, but has to read the body. The parser stops where the other protocol
        would begin, so another parser reads the body.
        """
        if self._is_ending:
            return
        self.cycle.keep_alive = False
        self.parser = httptools.HttpRequestParser(BodyCallbacks(self))
        framing = [b"%s: %s\r\n" % field for field in self.headers if field[0] in FRAMING_HEADERS]
        self._feed_parser(b"".join([b"POST / HTTP/1.1\r\n", *framing, b"\r\n", rest]))

    def on_message_begin(self) -> None:
        """A request has begun."""
        super().on_message_begin()
        self._is_in_headers, self._header_bytes, self._field_bytes = True, 0, 0

    def on_url(self, url: bytes) -> None:
        """A part of the address has arrived."""
        self._field_bytes += len(url)
        if self._field_bytes <= self._limits.header_bytes:
            super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header has arrived, or a trailer of a chunked body."""
        self._field_bytes += len(name) + len(value) + 4
        if self._field_bytes <= self._limits.header_bytes:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """All headers have arrived: the request is handled, or waits behind others."""
        self._is_in_headers = False
        if self._is_ending:
            return
        if self._field_bytes > self._limits.header_bytes:
            self._reject_long_headers()
        elif len(self.pipeline) >= self._limits.pipelined:
            log.warning("a connection is being closed: more than %d requests wait in it", self._limits.pipelined)
            self._is_ending, self.cycle.keep_alive = True, False  # the last that gets a response
        else:
            self._waiting_since, self._has_begun = None, False
            self._body_since = self.loop.time()
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has arrived."""
        self._header_bytes = 0
        if not self._is_ending:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The body is complete."""
        if self._is_ending or self.parser.should_upgrade():
            return
        self._body_since = None
        if self._responded_at is not None:
            self._start_waiting()
        super().on_message_complete()

    def on_trailer(self, name: bytes, value: bytes) -> None:
        """A header or trailer has arrived that is not used."""
        self._field_bytes += len(name) + len(value)

    def on_last_message_complete(self) -> None:
        """The body is complete, and nothing is read after it."""
        self.on_message_complete()
        self._is_ending = True

    def on_response_complete(self) -> None:
        """The response is written."""
        if not self.pipeline:
            self._responded_at = self.loop.time()
            if self._body_since is None:
                self._start_waiting()
        super().on_response_complete()

    @property
    def idle_since(self) -> float | None:
        """Since when the server waits for this client; None while it does not, or has paused reading."""
        if self.flow.read_paused:
            return None
        return self._body_since if self._waiting_since is None else self._waiting_since

    def _change_gauge(self, change: int) -> None:
        """Changes the gauge that the application passes at its start."""
        gauge = self.app_state.get("connections")
        if gauge is not None:
            gauge.inc(change)

    def _start_waiting(self) -> None:
        self._waiting_since, self._responded_at = self.loop.time(), None

    def _schedule_check(self) -> None:
        seconds = min(MAX_CHECK_SECONDS, self._limits.header_seconds / CHECKS_PER_WAIT)
        self._next_check = self.loop.call_later(seconds, self._check_limits)

    def _check_limits(self) -> None:
        """Ends the connection if something has taken too long."""
        now, limits = self.loop.time(), self._limits
        if self._has_stalled(now):
            log.warning("a response was aborted: the client took too little of it in %g s", limits.write_seconds)
            self.transport.abort()
        elif self._are_headers_late(now):
            log.warning("a connection was closed: its headers did not arrive within %g s", limits.header_seconds)
            self._reject_late_headers()
        elif self._responded_at is not None and now - self._responded_at > limits.unread_seconds:
            self._close()
        self._schedule_check()

    def _are_headers_late(self, now: float) -> bool:
        """Whether headers are overdue. Before the next request of a kept-alive connection uvicorn's limit applies."""
        if self._waiting_since is None or not (self._has_begun or self.cycle is None):
            return False
        return now - self._waiting_since > self._limits.header_seconds and not self.transport.is_closing()

    def _has_stalled(self, now: float) -> bool:
        """Whether the client has taken too little of the response for too long."""
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
        self._reject(408, "slow_headers", seconds=self._limits.header_seconds)

    def _reject_long_headers(self) -> None:
        log.warning("a request was rejected: its headers have more than %d bytes", self._limits.header_bytes)
        self._reject(431, "long_headers", most=self._limits.header_bytes)

    def _close_idle_connections(self) -> None:
        """Closes the connections that have waited longest for their clients; rejects this one if there are none."""
        log.warning("there are more than %d connections: the longest idle are closed", self._limits.connections)
        others = [one for one in self.connections if isinstance(one, LimitedConnection) and one is not self]
        idle = sorted((one.idle_since, id(one), one) for one in others if one.idle_since is not None)
        for _, _, one in idle[: 1 + len(others) // CLOSE_ONE_IN]:
            one.transport.abort()
        if not idle:
            self._reject(503, "many_connections", {"Retry-After": "5"})

    def _reject(self, status: int, code: str, headers: dict[str, str] | None = None, **parts: object) -> None:
        """Sends an error and closes. While an earlier response is being sent, the error cannot be."""
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(encode_error_response(status, code, headers or {}, **parts))
        self._close()

    def _close(self) -> None:
        self._is_ending = True
        self.transport.close()
