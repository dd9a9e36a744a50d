"""Filters: the tray, the dialog, typed numbers, size and count, and how each edit changes the figure."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.lab_page import Lab, paste

TYPED = "layers=conv:(1,2;3,4)"


def test_a_filter_in_the_tray_changes_the_figure(lab: Lab) -> None:
    lab.open()
    expect(lab.page.locator("[data-kernel=sobel-x]")).to_have_attribute("aria-pressed", "true")
    lab.page.locator("[data-part=tray] [data-kernel=sharpen]").click()
    lab.says("conv:sharpen")
    assert lab.table("Filter") == [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]
    expect(lab.page.locator("[data-part=tray] [data-kernel=sharpen]")).to_have_attribute("aria-pressed", "true")


def test_every_filter_in_the_tray_has_a_thumbnail_of_the_current_image(lab: Lab) -> None:
    lab.open()
    lab.until("[...document.querySelectorAll('[data-part=tray] img')].every((image) => image.naturalWidth > 1)")
    pictures = lab.page.locator("[data-part=tray] img").evaluate_all("(all) => all.map((image) => image.src)")
    assert len(set(pictures)) == len(pictures) >= 6


def test_the_dialog_lists_all_filters_with_thumbnails_and_descriptions(lab: Lab) -> None:
    lab.open()
    lab.button("All filters").click()
    dialog = lab.page.get_by_role("dialog", name="All filters")
    choices = dialog.locator(".choice")
    expect(choices.last).to_be_visible()
    assert choices.count() >= 20
    lab.until("[...document.querySelectorAll('dialog[open] img')].every((image) => image.naturalWidth > 1)")
    assert all(len(text.split()) > 4 for text in choices.locator("span span").all_inner_texts())
    dialog.locator("[data-kernel=gaussian-blur], [data-kernel=gaussian]").first.click()
    expect(dialog).to_be_hidden()
    lab.says("conv:gaussian")


def test_a_cell_of_the_filter_can_be_typed(lab: Lab) -> None:
    lab.open()
    lab.button("Edit").click()
    lab.key("filter-0-1-1").fill("-7")
    lab.says("conv:(-1,0,1;-2,-7,2;-1,0,1)")
    assert lab.table("Filter")[1] == [-2, -7, 2]
    expect(lab.key("filter-0-1-1")).to_be_focused()


@pytest.mark.parametrize(("typed", "kept"), [("0.5", "0.5"), ("1/3", "1/3"), ("−2", "-2"), ("0,25", "0.25")])
def test_decimals_and_fractions_keep_their_notation(lab: Lab, typed: str, kept: str) -> None:
    lab.open("layers=conv:(1,2;3,4)&image=(1,2,3;4,5,6;7,8,9)")
    lab.button("Edit").click()
    lab.key("filter-0-0-0").fill(typed)
    lab.says(f"conv:({kept},2;3,4)")


def test_a_text_that_is_not_a_number_is_kept_and_shows_an_error(lab: Lab) -> None:
    lab.open(TYPED)
    lab.button("Edit").click()
    before = lab.link
    lab.key("filter-0-0-0").fill("two")
    expect(lab.part("editor").get_by_role("alert")).to_contain_text("“two” is not a number")
    expect(lab.key("filter-0-0-0")).to_have_value("two")
    expect(lab.key("filter-0-0-0")).to_have_attribute("aria-invalid", "true")
    assert lab.link == before
    lab.key("filter-0-0-0").fill("2")
    lab.says("conv:(2,2;3,4)")
    expect(lab.part("editor").get_by_role("alert")).to_be_empty()


def test_a_block_from_a_spreadsheet_becomes_the_filter(lab: Lab) -> None:
    lab.open(TYPED)
    lab.button("Edit").click()
    paste(lab, "filter-0-0-0", "1\t0\t-1\n1\t0\t-1\n1\t0\t-1\n")
    lab.says("conv:(1,0,-1;1,0,-1;1,0,-1)")


def test_the_filter_has_any_size_from_1_to_15_also_rectangular(lab: Lab) -> None:
    lab.open("layers=conv:(1,2,3;4,5,6;7,8,9)")
    lab.types("kernel_size", "1")
    lab.says("conv:(5)")
    lab.types("kernel_size", "7")
    lab.until("document.querySelectorAll('table[aria-label=\"Filter\"] td').length === 49")
    lab.types("kernel_size", "15")
    expect(lab.part("terms").locator("canvas")).to_have_count(3)  # a larger one is a picture
    lab.types("kernel_size", "1 × 3")
    lab.says("conv:(0,5,0)")
    lab.types("kernel_size", "16")
    expect(lab.key("kernel_size")).to_have_attribute("aria-invalid", "true")
    assert "15" in lab.key("kernel_size").evaluate("(input) => input.validationMessage")


def test_rows_and_columns_of_the_editor_change_one_side(lab: Lab) -> None:
    lab.open(TYPED)
    lab.button("Edit").click()
    lab.types("filter-Rows", "3")
    lab.says("conv:(1,2;3,4;0,0)")
    lab.types("filter-Columns", "1")
    lab.until("document.querySelectorAll('[data-part=editor] .typed input').length === 3")


def test_the_filter_is_rotated_negated_and_divided(lab: Lab) -> None:
    lab.open(TYPED)
    lab.button("Edit").click()
    lab.button("Turn by 180°").click()
    lab.says("conv:(4,3;2,1)")
    lab.button("Change the sign").click()
    lab.says("conv:(-4,-3;-2,-1)")
    lab.types("divisor", "9")
    lab.says("conv:(-4,-3;-2,-1)/9")
    lab.button("Change the sign").click()
    lab.says("conv:(4,3;2,1)/9")
    lab.button("Sum to 1").click()
    lab.says("conv:(4,3;2,1)/10")


def test_flip_shows_the_rotated_filter(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4)")
    lab.page.locator("summary").filter(has_text="More options").click()
    lab.key("flip").check()
    lab.says("flip=1")
    assert lab.table("Filter") == [[4, 3], [2, 1]]


def test_more_filters_make_more_maps_and_a_map_selects_its_filter(lab: Lab) -> None:
    lab.open()
    lab.button("Filters: more").click()
    lab.says("sobel-x;random*1@3x3")
    expect(lab.part("output-multiples").get_by_role("button")).to_have_count(2)
    lab.types("filters", "4")
    lab.says("random*3@3x3")
    lab.part("output-multiples").get_by_role("button").nth(1).click()
    lab.says("map=1")
    expect(lab.part("inspector")).to_contain_text("Filter 2 of 4")
    lab.page.locator("[data-part=tray] [data-kernel=edges]").click()
    lab.says("conv:sobel-x;edges;random*2@3x3")


def test_random_filters_are_whole_numbers(lab: Lab) -> None:
    lab.open()
    lab.button("Random").click()
    lab.says("random*1@3x3", "seed=")
    weights = [value for row in lab.table("Filter") for value in row]
    assert all(value == int(value) and abs(value) <= 2 for value in weights)


def test_a_filter_may_have_a_plane_for_each_channel(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:(1,0;0,1),groups=1")
    lab.button("Edit").click()
    lab.button("A plane for each channel").click()
    lab.says("conv:(1,0;0,1)(1,0;0,1)(1,0;0,1)")
    lab.key("filter-2-0-0").fill("5")
    lab.says("(5,0;0,1)")
    assert lab.table("Filter, B") == [[5, 0], [0, 1]]
    assert lab.table("Filter, G") == [[1, 0], [0, 1]]


def test_an_edited_preset_becomes_a_typed_filter(lab: Lab) -> None:
    lab.open()
    lab.button("Edit").click()
    lab.key("filter-0-0-0").fill("9")
    lab.says("conv:(9,0,1;")
    expect(lab.page.locator("[data-part=tray] [aria-pressed=true]")).to_have_count(0)
