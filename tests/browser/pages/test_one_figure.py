"""One figure, shown three times: by the page before its scripts run, by the live page, and by the picture."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.browser.lab_page import Lab
from tests.browser.pure_page import CHECKOUT

FIGURES = json.loads((CHECKOUT / "tests" / "golden" / "figures.json").read_text(encoding="utf-8"))
TABLES = ("window", "filter", "filter-note", "products", "sums", "result-before", "result", "result-after")

# What the arithmetic says, in the page as it is or as the server sent it.
READ_TEXTS = """(html) => {
  const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
  const all = (selector, root = page) => [...root.querySelectorAll(selector)];
  const said = (selector) => all(selector).map((node) => node.textContent.trim()).filter(Boolean);
  const cells = (name) => all(`.terms table.${name}`).filter((table) => !table.classList.contains("waiting"))
    .flatMap((table) => all("td", table).map((cell) => cell.textContent.trim()));
  return {
    "input-title": said("[data-part=input-title]"),
    "output-title": said("[data-part=output-title]"),
    captions: said(".terms > figure > figcaption"),
    window: cells("of-input"),
    filter: cells("of-filter"),
    products: cells("of-products"),
    "filter-note": said(".terms > .turned"),
    sums: said(".term-sum"),
    "result-before": said("[data-part=result-before]"),
    result: said("[data-part=result-value]"),
    "result-after": said("[data-part=result-after]"),
  };
}"""
# The color of the lower right part of cells, where no digit and no mark stands, and the cells that a mark goes around.
READ_MAP = """(host, {shape, padding, places, mark, width, corner}) => {
  const [top, , left, right] = padding;
  const [still, moving] = host.querySelectorAll("canvas");
  const scale = still.width / still.getBoundingClientRect().width;
  const read = (canvas) => {
    const copy = Object.assign(document.createElement("canvas"), { width: canvas.width, height: canvas.height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const side = width / (shape[1] + left + right);
  const [pixels, marks] = [read(still), read(moving)];
  const at = (row, column) => {
    const x = Math.floor((corner[0] + (left + column + 0.86) * side) * scale);
    const y = Math.floor((corner[1] + (top + row + 0.86) * side) * scale);
    return [...pixels.slice(4 * (y * still.width + x), 4 * (y * still.width + x) + 3)];
  };
  const found = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let i = 0; i < marks.length; i += 4) {
    if (marks[i + 3] < 200 || mark.some((part, k) => Math.abs(part - marks[i + k]) > 4)) continue;
    const [x, y] = [(i / 4) % moving.width, Math.floor(i / 4 / moving.width)];
    found.left = Math.min(found.left, x);
    found.right = Math.max(found.right, x + 1);
    found.top = Math.min(found.top, y);
    found.bottom = Math.max(found.bottom, y + 1);
  }
  const line = side >= 7 ? 2 : 1.5;
  const cell = (pixel, edge, start) => Math.round((pixel / scale + edge - start) / side);
  const [row, column] = [cell(found.top, line, corner[1]) - top, cell(found.left, line, corner[0]) - left];
  return {
    colors: places.map(([row, column]) => at(row, column)),
    marked: [row, column, cell(found.bottom, -line, corner[1]) - top - row,
      cell(found.right, -line, corner[0]) - left - column],
  };
}"""
MARKS = {"input": (0, 0x72, 0xB2), "output": (0, 0x80, 0x60), "pooling": (0x9A, 0x4C, 0x95)}
CORNER = (22, 16)
"""Where a map begins in its box, after its rulers."""
SMALLEST_LEGEND = 150
"""A legend is at least as wide, whatever the width of its map."""


@pytest.fixture(params=FIGURES, ids=lambda figure: figure["name"])
def figure(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the picture of a figure shows; the unit tests hold the picture to it."""
    return dict(request.param)


def test_a_figure_is_the_same_before_scripts_run_in_the_live_page_and_in_its_picture(
    lab: Lab, figure: dict[str, Any]
) -> None:
    sent = lab.page.request.get(f"{lab.url}/?{figure['link']}").text()
    lab.open(figure["link"]).rest()
    painted, live = lab.page.evaluate(READ_TEXTS, sent), lab.page.evaluate(READ_TEXTS, "")
    assert painted == live, "the script replaces texts by other texts"
    drawn = figure["texts"]
    assert {part: live[part] for part in TABLES} == {part: drawn[part] for part in TABLES}
    assert live["output-title"] == drawn["output-title"]
    if drawn["sums"] == []:
        captions = [text for part in ("window", "filter", "products") for text in drawn[f"{part}-caption"]]
        assert live["captions"] == captions
    for side in ("input", "output"):
        if figure[side]:
            check_map(lab, side, figure[side], drawn, sent)


@pytest.mark.parametrize(
    "query",
    [
        "image=coffee&layers=conv:random*2@3x3,seed=7&map=9&at=3,3",
        "image=coffee&size=3x4&layers=conv:(2)&stage=3&at=3,4",
        "image=coffee&layers=conv:random*2@3x3,seed=7~relu&stage=9&map=1&at=5,5",
    ],
)
def test_a_view_beyond_the_figure_is_the_nearest_one_before_and_after_scripts_run(lab: Lab, query: str) -> None:
    sent = lab.page.request.get(f"{lab.url}/?{query}").text()
    lab.open(query).rest()
    assert lab.page.evaluate(READ_TEXTS, sent) == lab.page.evaluate(READ_TEXTS, "")


def test_of_equal_cells_it_is_said_that_the_first_counts_before_and_after_scripts_run(lab: Lab) -> None:
    query = "image=(0,0;0,0)&layers=relu~maxpool:2&stage=1&at=0,1&beat=write"
    sent = lab.page.request.get(f"{lab.url}/?{query}").text()
    lab.open(query).rest()
    texts = lab.page.evaluate(READ_TEXTS, "")
    assert lab.page.evaluate(READ_TEXTS, sent) == texts
    assert "is 0 as well; of equal cells, the first counts in its 2 × 2 window" in str(texts)


@pytest.mark.parametrize(
    "query",
    [
        "image=face&layers=conv:sobel-x",
        "image=face&layers=conv:random*2@2x3,stride=2,padding=1x0,dilation=2",
        "image=coffee&channels=rgb&layers=conv:gaussian,groups=3,stride=3",
        "image=face&layers=maxpool:3,stride=2,ceil_mode=1",
        "image=face&size=9&layers=conv:1x1,padding=(0,1,2,3)",
        "image=digit-3&size=28&layers=model:lenet5&stage=9",
        "image=face&layers=relu",
    ],
)
def test_the_formulas_of_size_and_parameters_are_the_same_before_and_after_scripts_run(lab: Lab, query: str) -> None:
    sent = lab.page.request.get(f"{lab.url}/?{query}").text()
    lab.open(query).rest()
    read = """(html) => {
      const page = html ? new DOMParser().parseFromString(html, "text/html") : document;
      return [...page.querySelectorAll("[data-part=formula] > div:not(.note)")]
        .map((line) => [line.textContent, line.classList.contains("roomy")]);
    }"""
    assert lab.page.evaluate(read, sent) == lab.page.evaluate(read, "")


def check_map(lab: Lab, side: str, drawn: dict[str, Any], texts: dict[str, list[str]], sent: str) -> None:
    """Check the channel, the colors and the marked cells of a map."""
    chosen = lab.part(f"{side}-multiples").locator("button[aria-pressed=true]")
    if drawn["channel"] is None:
        assert chosen.count() == 0
    elif chosen.count():
        assert chosen.get_attribute("data-map") in (str(drawn["channel"]), None)
    places = [tuple(map(int, place.split(","))) for place in drawn["colors"]]
    colors = list(drawn["colors"].values())
    painted = read_first_paint(sent, side)
    assert painted.shape[:2] == tuple(drawn["shape"])
    assert [painted[place].tolist() for place in places] == colors
    legend = lab.part(f"{side}-legend")
    assert [text for text in legend.locator("span").all_inner_texts() if text] == texts[f"{side}-legend"]
    width = float(legend.evaluate("(node) => parseFloat(node.style.maxWidth)")) - CORNER[0]
    if width <= SMALLEST_LEGEND:
        return
    mark = MARKS["pooling" if side == "output" and "Pooled map" in texts["output-title"] else side]
    given = {**drawn, "places": places, "mark": mark, "width": width, "corner": CORNER}
    live = lab.part(f"{side}-maps").evaluate(READ_MAP, given)
    assert live["colors"] == colors
    assert live["marked"] == drawn["marked"]


def read_first_paint(html: str, side: str) -> np.ndarray:
    """The cells of a map as the server painted them, (rows, columns, 3)."""
    part = html[html.index(f'data-part="{side}-maps"') :]
    found = re.search(r'<image href="data:image/png;base64,([^"]+)"', part)
    assert found
    picture = Image.open(io.BytesIO(base64.b64decode(unescape(found[1]))))
    return np.asarray(picture.convert("RGB"))
