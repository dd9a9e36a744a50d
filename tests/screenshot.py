"""Takes the picture at the top of the README again: `make screenshot`.

The opening figure at 1440×900, light, in a real Chromium, with as few colors as it needs.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch
from tests.serving import CHECKOUT, RunningServer

TARGET = CHECKOUT / "docs" / "lab.png"
ADDRESS = "/"
SIZE = {"width": 1440, "height": 900}
DENSITY = 1.5
COLORS = 256


def photograph(address: str) -> bytes:
    """The page as it looks once the figure has come to rest, as a PNG."""
    with (
        tempfile.TemporaryDirectory() as folder,
        RunningServer(Path(folder)) as server,
        sync_playwright() as started,
        launch(started) as browser,
    ):
        page = browser.new_page(viewport=SIZE, device_scale_factor=DENSITY, color_scheme="light")
        page.goto(server.url + address, wait_until="networkidle")
        page.locator(".maps.live").first.wait_for()
        page.evaluate("Promise.all([...document.images].map((image) => image.decode()))")
        return page.screenshot(animations="disabled", caret="hide")


def reduced(png: bytes) -> Image.Image:
    """The same picture from a palette: what it shows is flat surfaces, text and a few small photos."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    return picture.quantize(COLORS, kmeans=3, dither=Image.Dither.NONE)


if __name__ == "__main__":
    reduced(photograph(ADDRESS)).save(TARGET, optimize=True)
    print(f"{TARGET.relative_to(Path.cwd())}: {TARGET.stat().st_size / 1000:.0f} kB", file=sys.stderr)
