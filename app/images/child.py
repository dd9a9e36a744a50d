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
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO

from PIL import AvifImagePlugin, Image

from .decode import Decoded, DecodeLimits
from .frames import Broken, pack, receive, send
from .refusal import Refusal, UnreadablePicture, refuse

_PR_SET_PDEATHSIG = 1
_LATER = 2.0  # seconds that the alarm leaves to the server's own, better explained kill

Decode = Callable[[bytes, DecodeLimits], Decoded]


def main(task: str, settings: str) -> None:
    """Serves until the input ends. `task` is "module:function"; `settings` JSON: seconds, memory, limits."""
    asked = json.loads(settings)
    limits = DecodeLimits(**asked["limits"])
    files, answers = _own_pipes()
    _die_with_the_server()
    module, _, name = task.partition(":")
    decode: Decode = getattr(importlib.import_module(module), name)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # one a core, as it would, reserves memory for each on a large machine
    _limit_memory(asked["memory_bytes"])
    inbox: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(files, inbox), daemon=True).start()
    send(answers, b"ready")
    while True:
        data = inbox.get()
        _alarm(asked["seconds"] + _LATER)
        answer = _answer(decode, data, limits)
        _alarm(0)
        send(answers, *pack(answer))


def _answer(decode: Decode, data: bytes, limits: DecodeLimits) -> Decoded | Refusal:
    try:
        return decode(data, limits)
    except UnreadablePicture as error:
        return error.refusal
    except MemoryError:
        return refuse(413, "file", "too large", "less", "This picture needs too much memory.").refusal
    except Exception as error:
        return refuse(422, "file", type(error).__name__, "a picture", "This file could not be read.").refusal


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the server, out of reach of whatever a decoder may print."""
    files, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return files, answers


def _read(files: BinaryIO, inbox: queue.SimpleQueue[bytes]) -> None:
    """Passes on each file; ends the process, in the midst of a decode too, when the server is gone."""
    with suppress(Broken, OSError):
        while True:
            inbox.put(receive(files))
    os._exit(0)


def _die_with_the_server() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the server's to handle
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(most: int) -> None:
    """Bounds the address space where the system can, and leaves no core file of somebody's photo."""
    if sys.platform != "win32":
        import resource

        for kind, limit in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
            with suppress(OSError, ValueError):  # macOS knows the name but refuses the limit
                resource.setrlimit(kind, (limit, limit))


def _alarm(seconds: float) -> None:
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)  # unhandled on purpose: the signal ends the process
