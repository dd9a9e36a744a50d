"""Phones, upright and on their side, and zoomed pages: the sheet of settings, the bar, the views, the width."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults
from tests.browser.overlap import RECORD_CANVASES, find_overlaps

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}
ON_ITS_SIDE = {**PHONE, "viewport": {"width": 844, "height": 390}}
SMALL = """() => [...document.querySelectorAll("button, a, select, input")]
  .filter((one) => one.checkVisibility() && !one.closest(".maps, .skip, .unseen, .loupe, [inert]"))
  .map((one) => [one.dataset.part || one.textContent, one.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && Math.min(width, height) < 43.5)
  .map(([name, { width, height }]) => `${name}: ${Math.round(width)} × ${Math.round(height)}`)"""
SIDEWAYS = """() => [document.scrollingElement, document.querySelector(".main")]
  .map((one) => Math.max(0, one.scrollWidth - one.clientWidth))"""


def settle(lab: Lab) -> None:
    """Wait until nothing moves."""
    lab.until("document.getAnimations().every((one) => one.playState !== 'running')")


def sheet_height(lab: Lab) -> float:
    """The part of the screen that the sheet of settings covers."""
    settle(lab)
    found: float = lab.part("side").evaluate("(side) => side.offsetHeight / innerHeight")
    return found


def drag(lab: Lab, by: float) -> None:
    """Drag the handle of the sheet down by pixels."""
    box = lab.part("sheet-handle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    for part in range(1, 9):
        lab.page.mouse.move(x, y + by * part / 8)
    lab.page.mouse.up()


def opened(devices: Devices, **device: Any) -> Lab:
    """A phone whose settings are open."""
    lab = devices.lab(**device).open()
    lab.button("Settings").tap()
    expect(lab.part("side")).to_be_visible()
    return lab


def test_the_sheet_has_three_heights_and_both_tabs(devices: Devices) -> None:
    lab = opened(devices, **PHONE)
    assert sheet_height(lab) == pytest.approx(0.52, abs=0.02)
    drag(lab, -250)
    assert sheet_height(lab) > 0.8
    drag(lab, 500)
    assert sheet_height(lab) == pytest.approx(0.3, abs=0.02)
    lab.part("sheet-handle").focus()
    lab.page.keyboard.press("ArrowUp")
    assert sheet_height(lab) == pytest.approx(0.52, abs=0.02)
    lab.page.get_by_role("tab", name="Image").tap()
    expect(lab.part("samples")).to_be_visible()
    lab.page.get_by_role("tab", name="Layer").tap()
    expect(lab.button("Stride: more")).to_be_visible()


@pytest.mark.parametrize("way", ["cross", "beside", "swipe", "Escape", "button"])
def test_the_sheet_closes_by_its_cross_a_tap_beside_it_a_swipe_down_and_escape(devices: Devices, way: str) -> None:
    lab = opened(devices, **PHONE)
    settle(lab)
    if way == "cross":
        lab.part("close-sheet").tap()
    elif way == "beside":
        lab.page.touchscreen.tap(195, 130)
    elif way == "swipe":
        drag(lab, 420)
    elif way == "Escape":
        lab.page.keyboard.press("Escape")
    else:
        lab.button("Settings").tap()
    expect(lab.part("side")).to_be_hidden()
    expect(lab.button("Settings")).to_have_attribute("aria-expanded", "false")


def test_a_tap_on_a_link_beside_the_sheet_closes_it_and_stays_on_the_page(devices: Devices) -> None:
    lab = opened(devices, **PHONE)
    settle(lab)
    here, link = lab.page.url, lab.part("start").get_by_role("link", name="Start here")
    link.tap()
    expect(lab.part("side")).to_be_hidden()
    assert lab.page.url == here
    link.tap()
    lab.page.wait_for_url("**/lessons/picture-numbers")


def test_play_stays_in_sight_above_the_open_sheet(devices: Devices) -> None:
    lab = opened(devices, **PHONE)
    settle(lab)
    side, play = lab.part("side").bounding_box(), lab.part("play").bounding_box()
    assert side is not None
    assert play is not None
    assert play["y"] > 0
    assert play["y"] + play["height"] <= side["y"]
    lab.part("play").tap()
    expect(lab.button("Pause")).to_be_visible()


def test_a_tap_on_a_filter_under_the_figure_uses_it_without_opening_anything(devices: Devices) -> None:
    lab = devices.lab(**PHONE).open("image=face")
    strip = lab.part("filter-strip")
    strip.get_by_role("button", name="Sharpen").tap()
    lab.says("conv:sharpen")
    expect(strip.locator("[aria-pressed=true]")).to_have_text("Sharpen")
    expect(lab.part("side")).to_be_hidden()
    lab.stage("Input")
    expect(strip).to_be_hidden()


@pytest.mark.parametrize("query", ["", "image=coffee&channels=rgb&layers=conv:random*4@3x3~relu"])
def test_the_bar_covers_nothing_at_the_end_of_the_page(devices: Devices, query: str) -> None:
    lab = devices.lab(**PHONE).open(query)
    lab.part("main").evaluate("(main) => main.scrollTo(0, main.scrollHeight)")
    last, bar = lab.part("filter-strip").bounding_box(), lab.part("transport").bounding_box()
    assert last is not None
    assert bar is not None
    assert last["y"] + last["height"] <= bar["y"]
    assert bar["y"] + bar["height"] == pytest.approx(844, abs=1)


@pytest.mark.parametrize("tab", ["Equation", "Neuron", "Matrix", "Code"])
def test_every_view_opens_and_closes_on_an_upright_phone(devices: Devices, tab: str) -> None:
    lab = devices.lab(**PHONE).open()
    lab.part("tabs").get_by_role("button", name=tab).tap()
    expect(lab.part("panel")).to_be_visible()
    panel = lab.part("panel").bounding_box()
    assert panel is not None
    assert panel["height"] <= 0.46 * 844
    lab.part("tabs").get_by_role("button", name="Equation").tap()
    lab.button("Close this view").click() if tab != "Equation" else None
    expect(lab.part("panel")).to_be_hidden()


@pytest.mark.parametrize("tab", ["Matrix", "Code"])
def test_on_its_side_views_and_pace_are_in_the_menu_of_the_bar(devices: Devices, tab: str) -> None:
    lab = devices.lab(**ON_ITS_SIDE).open()
    expect(lab.part("tabs")).to_be_hidden()
    lab.button("Tempo, pace and other views").tap()
    lab.part("modes").get_by_role("button", name="Row").tap()
    lab.says("mode=row")
    before = lab.map("input")
    lab.part("tabs").get_by_role("button", name=tab).tap()
    expect(lab.part("panel")).to_be_visible()
    expect(lab.part("modes")).to_be_hidden()
    after = lab.map("input")
    assert (after["width"], after["height"]) == pytest.approx((before["width"], before["height"]), abs=0.5)
    lab.page.keyboard.press("Escape")
    expect(lab.part("panel")).to_be_hidden()


@pytest.mark.parametrize("size", [(844, 390), (720, 450), (667, 375), (932, 430)])
@pytest.mark.parametrize(
    "query",
    ["", "layers=conv:sobel-x~relu~maxpool:2&stage=3", "image=coffee&channels=rgb&layers=conv:random*1@3x3&at=9,9"],
)
def test_a_low_screen_shows_input_arithmetic_and_output_in_one_row_above_the_bar(
    devices: Devices, size: tuple[int, int], query: str
) -> None:
    lab = devices.lab(**{**ON_ITS_SIDE, "viewport": {"width": size[0], "height": size[1]}}).open(query)
    parts = [lab.part(name).bounding_box() for name in ("input-box", "sums", "output-box")]
    bar = lab.part("transport").bounding_box()
    assert bar is not None
    assert bar["height"] <= 48
    left = 0.0
    for part in parts:
        assert part is not None
        assert part["x"] >= left - 1
        assert part["y"] + part["height"] <= bar["y"] + 1
        left = part["x"] + part["width"]
    assert left <= size[0]
    assert lab.map("input")["height"] >= 0.4 * size[1]
    assert lab.page.evaluate(SIDEWAYS) == [0, 0]


@pytest.mark.parametrize("size", [(320, 640), (360, 225), (320, 256), (390, 844), (844, 390), (720, 450)])
@pytest.mark.parametrize("query", ["", "image=coffee&channels=rgb&layers=conv:random*4@3x3~relu&tab=neuron"])
def test_no_small_or_zoomed_page_scrolls_sideways(devices: Devices, size: tuple[int, int], query: str) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(query)
    assert lab.rest().page.evaluate(SIDEWAYS) == [0, 0]
    bar = lab.part("transport").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= size[1] + 1
    play = lab.part("play").bounding_box()
    assert play is not None
    assert 0 <= play["x"] <= size[0] - play["width"]


@pytest.mark.parametrize("device", [PHONE, ON_ITS_SIDE])
def test_everything_to_tap_has_44_pixels(devices: Devices, device: dict[str, Any]) -> None:
    lab = devices.lab(**device).open()
    assert lab.page.evaluate(SMALL) == []
    lab.button("More pages and settings").tap()
    assert lab.page.evaluate(SMALL) == []
    lab.button("More pages and settings").tap()
    lab.button("Tempo, pace and other views").tap()
    assert lab.page.evaluate(SMALL) == []


@pytest.mark.parametrize("device", [PHONE, ON_ITS_SIDE])
@pytest.mark.parametrize(
    "query",
    [
        "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&beat=write",
        "image=cat&channels=rgb&layers=model:cifar10&stage=2",
        "image=cat&channels=rgb&layers=model:cifar10&stage=13",
        "layers=conv:sobel-q",
    ],
)
def test_channels_maps_classes_layers_and_messages_have_44_pixels(
    devices: Devices, device: dict[str, Any], query: str
) -> None:
    lab = devices.lab(**device).open(query)
    assert lab.rest().page.evaluate(SMALL) == []
    assert lab.page.evaluate(SIDEWAYS) == [0, 0]


ZOOMED = {"viewport": {"width": 640, "height": 360}}
BLANK = "() => document.querySelectorAll('.terms td[data-short=\"\"], .terms table.blank').length"


@pytest.mark.parametrize(
    "query", ["", "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&at=10,10&beat=write"]
)
def test_at_200_percent_zoom_the_arithmetic_has_all_its_digits(devices: Devices, query: str) -> None:
    lab = devices.lab(**ZOOMED).open(query)
    assert lab.rest().page.evaluate(BLANK) == 0


@pytest.mark.parametrize("size", [(640, 360), (844, 390), (320, 568)])
def test_the_numbers_of_all_classes_can_be_read_on_a_small_screen(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    lab.page.add_init_script(RECORD_CANVASES)
    lab.open("image=cat&channels=rgb&layers=model:cifar10&stage=13")
    for name in ("input-multiples", "output-multiples"):
        assert lab.part(name).evaluate("(list) => list.scrollWidth <= list.clientWidth")
    assert find_overlaps(lab.page) == []


def test_the_menu_of_the_header_has_the_pages_theme_display_and_help(devices: Devices) -> None:
    lab = devices.lab(**PHONE).open()
    expect(lab.part("theme")).to_be_hidden()
    lab.button("More pages and settings").tap()
    expect(lab.page.get_by_role("link", name="Examples")).to_be_visible()
    lab.part("theme").tap()
    lab.says("theme=light")
    expect(lab.part("theme")).to_be_hidden()
    expect(lab.page.get_by_role("link", name="Convoscope")).to_have_attribute("href", "./")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_sheet_and_the_menus(devices: Devices, scheme: str) -> None:
    lab = opened(devices, **PHONE, color_scheme=scheme)
    settle(lab)
    assert faults(lab.page) == []
    lab.part("close-sheet").tap()
    lab.button("Tempo, pace and other views").tap()
    assert faults(lab.page) == []


@pytest.mark.parametrize("device", [PHONE, ON_ITS_SIDE])
def test_nothing_lies_over_anything_on_a_phone(devices: Devices, device: dict[str, Any]) -> None:
    lab = devices.lab(**device)
    lab.page.add_init_script(RECORD_CANVASES)
    for query in ("", "layers=conv:sobel-x~relu~maxpool:2&stage=3", "stage=0"):
        lab.open(query)
        assert find_overlaps(lab.page) == [], query


def test_reduced_motion_moves_neither_sheet_nor_figure(devices: Devices) -> None:
    lab = opened(devices, **PHONE, reduced_motion="reduce")
    lab.part("sheet-handle").focus()
    lab.page.keyboard.press("ArrowUp")
    assert lab.page.evaluate("document.getAnimations().filter((one) => one.playState === 'running').length") == 0
