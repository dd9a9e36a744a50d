"""Questions: what they hide, and wrong answers that are each right for something else."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.ops.geometry import Axis, Geometry
from app.core.predict.choices import list_choices, list_sizes, select_choices
from app.core.predict.question import find_question, hide_answer, make_asking_view, make_linked_view
from app.core.predict.wrong_answers import (
    CellFacts,
    FilterFacts,
    LayerFacts,
    list_wrong_cells,
    list_wrong_counts,
    read_filter,
    read_layer,
)
from app.core.predict.wrong_fields import list_wrong_fields
from app.core.scene import View
from app.core.texts import write_message
from app.core.trace.trace import Trace
from app.core.trace.wire import trace_to_json
from app.core.views.field import FieldTerm
from app.lab import Lab
from app.models.library import Models, load_models
from app.resources import find_resource
from tests import oracle
from tests.figures import samples

RGB = "image=(3,1,4;1,5,9;2,6,5)(2,7,1;8,2,8;1,8,2)(1,4,1;4,2,1;3,5,6)&layers=conv:(1,0;0,-2),bias=3,padding=1"


@cache
def trained_lab() -> Lab:
    return Lab(samples(), None, Limits(), Models(load_models(find_resource("models/data"))))


@cache
def trace_of(link: str) -> Trace:
    trace = trained_lab().compute(parse_link(link, Limits()).scene).trace
    assert trace is not None
    return trace


def reasons(link: str, view: View) -> dict[str, str]:
    """What each answer to a question would be right for, by how it is written; "" for the right one."""
    trace = trace_of(link)
    question = find_question(trace, view)
    assert question is not None
    return {
        one.text: write_message(one.reason).removeprefix("would be right ") if one.reason else ""
        for one in list_choices(trace, question)
    }


def test_a_cell_of_three_channels_has_a_wrong_answer_for_each_slip_in_its_sum():
    found = reasons(RGB, View(predict="cell", stage=1, at=(1, 1)))
    x = np.array([[[3, 1], [1, 5]], [[2, 7], [8, 2]], [[1, 4], [4, 2]]])  # the window at row 1, column 1
    w = np.array([[1, 0], [0, -2]])
    assert found[f"{(x * w).sum() + 3}".replace("-", "−")] == ""
    assert found[f"{(x * w).sum()}".replace("-", "−")] == "without the bias"
    assert found[f"{(x[0] * w).sum() + 3}".replace("-", "−")] == "with the first channel alone"
    assert found[f"{(x * w[::-1, ::-1]).sum() + 3}".replace("-", "−")] == "with the filter turned by 180°"
    assert found[f"{x.sum() + 3}"] == "for the sum of the window, without the filter"


def test_the_size_and_the_parameters_have_the_slips_of_lectures():
    layer = "image=coffee&size=32&channels=rgb&layers=conv:random*4@3x3,stride=2,padding=1"
    assert reasons(layer, View(predict="parameters", stage=1)) == {
        "112": "",
        "108": "without the bias",
        "40": "with the channels forgotten",
        "28,672": "if every place had weights of its own",
        "28": "for one filter",
        "109": "with one bias for all filters",
        "3,146,752": "for a fully connected layer",
    }
    assert reasons(layer, View(predict="size", stage=1)) == {
        "16 × 16": "",
        "15 × 15": "without the padding",
        "17 × 17": "with the other rounding",
        "32 × 32": "with a stride of 1",
    }


FILTERS = st.builds(
    lambda channels, size, stride, padding, seed: (channels, size, stride, padding, np.random.default_rng(seed)),
    *(st.integers(1, 3), st.tuples(st.integers(1, 3), st.integers(1, 3)), st.integers(1, 2), st.integers(0, 1)),
    st.integers(0, 1000),
)


@given(FILTERS)
def test_every_wrong_cell_is_what_nested_loops_make_of_the_changed_filter(made):
    channels, (height, width), stride, padding, rng = made
    x = rng.integers(-9, 10, (channels, 5, 6)).astype(float)
    w = rng.integers(-3, 4, (channels, height, width)).astype(float)
    rows, columns = Axis(5, height, stride, 1, padding, padding), Axis(6, width, stride, 1, padding, padding)
    facts = FilterFacts(x, w, 1, 2.0, Geometry(rows, columns))
    options = {"stride": (stride, stride), "padding": (padding,) * 4}
    row, column = rows.positions - 1, columns.positions // 2
    found = dict(list_wrong_cells(CellFacts(facts, row, column)))

    def compute(weights, maps=x, bias=2.0, **more):
        return oracle.conv2d(maps.tolist(), [weights.tolist()], [bias], **{**options, **more})[0]

    assert found["without_bias"] == compute(w, bias=0.0)[row][column]
    assert found["filter_turned"] == compute(w, flip=True)[row][column]
    assert found["without_filter"] == compute(np.ones_like(w))[row][column]
    if channels > 1:
        assert found["first_channel"] == compute(w[:1], x[:1])[row][column]
    if height == width:
        assert found["rows_and_columns"] == compute(w.transpose(0, 2, 1))[row][column]
    if "without_padding" in found:
        assert found["without_padding"] == compute(w, padding=(0, 0, 0, 0))[row][column]
    if "next_place" in found:
        there = compute(w)[row]
        assert found["next_place"] in (there[column - 1], there[min(column + 1, len(there) - 1)])


AXES = st.builds(
    lambda size, kernel, stride, padding, dilation: Axis(size, kernel, stride, dilation, padding, padding),
    *(st.integers(5, 40), st.integers(1, 3), st.integers(1, 3), st.integers(0, 2), st.integers(1, 2)),
)


@given(AXES, AXES)
def test_no_wrong_size_is_the_right_one_or_given_twice(rows, columns):
    choices = list_sizes(Geometry(rows, columns))
    texts = [choice.text for choice in choices]
    assert texts[0] == f"{rows.positions} × {columns.positions}"
    assert len(set(texts)) == len(texts)
    assert [choice.reason is None for choice in choices] == [True] + [False] * (len(texts) - 1)


@given(
    st.builds(LayerFacts, *(st.integers(1, 6) for _ in range(4)), st.just(1), st.integers(1, 100), st.integers(1, 99))
)
def test_wrong_counts_are_sums_over_all_numbers_of_the_filters(facts):
    found = dict(list_wrong_counts(facts))
    weights = [(k, c, i, j) for k in range(facts.filters) for c in range(facts.channels)
               for i in range(facts.height) for j in range(facts.width)]  # fmt: skip
    assert found["without_bias"] == len(weights)
    assert found["one_channel"] == len([one for one in weights if one[1] == 0]) + facts.filters
    assert found["one_filter"] == len([one for one in weights if one[0] == 0]) + 1
    assert found["every_place"] == (len(weights) + facts.filters) * facts.places


LINKS = (
    "image=coffee&layers=conv:sobel-x~relu",
    RGB,
    "image=coffee&layers=conv:identity",
    "image=digit-3&size=28&layers=model:lenet5",
    "image=coffee&channels=rgb&layers=conv:gaussian,stride=3,groups=3,bias=0.5",
    "image=dandelion&size=16&layers=conv:cifar10/conv1&channels=rgb",
)


@pytest.mark.parametrize("kind", ["cell", "size", "parameters", "map", "class", "filter", "fit"])
@pytest.mark.parametrize("link", LINKS)
def test_wrong_answers_differ_from_the_right_one_and_from_each_other(link, kind):
    trace = trace_of(link)
    question = find_question(trace, View(predict=kind))
    if question is None:
        return
    choices = list_choices(trace, question)
    assert [choice.reason for choice in choices].index(None) == 0
    assert all(choice.reason for choice in choices[1:])
    if kind == "filter":
        assert len({choice.weights for choice in choices}) == len(choices)
    elif kind != "map":
        assert len({choice.text for choice in choices}) == len(choices)
    offered = select_choices(choices)
    assert choices[0] in offered
    assert len(offered) <= 4


def test_the_trace_of_a_question_ends_where_its_answer_begins():
    trace = trace_of("image=coffee&layers=conv:sobel-x~relu~maxpool:2")
    for kind, shown in (("size", 1), ("parameters", 1), ("map", 1), ("filter", 1), ("cell", 2)):
        question = find_question(trace, View(predict=kind))
        assert question is not None
        assert len(hide_answer(trace, question).stages) == shown


def test_the_trace_of_a_cell_holds_the_cells_before_it_and_nothing_of_those_after():
    trace = trace_of("image=coffee&layers=conv:sobel-x;sobel-y~relu")
    question = find_question(trace, View(predict="cell", stage=1, map=1, at=(3, 4)))
    assert question is not None
    hidden, whole = hide_answer(trace, question).stages[1].output, trace.stages[1].output
    assert not hidden[0].any()
    assert (hidden[1].ravel()[: 3 * 30 + 4] == whole[1].ravel()[: 3 * 30 + 4]).all()
    assert not hidden[1].ravel()[3 * 30 + 4 :].any()
    left = whole[1].ravel()[: 3 * 30 + 4]
    ranges = trace_to_json(hide_answer(trace, question), {})["stages"][1]["ranges"]
    assert ranges == [[0.0, 0.0], [min(0.0, float(left.min())), max(0.0, float(left.max()))]]


def test_a_network_is_asked_for_its_class_without_its_last_layers():
    trace = trace_of("image=digit-3&size=28&layers=model:lenet5")
    question = find_question(trace, View(predict="class"))
    assert question is not None
    hidden = hide_answer(trace, question)
    assert not any(stage.info.classes for stage in hidden.stages)
    assert make_asking_view(View(predict="class"), question, hidden).stage == 0


def test_nothing_is_asked_where_there_is_no_such_answer():
    for link, view in (
        ("layers=relu", View(predict="parameters")),
        ("layers=", View(predict="size")),
        ("layers=conv:sobel-x", View(predict="class")),
        ("layers=relu", View(predict="cell", stage=1)),
    ):
        assert find_question(trace_of(link), view) is None


def test_a_page_that_asks_shows_neither_the_bar_nor_the_views():
    trace = trace_of("image=coffee&layers=conv:sobel-x~relu")
    question = find_question(trace, View(predict="cell", stage=1, at=(2, 2)))
    assert question is not None
    view = make_asking_view(
        View(predict="cell", tab="matrix", table=True, ghost=True), question, hide_answer(trace, question)
    )
    assert {"transport", "tabs", "legend", "multiples", "formula"} <= set(view.hide)
    assert (view.tab, view.table, view.ghost, view.beat, view.at) == ("", False, False, "window", (2, 2))


def test_the_link_of_a_question_names_its_place():
    trace = trace_of("image=coffee&layers=conv:sobel-x;sobel-y")
    for kind, place in (("cell", (1, 0, trace.stages[1].salient_places[0])), ("size", (1, None, None))):
        question = find_question(trace, View(predict=kind))
        assert question is not None
        link = format_link(trace.scene, make_linked_view(View(predict=kind), question))
        view = parse_link(link, Limits()).view
        assert (view.predict, view.stage, view.map, view.at) == (kind, *place)


def test_the_filter_of_a_map_reads_the_channels_of_its_group():
    trace = trace_of("image=coffee&channels=rgb&layers=conv:sharpen,groups=3")
    stage = trace.stages[1]
    facts = read_filter(stage, trace.stages[0], 2)
    assert facts.compute_cell(4, 7) == pytest.approx(stage.output[2, 4, 7], abs=1e-3)
    assert read_layer(stage).groups == 3


def test_wrong_receptive_fields_are_each_right_for_a_mistake():
    """A convolution 3 × 3, a pool 2 × 2 that moves by 2, a convolution 3 × 3: 1 + 2·1 + 1·1 + 2·2 = 8."""
    terms = [FieldTerm(3, 1), FieldTerm(2, 1), FieldTerm(3, 2)]
    assert dict(list_wrong_fields(terms)) == {
        "field_without_stride": 1 + 2 + 1 + 2,
        "field_added": 3 + 2 + 3,
        "field_last": 3,
        "field_multiplied": 3 * 2 * 3,
        "field_windows_times_jump": 3 * 1 + 2 * 1 + 3 * 2,
        "field_without_first": 2 * 1 + 1 * 1 + 2 * 2,
    }


def test_the_filter_of_a_map_stands_among_others_that_make_other_maps():
    trace = trace_of("image=chelsea&layers=conv:sobel-x")
    question = find_question(trace, View(predict="filter"))
    assert question is not None
    choices = list_choices(trace, question)
    right = np.array(choices[0].weights)
    assert right.tolist() == [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    windows = np.lib.stride_tricks.sliding_window_view(trace.stages[0].output[0].astype(float), (3, 3))
    maps = [(windows * np.array(one.weights)).sum((2, 3)) for one in choices]
    assert all(np.abs(made - maps[0]).max() > 1 for made in maps[1:])
    assert [[1, 0, -1], [2, 0, -2], [1, 0, -1]] in [np.array(one.weights).tolist() for one in choices]


def test_filters_that_make_the_same_map_are_the_same_answer():
    trace = trace_of("image=(0,0,0,0;0,0,0,0;0,0,0,0)&layers=conv:sobel-x")
    question = find_question(trace, View(predict="filter"))
    assert question is not None
    assert len(list_choices(trace, question)) == 1


def test_whether_a_window_fits_is_answered_with_what_it_never_reads():
    for size, stride, unread in ((7, 2, 0), (7, 3, 1), (8, 3, 2)):
        trace = trace_of(f"image=coffee&size={size}&layers=conv:sobel-x,stride={stride}")
        question = find_question(trace, View(predict="fit"))
        assert question is not None
        right, *wrong = list_choices(trace, question)
        starts = range(0, size - 2, stride)
        read = {cell for start in starts for cell in range(start, start + 3)}
        assert right.numbers == (size - len(read), size - len(read)) == (unread, unread)
        assert wrong
    assert find_question(trace_of("image=empty-7&layers=conv:sobel-x"), View(predict="fit")) is None


def test_a_turned_filter_is_offered_as_it_was_written():
    trace = trace_of("image=chelsea&layers=conv:(1,2;3,4),flip=1")
    question = find_question(trace, View(predict="filter"))
    assert question is not None
    assert list_choices(trace, question)[0].weights == ((1, 2), (3, 4))


@pytest.mark.parametrize(
    "link",
    ["image=coffee&size=5&layers=conv:sobel-x,stride=2,padding=1", "image=coffee&size=7&layers=maxpool:3,stride=2"],
)
def test_a_window_that_fits_is_asked_about_too(link):
    question = find_question(trace_of(link), View(predict="fit"))
    assert question is not None
    assert len(list_choices(trace_of(link), question)) >= 2
