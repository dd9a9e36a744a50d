"""What comes before the first figure and what after it; nothing that somebody does in between is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.lab_page import Lab

NAMED = """[...document.querySelectorAll("script[src], link[rel=stylesheet]")]
  .map((file) => new URL(file.href ?? file.src).pathname.split("/").slice(3).join("/"))"""
LARGE = "image=coffee&size=96"
"""A figure whose numbers do not come with its page."""
TRACE = "**/api/trace*"
SETTINGS = re.compile(r"/settings\.(js|css)$")
HEALTH = "**/healthz"


class Held(list[Route]):
    """Requests that wait until they are let go."""

    def let_go(self) -> None:
        while self:
            self.pop().continue_()


@contextmanager
def held(page: Page, address: str | re.Pattern[str]) -> Iterator[Held]:
    """Hold what is asked for at an address; let go at the end at the latest."""
    waiting = Held()
    page.route(address, lambda route: waiting.append(route))
    yield waiting
    waiting.let_go()
    page.unroute(address)


def files(page: Page) -> list[str]:
    """The scripts and styles that the page asks for from now on, by their names in `static/`."""
    asked: list[str] = []

    def note(url: str) -> None:
        path = urlsplit(url).path
        if path.startswith("/static/"):
            asked.append(path.split("/", 3)[3])

    page.on("request", lambda request: note(request.url))
    return asked


def without_page(name: str) -> str:
    """The file's own name, without the folder from which a page imports it."""
    return re.sub(r"^joined/\w+/", "", name)


def test_nothing_but_what_draws_the_figure_comes_before_it(lab: Lab) -> None:
    asked = files(lab.page)
    with held(lab.page, TRACE) as waiting:
        lab.page.goto(f"{lab.url}/?{LARGE}", wait_until="load")
        lab.eventually(lambda: waiting)
        lab.page.wait_for_timeout(300)  # anything else would be on its way by now
        assert set(asked) == set(lab.page.evaluate(NAMED))
        before = len(asked)
    lab.ready()
    after = set(map(without_page, asked[before:]))
    assert {"ui/controls/settings.js", "joined/lab-later.js", "styles/settings.css"} <= after
    assert not [name for name in after if name.startswith(("features/", "pure/tabs/", "ui/present/"))]


def test_a_small_figure_comes_with_its_page_and_asks_for_nothing_more(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.on("request", lambda request: asked.append(urlsplit(request.url).path))
    lab.open("image=coffee&layers=conv:sobel-x~relu")
    assert not [path for path in asked if path.startswith("/api/trace")]
    assert next(path for path in asked if path.endswith(".js")).endswith("/joined/lab.js")


def test_what_is_done_before_the_settings_are_there_is_in_them_when_they_come(lab: Lab) -> None:
    with held(lab.page, SETTINGS) as waiting:
        lab.page.goto(f"{lab.url}/?layers=conv:sobel-x~maxpool:2&stage=1")
        lab.until("document.querySelector('.maps.live') && history.state?.scene")
        lab.eventually(lambda: len(waiting) == 2)
        expect(lab.part("side")).to_have_attribute("aria-busy", "true")
        lab.page.keyboard.press("]")
        lab.says("stage=2")
        lab.button("Display").click()
        expect(lab.part("display")).to_be_visible()
    expect(lab.part("inspector").locator("h2")).to_have_text("Max pool 2 × 2")
    expect(lab.part("display").get_by_role("button", name="Prepare for students…")).to_be_visible()
    expect(lab.part("side")).not_to_have_attribute("aria-busy", "true")
    expect(lab.part("formula")).to_contain_text("(30 + 2·0 − 2)/2 + 1 = 15")


def test_a_dialog_that_is_asked_for_before_the_settings_waits_for_its_styles(lab: Lab) -> None:
    with held(lab.page, SETTINGS) as waiting:
        lab.page.goto(f"{lab.url}/")
        lab.eventually(lambda: len(waiting) == 2)
        lab.part("add-layer").click()
        lab.part("help").click()
        expect(lab.page.locator("dialog[open]")).to_have_count(0)
    expect(lab.page.locator("dialog[open]")).to_have_count(1)


@pytest.mark.complains("ERR_FAILED")
@pytest.mark.parametrize("kind", ["js", "css"])
def test_settings_that_do_not_come_are_said_and_retry_brings_them(lab: Lab, kind: str) -> None:
    lab.page.route(HEALTH, lambda route: route.abort())  # so that Retry alone brings them
    lab.page.route(re.compile(rf"/settings\.{kind}$"), lambda route: route.abort())
    lab.page.goto(f"{lab.url}/")
    expect(lab.part("trouble")).to_contain_text("The server cannot be reached. The figure stays as it is.")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    lab.page.unroute(re.compile(rf"/settings\.{kind}$"))
    lab.button("Retry").click()
    expect(lab.button("Stride: more")).to_be_visible()
    expect(lab.part("trouble")).to_have_count(0)


def test_a_view_that_is_open_from_the_start_has_its_styles(lab: Lab) -> None:
    asked = files(lab.page)
    lab.open("tab=matrix")
    lab.rest()
    assert "styles/tabs.css" in map(without_page, asked)
    assert lab.page.locator(".matrix-table").evaluate("(table) => getComputedStyle(table).borderCollapse") == "collapse"
