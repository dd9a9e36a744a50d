"""Runs computations: the smallest in the event loop, the others in threads, large ones in threads of their own."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

from ...core.scene import Scene
from ...core.texts import make_text
from ...lab import Lab
from ...models.custom_model import find_uploaded_models
from ..responses.http_errors import busy_error
from .fair_queue import FairQueue, QueueLimits, Work

T = TypeVar("T")
SMALL_MS = 1.2
"""Milliseconds up to which work is done in the event loop."""
HEAVY_MS = 20.0
"""Milliseconds from which on work counts as heavy and has its own queue."""
EVENT_LOOP_BATCH = 8
"""How many pieces of small work run in turn before the event loop handles the network again."""
STORE_READ_MS = 3.0
"""Milliseconds to read a picture or weights from the store."""
RESPONSE_MS = 1.0
"""Milliseconds of any response besides its arithmetic."""
PNG_MS = 40.0
"""Milliseconds to encode a whole picture as PNG."""
MULTIPLY_ADDS_PER_MS, NUMBERS_PER_MS = 10_000_000, 500_000
"""How many multiply-adds, and how many numbers stored and sent, take about a millisecond."""
TEXT_NUMBERS_PER_MS = 1_500
"""How many numbers written as text take about a millisecond."""


class WorkExecutor:
    """Runs work in three places, each with its own queue: the event loop, threads, and threads for heavy work.

    There are `threads` for the work that is too large for the event loop, and one less (at least one) for heavy work,
    so that it never takes all the time of a process. One address may have `heavy_per_address` pieces of heavy work
    here at once. At most `waiting` pieces wait in each queue.
    """

    def __init__(self, threads: int, heavy_per_address: int, waiting: int) -> None:
        limits = QueueLimits(waiting, None, make_text("busy"))
        self._event_loop_queue = FairQueue(EVENT_LOOP_BATCH, limits)
        self._light = _FairThreads(threads, "light", limits)
        self._heavy = _FairThreads(max(1, threads - 1), "heavy", limits)
        self._heavy_per_address = heavy_per_address
        self._heavy_by_address: Counter[str] = Counter()

    async def run(self, compute: Callable[[], T], work: Work) -> T:
        """Runs `compute` in a thread when its turn comes.

        Raises HTTPError: 503 if too much waits already, 429 if one address has too much heavy work.
        """
        if work.cost < HEAVY_MS:
            return await self._light.run(compute, work)
        if self._heavy_by_address[work.address] >= self._heavy_per_address:
            raise busy_error(make_text("too_many_large", most=self._heavy_per_address), status=429)
        self._heavy_by_address[work.address] += 1
        try:
            return await self._heavy.run(compute, work)
        finally:
            self._heavy_by_address[work.address] -= 1
            if not self._heavy_by_address[work.address]:
                del self._heavy_by_address[work.address]

    async def run_in_event_loop(self, compute: Callable[[], T], work: Work) -> T:
        """Runs `compute` in the event loop when its turn comes. Raises HTTPError (503)."""
        async with self._event_loop_queue.turn(work):
            result = compute()
            await asyncio.sleep(0)  # lets the event loop handle the network and finished threads
        return result

    def close(self) -> None:
        """Ends the threads and drops the work that waits."""
        self._light.close()
        self._heavy.close()


class _FairThreads:
    """A pool of threads, started on first use, with a fair queue."""

    def __init__(self, count: int, name: str, limits: QueueLimits) -> None:
        self._count = count
        self._name = name
        self._queue = FairQueue(count, limits)
        self._pool: ThreadPoolExecutor | None = None

    async def run(self, compute: Callable[[], T], work: Work) -> T:
        async with self._queue.turn(work):
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, self._name)
            running = asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, compute)
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                await asyncio.wait([running])  # a thread cannot be stopped, so the turn lasts until it has finished
                raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def estimate_cost(scene: Scene, lab: Lab, as_text: bool = False) -> float:
    """About how many milliseconds a Scene takes, estimated without computing it; `as_text`: with numbers as text.

    More than SMALL_MS if it reads the store, which may be slow, or has to be repaired first.
    """
    size = lab.estimate_work(scene)
    from_store = bool(scene.upload_ids) or bool(find_uploaded_models(scene))
    arithmetic = size.multiply_adds / MULTIPLY_ADDS_PER_MS + size.numbers / (
        TEXT_NUMBERS_PER_MS if as_text else NUMBERS_PER_MS
    )
    return RESPONSE_MS + arithmetic + (STORE_READ_MS if from_store or not size.fits else 0)
