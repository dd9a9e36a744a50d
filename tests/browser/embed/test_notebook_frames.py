"""The frame that `show` puts into a notebook: run in a notebook, saved as a page, and under VS Code's policy."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

import app
from tests.browser.conftest import Devices
from tests.serving import CHECKOUT

FIGURE = "image=face&layers=conv:sobel-x~relu&at=2,3"
# What VS Code's notebooks let a page do; its own addresses are left out, as nothing is loaded from them.
VSCODE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; "
    "img-src https: http: data:; font-src https:; connect-src https:; child-src https: data:;"
)
NOTEBOOK = f"""
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
import app as convoscope
"""


def steps_and_opens(frame: FrameLocator) -> None:
    """The figure answers, and fetches what comes only when it is asked for."""
    frame.locator(".maps.live").first.wait_for()
    expect(frame.locator("[data-part=count] .unseen")).to_have_text("position 24 of 140")
    frame.locator("[data-part=next]").click()
    expect(frame.locator("[data-part=count] .unseen")).to_have_text("position 25 of 140")
    frame.get_by_role("button", name="Matrix", exact=True).click()
    expect(frame.locator("[data-part=panel]")).not_to_be_empty()


def opened(context: BrowserContext, page: Page, path: Path) -> list[str]:
    """Opens a page from disk with the network off; what it asks for comes into the list."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    context.set_offline(True)
    page.goto(path.as_uri())
    return asked


@pytest.mark.long  # starting a kernel takes as long as many tests
def test_a_notebook_that_was_run_and_saved_as_a_page_holds_the_figure(
    context: BrowserContext, page: Page, tmp_path: Path
):
    nbformat = pytest.importorskip("nbformat", reason="nbformat is not installed here")
    nbclient = pytest.importorskip("nbclient", reason="nbclient is not installed here")
    nbconvert = pytest.importorskip("nbconvert", reason="nbconvert is not installed here")
    pytest.importorskip("ipykernel", reason="ipykernel is not installed here")
    cells = [
        NOTEBOOK,
        f'convoscope.show("{FIGURE}", height=500)',
        'print(convoscope.trace("image=face&layers=conv:sobel-x").output.shape)',
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert notebook.cells[2].outputs[0].text == "(1, 14, 10)\n"
    exporter = nbconvert.HTMLExporter(require_js_url="", mathjax_url="", jquery_url="", exclude_input_prompt=True)
    html, _ = exporter.from_notebook_node(notebook)
    path = tmp_path / "notebook.html"
    path.write_text(re.sub(r"<script[^>]*src=[^>]*></script>", "", html), encoding="utf-8")
    asked = opened(context, page, path)
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "allow-scripts")
    steps_and_opens(page.frame_locator("iframe"))
    assert [url for url in asked if url.startswith("http")] == []


@pytest.mark.complains("Content Security Policy|violates the following")
@pytest.mark.parametrize("policy", ["", VSCODE])
def test_the_frame_runs_whatever_policy_a_notebook_has(
    context: BrowserContext, page: Page, tmp_path: Path, policy: str
):
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if policy else ""
    path = tmp_path / "cell.html"
    path.write_text(f'<!doctype html><meta charset="utf-8">{head}{app.show(FIGURE)._repr_html_()}', encoding="utf-8")
    asked = opened(context, page, path)
    steps_and_opens(page.frame_locator("iframe"))
    assert asked == [path.as_uri()]


def write(page: Page, html: str) -> None:
    """Makes a page without an address of this document; a page of the site has the site's policy."""
    page.goto("about:blank")
    page.set_content(html)


AROUND = {
    "JupyterLab, dark": ('<body data-jp-theme-light="false" style="color-scheme: dark">', "dark"),
    "JupyterLab before 4.3, dark": ('<body data-jp-theme-light="false" data-jp-theme-name="JupyterLab Dark">', "dark"),
    "JupyterLab, light": ('<body data-jp-theme-light="true" style="color-scheme: light">', "light"),
    "VS Code, dark": ('<body class="vscode-dark" data-vscode-theme-kind="vscode-dark">', "dark"),
    "VS Code, dark with contrast": ('<body data-vscode-theme-kind="vscode-high-contrast">', "dark"),
    "VS Code, light": ('<body class="vscode-light" data-vscode-theme-kind="vscode-light">', "light"),
    "Colab, dark": ('<html theme="dark"><body>', "dark"),
    "marimo, dark": ('<body class="dark dark-theme">', "dark"),
    "a page of Quarto, dark": ('<body class="quarto-dark">', "dark"),
    "the classic notebook": ('<body class="notebook_app">', "light"),
}
DARK_INK = "getComputedStyle(document.body).color.match(/\\d+/g).slice(0, 3).every((part) => part < 128)"


@pytest.mark.parametrize("around", AROUND)
def test_the_figure_is_as_light_or_dark_as_the_notebook_around_it(devices: Devices, around: str) -> None:
    body, scheme = AROUND[around]
    # Playwright's own light or dark holds in every frame; without it a frame follows the page, as everywhere else.
    page = devices.lab(color_scheme="null").page
    write(page, f"<!doctype html>{body}{app.show(FIGURE)._repr_html_()}")
    page.frame_locator("iframe").locator(".maps.live").first.wait_for()
    is_light = page.frames[-1].evaluate(DARK_INK)
    assert ("light" if is_light else "dark") == scheme


def test_the_figure_follows_when_the_notebook_changes_its_theme(devices: Devices) -> None:
    page = devices.lab(color_scheme="null").page
    write(page, f'<!doctype html><body data-jp-theme-light="true">{app.show(FIGURE)._repr_html_()}')
    page.frame_locator("iframe").locator(".maps.live").first.wait_for()
    for light in (False, True):
        page.evaluate("(light) => { document.body.dataset.jpThemeLight = light; }", light)
        page.frames[-1].wait_for_function(DARK_INK if light else f"!({DARK_INK})")


def test_a_frame_that_is_shown_shows_nothing_of_what_stands_in_for_it(page: Page) -> None:
    write(page, f"<!doctype html>{app.show(FIGURE)._repr_html_()}")
    page.frame_locator("iframe").locator(".maps.live").first.wait_for()
    assert page.locator("img").count() == 0
    assert page.locator("body").inner_text().strip() == ""
