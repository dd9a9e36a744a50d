"""One HTML file with the figure in it, opened from disk without a network: the modules run as they lie in static/."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.core.wire import unpack

STATIC = Path(__file__).resolve().parents[2] / "static"
IMPORTED = re.compile(r"""^\s*(?:import|export)\b[^;'"()]*["']convoscope/([^"']+)["']""", re.MULTILINE)
DATA = "data:text/javascript;base64,"
BOOT = 'import "convoscope/offline.js";'
FIGURE = "image=face&layers=conv:sobel-x~relu&at=2,3"


def modules(entry: str) -> dict[str, bytes]:
    """A module of static/ and all that it imports, by name, as they lie there."""
    found: dict[str, bytes] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = (STATIC / name).read_bytes()
            waiting += IMPORTED.findall(found[name].decode())
    return found


def import_map() -> str:
    """Every bare name and what it means, without an address: the code itself."""
    urls = {
        f"convoscope/{name}": DATA + base64.b64encode(code).decode() for name, code in modules("offline.js").items()
    }
    return json.dumps({"imports": urls})


def allowed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def policy(scripts: list[str], style: str) -> str:
    """Nothing but what stands in the file."""
    rules = [f"script-src data: {' '.join(map(allowed, scripts))}", f"style-src {allowed(style)}", "img-src data:"]
    return "; ".join(["default-src 'none'", *rules])


def offline_page(embed: str, trace: bytes) -> str:
    """The embed's figure as one file: its script, its styles and its Trace inside."""
    names, style = import_map(), (STATIC / "style.css").read_text(encoding="utf-8")
    figure = re.search(r"<body.*</body>", embed, re.DOTALL)
    assert figure
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy([names, BOOT], style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Offline</title>
<style>{style}</style>
<script type="importmap">{names}</script>
<script type="module">{BOOT}</script>
<script type="application/octet-stream;base64" data-part="trace">{base64.b64encode(trace).decode()}</script>
</head>
{figure[0]}
</html>
"""


@pytest.fixture(scope="module")
def trace(base_url: str) -> tuple[str, bytes]:
    """The bare figure as the Lab sends it, and the bytes of its Trace."""
    scene = FIGURE.rpartition("&")[0]
    return httpx.get(f"{base_url}/embed?{FIGURE}").text, httpx.get(f"{base_url}/api/trace?{scene}").content


@pytest.fixture
def requests(page: Page) -> list[str]:
    """Whatever the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.fixture
def file(context: BrowserContext, trace: tuple[str, bytes], tmp_path: Path) -> str:
    """The address of the file on disk; the network is off."""
    path = tmp_path / "figure.html"
    path.write_text(offline_page(*trace), encoding="utf-8")
    context.set_offline(True)
    return path.as_uri()


def test_a_file_from_disk_shows_the_figure_and_steps_with_the_network_off(
    page: Page, file: str, requests: list[str], trace: tuple[str, bytes]
):
    output = unpack(trace[1])[0]["1.output"][0]
    result, count = (page.locator(f"[data-part={name}]") for name in ("result-value", "count"))
    page.goto(file)
    page.locator(".maps.live").first.wait_for()
    expect(count).to_contain_text(f"position {2 * output.shape[1] + 4} of {output.size}")
    for column in (3, 4, 5):
        expect(result).to_have_text(re.compile(rf"^[+−]?{abs(int(output[2, column]))}$"))
        page.locator("[data-part=next]").click()
    page.keyboard.press("ArrowDown")
    expect(count).to_contain_text(f"position {3 * output.shape[1] + 7} of {output.size}")
    assert requests == [file]


def test_the_figure_plays_to_its_end_and_changes_its_stage(page: Page, file: str, requests: list[str]):
    page.goto(f"{file}?mode=finish&tempo=8&stage=2")
    page.locator(".maps.live").first.wait_for()
    expect(page.locator("[data-part=output-title]")).to_contain_text("ReLU")
    page.locator("[data-part=play]").click()
    expect(page.locator("[data-part=count]")).to_contain_text("position 140 of 140", timeout=15_000)
    assert requests == [f"{file}?mode=finish&tempo=8&stage=2"]


def test_the_modules_in_the_file_are_those_of_the_server_byte_for_byte(page: Page, file: str):
    page.goto(file)
    held = json.loads(page.locator("script[type=importmap]").text_content() or "")["imports"]
    assert "convoscope/viewer.js" in held
    assert {"convoscope/live.js", "convoscope/embed.js"} & held.keys() == set()
    for name, url in held.items():
        code = base64.b64decode(url.removeprefix(DATA))
        assert code == (STATIC / name.removeprefix("convoscope/")).read_bytes()
