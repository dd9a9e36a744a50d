"""A lesson made in the browser: collected from the Lab, edited, reordered, downloaded; its file passes the check."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.lessons.lesson_file import read_lesson
from tests.browser.lab_page import faults

FIGURES = (
    "image=face&layers=conv:sobel-x&predict=size",
    "image=(1,2,3;4,5,6;7,8,9)&layers=conv:sobel-x&at=0,0&predict=cell",
    "image=face&layers=conv:sobel-y",
)


def field(page: Page, key: str):
    return page.locator(f"[data-key='{key}']")


def collect(page: Page, base_url: str) -> None:
    """Add each figure to the lesson, then open the page."""
    for number, query in enumerate(FIGURES, 1):
        page.goto(f"{base_url}/?{query}")
        page.locator("[data-part=share]").click()
        page.locator("[data-part=add-to-lesson]").click()
        expect(page.locator("[data-part=lesson-status]")).to_contain_text(f"Scene {number} of 6 added")
    page.locator("[data-part=open-lesson]").click()
    expect(page.locator("[data-part=scene]")).to_have_count(len(FIGURES))


def fill_in(page: Page) -> None:
    field(page, "title").fill("Edges")
    field(page, "aim").fill("Read an edge.")
    for number in range(len(FIGURES)):
        field(page, f"heading-{number}").fill(f"Step {number}")
        field(page, f"text-{number}").fill("Look at it.")


def test_scenes_from_the_lab_become_a_file_that_passes_the_check(page: Page, base_url: str) -> None:
    collect(page, base_url)
    fill_in(page)
    field(page, "up-2").focus()
    page.keyboard.press("Enter")
    expect(field(page, "up-1")).to_be_focused()
    expect(page.locator(".is-good")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-part=download]").click()
    lesson = read_lesson(Path(download.value.path()).read_text(encoding="utf-8"), "my-lesson")
    assert [scene.heading for scene in lesson.scenes] == ["Step 0", "Step 2", "Step 1"]
    assert [scene.question.kind if scene.question else "" for scene in lesson.scenes] == ["size", "", "cell"]


def test_a_removed_scene_comes_back_and_all_stays_in_the_tab(page: Page, base_url: str) -> None:
    collect(page, base_url)
    fill_in(page)
    field(page, "remove-0").click()
    expect(page.locator("[data-part=scene]")).to_have_count(2)
    page.locator("[data-part=undo]").click()
    expect(field(page, "heading-0")).to_have_value("Step 0")
    page.reload()
    expect(field(page, "heading-2")).to_have_value("Step 2")


def test_a_broken_file_is_said_with_lines_and_changes_nothing(page: Page, base_url: str, tmp_path: Path) -> None:
    page.goto(f"{base_url}/lessons/make")
    field(page, "title").fill("Mine")
    broken = tmp_path / "broken.md"
    broken.write_text("---\ntitle: Other\naim: Look.\nminutes: 2\n---\n\n## Look\nno link\n", encoding="utf-8")
    page.locator("[data-part=file]").set_input_files(broken)
    expect(page.locator("[data-part=problems]")).to_contain_text("Line 8:")
    expect(field(page, "title")).to_have_value("Mine")
    broken.write_text(broken.read_text().replace("no link", "[figure](/?image=face)\n\nWords."), encoding="utf-8")
    page.locator("[data-part=file]").set_input_files(broken)
    expect(field(page, "title")).to_have_value("Other")
    expect(field(page, "name")).to_have_value("broken")


def test_the_form_has_no_faults_on_a_phone_and_on_a_desk(page: Page, base_url: str) -> None:
    collect(page, base_url)
    field(page, "kind-2").select_option("sentence")
    field(page, "why-2").check()
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.complains("422")
def test_a_lesson_that_is_on_no_shelf_is_tried_from_its_html_file(page: Page, base_url: str, tmp_path: Path) -> None:
    collect(page, base_url)
    page.locator("[data-part=download-page]").click()
    expect(page.locator("[data-part=make-status]")).to_contain_text("cannot become a file")
    fill_in(page)
    expect(page.locator(".is-good")).to_be_visible()
    with page.expect_download() as download:
        page.locator("[data-part=download-page]").click()
    assert download.value.suggested_filename == "my-lesson.html"
    file = tmp_path / "my-lesson.html"
    download.value.save_as(file)
    page.context.set_offline(True)
    page.goto(file.as_uri())
    expect(page.locator("[data-part=heading]")).to_have_text("Step 0")
    page.keyboard.press("r")
    expect(page.locator("[data-part=verdict]").first).to_contain_text("14 × 10")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=heading]")).to_have_text("Step 1")
