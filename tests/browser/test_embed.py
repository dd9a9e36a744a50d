"""The embed: the bare figure in an iframe, sandboxed too, which never touches its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.lab import Lab

QUERY = "image=face&layers=conv:(1,0,-1;2,0,-2;1,0,-1)&at=2,3"


def test_an_embed_shows_the_figure_and_its_transport_and_nothing_else(lab: Lab) -> None:
    lab.open(QUERY, "/embed")
    assert lab.table("Filter") == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    for name in ("side", "strip", "share", "help", "image", "inspector"):
        assert lab.part(name).count() == 0, name
    before = lab.page.url
    lab.page.keyboard.press("ArrowRight")
    expect(lab.part("count")).to_contain_text("position 25 of")
    lab.button("Last position").click()
    expect(lab.part("count")).to_contain_text("position 140 of 140")
    assert lab.page.url == before


@pytest.mark.parametrize("sandbox", ["", ' sandbox="allow-scripts"'])
def test_an_embed_lives_in_another_sites_iframe_sandboxed_too(page: Page, base_url: str, sandbox: str) -> None:
    with site(
        f'<!doctype html><iframe{sandbox} width="900" height="520" src="{base_url}/embed?{QUERY}"></iframe>'
    ) as url:
        page.goto(url)
        frame = page.frame_locator("iframe")
        expect(frame.locator(".maps.live")).to_have_count(2)
        expect(part(frame, "count")).to_contain_text("position 24 of 140")
        frame.get_by_role("button", name="One position on").click()
        expect(part(frame, "count")).to_contain_text("position 25 of 140")


def test_a_deck_keeps_the_keys_that_an_embed_does_not_use(page: Page, base_url: str) -> None:
    lab = Lab(page, base_url).open(QUERY, "/embed")
    kept = lab.page.evaluate(
        """() => ["PageUp", "PageDown", "Enter", "f", "s"].map((key) => {
          const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
          document.body.dispatchEvent(event);
          return event.defaultPrevented;
        })"""
    )
    assert kept == [False] * 5


def part(frame: FrameLocator, name: str) -> Locator:
    return frame.locator(f'[data-part="{name}"]')


@contextmanager
def site(html: str) -> Iterator[str]:
    """Another site, on a port of its own, with one page."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), OnePage)
    serving = Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()
