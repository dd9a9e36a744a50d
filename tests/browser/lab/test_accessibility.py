"""Accessibility: axe in light and dark on two screens, layout, themes, reduced motion, the help, the phone sheet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

DESKTOP = {"viewport": {"width": 1280, "height": 720}}
FIGURES = [
    "",
    "image=cat&channels=rgb&layers=model:cifar10",
    pytest.param("image=cat&channels=rgb&layers=model:cifar10&stage=5", marks=pytest.mark.long),
    pytest.param("channels=rgb&layers=conv:edges;sobel-x,groups=1~maxpool:2&tab=neuron", marks=pytest.mark.long),
    pytest.param("image=(1,2,3;4,5,6)&layers=avgpool:2&tab=matrix", marks=pytest.mark.long),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("query", FIGURES)
def test_axe_finds_nothing_on_a_desktop(devices: Devices, scheme: str, query: str) -> None:
    lab = devices.lab(**DESKTOP, color_scheme=scheme).open(query)
    assert faults(lab.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_phone_with_the_sheet_open_or_closed(devices: Devices, scheme: str) -> None:
    lab = devices.phone(color_scheme=scheme).open()
    assert faults(lab.page) == []
    lab.button("Settings").click()
    lab.button("Edit").click()
    assert faults(lab.page) == []


def test_axe_finds_nothing_in_the_dialogs(devices: Devices) -> None:
    lab = devices.lab(**DESKTOP, color_scheme="dark").open()
    for name in ("Help", "All filters", "+ layer", "Crop…"):
        if name == "Crop…":
            lab.settings("image")
        lab.button(name).click()
        expect(lab.page.locator("dialog[open]")).to_be_visible()
        assert faults(lab.page) == [], name
        lab.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    "query", ["", "channels=rgb&layers=conv:edges;sobel-x,groups=1~relu", "layers=maxpool:2&stage=1", "stage=0"]
)
def test_the_whole_figure_fits_1280_by_640_without_scrolling(devices: Devices, query: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 640}).open(query)
    assert lab.page.evaluate(OVERFLOW) == [0, 0]
    for name in ("strip", "figure", "transport", "output-maps", "result", "beats"):
        if query == "stage=0" and name in ("result", "beats"):
            continue
        box = lab.part(name).bounding_box()
        assert box, name
        assert box["x"] >= 0, name
        assert box["x"] + box["width"] <= 1281, name
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= 641, name


@pytest.mark.parametrize(
    "query", ["", "channels=rgb&layers=conv:edges;sobel-x;sobel-y,groups=1", "image=face&layers=conv:(1,2;3,4)"]
)
def test_a_phone_of_360_pixels_scrolls_only_vertically_with_the_transport_at_the_bottom(
    devices: Devices, query: str
) -> None:
    lab = devices.phone().open(query)
    assert lab.page.evaluate(OVERFLOW)[0] == 0
    maps = [lab.map(name) for name in ("input", "output")]
    assert maps[0]["x"] + maps[0]["width"] <= maps[1]["x"] + 1, "side by side"
    assert maps[1]["x"] + maps[1]["width"] <= 361
    box = lab.part("transport").bounding_box()
    assert box
    assert 740 - 260 < box["y"] + box["height"] <= 741
    for button in lab.part("transport").locator("button.step:visible, button.play:visible").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 40


OVERFLOW = """() => [
  Math.max(0, document.scrollingElement.scrollWidth - innerWidth),
  Math.max(0, document.scrollingElement.scrollHeight - innerHeight),
]"""


def test_the_sheet_on_a_phone_controls_the_figure_and_leaves_it_visible(devices: Devices) -> None:
    lab = devices.phone().open()
    side = lab.part("side")
    expect(side).to_be_hidden()
    lab.button("Settings").tap()
    expect(side).to_be_visible()
    box = side.bounding_box()
    assert box
    assert box["y"] > 300
    assert lab.map("output")["y"] + 40 < box["y"]
    lab.button("Stride: more").tap()
    lab.says("stride=2")
    expect(side).to_be_visible()
    lab.button("Settings").tap()
    expect(side).to_be_hidden()


def test_phone_keyboards_offer_minus_point_and_fraction(devices: Devices) -> None:
    lab = devices.phone().open("image=(1,2;3,4)&layers=conv:(1,2;3,4)")
    lab.button("Settings").tap()
    lab.button("Edit").tap()
    cell = lab.key("filter-0-0-0")
    cell.tap()
    editor = lab.part("editor")
    editor.get_by_role("button", name="Minus").tap()
    lab.says("conv:(-1,2;3,4)")
    editor.get_by_role("button", name="Fraction bar").tap()
    cell.press_sequentially("3")
    lab.says("conv:(-1/3,2;3,4)")
    expect(cell).to_be_focused()


def test_the_theme_button_cycles_and_the_theme_is_kept_in_the_link(lab: Lab) -> None:
    lab.open()
    background = "() => getComputedStyle(document.body).backgroundColor"
    seen = [lab.page.evaluate(background)]
    for theme in ("light", "dark", "projector"):
        lab.part("theme").click()
        lab.says(f"theme={theme}")
        expect(lab.part("theme")).to_have_attribute("aria-label", f"Theme: {theme}")
        seen.append(lab.page.evaluate(background))
    assert seen[0] == seen[1] != seen[2]
    lab.part("theme").click()
    lab.drops("theme")


def test_the_dark_system_theme_is_used_and_the_zero_of_maps_is_dark_in_it(devices: Devices) -> None:
    query = "image=(0,0,9,0,0)&layers=conv:(1,0,-1)"
    light, dark = (devices.lab(color_scheme=scheme).open(query) for scheme in ("light", "dark"))
    paper = [one.page.evaluate("getComputedStyle(document.body).backgroundColor") for one in (light, dark)]
    assert paper[0] != paper[1]
    on_white = {(0xB2, 0x18, 0x2B), (0xF7, 0xF7, 0xF7), (0x21, 0x66, 0xAC)}
    assert on_white <= set(light.cells("output"))
    assert {(0xF2, 0x71, 0x6B), (0x2A, 0x2F, 0x34), (0x5A, 0xA9, 0xF5)} <= set(dark.cells("output"))
    dark.page.emulate_media(color_scheme="light")
    dark.eventually(lambda: on_white <= set(dark.cells("output")))


def test_reduced_motion_shows_every_step_without_animations(devices: Devices) -> None:
    lab = devices.lab(**DESKTOP, reduced_motion="reduce")
    lab.page.clock.install(time=0)
    lab.open("at=0,0&beat=window&mode=step")
    moving = "() => document.getAnimations().filter((one) => one.playState === 'running').length"
    assert lab.page.evaluate(moving) == 0
    lab.page.clock.pause_at(60_000)
    lab.button("Play").click()
    lab.page.clock.run_for(3000)
    expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("write")


def test_the_help_lists_the_keys_and_returns_the_focus(lab: Lab) -> None:
    lab.open()
    lab.button("Help").click()
    dialog = lab.page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_visible()
    for key in ("Space", "←", "Home", "?"):
        assert key in dialog.locator("kbd").all_inner_texts()
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    expect(lab.part("help")).to_be_focused()


HELP_LINES = """(dialog) => [...dialog.querySelectorAll("p, dd")].map((line) => {
  const range = document.createRange();
  range.selectNodeContents(line);
  const rows = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
  return line.textContent.length / rows.size;
})"""


@pytest.mark.parametrize("path", ["/", "/filters"])
def test_the_help_is_in_short_groups_with_lines_of_at_most_60_characters(lab: Lab, path: str) -> None:
    lab.page.goto(lab.url + path)
    lab.until("document.querySelector('.maps.live, [data-part=tiles] canvas')")
    lab.button("Help").click()
    dialog = lab.page.get_by_role("dialog", name="Help")
    expect(dialog).to_be_visible()
    titles = dialog.locator("h3").all_inner_texts()
    assert titles == (["Look", "Play", "Change", "Show"] if path == "/" else ["Look", "Change", "Play"])
    assert max(dialog.evaluate(HELP_LINES)) <= 66
    assert dialog.evaluate("(dialog) => dialog.scrollWidth <= dialog.clientWidth")
    assert faults(lab.page) == []


def test_on_a_touch_screen_sentences_say_tap_and_name_no_keys(devices: Devices) -> None:
    lab = devices.phone().open()
    expect(lab.part("says")).to_have_text("▶ plays. Tap a cell to see where its number comes from.")
    lab.part("output-maps").tap()
    expect(lab.part("says")).to_have_text(re.compile("Tap|tap"))
    lab.part("help").dispatch_event("click")
    dialog = lab.page.get_by_role("dialog", name="Help")
    expect(dialog).to_contain_text("Tap a cell")
    expect(dialog.locator("kbd, input")).to_have_count(0)
    assert not re.search(r"Space|Point|Click|Escape|keys", dialog.inner_text())
    dialog.get_by_role("button", name="Close").click()
    lab.part("present").dispatch_event("click")
    expect(lab.part("blank")).to_have_text("Black")
    expect(lab.part("leave")).to_have_text("Leave")


def test_every_entry_of_the_display_menu_is_explained(lab: Lab) -> None:
    lab.open()
    lab.button("Display").click()
    for row in lab.part("display").locator(".row").all():
        explained = row.evaluate("(row) => row.nextElementSibling?.matches('p') && row.nextElementSibling.textContent")
        assert explained, row.inner_text()
        assert len(explained.split()) > 4, explained
    assert faults(lab.page) == []


def test_the_whole_figure_can_be_used_by_keyboard_alone(lab: Lab) -> None:
    lab.open()
    lab.page.keyboard.press("Tab")
    expect(lab.page.locator(".skip")).to_be_focused()
    reached = set()
    for _ in range(130):
        lab.page.keyboard.press("Tab")
        reached.update(lab.page.evaluate("Object.values(document.activeElement.dataset)"))
        if "scrub" in reached:
            break
    wanted = {
        "help",
        "share",
        "layer",
        "all-filters",
        "stride",
        "padding",
        "bias",
        "add-layer",
        "output-maps",
        "play",
        "scrub",
    }
    assert wanted <= reached
    lab.part("add-layer").focus()
    lab.page.keyboard.press("Enter")
    lab.page.locator("dialog [data-op=tanh]").focus()
    lab.page.keyboard.press("Enter")
    lab.says("~tanh")


def test_headings_landmarks_and_names_exist_for_screen_readers(lab: Lab) -> None:
    lab.open()
    for role, name in [
        ("heading", "Convoscope"),
        ("complementary", "Settings"),
        ("region", "Figure"),
        ("region", "Arithmetic of this step"),
        ("list", "Stages"),
        ("region", "Play"),
        ("slider", "Position"),
    ]:
        assert lab.page.get_by_role(role, name=name, exact=True).count() == 1, (role, name)  # type: ignore[arg-type]
    assert lab.page.get_by_role("main").count() == 1
    assert lab.part("scrub").get_attribute("aria-valuetext") == lab.position()
    assert re.match(r"polite", lab.part("live").get_attribute("aria-live") or "")
