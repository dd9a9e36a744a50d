"""Pictures in place of frames in a deck: in print, in the overview, in the speaker view."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.deck import deck, part, site
from tests.browser.embed.test_deck import QUERY, SIZE, figure, figure_with_stops, plugin
from tests.browser.pages.test_prefix import LOADED, SAYING
from tests.proxies import proxy

PICTURES = 'img[src*="/api/figure.png?"]'


def waiting(base_url: str, more: str = "", attributes: str = SIZE) -> str:
    """A frame that the deck loads when its slide is shown."""
    return f'<iframe data-src="{base_url}/embed?{QUERY}{more}" {attributes}></iframe>'


def mixed(base_url: str) -> str:
    """A deck with a frame of each kind."""
    return deck(
        "<h2>before</h2>",
        figure(base_url, "&title=Loaded"),
        waiting(base_url, "&title=Waiting"),
        waiting(base_url, "&title=Stretched", 'class="r-stretch"'),
        figure_with_stops(base_url, "0,0;3,4", "&title=Stopping"),
        "<h2>after</h2>",
        script=plugin(base_url),
    )


def drawn(page: Page, *names: str) -> Locator:
    """The pictures of the figures; waits until they are loaded and have these names."""
    page.wait_for_function(LOADED.replace("given", f"'{PICTURES}'"))
    pictures = page.locator(PICTURES)
    assert [one.get_attribute("alt") for one in pictures.all()] == list(names)
    return pictures


@pytest.mark.parametrize("view", ["print-pdf", "view=print"])
def test_in_print_every_figure_is_a_picture(page: Page, base_url: str, view: str) -> None:
    with site(mixed(base_url)) as url:
        page.goto(f"{url}?{view}")
        page.locator(PICTURES).nth(3).wait_for(state="attached")
        pictures = drawn(page, "Loaded", "Waiting", "Stretched", "Stopping")
        assert page.locator("iframe").count() == 0
        places = [("at=2%2C3" in (one.get_attribute("src") or "")) for one in pictures.all()]
        assert places == [True, True, True, False], "the last stop of the one that has stops"


def test_the_overview_shows_pictures_and_leaving_it_keeps_each_step(page: Page, base_url: str) -> None:
    with site(mixed(base_url)) as url:
        page.goto(f"{url}#/2")
        count = part(page.frame_locator("iframe").nth(1), "count")
        expect(count).to_contain_text("position 24 of 140")
        page.frame_locator("iframe").nth(1).get_by_role("button", name="Last position").click()
        page.evaluate("Reveal.toggleOverview()")
        pictures = drawn(page, "Loaded", "Waiting", "Stretched", "Stopping")
        for picture in pictures.all():
            expect(picture).to_be_visible()
        for frame in page.locator("iframe").all():
            expect(frame).to_be_hidden()
        page.evaluate("Reveal.toggleOverview()")
        expect(pictures).to_have_count(0)
        expect(count).to_contain_text("position 140 of 140")
        page.evaluate("Reveal.slide(3)")
        stretched = page.locator("iframe.r-stretch")
        expect(stretched).to_be_visible()
        box = stretched.bounding_box()
        assert box is not None
        assert box["height"] > 300


def test_a_click_in_the_overview_opens_the_slide_of_a_figure(page: Page, base_url: str) -> None:
    with site(mixed(base_url)) as url:
        page.goto(url)
        page.wait_for_function("Reveal.hasPlugin('convoscope')")
        page.evaluate("Reveal.toggleOverview()")
        page.locator('img[alt="Loaded"]').click()
        page.wait_for_function("!Reveal.isOverview() && Reveal.getIndices().h === 1")
        expect(part(page.frame_locator("iframe").first, "count")).to_contain_text("position 24 of 140")


def test_in_the_speaker_view_a_picture_follows_the_stops(page: Page, base_url: str) -> None:
    with site(mixed(base_url)) as url:
        page.goto(f"{url}?receiver#/4")  # how reveal.js opens each of the two decks in its speaker view
        picture = page.get_by_role("img", name="Stopping")
        expect(picture).to_be_visible()
        for place in ("at=0%2C0", "at=3%2C4"):
            page.evaluate("Reveal.next()")
            page.wait_for_function(
                "([place, all]) => document.querySelectorAll(all)[3].src.includes(place)", arg=[place, PICTURES]
            )
        drawn(page, "Loaded", "Waiting", "Stretched", "Stopping")


def test_in_scroll_view_a_frame_that_is_not_loaded_is_a_picture(page: Page, base_url: str) -> None:
    full = "<style>html, body { height: 100%; margin: 0 }</style>"
    with site(
        deck(*["<h2>before</h2>"] * 4, waiting(base_url, "&title=Waiting"), script=full + plugin(base_url))
    ) as url:
        page.goto(f"{url}?view=scroll")
        drawn(page, "Waiting")
        page.evaluate("document.body.scrollTo(0, document.body.scrollHeight)")
        expect(part(page.frame_locator("iframe"), "count")).to_contain_text("position 24 of 140")
        expect(page.locator(PICTURES)).to_have_count(0)


def test_a_background_figure_is_a_picture_in_the_overview_too(page: Page, base_url: str) -> None:
    html = deck("<h2>before</h2>", "<h2>over it</h2>", script=plugin(base_url)).replace(
        "<section><h2>over it", f'<section data-background-iframe="{base_url}/embed?{QUERY}"><h2>over it'
    )
    with site(html) as url:
        page.goto(url)
        page.wait_for_function("Reveal.hasPlugin('convoscope')")
        page.evaluate("Reveal.toggleOverview()")
        drawn(page, "Convoscope")


@pytest.mark.parametrize("view", ["?print-pdf", "?receiver"])
def test_the_picture_of_a_figure_has_the_same_path_prefix(page: Page, base_url: str, view: str) -> None:
    with proxy(base_url, SAYING) as behind:
        html = deck(waiting(behind.url, "&title=A b%2Bc"), script=plugin(behind.url))
        with site(html) as url:
            page.goto(url + view)
            address = drawn(page, "A b+c").get_attribute("src") or ""
            assert address.startswith(f"{behind.url}/api/figure.png?image=face&layers=")


@pytest.mark.complains("404|Failed to load resource")
def test_a_frame_of_another_site_with_a_similar_address_is_not_replaced(page: Page, base_url: str) -> None:
    with site("<!doctype html>a map of a town") as town:
        html = deck(f'<iframe src="{town}maps/embed?pb=1" {SIZE}></iframe>', "<h2>after</h2>", script=plugin(base_url))
        with site(html) as url:
            page.goto(url)
            page.wait_for_function("Reveal.hasPlugin('convoscope')")
            page.evaluate("Reveal.toggleOverview()")
            expect(page.locator(PICTURES)).to_have_count(0)
            expect(page.locator("iframe")).to_be_visible()
            page.goto(f"{url}?print-pdf")
            expect(page.locator(PICTURES)).to_have_count(0)
            expect(page.locator("iframe")).to_have_count(1)
