"""The pages of exercises: made with a mouse and with keys, answered on a phone, read by axe, printed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.exercises.exercise import KINDS
from app.exercises.set_reader import read_set
from tests.browser.conftest import Devices
from tests.browser.lab_page import faults
from tests.exercises.made_exercises import made

ALL = f"exercises={'~'.join(KINDS)}"
CELL = made(read_set({"exercises": "cell"}).specs[0], 7)


@pytest.fixture
def maker(page: Page, base_url: str) -> Page:
    page.goto(f"{base_url}/exercises?exercises=cell&variants=2")
    return page


def open_try(page: Page, base_url: str, query: str = "exercises=cell&seed=7") -> Page:
    page.goto(f"{base_url}/exercises/try?{query}")
    return page


def test_a_set_is_made_with_the_mouse_and_is_in_the_address(maker: Page) -> None:
    maker.get_by_label("Filter side").select_option("3")
    expect(maker).to_have_url(re.compile(r"\?exercises=cell,filter=3&variants=2"))
    expect(maker.locator(".exercise-card").first).to_contain_text("A filter of 3 × 3")
    maker.get_by_role("button", name="Add an exercise").click()
    expect(maker.locator("[data-part=row]")).to_have_count(2)
    second = maker.get_by_role("group", name="Exercise 2")
    second.get_by_label("Kind").select_option("field")
    expect(maker.locator(".exercise-card h4").nth(1)).to_have_text("2. The receptive field")
    expect(second.get_by_label("Channels")).to_have_count(0)
    maker.get_by_label("First seed").fill("40")
    maker.get_by_label("First seed").press("Tab")
    expect(maker.get_by_role("heading", name="Seed 41")).to_be_visible()
    expect(maker.get_by_role("link", name="Moodle XML")).to_have_attribute(
        "href", re.compile("cell,filter=3~field.*seed=40")
    )
    address = maker.url
    shown = maker.locator(".exercise-card").all_inner_texts()
    maker.reload()
    assert maker.url == address
    assert maker.locator(".exercise-card").all_inner_texts() == shown
    maker.get_by_role("button", name="Remove exercise 1").click()
    expect(maker.locator("[data-part=row]")).to_have_count(1)
    expect(maker).to_have_url(re.compile("exercises=field&"))


def test_a_set_is_made_with_keys_alone_and_the_focus_stays(maker: Page) -> None:
    kind = maker.get_by_label("Kind")
    kind.focus()
    maker.keyboard.press("ArrowDown")
    expect(maker.locator(".exercise-card h4").first).to_have_text("1. A whole map")
    expect(kind).to_be_focused()
    maker.keyboard.press("Tab")
    maker.keyboard.press("4")
    expect(maker).to_have_url(re.compile("exercises=map,size=4"))
    expect(maker.get_by_label("Input side")).to_be_focused()


def test_answers_are_shown_and_hidden_and_that_is_in_the_address(maker: Page) -> None:
    answer = maker.locator("[data-part=answer]").first
    expect(answer).not_to_have_attribute("open", "")
    maker.get_by_label("Show the answers").check()
    expect(answer).to_have_attribute("open", "")
    expect(answer).to_contain_text("would be right")
    expect(maker).to_have_url(re.compile("answers=1"))
    maker.reload()
    expect(answer).to_have_attribute("open", "")
    maker.get_by_label("Show the answers").uncheck()
    expect(answer).not_to_have_attribute("open", "")
    assert "answers" not in maker.url


def test_what_cannot_be_made_is_said_and_the_form_stays(maker: Page) -> None:
    maker.get_by_label("Kind").select_option("map")
    maker.get_by_label("Input side").select_option("8")
    maker.get_by_label("Filter side").select_option("2")
    expect(maker.get_by_role("alert")).to_contain_text("no exercise with these options")
    expect(maker.get_by_label("Input side")).to_have_value("8")
    maker.get_by_label("Input side").select_option("4")
    expect(maker.get_by_role("alert")).to_have_count(0)


def test_all_links_of_the_students_are_copied(maker: Page, base_url: str) -> None:
    maker.context.grant_permissions(["clipboard-read", "clipboard-write"])
    maker.get_by_role("button", name="Copy all links").click()
    expect(maker.locator("[data-part=said]")).to_have_text("Copied.")
    copied = maker.evaluate("navigator.clipboard.readText()").split("\n")
    assert copied == [f"{base_url}/exercises/try?exercises=cell&seed={seed}" for seed in (1, 2)]


def test_a_student_reads_which_mistake_was_made_and_has_as_many_tries_as_were_chosen(page: Page, base_url: str) -> None:
    open_try(page, base_url)
    (field,) = CELL.fields
    verdict = page.locator("[data-part=verdict]")
    page.get_by_label("Number").fill("a lot")
    page.get_by_label("Number").press("Enter")
    expect(verdict).to_contain_text("Type a whole number in each field")
    page.get_by_label("Number").fill(str(field.wrong[0].number).replace("-", "−"))
    page.get_by_label("Number").press("Enter")
    expect(verdict).to_contain_text(field.wrong[0].sentence)
    expect(verdict).to_contain_text("1 try left.")
    page.get_by_label("Number").fill("999")
    page.get_by_role("button", name="Check").click()
    expect(verdict).to_contain_text(f"The answer is {CELL.right.text}.")
    expect(verdict).to_contain_text(CELL.lines[0])
    expect(page.get_by_label("Number")).to_be_disabled()


def test_a_right_answer_ends_an_exercise_with_how_it_is_worked_out(page: Page, base_url: str) -> None:
    open_try(page, base_url)
    page.get_by_label("Number").fill(str(CELL.fields[0].right))
    page.keyboard.press("Enter")
    verdict = page.locator("[data-part=verdict]")
    expect(verdict).to_contain_text("Right.")
    expect(verdict).to_contain_text(CELL.lines[0])


def test_every_kind_is_answered_on_a_phone(devices: Devices, base_url: str) -> None:
    page = devices.phone().page
    open_try(page, base_url, f"{ALL}&seed=2&tries=1")
    for form, kind in zip(page.locator("[data-part=exercise]").all(), KINDS, strict=True):
        exercise = made(read_set({"exercises": kind}).specs[0], 2)
        numbers = form.locator("[data-part=number]")
        for index, field in enumerate(exercise.fields):
            numbers.nth(index).fill(str(field.right))
        if exercise.is_chosen:
            form.get_by_role("radio").nth(exercise.offered.index(exercise.right)).check()
        form.get_by_role("button", name="Check").tap()
        expect(form.locator("[data-part=verdict]")).to_contain_text("Right.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_both_pages(devices: Devices, base_url: str, scheme: str) -> None:
    page = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme).page
    page.goto(f"{base_url}/exercises?{ALL}&variants=1&answers=1")
    assert faults(page) == []
    open_try(page, base_url, f"{ALL}&seed=2")
    page.get_by_role("button", name="Check").first.click()
    assert faults(page) == []


def test_fingers_have_room_on_a_phone(devices: Devices, base_url: str) -> None:
    page = devices.phone().page
    for path in ("exercises?exercises=cell~size", "exercises/try?exercises=cell~filter&seed=1"):
        page.goto(f"{base_url}/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        low = page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, select, input.field, summary, a.button)")]
              .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
              .map(one => one.outerHTML.slice(0, 80))"""
        )
        assert low == []


def test_a_sheet_opens_in_a_tab_and_its_key_begins_on_a_page_of_its_own(page: Page, base_url: str) -> None:
    page.goto(f"{base_url}/api/exercises/sheet.html?{ALL}&variants=2")
    page.emulate_media(media="print")
    breaks = "[...document.querySelectorAll('.sheet, .key')].map(one => getComputedStyle(one).breakBefore)"
    assert page.evaluate(breaks) == ["auto", "page", "page"]
    widths = page.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert widths == [720] * 14
