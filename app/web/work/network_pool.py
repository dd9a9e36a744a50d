"""Large networks: each is computed in a process of its own, which is killed when nobody waits for it any more."""

from __future__ import annotations

import asyncio
import logging

from ...core.problems import Problem
from ...core.scene import Scene
from ...core.texts import make_text
from ...lab.network_task import SENTENCES, Asked, NetworkFolders, make_network_task, pack_request
from ...processes.file_errors import FileProblem, UnreadableFile
from ...processes.process_pool import ProcessPool
from ...settings import Settings
from ..responses.http_errors import HTTPError
from .fair_queue import FairQueue, QueueLimits, Work

MOST_WAITING = 64
"""How many networks may wait in a server process."""
RETRY_SECONDS = "60"
log = logging.getLogger(__name__)


class NetworkPool:
    """Computes large networks, `network_workers` at once; others wait, and addresses take turns.

    The first network starts a process, which is kept for the next.
    """

    def __init__(self, settings: Settings, folders: NetworkFolders) -> None:
        self._settings = settings
        self._task = make_network_task(folders, settings.limits(), settings.network_limits())
        self._queue = FairQueue(
            settings.network_workers,
            QueueLimits(MOST_WAITING, settings.network_wait_seconds, make_text("network_busy")),
        )
        self._pool: ProcessPool | None = None

    async def compute(self, scene: Scene, asked: Asked, work: Work) -> bytes:
        """The file of a network that was planned without errors. Raises HTTPError; if cancelled, kills the process."""
        request = pack_request(scene, asked)
        async with self._queue.turn(work):
            try:
                return await self._get_pool().run_or_stop(self._task, request)
            except UnreadableFile as reason:
                raise _make_http_error(reason.problem) from reason

    async def close(self) -> None:
        """Ends the processes."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.close)

    def _get_pool(self) -> ProcessPool:
        if self._pool is None:
            settings = self._settings
            self._pool = ProcessPool(
                [self._task], settings.network_workers, settings.network_seconds, settings.network_memory
            )
        return self._pool


def _make_http_error(found: FileProblem) -> HTTPError:
    problem = Problem(found.field, found.value, found.allowed, found.text)
    if found.text.code == SENTENCES.failed:
        log.error("a network could not be computed: %s", found.value)
        return HTTPError(500, found.text)
    return HTTPError(found.status, found.text, [problem], {"Retry-After": RETRY_SECONDS} if found.status == 503 else {})
