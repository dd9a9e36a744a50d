"""The table operation × view: every layer says of every view whether it has something to show."""

from __future__ import annotations

import pytest

from app.core.operation_table import INPUT, OPERATIONS, Operation
from app.core.options import VIEW_OPTIONS
from app.core.views.view_table import VIEW_NAMES, has_view, list_missing_views

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
    assert not has_view("conv", "network")
