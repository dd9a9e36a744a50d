"""The maps: their colors, hovering and clicking, dragging on touch screens, and their structure for screen readers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab

SIDE = 6
LAST = SIDE * SIDE - 1
GRAYS = [255 if i == LAST else 7 * i for i in range(SIDE * SIDE)]
PICTURE = "image=(" + ";".join(",".join(map(str, GRAYS[r * SIDE : r * SIDE + SIDE])) for r in range(SIDE)) + ")"


INNER = [(row, col) for row in range(SIDE) for col in range(SIDE) if 0 < row * SIDE + col < LAST]
"""All cells but the black and the white one: digits have these colors too."""


def gray(row: int, col: int) -> tuple[int, int, int]:
    value = GRAYS[row * SIDE + col]
    return value, value, value


def middle(lab: Lab, name: str, row: int, col: int) -> tuple[float, float]:
    """The middle of a cell in pixels of the viewport, from the rectangles of two others."""
    (x1, y1), (x4, y4) = (lab.middle_of(name, gray(at, at)) for at in (1, 4))
    return x1 + (col - 1) * (x4 - x1) / 3, y1 + (row - 1) * (y4 - y1) / 3


@pytest.mark.parametrize("name", ["input", "output"])
def test_every_cell_of_a_map_has_the_right_color_place_and_size(lab: Lab, name: str) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1)")
    cells = lab.cells(name)
    left, top, _, _ = cells[gray(1, 1)]
    side = (cells[gray(1, 4)][0] - left) / 3  # an edge is at most a pixel off: cells begin and end with whole ones
    assert side > 20
    for row, col in INNER:
        x, y = left + (col - 1) * side, top + (row - 1) * side
        assert cells[gray(row, col)] == pytest.approx([x, y, x + side, y + side], abs=2)


def test_input_and_output_have_one_cell_size_so_that_pooling_visibly_shrinks(lab: Lab) -> None:
    lab.open(f"{PICTURE}&layers=maxpool:2")
    before, after = lab.cells("input"), lab.cells("output")
    side = after[gray(1, 1)][2] - after[gray(1, 1)][0]
    assert side == pytest.approx(before[gray(1, 1)][2] - before[gray(1, 1)][0], abs=1.5)


def test_signed_maps_are_colored_from_blue_through_white_to_red(lab: Lab) -> None:
    lab.open("image=(0,0,9,0,0)&layers=conv:(1,0,-1)")
    cells = lab.cells("output")
    red, white, blue = (0xB2, 0x18, 0x2B), (0xF7, 0xF7, 0xF7), (0x21, 0x66, 0xAC)
    assert cells[blue][0] < cells[white][0] < cells[red][0] or cells[red][0] < cells[white][0] < cells[blue][0]
    expect(lab.part("output-legend")).to_contain_text("−9")
    expect(lab.part("output-legend")).to_contain_text("+9")


COVERED = """(canvas, least) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((value, i) => i % 4 === 3 && value >= least[0] && value <= least[1]).length;
}"""


@pytest.mark.parametrize(("link", "opacity"), [("", [255, 255]), ("&ghost=1", [150, 254])])
def test_cells_to_come_are_empty_or_with_ghost_faint(lab: Lab, link: str, opacity: list[int]) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1)&at=2,2&beat=window{link}")
    covered = lab.part("output-maps").locator("canvas").nth(1).evaluate(COVERED, opacity)
    left, top, right, bottom = lab.cells("output")[gray(1, 1)]
    ratio = lab.page.evaluate("devicePixelRatio")
    ahead = SIDE * SIDE - 2 * SIDE - 3
    assert covered > 0.9 * ahead * (right - left) * (bottom - top) * ratio**2


def point_at_output(lab: Lab, row: int, col: int) -> None:
    left, top, right, bottom = lab.cells("input")[gray(0, 0)]
    box, place = lab.map("output"), lab.map("input")
    x, y = (left + right) / 2 - place["x"], (top + bottom) / 2 - place["y"]
    lab.page.mouse.move(box["x"] + x + col * (right - left), box["y"] + y + row * (bottom - top))


def test_pointing_at_a_cell_to_come_shows_its_window_and_no_result(lab: Lab) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1,2;3,4)&at=0,0&beat=write")
    point_at_output(lab, 2, 2)
    expect(lab.part("says")).to_have_text("Row 2, column 2 is not computed yet.")
    expect(lab.part("result-value")).to_have_text("?")
    lab.open(f"{PICTURE}&layers=conv:(1,2;3,4)&at=0,0&beat=write&ghost=1")
    point_at_output(lab, 2, 2)
    expect(lab.part("result-value")).not_to_have_text("?")


def test_hovering_an_output_cell_shows_its_inputs(lab: Lab) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1,0;0,1)&at=0,0&beat=write")
    before = lab.table("Window of the input")
    lab.page.mouse.move(*middle(lab, "input", 0, 0))
    expect(lab.part("says")).to_have_text("Row 0, column 0 is read by 1 cell of the output.")
    lab.page.mouse.move(*middle(lab, "input", 3, 2))
    expect(lab.part("says")).to_have_text("Row 3, column 2 is read by 4 cells of the output.")
    side = middle(lab, "input", 1, 2)[0] - middle(lab, "input", 1, 1)[0]
    box = lab.map("output")
    inset = [from_ - box_ for from_, box_ in zip(middle(lab, "input", 0, 0), lab.map("input").values(), strict=False)]
    lab.page.mouse.move(box["x"] + inset[0] + 3 * side, box["y"] + inset[1] + 2 * side)
    lab.until("document.querySelector('table[aria-label=\"Window of the input\"] td').textContent !== '0'")
    assert lab.table("Window of the input") == [[15 * 7, 16 * 7], [21 * 7, 22 * 7]]
    lab.page.mouse.move(4, 4)
    lab.until("document.querySelector('table[aria-label=\"Window of the input\"] td').textContent === '0'")
    assert lab.table("Window of the input") == before


def test_a_click_pins_the_window_and_a_click_beside_the_map_releases_it(lab: Lab) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1,0;0,1)&at=0,0")
    lab.page.mouse.click(*middle(lab, "input", 3, 3))
    lab.page.mouse.move(4, 4)
    lab.says("pin=")
    kept = lab.table("Window of the input")
    assert GRAYS[3 * SIDE + 3] in [value for row in kept for value in row]
    lab.page.mouse.click(lab.map("output")["x"] + 2, lab.map("output")["y"] + 2)
    lab.drops("pin=")


def test_a_click_on_an_output_cell_moves_the_window_there(lab: Lab) -> None:
    lab.open(f"{PICTURE}&layers=conv:(1)&at=0,0")
    lab.page.mouse.click(*middle(lab, "output", 4, 1))
    lab.says("at=4,1")
    assert lab.result() == GRAYS[4 * SIDE + 1]


def test_hovering_a_weight_shows_every_input_that_it_multiplies(lab: Lab) -> None:
    lab.open("at=3,3")
    marks = "(host) => host.querySelectorAll('canvas')[1].toDataURL()"
    before = lab.part("input-maps").evaluate(marks)
    lab.page.locator("table[aria-label=Filter] td").nth(4).hover()
    expect(lab.page.locator("table[aria-label=Filter] td.lit")).to_have_count(1)
    assert lab.part("input-maps").evaluate(marks) != before
    lab.page.mouse.move(4, 4)
    expect(lab.page.locator("td.lit")).to_have_count(0)
    assert lab.part("input-maps").evaluate(marks) == before


def test_keys_point_at_weights_and_leave_the_window_where_it_is(lab: Lab) -> None:
    lab.open("image=face&layers=conv:(1,2,3;4,5,6;7,8,9),stride=2&at=3,3")
    weights = lab.page.get_by_role("gridcell")
    weights.first.focus()
    lit = lab.page.locator("td.lit")
    for key, weight in (
        ("ArrowRight", "2"),
        ("ArrowDown", "5"),
        ("End", "6"),
        ("ArrowRight", "6"),
        ("ArrowDown", "9"),
        ("ArrowDown", "9"),
        ("Home", "7"),
        ("ArrowUp", "4"),
    ):
        lab.page.keyboard.press(key)
        expect(lit).to_have_text(weight)
    assert "at=3,3" in lab.link
    said = "This 4 meets these 35 cells: rows 1 to 13 in steps of 2"
    expect(lab.part("live")).to_contain_text(said)
    expect(lab.part("says")).to_contain_text(said)
    lab.page.keyboard.press("Escape")
    expect(lit).to_have_count(0)
    assert weights.evaluate_all("(cells) => cells.filter((cell) => cell.tabIndex === 0).length") == 1


def test_a_finger_chooses_a_weight_until_it_touches_something_else(devices: Devices) -> None:
    lab = devices.phone().open("image=face&layers=conv:(1,2,3;4,5,6;7,8,9)&lock=inspector")
    weights, lit = lab.page.get_by_role("gridcell"), lab.page.locator("td.lit")
    weights.nth(4).tap()
    expect(lit).to_have_text("5")
    weights.nth(7).tap()
    expect(lit).to_have_text("8")
    weights.nth(7).tap()
    expect(lit).to_have_count(0)
    weights.nth(1).tap()
    expect(lit).to_have_text("2")
    lab.part("result").tap()
    expect(lit).to_have_count(0)


def test_small_maps_select_a_map_and_show_their_values_at_the_current_cell(lab: Lab) -> None:
    lab.open("image=face&layers=conv:(1);(2);(3)&at=5,5&beat=write")
    maps = lab.part("output-multiples").get_by_role("button")
    first = lab.result()
    for index in (1, 2):
        maps.nth(index).click()
        expect(maps.nth(index)).to_have_attribute("aria-pressed", "true")
        assert lab.result() == first * (index + 1)
    values = [int(text) for text in lab.part("output-multiples").locator("span").all_inner_texts()]
    assert values == [first, 2 * first, 3 * first]


def test_the_mouse_wheel_is_never_captured(lab: Lab) -> None:
    lab.open()
    lab.part("output-maps").hover()
    prevented = lab.page.evaluate(
        """() => {
          const wheel = new WheelEvent("wheel", {deltaY: 50, bubbles: true, cancelable: true});
          document.querySelector("[data-part=output-maps] canvas").dispatchEvent(wheel);
          return wheel.defaultPrevented;
        }"""
    )
    assert not prevented


def test_a_finger_drags_the_window_with_a_loupe_above_it(devices: Devices) -> None:
    lab = devices.phone().open(f"{PICTURE}&layers=conv:(1)&at=0,0")
    start, end = middle(lab, "input", 1, 1), middle(lab, "input", 4, 3)
    touch = lab.page.context.new_cdp_session(lab.page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    finger("touchStart", start)
    expect(lab.page.locator(".loupe")).to_contain_text("row 1, column 1: 49")
    finger("touchMove", end)
    loupe = lab.page.locator(".loupe")
    expect(loupe).to_contain_text(f"row 4, column 3: {GRAYS[4 * SIDE + 3]}")
    box = loupe.bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    assert box["y"] + box["height"] <= max(end[1], 190)
    finger("touchEnd")
    expect(loupe).to_be_hidden()
    lab.says("at=4,3")


def test_each_map_is_one_focusable_grid_with_arrow_key_navigation(lab: Lab) -> None:
    lab.open("at=3,4&beat=write")
    for name in ("input", "output"):
        grid = lab.part(f"{name}-maps")
        grid.focus()
        expect(grid).to_be_focused()
        assert re.search(r"3[02] rows and 3[02] columns", grid.get_attribute("aria-label") or "")
    lab.page.keyboard.press("ArrowRight")
    expect(lab.part("live")).to_contain_text("row 3, column 5")
    lab.page.keyboard.press("ArrowDown")
    expect(lab.part("live")).to_contain_text("row 4, column 5")


def test_the_arithmetic_consists_of_html_tables_with_names(lab: Lab) -> None:
    lab.open()
    # The filter is a grid, which is a table in which keys go from cell to cell.
    for name, role, cell in (
        ("Window of the input", "table", "cell"),
        ("Filter", "grid", "gridcell"),
        ("Products", "table", "cell"),
    ):
        table = lab.page.get_by_role(role, name=name, exact=True)
        assert table.get_by_role("row").count() == 3
        assert table.get_by_role(cell).count() == 9
