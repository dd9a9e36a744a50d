from __future__ import annotations

import tracemalloc

import pytest

from app.core.layer_error import LayerError
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.scene import Layer
from app.core.texts import make_text
from app.core.trace.plan import Plan, plan_layer
from app.core.weights.pretrained import NoTrainedModels

untrained = NoTrainedModels()


def planned(text: str, shape=(1, 8, 8)) -> Plan:
    link = parse_link(f"layers={text}", Limits())
    assert link.problems == ()
    return plan_layer(link.scene.layers[0], 0, shape, untrained)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("conv:sobel-x", (1, 6, 6)),
        ("conv:random*4@3x5,stride=2x1", (4, 3, 4)),
        ("conv:(1,1;1,1),padding=full", (1, 9, 9)),
        ("conv:(1,1;1,1),padding=same", (1, 8, 8)),
        ("conv:sobel-x,dilation=3,padding=(1,0,2,0)", (1, 3, 4)),
        ("maxpool", (1, 4, 4)),  # a head left out is the table's
        ("avgpool:3", (1, 2, 2)),
        ("avgpool:3,ceil_mode=1", (1, 3, 3)),
        ("l2pool:3x2,stride=1,padding=1", (1, 8, 9)),
        ("globalmaxpool", (1, 1, 1)),
        ("leaky_relu", (1, 8, 8)),
        ("shift", (1, 8, 8)),
        ("flatten", (64, 1, 1)),
    ],
)
def test_a_layer_knows_its_shape_before_anything_is_computed(text, shape):
    assert planned(text).shape == shape


def test_parameters_and_multiply_adds_are_counted_as_lectures_count_them():
    plan = planned("conv:random*10@5x5,padding=2", (3, 32, 32))
    assert plan.shape == (10, 32, 32)
    assert plan.parameters == 760
    assert plan.multiply_adds == plan.work == 10 * 75 * 32 * 32
    one = planned("conv:sobel-x", (3, 32, 32))
    assert (one.shape, one.parameters, one.multiply_adds) == ((1, 30, 30), 28, 27 * 30 * 30)
    depthwise = planned("conv:sobel-x,groups=3", (3, 32, 32))
    assert (depthwise.parameters, depthwise.multiply_adds) == (3 * 10, 3 * 9 * 30 * 30)
    assert (planned("relu").parameters, planned("maxpool").multiply_adds) == (0, 0)


def test_a_pool_counts_the_cells_that_it_joins():
    """Rows first, in every column of the padded input; then columns."""
    plan = planned("avgpool:4x2,stride=4x8,padding=2x1", (5, 16, 16))
    assert plan.shape == (5, 5, 3)
    assert plan.work == 5 * (5 * 18 * 4 + 5 * 3 * 2) + 5 * 16 * 16


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        (
            "conv:random*1@9x9",
            "kernel_size",
            "The filter spans 9 rows, but its input has only 8 rows.",
        ),
        (
            "conv:random*1@3x15,padding=0x3",
            "kernel_size",
            "The filter spans 15 columns, but its input has only 14 columns, padding included.",
        ),
        (
            "conv:sobel-x,dilation=4",
            "dilation",
            "With dilation 4 the filter spans 9 rows, but its input has only 8 rows; dilation can be at most 3.",
        ),
        ("maxpool:9", "kernel_size", "The window spans 9 rows, but its input has only 8 rows."),
        (
            "conv:sobel-x,padding=8,padding_mode=reflect",
            "padding",
            "padding is 8; with padding_mode=reflect and 8 rows it can be at most 7.",
        ),
        (
            "conv:sobel-x,padding=0x9,padding_mode=circular",
            "padding",
            "padding is 9; with padding_mode=circular and 8 columns it can be at most 8.",
        ),
        (
            "conv:(1,2),padding=causal",
            "padding",
            "padding is causal, which pads a single row on its left, and the input has 8 rows; it can be valid, same, "
            "full or numbers.",
        ),
        (
            "avgpool:3,padding=2",
            "padding",
            "padding is 2; with a window of 3 rows it can be at most 1, so that no window lies in the padding alone.",
        ),
        ("model:lenet5", "layers", "There is no trained model called lenet5 here."),
    ],
)
def test_a_layer_that_does_not_fit_is_rejected_with_the_value_and_the_allowed_range(text, field, message):
    with pytest.raises(LayerError) as caught:
        planned(text)
    assert caught.value.problem.field == field
    assert caught.value.problem.message == message


@pytest.mark.parametrize(
    "text",
    [
        "conv:random*1@8x8",
        "conv:sobel-x,dilation=3",
        "conv:sobel-x,padding=7,padding_mode=reflect",
        "conv:sobel-x,padding=8,padding_mode=circular",
        "conv:sobel-x,padding=64,padding_mode=replicate",
        "maxpool:8",
        "avgpool:3,padding=1",
        "avgpool:4,padding=2",
    ],
)
def test_a_layer_that_just_fits_is_planned(text):
    assert min(planned(text).shape) >= 1


def test_an_unknown_operation_is_rejected():
    with pytest.raises(LayerError, match="blur is unknown; layers can be conv, convtranspose, relu"):
        plan_layer(Layer("blur"), 0, (1, 8, 8), untrained)


def test_same_padding_with_a_stride_says_what_pytorch_does():
    assert planned("conv:sobel-x,padding=same,stride=2").notes == (make_text("same_stride"),)
    assert planned("conv:sobel-x,padding=same").notes == ()


def test_no_array_is_made_for_a_plan_however_large_it_would_be():
    tracemalloc.start()
    try:
        plan = planned("conv:random*64@15x15,padding=64", (512 * 512 * 3, 1, 1))
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()
    assert plan.weights == 64 * 512 * 512 * 3 * 15 * 15
    assert plan.workspace > 512 * 512 * 3 * 129 * 129
