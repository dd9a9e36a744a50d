"""Transposed convolutions: their numbers, sizes, steps, code and receptive fields; live against PyTorch where it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import ops
from app.core.explain import explain_step
from app.core.explain.receptive_box import find_receptive_box
from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.ops.transposed import TransposedAxis
from app.core.scene import Layer
from app.core.texts import write_message
from app.core.writing import write_step
from tests import oracle
from tests.figures import only_message, stages
from tests.stage_code import assert_code_is_close, compute, list_dialects

FOUR = "image=(1,2;3,4)"
PAIR = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def layers(draw: st.DrawFn) -> dict[str, object]:
    """Options, maps and filters that fit each other, of whole numbers."""
    groups = draw(st.sampled_from([1, 1, 2, 3]))
    depth, each = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, dilation = draw(PAIR), draw(PAIR), draw(PAIR)
    size = draw(st.tuples(st.integers(1, 4), st.integers(1, 4)))
    more = tuple(draw(st.integers(0, max(step, apart) - 1)) for step, apart in zip(stride, dilation, strict=True))
    full = [
        (cells - 1) * step + apart * (taps - 1) + 1 + end
        for cells, step, apart, taps, end in zip(size, stride, dilation, kernel, more, strict=True)
    ]
    padding = tuple(draw(st.integers(0, min(3, (cells - 1) // 2))) for cells in full)
    whole = np.random.default_rng(draw(st.integers(0, 10_000)))
    return {
        "x": whole.integers(-9, 10, (groups * depth, *size)).astype(np.float32),
        "weight": whole.integers(-3, 4, (groups * each, depth, *kernel)).astype(np.float32),
        "bias": whole.integers(-2, 3, groups * each).astype(np.float32),
        "options": {
            "stride": stride, "padding": padding, "output_padding": more, "dilation": dilation, "groups": groups
        },
    }  # fmt: skip


@given(layers())
def test_every_output_cell_is_what_the_loops_over_input_cells_add_up_to(case):
    x, weight, bias, options = (case[name] for name in ("x", "weight", "bias", "options"))
    y = ops.conv_transpose2d(x, weight, bias, ops.ConvTranspose(**options))
    expected = oracle.conv_transpose2d(x.tolist(), weight.tolist(), bias.tolist(), **options)
    assert y.tolist() == expected


@given(layers())
@settings(deadline=None)
def test_it_is_what_pytorch_computes(case):
    torch = pytest.importorskip("torch")
    x, weight, bias, options = (case[name] for name in ("x", "weight", "bias", "options"))
    maps, depth, *kernel = weight.shape
    groups = options["groups"]
    layer = torch.nn.ConvTranspose2d(len(x), maps, tuple(kernel), **options)
    theirs = weight.reshape(groups, maps // groups, depth, *kernel).transpose(0, 2, 1, 3, 4)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(np.ascontiguousarray(theirs).reshape(layer.weight.shape)))
        layer.bias.copy_(torch.from_numpy(bias))
        y = layer(torch.from_numpy(x)[None])[0].numpy()
    assert np.array_equal(ops.conv_transpose2d(x, weight, bias, ops.ConvTranspose(**options)), y)


@given(layers())
def test_reading_from_the_output_finds_the_cells_that_writing_from_the_input_reaches(case):
    options, shape, (_, _, *kernel) = case["options"], case["x"].shape[1:], case["weight"].shape
    geometry = ops.ConvTranspose(**options).geometry(shape, tuple(kernel))
    for axis in (geometry.rows, geometry.columns):
        assert isinstance(axis, TransposedAxis)
        reached = {place: [] for place in range(axis.positions)}
        for cell in range(axis.size):
            for tap in range(axis.kernel):
                place = cell * axis.stride - axis.crop + tap * axis.dilation
                if place in reached:
                    reached[place].append((cell, tap))
        for place, taps in reached.items():
            read = list(axis.list_taps(place))
            assert read == sorted(taps) if taps else read[0][1] == -1
        for cell in range(axis.size):
            assert list(axis.list_readers(cell)) == [p for p, taps in reached.items() if cell in dict(taps)]
        assert list(axis.unread) == [c for c in range(axis.size) if not axis.list_readers(c)]


# The case of Dumoulin and Visin's guide (2016), 2 × 2 by 3 × 3 at stride 2, with numbers.
def test_copies_of_the_filter_add_up_where_they_overlap():
    stage = stages(f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2")[1]
    assert stage.output[0].tolist() == [
        [1, 2, 3 + 2, 4, 6],
        [4, 5, 6 + 8, 10, 12],
        [7 + 3, 8 + 6, 9 + 14 + 9 + 4, 16 + 8, 18 + 12],
        [12, 15, 18 + 16, 20, 24],
        [21, 24, 27 + 28, 32, 36],
    ]
    assert (stage.info.parameters, stage.info.multiply_adds) == (10, 36)
    assert write_message(stage.info.title) == "Transposed convolution"
    assert stage.info.colors == "signed"


def test_its_padding_crops_and_output_padding_adds_cells():
    whole = stages(f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2")[1].output
    cropped = stages(f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2,padding=1x0")[1].output
    assert np.array_equal(cropped, whole[:, 1:4])
    longer = stages(f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2,output_padding=1x0,bias=1/2")[1].output
    assert np.array_equal(longer[:, :5], whole + 0.5)
    assert longer[0, 5].tolist() == [0.5] * 5


def test_a_filter_of_one_plane_is_repeated_over_the_channels_and_summed():
    one = stages("image=(1,2;3,4)(5,6;7,8)&layers=convtranspose:(1,2;3,4)")[1].output
    both = stages("image=(6,8;10,12)&layers=convtranspose:(1,2;3,4)")[1].output
    assert np.array_equal(one, both)
    alone = stages("image=(1,2;3,4)(5,6;7,8)&layers=convtranspose:(1,2;3,4),groups=2")[1].output
    assert alone.shape == (2, 3, 3)
    assert np.array_equal(alone.sum(axis=0), both[0])


SITUATIONS = (
    f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2,padding=1,output_padding=1",
    f"{FOUR}&layers=convtranspose:(0.5,1/3;-0.25,1)/4;(1,2;3,4),bias=(0.1,2),stride=2x1",
    "image=random*4@3x3,seed=5&layers=convtranspose:6@3x3,groups=2,stride=2,dilation=2x1,padding=1",
    "image=random*2@3x4,seed=6&layers=convtranspose:random*3@2x3,stride=3x2,seed=4~convtranspose:sobel-x,stride=2",
    "image=face&size=5&channels=rgb&layers=convtranspose:(1,1;1,1),groups=3,stride=2~conv:sobel-x,padding=1~relu",
)


@pytest.mark.parametrize("dialect", list_dialects())
@pytest.mark.parametrize("query", SITUATIONS)
def test_the_code_computes_the_layer(dialect: str, query: str):
    assert_code_is_close(dialect, query, atol=1e-4)


@pytest.mark.parametrize("query", SITUATIONS)
def test_each_step_adds_up_to_the_number_of_the_map(query: str):
    trace = compute(query)
    for stage in trace.stages[1:]:
        for map, row, col in np.ndindex(stage.output.shape):
            step = explain_step(trace, stage.info.index, map, row, col)
            assert step["result"] == pytest.approx(float(stage.output[map, row, col]), rel=1e-4, abs=1e-4)
            assert write_step(trace, step).result


def test_the_step_lists_the_input_cells_that_reach_a_cell_with_their_weights():
    trace = compute(f"{FOUR}&layers=convtranspose:(1,2,3;4,5,6;7,8,9),stride=2")
    middle = explain_step(trace, 1, 0, 2, 2)
    assert (middle["rows"], middle["columns"]) == ([0, 1], [0, 1])
    (channel,) = middle["channels"]
    assert channel["values"] == [[1, 2], [3, 4]]
    assert channel["weights"] == [[9, 7], [3, 1]]
    assert channel["products"] == [[9, 14], [9, 4]]
    edge = explain_step(trace, 1, 0, 1, 0)
    assert (edge["rows"], edge["columns"], edge["channels"][0]["weights"]) == ([0], [0], [[4]])


def test_where_no_input_cell_reaches_the_nearest_one_has_the_weight_0():
    trace = compute(f"{FOUR}&layers=convtranspose:(5),stride=3,bias=2")
    step = explain_step(trace, 1, 0, 1, 2)
    assert step["channels"][0]["weights"] == [[0]]
    assert step["result"] == 2 == trace.stages[1].output[0, 1, 2]


@pytest.mark.parametrize("query", SITUATIONS)
def test_the_receptive_field_is_the_box_of_the_cells_that_change_a_cell(query: str):
    trace = compute(query)
    first = trace.stages[0].output
    for stage in trace.stages[1:]:
        down, across = stage.info.receptive_field.size
        for row, col in np.ndindex(stage.output.shape[1:]):
            top, left, height, width = find_receptive_box(trace, stage.info.index, 0, row, col)
            assert height <= down
            assert width <= across
            assert 0 <= top <= first.shape[1] - height
            assert 0 <= left <= first.shape[2] - width


def test_jumps_and_sizes_behind_it():
    _, up, back = stages("image=random*1@9x9&layers=convtranspose:2@3x3,stride=2~conv:3@3x3,stride=2")
    assert up.info.receptive_field.jump == (0.5, 0.5)
    assert up.info.receptive_field.size == (2, 2)
    assert up.info.receptive_field.is_bound
    assert back.info.receptive_field.jump == (1, 1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("padding=3", "padding is 3; it is cut off each side of an output of 3 rows, so it can be at most 1."),
        ("stride=2,output_padding=2", "output_padding is 2 rows; with stride 2 and dilation 1 it can be at most 1."),
        ("groups=2", "cannot be split into 2 equal groups"),
    ],
)
def test_what_does_not_fit_is_said(options: str, words: str):
    assert words in only_message(f"{FOUR}&layers=convtranspose:(1,2;3,4),{options}")


def test_links_keep_it():
    text = "convtranspose:64@3x3,stride=2,padding=1,output_padding=1x0,dilation=2,groups=1,seed=4"
    link = parse_link(f"layers={text}", Limits())
    assert link.problems == ()
    assert isinstance(link.scene.layers[0], Layer)
    assert format_link(link.scene) == f"layers={text}"
