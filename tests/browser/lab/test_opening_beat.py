"""The first seconds: the bare page plays one position by itself, once; no other page does."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab

AS_A_PERSON = "Object.defineProperty(navigator, 'webdriver', {get: () => false})"
# The beats that were current, one after the other: the clock of a page runs on while it loads.
WATCH_BEATS = """;
window.seenBeats = [];
new MutationObserver(() => {
  const beat = document.querySelector("[data-part=beats] [aria-current]")?.textContent.trim();
  if (beat && beat !== seenBeats.at(-1)) seenBeats.push(beat);
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["aria-current"]});
"""
ALLOWED = {"search": "", "hash": "", "isHidden": False, "isFramed": False, "isDriven": False, "isCalm": False}


def test_the_bare_page_plays_one_position_and_waits_without_a_change_of_its_address(lab: Lab):
    lab.page.add_init_script(AS_A_PERSON + WATCH_BEATS)
    lab.page.clock.install()
    lab.open()
    current = lab.part("beats").locator("[aria-current]")
    for _ in range(6):
        lab.page.clock.run_for(1_000)
    expect(current).to_have_text("write")
    lab.page.clock.run_for(10_000)
    expect(current).to_have_text("write")
    seen = lab.page.evaluate("seenBeats")
    assert list(dict.fromkeys(seen)) == ["sum", "window", "products", "write"], "each beat of one position, in order"
    expect(lab.part("count")).to_contain_text("380 / 900")
    assert lab.link == ""


def test_who_uses_the_page_at_once_is_not_disturbed(lab: Lab):
    lab.page.add_init_script(AS_A_PERSON)
    lab.page.clock.install()
    lab.open()
    lab.page.keyboard.press("ArrowRight")
    lab.page.clock.run_for(6_000)
    expect(lab.part("count")).to_contain_text("381 / 900")
    expect(lab.part("beats").locator("[aria-current]")).to_have_text("sum")


@pytest.mark.parametrize(
    ("sign", "value"),
    [("search", "?size=8"), ("hash", "#picture=x"), *((sign, True) for sign in list(ALLOWED)[2:])],
)
def test_a_page_that_says_where_or_is_not_seen_or_asks_for_calm_does_not_begin_by_itself(
    lab: Lab, sign: str, value: object
):
    lab.open()
    ask = "async (page) => (await import('convoscope/ui/page/opening-beat.js')).mayBeginByItself(page)"
    assert lab.page.evaluate(ask, ALLOWED) is True
    assert lab.page.evaluate(ask, {**ALLOWED, sign: value}) is False
