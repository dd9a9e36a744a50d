"""A browser holds pages of other sites and our own to the headers of every answer; and nothing breaks by them."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.deck import part, site
from tests.browser.lab_page import Lab

ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}
SIZE = "width=640 height=360"


def test_a_page_that_demands_isolation_of_all_that_it_loads_shows_a_living_figure(page: Page, base_url: str) -> None:
    """Notebooks that run in the browser are such pages."""
    html = f"""<!doctype html><iframe title="plain" src="{base_url}/embed?image=face&layers=relu" {SIZE}></iframe>
      <conv-scope image="face" layers="relu"></conv-scope><script type="module" src="{base_url}/conv-scope.js"></script>
      <img alt="figure" src="{base_url}/api/figure.png?image=face&width=320">"""
    with site(html, ISOLATED) as url:
        page.goto(url)
        assert page.evaluate("crossOriginIsolated") is True
        for frame in (page.frame_locator("[title=plain]"), page.frame_locator("conv-scope iframe")):
            before = part(frame, "count").inner_text()
            part(frame, "next").click()
            expect(part(frame, "count")).not_to_have_text(before)
        page.wait_for_function("document.querySelector('img').naturalWidth === 320")


def test_a_picture_in_a_tab_of_its_own_is_shown_and_data_can_be_read(page: Page, base_url: str) -> None:
    for path, width in (("/api/figure.png?width=400", 400), ("/api/samples/chelsea.png", 0)):
        page.goto(base_url + path)
        found = page.wait_for_function("document.images[0]?.complete && document.images[0].naturalWidth").json_value()
        assert found == (width or found)
    page.goto(f"{base_url}/api/qr.svg?link=https://lab.example/")
    assert page.evaluate("document.documentElement.getBoundingClientRect().width") > 0
    page.goto(f"{base_url}/api/kernels")
    assert "sobel-x" in page.inner_text("body")


def test_the_lab_is_isolated_and_may_ask_for_the_camera_and_nothing_else(lab: Lab) -> None:
    lab.open("size=8")
    allowed = "name => document.featurePolicy.allowsFeature(name)"
    for name in ("camera", "fullscreen", "clipboard-write", "screen-wake-lock"):
        assert lab.page.evaluate(allowed, name) is True
    for name in ("microphone", "geolocation", "usb", "payment"):
        assert lab.page.evaluate(allowed, name) is False
    assert lab.page.evaluate("crossOriginIsolated") is True
