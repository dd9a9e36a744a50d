"""Decoding in processes that can be killed: a stranger's file may hang or crash one, never the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .file_errors import UnreadableFile, make_file_error
from .task import Task
from .worker_process import StoppedFromOutside, WorkerProcess, WorkerSettings, make_unavailable_error

T = TypeVar("T")


class ProcessPool:
    """A pool of decoding processes, started when first needed, kept warm, replaced after a kill.

    `workers` files are decoded at once, whatever their task; others wait their turn. A file may take `seconds` and,
    where the system can bound it, `memory_bytes` of address space.
    """

    def __init__(
        self,
        tasks: Sequence[Task[Any]],
        workers: int = 2,
        seconds: float = 10.0,
        memory_bytes: int = 2_000_000_000,
    ) -> None:
        self._allowance = WorkerSettings(tasks, seconds, memory_bytes)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._closed = False

    async def decode(self, task: Task[T], data: bytes) -> T:
        """What a task makes of a file's bytes. Raises UnreadableFile, whatever the file does to its decoder."""
        if self._closed:
            raise make_unavailable_error()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.decode_now, task, data)

    def decode_now(self, task: Task[T], data: bytes) -> T:
        """The same, for a caller that may wait. What was stopped from outside is tried once more."""
        try:
            return self._decode(task, data, self._take())
        except StoppedFromOutside:
            pass
        try:
            return self._decode(task, data, self._start())
        except StoppedFromOutside:
            raise _make_stopped_error() from None

    def close(self) -> None:
        """Ends all processes, also one in the midst of a file."""
        with self._lock:
            self._closed = True
            for process in self._all:
                process.stop()
        # A thread in the midst of a file sees its process end, and is the one to clean up after it.
        self._threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            while self._all:
                self._all.pop().end()

    def __enter__(self) -> ProcessPool:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _decode(self, task: Task[T], data: bytes, process: WorkerProcess) -> T:
        try:
            return process.decode(task, data)
        finally:
            self._give_back(process)

    def _take(self) -> WorkerProcess:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                self._drop(process)
        return self._start()

    def _start(self) -> WorkerProcess:
        process = WorkerProcess(self._allowance)
        with self._lock:
            if not self._closed:
                self._all.add(process)
                return process
        process.end()
        raise make_unavailable_error()

    def _give_back(self, process: WorkerProcess) -> None:
        with self._lock:
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                self._drop(process)

    def _drop(self, process: WorkerProcess) -> None:
        self._all.discard(process)
        process.end()


def _make_stopped_error() -> UnreadableFile:
    message = (
        "The program that reads files was stopped from outside, twice, so this file was not read; nothing is said "
        "against the file. Please try again in a minute."
    )
    return make_file_error(503, "file", "stopped", "a running decoder", message)
