"""The page that shows the interface, and that of examples: readable on every screen; commands are copied."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import faults
from tests.proxies import Manners, proxy
from tests.serving import RunningServer

SMALLEST = """() => Math.min(...[...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .map((one) => parseFloat(getComputedStyle(one).fontSize)))"""


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (1280, "light"),
        (320, "dark"),
        pytest.param(1280, "dark", marks=pytest.mark.long),
        pytest.param(320, "light", marks=pytest.mark.long),
    ],
)
@pytest.mark.parametrize("path", ["/docs", "/examples"])
def test_the_page_can_be_read_by_everyone_on_every_screen(
    devices: Devices, base_url: str, path: str, width: int, scheme: str
) -> None:
    page = devices.lab(viewport={"width": width, "height": 720}, color_scheme=scheme).page
    page.goto(f"{base_url}{path}")
    page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(SMALLEST) >= 12
    assert faults(page) == []


def test_behind_a_proxy_that_says_nothing_commands_are_for_the_address_that_the_browser_knows(
    server: RunningServer, page: Page
) -> None:
    with proxy(server.url, Manners(keeps_host=False)) as behind:
        page.goto(f"{behind.url}/docs")
        command = page.locator("#get_health [data-part=command]")
        expect(command).to_have_text(f"curl '{behind.url}/healthz'")
        page.locator("#get_health").get_by_role("link", name="Try").click()
        page.wait_for_url(f"{behind.url}/healthz")


def test_a_command_is_copied(server: RunningServer, page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{server.url}/docs")
    page.locator("#get_metrics").get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"curl '{server.url}/metrics'"
