"""A drawing that is centered as the digits of MNIST were, and what LeNet-5 says to drawn digits."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.arrays import Maps
from app.core.layers.centering import plan_centering
from app.core.scene import Layer
from app.core.texts import write_message
from app.core.trace.stage_json import stage_to_json
from app.core.trace.trace import Trace
from app.local_lab import compute_figure
from tests.drawings import SIDE, draw_digits


def figure(page: np.ndarray, layers: str) -> Trace:
    """The Trace of a page of whole numbers."""
    planes = page if page.ndim == 3 else page[None]
    text = "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in planes.astype(int))
    return compute_figure(f"image={text}&layers={layers}").trace


def centered(page: np.ndarray, layer: str = "center") -> Maps:
    return figure(page, layer).stages[1].output


def center_of_mass(page: np.ndarray) -> tuple[float, float]:
    rows, columns = np.indices(page.shape) + 0.5
    return float((rows * page).sum() / page.sum()), float((columns * page).sum() / page.sum())


def a_drawing(seed: int = 3) -> np.ndarray:
    return next(draw_digits(1, seed)).cells


def test_the_center_of_mass_comes_to_the_middle_and_the_longer_side_becomes_the_box():
    for drawing in draw_digits(20, seed=5):
        page = centered(drawing.cells)[0]
        assert page.shape == (28, 28)
        assert center_of_mass(page) == pytest.approx((14, 14), abs=0.2)
        inked = page > 0.25 * page.max()
        sides = [np.flatnonzero(inked.any(axis=axis)) for axis in (0, 1)]
        assert max(side[-1] - side[0] + 1 for side in sides) in (20, 21), drawing.digit


def test_where_and_how_large_a_drawing_is_on_the_page_makes_no_difference():
    small = a_drawing()
    there = np.zeros((40, 50), int)
    there[9 : 9 + SIDE, 4 : 4 + SIDE] = small
    assert centered(there) == pytest.approx(centered(small), abs=1e-3)
    tiny = next(draw_digits(1, seed=3, side=18)).cells
    twice = np.kron(tiny, np.ones((2, 2), int))
    assert np.abs(centered(twice) - centered(tiny)).mean() < 1.5, "but for the place, which is found a little finer"


def test_a_drawing_of_the_size_of_the_box_is_moved_by_whole_cells():
    page = np.zeros((20, 20), int)
    page[2:7, 4:9] = 200
    made = centered(page, "center:5,size=9")[0]
    expected = np.zeros((9, 9))
    expected[2:7, 2:7] = 200
    assert np.array_equal(made, expected)


def test_black_on_white_stays_black_on_white():
    page = a_drawing()
    assert centered(255 - page) == pytest.approx(255 - centered(page), abs=1e-3)


def test_all_channels_are_moved_alike():
    page = np.stack([a_drawing(), a_drawing() // 2, np.full((SIDE, SIDE), 7)])
    made = centered(page)
    assert made.shape == (3, 28, 28)
    assert made[0] == pytest.approx(centered(page[0])[0], abs=1e-3)
    assert np.array_equal(made[2], np.full((28, 28), 7))


def test_an_empty_page_stays_empty_and_says_so():
    trace = figure(np.full((6, 5), 9), "center")
    assert np.array_equal(trace.stages[1].output, np.full((1, 28, 28), 9))
    assert [write_message(note) for note in trace.stages[1].info.notes] == ["There is no drawing: all cells are alike."]


def test_the_stage_says_where_the_drawing_was_found():
    page = np.zeros((20, 22), int)
    page[3:16, 5:12] = 255
    entry = stage_to_json(figure(page, "center").stages[1])
    assert entry["law"] == {
        "box": 20,
        "drawing": [3, 5, 13, 7],
        "paper": [0.0],
        "starts": [190 - 14 * 13, 170 - 14 * 13],
        "length": 13,
    }
    assert entry["notes"][0] == (
        "The drawing lies in 13 × 7 cells from row 3, column 5 on; its longer side becomes 20 cells, and its center of "
        "mass comes to the middle of 28 × 28."
    )
    assert entry["jump"] == [0.65, 0.65]
    assert entry["receptive_field_at_most"]


def test_the_field_of_a_cell_holds_all_that_its_number_is_made_of():
    trace = figure(a_drawing(), "center~conv:box-blur")
    law = trace.stages[1].plan.law
    for place in (0, 9, 27):
        first, shares = law.rows.read(place)
        assert sum(shares) == pytest.approx(1)
        low, high = law.rows.read_interval((place, place))
        assert low == min(max(first, 0), SIDE - 1)
        assert high == max(min(first + len(shares) - 1, SIDE - 1), 0)


def test_it_is_planned_without_a_drawing():
    made = plan_centering(Layer("center"), (1, 64, 32))
    assert made.shape == (1, 28, 28)
    assert made.law.notes == ()
    assert stage_to_json(figure(a_drawing(), "center:10,size=12x14").stages[1])["shape"] == [1, 12, 14]


def test_links_without_the_layer_have_the_stages_that_they_had():
    with_it, without = figure(a_drawing(), "center~model:lenet5"), figure(a_drawing(), "model:lenet5")
    assert [stage.info.op for stage in with_it.stages[2:]] == [stage.info.op for stage in without.stages[1:]]


@pytest.fixture(scope="module")
def answers() -> dict[str, np.ndarray]:
    """How often each digit of 300 drawings was called what: rows are drawn, columns said."""
    counted = {layers: np.zeros((10, 10), int) for layers in ("model:lenet5", "center~model:lenet5")}
    for drawing in draw_digits(300):
        for layers, table in counted.items():
            said = int(figure(drawing.cells, layers).stages[-1].output.argmax())
            table[drawing.digit, said] += 1
    return counted


def test_lenet5_reads_at_least_95_of_100_drawn_digits_when_they_are_centered(answers):
    table = answers["center~model:lenet5"]
    assert table.sum() == 300
    assert table.trace() >= 285, f"rows are drawn, columns said:\n{table}"


def test_without_centering_it_reads_fewer(answers):
    assert answers["model:lenet5"].trace() < answers["center~model:lenet5"].trace()
