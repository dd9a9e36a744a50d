"""One filter at two places: both sums without the products that are 0, both windows marked, and how a place is kept."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from app.examples import EXAMPLES
from tests import oracle
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults
from tests.browser.overlap import RECORD_CANVASES

IMAGE = [[0, 2, 1, 0], [1, 0, 3, 0], [0, 4, 0, 5]]
FILTER = [[1, -2], [0, 3]]
LINK = "image=(0,2,1,0;1,0,3,0;0,4,0,5)&layers=conv:(1,-2;0,3),bias=7&beat=write&tab=equation"
MAP = oracle.conv2d([IMAGE], [[FILTER]], [7])[0]


def products(row: int, col: int) -> list[tuple[int, int]]:
    """The weights and values whose product is not 0, in reading order."""
    cells = [(FILTER[i][j], IMAGE[row + i][col + j]) for i in range(2) for j in range(2)]
    return [(weight, value) for weight, value in cells if weight * value]


def written(lab: Lab, place: int) -> tuple[str, list[tuple[int, int]], str]:
    """The name of a place, its products and its last line."""
    section = lab.rest().page.locator(".two-places section").nth(place)
    terms = section.locator(".one-product").all_text_contents()
    pairs = [re.findall(r"-?\d+", term.replace("−", "-")) for term in terms]
    end = "".join(section.locator("math").all_text_contents()).replace(" ", "").replace("−", "-")
    return section.get_attribute("aria-label") or "", [(int(w), int(x)) for w, x in pairs], end


def test_both_places_stand_side_by_side_in_reading_order_without_products_of_zero(lab: Lab):
    lab.open(f"{LINK}&at=1,2&second=0,1&big=1")
    for n, (row, col) in enumerate([(0, 1), (1, 2)]):
        name, pairs, end = written(lab, n)
        assert name == f"{'AB'[n]}: row {row}, column {col}"
        assert pairs == products(row, col)
        assert end.endswith(f"={int(MAP[row][col])}")
    expect(lab.page.locator(".two-places .place").first).to_contain_text(f"{4 - len(products(0, 1))} of 4 products")


def test_a_place_is_kept_while_the_window_goes_on_and_left_again(lab: Lab):
    lab.open(f"{LINK}&at=0,0")
    lab.button("Keep this place").click()
    lab.says("second=0,0")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=0,1")
    assert [written(lab, n)[0] for n in (0, 1)] == ["A: row 0, column 0", "B: row 0, column 1"]
    lab.button("One place").click()
    lab.drops("second=")
    expect(lab.page.locator(".two-places")).to_have_count(0)


def test_of_a_place_that_is_not_computed_yet_nothing_is_answered(lab: Lab):
    lab.open(f"{LINK}&at=0,0&second=1,2")
    assert written(lab, 0)[2].endswith(f"={int(MAP[0][0])}")
    _, pairs, end = written(lab, 1)
    assert (pairs, end[-2:]) == ([], "=?")


@pytest.mark.parametrize(("size", "more"), [((1280, 720), ""), ((1280, 720), "&present=1"), ((390, 844), "")])
def test_the_curve_detector_answers_6600_and_0_on_one_picture(devices: Devices, size: tuple[int, int], more: str):
    link = next(one.link for topic in EXAMPLES for one in topic.examples if one.name == "curve-both")
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    lab.page.add_init_script(RECORD_CANVASES)
    lab.open(f"{link}{more}").rest()
    ends = [written(lab, n)[2] for n in (0, 1)]
    assert [end.rsplit("=", 1)[1] for end in ends] == ["6600", "0"]
    assert len(written(lab, 0)[1]) == 5
    expect(lab.page.locator(".two-places .place").last).to_contain_text("All 49 products are 0.")
    letters = """Array.from(document.querySelectorAll('.maps canvas:last-of-type'),
      (canvas) => drawnOn(canvas).map(({text}) => text).filter((text) => 'AB'.includes(text) && text).join(''))"""
    lab.until(f"({letters}).join() === 'AB,AB'")
    smallest = lab.page.locator(".two-places").evaluate(
        """(all) => Math.min(...[...all.querySelectorAll("p, mi, mn, text")].map((one) =>
          parseFloat(getComputedStyle(one).fontSize)))"""
    )
    assert smallest >= (size[1] / 40 if more else 12) * (0.7 if more else 0.58)  # indices of a formula are smaller
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("link", [LINK, "image=coffee&layers=conv:sobel-x&beat=write&tab=equation"])
def test_the_letters_of_a_place_that_is_kept_stand_side_by_side_until_the_window_goes_on(lab: Lab, link: str):
    lab.page.add_init_script(RECORD_CANVASES)
    lab.open(f"{link}&at=1,1&second=1,1").rest()
    letters = """Array.from(document.querySelectorAll('.maps canvas:last-of-type'), (canvas) => drawnOn(canvas)
      .filter(({text}) => text === 'A' || text === 'B').map(({text, box}) => [text, box[0], box[2]]))"""
    for (a, _, end), (b, start, _) in lab.page.evaluate(letters):
        assert (a, b) == ("A", "B")
        assert end < start


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_two_places(lab: Lab, theme: str):
    lab.open(f"{LINK}&at=1,2&second=0,1&big=1&theme={theme}").rest()
    assert faults(lab.page) == []


def test_a_layer_of_several_channels_has_the_products_of_all(lab: Lab):
    rng = np.random.default_rng(5)
    image, weights = rng.integers(0, 3, (2, 3, 3)), rng.integers(-2, 3, (2, 2, 2))
    text = "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in image.tolist())
    planes = "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in weights.tolist())
    lab.open(f"image={text}&layers=conv:{planes}&at=1,1&second=0,0&beat=write&tab=equation")
    for n in (0, 1):
        expected = [
            (int(w), int(x))
            for w, x in zip(weights.ravel(), image[:, n : n + 2, n : n + 2].ravel(), strict=True)
            if w * x
        ]
        _, pairs, end = written(lab, n)
        assert pairs == expected
        assert end.endswith(f"={sum(w * x for w, x in expected)}")
