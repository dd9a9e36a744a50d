"""Scores and shares: the winner first, percent, and bars that are seen in every theme."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.lab_page import ImageLab, Lab


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


SHARES = "image=(1,3;0,2)&layers=flatten~softmax&stage=2"


def pressed(lab: Lab) -> Locator:
    return lab.part("output-multiples").locator("[aria-pressed=true]")


def test_a_link_without_a_map_opens_on_the_largest_share(lab: Lab) -> None:
    lab.open(SHARES)
    expect(pressed(lab)).to_have_attribute("data-key", "score-value 1")
    expect(pressed(lab)).to_contain_text("64.4 %")


def test_the_map_of_a_link_wins_and_the_first_map_is_written_where_it_is_not_the_winner(lab: Lab) -> None:
    lab.open(f"{SHARES}&map=3")
    expect(pressed(lab)).to_have_attribute("data-key", "score-value 3")
    lab.part("output-multiples").locator("[data-key='score-value 0']").click()
    lab.says("map=0")
    lab.page.reload()
    expect(pressed(lab)).to_have_attribute("data-key", "score-value 0")
    lab.part("output-multiples").locator("[data-key='score-value 1']").click()
    expect(lab.page).not_to_have_url("map=")


def test_choosing_the_stage_opens_on_the_winner(lab: Lab) -> None:
    lab.open(SHARES.replace("stage=2", "stage=1"))
    lab.stage("Softmax")
    expect(pressed(lab)).to_have_attribute("data-key", "score-value 1")


def test_shares_are_percent_everywhere_and_their_legend_starts_at_0(lab: Lab) -> None:
    lab.open("image=(1,3;0,-9)&layers=flatten~softmax&stage=2")
    texts = lab.part("output-multiples").locator(".mono").all_inner_texts()
    assert texts == ["11.4 %", "84.4 %", "4.2 %", "< 0.1 %"]
    assert lab.part("output-legend").locator("span").all_inner_texts() == ["0 %", "84.4 %"]
    cells = lab.page.locator(".written.shares tbody .of-share").all_inner_texts()
    assert cells == texts


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("image", ["(1,2,9;3,4,5)", "(1,-2,-9;3,4,5)", "(-1,-2,-9;-3,-4,-5)"])
def test_the_bar_of_every_value_is_seen_and_points_to_its_side(lab: Lab, theme: str, image: str) -> None:
    lab.open(f"image={image}&layers=flatten&theme={theme}")
    values = [float(text.replace("−", "-")) for text in lab.part("output-multiples").locator(".mono").all_inner_texts()]
    bars = (
        lab.part("output-multiples")
        .locator(".track")
        .evaluate_all(
            """tracks => tracks.map(track => { const box = track.getBoundingClientRect();
          const bar = track.firstElementChild.getBoundingClientRect();
          const parts = (element) => getComputedStyle(element).backgroundColor.match(/[\\d.]+/g);
          const color = (element) => parts(element).slice(0, 3).map(Number);
          return {from: (bar.left - box.left) / box.width, to: (bar.right - box.left) / box.width,
            bar: color(track.firstElementChild), track: color(track)}; })"""
        )
    )
    low, span = min(0, *values), max(0, *values) - min(0, *values)
    for value, bar in zip(values, bars, strict=True):
        ends = sorted([(0 - low) / span, (value - low) / span])
        assert [bar["from"], bar["to"]] == pytest.approx(ends, abs=0.02)
        assert contrast(bar["bar"], bar["track"]) >= 3


def contrast(one: list[float], other: list[float]) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: list[float]) -> float:
    parts = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in
             (part / 255 for part in color)]  # fmt: skip
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_another_picture_shows_its_own_winner_unless_another_map_was_chosen(lab: Lab) -> None:
    layers = "layers=avgpool:2~flatten~softmax&stage=3"
    lab.open(f"image=bars-0&size=4&range=unit&{layers}")
    lab.part("output-multiples").locator("[data-key='score-value 2']").click()
    lab.says("map=2")
    lab.button("Photo").click()
    with lab.answers():
        lab.page.locator("[data-sample=coffee]").click()
    expect(pressed(lab)).to_have_attribute("data-key", "score-value 2")
    shares = lab.part("output-multiples").locator(".mono").all_inner_texts()
    values = [0.0 if "<" in text else 100.0 if ">" in text else float(text.removesuffix(" %")) for text in shares]
    winner = values.index(max(values))
    lab.part("output-multiples").locator(f"[data-key='score-value {winner}']").click()
    for sample in ("astronaut", "rocket"):
        with lab.answers():
            lab.page.locator(f"[data-sample={sample}]").click()
        texts = lab.part("output-multiples").locator(".mono").all_inner_texts()
        largest = max(range(4), key=lambda k: -1 if "<" in texts[k] else float(re.sub("[^0-9.]", "", texts[k])))
        expect(pressed(lab)).to_have_attribute("data-key", f"score-value {largest}")


def test_the_bars_of_the_classes_stand_right_below_a_map_of_one_cell(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open("layers=prepare:linear10~conv:linear10/fc1&stage=2&map=3")
    bars = lab.part("output-multiples")
    expect(bars.get_by_role("button")).to_have_count(10)
    header = lab.part("output-box").locator("header").bounding_box()
    first = bars.get_by_role("button").first.bounding_box()
    assert header
    assert first
    assert first["y"] - header["y"] - header["height"] < 120
    assert bars.evaluate("(host) => host.scrollHeight <= host.clientHeight + 1")
