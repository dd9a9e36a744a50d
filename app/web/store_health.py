"""Whether the store accepts pictures now, and how much it holds, for operators."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, Literal, TypeVar, get_args

from ..images.store.free_space import StoreUsage
from ..images.store.store import Store, StoreState
from ..rate_limited_log import limit_to_once_a_minute
from .responses.http_errors import HTTPError
from .work.store_threads import StoreThreads

log = limit_to_once_a_minute(logging.getLogger(__name__))
T = TypeVar("T")

StoreCondition = StoreState | Literal["no-answer"]
STORE_CONDITIONS: tuple[StoreCondition, ...] = (*get_args(StoreState), "no-answer")
CACHE_SECONDS = 5.0
"""How long a result is valid, so that a check every second costs nothing."""


class CachedProbe(Generic[T]):
    """The cached result of a function that runs in the store's threads, once at a time."""

    def __init__(self, threads: StoreThreads, probe: Callable[[], T], on_error: T, no_answer: T) -> None:
        """`on_error` is the result if `probe` fails, `no_answer` the one if it takes too long."""
        self._threads = threads
        self._probe = probe
        self._on_error, self._no_answer = on_error, no_answer
        self._running: asyncio.Task[T] | None = None
        self._started = self._valid_until = 0.0

    async def get_result(self, seconds: float) -> T:
        """The latest result; `no_answer` if the probe has not ended within so many seconds of its start."""
        now = time.monotonic()
        if self._running is None or (self._running.done() and now >= self._valid_until):
            self._started, self._valid_until = now, now + CACHE_SECONDS
            self._running = asyncio.ensure_future(self._run_probe())
        if not self._running.done():
            await asyncio.wait({self._running}, timeout=max(0.0, self._started + seconds - now))
        return self._running.result() if self._running.done() else self._no_answer

    def expire(self) -> None:
        """Runs the probe again for the next caller."""
        self._valid_until = 0.0

    async def _run_probe(self) -> T:
        try:
            return await self._threads.start(self._probe)
        except HTTPError:
            return self._no_answer
        except Exception:
            log.exception("the state of the store could not be read")
            return self._on_error


class StoreHealth:
    """The condition of the store, tested with a write, and its usage."""

    def __init__(self, store: Store, threads: StoreThreads, size: int) -> None:
        """`size`: the bytes that have to be free for a picture."""
        self._condition: CachedProbe[StoreCondition] = CachedProbe(
            threads, lambda: store.check_state(size), "failing", "no-answer"
        )
        self._usage: CachedProbe[StoreUsage | None] = CachedProbe(threads, store.purge, None, None)

    async def get_condition(self, seconds: float) -> StoreCondition:
        """The condition at the last probe; "no-answer" if it has not ended within so many seconds of its start."""
        return await self._condition.get_result(seconds)

    async def get_usage(self, seconds: float) -> StoreUsage | None:
        """How much the store holds; None if that cannot be read in so many seconds."""
        return await self._usage.get_result(seconds)

    def expire_condition(self) -> None:
        """Probes the condition again for the next caller, since a write has failed."""
        self._condition.expire()

    def expire_usage(self) -> None:
        """Counts again for the next caller, since something was stored or deleted."""
        self._usage.expire()
