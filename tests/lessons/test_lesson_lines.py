"""The line of an answer adds up to it, as it is written."""

from __future__ import annotations

import re

import pytest

from app.lessons.lesson_lines import write_step_line
from app.local_lab import compute_link
from app.render.view_position import fit_view

PICTURE = "(1,2,3,0;4,-5,6,1;7,8,9,2;0,3,1,4)"


@pytest.mark.parametrize(
    "layer",
    [
        *(
            "conv:sobel-x",
            "conv:(1,-2;3,4)",
            "conv:(1,2;3,4)/7",
            "conv:box-blur,padding=1",
            "conv:(1,-1),stride=2,bias=1",
        ),
        *("conv:sobel-x,padding=1,bias=-3", "conv:gaussian", "conv:(1,2;3,4),bias=1/9", "conv:(1,0;0,1),dilation=2"),
        "conv:(1,2,3;4,5,6;7,8,9),flip=1",
    ],
)
def test_a_line_of_products_is_right_in_every_cell(layer: str):
    result, view = compute_link(f"image={PICTURE}&layers={layer}")
    assert result.trace is not None
    stage = fit_view(result.trace, view).stage
    _, rows, columns = stage.output.shape
    for row in range(rows):
        for column in range(columns):
            line = write_step_line(result.trace, 1, 0, (row, column))
            sum, mark, value = re.split(r" (=|≈) ", line)
            written = float(value.replace("−", "-"))
            assert written == pytest.approx(float(stage.output[0, row, column]), abs=0.01)
            if mark == "=" and "·" in sum:
                terms = sum.replace("−", "-").replace("·", "*").replace("÷", "/")
                assert eval(terms) == pytest.approx(written)


def test_the_bias_stays_in_the_line_when_it_is_0():
    result, _ = compute_link("image=(1,2;3,4)&layers=conv:(1,1;1,1)")
    assert result.trace is not None
    assert write_step_line(result.trace, 1, 0, (0, 0)) == "1·1 + 2·1 + 3·1 + 4·1 + 0 = 10"


@pytest.mark.parametrize(
    ("query", "line"),
    [
        ("image=(1,2;3,4)&layers=maxpool:2", "the largest of 4 = 4"),
        ("image=coffee&channels=rgb&layers=conv:random*1@3x3,groups=1,seed=7", "679 − 334 + 97 + 0 = 442"),
    ],
)
def test_the_line_of_other_steps_is_that_of_the_figure(query: str, line: str):
    result, view = compute_link(query)
    assert result.trace is not None
    position = fit_view(result.trace, view)
    assert write_step_line(result.trace, 1, 0, position.cell) == line
