"""One HTML file with the figure in it, opened from disk without a network."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.core.trace.wire import unpack
from tests.browser.lab_page import SECONDS, faults
from tests.browser.overlap import RECORD_CANVASES

FIGURE = "image=face&layers=conv:sobel-x~relu"


@pytest.fixture
def requests(page: Page) -> list[str]:
    """Whatever the page asks for."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


@pytest.fixture
def export(context: BrowserContext, base_url: str, tmp_path: Path) -> Callable[[str], str]:
    """Fetches a figure's file, switches the network off, and gives the file's address on disk."""

    def fetch(query: str) -> str:
        path = tmp_path / "figure.html"
        path.write_bytes(httpx.get(f"{base_url}/api/export/html?{query}", timeout=SECONDS).raise_for_status().content)
        context.set_offline(True)
        return path.as_uri()

    return fetch


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.locator(".maps.live").first.wait_for()


def output(base_url: str, stage: int) -> np.ndarray:
    return unpack(httpx.get(f"{base_url}/api/trace?{FIGURE}", timeout=SECONDS).content)[0][f"{stage}.output"][0]


def test_a_file_from_disk_shows_the_figure_and_steps_with_the_network_off(
    page: Page, export: Callable[[str], str], requests: list[str], base_url: str
):
    values = output(base_url, 1)
    result, count = (page.locator(f"[data-part={name}]") for name in ("result-value", "count"))
    file = export(f"{FIGURE}&at=2,3")
    opened(page, file)
    expect(count).to_contain_text(f"position {2 * values.shape[1] + 4} of {values.size}")
    for column in (3, 4, 5):
        expect(result).to_have_text(re.compile(rf"^[+−]?{abs(int(values[2, column]))}$"))
        page.locator("[data-part=next]").click()
    page.keyboard.press("ArrowDown")
    expect(count).to_contain_text(f"position {3 * values.shape[1] + 7} of {values.size}")
    assert requests == [file]


def test_the_figure_plays_to_its_end_and_changes_its_stage(
    page: Page, export: Callable[[str], str], requests: list[str]
):
    file = export(f"{FIGURE}&mode=finish&tempo=8")
    opened(page, f"{file}?stage=2")
    expect(page.locator("[data-part=output-title]")).to_contain_text("ReLU")
    page.locator("[data-part=play]").click()
    expect(page.locator("[data-part=count]")).to_contain_text("position 140 of 140")
    assert requests == [f"{file}?stage=2"]


def test_every_stage_is_a_click_away_and_no_layer_can_be_added(page: Page, export: Callable[[str], str]):
    opened(page, export("size=16&channels=rgb"))
    strip = page.locator("[data-part=strip]")
    expect(strip.get_by_role("button")).to_have_count(4)
    expect(page.locator("[data-part=add-layer]")).to_have_count(0)
    strip.get_by_role("button", name="Max pool").click()
    expect(page.locator("[data-part=output-title]")).to_have_text("Pooled map")
    expect(page.locator("[data-part=output-shape]")).to_have_text("7 × 7")
    strip.get_by_role("button", name="Input").click()
    expect(page.locator("[data-part=output-title]")).to_have_text("Input")


def test_what_comes_only_when_it_is_asked_for_comes_without_a_network_too(
    page: Page, export: Callable[[str], str], requests: list[str]
):
    file = export(FIGURE)
    opened(page, file)
    for name in ("Equation", "Neuron", "Matrix", "Code"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("[data-part=panel]")).to_be_visible()
        expect(page.locator("[data-part=panel]")).not_to_be_empty()
    assert requests == [file]


def test_a_program_in_a_file_reads_the_numbers_from_a_file_and_says_which(page: Page, export: Callable[[str], str]):
    opened(page, export(f"{FIGURE}&tab=code&library=numpy"))
    panel = page.locator("[data-part=panel]")
    expect(panel.locator("[data-library=numpy] code")).to_contain_text('load(open("figure.safetensors", "rb").read())')
    expect(panel).to_contain_text("figure.safetensors, which /api/trace of a Lab sends for this link")


def test_the_file_opens_as_its_link_says(page: Page, export: Callable[[str], str]):
    opened(page, export(f"{FIGURE}&stage=2&at=5,6&theme=projector&hide=tabs,strip&tab=matrix"))
    expect(page.locator("html")).to_have_attribute("data-theme", "projector")
    expect(page.locator("[data-part=count]")).to_contain_text("position 57 of 140")
    expect(page.locator("[data-part=tabs]")).to_be_hidden()
    expect(page.locator("[data-part=strip]")).to_be_hidden()
    expect(page.locator("[data-part=panel]")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (800, 450), (390, 844)])
def test_nothing_of_the_file_is_out_of_sight(page: Page, export: Callable[[str], str], width: int, height: int):
    page.set_viewport_size({"width": width, "height": height})
    opened(page, export(FIGURE))
    for name in ("input-maps", "output-maps", "result", "transport", "made"):
        box = page.locator(f"[data-part={name}]").bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width + 1
        assert box["y"] + box["height"] <= height + 1


@pytest.mark.parametrize("theme", ["light", pytest.param("dark", marks=pytest.mark.long)])
def test_axe_finds_nothing_in_the_file(page: Page, export: Callable[[str], str], theme: str):
    opened(page, export(f"size=16&channels=rgb&theme={theme}"))
    assert faults(page) == []


def test_before_any_script_runs_the_figure_is_there(devices, export: Callable[[str], str]):
    file = export(f"{FIGURE}&at=2,3")
    page = devices.lab(java_script_enabled=False).page
    page.goto(file)
    expect(page.locator("svg.paint")).to_have_count(2)
    expect(page.locator("[data-part=result-value]")).to_have_text("0")


def test_a_signal_has_its_neurons_in_the_file(page: Page, export: Callable[[str], str], requests: list[str]):
    file = export(
        "image=(3,1,4,1,5,9)&layers=conv:(1,-1),stride=2,bias=1&at=0,2&beat=write&neuron=map&signal=1&index=1"
    )
    page.goto(file)
    equations = page.locator("[data-part=signal-says] p")
    expect(equations).to_have_count(3)
    expect(equations.last).to_have_text("h₃ = w₁·x₅ + w₂·x₆ + b = 1·5 + (−1)·9 + 1 = −3")
    assert requests == [file]


def test_volumes_go_through_both_filters_in_the_file(page: Page, export: Callable[[str], str], requests: list[str]):
    file = export("image=(1,2;3,4)&layers=conv:(1);(2),bias=(0,5)&at=0,0&beat=write&map=0&volume=1")
    page.goto(file)
    expect(page.locator("[data-sum]").first).to_have_text("W0: 1 + 0 = 1")
    expect(page.locator("[data-part=other-numbers]")).to_be_hidden()
    for _ in range(4):
        page.keyboard.press("Space")
    expect(page.locator("[data-sum]").last).to_have_text("W1: 2 + 5 = 7")
    assert requests == [file]


def test_the_weights_stand_in_the_window_in_the_file(page: Page, export: Callable[[str], str]):
    page.add_init_script(RECORD_CANVASES)
    opened(page, export("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,-2;3,4)&at=1,1&beat=write&weights=1"))
    texts = """() => window.drawnOn(document.querySelectorAll('[data-part=input-maps] canvas')[1])
      .map(({text}) => text).join(' ')"""
    page.wait_for_function(f"() => ({texts})().includes('×1')")
    assert page.evaluate(texts).split() == ["×1", "×−2", "×3", "×4"]
