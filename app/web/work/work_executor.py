"""Where arithmetic runs: the smallest in the event loop, the rest in threads, with those for large figures apart."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from ...core.scene import Scene, UploadId
from ...lab import Lab
from ...models.custom_model import brought_in
from ..http_messages import BUSY, TOO_MUCH
from ..responses.http_errors import busy
from .fair_queue import Queue, Turns, Work

T = TypeVar("T")
SMALL = 1.2
"""Milliseconds up to which work is done in the event loop."""
HEAVY = 20.0
"""Milliseconds from which on work waits in a queue of its own."""
IN_A_ROW = 8
"""Pieces of small work that are done one after the other before the network is looked at again."""
READING = 3.0
"""Milliseconds for what comes from the store: a picture, weights."""
DRAWING = 1.0
"""Milliseconds that any answer takes, besides its arithmetic."""
PICTURE_COST = 40.0
"""Milliseconds for a whole picture as a PNG."""
MULTIPLY_ADDS, NUMBERS = 10_000_000, 500_000
"""Of these, so many take about a millisecond: multiply-adds, and numbers that are kept and sent."""
WRITTEN_NUMBERS = 1_500
"""Of numbers that are written as text, so many do."""


class Workplace:
    """Three places, each with a queue of its own: the event loop, threads, and threads for heavy work.

    In the event loop one piece follows the other, with a look at the network in between. `threads` are for the
    rest; heavy work has one thread less (at least one), so that it never takes all the time of a process. One
    address may have `heavy_per_address` pieces of heavy work here at once. At most `waiting` pieces wait in each queue.
    """

    def __init__(self, threads: int, heavy_per_address: int, waiting: int) -> None:
        queue = Queue(waiting, None, BUSY)
        self._loop = Turns(IN_A_ROW, queue)
        self._light = _Threads(threads, "light", queue)
        self._heavy = _Threads(max(1, threads - 1), "heavy", queue)
        self._heavy_per_address = heavy_per_address
        self._heavy_of: Counter[str] = Counter()

    async def run(self, compute: Callable[[], T], work: Work) -> T:
        """What `compute` gives, in a thread, when its turn comes.

        Raises Refused: 503 where too much waits already, 429 where too much heavy work of one address does.
        """
        if work.cost < HEAVY:
            return await self._light.run(compute, work)
        if self._heavy_of[work.address] >= self._heavy_per_address:
            raise busy(TOO_MUCH.format(most=self._heavy_per_address), status=429)
        self._heavy_of[work.address] += 1
        try:
            return await self._heavy.run(compute, work)
        finally:
            self._heavy_of[work.address] -= 1
            if not self._heavy_of[work.address]:
                del self._heavy_of[work.address]

    async def run_here(self, compute: Callable[[], T], work: Work) -> T:
        """What `compute` gives, in the event loop, when its turn comes. Raises Refused (503)."""
        async with self._loop.turn(work):
            done = compute()
            await asyncio.sleep(0)  # now the network is looked at, and what threads have done is passed on
        return done

    def close(self) -> None:
        """Lets go of the threads; what waits is dropped."""
        self._light.close()
        self._heavy.close()


class _Threads:
    """Threads, started when they are needed, for work that takes turns."""

    def __init__(self, count: int, name: str, queue: Queue) -> None:
        self._count = count
        self._name = name
        self._turns = Turns(count, queue)
        self._pool: ThreadPoolExecutor | None = None

    async def run(self, compute: Callable[[], T], work: Work) -> T:
        async with self._turns.turn(work):
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, self._name)
            running = asyncio.get_running_loop().run_in_executor(self._pool, compute)
            try:
                return await asyncio.shield(running)
            except asyncio.CancelledError:
                await asyncio.wait([running])  # a thread cannot be stopped, so the turn lasts until it has done
                raise

    def close(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = None


def cost_of(scene: Scene, lab: Lab, as_text: bool = False) -> float:
    """About how many milliseconds a Scene takes, judged without computing anything; `as_text`: with numbers as text.

    More than SMALL for what is read from the store, whose files may lie far away, and for what has to be changed first.
    """
    size = lab.estimate_work(scene)
    from_store = isinstance(scene.image, UploadId) or bool(brought_in(scene))
    arithmetic = size.multiply_adds / MULTIPLY_ADDS + size.numbers / (WRITTEN_NUMBERS if as_text else NUMBERS)
    return DRAWING + arithmetic + (READING if from_store or not size.fits else 0)
