"""From a stroke to the bars beside a cached figure, in a real Chromium on loopback: `python -m tests.bench.drawing`.

Both in the view “Network” of LeNet-5, in turns of one run. A stroke is a dot on a drawing that nobody has drawn before;
it is posted, computed and shown. A cached figure is a sample that was shown before, chosen again: its numbers are in
the caches of browser and server. Each is timed in the page, from the press to the first frame with the new figure. The
target is in brackets.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launch
from tests.serving import RunningServer

SIZE = {"width": 1440, "height": 900}
TARGET = 3  # times a cached figure
SIDE = 28
CHAIN = "image=digit-3&size=28&layers=center~model:lenet5&tab=network"
SAMPLES = ("digit-3", "digit-7")
WATCH = """
(() => {
  const page = document.querySelector("[data-part=page]");
  const begin = () => { globalThis.pressed = performance.now(); globalThis.took = 0; };
  const isSheet = ({ target }) => Boolean(target.closest("[data-part=draw-surface]"));
  document.addEventListener("pointerdown", (event) => isSheet(event) && begin(), true);
  document.addEventListener("click", (event) => isSheet(event) || begin(), true);
  let wasAsking = false;
  const look = () => {
    const asks = "asking" in page.dataset;
    if (wasAsking && !asks)
      requestAnimationFrame(() => { globalThis.took ||= performance.now() - globalThis.pressed; });
    wasAsking = asks;
  };
  new MutationObserver(() => { look(); }).observe(page, { attributes: true, attributeFilter: ["data-asking"] });
})()
"""
TOOK = "new Promise((done) => { const look = () => (took ? done(took) : requestAnimationFrame(look)); look(); })"


@dataclass(frozen=True, slots=True)
class Timed:
    """A page in which one kind of press is timed, in milliseconds."""

    page: Page
    times: list[float] = field(default_factory=list)

    def note(self) -> None:
        """Wait for the figure of the last press, and keep how long it took."""
        self.times.append(self.page.evaluate(TOOK))
        self.page.wait_for_timeout(400)  # the rest of the page has followed


def press_sample(timed: Timed, number: int) -> None:
    timed.page.click(f'[data-sample="{SAMPLES[number % 2]}"]')
    timed.note()


def draw_dot(timed: Timed, number: int) -> None:
    """A dot in a cell that has none yet."""
    box = timed.page.locator('[data-part="draw-surface"] canvas').bounding_box()
    assert box
    row, col = divmod(number * 5 + 58, SIDE)
    timed.page.mouse.move(box["x"] + (col + 0.5) * box["width"] / SIDE, box["y"] + (row + 0.5) * box["height"] / SIDE)
    timed.page.mouse.down()
    timed.page.mouse.up()
    timed.note()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=24)
    rounds = parser.parse_args().rounds
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as playwright,
        RunningServer(Path(folder)) as server,
        launch(playwright) as browser,
    ):
        timed = {}
        for name, ready in (("", '[data-sample="digit-3"]'), ("&draw=1", '[data-part="draw-surface"]')):
            page = browser.new_page(viewport=SIZE)
            page.goto(f"{server.url}/?{CHAIN}{name}")
            page.wait_for_selector(ready, state="attached")
            page.click('[data-rail="image"]')
            page.wait_for_timeout(1500)
            page.evaluate(WATCH)
            timed[name] = Timed(page)
        for number in range(rounds + 4):
            press_sample(timed[""], number + 1)
            draw_dot(timed["&draw=1"], number)
        cached, stroke = (statistics.median(one.times[4:]) for one in timed.values())
    print(f"a cached figure  {cached:7.1f} ms")
    print(f"stroke to bars   {stroke:7.1f} ms   {stroke / cached:.2f} × a cached figure [{TARGET}]")


if __name__ == "__main__":
    main()
