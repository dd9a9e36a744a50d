"""The dialog that cuts a picture: handles, keys, sizes, previews, and what it suggests after an upload."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import pictures
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults

SIDE = 256


def picture_with_a_corner(colored: bool = True) -> bytes:
    """A flat picture with a checkerboard in its lower right quarter."""
    pixels = np.full((SIDE, SIDE, 3), (90, 120, 150) if colored else (120, 120, 120), np.uint8)
    row, col = np.indices((SIDE // 2, SIDE // 2)) // 16
    pixels[SIDE // 2 :, SIDE // 2 :] = np.where(((row + col) % 2)[..., None], 250, 5)
    return pictures.file(Image.fromarray(pixels), "PNG")


def upload(lab: Lab, data: bytes) -> None:
    lab.part("file").set_input_files({"name": "mine.png", "mimeType": "image/png", "buffer": data})
    lab.says("image=u-")
    lab.part("crop-box").wait_for()
    lab.until("document.querySelector('.crop-area img')?.naturalWidth > 1")
    lab.rest()


def text_of_box(lab: Lab) -> list[int]:
    """Height, width, top, left, rows and columns that the dialog names."""
    return [int(number) for number in re.findall(r"\d+", lab.part("crop-text").inner_text())]


def drag(lab: Lab, handle: str, across: float, down: float) -> None:
    """Drag a handle by parts of the picture's width and height."""
    area = lab.part("crop-area").bounding_box()
    box = lab.page.locator(f"[data-handle={handle}]").bounding_box()
    assert area
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    lab.page.mouse.move(x, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + across * area["width"], y + down * area["height"], steps=4)
    lab.page.mouse.up()


def test_an_upload_opens_the_cut_at_its_most_contrasty_square_with_64_cells_in_color(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x")
    upload(lab, picture_with_a_corner())
    assert text_of_box(lab) == [128, 128, 128, 128, 64, 64]
    lab.button("Use this part").click()
    lab.says("size=64", "crop=128,128,128,128", "channels=rgb", "layers=conv:sobel-x")
    expect(lab.part("input-shape")).to_have_text("64 × 64")


@pytest.mark.parametrize("shape", [(1, 900), (900, 3)])
def test_of_a_picture_that_is_a_line_the_whole_is_suggested(lab: Lab, shape: tuple[int, int]) -> None:
    lab.open("layers=conv:1x1")
    stripes = (np.add.outer(*map(np.arange, shape)) // 20 % 2 * 200).astype(np.uint8)
    upload(lab, pictures.file(Image.fromarray(stripes), "PNG"))
    assert text_of_box(lab)[:4] == [*shape, 0, 0]
    lab.button("Use this part").click()
    lab.says("image=u-")
    assert lab.problems() == ""


def test_cancel_keeps_the_whole_picture(lab: Lab) -> None:
    lab.open()
    upload(lab, picture_with_a_corner(colored=False))
    lab.part("cancel-crop").click()
    assert "crop=" not in lab.link
    assert "channels=rgb" not in lab.link, "a gray picture stays gray"
    assert lab.scene()["size"] == [64, 64]


def test_a_network_that_reads_gray_gets_a_gray_picture(lab: Lab) -> None:
    lab.open("layers=model:lenet5&stage=14")
    upload(lab, picture_with_a_corner())
    assert "channels=rgb" not in lab.link
    assert "layers=model:lenet5" in lab.link


def test_each_handle_moves_its_sides_and_can_be_touched(lab: Lab) -> None:
    lab.open("image=coffee&crop=100,100,200,200")
    lab.settings("image").button("Crop…").click()
    lab.until("document.querySelector('.crop-area img')?.naturalWidth > 1")
    for handle in ("n", "ne", "e", "se", "s", "sw", "w", "nw"):
        place = lab.page.locator(f"[data-handle={handle}]").bounding_box()
        assert place
        assert min(place["width"], place["height"]) >= 44
    height, width, top, left, *_ = text_of_box(lab)
    drag(lab, "se", 0.1, 0.1)
    now = text_of_box(lab)
    assert now[0] > height
    assert now[1] > width
    assert now[2:4] == [top, left]
    drag(lab, "w", -0.05, 0.2)
    moved = text_of_box(lab)
    assert moved[0] == now[0], "the handle of a side moves that side alone"
    assert moved[2] == top
    assert moved[3] < left
    assert moved[1] + moved[3] == now[1] + now[3]


def test_the_cells_are_chosen_in_the_dialog_and_the_previews_follow(lab: Lab) -> None:
    lab.open("image=coffee")
    lab.settings("image").button("Crop…").click()
    previews = lab.part("crop-previews")
    expect(previews).to_contain_text("Cells, 32 × 32")
    expect(previews).to_contain_text("Convolution, 30 × 30")
    lab.page.locator("[data-cells='16']").click()
    expect(previews).to_contain_text("Cells, 16 × 16")
    expect(previews).to_contain_text("Convolution, 14 × 14")
    lab.rest()
    shown = "(all) => all.map((canvas) => [canvas.width, canvas.height, canvas.toDataURL()])"
    before = previews.locator("canvas").evaluate_all(shown)
    lab.part("crop-box").focus()
    lab.page.keyboard.press("ArrowLeft")
    lab.page.keyboard.press("ArrowUp")
    lab.rest()
    after = previews.locator("canvas").evaluate_all(shown)
    assert [one[:2] for one in after] == [[16, 16], [14, 14]]
    assert all(one[2] != other[2] for one, other in zip(before, after, strict=True))
    lab.page.keyboard.press("Enter")
    lab.says("size=16", "crop=")


def test_the_dialog_names_the_cells_that_come_out_of_a_picture_with_fewer_pixels(lab: Lab) -> None:
    lab.open("layers=conv:sobel-x")
    upload(lab, pictures.file(Image.fromarray(np.full((50, 40, 3), 90, np.uint8)), "PNG"))
    assert text_of_box(lab)[4:] == text_of_box(lab)[:2]
    lab.page.locator("[data-cells='16']").click()
    assert text_of_box(lab)[4:] != text_of_box(lab)[:2]
    assert max(text_of_box(lab)[4:]) == 16
    lab.page.locator("[data-cells='64']").click()
    height, width = text_of_box(lab)[4:]
    lab.button("Use this part").click()
    expect(lab.part("input-shape")).to_have_text(f"{height} × {width}")


@pytest.mark.complains("422")
def test_a_part_with_too_few_cells_for_the_layers_says_so(lab: Lab) -> None:
    lab.open("image=coffee&size=128&layers=conv:random*1@15x15~conv:random*1@15x15")
    lab.settings("image").button("Crop…").click()
    lab.page.locator("[data-cells='16']").click()
    expect(lab.part("crop-problem")).to_contain_text("only")
    lab.page.locator("[data-cells='64']").click()
    expect(lab.part("crop-problem")).to_have_text("")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_dialog_that_cuts(lab: Lab, scheme: str) -> None:
    lab.open(f"image=coffee&theme={scheme}")
    lab.settings("image").button("Crop…").click()
    lab.part("crop-box").wait_for()
    lab.rest()
    assert faults(lab.page) == []


def test_a_finger_drags_a_handle_and_the_dialog_fits_a_phone(devices: Devices) -> None:
    lab = devices.phone().open("layers=conv:sobel-x")
    upload(lab, picture_with_a_corner())
    before = text_of_box(lab)
    box = lab.page.locator("[data-handle=nw]").bounding_box()
    assert box
    x, y = box["x"] + 22, box["y"] + 22
    touch = lab.page.context.new_cdp_session(lab.page)
    for kind, points in (("Start", [(x, y)]), ("Move", [(x - 20, y - 20)]), ("Move", [(x - 50, y - 50)]), ("End", [])):
        touch.send(
            "Input.dispatchTouchEvent",
            {"type": f"touch{kind}", "touchPoints": [{"x": x, "y": y} for x, y in points]},
        )
    after = text_of_box(lab)
    assert after[0] > before[0]
    assert after[1] > before[1]
    assert after[2] < before[2]
    assert lab.part("crop-dialog").evaluate("(dialog) => dialog.scrollWidth <= dialog.clientWidth")
    assert "keyboard" not in lab.part("crop-dialog").inner_text(), "a phone has none"
    use = lab.part("use-crop").bounding_box()
    assert use
    assert use["height"] >= 44
