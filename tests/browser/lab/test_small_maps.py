"""The small maps below a figure: all of many maps are reached, and it is said how many there are."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab_page import Lab

MANY = "image=gradient&size=12&layers=conv:random*64@3x3~relu"
SIZES = [(1440, 900), (1280, 700), (390, 844)]


def read_range(line: Locator) -> tuple[int, int, int]:
    found = re.fullmatch(r"(\d+)(?:–(\d+))? of (\d+) maps", line.locator("span").inner_text())
    assert found
    first, last, count = found.groups()
    return int(first), int(last or first), int(count)


def maps_in_view(lab: Lab) -> list[int]:
    """The maps that lie within the box that scrolls, as they are drawn."""
    return lab.part("output-multiples").evaluate(
        """host => { const box = host.getBoundingClientRect();
        return [...host.children].flatMap((one, i) => { const {top, left, bottom, right} = one.getBoundingClientRect();
          const slack = 3;
          return top >= box.top - slack && left >= box.left - slack && bottom <= box.bottom + slack
            && right <= box.right + slack ? [i] : []; }); }"""
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_all_of_64_maps_are_reached_with_the_arrows(lab: Lab, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})
    lab.open(MANY)
    line = lab.part("output-box").locator(".map-count")
    expect(line).to_be_visible()
    seen: set[int] = set()
    for _ in range(64):
        first, last, count = read_range(line)
        assert count == 64
        assert maps_in_view(lab) == list(range(first, last + 1))
        seen |= set(range(first, last + 1))
        if line.get_by_role("button", name="Next maps").get_attribute("aria-disabled") == "true":
            break
        line.get_by_role("button", name="Next maps").press("Enter")
        expect(line.locator("span")).not_to_have_text(f"{first}–{last} of 64 maps")
    assert seen == set(range(64))
    line.get_by_role("button", name="Previous maps").click()
    expect(line.locator("span")).not_to_contain_text("63 of")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_map_of_a_link_is_in_view_and_tab_passes_the_maps_that_are_not(lab: Lab) -> None:
    lab.open(f"{MANY}&map=40")
    line = lab.part("output-box").locator(".map-count")
    first, last, _ = read_range(line)
    assert first <= 40 <= last
    buttons = lab.part("output-multiples").get_by_role("button")
    assert buttons.evaluate_all("all => all.flatMap((one, i) => one.tabIndex === 0 ? [i] : [])") == list(
        range(first, last + 1)
    )
    buttons.nth(last).click()
    lab.says(f"map={last}")
    assert read_range(line)[:2] == (first, last)


def test_maps_that_all_fit_have_no_line(lab: Lab) -> None:
    lab.open("size=12&layers=conv:random*4@3x3")
    expect(lab.part("output-multiples").get_by_role("button")).to_have_count(4)
    expect(lab.page.locator(".map-count")).to_have_count(0)


def test_hidden_small_maps_have_no_line(lab: Lab) -> None:
    lab.open(f"{MANY}&hide=multiples")
    expect(lab.page.locator(".map-count")).to_have_count(0)
