"""The file from disk in Firefox, with the network off. Skipped where there is no Firefox."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import app
from tests.browser.firefox import Firefox, find_firefox

pytestmark = pytest.mark.long  # starting a second browser takes as long as many tests

SHOWN = """
  const part = (name) => document.querySelector(`[data-part="${name}"]`);
  const until = async (holds) => { while (!holds()) await new Promise(requestAnimationFrame); };
  await until(() => document.querySelector(".maps.live"));
"""


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    path = find_firefox()
    if path is None or os.environ.get("BROWSER") == "none":
        pytest.skip("There is no Firefox here; on Debian, apt-get install firefox-esr brings one.")
    with Firefox(path, tmp_path_factory.mktemp("profile")) as started:
        yield started


@pytest.fixture
def file(tmp_path: Path) -> str:
    return app.show("image=face&layers=conv:sobel-x~relu&at=2,3").save(tmp_path / "figure.html").as_uri()


def test_the_file_shows_its_figure_steps_and_asks_for_nothing(firefox: Firefox, file: str):
    values = app.trace("image=face&layers=conv:sobel-x~relu")[1].output[0]
    firefox.open(file)
    said = firefox.run(f"""{SHOWN}
      const before = part("count").textContent;
      part("next").click();
      await until(() => part("count").textContent !== before);
      const asked = performance.getEntriesByType("resource").map((entry) => entry.name);
      return [before, part("count").textContent, part("result-value").textContent, asked];""")
    assert said[:2] == ["position 24 of 140", "position 25 of 140"]
    assert said[2].lstrip("+−") == f"{abs(values[2, 4]):.0f}"
    assert said[3] == []


def test_what_comes_only_when_it_is_asked_for_comes_too(firefox: Firefox, file: str):
    firefox.open(f"{file}?stage=2")
    said = firefox.run(f"""{SHOWN}
      document.querySelector('[data-tab="matrix"]').click();
      await until(() => part("panel").childElementCount);
      return [part("output-title").textContent, part("panel").hidden];""")
    assert said == ["After ReLU", False]
