"""The examples of the documents that a browser runs: numbers in JavaScript, the element, frames, messages, slides."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.deck import deck, part, site
from tests.documents import SERVER, SITE, codes, in_code, table
from tests.documents import page as page_of


def here(text: str, base_url: str) -> str:
    """An example that asks the server of the tests."""
    return text.replace(SERVER, base_url).replace(SITE, base_url)


def example(language: str, words: str) -> str:
    """The one block of code in a language that has some words."""
    (found,) = [code.text for code in codes(language) if words in code.text]
    return found


def said(page: Page) -> list[str]:
    """What the page writes into its console from now on."""
    lines: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "log":
            lines.append(message.text)

    page.on("console", hear)
    return lines


def test_the_numbers_are_read_in_javascript(page: Page, base_url: str) -> None:
    lines = said(page)
    with site("<!doctype html><title>Numbers</title>") as url:
        page.goto(url)
        page.evaluate(f"async () => {{ {here(example('js', 'getBigUint64'), base_url)} }}")
    assert lines == ["Convolution: 1 × 14 × 10, the first value is 120; /?image=face&layers=conv:sobel-x"]


def test_the_element_is_shown_and_does_what_the_table_says(page: Page, base_url: str) -> None:
    lines = said(page)
    with site(f"<!doctype html><title>Element</title>{here(example('html', '<conv-scope'), base_url)}") as url:
        page.goto(url)
        page.wait_for_function("document.querySelector('conv-scope').hasAttribute('ready')")
        page.evaluate("window.figure = document.querySelector('conv-scope')")
        calls = [
            call
            for cell in table(page_of("embedding"), "in JavaScript", "does").column("in JavaScript")
            for call in in_code(cell)
        ]
        assert len(calls) >= 10
        listens = [call for call in calls if "addEventListener" in call]
        for call in [*listens, *(call for call in calls if call not in listens)]:
            page.evaluate(call)
        page.wait_for_function("figure.getState().then(({link}) => link.startsWith('image=face&layers=relu'))")
        state = page.evaluate("figure.getState()")
        assert {"link", "scene", "state", "playing", "stages", "position", "positions"} <= set(state)
        page.evaluate("figure.step()")
        page.wait_for_function("figure.getState().then(({position}) => position > 0)")
    assert lines


def test_the_frames_for_pages_and_courses_show_figures(page: Page, base_url: str) -> None:
    frames = [example("html", words) for words in ('loading="lazy"', "hide=tabs", "vertical edges")]
    with site(f"<!doctype html><title>Course</title>{here(''.join(frames), base_url)}") as url:
        page.goto(url)
        for index in range(len(frames)):
            page.locator("iframe").nth(index).scroll_into_view_if_needed()
            expect(page.frame_locator("iframe").nth(index).locator(".maps.live")).to_have_count(2)


ASK = """new Promise((done) => {
  addEventListener("message", ({ data }) => data?.id === "asked" && done());
  document.querySelector("iframe").contentWindow.postMessage({ convoscope: 1, type: "getState", id: "asked" }, "*");
})"""
"""Waits until the figure has answered a question of the page."""


def test_a_page_hears_the_steps_of_a_figure(page: Page, base_url: str) -> None:
    lines = said(page)
    script = f"<script type=module>{example('javascript', 'postMessage')}</script>"
    with site(
        f'<!doctype html><title>Page</title><iframe src="{base_url}/embed?image=face&at=0,0"></iframe>{script}'
    ) as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(frame.locator(".maps.live")).to_have_count(2)
        for _ in range(2):  # messages stay in order: after the first answer the page has asked to listen
            page.evaluate(ASK)
        part(frame, "next").click()
        expect(part(frame, "count")).to_contain_text("position 2 of 140")
        page.evaluate(ASK)
    assert any(line.startswith("row 0, column 1: ") for line in lines)


def test_the_plugin_of_reveal_makes_stops_fragments(page: Page, base_url: str) -> None:
    slide, script = here(example("html", "<section>"), base_url).split("</section>")
    with site(deck(slide.replace("<section>", ""), "<h2>next</h2>", script=script)) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 3")


def test_a_deck_imports_the_plugin(page: Page, base_url: str) -> None:
    slide = here(example("html", "<section>"), base_url).split("</section>")[0].replace("<section>", "")
    script = f"<script type=module>{here(example('js', 'RevealConvoscope'), base_url)}</script>"
    with site(deck(slide, script=script, config="")) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 3")
