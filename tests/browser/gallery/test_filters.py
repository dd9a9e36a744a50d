"""The page of learned filters: tiles, the chosen filter's row, the film, keys, links, small screens."""

from __future__ import annotations

import io
import json
from urllib.request import urlopen

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

# Read from a copy, as reading makes a canvas slow.
PIXELS = """(shown) => {
  const { width, height } = shown;
  const blank = Object.assign(document.createElement("canvas"), { width, height });
  const copy = blank.getContext("2d", { willReadFrequently: true });
  copy.drawImage(shown, 0, 0);
  return [...copy.getImageData(0, 0, width, height).data].join();
}"""


def open_page(lab: Lab, query: str = "model=lenet5") -> Lab:
    """Opens the page and waits for its film, analysis and patches."""
    lab.page.goto(f"{lab.url}/filters{'?' if query else ''}{query}")
    lab.until(
        "document.querySelectorAll('.patches img').length === 9 && document.querySelector('[data-part=film-play]')"
    )
    return wait_for_map(lab)


def wait_for_map(lab: Lab) -> Lab:
    """Wait until the map belongs to the filter that is shown."""
    lab.until("document.querySelector('[data-part=row-value]').textContent && !document.querySelector('.map-behind')")
    return lab


def tile(lab: Lab, index: int):
    return lab.page.locator(f"[data-filter='{index}']")


def order(lab: Lab) -> list[int]:
    shown: list[int] = lab.page.locator(".tile").evaluate_all("(all) => all.map((tile) => Number(tile.dataset.filter))")
    return shown


def get_json(lab: Lab, address: str) -> dict:
    with urlopen(f"{lab.url}{address}", timeout=30) as answer:
        return dict(json.load(answer))


def strongest(lab: Lab, filter: str, rim: int = 2) -> tuple[float, int, int]:
    """The largest value of a LeNet map that reads no padding, and where it is."""
    query = f"size=28&layers=prepare:lenet5~conv:lenet5/{filter}&stages=2&format=json"
    output = get_json(lab, f"/api/trace?{query}")["stages"][2]["output"][0]
    inner = range(rim, len(output) - rim)
    return max((output[row][col], row, col) for row in inner for col in inner)


def test_every_filter_has_a_tile_large_enough_to_be_seen(lab: Lab) -> None:
    open_page(lab)
    assert order(lab) == [0, 1, 2, 3, 4, 5]
    for box in [lab.page.locator(".tile").nth(index).bounding_box() for index in range(6)]:
        assert box
        assert min(box["width"], box["height"]) >= 44
    expect(lab.page.locator(".tile[aria-pressed=true]")).to_have_count(1)
    expect(lab.part("tiles-note")).to_contain_text("Mid-gray is 0; each filter has its own scale")
    expect(lab.part("tiles-shape")).to_have_text("6 × 1 × 5 × 5")


def test_the_chosen_filter_is_shown_with_picture_and_map_and_the_strongest_cell_is_marked(lab: Lab) -> None:
    open_page(lab)
    tile(lab, 3).click()
    lab.says("filter=3")
    expect(lab.part("row-title")).to_have_text("Filter 3 on your picture")
    value, row, col = strongest(lab, "conv1.3")
    expect(lab.part("row-place")).to_have_text(f"row {row}, column {col}")
    assert number(lab.text("row-value")) == pytest.approx(value, rel=1e-3)
    on_map, on_picture = (lab.part(f"mark-{name}").bounding_box() for name in ("map", "picture"))
    whole = lab.part("row-map").bounding_box()
    assert on_map
    assert on_picture
    assert whole
    assert (on_map["x"] + on_map["width"] / 2 - whole["x"]) / whole["width"] == pytest.approx(
        (col + 0.5) / 28, abs=0.03
    )
    assert on_picture["width"] > 3 * whole["width"] / 28, "the patch that the filter reads is 5 cells wide"


def test_arrows_choose_the_next_tile_and_the_row_follows(lab: Lab) -> None:
    open_page(lab, "model=lenet5&filter=0")
    tile(lab, 0).focus()
    lab.page.keyboard.press("ArrowRight")
    expect(tile(lab, 1)).to_be_focused()
    expect(lab.part("row-title")).to_have_text("Filter 1 on your picture")
    below = 1 + lab.part("tiles").evaluate("(host) => getComputedStyle(host).gridTemplateColumns.split(' ').length")
    lab.page.keyboard.press("ArrowDown")
    expect(tile(lab, below)).to_be_focused()
    for _ in range(6):
        lab.page.keyboard.press("ArrowDown")
    last = lab.page.locator(".tile:focus").get_attribute("data-filter")
    assert int(last or 0) + below - 1 > 5
    lab.says(f"filter={last}")


def test_one_key_switches_the_tiles_between_filters_and_maps(lab: Lab) -> None:
    open_page(lab)
    before = tile(lab, 2).locator("canvas").evaluate(PIXELS)
    lab.page.keyboard.press("m")
    expect(lab.part("tiles-title")).to_have_text("Feature maps of your picture")
    expect(lab.part("tiles-note")).to_contain_text("Blue is below 0")
    lab.says("wall=maps")
    assert tile(lab, 2).locator("canvas").evaluate("(canvas) => canvas.width") == 28
    lab.page.keyboard.press("m")
    expect(lab.part("tiles-title")).to_have_text("First-layer filters")
    assert tile(lab, 2).locator("canvas").evaluate(PIXELS) == before


def test_filters_are_shown_in_color_by_channel_or_as_numbers(lab: Lab) -> None:
    open_page(lab, "model=linear10")
    expect(tile(lab, 0).locator("canvas")).to_have_count(1)
    lab.button("Channels").click()
    expect(tile(lab, 0).locator("canvas")).to_have_count(3)
    open_page(lab, "model=lenet5&show=digits")
    expect(tile(lab, 0).locator(".digits canvas").first).to_be_visible()
    ink = tile(lab, 0).locator(".digits canvas").first.evaluate(PIXELS)
    assert len(set(ink.split(","))) > 30, "cells and the digits in them"
    expect(lab.part("row-digits").locator(".digits")).to_have_count(1)
    open_page(lab, "model=cifar10&show=digits")
    expect(lab.part("row-digits").locator(".digits")).to_have_count(3)
    open_page(lab, "model=cifar10")
    expect(lab.part("row-digits")).to_be_hidden()


def test_tiles_are_sorted_by_the_orders_of_the_server(lab: Lab) -> None:
    open_page(lab)
    orders = get_json(lab, "/api/portraits?model=lenet5")["orders"]
    for name, words in (("strength", "by strength"), ("orientation", "by orientation"), ("trained", "as trained")):
        lab.key("sort").select_option(label=words)
        lab.until(
            "given.join() === [...document.querySelectorAll('.tile')].map((t) => t.dataset.filter).join()", orders[name]
        )


def test_one_scale_for_all_filters_is_shown_with_its_range(lab: Lab) -> None:
    open_page(lab)
    lab.button("all alike").click()
    expect(lab.part("tiles-note")).to_contain_text("one scale for all filters and channels, black −0.")
    lab.says("scale=all")


def test_another_model_shows_its_templates_with_classes_and_back_undoes_it(lab: Lab) -> None:
    open_page(lab)
    lab.page.locator("[data-model=linear10]").click()
    expect(tile(lab, 7)).to_contain_text("7 horse")
    expect(lab.part("row-place-name")).to_have_text("its score for this picture")
    lab.says("model=linear10")
    lab.page.go_back()
    lab.until("document.querySelectorAll('.tile').length === 6")
    expect(lab.page.locator("[data-model=lenet5]")).to_have_attribute("aria-pressed", "true")


def test_the_scores_of_all_classes_stand_with_their_templates(lab: Lab) -> None:
    open_page(lab, "model=linear10&image=horse&filter=7")
    traced = get_json(
        lab, "/api/trace?image=horse&channels=rgb&layers=prepare:linear10~conv:linear10/fc1&stages=2&format=json"
    )
    scores = [row[0][0] for row in traced["stages"][2]["output"]]
    lines = lab.page.locator(".tiles .tile small").evaluate_all("(all) => all.map((one) => one.innerText.split('\\n'))")
    assert [line[0] for line in lines[:2]] == ["0 airplane", "1 automobile"]
    assert [number(line[1]) for line in lines] == pytest.approx(scores, rel=0.05)
    expect(tile(lab, 7)).to_have_attribute("aria-label", "Filter 7: horse, +1.9, magenta against green")
    cut = lab.page.locator(".tiles .tile small").evaluate_all(
        "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).length"
    )
    assert cut == 0
    expect(lab.part("patches").locator("img").first).to_have_attribute("title", "Horse: +1.908")


def test_the_slider_of_the_film_changes_tiles_filter_and_map(lab: Lab) -> None:
    open_page(lab, "model=lenet5&filter=3")
    before = [tile(lab, 3).locator("canvas").evaluate(PIXELS), lab.part("row-map").evaluate(PIXELS)]
    lab.part("film-scrub").evaluate("(range) => { range.value = 0; range.dispatchEvent(new Event('input')); }")
    expect(lab.part("film-status")).to_contain_text("step 0 of 2,808 · loss 2.3")
    wait_for_map(lab)
    after = [tile(lab, 3).locator("canvas").evaluate(PIXELS), lab.part("row-map").evaluate(PIXELS)]
    assert after[0] != before[0]
    assert after[1] != before[1]
    lab.says("moment=0")
    assert number(lab.text("row-value")) == pytest.approx(strongest(lab, "conv1.3@0")[0], rel=1e-3)
    expect(lab.part("row-prefers")).to_have_text("once trained, prefers")


def test_the_film_plays_to_its_end_and_stops_there(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    open_page(lab)
    lab.page.clock.pause_at(600_000)
    lab.part("film-scrub").evaluate(
        "(range) => { range.value = range.max - 6; range.dispatchEvent(new Event('input')); }"
    )
    lab.page.keyboard.press("k")
    expect(lab.part("film-play")).to_have_attribute("data-playing", "true")
    expect(lab.part("film-play")).to_have_attribute("data-getting", "false")
    lab.page.clock.run_for(5000)
    expect(lab.part("film-play")).to_have_attribute("data-playing", "false")
    expect(lab.part("film-status")).to_contain_text("step 2,808 of 2,808")
    lab.drops("moment=")
    lab.page.keyboard.press("[")
    lab.page.clock.run_for(1000)
    lab.says("moment=")
    lab.page.keyboard.press("]")
    lab.page.clock.run_for(1000)
    lab.drops("moment=")


def test_the_film_prefetches_the_maps_of_all_moments(lab: Lab) -> None:
    lab.page.clock.install(time=0)
    open_page(lab, "model=lenet5&filter=3")
    lab.page.clock.pause_at(600_000)
    urls: list[str] = []
    lab.page.on("request", lambda request: urls.append(request.url))
    lab.page.keyboard.press("k")
    expect(lab.part("film-play")).to_have_attribute("data-getting", "false")
    last = int(lab.part("film-scrub").get_attribute("max") or 0)
    assert (
        len({url for url in urls if "/api/trace?" in url}) == last
    )  # the maps of the trained filters are cached already
    urls.clear()
    lab.page.clock.run_for(20_000)
    expect(lab.part("film-play")).to_have_attribute("data-playing", "false")
    assert not any("/api/trace?" in url for url in urls)


def test_a_cell_of_the_map_is_chosen_by_pointer_and_keys(lab: Lab) -> None:
    open_page(lab, "model=lenet5&filter=3")
    box = lab.part("row-map-box").bounding_box()
    assert box
    lab.page.mouse.click(box["x"] + box["width"] * 5.5 / 28, box["y"] + box["height"] * 7.5 / 28)
    expect(lab.part("row-place")).to_have_text("row 7, column 5")
    lab.page.keyboard.press("ArrowDown")
    expect(lab.part("row-place")).to_have_text("row 8, column 5")
    lab.says("at=8,5")
    lab.page.keyboard.press("Home")
    expect(lab.part("row-place-name")).to_have_text("strongest here")
    lab.drops("at=")


def test_the_lab_opens_at_the_same_filter_and_place_with_the_same_value(lab: Lab) -> None:
    open_page(lab, "model=lenet5&filter=3&at=9,11&image=coffee")
    value = number(lab.text("row-value"))
    lab.part("step-through").click()
    lab.ready()
    lab.says("image=coffee", "size=28", "layers=prepare:lenet5~conv:lenet5/conv1", "stage=2", "map=3", "at=9,11")
    traced = get_json(lab, f"/api/trace?{lab.link.split('&stage=')[0]}&stages=2&format=json")
    assert traced["stages"][2]["output"][3][9][11] == pytest.approx(value, rel=1e-3)


def test_a_link_holds_the_whole_page(lab: Lab) -> None:
    query = "image=coffee&model=linear10&filter=4&show=channels&sort=color&scale=all&moment=100&theme=dark"
    open_page(lab, f"{query}&elsewhere=1")
    lab.drops("elsewhere")  # so that this is the page's own address and not the one that it was opened with
    assert set(lab.link.split("&")) >= {"image=coffee", "model=linear10", "filter=4", "show=channels", "theme=dark"}
    expect(tile(lab, 4)).to_have_attribute("aria-pressed", "true")
    expect(lab.part("film-status")).to_contain_text("of 1,200")
    assert lab.page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_filters_are_applied_to_another_sample_and_to_an_upload(lab: Lab) -> None:
    open_page(lab)
    before = lab.part("row-picture").evaluate(PIXELS)
    lab.page.locator("[data-sample=coffee]").click()
    lab.says("image=coffee")
    wait_for_map(lab)
    assert lab.part("row-picture").evaluate(PIXELS) != before
    data = io.BytesIO()
    Image.new("RGB", (60, 60), (200, 30, 30)).save(data, "PNG")
    lab.part("file").set_input_files({"name": "red.png", "mimeType": "image/png", "buffer": data.getvalue()})
    lab.says("image=u-")
    expect(lab.part("problems")).to_contain_text("Your picture is kept for a few hours")
    assert len(set(lab.part("row-picture").evaluate(PIXELS).split(","))) == 2, "one gray, and opaque"
    lab.part("delete-picture").click()
    expect(lab.part("problems")).to_contain_text("deleted from the server")
    lab.drops("image=u-")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(devices: Devices, scheme: str) -> None:
    lab = open_page(devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme))
    assert faults(lab.page) == []


def test_on_a_phone_nothing_is_wider_than_the_screen_and_settings_open_below(devices: Devices) -> None:
    lab = open_page(devices.phone(), "model=linear10&show=channels")
    assert lab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    lab.button("Settings").click()
    expect(lab.page.locator("[data-model=lenet5]")).to_be_visible()
    lab.page.locator("[data-model=lenet5]").click()
    lab.until("document.querySelectorAll('.tile').length === 6")


@pytest.mark.parametrize(
    "query",
    ["", "model=lenet5&show=digits", "model=linear10&wall=maps", "model=mlp10&moment=100", "model=cifar10&wall=maps"],
)
def test_all_of_the_page_fits_1280_by_640_without_scrolling(devices: Devices, query: str) -> None:
    lab = open_page(devices.lab(viewport={"width": 1280, "height": 640}), query)
    assert lab.page.locator(".main").evaluate("(main) => main.scrollHeight - main.clientHeight") <= 0
