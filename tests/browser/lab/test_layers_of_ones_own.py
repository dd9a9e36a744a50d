"""Layers of which the link gives the weights or the shape alone, and random inputs: their controls."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.link.syntax import format_layer
from app.core.weights.rows import find_convolution
from tests.browser.lab_page import ImageLab, Lab
from tests.figures import stages


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    return ImageLab(page, base_url)


MAPS = "image=random*2@3x2,seed=4"


@pytest.mark.parametrize(
    "layer",
    ["linear:random*4,seed=9", "linear:6,bias=1/2", "linear:(1,2,3,4,5,6,7,8,9,10,11,12;0,0,0,0,0,0,0,0,0,0,0,0.5)/2"],
)
def test_the_button_writes_the_convolution_that_the_layer_equals(lab: Lab, layer: str) -> None:
    (written,) = parse_link(f"layers={layer}", Limits()).scene.layers
    expected = format_layer(find_convolution(written, (2, 3, 2)))
    numbers = stages(f"{MAPS}&layers={layer}")[1].output.ravel().tolist()
    lab.open(f"{MAPS}&layers={layer}").settings("layer")
    said = lab.part("same-as-convolution")
    expect(said).to_contain_text("filters of 3 × 2 over 2 channels")
    expect(said).to_contain_text("makes a map of scores")
    lab.key("as-convolution").click()
    lab.says(f"layers={expected}")
    assert stages(f"{MAPS}&layers={expected}")[1].output.ravel().tolist() == numbers


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("image=coffee&size=16&layers=linear:random*4", "at most 15 × 15 cells"),
        ("image=random*65@1x1&layers=linear:({})".format(",".join("1" * 65)), "at most 64 planes"),
        ("image=coffee&layers=prepare:mlp10~flatten~linear:mlp10/fc1&stage=3", "those of the network"),
    ],
)
def test_where_a_link_cannot_write_the_convolution_it_is_said_why(lab: Lab, query: str, words: str) -> None:
    lab.open(query).settings("layer")
    expect(lab.part("same-as-convolution")).to_be_visible()
    expect(lab.part("inspector")).to_contain_text(words)
    expect(lab.key("as-convolution")).to_have_count(0)


def test_the_weights_can_be_drawn_typed_and_made_more(lab: Lab) -> None:
    lab.open(f"{MAPS}&layers=linear:2").settings("layer")
    lab.key("weights-random").click()
    lab.says("layers=linear:random*2")
    lab.key("weights-typed").click()
    lab.says("layers=linear:(")
    lab.types("row-0-1-2-1", "7")
    rows = lab.layer()["head"]["rows"]
    assert rows[0][-1] == "7"
    lab.key("outputs-more").click()
    lab.eventually(lambda: len(lab.layer()["head"]["rows"]) == 3)
    lab.key("weights-shape").click()
    lab.says("layers=linear:3")


def test_a_new_fully_connected_layer_has_ten_outputs(lab: Lab) -> None:
    lab.open("layers=relu")
    lab.page.locator("[data-part=add-layer]").first.click()
    lab.page.locator("[data-op=linear]").click()
    lab.says("layers=relu~linear:10")


def test_a_random_input_has_its_controls(lab: Lab) -> None:
    lab.open("image=random*6@5x4,seed=3&layers=conv:8@3x3")
    lab.settings("image")
    expect(lab.part("image")).to_contain_text("6 random maps of 5 × 4, seed 3")
    lab.types("random-Maps", "7")
    lab.says("image=random*7@5x4,seed=3")
    lab.types("random-Seed", "0")
    lab.says("image=random*7@5x4&")
    lab.key("type-numbers").click()
    lab.says("image=(")
    lab.key("random-maps").click()
    lab.says("image=random*1@5x4,seed=1")


def test_a_shape_has_more_filters_than_can_be_typed_and_stays_a_shape(lab: Lab) -> None:
    lab.open("image=random*4@6x6&layers=conv:80@3x3,seed=2").settings("layer")
    expect(lab.part("inspector")).to_contain_text("random numbers, He-scaled")
    lab.types("filters", "100")
    lab.says("layers=conv:100@3x3,seed=2")
    lab.types("kernel_size", "5")
    lab.says("layers=conv:100@5x5,seed=2")
    lab.key("channels-alone").click()
    lab.says("groups=4")
    assert lab.layer()["filters"] == [{"shape": [100, 5, 5]}]
