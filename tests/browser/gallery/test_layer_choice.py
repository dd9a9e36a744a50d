"""The choice of a layer on the page of learned filters: what excites the maps of a layer above the first most."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from app.core.trace.wire import pack
from tests.browser.conftest import Devices
from tests.browser.gallery.test_filters import get_json, open_page, tile
from tests.browser.lab_page import Lab, faults, number
from tests.serving import RunningServer

MODEL = "model=cifar10&layer=conv2"
SIDES = """(all) => all.map((one) => one.getBoundingClientRect()).map(({width, height}) => [width, height])"""


def open_layer(lab: Lab, query: str = MODEL) -> Lab:
    """Opens the page at a layer above the first, and waits for the patches of a map."""
    lab.page.goto(f"{lab.url}/filters?{query}")
    lab.until("document.querySelectorAll('.map-patches a').length === 9")
    return lab


def map_tile(lab: Lab, map: int):
    return lab.part("layer-tiles").locator(f"[data-filter='{map}']")


def layer_button(lab: Lab, name: str):
    return lab.part("layers").get_by_role("button", name=name)


def test_a_layer_is_chosen_by_mouse_and_keys_and_back_undoes_it(lab: Lab) -> None:
    open_page(lab, "model=cifar10")
    layer_button(lab, "conv2").click()
    expect(map_tile(lab, 63)).to_have_count(1)
    lab.says("model=cifar10&layer=conv2")
    expect(lab.part("tiles-title")).to_have_text("What excites the maps of conv2 most")
    expect(lab.part("tiles-shape")).to_have_text("64 × 32 × 5 × 5")
    layer_button(lab, "conv3").focus()
    lab.page.keyboard.press("Enter")
    expect(lab.part("map-title")).to_have_text("Map 0 of conv3")
    expect(layer_button(lab, "conv3")).to_be_focused()
    expect(layer_button(lab, "conv3")).to_have_attribute("aria-pressed", "true")
    lab.page.go_back()
    expect(lab.part("map-title")).to_have_text("Map 0 of conv2")
    lab.page.go_back()
    expect(lab.part("tiles-title")).to_have_text("First-layer filters")
    expect(lab.part("layer-tiles")).to_be_hidden()
    lab.drops("layer=")


def test_each_map_has_its_strongest_patch_large_enough_to_be_seen_at_its_place(lab: Lab) -> None:
    open_layer(lab)
    found = get_json(lab, f"/api/peaks?{MODEL}")
    tiles = lab.part("layer-tiles").locator(".tile")
    expect(tiles).to_have_count(64)
    assert min(min(sides) for sides in tiles.evaluate_all(SIDES)) >= 56
    names = tiles.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    peak = found["peaks"][17]
    title = found["pictures"][peak["sample"]]["title"]
    assert names[17].startswith(f"Map 17: most in {title}, +{peak['value']:.3g}")
    top, left, height, width = peak["box"]
    crop, image = (map_tile(lab, 17).locator(name).bounding_box() for name in (".crop", ".crop img"))
    assert crop
    assert image
    cell = crop["width"] / width
    assert image["width"] == pytest.approx(32 * cell, rel=0.01)
    assert image["height"] == pytest.approx(32 * crop["height"] / height, rel=0.01)
    assert crop["x"] - image["x"] == pytest.approx(left * cell, abs=1)
    assert crop["y"] - image["y"] == pytest.approx(top * cell, abs=1)
    assert map_tile(lab, 17).locator("img").evaluate("(image) => getComputedStyle(image).imageRendering") == "pixelated"


def test_a_chosen_map_shows_its_nine_strongest_patches_with_values_and_pictures(lab: Lab) -> None:
    open_layer(lab)
    map_tile(lab, 17).click()
    lab.says("layer=conv2&filter=17")
    expect(lab.part("map-title")).to_have_text("Map 17 of conv2")
    patches = get_json(lab, f"/api/patches?{MODEL}&filter=17")["patches"]
    shown = lab.part("map-patches").locator("a")
    expect(shown.locator("small")).to_have_text([patch["title"] for patch in patches])
    assert [number(text) for text in shown.locator("b").all_text_contents()] == pytest.approx(
        [patch["value"] for patch in patches], rel=0.01
    )
    assert min(min(sides) for sides in shown.locator("img").evaluate_all(SIDES)) >= 56
    assert number(lab.text("map-value")) == pytest.approx(patches[0]["value"], rel=1e-3)
    _, _, height, width = patches[0]["box"]
    expect(lab.part("map-field")).to_have_text(f"receptive field: {height} × {width} of 32 × 32 in the picture")
    shown.nth(2).focus()
    expect(lab.part("map-place")).to_contain_text(patches[2]["title"])
    mark, picture = lab.part("map-mark").bounding_box(), lab.part("map-picture").bounding_box()
    assert mark
    assert picture
    assert (mark["y"] + 2 - picture["y"]) / picture["height"] == pytest.approx(patches[2]["box"][0] / 32, abs=0.03)


def test_a_patch_leads_to_the_lab_at_its_stage_map_and_place(lab: Lab) -> None:
    open_layer(lab, f"{MODEL}&filter=17")
    patch = get_json(lab, f"/api/patches?{MODEL}&filter=17")["patches"][1]
    lab.part("map-patches").locator("a").nth(1).click()
    lab.ready()
    lab.says(f"image={patch['sample']}", "layers=model:cifar10", "stage=5", "map=17")
    lab.says(f"at={patch['row']},{patch['column']}")
    traced = get_json(lab, f"/api/trace?{lab.link.split('&stage=')[0]}&stages=5&format=json")
    output = traced["stages"][5]["output"][17]
    assert output[patch["row"]][patch["column"]] == pytest.approx(patch["value"], rel=1e-5)
    assert max(map(max, output)) == output[patch["row"]][patch["column"]]


def test_arrows_choose_the_next_map_and_its_patches_follow(lab: Lab) -> None:
    open_layer(lab, f"{MODEL}&filter=0")
    map_tile(lab, 0).focus()
    lab.page.keyboard.press("ArrowRight")
    expect(map_tile(lab, 1)).to_be_focused()
    expect(lab.part("map-title")).to_have_text("Map 1 of conv2")
    columns = lab.part("layer-tiles").evaluate("(host) => getComputedStyle(host).gridTemplateColumns.split(' ').length")
    lab.page.keyboard.press("ArrowDown")
    lab.says(f"filter={1 + columns}")


def test_sentences_say_why_there_are_no_weights_no_film_and_no_other_tiles(lab: Lab) -> None:
    open_layer(lab, f"{MODEL}&wall=maps&moment=0&show=digits")
    note = lab.part("tiles-note")
    expect(note).to_contain_text("A filter of conv2 has 32 slices of 5 × 5")
    expect(note).to_contain_text("largest among 21 sample pictures")
    expect(note).to_contain_text("The film of the training has conv1 alone.")
    expect(lab.part("film")).to_be_hidden()
    expect(lab.part("looks-note")).to_contain_text("can be chosen for conv1 alone")
    assert "layers=model:cifar10&stage=5" in (lab.part("looks-note").locator("a").get_attribute("href") or "")
    lab.page.keyboard.press("m")
    layer_button(lab, "conv1").click()
    expect(lab.part("tiles-title")).to_have_text("Feature maps of your picture")
    lab.says("wall=maps")


def test_a_layer_that_there_is_not_is_named_and_the_first_is_shown(lab: Lab) -> None:
    open_page(lab, "model=cifar10&layer=fc1")
    expect(lab.part("problems")).to_contain_text("it can be conv1, conv2 or conv3")
    expect(tile(lab, 31).first).to_be_visible()
    lab.drops("layer=")


def test_a_model_with_one_layer_has_no_choice_and_another_model_opens_at_its_first(lab: Lab) -> None:
    open_layer(lab)
    lab.page.locator("[data-model=linear10]").click()
    expect(lab.part("tiles-title")).to_have_text("Templates as large as the picture")
    expect(lab.part("layers")).to_be_hidden()
    lab.drops("layer=")


@pytest.mark.complains(r"503|Service")
def test_a_search_that_fails_is_told_and_can_be_tried_again(lab: Lab) -> None:
    busy = {"detail": "The server is busy.", "problems": []}
    answers = [503]

    def answer(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(), content_type="application/problem+json", body=json.dumps(busy))
        else:
            route.fallback()

    lab.page.route("**/api/peaks?*", answer)
    open_page(lab, "model=lenet5")
    layer_button(lab, "conv2").click()
    expect(lab.part("layer-tiles")).to_have_text("The patches could not be found.")
    lab.button("Retry").click()
    expect(map_tile(lab, 15)).to_have_count(1)


def test_a_field_larger_than_the_picture_shows_the_whole_picture(lab: Lab) -> None:
    def answer(route: Route) -> None:
        body = get_json(lab, f"/api/peaks?{MODEL}")
        for peak in body["peaks"]:
            peak["box"] = [0, 0, 32, 32]
        route.fulfill(json=body)

    lab.page.route("**/api/peaks?*", answer)
    open_layer(lab)
    expect(lab.part("map-field")).to_have_text("receptive field: the whole picture, 32 × 32")
    crop, image = (map_tile(lab, 3).locator(name).bounding_box() for name in (".crop", ".crop img"))
    assert crop == image


def write_network(folder: Path) -> None:
    """A network of seven convolutions of 3 × 3 with random weights, of which nobody has searched the peaks."""
    random, names = np.random.default_rng(1), [f"block.{number}" for number in range(7)]
    arrays = {f"{name}.weight": random.normal(size=(8, 8, 3, 3)).astype(np.float32) for name in names}
    arrays["block.0.weight"] = random.normal(size=(8, 1, 3, 3)).astype(np.float32)
    header = {
        "version": 1,
        "name": "seven",
        "title": "Seven convolutions",
        "card": {},
        "prepare": {"size": [24, 24], "channels": "gray", "range": "unit", "mean": [0.5], "std": [0.5]},
        "classes": None,
        "layers": [{"name": name, "op": "conv", "options": {"padding": [1, 1, 1, 1]}} for name in names],
    }
    folder.mkdir()
    (folder / "seven.safetensors").write_bytes(pack(arrays, {"model": json.dumps(header)}))


def test_a_network_that_was_brought_has_a_menu_of_its_many_layers_and_is_searched_on_request(
    page: Page, tmp_path: Path
) -> None:
    write_network(tmp_path / "models")
    with RunningServer(tmp_path) as server:
        lab = Lab(page, server.url)
        page.goto(f"{server.url}/filters?model=seven")
        menu = lab.part("layers").get_by_label("Layer")
        expect(menu.locator("option")).to_have_count(7)
        menu.select_option("block-6")
        lab.says("layer=block-6")
        expect(map_tile(lab, 7)).to_have_count(1)
        lab.until("document.querySelectorAll('.map-patches a').length === 9")
        expect(lab.part("map-field")).to_have_text(re.compile(r"receptive field: \d+ × \d+ of 24 × 24 in the picture"))
        address = "/api/patches?model=seven&layer=block-6&filter=0"
        best = get_json(lab, address)["patches"][0]
        assert number(lab.text("map-value")) == pytest.approx(best["value"], rel=1e-3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_in_a_layer_above_the_first(devices: Devices, scheme: str) -> None:
    lab = open_layer(devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme))
    assert faults(lab.page) == []


def test_on_a_phone_layers_and_patches_are_large_enough_for_fingers(devices: Devices) -> None:
    lab = open_layer(devices.phone(), "model=lenet5&layer=conv2")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    buttons = lab.part("layers").locator("button").evaluate_all(SIDES)
    assert min(min(sides) for sides in buttons) >= 44
    assert min(min(sides) for sides in lab.part("layer-tiles").locator(".tile").evaluate_all(SIDES)) >= 56
    map_tile(lab, 4).tap()
    expect(lab.part("map-title")).to_have_text("Map 4 of conv2")
    layer_button(lab, "conv1").tap()
    expect(lab.part("tiles-title")).to_have_text("First-layer filters")


def test_a_layer_above_the_first_fits_1280_by_640_without_scrolling(devices: Devices) -> None:
    lab = open_layer(devices.lab(viewport={"width": 1280, "height": 640}))
    assert lab.page.locator(".main").evaluate("(main) => main.scrollHeight - main.clientHeight") <= 0
