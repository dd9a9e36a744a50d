"""The page beside an empty one, in a real Chromium on loopback: `python -m tests.bench.page`.

Four tables: what the page weighs on the wire, how soon its figure is drawn, whether it moves smoothly, and what a frame
of the motion between two beats costs. The empty
page takes its turn in every round, so that a busy machine slows both; what moves is given in its best turn, as another
program's work shows as a lost frame. Targets are in brackets.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch
from tests.serving import RunningServer

EMPTY = b"<!doctype html><html lang=en><title>Empty</title><body><p>Nothing</p>"
SIZE = {"width": 1440, "height": 900}
LIGHT = 100_000  # bytes of HTML, CSS and JavaScript
SOON = 500  # milliseconds
SMOOTH = 58  # frames a second
LONG = 50  # milliseconds of one task
QUICK = 8  # milliseconds of script and paint of a frame in which numbers move
SIXTY_FOUR = "image=chelsea&size=64&layers=conv:sobel-x~relu"

WATCH = """
(() => {
  const seen = globalThis.seen = { alive: 0, frames: [], tasks: [], counting: false };
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.tasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  const tick = (now) => {
    if (seen.counting) seen.frames.push(now);
    if (!seen.alive && (document.querySelector(".maps.live") || document.title === "Empty")) {
      seen.alive = performance.now();
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})();
"""
START = "Object.assign(seen, { frames: [], tasks: [], counting: true })"
STOP = "(() => { seen.counting = false; return [seen.frames, seen.tasks]; })()"
ASKED_BEFORE = """Object.fromEntries(
  [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((entry) => entry.startTime < seen.alive).map((entry) => [entry.name, entry.encodedBodySize]))"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"


class Empty(BaseHTTPRequestHandler):
    """The least that a page can be."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *arguments: object) -> None:
        """Nothing: the tables are what is printed."""


@contextmanager
def empty_page() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Empty) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a profile of its own, with nothing in its cache, once its figure is drawn."""
    with browser.new_context(viewport=SIZE) as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(address)
        while not page.evaluate("seen.alive"):
            page.wait_for_timeout(10)
        yield page


def weigh(browser: Browser, address: str) -> None:
    """What comes over the wire until the first figure is drawn, when the page is opened for the first time."""
    weights: dict[str, int] = {}
    with opened(browser, address) as page:
        settle(page)
        weights.update(page.evaluate(ASKED_BEFORE))
    print("compressed bytes of the page until its first figure is drawn")
    kinds = {"HTML": "", "CSS": ".css", "JavaScript": ".js"}
    by_kind = {kind: [size for url, size in weights.items() if ending(url) == end] for kind, end in kinds.items()}
    for kind, sizes in by_kind.items():
        print(f"  {kind:<12}{len(sizes):>4} files {sum(sizes):>9,}")
    total = sum(map(sum, by_kind.values()))
    print(f"  {'together':<12}{total:>20,}  {total / LIGHT:.2f} of {LIGHT:,}  [≤ 1]")
    heaviest = sorted((size, urlsplit(url).path) for url, size in weights.items() if ending(url) == ".js")[-5:]
    print("  heaviest: " + ", ".join(f"{Path(path).name} {size:,}" for size, path in reversed(heaviest)))


def ending(url: str) -> str:
    """`.js`, `.css`; of the page itself nothing; of all else its path, which is no kind."""
    parts = urlsplit(url)
    if parts.path.startswith("/static/"):
        return Path(parts.path).suffix
    return "" if parts.path == "/" else parts.path


def opening(browser: Browser, ours: str, other: str, rounds: int) -> None:
    """How long after navigation the figure is drawn by the player, and the first paint that the server made."""
    drawn: dict[str, list[float]] = {"an empty page": [], "first paint": [], "the figure drawn": []}
    for _ in range(rounds):
        with opened(browser, other) as page:
            drawn["an empty page"].append(page.evaluate("seen.alive"))
        with opened(browser, ours) as page:
            drawn["first paint"].append(page.evaluate(PAINTED))
            drawn["the figure drawn"].append(page.evaluate("seen.alive"))
    print(f"milliseconds from navigation, nothing cached: median and best of {rounds}; times those of an empty page")
    for name, times in drawn.items():
        ratio = statistics.median(a / b for a, b in zip(times, drawn["an empty page"], strict=True))
        target = f"  [≤ {SOON}]" if name == "the figure drawn" else ""
        print(f"  {name:<22}{statistics.median(times):>7.0f} {min(times):>6.0f} {ratio:>6.1f}×{target}")


PLAYED = {
    "story": "mode=story",
    "story, tempo 8": "mode=story&tempo=8",
    "finish": "mode=finish",
    "finish, 64×64": f"{SIXTY_FOUR}&mode=finish",
    "story, 3 channels, 8 filters": "image=chelsea&channels=rgb&layers=conv:random*8@3x3,groups=1,seed=1&mode=story",
}


def moving(browser: Browser, ours: str, other: str, rounds: int, seconds: float) -> None:
    """Frames a second and the longest task while something moves."""
    turns: dict[str, list[Smoothness]] = {}
    for _ in range(rounds):
        with opened(browser, other) as page:
            page.evaluate(START)
            page.wait_for_timeout(1000 * seconds)
            turns.setdefault("an empty page", []).append(smoothness(page))
        for name, query in PLAYED.items():
            with opened(browser, f"{ours}?{query}&at=0,0") as page:
                settle(page)
                page.locator("[data-part=play]").click()
                page.evaluate(START)
                page.wait_for_timeout(1000 * seconds)
                turns.setdefault(name, []).append(smoothness(page))
        for name in ("input", "output"):
            with opened(browser, f"{ours}?{SIXTY_FOUR}") as page:
                settle(page)
                sweep(page, name, seconds)
                turns.setdefault(f"pointer over the {name}, 64×64", []).append(smoothness(page))
    print(f"best of {rounds} turns of {seconds:g} s: frames a second [≥ {SMOOTH}], tasks over {LONG} ms [0]")
    for name, found in turns.items():
        best = max(found, key=lambda turn: (-turn.tasks, turn.rate))
        print(f"  {name:<32}{best.rate:>6.1f} {best.tasks:>4}   longest gap between frames {best.gap:.0f} ms")


MOTIONS = {
    "3×3, 32×32": "at=12,18&beat=write",
    "3×3, 64×64": f"{SIXTY_FOUR}&at=12,18&beat=write",
    "3×3, 64×64 RGB": "image=coffee&size=64&channels=rgb&layers=conv:random*4@3x3,groups=1,seed=1&at=12,18&beat=write",
    "5×5, 64×64 RGB": "image=coffee&size=64&channels=rgb&layers=conv:random*4@5x5,groups=1,seed=1&at=12,18&beat=write",
}
# What one frame costs on the main thread: its script, its layout, and what it paints.
WORK = {"FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"}
TASKS = {"RunTask", "ThreadControllerImpl::RunTask"}


def motions(browser: Browser, ours: str, turns: int) -> None:
    """What each frame costs while the numbers of a step move, beat by beat, and the longest task, in time of a core."""
    print(f"script and paint of a frame of a motion in ms of a core: median [≤ {QUICK}], slowest of twenty;")
    print(f"longest task in ms [≤ {LONG}], tasks that are longer")
    for name, query in MOTIONS.items():
        costs: list[float] = []
        tasks: list[float] = []
        for _ in range(turns):
            with browser.new_context(viewport=SIZE) as context:  # without a script that asks for frames, too
                page = context.new_page()
                page.goto(f"{ours}?{query}")
                settle(page)
                browser.start_tracing(page=page, categories=["devtools.timeline", "toplevel"])
                for _ in range(page.locator("[data-beat]").count()):
                    page.keyboard.press("Space")
                    page.wait_for_timeout(600)
                events = json.loads(browser.stop_tracing())["traceEvents"]
                drawn = [event for event in events if event["name"] == "FireAnimationFrame"]
                threads = {(event["pid"], event["tid"]) for event in drawn}
                own = [event for event in events if event.get("ph") == "X" and (event["pid"], event["tid"]) in threads]
                costs += frame_costs([event for event in own if event["name"] in WORK])
                tasks += [milliseconds(event) for event in own if event["name"] in TASKS]
        ranked = sorted(costs)
        median, slow = statistics.median(ranked), ranked[int(0.95 * len(ranked))]
        long = sum(task > LONG for task in tasks)
        print(f"  {name:<18}{median:>6.1f} {slow:>6.1f} {max(tasks):>6.0f} {long:>3}   {len(ranked)} frames")


def frame_costs(events: list[dict[str, Any]]) -> list[float]:
    """Milliseconds of each frame; what lies within another event is counted there."""
    frames: list[float] = []
    end = 0.0
    for event in sorted(events, key=lambda event: float(event["ts"])):
        if event["ts"] < end:
            continue
        if event["name"] == "FireAnimationFrame":
            frames.append(0.0)
        if frames:
            frames[-1] += milliseconds(event)
        end = event["ts"] + event["dur"]
    return frames


def milliseconds(event: dict[str, Any]) -> float:
    """The time that a core worked at it, where the browser knows that: what others do does not count."""
    return float(event.get("tdur", event["dur"])) / 1000


@dataclass(frozen=True, slots=True)
class Smoothness:
    """Frames a second, how many tasks were too long, and the longest time between two frames."""

    rate: float
    tasks: int
    gap: float


def smoothness(page: Page) -> Smoothness:
    """What was seen since counting began."""
    frames, tasks = page.evaluate(STOP)
    gaps = [later - frame for frame, later in pairwise(frames)]
    return Smoothness(1000 * len(gaps) / sum(gaps), len(tasks), max(gaps))


def settle(page: Page) -> None:
    """Opening is measured elsewhere."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)


def sweep(page: Page, name: str, seconds: float) -> None:
    """The pointer goes to and fro over a map, row after row, as fast as a hand that looks for something."""
    box = page.locator(f"[data-part={name}-maps]").bounding_box()
    assert box
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.evaluate(START)
    steps = round(60 * seconds)
    for step in range(steps):
        across = abs((step / 30) % 2 - 1)
        page.mouse.move(
            box["x"] + 10 + across * (box["width"] - 40), box["y"] + 20 + step / steps * box["height"] * 0.8
        )
        page.wait_for_timeout(1000 / 60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3.0)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        empty_page() as other,
        sync_playwright() as started,
        RunningServer(Path(folder)) as server,
        launch(started) as browser,
    ):
        ours = f"{server.url}/"
        weigh(browser, ours)
        opening(browser, ours, other, asked.rounds)
        moving(browser, ours, other, asked.turns, asked.seconds)
        motions(browser, ours, asked.turns)


if __name__ == "__main__":
    main()
