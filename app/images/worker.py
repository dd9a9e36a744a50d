"""Decoding in processes that can be killed: a stranger's file may hang or crash one, never the server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import BinaryIO

from . import frames
from .decode import Decoded, DecodeLimits
from .refusal import UnreadablePicture, refuse

_START_SECONDS = 60.0  # a process that only has to start: generous, for a laptop that just woke up
_OWN_TASK = f"{__package__}.decode:decode_picture"


@dataclass(frozen=True, slots=True)
class Allowance:
    """What one file may cost, and the function ("module:function") that decodes it."""

    seconds: float
    memory_bytes: int
    limits: DecodeLimits
    task: str


class Decoder:
    """A pool of decoding processes, started when first needed, kept warm, replaced after a kill.

    `workers` files are decoded at once, others wait their turn. A file may take `seconds` and, where the
    system can bound it, `memory_bytes` of address space. `task` names another decoding function, for tests.
    """

    def __init__(
        self,
        workers: int = 2,
        seconds: float = 10.0,
        memory_bytes: int = 2_000_000_000,
        limits: DecodeLimits | None = None,
        task: str = _OWN_TASK,
    ) -> None:
        self._allowance = Allowance(seconds, memory_bytes, limits or DecodeLimits(), task)
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="decode")
        self._lock = threading.Lock()
        self._idle: list[_Process] = []
        self._all: set[_Process] = set()
        self._closed = False

    async def decode(self, data: bytes) -> Decoded:
        """The picture in a file's bytes. Raises UnreadablePicture, whatever the file does to its decoder."""
        if self._closed:
            raise _no_decoder()
        return await asyncio.get_running_loop().run_in_executor(self._threads, self.decode_now, data)

    def decode_now(self, data: bytes) -> Decoded:
        """The same, for a caller that may wait."""
        process = self._take()
        try:
            return process.decode(data)
        finally:
            self._give_back(process)

    def close(self) -> None:
        """Ends all processes, also one in the midst of a file."""
        with self._lock:
            self._closed = True
            for process in self._all:
                process.kill()
        # A thread in the midst of a file sees its process end, and is the one to clean up after it.
        self._threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            while self._all:
                self._all.pop().end()

    def __enter__(self) -> Decoder:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _take(self) -> _Process:
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.alive:
                    return process
                self._drop(process)
        process = _Process(self._allowance)
        with self._lock:
            if not self._closed:
                self._all.add(process)
                return process
        process.end()
        raise _no_decoder()

    def _give_back(self, process: _Process) -> None:
        with self._lock:
            if process.alive and not self._closed:
                self._idle.append(process)
            else:
                self._drop(process)

    def _drop(self, process: _Process) -> None:
        self._all.discard(process)
        process.end()


class _Process:
    """One decoding process. Used by one thread at a time."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        try:
            self._process = subprocess.Popen(
                _command(allowance), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_environment()
            )
        except OSError as error:
            raise _no_decoder() from error
        self._ready = False

    @property
    def alive(self) -> bool:
        """Whether another file can be given to it."""
        return self._process.poll() is None

    def decode(self, data: bytes) -> Decoded:
        """Sends the file, waits for the answer, kills the process when that takes too long."""
        self._wait_until_ready()
        late = _Deadline(self._process, self._allowance.seconds)
        try:
            with late:
                frames.send(self._into, data)
                answer = frames.receive(self._out)
            if late.passed:  # the answer came in the same instant; the process must not get another file
                self.end()
            return frames.unpack(answer)
        except (frames.Broken, OSError):
            self.end()
            raise (self._too_slow() if late.passed else _crashed()) from None

    def kill(self) -> None:
        """Ends the process, also from another thread than the one that uses it."""
        self._process.kill()

    def end(self) -> None:
        """Kills the process and waits for it, so that nothing of it is left."""
        self.kill()
        self._process.wait()
        for pipe in (self._into, self._out):
            with suppress(OSError):  # unsent bytes of a file nobody reads any more
                pipe.close()

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
        try:
            with _Deadline(self._process, _START_SECONDS):
                self._ready = frames.receive(self._out) == b"ready"
        except (frames.Broken, OSError):
            self.end()
            raise _no_decoder() from None

    def _too_slow(self) -> UnreadablePicture:
        seconds = f"{self._allowance.seconds:g} s"
        message = f"Decoding this file took longer than {seconds} and was stopped."
        return refuse(422, "file", f"more than {seconds}", f"at most {seconds}", message)


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


def _command(allowance: Allowance) -> list[str]:
    """Starts the package anew by its own name. Unlike multiprocessing this never runs the main script again."""
    settings = json.dumps(
        {
            "seconds": allowance.seconds,
            "memory_bytes": allowance.memory_bytes,
            "limits": asdict(allowance.limits),
        }
    )
    code = (
        f"import sys; sys.path[:] = {sys.path!r}; "
        f"from {__package__}.child import main; main({allowance.task!r}, {settings!r})"
    )
    return [sys.executable, "-c", code]


def _environment() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


def _crashed() -> UnreadablePicture:
    message = "This file made its decoder stop; it is damaged or needs too much memory."
    return refuse(422, "file", "unreadable", "a whole picture", message)


def _no_decoder() -> UnreadablePicture:
    message = "The server could not start its picture decoder just now. Please try again in a minute."
    return refuse(503, "file", "no decoder", "a running decoder", message)
