"""Changing the picture beside the view of a network: sliders, what the scores were before, and the way back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

DIGIT = "image=digit-3&size=28&layers=model:lenet5"
MOVED = f"{DIGIT}&adjust=shift:0x6"
WAS = ".network-was"


def open_knobs(lab: Lab, query: str) -> None:
    lab.open(query)
    lab.part("open-network-knobs").click()
    expect(lab.part("network-knobs")).to_be_visible()


def shares(lab: Lab, query: str) -> list[float]:
    trace = lab.page.request.get(f"{lab.url}/api/trace.json?{query}").json()
    return [plane[0][0] for plane in trace["stages"][-1]["output"]]


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_each_bar_has_a_mark_where_its_share_was(lab: Lab, path: str) -> None:
    before = shares(lab, DIGIT)
    lab.open(MOVED, path)
    expect(lab.page.locator(WAS)).to_have_count(10)
    for bar in lab.page.locator("button.network-score").all():
        number = int((bar.get_attribute("data-key") or "").removeprefix("score-"))
        left = bar.locator(WAS).evaluate("(mark) => mark.style.marginLeft")
        assert float(left.removesuffix("%")) == pytest.approx(100 * before[number], abs=0.1)
    first = lab.page.locator(".network-score.is-first")
    expect(first).to_have_text(re.compile(r"^0was < 0\.1 %5\d\.\d %$"))
    expect(lab.part("network-says")).to_contain_text("Before: 3, > 99.9 %. After: 0, 5")
    assert faults(lab.page) == []


def test_a_picture_that_is_as_it_was_has_no_marks_and_no_way_back(lab: Lab) -> None:
    lab.open(DIGIT)
    expect(lab.part("open-network-knobs")).to_be_visible()
    expect(lab.page.locator(WAS)).to_have_count(0)
    expect(lab.part("network-reset")).to_be_hidden()
    expect(lab.part("network-knobs")).to_be_hidden()
    lab.page.keyboard.press("a")
    expect(lab.part("open-network-knobs")).to_be_hidden()


@pytest.mark.parametrize("more", ["", "&present=1"])
def test_a_slider_changes_picture_scores_and_link_and_the_way_back_is_one_press(lab: Lab, more: str) -> None:
    open_knobs(lab, f"{DIGIT}{more}")
    knobs = lab.part("network-knobs")
    knobs.locator("input[data-adjust=turn]").fill("60")
    lab.says("adjust=turn:60")
    expect(lab.page.locator(WAS)).to_have_count(10)
    expect(knobs.locator("[data-part=adjust-verdict]")).to_contain_text("Before: 3, > 99.9 %.")
    assert lab.page.locator(".network-view").is_visible()
    lab.part("network-reset").click()
    lab.drops("adjust=")
    expect(lab.page.locator(WAS)).to_have_count(0)
    expect(lab.part("network-reset")).to_be_hidden()
    expect(knobs.locator("input[data-adjust=turn]")).to_have_value("0")


def test_noise_shift_and_a_covered_part_are_at_hand(lab: Lab) -> None:
    open_knobs(lab, DIGIT)
    knobs = lab.part("network-knobs")
    names = [one.get_attribute("data-adjust") for one in knobs.locator("input[data-adjust]").all()]
    assert names == ["turn", "shift-rows", "shift-columns", "noise"]
    knobs.locator("[data-part=cover]").click()
    lab.says("cover:(7,7,14,14)")
    expect(lab.page.locator(WAS)).to_have_count(10)
    knobs.locator("[data-part=cover]").click()
    lab.drops("adjust=")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1280, 720), (390, 844)])
def test_the_sliders_cover_no_score_and_nothing_lies_over_another(devices: Devices, width: int, height: int) -> None:
    lab = devices.lab(viewport={"width": width, "height": height})
    open_knobs(lab, MOVED)
    expect(lab.page.locator(WAS)).to_have_count(10)
    boxes = [lab.part(name).bounding_box() for name in ("network-changes", "presses", "network-knobs")]
    for one, other in ((boxes[0], boxes[1]), (boxes[0], boxes[2]), (boxes[1], boxes[2])):
        assert one
        assert other
        apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
        below = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
        assert apart or below
    score = lab.page.locator("button.network-score").last
    score.scroll_into_view_if_needed()
    found = "(bar) => { const {x, y, width, height} = bar.getBoundingClientRect(); "
    found += "return bar.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"
    assert score.evaluate(found)
    assert faults(lab.page) == []


def test_a_locked_picture_has_no_sliders(lab: Lab) -> None:
    lab.open(f"{DIGIT}&lock=image")
    expect(lab.page.locator(".network-view")).to_be_visible()
    lab.rest()
    expect(lab.part("open-network-knobs")).to_be_hidden()
