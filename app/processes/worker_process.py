"""One decoding process as the server sees it: started, given files, killed when it must be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from . import pipe
from .file_errors import UnreadableFile, make_file_error
from .task import Task, unpack

T = TypeVar("T")
_START_SECONDS = 60.0  # a process that only has to start: generous, for a laptop that just woke up
_END_SECONDS = 5.0  # between the end of its output and its own
_MAX_HEADER_BYTES = 100_000  # of an answer, beside its body
_OUTSIDE_SIGNALS = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""What somebody else ends a process with, a system short of memory among them."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What one file may cost, and the tasks that the processes know."""

    tasks: Sequence[Task[Any]]
    seconds: float
    memory_bytes: int


class StoppedFromOutside(Exception):
    """A process was ended by neither its server nor its file."""


class WorkerProcess:
    """One decoding process. Used by one thread at a time."""

    def __init__(self, allowance: WorkerSettings) -> None:
        self._allowance = allowance
        self._stopped = False
        try:
            self._process = subprocess.Popen(
                _make_command(allowance), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_make_environment()
            )
        except OSError as error:
            raise make_unavailable_error() from error
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether another file can be given to it."""
        return self._process.poll() is None

    def decode(self, task: Task[T], data: bytes) -> T:
        """Sends the file, waits for the answer, kills the process when that takes too long.

        Raises UnreadableFile, and StoppedFromOutside where the same work is worth another try.
        """
        self._wait_until_ready()
        late = _Deadline(self._process, self._allowance.seconds)
        try:
            with late:
                pipe.send(self._into, task.line, data)
                answer = pipe.receive(self._out, _MAX_HEADER_BYTES + task.most_bytes)
            if late.passed:  # the answer came in the same instant; the process must not get another file
                self.end()
            return unpack(task, answer)
        except (pipe.PipeError, OSError) as error:
            raise self._why(error, late, self._too_slow(), _make_crash_error(task.wanted)) from None

    def stop(self) -> None:
        """Kills the process because the pool is closed, also from another thread than the one that uses it."""
        self._stopped = True
        self._process.kill()

    def end(self) -> None:
        """Kills the process and waits for it, so that nothing of it is left."""
        self._process.kill()
        self._process.wait()
        for end in (self._into, self._out):
            with suppress(OSError):  # unsent bytes of a file nobody reads any more
                end.close()

    @property
    def _into(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    @property
    def _out(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        late = _Deadline(self._process, _START_SECONDS)
        try:
            with late:
                self._ready = pipe.receive(self._out, _MAX_HEADER_BYTES) == b"ready"
        except (pipe.PipeError, OSError) as error:
            raise self._why(error, late, make_unavailable_error(), make_unavailable_error()) from None

    def _why(
        self, error: Exception, deadline: _Deadline, too_slow: UnreadableFile, crashed: UnreadableFile
    ) -> Exception:
        """Ends the process and gives what to raise for what went wrong with it."""
        ended_by = self._ended_by(error)
        if self._stopped:
            return make_unavailable_error()
        if deadline.passed or ended_by == "SIGALRM":
            return too_slow
        return StoppedFromOutside() if ended_by in _OUTSIDE_SIGNALS else crashed

    def _ended_by(self, error: Exception) -> str:
        """The name of the signal that ended the process; "" for one that left by itself, or is ended here."""
        name = ""
        if isinstance(error, pipe.PipeClosed | OSError):
            with suppress(subprocess.TimeoutExpired, ValueError):
                name = signal.Signals(-self._process.wait(_END_SECONDS)).name
        self.end()
        return name

    def _too_slow(self) -> UnreadableFile:
        seconds = f"{self._allowance.seconds:g} s"
        message = f"Reading this file took longer than {seconds} and was stopped."
        return make_file_error(422, "file", f"more than {seconds}", f"at most {seconds}", message)


class _Deadline:
    """Kills a process that is not done in time; `passed` says whether that happened."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        self._timer.join()  # so that it never kills the process in the midst of the next file

    def _kill(self) -> None:
        self.passed = True
        self._process.kill()


def make_unavailable_error() -> UnreadableFile:
    """The refusal where no process can be had, whatever the file."""
    message = "The server could not start the program that reads files just now. Please try again in a minute."
    return make_file_error(503, "file", "no decoder", "a running decoder", message)


def _make_command(allowance: WorkerSettings) -> list[str]:
    """Starts the package anew by its own name. Unlike multiprocessing this never runs the main script again."""
    settings = json.dumps(
        {
            "seconds": allowance.seconds,
            "memory_bytes": allowance.memory_bytes,
            "tasks": [
                {"reader": task.reader, "settings": dict(task.settings), "wanted": task.wanted}
                for task in allowance.tasks
            ],
        }
    )
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__package__}.worker_main import main; main({settings!r})"
    return [sys.executable, "-c", code]


def _make_environment() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _make_crash_error(wanted: str) -> UnreadableFile:
    message = "This file made the program that reads it stop; it is damaged or needs too much memory."
    return make_file_error(422, "file", "unreadable", f"{wanted} that can be read", message)
