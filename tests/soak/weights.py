"""Damaged and hostile files of weights, sent one after the other: `python -m tests.soak.weights`."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.mutations import mutated
from tests.serving import CHECKOUT, RunningServer
from tests.soak.client import Connection, Times, run_fast

FINE = {201, 413, 422}
AT_ONCE = 6


async def run(port: int, seed: int, count: int) -> tuple[Times, dict[str, int]]:
    """Sends all files; returns the times, and the names of files whose response was not an error message."""
    times, wrong, files = Times(), {}, iter(mutated(seed, count))

    async def send() -> None:
        connection = Connection(port, times)
        for name, data in files:
            status, _ = await connection.ask("weights", "POST", "/api/weights", data, "application/octet-stream")
            if status not in FINE:
                wrong[name] = status
            await connection.ask("healthz", "GET", "/healthz")

    await asyncio.gather(*(send() for _ in range(AT_ONCE)))
    return times, wrong


def main() -> None:
    """Prints the response times; fails if a response was not an error message."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--count", type=int, default=2_000)
    parser.add_argument("--checkout", type=Path, default=CHECKOUT, help="another checkout to measure beside this one")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, RunningServer(Path(folder), run_in=asked.checkout) as server:
        times, wrong = run_fast(run(server.port, asked.seed, asked.count))
    print("\n".join(times.lines()))
    if wrong:
        sys.exit(f"{len(wrong)} files had another answer than a sentence: {dict(list(wrong.items())[:10])}")


if __name__ == "__main__":
    main()
