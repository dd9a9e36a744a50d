"""The threads in which the store is read and written: its folder may lie in a network, and answer late or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from ..http_messages import STORE_SILENT
from ..responses.http_errors import HTTPError, busy_error

T = TypeVar("T")
THREADS = 4
MAX_WAITING = 512
"""Pieces of work that may wait for a thread before no more are taken."""


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    work: Callable[[], T]
    future: Future[T]

    def do(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            self.future.set_result(self.work())
        except BaseException as error:
            self.future.set_exception(error)


class StoreThreads:
    """A few threads for the store alone, started when they are needed: it waits for nothing else, and nothing for it.

    They end with the process, even where the folder never answers.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long a request waits."""
        self._seconds = seconds
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._count = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` gives. Raises HTTPError (503) where the folder does not answer in time."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self.start(work)
        except TimeoutError:
            raise _silent() from None

    def start(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Begins `work`, for whoever waits in another way. Raises HTTPError (503) where too much waits already."""
        if self._jobs.qsize() >= MAX_WAITING:
            raise _silent()
        if self._count < THREADS:
            self._count += 1
            Thread(target=self._do_all, name="store", daemon=True).start()
        job = _Job(work, Future[T]())
        self._jobs.put(job)
        return asyncio.wrap_future(job.future)

    def close(self) -> None:
        """Lets go of the threads; what waits is dropped."""
        with suppress(Empty):
            while job := self._jobs.get_nowait():
                job.future.cancel()
        for _ in range(self._count):
            self._jobs.put(None)
        self._count = 0

    def _do_all(self) -> None:
        while job := self._jobs.get():
            job.do()


def _silent() -> HTTPError:
    return busy_error(STORE_SILENT)
