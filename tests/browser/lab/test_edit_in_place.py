"""Numbers edited where they are shown: the weights of a filter in its table, cells of a typed picture in its map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults
from tests.number_scenes import read_text

NUMBERS = "image=(1,2,3,4;5,6,7,8;9,10,11,12;13,14,15,16)"
FILTER = "layers=conv:(1,2,3;4,5,6;7,8,9)"
STEP = 6  # pixels that change a number by one


def weights(lab: Lab) -> Locator:
    return lab.page.locator(".of-filter td")


def field(lab: Lab) -> Locator:
    """The field over the cell that is being edited."""
    return lab.part("edit-number")


def editing_comes(lab: Lab) -> None:
    """Wait for the code that edits, which comes when somebody points at a filter or a typed picture."""
    lab.until("performance.getEntriesByType('resource').some(({ name }) => name.includes('editing/editing.js'))")
    lab.rest()


def open_weight(lab: Lab, n: int) -> Locator:
    weights(lab).nth(n).click()
    expect(field(lab)).to_be_focused()
    return field(lab)


def entries(lab: Lab) -> int:
    found: int = lab.page.evaluate("history.length")
    return found


def middle(cell: Locator) -> tuple[float, float]:
    box = cell.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(lab: Lab, cell: Locator, steps: int, *, release: bool = True) -> None:
    """Press a cell and move the mouse up by so many steps, one after the other."""
    x, y = middle(cell)
    lab.page.mouse.move(x, y)
    editing_comes(lab)
    lab.page.mouse.down()
    for step in range(abs(steps)):
        lab.page.mouse.move(x, y - (step + 1) * STEP * (1 if steps > 0 else -1))
    if release:
        lab.page.mouse.up()


# --- weights --------------------------------------------------------------------------------------------------


def test_a_click_on_a_weight_types_a_number_over_it_and_the_first_edit_writes_a_preset_as_numbers(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x~relu")
    typed = open_weight(lab, 0)
    expect(typed).to_have_value("−1")
    cell, box = weights(lab).nth(0).bounding_box(), typed.bounding_box()
    assert cell
    assert box
    assert box["x"] <= cell["x"] + 1
    assert box["x"] + box["width"] >= cell["x"] + cell["width"] - 1
    assert abs(box["y"] - cell["y"]) < 1
    lab.page.keyboard.type("5")
    lab.page.keyboard.press("Enter")
    expect(field(lab)).to_be_hidden()
    lab.says("layers=conv:(5,0,1;-2,0,2;-1,0,1)~relu")
    expect(weights(lab).nth(0)).to_have_text("5")
    assert lab.table("Filter") == [[5, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def test_a_weight_that_is_edited_in_its_table_gives_the_link_of_the_editor_in_the_settings(lab: Lab) -> None:
    lab.open("layers=conv:gaussian3~relu&at=3,3")
    open_weight(lab, 4)
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Enter")
    in_place = lab.says("/16")
    lab.open("layers=conv:gaussian3~relu&at=3,3")
    lab.part("type-filter").click()
    lab.key("filter-0-1-1").fill("7")
    assert lab.says("/16") == in_place


@pytest.mark.parametrize(
    ("typed", "written"), [("0,25", "0.25"), ("-0.5", "-0.5"), ("−2", "-2"), ("1/9", "1/9"), (".5", "0.5")]
)
def test_decimals_with_a_comma_fractions_and_both_minus_signs_can_be_typed(lab: Lab, typed: str, written: str) -> None:
    lab.open(FILTER)
    open_weight(lab, 0).fill(typed)
    lab.page.keyboard.press("Enter")
    lab.says(f"conv:({written},2,3")


def test_what_is_no_number_is_said_at_the_field_and_the_old_value_stays(lab: Lab) -> None:
    lab.open(FILTER)
    before = lab.link
    open_weight(lab, 2).fill("abc")
    lab.page.keyboard.press("Enter")
    expect(lab.page.get_by_role("alert").filter(has_text="“abc” is not a number")).to_be_visible()
    expect(field(lab)).to_be_visible()
    expect(field(lab)).to_have_attribute("aria-invalid", "true")
    lab.page.keyboard.press("Tab")  # it stays where the mistake is
    expect(field(lab)).to_be_focused()
    lab.part("result").click()
    expect(field(lab)).to_be_hidden()
    expect(lab.page.get_by_text("Filter, row 0, column 2 stays 3.")).to_be_visible()
    assert lab.table("Filter")[0] == [1, 2, 3]
    assert lab.link == before


def test_escape_takes_back_what_was_typed_and_what_was_stepped(lab: Lab) -> None:
    lab.open(f"{FILTER}&at=3,3")
    before, length = lab.link, entries(lab)
    open_weight(lab, 0).fill("9")
    lab.page.keyboard.press("Escape")
    expect(field(lab)).to_be_hidden()
    assert (lab.rest().link, entries(lab)) == (before, length)
    open_weight(lab, 0)
    lab.page.keyboard.press("ArrowUp")
    lab.says("conv:(2,2,3")
    lab.page.keyboard.press("Escape")
    lab.says("conv:(1,2,3")
    expect(weights(lab).nth(0)).to_have_text("1")
    assert lab.rest().link == before


def test_arrow_keys_change_a_weight_by_one_with_shift_by_ten_and_the_wheel_too(lab: Lab) -> None:
    lab.open(FILTER)
    typed = open_weight(lab, 1)
    for key, value in (("ArrowUp", "3"), ("ArrowDown", "2"), ("Shift+ArrowDown", "−8"), ("Shift+ArrowUp", "2")):
        lab.page.keyboard.press(key)
        expect(typed).to_have_value(value)
    lab.page.mouse.wheel(0, -100)
    expect(typed).to_have_value("3")
    lab.page.mouse.wheel(0, -100)
    expect(typed).to_have_value("4")
    lab.page.mouse.wheel(0, 100)
    expect(typed).to_have_value("3")
    lab.says("conv:(1,3,3")


def test_a_step_changes_the_numerator_of_a_fraction_and_small_decimals_by_a_part_of_them(lab: Lab) -> None:
    lab.open("layers=conv:(1/9,1/9,1/9);(0.02,0.5,0.1)")
    typed = open_weight(lab, 0)
    expect(typed).to_have_value("1/9")
    lab.page.keyboard.press("ArrowUp")
    expect(typed).to_have_value("2/9")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(2/9,1/9,1/9);")
    lab.part("output-multiples").get_by_role("button").nth(1).click()
    typed = open_weight(lab, 0)
    expect(typed).to_have_value("0.02")
    lab.page.keyboard.press("ArrowUp")
    expect(typed).to_have_value("0.03")


def test_dragging_a_weight_up_and_down_changes_it_step_by_step_and_the_map_follows(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x&at=3,3")
    before = lab.result()
    drag(lab, weights(lab).nth(4), 3, release=False)
    expect(weights(lab).nth(4)).to_have_text("3")  # while the button is still pressed
    assert lab.result() != before
    expect(lab.page.locator("td.lit")).to_have_count(1)  # and the cells that it meets stay tinted
    lab.page.mouse.up()
    expect(field(lab)).to_be_hidden()
    lab.says("conv:(-1,0,1;-2,3,2;-1,0,1)")
    drag(lab, weights(lab).nth(4), -5)
    lab.says("conv:(-1,0,1;-2,-2,2;-1,0,1)")


def test_one_back_undoes_one_gesture_a_drag_or_a_typed_number(lab: Lab) -> None:
    lab.open(f"{FILTER}&at=3,3")
    drag(lab, weights(lab).nth(0), 4)
    lab.says("conv:(5,2,3")
    lab.rest()
    open_weight(lab, 1).fill("20")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(5,20,3")
    open_weight(lab, 2)
    for _ in range(3):
        lab.page.keyboard.press("ArrowUp")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(5,20,6")
    lab.rest()
    for link in ("conv:(5,20,3", "conv:(5,2,3", "conv:(1,2,3"):
        lab.page.go_back()
        lab.says(link)
    expect(weights(lab).nth(0)).to_have_text("1")
    lab.page.go_forward()
    lab.says("conv:(5,2,3")


def test_an_edit_keeps_the_window_where_it_is(lab: Lab) -> None:
    lab.open("image=chelsea&layers=conv:sobel-x")
    before = lab.table("Window of the input")
    open_weight(lab, 4)
    lab.page.keyboard.type("9")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(-1,0,1;-2,9,2")
    assert lab.table("Window of the input") == before


def test_space_keeps_the_number_and_goes_on_in_the_figure(lab: Lab) -> None:
    lab.open(f"{FILTER}&at=3,3&beat=window")
    open_weight(lab, 0).fill("10")
    lab.page.keyboard.press("Space")
    expect(field(lab)).to_be_hidden()
    lab.says("conv:(10,2,3", "beat=products")
    assert lab.rest().place() == [3, 3]


def test_tab_goes_to_the_next_weight_and_shift_tab_back(lab: Lab) -> None:
    lab.open(FILTER)
    open_weight(lab, 0).fill("10")
    lab.page.keyboard.press("Tab")
    expect(field(lab)).to_have_value("2")
    lab.page.keyboard.type("20")
    lab.page.keyboard.press("Tab")
    expect(field(lab)).to_have_value("3")
    lab.page.keyboard.press("Shift+Tab")
    expect(field(lab)).to_have_value("20")
    lab.page.keyboard.press("Escape")
    lab.says("conv:(10,20,3")


def test_the_keyboard_alone_reaches_a_weight_changes_it_and_goes_on_from_there(lab: Lab) -> None:
    lab.open(FILTER)
    cells = lab.page.get_by_role("gridcell")
    expect(cells.nth(5)).to_have_attribute("aria-label", "weight, row 1, column 2: 6. Press Enter to change it.")
    cells.first.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("ArrowDown")
    editing_comes(lab)
    lab.page.keyboard.press("Enter")
    expect(field(lab)).to_be_focused()
    expect(field(lab)).to_have_attribute("aria-label", "Filter, row 1, column 1")
    lab.page.keyboard.press("ArrowUp")
    expect(lab.part("live")).to_contain_text("Filter, row 1, column 1 is now 6.")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(1,2,3;4,6,6;7,8,9)")
    lab.rest()
    expect(cells.nth(4)).to_be_focused()
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.type("-3")
    expect(field(lab)).to_have_value("-3")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(1,2,3;-3,6,6;7,8,9)")
    expect(cells.nth(3)).to_have_attribute("aria-label", "weight, row 1, column 0: −3. Press Enter to change it.")


def test_a_line_says_what_a_weight_meets_and_how_to_change_it(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x")
    weights(lab).nth(0).hover()
    said = lab.part("says")
    expect(said).to_contain_text("This −1 meets these 900 cells: rows 0 to 29, columns 0 to 29 of the input.")
    expect(said).to_contain_text("Click it or press Enter to type a number; drag it up or down.")
    open_weight(lab, 0)
    expect(said).to_contain_text("Escape takes it back")


def test_the_filter_of_a_color_picture_is_edited_slice_by_slice(lab: Lab) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:sobel-x,groups=1&at=5,5")
    assert weights(lab).count() == 27
    open_weight(lab, 9)
    expect(field(lab)).to_have_attribute("aria-label", "Filter, G, row 0, column 0")
    lab.page.keyboard.type("4")
    lab.page.keyboard.press("Enter")
    lab.says("4,0,1")
    planes = lab.layer()["filters"][0]["planes"]
    assert [plane[0][0] for plane in planes] == ["-1", "4", "-1"]
    assert weights(lab).nth(9).inner_text() == "4"
    assert weights(lab).nth(0).inner_text() == "−1"


def test_a_turned_filter_is_edited_as_it_is_shown(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4),flip=1")
    expect(weights(lab).nth(0)).to_have_text("4")
    expect(open_weight(lab, 0)).to_have_value("4")
    lab.page.keyboard.type("9")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(1,2;3,9),flip=1")
    expect(weights(lab).nth(0)).to_have_text("9")


def test_a_random_filter_becomes_numbers_and_the_others_stay(lab: Lab) -> None:
    lab.open("layers=conv:random*3@3x3&map=1&at=3,3")
    expect(weights(lab)).to_have_count(9)
    others = weights(lab).all_inner_texts()[1:]
    open_weight(lab, 0)
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Enter")
    lab.says(";(7,")
    assert weights(lab).all_inner_texts() == ["7", *others]
    assert ["random" in one for one in lab.layer()["filters"]] == [True, False, True]


def test_a_learned_layer_becomes_the_filter_that_was_edited(lab: Lab) -> None:
    lab.open("image=digit-3&size=28&layers=conv:lenet5/conv1&map=2&at=5,5")
    shown = weights(lab).evaluate_all("(cells) => cells.map((cell) => cell.textContent)")
    assert len(shown) == 25
    open_weight(lab, 0)
    lab.page.keyboard.type("2")
    lab.page.keyboard.press("Enter")
    expect(weights(lab).first).to_have_text("2")
    planes = lab.layer()["filters"][0]["planes"]
    assert planes[0][0][0] == "2"
    assert [float(text) for text in planes[0][4]] == pytest.approx(
        [float(read_text(text)) for text in shown[20:]], abs=0.0006
    )
    assert lab.part("output-multiples").get_by_role("button").count() <= 1


@pytest.mark.parametrize("how", ["lock=inspector", "hide=inspector", "present=1", "lock=figure"])
def test_who_may_not_use_the_layers_settings_may_not_edit_its_weights(lab: Lab, how: str) -> None:
    lab.open(f"{FILTER}&{how}")
    before = lab.rest().link
    box = weights(lab).nth(4).bounding_box()
    assert box
    lab.page.mouse.move(box["x"] + 5, box["y"] + 5)
    lab.page.mouse.click(box["x"] + 5, box["y"] + 5)
    lab.page.mouse.down()
    lab.page.mouse.move(box["x"] + 5, box["y"] - 60, steps=5)
    lab.page.mouse.up()
    lab.rest()
    expect(field(lab)).to_have_count(0)
    assert "conv:(1,2,3;4,5,6;7,8,9)" in lab.link
    assert before.split("&at")[0] in lab.link
    if how == "lock=inspector":
        expect(weights(lab).nth(4)).not_to_have_attribute("aria-label", re.compile("Enter"))
        weights(lab).nth(4).hover()
        expect(lab.part("says")).to_contain_text("This 5 meets")
        expect(lab.part("says")).not_to_contain_text("Click it")


def test_an_embedded_figure_does_not_offer_to_edit(lab: Lab) -> None:
    lab.page.goto(f"{lab.url}/embed?{FILTER}")
    lab.until("document.querySelector('.maps.live')")
    cell = weights(lab).nth(4)
    cell.click()
    drag_from = middle(cell)
    lab.page.mouse.move(*drag_from)
    lab.page.mouse.down()
    lab.page.mouse.move(drag_from[0], drag_from[1] - 40, steps=4)
    lab.page.mouse.up()
    expect(field(lab)).to_have_count(0)
    expect(cell).to_have_text("5")
    expect(cell).not_to_have_attribute("aria-label", re.compile("Enter"))


def test_the_code_that_edits_comes_when_somebody_points_at_the_filter(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(request.url))
    lab.open(FILTER).rest()
    assert not [url for url in asked if "editing/editing.js" in url]
    weights(lab).nth(0).hover()
    lab.eventually(lambda: [url for url in asked if "editing/editing.js" in url])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_field_and_in_its_sentence(devices: Devices, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme).open(FILTER)
    open_weight(lab, 4).fill("1 2 x")
    lab.page.keyboard.press("Enter")
    expect(lab.page.get_by_role("alert").filter(has_text="is not a number")).to_be_visible()
    assert faults(lab.page) == []


# --- touch ----------------------------------------------------------------------------------------------------


def test_a_finger_chooses_a_weight_then_types_or_drags_it(devices: Devices) -> None:
    lab = devices.phone().open(f"{FILTER}&at=3,3")
    lab.part("terms").scroll_into_view_if_needed()
    weights(lab).nth(4).tap()
    expect(lab.page.locator("td.lit")).to_have_text("5")
    editing_comes(lab)
    expect(field(lab)).to_have_count(0)
    touch = lab.page.context.new_cdp_session(lab.page)
    x, y = middle(weights(lab).nth(4))

    def finger(kind: str, *points: tuple[float, float]) -> None:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    finger("touchStart", (x, y))
    for step in range(1, 4):
        finger("touchMove", (x, y - step * STEP - 1))
    lab.says("conv:(1,2,3;4,8,6;7,8,9)")
    finger("touchEnd")
    lab.rest()
    expect(field(lab)).to_be_hidden()
    expect(lab.page.locator("td.lit")).to_have_text("8")  # still chosen
    weights(lab).nth(4).tap()
    expect(field(lab)).to_be_focused()
    lab.page.get_by_role("button", name="Minus", exact=True).last.tap()
    expect(field(lab)).to_have_value("−8")
    lab.page.keyboard.press("Enter")
    lab.says("conv:(1,2,3;4,-8,6;7,8,9)")


def test_a_finger_on_a_weight_that_it_has_not_chosen_scrolls_the_page(devices: Devices) -> None:
    lab = devices.phone().open(FILTER)
    touch_action = "(cell) => getComputedStyle(cell).touchAction"
    weights(lab).nth(4).tap()
    editing_comes(lab)
    assert weights(lab).nth(4).evaluate(touch_action) == "none"
    assert weights(lab).nth(0).evaluate(touch_action) != "none"


# --- cells of a typed picture ---------------------------------------------------------------------------------


def cell_of(lab: Lab, row: int, col: int, rows: int = 4) -> tuple[float, float]:
    """The middle of a cell of the input, from the ruler's and the map's place: the map has square cells."""
    lab.rest()
    box = lab.map("input")
    side: float = lab.page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('[data-part=input-maps]')).height)"
    )
    cell = (min(side - 3, box["height"] - 3) - 16) / rows
    return box["x"] + 22 + (col + 0.5) * cell, box["y"] + 16 + (row + 0.5) * cell


def point_at_cells(lab: Lab) -> None:
    lab.page.mouse.move(*cell_of(lab, 0, 0))
    editing_comes(lab)


def test_a_double_click_on_a_cell_of_a_typed_picture_types_its_number(lab: Lab) -> None:
    lab.open(f"{NUMBERS}&layers=conv:(1,0;0,1)&at=0,0")
    point_at_cells(lab)
    lab.page.mouse.dblclick(*cell_of(lab, 1, 2))
    expect(field(lab)).to_be_focused()
    expect(field(lab)).to_have_value("7")
    lab.page.keyboard.type("2,5")
    lab.page.keyboard.press("Tab")
    expect(field(lab)).to_have_value("8")
    lab.page.keyboard.press("ArrowUp")
    lab.page.keyboard.press("Enter")
    lab.says("image=(1,2,3,4;5,6,2.5,9;9,10,11,12;13,14,15,16)")
    expect(field(lab)).to_be_hidden()
    lab.settings("image")
    expect(lab.key("size")).to_have_value("4")
    expect(lab.key("image-0-1-2")).to_have_value("2.5")
    lab.page.go_back()
    lab.says("5,6,2.5,8")
    lab.page.go_back()
    lab.says("5,6,7,8")


def test_one_click_on_a_typed_picture_still_pins_the_window_and_says_how_to_edit(lab: Lab) -> None:
    lab.open(f"{NUMBERS}&layers=conv:(1)&at=0,0")
    point_at_cells(lab)
    lab.page.mouse.click(*cell_of(lab, 2, 1))
    lab.says("pin=2,1")
    expect(field(lab)).to_be_hidden()
    lab.page.mouse.move(4, 4)
    expect(lab.part("says")).to_contain_text("A double click or Enter changes a cell of the input.")


def test_enter_on_the_map_of_a_typed_picture_edits_the_cell_in_focus(lab: Lab) -> None:
    lab.open(f"{NUMBERS}&layers=conv:(1)&at=2,1")
    lab.part("input-maps").focus()
    editing_comes(lab)
    lab.page.keyboard.press("Enter")
    expect(field(lab)).to_be_focused()
    expect(field(lab)).to_have_attribute("aria-label", "Input, row 2, column 1")
    lab.page.keyboard.type("100")
    lab.page.keyboard.press("Enter")
    lab.says("9,100,11,12")
    expect(lab.part("input-maps")).to_be_focused()
    assert lab.result() == 100


def test_the_cells_of_a_photo_and_of_a_locked_picture_are_not_edited(lab: Lab) -> None:
    for query in ("image=chelsea&size=8&layers=conv:(1)", f"{NUMBERS}&layers=conv:(1)&lock=image"):
        lab.open(f"{query}&at=0,0")
        box = lab.map("input")
        lab.page.mouse.dblclick(box["x"] + 60, box["y"] + 60)
        lab.part("input-maps").focus()
        lab.page.keyboard.press("Enter")
        lab.rest()
        expect(field(lab)).to_have_count(0)


def test_two_taps_on_a_cell_of_a_typed_picture_open_it(devices: Devices) -> None:
    lab = devices.phone().open(f"{NUMBERS}&layers=conv:(1)&at=0,0")
    x, y = cell_of(lab, 1, 1)
    lab.page.touchscreen.tap(x, y)
    editing_comes(lab)
    expect(field(lab)).to_have_count(0)
    lab.page.touchscreen.tap(x, y)
    lab.page.touchscreen.tap(x, y)
    expect(field(lab)).to_be_focused()
    expect(field(lab)).to_have_value("6")


# --- the window -----------------------------------------------------------------------------------------------


def test_the_mouse_drags_the_window_over_the_input(lab: Lab) -> None:
    lab.open(f"{NUMBERS}&layers=conv:(1)&at=0,0")
    lab.page.mouse.move(*cell_of(lab, 0, 0))
    lab.page.mouse.down()
    lab.page.mouse.move(*cell_of(lab, 1, 2), steps=4)
    assert lab.result() == 7
    lab.page.mouse.move(*cell_of(lab, 3, 1), steps=4)
    assert lab.result() == 14
    lab.page.mouse.up()
    lab.says("at=3,1", "pin=3,1")
    lab.page.mouse.move(*cell_of(lab, 0, 3))
    assert lab.result() == 14  # pinned: what follows only points


def test_the_cells_of_a_color_picture_are_edited_channel_by_channel(lab: Lab) -> None:
    picture = "image=(10,20;30,40)(50,60;70,80)(90,100;110,120)&layers=conv:(1)&at=0,0"
    lab.open(f"{picture}&colors=photo")
    point_at_cells(lab)
    lab.page.mouse.dblclick(*cell_of(lab, 0, 0, rows=2))
    expect(lab.page.get_by_text("Choose one of its channels below the input")).to_be_visible()
    expect(field(lab)).to_have_count(0)
    lab.open(picture)
    lab.part("input-multiples").get_by_role("button").nth(1).click()
    point_at_cells(lab)
    lab.page.mouse.dblclick(*cell_of(lab, 1, 0, rows=2))
    expect(field(lab)).to_have_value("70")
    lab.page.keyboard.type("7")
    lab.page.keyboard.press("Enter")
    lab.says("(50,60;7,80)")
    assert lab.scene()["image"]["planes"][0][1][0] == "30"
