"""Whether the store takes pictures now, for whoever runs the server."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Literal, get_args

from ..images.store import State, Store
from ..rare_log import once_a_minute
from .refusal import Refused
from .storing import StoreThreads

log = once_a_minute(logging.getLogger(__name__))

Condition = State | Literal["no-answer"]
CONDITIONS: tuple[Condition, ...] = (*get_args(State), "no-answer")
KEPT_SECONDS = 5.0
"""How long what was found holds: a probe a second costs nothing."""


class Readiness:
    """The state of the store, tried out in its threads; one trial at a time, whoever asks."""

    def __init__(self, store: Store, threads: StoreThreads, size: int) -> None:
        """`size`: the bytes of a picture for which there has to be room."""
        self._store = store
        self._threads = threads
        self._size = size
        self._trial: asyncio.Task[Condition] | None = None
        self._began = self._until = 0.0

    async def condition(self, seconds: float) -> Condition:
        """What the last trial found; "no-answer" where it has not ended within so many seconds of its beginning."""
        now = time.monotonic()
        if self._trial is None or (self._trial.done() and now >= self._until):
            self._began, self._until = now, now + KEPT_SECONDS
            self._trial = asyncio.ensure_future(self._try())
        if not self._trial.done():
            await asyncio.wait({self._trial}, timeout=max(0.0, self._began + seconds - now))
        return self._trial.result() if self._trial.done() else "no-answer"

    def doubt(self) -> None:
        """Tries again for who asks next, since something could not be kept just now."""
        self._until = 0.0

    async def _try(self) -> Condition:
        try:
            return await self._threads.start(lambda: self._store.state(self._size))
        except Refused:
            return "no-answer"
        except Exception:
            log.exception("the state of the store could not be found out")
            return "failing"
