"""Figures side by side in a frame: the messages of an embed control all of them at once, and keys are the deck's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.deck import site
from tests.browser.embed.test_conv_scope import element_page
from tests.browser.embed.test_embed_messages import HOST

FACE = "image=face&layers=conv:sobel-"
LINKS = {"a": f"{FACE}x", "b": f"{FACE}y"}
SOBEL_X = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]


def query(**keys: str) -> str:
    return "&".join(f"{key}={quote(value, safe='')}" for key, value in keys.items())


@pytest.fixture
def host(page: Page, base_url: str) -> Iterator[Page]:
    """A page of another site with two figures side by side."""
    with site(HOST.format(url=f"{base_url}/embed/compare?{query(**LINKS, at='2,3', beat='write')}")) as url:
        page.goto(url)
        page.wait_for_function("last('ready')")
        yield page


def frame(host: Page) -> FrameLocator:
    return host.frame_locator("iframe")


def expect_place(host: Page, row: int, column: int) -> None:
    for letter in "ab":
        line = frame(host).locator(f"[data-letter={letter}] [data-part=line]")
        expect(line).to_contain_text(f"row {row}, column {column}")


def ask_state(host: Page, id: str) -> dict[str, Any]:
    host.evaluate("(id) => say('getState', {id})", id)
    host.wait_for_function("(id) => last('state')?.id === id", arg=id)
    found: dict[str, Any] = host.evaluate("last('state')")
    return found


def test_it_sends_only_ready_and_resize_unrequested(host: Page) -> None:
    ready = host.evaluate("last('ready')")
    assert [figure["letter"] for figure in ready["figures"]] == ["a", "b"]
    assert [stage["shape"] for stage in ready["stages"]] == [[1, 16, 12], [1, 14, 10]]
    assert (ready["position"], ready["positions"]) == (23, 140)
    assert {name: links[0] for name, links in parse_qs(ready["link"]).items()} == {
        **LINKS,
        "at": "2,3",
        "beat": "write",
    }
    frame(host).get_by_role("button", name="One position on").click()
    expect_place(host, 2, 4)
    host.wait_for_function("last('resize')")
    assert {one["type"] for one in host.evaluate("received") if isinstance(one, dict)} == {"ready", "resize"}


def test_it_steps_seeks_and_returns_to_where_it_opened(host: Page) -> None:
    for message, place in [
        ({"type": "step"}, (2, 4)),
        ({"type": "step", "by": -3}, (2, 1)),
        ({"type": "step", "unit": "row"}, (3, 1)),
        ({"type": "seek", "at": [3, 4]}, (3, 4)),
        ({"type": "seek", "position": 139}, (13, 9)),
        ({"type": "seek", "position": 9999}, (13, 9)),
        ({"type": "seek"}, (2, 3)),
        ({"type": "setState", "state": {"at": [9999, 9999]}}, (13, 9)),
        ({"type": "setState", "state": "at=0,0&nonsense=1"}, (0, 0)),
    ]:
        host.evaluate("(message) => send({ convoscope: 1, ...message })", message)
        expect_place(host, *place)


def test_a_listening_page_receives_one_step_with_the_value_of_each_figure(host: Page) -> None:
    host.evaluate("say('listen', {events: ['step', 'nonsense']}); say('seek', {at: [4, 5], beat: 'write'})")
    host.wait_for_function("last('step')?.row === 4")
    step = host.evaluate("last('step')")
    first, second = step["figures"]
    assert (first["letter"], second["letter"]) == ("a", "b")
    assert (step["row"], step["col"], step["beat"], step["position"], step["positions"]) == (4, 5, "write", 45, 140)
    assert step["value"] == first["value"]
    window = first["window"][0]["values"]
    assert second["window"][0]["values"] == window
    for figure, weights in ((first, SOBEL_X), (second, [list(row) for row in zip(*SOBEL_X, strict=True)])):
        assert figure["value"] == sum(window[i][j] * weights[i][j] for i in range(3) for j in range(3))


def test_pointing_is_no_step(host: Page) -> None:
    host.evaluate("say('listen', {events: ['step']})")
    frame(host).locator("[data-letter=a] [data-part=output-maps]").hover(position={"x": 60, "y": 40})
    host.evaluate("say('step')")
    host.wait_for_function("last('step')")
    assert host.evaluate("received.filter(({type}) => type === 'step').length") == 1


def test_it_plays_pauses_and_sends_the_end(host: Page) -> None:
    host.evaluate("say('listen', {events: ['end']}); say('setState', {state: {mode: 'finish', tempo: 8}}); say('play')")
    host.wait_for_function("last('end')")
    expect_place(host, 13, 9)
    host.evaluate("say('seek', {at: [0, 0]}); say('setState', {state: {mode: 'step', tempo: 1}}); say('play')")
    expect(frame(host).get_by_role("button", name="Pause")).to_be_visible()
    host.evaluate("say('pause')")
    expect(frame(host).get_by_role("button", name="Play", exact=True)).to_be_visible()
    assert ask_state(host, "paused")["playing"] is False


def test_the_state_can_be_read_and_restored(host: Page) -> None:
    host.evaluate("say('setState', {state: {at: [5, 6], beat: 'sum', colors: 'photo', theme: 'dark'}})")
    kept = ask_state(host, "kept")
    assert kept["state"]["at"] == [5, 6]
    assert kept["state"]["beat"] == "sum"
    assert kept["state"]["theme"] == "dark"
    assert frame(host).locator("html").get_attribute("data-theme") == "dark"
    assert all("colors=photo" in link for key in "ab" for link in parse_qs(kept["link"])[key])
    host.evaluate("say('setState', {state: {at: null, theme: null}})")
    assert ask_state(host, "whole")["state"]["at"] is None
    host.evaluate("(state) => say('setState', {state})", kept["state"])
    expect_place(host, 5, 6)


def test_other_figures_are_loaded_and_a_link_without_any_is_an_error_in_a_sentence(host: Page) -> None:
    host.evaluate("say('listen', {events: ['error']}); say('setScene', {link: 'image=coffee&layers=relu'})")
    host.wait_for_function("last('error')")
    assert "figures side by side" in host.evaluate("last('error').message")
    links = query(a="layers=maxpool:2", b="layers=avgpool:2", at="1,1", beat="write")
    host.evaluate("(link) => say('setScene', {link: `compare?${link}`})", links)
    host.wait_for_function("last('scenechange')")
    expect(frame(host).locator("h1")).to_contain_text("Max pool and average pool, 2 × 2")
    expect_place(host, 1, 1)


def test_a_listening_page_receives_the_keys_that_the_figures_do_not_use(host: Page) -> None:
    host.evaluate("say('listen', {events: ['key']})")
    frame(host).locator("[data-letter=a] [data-part=output-maps]").click()
    place = ask_state(host, "clicked")["state"]["at"]
    host.keyboard.press("b")
    host.wait_for_function("last('key')?.key === 'b'")
    host.keyboard.press("ArrowRight")  # a map with the focus steps
    expect_place(host, place[0], place[1] + 1)


def test_a_clicker_goes_through_the_stops_and_then_turns_the_slide(page: Page, base_url: str) -> None:
    stops = query(**LINKS, stops="0,0;3,4", at="0,0", beat="write")
    with site(HOST.format(url=f"{base_url}/embed/compare?{stops}")) as url:
        page.goto(url)
        page.wait_for_function("last('ready')")
        frame(page).locator("[data-part=title]").click()
        page.keyboard.press("PageDown")
        expect_place(page, 3, 4)
        page.keyboard.press("PageDown")
        page.wait_for_function("""received.includes('{"method":"next"}')""")
        expect_place(page, 3, 4)


def test_buttons_bring_all_figures_to_a_beat(host: Page) -> None:
    frame(host).get_by_role("button", name="window").click()
    for letter in "ab":
        expect(frame(host).locator(f"[data-letter={letter}] [data-part=line]")).to_contain_text("?")
    expect(frame(host).locator("[data-part=beats] [aria-current]")).to_have_text("window")
    frame(host).get_by_role("button", name="sum", exact=True).click()
    for letter in "ab":
        expect(frame(host).locator(f"[data-letter={letter}] [data-part=line]")).not_to_contain_text("?")


def test_the_element_holds_figures_in_attributes_of_their_own_or_in_a_link(page: Page, base_url: str) -> None:
    a, b = (link.replace("&", "&amp;") for link in LINKS.values())
    element = f'<conv-scope a="{a}" b="{b}" at="3,4"></conv-scope>'
    with element_page(page, base_url, element) as host:
        host.wait_until_ready()
        expect(host.frame.locator("[data-part=figure]")).to_have_count(2)
        assert host.state()["state"]["at"] == [3, 4]
        host.run("figure.seek({at: [5, 6]})")
        expect(host.frame.locator("[data-letter=b] [data-part=line]")).to_contain_text("row 5, column 6")
        host.run("figure.setAttribute('at', '6,7')")
        expect(host.frame.locator("[data-letter=a] [data-part=line]")).to_contain_text("row 6, column 7")
        host.run("figure.setAttribute('b', 'image=face&layers=maxpool:2')")
        expect(host.frame.locator("[data-letter=b] h2")).to_contain_text("Max pool 2 × 2")
        host.wait_until_ready()
        host.run("figure.setScene('image=coffee&layers=conv:sharpen')")
        expect(host.frame.locator("[data-part=figure].figure")).to_have_count(1)
        assert page.locator("conv-scope").get_attribute("a") is None
        host.wait_until_ready()
        host.run(f"figure.setScene('compare?{query(**LINKS)}')")
        expect(host.frame.locator("[data-letter=b]")).to_have_count(1)
