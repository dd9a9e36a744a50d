"""The frame of the page: header, rail, bar, views as a sheet, messages. Nothing of it moves the figure or covers it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

SIZES = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080)]
BOXES = """(names) => Object.fromEntries(names.map((name) => {
  const { left, top, right, bottom } = document.querySelector(`[data-part="${name}"]`).getBoundingClientRect();
  return [name, [left, top, right, bottom]];
}))"""
CUT_OFF = """(root) => [...document.querySelectorAll(`${root} :is(button, span, b, label)`)]
  .filter((one) => one.checkVisibility() && !one.closest(".unseen") && one.scrollWidth > one.clientWidth + 1
    && getComputedStyle(one).overflowX !== "visible" && one.clientWidth > 1)
  .map((one) => one.textContent)"""
SMALLEST_TEXT = """(root) => Math.min(...[...document.querySelectorAll(`${root} *`)]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


def boxes(lab: Lab, *names: str) -> dict[str, list[float]]:
    """Left, top, right and bottom of parts, in pixels of the window."""
    found: dict[str, list[float]] = lab.rest().page.evaluate(BOXES, list(names))
    return found


def maps(lab: Lab) -> dict[str, list[float]]:
    """Where both maps are."""
    return boxes(lab, "input-maps", "output-maps")


@pytest.mark.parametrize("size", SIZES)
def test_the_header_is_one_line_of_48_pixels_with_the_stages_in_it(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open()
    header = lab.page.locator("header.top")
    box = header.bounding_box()
    assert box is not None
    assert box["height"] <= 49
    for part in header.locator(":scope > *, .header-menu > *, nav a").all():
        one = part.bounding_box()
        if one:
            assert one["x"] >= 0
            assert one["x"] + one["width"] <= size[0]
            assert one["y"] + one["height"] <= 49
    expect(header.get_by_role("list", name="Stages")).to_be_visible()
    expect(header.get_by_role("link", name="Examples")).to_be_visible()
    expect(header.get_by_role("link", name="Filters")).to_be_visible()
    for name in ("Theme: auto", "Display", "Help", "Share"):
        expect(header.get_by_role("button", name=name, exact=True)).to_be_visible()


def test_the_other_pages_have_the_same_header_without_stages_and_with_a_way_to_the_lab(lab: Lab) -> None:
    for path in ("/filters", "/examples"):
        lab.page.goto(f"{lab.url}{path}")
        header = lab.page.locator("header.top")
        expect(header.get_by_role("list", name="Stages")).to_have_count(0)
        expect(header.get_by_role("link", name="Lab", exact=True)).to_be_visible()
        expect(header.locator("[aria-current=page]")).to_be_visible()


def test_a_stage_of_the_strip_opens_its_tab_and_the_chosen_tab_stays(lab: Lab) -> None:
    lab.open()
    image, layer = lab.page.locator("#rail-image"), lab.page.locator("#rail-layer")
    expect(layer).to_be_visible()
    lab.page.get_by_role("tab", name="Image").click()
    expect(image).to_be_visible()
    expect(layer).to_be_hidden()
    lab.page.keyboard.press("]")
    expect(lab.part("strip").locator("[aria-current]")).to_contain_text("ReLU")
    expect(image).to_be_visible()
    lab.stage("Convolution")
    expect(layer).to_be_visible()
    lab.stage("Input")
    expect(image).to_be_visible()
    expect(lab.page.get_by_role("tab", name="Image")).to_have_attribute("aria-selected", "true")


def test_the_tabs_of_the_rail_are_operated_by_arrow_keys(lab: Lab) -> None:
    lab.open()
    layer, image = (lab.page.get_by_role("tab", name=name) for name in ("Layer", "Image"))
    layer.focus()
    lab.page.keyboard.press("Tab")
    lab.page.keyboard.press("Shift+Tab")
    expect(layer).to_be_focused()
    lab.page.keyboard.press("ArrowLeft")
    expect(image).to_be_focused()
    expect(lab.page.locator("#rail-image")).to_be_visible()
    lab.page.keyboard.press("End")
    expect(layer).to_be_focused()
    expect(lab.page.locator("#rail-layer")).to_be_visible()


def test_the_rail_folds_by_button_and_by_the_physical_key_and_stays_folded(lab: Lab) -> None:
    lab.open()
    before = maps(lab)["input-maps"]
    lab.button("Fold the settings away").click()
    lab.until("document.querySelector('[data-part=side]').offsetWidth < 40")
    width = before[2] - before[0]
    lab.eventually(lambda: (after := maps(lab)["input-maps"])[2] - after[0] > width)  # the figure takes the width
    assert "rail" not in lab.link
    lab.page.reload()
    lab.ready()
    assert boxes(lab, "side")["side"][2] < 40
    # A Cyrillic layout writes another character with this key.
    lab.page.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'Backslash', key: 'ё', bubbles: true }))"
    )
    lab.until("document.querySelector('[data-part=side]').offsetWidth > 200")
    lab.page.keyboard.press("Backslash")
    lab.button("Open the settings").click()
    assert boxes(lab, "side")["side"][2] > 200


def test_folded_settings_are_folded_before_any_module_has_run_and_a_phone_has_them_all_the_same(
    devices: Devices,
) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}).open()
    lab.button("Fold the settings away").click()
    lab.page.set_viewport_size({"width": 390, "height": 844})
    lab.page.get_by_role("button", name="Settings", exact=True).click()
    expect(lab.page.locator("#rail-layer")).to_be_visible()
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.page.route("**/*.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    lab.page.reload(wait_until="domcontentloaded")
    assert lab.page.locator("[data-part=side]").evaluate("(side) => side.offsetWidth") < 40


@pytest.mark.complains("422")
def test_a_wrong_value_opens_the_tab_that_has_its_control(lab: Lab) -> None:
    lab.open("image=face")
    lab.key("kernel_size").fill("15")
    lab.page.get_by_role("tab", name="Image").click()
    expect(lab.page.locator("#rail-layer [aria-invalid=true]")).to_be_visible()


@pytest.mark.parametrize(
    ("hide", "shown", "hidden"),
    [("image", "#rail-layer", "#rail-image"), ("inspector", "#rail-image", "#rail-layer")],
)
def test_without_one_of_the_tabs_the_rail_shows_the_other(lab: Lab, hide: str, shown: str, hidden: str) -> None:
    lab.open(f"hide={hide}")
    expect(lab.page.locator(shown)).to_be_visible()
    expect(lab.page.locator(hidden)).to_be_hidden()
    expect(lab.part("rail-tabs")).to_be_hidden()


@pytest.mark.parametrize("tab", ["image", "layer"])
def test_no_name_in_the_rail_is_cut_off_or_smaller_than_12_pixels(lab: Lab, tab: str) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:sharpen~relu").settings(tab)
    assert lab.page.evaluate(CUT_OFF, ".side") == []
    assert lab.page.evaluate(SMALLEST_TEXT, ".side") >= 12
    box = lab.part("side").evaluate("(side) => side.scrollWidth - side.clientWidth")
    assert box <= 0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("query", ["", "image=coffee&channels=rgb&layers=conv:random*4@3x3&size=256"])
def test_the_bar_is_one_line_of_56_pixels_and_holds_all_controls(
    devices: Devices, size: tuple[int, int], query: str
) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]}).open(query)
    names = ("transport", "first", "play", "last", "beats", "scrub", "count", "tempo", "modes", "present")
    found = boxes(lab, *names)
    left, top, right, bottom = found["transport"]
    assert 55 <= bottom - top <= 58
    for name in names:
        assert found[name][0] >= left, name
        assert found[name][2] <= right, name
        assert found[name][1] >= top, name
        assert found[name][3] <= bottom, name
    assert bottom <= size[1]
    expect(lab.part("transport")).to_contain_text("Play by")
    expect(lab.part("explain")).to_contain_text("Explain as")


def test_the_position_has_separators_of_thousands(lab: Lab) -> None:
    lab.open("size=256&at=248,0")
    assert lab.part("count").locator("[aria-hidden]").inner_text() == "62,993 / 64,516"


@pytest.mark.parametrize(
    ("hide", "shows_beats", "shows_play", "shows_tabs"),
    [
        ("transport", True, False, False),
        ("transport,sums", False, False, False),
        ("sums", False, True, True),
        ("steps", True, True, True),
        ("tabs", True, True, False),
    ],
)
def test_parts_that_stand_in_the_bar_now_are_hidden_as_before(
    lab: Lab, hide: str, shows_beats: bool, shows_play: bool, shows_tabs: bool
) -> None:
    lab.open(f"hide={hide}")
    for name, is_shown in (("beats", shows_beats), ("play", shows_play), ("tabs", shows_tabs)):
        expect(lab.part(name)).to_be_visible(visible=is_shown)


@pytest.mark.parametrize(
    ("lock", "beats", "play", "tabs"),
    [("transport", False, True, True), ("figure", True, False, False), ("tabs", False, False, True)],
)
def test_parts_that_stand_in_the_bar_now_are_locked_as_before(
    lab: Lab, lock: str, beats: bool, play: bool, tabs: bool
) -> None:
    lab.open(f"lock={lock}")
    for name, is_locked in (("beats", beats), ("play", play), ("tabs", tabs)):
        found = lab.part(name).evaluate("(part) => part.closest('[inert]') !== null")
        assert found is is_locked, name


# -- views, hints and messages ------------------------------------------------------------------------------------

TABS = ["equation", "neuron", "matrix", "code"]


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("place", ["0,0", "15,15", "29,29"])
def test_a_view_lies_over_the_figure_which_keeps_its_size_and_shows_window_and_cell(
    lab: Lab, tab: str, place: str
) -> None:
    lab.open(f"at={place}&beat=write")
    before = maps(lab)
    digits = lab.page.locator("table.grid td").all_inner_texts()
    lab.page.locator(f'[data-tab="{tab}"]').click()
    expect(lab.part("panel")).not_to_be_empty()
    lab.until("!document.querySelector('[data-part=panel][aria-busy]')")
    after = maps(lab)
    for name, (left, top, right, bottom) in before.items():
        assert after[name][2] - after[name][0] == pytest.approx(right - left, abs=0.5), name
        assert after[name][3] - after[name][1] == pytest.approx(bottom - top, abs=0.5), name
        assert after[name][0] == pytest.approx(left, abs=0.5), name
    assert lab.page.locator("table.grid td").all_inner_texts() == digits
    lab.until("document.getAnimations().every((one) => one.playState !== 'running')")
    sheet = boxes(lab, "view-sheet", "figure-area", "panel")
    assert sheet["panel"][3] - sheet["panel"][1] <= 0.46 * (sheet["figure-area"][3] - sheet["figure-area"][1])
    row = int(place.split(",")[0])
    for name, cells in (("input-maps", 3), ("output-maps", 1)):
        low = lab.page.evaluate(CELL_BOTTOM, [name, row + cells])
        assert low <= sheet["panel"][1], name
    lab.button("Close this view").click()
    expect(lab.part("panel")).to_be_hidden()
    lab.drops("tab=")
    lab.until("document.getAnimations().every((one) => one.playState !== 'running')")
    assert maps(lab) == before


# The lower edge of a row of cells, from the height of the map: 16 pixels of ruler, then as many rows as the map has.
CELL_BOTTOM = """([name, row]) => {
  const box = document.querySelector(`[data-part="${name}"]`).getBoundingClientRect();
  const input = document.querySelector('[data-part="input-maps"]').getBoundingClientRect();
  const cell = (input.height - 16 - 3) / 32;
  return box.top + 16 + cell * row;
}"""


def test_escape_closes_the_view_first_and_then_releases_the_pin(lab: Lab) -> None:
    lab.open("at=4,4&pin=4,4&tab=equation")
    expect(lab.part("panel")).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(lab.part("panel")).to_be_hidden()
    lab.says("pin=")
    lab.page.keyboard.press("Escape")
    lab.drops("pin=")


def test_the_names_of_the_views_stay_in_reach_while_one_is_open(lab: Lab) -> None:
    lab.open()
    for tab in TABS:
        lab.page.locator(f'[data-tab="{tab}"]').click()
        expect(lab.page.locator(f'[data-tab="{tab}"]')).to_have_attribute("aria-expanded", "true")


def test_hints_pins_and_messages_move_nothing(lab: Lab) -> None:
    lab.open()
    before = boxes(lab, "input-maps", "output-maps", "transport", "explain")
    box = lab.map("input")
    lab.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    lab.says("pin=")
    expect(lab.part("says")).to_contain_text("Pinned")
    assert boxes(lab, *before) == before
    lab.page.evaluate(
        """() => {
          const message = Object.assign(document.createElement("div"), { className: "problem" });
          message.innerHTML = "<p>A long sentence about what went wrong, of more than one line.</p>";
          document.querySelector("[data-part=problems]").append(message, message.cloneNode(true));
        }"""
    )
    assert boxes(lab, *before) == before


def test_messages_are_folded_after_a_while_and_shown_again_by_a_click(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    lab.open("size=9999")
    message = lab.part("problems").locator(".problem")
    expect(message).to_be_visible()
    lab.page.clock.run_for(16_000)
    expect(message).to_be_hidden()
    lab.button("1 message").click()
    expect(message).to_be_visible()
    lab.button("Close this message").click()
    expect(lab.part("problems")).to_be_empty()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_an_open_view_and_a_folded_rail(devices: Devices, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme).open("tab=neuron&size=9999")
    expect(lab.part("panel")).not_to_be_empty()
    assert faults(lab.rest().page) == []
    lab.settings("image").button("Fold the settings away").click()
    assert faults(lab.page) == []


def test_the_first_paint_has_the_frame_where_it_stays(devices: Devices) -> None:
    device = {"viewport": {"width": 1280, "height": 720}}
    names = ("side", "rail-tabs", "strip", "transport", "play", "beats", "scrub", "count", "modes", "tabs", "explain")
    for query in ("", "image=coffee&channels=rgb&layers=conv:random*4@3x3", "stage=0", "layers=maxpool:2&stage=1"):
        still = devices.lab(**device, java_script_enabled=False)
        still.page.goto(f"{still.url}/?{query}")
        shown = [name for name in names if still.part(name).bounding_box()]
        painted = {name: still.part(name).bounding_box() for name in shown}
        lab = devices.lab(**device).open(query)
        for name, box in painted.items():
            assert lab.part(name).bounding_box() == pytest.approx(box, abs=1), (query, name)


def test_a_bare_address_leads_a_newcomer_to_the_first_lesson_and_a_lecturer_to_present(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/")
    start = lab.part("start")
    expect(start).to_have_text("New to convolution? Start here In front of a class? Present this")
    start.get_by_role("button", name="Present this").click()
    lab.says("present=1")
    expect(start).to_be_hidden()
    lab.page.keyboard.press("Escape")
    start.get_by_role("link", name="Start here").click()
    expect(lab.page.get_by_role("heading", level=1)).to_have_text("A picture is numbers")


def test_a_link_to_a_figure_offers_no_start(lab: Lab) -> None:
    lab.open("image=cat")
    expect(lab.part("start")).to_have_count(0)


def test_a_phone_offers_the_first_lesson_alone_within_reach_of_a_finger(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 390, "height": 844}, has_touch=True)
    lab.page.goto(f"{lab.url}/")
    link = lab.part("start").get_by_role("link", name="Start here")
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 40
    expect(lab.part("start").get_by_role("button")).to_be_hidden()
