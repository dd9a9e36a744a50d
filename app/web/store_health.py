"""Whether the store takes pictures now, and what is in it, for whoever runs the server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, Literal, TypeVar, get_args

from ..images.store.free_space import Used
from ..images.store.store import State, Store
from ..rate_limited_log import limit_to_once_a_minute
from .responses.http_errors import HTTPError
from .work.store_threads import StoreThreads

log = limit_to_once_a_minute(logging.getLogger(__name__))
T = TypeVar("T")

StoreCondition = State | Literal["no-answer"]
STORE_CONDITIONS: tuple[StoreCondition, ...] = (*get_args(State), "no-answer")
CACHE_SECONDS = 5.0
"""How long what was found holds: a probe a second costs nothing."""


class CachedProbe(Generic[T]):
    """Something that is found out in the store's threads; one at a time, whoever asks."""

    def __init__(self, threads: StoreThreads, probe: Callable[[], T], on_error: T, no_answer: T) -> None:
        """What stands for an error, and for no answer in time."""
        self._threads = threads
        self._probe = probe
        self._on_error, self._no_answer = on_error, no_answer
        self._running: asyncio.Task[T] | None = None
        self._started = self._valid_until = 0.0

    async def get_result(self, seconds: float) -> T:
        """What was found last; `no_answer` where it has not ended within so many seconds of its beginning."""
        now = time.monotonic()
        if self._running is None or (self._running.done() and now >= self._valid_until):
            self._started, self._valid_until = now, now + CACHE_SECONDS
            self._running = asyncio.ensure_future(self._run_probe())
        if not self._running.done():
            await asyncio.wait({self._running}, timeout=max(0.0, self._started + seconds - now))
        return self._running.result() if self._running.done() else self._no_answer

    def expire(self) -> None:
        """Finds it out again for who asks next."""
        self._valid_until = 0.0

    async def _run_probe(self) -> T:
        try:
            return await self._threads.start(self._probe)
        except HTTPError:
            return self._no_answer
        except Exception:
            log.exception("the state of the store could not be found out")
            return self._on_error


class StoreHealth:
    """The state of the store, tried out, and what is in it, counted."""

    def __init__(self, store: Store, threads: StoreThreads, size: int) -> None:
        """`size`: the bytes of a picture for which there has to be room."""
        self._condition: CachedProbe[StoreCondition] = CachedProbe(
            threads, lambda: store.state(size), "failing", "no-answer"
        )
        self._usage: CachedProbe[Used | None] = CachedProbe(threads, store.used, None, None)

    async def get_condition(self, seconds: float) -> StoreCondition:
        """What the last trial found; "no-answer" where it has not ended within so many seconds of its beginning."""
        return await self._condition.get_result(seconds)

    async def get_usage(self, seconds: float) -> Used | None:
        """What is in the store; None where that cannot be found out in so many seconds."""
        return await self._usage.get_result(seconds)

    def expire_condition(self) -> None:
        """Tries again for who asks next, since something could not be kept just now."""
        self._condition.expire()

    def expire_usage(self) -> None:
        """Counts again for who asks next, since something was put or deleted just now."""
        self._usage.expire()
