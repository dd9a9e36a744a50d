"""A lesson walked in the browser: by keys, a mouse, a clicker and a finger, alone and in the frame of another page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect

from app.lessons.lesson_shelf import load_built_in_lessons
from tests.browser.conftest import new_page
from tests.browser.deck import site
from tests.browser.lab_page import faults

LESSONS = load_built_in_lessons()
WALKED = ("one-stop", "how-many-stops")
PHONE = {"width": 390, "height": 844}
LOW = ({"width": 844, "height": 390}, {"width": 667, "height": 375})


def part(page: Page, name: str) -> Locator:
    return page.locator(f"[data-part={name}]").first


def figure(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[data-part=frame]")


def open_lesson(page: Page, base_url: str, name: str, keys: str = "") -> dict[str, Any]:
    """Open a lesson at its start, or as `keys` say; what the server says of it."""
    page.goto(f"{base_url}/lessons/{name}{keys}")
    expect(figure(page).locator("[data-part=output-maps] canvas, [data-part=input-maps] canvas").first).to_be_attached()
    lesson: dict[str, Any] = page.request.get(f"{base_url}/api/lessons/{name}").json()
    return lesson


def find_question(lesson: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The first scene of a lesson that asks, and its question."""
    return next((i, scene["question"]) for i, scene in enumerate(lesson["scenes"]) if scene["question"])


def wrong_choice(question: dict[str, Any]) -> int:
    return next(i for i, choice in enumerate(question["choices"]) if i != question["right"] and choice["reason"])


@pytest.mark.parametrize("name", WALKED)
def test_a_whole_lesson_is_walked_by_keys_alone(page: Page, base_url: str, name: str) -> None:
    scenes = open_lesson(page, base_url, name)["scenes"]
    for number, scene in enumerate(scenes, 1):
        expect(part(page, "count")).to_have_text(f"{number} of {len(scenes)}")
        expect(part(page, "heading")).to_have_text(scene["heading"])
        if question := scene["question"]:
            expect(part(page, "ask")).to_contain_text(question["sentence"])
            right = page.locator(f"[data-part=ask] [data-choice='{question['right']}']")
            right.focus()
            page.keyboard.press("Enter")
            expect(part(page, "verdict")).to_contain_text("is right")
            if why := question["why"]:
                page.locator(f"[data-part=why] [data-choice='{why['right']}']").focus()
                page.keyboard.press("Space")
                expect(part(page, "why-verdict")).to_contain_text("Yes.")
        page.keyboard.press("ArrowRight")
    expect(part(page, "end")).to_be_visible()
    expect(part(page, "end")).to_be_focused()


def test_a_wrong_answer_is_committed_named_and_then_the_figure_plays_the_right_one(page: Page, base_url: str) -> None:
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}")
    choices = page.locator("[data-part=ask] [data-choice]")
    expect(choices).to_have_count(len(question["choices"]))
    assert question["answer"] not in figure(page).locator("[data-part=output-maps]").inner_text()
    wrong = wrong_choice(question)
    choices.nth(wrong).click()
    expect(part(page, "verdict")).to_contain_text(question["choices"][wrong]["text"])
    expect(part(page, "verdict")).to_contain_text(question["choices"][wrong]["reason"])
    expect(part(page, "verdict")).to_contain_text(f"the answer is {question['answer']}")
    expect(choices.nth(question["right"])).to_have_class(re.compile("is-right"))
    expect(choices.first).to_be_disabled()
    expect(figure(page).locator(".lesson-line")).to_contain_text(question["answer"])


def test_a_number_that_is_typed_is_judged_like_a_choice(page: Page, base_url: str) -> None:
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}")
    field = page.get_by_role("textbox")
    field.fill("many")
    field.press("Enter")
    expect(part(page, "verdict")).to_contain_text("Type one number")
    field.fill(question["answer"])
    field.press("Enter")
    expect(part(page, "verdict")).to_contain_text(f"{question['answer']} is right")


def test_r_shows_the_answer_where_nobody_types(page: Page, base_url: str) -> None:
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}")
    expect(part(page, "ask")).to_contain_text(question["sentence"])
    page.keyboard.press("r")
    expect(part(page, "verdict")).to_contain_text(f"The answer is {question['answer']}")


def test_a_clicker_presents_text_question_answer_why_and_the_next_scene(page: Page, base_url: str) -> None:
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}&present=1")
    expect(part(page, "heading")).to_be_visible()
    expect(part(page, "ask")).to_be_hidden()
    page.keyboard.press("PageDown")
    expect(part(page, "ask")).to_contain_text(question["sentence"])
    page.keyboard.press("PageDown")
    expect(part(page, "verdict")).to_contain_text(question["answer"])
    page.keyboard.press("PageDown")
    expect(part(page, "why")).to_be_visible()
    page.keyboard.press("PageDown")
    expect(part(page, "why-verdict")).to_contain_text(question["why"]["choices"][question["why"]["right"]]["text"])
    page.keyboard.press("PageUp")
    expect(part(page, "ask")).to_be_hidden()


def test_presenting_in_the_middle_of_a_scene_keeps_what_was_answered(page: Page, base_url: str) -> None:
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}")
    page.locator("[data-part=ask] [data-choice]").first.click()
    said = part(page, "verdict").inner_text()
    assert question["answer"] in said
    page.keyboard.press("p")
    expect(page.locator("html[data-present]")).to_be_attached()
    expect(part(page, "verdict")).to_have_text(said, use_inner_text=True)
    page.keyboard.press("Escape")
    expect(page.locator("html[data-present]")).to_have_count(0)
    expect(part(page, "verdict")).to_have_text(said, use_inner_text=True)


def test_a_clicker_works_where_the_figure_has_the_focus(page: Page, base_url: str) -> None:
    lesson = open_lesson(page, base_url, "one-stop")
    number, _ = find_question(lesson)
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}&present=1")
    figure(page).locator("[data-part=input-maps] canvas").first.wait_for()
    figure(page).locator("[data-part=input-maps]").focus()
    page.keyboard.press("PageDown")
    expect(part(page, "ask")).to_be_visible()


def test_one_can_leave_the_path_and_come_back(page: Page, base_url: str) -> None:
    open_lesson(page, base_url, "one-stop")
    count = figure(page).locator("[data-part=count]")
    before = count.text_content() or ""
    figure(page).get_by_role("button", name="One position on").click()
    expect(count).not_to_have_text(before)
    page.get_by_role("button", name="Back to the scene").click()
    expect(count).to_have_text(before)


def test_a_word_lights_the_part_of_the_figure_that_it_names(page: Page, base_url: str) -> None:
    open_lesson(page, base_url, "one-stop")
    word = page.locator("[data-part=words] [data-light]").first
    name = word.get_attribute("data-light") or ""
    root = figure(page).locator("html")
    word.click()
    expect(root).to_have_attribute("data-lit", name)
    expect(word).to_have_attribute("aria-pressed", "true")
    word.click()
    page.mouse.move(1, 1)
    part(page, "next").focus()
    expect(root).to_have_attribute("data-lit", "")


def test_progress_is_kept_in_the_tab_and_shown_on_the_page_of_all_lessons(page: Page, base_url: str) -> None:
    scenes = open_lesson(page, base_url, "how-many-stops")["scenes"]
    for _ in range(sum(5 if (scene["question"] or {}).get("why") else 1 for scene in scenes)):
        page.keyboard.press("ArrowRight")
    expect(part(page, "end")).to_be_visible()
    page.goto(f"{base_url}/lessons")
    card = page.locator("[data-name=how-many-stops]")
    expect(card).to_contain_text(f"{len(scenes)} of {len(scenes)} scenes")
    expect(page.locator("[data-name=one-stop] [data-part=progress]")).to_be_empty()


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    yield context
    context.close()


def test_a_lesson_is_walked_on_a_phone(phone: BrowserContext, base_url: str) -> None:
    page = new_page(phone)
    scenes = open_lesson(page, base_url, "one-stop")["scenes"]
    for scene in scenes:
        expect(part(page, "heading")).to_have_text(scene["heading"])
        if question := scene["question"]:
            page.locator(f"[data-part=ask] [data-choice='{question['right']}']").tap()
            expect(part(page, "verdict")).to_contain_text("is right")
            page.locator(f"[data-part=why] [data-choice='{question['why']['right']}']").tap()
            expect(part(page, "why-verdict")).to_contain_text("Yes.")
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        part(page, "next").tap()
    expect(part(page, "end")).to_be_visible()
    for control in page.locator("button:visible, a.button:visible").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 44 or "lesson-links" in control.evaluate("(one) => one.parentElement.className")


@pytest.mark.parametrize(
    "how", [*({"viewport": size, "has_touch": True} for size in LOW), {"reduced_motion": "reduce"}]
)
def test_a_lesson_is_walked_on_a_landscape_phone_and_at_rest(
    browser: Browser, base_url: str, how: dict[str, Any]
) -> None:
    context = browser.new_context(**how)
    page = new_page(context)
    scenes = open_lesson(page, base_url, "picture-numbers")["scenes"]
    for number, scene in enumerate(scenes, 1):
        page.goto(f"{base_url}/lessons/picture-numbers?scene={number}")
        expect(part(page, "heading")).to_have_text(scene["heading"])
        expect(part(page, "heading")).to_be_in_viewport(ratio=1)
        if scene["question"]:
            expect(part(page, "ask")).to_be_visible()
            page.keyboard.press("r")
            expect(part(page, "verdict")).to_be_in_viewport()
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    context.close()


AROUND = """<!doctype html><title>A course</title>
<script>
  window.told = [];
  addEventListener("message", ({{ data }}) => told.push(data));
</script>
<iframe src="{url}" width="1000" height="640"></iframe>"""


def test_a_lesson_in_the_frame_of_another_page_tells_it_where_one_is(page: Page, base_url: str) -> None:
    with site(AROUND.format(url=f"{base_url}/embed/lesson/one-stop")) as url:
        page.goto(url)
        lesson = page.frame_locator("iframe")
        expect(lesson.locator("[data-part=heading]")).to_be_visible()
        expect(lesson.get_by_role("link", name="For teachers")).to_have_count(0)
        page.wait_for_function("told.some(({ type }) => type === 'ready')")
        lesson.locator("[data-scene='1']").click()
        second = "({ type, scene, lesson }) => type === 'scene' && scene === 2 && lesson === 'one-stop'"
        page.wait_for_function(f"told.some({second})")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_lesson_and_on_the_page_of_all(page: Page, base_url: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    number, question = find_question(open_lesson(page, base_url, "one-stop"))
    page.goto(f"{base_url}/lessons/one-stop?scene={number + 1}")
    expect(part(page, "ask")).to_contain_text(question["sentence"])
    assert faults(page) == []
    page.locator("[data-part=ask] [data-choice]").first.click()
    expect(part(page, "why")).to_be_visible()
    assert faults(page) == []
    for path in ("lessons", "lessons/one-stop/teacher", "glossary"):
        page.goto(f"{base_url}/{path}")
        expect(page.locator("h1")).to_be_visible()
        assert faults(page) == []


def test_a_figure_whose_sizes_lead_to_each_other_comes_to_rest(page: Page, base_url: str) -> None:
    """Here the arithmetic once grew where the maps shrank and the other way round, at each animation frame."""
    _, question = find_question(open_lesson(page, base_url, "one-stop"))
    embed = question["embed"]
    page.set_viewport_size({"width": 900, "height": 760})
    page.goto(f"{base_url}/{embed}")
    page.locator("[data-part=reveal]").click()
    expect(page.locator("[data-part=verdict]")).to_be_visible()
    heights = page.evaluate(
        """async () => {
          const seen = new Set();
          const frame = () => new Promise(requestAnimationFrame);
          for (let i = 0; i < 40; i++) await frame();
          for (let i = 0; i < 12; i++) {
            await frame();
            seen.add(document.querySelector("[data-part=output-maps]").getBoundingClientRect().width);
          }
          return [...seen];
        }"""
    )
    assert len(heights) == 1
