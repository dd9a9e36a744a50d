"""Pages of other people: a site of their own, and decks of reveal.js with a figure in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import FrameLocator, Locator, Page, Route

REVEAL = Path(__file__).parent / "reveal"
KINDS = {"js": "text/javascript", "css": "text/css"}
CONFIG = "{transition: 'none', backgroundTransition: 'none', history: true, width: 960, height: 600}"


def deck(*slides: str, script: str = "", config: str = CONFIG) -> str:
    """A deck with these slides; `script` stands behind reveal.js, and starts the deck where there is no `config`."""
    sections = "".join(f"<section>{slide}</section>" for slide in slides)
    return (
        f'<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/reveal.css">'
        f'<div class="reveal"><div class="slides">{sections}</div></div>'
        f'<script src="/reveal.js"></script>{f"<script>Reveal.initialize({config})</script>" if config else ""}{script}'
    )


def part(frame: FrameLocator, name: str) -> Locator:
    """A part of the figure in a frame."""
    return frame.locator(f'[data-part="{name}"]')


def slide_of(page: Page) -> int:
    """The slide that a deck shows."""
    found: int = page.evaluate("Reveal.getIndices().h")
    return found


@contextmanager
def site(html: str, headers: Mapping[str, str] | None = None) -> Iterator[str]:
    """Another site, on a port of its own, with one page and reveal.js."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, body = answer(self.path, html)
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", kind)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def same_site(page: Page, base_url: str, html: str) -> str:
    """The same page on the server of the figure itself; its address."""

    def fulfil(route: Route) -> None:
        kind, body = answer(route.request.url.removeprefix(base_url).removeprefix("/deck"), html)
        route.fulfill(body=body, content_type=kind)

    for path in ("/deck/*", "/deck", "/reveal.js", "/reveal.css"):
        page.route(base_url + path, fulfil)
    return f"{base_url}/deck/"


def answer(path: str, html: str) -> tuple[str, bytes]:
    """What stands at a path: the page, a file of reveal.js, nothing."""
    name = path.partition("?")[0].strip("/")
    if not name:
        return "text/html", html.encode()
    file = REVEAL / name
    return KINDS.get(file.suffix[1:], "text/plain"), file.read_bytes() if file.is_file() else b""
