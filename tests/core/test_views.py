"""The views of a step: the table operation × view, and the receptive field stage by stage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.operation_table import INPUT, OPERATIONS, Operation
from app.core.options import VIEW_OPTIONS
from app.core.views.field import find_field, find_first, list_shown, list_terms
from app.core.views.view_table import VIEW_NAMES, has_view, list_missing_views
from tests.number_scenes import make_trace

ROWS = (INPUT, *OPERATIONS)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_every_operation_has_a_row_and_every_view_a_place_in_it(row: Operation):
    missing = list_missing_views(row.name)
    assert set(missing) < set(VIEW_NAMES)
    assert row.facts_to_json()["missing"] == missing


def test_links_know_the_views_of_the_table():
    tab = next(option for option in VIEW_OPTIONS if option.name == "tab")
    assert tab.choices == ("", *VIEW_NAMES)


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_a_curve_is_shown_where_a_cell_depends_on_one_number_alone(row: Operation):
    depends_on_one = row.kind == "pointwise" and row.function is not None and bool(row.formula)
    assert has_view(row.name, "function") == (depends_on_one or row.name in ("batchnorm", "model"))


@pytest.mark.parametrize("row", ROWS, ids=[row.name for row in ROWS])
def test_neuron_and_matrix_are_shown_where_there_are_weights(row: Operation):
    has_weights = row.kind in ("conv", "linear", "model") or row.name == "convtranspose"
    assert has_view(row.name, "neuron") == has_view(row.name, "matrix") == has_weights


def test_every_layer_has_a_receptive_field_and_the_picture_has_none():
    assert [row.name for row in ROWS if not has_view(row.name, "field")] == ["input"]


def test_no_view_shows_nothing():
    assert not has_view("conv", "")
    assert not has_view("conv", "film")


GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "fields.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["link"])
def test_the_boxes_of_a_cell_are_those_that_its_windows_cover_layer_by_layer(case):
    trace = make_trace(case["link"])
    last = len(trace.stages) - 1
    for one in case["cells"]:
        field = find_field(trace, last, 0, *one["cell"])
        found = [[list(box.rows), list(box.columns), *(list(span) for span in box.inside)] for box in field]
        assert found == one["boxes"]
        assert not any(box.is_bound for box in field)
    assert list(find_first(trace, last)) == case["first"]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["link"])
def test_the_size_in_the_picture_is_the_one_that_the_trace_gives_and_the_sum_of_its_formula(case):
    trace = make_trace(case["link"])
    last = trace.stages[-1]
    field = find_field(trace, last.info.index, 0, *case["cells"][0]["cell"])
    assert field[-1].size == last.info.receptive_field.size
    for axis in (0, 1):
        terms = list_terms(trace, field, axis)
        assert terms is not None
        assert 1 + sum((term.window - 1) * term.jump for term in terms) == field[-1].size[axis]


ALEXNET = "conv:random*1@11x11,stride=4~maxpool:3,stride=2~conv:random*1@5x5,padding=2~maxpool:3,stride=2" + (
    "~conv:random*1@3x3,padding=1" * 3 + "~maxpool:3,stride=2"
)
KNOWN = [
    ("layers=conv:random*1@3x3~conv:random*1@3x3~conv:random*1@3x3", 3, 7, 1),
    (f"size=227&layers={ALEXNET}", 8, 195, 32),
    ("image=digit-3&size=28&layers=conv:random*1@5x5~maxpool:2~conv:random*1@5x5~maxpool:2", 4, 16, 4),
]


@pytest.mark.parametrize(("link", "stage", "size", "jump"), KNOWN)
def test_known_networks_have_the_fields_that_lectures_give(link: str, stage: int, size: int, jump: int):
    trace = make_trace(link)
    _, rows, columns = trace.stages[stage].output.shape
    field = find_field(trace, stage, 0, rows // 2, columns // 2)
    assert field[-1].size == (size, size)
    assert trace.stages[stage].info.receptive_field.jump == (jump, jump)


def test_behind_a_fully_connected_layer_a_cell_sees_what_there_is():
    trace = make_trace("size=9&layers=conv:random*2@3x3,padding=1~linear:random*3")
    field = find_field(trace, 2, 1, 0, 0)
    assert [box.size for box in field] == [(1, 1), (9, 9), (9, 9)]
    assert list_terms(trace, field, 0) is None


def test_where_paths_join_the_box_is_that_of_both_and_a_bound_where_they_lie_apart():
    nested = make_trace("size=12&layers=conv:random*1@3x3,padding=1~add:0")
    assert [(box.stage, box.size, box.is_bound) for box in find_field(nested, 2, 0, 5, 5)] == [
        (2, (1, 1), False),
        (1, (1, 1), False),
        (0, (3, 3), False),
    ]
    apart = make_trace("size=12&layers=shift:0x4~add:0")
    field = find_field(apart, 2, 0, 5, 6)
    assert (field[-1].columns, field[-1].is_bound) == ((2, 6), True)


def test_a_stage_that_changes_no_size_has_no_picture_of_its_own():
    trace = make_trace("size=12&layers=conv:random*1@3x3~relu~conv:random*1@3x3~relu")
    field = find_field(trace, 4, 0, 2, 2)
    assert [box.stage for box in list_shown(trace, field)] == [4, 2, 0]


TRANSPOSED = ["", ",stride=2", ",stride=2,padding=1", ",stride=2x1,dilation=1x2,padding=2"]


@pytest.mark.parametrize("options", TRANSPOSED)
def test_the_box_of_a_transposed_convolution_holds_the_cells_that_reach_the_cell(options: str):
    trace = make_trace(f"size=7&layers=convtranspose:random*1@3x3{options}")
    given = {"stride": (1, 1), "dilation": (1, 1), "padding": (0, 0), **dict(trace.scene.layers[0].options)}
    for place in ((0, 0), (1, 2), (4, 4)):
        box = find_field(trace, 1, 0, *place)[-1]
        for axis, span in enumerate((box.rows, box.columns)):
            stride, dilation, crop = (given[name][axis] for name in ("stride", "dilation", "padding"))
            reaching = [n for n in range(-9, 9) for i in range(3) if n * stride - crop + i * dilation == place[axis]]
            assert span == (min(reaching), max(reaching))
    assert find_first(trace, 1) == trace.stages[1].info.receptive_field.first
