"""A bad hour: the server gone, busy, slow or refusing. The figure stays, one sentence, and Retry."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests import pictures
from tests.browser.lab import Lab
from tests.serving import RunningServer

TRACE = "**/api/trace*"
HEALTH = "**/healthz"
BUSY = {"type": "about:blank", "title": "Busy", "status": 503, "detail": "Too many large figures just now."}


def problem(status: int, body: dict[str, object]) -> dict[str, object]:
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}


@pytest.mark.complains("ERR_CONNECTION|ERR_FAILED")
def test_without_the_server_the_figure_stays_and_retry_brings_the_edit(page: Page, own_server: RunningServer) -> None:
    lab = Lab(page, own_server.url).open()
    before, link = lab.table("Filter"), lab.link
    page.route(HEALTH, lambda route: route.abort())  # so that Retry alone brings it
    own_server.stop()
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_have_count(1)
    expect(lab.part("trouble")).to_contain_text("The server cannot be reached. The figure stays as it is.")
    assert (lab.table("Filter"), lab.link) == (before, link)
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    own_server.start()
    lab.button("Retry").click()
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)
    expect(lab.part("output-shape")).to_have_text("15 × 15")


@pytest.mark.complains("ERR_CONNECTION|ERR_FAILED")
def test_a_page_whose_first_figure_does_not_come_shows_the_painted_one_and_retry(lab: Lab) -> None:
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: route.abort())
    lab.page.goto(f"{lab.url}/?image=coffee")
    expect(lab.part("trouble")).to_contain_text("cannot be reached")
    assert lab.part("output-maps").locator("svg image").count() == 1
    lab.page.unroute(TRACE)
    lab.button("Retry").click()
    lab.ready()
    expect(lab.part("trouble")).to_have_count(0)


def test_a_server_that_hangs_is_given_up_and_retry_brings_the_edit(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open()
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: None)  # nobody answers
    lab.page.get_by_role("button", name="Stride: more").click()
    expect(lab.part("busy")).to_be_visible()
    lab.page.clock.fast_forward(61_000)
    expect(lab.part("trouble")).to_contain_text("cannot be reached")
    expect(lab.part("busy")).to_be_hidden()
    lab.page.unroute(TRACE)
    lab.page.get_by_role("button", name="Retry").click()
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)


def test_an_embed_whose_server_hangs_is_given_up_with_retry(page: Page, base_url: str) -> None:
    page.clock.install()
    for address in (TRACE, HEALTH):
        page.route(address, lambda route: None)  # nobody answers
    page.goto(f"{base_url}/embed?image=coffee")
    expect(page.locator("[data-part=output-maps] svg image")).to_have_count(1)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    page.unroute(TRACE)
    page.locator("[data-part=retry]").click()
    expect(page.locator("[data-part=trouble]")).to_have_count(0)


# --- the server is back ---------------------------------------------------------------------------------------

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

# When the page asked whether the server is back, in seconds of its own clock.
NOTE_QUESTIONS = """
  const [ask, asked] = [fetch, []];
  window.asked = asked;
  window.fetch = (address, options) => {
    if (String(address).includes("/healthz")) asked.push(Date.now() / 1000);
    return ask(address, options);
  };
"""


@pytest.mark.complains("ERR_CONNECTION")
def test_when_the_server_is_back_the_edit_comes_and_the_sentence_goes_by_themselves(
    page: Page, own_server: RunningServer
) -> None:
    page.clock.install()
    lab = Lab(page, own_server.url).open()
    own_server.stop()
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_contain_text("The server cannot be reached.")
    own_server.start()
    page.clock.fast_forward(31_000)
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)


@pytest.mark.complains("ERR_FAILED")
def test_the_server_is_asked_ever_more_rarely_whether_it_is_back(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    lab.page.add_init_script(NOTE_QUESTIONS)
    lab.open()
    start = 60_000
    lab.page.clock.pause_at(start)
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: route.abort())
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_be_visible()
    asked: list[float] = []
    while len(asked) < 7:
        lab.page.clock.run_for(1_000)
        asked = lab.page.evaluate("asked")
        assert not asked or asked[-1] < start + 600
    gaps = [later - before for before, later in pairwise([start, *asked])]
    assert all(gap >= pause for gap, pause in zip(gaps, (2, 4, 8, 16, 30, 30, 30), strict=True)), gaps
    assert max(gaps) < 60


@pytest.mark.complains("ERR_FAILED")
def test_a_page_that_nobody_sees_asks_nothing_and_asks_at_once_when_it_is_seen(lab: Lab) -> None:
    asked: list[str] = []
    lab.page.clock.install()
    lab.open()
    lab.page.route(TRACE, lambda route: route.abort())
    lab.page.on("request", lambda request: asked.append(request.url) if "/healthz" in request.url else None)
    lab.page.evaluate(HIDE, True)
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_be_visible()
    lab.page.clock.run_for(120_000)
    assert not asked
    lab.page.unroute(TRACE)
    lab.page.evaluate(HIDE, False)
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)
    assert len(asked) == 1


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
def test_as_soon_as_the_device_has_a_network_again_the_figure_comes(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    lab.open()
    lab.page.clock.pause_at(60_000)  # no pause ends by itself
    lab.page.context.set_offline(True)
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_be_visible()
    lab.page.context.set_offline(False)
    expect(lab.part("trouble")).to_have_count(0)
    lab.says("stride=2")


@pytest.mark.complains("ERR_FAILED")
@pytest.mark.parametrize("path", ["/embed?image=coffee", "/filters"])
def test_other_pages_have_their_figure_too_when_the_server_is_back(page: Page, base_url: str, path: str) -> None:
    for address in (TRACE, HEALTH):
        page.route(address, lambda route: route.abort())
    page.goto(base_url + path)
    expect(page.locator("[data-part=trouble]")).to_contain_text("cannot be reached")
    for address in (TRACE, HEALTH):
        page.unroute(address)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=trouble]")).to_have_count(0)


@pytest.mark.complains("ERR_FAILED")
def test_a_photo_that_could_not_be_sent_is_sent_when_the_server_is_back(lab: Lab) -> None:
    lab.open("image=coffee")
    for address in ("**/api/images", HEALTH):
        lab.page.route(address, lambda route: route.abort())
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(9, 9), "PNG")}
    lab.part("file").set_input_files(picture)  # type: ignore[arg-type]
    expect(lab.part("trouble")).to_contain_text("The server cannot be reached")
    for address in ("**/api/images", HEALTH):
        lab.page.unroute(address)
    lab.page.evaluate("dispatchEvent(new Event('online'))")
    lab.says("image=u-")


# --- links to other pages -------------------------------------------------------------------------------------


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
@pytest.mark.parametrize(
    ("path", "link"), [("/", "Filters"), ("/filters", "Lab"), ("/filters", "step through it in the Lab →")]
)
def test_a_link_stays_while_the_server_is_gone_and_leads_on_when_it_is_back(lab: Lab, path: str, link: str) -> None:
    lab.page.goto(lab.url + path)
    lab.until("document.querySelector('.maps.live, [data-part=tiles] canvas')")
    lab.page.context.set_offline(True)
    lab.page.get_by_role("link", name=link, exact=True).click()
    expect(lab.part("trouble")).to_contain_text("The server cannot be reached. The figure stays as it is.")
    lab.page.context.set_offline(False)
    expect(lab.part("trouble")).to_have_count(0)
    assert urlsplit(lab.page.url).path == path  # nobody is taken away from the figure unasked
    lab.page.get_by_role("link", name=link, exact=True).click()
    lab.until("location.pathname === given", "/filters" if path == "/" else "/")


@pytest.mark.complains("ERR_FAILED")
def test_retry_follows_the_link(lab: Lab) -> None:
    lab.open()
    lab.page.route(HEALTH, lambda route: route.abort())
    lab.page.get_by_role("link", name="Filters").click()
    expect(lab.part("trouble")).to_be_visible()
    lab.page.unroute(HEALTH)
    lab.page.route(HEALTH, lambda route: route.continue_())
    lab.button("Retry").click()
    lab.until("location.pathname === '/filters'")


def test_a_link_to_a_server_that_hangs_stays_after_three_seconds(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open()
    lab.page.route(HEALTH, lambda route: None)  # nobody answers
    with lab.page.expect_request(HEALTH):
        lab.page.get_by_role("link", name="Filters").click()
    lab.page.clock.fast_forward(3_001)
    expect(lab.part("trouble")).to_be_visible()


@pytest.mark.complains("status of")
@pytest.mark.parametrize(("status", "leaves"), [(200, True), (403, True), (404, True), (502, False), (504, False)])
def test_a_proxy_that_says_that_the_server_is_gone_is_believed(lab: Lab, status: int, leaves: bool) -> None:
    lab.open()
    lab.page.route(HEALTH, lambda route: route.fulfill(status=status))
    lab.page.get_by_role("link", name="Filters").click()
    if leaves:
        lab.until("location.pathname === '/filters'")
    else:
        expect(lab.part("trouble")).to_be_visible()
        assert urlsplit(lab.page.url).path == "/"


def test_a_link_in_a_new_tab_and_one_within_the_page_are_the_browsers_own(lab: Lab) -> None:
    asked: list[str] = []
    lab.open()
    lab.page.on("request", lambda request: asked.append(request.url) if "/healthz" in request.url else None)
    with lab.page.context.expect_page() as opened:
        lab.page.get_by_role("link", name="Filters").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{lab.url}/filters")
    lab.page.get_by_role("link", name="Skip to the figure").focus()
    lab.page.keyboard.press("Enter")
    lab.until("location.hash === '#figure'")
    assert not asked


# --- what the server refuses ----------------------------------------------------------------------------------


@pytest.mark.complains("503|429|500")
@pytest.mark.parametrize(
    ("status", "sentence"),
    [(503, "Too many large figures just now."), (429, "Too many large figures just now."), (500, "could not answer")],
)
def test_a_busy_or_broken_server_is_one_sentence_and_retry(lab: Lab, status: int, sentence: str) -> None:
    lab.open()
    lab.page.route(TRACE, lambda route: route.fulfill(**problem(status, BUSY)))  # type: ignore[arg-type]
    lab.button("Stride: more").click()
    expect(lab.part("problems")).to_contain_text(sentence)
    assert lab.part("problems").locator(".problem").count() == 1
    assert lab.link == ""
    lab.page.unroute(TRACE)
    lab.button("Retry").click()
    lab.says("stride=2")
    expect(lab.part("problems")).to_be_empty()


@pytest.mark.complains("422")
def test_a_refusal_marks_its_control_and_keeps_what_was_typed(lab: Lab) -> None:
    lab.open()
    words = "stride is 9; 1 to 5 is allowed here."
    body = {"title": "No", "status": 422, "problems": [{"field": "stride", "message": words, "severity": "error"}]}
    lab.page.route(TRACE, lambda route: route.fulfill(**problem(422, body)))  # type: ignore[arg-type]
    lab.types("stride", "9")
    expect(lab.part("inspector").get_by_role("alert")).to_have_text(words)
    expect(lab.key("stride")).to_have_value("9")
    expect(lab.key("stride")).to_have_attribute("aria-invalid", "true")
    lab.page.unroute(TRACE)
    lab.types("stride", "2")
    lab.says("stride=2")
    expect(lab.part("inspector").get_by_role("alert")).to_have_count(0)


def test_answers_never_apply_out_of_order(lab: Lab) -> None:
    """The first of two questions is answered last, with what it asked for."""
    lab.open()
    held: list[Route] = []
    lab.page.route(TRACE, lambda route: route.continue_() if held else held.append(route))
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.eventually(lambda: held)
    lab.page.locator("[data-part=tray] [data-kernel=sharpen]").click()
    lab.says("conv:sharpen")
    with suppress(Error):  # the page has given it up
        held[0].continue_()
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    assert "conv:sharpen" in lab.link
    assert lab.table("Filter")[1] == [-1, 5, -1]
    assert lab.problems().strip() == ""


def test_edits_that_follow_each_other_at_once_build_upon_one_another(lab: Lab) -> None:
    lab.open()
    held: list[Route] = []
    lab.page.route(TRACE, lambda route: held.append(route))
    lab.button("Stride: more").click()
    lab.button("same").click()
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.eventually(lambda: len(held) == 3)
    held[-1].continue_()
    lab.says("conv:edges", "stride=2", "padding=same")


def test_a_look_at_another_stage_does_not_give_up_an_edit_that_is_on_its_way(lab: Lab) -> None:
    """The stage looked at is there as a preview only, so that its numbers are wanted as well."""
    lab.open("size=256&layers=conv:random*8@3x3,seed=1~relu~conv:random*8@3x3,seed=2&stage=1")
    held: list[Route] = []
    lab.page.route(TRACE, lambda route: route.continue_() if held else held.append(route))
    lab.button("Stride: more").click()
    lab.eventually(lambda: held)
    lab.part("strip").locator("button.stage").nth(3).click()
    expect(lab.part("strip").locator("button.stage").nth(3)).to_have_attribute("aria-current", "step")
    held[0].continue_()
    lab.says("stride=2", "stage=3")
    expect(lab.part("result-value")).to_have_text(re.compile(r"\d"))


def test_a_quiet_mark_shows_only_while_an_answer_takes_long(lab: Lab) -> None:
    lab.open()
    expect(lab.part("busy")).to_be_hidden()
    held: list[Route] = []
    lab.page.route(TRACE, lambda route: held.append(route))
    lab.button("Stride: more").click()
    expect(lab.part("busy")).to_be_visible()
    held[0].continue_()
    lab.says("stride=2")
    expect(lab.part("busy")).to_be_hidden()


@pytest.mark.complains("410")
def test_an_expired_photo_keeps_the_layers_and_the_next_photo_takes_its_place(lab: Lab) -> None:
    lab.open("image=u-0000000000000000000000&layers=conv:edges~relu~avgpool:3")
    expect(lab.part("problems")).to_contain_text("Drop the photo here again")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(90, 90), "PNG")}
    lab.part("file").set_input_files(picture)  # type: ignore[arg-type]
    lab.until("!location.search.includes('0000000000')")
    lab.says("image=u-", "conv:edges~relu~avgpool:3")
    assert lab.text("result-value") not in ("", "0")


@pytest.mark.complains("410")
def test_an_edit_upon_an_expired_photo_says_what_is_missing(lab: Lab) -> None:
    lab.open("image=u-0000000000000000000000&layers=conv:edges~relu")
    lab.button("Close this message").click()
    lab.button("Stride: more").click()
    expect(lab.part("problems")).to_contain_text("Drop the photo here again")


@pytest.mark.complains("ERR_CONNECTION")
@pytest.mark.parametrize("label", ["Stride S", "Crop…", "Edit"])
def test_a_part_of_the_page_that_cannot_come_any_more_is_told(
    page: Page, own_server: RunningServer, label: str
) -> None:
    lab = Lab(page, own_server.url).open()
    own_server.stop()
    lab.button(label).click()
    expect(lab.part("problems")).to_contain_text("The server cannot be reached")


@pytest.mark.complains("ERR_CONNECTION|ERR_FAILED")
def test_a_photo_that_cannot_be_sent_is_told_and_the_figure_stays(lab: Lab) -> None:
    lab.open("image=coffee")
    lab.page.route("**/api/images", lambda route: route.abort())
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(9, 9), "PNG")}
    lab.part("file").set_input_files(picture)  # type: ignore[arg-type]
    expect(lab.part("problems")).to_contain_text("The server cannot be reached")
    assert "image=coffee" in lab.link


def test_an_answer_that_comes_while_one_types_takes_nothing_away(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4)")
    lab.button("Edit").click()
    held: list[Route] = []
    lab.page.route(TRACE, lambda route: held.append(route))
    lab.key("filter-0-0-0").focus()
    lab.page.keyboard.type("1.5/")
    lab.eventually(lambda: held)
    with lab.answers():
        held[-1].continue_()
    expect(lab.key("filter-0-0-0")).to_have_value("1.5/")
    lab.page.unroute(TRACE)
    lab.page.keyboard.type("4")
    lab.says("conv:(1.5/4,2;3,4)")
