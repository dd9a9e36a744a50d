"""`<conv-scope>` in a page of another site: its attributes, methods and events; what is shown without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.link.query_string import SCENE_KEYS
from app.core.options import VIEW_OPTIONS
from tests.browser.lab import POLL, SECONDS, Lab
from tests.browser.test_embed import site

ELEMENT = (
    '<conv-scope image="face" layers="conv:sobel-x~relu" at="4,3" tempo="8">The figure needs JavaScript.</conv-scope>'
)
HEARD = """
  window.heard = [];
  const figure = document.querySelector("conv-scope");
  for (const name of ["ready", "step", "end", "scenechange", "error", "resize"]) {
    figure.addEventListener(name, ({ detail }) => window.heard.push([name, detail]));
  }
"""


class Elsewhere:
    """A page of another site with the element in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.figure = page.locator("conv-scope")
        self.frame = page.frame_locator("conv-scope iframe")

    def ready(self) -> Elsewhere:
        expect(self.figure).to_have_attribute("ready", "")
        return self

    def tell(self, script: str) -> Any:
        return self.page.evaluate(
            f"(async () => {{ const figure = document.querySelector('conv-scope'); {script} }})()"
        )

    def state(self) -> dict[str, Any]:
        """What the element says of itself."""
        found: dict[str, Any] = self.tell("return figure.getState()")
        return found

    def until(self, condition: str) -> None:
        """Wait until something is true of the element, or of what was heard; asking it takes a message."""
        end = monotonic() + SECONDS
        while not self.tell(f"return {condition}"):
            assert monotonic() < end, f"In {SECONDS} s it did not come true that {condition}."
            self.page.wait_for_timeout(POLL)

    def heard(self, name: str) -> dict[str, Any]:
        """The last event of that name, once there is one."""
        self.until(f"window.heard.some(([type]) => type === '{name}')")
        found: dict[str, Any] = self.page.evaluate(f"window.heard.findLast(([type]) => type === '{name}')[1]")
        return found


@contextmanager
def elsewhere(page: Page, base: str, element: str = ELEMENT) -> Iterator[Elsewhere]:
    script = f'<script>{HEARD}</script><script type="module" src="{base}/conv-scope.js"></script>'
    with site(f"<!doctype html><html lang=en><title>A lecture</title><body>{element}{script}") as url:
        page.goto(url)
        yield Elsewhere(page)


def test_the_element_shows_the_figure_that_its_attributes_say_in_place_of_what_stands_in_it(
    page: Page, base_url: str
) -> None:
    with elsewhere(page, base_url) as there:
        there.ready()
        expect(there.frame.locator(".maps.live")).to_have_count(2)
        expect(there.frame.locator("[data-part=count]")).to_contain_text("position 44 of 140")
        expect(there.page.locator("conv-scope iframe")).to_have_css("visibility", "visible")
        assert there.tell("return getComputedStyle(figure.shadowRoot.querySelector('slot')).display") == "none"
        assert there.heard("ready")["link"] == "image=face&layers=conv:sobel-x~relu&at=4,3&tempo=8"
        box = there.figure.bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)


def test_methods_are_messages_and_messages_are_events(page: Page, base_url: str) -> None:
    with elsewhere(page, base_url) as there:
        there.tell("figure.step(2)")  # before it is there
        there.ready()
        there.until("window.heard.some(([type, { col }]) => type === 'step' && col === 5)")
        step = there.heard("step")
        assert (step["row"], step["stage"], step["position"], step["positions"]) == (4, 1, 45, 140)
        there.tell("figure.step(-1, 'row')")
        there.until("(await figure.getState()).position === 35")
        there.tell("figure.seek({ at: [0, 1] })")
        there.until("(await figure.getState()).position === 1")
        there.tell("figure.setState({ theme: 'dark', stage: 2 })")
        expect(there.frame.locator("html")).to_have_attribute("data-theme", "dark")
        there.until("(await figure.getState()).state.stage === 2")
        there.tell("figure.setScene('/?image=circle&layers=maxpool:2')")
        assert there.heard("scenechange")["scene"] == "image=circle&layers=maxpool:2"
        there.tell("figure.setState({ mode: 'finish', tempo: '16' }); figure.seek(250); figure.play()")
        assert there.heard("end") == {}
        assert there.state()["playing"] is False


@pytest.mark.complains("422")
def test_what_cannot_be_shown_is_an_event_and_the_figure_stays(page: Page, base_url: str) -> None:
    with elsewhere(page, base_url) as there:
        there.ready()
        there.tell("figure.setScene('layers=conv:no-such-filter')")
        assert "no-such-filter" in there.heard("error")["message"]
        assert there.state()["scene"] == "image=face&layers=conv:sobel-x~relu"


def test_attributes_can_change_at_any_time(page: Page, base_url: str) -> None:
    with elsewhere(page, base_url) as there:
        there.ready()
        there.tell("figure.setAttribute('theme', 'dark'); figure.setAttribute('at', '1,1')")
        expect(there.frame.locator("html")).to_have_attribute("data-theme", "dark")
        there.until("(await figure.getState()).position === 11")
        there.tell("figure.removeAttribute('theme')")
        expect(there.frame.locator("html")).to_have_attribute("data-theme", "auto")
        there.tell("figure.setAttribute('layers', 'conv:(1,-1)~avgpool:2')")
        there.until("(await figure.getState()).scene === 'image=face&layers=conv:(1,-1)~avgpool:2'")
        assert there.page.locator("conv-scope iframe").count() == 1
        there.tell("const place = document.createElement('section'); document.body.append(place); place.append(figure)")
        there.ready()
        there.until("(await figure.getState()).scene === 'image=face&layers=conv:(1,-1)~avgpool:2'")


def test_a_name_alone_is_a_yes_and_a_link_may_be_said_whole(page: Page, base_url: str) -> None:
    attributes = 'link="/?image=face&layers=relu&stage=0&marks=0" stage="1" marks loop title="A+B &amp; C"'
    element = f"<conv-scope {attributes}></conv-scope>"
    with elsewhere(page, base_url, element) as there:
        found = there.ready().state()
        assert found["scene"] == "image=face&layers=relu"
        state = found["state"]
        assert (state["stage"], state["marks"], state["loop"], state["play"], state["title"]) == (
            1,
            True,
            True,
            False,
            "A+B & C",
        )
        expect(there.page.locator("conv-scope iframe")).to_have_attribute("title", "A+B & C")


@pytest.mark.complains("ERR_CONNECTION_REFUSED")
def test_without_a_server_what_stands_in_it_stays_and_nothing_throws(page: Page, base_url: str) -> None:
    element = ELEMENT.replace("<conv-scope", '<conv-scope src-base="http://127.0.0.1:9/" loading="eager"')
    with elsewhere(page, base_url, element) as there:
        there.page.wait_for_load_state("networkidle")
        expect(there.page.get_by_text("The figure needs JavaScript.")).to_be_visible()
        there.tell("figure.pause(); figure.setAttribute('at', '0,0')")
        there.tell(f"figure.setAttribute('src-base', '{base_url}')")
        there.ready()
        assert there.state()["position"] == 0


def test_messages_of_others_are_not_heard(page: Page, base_url: str) -> None:
    with elsewhere(page, base_url) as there:
        there.ready()
        there.tell("postMessage({ convoscope: 1, type: 'end' }, '*'); postMessage('end', '*'); postMessage(null, '*')")
        there.tell("figure.step()")
        there.heard("step")
        assert there.page.evaluate("window.heard.filter(([type]) => type === 'end').length") == 0


def test_its_attributes_are_the_keys_of_a_link(lab: Lab) -> None:
    lab.open("image=face&layers=relu")
    said = lab.page.evaluate(
        "async () => { const { SCENE, VIEW, FLAGS } = await import('/conv-scope.js'); return [SCENE, VIEW, FLAGS]; }"
    )
    assert set(said[0]) == {*SCENE_KEYS, "scene"}
    assert said[1] == [option.name for option in VIEW_OPTIONS]
    assert said[2] == [option.name for option in VIEW_OPTIONS if option.kind == "flag"]


def test_it_works_under_a_strict_policy_of_the_page_around(page: Page, base_url: str) -> None:
    policy = f"default-src 'none'; script-src {base_url}; frame-src {base_url}"
    html = f"""<!doctype html><html lang=en><title>Strict</title>
      <meta http-equiv="Content-Security-Policy" content="{policy}">
      <body>{ELEMENT}<script type="module" src="{base_url}/conv-scope.js"></script>"""
    with site(html) as url:
        page.goto(url)
        there = Elsewhere(page).ready()
        expect(there.frame.locator("[data-part=count]")).to_contain_text("position 44 of 140")
        expect(there.page.locator("conv-scope iframe")).to_have_css("visibility", "visible")
