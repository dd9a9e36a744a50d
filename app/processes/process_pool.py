"""A pool of worker processes: an untrusted file may hang or crash one of them, never the server."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from typing import Any, TypeVar

from ..core.texts import make_text
from .file_errors import UnreadableFile, make_file_error
from .task import Task, TaskSentences
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
            raise make_unavailable_error(self._settings.sentences)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.run_blocking, task, data)

    async def run_or_stop(self, task: Task[T], data: bytes) -> T:
        """Like `run`, but kills the process if it is cancelled, since nobody waits for its work any more."""
        if self._closed:
            raise make_unavailable_error(self._settings.sentences)
        turn = _StoppableTurn(self._settings.sentences)
        running = asyncio.get_running_loop().run_in_executor(self._threads, self.run_blocking, task, data, turn)
        try:
            return await running
        except asyncio.CancelledError:
            turn.stop()
            raise

    def run_blocking(self, task: Task[T], data: bytes, turn: _StoppableTurn | None = None) -> T:
        """Like `run`, but blocks. A process that was stopped from outside is replaced once."""
        try:
            return self._run_in(self._take(), task, data, turn)
        except StoppedFromOutside:
            pass
        try:
            return self._run_in(self._start(), task, data, turn)
        except StoppedFromOutside:
            raise _make_stopped_error(task) from None

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

    def _run_in(self, process: WorkerProcess, task: Task[T], data: bytes, turn: _StoppableTurn | None) -> T:
        try:
            with turn.hold(process) if turn else nullcontext():
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
        raise make_unavailable_error(self._settings.sentences)

    def _give_back(self, process: WorkerProcess) -> None:
        with self._lock:
            if process.is_alive and not self._closed:
                self._idle.append(process)
            else:
                self._drop(process)

    def _drop(self, process: WorkerProcess) -> None:
        self._all.discard(process)
        process.end()


class _StoppableTurn:
    """Work that can be stopped from another thread, which kills the process while it does that work and never later."""

    def __init__(self, sentences: TaskSentences) -> None:
        self._sentences = sentences
        self._lock = threading.Lock()
        self._process: WorkerProcess | None = None
        self._is_stopped = False

    @contextmanager
    def hold(self, process: WorkerProcess) -> Iterator[None]:
        """A context in which `stop` kills the process. Raises UnreadableFile if the work was stopped before."""
        with self._lock:
            if self._is_stopped:
                raise make_unavailable_error(self._sentences)
            self._process = process
        try:
            yield
        finally:
            with self._lock:
                self._process = None

    def stop(self) -> None:
        """Kills the process, if there is one."""
        with self._lock:
            self._is_stopped = True
            if self._process:
                self._process.stop()


def _make_stopped_error(task: Task[Any]) -> UnreadableFile:
    found, allowed = make_text("stopped_value"), make_text("running_decoder")
    return make_file_error(task.sentences.stopped, 503, task.sentences.field, found, allowed)
