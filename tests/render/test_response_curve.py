"""The response of a cell while its picture is turned or shifted: its numbers, its picture, what a file brings along."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pytest

from app.local_lab import ComputedFigure, compute_figure
from app.notebook.notebook_figure import show
from app.render.figure import lay_out_figure
from app.render.figure.primitives import Line, Rect
from app.render.view_position import fit_view
from app.render.views.response_data import measure_response

BARS = "image=bars-45&layers=conv:gabor-45~relu~globalmaxpool"
DIGIT = "image=digit-3&size=28&layers=model:lenet5&stage=14"


def carried(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" data-part="tables">(.*?)</script>', html)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data.get("response", {})


def read_simple_cell(figure: ComputedFigure, row: int, column: int, by: int) -> float:
    """What the cell answers when the picture lies so many columns further right: its sum over a loop, then ReLU."""
    picture, weight = figure.trace.stages[0].output[0], figure.trace.stages[1].weight
    assert weight is not None
    total = 0.0
    for i in range(weight.shape[2]):
        for j in range(weight.shape[3]):
            total += float(picture[row + i, column + j - by]) * float(weight[0, 0, i, j])
    return max(0.0, total / 100)  # the filter is written in hundredths


def test_a_simple_cell_answers_to_each_shift_with_the_sum_over_its_window():
    figure = compute_figure(f"{BARS}&stage=2&at=15,16&sweep=right")
    curve = measure_response(figure.answer, figure.view, figure.compute).curve
    assert curve
    assert curve.sweep.values == tuple(range(-8, 9))
    expected = [read_simple_cell(figure, 15, 16, by) for by in curve.sweep.values]
    assert curve.responses == pytest.approx(expected, rel=1e-4, abs=0.01)
    assert max(expected) > 10 * (min(expected) + 1)


def test_a_complex_cell_answers_to_each_shift_with_the_same_number():
    figure = compute_figure(f"{BARS}&stage=3&sweep=right")
    curve = measure_response(figure.answer, figure.view, figure.compute).curve
    assert curve
    assert len(set(curve.responses)) == 1


def test_the_curve_goes_as_far_as_the_picture_is_turned_and_starts_from_a_picture_that_is_not():
    figure = compute_figure(f"{BARS}&stage=2&at=15,16&sweep=turn&adjust=turn:100")
    curve = measure_response(figure.answer, figure.view, figure.compute).curve
    assert curve
    assert (curve.sweep.values[0], curve.sweep.values[-1], curve.now) == (-180, 180, 100)
    still = compute_figure(f"{BARS}&stage=2")
    now = float(figure.trace.stages[2].output[0, 15, 16])
    assert curve.responses[curve.sweep.values.index(0)] == float(still.trace.stages[2].output[0, 15, 16])
    assert curve.responses[curve.sweep.values.index(100)] == now


def test_a_file_brings_the_curve_and_the_answers_before_along():
    html = show(f"{BARS}&stage=2&at=15,16&sweep=right").html
    sweep = carried(html)["sweep"]
    assert (sweep["kind"], sweep["stage"], sweep["map"], sweep["at"]) == ("right", 2, 0, [15, 16])
    figure = compute_figure(f"{BARS}&stage=2")
    expected = [read_simple_cell(figure, 15, 16, by) for by in sweep["values"]]
    assert sweep["responses"] == pytest.approx(expected, rel=1e-4, abs=0.01)
    before = carried(show(f"{DIGIT}&adjust=shift:0x6").html)["before"]
    shares = compute_figure(DIGIT).trace.stages[-1].output[:, 0, 0]
    assert before == pytest.approx(shares.tolist())
    assert int(np.argmax(before)) == 3
    assert carried(show(DIGIT).html) == {}


def test_a_question_brings_nothing_along_that_would_answer_it():
    assert carried(show(f"{BARS}&stage=2&at=15,16&sweep=right&predict=cell").html) == {}


@pytest.mark.parametrize(("sweep", "first", "last"), [("turn", "−90°", "90°"), ("right", "−8 cells", "8 cells")])
def test_the_picture_draws_the_curve_with_the_point_of_now(sweep: str, first: str, last: str):
    figure = compute_figure(f"{BARS}&stage=2&at=15,16&sweep={sweep}")
    curve = measure_response(figure.answer, figure.view, figure.compute).curve
    assert curve
    made = lay_out_figure(figure.trace, fit_view(figure.trace, figure.view), curve=curve)
    assert made.texts("view") == ["ReLU, row 15, column 16"]
    assert {first, last} <= set(made.texts("view-axis"))
    points = made.select(Line, "view-curve")
    assert len(points) == len(curve.responses) - 1
    heights = [point.y for point in points]
    tops = [curve.responses[i] for i, y in enumerate(heights) if y == min(heights)]
    assert set(tops) == {max(curve.responses)}
    (point,) = made.select(Rect, "view-point")
    now = curve.sweep.values.index(0)
    assert point.box.center == pytest.approx((points[now].x, points[now].y), abs=0.01)
    says = made.texts("view-says")
    zero = "0°" if sweep == "turn" else "0 cells"
    assert says[0].startswith(f"Now at {zero}: ")
    assert says[1].startswith("Largest ")
    for text in (one for one in made.primitives if getattr(one, "text", "")):
        assert text.box.left >= 0
        assert text.box.right <= made.width
        assert text.box.bottom <= made.height
