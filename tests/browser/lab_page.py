"""The Lab as a user sees it: opened, read and worked by the names on the screen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any
from urllib.parse import unquote, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Frame, Locator, Page, Request

SECONDS = 30  # a condition may take as long on a busy machine; no test is decided by time
POLL = 15  # milliseconds between two looks at a condition from outside of the page
MINUS = "−"

# Nothing was asked for that is still to come: no figure, and nothing that calls itself busy. Nothing moves, unless the
# test holds the page's clock.
REST = """!document.querySelector('[data-asking], [aria-busy=true]') &&
  !(document.querySelector('[data-moving]') && /native code/.test(setTimeout))"""
# Look at a condition within the page, where a look costs nothing. Where the test holds the page's clock no timer of the
# page comes, and after a second it is asked again whether this is still the page: in both cases it looked in vain.
LOOK = """async (given) => {{
  const holds = () => Boolean({condition});
  const until = performance.now() + 1000;
  while (!holds()) {{
    if (!/native code/.test(setTimeout) || performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 4));
  }}
  return true;
}}"""
# Opens the tab of the settings in which something is.
OPEN_TAB = """(selector) => {
  const panel = document.querySelector(selector)?.closest("[role=tabpanel][hidden]");
  if (panel) document.querySelector(`[aria-controls="${panel.id}"]`).click();
}"""
OPEN_TAB_OF_BUTTON = """(name) => {
  const buttons = [...document.querySelectorAll("[role=tabpanel][hidden] button")];
  const found = buttons.find((one) => (one.getAttribute("aria-label") ?? one.textContent.trim()) === name);
  if (found) document.querySelector(`[aria-controls="${found.closest("[role=tabpanel]").id}"]`).click();
}"""
# A module that is there already is not run again; what waited for it goes on before this ends.
ARRIVED = "(modules) => Promise.allSettled(modules.map((module) => import(module)))"


@dataclass(frozen=True, slots=True)
class Lab:
    """A page with the Lab in it, from a server at `url`. It reads what the page shows once the page is at rest."""

    page: Page
    url: str
    coming: set[str] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Take down each module that the page asks for; another page has modules of its own."""
        page, coming = self.page, self.coming

        def expect(request: Request) -> None:
            if request.resource_type == "script" and request.frame == page.main_frame:
                coming.add(request.url)

        def forget(frame: Frame) -> None:
            if frame == page.main_frame:
                coming.clear()

        page.on("request", expect)
        page.on("framenavigated", forget)

    def open(self, query: str = "", path: str = "/") -> Lab:
        """Open a link and wait until the figure is alive."""
        self.page.goto(f"{self.url}{path}{'?' if query else ''}{query}")
        return self.ready()

    def ready(self) -> Lab:
        """Wait until the page's first figure is drawn, the address bar is its own and the settings are there."""
        self.until("document.querySelector('.maps.live') && (history.state?.scene || !document.querySelector('#side'))")
        self.until("!document.querySelector('#side[aria-busy=true]')")
        return self

    def until(self, condition: str, argument: object = None) -> None:
        """Wait until a JavaScript expression is true; `given` in it is the argument.

        Playwright's own wait needs eval in the page, which its security policy forbids.
        """
        script = LOOK.format(condition=condition)
        end = monotonic() + SECONDS
        while not self._true(script, argument):
            assert monotonic() < end, f"In {SECONDS} s it did not come true that {condition} (given {argument!r})."
            self.page.wait_for_timeout(POLL)

    def _true(self, script: str, argument: object) -> bool:
        """What a script says; of a page that is just being left, no."""
        try:
            return bool(self.page.evaluate(script, argument))
        except Error as error:
            if "navigat" not in error.message:
                raise
            return False

    def rest(self) -> Lab:
        """Wait until what was asked for is here: figures, and parts of the page that come when they are needed."""
        self.until(REST)
        if self.coming:
            self._true(ARRIVED, [self.coming.pop() for _ in range(len(self.coming))])
            self.until(REST)
        return self

    def eventually(self, true: Callable[[], object]) -> None:
        """Wait until something outside of the page is true, such as a request that has been made."""
        end = monotonic() + SECONDS
        while not true():
            assert monotonic() < end, f"In {SECONDS} s it did not come true."
            self.page.wait_for_timeout(POLL)

    # -- what it says of itself ------------------------------------------------------------------------------

    @property
    def link(self) -> str:
        """The query in the address bar, readable."""
        return unquote(urlsplit(self.page.evaluate("location.href")).query)

    def says(self, *texts: str) -> str:
        """Wait until the address bar holds all these texts, and return it."""
        self.until("given.every((text) => decodeURIComponent(location.search).includes(text))", list(texts))
        return self.link

    def drops(self, text: str) -> None:
        """Wait until the address bar no longer holds a text."""
        self.until("!decodeURIComponent(location.search).includes(given)", text)

    def scene(self) -> dict[str, Any]:
        """The scene that the page keeps with its place in the history."""
        found: dict[str, Any] = self.rest().page.evaluate("history.state.scene")
        return found

    def layer(self, index: int = 0) -> dict[str, Any]:
        """One layer of the scene."""
        found: dict[str, Any] = self.scene()["layers"][index]
        return found

    @contextmanager
    def answers(self) -> Iterator[None]:
        """Wait, at the end, for the figure that what happens inside asks for."""
        with self.page.expect_response(lambda answer: "/api/trace" in answer.url and answer.ok):
            yield
        self.rest()

    # -- its parts -------------------------------------------------------------------------------------------

    def part(self, name: str) -> Locator:
        """The element with that data-part."""
        return self.page.locator(f'[data-part="{name}"]')

    def key(self, name: str) -> Locator:
        """The control with that data-key."""
        return self.page.locator(f'[data-key="{name}"]')

    def button(self, name: str) -> Locator:
        """The button that a screen reader calls exactly so."""
        return self.page.get_by_role("button", name=name, exact=True)

    def text(self, name: str) -> str:
        """What a part shows."""
        return self.rest().part(name).inner_text()

    def problems(self) -> str:
        """All sentences above the figure."""
        return self.text("problems")

    def types(self, name: str, text: str) -> None:
        """Type into a control and leave it."""
        field = self.key(name)
        field.fill(text)
        field.press("Tab")

    def settings(self, tab: str) -> Lab:
        """Open a tab of the settings: image or layer."""
        self.page.locator(f'[data-rail="{tab}"]').click()
        return self

    def stage(self, title: str) -> None:
        """Choose a stage in the strip."""
        self.part("strip").get_by_role("button").filter(has_text=title).first.click()

    def keep_whole_picture(self) -> None:
        """Cancel the dialog that cuts a picture after its upload."""
        self.part("cancel-crop").click()
        self.until("!document.querySelector('.crop-dialog')")

    # -- the arithmetic --------------------------------------------------------------------------------------

    def table(self, label: str) -> list[list[float]]:
        """The numbers of a table by its accessible name."""
        self.rest()
        rows: list[list[str]] = self.page.locator(f'table[aria-label="{label}"]').evaluate(
            "(table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
        )
        return [[number(text) for text in row] for row in rows]

    def result(self) -> float:
        """The number that the figure shows as this step's result."""
        return number(self.text("result-value"))

    def place(self) -> list[int]:
        """Row and column of the cell in focus, as the page keeps them in its address."""
        return [int(text) for text in dict(pair.split("=") for pair in self.link.split("&"))["at"].split(",")]

    def position(self) -> str:
        """What stands beside the scrubber, in words."""
        self.rest()
        return self.part("count").locator(".unseen").inner_text()

    # -- the maps --------------------------------------------------------------------------------------------

    def cells(self, name: str) -> dict[tuple[int, int, int], list[float]]:
        """Where each color stands on a map's still canvas: left, top, right, bottom in pixels of the window.

        With a picture whose cells all differ, that is where each cell is drawn.
        """
        boxes: dict[str, list[float]] = self.rest().part(f"{name}-maps").evaluate(BOXES)
        return {tuple(json.loads(color)): box for color, box in boxes.items()}  # type: ignore[misc]

    def middle_of(self, name: str, color: tuple[int, int, int]) -> tuple[float, float]:
        """The middle of the cell of that color."""
        left, top, right, bottom = self.cells(name)[color]
        return (left + right) / 2, (top + bottom) / 2

    def map(self, name: str) -> dict[str, float]:
        """Where a map's box is, in pixels of the window."""
        found = self.rest().part(f"{name}-maps").bounding_box()
        assert found
        return dict(found)


# For every color the longest run of pixel columns, and of rows, that it covers at least a quarter as much as it covers
# most. Smooth edges of digits and the lines between cells, whose color may be that of another cell, are shorter.
# Read from a copy, as reading makes a canvas slow.
BOXES = """(host) => {
  const shown = host.querySelector("canvas");
  const { width, height } = shown;
  const blank = Object.assign(document.createElement("canvas"), { width, height });
  const copy = blank.getContext("2d", { willReadFrequently: true });
  copy.drawImage(shown, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);
  const found = new Map();
  for (let i = 0; i < width * height; i++) {
    if (data[4 * i + 3] !== 255) continue;
    const color = `[${data[4 * i]},${data[4 * i + 1]},${data[4 * i + 2]}]`;
    if (!found.has(color)) found.set(color, [new Uint16Array(width), new Uint16Array(height)]);
    const [columns, rows] = found.get(color);
    columns[i % width]++;
    rows[Math.floor(i / width)]++;
  }
  const { left, top, width: across } = shown.getBoundingClientRect();
  const scale = across / width;
  const ends = (counts) => {
    const most = Math.max(...counts);
    let best = [0, 0];
    for (let from = 0, at = 0; at <= counts.length; at++) {
      if (counts[at] * 4 >= most) continue;
      if (at - from > best[1] - best[0]) best = [from, at];
      from = at + 1;
    }
    return best[1] - best[0] < 3 ? null : best.map((at) => at * scale);
  };
  return Object.fromEntries([...found].map(([color, sides]) => [color, sides.map(ends)]).filter(([, [x, y]]) => x && y)
    .map(([color, [x, y]]) => [color, [left + x[0], top + y[0], left + x[1], top + y[1]]]));
}"""


def faults(page: Page) -> list[str]:
    """What axe finds: rule, and the first elements that break it. What it finds in order is not written down."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{fault['id']}: {[node['html'][:150] for node in fault['nodes'][:3]]}" for fault in found]


def number(text: str) -> float:
    """A number as it is shown: a true minus sign, a plus, nothing for an empty cell."""
    plain = text.strip().replace(MINUS, "-").replace("+", "").replace("≈", "").replace("\u202f", "").replace(",", "")
    return float(plain) if plain else 0.0


def paste(lab: Lab, key: str, text: str) -> None:
    """Paste as a spreadsheet does."""
    lab.key(key).focus()
    lab.key(key).evaluate(
        """(input, text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


class ImageLab(Lab):
    """A Lab that is opened for its settings of the image. It opens the tab of a control before it is used."""

    __slots__ = ()

    def open(self, query: str = "", path: str = "/") -> Lab:
        """Open a link, and then the tab Image."""
        Lab.open(self, query, path)
        tab = self.page.locator('[data-rail="image"]')
        if "present=1" not in query and tab.is_visible():
            tab.click()
        return self

    def part(self, name: str) -> Locator:
        """A part of the page, on the tab where it is."""
        self._open_tab(f'[data-part="{name}"]')
        return Lab.part(self, name)

    def key(self, name: str) -> Locator:
        """A control, on the tab where it is."""
        self._open_tab(f'[data-key="{name}"]')
        return Lab.key(self, name)

    def button(self, name: str) -> Locator:
        """A button, on the tab where it is."""
        self.page.evaluate(OPEN_TAB_OF_BUTTON, name)
        return Lab.button(self, name)

    def _open_tab(self, selector: str) -> None:
        self.page.evaluate(OPEN_TAB, selector)
