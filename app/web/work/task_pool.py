"""Long work in processes of their own, each of which is killed when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Generic, TypeVar

from ...core.problems import Problem
from ...core.texts import Text
from ...processes.file_errors import FileProblem, UnreadableFile
from ...processes.process_pool import ProcessPool
from ...processes.task import Task
from ..responses.http_errors import HTTPError
from .fair_queue import FairQueue, QueueLimits, Work

T = TypeVar("T")
MOST_WAITING = 64
"""How much work may wait in a server process."""
RETRY_SECONDS = "60"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TaskPoolLimits:
    """How much work is done at once, for how long it may wait and take, in seconds, and its memory in bytes."""

    workers: int
    wait_seconds: float
    seconds: float
    memory: int


class TaskPool(Generic[T]):
    """Does work of one kind, so much at once; other work waits, and addresses take turns.

    The first work starts a process, which is kept for the next. `busy` is said when too much waits.
    """

    def __init__(self, task: Task[T], limits: TaskPoolLimits, busy: Text) -> None:
        self._task, self._limits = task, limits
        self._queue = FairQueue(limits.workers, QueueLimits(MOST_WAITING, limits.wait_seconds, busy))
        self._pool: ProcessPool | None = None

    async def run(self, request: bytes, work: Work) -> T:
        """The result of the task for a request. Raises HTTPError; if cancelled, kills the process."""
        async with self._queue.turn(work):
            try:
                return await self._get_pool().run_or_stop(self._task, request)
            except UnreadableFile as reason:
                raise self._make_http_error(reason.problem) from reason

    async def close(self) -> None:
        """Ends the processes."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.close)

    def _get_pool(self) -> ProcessPool:
        if self._pool is None:
            limits = self._limits
            self._pool = ProcessPool([self._task], limits.workers, limits.seconds, limits.memory)
        return self._pool

    def _make_http_error(self, found: FileProblem) -> HTTPError:
        problem = Problem(found.field, found.value, found.allowed, found.text)
        if found.text.code == self._task.sentences.failed:
            log.error("%s: %s", found.text.code, found.value)
            return HTTPError(500, found.text)
        headers = {"Retry-After": RETRY_SECONDS} if found.status == 503 else {}
        return HTTPError(found.status, found.text, [problem], headers)
