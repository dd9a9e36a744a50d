"""Fair queueing of work by the address of the client."""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from ...core.texts import Text, write_in_english
from ...rate_limited_log import limit_to_once_a_minute
from ..responses.http_errors import HTTPError, busy_error

log = limit_to_once_a_minute(logging.getLogger(__name__))

MAX_CLOCKS = 10_000
"""How many clocks of addresses are kept before those that have caught up are dropped."""


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work: the address of the client, and about what it costs, in any common unit."""

    address: str
    cost: float = 1.0


@dataclass(frozen=True, slots=True)
class QueueLimits:
    """How much may wait in a queue, for how many seconds (None: no limit), and the text beyond that."""

    max_waiting: int
    wait_seconds: float | None
    busy: Text


@dataclass(order=True, slots=True)
class _Waiting:
    """Work that waits. `finish` is when it would be done if all addresses were served evenly."""

    finish: float
    number: int
    turn: asyncio.Future[None] = field(compare=False)


class FairQueue:
    """Runs at most `at_once` pieces of work at a time and lets the others wait in a fair order. For one event loop.

    Each address has a clock that advances by the cost of its work, and the work whose address would be done
    first is next (self-clocked fair queueing: Golestani, INFOCOM 1994). So one address with a hundred pieces of work
    keeps another with one waiting for about one piece, and short work does not wait for long work of others.
    """

    def __init__(self, at_once: int, limits: QueueLimits) -> None:
        self._free = at_once
        self._limits = limits
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._now = 0.0
        self._clocks: dict[str, float] = {}

    @property
    def waiting(self) -> int:
        """How many pieces of work wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def turn(self, work: Work) -> AsyncIterator[None]:
        """Waits for the turn of some work, which lasts as long as the context. Raises HTTPError (503)."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(work)
        try:
            yield
        finally:
            self._start_next()

    async def _wait(self, work: Work) -> None:
        waiting = self._join(work)
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await waiting.turn
        except TimeoutError:
            self._leave(waiting)
            raise self._busy_error() from None
        except asyncio.CancelledError:
            self._leave(waiting)
            raise

    def _join(self, work: Work) -> _Waiting:
        """Adds work to the queue. If that is full, the work that would be served last gets an error."""
        finish = max(self._now, self._clocks.get(work.address, 0.0)) + work.cost
        if len(self._waiting) >= self._limits.max_waiting:
            last = max(self._waiting)
            if last.finish <= finish:
                raise self._busy_error()
            self._remove(last)
            if not last.turn.done():  # else its request was cancelled in this same moment
                last.turn.set_exception(self._busy_error())
        self._advance_clock(work.address, finish)
        waiting = _Waiting(finish, next(self._numbers), asyncio.get_running_loop().create_future())
        heapq.heappush(self._waiting, waiting)
        return waiting

    def _advance_clock(self, address: str, finish: float) -> None:
        if len(self._clocks) > MAX_CLOCKS:  # those that have caught up need not be known
            self._clocks = {name: then for name, then in self._clocks.items() if then > self._now}
        self._clocks[address] = finish

    def _leave(self, waiting: _Waiting) -> None:
        if waiting in self._waiting:
            self._remove(waiting)
        elif waiting.turn.done() and not waiting.turn.cancelled() and waiting.turn.exception() is None:
            self._start_next()  # the turn came in the same instant

    def _remove(self, waiting: _Waiting) -> None:
        self._waiting.remove(waiting)
        heapq.heapify(self._waiting)

    def _start_next(self) -> None:
        while self._waiting:
            first = heapq.heappop(self._waiting)
            if not first.turn.done():
                self._now = first.finish
                first.turn.set_result(None)
                return
        self._now = 0.0
        self._clocks.clear()
        self._free += 1

    def _busy_error(self) -> HTTPError:
        log.warning("a queue is full or too slow: %s", write_in_english(self._limits.busy))
        return busy_error(self._limits.busy)
