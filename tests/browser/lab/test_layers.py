"""Layers and their options: each control changes the link, the figure and its texts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from app.core.operation_table import OPERATIONS
from tests.browser.lab_page import Lab, faults


def open_more_options(lab: Lab) -> None:
    lab.page.locator("summary").filter(has_text="More options").click()


def test_the_stride_is_stepped_or_typed_also_separately_for_rows_and_columns(lab: Lab) -> None:
    lab.open()
    lab.button("Stride: more").click()
    lab.says("stride=2")
    expect(lab.part("output-shape")).to_have_text("15 × 15")
    lab.types("stride", "2 × 3")
    lab.says("stride=2x3")
    expect(lab.part("output-shape")).to_have_text("15 × 10")
    lab.types("stride", "1")
    lab.drops("stride")


@pytest.mark.parametrize(
    ("typed", "written", "shape"),
    [
        ("1", "padding=1", "32 × 32"),
        ("2 × 0", "padding=2x0", "34 × 30"),
        ("1,0,2,0", "padding=(1,0,2,0)", "31 × 32"),
        ("full", "padding=full", "34 × 34"),
    ],
)
def test_padding_is_a_number_two_numbers_four_sides_or_a_name(lab: Lab, typed: str, written: str, shape: str) -> None:
    lab.open()
    lab.types("padding", typed)
    lab.says(written)
    expect(lab.part("output-shape")).to_have_text(shape)


def test_padding_same_and_valid_are_buttons_and_steps_start_from_them(lab: Lab) -> None:
    lab.open("layers=conv:box-blur")
    lab.button("same").click()
    lab.says("padding=same")
    expect(lab.part("output-shape")).to_have_text("32 × 32")
    lab.button("Padding: more").click()
    lab.says("padding=2")
    lab.button("valid").click()
    lab.drops("padding")
    expect(lab.button("valid")).to_have_attribute("aria-pressed", "true")


def test_an_invalid_padding_is_kept_and_marked(lab: Lab) -> None:
    lab.open()
    before = lab.link
    lab.types("padding", "thick")
    expect(lab.key("padding")).to_have_value("thick")
    expect(lab.key("padding")).to_have_attribute("aria-invalid", "true")
    assert "“thick”" in lab.key("padding").evaluate("(input) => input.validationMessage")
    assert lab.link == before


def test_padding_mode_dilation_and_bias_change_the_numbers(lab: Lab) -> None:
    lab.open("image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,1,1;1,1,1;1,1,1),padding=1&at=0,0&beat=write")
    assert lab.result() == 1 + 2 + 4 + 5
    open_more_options(lab)
    lab.key("padding_mode").select_option("reflect")
    lab.says("padding_mode=reflect")
    assert lab.table("Window of the input") == [[5, 4, 5], [2, 1, 2], [5, 4, 5]]
    assert lab.result() == 33
    lab.types("bias", "1/2")
    lab.says("bias=1/2")
    assert lab.result() == 33.5
    lab.types("dilation", "2")
    lab.says("dilation=2")
    expect(lab.part("output-shape")).to_have_text("1 × 1")


def test_bias_is_one_number_or_one_for_each_map(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x;sobel-y")
    lab.types("bias", "10, -20")
    lab.says("bias=(10,-20)")
    assert "bias 10" in lab.text("result-before")
    lab.part("output-multiples").get_by_role("button").nth(1).click()
    expect(lab.part("result-before")).to_contain_text("bias 20")


@pytest.mark.complains("422")
def test_a_filter_reads_all_channels_unless_groups_is_given(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:sobel-x,groups=3~relu")
    expect(lab.part("output-multiples").get_by_role("button")).to_have_count(3)
    open_more_options(lab)
    lab.types("groups", "1")
    lab.says("groups=1")
    expect(lab.part("output-multiples")).to_be_hidden()
    assert {len(lab.table(f"Window of the input, {c}")) for c in "RGB"} == {3}
    lab.types("groups", "2")
    expect(lab.page.locator(".field-error")).to_contain_text("3")
    expect(lab.key("groups")).to_have_value("2")
    expect(lab.key("groups")).to_have_attribute("aria-invalid", "true")


def test_layers_are_added_moved_and_removed(lab: Lab) -> None:
    lab.open()
    lab.button("+ layer").click()
    menu = lab.page.get_by_role("dialog", name="Add a layer")
    expect(menu.locator("[data-op]")).to_have_count(sum(not row.is_trained for row in OPERATIONS))
    menu.locator("[data-op=avgpool]").click()
    lab.says("~maxpool:2~avgpool:2")
    lab.stage("Average pool")
    expect(lab.part("inspector")).to_contain_text("Average pool")
    lab.button("Move this layer to the left").click()
    lab.says("~avgpool:2~maxpool:2")
    lab.button("Move this layer to the right").click()
    lab.says("~maxpool:2~avgpool:2")
    expect(lab.button("Move this layer to the right")).to_be_disabled()
    lab.button("Remove Average pool 2 × 2").click()
    lab.drops("avgpool")
    expect(lab.part("strip").get_by_role("button")).to_have_count(5)  # four stages and "+ layer"


def test_a_network_replaces_the_layers_and_back_restores_them(lab: Lab) -> None:
    """The network prepares the image itself; the menu says so, and whether the image becomes color."""
    lab.open("image=coffee&channels=gray&layers=conv:edges~relu")
    lab.button("+ layer").click()
    menu = lab.page.get_by_role("dialog", name="Add a layer")
    expect(menu).to_contain_text("replaces all layers")
    expect(menu.locator("[data-network=cifar10]")).to_contain_text("10 classes, in color")
    menu.locator("[data-network=cifar10]").click()
    lab.says("channels=rgb", "layers=model:cifar10")
    lab.drops("conv:edges")
    expect(lab.part("strip").get_by_role("button", name="Softmax")).to_be_visible()
    lab.page.go_back()
    lab.says("layers=conv:edges~relu")
    lab.button("+ layer").click()
    menu.locator("[data-network=lenet5]").click()
    lab.says("layers=model:lenet5")
    lab.drops("rgb")


@pytest.mark.long
def test_every_kind_of_layer_can_be_added_and_shown(lab: Lab) -> None:
    lab.open("size=64&layers=")
    lab.button("+ layer").click()
    expect(lab.page.locator("dialog [data-op]")).not_to_have_count(0)
    ops = lab.page.locator("dialog [data-op]").evaluate_all("(all) => all.map((one) => one.dataset.op)")
    lab.page.keyboard.press("Escape")
    for place, op in enumerate(ops):
        if place == len(ops) // 2:
            lab.open("size=64&layers=")  # a link has at most 16 layers
        with lab.answers():
            lab.button("+ layer").click()
            lab.page.locator(f"dialog [data-op={op}]").click()
        lab.part("strip").locator("button.stage").last.click()
        lab.says(op)
        assert lab.text("result-value") not in ("", "?")
    assert len(ops) >= 14


def test_activations_and_pools_change_their_kind_in_place(lab: Lab) -> None:
    lab.open("stage=2")
    lab.key("kind").select_option("leaky_relu")
    lab.says("~leaky_relu:0.01~")
    lab.types("negative_slope", "0.5")
    lab.says("leaky_relu:0.5")
    lab.stage("Max pool")
    lab.key("kind").select_option("l2pool")
    lab.says("l2pool:2")


def test_pooling_has_window_stride_padding_ceil_mode_and_count_include_pad(lab: Lab) -> None:
    lab.open("image=(1,2,3;4,5,6;7,8,9)&layers=avgpool:2&at=0,0&beat=write")
    expect(lab.part("output-shape")).to_have_text("1 × 1")
    expect(lab.part("formula")).to_contain_text("row 2 and column 2 are never read")
    open_more_options(lab)
    lab.key("ceil_mode").check()
    lab.says("ceil_mode=1")
    expect(lab.part("output-shape")).to_have_text("2 × 2")
    lab.types("stride", "1")
    lab.says("stride=1")
    lab.types("padding", "1")
    lab.says("padding=1")
    assert lab.result() == 0.25
    lab.key("count_include_pad").uncheck()
    lab.says("count_include_pad=0")
    assert lab.result() == 1
    lab.types("kernel_size", "3")
    lab.says("avgpool:3")
    assert lab.result() == 3


def test_a_shift_can_be_negative(lab: Lab) -> None:
    lab.open("layers=shift:0x1")
    lab.types("by", "-1 × -2")
    lab.says("shift:-1x-2")


def test_a_label_opens_an_explanation_with_this_figures_numbers_and_a_value_to_try(lab: Lab) -> None:
    lab.open()
    lab.page.get_by_role("button", name="Stride S").click()
    bubble = lab.page.get_by_role("dialog", name="Stride")
    expect(bubble).to_contain_text("Cells that the window moves from one position to the next")
    expect(bubble).to_contain_text("Now 1: 30 stops a row")
    bubble.get_by_role("button", name="Show me stride 2").click()
    lab.says("stride=2")
    expect(bubble).to_have_count(0)


def test_every_label_has_an_explanation_that_escape_closes(lab: Lab) -> None:
    lab.open()
    open_more_options(lab)
    labels = lab.part("inspector").locator("button.label")
    assert labels.count() >= 8
    for label in labels.all():
        label.click()
        bubble = lab.part("bubble")
        assert len(bubble.inner_text().split()) > 5
        lab.page.keyboard.press("Escape")
        expect(bubble).to_have_count(0)


def test_the_output_size_is_explained_in_letters_and_in_numbers(lab: Lab) -> None:
    lab.open("image=empty-7&layers=conv:(1,0,-1;1,0,-1;1,0,-1),stride=3")
    expect(lab.part("formula")).to_contain_text("(N + 2P − F)/S + 1")
    expect(lab.part("formula")).to_contain_text("(7 + 2·0 − 3)/3 + 1 = 2.33")
    expect(lab.part("formula")).to_contain_text("10 parameters")
    notes = lab.text("formula")
    assert "by the lecture's rule it does not fit" in notes
    assert "row 6 and column 6 are never read" in notes
    assert "Padding 1 makes it fit: 3" in notes


@pytest.mark.complains("422")
def test_a_refused_layer_shows_an_error_and_the_figure_stays(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=relu")
    before = lab.link
    lab.button("+ layer").click()
    lab.page.locator("dialog [data-op=conv]").click()
    expect(lab.part("problems")).to_contain_text("The filter spans 3 rows, but its input has only 2 rows.")
    assert lab.link == before
    assert lab.part("strip").locator("button.stage").count() == 2


@pytest.mark.complains("422")
def test_a_later_layer_that_does_not_fit_any_more_is_named_at_its_card_and_beside_the_control(lab: Lab) -> None:
    lab.open("size=8&layers=conv:random*1@3x3~relu~maxpool:2")
    figure = lab.part("figure").bounding_box()
    lab.types("kernel_size", "8")
    sentence = "Max pool (layer 3): The window spans 2 rows, but its input has only 1 row."
    row = lab.page.locator("[data-field=kernel_size] + .field-error")
    expect(row).to_have_text(sentence)
    card = lab.part("strip").locator("button.stage").nth(3)
    expect(card).to_have_class(re.compile("misfit"))
    expect(card).to_have_accessible_description(sentence)
    expect(lab.part("strip").locator(".misfit")).to_have_count(1)
    note, box = lab.page.locator(".card-error").bounding_box(), card.bounding_box()
    assert note is not None
    assert box is not None
    assert abs(note["y"] - box["y"] - box["height"]) < 12
    assert note["x"] < box["x"] + box["width"]
    assert lab.part("figure").bounding_box() == figure, "nothing moves"
    assert faults(lab.page) == []
    lab.types("kernel_size", "4")
    lab.says("@4x4")
    expect(lab.page.locator(".misfit, .card-error, .field-error")).to_have_count(0)


@pytest.mark.complains("422")
def test_a_problem_of_the_shown_layer_stands_beside_its_own_control_only(lab: Lab) -> None:
    lab.open("size=8&layers=relu~maxpool:2&stage=2")
    lab.types("padding", "2")
    expect(lab.page.locator("[data-field=padding] + .field-error")).to_contain_text("Max pool (layer 2): ")
    expect(lab.page.locator(".card-error")).to_have_count(0)
