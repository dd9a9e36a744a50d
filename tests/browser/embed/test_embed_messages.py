"""Messages between a frame and its host page: requests, events, and that other messages are ignored."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.core.options import VIEW_OPTIONS
from tests.browser.deck import part, site
from tests.browser.lab_page import Lab
from tests.browser.pure_page import Run

QUERY = "image=face&layers=conv:(1,0,-1;2,0,-2;1,0,-1)~relu&at=2,3"
TABLE = [option.to_json() for option in VIEW_OPTIONS]
EVENTS = ["step", "end", "scenechange", "error", "key"]
HOST = """<!doctype html><iframe width="800" height="450" src="{url}"></iframe>
<script>
  const received = [];
  addEventListener("message", ({{ data }}) => received.push(data));
  const send = (message) => frames[0].postMessage(message, "*");
  const say = (type, more = {{}}) => send({{ convoscope: 1, type, ...more }});
  const last = (type) => received.filter((message) => message.type === type).at(-1);
</script>"""


@pytest.fixture
def host(page: Page, base_url: str) -> Iterator[Page]:
    """A page of another site with a loaded figure."""
    with site(HOST.format(url=f"{base_url}/embed?{QUERY}")) as url:
        page.goto(url)
        page.wait_for_function("last('ready')")
        yield page


def count(host: Page) -> Any:
    return part(host.frame_locator("iframe"), "count")


def test_it_sends_only_ready_and_resize_unrequested(host: Page) -> None:
    ready = host.evaluate("last('ready')")
    assert ready["convoscope"] == 1
    assert ready["link"] == QUERY
    assert [stage["shape"] for stage in ready["stages"]] == [[1, 16, 12], [1, 14, 10], [1, 14, 10]]
    assert (ready["position"], ready["positions"]) == (23, 140)
    host.frame_locator("iframe").get_by_role("button", name="One position on").click()
    expect(count(host)).to_contain_text("position 25")
    size = host.evaluate("last('resize')")
    assert (size["width"], size["height"]) == (800, 450)
    assert {message["type"] for message in host.evaluate("received") if isinstance(message, dict)} == {
        "ready",
        "resize",
    }


def test_it_steps_seeks_and_returns_to_its_initial_step(host: Page) -> None:
    for message, position in [
        ({"type": "step"}, 25),
        ({"type": "step", "by": -3}, 22),
        ({"type": "step", "unit": "row"}, 32),
        ({"type": "seek", "at": [3, 4]}, 35),
        ({"type": "seek", "at": "0,1"}, 2),
        ({"type": "seek", "position": 139}, 140),
        ({"type": "seek", "position": 9999}, 140),
        ({"type": "seek"}, 24),
        ({"type": "setState", "state": {"at": [9999, 9999]}}, 140),
        ({"type": "setState", "state": "at=0,0&nonsense=1"}, 1),
    ]:
        host.evaluate("(message) => send({ convoscope: 1, ...message })", message)
        expect(count(host)).to_contain_text(f"position {position} of 140")


def test_a_listening_page_receives_each_step_with_its_window_and_value(host: Page) -> None:
    host.evaluate("say('listen', {events: ['step', 'nonsense']}); say('seek', {at: [0, 0], beat: 'write'})")
    host.wait_for_function("last('step')?.row === 0")
    step = host.evaluate("last('step')")
    window = step["window"][0]["values"]
    assert step["value"] == sum(row[0] * k - row[2] * k for row, k in zip(window, (1, 2, 1), strict=True))
    assert (step["stage"], step["map"], step["row"], step["col"], step["beat"]) == (1, 0, 0, 0, "write")


def test_it_plays_pauses_and_sends_the_end(host: Page) -> None:
    play = part(host.frame_locator("iframe"), "play")
    host.evaluate("say('play')")
    expect(play).to_have_attribute("data-playing", "true")
    host.evaluate("say('pause')")
    expect(play).to_have_attribute("data-playing", "false")
    host.evaluate(
        "say('listen', {events: ['end']}); say('setState', {state: {mode: 'finish', tempo: '16'}}); say('play')"
    )
    host.wait_for_function("last('end')")
    expect(count(host)).to_contain_text("position 140")


@pytest.mark.complains("422")
def test_another_scene_is_loaded_from_the_server_and_a_bad_one_is_an_error(host: Page) -> None:
    host.evaluate("say('listen', {events: ['scenechange', 'error']})")
    host.evaluate("say('setScene', {link: 'image=face&layers=maxpool:2&at=1,1'})")
    host.wait_for_function("last('scenechange')")
    assert host.evaluate("last('scenechange').scene") == "image=face&layers=maxpool:2"
    expect(part(host.frame_locator("iframe"), "output-shape")).to_have_text("8 × 6")
    expect(count(host)).to_contain_text("position 8 of 48")
    host.evaluate("say('setScene', {link: 'layers=conv:nonsense'})")
    host.wait_for_function("last('error')")
    assert "nonsense" in host.evaluate("last('error').message")
    expect(part(host.frame_locator("iframe"), "output-shape")).to_have_text("8 × 6")


def test_the_state_can_be_read_and_restored(host: Page) -> None:
    host.evaluate("say('setState', {state: {stage: 2, at: [1, 1], theme: 'dark', title: 'Edges', hide: ['legend']}})")
    expect(host.frame_locator("iframe").get_by_role("heading", name="Edges")).to_be_visible()
    host.evaluate("say('getState', {id: 'mine'})")
    host.wait_for_function("last('state')?.id === 'mine'")
    state = host.evaluate("last('state')")
    assert "stage=2" in state["link"]
    assert "theme=dark" in state["link"]
    host.evaluate("say('setState', {state: {stage: 1, theme: null, hide: null, at: [0, 0]}})")
    expect(count(host)).to_contain_text("position 1 of 140")
    host.evaluate("say('setState', {state: last('state').state})")
    expect(count(host)).to_contain_text("position 12 of 140")
    host.evaluate("say('getState')")
    host.wait_for_function("last('state').link === received.find(({type}) => type === 'state').link")


def test_words_at_stops_are_read_and_set_as_a_list_or_a_text(host: Page) -> None:
    words = ["One; two, 100 %3B", "", "Three"]
    for notes in (words, "One%3B two, 100 %253B;;Three"):
        host.evaluate("(notes) => say('setState', { state: { stops: [[2, 3], [0, 1], [0, 2]], notes } })", notes)
        host.evaluate("say('getState', { id: 1 })")
        host.wait_for_function("last('state')?.state.notes.length === 3")
        assert host.evaluate("last('state').state.notes") == words
        expect(part(host.frame_locator("iframe"), "says")).to_have_text(words[0])
        host.evaluate("say('setState', { state: { notes: null } })")
        expect(part(host.frame_locator("iframe"), "says")).not_to_have_text(words[0])
        host.evaluate("received.length = 0")


def test_a_stage_of_shares_opens_on_the_winner_unless_a_map_is_named(host: Page) -> None:
    scene = "image=(1,3;0,2)&layers=flatten~softmax"
    for message, map in [
        (f"say('setScene', {{link: '{scene}&stage=2'}})", 1),
        ("say('setState', {state: {stage: 2, map: 3}})", 3),
        ("say('setState', {state: {stage: 1, map: 0}})", 0),
        ("say('setState', {state: {stage: 2}})", 1),
        ("say('setState', {state: {map: null}})", 1),
    ]:
        host.evaluate(message)
        pressed = part(host.frame_locator("iframe"), "output-multiples").locator("[aria-pressed=true]")
        expect(pressed).to_have_attribute("data-key", f"score-value {map}")


def test_a_listening_page_receives_the_keys_that_the_figure_does_not_use(host: Page) -> None:
    host.frame_locator("iframe").locator("main").click(position={"x": 2, "y": 2})
    host.evaluate("say('listen', {events: ['key']}); say('getState')")
    host.wait_for_function("last('state')")
    host.keyboard.press("x")
    host.wait_for_function("last('key')?.key === 'x'")


def test_a_message_from_another_window_is_ignored(page: Page, base_url: str) -> None:
    lab = Lab(page, base_url).open(QUERY, "/embed")
    page.evaluate("postMessage({convoscope: 1, type: 'seek', at: [0, 0]}, '*')")
    page.evaluate("new Promise((done) => { addEventListener('message', done, {once: true}); postMessage('', '*'); })")
    expect(lab.part("count")).to_contain_text("position 24 of 140")


# --- random messages -------------------------------------------------------------------------------------------

WORDS = [
    *("play", "pause", "step", "seek", "setScene", "getState", "setState", "listen", "ready", "", "__proto__"),
    *(
        "constructor",
        "toString",
        "at",
        "3,4",
        "0,0;0,1",
        "-1,2",
        "stage=1&at=2,2",
        "image=face",
        "dark",
        "write",
        "\ud800",
    ),
]
KEYS = [
    *(
        "by",
        "unit",
        "at",
        "beat",
        "stage",
        "map",
        "position",
        "link",
        "state",
        "events",
        "id",
        "theme",
        "stops",
        "hide",
    ),
    *("title", "tempo", "__proto__", "pin", "x"),
]
NUMBERS = [0, 1, -1, 2, 3.5, 1e9, -1e300, 2**53]


def value(chance: random.Random, depth: int = 0) -> Any:
    kind = chance.randrange(8 if depth < 3 else 5)
    if kind < 2:
        return chance.choice(WORDS)
    if kind < 4:
        return chance.choice(NUMBERS)
    if kind == 4:
        return chance.choice([None, True, False])
    if kind < 7:
        return {chance.choice(KEYS): value(chance, depth + 1) for _ in range(chance.randrange(4))}
    return [value(chance, depth + 1) for _ in range(chance.randrange(4))]


def message(chance: random.Random) -> Any:
    if chance.random() < 0.1:
        return value(chance)
    version = chance.choice([1] * 9 + [2, "1", None])
    fields = {chance.choice(KEYS): value(chance) for _ in range(chance.randrange(5))}
    return {"convoscope": version, "type": chance.choice(WORDS), **fields}


FIND_INVALID_STATES = """
const M = await import("convoscope/pure/protocol/embed-messages.js");
const wrong = [];
for (const message of given.messages) {
  try {
    const command = M.parseMessage(message, given.table);
    if (command === null) continue;
    const change = command.change ?? {};
    const known = Object.keys(change).every((name) => given.table.some((option) => option.name === name));
    const again = V.parseView(V.formatView({...V.parseView("", given.table), ...change}, given.table), given.table);
    const same = Object.keys(change).every((name) => JSON.stringify(again[name]) === JSON.stringify(change[name]));
    if (message.convoscope !== 1 || command.type !== message.type || !known || !same) wrong.push([message, command]);
  } catch (error) { wrong.push([message, String(error)]); }
}
return wrong.slice(0, 3);"""


@pytest.mark.parametrize("times", [500, pytest.param(100_000, marks=pytest.mark.long)])
def test_no_message_throws_and_accepted_states_are_valid_in_a_link(run: Run, times: int) -> None:
    chance = random.Random(times)
    for start in range(0, times, 5_000):
        messages = [message(chance) for _ in range(min(5_000, times - start))]
        assert run(FIND_INVALID_STATES, {"messages": messages, "table": TABLE}) == []


@pytest.mark.complains("422|429|Failed to load")
@pytest.mark.parametrize("times", [500, pytest.param(10_000, marks=pytest.mark.long)])
def test_a_loaded_figure_survives_every_message(host: Page, times: int) -> None:
    chance = random.Random(-times)
    sent = [message(chance) for _ in range(times)]
    sent = [one for one in sent if not (isinstance(one, dict) and one.get("type") == "setScene")]
    host.evaluate("(messages) => messages.forEach(send)", sent)
    host.evaluate(
        "say('pause'); say('setState', {state: {stage: 1}}); say('seek', {position: 0}); say('getState', {id: 'end'});"
    )
    host.wait_for_function("last('state')?.id === 'end'")
    assert host.evaluate("[last('state').state.stage, last('state').position]") == [1, 0]
