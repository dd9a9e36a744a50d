"""A pool of worker processes: an untrusted file may hang or crash one of them, never the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from ..core.texts import make_text
from .file_errors import UnreadableFile, make_file_error
from .task import Task
from .worker_process import StoppedFromOutside, WorkerProcess, WorkerSettings, make_unavailable_error

T = TypeVar("T")


class ProcessPool:
    """Worker processes that are started when first needed, reused, and replaced after a kill.

    At most `workers` files are read at once, whatever their task; others wait. A file may take `seconds` and, where the
    system can limit it, `memory_bytes` of address space.
    """

    def __init__(
        self,
        tasks: Sequence[Task[Any]],
        workers: int = 2,
        seconds: float = 10.0,
        memory_bytes: int = 2_000_000_000,
    ) -> None:
        self._settings = WorkerSettings(tasks, seconds, memory_bytes)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._closed = False

    async def run(self, task: Task[T], data: bytes) -> T:
        """The result of a task for a file. Raises UnreadableFile, also if the file hangs or crashes its process."""
        if self._closed:
            raise make_unavailable_error()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run_blocking, task, data)

    def run_blocking(self, task: Task[T], data: bytes) -> T:
        """Like `run`, but blocks. A process that was stopped from outside is replaced once."""
        try:
            return self._run_in(self._take(), task, data)
        except StoppedFromOutside:
            pass
        try:
            return self._run_in(self._start(), task, data)
        except StoppedFromOutside:
            raise _make_stopped_error() from None

    def close(self) -> None:
        """Ends all processes, also those that are reading a file."""
        with self._lock:
            self._closed = True
            for process in self._all:
                process.stop()
        # A thread that waits for its process sees it end, and cleans up after it.
        self._threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            while self._all:
                self._all.pop().end()

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _run_in(self, process: WorkerProcess, task: Task[T], data: bytes) -> T:
        try:
            return process.run(task, data)
        finally:
            self._give_back(process)

    def _take(self) -> WorkerProcess:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_alive:
                    return process
                self._drop(process)
        return self._start()

    def _start(self) -> WorkerProcess:
        process = WorkerProcess(self._settings)
        with self._lock:
            if not self._closed:
                self._all.add(process)
                return process
        process.end()
        raise make_unavailable_error()

    def _give_back(self, process: WorkerProcess) -> None:
        with self._lock:
            if process.is_alive and not self._closed:
                self._idle.append(process)
            else:
                self._drop(process)

    def _drop(self, process: WorkerProcess) -> None:
        self._all.discard(process)
        process.end()


def _make_stopped_error() -> UnreadableFile:
    return make_file_error("reading_stopped", 503, "file", make_text("stopped_value"), make_text("running_decoder"))
