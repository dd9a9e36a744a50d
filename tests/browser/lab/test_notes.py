"""Words at an author's stops: in the Lab, in Present, in embeds, in files, and for who listens."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import SECONDS, Lab, faults

SHORT = "Here the window begins; nothing is written yet."
LONG = (
    "Now look at the right edge of the ear: the left column of the filter meets dark cells, the right one bright "
    "cells, so that their sum is far above zero."
)
LINES = ";".join(quote(line.replace(";", "%3B")) for line in (SHORT, LONG))
STOPS = f"layers=conv:sobel-x&stops=0,0;10,20;3,4&notes={LINES}"
# Where the words and the figure are, in pixels.
PLACES = """() => ["says", "figure"].map((name) => {
  const { x, y, width, height } = document.querySelector(`[data-part=${name}]`).getBoundingClientRect();
  return { x, y, width, height };
})"""
# How much of the words lies outside their place.
HANGS_OVER = """() => {
  const says = document.querySelector("[data-part=says]");
  const place = says.parentElement.getBoundingClientRect(), words = says.getBoundingClientRect();
  return Math.max(0, place.top - words.top, words.bottom - place.bottom, words.right - innerWidth,
    says.scrollHeight - says.clientHeight, says.scrollWidth - says.clientWidth);
}"""


def reads(lab: Lab, text: str) -> None:
    expect(lab.part("says")).to_have_text(text)


def test_words_are_shown_while_the_figure_is_at_their_stop_and_take_the_place_of_the_story(lab: Lab):
    lab.open(STOPS)
    reads(lab, SHORT)
    lab.page.keyboard.press("PageDown")
    reads(lab, LONG)
    lab.page.keyboard.press("PageDown")
    lab.says("at=3,4")
    reads(lab, "")
    lab.page.keyboard.press("PageUp")
    reads(lab, LONG)
    for beat in ("window", "products"):
        lab.page.locator(f"[data-beat={beat}]").click()
        reads(lab, LONG)
    lab.page.locator("[data-part=scrub]").focus()
    lab.page.keyboard.press("End")
    reads(lab, "")
    assert f"notes={SHORT.replace(';', '%3B')};" in lab.link, "the link keeps them"


def test_words_are_there_before_any_script_runs_and_nothing_moves(devices: Devices):
    for path in ("/", "/embed"):
        page = devices.lab(java_script_enabled=False).page
        page.goto(f"{devices.lab().url}{path}?{STOPS}")
        expect(page.locator("[data-part=says]")).to_have_text(SHORT)
        still = page.locator("[data-part=says]").bounding_box()
        lab = devices.lab().open(STOPS, path)
        assert lab.part("says").bounding_box() == still
        page.goto(f"{lab.url}{path}?{STOPS}&at=3,4")
        expect(page.locator("[data-part=says]")).to_have_text("")


@pytest.mark.parametrize(("path", "more"), [("/", ""), ("/", "&present=1"), ("/embed", ""), ("/embed", "&ui=none")])
@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (360, 740), (740, 360)])
def test_the_figure_keeps_its_place_and_size_with_long_words_short_ones_and_none(
    devices: Devices, path: str, more: str, size: tuple[int, int]
):
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(STOPS + more, path)
    if "present" in more:
        lab.until("document.documentElement.hasAttribute('data-present')")
    lab.rest()
    figure = lab.page.evaluate(PLACES)[1]
    for _ in range(2):
        expect(lab.part("says")).to_be_visible()
        assert lab.page.evaluate(HANGS_OVER) <= 1, lab.text("says")
        lab.page.keyboard.press("PageDown")
        lab.rest()
        assert lab.page.evaluate(PLACES)[1] == figure
    reads(lab, "")


def test_in_present_words_can_be_read_from_afar_above_the_figure(lab: Lab):
    lab.open(f"{STOPS}&present=1")
    lab.until("document.documentElement.hasAttribute('data-present')")
    for text in (SHORT, LONG):
        reads(lab, text)
        assert float(lab.part("says").evaluate("(says) => parseFloat(getComputedStyle(says).fontSize)")) >= 24
        words, figure = lab.part("says").bounding_box(), lab.part("figure").bounding_box()
        assert words
        assert figure
        assert words["y"] + words["height"] <= figure["y"] + 1, "the controls lie over the lower edge"
        lab.page.keyboard.press("PageDown")


def test_in_present_the_line_of_the_story_is_shown_too(lab: Lab):
    lab.open("layers=conv:sobel-x&story=3&present=1")
    expect(lab.part("says")).to_be_visible()
    expect(lab.part("says")).to_contain_text("All added up")


def test_words_are_announced_once_when_the_figure_comes_to_their_stop(lab: Lab):
    lab.open(STOPS)
    live = lab.part("live")
    lab.page.keyboard.press("PageDown")
    expect(live).to_contain_text(f"{LONG} ")
    lab.page.locator("[data-beat=products]").click()
    expect(live).not_to_contain_text(LONG)
    lab.page.keyboard.press("PageUp")
    expect(live).to_contain_text(SHORT)


def test_words_are_announced_while_playing_from_stop_to_stop(lab: Lab):
    lab.page.clock.install()
    lab.open(STOPS)
    lab.button("Play").click()
    lab.page.clock.run_for(3_000)
    reads(lab, LONG)
    expect(lab.part("live")).to_contain_text(LONG)


def test_a_file_has_the_words_without_a_network(page: Page, context: BrowserContext, base_url: str, tmp_path: Path):
    path = tmp_path / "figure.html"
    path.write_bytes(httpx.get(f"{base_url}/api/export/html?{STOPS}", timeout=SECONDS).raise_for_status().content)
    context.set_offline(True)
    page.goto(path.as_uri())
    page.locator(".maps.live").first.wait_for()
    says = page.locator("[data-part=says]")
    expect(says).to_have_text(SHORT)
    page.keyboard.press("PageDown")
    expect(says).to_have_text(LONG)
    expect(says).to_be_visible()


@pytest.mark.parametrize(("path", "more"), [("/", ""), ("/embed", "&ui=none")])
def test_axe_finds_nothing_in_a_figure_with_words(devices: Devices, path: str, more: str):
    lab = devices.lab(viewport={"width": 640, "height": 360}).open(f"{STOPS}&at=10,20{more}", path)
    lab.rest()
    assert faults(lab.page) == []
