"""Reads request bodies within limits on size, time, rate, and the memory of all bodies together."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message

from ...core.problems import make_problem
from ...core.texts import make_text
from ...rate_limited_log import limit_to_once_a_minute
from ..responses.http_errors import HTTPError, busy_error
from .public_url import get_client_network

log = limit_to_once_a_minute(logging.getLogger(__name__))

MAX_OVER_MEMORY = 8
"""Bodies that may continue although the memory is used up; each of them ends or times out soon."""
OVER_MEMORY_PER_CLIENT = 4
"""How many of these may come from one client."""
SMALL_BODY = 64_000
"""Bytes that every body may hold even when the memory is used up."""
RATE_FACTOR_WHEN_SHORT = 160
"""How many times as fast a body has to arrive while others wait for memory."""
CLOSE_CONNECTION = {"Connection": "close"}
"""For clients that send too slowly. After other errors a client may send the rest and read the response."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """Limits on bodies.

    Each arrives within `seconds`, with at least `least_bytes` in every `window_seconds`. All together hold `memory`
    bytes, beyond which all but a few wait, each for at most `memory_wait_seconds`.
    """

    seconds: float = 120
    window_seconds: float = 10
    least_bytes: int = 1_000
    memory: int = 500_000_000
    memory_wait_seconds: float = 60


class BodyReader:
    """Reads bodies. One per server process, for use in one event loop."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._memory = _SharedMemory(limits.memory, limits.memory_wait_seconds)

    @property
    def held_bytes(self) -> int:
        """Bytes that all bodies hold now."""
        return self._memory.held_bytes

    @asynccontextmanager
    async def read_chunks(self, request: Request, most: int, code: str) -> AsyncIterator[AsyncGenerator[bytes, None]]:
        """The chunks of a body of at most `most` bytes. Its memory counts as used until the context ends.

        Raises HTTPError: 413 for too many bytes, 408 for a timeout, 503 for lack of memory, 400 for an incomplete body.
        Of a body that is too large, up to twice the limit is read and discarded, since many browsers read no response
        before they have sent all of it.
        """
        check_content_length(request.headers, most, code)
        memory = _BodyMemory(get_client_network(request))
        chunks = self._read(request, memory, most, code)
        try:
            yield chunks
        finally:
            await chunks.aclose()
            self._memory.release(memory)

    @asynccontextmanager
    async def read_whole(self, request: Request, most: int, code: str = "body_too_large") -> AsyncIterator[bytes]:
        """A whole body, under the same conditions as `read_chunks`."""
        async with self.read_chunks(request, most, code) as chunks:
            yield b"".join([chunk async for chunk in chunks])

    async def _read(self, request: Request, memory: _BodyMemory, most: int, code: str) -> AsyncGenerator[bytes, None]:
        timer = _BodyTimer(self._limits)
        received, is_complete = 0, False
        while not is_complete and received <= 2 * most:
            event = await timer.receive(request, self._memory.has_waiting)
            if event["type"] == "http.disconnect":
                raise HTTPError(400, make_text("body_cut_off"))
            chunk: bytes = event.get("body", b"")
            is_complete = not event.get("more_body", False)
            received += len(chunk)
            if chunk and received <= most:
                with timer.pause():
                    await self._memory.reserve(memory, len(chunk))
                yield chunk
        if received > most:
            raise too_large_error(most, code)


@dataclass(slots=True, eq=False)
class _BodyMemory:
    """The memory of one body; `is_over` if it may continue although all memory is used up."""

    client: str
    size: int = 0
    is_over: bool = False


class _SharedMemory:
    """The memory of all bodies. When it is used up, a few continue and the others wait until some is released."""

    def __init__(self, most: int, memory_wait_seconds: float) -> None:
        self._most = most
        self._wait_seconds = memory_wait_seconds
        self._over_memory: Counter[str] = Counter()
        self._waiting: OrderedDict[_BodyMemory, asyncio.Future[None]] = OrderedDict()
        self.held_bytes = 0

    @property
    def has_waiting(self) -> bool:
        """Whether a body waits for memory."""
        return bool(self._waiting)

    async def reserve(self, memory: _BodyMemory, size: int) -> None:
        """Reserves further bytes for a body; waits if there is no memory. Raises HTTPError (503)."""
        memory.size += size
        self.held_bytes += size
        if self._can_continue(memory):
            return
        turn = self._waiting[memory] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._wait_seconds):
                await turn
        except TimeoutError:
            log.warning("a body was rejected: no memory for it within %g s", self._wait_seconds)
            raise busy_error(make_text("bodies_full"), 10, headers=CLOSE_CONNECTION) from None
        finally:
            self._waiting.pop(memory, None)

    def release(self, memory: _BodyMemory) -> None:
        """Releases the memory of a body."""
        self.held_bytes -= memory.size
        self._over_memory[memory.client] -= memory.is_over
        self._over_memory += Counter()  # drops clients that have none
        memory.size, memory.is_over = 0, False
        for other, turn in list(self._waiting.items()):
            if not turn.done() and self._can_continue(other):
                turn.set_result(None)

    def _can_continue(self, memory: _BodyMemory) -> bool:
        if self.held_bytes <= self._most or memory.is_over or memory.size <= SMALL_BODY:
            return True
        if self._over_memory.total() >= MAX_OVER_MEMORY or self._over_memory[memory.client] >= OVER_MEMORY_PER_CLIENT:
            return False
        memory.is_over = True
        self._over_memory[memory.client] += 1
        return True


class _BodyTimer:
    """Receives one body within the limits on time and rate; the server's own pauses do not count."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + limits.seconds
        self._start_window()

    async def receive(self, request: Request, is_memory_short: bool) -> Message:
        """The next message of a body. Raises HTTPError (408)."""
        while True:
            try:
                async with asyncio.timeout_at(min(self._window_end, self._end)):
                    event = await request.receive()
            except TimeoutError:
                self._check_time(is_memory_short)
                continue
            self._window_bytes += len(event.get("body", b""))
            if event.get("more_body"):
                self._check_time(is_memory_short)
            return event

    @contextmanager
    def pause(self) -> Iterator[None]:
        """Stops the clock while the client waits for the server."""
        began = self._clock()
        yield
        self._end += self._clock() - began
        self._window_end += self._clock() - began

    def _check_time(self, is_memory_short: bool) -> None:
        now, limits = self._clock(), self._limits
        if now >= self._end:
            log.warning("a body was rejected: it did not arrive within %g s", limits.seconds)
            raise HTTPError(408, make_text("too_slow", seconds=limits.seconds), headers=CLOSE_CONNECTION)
        if now < self._window_end:
            return
        least = limits.least_bytes * (RATE_FACTOR_WHEN_SHORT if is_memory_short else 1)
        if self._window_bytes < least:
            log.warning("a body was rejected: it arrived too slowly")
            raise HTTPError(
                408, make_text("body_stalled", bytes=least, seconds=limits.window_seconds), headers=CLOSE_CONNECTION
            )
        self._start_window()

    def _start_window(self) -> None:
        self._window_end, self._window_bytes = self._clock() + self._limits.window_seconds, 0


def check_content_length(headers: Headers, most: int, code: str = "body_too_large") -> None:
    """Rejects a body whose Content-Length is far too large, before reading it. Raises HTTPError (413)."""
    length = headers.get("content-length", "0")
    if length.isdecimal() and (len(length) > 15 or int(length) > 2 * most):
        raise too_large_error(most, code)


def too_large_error(most: int, code: str) -> HTTPError:
    """The error (413) for a body of more than `most` bytes."""
    size = f"{most / 1e6:.3g}"
    problem = make_problem(code, "file", make_text("more_bytes"), make_text("megabytes", most=size), most=size)
    return HTTPError.from_problems([problem], 413)
