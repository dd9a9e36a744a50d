"""One worker process as the server sees it: started, given files, killed when it takes too long."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, TypeVar

from ..core.texts import make_text
from . import pipe
from .file_errors import UnreadableFile, make_file_error, pack_text
from .task import Task, TaskSentences, unpack_result

T = TypeVar("T")
_START_SECONDS = 60.0  # generous, for a laptop that just woke up
_END_SECONDS = 5.0  # from the end of its output to the end of the process
_MAX_HEADER_BYTES = 100_000  # of a result, without its body
_OUTSIDE_SIGNALS = ("SIGKILL", "SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")
"""Signals by which others end a process, such as a system that is short of memory."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """The tasks that a process can run, and the time and memory that one file may take."""

    tasks: Sequence[Task[Any]]
    seconds: float
    memory_bytes: int

    @property
    def sentences(self) -> TaskSentences:
        """Those of the first task, where no task of the process has run yet."""
        return self.tasks[0].sentences if self.tasks else TaskSentences()


class StoppedFromOutside(Exception):
    """The process was ended neither by its server nor by its file."""


class WorkerProcess:
    """One worker process. Used by one thread at a time."""

    def __init__(self, settings: WorkerSettings) -> None:
        self._settings = settings
        self._stopped = False
        try:
            self._process = subprocess.Popen(
                _make_command(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_make_environment()
            )
        except OSError as error:
            raise make_unavailable_error(settings.sentences) from error
        self._ready = False

    @property
    def is_alive(self) -> bool:
        """Whether it can read another file."""
        return self._process.poll() is None

    def run(self, task: Task[T], data: bytes) -> T:
        """Sends the file and waits for the result; kills the process if that takes too long.

        Raises UnreadableFile, or StoppedFromOutside if the same work is worth another try.
        """
        self._wait_until_ready()
        deadline = _Deadline(self._process, self._settings.seconds)
        try:
            with deadline:
                pipe.send(self._stdin, task.request_line, data)
                frame = pipe.receive(self._stdout, _MAX_HEADER_BYTES + task.max_bytes)
            if deadline.has_passed:  # the result came in the same instant; the process must not get another file
                self.end()
            return unpack_result(task, frame)
        except (pipe.PipeError, OSError) as error:
            too_slow, crashed = self._make_timeout_error(task), _make_crash_error(task)
            raise self._end_and_explain(error, deadline, too_slow, crashed) from None

    def stop(self) -> None:
        """Kills the process because the pool is closed; may be called from another thread than the one that uses it."""
        self._stopped = True
        self._process.kill()

    def end(self) -> None:
        """Kills the process, waits for it and closes its pipes."""
        self._process.kill()
        self._process.wait()
        for stream in (self._stdin, self._stdout):
            with suppress(OSError):  # bytes of a file that were not sent
                stream.close()

    @property
    def _stdin(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    @property
    def _stdout(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def _wait_until_ready(self) -> None:
        if self._ready:
            return
        deadline = _Deadline(self._process, _START_SECONDS)
        unavailable = make_unavailable_error(self._settings.sentences)
        try:
            with deadline:
                self._ready = pipe.receive(self._stdout, _MAX_HEADER_BYTES) == b"ready"
        except (pipe.PipeError, OSError) as error:
            raise self._end_and_explain(error, deadline, unavailable, unavailable) from None

    def _end_and_explain(
        self, error: Exception, deadline: _Deadline, too_slow: UnreadableFile, crashed: UnreadableFile
    ) -> Exception:
        """Ends the process; returns the exception to raise."""
        signal_name = self._end_and_get_signal(error)
        if self._stopped:
            return make_unavailable_error(self._settings.sentences)
        if deadline.has_passed or signal_name == "SIGALRM":
            return too_slow
        return StoppedFromOutside() if signal_name in _OUTSIDE_SIGNALS else crashed

    def _end_and_get_signal(self, error: Exception) -> str:
        """The name of the signal that ended the process; "" if it exited by itself or is ended here."""
        name = ""
        if isinstance(error, pipe.PipeClosed | OSError):
            with suppress(subprocess.TimeoutExpired, ValueError):
                name = signal.Signals(-self._process.wait(_END_SECONDS)).name
        self.end()
        return name

    def _make_timeout_error(self, task: Task[Any]) -> UnreadableFile:
        seconds = f"{self._settings.seconds:g}"
        found, allowed = (make_text(code, seconds=seconds) for code in ("more_seconds", "most_seconds"))
        return make_file_error(task.sentences.too_slow, 422, task.sentences.field, found, allowed, seconds=seconds)


class _Deadline:
    """A context that kills a process if it lasts too long; `has_passed` says whether that happened."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float) -> None:
        self.has_passed = False
        self._process = process
        self._timer = threading.Timer(seconds, self._kill)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        self._timer.join()  # so that it never kills the process while it reads the next file

    def _kill(self) -> None:
        self.has_passed = True
        self._process.kill()


def make_unavailable_error(sentences: TaskSentences) -> UnreadableFile:
    """The error if no worker process can be started, whatever the file."""
    found, allowed = make_text("no_decoder_value"), make_text("running_decoder")
    return make_file_error(sentences.unavailable, 503, sentences.field, found, allowed)


def _make_command(settings: WorkerSettings) -> list[str]:
    """Imports the package by its own name. Unlike multiprocessing this never runs the main script again."""
    text = json.dumps(
        {
            "seconds": settings.seconds,
            "memory_bytes": settings.memory_bytes,
            "tasks": [
                {
                    "reader": task.reader,
                    "settings": dict(task.settings),
                    "expected": pack_text(task.expected),
                    "sentences": asdict(task.sentences),
                }
                for task in settings.tasks
            ],
        }
    )
    code = f"import sys; sys.path[:] = {sys.path!r}; from {__package__}.worker_main import main; main({text!r})"
    return [sys.executable, "-c", code]


def _make_environment() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _make_crash_error(task: Task[Any]) -> UnreadableFile:
    allowed = make_text("one_that_can_be_read", expected=task.expected)
    return make_file_error(task.sentences.crashed, 422, task.sentences.field, make_text("unreadable_value"), allowed)
