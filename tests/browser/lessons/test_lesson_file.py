"""A lesson in one HTML file: it opens from disk without a network, and asks as the page does."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from app.lessons.lesson_shelf import load_built_in_lessons

NAME = "one-stop"
LARGEST = 5_000_000


def test_a_lesson_in_one_file_is_walked_to_its_end_without_a_network(page: Page, base_url: str, tmp_path: Path) -> None:
    answer = page.request.get(f"{base_url}/api/lessons/{NAME}.html")
    assert f'filename="convoscope-{NAME}.html"' in answer.headers["content-disposition"]
    file = tmp_path / "lesson.html"
    file.write_bytes(answer.body())
    lesson = page.request.get(f"{base_url}/api/lessons/{NAME}").json()
    page.context.set_offline(True)
    page.goto(file.as_uri())
    figure = page.frame_locator("iframe[data-part=frame]")
    for scene in lesson["scenes"]:
        expect(page.locator("[data-part=heading]")).to_have_text(scene["heading"])
        expect(figure.locator("[data-part=input-maps] canvas").first).to_be_attached()
        if question := scene["question"]:
            page.locator(f"[data-part=ask] [data-choice='{question['right']}']").click()
            expect(page.locator("[data-part=verdict]").first).to_contain_text("is right")
            expect(figure.locator(".lesson-line")).to_contain_text(question["answer"])
            page.locator(f"[data-part=why] [data-choice='{question['why']['right']}']").click()
        page.keyboard.press("ArrowRight")
    expect(page.locator("[data-part=end]")).to_be_visible()


def test_each_lesson_fits_in_a_file_that_can_be_sent(page: Page, base_url: str) -> None:
    for name in load_built_in_lessons():
        answer = page.request.get(f"{base_url}/api/lessons/{name}.html")
        assert answer.ok, name
        assert len(answer.body()) < LARGEST, name
