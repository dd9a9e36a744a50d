"""What the decoding process does: reads files from its standard input, answers on its standard output.

It never outlives its server. On Linux the system kills it with the thread that started it; everywhere it
leaves when its input ends, and an alarm ends a decode that takes too long even if nobody is left to kill it.
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

from .file_errors import FileProblem, UnreadableFile, make_file_error
from .pipe import PipeError, receive, send
from .task import FileReader, TaskResult, pack_result

_PR_SET_PDEATHSIG = 1
_ALARM_MARGIN_SECONDS = 2.0  # seconds that the alarm leaves to the server's own, better explained kill
_MAX_FRAME_BYTES = 1 << 31


def main(settings: str) -> None:
    """Serves until the input ends. `settings` is JSON: seconds, memory_bytes, and of each task what it reads with."""
    asked = json.loads(settings)
    files, answers = _take_pipes()
    _exit_with_server()
    readers = {row["reader"]: _LoadedReader(row) for row in asked["tasks"]}
    _limit_memory(asked["memory_bytes"])
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive_files, args=(files, inbox), daemon=True).start()
    send(answers, b"ready")
    while True:
        line, _, data = inbox.get().partition(b"\n")
        name, _, words = line.decode().partition(" ")
        _set_alarm(asked["seconds"] + _ALARM_MARGIN_SECONDS)
        answer = readers[name].answer(data, json.loads(words))
        _set_alarm(0)
        send(answers, *pack_result(answer))


class _LoadedReader:
    """One task in this process."""

    def __init__(self, row: dict[str, Any]) -> None:
        module, _, name = row["reader"].partition(":")
        self._read: FileReader = getattr(importlib.import_module(module), name)(row["settings"])
        self._wanted = row["wanted"]

    def answer(self, data: bytes, asked: str) -> TaskResult | FileProblem:
        """What the file holds, or what is asked of it; a refusal whatever is raised."""
        try:
            return self._read(data, asked) if asked else self._read(data)
        except UnreadableFile as error:
            return error.refusal
        except MemoryError:
            return make_file_error(413, "file", "too large", "less", "Reading this file needs too much memory.").refusal
        except Exception as error:
            message = f"This file could not be read as {self._wanted}."
            return make_file_error(422, "file", type(error).__name__, self._wanted, message).refusal


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the server, out of reach of whatever a decoder may print."""
    files, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return files, answers


def _receive_files(files: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    """Passes on each file; ends the process, in the midst of a decode too, when the server is gone."""
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


def _limit_memory(most: int) -> None:
    """Bounds the address space where the system can, and leaves no core file of somebody's photo."""
    if sys.platform != "win32":
        import resource

        for kind, limit in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
            with suppress(OSError, ValueError):  # macOS knows the name but refuses the limit
                resource.setrlimit(kind, (limit, limit))


def _set_alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # unhandled on purpose: the signal ends the process
