"""The lectures' figures, and cases that PyTorch computed: first the committed ones, then live."""

import json
from functools import reduce
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import ops
from app.core.ops import activation
from app.core.ops.geometry import ONE_CELL, Axis, Geometry, ReceptiveField, count_conv_parameters
from tests.core.test_ops import convolutions, pools

GOLDEN = Path(__file__).parents[1] / "golden"
FIGURES = json.loads((GOLDEN / "worked-figures.json").read_text(encoding="utf-8"))
CASES = json.loads((GOLDEN / "ops.json").read_text(encoding="utf-8"))["cases"]
PYTORCH_ACTIVATIONS = ("relu", "sigmoid", "tanh", "absolute", "relu6", "gelu", "silu", "step")
PICTURES = sorted(name for name, figure in FIGURES.items() if isinstance(figure, dict))


def array(values):
    return None if values is None else np.array(values, np.float32)


def run(op, options, arrays):
    """The output of app.core for one case with JSON options."""
    options = {name: tuple(value) if isinstance(value, list) else value for name, value in options.items()}
    x, weight, bias = (array(arrays.get(name)) for name in ("x", "weight", "bias"))
    match op:
        case "conv2d":
            return ops.conv2d(x, weight, bias, ops.Conv(**options))
        case "pool2d":
            return ops.pool2d(x, ops.Pool(**options))
        case "linear":
            return ops.linear(x, weight, bias)
    return (getattr(ops, op, None) or getattr(activation, op))(x, **options)


@pytest.mark.parametrize("name", PICTURES)
def test_the_lectures_figure_comes_out(name):
    figure = FIGURES[name]
    stride, padding = figure.get("stride", 1), figure.get("padding", 0)
    options = {"stride": (stride,) * 2, "padding": (padding,) * 4}
    arrays = figure | {"x": figure["image"]}
    if "pool" in figure:
        size = (figure["kernel_size"],) * 2
        y = run("pool2d", options | {"kind": figure["pool"], "kernel_size": size}, arrays)
    else:
        y = run("conv2d", options, arrays)
    assert y.tolist() == figure["output"]


@pytest.mark.parametrize("figure", FIGURES["shapes"], ids=lambda figure: "-".join(map(str, figure["input"])))
def test_the_lectures_layer_has_its_shape_and_parameters(figure):
    channels, *size = figure["input"]
    rows, columns = (
        Axis(cells, figure["kernel"], figure["stride"], before=figure["padding"], after=figure["padding"])
        for cells in size
    )
    assert [figure["filters"], *Geometry(rows, columns).shape] == figure["output"]
    assert rows.fits == figure.get("fits", True)
    if "parameters" in figure:
        kernel = (figure["kernel"],) * 2
        assert count_conv_parameters(figure["filters"], channels, kernel, bias=True) == figure["parameters"]


@pytest.mark.parametrize("figure", FIGURES["receptive_field"], ids=lambda figure: str(figure["layers"]))
def test_the_lectures_stack_sees_its_receptive_field(figure):
    axis = Axis(32, figure["kernel"])
    assert (
        reduce(ReceptiveField.extend, [Geometry(axis, axis)] * figure["layers"], ONE_CELL).size == (figure["size"],) * 2
    )


def test_every_worked_figure_is_tested():
    assert {*PICTURES, "shapes", "receptive_field"} == set(FIGURES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["op"])
def test_the_output_equals_that_of_pytorch(case):
    y = run(case["op"], case["options"], case)
    expected = array(case["output"])
    assert y.shape == expected.shape
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-5)


def live(op, options, **arrays):
    """The output of PyTorch, computed now."""
    torch = pytest.importorskip("torch")
    from tests.golden.make_reference import answer

    tensors = {name: torch.from_numpy(value) for name, value in arrays.items() if value is not None}
    return answer(op, options, tensors).numpy()


@given(convolutions())
@settings(max_examples=200, deadline=None)
def test_convolution_agrees_with_pytorch_over_a_random_sweep(case):
    convolution_agrees(case)


@pytest.mark.long
@given(convolutions())
@settings(max_examples=5000, deadline=None)
def test_convolution_agrees_with_pytorch_over_a_wide_random_sweep(case):
    convolution_agrees(case)


@given(pools())
@settings(max_examples=200, deadline=None)
def test_pooling_agrees_with_pytorch_over_a_random_sweep(case):
    pooling_agrees(case)


@pytest.mark.long
@given(pools())
@settings(max_examples=5000, deadline=None)
def test_pooling_agrees_with_pytorch_over_a_wide_random_sweep(case):
    pooling_agrees(case)


def convolution_agrees(case):
    x, weight, bias, options = case
    x = x * np.float32(0.37)
    y = ops.conv2d(x, weight, bias, ops.Conv(**options))
    expected = live("conv2d", options, x=x, weight=weight, bias=bias)
    assert y.shape == expected.shape
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-3)


def pooling_agrees(case):
    x, options = case
    if not pytorch_can_say(options):
        return
    x = x * np.float32(0.37)
    y = ops.pool2d(x, ops.Pool(**options))
    expected = live("pool2d", options, x=x)
    assert y.shape == expected.shape
    assert np.allclose(y, expected, rtol=1e-5, atol=1e-5)


def pytorch_can_say(options):
    """PyTorch pads pools by the same on both sides and by half a window at most.

    Uneven sides go through F.pad, whose cells count as input: the same thing in floor mode, as long
    as the mean counts them too.
    """
    top, bottom, left, right = options["padding"]
    if (top, left) == (bottom, right):
        return all(2 * side <= k for side, k in zip((top, left), options["kernel_size"], strict=True))
    return not options["ceil_mode"] and options["count_include_pad"]


@given(
    st.lists(st.floats(-(2.0**99), 2.0**99, width=32), min_size=1, max_size=40), st.sampled_from(PYTORCH_ACTIVATIONS)
)
@settings(max_examples=200, deadline=None)
def test_activations_agree_with_pytorch_over_a_random_sweep(values, op):
    x = array(values).reshape(1, 1, -1)
    assert np.allclose(run(op, {}, {"x": x}), live(op, {}, x=x), rtol=1e-5, atol=1e-6)
