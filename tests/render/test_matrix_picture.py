"""The picture of the view Matrix: its numbers against loops, its wires against windows."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from app.core.trace.color_scale import color_values, make_weight_scale
from app.core.trace.trace import get_read
from app.core.views.wires import NO_CELL, find_wiring
from app.local_lab import compute_figure
from app.render.figure.figure_layout import lay_out_figure
from app.render.figure.primitives import CellImage, DisplayList, Rect
from app.render.view_position import fit_view
from app.render.views.sharing.identity_colors import line_of_weight
from tests import oracle

LETTERS = "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(10,20;30,40),bias=5"


def draw(link: str) -> DisplayList:
    figure = compute_figure(link)
    trace = figure.answer.trace
    assert trace is not None
    return lay_out_figure(trace, fit_view(trace, figure.view))


def test_a_small_matrix_times_its_input_plus_b_is_the_map() -> None:
    shown = draw(f"{LETTERS}&tab=matrix&at=1,1&beat=write")
    matrix = np.array([float(text) for text in shown.texts("view-matrix")]).reshape(4, 9)
    column = np.array([float(text) for text in shown.texts("view-input")])
    results = [float(text) for text in shown.texts("view-map")]
    sign = "".join(shown.texts("view-sign"))
    assert column.tolist() == list(range(1, 10))
    assert results == [375, 475, 675, 775]
    assert (matrix @ column + 5).tolist() == results
    assert sign == "·+ 5 ="


def test_equal_weights_have_one_color_and_no_wire_has_none() -> None:
    shown = draw(f"{LETTERS}&tab=matrix")
    fills = [rect.fill for rect in shown.select(Rect, "view-matrix")]
    texts = shown.texts("view-matrix")
    by_text = {text: {fill for fill, one in zip(fills, texts, strict=True) if one == text} for text in set(texts)}
    assert all(len(colors) == 1 for colors in by_text.values())
    assert len({fill for colors in by_text.values() for fill in colors}) == 5


def test_results_to_come_are_not_in_the_picture() -> None:
    assert draw(f"{LETTERS}&tab=matrix&at=0,1&beat=products").texts("view-map") == ["375"]


@pytest.mark.parametrize(
    ("layer", "options"),
    [
        ("", {}),
        (",stride=2,padding=1", {"stride": (2, 2), "padding": (1, 1, 1, 1)}),
        (",dilation=2,padding=2", {"dilation": (2, 2), "padding": (2, 2, 2, 2)}),
        (",flip=1,padding=(1,0,0,2)", {"flip": True, "padding": (1, 0, 0, 2)}),
        (",padding=2,padding_mode=circular", {"padding": (2, 2, 2, 2), "padding_mode": "circular"}),
    ],
)
def test_the_wires_of_a_layer_add_up_to_its_maps(layer: str, options: dict) -> None:
    picture = [[3, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]]
    filters = [[[1, 0, -2], [2, 3, 0], [0, -1, 1]]]
    (expected,) = oracle.conv2d([picture], [filters], **options)
    rows = ";".join(",".join(map(str, row)) for row in picture)
    figure = compute_figure(f"image=({rows})&layers=conv:(1,0,-2;2,3,0;0,-1,1){layer}")
    trace = figure.answer.trace
    assert trace is not None
    stage = trace.stages[1]
    assert stage.weight is not None
    wiring = find_wiring(stage, get_read(trace, stage, 0), 0)
    wires = np.array([wiring.find_sources(neuron) for neuron in range(wiring.neurons)])
    values = np.append(np.array(picture, float).ravel(), 0.0)  # NO_CELL, −1, reads the 0 at the end
    assert NO_CELL == -1
    made = (values[wires] * stage.weight[0].ravel()).sum(axis=1)
    assert made.tolist() == [value for row in expected for value in row]


def test_a_large_matrix_is_drawn_with_its_diagonals() -> None:
    shown = draw("image=coffee&layers=conv:sobel-x&tab=matrix&at=5,6")
    (image,) = shown.select(CellImage, "view-matrix")
    color = np.frombuffer(bytes.fromhex(line_of_weight(0, 9, False)[1:]), np.uint8)
    places = np.argwhere((image.colors == color).all(axis=2))
    assert len(places) > 200
    row, column = (places / image.colors.shape[:2]).T
    assert np.abs(row - column).max() < 0.07  # weight (0, 0) reads the cell of its own place, 30 of 32 in each row
    assert "row 156" in shown.texts("view-head")


@pytest.mark.parametrize(
    ("link", "columns"),
    [
        ("image=random*8@15x15&layers=conv:4@15x15", 1800),
        ("image=random*2@15x20&layers=conv:4@15x15,stride=9", 600),
    ],
)
def test_filters_at_their_only_place_are_drawn_as_one_row_of_weights(link: str, columns: int) -> None:
    (image,) = draw(f"{link}&tab=matrix&map=2").select(CellImage, "view-matrix")
    trace = compute_figure(link).answer.trace
    assert trace is not None
    _, height, width = trace.stages[0].output.shape
    weight = trace.stages[1].weight
    assert weight is not None
    assert trace.stages[1].output.shape == (4, 1, 1)
    row = np.pad(weight[2], ((0, 0), (0, height - 15), (0, width - 15))).ravel()
    assert len(row) == columns
    seen = row[[pixel * columns // image.colors.shape[1] for pixel in range(image.colors.shape[1])]]
    assert np.array_equal(image.colors[0], color_values(seen[None], make_weight_scale(weight[2]))[0])


def test_the_picture_of_a_huge_matrix_takes_little_memory_and_has_no_empty_rows() -> None:
    figure = compute_figure("image=random*8@256x256&layers=conv:1@15x15&tab=matrix")
    trace = figure.answer.trace
    assert trace is not None
    assert trace.stages[1].output.size * trace.stages[1].weight.size > 100_000_000
    tracemalloc.start()
    shown = lay_out_figure(trace, fit_view(trace, figure.view))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150_000_000
    (image,) = shown.select(CellImage, "view-matrix")
    empty = image.colors[0, -1]  # the first neuron does not read the last cell
    assert (image.colors != empty).any(axis=2).any(axis=1).all()


def test_a_fully_connected_layer_is_drawn() -> None:
    shown = draw("image=(5,6;7,8)&layers=linear:(1,0,-1,2;2,1,0,3),bias=(1,2)&tab=matrix&beat=write")
    assert shown.texts("view-matrix") == ["1", "0", "−1", "2", "2", "1", "0", "3"]
    assert shown.texts("view-map") == ["15", "42"]
