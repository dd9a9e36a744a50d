"""The main function of a worker process: reads files from standard input, writes results to standard output.

It never outlives its server. On Linux the system kills it with the thread that started it; everywhere it exits when its
input ends, and an alarm ends a task that takes too long even if the server is no longer there to kill it.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import queue
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from ..core.texts import make_text, read_text_json
from .file_errors import FileProblem, UnreadableFile, make_file_error
from .pipe import PipeError, receive, send
from .task import FileReader, TaskResult, TaskSentences, pack_result

_PR_SET_PDEATHSIG = 1
_ALARM_MARGIN_SECONDS = 2.0  # after the server's own kill, which gives the better message
_MAX_FRAME_BYTES = 1 << 31


def main(settings: str) -> None:
    """Serves until the input ends. `settings` is JSON: seconds, memory_bytes, and each task's reader and settings."""
    parsed = json.loads(settings)
    files, results = _take_pipes()
    _exit_with_server()
    readers = {row["reader"]: _LoadedReader(row) for row in parsed["tasks"]}
    _limit_memory(parsed["memory_bytes"])
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive_files, args=(files, inbox), daemon=True).start()
    send(results, b"ready")
    while True:
        line, _, data = inbox.get().partition(b"\n")
        name, _, argument = line.decode().partition(" ")
        _set_alarm(parsed["seconds"] + _ALARM_MARGIN_SECONDS)
        result = readers[name].run(data, json.loads(argument))
        _set_alarm(0)
        send(results, *pack_result(result))


class _LoadedReader:
    """The reader of one task, imported and set up in this process."""

    def __init__(self, row: dict[str, Any]) -> None:
        module, _, name = row["reader"].partition(":")
        self._read: FileReader = getattr(importlib.import_module(module), name)(row["settings"])
        self._expected = read_text_json(row["expected"])
        self._sentences = TaskSentences(**row["sentences"])

    def run(self, data: bytes, argument: str) -> TaskResult | FileProblem:
        """What the reader returns for the file; a FileProblem for any exception."""
        try:
            return self._read(data, argument) if argument else self._read(data)
        except UnreadableFile as error:
            return error.problem
        except MemoryError:
            code, field = self._sentences.no_memory, self._sentences.field
            return make_file_error(code, 413, field, make_text("too_large_value"), make_text("less")).problem
        except Exception as error:
            kind, expected = type(error).__name__, self._expected
            code, field = self._sentences.failed, self._sentences.field
            return make_file_error(code, 422, field, kind, expected, expected=expected).problem


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes from and to the server; standard input and output become /dev/null, since a reader may print."""
    files, results = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(null, standard)
    os.close(null)
    return files, results


def _receive_files(files: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    """Puts each file into the inbox; ends the process, even while it reads a file, when the server is gone."""
    with suppress(PipeError, OSError):
        while True:
            inbox.put(receive(files, _MAX_FRAME_BYTES))
    os._exit(0)


def _exit_with_server() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        with suppress(OSError):  # a system short of memory ends this process before the server
            Path("/proc/self/oom_score_adj").write_text("1000")


def _limit_memory(max_bytes: int) -> None:
    """Limits the address space where the system can, and turns core files off, which could hold a private photo."""
    if sys.platform != "win32":
        import resource

        for kind, limit in ((resource.RLIMIT_AS, max_bytes), (resource.RLIMIT_CORE, 0)):
            with suppress(OSError, ValueError):  # macOS knows the name but refuses the limit
                resource.setrlimit(kind, (limit, limit))


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # unhandled on purpose: the signal ends the process
