"""The site under a path prefix: a proxy that takes it off and says nothing, one that says it, one that keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.deck import deck, part, site
from tests.browser.embed.test_conv_scope import element_page
from tests.browser.embed.test_deck import figure, figure_with_stops, plugin
from tests.browser.gallery.test_filters import open_page, wait_for_map
from tests.browser.lab_page import ImageLab, Lab
from tests.browser.pages.test_present import open_presenting
from tests.browser.share.test_share import link, open_share, upload
from tests.proxies import Manners, Proxied, proxy
from tests.serving import RunningServer

QUERY = "image=face&layers=conv:vertical-edge~relu&at=2,3"
SILENT = Manners(keeps_host=False)
SAYING = Manners(says=("For", "Host", "Proto", "Port", "Prefix"))
KEEPING = Manners("/~prof/convoscope", strips=False)
NOWHERE = ("nowhere", "filters/", "a/b/c", "a//b/", "a%2Fb", "a%2fb/c%3Fd")
LOADED = """((all) => all.length && all.every((image) => image.complete && image.naturalWidth > 1))(
  [...document.querySelectorAll(given)])"""


@pytest.fixture(scope="module", params=[SILENT, KEEPING], ids=["silent", "keeping"])
def behind(
    request: pytest.FixtureRequest, server: RunningServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Proxied]:
    """The proxy in front of a server; of one that keeps the prefix the server has to be told."""
    manners: Manners = request.param
    with ExitStack() as stack:
        if not manners.strips:
            told = {"CONVOSCOPE_ROOT_PATH": manners.prefix}
            server = stack.enter_context(RunningServer(tmp_path_factory.mktemp("store"), environment=told))
        yield stack.enter_context(proxy(server.url, manners))


@pytest.fixture
def lab(page: Page, behind: Proxied) -> Iterator[Lab]:
    """The Lab behind the proxy. It fails a test whose page asks for anything outside of the prefix."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield ImageLab(page, behind.url)
    assert [url for url in asked if not url.startswith((f"{behind.url}/", "data:", "blob:"))] == []


def test_the_lab_opens_and_an_edit_makes_another_figure(lab: Lab) -> None:
    lab.open(QUERY)
    lab.until(LOADED, "[data-part=samples] img, [data-part=tray] img")
    with lab.answers():
        lab.settings("layer")
        lab.page.locator("[data-part=tray] [data-kernel=sharpen]").click()
    lab.says("conv:sharpen", "image=face")
    assert lab.table("Filter") == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    assert lab.page.url.startswith(f"{lab.url}/?")
    lab.page.reload()
    lab.ready().says("conv:sharpen")


def test_a_proxy_may_say_the_prefix_too(page: Page, base_url: str) -> None:
    with proxy(base_url, SAYING) as behind:
        lab = Lab(page, behind.url).open(QUERY)
        upload(lab)
        lab.until(LOADED, "[data-part=samples] img")
        assert behind.outside == []


def test_a_picture_is_brought_shown_cut_and_taken_back(lab: Lab) -> None:
    lab.open("layers=relu")
    upload(lab)
    lab.until(LOADED, "[data-part=samples] img")
    lab.part("choose-crop").click()
    lab.until(LOADED, "[data-part=crop-area] img")
    lab.page.keyboard.press("Escape")
    lab.part("delete-picture").click()
    lab.drops("image=u-")
    expect(lab.part("problems")).to_contain_text("deleted from the server")


def test_the_learned_filters_lead_to_the_lab_and_back(lab: Lab) -> None:
    open_page(lab)
    lab.page.locator("[data-model=cifar10]").click()
    lab.says("model=cifar10")
    wait_for_map(lab).part("step-through").click()
    lab.ready().says("layers=prepare:cifar10")
    lab.page.get_by_role("link", name="Filters").click()
    lab.until("document.querySelector('[data-part=row-value]')?.textContent")
    assert lab.page.url.startswith(f"{lab.url}/filters")
    lab.page.locator("a.brand").click()
    lab.ready()
    assert lab.page.url.startswith(f"{lab.url}/")


def test_what_is_shared_leads_through_the_proxy(lab: Lab) -> None:
    lab.open(QUERY)
    open_share(lab)
    assert link(lab).startswith(f"{lab.url}/?image=face&")
    lab.until(LOADED, "[data-part=qr]")
    assert parse_qs(urlsplit(lab.part("qr").get_attribute("src") or "").query)["link"] == [link(lab)]
    code = lab.part("code")
    for kind, paths in {
        "iframe": ["/embed"],
        "reveal.js": ["/embed", "/reveal-convoscope.js"],
        "Quarto": ["/reveal-convoscope.js", "/embed"],
        "Slidev": ["/embed", "/deck-keys.js"],
        "Marp": ["/embed", "/deck-keys.js"],
        "Markdown": ["/api/figure.png", "/"],
        "Web component": ["/conv-scope.js", "/"],
    }.items():
        lab.button(kind).click()
        assert re.findall(r"https?://[^?\"]+", code.input_value()) == [lab.url + path for path in paths]
    with lab.page.expect_download() as saved:
        lab.part("save-page").click()
    assert 'data-part="trace"' in saved.value.path().read_text(encoding="utf-8")


def test_a_class_gets_a_link_and_a_preview_under_the_prefix(lab: Lab) -> None:
    lab.open(QUERY)
    open_share(lab)
    lab.part("teach").click()
    assert lab.part("authoring-link").input_value().startswith(f"{lab.url}/?")
    lab.part("preview").click()
    inside = lab.page.frame_locator("[data-part=preview-frame]")
    expect(inside.locator(".maps.live")).to_have_count(2)
    lab.page.locator("[data-where=embed]").click()
    expect(inside.locator("main.embed .maps.live")).to_have_count(2)


def test_the_code_of_a_presented_figure_is_there(lab: Lab) -> None:
    open_presenting(lab, QUERY).page.keyboard.press("q")
    lab.until(LOADED, "[data-part=code-dialog] img")
    expect(lab.part("code-dialog")).to_contain_text(f"{lab.url}/?image=face")


@pytest.mark.complains("404")
def test_a_page_that_is_not_there_looks_right_and_leads_to_the_lab_at_every_depth(lab: Lab) -> None:
    for path in NOWHERE:
        lab.page.goto(f"{lab.url}/{path}")
        assert lab.page.evaluate("document.styleSheets.length") == 1, path
        way_out = lab.page.get_by_role("link", name="Open the Lab")
        assert way_out.evaluate("(link) => link.href") == f"{lab.url}/", path
    way_out.click()
    lab.ready()


def test_the_embed_and_the_element_live_in_a_page_of_another_site(page: Page, behind: Proxied) -> None:
    with site(f"<!doctype html>{figure(behind.url)}") as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        frame.get_by_role("button", name="One position on").click()
        expect(part(frame, "count")).to_contain_text("position 25 of 140")
    with element_page(page, behind.url) as host:
        host.wait_until_ready()
        assert host.state()["position"] == 43
    named = f'<conv-scope src-base="{behind.url}" image="face" layers="relu"></conv-scope>'
    with element_page(page, behind.url, named) as host:
        host.wait_until_ready()
    assert behind.outside == []


def test_a_deck_walks_the_stops_and_prints_them(page: Page, behind: Proxied) -> None:
    slides = deck(figure_with_stops(behind.url, "0,0;3,4", "&title=Edges"), "<h2>after</h2>", script=plugin(behind.url))
    with site(slides) as url:
        page.goto(url)
        count = part(page.frame_locator("iframe"), "count")
        expect(page.frame_locator("iframe").locator(".maps.live")).to_have_count(2)
        page.keyboard.press("PageDown")
        expect(count).to_contain_text("position 1 of 140")
        page.goto(f"{url}?print-pdf")
        expect(page.get_by_role("img", name="Edges")).to_be_attached()
        page.wait_for_function("[...document.images].every((one) => one.complete && one.naturalWidth > 0)")
        assert (page.get_by_role("img", name="Edges").get_attribute("src") or "").startswith(
            f"{behind.url}/api/figure.png?"
        )
    assert behind.outside == []
