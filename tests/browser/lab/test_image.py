"""The image settings: samples, patterns, typed numbers, size, color and crop."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab_page import ImageLab, Lab, paste


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


def test_one_click_chooses_a_sample_and_every_sample_has_a_credit(lab: Lab) -> None:
    lab.open()
    samples = lab.part("samples").get_by_role("button")
    titles = samples.evaluate_all("(all) => all.map((button) => button.title)")
    assert len(titles) >= 6
    assert all(" · " in title for title in titles), "title and credit"
    lab.page.locator("[data-sample=coffee]").click()
    lab.says("image=coffee")
    expect(lab.page.locator("[data-sample=coffee]")).to_have_attribute("aria-pressed", "true")


def test_patterns_have_a_tab_and_keep_their_size(lab: Lab) -> None:
    lab.open()
    lab.button("Pattern").click()
    assert lab.part("samples").get_by_role("button").count() >= 7
    lab.page.locator("[data-sample=empty-7]").click()
    lab.says("image=empty-7")
    expect(lab.part("input-shape")).to_have_text("7 × 7")
    lab.page.locator("[data-sample=face]").click()
    lab.says("image=face")
    expect(lab.part("input-shape")).to_have_text(re.compile("12 × 16|16 × 12"))
    expect(lab.button("Pattern")).to_have_attribute("aria-pressed", "true")


def test_numbers_are_typed_cell_by_cell_and_the_cell_keeps_the_focus(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)")
    cell = lab.key("image-0-0-1")
    cell.fill("−7.5")
    lab.says("image=(1,-7.5;3,4)")
    expect(cell).to_be_focused()
    cell.press("Enter")
    expect(lab.key("image-0-1-1")).to_be_focused()
    lab.page.keyboard.type("1/3")
    lab.says("image=(1,-7.5;3,1/3)")
    assert lab.table("Filter") == [[1]]


def test_the_numbers_tab_starts_with_the_images_numbers(lab: Lab) -> None:
    lab.open()
    lab.button("Numbers").click()
    lab.says("image=(")
    lab.until("document.querySelectorAll('.typed input').length === 64")
    values = lab.page.locator(".typed input").evaluate_all("(all) => all.map((input) => Number(input.value))")
    assert len(values) == 64
    assert len(set(values)) > 20


def test_rows_columns_and_channels_of_typed_numbers_can_be_changed(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)")
    lab.types("image-Rows", "3")
    lab.until("document.querySelectorAll('.typed input').length === 6")
    lab.types("image-Columns", "4")
    lab.until("document.querySelectorAll('.typed input').length === 12")
    lab.button("3").click()
    lab.until("document.querySelectorAll('.typed input').length === 36")
    expect(lab.part("strip")).to_contain_text("3×3×4")
    lab.types("image-Rows", "0")
    expect(lab.key("image-Rows")).to_have_attribute("aria-invalid", "true")


def test_the_size_box_and_the_typed_numbers_agree_in_every_tab(lab: Lab) -> None:
    lab.open()
    lab.button("Numbers").click()
    lab.says("image=(")
    expect(lab.part("size")).to_have_value("8")
    lab.button("Pattern").click()
    expect(lab.part("size")).to_have_value("8")
    expect(lab.part("input-shape")).to_have_text("8 × 8")
    lab.part("size").select_option("16")
    expect(lab.part("input-shape")).to_have_text("16 × 16")
    lab.button("Numbers").click()
    expect(lab.part("size")).to_have_value("16")
    assert lab.page.locator(".typed input").count() == 256


def test_another_size_cuts_or_adds_zeros_at_the_bottom_and_right_and_back_undoes_it(lab: Lab) -> None:
    nine = ";".join(",".join(str(10 * row + col) for col in range(9)) for row in range(9))
    lab.open(f"image=({nine})&layers=relu")
    expect(lab.part("size")).to_have_value("9")
    lab.part("size").select_option("8")
    lab.says("image=(0,1,2,3,4,5,6,7;10,11")
    expect(lab.part("input-shape")).to_have_text("8 × 8")
    lab.part("size").select_option("16")
    lab.says("image=(0,1,2,3,4,5,6,7,0,0,0,0,0,0,0,0;10")
    lab.page.go_back()
    lab.page.go_back()
    expect(lab.part("input-shape")).to_have_text("9 × 9")
    expect(lab.part("size")).to_have_value("9")
    lab.says(nine)


def test_a_block_from_a_spreadsheet_becomes_the_image(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)")
    paste(lab, "image-0-0-0", "1\t2\t3\r\n4\t5,5\t6\r\n7\t8\t−9\r\n")
    lab.says("image=(1,2,3;4,5.5,6;7,8,-9)")
    expect(lab.part("input-shape")).to_have_text("3 × 3")


def test_a_block_that_is_too_large_shows_an_error(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=conv:(1)")
    before = lab.link
    paste(lab, "image-0-0-0", "\n".join("\t".join("1" for _ in range(65)) for _ in range(3)))
    expect(lab.part("image").get_by_role("alert")).to_contain_text("3 × 65 numbers; the limit is 64 × 64")
    assert lab.link == before


def test_a_new_size_keeps_the_window_at_the_same_place(lab: Lab) -> None:
    lab.open("at=15,15")
    lab.part("size").select_option("64")
    lab.says("size=64", "at=30,30")
    expect(lab.part("input-shape")).to_have_text("64 × 64")
    lab.part("size").select_option("8")
    lab.says("size=8")
    expect(lab.part("input-shape")).to_have_text("8 × 8")


def test_gray_and_rgb_change_the_channels(lab: Lab) -> None:
    lab.open()
    lab.button("RGB").click()
    lab.says("channels=rgb")
    expect(lab.part("strip")).to_contain_text("3×32×32")
    expect(lab.part("input-multiples").get_by_role("button")).to_have_count(3)
    lab.part("input-multiples").get_by_role("button").nth(2).click()
    expect(lab.part("input-multiples").get_by_role("button").nth(2)).to_have_attribute("aria-pressed", "true")
    lab.button("Gray").click()
    lab.drops("channels")


def test_the_whole_picture_is_shown_in_fine_cells_with_the_result_everywhere(lab: Lab) -> None:
    lab.open()
    lab.button("Whole picture").click()
    lab.says("size=256")
    expect(lab.part("output-shape")).to_have_text("254 × 254")
    expect(lab.button("Whole picture")).to_have_attribute("aria-pressed", "true")


def test_long_counts_have_separators_before_and_after_the_scripts_run(lab: Lab) -> None:
    query = "size=256&at=249,11&beat=write"
    assert "position 63,258 of 64,516" in lab.page.request.get(f"{lab.url}/?{query}").text()
    lab.open(query)
    expect(lab.part("count").locator(".unseen")).to_have_text("position 63,258 of 64,516")


def test_no_sample_is_cut_off_on_a_low_screen(lab: Lab) -> None:
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    lab.open()
    tray = lab.part("samples")
    assert tray.evaluate("(tray) => tray.scrollWidth <= tray.clientWidth")
    edge = tray.bounding_box()
    assert edge
    for sample in tray.get_by_role("button").all():
        box = sample.bounding_box()
        assert box
        assert box["x"] + box["width"] <= edge["x"] + edge["width"] + 1


def test_a_crop_is_drawn_with_the_pointer(lab: Lab) -> None:
    lab.open()
    lab.button("Crop…").click()
    dialog = lab.page.get_by_role("dialog", name="Choose a part of the picture")
    picture = dialog.locator("img")
    expect(picture).to_be_visible()
    lab.until("document.querySelector('dialog[open] img')?.naturalWidth > 1")
    box = picture.bounding_box()
    assert box
    x, y = box["x"] + 0.05 * box["width"], box["y"] + 0.1 * box["height"]
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + 0.2 * box["width"], y + 0.3 * box["height"], steps=3)
    lab.page.mouse.up()
    text = dialog.locator("output").inner_text()
    dialog.get_by_role("button", name="Use this part").click()
    lab.says("crop=")
    top, left, height, width = lab.scene()["crop"]
    assert text.startswith(f"{height} × {width} pixels from row {top}, column {left}")
    stored = [int(picture_side) for picture_side in (box["height"], box["width"])]
    assert (
        height / width == (0.3 * stored[0]) / (0.2 * stored[1])
        or abs(height / width - (0.3 * stored[0]) / (0.2 * stored[1])) < 0.1
    )


def test_a_double_click_opens_one_dialog(lab: Lab) -> None:
    lab.open()
    lab.part("choose-crop").evaluate("(button) => { button.click(); button.click(); }")
    lab.part("use-crop").click()
    expect(lab.page.get_by_role("dialog")).to_have_count(0)
    lab.rest()


def test_a_crop_is_moved_and_resized_with_the_arrow_keys_and_reset(lab: Lab) -> None:
    lab.open("crop=100,100,64,64")
    lab.button("Crop…").click()
    box = lab.part("crop-box")
    box.focus()
    box.press("ArrowRight")
    box.press("ArrowUp")
    box.press("Shift+ArrowDown")
    lab.button("Use this part").click()
    lab.until("!decodeURIComponent(location.search).includes('crop=100,100,64,64')")
    top, left, height, width = lab.scene()["crop"]
    assert (top < 100, left > 100, height > 64, width == 64) == (True,) * 4
    lab.button("Crop…").click()
    lab.part("whole-picture").click()
    lab.drops("crop=")


def test_a_network_offers_digits_and_objects_the_kind_it_classifies_first(lab: Lab) -> None:
    lab.open("layers=model:lenet5&stage=14")
    lab.part("known").click()
    samples = lab.part("samples")
    expect(samples.get_by_role("heading")).to_have_text(["Digits", "Objects"])
    lab.page.locator("[data-sample=digit-3]").click()
    lab.says("image=digit-3")
    expect(lab.part("output-multiples").get_by_role("button", name=re.compile("^3 .*99.9 %"))).to_be_visible()
    expect(lab.page.locator("[data-part=known]")).to_have_count(0)
    lab.open("image=ship&channels=rgb&layers=model:linear10")
    expect(samples.get_by_role("heading")).to_have_text(["Objects", "Digits"])


def test_the_size_menu_says_what_is_shown_where_the_picture_has_fewer_pixels(lab: Lab) -> None:
    lab.open("image=face&layers=conv:1x1")
    chosen = lab.part("size").locator("option:checked")
    expect(chosen).to_have_text("16 × 12")
    lab.part("size").select_option("8")
    expect(chosen).to_have_text("8 × 8")
    lab.says("size=8")
    lab.part("size").select_option("64")
    expect(chosen).to_have_text("16 × 12")
    lab.says("size=64")
