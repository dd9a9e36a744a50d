"""How large a presented figure is: maps, captions, digits and sums on screens of halls; nothing is cut off."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab
from tests.browser.overlap import RECORD_CANVASES, find_overlaps
from tests.browser.pages.test_present import open_presenting, wait_for_presenting

# The larger side of each map without its rulers, and the sizes of texts, in pixels.
SIZES = """() => {
  const side = (name) => Math.max(0, ...window.drawnOn(document.querySelector(`[data-part=${name}-maps] canvas`))
    .filter(({ kind }) => kind === "map")
    .flatMap(({ box: [left, top, right, bottom] }) => [right - left, bottom - top]));
  const sizes = (selector) => [...document.querySelectorAll(selector)]
    .filter((element) => element.checkVisibility() && element.textContent)
    .map((element) => parseFloat(getComputedStyle(element).fontSize));
  return {
    map: Math.max(side("input"), side("output")),
    captions: sizes(".figure :is(h2, figcaption), [data-part=result-before], [data-part=result-after]"),
    sum: sizes("[data-part=result-value]")[0],
    digits: sizes("table.grid td"),
    all: sizes("*").filter((size) => size > 0),
    free: document.querySelector("[data-part=transport]").getBoundingClientRect().top - Math.max(
      ...[...document.querySelectorAll(".legend, .multiples button, .map-count, [data-part=result] *")]
        .filter((element) => element.checkVisibility())
        .map((element) => Math.min(element.getBoundingClientRect().bottom,
          element.closest(".multiples")?.getBoundingClientRect().bottom ?? Infinity))),
  };
}"""
RGB = "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&at=10,10&beat=write"
FIVE_RGB = "image=coffee&channels=rgb&layers=conv:random*6@5x5,groups=1&at=10,10&beat=write"
FIVE = "layers=conv:random*1@5x5&at=4,9&beat=write"
# Scenes of the lectures, one of each kind; those whose figure has two maps of one channel are marked.
SCENES = {
    "a picture of numbers": ("image=face&layers=&stage=0", False),
    "a photo through sobel": ("image=chelsea&layers=conv:sobel-x&beat=write", True),
    "blur with a divisor": ("image=chelsea&size=64&layers=conv:box-blur", True),
    "a turned filter": ("image=impulse&layers=conv:emboss,flip=1", True),
    "numbers by hand": (
        "image=(1,1,1,0,0;0,1,1,1,0;0,0,1,1,1;0,0,1,1,0;0,1,1,0,0)&layers=conv:(1,0,1;0,1,0;1,0,1)&at=0,0",
        True,
    ),
    "a 5 × 5 filter on three channels": ("image=coffee&channels=rgb&layers=conv:random*6@5x5,groups=1,seed=1", True),
    "a 7 × 7 filter": ("image=circle&layers=conv:random*1@7x7&at=5,5&beat=write", True),
    "64 channels and 32 maps": (
        "image=coffee&channels=rgb&size=56&layers=conv:random*64@1x1,groups=1~conv:random*32@1x1,groups=1&stage=2",
        True,
    ),
    "ReLU": ("image=face&layers=conv:sobel-x~relu&stage=2", True),
    "a pool": ("image=chelsea&layers=conv:sobel-x~relu~maxpool:2&stage=3", True),
    "one value for each channel": ("image=coffee&channels=rgb&layers=globalavgpool", True),
    "a line": ("image=(3,1,4,1,5,9)&layers=conv:(1,-1),stride=2,bias=1&beat=write", True),
    "a convolution within a network": ("image=digit-3&size=28&layers=model:lenet5&stage=5&beat=write", True),
    "a picture as a vector": ("image=cat&channels=rgb&layers=model:linear10&stage=2", True),
    "a sum of 3,072 products": ("image=cat&channels=rgb&layers=model:linear10&stage=3", False),
    "softmax": ("image=cat&channels=rgb&layers=model:cifar10&stage=13", False),
}


@pytest.fixture
def hall(devices: Devices) -> Lab:
    """A Lab that notes what it draws."""
    lab = devices.lab(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    lab.page.add_init_script(RECORD_CANVASES)
    return lab


def sizes_of(lab: Lab, query: str, screen: tuple[int, int] = (1280, 720)) -> dict[str, Any]:
    lab.page.set_viewport_size({"width": screen[0], "height": screen[1]})
    found: dict[str, Any] = open_presenting(lab, query).page.evaluate(SIZES)
    return found


@pytest.mark.parametrize(
    ("screen", "one", "rgb", "five"),
    [
        ((1280, 720), 480, 480, 480),
        ((1440, 900), 530, 530, 530),
        ((1920, 1080), 730, 720, 730),
        ((1024, 768), 350, 350, 345),
    ],
    ids=["1280 × 720", "1440 × 900", "1920 × 1080", "4:3"],
)
def test_maps_fill_the_screen_and_texts_are_readable_from_the_last_row(
    hall: Lab, screen: tuple[int, int], one: int, rgb: int, five: int
) -> None:
    for query, least in [("at=16,20&beat=write", one), (RGB, rgb), (FIVE, five), (FIVE_RGB, min(rgb, five))]:
        found = sizes_of(hall, query, screen)
        assert found["map"] >= least, f"{query}: {found}"
        assert min(found["captions"]) >= screen[1] / 30, f"{query}: at 720 pixels 24: {found}"
        assert min(found["digits"]) >= screen[1] / 40, f"{query}: at 720 pixels 18: {found}"
        assert found["sum"] >= screen[1] / 10 - 1, f"{query}: at 720 pixels 72: {found}"
        assert min(found["all"]) >= 12, query
        assert found["free"] >= 0, f"{query}: the controls cover nothing"
        assert find_overlaps(hall.page) == [], query


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_of_the_lectures_is_whole_on_the_screen_with_large_maps(hall: Lab, name: str) -> None:
    query, has_large_map = SCENES[name]
    found = sizes_of(hall, query)
    assert find_overlaps(hall.page) == []
    assert min(found["all"]) >= 12
    assert found["free"] >= 0, "the controls cover nothing"
    if has_large_map:
        assert found["map"] >= 400


def test_a_dark_screen_shows_the_same_sizes(hall: Lab) -> None:
    assert sizes_of(hall, f"{RGB}&theme=dark")["map"] >= 480
    assert find_overlaps(hall.page) == []
    assert hall.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


# --- the stages in one line --------------------------------------------------------------------------------------


def test_one_line_names_the_stages_marks_the_current_one_and_leads_to_the_others(hall: Lab) -> None:
    open_presenting(hall, "stage=1")
    trail = hall.part("trail")
    assert trail.get_by_role("button").all_inner_texts() == ["Input", "Convolution", "ReLU", "Max pool 2 × 2"]
    expect(trail.locator("[aria-current=step]")).to_have_text("Convolution")
    trail.get_by_role("button", name="ReLU").click()
    expect(trail.locator("[aria-current=step]")).to_have_text("ReLU")
    hall.says("stage=2")
    before = hall.text("beats")
    hall.page.keyboard.press("Space")
    hall.until("document.querySelector('[data-part=trail] [aria-current]').textContent === 'ReLU'")
    assert hall.text("beats") == before, "Space goes on in the figure, and presses no button"
    hall.page.keyboard.press("]")
    expect(trail.locator("[aria-current=step]")).to_have_text("Max pool 2 × 2")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (390, 844)])
def test_14_stages_of_a_network_stand_in_one_line_with_the_answer_at_its_end(
    devices: Devices, width: int, height: int
) -> None:
    lab = devices.lab(viewport={"width": width, "height": height}, reduced_motion="reduce")
    open_presenting(lab, "image=cat&channels=rgb&layers=model:cifar10&stage=5")
    trail, answer = lab.part("trail"), lab.part("present-answer")
    shown = [button for button in trail.locator("li button").all() if button.is_visible()]
    boxes = [button.bounding_box() for button in [*shown, answer]]
    right = [box["x"] + box["width"] for box in boxes if box]
    assert len({round(box["y"] + box["height"] / 2) for box in boxes if box}) == 1, "one line"
    assert right == sorted(right)
    assert right[-1] <= width
    assert shown[0].inner_text() == "Input"
    current = trail.locator("[aria-current=step]")
    expect(current).to_be_in_viewport(ratio=1)
    assert trail.evaluate("({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth")
    expect(answer).to_contain_text("cat 94 %")
    answer.click()
    expect(current).to_have_text("Softmax")


def test_a_link_that_hides_the_stages_hides_them_while_presenting_too(hall: Lab) -> None:
    open_presenting(hall, "hide=strip")
    expect(hall.part("trail")).to_be_hidden()
    hall.page.keyboard.press("Escape")
    hall.until("!document.querySelector('[data-part=trail]')")


# --- scores ------------------------------------------------------------------------------------------------------


def test_the_scores_of_a_network_are_bars_in_percent_that_begin_with_the_winner(hall: Lab) -> None:
    hall.open("image=cat&channels=rgb&layers=model:cifar10&stage=13")
    rows = hall.part("output-multiples").get_by_role("button")
    in_the_lab = [text.split("\n")[0] for text in rows.all_inner_texts()]
    hall.page.keyboard.press("p")
    wait_for_presenting(hall)
    hall.until("document.querySelector('[data-part=output-multiples] button').textContent.startsWith('cat')")
    texts = [text.split("\n") for text in rows.all_inner_texts()]
    assert [text[0] for text in texts[:3]] == ["cat", "dog", "frog"]
    assert sorted(text[0] for text in texts) == sorted(in_the_lab)
    assert all(text[-1].endswith("%") for text in texts)
    widths = [row.locator("i").bounding_box() or {"width": 0} for row in rows.all()]
    assert [box["width"] for box in widths] == sorted((box["width"] for box in widths), reverse=True)
    for row in rows.all():
        expect(row).to_be_in_viewport(ratio=1)
        assert float(row.locator("span").first.evaluate("(name) => parseFloat(getComputedStyle(name).fontSize)")) >= 24
    expect(rows.first).to_have_attribute("aria-pressed", "true")
    rows.nth(1).click()
    hall.says(json.dumps(5))
