"""Whether the store takes pictures now, and what is in it, for whoever runs the server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Generic, Literal, TypeVar, get_args

from ..images.store.free_space import StoreUsage
from ..images.store.store import Store, StoreState
from ..rate_limited_log import once_a_minute
from .responses.http_errors import Refused
from .work.store_threads import StoreThreads

log = once_a_minute(logging.getLogger(__name__))
T = TypeVar("T")

Condition = StoreState | Literal["no-answer"]
CONDITIONS: tuple[Condition, ...] = (*get_args(StoreState), "no-answer")
KEPT_SECONDS = 5.0
"""How long what was found holds: a probe a second costs nothing."""


class Trial(Generic[T]):
    """Something that is found out in the store's threads; one at a time, whoever asks."""

    def __init__(self, threads: StoreThreads, find: Callable[[], T], failed: T, silent: T) -> None:
        """What stands for an error, and for no answer in time."""
        self._threads = threads
        self._find = find
        self._failed, self._silent = failed, silent
        self._running: asyncio.Task[T] | None = None
        self._began = self._until = 0.0

    async def result(self, seconds: float) -> T:
        """What was found last; `silent` where it has not ended within so many seconds of its beginning."""
        now = time.monotonic()
        if self._running is None or (self._running.done() and now >= self._until):
            self._began, self._until = now, now + KEPT_SECONDS
            self._running = asyncio.ensure_future(self._try())
        if not self._running.done():
            await asyncio.wait({self._running}, timeout=max(0.0, self._began + seconds - now))
        return self._running.result() if self._running.done() else self._silent

    def doubt(self) -> None:
        """Finds it out again for who asks next."""
        self._until = 0.0

    async def _try(self) -> T:
        try:
            return await self._threads.start(self._find)
        except Refused:
            return self._silent
        except Exception:
            log.exception("the state of the store could not be found out")
            return self._failed


class Readiness:
    """The state of the store, tried out, and what is in it, counted."""

    def __init__(self, store: Store, threads: StoreThreads, size: int) -> None:
        """`size`: the bytes of a picture for which there has to be room."""
        self._state: Trial[Condition] = Trial(threads, lambda: store.check_state(size), "failing", "no-answer")
        self._used: Trial[StoreUsage | None] = Trial(threads, store.purge, None, None)

    async def condition(self, seconds: float) -> Condition:
        """What the last trial found; "no-answer" where it has not ended within so many seconds of its beginning."""
        return await self._state.result(seconds)

    async def used(self, seconds: float) -> StoreUsage | None:
        """What is in the store; None where that cannot be found out in so many seconds."""
        return await self._used.result(seconds)

    def doubt(self) -> None:
        """Tries again for who asks next, since something could not be kept just now."""
        self._state.doubt()

    def changed(self) -> None:
        """Counts again for who asks next, since something was put or deleted just now."""
        self._used.doubt()
