"""Compare: the input over the map with a line to drag, and a wall of six filters with one marked cell."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab, faults


def test_a_click_lays_the_input_over_the_map_and_another_click_takes_it_away(lab: Lab) -> None:
    lab.open()
    compare, title, legend = lab.part("compare"), lab.text("output-title"), lab.text("output-legend")
    expect(compare).to_have_attribute("aria-pressed", "false")
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "true")
    expect(lab.part("before-after")).to_be_visible()
    expect(lab.part("output-title")).to_have_text(lab.text("input-title"))
    assert lab.text("output-legend") == lab.text("input-legend")
    assert faults(lab.page) == []
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    expect(lab.part("before-after")).to_be_visible()
    compare.click()
    expect(compare).to_have_attribute("aria-pressed", "false")
    expect(lab.part("before-after")).to_have_count(0)
    assert (lab.text("output-title"), lab.text("output-legend")) == (title, legend)


def test_the_line_is_dragged_or_moved_by_arrows_and_shows_before_and_after(lab: Lab) -> None:
    lab.open()
    lab.part("compare").click()
    slider = lab.page.get_by_role("slider", name="How much of the map is covered by the input")
    expect(slider).to_have_attribute("aria-valuenow", "100")
    box, line = lab.part("before-after").bounding_box(), slider.bounding_box()
    assert box is not None
    assert line is not None
    lab.page.mouse.move(line["x"] + line["width"] / 2, line["y"] + 20)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + box["width"] * 0.4, line["y"] + 20, steps=3)
    lab.page.mouse.up()
    expect(slider).to_have_attribute("aria-valuenow", "40")
    expect(lab.part("output-title")).to_contain_text("Input | Feature map")
    lab.part("compare").focus()
    lab.page.keyboard.press("Tab")
    slider.focus()
    lab.page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuenow", "35")


@pytest.mark.parametrize(
    ("layers", "start", "side"),
    [("conv:sobel-x", -1 / 30, 32 / 30), ("conv:sobel-x,padding=1", 0, 1), ("conv:sobel-x,stride=3", 0, 32 / 30)],
)
def test_each_cell_of_the_map_lies_under_the_middle_of_its_window(
    lab: Lab, layers: str, start: float, side: float
) -> None:
    lab.open(f"layers={layers}")
    lab.part("compare").click()
    box, canvas = (lab.part("before-after").locator(name).bounding_box() for name in (".before-picture", "canvas"))
    assert box is not None
    assert canvas is not None
    assert abs((canvas["x"] - box["x"]) / box["width"] - start) < 0.01
    assert abs(canvas["width"] / box["width"] - side) < 0.01


def test_another_stage_ends_the_comparison(lab: Lab) -> None:
    lab.open()
    lab.part("compare").click()
    expect(lab.part("before-after")).to_be_visible()
    lab.stage("ReLU")
    expect(lab.part("before-after")).to_have_count(0)
    lab.stage("Convolution")
    expect(lab.part("compare")).to_have_attribute("aria-pressed", "false")


def test_six_filters_stand_side_by_side_with_one_marked_cell(lab: Lab) -> None:
    lab.open("image=coffee")
    lab.part("compare-filters").click()
    wall = lab.page.get_by_role("dialog", name="Compare filters")
    expect(wall.locator("section .wall-map")).to_have_count(6)
    assert wall.locator("section .link").all_inner_texts() == [
        "Sobel x",
        "Sobel y",
        "Edges",
        "Sharpen",
        "Blur",
        "Emboss",
    ]
    sides = [box["height"] for box in (one.bounding_box() for one in wall.locator("section .wall-map").all()) if box]
    assert min(sides) > 200, "the maps are large, also at 1280 × 720"
    wall.locator("section .wall-map").nth(4).hover(position={"x": 60, "y": 60})
    places = {mark.get_attribute("style") for mark in wall.locator(".wall-mark:not(.of-window)").all()}
    assert len(places) == 1
    expect(wall.locator(".wall-mark.of-window")).to_be_visible()
    values = wall.locator("output").all_inner_texts()
    assert all(values)
    lab.page.keyboard.press("ArrowRight")
    assert {mark.get_attribute("style") for mark in wall.locator(".wall-mark:not(.of-window)").all()} != places
    assert faults(lab.page) == []
    lab.page.keyboard.press("Escape")
    expect(wall).to_have_count(0)


def test_the_values_of_the_wall_are_those_of_the_figure(lab: Lab) -> None:
    lab.open("image=coffee&at=4,7")
    shown = lab.text("result-value")
    lab.part("compare-filters").click()
    wall = lab.page.get_by_role("dialog", name="Compare filters")
    expect(wall.locator("[data-wall=sobel-x] output")).to_have_text(shown)
    wall.get_by_role("button", name="Emboss").click()
    lab.says("conv:emboss")


@pytest.mark.complains("ERR_FAILED")
def test_a_wall_without_the_server_says_so_and_leaves_the_figure(lab: Lab) -> None:
    lab.open("image=coffee")
    lab.page.route("**/api/trace*", lambda route: route.abort())
    lab.part("compare-filters").click()
    wall = lab.page.get_by_role("dialog", name="Compare filters")
    expect(wall.locator("section").first).to_contain_text("The server cannot be reached")
    lab.page.keyboard.press("Escape")
    expect(lab.part("output-shape")).to_have_text("30 × 30")


def test_a_picture_that_is_changed_is_compared_with_what_it_was(lab: Lab) -> None:
    lab.open("image=coffee&adjust=shift:0x4&layers=conv:sobel-x").settings("layer")
    lab.page.get_by_role("button", name="Compare with…").click()
    lab.page.locator("[data-other=unchanged]").click()
    expect(lab.page.locator("h1")).to_have_text("Moved by 4 columns to the right and moved by 0 cells")
    expect(lab.page.locator("[data-part=note]")).to_contain_text("cells have other numbers")
