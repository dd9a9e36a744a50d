"""Server failures: unreachable, busy, slow or refusing. The figure stays, with one message and Retry."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import pairwise
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, Page, Route, expect

from tests import pictures
from tests.browser.lab_page import ImageLab, Lab
from tests.serving import RunningServer


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


TRACE = "**/api/trace*"
HEALTH = "**/healthz"
LARGE = "image=coffee&size=96"
"""A figure whose numbers do not come with its page."""
BUSY = {"type": "about:blank", "title": "Busy", "status": 503, "detail": "Too many large figures just now."}


def problem(status: int, body: dict[str, object]) -> dict[str, object]:
    return {"status": status, "content_type": "application/problem+json", "body": json.dumps(body)}


@pytest.mark.complains("ERR_CONNECTION|ERR_FAILED")
def test_without_the_server_the_figure_stays_and_retry_applies_the_edit(page: Page, own_server: RunningServer) -> None:
    lab = Lab(page, own_server.url).open()
    before, link = lab.table("Filter"), lab.link
    page.route(HEALTH, lambda route: route.abort())  # so that only Retry applies it
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
def test_a_page_without_its_first_figure_shows_the_static_figure_and_retry(lab: Lab) -> None:
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: route.abort())
    lab.page.goto(f"{lab.url}/?{LARGE}")
    expect(lab.part("trouble")).to_contain_text("cannot be reached")
    assert lab.part("output-maps").locator("svg image").count() == 1
    lab.page.unroute(TRACE)
    lab.button("Retry").click()
    lab.ready()
    expect(lab.part("trouble")).to_have_count(0)


def test_a_request_to_a_hanging_server_times_out_and_retry_applies_the_edit(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open()
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: None)  # no response
    lab.button("Stride: more").click()
    expect(lab.part("busy")).to_be_visible()
    lab.page.clock.fast_forward(61_000)
    expect(lab.part("trouble")).to_contain_text("cannot be reached")
    expect(lab.part("busy")).to_be_hidden()
    lab.page.unroute(TRACE)
    lab.page.get_by_role("button", name="Retry").click()
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)


def test_an_embed_whose_server_hangs_times_out_and_offers_retry(page: Page, base_url: str) -> None:
    page.clock.install()
    for address in (TRACE, HEALTH):
        page.route(address, lambda route: None)  # no response
    page.goto(f"{base_url}/embed?{LARGE}")
    expect(page.locator("[data-part=output-maps] svg image")).to_have_count(1)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-part=trouble]")).to_be_visible()
    page.unroute(TRACE)
    page.locator("[data-part=retry]").click()
    expect(page.locator("[data-part=trouble]")).to_have_count(0)


# --- what is received cannot be shown ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_damaged_response_is_said_as_what_it_is(page: Page, base_url: str, path: str) -> None:
    page.route(TRACE, lambda route: route.fulfill(body=b"\x05"))
    page.goto(f"{base_url}{path}?{LARGE}")
    expect(page.locator("[data-part=problems]")).to_contain_text("The response is 1 bytes long")
    expect(page.locator("[data-part=output-maps] svg image")).to_have_count(1)


@pytest.mark.complains("no more canvas")
@pytest.mark.parametrize("path", ["/", "/embed"])
def test_a_fault_in_drawing_is_not_said_to_be_the_servers(page: Page, base_url: str, path: str) -> None:
    page.add_init_script(
        "CanvasRenderingContext2D.prototype.setTransform = () => { throw new Error('no more canvas'); }"
    )
    page.goto(f"{base_url}{path}?image=coffee")
    expect(page.locator("[data-part=problems]")).to_contain_text("could not be drawn")


# --- the server is back ---------------------------------------------------------------------------------------

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, value: hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""

# Records when the page checks whether the server is back, in seconds of the page's clock.
RECORD_CHECKS = """
  const [send, checks] = [fetch, []];
  window.checks = checks;
  window.fetch = (address, options) => {
    const answer = send(address, options);
    if (String(address).includes("/healthz")) {
      checks.push(Date.now() / 1000);
      window.lastCheck = answer.catch(() => {});
    }
    return answer;
  };
"""


@pytest.mark.complains("ERR_CONNECTION")
def test_when_the_server_is_back_the_edit_is_applied_and_the_message_closes(
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
def test_the_pauses_between_checks_of_the_server_grow(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    lab.page.add_init_script(RECORD_CHECKS)
    lab.open()
    start = 60_000
    lab.page.clock.pause_at(start)
    for address in (TRACE, HEALTH):
        lab.page.route(address, lambda route: route.abort())
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_be_visible()
    checks: list[float] = []
    while len(checks) < 7:
        lab.page.clock.run_for(1_000)
        checks = lab.page.evaluate("async () => (await window.lastCheck, checks)")  # the clock stands until it failed
        assert not checks or checks[-1] < start + 600
    gaps = [later - before for before, later in pairwise([start, *checks])]
    assert all(gap >= pause for gap, pause in zip(gaps, (2, 3, 4.5, 6, 6, 6, 6), strict=True)), gaps
    assert max(gaps) < 10


@pytest.mark.complains("ERR_FAILED")
def test_a_hidden_page_checks_the_server_only_when_it_becomes_visible(lab: Lab) -> None:
    checks: list[str] = []
    lab.page.clock.install()
    lab.open()
    lab.page.route(TRACE, lambda route: route.abort())
    lab.page.on("request", lambda request: checks.append(request.url) if "/healthz" in request.url else None)
    lab.page.evaluate(HIDE, True)
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_be_visible()
    lab.page.clock.run_for(120_000)
    assert not checks
    lab.page.unroute(TRACE)
    lab.page.evaluate(HIDE, False)
    lab.says("stride=2")
    expect(lab.part("trouble")).to_have_count(0)
    assert len(checks) == 1


@pytest.mark.complains("ERR_INTERNET_DISCONNECTED")
def test_the_figure_loads_as_soon_as_the_device_is_online_again(lab: Lab) -> None:
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
@pytest.mark.parametrize("path", [f"/embed?{LARGE}", "/filters"])
def test_other_pages_also_load_their_figure_when_the_server_is_back(page: Page, base_url: str, path: str) -> None:
    for address in (TRACE, HEALTH):
        page.route(address, lambda route: route.abort())
    page.goto(base_url + path)
    expect(page.locator("[data-part=trouble]")).to_contain_text("cannot be reached")
    for address in (TRACE, HEALTH):
        page.unroute(address)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-part=trouble]")).to_have_count(0)


@pytest.mark.complains("ERR_FAILED")
def test_a_failed_upload_is_sent_when_the_server_is_back(lab: Lab) -> None:
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
def test_a_link_does_not_leave_the_page_while_the_server_is_unreachable(lab: Lab, path: str, link: str) -> None:
    lab.page.goto(lab.url + path)
    lab.until("document.querySelector('.maps.live, [data-part=tiles] canvas')")
    lab.page.context.set_offline(True)
    lab.page.get_by_role("link", name=link, exact=True).click()
    expect(lab.part("trouble")).to_contain_text(f"The server cannot be reached, so “{link}” cannot be opened now.")
    expect(lab.part("trouble")).to_contain_text("The figure stays as it is.")
    lab.page.context.set_offline(False)
    expect(lab.part("trouble")).to_have_count(0)
    assert urlsplit(lab.page.url).path == path  # the page does not leave by itself
    lab.page.get_by_role("link", name=link, exact=True).click()
    lab.until("location.pathname === given", "/filters" if path == "/" else "/")


@pytest.mark.complains("ERR_CONNECTION")
def test_every_link_of_the_header_stays_here_while_the_server_is_down(page: Page, own_server: RunningServer) -> None:
    page.clock.install()
    lab = Lab(page, own_server.url).open("at=3,4")
    own_server.stop()
    lab.button("Stride: more").click()
    expect(lab.part("trouble")).to_have_count(1)
    links = page.locator("header a[href]")
    assert links.count() >= 2
    for link in links.all():
        link.click()
        expect(lab.part("trouble")).to_contain_text("cannot be opened now")
        assert lab.part("output-maps").locator("canvas").count() > 0, "the figure is kept"
    own_server.start()
    page.clock.fast_forward(7_000)
    expect(lab.part("trouble")).to_have_count(0)
    assert lab.link == "at=3,4"


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


def test_a_link_to_a_hanging_server_shows_an_error_after_three_seconds(lab: Lab) -> None:
    lab.page.clock.install()
    lab.open()
    lab.page.route(HEALTH, lambda route: None)  # no response
    with lab.page.expect_request(HEALTH):
        lab.page.get_by_role("link", name="Filters").click()
    lab.page.clock.fast_forward(3_001)
    expect(lab.part("trouble")).to_be_visible()


@pytest.mark.complains("status of")
@pytest.mark.parametrize(("status", "leaves"), [(200, True), (403, True), (404, True), (502, False), (504, False)])
def test_a_gateway_error_counts_as_unreachable(lab: Lab, status: int, leaves: bool) -> None:
    lab.open()
    lab.page.route(HEALTH, lambda route: route.fulfill(status=status))
    lab.page.get_by_role("link", name="Filters").click()
    if leaves:
        lab.until("location.pathname === '/filters'")
    else:
        expect(lab.part("trouble")).to_be_visible()
        assert urlsplit(lab.page.url).path == "/"


def test_links_in_a_new_tab_and_within_the_page_need_no_check(lab: Lab) -> None:
    checks: list[str] = []
    lab.open()
    lab.page.on("request", lambda request: checks.append(request.url) if "/healthz" in request.url else None)
    with lab.page.context.expect_page() as opened:
        lab.page.get_by_role("link", name="Filters").click(modifiers=["ControlOrMeta"])
    expect(opened.value).to_have_url(f"{lab.url}/filters")
    lab.page.get_by_role("link", name="Skip to the figure").focus()
    lab.page.keyboard.press("Enter")
    lab.until("location.hash === '#figure'")
    assert not checks


# --- what the server refuses ----------------------------------------------------------------------------------


@pytest.mark.complains("503|429|500")
@pytest.mark.parametrize(
    ("status", "sentence"),
    [(503, "Too many large figures just now."), (429, "Too many large figures just now."), (500, "could not answer")],
)
def test_a_busy_or_broken_server_shows_one_message_and_retry(lab: Lab, status: int, sentence: str) -> None:
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
def test_a_refusal_marks_its_control_and_keeps_the_typed_text(lab: Lab) -> None:
    lab.open()
    message = "stride is 9; 1 to 5 is allowed here."
    body = {"title": "No", "status": 422, "problems": [{"field": "stride", "message": message, "severity": "error"}]}
    lab.page.route(TRACE, lambda route: route.fulfill(**problem(422, body)))  # type: ignore[arg-type]
    lab.types("stride", "9")
    expect(lab.part("inspector").get_by_role("alert")).to_have_text(message)
    expect(lab.key("stride")).to_have_value("9")
    expect(lab.key("stride")).to_have_attribute("aria-invalid", "true")
    lab.page.unroute(TRACE)
    lab.types("stride", "2")
    lab.says("stride=2")
    expect(lab.part("inspector").get_by_role("alert")).to_have_count(0)


def test_responses_are_never_applied_out_of_order(lab: Lab) -> None:
    """The response to the first of two requests comes last and is ignored."""
    lab.open()
    pending: list[Route] = []
    lab.page.route(TRACE, lambda route: route.continue_() if pending else pending.append(route))
    lab.settings("layer")
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.eventually(lambda: pending)
    lab.settings("layer")
    lab.page.locator("[data-part=tray] [data-kernel=sharpen]").click()
    lab.says("conv:sharpen")
    with suppress(Error):  # the page has aborted it
        pending[0].continue_()
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=")
    assert "conv:sharpen" in lab.link
    assert lab.table("Filter")[1] == [-1, 5, -1]
    assert lab.problems().strip() == ""


def test_edits_in_quick_succession_are_all_applied(lab: Lab) -> None:
    lab.open()
    pending: list[Route] = []
    lab.page.route(TRACE, lambda route: pending.append(route))
    lab.button("Stride: more").click()
    lab.button("same").click()
    lab.settings("layer")
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.eventually(lambda: len(pending) == 3)
    pending[-1].continue_()
    lab.says("conv:edges", "stride=2", "padding=same")


def test_showing_another_stage_does_not_abort_a_pending_edit(lab: Lab) -> None:
    """The other stage has only a preview, so its numbers are requested too."""
    lab.open("size=256&layers=conv:random*8@3x3,seed=1~relu~conv:random*8@3x3,seed=2&stage=1")
    pending: list[Route] = []
    lab.page.route(TRACE, lambda route: route.continue_() if pending else pending.append(route))
    lab.button("Stride: more").click()
    lab.eventually(lambda: pending)
    lab.part("strip").locator("button.stage").nth(3).click()
    expect(lab.part("strip").locator("button.stage").nth(3)).to_have_attribute("aria-current", "step")
    pending[0].continue_()
    lab.says("stride=2", "stage=3")
    expect(lab.part("result-value")).to_have_text(re.compile(r"\d"))


def test_the_busy_indicator_shows_only_while_a_response_takes_long(lab: Lab) -> None:
    lab.open()
    expect(lab.part("busy")).to_be_hidden()
    pending: list[Route] = []
    lab.page.route(TRACE, lambda route: pending.append(route))
    lab.button("Stride: more").click()
    expect(lab.part("busy")).to_be_visible()
    pending[0].continue_()
    lab.says("stride=2")
    expect(lab.part("busy")).to_be_hidden()


@pytest.mark.complains("410")
def test_an_expired_photo_keeps_the_layers_and_the_next_photo_replaces_it(lab: Lab) -> None:
    lab.open("image=u-0000000000000000000000&layers=conv:edges~relu~avgpool:3")
    expect(lab.part("problems")).to_contain_text("Drop the photo here again")
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(90, 90), "PNG")}
    lab.part("file").set_input_files(picture)  # type: ignore[arg-type]
    lab.until("!location.search.includes('0000000000')")
    lab.says("image=u-", "layers=conv:edges,groups=1~relu~avgpool:3")  # one filter reads all channels of a color photo
    assert lab.text("result-value") not in ("", "0")


@pytest.mark.complains("410")
def test_an_edit_after_a_photo_expired_says_what_is_missing(lab: Lab) -> None:
    lab.open("image=u-0000000000000000000000&layers=conv:edges~relu")
    lab.button("Close this message").click()
    lab.button("Stride: more").click()
    expect(lab.part("problems")).to_contain_text("Drop the photo here again")


@pytest.mark.complains("ERR_CONNECTION")
@pytest.mark.parametrize("label", ["Stride S", "Crop…", "Edit"])
def test_a_module_that_cannot_be_loaded_shows_an_error(page: Page, own_server: RunningServer, label: str) -> None:
    lab = ImageLab(page, own_server.url).open()
    own_server.stop()
    lab.button(label).click()
    expect(lab.part("problems")).to_contain_text("The server cannot be reached")


@pytest.mark.complains("ERR_CONNECTION|ERR_FAILED")
def test_a_failed_upload_shows_an_error_and_the_figure_stays(lab: Lab) -> None:
    lab.open("image=coffee")
    lab.page.route("**/api/images", lambda route: route.abort())
    picture = {"name": "a.png", "mimeType": "image/png", "buffer": pictures.file(pictures.photo(9, 9), "PNG")}
    lab.part("file").set_input_files(picture)  # type: ignore[arg-type]
    expect(lab.part("problems")).to_contain_text("The server cannot be reached")
    assert "image=coffee" in lab.link


def test_a_response_during_typing_keeps_the_typed_text(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4)")
    lab.button("Edit").click()
    pending: list[Route] = []
    lab.page.route(TRACE, lambda route: pending.append(route))
    lab.key("filter-0-0-0").focus()
    lab.page.keyboard.type("1.5/")
    lab.eventually(lambda: pending)
    with lab.answers():
        pending[-1].continue_()
    expect(lab.key("filter-0-0-0")).to_have_value("1.5/")
    lab.page.unroute(TRACE)
    lab.page.keyboard.type("4")
    lab.says("conv:(1.5/4,2;3,4)")
