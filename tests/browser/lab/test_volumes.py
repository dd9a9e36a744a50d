"""Volumes: slices of input, filters and output against loops, the order of filters, their sizes, and what they say."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from tests import oracle
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

IMAGE = [
    [[2, 1, 1, 0, 2], [0, 1, 2, 2, 1], [1, 0, 2, 0, 0], [2, 1, 0, 1, 2], [0, 2, 2, 1, 0]],
    [[1, 0, 2, 1, 1], [2, 2, 0, 0, 1], [0, 1, 1, 2, 0], [1, 2, 0, 0, 2], [0, 1, 2, 1, 1]],
    [[0, 2, 1, 1, 0], [1, 0, 0, 2, 2], [2, 1, 2, 1, 0], [0, 0, 1, 2, 1], [1, 2, 0, 1, 0]],
]
FILTERS = [
    [[[1, 0, -1], [0, 1, 0], [-1, 1, 0]], [[0, 1, 1], [-1, 0, 1], [0, 0, -1]], [[1, -1, 0], [0, 1, 0], [1, 0, -1]]],
    [[[0, 1, 0], [-1, 0, 1], [1, 1, 0]], [[1, 0, 0], [0, -1, 1], [-1, 0, 1]], [[0, 0, 1], [1, -1, 0], [0, 1, 1]]],
]
BIASES = [1, 0]


def grid(rows: list[list[int]]) -> str:
    return f"({';'.join(','.join(str(value) for value in row) for row in rows)})"


def planes(volume: list[list[list[int]]]) -> str:
    return "".join(grid(one) for one in volume)


DEMO = f"image={planes(IMAGE)}&layers=conv:{';'.join(planes(one) for one in FILTERS)},stride=2,padding=1,bias=(1,0)"
MAPS = oracle.conv2d(IMAGE, FILTERS, BIASES, stride=(2, 2), padding=(1, 1, 1, 1))


def opened(lab: Lab, query: str, path: str = "/") -> Lab:
    lab.open(f"{query}&volume=1", path)
    expect(lab.page.locator(".volume-view")).to_be_visible()
    return lab


def digits(lab: Lab, role: str, nth: int) -> list[str]:
    """The numbers of one slice; those of the padding included."""
    return lab.rest().page.locator(f".slice.of-{role}").nth(nth).locator(".digit").all_text_contents()


def lines(lab: Lab) -> list[str]:
    return lab.rest().page.locator("[data-sum]").all_text_contents()


def test_the_demo_of_two_filters_computes_all_18_outputs_one_filter_after_the_other(lab: Lab) -> None:
    """Space by Space through every beat of every place: all is right, and nothing is written before its turn."""
    opened(lab, f"{DEMO}&at=0,0&beat=window&map=0")
    beats = ["window", "channel-0", "channel-1", "channel-2", "sum", "bias", "write"]
    for place, k, (n, beat) in product(range(9), range(2), enumerate(beats)):
        row, col = divmod(place, 3)
        lab.until("given === (document.querySelector('.beats [aria-current]')?.dataset.beat)", beat)
        written = lines(lab)
        for j in range(2):
            is_done = j < k or (j == k and n >= beats.index("bias"))
            assert (re.search(r"= −?\d+$", written[j]) is not None) == (is_done or (j == k and beat == "sum")), (
                j,
                written,
            )
            if is_done:
                assert number(written[j].split("=")[1]) == MAPS[j][row][col]
            if j > k:
                assert written[j] == ""
            shown = [number(text) for text in digits(lab, "output", j)]
            count = place + (1 if j < k or (j == k and beat == "write") else 0)
            assert shown == [value for line in MAPS[j] for value in line][:count], (place, k, beat, j)
        terms = lab.page.locator("[data-part=products]").inner_text()
        assert terms.count("·") == (9 if beat.startswith("channel") else 0)
        if terms:
            name, rest = terms.split(": ")
            assert name == "RGB"[n - 1]
            left, right = rest.split(" = ")
            factors = [[number(part.strip("()")) for part in term.split("·")] for term in left.split(" + ")]
            assert sum(a * b for a, b in factors) == number(right)
        lab.page.keyboard.press("Space")


def test_every_slice_and_both_biases_stand_in_the_demo(lab: Lab) -> None:
    opened(lab, f"{DEMO}&at=0,1&beat=write&map=1")
    for c in range(3):
        padded = [[oracle.at(IMAGE[c], r - 1, k - 1) for k in range(7)] for r in range(7)]
        assert [number(text) for text in digits(lab, "input", c)] == [value for row in padded for value in row]
    for k, c in product(range(2), range(3)):
        assert [number(text) for text in digits(lab, "filter", 3 * k + c)] == [v for row in FILTERS[k][c] for v in row]
    text = lab.page.locator(".volume-slices").text_content() or ""
    assert "+ b0 = 1" in text
    assert "+ b1 = 0" in text
    assert lines(lab) == ["W0: 2 + 1 − 1 + 1 = 3", "W1: 2 − 3 + 3 + 0 = 2"]
    windows = lab.page.locator(".volume-slices .window")
    assert windows.count() == 3
    assert "2 · (27 + 1) = 56 numbers" in lab.part("volume-notes").inner_text()


@pytest.mark.parametrize(
    ("size", "more"),
    [
        ((1280, 720), ""),
        ((1440, 900), ""),
        ((1920, 1080), ""),
        ((1280, 720), "&present=1"),
        ((1920, 1080), "&present=1"),
    ],
)
def test_the_demo_is_complete_without_scrolling(devices: Devices, size: tuple[int, int], more: str) -> None:
    lab = devices.lab(viewport={"width": size[0], "height": size[1]})
    opened(lab, f"{DEMO}&at=0,1&beat=write&map=1{more}").rest()
    over = lab.page.evaluate(
        "(() => { const one = document.querySelector('.volume');"
        "return [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]; })()"
    )
    assert max(over) <= 0
    assert len(digits(lab, "input", 0)) == len(digits(lab, "input", 2)) == 49
    fonts = lab.page.evaluate(
        "[...document.querySelectorAll('.volume-slices text')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    least = size[1] / 40 if more else 12
    assert min(fonts) >= least


@pytest.mark.parametrize("size", [(390, 844), (844, 390)])
def test_a_phone_scrolls_the_demo_in_one_direction_at_most(devices: Devices, size: tuple[int, int]) -> None:
    lab = devices.phone(viewport={"width": size[0], "height": size[1]})
    opened(lab, f"{DEMO}&at=0,1&beat=write&map=1").rest()
    assert (
        lab.page.evaluate(
            "document.querySelector('.volume').scrollWidth - document.querySelector('.volume').clientWidth"
        )
        <= 0
    )
    assert [number(text) for text in digits(lab, "output", 1)] == [3, 2]


def test_other_numbers_are_written_into_the_link_and_computed(lab: Lab) -> None:
    opened(lab, f"{DEMO}&at=2,2&beat=write&map=1")
    before = lab.link
    lab.part("other-numbers").click()
    lab.drops(before.split("&layers")[0])
    link = lab.rest().link
    image = [
        [[int(v) for v in row.split(",")] for row in one.split(";")]
        for one in re.findall(r"\(([^)]*)\)", link.split("&layers")[0])
    ]
    texts = re.search(r"conv:(.*?),stride", link)
    assert texts
    filters = [
        [[[int(v) for v in row.split(",")] for row in one.split(";")] for one in re.findall(r"\(([^)]*)\)", text)]
        for text in texts[1].split(");(")
        for text in [f"({text.strip('()')})"]
    ]
    biases = [int(value) for value in re.search(r"bias=\(([^)]*)\)", link)[1].split(",")]  # type: ignore[index]
    assert [len(one) for one in filters] == [3, 3]
    assert {value for one in image for row in one for value in row} == {0, 1, 2}
    maps = oracle.conv2d(image, filters, biases, stride=(2, 2), padding=(1, 1, 1, 1))
    for k in range(2):
        assert [number(text) for text in digits(lab, "output", k)] == [v for row in maps[k] for v in row]
    opened(lab, f"{DEMO}&at=2,2&beat=write&map=1")
    lab.part("other-numbers").click()
    lab.drops(before.split("&layers")[0])
    assert lab.rest().link == link  # the same numbers lead to the same others


def test_more_than_four_filters_are_small_pictures_with_the_chosen_one_open(lab: Lab) -> None:
    filters = [[[[k + 1, -1], [0, k]]] for k in range(6)]
    picture = [[3, 1, 4], [1, 5, 9], [2, 6, 5]]
    maps = oracle.conv2d([picture], filters, [1, 2, 3, 4, 5, 6])
    query = (
        f"image={grid(picture)}&layers=conv:{';'.join(planes(one) for one in filters)},bias=(1,2,3,4,5,6)&map=2&at=1,0"
    )
    opened(lab, f"{query}&beat=write")
    text = lab.page.locator(".volume-slices").text_content() or ""
    for k in range(6):
        assert f"b{k} = {k + 1}" in text
    column = lab.page.locator(".volume-slices > svg > .digit").all_text_contents()
    assert [number(text) for text in column] == [maps[k][1][0] for k in range(6)]
    assert len(lines(lab)) == 1
    assert number(lines(lab)[0].split("=")[1]) == maps[2][1][0]
    assert "All 6 filters" in text
    assert "Filter 2 is open" in lab.part("volume-notes").inner_text()
    lab.page.locator('.volume-slices > svg > .cell[data-go="1,4,1,0"]').click()
    lab.says("map=4")
    assert number(lines(lab)[0].split("=")[1]) == maps[4][1][0]


def test_the_numbers_of_one_place_are_to_come_until_they_are_known(lab: Lab) -> None:
    opened(lab, f"{DEMO}&at=1,1&beat=channel-1&map=1")
    column = lab.rest().page.locator(".volume-slices > svg > .digit").all_text_contents()
    assert [text for text in column if text] == [str(int(MAPS[0][1][1]))]


def test_a_cell_that_is_asked_for_is_to_come_and_so_are_those_of_other_filters(lab: Lab) -> None:
    opened(lab, f"{DEMO}&at=1,1&beat=write&map=0&predict=cell")
    known = [str(int(value)) for row in MAPS[0] for value in row][:4]
    assert [text.replace("−", "-") for text in digits(lab, "output", 0) if text] == known
    assert not [text for text in digits(lab, "output", 1) if text]


def test_a_one_by_one_filter_is_a_dot_product_along_the_column(lab: Lab) -> None:
    picture = [[[r + 3 * c + ch * ch for c in range(4)] for r in range(4)] for ch in range(12)]
    weights = [(ch % 3) - 1 for ch in range(12)]
    filters = "".join(f"({weight})" for weight in weights)
    opened(lab, f"image={planes(picture)}&layers=conv:{filters},bias=7&at=2,1&beat=write")
    rows = lab.page.locator(".volume-dot tbody tr")
    cells = [[number(text) for text in rows.nth(n).locator("td").all_text_contents() if text] for n in range(3)]
    count = len(cells[0])
    assert cells[0] == [picture[ch][2][1] for ch in range(count)]
    assert cells[1] == weights[:count]
    assert cells[2][:count] == [x * w for x, w in zip(cells[0], cells[1], strict=True)]
    total = sum(weights[ch] * picture[ch][2][1] for ch in range(12))
    assert sum(cells[2]) == total
    assert number(lines(lab)[0].split("=")[1]) == total + 7
    notes = lab.part("volume-notes").inner_text()
    assert "mixes channels and looks at one place" in notes
    assert f"{count} of 12 input slices drawn" in notes


def test_red_green_and_blue_of_one_place_stand_together(lab: Lab) -> None:
    opened(lab, f"image={planes(IMAGE)}&layers=&stage=0&at=3,4")
    column = lab.rest().page.locator(".volume-slices > svg > .digit").all_text_contents()
    assert [number(text) for text in column] == [IMAGE[c][3][4] for c in range(3)]


def test_a_flattened_picture_is_one_column_with_the_neighbors_of_a_pixel(lab: Lab) -> None:
    picture = [[[100 * ch + 10 * r + c for c in range(4)] for r in range(3)] for ch in range(3)]
    opened(lab, f"image={planes(picture)}&layers=flatten&map=5")
    texts = lab.rest().page.locator(".volume-slices [data-go]").all_text_contents()
    assert texts == ["5: this pixel, 11", "6: to the right, 12", "9: below, 21", "17: next channel, 111"]
    assert "to the right 1, below 4, next channel 12" in lab.page.locator(".volume-says").inner_text()
    assert lab.page.locator("canvas[data-column]").evaluate("(one) => [one.width, one.height]") == [1, 36]
    box = lab.page.locator("[data-pick]").nth(1).bounding_box()
    assert box
    lab.page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9)
    lab.says("map=23")  # the last cell of green: 12 + 2 · 4 + 3


@pytest.mark.parametrize(
    "query", ["image=(1,2,3)&layers=softmax", "image=(1,2;3,4)&layers=globalmaxpool~softmax&stage=2"]
)
def test_without_slices_or_with_them_the_page_says_no_error(lab: Lab, query: str) -> None:
    errors: list[str] = []
    lab.page.on("pageerror", lambda error: errors.append(str(error)))
    lab.open(f"{query}&volume=1").rest()
    assert errors == []
    assert lab.page.locator(".volume-view").is_visible() or lab.part("output-maps").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("beat", ["channel-1", "write"])
def test_axe_finds_nothing_in_volumes(devices: Devices, scheme: str, beat: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    opened(lab, f"{DEMO}&at=1,1&beat={beat}&map=0").rest()
    assert faults(lab.page) == []


def test_an_embed_has_the_volume_without_the_button(lab: Lab) -> None:
    opened(lab, f"{DEMO}&at=2,2&beat=write&map=1", "/embed").rest()
    assert [number(text) for text in digits(lab, "output", 1)] == [v for row in MAPS[1] for v in row]
    assert not lab.part("other-numbers").is_visible()


def test_display_switches_volumes_on_and_off(lab: Lab) -> None:
    lab.open(f"{DEMO}&at=2,2&beat=write&map=1")
    lab.button("Display").click()
    lab.key("volume").click()
    lab.says("volume=1")
    expect(lab.page.locator(".volume-view")).to_be_visible()
    lab.key("volume").click()
    lab.drops("volume=1")
    expect(lab.part("output-maps")).to_be_visible()
