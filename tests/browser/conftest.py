"""A real server, a real Chromium, and a page that must not complain."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.browser.chromium import launch

CHECKOUT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 60  # on a busy machine; usually one or two


@dataclass(slots=True)
class RunningServer:
    """`convoscope serve` in a process of its own, as a user starts it. `url` has no slash at its end."""

    store: Path
    port: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, on the same port as before if it ran; return when it serves."""
        told = {"CONVOSCOPE_STORE": str(self.store), "CONVOSCOPE_SAMPLES": str(self.store / "samples")}
        command = [sys.executable, "-m", "app", "serve", "--port", str(self.port)]
        self._process = subprocess.Popen(
            command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, env=os.environ | told | self.environment
        )
        self.port = _announced_port(self._process)

    def stop(self) -> None:
        """Stop it and wait until it is gone; without effect on a stopped one."""
        if self._process is None:
            return
        self._process.terminate()
        self._process.communicate(timeout=30)
        self._process = None


def _announced_port(process: subprocess.Popen[str]) -> int:
    """The port in the line that the server prints once it serves. It fails if no such line comes in time."""
    assert process.stdout is not None
    too_late = threading.Timer(SECONDS_TO_START, process.kill)
    too_late.start()
    line = process.stdout.readline()
    too_late.cancel()
    announced = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
    assert announced, f"The server did not start; it said: {line!r}. Its reasons stand in stderr above."
    return int(announced[1])


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for all browser tests. Who stops it takes `own_server` instead."""
    running = RunningServer(tmp_path_factory.mktemp("store"))
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server of the test's own, which it may stop, start again on its port, and give an environment."""
    running = RunningServer(tmp_path)
    running.start()
    yield running
    running.stop()


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


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile at 1280x720. Touch and dark make their own with browser.new_context()."""
    with browser.new_context(viewport={"width": 1280, "height": 720}) as made:
        made.set_default_timeout(10_000)
        yield made


@pytest.fixture
def page(context: BrowserContext, complaints: Complaints) -> Page:
    """An empty page whose complaints fail the test, console errors and uncaught exceptions alike."""
    made = context.new_page()
    complaints.listen(made)
    return made
