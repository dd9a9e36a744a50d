"""Matrix, neuron and letters in the page: their numbers against loops, what they light, and where a click leads."""

from __future__ import annotations

import re
from itertools import product

import pytest
from playwright.sync_api import Route, expect

from tests import oracle
from tests.browser.conftest import Devices
from tests.browser.lab_page import Lab, faults, number

LETTERS = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,40),bias=5"
PICTURE = [[1, 2, 0, 4], [5, -6, 7, 8], [9, 1, 2, 3], [4, 0, 6, -7]]
FILTER = [[1, 0, -2], [2, 3, 0], [0, -1, 1]]


def grid(rows: list[list[int]]) -> str:
    return f"({';'.join(','.join(str(value) for value in row) for row in rows)})"


def texts(lab: Lab, label: str) -> list[list[str]]:
    """The cells of the body of a table."""
    rows: list[list[str]] = (
        lab.rest()
        .page.locator(f'table[aria-label="{label}"]')
        .evaluate("(table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.innerText))")
    )
    return rows


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, ""),
        ({"stride": (2, 2), "padding": (1, 1, 1, 1)}, ",stride=2,padding=1"),
        ({"padding": (2, 2, 2, 2), "dilation": (2, 2)}, ",dilation=2,padding=2"),
        ({"padding": (1, 0, 0, 2), "flip": True}, ",padding=(1,0,0,2),flip=1"),
        ({"padding": (1, 1, 1, 1), "padding_mode": "reflect"}, ",padding=1,padding_mode=reflect"),
    ],
)
def test_the_matrix_on_the_page_times_the_input_plus_b_is_the_map(lab: Lab, options: dict, said: str) -> None:
    (expected,) = oracle.conv2d([PICTURE], [[FILTER]], [3], **options)
    last = f"{len(expected) - 1},{len(expected[0]) - 1}"
    lab.page.set_viewport_size({"width": 1440, "height": 900})
    lab.open(f"image={grid(PICTURE)}&layers=conv:{grid(FILTER)},bias=3{said}&at={last}&beat=write&tab=matrix")
    matrix = [[sum(number(part) for part in text.split(" + ")) for text in row[1:]] for row in texts(lab, "The matrix")]
    column = [number(text) for (text,) in texts(lab, "The input as a column")]
    results = [number(text) for (text,) in texts(lab, "The map as a column")]
    assert column == [value for row in PICTURE for value in row]
    assert results == [value for row in expected for value in row]
    made = [sum(weight * value for weight, value in zip(row, column, strict=True)) + 3 for row in matrix]
    assert made == results


def test_a_map_that_is_not_computed_has_empty_cells_in_the_matrix(lab: Lab) -> None:
    lab.open(f"{LETTERS}&at=0,1&beat=sum&tab=matrix")
    assert texts(lab, "The map as a column") == [["375"], ["475"], [""], [""]]
    lab.open(f"{LETTERS}&at=0,1&beat=products&tab=matrix")
    assert texts(lab, "The map as a column") == [["375"], [""], [""], [""]]


def test_windows_as_rows_times_filters_as_columns_are_all_maps(lab: Lab) -> None:
    filters = [[[1, 2], [0, -1]], [[3, 0], [1, 1]]]
    maps = oracle.conv2d([PICTURE], [[one] for one in filters], [1, -2])
    lab.open(
        f"image={grid(PICTURE)}&layers=conv:{grid(filters[0])};{grid(filters[1])},bias=(1,-2)"
        "&at=2,2&beat=write&tab=matrix&matrix=windows"
    )
    windows = [[number(text) for text in row[1:]] for row in lab.rest() and rows_of_windows(lab)]
    columns = [[number(text) for text in row] for row in texts(lab, "The filters as columns")]
    results = [[number(text) for text in row] for row in texts(lab, "The maps as columns")]
    for window, shown in zip(windows, results, strict=True):
        for k, bias in enumerate((1, -2)):
            assert sum(a * b[k] for a, b in zip(window, columns, strict=True)) + bias == shown[k]
    assert results[-1] == [one[2][2] for one in maps]


def rows_of_windows(lab: Lab) -> list[list[str]]:
    table = lab.page.locator(".of-windows table").first
    rows: list[list[str]] = table.evaluate(
        "(table) => [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.innerText))"
    )
    return rows


def test_a_fully_connected_layer_is_w_x_plus_b(lab: Lab) -> None:
    """Every row of W is an output, also on maps that are flattened for it."""
    weights = [[1, 0, -1, 2], [2, 1, 0, 3], [0, -2, 1, 1]]
    lab.open(f"image=(5,6;7,8)&layers=linear:{grid(weights)},bias=(1,2,3)&map=1&beat=write&tab=matrix")
    assert [[number(text) for text in row[1:]] for row in texts(lab, "The matrix")] == weights
    assert [number(text) for (text,) in texts(lab, "The input as a column")] == [5, 6, 7, 8]
    made = [sum(w * x for w, x in zip(row, (5, 6, 7, 8), strict=True)) for row in weights]
    assert [number(text) for (text,) in texts(lab, "The map as a column")] == [
        value + bias for value, bias in zip(made, (1, 2, 3), strict=True)
    ]


def test_a_transposed_convolution_has_the_transposed_matrix(lab: Lab) -> None:
    """Each input cell writes a copy of the filter, two cells further than the one before."""
    weights, picture = [[1, 2, 0], [3, 4, -1]], [[1, 2], [3, 4]]
    made = [[5] * 5 for _ in range(4)]
    for (r, c), (i, j) in product(product(range(2), range(2)), product(range(2), range(3))):
        made[2 * r + i][2 * c + j] += picture[r][c] * weights[i][j]
    lab.open(f"image={grid(picture)}&layers=convtranspose:{grid(weights)},stride=2,bias=5&at=3,4&beat=write&tab=matrix")
    matrix = [[number(text) for text in row[1:]] for row in texts(lab, "The matrix")]
    results = [number(text) for (text,) in texts(lab, "The map as a column")]
    assert results == [value for row in made for value in row]
    assert [sum(w * x for w, x in zip(row, (1, 2, 3, 4), strict=True)) + 5 for row in matrix] == results


def test_a_large_matrix_is_a_picture_with_this_row_in_numbers(lab: Lab) -> None:
    """The wired columns of a row are those of its window in the flattened picture."""
    lab.open("image=coffee&layers=conv:sobel-x&at=5,6&beat=write&tab=matrix")
    rows: list[list[str]] = (
        lab.rest()
        .page.locator(".of-weights table")
        .evaluate("(table) => [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText))")
    )
    assert [int(text) for text in rows[0][1:]] == [32 * r + c for r, c in product(range(5, 8), range(6, 9))]
    assert [number(text) for text in rows[1][1:]] == [-1, 0, 1, -2, 0, 2, -1, 0, 1]
    made = sum(number(w) * number(x) for w, x in zip(rows[1][1:], rows[2][1:], strict=True))
    assert made == lab.result()
    expect(lab.page.get_by_text(f"= {rows_sum(made)}")).to_be_visible()
    expect(lab.page.get_by_role("img", name=re.compile("900 rows and 1024 columns"))).to_be_visible()


def rows_sum(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def test_a_click_on_the_picture_of_the_matrix_moves_the_figure_to_that_row(lab: Lab) -> None:
    lab.open("image=coffee&size=8&layers=conv:sobel-x&at=0,0&tab=matrix&big=1")
    canvas = lab.rest().page.locator(".matrix-canvases canvas").first
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": 40, "y": box["height"] * 27.5 / 36}, force=True)
    lab.says("at=4,3")


def test_a_click_on_a_row_or_a_neuron_moves_the_figure_there(lab: Lab) -> None:
    lab.open(f"{LETTERS}&at=0,0&tab=matrix")
    lab.button("R").click()
    lab.says("at=1,0")
    assert lab.result() == 675
    lab.open(f"{LETTERS}&at=0,0&tab=neuron&neuron=map")
    lab.rest().page.locator(".neuron-map [data-go]").nth(3).click()
    lab.says("at=1,1")
    assert lab.result() == 775


def test_a_weight_that_is_pointed_at_is_lit_everywhere(lab: Lab) -> None:
    lab.open(f"{LETTERS}&at=0,0&tab=matrix&big=1")
    lab.rest().page.locator('.matrix-table [data-weight="1,0"]').first.hover()
    lit = lab.page.locator(".panel .lit")
    expect(lit.first).to_be_visible()
    assert set(lit.all_inner_texts()) == {"30", "γ = 30"}
    assert lit.count() == 5  # in four rows, and in the legend


@pytest.mark.parametrize("tab", ["equation", "neuron&neuron=map", "matrix"])
def test_a_letter_turns_into_its_number_in_every_place(lab: Lab, tab: str) -> None:
    lab.open(f"{LETTERS}&at=1,1&beat=write&tab={tab}&letters=1&big=1")
    panel = lab.rest().part("panel")
    expect(panel).to_contain_text("α")
    panel.get_by_role("button", name="α is 10").click()
    shown = panel.locator('[data-letter="α"]:not(button)')
    assert set(shown.all_text_contents()) == {"10"}
    assert shown.count() >= 2
    panel.get_by_role("button", name="All numbers").click()
    assert not re.findall("[αβγδ](?! =)", " ".join(panel.locator("span[data-letter], text").all_text_contents()))


def test_four_windows_have_the_lines_of_the_lecture(lab: Lab) -> None:
    lab.open(f"{LETTERS}&at=1,1&beat=write&letters=1")
    lines = lab.rest().page.locator(".letter-line").all_inner_texts()
    assert [line.replace(" ", "") for line in lines] == [
        "αA+βB+γD+δE+b=P", "αB+βC+γE+δF+b=Q", "αD+βE+γG+δH+b=R", "αE+βF+γH+δJ+b=S",
    ]  # fmt: skip
    expect(lab.part("panel")).to_contain_text("(3 + 2·0 − 2)/1 + 1 = 2")
    lab.part("panel").get_by_role("button", name="All numbers").click()
    for line, result in zip(lab.page.locator(".letter-line").all_inner_texts(), (375, 475, 675, 775), strict=True):
        left, right = line.replace("·", "*").replace("−", "-").split("=")
        assert eval(left) == float(right) == result


def test_padding_has_no_letter_and_a_divisor_stands_behind_the_sum(lab: Lab) -> None:
    lab.open("image=(2,4;6,8)&layers=conv:(1,1;1,1)/4,padding=1,stride=2&at=1,1&beat=write&letters=1")
    lines = [line.replace(" ", "") for line in lab.rest().page.locator(".letter-line").all_inner_texts()]
    assert lines[0] == "(α·0+β·0+γ·0+δA)÷4+b=P"
    assert lines[3] == "(αD+β·0+γ·0+δ·0)÷4+b=S"


def test_above_the_limits_letters_have_indices(lab: Lab) -> None:
    lab.open("image=coffee&layers=conv:sobel-x&at=3,4&letters=1")
    expect(lab.rest().part("panel")).to_contain_text("at most 12 inputs")
    first = lab.page.locator(".letter-line").first.inner_text().replace(" ", "")
    assert first == "w₀₀x₃₄+w₀₁x₃₅+w₀₂x₃₆+w₁₀x₄₄+w₁₁x₄₅+w₁₂x₄₆+w₂₀x₅₄+w₂₁x₅₅+w₂₂x₅₆+b=y₃₄"


def test_the_counts_of_a_layer_stand_with_their_products(lab: Lab) -> None:
    lab.open("image=coffee&layers=conv:sobel-x&tab=neuron&neuron=full")
    counts = lab.rest().page.locator(".count .mono").all_inner_texts()
    assert counts == ["9 + 1 = 10", "900 · (9 + 1) = 9,000", "900 · (1,024 + 1) = 922,500"]
    wide = lab.page.locator(".count .bar").evaluate_all(
        "(bars) => bars.map((bar) => bar.getBoundingClientRect().width)"
    )
    assert wide[1] / wide[2] == pytest.approx(9000 / 922500, rel=0.01)


def test_up_to_75_wires_have_their_numbers_and_the_body_its_activation(lab: Lab) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:random*2@5x5,seed=1~relu&at=10,10&beat=write&tab=neuron&big=1")
    labels = lab.rest().page.locator(".neuron text.value").all_text_contents()
    assert len(labels) == 75
    made = sum(number(value) * number(weight) for value, weight in (label.split(" × ") for label in labels))
    assert made == lab.result()
    assert lab.page.locator(".neuron text.function").text_content() == "ReLU"
    assert number(lab.page.locator(".neuron text.out").text_content() or "") == max(0, made)


def test_the_neurons_at_one_place_are_the_cells_of_all_maps_and_lead_to_them(lab: Lab) -> None:
    lab.open("image=coffee&channels=rgb&layers=conv:random*5@3x3,seed=2&at=4,4&beat=write&tab=neuron&neuron=column")
    shown = [number(text) for text in lab.rest().page.locator(".neuron-column text.number").all_text_contents()]
    assert len(shown) == 5
    assert shown[0] == lab.result()
    lab.page.locator(".neuron-column [data-go]").nth(3).click()
    lab.says("map=3")
    assert lab.result() == shown[3]


def test_the_pictures_are_chosen_in_the_view_and_stand_in_the_link(lab: Lab) -> None:
    lab.open(f"{LETTERS}&tab=neuron")
    lab.button("The whole map").click()
    lab.says("neuron=map")
    lab.button("In letters").click()
    lab.says("letters=1")
    lab.button("Matrix").click()
    lab.button("As computers do it (im2col)").click()
    lab.says("matrix=windows", "letters=1")


@pytest.mark.parametrize(
    ("query", "pictures"),
    [
        ("tab=neuron", ["neuron=map&press=0", "neuron=map&press=1", "neuron=map", "neuron=full", "neuron=column"]),
        (
            "letters=1&press=1",
            [
                "tab=equation",
                "tab=neuron&neuron=map&letters=1&press=0",
                "tab=neuron&neuron=map&letters=1&press=1",
                "tab=neuron&neuron=map&letters=1",
                "tab=matrix&letters=1&press=0",
            ],
        ),
    ],
)
def test_a_clicker_goes_through_the_pictures_of_a_large_view(lab: Lab, query: str, pictures: list[str]) -> None:
    lab.open(f"{LETTERS}&at=0,0&big=1&{query}")
    for picture in pictures:
        lab.page.keyboard.press("PageDown")
        lab.says(*picture.split("&"))
        if "press" not in picture:
            lab.drops("press=")
    lab.page.keyboard.press("PageUp")
    lab.says(*pictures[-2].split("&"))


def test_a_press_before_the_view_is_loaded_is_a_press_of_the_view(lab: Lab) -> None:
    waiting: list[Route] = []
    lab.page.route("**/view-panel.js", lambda route: waiting.append(route))
    with lab.page.expect_request("**/view-panel.js"):
        lab.open(f"{LETTERS}&at=0,0&big=1&tab=neuron")
    lab.page.keyboard.press("PageDown")
    for route in waiting:
        route.continue_()
    lab.says("neuron=map", "press=0")
    assert "story=" not in lab.page.url


VIEWS = ["matrix", "matrix&matrix=windows", "neuron", "neuron&neuron=map", "neuron&neuron=full", "neuron&neuron=column"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("letters", ["", "&letters=1"])
def test_axe_finds_nothing_in_the_pictures_of_sharing(devices: Devices, scheme: str, letters: str) -> None:
    lab = devices.lab(viewport={"width": 1280, "height": 720}, color_scheme=scheme)
    for tab in ["equation", *VIEWS] if letters else VIEWS:
        lab.open(f"{LETTERS}&tab={tab}{letters}").rest()
        assert faults(lab.page) == [], tab


@pytest.mark.parametrize("tab", VIEWS)
def test_a_layer_without_weights_says_so(lab: Lab, tab: str) -> None:
    lab.open(f"layers=conv:sobel-x~maxpool:2&stage=2&tab={tab}")
    expect(lab.rest().part("panel")).to_contain_text("no weights")
