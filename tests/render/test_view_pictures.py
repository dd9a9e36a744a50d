"""The picture of a figure with an open view: what it says, where its boxes lie, and that it can be drawn."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.core.views.field import FieldTerm
from app.lab import Lab
from app.render.figure import lay_out_figure
from app.render.figure.png_backend import draw_picture
from app.render.figure.primitives import CellImage, DisplayList, Line, Rect
from app.render.views.curve_drawing import find_curve
from app.render.views.field_drawing import write_formula
from tests.golden.make_figures import make_lab, open_figure

STACK = "image=chelsea&layers=conv:box-blur~relu~conv:box-blur~relu~conv:box-blur&stage=5&at=12,12&tab=field"
CURVE = "image=(-3,-1;2,4)&layers=relu&at=1,0&beat=write&tab=function"
STRINGS = json.loads((Path(__file__).parents[1] / "golden" / "strings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lab() -> Lab:
    return make_lab()


def lay_out(lab: Lab, link: str) -> DisplayList:
    return lay_out_figure(*open_figure(lab, link))


def test_a_receptive_field_stands_in_the_place_of_the_maps(lab: Lab):
    figure = lay_out(lab, STACK)
    assert len(figure.select(CellImage, "view-map")) == 4
    assert figure.texts("view-size") == ["7 × 7", "5 × 5", "3 × 3"]
    assert figure.texts("view-says") == [
        "Its receptive field in the picture: 7 × 7 px. Neighbors’ windows lie 1 px apart.",
        "1 + L·(F − 1) = 1 + 3·(3 − 1) = 7",
    ]
    assert figure.texts("title") != []
    assert figure.texts("input-title", "window", "result") == []


@pytest.mark.parametrize(
    ("press", "sizes"), [(0, []), (1, ["3 × 3"]), (2, ["5 × 5", "3 × 3"]), (3, ["7 × 7", "5 × 5", "3 × 3"])]
)
def test_its_presses_show_one_box_after_the_other_and_no_answer_before(lab: Lab, press: int, sizes: list[str]):
    figure = lay_out(lab, f"{STACK}&press={press}")
    assert figure.texts("view-size") == sizes
    assert figure.texts("view")[0].startswith("Which part of the picture can influence row 12, column 12")
    assert not any("1 + L" in line for line in figure.texts("view-says"))


def test_the_box_in_the_picture_lies_around_its_cells(lab: Lab):
    figure = lay_out(lab, STACK)
    picture = figure.select(CellImage, "view-map")[0].box
    cell = picture.width / 32
    (found,) = [
        one.box
        for one in figure.select(Rect, "view-box")
        if one.stroke == "#0072b2" and abs(one.box.width - 7 * cell) < 0.01
    ]
    assert (found.left - picture.left) / cell == pytest.approx(12)
    assert (found.top - picture.top) / cell == pytest.approx(12)


def test_the_picture_dims_the_cells_with_fewer_paths_and_says_how_many_there_are(lab: Lab):
    link = "image=chelsea&layers=conv:box-blur~conv:box-blur&stage=2&at=12,12&tab=field"
    shaded = lay_out(lab, f"{link}&paths=1")
    plain = lay_out(lab, link)
    assert plain.select(Rect, "view-paths") == []
    along = [1, 2, 3, 2, 1]
    dims = [one.opacity for one in shaded.select(Rect, "view-paths")]
    assert dims == pytest.approx([0.65 * (1 - a * b / 9) for a in along for b in along], abs=0.001)
    assert shaded.texts("view-says")[-1] == (
        "At most 9 paths lead from a cell to this one, at least 1; fewer paths, dimmer."
    )
    picture = shaded.select(CellImage, "view-map")[0].box
    assert all(
        one.box.left >= picture.left and one.box.right <= picture.right for one in shaded.select(Rect, "view-paths")
    )
    assert all(one.box.bottom < 600 for one in shaded.select(CellImage))


def test_what_lies_outside_is_hatched_and_cells_to_come_are_covered(lab: Lab):
    inside = lay_out(lab, STACK)
    assert inside.select(Line, "view-outside") == []
    assert inside.select(Line, "output-ahead") != []
    outside = lay_out(lab, "image=chelsea&layers=conv:box-blur,padding=1&at=0,0&tab=field")
    assert outside.select(Line, "view-outside") != []


def test_a_link_of_a_network_alone_is_drawn_as_the_network(lab: Lab):
    digit = "image=digit-3&size=28&layers=model:lenet5"
    alone, named, answer = (lay_out(lab, f"{digit}{said}") for said in ("", "&tab=network", "&stage=14"))
    assert alone.texts("scores") == named.texts("scores") != []
    assert alone.select(Line, "view-wire") == named.select(Line, "view-wire") != []
    assert answer.select(Line, "view-wire") == []


def test_a_network_s_answer_sees_the_whole_picture(lab: Lab):
    figure = lay_out(lab, "image=digit-3&size=28&layers=model:lenet5&stage=9&tab=field")
    assert figure.texts("view-says") == ["It can see the whole picture."]
    assert figure.texts("view-size")[0] == "all 28 × 28"


def test_a_curve_goes_through_the_point_of_the_cell(lab: Lab):
    figure = lay_out(lab, CURVE)
    assert figure.texts("view") == ["ReLU: y = max(0, x)"]
    assert " ".join(figure.texts("view-says")) == "x = 2, y = 2 Of the 4 cells of this map 50 % become 0."
    point = max(figure.select(Rect, "view-point"), key=lambda one: one.box.width).box.center
    nearest = min(
        abs(one.y + (one.to_y - one.y) * (point[0] - one.x) / (one.to_x - one.x) - point[1])
        for one in figure.select(Line, "view-curve")
        if one.x <= point[0] <= one.to_x
    )
    assert nearest < 0.5
    assert len(figure.select(Rect, "view-rug")) == 4


def test_a_cell_without_a_result_has_a_question_mark(lab: Lab):
    figure = lay_out(lab, CURVE.replace("beat=write", "beat=window"))
    assert "x = 2, y = ?" in figure.texts("view-says")


NAMES = ("relu", "relu6", "gelu", "silu", "hardswish", "step", "sigmoid", "tanh", "abs", "leaky_relu:0.2")


@pytest.mark.parametrize("name", [*NAMES, "batchnorm,train=1", "batchnorm,mean=2,var=9,weight=3,bias=-1"])
def test_every_curve_goes_through_all_cells_of_the_trace(lab: Lab, name: str):
    trace, position = open_figure(lab, f"image=(-3,-1;2,9)&layers={name}&beat=write&tab=function")
    inputs, outputs = trace.stages[0].output[0], trace.stages[1].output[0]
    assert find_curve(trace.stages[1], 0)(inputs) == pytest.approx(outputs, rel=1e-5, abs=1e-5)
    assert len(lay_out_figure(trace, position).select(Line, "view-curve")) >= 240


@pytest.mark.parametrize("tab", ["field", "function"])
def test_a_layer_without_the_view_keeps_its_figure(lab: Lab, tab: str):
    link = "image=face&layers=maxpool:2&stage=0" if tab == "field" else "image=face&layers=maxpool:2"
    assert lay_out(lab, f"{link}&tab={tab}").texts() == lay_out(lab, link).texts()
    assert lay_out(lab, f"{link}&tab={tab}").texts("view") == []


@pytest.mark.parametrize("link", [STACK, CURVE])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_picture_of_a_view_can_be_drawn(lab: Lab, link: str, theme: str):
    image = draw_picture(lay_out(lab, f"{link}&theme={theme}"), 600)
    assert image.size == (600, 315)
    assert len(np.unique(np.asarray(image).reshape(-1, 3), axis=0)) > 20


@pytest.mark.parametrize(
    "terms", [[(3, 1)] * 3, [(5, 1), (2, 2)]], ids=["the same window each time", "windows of several sizes"]
)
def test_the_formula_is_written_as_on_the_page(terms: list[tuple[int, int]]):
    listed = json.dumps([{"window": window, "jump": jump} for window, jump in terms], separators=(",", ":"))
    assert write_formula([FieldTerm(*term) for term in terms]) == STRINGS[f"FIELD.formula({listed})"]
