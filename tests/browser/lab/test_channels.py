"""Filters over several channels: what the Lab says about them, and the choice beside K."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.lab_page import ImageLab, Lab


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


OLD = "channels=rgb&layers=conv:sobel-x"


def test_an_old_link_gets_a_note_that_says_what_to_add_and_that_can_be_closed(lab: Lab) -> None:
    lab.open(OLD)
    note = lab.part("problems").locator(".problem")
    expect(note).to_have_count(1)
    expect(note).to_contain_text("One filter reads all 3 channels and makes one map.")
    expect(note).to_contain_text("groups=3")
    expect(lab.part("output-multiples")).to_be_hidden()
    lab.button("Close this message").click()
    expect(note).to_have_count(0)
    lab.types("stride", "2")
    lab.says("stride=2,groups=1")
    expect(note).to_have_count(0)


def test_a_class_before_an_embed_is_not_told_of_versions(lab: Lab) -> None:
    lab.open(OLD, path="/embed")
    expect(lab.part("output-shape")).to_have_text("30 × 30")
    expect(lab.part("problems").locator(".problem")).to_have_count(0)
    expect(lab.part("output-multiples")).to_be_hidden()


def choose(lab: Lab, name: str) -> None:
    lab.settings("layer")
    lab.page.locator(f"[data-part=tray] [data-kernel={name}]").click()


def told(lab: Lab) -> str:
    return lab.part("channel-choice").locator("p").inner_text()


def count_maps(lab: Lab) -> int:
    """The number of maps, in which K, the card in the strip, the formula and the small maps agree."""
    expect(lab.page.locator("body")).not_to_have_attribute("data-asking", "")
    count = int(lab.key("filters").input_value())
    shown = lab.part("output-multiples").get_by_role("button").count()
    assert shown == (count if count > 1 else 0)
    expect(lab.part("formula")).to_contain_text(f"{count}·(3·3·")
    return count


def test_rgb_keeps_one_map_with_three_rows_and_28_parameters(lab: Lab) -> None:
    lab.open()
    lab.button("RGB").click()
    lab.says("channels=rgb")
    expect(lab.part("terms").locator("table")).to_have_count(9)
    expect(lab.part("formula")).to_contain_text("1·(3·3·3 + 1) = 28 parameters")
    assert count_maps(lab) == 1
    assert told(lab) == "A filter reads all 3 channels and makes one map."
    expect(lab.part("problems").locator(".problem")).to_have_count(0)
    lab.button("Filters: more").click()
    lab.says("conv:sobel-x;random*1@3x3")
    assert count_maps(lab) == 2
    lab.button("Filters: less").click()
    lab.drops("random")
    assert count_maps(lab) == 1


def test_the_choice_beside_k_reads_each_channel_alone_and_all_together_again(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:sobel-x;sobel-y,groups=1,bias=(1,2)&map=1")
    lab.button("each channel alone").click()
    lab.says("bias=(1,2,1,2,1,2)", "groups=3", "map=1")
    expect(lab.button("each channel alone")).to_have_attribute("aria-pressed", "true")
    assert count_maps(lab) == 6
    assert told(lab) == "Depthwise, what photo editors do: a filter makes 3 maps, one for each channel."
    expect(lab.part("result-before")).to_contain_text("sum of R alone")
    lab.button("all channels together").click()
    lab.says("groups=1")
    assert count_maps(lab) == 2


def test_a_sharpened_color_photo_stays_a_color_photo(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:sobel-x,groups=1~relu")
    choose(lab, "sharpen")
    lab.says("conv:sharpen,groups=3")
    assert told(lab).endswith("so a color photo stays one.")
    assert count_maps(lab) == 3
    choose(lab, "box-blur")
    lab.says("conv:box-blur,groups=3")
    choose(lab, "edges")
    lab.says("conv:edges,groups=1")
    assert count_maps(lab) == 1
    lab.button("each channel alone").click()
    lab.says("groups=3")
    choose(lab, "sobel-y")
    lab.says("conv:sobel-y,groups=3")


def test_a_sharpened_photo_is_sharpened_in_color_and_in_gray(lab: Lab) -> None:
    lab.open("layers=conv:sharpen~conv:box-blur~conv:edges")
    lab.button("RGB").click()
    lab.says("channels=rgb", "conv:sharpen,groups=3~conv:box-blur,groups=3~conv:edges")
    expect(lab.part("problems").locator(".problem")).to_have_count(0)
    lab.button("Gray").click()
    lab.drops("groups=3")
    lab.says("conv:sharpen~conv:box-blur~conv:edges")
    expect(lab.part("problems").locator(".problem")).to_have_count(0)


def test_an_uploaded_color_photo_is_sharpened_in_color(lab: Lab) -> None:
    lab.open("layers=conv:sharpen~conv:box-blur~conv:edges")
    photo = io.BytesIO()
    Image.merge("RGB", [Image.effect_noise((80, 60), 60) for _ in range(3)]).save(photo, "PNG")
    with lab.page.expect_file_chooser() as chooser:
        lab.button("choose").click()
    chooser.value.set_files({"name": "photo.png", "mimeType": "image/png", "buffer": photo.getvalue()})
    lab.says("image=u-", "channels=rgb", "conv:sharpen,groups=3~conv:box-blur,groups=3~conv:edges")
    lab.button("Use this part").click()
    lab.settings("layer")
    assert told(lab).endswith("so a color photo stays one.")


def test_a_filter_with_a_plane_for_each_channel_cannot_read_one_alone(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:(1)(2)(3)")
    expect(lab.button("each channel alone")).to_be_disabled()
    assert told(lab) == "A filter has a plane for each of the 3 channels and makes one map."


def test_a_gray_picture_has_no_choice_of_channels(lab: Lab) -> None:
    lab.open()
    expect(lab.key("filters")).to_be_visible()
    expect(lab.part("channel-choice")).to_have_count(0)


def test_the_chosen_filter_is_counted_from_one_and_says_what_it_is(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x;(1,2;3,4);random*2@3x3&map=0")
    line = lab.page.locator("[data-part=inspector]").get_by_text("pick another below the map")
    for number, what in enumerate(("sobel-x", "your numbers", "random numbers from −2 to 2"), 1):
        expect(line).to_have_text(f"Filter {number} of 4: {what} · pick another below the map.")
        lab.part("output-multiples").get_by_role("button").nth(number).click()


@pytest.mark.parametrize("size", [(1280, 720), (390, 844)])
def test_the_rows_of_a_color_picture_have_their_letters_and_all_their_numbers(
    devices: Devices, size: tuple[int, int]
) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    lab.open("image=coffee&channels=rgb&layers=conv:random*4@3x3,groups=1&at=10,10&beat=write")
    windows = lab.page.locator(".terms .grid.of-input")
    assert windows.evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').content)") == [
        '"R"',
        '"G"',
        '"B"',
    ]
    left = windows.first.evaluate("(one) => one.getBoundingClientRect().left")
    edge = lab.part("input-maps").evaluate("(one) => one.getBoundingClientRect().right") if size[0] > 900 else 0
    assert left - edge >= 14, "a letter has room between the map and its table"
    cells = lab.page.locator(".terms .grid.of-products td")
    assert cells.evaluate_all("(all) => all.filter((one) => one.dataset.short === '').length") == 0
