"""Many filters between the volumes, the box through the slices, and the activation behind: what stands where."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from tests import oracle
from tests.browser.conftest import Devices
from tests.browser.lab.test_volumes import DEMO, grid, lines, opened
from tests.browser.lab_page import Lab, faults, number

MANY = "image=coffee&channels=rgb&layers=conv:random*{count}@{side}x{side},groups=1,bias={bias}&at=10,10&beat=write"
BOXES = """[...document.querySelectorAll('.volume-slices text:not(.digit)')].filter((one) => one.textContent)
  .map((one) => { const {left, right, top, bottom} = one.getBoundingClientRect();
    return [one.textContent, left, right, top + (bottom - top) * 0.25, bottom - (bottom - top) * 0.2]; })"""
PAINTED = """(one) => { const {data} = one.getContext('2d').getImageData(0, 0, one.width, one.height);
  return [one.width, one.height, data.filter((_, n) => n % 4 === 3).map((alpha) => alpha && 1).join("")]; }"""


def six(count: int = 6, side: int = 5, bias: str = "(1,2,3,4,5,6)") -> str:
    return MANY.format(count=count, side=side, bias=bias)


def overflow(lab: Lab) -> float:
    return lab.page.evaluate(  # type: ignore[no-any-return]
        "(() => { const one = document.querySelector('.volume');"
        "return Math.max(one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight); })()"
    )


def overlaps(lab: Lab) -> list[tuple[str, str]]:
    """The texts that lie on each other."""
    boxes: list[list[Any]] = lab.page.evaluate(BOXES)
    return [
        (one[0], other[0])
        for one, other in itertools.combinations(boxes, 2)
        if one[1] < other[2] - 1 and other[1] < one[2] - 1 and one[3] < other[4] - 1 and other[3] < one[4] - 1
    ]


@pytest.mark.parametrize(
    ("count", "side", "size", "more"),
    [
        (5, 3, (1280, 720), ""),
        (6, 5, (1280, 720), ""),
        (10, 5, (1280, 720), ""),
        (16, 5, (1280, 720), ""),
        (6, 5, (1280, 720), "&present=1"),
        (16, 3, (1920, 1080), ""),
    ],
)
def test_all_filters_are_seen_at_once_without_scrolling(
    devices: Devices, count: int, side: int, size: tuple[int, int], more: str
) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    opened(lab, f"{six(count, side, '1')}{more}").rest()
    assert overflow(lab) <= 0
    assert lab.page.locator("canvas[data-filter-picture]").count() == count
    assert lab.page.locator(".small-filters").text_content() == f"All {count} filters"
    for k in range(count):
        assert f"+ b{k} = 1" in (lab.page.locator(f'[data-small="{k}"]').text_content() or "")
    width, height, alpha = lab.page.locator("canvas[data-filter-picture]").last.evaluate(PAINTED)
    assert (width, height) == (3 * side + 2, side)
    row = "0".join(["1" * side] * 3)
    assert alpha == row * side
    assert overlaps(lab) == []
    fonts = lab.page.evaluate(
        "[...document.querySelectorAll('.volume-slices text')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(fonts) >= (size[1] / 40 if more else 12)


def test_of_64_filters_16_are_drawn_and_the_page_says_so(lab: Lab) -> None:
    opened(lab, f"{six(64, 5, '1')}&map=40").rest()
    assert lab.page.locator(".small-filters").text_content() == "16 of 64 filters"
    names = lab.page.locator("[data-small] .name").all_text_contents()
    assert names == [f"W{k}" for k in range(32, 48)]
    assert overflow(lab) <= 0


def test_a_click_on_a_small_filter_opens_it_at_the_same_place(lab: Lab) -> None:
    opened(lab, six()).rest()
    lab.page.locator('[data-small="4"] .target').click()
    lab.says("map=4")
    lab.says("at=10,10")
    assert lab.rest().page.locator(".filter-of > .name").first.text_content() == "W4"
    assert lab.page.locator(".small-filter:has(.open)").get_attribute("data-small") == "4"
    assert lines(lab)[0].startswith("W4: ")


def test_the_window_is_a_box_through_the_slices_with_75_products(lab: Lab) -> None:
    opened(lab, six(1, 5, "7")).rest()
    windows = [one.bounding_box() for one in lab.page.locator(".volume-slices .window").all()]
    edges = [one.bounding_box() for one in lab.page.locator(".volume-slices line.box").all()]
    assert len(windows) == 3
    assert len(edges) == 4
    first, second = windows[0], windows[1]
    assert first
    assert second
    for edge in edges[:2]:
        assert edge
        assert edge["x"] == pytest.approx(first["x"] + first["width"], abs=2.5)
        assert edge["x"] + edge["width"] == pytest.approx(second["x"], abs=2.5)
    assert "3 × 5 × 5: 75 products + b make one number" in lab.part("volume-notes").inner_text()


def test_two_filters_their_sums_and_their_relu_stand_together(lab: Lab) -> None:
    picture, filters = [[1, -2, 3], [4, 5, -6], [7, 8, 9]], [[[[1, 0], [0, -1]]], [[[2, 1], [-1, 0]]]]
    sums = oracle.conv2d([picture], filters, [-1, 4])
    layers = f"conv:{grid(filters[0][0])};{grid(filters[1][0])},bias=(-1,4)~relu"
    opened(lab, f"image={grid(picture)}&layers={layers}&stage=1&at=1,0&map=1&beat=write").rest()
    written = lines(lab)
    for k in range(2):
        before, after = written[k].split(" → ReLU: ")
        assert number(before.split("= ")[1]) == sums[k][1][0]
        assert number(after) == max(0, sums[k][1][0])
    assert lab.page.locator(".volume-slices text:text-is('ReLU')").count() == 3
    column = lab.page.locator(".volume-slices > svg > .digit").all_text_contents()
    assert [number(one) for one in column] == [v for k in range(2) for v in (sums[k][1][0], max(0, sums[k][1][0]))]
    assert overlaps(lab) == []
    opened(lab, f"image={grid(picture)}&layers={layers}&stage=1&at=1,0&map=1&beat=sum").rest()
    assert "ReLU" in lines(lab)[0]
    assert "ReLU" not in lines(lab)[1]


def test_a_pixel_has_the_color_that_its_three_numbers_make(lab: Lab) -> None:
    opened(lab, "image=coffee&channels=rgb&layers=&stage=0&at=10,12").rest()
    red, green, blue = lab.page.locator(".volume-slices > svg > .digit").all_text_contents()
    fill = lab.page.locator(".volume-slices .pixel").evaluate("(one) => getComputedStyle(one).fill")
    assert fill == f"rgb({red}, {green}, {blue})"
    assert "A pixel is 3 numbers" in lab.part("volume-notes").inner_text()


def test_the_column_of_a_flattened_picture_says_what_is_lost(lab: Lab) -> None:
    opened(lab, "image=cat&channels=rgb&layers=model:linear10&stage=2&map=1300").rest()
    said = lab.page.locator(".volume-says").inner_text()
    assert "one column of 3,072" in said
    assert "The spatial structure is lost" in said
    assert overflow(lab) <= 0


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
def test_a_phone_scrolls_six_filters_in_one_direction_at_most(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.phone(viewport={"width": size[0], "height": size[1]})
    opened(lab, six()).rest()
    wide = lab.page.evaluate(
        "document.querySelector('.volume').scrollWidth - document.querySelector('.volume').clientWidth"
    )
    assert wide <= 0
    assert overlaps(lab) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_small_filters(devices: Devices, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    opened(lab, six()).rest()
    assert faults(lab.page) == []


@pytest.mark.parametrize("place", ["0,0", "0,2", "2,2"])
def test_names_of_the_demo_stand_free_wherever_the_window_is(lab: Lab, place: str) -> None:
    opened(lab, f"{DEMO}&at={place}&beat=write&map=1").rest()
    assert overlaps(lab) == []
