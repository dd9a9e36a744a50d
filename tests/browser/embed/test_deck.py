"""A figure on a slide of a real deck: the clicker's keys go to the deck, stops are fragments, scaling stays sharp."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deck import CONFIG, deck, part, same_site, site, slide_of

QUERY = "image=face&layers=conv:(1,0,-1;2,0,-2;1,0,-1)&at=2,3"
SIZE = 'width="800" height="450" style="border: 0; max-width: none"'


def figure(base_url: str, more: str = "", attributes: str = "") -> str:
    return f'<iframe {attributes} src="{base_url}/embed?{QUERY}{more}" {SIZE}></iframe>'


def figure_with_stops(base_url: str, stops: str, more: str = "") -> str:
    return f'<iframe data-stops="{stops}" data-src="{base_url}/embed?{QUERY}{more}" {SIZE}></iframe>'


def plugin(base_url: str) -> str:
    return f'<script type="module" src="{base_url}/reveal-convoscope.js"></script>'


@pytest.mark.parametrize("times", [15, pytest.param(50, marks=pytest.mark.long)])
@pytest.mark.parametrize("kind", ["same site", "other site", "sandboxed"])
def test_after_a_click_in_the_frame_page_down_turns_the_slide(page: Page, base_url: str, kind: str, times: int) -> None:
    attributes = 'sandbox="allow-scripts"' if kind == "sandboxed" else ""
    html = deck(figure(base_url, attributes=attributes), "<h2>next</h2>")
    where: AbstractContextManager[str] = site(html)
    if kind == "same site":
        where = nullcontext(same_site(page, base_url, html))
    with where as url:
        page.goto(url)
        expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
        box = page.locator("iframe").bounding_box()
        assert box is not None
        for time in range(times):
            across, down = (time * 37 % 100 + 0.5) / 100, (time * 61 % 100 + 0.5) / 100
            page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])
            page.keyboard.press("PageDown")
            page.wait_for_function("Reveal.getIndices().h === 1")
            page.evaluate("Reveal.slide(0)")


# What reveal.js sends to the speaker's window: the notes of the fragment in sight, or else those of the slide.
SPEAKER_NOTES = """() => {
  const slide = Reveal.getCurrentSlide(), fragment = slide.querySelector(".current-fragment");
  const own = fragment?.querySelector("aside.notes");
  if (own) return own.textContent;
  if (fragment?.hasAttribute("data-notes")) return fragment.dataset.notes;
  return [...slide.querySelectorAll("aside.notes")].filter((one) => !one.closest(".fragment"))
    .map((one) => one.textContent).join(" ");
}"""


@pytest.mark.parametrize("opening", ["", "&stops=2,3;0,0;0,1;3,4&notes=Begin;A+B;;End%253B"])
def test_words_at_stops_are_the_speakers_notes_of_their_fragments(page: Page, base_url: str, opening: str) -> None:
    frame = figure_with_stops(base_url, "2,3;0,0;0,1;3,4", opening or "&tab=code")
    if not opening:
        frame = frame.replace("<iframe", '<iframe data-notes="Begin;A+B;;End%3B"')
    slide = f'{frame}<aside class="notes">Mine</aside>'
    with site(deck(slide, "<h2>after</h2>", script=plugin(base_url))) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 3")
        said = [page.evaluate(SPEAKER_NOTES)]
        for _ in range(3):
            page.keyboard.press("PageDown")
            said.append(page.evaluate(SPEAKER_NOTES))
        assert sorted(said[0].split()) == ["Begin", "Mine"]
        assert said[1:] == ["A+B", "Mine", "End;"]
        expect(page.locator("aside.notes").first).to_be_hidden()


def test_keys_that_the_figure_does_not_use_work_in_the_deck(page: Page, base_url: str) -> None:
    with site(deck("<h2>before</h2>", figure(base_url), "<h2>after</h2>")) as url:
        page.goto(f"{url}#/1")
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.locator("main").click(position={"x": 3, "y": 3})
        page.keyboard.press("b")
        page.wait_for_function("Reveal.isPaused()")
        page.keyboard.press("b")
        page.wait_for_function("!Reveal.isPaused()")
        page.keyboard.press("Escape")
        page.wait_for_function("Reveal.isOverview()")
        page.keyboard.press("Escape")
        page.wait_for_function("!Reveal.isOverview()")
        page.keyboard.press("ArrowLeft")
        page.wait_for_function("Reveal.getIndices().h === 0")
        page.evaluate("Reveal.slide(1)")
        frame.get_by_role("button", name="One position on").press("Enter")  # a click could miss a frame that moves
        page.keyboard.press("ArrowRight")
        expect(part(frame, "count")).to_contain_text("position 26 of 140")
        assert slide_of(page) == 1, "with a control in focus the arrows are the figure's"
        page.keyboard.press("PageUp")
        page.wait_for_function("Reveal.getIndices().h === 0")


def test_the_plugin_makes_each_stop_a_fragment_in_both_directions(page: Page, base_url: str) -> None:
    slides = ("<h2>before</h2>", figure_with_stops(base_url, "0,0;0,1;3,4"), "<h2>after</h2>")
    with site(deck(*slides, script=plugin(base_url))) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 3")
        count = part(page.frame_locator("iframe"), "count")
        opening, first, second, third = (f"position {n} of 140" for n in (24, 1, 2, 35))
        page.keyboard.press("PageDown")
        expect(count).to_contain_text(opening)
        for place in (first, second, third):
            page.keyboard.press("PageDown")
            expect(count).to_contain_text(place)
            assert slide_of(page) == 1
        page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 2")
        page.keyboard.press("PageUp")
        page.wait_for_function("Reveal.getIndices().h === 1")
        expect(count).to_contain_text(third)
        for place in (second, first, opening):
            page.keyboard.press("PageUp")
            expect(count).to_contain_text(place)
        page.keyboard.press("PageUp")
        page.wait_for_function("Reveal.getIndices().h === 0")


def test_a_deck_can_import_the_plugin_and_list_it_among_its_plugins(page: Page, base_url: str) -> None:
    start = f"""<script type="module">
      import {{ RevealConvoscope }} from "{base_url}/reveal-convoscope.js";
      Reveal.initialize({{ ...{CONFIG}, plugins: [RevealConvoscope] }});
    </script>"""
    with site(deck(figure_with_stops(base_url, "0,0;3,4"), "<h2>after</h2>", script=start, config="")) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 2")
        count = part(page.frame_locator("iframe"), "count")
        for place in ("position 24 of 140", "position 1 of 140", "position 35 of 140"):
            expect(count).to_contain_text(place)
            page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 1")


def test_the_stops_work_after_a_click_in_the_frame_too(page: Page, base_url: str) -> None:
    html = deck(figure_with_stops(base_url, "0,0;3,4"), "<h2>after</h2>", script=plugin(base_url))
    with site(html) as url:
        page.goto(url)
        page.wait_for_function("document.querySelectorAll('.fragment').length === 2")
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.get_by_role("button", name="Last position").click()
        expect(part(frame, "count")).to_contain_text("position 140 of 140")
        for place in ("position 1 of 140", "position 35 of 140"):
            page.keyboard.press("PageDown")
            expect(part(frame, "count")).to_contain_text(place)
        page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 1")


@pytest.mark.parametrize(
    ("view", "stops", "places"),
    [
        ("&at=0,0", "0,0;0,1;3,4", ("position 1 of 140", "position 2 of 140", "position 35 of 140")),
        ("&at=0,0", " 0 , 0 ;3,4", ("position 1 of 140", "position 35 of 140")),
        ("&stops=0,1;3,4", "0,1;3,4", ("stop 1 of 2", "stop 2 of 2")),
        ("&at=2,3", "0,0;0,0;3,4", ("position 24 of 140", "position 1 of 140", "position 35 of 140")),
        ("", "5,9;3,4", ("position 60 of 140", "position 35 of 140")),  # the first is the map's default cell
    ],
)
def test_a_stop_where_the_figure_already_is_needs_no_click(
    page: Page, base_url: str, view: str, stops: str, places: tuple[str, ...]
) -> None:
    query = QUERY.partition("&at=")[0] + view
    frame = f'<iframe data-stops="{stops}" data-src="{base_url}/embed?{query}" {SIZE}></iframe>'
    with site(deck(frame, "<h2>after</h2>", script=plugin(base_url))) as url:
        page.goto(url)
        page.wait_for_function("(left) => document.querySelectorAll('.fragment').length === left", arg=len(places) - 1)
        count = part(page.frame_locator("iframe"), "count")
        for place in places:
            expect(count).to_contain_text(place)
            assert slide_of(page) == 0
            page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 1")
        page.keyboard.press("PageUp")
        for place in reversed(places):
            expect(count).to_contain_text(place)
            assert slide_of(page) == 0
            page.keyboard.press("PageUp")


def test_in_print_a_picture_replaces_the_figure(page: Page, base_url: str) -> None:
    html = deck(figure_with_stops(base_url, "0,0;3,4", "&title=Edges"), "<h2>after</h2>", script=plugin(base_url))
    with site(html) as url:
        page.goto(f"{url}?print-pdf")
        picture = page.get_by_role("img", name="Edges")
        expect(picture).to_be_attached()
        page.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
        address = picture.get_attribute("src") or ""
        assert address.startswith(f"{base_url}/api/figure.png?")
        assert "at=3%2C4" in address
        assert page.locator("iframe").count() == 0


def test_a_figure_plays_only_while_its_slide_is_shown(page: Page, base_url: str) -> None:
    with site(deck("<h2>before</h2>", figure(base_url, "&play=1&loop=1"), "<h2>after</h2>")) as url:
        page.goto(url)
        play = part(page.frame_locator("iframe"), "play")
        expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
        for _ in range(2):
            page.keyboard.press("PageDown")
            expect(play).to_have_attribute("data-playing", "true")
            page.keyboard.press("PageDown")
            expect(play).to_have_attribute("data-playing", "false")
            page.keyboard.press("PageUp")
            expect(play).to_have_attribute("data-playing", "true")
            page.keyboard.press("PageUp")
            expect(play).to_have_attribute("data-playing", "false")


def test_html_filtered_by_a_learning_platform_shows_the_interactive_figure(page: Page, base_url: str) -> None:
    frame = f'<iframe src="{base_url}/embed?{QUERY}" width="640" height="360" title="Edges" allowfullscreen></iframe>'
    with site(f"<!doctype html>{frame}") as url:
        page.goto(url)
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="One position on").click()
        expect(part(inside, "count")).to_contain_text("position 25 of 140")


def test_a_page_whose_policy_allows_only_the_frame_shows_the_interactive_figure(page: Page, base_url: str) -> None:
    policy = {"Content-Security-Policy": f"default-src 'none'; frame-src {base_url}"}
    with site(f"<!doctype html>{figure(base_url)}".replace('style="border: 0; max-width: none"', ""), policy) as url:
        page.goto(url)
        inside = page.frame_locator("iframe")
        inside.get_by_role("button", name="One position on").click()
        expect(part(inside, "count")).to_contain_text("position 25 of 140")


@pytest.mark.parametrize(("more", "least"), [("", 1.96), ("&dpr=3", 2.9)])
def test_a_frame_enlarged_by_a_deck_is_drawn_with_enough_pixels(
    page: Page, base_url: str, more: str, least: float
) -> None:
    enlarged = f'<div style="transform: scale(1.96); transform-origin: 0 0">{figure(base_url, more)}</div>'
    with site(f"<!doctype html>{enlarged}") as url:
        page.goto(url)
        canvases = page.frame_locator("iframe").locator(".maps.live canvas")
        expect(canvases).to_have_count(4)
        for canvas in canvases.all():
            backed = canvas.evaluate("(canvas) => canvas.width / canvas.getBoundingClientRect().width")
            assert backed >= least


@pytest.mark.parametrize("late", [False, True], ids=["module first", "figure first"])
def test_other_decks_receive_the_keys_that_a_figure_does_not_use(page: Page, base_url: str, late: bool) -> None:
    module = f'<script type="module" src="{base_url}/deck-keys.js"></script>'
    keys = "<script>keys = []; addEventListener('keydown', ({key, code}) => keys.push(key + '/' + code))</script>"
    with site(f"<!doctype html>{keys}{'' if late else module}{figure(base_url)}") as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        if late:
            page.add_script_tag(url=f"{base_url}/deck-keys.js", type="module")
        frame.locator("main").click(position={"x": 3, "y": 3})
        for key in ("PageDown", "Space", "ArrowLeft", "f"):
            page.keyboard.press(key)
        page.wait_for_function("keys.length === 4")
        assert page.evaluate("keys") == ["PageDown/PageDown", " /Space", "ArrowLeft/ArrowLeft", "f/KeyF"]
        frame.get_by_role("button", name="One position on").click()
        page.keyboard.press("ArrowRight")
        expect(part(frame, "count")).to_contain_text("position 26 of 140")
        assert len(page.evaluate("keys")) == 4, "the figure keeps its own keys"


STOPS = "&stops=0,0;0,1;3,4"


def test_in_a_page_that_takes_no_keys_a_clicker_goes_through_the_stops(page: Page, base_url: str) -> None:
    with site(f"<!doctype html>{figure(base_url, STOPS)}") as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.locator("main").click(position={"x": 3, "y": 3})
        for key, stop in [
            ("PageUp", 2),
            ("PageUp", 1),
            ("PageUp", 1),
            ("PageDown", 2),
            ("PageDown", 3),
            ("PageDown", 3),
        ]:
            page.keyboard.press(key)
            expect(part(frame, "count")).to_contain_text(f"stop {stop} of 3")


def test_after_its_last_stop_the_figure_leaves_the_clicker_to_other_decks(page: Page, base_url: str) -> None:
    module = f'<script type="module" src="{base_url}/deck-keys.js"></script>'
    keys = "<script>keys = []; addEventListener('keydown', ({key}) => keys.push(key))</script>"
    with site(f"<!doctype html>{keys}{module}{figure(base_url, STOPS)}") as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.locator("main").click(position={"x": 3, "y": 3})
        page.keyboard.press("PageDown")
        expect(part(frame, "count")).to_contain_text("stop 3 of 3")
        assert page.evaluate("keys") == []
        page.keyboard.press("PageDown")
        page.wait_for_function("keys.length === 1")
        assert page.evaluate("keys") == ["PageDown"]


def test_in_reveal_without_the_plugin_the_clicker_goes_through_the_stops_and_then_turns_the_slide(
    page: Page, base_url: str
) -> None:
    with site(deck(figure(base_url, STOPS), "<h2>next</h2>")) as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.locator("main").click(position={"x": 3, "y": 3})
        page.keyboard.press("PageDown")
        expect(part(frame, "count")).to_contain_text("stop 3 of 3")
        assert page.evaluate("Reveal.getIndices().h") == 0
        page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 1")


def test_with_the_plugin_stops_in_the_link_too_are_gone_through_once(page: Page, base_url: str) -> None:
    html = deck(figure_with_stops(base_url, "0,0;0,1;3,4", STOPS), "<h2>next</h2>") + plugin(base_url)
    with site(html) as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        page.wait_for_function("document.querySelectorAll('.fragment').length === 3")
        frame.locator("main").click(position={"x": 3, "y": 3})
        for stop in (1, 2, 3):
            page.keyboard.press("PageDown")
            expect(part(frame, "count")).to_contain_text(f"stop {stop} of 3")
        page.keyboard.press("PageDown")
        page.wait_for_function("Reveal.getIndices().h === 1")
