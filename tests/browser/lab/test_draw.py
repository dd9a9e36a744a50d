"""Drawing a picture: by mouse, finger, stylus and keys, what the network says, and where the drawing is kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import ImageLab, Lab, faults
from tests.drawings import HANDS, write_digit

CHAIN = "layers=center~model:lenet5"
BLANK = f"image=({';'.join([','.join('0' * 28)] * 28)})"
LINE = [(6.0, 14.0), (22.0, 14.0)]
BAR = [(14.0, 4.0), (14.0, 24.0)]

# Whether the newest entry of the history has the cells of the sheet.
SAME = """() => {
  const canvas = document.querySelector("[data-part=draw-surface] canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", {willReadFrequently: true});
  copy.drawImage(canvas, 0, 0);
  const shown = copy.getImageData(0, 0, canvas.width, canvas.height).data;
  const kept = history.state.scene.image.planes?.[0].flat() ?? [];
  return kept.length * 4 === shown.length && kept.every((text, at) => Number(text) === shown[4 * at]);
}"""


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


def opened(lab: Lab, query: str) -> Locator:
    """The sheet of a link, as soon as it can be drawn on."""
    lab.open(f"{query}&draw=1")
    surface = lab.page.locator('[data-part="draw-surface"]')
    expect(surface).to_be_visible()
    lab.rest()
    return surface


def places(surface: Locator, points: Sequence[Sequence[float]], side: int = 28) -> list[tuple[float, float]]:
    """Where on the page (row, column) points of the sheet are, as (x, y)."""
    surface.scroll_into_view_if_needed()
    box = surface.bounding_box()
    assert box
    return [(box["x"] + col * box["width"] / side, box["y"] + row * box["height"] / side) for row, col in points]


def stroke(lab: Lab, surface: Locator, points: Sequence[Sequence[float]], side: int = 28) -> None:
    """Draw a stroke with the mouse, and let go."""
    first, *others = places(surface, points, side)
    lab.page.mouse.move(*first)
    lab.page.mouse.down()
    for place in others:
        lab.page.mouse.move(*place, steps=2)
    lab.page.mouse.up()


def cells(lab: Lab) -> np.ndarray:
    """The numbers of the drawing in the history, as soon as they are those of the sheet."""
    lab.rest().until(f"({SAME})()")
    return np.array(lab.scene()["image"]["planes"][0], float)


def inked(lab: Lab, surface: Locator, points: Sequence[Sequence[float]]) -> np.ndarray:
    """The numbers after a stroke."""
    stroke(lab, surface, points)
    return cells(lab)


def says(lab: Lab) -> str:
    """The class that the network names."""
    found = re.search(r"answer: (\S+) ", lab.text("draw-says"))
    assert found
    return found[1]


def test_the_pen_is_loaded_when_draw_is_opened(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open("image=cat").rest()
    assert not [url for url in asked if re.search("features/draw|link/drawing|crop.css", url)]
    lab.page.locator("[data-image-tab=draw]").click()
    expect(lab.part("draw-surface")).to_be_visible()
    assert [url for url in asked if "features/draw" in url]
    lab.says("draw=1")
    lab.page.locator("[data-image-tab=photo]").click()
    lab.drops("draw=1")


@pytest.mark.parametrize(("digit", "hand"), [(3, 0), (7, 1), (8, 3)])
def test_a_newcomer_draws_a_digit_on_a_blank_sheet_and_the_network_reads_it(lab: Lab, digit: int, hand: int) -> None:
    surface = opened(lab, "image=cat")
    expect(surface).to_have_attribute("aria-label", re.compile("28 × 28 cells"))
    lab.part("ask-network").click()
    lab.says("layers=center:20~model:lenet5", "tab=network")
    expect(lab.page.locator(".network-view")).to_be_visible()
    strokes, _ = write_digit(HANDS[hand], digit, np.random.default_rng(digit))
    for points in strokes:
        stroke(lab, surface, points.tolist())
    lab.until("document.querySelector('[data-part=draw-says]').textContent.includes(`answer: ${given} `)", str(digit))
    scores = lab.page.locator("button.network-score")
    expect(scores.nth(digit)).to_contain_text(re.compile(f"^{digit}"))  # bars keep their places while one draws
    expect(scores.nth(digit)).to_have_class(re.compile("is-first"))
    assert cells(lab).max() == 255


def test_undo_redo_and_clear_each_change_the_figure(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    one = inked(lab, surface, LINE)
    two = inked(lab, surface, BAR)
    assert one.sum() < two.sum()
    lab.key("draw-undo").click()
    lab.until("history.state.scene.image.planes[0][14][5] === '0'")
    assert np.array_equal(cells(lab), one)
    lab.key("draw-redo").click()
    lab.until("history.state.scene.image.planes[0][14][5] !== '0'")
    assert np.array_equal(cells(lab), two)
    lab.key("draw-clear").click()
    lab.until("history.state.scene.image.planes[0].flat().every((text) => text === '0')")
    surface.focus()
    lab.page.keyboard.press("Control+z")
    lab.until("history.state.scene.image.planes[0][14][5] !== '0'")


def test_the_eraser_takes_ink_away_and_a_thicker_pen_inks_more(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    thin = inked(lab, surface, LINE)
    assert thin[10, 14] == 255
    lab.key("draw-eraser").click()
    erased = inked(lab, surface, [(12.0, 14.0), (16.0, 14.0)])
    assert erased[14, 14] == 0
    assert erased[8, 14] == 255
    lab.key("draw-pen").click()
    lab.key("draw-width").fill("6")
    thick = inked(lab, surface, BAR)
    assert (thick[:, 10] > 0).sum() > (thin[10] > 0).sum()


def test_back_and_reload_keep_the_drawing(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    one = inked(lab, surface, LINE)
    two = inked(lab, surface, BAR)
    lab.page.go_back()
    lab.until("history.state.scene.image.planes[0][14][5] === '0'")
    assert np.array_equal(cells(lab), one)
    lab.key("draw-redo").click()
    lab.until("history.state.scene.image.planes[0][14][5] !== '0'")
    lab.page.reload()
    lab.ready()
    expect(lab.page.locator('[data-part="draw-surface"]')).to_be_visible()
    assert np.array_equal(cells(lab), two)


def test_typed_numbers_are_drawn_over_with_their_largest(lab: Lab) -> None:
    surface = opened(lab, "image=(1,2,3;0.50,9,1/3;0,0,-4)&layers=conv:(1)")
    expect(lab.part("draw-start")).to_contain_text("these numbers")
    lab.key("draw-width").fill("1")
    stroke(lab, surface, [(2.5, 0.5)], 3)
    lab.says("image=(1,2,3;0.50,9,1/3;9,0,-4)")


def test_a_sheet_of_another_size_keeps_the_drawing_in_the_middle_and_a_picture_can_be_drawn_on(lab: Lab) -> None:
    surface = opened(lab, "image=checkerboard&size=8&layers=conv:sobel-x")
    lab.types("draw-Rows", "12")
    lab.types("draw-Columns", "20")
    expect(surface).to_have_attribute("aria-label", re.compile("12 × 20 cells"))
    assert "checkerboard" in lab.link, "the picture stays until something is drawn"
    lab.part("draw-on-picture").click()
    lab.says("image=(")
    assert cells(lab).shape == (8, 8)
    lab.types("draw-Rows", "10")
    lab.until("history.state.scene.image.planes[0].length === 10")
    assert cells(lab)[0].tolist() == [0] * 8


def test_without_the_layer_that_centers_it_the_network_says_something_else(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&{CHAIN}~softmax&tab=network")
    strokes, _ = write_digit(HANDS[2], 4, np.random.default_rng(4))
    for points in strokes:
        stroke(lab, surface, (points * 0.45 + 15).tolist())
    lab.until("document.querySelector('[data-part=draw-says]').textContent.includes('answer: 4 ')")
    before = cells(lab)
    lab.key("draw-center").uncheck()
    lab.drops("center")
    lab.until("!document.querySelector('[data-part=draw-says]').textContent.includes('answer: 4 ')")
    assert np.array_equal(cells(lab), before)
    lab.key("draw-center").check()
    lab.says("center:20~model:lenet5")
    assert says(lab) == "4"


def test_one_figure_is_asked_for_at_a_time_and_the_newest_drawing_is_shown_last(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&{CHAIN}&tab=network")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    lab.page.route("**/api/trace*", hold)
    stroke(lab, surface, LINE)
    stroke(lab, surface, BAR)
    stroke(lab, surface, [(4.0, 4.0), (24.0, 24.0)])
    lab.eventually(lambda: held)
    lab.page.wait_for_timeout(50)
    assert len(held) == 1, "the others wait in the page, the newest of each stroke"
    held[0].continue_()
    lab.until("history.state.scene.image.planes?.[0][23][23] === '255' && !document.querySelector('[data-asking]')")
    assert cells(lab)[14, 14] == 255
    assert cells(lab)[8, 14] == 255


def test_a_shared_drawing_lies_behind_the_link_and_is_not_uploaded(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&{CHAIN}&tab=network")
    drawn = inked(lab, surface, LINE)
    lab.button("Share").click()
    link = lab.part("share-link").input_value()
    assert "#picture=" in link
    assert len(link) < 1000
    posted: list[str] = []
    lab.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    lab.page.goto("about:blank")
    lab.page.goto(link)
    lab.ready().says("image=(")
    assert np.array_equal(cells(lab), drawn)
    assert not [url for url in posted if "/api/images" in url]
    expect(lab.page.locator(".network-view")).to_be_visible()


def test_a_large_drawing_stays_in_the_address_behind_a_fragment(lab: Lab) -> None:
    posted: list[str] = []
    lab.page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    surface = opened(lab, "image=cat&layers=conv:sobel-x")
    lab.types("draw-Rows", "64")
    lab.types("draw-Columns", "64")
    stroke(lab, surface, [(10, 10), (50, 50)], 64)
    lab.until("location.hash.startsWith('#picture=') && location.search.includes('image=u-drawn')")
    drawn = cells(lab)
    lab.page.reload()
    lab.ready()
    lab.until("document.querySelector('[data-part=draw-surface]')")
    assert np.array_equal(cells(lab), drawn)
    lab.settings("layer").button("Sharpen").click()
    lab.says("image=u-drawn", "conv:sharpen")
    lab.page.go_back()
    lab.says("image=u-drawn", "conv:sobel-x")
    assert np.array_equal(cells(lab), drawn), "the drawing survives the change of layers"
    assert not [url for url in posted if "/api/images" in url]


def test_keys_move_a_cursor_and_ink_its_cell(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    lab.key("draw-width").fill("1")
    surface.focus()
    for key in ("ArrowUp", "ArrowLeft", " "):
        lab.page.keyboard.press(key)
    lab.until("history.state.scene.image.planes[0][13][13] === '255'")
    assert cells(lab).sum() == 255
    expect(surface.locator("+ [role=status]")).to_have_text("row 13, column 13: 255")
    for _ in range(3):
        lab.page.keyboard.press("Shift+ArrowRight")
    lab.until("history.state.scene.image.planes[0][13][16] === '255'")
    assert cells(lab).sum() == 4 * 255


def test_a_stylus_inks_by_its_pressure_and_erases_with_its_other_end(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    touch = lab.page.context.new_cdp_session(lab.page)

    def line(row: float, force: float, button: str = "left", buttons: int = 1) -> None:
        (x, y), (end, _) = places(surface, [(row, 4), (row, 24)])
        pen = {"pointerType": "pen", "force": force, "button": button, "buttons": buttons}
        for kind, at in (("mousePressed", x), ("mouseMoved", end), ("mouseReleased", end)):
            touch.send("Input.dispatchMouseEvent", {"type": kind, "x": at, "y": y, **pen, "clickCount": 1})

    line(6, 0.1)
    line(18, 0.9)
    lab.until("history.state.scene.image.planes[0][18][14] === '255'")
    light, heavy = (cells(lab)[rows, 14].sum() for rows in (slice(0, 12), slice(12, 28)))
    assert heavy > 1.5 * light


def test_a_finger_draws_and_the_page_does_not_scroll(devices: Devices) -> None:
    lab = devices.phone()
    lab.open(f"{BLANK}&{CHAIN}&draw=1")
    surface = lab.page.locator('[data-part="draw-surface"]')
    expect(surface).to_be_in_viewport(ratio=1)  # the link opens the settings
    lab.rest()
    tops = "[scrollY, document.querySelector('#side').scrollTop]"
    ends = places(surface, LINE)
    before = lab.page.evaluate(tops)
    touch = lab.page.context.new_cdp_session(lab.page)
    for kind, place in (("touchStart", ends[:1]), ("touchMove", ends[1:]), ("touchEnd", [])):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in place]})
    lab.until("history.state.scene.image.planes[0][14][14] === '255'")
    assert lab.page.evaluate(tops) == before
    lab.rest()
    for control in lab.page.locator(".draw :is(button, input[type=number], label):visible").all():
        box = control.bounding_box()
        assert box
        assert box["height"] >= 44, control.inner_text()
    assert not faults(lab.page)


def test_a_stroke_whose_sheet_leaves_the_page_does_not_stop_the_next_one(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    first, last = places(surface, LINE)
    lab.page.mouse.move(*first)
    lab.page.mouse.down()
    lab.page.mouse.move(*last)
    lab.until("history.state.scene.image.planes[0][14][14] === '255'")
    lab.page.evaluate("document.querySelector('[data-image-tab=photo]').click()")
    lab.drops("draw=1")
    lab.page.mouse.up()
    lab.page.locator("[data-image-tab=draw]").click()
    drawn = cells(lab)
    lab.page.mouse.move(*places(surface, [(14.0, 24.0)])[0])
    assert np.array_equal(cells(lab), drawn), "no button is down"
    assert (inked(lab, surface, BAR) > 0).sum() > (drawn > 0).sum()


def test_undo_in_the_middle_of_a_stroke_changes_nothing(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&layers=conv:sobel-x")
    one = inked(lab, surface, BAR)
    first, last = places(surface, LINE)
    lab.page.mouse.move(*first)
    lab.page.mouse.down()
    lab.page.keyboard.press("Control+z")
    lab.page.mouse.move(*last)
    lab.page.mouse.up()
    assert cells(lab)[10, 14] == 255
    lab.key("draw-undo").click()
    lab.until("history.state.scene.image.planes[0][10][14] === '0'")
    assert np.array_equal(cells(lab), one)


def test_a_screen_reader_hears_the_sheet_and_the_answer(lab: Lab) -> None:
    surface = opened(lab, f"{BLANK}&{CHAIN}&tab=network")
    stroke(lab, surface, LINE)
    lab.until("document.querySelector('[data-part=draw-says]').textContent.includes('answer: 1 ')")
    expect(lab.part("draw-says")).to_have_attribute("role", "status")
    expect(surface).to_have_attribute("aria-label", re.compile("Space draws"))
    assert not faults(lab.page)
