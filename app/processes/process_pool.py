"""Decoding in processes that can be killed: a stranger's file may hang or crash one, never the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from .file_errors import UnreadableFile, refuse
from .task import Task
from .worker_process import Allowance, Process, StoppedFromOutside, no_decoder

T = TypeVar("T")


class Decoder:
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
        self._allowance = Allowance(tasks, seconds, memory_bytes)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._lock = threading.Lock()
        self._idle: list[Process] = []
        self._all: set[Process] = set()
        self._closed = False

    async def decode(self, task: Task[T], data: bytes) -> T:
        """What a task makes of a file's bytes. Raises UnreadableFile, whatever the file does to its decoder."""
        if self._closed:
            raise no_decoder()
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
            raise _stopped_twice() from None

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

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _decode(self, task: Task[T], data: bytes, process: Process) -> T:
        try:
            return process.decode(task, data)
        finally:
            self._give_back(process)

    def _take(self) -> Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                self._drop(process)
        return self._start()

    def _start(self) -> Process:
        process = Process(self._allowance)
        with self._lock:
            if not self._closed:
                self._all.add(process)
                return process
        process.end()
        raise no_decoder()

    def _give_back(self, process: Process) -> None:
        with self._lock:
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                self._drop(process)

    def _drop(self, process: Process) -> None:
        self._all.discard(process)
        process.end()


def _stopped_twice() -> UnreadableFile:
    message = (
        "The program that reads files was stopped from outside, twice, so this file was not read; nothing is said "
        "against the file. Please try again in a minute."
    )
    return refuse(503, "file", "stopped", "a running decoder", message)
