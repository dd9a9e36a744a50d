"""The page of examples: searched, copied, opened, with a mouse and with keys, on every screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from app.examples import EXAMPLES
from tests.browser.deck import site

ALL = [one for topic in EXAMPLES for one in topic.examples]
QUICK = ("curve-match", "two-filters-demo", "maxpool-photo", "cifar-answer", "difference", "photo-filters")


@pytest.fixture
def examples(page: Page, base_url: str) -> Page:
    page.goto(f"{base_url}/examples")
    return page


def cards(page: Page):
    return page.locator("[data-part=example]:visible")


def test_a_search_leaves_the_examples_that_have_all_its_words(examples: Page) -> None:
    expect(cards(examples)).to_have_count(len(ALL))
    field = examples.get_by_role("searchbox")
    field.fill("max POOL photo")
    expect(cards(examples)).to_have_count(1)
    expect(cards(examples).first).to_contain_text("Max pool 9 × 9 on a photo")
    expect(examples.locator("[data-part=count]")).to_have_text(f"1 of {len(ALL)} examples")
    expect(examples.locator("[data-part=topic]:visible")).to_have_count(1)
    field.fill("1x1")
    expect(cards(examples).first).to_contain_text("1 × 1")
    field.fill("a word that nobody wrote")
    expect(cards(examples)).to_have_count(0)
    expect(examples.get_by_text("No example has all these words")).to_be_visible()
    field.fill("")
    expect(cards(examples)).to_have_count(len(ALL))


def test_a_search_is_in_the_address_and_opens_with_it(examples: Page) -> None:
    examples.keyboard.press("/")
    examples.keyboard.type("lenet")
    expect(examples).to_have_url(re.compile("search=lenet"))
    found = cards(examples).count()
    examples.reload()
    expect(examples.get_by_role("searchbox")).to_have_value("lenet")
    expect(cards(examples)).to_have_count(found)


def test_the_theme_of_the_page_and_of_its_thumbnails_is_chosen_in_the_header(examples: Page) -> None:
    picture = examples.locator("#maxpool img")
    examples.get_by_role("button", name="Theme: auto").click()
    examples.get_by_role("button", name="Theme: light").click()
    expect(examples.get_by_role("button", name="Theme: dark")).to_be_visible()
    expect(examples).to_have_url(re.compile("theme=dark"))
    is_dark = "(image) => image.currentSrc.endsWith('theme=dark')"
    picture.scroll_into_view_if_needed()
    examples.wait_for_function(f"() => ({is_dark})(document.querySelector('#maxpool img'))")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert examples.evaluate(paper) == "rgb(20, 23, 26)"
    examples.reload()
    assert examples.evaluate(paper) == "rgb(20, 23, 26)"
    examples.get_by_role("button", name="Theme: dark").click()
    examples.wait_for_function(f"() => !({is_dark})(document.querySelector('#maxpool img'))")


def test_on_a_phone_the_pages_are_in_the_menu_and_the_first_examples_in_sight(examples: Page) -> None:
    examples.set_viewport_size({"width": 390, "height": 844})
    link = examples.get_by_role("link", name="Filters", exact=True)
    expect(link).to_be_hidden()
    examples.get_by_role("button", name="More pages and settings").click()
    expect(link).to_be_visible()
    box = examples.locator("[data-part=example] img").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 844
    assert examples.evaluate("document.documentElement.scrollWidth") <= 390


def test_an_example_opens_in_the_lab_and_the_way_back_leads_to_it(examples: Page) -> None:
    examples.locator("#curve-match .opens").click()
    expect(examples.locator("[data-part=result-value]")).to_contain_text("6600")
    examples.go_back()
    expect(examples.locator("#curve-match")).to_be_visible()


def test_link_and_iframe_are_copied(examples: Page, base_url: str) -> None:
    examples.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = examples.locator("#maxpool")
    card.get_by_role("button", name="Copy link").click()
    expect(examples.locator("[data-part=said]")).to_have_text("Copied.")
    link = examples.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{base_url}/?image=(1,1,2,4")
    card.get_by_role("button", name="Copy iframe").click()
    examples.wait_for_function("async () => (await navigator.clipboard.readText()).startsWith('<iframe')")
    code = examples.evaluate("navigator.clipboard.readText()")
    with site(f"<!doctype html><title>A page</title>{code}") as url:
        examples.goto(url)
        frame = examples.frame_locator("iframe")
        expect(frame.locator("[data-part=result-value]")).to_contain_text("4")
    examples.goto(link)
    expect(examples.locator("[data-part=result-value]")).to_contain_text("4")


def test_where_the_browser_forbids_copying_the_text_is_shown(examples: Page) -> None:
    examples.evaluate("""() => {
      navigator.clipboard.writeText = () => Promise.reject(new Error("no"));
      document.execCommand = () => false;
    }""")
    examples.locator("#maxpool").get_by_role("button", name="Copy link").click()
    shown = examples.locator("[data-part=said] textarea")
    expect(shown).to_be_focused()
    assert "layers=maxpool:2" in shown.input_value()


def test_examples_are_reached_with_the_tab_key_alone(examples: Page) -> None:
    examples.get_by_role("searchbox").focus()
    examples.get_by_role("searchbox").fill("curve detector something")
    examples.keyboard.press("Tab")
    examples.keyboard.press("Tab")
    examples.keyboard.press("Enter")
    expect(examples).to_have_url(re.compile(r"image=\(0,0,0"))


@pytest.mark.parametrize(
    "name", [one.name if one.name in QUICK else pytest.param(one.name, marks=pytest.mark.long) for one in ALL]
)
def test_an_example_is_shown_by_its_page_without_an_error(page: Page, base_url: str, name: str) -> None:
    (example,) = [one for one in ALL if one.name == name]
    page.goto(f"{base_url}/{example.page}?{example.link}")
    slices = ":is(canvas[data-slice], canvas[data-column], canvas[data-maps], .volume-slices .slice)"
    slices += ", .signal-view svg, .network-map canvas, .occlusion-photo canvas"
    output = f"[data-part=output-box] :is(.maps canvas, .scores .track, .wall canvas), {slices}"
    tiles = ":is([data-part=tiles] canvas, [data-part=layer-tiles] .tile)"
    shown = {"filters": tiles, "compare": "[data-ready] .maps canvas"}.get(example.page, output)
    expect(page.locator(shown).filter(visible=True).first).to_be_visible()
    expect(page.locator("[data-part=problems] :visible")).to_have_count(0)
