"""Pasted numbers: the output of programs and tables, parsed by the pure module and pasted into both editors."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from app.core.link.syntax import is_number
from tests.browser.lab_page import ImageLab, Lab, paste
from tests.browser.pure_page import Run


@pytest.fixture
def lab(page: Page, base_url: str) -> Lab:
    """The Lab, opened at the settings of the image."""
    return ImageLab(page, base_url)


READ = 'const {parseNumbers} = await import("convoscope/pure/parse-numbers/parse-numbers.js");'
EDGES = [["0", "-1", "0"], ["-1", "5", "-1"], ["0", "-1", "0"]]
TWO = [["1", "2"], ["3", "4"]]
DECIMAL_CSV = "0,5;0;1\n0;1;0\n1;0;0,5\n"


def read(run: Run, text: str, counts: tuple[int, ...] = (1, 2, 3)) -> Any:
    return run(f"{READ} return parseNumbers(given.text, given.counts);", {"text": text, "counts": counts})


def grid(run: Run, text: str) -> list[list[str]]:
    """The one grid in a text, parsed without notes."""
    found = read(run, text)
    assert found == {"planes": [found["planes"][0]], "notes": []}
    return found["planes"][0]  # type: ignore[no-any-return]


def printed(array: np.ndarray) -> list[str]:
    """An array as NumPy and Python print it, and as source code."""
    return [str(array), repr(array), str(array.tolist()), f"kernel = np.{array!r}", f"np.array({array.tolist()})"]


@pytest.mark.parametrize(
    "text",
    [
        "0,-1,0\n-1,5,-1\n0,-1,0\n",
        "0, -1, 0\r\n-1, 5, -1\r\n0, -1, 0\r\n",
        "0\t-1\t0\n-1\t5\t-1\n0\t-1\t0\n",
        "0 −1 0\n−1 5 −1\n0 −1 0",
        "0;-1;0\n-1;5;-1\n0;-1;0\n",
        "0,-1,0;-1,5,-1;0,-1,0",
        "0 -1 0; -1 5 -1; 0 -1 0;",
        "0 -1 0;\n-1 5 -1;\n0 -1 0;",
        "(0,-1,0;-1,5,-1;0,-1,0)",
        "[0 -1 0; -1 5 -1; 0 -1 0]",
        "K = [0, -1, 0; -1, 5, -1; 0, -1, 0];",
        "ans =\n\n     0    -1     0\n    -1     5    -1\n     0    -1     0\n\n",
        "[[ 0. -1.  0.]\n [-1.  5. -1.]\n [ 0. -1.  0.]]\n",
        "[ 0. -1.  0.]\n [-1.  5. -1.]\n [ 0. -1.  0.]]",
        "[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]",
        "[0, -1, 0],\n[-1, 5, -1],\n[0, -1, 0],",
        "[\n  [0, -1, 0],\n  [-1, 5, -1],\n  [0, -1, 0],\n]",
        "((0, -1, 0), (-1, 5, -1), (0, -1, 0))",
        "float k[3][3] = {{0, -1, 0}, {-1, 5, -1}, {0, -1, 0}};",
        "array([[ 0, -1,  0],\n       [-1,  5, -1],\n       [ 0, -1,  0]], dtype=int8)",
        "kernel = np.array([[0, -1, 0],   # top\n [-1, 5, -1],\n [0, -1, 0]], dtype=np.float32)",
        "torch.tensor([[[[0, -1, 0], [-1, 5, -1], [0, -1, 0]]]])",
        "tensor([[[[ 0., -1.,  0.],\n          [-1.,  5., -1.],\n          [ 0., -1.,  0.]]]], device='cuda:0',\n"
        "       grad_fn=<ConvolutionBackward0>)",
        "Parameter containing:\n"
        "tensor([[ 0, -1,  0],\n        [-1,  5, -1],\n        [ 0, -1,  0]], requires_grad=True)",
        "<tf.Tensor: shape=(3, 3), dtype=int32, numpy=\n"
        "array([[ 0, -1,  0],\n       [-1,  5, -1],\n       [ 0, -1,  0]], dtype=int32)>",
        "[[np.int64(0), np.int64(-1), 0], [-1, 5, -1], [0, -1, 0]]",
        "| | | |\n|---|--:|---|\n| 0 | -1 | 0 |\n| -1 | 5 | -1 |\n| 0 | -1 | 0 |\n",
        "\\begin{bmatrix} 0 & -1 & 0 \\\\ -1 & 5 & -1 \\\\ 0 & -1 & 0 \\end{bmatrix}",
        "     [,1] [,2] [,3]\n[1,]    0   -1    0\n[2,]   -1    5   -1\n[3,]    0   -1    0\n",
        "3×3 Matrix{Int64}:\n  0  -1   0\n -1   5  -1\n  0  -1   0",
        "⎡0   -1  0 ⎤\n⎢-1  5   -1⎥\n⎣0   -1  0 ⎦",
        "```\n0 -1 0\n-1 5 -1\n0 -1 0\n```",
        "0.000000000000000000e+00 -1.000000000000000000e+00 0.0e0\n-1e0 5e0 -1e0\n0e0 -1e0 0e0\n",
        '"0","-1","0"\n"-1","5","-1"\n"0","-1","0"\n',
    ],
)
def test_a_grid_is_read_however_a_program_writes_it(run: Run, text: str) -> None:
    assert grid(run, text) == EDGES


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32])
def test_the_output_of_numpy_is_read_as_the_same_numbers(run: Run, dtype: type) -> None:
    array = (np.random.default_rng(3).normal(size=(5, 7)) * 100).astype(dtype)
    for text in printed(array):
        assert np.allclose(np.array(grid(run, text), float), array, rtol=1e-6)


def test_rows_that_numpy_wraps_stay_rows(run: Run) -> None:
    array = np.random.default_rng(3).normal(size=(3, 24))
    assert np.array(grid(run, str(array)), float).shape == (3, 24)
    found = read(run, str(array[0, :23]))
    assert (len(found["planes"][0]), len(found["planes"][0][0])) == (1, 23)
    assert "one row" in found["notes"][0]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("0.5 1e-3 -.25 +2", ["0.5", "0.001", "-0.25", "2"]),
        ("1/9\t-2/9\t0.50", ["1/9", "-2/9", "0.50"]),
        ("[1.5e2, 2.5E-1, 12e-1]", ["150", "0.25", "1.2"]),
        ("[1, 2, 4]/16", ["1/16", "2/16", "4/16"]),
        ("1/16 * [1 0 4]", ["1/16", "0", "4/16"]),
        ("np.array([1, 2, 4.]) / 16.0", ["1/16", "2/16", "4/16"]),
        ("\\frac{1}{9} \\begin{bmatrix} 1 & 1 \\end{bmatrix}", ["1/9", "1/9"]),
        ("[1.0/9.0, 2/3]", ["1.0/9", "2/3"]),
        ("{1.5f, -2.f}", ["1.5", "-2"]),
    ],
)
def test_numbers_are_kept_as_they_are_written_where_a_link_can_hold_them(run: Run, text: str, row: list[str]) -> None:
    assert grid(run, text) == [row]
    assert all(is_number(number) for number in row)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (DECIMAL_CSV, [["0.5", "0", "1"], ["0", "1", "0"], ["1", "0", "0.5"]]),
        ("0,5;0;1", [["0.5", "0", "1"]]),
        ("0,5; 0; 1", [["0.5", "0", "1"]]),
        ("-0,5;1,5\n2,5;-3,5", [["-0.5", "1.5"], ["2.5", "-3.5"]]),
        ("0,5;1;\n1;0,5;\n", [["0.5", "1"], ["1", "0.5"]]),
        ("0,5\t1\n1\t0,5", [["0.5", "1"], ["1", "0.5"]]),
        ("0,5 1\n1 0,5", [["0.5", "1"], ["1", "0.5"]]),
        ("0,5\n1", [["0.5"], ["1"]]),
        ("1,05;2,5", [["1.05", "2.5"]]),
        ('"0,5","1"', [["0.5", "1"]]),
    ],
)
def test_an_unambiguous_decimal_comma_is_read_with_a_note(run: Run, text: str, rows: list[list[str]]) -> None:
    found = read(run, text)
    assert found["planes"] == [rows]
    assert found["notes"][0].startswith("Commas were read as decimal commas: ")


@pytest.mark.parametrize(
    ("text", "rows", "said"),
    [
        ("1,5\n2,5", [["1", "5"], ["2", "5"]], "Commas were read as separators of numbers"),
        ("1,2;3,4", TWO, "Commas were read as separators of numbers"),
        ("0;1;0", [["0", "1", "0"]], "In brackets it is a column"),
        ("1\t\n\t4", [["1", "0"], ["0", "4"]], "2 empty cells are 0"),
        ("[1 2\n3 4]", TWO, "Each line was read as a row"),
        ("[6.123233995736766e-17, 1.0]", [["0.000000000000000061232339957368", "1.0"]], "One number is rounded"),
    ],
)
def test_ambiguous_text_is_read_with_a_note(run: Run, text: str, rows: list[list[str]], said: str) -> None:
    found = read(run, text)
    assert found["planes"] == [rows]
    assert said in " ".join(found["notes"])
    assert all(is_number(number) for row in found["planes"][0] for number in row)


def test_semicolons_in_brackets_make_a_column_as_in_matlab(run: Run) -> None:
    assert grid(run, "[0;1;0]") == [["0"], ["1"], ["0"]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1 2 3\n4 5", "Row 2 has 2 numbers, and row 1 has 3."),
        ("[[1, 2], [3]]", "Row 2 has 1 number, and row 1 has 2."),
        ("[1 2; 3]", "Row 2 has 1 number, and row 1 has 2."),
        ("[[[1, 2]], [[1, 2], [3, 4]]]", "Plane 2 has 2 rows, and plane 1 has 1."),
        ("1 2\n3 four", "Row 2 has “four”, which is not a number."),
        ("a,b\n1,2", "Row 1 has “a”, which is not a number."),
        ("[[1, nan], [2, 3]]", "Row 1 has “nan”, which is not a number."),
        ("[[1+2j, 1]]", "Row 1 has “1+2j”, which is not a number."),
        ("50% 20%", "Row 1 has “50%”, which is not a number."),
        ("#REF! 1", "Row 1 has “#REF!”, which is not a number."),
        ("1e7 2", "Row 1 has “1e7”, which is not a number. Whole numbers"),
        ("1/0 2", "Row 1 has “1/0”, which is not a number."),
        ("[[1, True]]", "Row 1 has “True”, which is not a number."),
        ("[1,,2]", "Row 1 has an empty place between two commas."),
        ("[[1, 2, ..., 3, 4]]", "“...” stands for numbers that were left out."),
        ("1 2 … 3\n4 5 … 6", "“...” stands for numbers that were left out."),
        ("[[1, 2], [3, 4]].T", "The text “.T” after the numbers cannot be read."),
        ("np.array([[1, 2]]) + 1", "The text “+ 1” after the numbers cannot be read."),
        ("2 * [[1, 2]]", "The text “2 *” before the numbers cannot be read."),
        ("The filter is [[1, 2]]", "The text “The filter is” before the numbers cannot be read."),
        ("[[1, 2]\n [3, 4]", "A “[” is not closed"),
        ("[1, 2)", "A “[” is closed by “)”."),
        ("[[1, 2], 3]", "“3” is beside a bracket."),
        ("[[1, 2], [[3, 4]]]", "Some numbers are in more brackets than others."),
        ("[]", "There are no numbers in this text."),
        (" \n\t\n", "There are no numbers in this text."),
        ("[" * 50, "These numbers are in more brackets"),
        (json.dumps(np.zeros((8, 2, 3, 3)).tolist()), "These are 8 × 2 × 3 × 3 numbers"),
        (json.dumps(np.zeros((4, 5, 6)).tolist()), "These are 4 planes of numbers; 1, 2 or 3 fit here."),
        ("1 " * 600_000, "This text has 1200000 characters"),
    ],
)
def test_text_that_cannot_be_read_gives_an_error_with_its_row_and_text(run: Run, text: str, sentence: str) -> None:
    error = read(run, text)["error"]
    assert sentence in error


@pytest.mark.parametrize(
    "text",
    [
        *("-" * 100_000 + "x", "1" + " " * 400_000 + "x", "\n" * 400_000 + "x", "|" * 400_000, "a " * 200_000 + "[1]"),
        *("1\t" * 300_000, '"' * 300_000, "[1]" + " ,a" * 100_000 + "!", "9" * 300_000, "[1 2\n" * 100_000),
    ],
    ids=lambda text: f"{text[0]!r}…{len(text)}",
)
def test_any_text_gives_numbers_or_an_error(run: Run, text: str) -> None:
    assert set(read(run, text)) in ({"planes", "notes"}, {"error"})


def test_a_plane_for_each_channel_is_read_in_either_order_of_axes(run: Run) -> None:
    array = np.arange(3 * 4 * 5).reshape(3, 4, 5)
    for text in printed(array):
        found = read(run, text)
        assert np.array_equal(np.array(found["planes"], int), array)
        assert found["notes"] == []
    for text in printed(array.transpose(1, 2, 0)):
        found = read(run, text)
        assert np.array_equal(np.array(found["planes"], int), array)
        assert "the channels" in found["notes"][0]
    gray = read(run, str(array[0][:, :, None]))
    assert np.array_equal(np.array(gray["planes"], int), array[:1])


@pytest.mark.parametrize("planes", [[EDGES], [[["1/3", "-0.5"]]], [TWO, [["1/3", "-0.5"], ["0", "1"]]]])
def test_numbers_written_as_a_text_are_read_as_the_same(run: Run, planes: list[list[list[str]]]) -> None:
    written = 'const {formatPlanes} = await import("convoscope/pure/scene-edits.js");'
    script = f"{READ} {written} return parseNumbers(formatPlanes(given), [1, 2]);"
    assert run(script, planes) == {"planes": planes, "notes": []}


# --- in both editors ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("0,-1,0\n-1,5,-1\n0,-1,0\n", "(0,-1,0;-1,5,-1;0,-1,0)"),
        ("[[ 0. -1.  0.]\n [-1.  5. -1.]\n [ 0. -1.  0.]]\n", "(0,-1,0;-1,5,-1;0,-1,0)"),
        (DECIMAL_CSV, "(0.5,0,1;0,1,0;1,0,0.5)"),
        ("0,5;0;1", "(0.5,0,1)"),
        ("[1 2; 1e-3 4]", "(1,2;0.001,4)"),
        ("[[1, 2], [3, 4]]", "(1,2;3,4)"),
    ],
)
def test_a_pasted_grid_becomes_the_filter_and_the_picture(lab: Lab, text: str, kept: str) -> None:
    lab.open("image=(1,2,3,4;5,6,7,8;9,8,7,6;5,4,3,2)&layers=conv:(1)")
    lab.button("Edit").click()
    paste(lab, "filter-0-0-0", text)
    lab.says(f"conv:{kept}")
    lab.open("image=(9)&layers=relu")
    paste(lab, "image-0-0-0", text)
    lab.says(f"image={kept}")


def test_notes_are_shown_below_the_grid_until_the_numbers_change(lab: Lab) -> None:
    lab.open("image=(9)&layers=relu")
    paste(lab, "image-0-0-0", "0,5;0;1")
    lab.says("image=(0.5,0,1)")
    expect(lab.part("paste-note")).to_have_text("Commas were read as decimal commas: 0,5 is 0.5.")
    lab.key("image-0-0-1").fill("7")
    lab.says("image=(0.5,7,1)")
    expect(lab.part("paste-note")).to_be_empty()


def test_a_grid_pasted_into_another_cell_replaces_cells_from_there_on(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=relu")
    paste(lab, "image-0-1-1", "[[5, 6], [7, 8]]")
    lab.says("image=(1,2,0;3,5,6;0,7,8)")


def test_a_grid_that_does_not_fit_is_not_truncated(lab: Lab) -> None:
    lab.open(f"layers=conv:({';'.join([','.join('0' * 15)] * 15)})")
    lab.button("Edit").click()
    before = lab.link
    paste(lab, "filter-0-14-14", "1 2\n3 4")
    expect(lab.part("editor").get_by_role("alert").first).to_contain_text("2 × 2 numbers; the limit is 1 × 1")
    assert lab.link == before


def test_a_failed_paste_keeps_the_cells_and_shows_why(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=relu")
    before = lab.link
    paste(lab, "image-0-0-0", "1 2 3\n4 5")
    expect(lab.part("image").get_by_role("alert").first).to_contain_text("Row 2 has 2 numbers, and row 1 has 3.")
    expect(lab.key("image-0-0-0")).to_have_value("1")
    assert lab.link == before


def test_pasted_planes_become_channels(lab: Lab) -> None:
    lab.open("channels=rgb&layers=conv:(1,0;0,1),groups=1")
    lab.button("Edit").click()
    paste(lab, "filter-0-0-0", "tensor([[[[1., 2.]], [[3., 4.]], [[5., 6.]]]])")
    lab.says("conv:(1,2)(3,4)(5,6)")
    paste(lab, "filter-1-0-0", "[[[1, 2]], [[3, 4]]]")
    expect(lab.part("editor").get_by_role("alert").nth(1)).to_contain_text("2 planes of numbers; 1 or 3 fit here")
    paste(lab, "filter-1-0-0", "7 8\n9 9")
    lab.says("(7,8;9,9)")
    lab.open("image=(1,2;3,4)&layers=relu")
    paste(lab, "image-0-0-0", "[[[1, 2]], [[3, 4]], [[5, 6]]]")
    lab.says("image=(1,2)(3,4)(5,6)")


def test_all_numbers_can_be_typed_as_one_text_and_invalid_text_stays(lab: Lab) -> None:
    lab.open("image=(1,2;3,4)&layers=relu")
    field = lab.part("image").get_by_label("As text")
    lab.part("image").locator("summary").filter(has_text="As text").click()
    expect(field).to_have_value("1 2\n3 4")
    field.fill("[[1, 2], [3]]")
    lab.part("image").get_by_role("button", name="Use these numbers").click()
    expect(lab.part("as-text").get_by_role("alert")).to_contain_text("Row 2 has 1 number")
    expect(field).to_have_value("[[1, 2], [3]]")
    lab.key("image-0-0-0").fill("6")  # the figure changes, and the text is still there
    lab.says("image=(6,2;3,4)")
    expect(field).to_have_value("[[1, 2], [3]]")
    field.fill("[[1, 2], [3, 1/3]]")
    lab.part("image").get_by_role("button", name="Use these numbers").click()
    lab.says("image=(1,2;3,1/3)")
    expect(field).to_have_value("1 2\n3 1/3")


def test_the_filter_can_be_typed_as_one_text(lab: Lab) -> None:
    lab.open("layers=conv:(1,2;3,4)")
    lab.button("Edit").click()
    lab.part("editor").locator("summary").filter(has_text="As text").click()
    lab.part("editor").get_by_label("As text").fill("[0 1 0; 1 -4 1; 0 1 0]")
    lab.part("editor").get_by_role("button", name="Use these numbers").click()
    lab.says("conv:(0,1,0;1,-4,1;0,1,0)")


@pytest.mark.parametrize(("typed", "kept"), [("1e-3", "0.001"), ("2.5E2", "250")])
def test_powers_of_ten_may_be_typed_into_a_cell(lab: Lab, typed: str, kept: str) -> None:
    lab.open("image=(1,2;3,4)&layers=relu")
    lab.key("image-0-0-0").fill(typed)
    lab.says(f"image=({kept},2;3,4)")
