"""Trained models in the Lab: their layers in the strip, their preparation and scores step by step."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab

pytestmark = pytest.mark.long


def test_a_whole_model_stands_in_the_strip_and_every_stage_opens(lab: Lab) -> None:
    lab.open("size=28&layers=model:lenet5&stage=14")
    strip = lab.part("strip").get_by_role("button")
    for title in ("conv1 · Convolution", "pool1 · Max pool 2 × 2", "Flatten", "fc3 · Fully connected", "Softmax"):
        lab.stage(title.partition(" · ")[0])
        expect(lab.part("inspector").get_by_role("heading", name=title)).to_be_visible()
        expect(lab.part("result-value")).not_to_have_text("?")
    assert strip.filter(has_text="ReLU").count() == 4
    expect(lab.part("inspector")).to_contain_text("Turns all values into shares of 1")
    assert lab.scene()["layers"] == [{"op": "model", "head": "lenet5", "options": {}}]


def test_of_class_scores_the_highest_is_looked_at_first(lab: Lab) -> None:
    lab.open("image=digit-3&size=28&layers=model:lenet5&stage=13")
    lab.stage("Softmax")
    expect(lab.part("output-multiples").locator("[data-key=score-3]")).to_have_attribute("aria-pressed", "true")
    lab.says("stage=14")  # a link that named none would open the view of the network


def test_preparation_is_explained_with_the_numbers_of_a_place(lab: Lab) -> None:
    lab.open("image=(0,255;51,102)&layers=prepare:lenet5&at=0,0&beat=write")
    expect(lab.part("result-before")).to_have_text("(0 ÷ 255 − 0.1307) ÷ 0.3081")
    assert lab.result() == pytest.approx(-0.4242, abs=1e-4)
    lab.open("size=28&channels=rgb&layers=prepare:lenet5&at=3,4&beat=write")
    assert lab.table("Filter, R") == [[0.299]]
    lab.page.get_by_title("of G").click()
    assert lab.table("Filter, G") == [[0.587]]


def test_the_share_of_a_class_comes_from_its_own_score(lab: Lab) -> None:
    lab.open("size=28&layers=model:lenet5&stage=14&map=3&beat=write")
    assert re.fullmatch(r"≈ \d+\.\d %", lab.text("result-value"))
    line = lab.page.get_by_role("table", name="Softmax, written out").get_by_role("row").nth(4)
    expect(line.get_by_role("rowheader")).to_have_text("3")
    score = float(line.get_by_role("cell").first.inner_text().replace("−", "-"))
    lab.open("size=28&layers=model:lenet5&stage=13&map=3&beat=write")
    assert lab.result() == pytest.approx(score, abs=1e-3)


def test_a_learned_filter_has_its_own_stride_and_takes_another(lab: Lab) -> None:
    lab.open("size=64&channels=rgb&layers=conv:photos/conv1.3")
    expect(lab.key("stride")).to_have_value("4")
    with lab.answers():
        lab.types("stride", "1")
    assert lab.says("conv:photos/conv1.3,stride=1")
    expect(lab.part("output-shape")).to_have_text("58 × 58")


def test_learned_filters_of_three_channels_turn_a_gray_picture_to_color_and_say_so(lab: Lab) -> None:
    lab.open("layers=conv:photos/conv1.3")
    assert "The picture is shown in color instead." in lab.problems()
    assert lab.scene()["channels"] == "rgb"
