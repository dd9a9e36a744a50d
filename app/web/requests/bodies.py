"""Bodies of requests on their way in: bounded in size, in time, in pace, and in the memory of all of them together."""

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

from ...core.problems import Problem
from ...rate_limited_log import limit_to_once_a_minute
from ..http_messages import BODIES_FULL, BODY_STALLED, BODY_TOO_LARGE, CUT_OFF, TOO_SLOW
from ..responses.http_errors import HTTPError, busy_error
from .forwarded import get_client_network

log = limit_to_once_a_minute(logging.getLogger(__name__))

OVER_MEMORY_AT_ONCE = 8
"""Bodies that go on where the memory for all of them is used up; each of them ends or is given up soon."""
OVER_MEMORY_OF_ONE_PLACE = 4
"""So many of these may come from one place."""
SMALL_BODY = 64_000
"""Bytes that every body may have, however much memory is used."""
FASTER_WHEN_FULL = 160
"""So many times as fast a body has to come while others wait for its memory."""
CLOSE = {"Connection": "close"}
"""A client that sends a body too slowly loses its connection. Others may send theirs to the end and read the answer."""


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """What bodies may cost.

    Each arrives within `seconds`, and brings at least `least_bytes` in every `window` of seconds. All together hold
    `memory` bytes, beyond which all but a few wait; one waits at most `patience` seconds.
    """

    seconds: float = 120
    window: float = 10
    least_bytes: int = 1_000
    memory: int = 500_000_000
    patience: float = 60


class BodyReader:
    """Reads bodies. One for each server process, for use in one event loop."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._memory = _Memory(limits.memory, limits.patience)

    @property
    def held(self) -> int:
        """Bytes of all bodies that are held now."""
        return self._memory.held

    @asynccontextmanager
    async def parts(self, request: Request, most: int, words: str) -> AsyncIterator[AsyncGenerator[bytes, None]]:
        """A body part by part, of at most `most` bytes. Its memory counts as used until the context ends.

        Raises Refused: 413 for more bytes, 408 for one that takes too long, 503 where there is no memory for it,
        400 for one that ends too early. A body that is too large is read as far as twice the limit and thrown away,
        since many browsers see no answer before they have sent all of it.
        """
        check_content_length(request.headers, most, words)
        share = _Share(get_client_network(request))
        parts = self._read(request, share, most, words)
        try:
            yield parts
        finally:
            await parts.aclose()
            self._memory.release(share)

    @asynccontextmanager
    async def whole(self, request: Request, most: int, words: str = BODY_TOO_LARGE) -> AsyncIterator[bytes]:
        """A body in one piece, as `parts`."""
        async with self.parts(request, most, words) as parts:
            yield b"".join([part async for part in parts])

    async def _read(self, request: Request, share: _Share, most: int, words: str) -> AsyncGenerator[bytes, None]:
        pace = _Pace(self._limits)
        seen, ended = 0, False
        while not ended and seen <= 2 * most:
            message = await pace.next(request, self._memory.is_wanted)
            if message["type"] == "http.disconnect":
                raise HTTPError(400, CUT_OFF)
            part: bytes = message.get("body", b"")
            ended = not message.get("more_body", False)
            seen += len(part)
            if part and seen <= most:
                with pace.paused():
                    await self._memory.take(share, len(part))
                yield part
        if seen > most:
            raise too_large_error(most, words)


@dataclass(slots=True, eq=False)
class _Share:
    """The memory of one body; `is_over` where it goes on although all memory is used up."""

    place: str
    size: int = 0
    is_over: bool = False


class _Memory:
    """The memory of all bodies. Where it is used up, a few go on and the others wait until there is some again."""

    def __init__(self, most: int, patience: float) -> None:
        self._most = most
        self._patience = patience
        self._over: Counter[str] = Counter()
        self._waiting: OrderedDict[_Share, asyncio.Future[None]] = OrderedDict()
        self.held = 0

    @property
    def is_wanted(self) -> bool:
        """Whether some wait for memory."""
        return bool(self._waiting)

    async def take(self, share: _Share, size: int) -> None:
        """Counts bytes that one body holds more; waits where there is no memory. Raises Refused (503)."""
        share.size += size
        self.held += size
        if self._may_go_on(share):
            return
        turn = self._waiting[share] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(self._patience):
                await turn
        except TimeoutError:
            log.warning("a body was refused: there was no memory for it in %g s", self._patience)
            raise busy_error(BODIES_FULL, 10, headers=CLOSE) from None
        finally:
            self._waiting.pop(share, None)

    def release(self, share: _Share) -> None:
        """Gives back all that a body holds."""
        self.held -= share.size
        self._over[share.place] -= share.is_over
        self._over += Counter()  # leaves out places that have none
        share.size, share.is_over = 0, False
        for other, turn in list(self._waiting.items()):
            if not turn.done() and self._may_go_on(other):
                turn.set_result(None)

    def _may_go_on(self, share: _Share) -> bool:
        if self.held <= self._most or share.is_over or share.size <= SMALL_BODY:
            return True
        if self._over.total() >= OVER_MEMORY_AT_ONCE or self._over[share.place] >= OVER_MEMORY_OF_ONE_PLACE:
            return False
        share.is_over = True
        self._over[share.place] += 1
        return True


class _Pace:
    """Waits for the parts of one body no longer than its limits say; our own pauses do not count."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + limits.seconds
        self._begin_window()

    async def next(self, request: Request, is_memory_wanted: bool) -> Message:
        """The next message of a body. Raises Refused (408)."""
        while True:
            try:
                async with asyncio.timeout_at(min(self._window_end, self._end)):
                    message = await request.receive()
            except TimeoutError:
                self._check(is_memory_wanted)
                continue
            self._in_window += len(message.get("body", b""))
            if message.get("more_body"):
                self._check(is_memory_wanted)
            return message

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While it is the server that is waited for, not the client."""
        began = self._clock()
        yield
        self._end += self._clock() - began
        self._window_end += self._clock() - began

    def _check(self, is_memory_wanted: bool) -> None:
        now, limits = self._clock(), self._limits
        if now >= self._end:
            log.warning("a body was given up: it did not arrive within %g s", limits.seconds)
            raise HTTPError(408, TOO_SLOW.format(seconds=limits.seconds), headers=CLOSE)
        if now < self._window_end:
            return
        least = limits.least_bytes * (FASTER_WHEN_FULL if is_memory_wanted else 1)
        if self._in_window < least:
            log.warning("a body was given up: it came too slowly")
            raise HTTPError(408, BODY_STALLED.format(bytes=least, seconds=limits.window), headers=CLOSE)
        self._begin_window()

    def _begin_window(self) -> None:
        self._window_end, self._in_window = self._clock() + self._limits.window, 0


def check_content_length(headers: Headers, most: int, words: str = BODY_TOO_LARGE) -> None:
    """Refuses a body that says itself that it is far too large, before any of it is read. Raises Refused (413)."""
    said = headers.get("content-length", "0")
    if said.isdecimal() and (len(said) > 15 or int(said) > 2 * most):
        raise too_large_error(most, words)


def too_large_error(most: int, words: str) -> HTTPError:
    """The refusal of a body of more than `most` bytes."""
    allowed = f"at most {most / 1e6:.3g} MB"
    problem = Problem("file", "more", allowed, words.format(most=f"{most / 1e6:.3g}"))
    return HTTPError.misfit([problem], 413)
