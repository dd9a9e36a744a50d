"""Printing: the figure alone on one page with its caption, in light colors, from the Lab, Present and an embed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

RGB = "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&at=10,10&beat=write"
PAGES = [
    ("/", "", (1280, 720)),
    ("/", "present=1", (1280, 720)),
    ("/", RGB, (1440, 900)),
    ("/", "image=cat&channels=rgb&layers=model:cifar10&stage=13", (1440, 900)),
    ("/", "", (390, 844)),
    ("/embed", "", (800, 450)),
    ("/embed", RGB, (640, 360)),
]
# What can be seen that is no part of the printed sheet, and what of the sheet has no pixels.
FIND_OTHERS = """() => {
  const sheet = document.querySelector("[data-part=print-sheet]");
  const isSeen = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getBoundingClientRect().width > 1;
  const others = [...document.body.querySelectorAll("*")].filter((one) => !sheet.contains(one) && isSeen(one));
  const empty = [...sheet.querySelectorAll("img")].filter((one) => isSeen(one) && !one.naturalWidth);
  return [...others, ...empty].map((one) => one.outerHTML.slice(0, 90));
}"""
# Where the parts of a figure stand, in parts of its width.
PLACES = """(figure) => {
  const { left, top, width } = figure.getBoundingClientRect();
  return [...figure.querySelectorAll("h2, td, output, .maps, .legend, figcaption")]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .map((one) => one.getBoundingClientRect())
    .map((box) => [box.left - left, box.top - top, box.width, box.height].map((length) => length / width));
}"""


def prepare(lab: Lab, path: str, query: str, size: tuple[int, int] = (1280, 720)) -> None:
    """Open a figure whose module for printing has arrived."""
    lab.page.set_viewport_size({"width": size[0], "height": size[1]})
    lab.page.add_init_script("Element.prototype.requestFullscreen = undefined;")  # such a window cannot be resized
    with lab.page.expect_response(re.compile("print.*css")):
        lab.open(query, path)
    lab.until("getComputedStyle(document.documentElement).getPropertyValue('--print-styles') === '1'")
    lab.rest()


def begin(page: Page) -> None:
    """As a browser begins to print: the event, then the media."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")


def end(page: Page) -> None:
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")


@pytest.mark.parametrize(("path", "query", "size"), PAGES)
def test_the_figure_is_printed_on_one_page(lab: Lab, path: str, query: str, size: tuple[int, int]) -> None:
    prepare(lab, path, query, size)
    for paper, landscape in (("A4", False), ("A4", True), ("Letter", False), ("Letter", True)):
        pdf = lab.page.pdf(format=paper, landscape=landscape, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1, (paper, landscape)
    assert lab.part("print-sheet").count() == 0, "nothing is left of it"


@pytest.mark.parametrize(("path", "query", "size"), PAGES)
def test_the_figure_alone_is_printed_as_it_is_on_the_screen(
    lab: Lab, path: str, query: str, size: tuple[int, int]
) -> None:
    prepare(lab, path, query, size)
    shown: Any = lab.part("figure").evaluate(PLACES)
    begin(lab.page)
    lab.page.set_viewport_size({"width": 720, "height": 1000})  # as wide as paper
    sheet = lab.part("print-sheet")
    expect(sheet).to_be_visible()
    assert lab.page.evaluate(FIND_OTHERS) == []
    printed = sheet.locator(".figure").evaluate(PLACES)
    assert len(printed) == len(shown)
    assert printed == [pytest.approx(box, abs=0.006) for box in shown]
    box = sheet.locator(".figure").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert 0.5 * 720 < box["width"] <= 720
    caption = lab.part("print-caption")
    assert path != "/" or not query or query in caption.inner_text().replace("\n", "")
    end(lab.page)
    expect(lab.part("print-sheet")).to_have_count(0)
    expect(lab.part("figure")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_dark_page_is_printed_in_light_colors_and_is_dark_again(devices: Devices, path: str) -> None:
    lab = devices.lab(color_scheme="dark", viewport={"width": 1280, "height": 720})
    prepare(lab, path, "")
    before = lab.part("output-maps").screenshot()
    begin(lab.page)
    ink, ground = lab.part("print-sheet").evaluate(
        "(sheet) => [sheet.querySelector('figcaption.muted'), sheet].map((one) => getComputedStyle(one).color)"
    )
    assert all(sum(map(int, re.findall(r"\d+", color)[:3])) < 400 for color in (ink, ground)), "dark ink"
    end(lab.page)
    lab.eventually(lambda: lab.part("output-maps").screenshot() == before)


def test_the_signs_and_the_title_are_printed(lab: Lab) -> None:
    prepare(lab, "/", "title=A filter for edges")
    begin(lab.page)
    expect(lab.part("print-caption")).to_contain_text("A filter for edges")
    signs = lab.part("print-sheet").evaluate(
        "(sheet) => [...sheet.querySelectorAll('.window > figcaption, .filter > figcaption')]"
        ".map((one) => getComputedStyle(one, '::after').content)"
    )
    assert signs == ['" ×"', '" ="']
