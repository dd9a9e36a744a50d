"""The lens beside a map: numbers of cells that are too small for them, for mouse, finger and keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.lab_page import Lab


def lens(lab: Lab) -> Locator:
    return lab.page.locator(".loupe")


def point_at(lab: Lab, name: str, across: float, down: float) -> None:
    """Move the mouse to a part of the width and height of a map's box."""
    box = lab.map(name)
    lab.page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def overlaps(lens_box: dict[str, float], other: dict[str, float]) -> bool:
    return not (
        lens_box["x"] >= other["x"] + other["width"]
        or lens_box["x"] + lens_box["width"] <= other["x"]
        or lens_box["y"] >= other["y"] + other["height"]
        or lens_box["y"] + lens_box["height"] <= other["y"]
    )


def test_pointing_at_a_photo_shows_a_lens_that_leaves_the_pointer_free(lab: Lab) -> None:
    lab.open()
    expect(lens(lab)).to_have_count(0)
    for across, down in ((0.3, 0.4), (0.8, 0.2), (0.5, 0.8)):
        point_at(lab, "input", across, down)
        expect(lens(lab)).to_contain_text(re.compile(r"row \d+, column \d+: \d+"))
        box, map_ = lens(lab).bounding_box(), lab.map("input")
        assert box
        x, y = map_["x"] + across * map_["width"], map_["y"] + down * map_["height"]
        assert not overlaps(dict(box), {"x": x - 4, "y": y - 4, "width": 8, "height": 8})
    lab.page.mouse.move(4, 4)
    expect(lens(lab)).to_be_hidden()


@pytest.mark.parametrize("query", ["present=1", "channels=rgb&image=coffee"])
def test_the_lens_is_there_in_present_and_for_colors(lab: Lab, query: str) -> None:
    lab.open(query)
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()
    numbers = r": \d+ · \d+ · \d+$" if "rgb" in query else r": \d+$"
    expect(lens(lab)).to_contain_text(re.compile(numbers))


def test_the_lens_is_there_in_an_embed(lab: Lab) -> None:
    lab.open(path="/embed")
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()


def test_cells_that_are_not_computed_yet_have_no_lens(lab: Lab) -> None:
    lab.open("at=10,10&beat=write")
    point_at(lab, "output", 0.5, 0.2)
    expect(lens(lab)).to_be_visible()
    point_at(lab, "output", 0.5, 0.9)
    expect(lens(lab)).to_be_hidden()


def test_a_map_whose_numbers_can_be_read_has_no_lens(lab: Lab) -> None:
    lab.open("size=32")
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()
    lab.open("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1)")
    point_at(lab, "input", 0.5, 0.5)
    expect(lab.part("says")).to_contain_text("is read by")
    expect(lens(lab)).to_have_count(0)


def test_escape_closes_the_lens_until_the_pointer_comes_back(lab: Lab) -> None:
    lab.open("present=1")
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(lens(lab)).to_be_hidden()
    assert "present=1" in lab.link, "the first Escape closes the lens alone"
    point_at(lab, "input", 0.6, 0.5)
    expect(lens(lab)).to_be_hidden()
    lab.page.mouse.move(4, 4)
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()


def test_the_keyboard_shows_the_lens_at_the_cell_of_the_step(lab: Lab) -> None:
    lab.open("at=3,4&beat=write")
    lab.page.keyboard.press("Tab")
    lab.part("output-maps").focus()
    expect(lens(lab)).to_contain_text("row 3, column 4:")
    lab.page.keyboard.press("ArrowRight")
    expect(lens(lab)).to_contain_text("row 3, column 5:")
    lab.page.keyboard.press("Escape")
    expect(lens(lab)).to_be_hidden()
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=3,6")
    expect(lens(lab)).to_be_hidden()
    lab.part("input-maps").focus()
    expect(lens(lab)).to_contain_text("row 4, column 7:")


def test_the_lens_stays_while_a_cell_is_pinned_and_the_step_does_not_move(lab: Lab) -> None:
    lab.open()
    box = lab.map("input")
    lab.page.mouse.click(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    lab.says("pin=")
    before = lab.table("Window of the input")
    point_at(lab, "input", 0.8, 0.8)
    expect(lens(lab)).to_be_visible()
    assert lab.table("Window of the input") == before


def test_the_lens_has_room_for_its_numbers_and_none_is_below_twelve_pixels(lab: Lab) -> None:
    lab.open()
    point_at(lab, "input", 0.5, 0.5)
    expect(lens(lab)).to_be_visible()
    side = lens(lab).locator("canvas").evaluate("(canvas) => canvas.clientWidth / 7")
    assert side >= 30
    assert lens(lab).evaluate("(lens) => parseFloat(getComputedStyle(lens).fontSize)") >= 12
