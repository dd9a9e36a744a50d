"""Presentation mode: full screen, clicker keys, digits readable from the last row, and restoring the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

# The digit height in each table and of the result: the height of an 8 in the font used, in pixels.
DIGITS = """() => {
  const brush = document.createElement("canvas").getContext("2d");
  const high = (element) => {
    const { fontSize, fontWeight, fontFamily } = getComputedStyle(element);
    brush.font = `${fontWeight} ${fontSize} ${fontFamily}`;
    const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = brush.measureText("8");
    return parseFloat(fontSize) && up + down;
  };
  const tables = [...document.querySelectorAll("table.grid")]
    .map((table) => [table.ariaLabel, high(table.querySelector("td"))]);
  return Object.fromEntries([...tables, ["result", high(document.querySelector("[data-part=result-value]"))]]);
}"""
# In words, beside the short form.
COUNT_SAYS = "document.querySelector('[data-part=count] .unseen').textContent === given"
HIDDEN_PARTS = ("side", "strip", "theme", "help", "share", "tempo", "modes", "tabs")


def open_presenting(lab: Lab, query: str = "") -> Lab:
    """Open the Lab in presentation mode and wait until it is ready."""
    return wait_for_presenting(lab.open(f"{query}{'&' if query else ''}present=1"))


def wait_for_presenting(lab: Lab) -> Lab:
    lab.until("document.documentElement.hasAttribute('data-present')")
    return lab.rest()


def wait_for_leaving(lab: Lab) -> Lab:
    lab.until("!document.documentElement.hasAttribute('data-present')")
    return lab.rest()


def test_p_fills_the_screen_and_escape_restores_the_page(lab: Lab) -> None:
    lab.open("at=3,4&theme=dark&hide=image&beat=write")
    lab.button("Stride: more").focus()
    before = lab.map("input")
    lab.page.keyboard.press("p")
    wait_for_presenting(lab)
    for name in HIDDEN_PARTS:
        expect(lab.part(name)).to_be_hidden()
    box, trail = lab.part("figure").bounding_box(), lab.part("trail").bounding_box()
    assert box
    assert trail
    assert (box["width"], box["y"] + box["height"]) == (1280, 720)
    assert 20 < box["y"] == trail["y"] + trail["height"] < 50, "above it is one line with the stages"
    lab.says("present=1", "theme=dark", "hide=image")
    lab.page.keyboard.press("Escape")
    wait_for_leaving(lab)
    lab.drops("present=1")
    for name in HIDDEN_PARTS:
        expect(lab.part(name)).to_be_visible()
    expect(lab.button("Stride: more")).to_be_focused()
    expect(lab.part("image")).to_be_hidden()
    assert lab.page.evaluate("document.documentElement.dataset.theme") == "dark"
    lab.until(
        "Math.abs(document.querySelector('[data-part=input-maps]').getBoundingClientRect().width - given) < 1",
        before["width"],
    )


def test_buttons_start_and_leave_the_presentation(lab: Lab) -> None:
    lab.open()
    lab.button("Present").click()
    wait_for_presenting(lab)
    lab.button("Leave (Esc)").click()
    wait_for_leaving(lab)
    expect(lab.part("side")).to_be_visible()


def test_window_filter_products_and_sum_are_readable_from_the_last_row(lab: Lab) -> None:
    open_presenting(lab, "at=16,20&beat=write")
    heights = lab.page.evaluate(DIGITS)
    assert set(heights) == {"Window of the input", "Filter", "Products", "result"}
    assert min(heights.values()) >= 18, f"at 1280 × 720, in pixels: {heights}"
    for name in ("window", "filter", "products"):
        expect(lab.part("terms").locator(f"figure.{name}")).to_be_in_viewport(ratio=1)
    expect(lab.part("result-value")).to_be_in_viewport(ratio=1)
    assert lab.page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize(
    "query",
    [
        "channels=rgb&layers=conv:edges,groups=1&at=4,9",
        "layers=conv:random*1@5x5&at=4,9",
        "channels=rgb&layers=conv:random*1@5x5,groups=1&at=4,9",
        "stage=3&at=4,9",
    ],
    ids=["three channels", "5 × 5", "5 × 5 on three channels", "pool"],
)
def test_larger_arithmetic_stays_visible_with_digits_of_a_fortieth_of_the_screen(lab: Lab, query: str) -> None:
    open_presenting(lab, f"{query}&beat=write")
    sizes = lab.page.evaluate(
        """() => [...document.querySelectorAll("table.grid td"), document.querySelector("[data-part=result-value]")]
          .map((cell) => parseFloat(getComputedStyle(cell).fontSize))"""
    )
    assert min(sizes) >= 720 / 40
    for part in ("terms", "beats", "result-value"):
        expect(lab.part(part)).to_be_in_viewport(ratio=1)


def test_a_four_to_three_screen_is_readable_from_the_last_row(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1024, "height": 768})
    open_presenting(lab, "at=16,20&beat=write")
    assert min(lab.page.evaluate(DIGITS).values()) >= 768 / 40
    for part in ("terms", "beats", "result-value", "input-maps", "output-maps"):
        expect(lab.part(part)).to_be_in_viewport(ratio=1)


def test_a_clicker_tells_the_story_and_the_other_keys_of_presenting_belong_to_the_browser_before(lab: Lab) -> None:
    lab.open("at=0,0&beat=products")
    page_keys = """() => ["b", "."].map((key) =>
      document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))"""
    assert lab.page.evaluate(page_keys) == [True] * 2, "the browser handles these keys"
    lab.page.keyboard.press("p")
    wait_for_presenting(lab)
    beat = lab.part("beats").locator("[aria-current=step]")
    for key, name, count in [
        ("PageDown", "window", "conv 1/12, position 1 of 900"),
        ("PageDown", "products", "conv 2/12, position 1 of 900"),
        ("PageDown", "sum", "conv 3/12, position 1 of 900"),
        ("PageUp", "products", "conv 2/12, position 1 of 900"),
        ("ArrowRight", "products", "position 2 of 900"),
    ]:
        lab.page.keyboard.press(key)
        expect(beat).to_have_text(name)
        lab.until(COUNT_SAYS, count)


def test_a_clicker_moves_one_of_the_authors_stops_per_press(lab: Lab) -> None:
    open_presenting(lab, "stops=2,1;0,0;5,5&beat=window")
    for key, stop in [("PageDown", 2), ("PageDown", 3), ("PageDown", 3), ("PageUp", 2)]:
        lab.page.keyboard.press(key)
        lab.until(COUNT_SAYS, f"stop {stop} of 3")
        expect(lab.part("beats").locator("[aria-current=step]")).to_have_text("write")


def test_b_makes_the_screen_black_and_any_shortcut_restores_it(lab: Lab) -> None:
    open_presenting(lab, "at=3,4")
    black = lab.part("black")
    for key in ("b", ".", "PageDown"):
        lab.page.keyboard.press("b")
        expect(black).to_be_visible()
        assert black.bounding_box() == {"x": 0, "y": 0, "width": 1280, "height": 720}
        assert black.evaluate("(element) => getComputedStyle(element).backgroundColor") == "rgb(0, 0, 0)"
        lab.page.keyboard.press(key)
        expect(black).to_have_count(0)
    assert lab.position() == "position 95 of 900"
    lab.page.keyboard.press("b")
    lab.page.keyboard.press("Escape")
    expect(black).to_have_count(0)
    assert wait_for_presenting(lab).page.evaluate("'present' in document.documentElement.dataset"), (
        "Escape only ends the black screen"
    )


def test_controls_fade_return_when_the_pointer_moves_and_stay_while_focused(
    lab: Lab,
) -> None:
    lab.page.emulate_media(reduced_motion="reduce")
    lab.page.clock.install(time=0)
    open_presenting(lab)
    lab.page.clock.pause_at(60_000)
    transport = lab.part("transport")
    expect(transport).to_have_css("opacity", "0")
    lab.page.mouse.move(300, 300)
    expect(transport).to_have_css("opacity", "1")
    assert transport.evaluate("(element) => getComputedStyle(element).transitionDuration") == "0s"
    lab.page.clock.run_for(2900)
    expect(transport).to_have_css("opacity", "1")
    lab.page.clock.run_for(200)
    expect(transport).to_have_css("opacity", "0")
    lab.page.keyboard.press("ArrowRight")
    expect(transport).to_have_css("opacity", "0")
    lab.button("One position on").focus()
    lab.page.clock.run_for(9000)
    expect(transport).to_have_css("opacity", "1")


def test_the_qr_code_links_to_the_current_figure_without_presentation_mode(lab: Lab) -> None:
    open_presenting(lab, "at=3,4")
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("q")
    dialog = lab.part("code-dialog")
    picture = dialog.get_by_role("img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("(image) => image.naturalWidth") > 0
    box = picture.bounding_box()
    assert box
    assert box["height"] > 360, "half of the screen"
    source = picture.get_attribute("src") or ""
    assert "at%3D3%2C5" in source
    assert "present" not in source
    expect(dialog).to_contain_text("this computer's name for itself")
    lab.page.keyboard.press("q")
    expect(dialog).to_have_count(0)


def test_a_new_pixel_ratio_redraws_the_maps(lab: Lab) -> None:
    lab.page.add_init_script(
        """const match = window.matchMedia;
        window.queries = [];
        window.matchMedia = (query) => {
          const found = match.call(window, query);
          if (query.includes("resolution")) window.queries.push(found);
          return found;
        };"""
    )
    open_presenting(lab)
    browser = lab.page.context.new_cdp_session(lab.page)
    for ratio in (2, 1.5, 1):
        screen = {"width": 1280, "height": 720, "deviceScaleFactor": ratio, "mobile": False}
        browser.send("Emulation.setDeviceMetricsOverride", screen)
        # Emulation changes the ratio without an event, so the test dispatches one.
        lab.page.evaluate("window.queries.at(-1).dispatchEvent(new Event('change'))")
        lab.until(
            """[...document.querySelectorAll('.maps canvas')].every((canvas) =>
              Math.abs(canvas.width - given * canvas.getBoundingClientRect().width) < 1)""",
            ratio,
        )


@pytest.mark.complains("ERR_FAILED")
def test_a_failed_presentation_leaves_the_page_unchanged(lab: Lab) -> None:
    lab.open()
    lab.page.route(re.compile(r"/present\.js"), lambda route: route.abort())
    lab.page.keyboard.press("p")
    lab.drops("present=1")
    expect(lab.part("side")).to_be_visible()


def test_an_embed_in_a_small_window_can_present(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 800, "height": 450})
    lab.open("at=3,4&present=1", "/embed")
    wait_for_presenting(lab)
    box = lab.part("figure").bounding_box()
    assert box
    assert box["y"] + box["height"] == 450
    assert box["y"] < 30, "above it is one line with the stages"
    expect(lab.part("result-value")).to_be_in_viewport(ratio=1)
