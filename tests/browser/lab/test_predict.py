"""Links that ask: the answer is nowhere on the page until somebody has guessed, and then the figure shows it."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import SECONDS, Lab, faults

CELL = "image=(3,1,4;1,5,9;2,6,5)&layers=conv:(7,-12;13,18)&at=1,1&predict=cell"
RIGHT = 7 * 5 - 12 * 9 + 13 * 6 + 18 * 5
NEXT = 7 * 1 - 12 * 5 + 13 * 2 + 18 * 6
SIZE = "image=coffee&size=37&layers=conv:sobel-x,stride=2,padding=1~relu&predict=size"
PARAMETERS = "image=coffee&channels=rgb&layers=conv:random*7@3x3&predict=parameters"
MAP = "image=coffee&layers=conv:sobel-x&predict=map"
FILTER = "image=coffee&layers=conv:sobel-x&predict=filter"
FIT = "image=empty-7&layers=conv:sobel-x,stride=3&predict=fit"
SAID = """() => [...document.querySelectorAll("body *")].flatMap((element) =>
  element.closest("[data-part=question], script, style") ? [] :
  [...element.attributes].filter(({name}) => /^(aria-|title$|alt$|max$|value$)/.test(name)).map(({value}) => value)
    .concat([...element.childNodes].filter(({nodeType}) => nodeType === 3).map(({data}) => data))).join("\\n")"""


def said(page: Page) -> str:
    """All texts of the page outside the question, seen or heard, with minus signs as they are typed."""
    return f"{page.title()}\n{page.evaluate(SAID)}".replace("−", "-")


def ask(lab: Lab, query: str, path: str = "/") -> Locator:
    lab.open(query, path)
    expect(lab.part("reveal")).to_be_enabled()
    return lab.part("question")


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_hidden_number_is_neither_seen_nor_heard_before_the_guess_and_both_after_it(lab: Lab, path: str):
    question = ask(lab, CELL, path)
    assert str(RIGHT) not in said(lab.page)
    assert "position 4 of 4" not in lab.page.locator("body").inner_text()
    question.get_by_role("button", name=str(RIGHT), exact=True).click()
    expect(lab.part("verdict")).to_contain_text(f"{RIGHT} is right.")
    expect(lab.part("result-value")).to_have_text(f"+{RIGHT}")


def test_a_wrong_guess_is_told_what_it_would_be_right_for(lab: Lab):
    question = ask(lab, CELL)
    turned = 18 * 5 + 13 * 9 - 12 * 6 + 7 * 5
    question.get_by_role("button", name=str(turned), exact=True).click()
    expect(lab.part("verdict")).to_contain_text(
        f"{turned} would be right with the filter turned by 180°; the answer is {RIGHT}."
    )
    expect(question.locator(".is-right b")).to_have_text(str(RIGHT))


@pytest.mark.parametrize(
    ("query", "typed", "sentence"),
    [
        (CELL, "forty", "Type one number, such as 3 or −0.5."),
        (SIZE, "big", "Type rows and columns, such as 30 × 28."),
    ],
)
def test_a_guess_that_is_no_number_is_answered_and_can_be_typed_again(lab: Lab, query: str, typed: str, sentence: str):
    ask(lab, query)
    lab.page.locator("[name=guess]").fill(typed)
    lab.page.keyboard.press("Enter")
    expect(lab.part("verdict").get_by_role("status")).to_have_text(sentence)
    assert str(RIGHT) not in said(lab.page)
    lab.page.locator("[name=guess]").fill("3")
    lab.page.keyboard.press("Enter")
    expect(lab.part("verdict")).to_contain_text("the answer is")


def test_a_typed_guess_is_compared_with_every_rule(lab: Lab):
    ask(lab, CELL)
    lab.page.locator("[name=guess]").fill(str(NEXT))
    lab.page.keyboard.press("Enter")
    expect(lab.part("verdict")).to_contain_text(f"{NEXT} would be right one place further; the answer is {RIGHT}.")


def test_the_figure_goes_through_the_step_before_the_verdict(lab: Lab):
    question = ask(lab, CELL)
    question.get_by_role("button", name=str(RIGHT), exact=True).click()
    expect(lab.page.locator(".grid.of-products:not(.waiting)")).to_be_visible()
    expect(lab.part("verdict")).to_be_hidden()
    expect(lab.part("verdict")).to_contain_text("is right.")


@pytest.mark.parametrize(
    ("query", "answer", "hidden"),
    [(SIZE, "19 × 19", ["19", "361"]), (PARAMETERS, "196", ["196", "30×30"])],
)
def test_a_size_and_parameters_are_nowhere_until_r_shows_them(lab: Lab, query: str, answer: str, hidden: list[str]):
    ask(lab, query)
    text = said(lab.page)
    assert not [one for one in hidden if one in text.split() or f" {one}" in text]
    lab.page.keyboard.press("r")
    expect(lab.part("verdict")).to_contain_text(f"The answer is {answer}.")
    expect(lab.part("verdict").locator(".mono")).to_contain_text("= " + answer.split()[0])


def test_keys_and_the_strip_do_not_lead_past_a_question(lab: Lab):
    ask(lab, CELL)
    for key in ("ArrowRight", "End", " ", "k", "]", "PageDown", "Shift+ArrowRight"):
        lab.page.keyboard.press(key)
    lab.rest()
    assert str(RIGHT) not in said(lab.page)
    assert "predict=cell" in lab.page.url


def test_going_on_gives_the_whole_page_back_and_a_link_that_asks_nothing(lab: Lab):
    ask(lab, SIZE)
    lab.page.keyboard.press("r")
    lab.part("go-on").click()
    expect(lab.part("transport")).to_be_visible()
    expect(lab.part("question")).to_have_count(0)
    expect(lab.part("formula")).to_contain_text("= 19")
    lab.eventually(lambda: "predict" not in lab.page.url and "hide" not in lab.page.url)
    lab.page.keyboard.press("Home")
    expect(lab.part("count")).to_contain_text("1 / 361")


def test_maps_are_chosen_by_their_pictures(lab: Lab):
    question = ask(lab, MAP)
    assert question.locator("[data-guess] img").count() >= 3
    expect(lab.part("output-title")).to_have_text("Input")
    question.locator("[data-guess]").first.click()
    expect(lab.part("output-title")).to_have_text("Feature map")
    assert question.locator("small").filter(has_text="would be right").count() >= 2


def test_a_filter_is_chosen_by_its_numbers_and_named_only_afterwards(lab: Lab):
    question = ask(lab, FILTER)
    assert "sobel" not in said(lab.page).lower()
    assert "sobel" not in question.inner_text().lower()
    expect(question.get_by_role("img", name="the map that was made")).to_be_visible()
    question.get_by_role("button").filter(has=lab.page.get_by_label("1 0 -1; 2 0 -2; 1 0 -1".replace("-", "−"))).click()
    expect(lab.part("verdict")).to_contain_text("is the filter turned by 180°")
    expect(lab.part("verdict")).to_contain_text("sobel-x")


def test_whether_a_window_fits_is_shown_with_what_it_never_reads(lab: Lab):
    question = ask(lab, FIT)
    question.get_by_role("button", name="none").click()
    expect(lab.part("verdict")).to_contain_text("none would be right with a stride of 1")
    expect(lab.part("verdict")).to_contain_text("rows: 1, columns: 1")
    lab.part("go-on").click()
    lab.says("marks=1")


def test_a_clicker_reveals_and_goes_on_in_present_where_nobody_types(lab: Lab):
    ask(lab, f"{CELL}&present=1")
    expect(lab.page.locator("[name=guess]")).to_be_hidden()
    lab.page.keyboard.press("PageDown")
    expect(lab.part("verdict")).to_contain_text(f"The answer is {RIGHT}.")
    lab.page.keyboard.press("PageDown")
    expect(lab.part("question")).to_have_count(0)


def test_a_file_asks_without_a_server(context: BrowserContext, page: Page, base_url: str, tmp_path: Path):
    file = tmp_path / "figure.html"
    file.write_bytes(httpx.get(f"{base_url}/api/export/html?{CELL}", timeout=SECONDS).raise_for_status().content)
    context.set_offline(True)
    page.goto(file.as_uri())
    expect(page.locator("[data-part=reveal]")).to_be_enabled()
    assert str(RIGHT) not in said(page)
    page.locator("[data-part=reveal]").click()
    expect(page.locator("[data-part=verdict]")).to_contain_text(f"The answer is {RIGHT}.", timeout=20_000)


@pytest.mark.parametrize("query", [CELL, SIZE, MAP, FILTER, FIT])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_and_after_the_answer(devices: Devices, theme: str, query: str):
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=theme)
    ask(lab, query)
    assert faults(lab.page) == []
    lab.page.keyboard.press("r")
    expect(lab.part("go-on")).to_be_visible()
    assert faults(lab.page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (800, 450), (390, 844), (844, 390)])
def test_nothing_of_a_question_lies_beyond_the_page(devices: Devices, width: int, height: int):
    lab = devices.lab(viewport={"width": width, "height": height})
    ask(lab, SIZE)
    assert cut_off(lab) == []
    lab.page.keyboard.press("r")
    expect(lab.part("go-on")).to_be_visible()
    assert cut_off(lab) == []


def cut_off(lab: Lab) -> list[str]:
    """Texts of the question that do not fit, and the page if it scrolls sideways."""
    return lab.page.evaluate("""() => [
      ...(document.documentElement.scrollWidth > innerWidth ? ["the page"] : []),
      ...[...document.querySelectorAll(".question :is(button, p, h2, b)")]
        .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1).map((one) => one.textContent)]""")


def test_share_gives_the_link_that_asks_with_its_own_stage(lab: Lab):
    query = "image=coffee&layers=conv:sobel-x~relu~maxpool:2&stage=3&predict=size"
    ask(lab, query)
    lab.part("share").click()
    link = lab.page.locator("dialog input[readonly]").first.input_value()
    assert "stage=3" in link
    assert "predict=size" in link
    assert "hide" not in link


def test_who_prepares_a_link_that_asks_sees_the_whole_figure(lab: Lab):
    ask(lab, SIZE)
    lab.part("share").click()
    lab.button("Prepare for students…").click()
    expect(lab.part("authoring")).to_be_visible()
    expect(lab.part("question")).to_have_count(0)
    expect(lab.part("output-shape")).to_have_text("19 × 19")


def test_prepare_for_students_makes_a_link_that_asks(lab: Lab):
    lab.open("image=coffee&layers=conv:sobel-x&at=3,4")
    lab.part("share").click()
    lab.button("Prepare for students…").click()
    lab.key("authoring-predict").select_option("cell")
    link = lab.part("authoring-link").input_value()
    assert "predict=cell" in link
    assert "at=3%2C4" in link
