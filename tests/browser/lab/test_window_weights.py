"""The weights in the cells of the window: the right ones, in their cells, beside the numbers, and large enough."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab
from tests.browser.overlap import RECORD_CANVASES

X = [[1, 0, 1], [0, 1, 0], [1, 0, 1]]
CROSS = "image=(1,1,1,0,0;0,1,1,1,0;0,0,1,1,1;0,0,1,1,0;0,1,1,0,0)&layers=conv:(1,0,1;0,1,0;1,0,1)&at=0,0"
# What stands on the two canvases of the input: the numbers of its cells, and what is marked.
TEXTS = """Array.from(document.querySelectorAll("[data-part=input-maps] canvas"), (canvas) =>
  window.drawnOn(canvas).filter(({kind}) => kind === "text"))"""
MARKED = "[...document.querySelectorAll('[data-part=input-maps] canvas')].some((one) => " + (
    "window.drawnOn(one).some(({text}) => text.startsWith('×')))"
)


def opened(devices: Devices, query: str, path: str = "/", size: tuple[int, int] = (1280, 720)) -> Lab:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    lab.page.add_init_script(RECORD_CANVASES)
    lab.open(query, path).rest()
    return lab


def weights(lab: Lab) -> list[dict[str, Any]]:
    """The labels of the weights in reading order, each with its box and its font."""
    lab.until(MARKED)
    found = [one for one in lab.rest().page.evaluate(TEXTS)[1] if one["text"].startswith("×")]
    return sorted(found, key=lambda one: (round(one["box"][3]), one["box"][2]))


def overlaps(one: list[float], other: list[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@pytest.mark.parametrize(
    ("path", "more", "size", "least"),
    [
        ("/", "", (1280, 720), 12),
        ("/", "&theme=dark", (1920, 1080), 12),
        ("/", "&present=1", (1280, 720), 720 / 40),
        ("/embed", "", (800, 450), 12),
    ],
)
def test_each_cell_of_the_window_has_its_weight_in_a_corner_beside_its_number(
    devices: Devices, path: str, more: str, size: tuple[int, int], least: float
):
    lab = opened(devices, f"{CROSS}&beat=products&weights=1{more}", path, size)
    labels = weights(lab)
    assert [one["text"] for one in labels] == [f"×{weight}" for line in X for weight in line]
    assert min(one["size"] for one in labels) >= least
    numbers = [one["box"] for one in lab.page.evaluate(TEXTS)[0]]
    assert not [one["text"] for one in labels for other in numbers if overlaps(one["box"], other)]


def test_the_weights_move_with_the_window_and_are_gone_where_the_link_has_none(devices: Devices):
    lab = opened(devices, f"{CROSS}&beat=write&weights=1")
    before = weights(lab)
    side = before[1]["box"][0] - before[0]["box"][0]
    lab.page.keyboard.press("ArrowRight")
    lab.until("location.search.includes('at=0,1')")
    after = weights(lab)
    assert [one["text"] for one in after] == [one["text"] for one in before]
    moved = [one["box"][0] - other["box"][0] for one, other in zip(after, before, strict=True)]
    assert moved == pytest.approx([side] * 9, abs=1.5)
    lab.button("Display").click()
    lab.key("weights").uncheck()
    lab.until(f"!({MARKED})")
    lab.until("!location.search.includes('weights')")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,2;3,-4),flip=1", ["−4", "3", "2", "1"]),
        ("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,1;1,1)/4,padding=1&at=0,0", ["1"] * 4),
        ("image=(1,2;3,4)(5,6;7,8)&layers=conv:(1,2;3,4)(5,6;7,8)", ["1", "2", "3", "4"]),
        ("image=(5,6;7,8)&layers=linear:(1,0,-1,2;2,1,0,3)&map=1", ["2", "1", "0", "3"]),
    ],
)
def test_they_are_those_of_the_channel_that_is_shown_as_they_are_applied(
    devices: Devices, query: str, expected: list[str]
):
    assert [one["text"] for one in weights(opened(devices, f"{query}&weights=1"))] == [f"×{text}" for text in expected]


@pytest.mark.parametrize(
    ("query", "size"),
    [
        ("image=coffee&layers=conv:sobel-x&at=3,3&beat=write", (1280, 720)),  # cells of a few pixels
        (CROSS, (390, 844)),
        ("image=coffee&channels=rgb&size=4&layers=conv:sobel-x", (1280, 720)),  # three channels in one picture
        ("image=(1,2;3,4)&layers=maxpool:2", (1280, 720)),
        ("image=empty-7&layers=conv:(123456.78,1;1,1)", (1280, 720)),  # too long for their cells
    ],
)
def test_none_are_written_where_they_cannot_be_read(devices: Devices, query: str, size: tuple[int, int]):
    lab = opened(devices, f"{query}&weights=1", size=size)
    lab.until("performance.getEntriesByType('resource').some(({name}) => name.includes('draw-more-marks'))")
    assert not [one for one in lab.rest().page.evaluate(TEXTS)[1] if one["text"].startswith("×")]
