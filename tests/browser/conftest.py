"""A real server, a real Chromium, and a page that must not complain.

`SLOW=6 make test` slows every page down to a sixth of its speed and delays what it asks for, which brings out tests
that do not wait for what they read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.lab_page import Lab
from tests.browser.pure_page import PRELUDE, Run, empty_page
from tests.browser.warm import WarmPages
from tests.serving import RunningServer

# A busy machine must not turn a right answer into a failure: only a test that fails waits as long.
PATIENCE = 30_000  # milliseconds
expect.set_options(timeout=PATIENCE)
SLOW = float(os.environ.get("SLOW") or 1)
DELAY = 30  # milliseconds for each time that a page is slower


def new_page(context: BrowserContext) -> Page:
    """A page of a profile that waits patiently, and is as slow as SLOW says."""
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    if SLOW > 1:
        browser = context.new_cdp_session(page)
        browser.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
        browser.send("Network.enable")
        delay = {"offline": False, "latency": DELAY * SLOW, "downloadThroughput": -1, "uploadThroughput": -1}
        browser.send("Network.emulateNetworkConditions", delay)
    return page


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all browser tests. Who stops it takes `own_server` instead."""
    with RunningServer(tmp_path_factory.mktemp("store")) as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server of the test's own, which it may stop and start again on the same port."""
    with RunningServer(tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def base_url(server: RunningServer) -> str:
    """The address of the server, without a slash at its end."""
    return server.url


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if os.environ.get("BROWSER") == "none":
        pytest.skip("BROWSER=none leaves out the tests that need Chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    with launch(playwright) as launched:
        yield launched


@pytest.fixture(scope="session")
def run(browser: Browser) -> Iterator[Run]:
    """run(script, argument): what the script returns, in a page that holds nothing but the pure modules."""
    with empty_page(browser) as page:
        yield lambda script, argument=None: page.evaluate(f"async (given) => {{ {PRELUDE} {script} }}", argument)


class Complaints(list[str]):
    """What the pages of a test reported: console errors, console warnings, uncaught exceptions."""

    def listen(self, page: Page) -> None:
        """Collect what this page reports from now on."""
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.append(f"uncaught: {error}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")


@pytest.fixture
def complaints(request: pytest.FixtureRequest) -> Iterator[Complaints]:
    """Fails the test at its end if a page complained of anything that `complains` does not name."""
    heard = Complaints()
    yield heard
    expected = [marker.args[0] for marker in request.node.iter_markers("complains")]
    surprising = [line for line in heard if not any(re.search(pattern, line) for pattern in expected)]
    assert not surprising, "The page complained: " + "; ".join(surprising)


@pytest.fixture(scope="session")
def all_warm_pages(browser: Browser, base_url: str) -> WarmPages:
    """All pages of the session that are used again."""
    return WarmPages(browser, base_url, new_page)


@pytest.fixture
def warm_pages(all_warm_pages: WarmPages) -> Iterator[WarmPages]:
    """Pages that are taken back at the end of the test."""
    yield all_warm_pages
    all_warm_pages.take_back()


@pytest.fixture
def page(warm_pages: WarmPages, complaints: Complaints) -> Page:
    """An empty page at 1280x720 whose complaints fail the test, console errors and uncaught exceptions alike."""
    lent = warm_pages.lend(viewport={"width": 1280, "height": 720})
    complaints.listen(lent)
    return lent


@pytest.fixture
def context(page: Page) -> BrowserContext:
    """The profile of the page, for those who open another one in it."""
    return page.context


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab at 1280x720, not opened yet."""
    return Lab(page, base_url)


class Devices:
    """Makes pages on other devices: a phone, a dark screen, a browser that stores nothing."""

    def __init__(self, pages: WarmPages, complaints: Complaints, url: str) -> None:
        self._pages, self._complaints, self._url = pages, complaints, url

    def lab(self, **device: Any) -> Lab:
        """A Lab in a context of its own; `device` is what Playwright's new_context takes."""
        page = self._pages.lend(**device)
        self._complaints.listen(page)
        return Lab(page, self._url)

    def phone(self, **more: Any) -> Lab:
        """360 by 740, touched with a finger."""
        device = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
        return self.lab(**{**device, "device_scale_factor": 2, **more})


@pytest.fixture
def devices(warm_pages: WarmPages, complaints: Complaints, base_url: str) -> Devices:
    return Devices(warm_pages, complaints, base_url)
