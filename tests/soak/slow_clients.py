"""Hundreds of clients that send half a request and wait: `python -m tests.soak.slow_clients`.

An honest upload now and then is timed before and while they are held, in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path

from tests.serving import CHECKOUT, RunningServer
from tests.soak.client import Connection, Times, form, photo, run_fast

HALF_HEADERS = b"GET /api/trace?size=8 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
HALF_BODY = (
    b"POST /api/images HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=edge\r\n"
    b"Content-Length: 2000\r\n\r\n--edge\r\nContent-Disposition: form-data; name="
)
HALF_CHUNK = HALF_BODY.replace(b"Content-Length: 2000", b"Transfer-Encoding: chunked").replace(
    b"--edge", b"500\r\n--edge"
)
HALVES = (HALF_HEADERS, HALF_BODY, HALF_CHUNK)


async def hold(port: int, half: bytes, until: float) -> None:
    """Sends half a request, again whenever the server closes the connection."""
    while time.monotonic() < until:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(half)
            await asyncio.wait_for(reader.read(), until - time.monotonic())
            writer.close()
        except (OSError, TimeoutError):
            await asyncio.sleep(0.1)


async def uploads(port: int, times: Times, kind: str, until: float) -> None:
    """Normal uploads one after the other, with a pause in between."""
    body, content_type = form(photo(1))
    while time.monotonic() < until:
        connection = Connection(port, times)
        await connection.ask(kind, "POST", "/api/images", body, content_type)
        connection.close()
        await asyncio.sleep(0.5)


async def run(port: int, clients: int, seconds: float) -> Times:
    """First without the slow clients, then with them."""
    times = Times()
    await uploads(port, times, "alone", time.monotonic() + seconds / 4)
    until = time.monotonic() + seconds
    held = [asyncio.create_task(hold(port, HALVES[n % len(HALVES)], until)) for n in range(clients)]
    await asyncio.sleep(1)
    await uploads(port, times, "beside", until)
    await asyncio.gather(*held)
    return times


def main() -> None:
    """Prints both, and fails if uploads beside slow clients take more than three times as long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--checkout", type=Path, default=CHECKOUT, help="another checkout to measure beside this one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, RunningServer(Path(folder), run_in=asked.checkout) as server:
        times = run_fast(run(server.port, asked.clients, asked.seconds))
    print("\n".join(times.lines()))
    alone, beside = (statistics.median(times.seconds.get(kind) or [0]) for kind in ("alone", "beside"))
    if set(times.statuses) != {201} or not beside or beside > 3 * alone:
        sys.exit("Slow clients keep others waiting.")


if __name__ == "__main__":
    main()
