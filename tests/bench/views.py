"""What a step costs while a view is open, beside the same figure without one: `python -m tests.bench.views`.

A map of 64 × 64 is stepped through by key, cell by cell. The figure without a view takes its turn with every view, so
that a busy machine slows both. Times are script, layout and paint of a step in time of a core; targets are in brackets.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from tests.bench.page import SIZE, WORK, milliseconds, settle
from tests.browser.chromium import launch
from tests.serving import RunningServer

FRAME = 16  # milliseconds: sixty frames a second
FIGURES = {
    "3×3, 64×64": "image=chelsea&size=64&layers=conv:sobel-x~relu",
    "3×3, 64×64 RGB": "image=coffee&size=64&channels=rgb&layers=conv:random*4@3x3,groups=1,seed=1~relu",
}
VIEWS = {
    "matrix, weights": "tab=matrix",
    "matrix, windows": "tab=matrix&matrix=windows",
    "neuron": "tab=neuron",
    "neuron, map": "tab=neuron&neuron=map",
    "neuron, column": "tab=neuron&neuron=column",
    "neuron, counts": "tab=neuron&neuron=full",
    "field": "tab=field",
    "function": "tab=function&stage=2",
    "equation": "tab=equation",
    "letters": "tab=equation&letters=1",
    "code": "tab=code",
}
NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def step_costs(browser: Browser, address: str, steps: int) -> list[float]:
    """Milliseconds of each step of a row, from its key to the next one."""
    with browser.new_context(viewport=SIZE) as context:
        page = context.new_page()
        page.goto(address)
        settle(page)
        page.locator("[data-part=output-maps]").focus()
        for _ in range(4):  # what is made once is measured elsewhere
            page.keyboard.press("ArrowRight")
        browser.start_tracing(page=page, categories=["devtools.timeline"])
        for _ in range(steps + 1):
            page.keyboard.press("ArrowRight")
            page.evaluate(NEXT_FRAME)
        events = json.loads(browser.stop_tracing())["traceEvents"]
    drawn = {(event["pid"], event["tid"]) for event in events if event["name"] == "FireAnimationFrame"}
    own = [event for event in events if event.get("ph") == "X" and (event["pid"], event["tid"]) in drawn]
    keys = sorted(float(event["ts"]) for event in own if is_key(event))
    work = sorted((event for event in own if event["name"] in WORK | {"EventDispatch"}), key=lambda event: event["ts"])
    return [outermost([event for event in work if start <= event["ts"] < end]) for start, end in pairwise(keys)]


def is_key(event: dict[str, Any]) -> bool:
    return bool(event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "keydown")


def outermost(events: list[dict[str, Any]]) -> float:
    """The time of events in order; what lies within another one is counted there."""
    total, end = 0.0, 0.0
    for event in events:
        if event["ts"] >= end:
            total += milliseconds(event)
            end = event["ts"] + event["dur"]
    return total


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--view", default="", help="those whose name has this")
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as started,
        RunningServer(Path(folder)) as server,
        launch(started) as browser,
    ):
        print(
            f"a step with a view open: ms of a core, median [≤ {FRAME}], slowest of twenty; times that without a view"
        )
        for figure, query in FIGURES.items():
            start = f"{server.url}/?{query}&at=30,5&beat=write"
            print(f"{figure}")
            for name, keys in VIEWS.items():
                if asked.view not in name:
                    continue
                stage = "&stage=2" if "stage=2" in keys else ""
                alone = statistics.median(step_costs(browser, f"{start}{stage}", asked.steps))
                for size, more in (("sheet", ""), ("large", "&big=1")):
                    costs = sorted(step_costs(browser, f"{start}&{keys}{more}", asked.steps))
                    median, slow = statistics.median(costs), costs[int(0.95 * len(costs))]
                    print(f"  {name:<18}{size:<7}{median:>6.1f} {slow:>6.1f} {median / alone:>6.2f}×  of {alone:.1f}")


if __name__ == "__main__":
    main()
