"""A minimal client: one connection, one request after the other, and how long each response took."""

from __future__ import annotations

import asyncio
import io
import os
import statistics
import sys
import time
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from PIL import Image

T = TypeVar("T")


@dataclass(slots=True)
class Times:
    """Response times in seconds by kind of request, and the statuses."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[int, int] = field(default_factory=dict)

    def add(self, kind: str, status: int, seconds: float) -> None:
        """Adds a response; status 0 stands for none."""
        self.seconds.setdefault(kind, []).append(seconds)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def lines(self) -> Iterable[str]:
        """A line for each kind: how many, median, 99 of 100, longest."""
        for kind, seconds in self.seconds.items():
            ordered = sorted(seconds)
            p99 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]
            yield (
                f"{kind:12} {len(ordered):6} answers   median {statistics.median(ordered):7.3f} s   "
                f"p99 {p99:7.3f} s   longest {ordered[-1]:7.3f} s"
            )
        yield f"statuses     {dict(sorted(self.statuses.items()))}"


class Connection:
    """A keep-alive connection to the server on this machine, from any of its addresses."""

    def __init__(self, port: int, times: Times, from_address: str = "127.0.0.1") -> None:
        self._port = port
        self._from = from_address
        self._times = times
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, kind: str, method: str, path: str, body: bytes = b"", type_: str = "") -> tuple[int, bytes]:
        """Status and body of one response. A broken connection gives status 0."""
        started = time.perf_counter()
        try:
            status, data = await self._ask(method, path, body, type_)
        except (OSError, EOFError, ValueError, asyncio.IncompleteReadError):
            self.close()
            status, data = 0, b""
        self._times.add(kind, status, time.perf_counter() - started)
        return status, data

    def close(self) -> None:
        """Ends the connection."""
        if self._streams is not None:
            with suppress(OSError, RuntimeError):
                self._streams[1].close()
        self._streams = None

    async def _ask(self, method: str, path: str, body: bytes, type_: str) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(self._from, 0))
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n"
        more = f"Content-Type: {type_}\r\nContent-Length: {len(body)}\r\n" if body else ""
        writer.write(f"{head}{more}\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = answer.partition(b"content-length:")[2].partition(b"\r\n")[0]
        data = await reader.readexactly(int(length or b"0"))
        if b"connection: close" in answer:
            self.close()
        return int(answer.split(b" ", 2)[1]), data


def run_fast(main: Coroutine[object, object, T]) -> T:
    """Runs a coroutine in the same event loop as the server uses, so that the client is not slower."""
    try:
        from uvloop import new_event_loop
    except ImportError:  # Windows
        return asyncio.run(main)
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main)


def form(file: bytes, name: str = "photo.jpg") -> tuple[bytes, str]:
    """A multipart form with one file, and its content type."""
    head = f'--edge\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return head.encode() + file + b"\r\n--edge--\r\n", "multipart/form-data; boundary=edge"


def photo(seed: int, width: int = 1600, height: int = 1200) -> bytes:
    """A JPEG of so many pixels, another one for each seed."""
    coarse = np.random.default_rng(seed).integers(0, 256, (12, 16, 3), np.uint8)
    file = io.BytesIO()
    Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC).save(file, "JPEG", quality=85)
    return file.getvalue()


def pin_to_last_core() -> str:
    """Keeps this process on one core, so that it measures the server and not itself; prints that."""
    if not hasattr(os, "sched_setaffinity"):
        return f"not pinned ({sys.platform} cannot)"
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[-1]})
    return f"pinned to core {cores[-1]} of {len(cores)}; the server may use all"
