"""A class of 300, each of whom asks for 5 figures of a picture of their own without a pause:
`python -m tests.soak.class_burst`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from tests.serving import CHECKOUT, RunningServer
from tests.soak.client import Connection, Times, form, photo, pin_to_last_core, run_fast

FILTERS = ("sobel-x", "sobel-y", "sharpen", "gaussian", "emboss")
PHOTOS = 20


async def student(number: int, port: int, photos: list[bytes], figures: int, more: str, times: Times) -> None:
    """Uploads a picture, then requests one figure after the other: its page, then its Trace."""
    connection = Connection(port, times)
    status, answer = await connection.ask("upload", "POST", "/api/images", *form(photos[number % len(photos)]))
    if status != 201:
        return
    image = json.loads(answer)["image"]
    connection.close()  # the server ends connections that rest
    await figures_ready.wait()
    for which in range(figures):
        link = f"image={image}{more}&layers=conv:{FILTERS[which % len(FILTERS)]}~relu~maxpool:2"
        await connection.ask("page", "GET", f"/?{link}")
        await connection.ask("figure", "GET", f"/api/trace?{link}")
    connection.close()


figures_ready = asyncio.Event()


async def class_of(students: int, figures: int, more: str, port: int) -> Times:
    """All students at once; the figures begin when all have uploaded their picture."""
    times = Times()
    photos = [photo(seed) for seed in range(PHOTOS)]
    tasks = [asyncio.create_task(student(n, port, photos, figures, more, times)) for n in range(students)]
    while len(times.seconds.get("upload", ())) < students:
        await asyncio.sleep(0.05)
    started = time.perf_counter()
    figures_ready.set()
    await asyncio.gather(*tasks)
    print(f"{students} x {figures} figures in {time.perf_counter() - started:.1f} s")
    return times


def main() -> None:
    """Prints the response times, and the load of the machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=300)
    parser.add_argument("--figures", type=int, default=5)
    parser.add_argument("--more", default="", help="further keys of the link, such as &size=128&channels=rgb")
    parser.add_argument("--workers", default="1")
    parser.add_argument("--checkout", type=Path, default=CHECKOUT, help="another checkout to measure beside this one")
    asked = parser.parse_args()
    options = ("--workers", asked.workers)
    with tempfile.TemporaryDirectory() as folder, RunningServer(Path(folder), options, run_in=asked.checkout) as server:
        print(f"load generator {pin_to_last_core()}; load before {os.getloadavg()[0]:.1f}")
        times = run_fast(class_of(asked.students, asked.figures, asked.more, server.port))
    print("\n".join(times.lines()))
    if set(times.statuses) != {200, 201}:
        sys.exit("Some were told that the server is busy, or worse.")


if __name__ == "__main__":
    main()
