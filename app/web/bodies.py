"""Bodies of requests on their way in: bounded in size, in time, in pace, and in the memory of all of them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Message

from ..core.problems import Problem
from .refusal import Refused
from .words import BODIES_FULL, BODY_STALLED, BODY_TOO_LARGE, CUT_OFF, TOO_SLOW

LARGE_AT_ONCE = 8
"""Bodies that go on where the memory for all of them is used up; each of them ends or is given up soon."""
HURRY = 160
"""So many times as fast a body has to come while others wait for its memory."""
RETRY = {"Retry-After": "10"}
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


class Bodies:
    """Reads bodies. One for each server process, for use in one event loop."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._held = 0
        self._waiting = 0
        self._large = asyncio.Semaphore(LARGE_AT_ONCE)

    @property
    def held(self) -> int:
        """Bytes of all bodies that are held now."""
        return self._held

    @asynccontextmanager
    async def parts(self, request: Request, most: int, words: str) -> AsyncIterator[AsyncGenerator[bytes, None]]:
        """A body part by part, of at most `most` bytes. Its memory counts as used until the context ends.

        Raises Refused: 413 for more bytes, 408 for one that takes too long, 503 where there is no memory for it,
        400 for one that ends too early. A body that is too large is read as far as twice the limit and thrown away,
        since many browsers see no answer before they have sent all of it.
        """
        must_fit(request.headers, most, words)
        body = _Body(self)
        parts = self._read(request, body, most, words)
        try:
            yield parts
        finally:
            await parts.aclose()
            body.release()

    async def whole(self, request: Request, most: int, words: str = BODY_TOO_LARGE) -> bytes:
        """A body in one piece. Raises Refused as `parts` does."""
        async with self.parts(request, most, words) as parts:
            return b"".join([part async for part in parts])

    async def _read(self, request: Request, body: _Body, most: int, words: str) -> AsyncGenerator[bytes, None]:
        pace = _Pace(self._limits)
        seen, ended = 0, False
        while not ended and seen <= 2 * most:
            message = await pace.next(request, self._waiting > 0)
            if message["type"] == "http.disconnect":
                raise Refused(400, CUT_OFF)
            part: bytes = message.get("body", b"")
            ended = not message.get("more_body", False)
            seen += len(part)
            if part and seen <= most:
                pace.pause()
                await body.hold(len(part))
                pace.go_on()
                yield part
        if seen > most:
            raise too_large(most, words)

    async def wait_for_memory(self) -> None:
        """Returns when one more large body may go on. Raises Refused (503)."""
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.patience):
                await self._large.acquire()
        except TimeoutError:
            raise Refused(503, BODIES_FULL, headers={**RETRY, **CLOSE}) from None
        finally:
            self._waiting -= 1

    def change(self, by: int) -> bool:
        """Counts bytes that are held or let go; says whether there is memory for more."""
        self._held += by
        return self._held <= self._limits.memory

    def let_go_on(self) -> None:
        """Lets another large body go on."""
        self._large.release()


class _Body:
    """What one body holds. Beyond the memory for all, it goes on as one of the few large ones."""

    def __init__(self, bodies: Bodies) -> None:
        self._bodies = bodies
        self._size = 0
        self._is_large = False

    async def hold(self, size: int) -> None:
        self._size += size
        if not self._bodies.change(size) and not self._is_large:
            await self._bodies.wait_for_memory()
            self._is_large = True

    def release(self) -> None:
        self._bodies.change(-self._size)
        if self._is_large:
            self._bodies.let_go_on()
        self._size, self._is_large = 0, False


class _Pace:
    """Waits for the parts of one body no longer than its limits say; our own pauses do not count."""

    def __init__(self, limits: BodyLimits) -> None:
        self._limits = limits
        self._clock = asyncio.get_running_loop().time
        self._end = self._clock() + limits.seconds
        self._paused_at = 0.0
        self._begin_window()

    async def next(self, request: Request, is_hurried: bool) -> Message:
        """The next message of a body. Raises Refused (408)."""
        while True:
            try:
                async with asyncio.timeout_at(min(self._window_end, self._end)):
                    message = await request.receive()
            except TimeoutError:
                self._check(is_hurried)
                continue
            self._in_window += len(message.get("body", b""))
            if message.get("more_body"):
                self._check(is_hurried)
            return message

    def pause(self) -> None:
        """From now on it is the server that is waited for."""
        self._paused_at = self._clock()

    def go_on(self) -> None:
        """From now on it is the client again."""
        paused = self._clock() - self._paused_at
        self._end += paused
        self._window_end += paused

    def _check(self, is_hurried: bool) -> None:
        now, limits = self._clock(), self._limits
        if now >= self._end:
            raise Refused(408, TOO_SLOW.format(seconds=limits.seconds), headers=CLOSE)
        if now < self._window_end:
            return
        least = limits.least_bytes * (HURRY if is_hurried else 1)
        if self._in_window < least:
            raise Refused(408, BODY_STALLED.format(bytes=least, seconds=limits.window), headers=CLOSE)
        self._begin_window()

    def _begin_window(self) -> None:
        self._window_end, self._in_window = self._clock() + self._limits.window, 0


def must_fit(headers: Headers, most: int, words: str = BODY_TOO_LARGE) -> None:
    """Refuses a body that says itself that it is far too large, before any of it is read. Raises Refused (413)."""
    said = headers.get("content-length", "0")
    if said.isdigit() and (len(said) > 15 or int(said) > 2 * most):
        raise too_large(most, words)


def too_large(most: int, words: str) -> Refused:
    """The refusal of a body of more than `most` bytes."""
    allowed = f"at most {most / 1e6:.3g} MB"
    problem = Problem("file", "more", allowed, words.format(most=f"{most / 1e6:.3g}"))
    return Refused.misfit([problem], 413)
