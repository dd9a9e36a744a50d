"""The picture of the equation: its law, its numbers against an oracle, its forms."""

from __future__ import annotations

import re
from itertools import product

import numpy as np
import pytest

from app.core.views.equation_form import find_form
from app.local_lab import compute_figure
from app.render.figure.figure_layout import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import DisplayList, Line, Rect
from app.render.view_position import fit_view
from tests import oracle

PICTURE = [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]]
FILTER = [[1, 0, -2], [2, 3, 0], [0, -1, 1]]
ROWS = ";".join(",".join(map(str, row)) for row in PICTURE)
WEIGHTS = ";".join(",".join(map(str, row)) for row in FILTER)


def draw(link: str) -> DisplayList:
    figure = compute_figure(f"{link}&tab=equation")
    trace = figure.answer.trace
    assert trace is not None
    return lay_out_figure(trace, fit_view(trace, figure.view))


def calculate(text: str) -> float:
    value: float = eval(text.replace("−", "-").replace("·", "*").replace("÷", "/"))
    return value


@pytest.mark.parametrize(
    ("said", "options"),
    [
        ("", {}),
        (",stride=2x1,padding=1", {"stride": (2, 1), "padding": (1, 1, 1, 1)}),
        (",dilation=2,padding=2", {"dilation": (2, 2), "padding": (2, 2, 2, 2)}),
        (",flip=1,padding=2", {"flip": True, "padding": (2, 2, 2, 2)}),
        (",padding=1,padding_mode=circular", {"padding": (1, 1, 1, 1), "padding_mode": "circular"}),
    ],
)
def test_the_products_of_the_picture_add_up_to_the_cell_and_its_law_gives_it(said: str, options: dict) -> None:
    (expected,) = oracle.conv2d([PICTURE], [[FILTER]], [7], **options)
    for row, column in product(range(len(expected)), range(len(expected[0]))):
        link = f"image=({ROWS})&layers=conv:({WEIGHTS}),bias=7{said}&at={row},{column}&beat=write"
        shown = draw(link)
        assert calculate("".join(shown.texts("view-term"))) + 7 == expected[row][column]
        (end,) = shown.texts("view-end")
        assert end.endswith(f"+ 7 = {expected[row][column]}".replace("-", "−"))
        terms = "".join(draw(f"{link}&detail=indices").texts("view-term"))
        total = 7
        for letter, w, x in re.findall(r"([wg])\[([^]]*)\]·x\[([^]]*)\]", terms):
            (i, j), (r, c) = ([int(one.replace("−", "-")) for one in part.split(",")] for part in (w, x))
            assert (letter == "g") == ("flip" in options)
            total += FILTER[i][j] * oracle.at(PICTURE, r, c, options.get("padding_mode", "zeros"))
        assert total == expected[row][column]
        law = shown.texts("view")[0]
        index = [law.rsplit("x[", 1)[1].removesuffix("]").split(", "), law]
        total = 7
        for i, j in product(range(3), range(3)):
            names = {"r": row, "c": column, "i": i, "j": j}
            r, c = (eval(one.replace("−", "-").replace("·", "*"), {}, names) for one in index[0])
            total += FILTER[i][j] * oracle.at(PICTURE, r, c, options.get("padding_mode", "zeros"))
        assert total == expected[row][column]
        assert shown.texts("view-ranges") == ["Σ: i = 0…2, j = 0…2"]


def test_its_forms_are_those_of_the_page() -> None:
    link = f"image=({ROWS})&layers=conv:({WEIGHTS})&beat=write"
    for press, detail in enumerate(("law", "indices", "numbers")):
        assert draw(f"{link}&press={press}").texts() == draw(f"{link}&detail={detail}").texts()
    assert draw(f"{link}&detail=law").texts("view-term", "view-end") == []
    assert draw(f"{link}&detail=indices").texts("view-end") == []
    assert find_form(0, "numbers", "conv") == "law"
    assert find_form(9, "law", "conv") == "numbers"
    assert [find_form(None, "vectors", kind) for kind in ("linear", "pool")] == ["vectors", "numbers"]
    with pytest.raises(ValueError, match="it can be law, indices, numbers or vectors"):
        find_form(None, "words", "conv")


@pytest.mark.parametrize(("row", "column"), list(product(range(2), range(2))))
def test_two_vectors_are_written_in_the_order_of_the_filter(row: int, column: int) -> None:
    """w and x of every channel, row by row, their product against numpy, and the bias behind it."""
    planes = np.arange(18).reshape(2, 3, 3) % 7 - 2
    weights = np.array([[[1, 0], [-2, 3]], [[2, -1], [0, 1]]])
    image = "".join(f"({';'.join(','.join(map(str, line)) for line in plane)})" for plane in planes.tolist())
    filters = "".join(f"({';'.join(','.join(map(str, line)) for line in plane)})" for plane in weights.tolist())
    link = f"image={image}&layers=conv:{filters},bias=5&at={row},{column}&detail=vectors"
    shown = draw(f"{link}&beat=write")
    values = planes[:, row : row + 2, column : column + 2].ravel().tolist()
    terms = [int(text.replace("−", "-")) for text in shown.texts("view-term")]
    assert terms == [*weights.ravel().tolist(), *values]
    total = int(np.dot(weights.ravel(), values))
    assert "".join(shown.texts("view-sum")).replace("−", "-") == f"wTx = {total}"
    assert shown.texts("view-end")[-1].replace("−", "-") == f"y[{row}, {column}] = {total} + 5 = {total + 5}"
    assert shown.texts("view-ranges") == ["w and x have 8 numbers each, in the order channel, row, column."]
    before = draw(f"{link}&beat=products")
    assert "".join(before.texts("view-sum")) == "wTx = ?"
    assert "".join(before.texts("view-end")) == f"y[{row}, {column}] = wTx + 5 = ?"


def test_of_long_vectors_the_ends_are_written_and_of_very_long_ones_none() -> None:
    shown = draw("image=coffee&channels=rgb&layers=conv:random*1@3x3,groups=1,seed=1&at=3,3&beat=write&detail=vectors")
    assert len(shown.texts("view-term")) == 12
    assert shown.texts("view-term").count("…") == 2
    long = draw("image=coffee&layers=flatten~linear:random*2&stage=2&beat=write&detail=vectors")
    assert long.texts("view-term") == []
    assert "They are too long to be written." in long.texts("view-ranges")


def test_results_to_come_are_not_in_the_picture() -> None:
    shown = draw(f"image=({ROWS})&layers=conv:({WEIGHTS}),bias=2&at=0,1&beat=products")
    assert shown.texts("view-sum") == ["= ?"]
    assert shown.texts("view-end") == ["y[0, 1] = Σ + 2 = ?"]


def test_cells_outside_are_hatched_and_the_largest_is_outlined() -> None:
    shown = draw(f"image=({ROWS})&layers=maxpool:3,padding=1,stride=2&at=0,0&beat=write")
    assert shown.select(Line, "view-outside") != []
    assert len(shown.select(Rect, "view-chosen")) == 1
    assert [text for text in shown.texts("view-term") if text != "–"] == ["3", "1", "9", "2"]
    assert shown.texts("view-end") == ["y[0, 0] = the largest of 4 = 9"]


def test_of_a_long_sum_the_corners_are_drawn() -> None:
    shown = draw("image=coffee&channels=rgb&layers=conv:random*2@11x11,seed=1&at=3,3&beat=write")
    assert shown.texts("view-channel") == ["R", "G", "B"]
    assert shown.texts("view-term").count("…") == 3 * 7


LAYERS = (
    *("relu", "leaky_relu:0.1", "gelu", "softmax", "softmax:channels", "lrn:3", "batchnorm,train=1", "mean", "flatten"),
    *(
        "dropout:0.5,train=1",
        "upsample:2",
        "upsample:2,mode=bilinear",
        "pad:1",
        "center:3,size=4",
        "shift:0x1",
        "add:0",
        "mul:0",
        "concat:0",
    ),
    *("linear:random*3", "l2pool:2", "avgpool:2", "globalmaxpool", "convtranspose:random*2@2x2", "conv:1x1"),
)


@pytest.mark.parametrize("layers", LAYERS)
@pytest.mark.parametrize("detail", ["law", "indices", "numbers", "vectors"])
def test_every_layer_has_its_picture_within_the_sheet(layers: str, detail: str) -> None:
    shown = draw(f"image=(1,-2;3,4)(5,6;-7,8)&layers={layers}&detail={detail}&beat=write")
    assert "=" in shown.texts("view")[0]
    for text in (one for one in shown.primitives if hasattr(one, "text")):
        assert text.box.right <= shown.width + 1, text
        assert text.box.bottom <= shown.height + 1, text
    assert draw_picture(shown, 400).size == (400, 210)


def test_one_filter_stands_at_two_places_without_the_products_that_are_0():
    figure = draw("image=(0,2,1;1,0,3;0,0,0)&layers=conv:(1,-2;0,3)&at=1,1&second=0,0&beat=write")
    assert figure.texts("view-place") == ["A: row 0, column 0", "B: row 1, column 1"]
    assert figure.texts("view-zeros") == ["3 of 4 products are 0 and not written."] * 2
    assert "".join(figure.texts("view-term")).replace(" ", "") == "(−2)·2(−2)·3"
    assert [one.rsplit("= ", 1)[1] for one in figure.texts("view-end")] == ["−4", "−6"]


def test_the_two_places_are_marked_on_both_maps_where_no_view_is_open() -> None:
    link = "image=(0,2,1;1,0,3;0,0,0)&layers=conv:(1,-2;0,3)&beat=write&tab="
    figure = compute_figure(f"{link}&at=1,1&second=0,0")
    assert figure.answer.trace is not None
    shown = lay_out_figure(figure.answer.trace, fit_view(figure.answer.trace, figure.view))
    assert shown.texts("input-cell", "output-cell") == ["A", "B", "A", "B"]


def test_the_letters_of_two_places_in_one_cell_do_not_cover_each_other() -> None:
    for link in ("image=(0,2,1;1,0,3;0,0,0)&layers=conv:(1,-2;0,3)", "image=coffee&layers=conv:sobel-x"):
        figure = compute_figure(f"{link}&beat=write&at=1,1&second=1,1")
        assert figure.answer.trace is not None
        shown = lay_out_figure(figure.answer.trace, fit_view(figure.answer.trace, figure.view))
        letters = [one.box for one in shown.primitives if getattr(one, "text", "") in ("A", "B")]
        assert len(letters) == 4
        for first, second in (letters[:2], letters[2:]):
            assert first.right < second.left


@pytest.mark.parametrize(
    "view",
    ["", "&tab=equation", "&tab=equation&detail=vectors", "&tab=matrix", "&tab=neuron", "&volume=1"],
)
@pytest.mark.parametrize("beat", ["products", "write"])
def test_a_typed_negative_bias_has_a_minus_sign_and_parentheses_behind_a_plus(view: str, beat: str) -> None:
    figure = compute_figure(f"image=(1,2;3,5;8,13)&layers=conv:(1,2;3,5),bias=-1/9&at=0,0&beat={beat}{view}")
    assert figure.answer.trace is not None
    shown = lay_out_figure(figure.answer.trace, fit_view(figure.answer.trace, figure.view))
    said = " ".join(one.text for one in shown.primitives if hasattr(one, "text"))
    assert "1/9" in said
    assert "-1/9" not in said
    assert not re.search(r"\+\s*−1/9", said)
