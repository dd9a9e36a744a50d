"""Common settings of a convolution: what one click sets, the sizes said before, and three sizes in one look."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults


def size_of(n: int, kernel: int, stride: int, before: int, after: int, dilation: int = 1) -> int:
    """The size that torch.nn.Conv2d documents: ⌊(N + 2P − D·(F − 1) − 1)/S + 1⌋, with both sides written out."""
    return (n + before + after - dilation * (kernel - 1) - 1) // stride + 1


def choice(lab: Lab, name: str):
    return lab.page.locator(f'[data-common="{name}"]')


@pytest.mark.parametrize(("rows", "columns"), [(32, 32), (31, 48), (7, 5)])
def test_each_setting_says_the_size_that_it_gives_and_gives_it(lab: Lab, rows: int, columns: int) -> None:
    query = f"image=chelsea&size={rows}x{columns}&layers=conv:16@3x3,seed=3"
    expected = {
        "3/1/1": (rows, columns),
        "5/1/2": (rows, columns),
        "5/2/?": ((rows + 1) // 2, (columns + 1) // 2),
        "1/1/0": (rows, columns),
    }
    for name, (high, wide) in expected.items():
        lab.open(query)
        expect(choice(lab, name)).to_contain_text(f"{high}×{wide}")
        choice(lab, name).click()
        expect(choice(lab, name)).to_have_attribute("aria-pressed", "true")
        layer = lab.layer()
        side = int(name[0])
        assert layer["filters"] == [{"shape": [16, side, side]}], "K stays"
        padding = layer["options"].get("padding", [0, 0, 0, 0])
        top, bottom, left, right = [padding] * 4 if isinstance(padding, int) else padding
        stride = int(name[2])
        assert size_of(rows, side, stride, top, bottom) == high
        assert size_of(columns, side, stride, left, right) == wide
        assert (rows + top + bottom - side) % stride == 0 == (columns + left + right - side) % stride, "it fits"
        assert lab.text("output-shape") == f"{high} × {wide}"


def test_filters_of_the_right_size_stay_and_others_become_as_many_random_ones(lab: Lab) -> None:
    lab.open("image=chelsea&layers=conv:sobel-x;sobel-y,stride=3,bias=(1,2)")
    expect(lab.part("common-settings")).to_contain_text("Another F makes random filters")
    expect(choice(lab, "5/1/2")).to_have_attribute(
        "aria-label", "Filter 5 × 5, stride 1, padding 2: map 32 × 32, with random filters of 5 × 5"
    )
    choice(lab, "3/1/1").click()
    lab.says("conv:sobel-x;sobel-y,padding=1,bias=(1,2)")
    choice(lab, "5/1/2").click()
    lab.says("conv:random*2@5x5,padding=2,bias=(1,2),seed=1")
    lab.page.go_back()
    lab.says("conv:sobel-x;sobel-y,padding=1,bias=(1,2)")
    lab.page.go_back()
    lab.says("conv:sobel-x;sobel-y,stride=3,bias=(1,2)")


def test_a_dilated_filter_says_the_size_that_it_has_with_its_dilation(lab: Lab) -> None:
    lab.open("image=chelsea&layers=conv:4@3x3,dilation=3")
    expect(choice(lab, "3/1/1")).to_contain_text(f"{size_of(32, 3, 1, 1, 1, 3)}×")
    choice(lab, "5/2/?").click()
    lab.says("4@5x5,stride=2", "dilation=3")
    assert lab.text("output-shape") == "16 × 16"
    lab.open("image=(1,2;3,4)&layers=conv:4@1x1,dilation=9")
    expect(choice(lab, "3/1/1")).to_be_disabled()


def test_trained_and_transposed_filters_have_no_such_choice_and_k_has_its_words(lab: Lab) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:photos/conv1")
    expect(lab.part("common-settings")).to_have_count(0)
    lab.open("layers=convtranspose:random*2@3x3")
    expect(lab.part("common-settings")).to_have_count(0)
    lab.open("layers=conv:16@3x3")
    expect(lab.part("powers")).to_contain_text("power of 2")


def test_axe_finds_nothing_in_the_settings_and_the_size_formula_is_below_them(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}).open("layers=conv:sobel-x;sobel-y;edges")
    lab.part("formula").scroll_into_view_if_needed()
    low, formula = choice(lab, "1/1/0").bounding_box(), lab.part("formula").bounding_box()
    assert low
    assert formula
    assert low["y"] + low["height"] <= formula["y"]
    assert formula["y"] + formula["height"] <= 720
    assert faults(lab.page) == []


def test_three_filter_sizes_in_one_look_are_one_named_difference_for_the_picture_in_view(devices: Devices) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}).open("image=coffee&size=64x48&layers=conv:sobel-x")
    lab.part("sizes-together").click()
    page = lab.page
    expect(page.locator("[data-ready] .maps canvas").first).to_be_visible()
    expect(page.get_by_role("heading", name="filter size 3, 5 and 7 with padding 1, 2 and 3")).to_be_visible()
    for side, padding in ((3, 1), (5, 2), (7, 3)):
        expect(page.get_by_text(f"F = {side}, P = (F − 1)/2 = {padding}")).to_be_visible()
    shapes = page.locator("[data-part=output-shape]").all_inner_texts()
    assert shapes == ["16 × 12"] * 3
    query = parse_qs(urlsplit(page.url).query)
    assert all('"sample":"coffee"' in unquote(query[letter][0]) for letter in "abc")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert faults(page) == []


def test_a_layer_behind_others_keeps_them_in_the_three_figures(lab: Lab) -> None:
    lab.open("image=chelsea&size=20&layers=maxpool:2~conv:sobel-x&stage=2")
    lab.part("sizes-together").click()
    expect(lab.page.locator("[data-ready] .maps canvas").first).to_be_visible()
    assert lab.page.locator("[data-part=output-shape]").all_inner_texts() == ["10 × 10"] * 3
