"""How large the maps are: on the screens of lecture halls, for each kind of arithmetic between them."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Devices

SCREENS = [(1280, 720), (1440, 900), (1920, 1080)]
# The smaller side of the larger map, in pixels, at least.
SIDES = {
    "image=chelsea&layers=conv:sobel-x~relu~maxpool:2": (370, 430, 560),
    "image=chelsea&layers=conv:random*1@5x5": (330, 400, 520),
    "image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1": (280, 360, 480),
    "image=circle&layers=conv:random*1@9x9": (330, 400, 520),
    "image=cat&channels=rgb&layers=conv:photos/conv1,padding=0&size=64": (330, 400, 520),
}
MEASURE = """() => Math.max(...["input", "output"].map((name) => {
  const box = document.querySelector(`[data-part=${name}-maps]`);
  const drawn = box.parentElement.querySelector("header").style.minWidth.match(/([\\d.]+)px\\)*$/);  // with the ruler
  return Math.min(Number(drawn[1]) - 22, box.getBoundingClientRect().height - 16 - 3);
}))"""


@pytest.mark.parametrize("query", SIDES, ids=["3x3", "5x5", "rgb", "9x9", "11x11 rgb"])
@pytest.mark.parametrize("screen", range(3), ids=["1280", "1440", "1920"])
def test_the_maps_are_large_enough_for_a_hall(devices: Devices, screen: int, query: str) -> None:
    width, height = SCREENS[screen]
    lab = devices.lab(viewport={"width": width, "height": height})
    lab.open(query).rest()
    assert lab.page.evaluate(MEASURE) >= SIDES[query][screen]
