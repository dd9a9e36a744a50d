"""What one figure takes beside a burst of others: `python -m tests.soak.fairness`.

First one figure just above the small ones, while 300 clients ask for small figures without a pause; then the figure of
a picture of one's own, while one client asks for 100 large figures at once. The client of the burst has another
address (127.0.0.2) than the one that is timed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from itertools import count
from pathlib import Path

from tests.serving import CHECKOUT, RunningServer
from tests.soak.client import Connection, Times, form, photo, pin_to_last_core, run_fast

SMALL = "/api/trace?layers=conv:random*1@3x3,seed={}~relu"
ABOVE = "/api/trace?size=300&layers=conv:random*1@5x5,seed={}~relu"
OWN = "/api/trace?image={}&layers=conv:random*1@3x3,seed={}~relu"
HEAVY = "/api/trace?size=512&channels=rgb&layers=conv:random*8@9x9,seed={},groups=1,padding=same~relu~maxpool:2"
BURST_FROM = "127.0.0.2"


async def beside(times: Times, port: int, kind: str, link: str, burst: list[asyncio.Task[None]]) -> None:
    """Requests figures one after the other until the burst is over."""
    connection, seeds = Connection(port, times), count(1_000_000)
    while not all(task.done() for task in burst):
        await connection.ask(kind, "GET", link.format(next(seeds)))
        await asyncio.sleep(0.05)
    connection.close()


async def small_ones(times: Times, port: int, clients: int, each: int) -> None:
    """Many clients, each of which requests small figures that are not cached."""
    seeds = count()

    async def client() -> None:
        connection = Connection(port, times, BURST_FROM)
        for _ in range(each):
            await connection.ask("small", "GET", SMALL.format(next(seeds)))
        connection.close()

    burst = [asyncio.create_task(client()) for _ in range(clients)]
    await asyncio.sleep(0.2)
    await beside(times, port, "just above", ABOVE, burst)


async def large_ones(times: Times, port: int, how_many: int) -> None:
    """One client that requests many large figures at once."""
    status, answer = await Connection(port, times).ask("upload", "POST", "/api/images", *form(photo(1)))
    own = OWN.format(json.loads(answer)["image"], "{}") if status == 201 else OWN

    async def ask(seed: int) -> None:
        connection = Connection(port, times, BURST_FROM)
        await connection.ask("large", "GET", HEAVY.format(seed))
        connection.close()

    burst = [asyncio.create_task(ask(seed)) for seed in range(how_many)]
    await asyncio.sleep(0.2)
    await beside(times, port, "of one's own", own, burst)


async def run(port: int) -> tuple[Times, Times]:
    """Both bursts, one after the other."""
    first, second = Times(), Times()
    await small_ones(first, port, 300, 20)
    await large_ones(second, port, 100)
    return first, second


def main() -> None:
    """Prints both; fails if any figure got no response."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkout", type=Path, default=CHECKOUT, help="another checkout to measure beside this one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, RunningServer(Path(folder), run_in=asked.checkout) as server:
        print(f"load generator {pin_to_last_core()}")
        found = run_fast(run(server.port))
    for times in found:
        print("\n".join(times.lines()))
    if any(set(times.statuses) - {200, 201, 429} for times in found):
        sys.exit("Some got no answer.")


if __name__ == "__main__":
    main()
