"""What the page shows adds up, and says what it is: rounded sums, exact zeros, turned filters, K with groups."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab
from tests.number_scenes import read_text

CELLS = """(label) => [...document.querySelector(`table[aria-label^="${label}"]`).querySelectorAll("td")]
  .map((cell) => cell.textContent)"""


@pytest.mark.parametrize("query", ["image=chelsea&range=unit&layers=conv:sobel-x", "layers=model:lenet5&stage=2"])
def test_the_products_the_bias_and_what_is_rounded_add_up_to_the_result(lab: Lab, query: str) -> None:
    lab.open(f"{query}&at=5,0")
    for _ in range(8):
        products = [read_text(text) for text in lab.page.evaluate(CELLS, "Products")]
        line, shown = lab.text("result-before"), lab.text("result-value")
        bias = re.search(r"([+−]) bias ([\d.]+)", line)
        rounded = re.search(r"rounded: (\S+)", line)
        assert bias, line
        added = sum(products) + read_text(bias[1] + bias[2]) + (read_text(rounded[1]) if rounded else 0)
        assert added == read_text(shown.strip("≈ ")), (line, shown)
        place = lab.place()
        lab.page.keyboard.press("ArrowRight")
        lab.until("(before) => !location.search.includes(`at=${before}`)", ",".join(map(str, place)))


def test_typed_decimals_add_up_to_zero_without_a_sign_of_rounding(lab: Lab) -> None:
    lab.open("image=(0.7,0.4,0.3)&layers=conv:(1,-1,-1)~relu&at=0,0")
    expect(lab.part("result-value")).to_have_text("0")
    expect(lab.part("result-after")).to_have_text("ReLU leaves it 0")


def test_a_turned_filter_says_so_below_it_and_in_its_law(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4),flip=1,stride=2,padding=1&tab=equation")
    expect(lab.part("terms")).to_contain_text("filter, turned by 180°")
    expect(lab.page.locator(".equation")).to_contain_text(
        "y[k, r, c] = b[k] + Σ g[k, ch, i, j] · x[ch, r·2 − 1 + (1 − i), c·2 − 1 + (1 − j)], over ch, i, j"
    )
    lab.key("flip").uncheck()
    expect(lab.part("terms")).not_to_contain_text("turned")
    expect(lab.page.locator(".equation")).to_contain_text("x[ch, r·2 − 1 + i, c·2 − 1 + j]")


def test_k_counts_the_maps_of_all_groups(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:sobel-x,groups=3")
    expect(lab.key("filters")).to_have_value("3")
    expect(lab.page.locator("body")).to_contain_text("3·(3·3·3/3 + 1) = 30 parameters")
    lab.button("Filters: more").click()
    lab.says("conv:sobel-x;random*1@3x3")
    expect(lab.key("filters")).to_have_value("6")
    lab.types("filters", "4")
    assert "A multiple of 3" in lab.key("filters").evaluate("(input) => input.validationMessage")


def test_the_chosen_filter_is_counted_as_k_is_over_all_groups(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:random*2@3x3,groups=3&map=4")
    expect(lab.part("inspector")).to_contain_text("Filter 5 of 6")


def test_decimals_of_three_channels_are_readable_on_a_small_projector(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open("image=coffee&channels=rgb&range=unit&layers=conv:random*2@3x3")
    tables = lab.part("terms").locator("table")
    bars = lab.part("bars").locator(".bar")
    expect(bars).to_have_count(3)
    for channel in range(3):  # the numbers of one are shown, and each can be chosen
        bars.nth(channel).click()
        expect(bars.nth(channel)).to_have_attribute("aria-pressed", "true")
        expect(tables).to_have_count(3)
        for text in [*tables.locator("td").all(), *bars.locator("span:last-child").all()]:
            assert re.search(r"\d", text.inner_text())
            assert text.evaluate("(each) => parseFloat(getComputedStyle(each).fontSize)") >= 12


def test_a_cell_of_short_numbers_is_wider_than_its_digits_where_there_is_room(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open("image=chelsea&range=unit&layers=conv:sobel-x&at=5,0")
    cell = lab.part("terms").locator(".of-filter td").first.bounding_box()
    assert cell
    assert cell["width"] >= 0.7 * cell["height"]


def test_the_tables_of_channels_stay_as_high_when_their_sums_come(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open("image=coffee&channels=rgb&range=unit&layers=conv:random*2@3x3&beat=window")
    table = lab.part("terms").locator(".of-filter").first
    before = table.bounding_box()
    lab.page.locator('[data-part=beats] [data-beat="sum"]').click()
    expect(lab.part("result-value")).to_contain_text("≈")
    after = table.bounding_box()
    assert before
    assert after
    assert (before["y"], before["height"]) == (after["y"], after["height"])


def test_small_maps_are_not_cut_when_a_tall_view_opens_below(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open("image=coffee&channels=rgb&layers=conv:random*2@3x3")
    lab.button("Neuron").click()
    lab.says("tab=neuron")
    expect(lab.part("panel")).to_be_visible()
    lab.until("() => document.querySelector('.neuron svg')")
    for side in ("input", "output"):
        assert lab.part(f"{side}-multiples").evaluate("(host) => host.scrollHeight <= host.clientHeight + 1")


def test_the_arrow_of_a_pool_stands_before_its_result(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 844, "height": 390})
    lab.open("image=coffee&range=unit&layers=avgpool:3")
    arrow, result = lab.part("terms").locator(".sign").bounding_box(), lab.part("result").bounding_box()
    assert arrow
    assert result
    assert arrow["x"] + arrow["width"] <= result["x"]
    assert result["y"] <= arrow["y"] + arrow["height"] / 2 <= result["y"] + result["height"]


def test_between_the_maps_the_result_of_a_pool_stands_right_below_its_window(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open("image=coffee&range=unit&layers=avgpool:3")
    window, result = lab.part("terms").locator("figure").bounding_box(), lab.part("result").bounding_box()
    assert window
    assert result
    assert 0 <= result["y"] - (window["y"] + window["height"]) < 24
    assert abs(result["x"] + result["width"] / 2 - (window["x"] + window["width"] / 2)) < 2


def test_a_fully_connected_cell_is_drawn_as_a_neuron(lab: Lab) -> None:
    lab.open("layers=model:lenet5&stage=9&tab=neuron")
    drawing = lab.page.get_by_role("img", name=re.compile("A neuron with 400 inputs"))
    expect(drawing).to_be_visible()
    expect(drawing).to_contain_text("373 others")
