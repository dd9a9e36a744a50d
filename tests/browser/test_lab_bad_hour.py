"""A bad hour: the server gone, busy, slow or refusing. The figure stays, one sentence, and Retry."""

from __future__ import annotations

import json
import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests import pictures
from tests.browser.lab import Lab
from tests.serving import RunningServer

TRACE = "**/api/trace*"
BUSY = {"type": "about:blank", "title": "Busy", "status": 503, "detail": "Too many large figures just now."}


def problem(status: int, body: dict[str, object]) -> dict[str, object]:
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}


@pytest.mark.complains("ERR_CONNECTION")
def test_without_the_server_the_figure_stays_and_retry_brings_the_edit(page: Page, own_server: RunningServer) -> None:
    lab = Lab(page, own_server.url).open()
    before, link = lab.table("Filter"), lab.link
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
    lab.page.route(TRACE, lambda route: route.abort())
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
    lab.page.route(TRACE, lambda route: None)  # nobody answers
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
    page.route(TRACE, lambda route: None)  # nobody answers
    page.goto(f"{base_url}/embed?image=coffee")
    expect(page.locator("[data-part=output-maps] svg image")).to_have_count(1)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    page.unroute(TRACE)
    page.locator("[data-part=retry]").click()
    expect(page.locator("[data-part=trouble]")).to_have_count(0)


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
@pytest.mark.parametrize("label", ["Stride S", "Cut…"])
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
