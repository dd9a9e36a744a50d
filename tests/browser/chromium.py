"""Finding a Chromium on this machine, and starting it through Playwright.

`python -m tests.browser.chromium` prints the path of the one that the tests take, or fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

# A headless shell is the same engine without what is around a page, and works half as long as a whole Chromium.
NAMES = (
    "chromium-headless-shell",
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_chromium(playwright: Playwright) -> Path | None:
    """The first one that answers to --version: CHROMIUM's, one on the PATH, a Mac's, Playwright's own."""
    return next((path for path in _candidates(playwright) if _answers(path)), None)


def launch(playwright: Playwright, *more: str) -> Browser:
    """A headless Chromium that speaks to nobody but the page's server; `more` are arguments of its own."""
    path = find_chromium(playwright)
    if path is None:
        raise FileNotFoundError("No Chromium found; `make test` installs one, BROWSER=none leaves it out.")
    # The sandbox cannot start as root, and there is nothing to shield from the pages of our own server.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(
        executable_path=path, args=["--disable-gpu", "--disable-background-networking", *as_root, *more]
    )


def _candidates(playwright: Playwright) -> Iterator[Path]:
    said = os.environ.get("CHROMIUM")
    if said:
        yield Path(said)
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from map(Path, MAC)
    own = Path(playwright.chromium.executable_path)
    yield from sorted(own.parents[2].glob("chromium_headless_shell-*/*/*headless*shell"), reverse=True)
    yield own


def _answers(path: Path) -> bool:
    """A path may be a stub that only names a package to install, or lack its libraries: asking tells."""
    if not path.is_file():
        return False
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    with sync_playwright() as started:
        chosen = find_chromium(started)
    if chosen is None:
        sys.exit(1)
    print(chosen)
