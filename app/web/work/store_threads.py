"""Threads that read and write the store, whose folder may be on a network and respond late or never."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from ...core.texts import make_text
from ..responses.http_errors import HTTPError, busy_error

T = TypeVar("T")
THREADS = 4
MAX_WAITING = 512
"""How many jobs may wait for a thread."""


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
    """A few threads for the store alone, started on first use, so that it and other work never wait for each other.

    They end with the process, even if the folder never responds.
    """

    def __init__(self, seconds: float) -> None:
        """`seconds`: how long a request waits."""
        self._seconds = seconds
        self._jobs: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._count = 0

    async def run(self, work: Callable[[], T]) -> T:
        """The result of `work`. Raises HTTPError (503) if the folder does not respond in time."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self.start(work)
        except TimeoutError:
            raise _silent() from None

    def start(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Starts `work` without a time limit. Raises HTTPError (503) if too many jobs wait already."""
        if self._jobs.qsize() >= MAX_WAITING:
            raise _silent()
        if self._count < THREADS:
            self._count += 1
            Thread(target=self._do_all, name="store", daemon=True).start()
        job = _Job(work, Future[T]())
        self._jobs.put(job)
        return asyncio.wrap_future(job.future)

    def close(self) -> None:
        """Ends the threads and cancels the jobs that wait."""
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
    return busy_error(make_text("store_silent"))
