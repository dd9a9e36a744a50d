"""The views of a step: opened by letters, large on the stage, their presses, and what they show of a step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab, faults

STACK = "image=chelsea&layers=conv:box-blur~relu~conv:box-blur~relu~conv:box-blur&stage=5&at=12,12"
CURVE = "image=chelsea&layers=conv:sobel-x~relu&stage=2&at=3,3"
LETTERS = {"e": "equation", "n": "neuron", "m": "matrix", "r": "field", "f": "function", "c": "code"}


def press(lab: Lab, *keys: str) -> Lab:
    for key in keys:
        lab.page.keyboard.press(key)
    return lab.rest()


def is_big(lab: Lab) -> bool:
    return bool(lab.page.evaluate("document.querySelector('[data-part=page]').hasAttribute('data-big')"))


@pytest.mark.parametrize(("letter", "name"), LETTERS.items())
def test_the_letter_of_a_view_opens_it_enlarges_it_and_closes_it(lab: Lab, letter: str, name: str) -> None:
    press(lab.open(CURVE), letter)
    lab.says(f"tab={name}")
    expect(lab.part("panel")).to_be_visible()
    assert not is_big(lab)
    press(lab, letter)
    lab.says("big=1")
    assert is_big(lab)
    press(lab, letter)
    lab.drops("tab=")
    lab.drops("big=")
    expect(lab.part("panel")).to_be_hidden()


def test_a_large_view_leaves_the_figure_small_and_alive_beside_it(lab: Lab) -> None:
    lab.open(f"{CURVE}&tab=function&big=1").rest()
    panel, small = lab.part("panel").bounding_box(), lab.part("figure").bounding_box()
    assert panel is not None
    assert small is not None
    assert panel["width"] > 2 * small["width"]
    assert small["x"] + small["width"] <= panel["x"] + 1
    press(lab, "ArrowRight")
    lab.says("at=3,4", "big=1")
    expect(lab.part("sums")).to_be_hidden()


def test_the_button_of_the_sheet_enlarges_and_escape_closes(lab: Lab) -> None:
    lab.open(f"{CURVE}&tab=function").rest()
    lab.page.get_by_role("button", name="Enlarge this view").click()
    lab.says("big=1")
    lab.page.get_by_role("button", name="Make this view smaller").click()
    lab.drops("big=")
    expect(lab.part("panel")).to_be_visible()
    lab.part("enlarge-view").click()
    press(lab, "Escape")
    lab.drops("tab=")


def test_back_closes_a_view_that_took_the_stage(lab: Lab) -> None:
    press(lab.open(CURVE), "f", "f")
    lab.says("big=1")
    lab.page.go_back()
    lab.drops("big=")
    lab.until("!document.querySelector('[data-big]')")
    lab.page.go_forward()
    lab.says("big=1")
    lab.until("document.querySelector('[data-big]')")


def test_a_clicker_goes_on_in_a_large_view_before_it_tells_the_story(lab: Lab) -> None:
    lab.open(f"{STACK}&tab=field&big=1&press=0").rest()
    sizes = lab.page.locator(".field-size")
    expect(sizes.locator("visible=true").filter(has_text="×")).to_have_count(0)
    for shown in (["3 × 3"], ["5 × 5", "3 × 3"], ["7 × 7", "5 × 5", "3 × 3"]):
        press(lab, "PageDown")
        assert [text for text in sizes.all_text_contents() if text] == shown
    expect(lab.part("panel")).not_to_contain_text("1 + L")
    press(lab, "PageDown")
    expect(lab.part("panel")).to_contain_text("1 + L·(F − 1) = 1 + 3·(3 − 1) = 7")
    lab.drops("press=")
    press(lab, "PageDown")
    lab.says("story=1")
    press(lab, "PageUp")
    lab.says("press=3")


def test_while_presenting_a_letter_shows_the_question_on_the_whole_stage(lab: Lab) -> None:
    press(lab.open(f"{STACK}&present=1"), "r")
    lab.until("document.documentElement.hasAttribute('data-present')")
    lab.says("tab=field", "big=1", "press=0")
    expect(lab.page.locator(".question")).to_have_text(
        "Which part of the picture can influence row 12, column 12 of “Feature map”?"
    )
    smallest = """() => Math.min(...[...document.querySelectorAll('.panel :is(p, b, text, span)')]
      .filter((one) => one.checkVisibility() && one.textContent && !one.closest('.unseen'))
      .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""
    assert lab.page.evaluate(smallest) >= 720 / 40


def test_locked_or_hidden_views_have_no_letters(lab: Lab) -> None:
    for link in ("lock=tabs", "hide=tabs"):
        press(lab.open(f"{CURVE}&{link}"), "n")
        assert "tab=" not in lab.link


@pytest.mark.parametrize(
    ("layers", "tab", "words"),
    [
        ("conv:sobel-x", "function", "Each cell is a sum of many inputs"),
        ("maxpool:2", "function", "a whole window"),
        ("maxpool:2", "neuron", "no weights"),
        ("shift:0x1", "function", "moves or repeats cells"),
        ("conv:sobel-x,padding=1~add:0&stage=2", "function", "several stages"),
        ("softmax", "function", "depends on all values"),
        ("relu&stage=0", "field", "computed from nothing"),
    ],
)
def test_a_view_that_a_layer_has_not_says_why(lab: Lab, layers: str, tab: str, words: str) -> None:
    lab.open(f"image=face&layers={layers}&tab={tab}").rest()
    expect(lab.part("panel")).to_contain_text(words)
    expect(lab.part("presses")).to_be_hidden()


# --- the receptive field --------------------------------------------------------------------------------------


def test_the_field_of_a_cell_is_told_in_words_and_in_a_table(lab: Lab) -> None:
    lab.open(f"{STACK}&tab=field").rest()
    said = lab.part("panel").inner_text()
    assert "Its receptive field in the picture: 7 × 7 px. Neighbors’ windows lie 1 px apart." in said
    assert "Three layers of 3 × 3 see as much as one of 7 × 7, with two more ReLUs between them." in said
    assert {"27C²", "49C²"} <= set(said.split())
    rows = lab.part("panel").locator("table tbody tr")
    cells = [row.locator("td").all_inner_texts() for row in rows.all()]
    assert cells[0] == ["7 × 7", "12 – 18", "12 – 18"]
    assert cells[-1] == ["1 × 1", "12", "12"]


def test_jump_and_start_are_said_with_a_stride_and_a_padding(lab: Lab) -> None:
    lab.open("image=chelsea&layers=conv:box-blur,stride=2,padding=1~maxpool:2&stage=2&at=0,0&tab=field").rest()
    said = lab.part("panel").inner_text()
    assert "Its receptive field in the picture: 5 × 5 px. Neighbors’ windows lie 4 px apart." in said
    assert "The first begins 1 px outside the upper edge and 1 px outside the left edge." in said
    assert "1 + Σ (F − 1)·jump = 1 + (3 − 1)·1 + (2 − 1)·2 = 5" in said
    expect(lab.page.locator(".field-hatch")).to_have_count(1)


def test_behind_a_network_s_last_layers_the_whole_picture_is_seen(lab: Lab) -> None:
    lab.open("image=digit-3&size=28&layers=model:lenet5&tab=field&big=1").rest()
    expect(lab.part("panel")).to_contain_text("It can see the whole picture.")
    expect(lab.page.locator(".field-size").first).to_have_text("all 28 × 28")


def test_paths_are_shaded_when_asked_and_counted(lab: Lab) -> None:
    lab.open(f"{STACK}&tab=field&big=1").rest()
    before = lab.page.locator(".field-dim").count()
    lab.page.get_by_role("button", name="Shade by paths").click()
    lab.says("paths=1")
    assert lab.page.locator(".field-dim").count() == before + 49
    expect(lab.part("panel")).to_contain_text("At most 49 paths lead from a cell to this one, at least 1")


def test_a_click_on_a_stage_goes_to_the_cells_of_the_field(lab: Lab) -> None:
    lab.open(f"{STACK}&tab=field&big=1").rest()
    lab.page.locator(".field-caption").nth(2).click()
    lab.says("stage=4", "at=13,13")


# --- the function ---------------------------------------------------------------------------------------------


def test_the_curve_has_the_point_of_the_cell_and_counts_what_becomes_0(lab: Lab) -> None:
    lab.open("image=(-3,-1;2,4)&layers=relu&at=1,0&beat=write&tab=function").rest()
    said = lab.part("panel").inner_text()
    assert "y = max(0, x)" in said
    assert "x = 2, y = 2" in said
    assert "Of the 4 cells of this map 50 % become 0." in said
    label = lab.part("panel").get_by_role("img").get_attribute("aria-label")
    assert label == "The curve of ReLU, with the point of this cell: x = 2, y = 2."


def test_before_its_step_a_cell_has_no_value_in_the_curve(lab: Lab) -> None:
    lab.open("image=(-3,-1;2,4)&layers=relu&at=1,0&beat=window&tab=function").rest()
    expect(lab.part("panel")).to_contain_text("x = 2, y = ?")


def test_the_curve_comes_first_then_the_point_then_all_cells(lab: Lab) -> None:
    lab.open(f"{CURVE}&tab=function&big=1&press=0&beat=write").rest()
    points, rug = lab.page.locator(".function-view circle"), lab.page.locator(".rug")
    assert (points.count(), rug.count()) == (0, 0)
    press(lab, "PageDown")
    assert (points.count(), rug.count()) == (3, 0)
    press(lab, "PageDown")
    assert points.count() == 3
    assert rug.count() > 10


def test_a_click_on_the_rug_goes_to_a_cell_with_that_input(lab: Lab) -> None:
    lab.open("image=(-3,-1;2,4)&layers=relu&at=1,0&beat=write&tab=function&big=1").rest()
    lab.page.locator(".rug").first.click()
    lab.says("at=0,0")
    expect(lab.part("panel")).to_contain_text("x = −3")


@pytest.mark.parametrize("name", ["leaky_relu", "relu6", "gelu", "silu", "hardswish", "step", "sigmoid", "tanh", "abs"])
def test_every_activation_has_a_curve_through_its_cells(lab: Lab, name: str) -> None:
    lab.open(f"image=(-3,-1;2,9)&layers={name}&at=1,0&beat=write&tab=function").rest()
    assert len((lab.page.locator(".curve").get_attribute("points") or "").split()) > 200
    assert re.search(r"x = 2, y = \S", lab.part("panel").inner_text())


@pytest.mark.parametrize("query", [f"{STACK}&tab=field&paths=1", f"{CURVE}&tab=function&beat=write"])
@pytest.mark.parametrize("big", ["", "&big=1"])
def test_views_are_accessible(lab: Lab, query: str, big: str) -> None:
    assert faults(lab.open(query + big).rest().page) == []
