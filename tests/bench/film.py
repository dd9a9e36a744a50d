"""How smoothly the films of training play, in a real Chromium on loopback: `python -m tests.bench.film`.

The page of learned filters in a fresh profile: frames are counted from the click on Play to the film's end, first while
nothing of it is here yet, then a second time. The wall shows filters or maps; the chosen filter's map of the picture
follows in both. Best of some turns, as another program's work shows as a lost frame. Targets are in brackets.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.page import LONG, SIZE, SMOOTH, START, WATCH, Smoothness, smoothness
from tests.browser.chromium import launch
from tests.serving import RunningServer

FILMS = {
    "photos, wall of filters": "model=photos",
    "photos, wall of maps": "model=photos&wall=maps",
    "cifar10, wall of filters": "model=cifar10",
    "cifar10, wall of maps": "model=cifar10&wall=maps",
}
MOVES = "() => document.querySelector('[data-part=film-play]').dataset.playing === 'true'"
READY = "() => document.querySelector('[data-part=film-play]').dataset.getting === 'false'"
ENDED = "() => document.querySelector('[data-part=film-play]').dataset.playing === 'false'"


def played(page: Page) -> tuple[Smoothness, float]:
    """From the click to the end, and the milliseconds until it moved."""
    clicked = page.evaluate("performance.now()")
    page.evaluate(START)
    page.locator("[data-part=film-play]").click()
    page.wait_for_function(MOVES)
    page.wait_for_function(READY)
    waited = page.evaluate("performance.now()") - clicked
    page.wait_for_function(ENDED)
    return smoothness(page), waited


def turn(browser: Browser, address: str) -> dict[str, tuple[Smoothness, float]]:
    """The first play and the second one."""
    with browser.new_context(viewport=SIZE) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        page.locator("[data-part=film-play]").wait_for()
        page.wait_for_timeout(500)
        return {"first": played(page), "again": played(page)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--only", default="", help="films whose name contains this")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as started,
        RunningServer(Path(folder)) as server,
        launch(started) as browser,
    ):
        print(f"best of {asked.turns} turns: frames a second [≥ {SMOOTH}], tasks over {LONG} ms, wait before it moves")
        for name, query in FILMS.items():
            if asked.only not in name:
                continue
            turns = [turn(browser, f"{server.url}/filters?{query}") for _ in range(asked.turns)]
            for play in ("first", "again"):
                best, waited = max((turn[play] for turn in turns), key=lambda found: found[0].rate)
                said = f"{best.rate:>6.1f} {best.tasks:>4} {waited:>7.0f} ms   longest gap {best.gap:.0f} ms"
                print(f"  {name + ', ' + play:<34}{said}", flush=True)


if __name__ == "__main__":
    main()
