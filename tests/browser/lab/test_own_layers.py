"""Layers with numbers of their own in the Lab: from the menu, with controls, a step, its law and its code."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from app.core.layers.planners import PLANNERS
from app.core.operation_table import find_operation
from tests.browser.lab_page import Lab

THREE = "image=(1,2;3,4)(2,0;1,5)(6,1;1,-2)"
STEPS = {
    "batchnorm,mean=(1,2,3),var=4,weight=2": "(4 − 1) ÷ √(4 + 1e−5) · 2 + 0 ≈ 3.0",
    "lrn:3,alpha=0.5": "4 ÷ (1 + 0.5/3 · (4² + 5²))^0.75 ≈ 0.8543",
    "dropout:0.5": "4, unchanged = 4",
    "mean": "(4 + 5 + (−2)) / 3 ≈ 2.333",
    "upsample:2,mode=bilinear": "1·0.5625 + 2·0.1875 + 3·0.1875 + 4·0.0625 = 1.75",
    "pad:1": "1 = 1",
    "softmax:channels": "e^(4 − 5) / Σ e^(x − 5) = 0.3679 / 1.3688 ≈ 26.9 %",
    "avgpool:1,divisor_override=8": "(4) / 8 = 0.5",
    "maxpool:2,dilation=1,stride=1": "max(1, 2, 3, 4) = 4",
}


@pytest.mark.parametrize("layers", STEPS)
def test_a_step_is_written_with_its_numbers(lab: Lab, layers: str) -> None:
    at = "0,0" if layers.startswith("maxpool") else "1,1"
    lab.open(f"{THREE}&layers={layers}&stage=1&map=0&at={at}&beat=write&tab=equation")
    expect(lab.part("panel").locator(".equation")).to_contain_text(STEPS[layers])


@pytest.mark.parametrize("name", PLANNERS)
def test_a_layer_comes_from_the_menu_with_its_sentence_and_code(lab: Lab, name: str) -> None:
    lab.open(f"{THREE}&layers=")
    lab.part("add-layer").click()
    lab.page.locator(f'[data-op="{name}"]').click()
    lab.says(f"layers={name}")
    row = find_operation(name)
    assert row is not None
    expect(lab.part("output-title")).to_have_text(row.title)
    expect(lab.part("inspector")).to_contain_text(row.sentence)
    lab.page.locator('[data-tab="code"]').click()
    expect(lab.part("panel").locator(".program")).to_have_count(1)
    expect(lab.part("result-value")).not_to_have_text("?")


def test_dropout_shows_training_with_its_box_and_says_what_is_dropped(lab: Lab) -> None:
    lab.open(f"{THREE}&layers=dropout:0.5,seed=1&stage=1&at=0,0&beat=write")
    expect(lab.part("result-before")).to_have_text("1, unchanged")
    lab.key("train").check()
    lab.says("layers=dropout:0.5,seed=1,train=1")
    expect(lab.part("result-before")).to_have_text("1 ÷ (1 − 0.5), kept")
    expect(lab.part("notes")).to_contain_text("numpy.random.default_rng(1)")


def test_the_picture_that_is_padded_shows_the_values_around_it(lab: Lab) -> None:
    texts = """([layers]) => Promise.all([import("convoscope/pure/maps/map-cells.js"),
        import("convoscope/pure/protocol/wire.js"), fetch(`/api/trace?image=(1,2;3,4)&layers=${layers}`)
          .then((answer) => answer.arrayBuffer())]).then(([cells, wire, bytes]) => {
        const { stages } = wire.readTrace(bytes);
        const text = cells.paddingText(stages[1], stages[0], 0);
        return [text(-1, 0), text(0, -1), text(2, 1)];
      })"""
    lab.open(f"{THREE}&layers=pad:1")
    assert lab.page.evaluate(texts, ["pad:1,value=-7.5"]) == ["−7.5"] * 3
    assert lab.page.evaluate(texts, ["pad:1,mode=reflect"]) == ["3", "2", "2"]
    assert lab.page.evaluate(texts, ["avgpool:2,padding=1"]) == ["0"] * 3
    assert lab.page.evaluate(texts, ["maxpool:2,padding=1"]) == [""] * 3


def test_the_channels_of_one_place_stand_in_one_table(lab: Lab) -> None:
    lab.open(f"{THREE}&layers=mean&stage=1&at=1,1&beat=write")
    assert lab.page.locator(".terms td").all_inner_texts() == ["4", "5", "−2"]
    expect(lab.part("result-before")).to_have_text("the mean of the channels: 7 ÷ 3")


def test_numbers_for_each_channel_are_typed_in_one_field(lab: Lab) -> None:
    lab.open(f"{THREE}&layers=batchnorm&stage=1&at=0,0&beat=write")
    field = lab.key("mean")
    field.fill("1 2 3")
    field.press("Enter")
    lab.says("layers=batchnorm,mean=(1,2,3)")
    expect(lab.part("result-before")).to_contain_text("(1 − 1)")


def test_an_upsampled_cell_shows_the_cells_that_it_reads(lab: Lab) -> None:
    lab.open(f"{THREE}&layers=upsample:2,mode=bilinear&stage=1&map=0&at=1,1&beat=write")
    captions = lab.page.locator(".terms figcaption").all_inner_texts()
    assert captions == ["window", "share of each", "four products"]
    expect(lab.part("result-before")).to_have_text("shares of 4 cells")
