"""The table of filters: matrices against a table typed by hand, pictures against loops, sizes, words, links, keys."""

from __future__ import annotations

import math
import re
from itertools import product

import pytest
from playwright.sync_api import Locator, expect

from app.local_lab import compute_figure
from app.render.figure_content.shown_map import show_input
from app.render.view_position import fit_view
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

# As the lectures write them: what stands in front, and the numbers.
KERNELS = {
    "Identity": ("", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    "Diagonal edges": ("", [[1, 0, -1], [0, 0, 0], [-1, 0, 1]]),
    "Laplacian": ("", [[0, 1, 0], [1, -4, 1], [0, 1, 0]]),
    "Edges, all directions": ("", [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]]),
    "Sharpen": ("", [[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
    "Box blur": ("1/9", [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    "Gaussian blur": ("1/16", [[1, 2, 1], [2, 4, 2], [1, 2, 1]]),
}
PHOTOS = {"Identity", "Sharpen", "Box blur", "Gaussian blur"}
SEVEN = "layers=conv:identity;edges-diagonal;laplacian;edges;sharpen;box-blur;gaussian"
TABLE = f"image=chelsea&size=64&{SEVEN}&table=1"
SCREENS = [(1440, 900), (1280, 720), (1920, 1080), (390, 844), (844, 390)]
PIXELS = """(canvas) => {
  const { width, height } = canvas;
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const data = copy.getImageData(0, 0, width, height).data;
  return Array.from({ length: height }, (_, r) => Array.from({ length: width }, (_, c) =>
    [...data.slice(4 * (r * width + c), 4 * (r * width + c) + 4)]));
}"""
# Parts of cards that are cut off or lie over each other, and texts that are too small.
UGLY = """(least) => {
  const faults = [];
  for (const card of document.querySelectorAll(".filter-card")) {
    const box = card.getBoundingClientRect();
    const found = [...card.querySelectorAll("canvas, .filter-matrix, p")];
    const parts = found.map((one) => [one, one.getBoundingClientRect()]);
    for (const [one, { left, right, top, bottom }] of parts) {
      if (left < box.left - 1 || right > box.right + 1 || bottom > box.bottom + 1 || top < box.top - 1)
        faults.push(`${one.className || one.tagName} leaves its card`);
      if (one.scrollWidth > one.clientWidth + 1 && one.tagName !== "CANVAS") faults.push(`${one.className} is cut`);
      for (const [other, its] of parts)
        if (!one.contains(other) && !other.contains(one) && left < its.right - 1 && its.left < right - 1 &&
            top < its.bottom - 1 && its.top < bottom - 1)
          faults.push(`${one.className || one.tagName} lies over ${other.className || other.tagName}`);
    }
  }
  for (const one of document.querySelectorAll(".filter-table td, .filter-table p, .filter-table .factor"))
    if (parseFloat(getComputedStyle(one).fontSize) < least) faults.push(`${one.tagName} is small`);
  if (document.documentElement.scrollWidth > innerWidth) faults.push("the page scrolls sideways");
  const host = document.querySelector(".filter-table");
  if (host.scrollWidth > host.clientWidth) faults.push("the table scrolls sideways");
  return faults;
}"""


def opened(lab: Lab, query: str, path: str = "/") -> Lab:
    lab.open(query, path)
    expect(lab.page.locator(".filter-cards")).to_be_visible()
    return lab


def card(lab: Lab, name: str) -> Locator:
    title = lab.page.locator(".choose", has_text=re.compile(f"^{re.escape(name)}$"))
    return lab.page.locator(".filter-card", has=title)


def read_matrix(host: Locator) -> tuple[str, list[list[float]]]:
    """What stands in front of a matrix, and its numbers row by row."""
    rows = host.locator("tr").evaluate_all(
        "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    factor = host.locator(".factor")
    front = str(factor.text_content()) if factor.count() else ""
    return re.sub(r"\s|×", "", front), [[number(text) for text in row] for row in rows]


def pixels(lab: Lab, name: str) -> list[list[list[int]]]:
    found: list[list[list[int]]] = card(lab, name).locator("canvas[data-maps]").evaluate(PIXELS)
    return found


def test_the_table_of_the_lectures_has_kernel_matrix_picture_and_words(lab: Lab) -> None:
    opened(lab, TABLE)
    titles = lab.page.locator(".filter-card .choose").all_inner_texts()
    assert titles == list(KERNELS)
    for name, (factor, rows) in KERNELS.items():
        assert read_matrix(card(lab, name)) == (factor, rows), name
        assert len(card(lab, name).locator(".words").inner_text().split()) > 4, name
        said = f"Matrix of {name}" + (f", {factor} times" if factor else "")
        expect(card(lab, name).get_by_role("table", name=said, exact=True)).to_have_count(1)


def test_pictures_that_keep_the_brightness_are_photos_beside_edges_in_blue_and_red(lab: Lab) -> None:
    """Each gray is the mean that a loop over the picture's cells gives."""
    opened(lab, TABLE)
    source = lab.page.locator(".filter-card.of-input canvas").evaluate(PIXELS)
    for name, (factor, rows) in KERNELS.items():
        shown = pixels(lab, name)
        assert (len(shown), len(shown[0])) == (62, 62)
        grays = all(red == green == blue for line in shown for red, green, blue, _ in line)
        assert grays == (name in PHOTOS), name
        assert all(alpha == 255 for line in shown for *_, alpha in line), "all of it is there"
        if not grays:
            continue
        divisor = int(factor.partition("/")[2] or 1)
        for row, col in product(range(0, 62, 7), range(0, 62, 7)):
            total = sum(rows[i][j] * source[row + i][col + j][0] for i in range(3) for j in range(3))
            expected = math.floor(min(max(total / divisor, 0), 255) + 0.5)
            assert shown[row][col][0] == expected, (name, row, col)


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_nothing_of_the_table_is_cut_small_or_covered_on_any_screen(devices: Devices, width: int, height: int) -> None:
    phone = min(width, height) < 600
    lab = devices.lab(viewport={"width": width, "height": height}, has_touch=phone)
    opened(lab, TABLE).rest()
    assert lab.page.evaluate(UGLY, 12) == []
    if not phone:
        fits = "(host) => host.scrollHeight <= host.clientHeight"
        assert lab.page.locator(".filter-table").evaluate(fits), "the whole table is in sight"


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_presented_its_digits_are_a_fortieth_of_the_height(devices: Devices, width: int, height: int) -> None:
    lab = devices.lab(viewport={"width": width, "height": height}, has_touch=min(width, height) < 600)
    opened(lab, f"{TABLE}&present=1").rest()
    least = max(12, min(height, 1.4 * width) / 40)
    assert lab.page.evaluate(UGLY, least) == []
    if width > 1000:
        boxes = lab.page.locator(".filter-card").evaluate_all(
            "(all) => all.map((one) => one.getBoundingClientRect().bottom)"
        )
        bar = lab.part("transport").bounding_box()
        assert bar
        assert max(boxes) <= bar["y"] + 1, "the whole table is above the controls"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_table_and_in_the_dialog(devices: Devices, scheme: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    opened(lab, TABLE).rest()
    assert faults(lab.page) == []
    lab.button("All filters").click()
    expect(lab.page.get_by_role("dialog", name="All filters")).to_be_visible()
    assert faults(lab.page) == []


def test_embeds_have_the_table_and_its_steps_fill_all_maps_at_once(lab: Lab) -> None:
    opened(lab, "image=(1,2,3,4;5,6,7,8;9,9,9,9)&layers=conv:identity;box-blur&table=1&at=0,0&beat=write", "/embed")
    one, other = ([[alpha for *_, alpha in row] for row in pixels(lab, name)] for name in ("Identity", "Box blur"))
    assert one[0][0] == other[0][0] == 255
    assert one[0][1] < 255, "the second cell is still to come"
    lab.page.keyboard.press("ArrowRight")
    lab.until(f"({PIXELS})(document.querySelectorAll('canvas[data-maps]')[1])[0][1][3] === 255")
    assert [row[1][3] for row in pixels(lab, "Box blur")] == [255]


def test_a_name_chooses_its_filter_with_the_mouse_and_with_the_keyboard(lab: Lab) -> None:
    opened(lab, TABLE)
    card(lab, "Laplacian").click()
    lab.says("map=2", "table=1")
    expect(card(lab, "Laplacian").locator(".choose")).to_have_attribute("aria-pressed", "true")
    card(lab, "Box blur").locator(".choose").focus()
    lab.page.keyboard.press("Enter")
    lab.says("map=5")
    expect(card(lab, "Box blur").locator(".choose")).to_be_focused()


def test_typed_random_and_colored_filters_have_their_own_numbers(lab: Lab) -> None:
    opened(lab, "image=(1,2;3,4)&layers=conv:(1,-2;0.5,1/3);(1,0;0,1)/4&table=1")
    assert read_matrix(lab.page.locator(".filter-card").nth(1)) == ("1/6", [[6, -12], [3, 2]])
    assert read_matrix(lab.page.locator(".filter-card").nth(2)) == ("1/4", [[1, 0], [0, 1]])
    opened(lab, "image=(1,2;3,4)(5,6;7,8)(9,9;9,9)&layers=conv:(1,2)(3,4)(5,6)&table=1")
    tables = lab.page.locator(".filter-card table")
    numbers = [[number(text) for text in tables.nth(n).locator("td").all_inner_texts()] for n in range(3)]
    assert numbers == [[1, 2], [3, 4], [5, 6]]


def test_a_color_photo_stays_one_where_each_channel_is_filtered_alone(lab: Lab) -> None:
    opened(lab, "image=coffee&channels=rgb&size=24&layers=conv:sharpen;sobel-x,groups=3&table=1")
    titles = lab.page.locator(".filter-card .choose").all_inner_texts()
    assert titles == ["Sharpen", "Sobel x, R", "Sobel x, G", "Sobel x, B"]
    shown = pixels(lab, "Sharpen")
    assert any(red != blue for line in shown for red, _, blue, _ in line)


@pytest.mark.parametrize("colors", ["auto", "photo", "signed"])
def test_the_input_of_the_table_has_the_colors_that_it_has_in_the_figure(lab: Lab, colors: str) -> None:
    link = f"image=coffee&channels=rgb&size=12&layers=conv:sobel-x&at=0,0&colors={colors}"
    lab.open(f"{link}&table=1").rest()
    in_table = lab.page.locator(".filter-card.of-input canvas").evaluate(PIXELS)
    figure = compute_figure(link)
    assert figure.answer.trace is not None
    position = fit_view(figure.answer.trace, figure.view)
    expected = show_input(position, figure.answer.trace.stages[0]).to_colors()
    assert [[cell[:3] for cell in row] for row in in_table] == expected.tolist()


def test_a_step_leaves_the_cards_of_the_table_in_place(lab: Lab) -> None:
    lab.open(f"image=chelsea&size=16&{SEVEN}&table=1&at=0,0").rest()
    lab.page.evaluate("document.querySelectorAll('.filter-card').forEach((card) => (card.isKept = true))")
    lab.page.keyboard.press("ArrowRight")
    lab.says("at=0,1")
    lab.rest()
    assert lab.page.evaluate("[...document.querySelectorAll('.filter-card')].every((card) => card.isKept)")


def test_seven_filters_become_a_table_in_one_click_and_one_step_back(lab: Lab) -> None:
    lab.open("image=chelsea&layers=conv:sobel-x;sobel-y,bias=(1,2)")
    lab.button("All filters").click()
    lab.button("Show seven as a table").click()
    lab.says("identity;edges-diagonal;laplacian;edges;sharpen;box-blur;gaussian", "table=1")
    expect(lab.page.locator(".filter-card .choose")).to_have_count(7)
    assert lab.problems() == ""
    lab.page.go_back()
    lab.says("sobel-x;sobel-y,bias=(1,2)")


def test_the_figure_and_the_table_take_turns(lab: Lab) -> None:
    lab.open(f"image=chelsea&{SEVEN}")
    lab.part("as-table").click()
    lab.says("table=1")
    expect(lab.page.locator(".filter-cards")).to_be_visible()
    lab.part("as-table").click()
    lab.drops("table=1")
    expect(lab.part("output-maps")).to_be_visible()
    lab.open("image=chelsea&layers=conv:sobel-x~maxpool:2&stage=2&table=1")
    expect(lab.part("output-maps")).to_be_visible()


def test_the_dialog_of_all_filters_shows_each_matrix_beside_its_picture(lab: Lab) -> None:
    lab.open()
    lab.button("All filters").click()
    dialog = lab.page.get_by_role("dialog", name="All filters")
    for name, expected in KERNELS.items():
        choice = dialog.locator(".choice", has=lab.page.locator("b", has_text=re.compile(f"^{re.escape(name)}$")))
        assert read_matrix(choice) == expected, name
        expect(choice.locator("img")).to_have_count(1)
    sizes = dialog.locator(".filter-matrix td").evaluate_all(
        "(all) => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 12
    dialog.locator("[data-kernel=gaussian]").click()
    lab.says("conv:gaussian")


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (390, 844), (844, 390)])
def test_the_dialog_is_not_cut_off_on_any_screen(devices: Devices, width: int, height: int) -> None:
    lab = devices.lab(viewport={"width": width, "height": height}, has_touch=width < 1000).open()
    if width < 1000:
        lab.button("Settings").click()
    lab.page.locator("[data-part=all-filters]").click()
    dialog = lab.page.get_by_role("dialog", name="All filters")
    expect(dialog).to_be_visible()
    cut = """(dialog) => [...dialog.querySelectorAll(".choice")].filter((choice) =>
      choice.scrollWidth > choice.clientWidth || [...choice.children].some((part) =>
        part.getBoundingClientRect().right > choice.getBoundingClientRect().right + 1)).length
        + Number(dialog.scrollWidth > dialog.clientWidth)"""
    assert dialog.evaluate(cut) == 0
