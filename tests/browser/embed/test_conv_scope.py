"""`<conv-scope>` in a page of another site: its attributes, methods and events; its content without a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.link.query_string import SCENE_KEYS
from app.core.options import VIEW_OPTIONS
from tests.browser.embed.test_embed import site
from tests.browser.lab_page import POLL, SECONDS, Lab

ELEMENT = (
    '<conv-scope image="face" layers="conv:sobel-x~relu" at="4,3" tempo="8">The figure needs JavaScript.</conv-scope>'
)
RECORD_EVENTS = """
  window.received = [];
  const figure = document.querySelector("conv-scope");
  for (const name of ["ready", "step", "end", "scenechange", "error", "resize"]) {
    figure.addEventListener(name, ({ detail }) => window.received.push([name, detail]));
  }
"""


class ElementPage:
    """A page of another site with the element in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.figure = page.locator("conv-scope")
        self.frame = page.frame_locator("conv-scope iframe")

    def wait_until_ready(self) -> ElementPage:
        expect(self.figure).to_have_attribute("ready", "")
        return self

    def run(self, script: str) -> Any:
        return self.page.evaluate(
            f"(async () => {{ const figure = document.querySelector('conv-scope'); {script} }})()"
        )

    def state(self) -> dict[str, Any]:
        """The state that the element returns."""
        found: dict[str, Any] = self.run("return figure.getState()")
        return found

    def wait_until(self, condition: str) -> None:
        """Wait until a JavaScript condition on the element or the received events is true."""
        end = monotonic() + SECONDS
        while not self.run(f"return {condition}"):
            assert monotonic() < end, f"{condition} was not true within {SECONDS} s."
            self.page.wait_for_timeout(POLL)

    def last_event(self, name: str) -> dict[str, Any]:
        """The last event of that name; waits for the first one."""
        self.wait_until(f"window.received.some(([type]) => type === '{name}')")
        found: dict[str, Any] = self.page.evaluate(f"window.received.findLast(([type]) => type === '{name}')[1]")
        return found


@contextmanager
def element_page(page: Page, base: str, element: str = ELEMENT) -> Iterator[ElementPage]:
    script = f'<script>{RECORD_EVENTS}</script><script type="module" src="{base}/conv-scope.js"></script>'
    with site(f"<!doctype html><html lang=en><title>A lecture</title><body>{element}{script}") as url:
        page.goto(url)
        yield ElementPage(page)


def test_the_element_shows_the_figure_of_its_attributes_in_place_of_its_content(page: Page, base_url: str) -> None:
    with element_page(page, base_url) as host:
        host.wait_until_ready()
        expect(host.frame.locator(".maps.live")).to_have_count(2)
        expect(host.frame.locator("[data-part=count]")).to_contain_text("position 44 of 140")
        expect(host.page.locator("conv-scope iframe")).to_have_css("visibility", "visible")
        assert host.run("return getComputedStyle(figure.shadowRoot.querySelector('slot')).display") == "none"
        assert host.last_event("ready")["link"] == "image=face&layers=conv:sobel-x~relu&at=4,3&tempo=8"
        box = host.figure.bounding_box()
        assert box is not None
        assert box["width"] / box["height"] == pytest.approx(16 / 9, rel=0.02)


def test_methods_send_messages_and_messages_become_events(page: Page, base_url: str) -> None:
    with element_page(page, base_url) as host:
        host.run("figure.step(2)")  # before the figure is ready
        host.wait_until_ready()
        host.wait_until("window.received.some(([type, { col }]) => type === 'step' && col === 5)")
        step = host.last_event("step")
        assert (step["row"], step["stage"], step["position"], step["positions"]) == (4, 1, 45, 140)
        host.run("figure.step(-1, 'row')")
        host.wait_until("(await figure.getState()).position === 35")
        host.run("figure.seek({ at: [0, 1] })")
        host.wait_until("(await figure.getState()).position === 1")
        host.run("figure.setState({ theme: 'dark', stage: 2 })")
        expect(host.frame.locator("html")).to_have_attribute("data-theme", "dark")
        host.wait_until("(await figure.getState()).state.stage === 2")
        host.run("figure.setScene('/?image=circle&layers=maxpool:2')")
        assert host.last_event("scenechange")["scene"] == "image=circle&layers=maxpool:2"
        host.run("figure.setState({ mode: 'finish', tempo: '16' }); figure.seek(250); figure.play()")
        assert host.last_event("end") == {}
        assert host.state()["playing"] is False


@pytest.mark.complains("422")
def test_a_bad_scene_gives_an_error_event_and_the_figure_stays(page: Page, base_url: str) -> None:
    with element_page(page, base_url) as host:
        host.wait_until_ready()
        host.run("figure.setScene('layers=conv:no-such-filter')")
        assert "no-such-filter" in host.last_event("error")["message"]
        assert host.state()["scene"] == "image=face&layers=conv:sobel-x~relu"


def test_attributes_can_change_at_any_time(page: Page, base_url: str) -> None:
    with element_page(page, base_url) as host:
        host.wait_until_ready()
        host.run("figure.setAttribute('theme', 'dark'); figure.setAttribute('at', '1,1')")
        expect(host.frame.locator("html")).to_have_attribute("data-theme", "dark")
        host.wait_until("(await figure.getState()).position === 11")
        host.run("figure.removeAttribute('theme')")
        expect(host.frame.locator("html")).to_have_attribute("data-theme", "auto")
        host.run("figure.setAttribute('layers', 'conv:(1,-1)~avgpool:2')")
        host.wait_until("(await figure.getState()).scene === 'image=face&layers=conv:(1,-1)~avgpool:2'")
        assert host.page.locator("conv-scope iframe").count() == 1
        host.run("const place = document.createElement('section'); document.body.append(place); place.append(figure)")
        host.wait_until_ready()
        host.wait_until("(await figure.getState()).scene === 'image=face&layers=conv:(1,-1)~avgpool:2'")


def test_a_boolean_attribute_needs_no_value_and_a_link_can_be_one_attribute(page: Page, base_url: str) -> None:
    attributes = 'link="/?image=face&layers=relu&stage=0&marks=0" stage="1" marks loop title="A+B &amp; C"'
    element = f"<conv-scope {attributes}></conv-scope>"
    with element_page(page, base_url, element) as host:
        found = host.wait_until_ready().state()
        assert found["scene"] == "image=face&layers=relu"
        state = found["state"]
        assert (state["stage"], state["marks"], state["loop"], state["play"], state["title"]) == (
            1,
            True,
            True,
            False,
            "A+B & C",
        )
        expect(host.page.locator("conv-scope iframe")).to_have_attribute("title", "A+B & C")


@pytest.mark.complains("ERR_CONNECTION_REFUSED")
def test_without_a_server_its_content_stays_and_nothing_throws(page: Page, base_url: str) -> None:
    element = ELEMENT.replace("<conv-scope", '<conv-scope src-base="http://127.0.0.1:9/" loading="eager"')
    with element_page(page, base_url, element) as host:
        host.page.wait_for_load_state("networkidle")
        expect(host.page.get_by_text("The figure needs JavaScript.")).to_be_visible()
        host.run("figure.pause(); figure.setAttribute('at', '0,0')")
        host.run(f"figure.setAttribute('src-base', '{base_url}')")
        host.wait_until_ready()
        assert host.state()["position"] == 0


def test_messages_from_other_sources_are_ignored(page: Page, base_url: str) -> None:
    with element_page(page, base_url) as host:
        host.wait_until_ready()
        host.run("postMessage({ convoscope: 1, type: 'end' }, '*'); postMessage('end', '*'); postMessage(null, '*')")
        host.run("figure.step()")
        host.last_event("step")
        assert host.page.evaluate("window.received.filter(([type]) => type === 'end').length") == 0


def test_its_attributes_are_the_keys_of_a_link(lab: Lab) -> None:
    lab.open("image=face&layers=relu")
    exported = lab.page.evaluate(
        "async () => { const { SCENE, VIEW, FLAGS } = await import('/conv-scope.js'); return [SCENE, VIEW, FLAGS]; }"
    )
    assert set(exported[0]) == {*SCENE_KEYS, "scene"}
    assert exported[1] == [option.name for option in VIEW_OPTIONS]
    assert exported[2] == [option.name for option in VIEW_OPTIONS if option.kind == "flag"]


def test_it_works_under_a_strict_policy_of_the_host_page(page: Page, base_url: str) -> None:
    policy = f"default-src 'none'; script-src {base_url}; frame-src {base_url}"
    html = f"""<!doctype html><html lang=en><title>Strict</title>
      <meta http-equiv="Content-Security-Policy" content="{policy}">
      <body>{ELEMENT}<script type="module" src="{base_url}/conv-scope.js"></script>"""
    with site(html) as url:
        page.goto(url)
        host = ElementPage(page).wait_until_ready()
        expect(host.frame.locator("[data-part=count]")).to_contain_text("position 44 of 140")
        expect(host.page.locator("conv-scope iframe")).to_have_css("visibility", "visible")
