"""The server beside an empty FastAPI endpoint, in one run on loopback: `python -m tests.bench.server`.

Each round asks every server in turn, so that a busy machine slows all of them alike. Ratios are medians over the
rounds; targets are in brackets. The client is plain sockets in this process.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import numpy as np
from fastapi import FastAPI
from PIL import Image

CHECKOUT = Path(__file__).resolve().parents[2]
CACHED = "/api/trace"


def empty() -> FastAPI:
    """The least that FastAPI can do."""
    app = FastAPI()

    @app.get("/")
    async def nothing() -> dict[str, str]:
        return {}

    return app


class Asker(asyncio.Protocol):
    """One connection that asks the next question as soon as the last one is answered."""

    def __init__(self, next_path: Callable[[], str], tally: Tally) -> None:
        self._next_path = next_path
        self._tally = tally
        self._seen = b""
        self._missing = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        if self._missing:
            self._missing -= len(data)
        else:
            self._seen += data
            end = self._seen.find(b"\r\n\r\n")
            if end < 0:
                return
            self._head(self._seen[:end].lower())
            self._missing -= len(self._seen) - end - 4
            self._seen = b""
        if self._missing == 0:
            self._tally.answers += 1
            self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._tally.done:
            self._tally.errors += 1

    def _head(self, head: bytes) -> None:
        if not head.startswith(b"http/1.1 200"):
            self._tally.errors += 1
        start = head.index(b"content-length:") + 15
        self._missing = int(head[start:].split(b"\r\n", 1)[0])

    def _ask(self) -> None:
        if not self._tally.done:
            path = self._next_path()
            self._transport.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())  # type: ignore[attr-defined]


class Tally:
    """What came back."""

    def __init__(self) -> None:
        self.answers = 0
        self.errors = 0
        self.done = False


async def ask(port: int, next_path: Callable[[], str], connections: int, seconds: float) -> tuple[float, Tally]:
    """Answers a second over so many connections, and what went wrong."""
    loop, tally = asyncio.get_running_loop(), Tally()
    made = [
        await loop.create_connection(lambda: Asker(next_path, tally), "127.0.0.1", port) for _ in range(connections)
    ]
    before, started = tally.answers, time.perf_counter()
    await asyncio.sleep(seconds)
    rate = (tally.answers - before) / (time.perf_counter() - started)
    tally.done = True
    for transport, _ in made:
        transport.abort()
    await asyncio.sleep(0)
    return rate, tally


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(*command: str, port: int, **environment: str) -> Iterator[int]:
    """A server process that answers at its port."""
    process = subprocess.Popen([sys.executable, *command], cwd=CHECKOUT, env={**os.environ, **environment})
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def empty_server() -> Iterator[int]:
    port = free_port()
    command = ("-m", "uvicorn", f"{__spec__.name}:empty", "--factory", "--no-access-log", "--log-level", "warning")
    with served(*command, "--port", str(port), port=port) as ready:
        yield ready


@contextmanager
def own_server(workers: int) -> Iterator[int]:
    port = free_port()
    with tempfile.TemporaryDirectory() as store:
        command = ("-m", "app", "serve", "--port", str(port), "--workers", str(workers))
        with served(*command, port=port, CONVOSCOPE_STORE=store) as ready:
            yield ready


def fresh_paths() -> Iterator[str]:
    """Figures of 32 × 32 cells that nobody asked for before: conv, ReLU and pool as in the opening one."""
    number = 0
    while True:
        number += 1
        yield f"/api/trace?layers=conv:(-1,0,1;-2,{number % 1000},2;-1,{number // 1000},1)~relu~maxpool:2"


def compare(rounds: int, seconds: float, connections: int) -> None:
    fresh = fresh_paths()
    asked: dict[str, Callable[[], str]] = {
        "empty FastAPI endpoint": lambda: "/",
        "cached trace": lambda: CACHED,
        "cached page": lambda: "/",
        "uncached 32 × 32 trace": lambda: next(fresh),
        "health": lambda: "/healthz",
    }
    targets = {"cached trace": "≥ 0.50", "uncached 32 × 32 trace": "≥ 0.25"}
    rates: dict[str, list[float]] = {name: [] for name in asked}
    with empty_server() as other, own_server(1) as own:
        for _ in range(rounds):
            for name, next_path in asked.items():
                port = other if name.startswith("empty") else own
                rate, tally = run(ask(port, next_path, connections, seconds))
                rates[name].append(rate)
                if tally.errors:
                    print(f"{name}: {tally.errors} errors")
    print(f"one worker, {connections} connections, median of {rounds} rounds of {seconds:g} s")
    for name, found in rates.items():
        ratios = [rate / base for rate, base in zip(found, rates["empty FastAPI endpoint"], strict=True)]
        target = f"  [{targets[name]}]" if name in targets else ""
        print(f"  {name:<26}{statistics.median(found):>9,.0f} /s {statistics.median(ratios):>7.2f}{target}")


def crowd(connections: int, seconds: float) -> None:
    """Many connections on two workers, a tenth of the questions new."""
    fresh = fresh_paths()
    turn = iter(range(10**9))

    def next_path() -> str:
        return next(fresh) if next(turn) % 10 == 0 else (CACHED, "/", "/api/kernels")[next(turn) % 3]

    with own_server(2) as port:
        rate, tally = run(ask(port, next_path, connections, seconds))
    print(f"two workers, {connections} connections, {seconds:g} s: {rate:,.0f} /s, {tally.errors} errors  [0]")


def uploads(count: int) -> None:
    """A class that brings its photos at once, and looks at them afterwards."""
    chance = np.random.default_rng(1)
    photo = Image.fromarray(chance.integers(0, 256, (90, 120, 3), np.uint8)).resize(
        (2016, 1512), Image.Resampling.BICUBIC
    )
    file = io.BytesIO()
    photo.save(file, "JPEG", quality=85)
    with own_server(2) as port:
        statuses, seconds, there = run(_upload(port, file.getvalue(), count))
    kept = f"{there} of {count} there afterwards"
    print(f"two workers, {count} uploads of 3 MP at once: {seconds:.1f} s, {statuses}, {kept}  [≤ 30 s, all]")


async def _upload(port: int, photo: bytes, count: int) -> tuple[str, float, int]:
    limits = httpx.Limits(max_connections=count)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", limits=limits, timeout=120) as client:
        started = time.perf_counter()
        sent = [client.post("/api/images", files={"file": ("a.jpg", photo)}) for _ in range(count)]
        answers = await asyncio.gather(*sent)
        seconds = time.perf_counter() - started
        ids = [answer.json()["image"] for answer in answers if answer.status_code == 201]
        looked = [await client.get(f"/api/trace?image={id}") for id in ids]
    statuses = ", ".join(f"{status} × {n}" for status, n in _counted(answer.status_code for answer in answers))
    return statuses, seconds, sum(answer.status_code == 200 for answer in looked)


def _counted(values: Iterator[int]) -> list[tuple[int, int]]:
    found = list(values)
    return sorted({value: found.count(value) for value in found}.items())


def run(work):  # type: ignore[no-untyped-def]
    """Runs a coroutine, on uvloop where there is one: the client should not be what is measured."""
    with suppress(ImportError):
        import uvloop

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(work)
    return asyncio.run(work)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--connections", type=int, default=32)
    asked = parser.parse_args()
    compare(asked.rounds, asked.seconds, asked.connections)
    crowd(300, 5 * asked.seconds)
    uploads(60)


if __name__ == "__main__":
    main()
