import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.ops import (
    Conv,
    Pool,
    absolute,
    conv2d,
    flatten,
    globalpool,
    leaky_relu,
    linear,
    pool2d,
    relu,
    shift,
    sigmoid,
    softmax,
    tanh,
)
from app.core.ops.activation import gelu, relu6, silu, step
from app.core.ops.geometry import compute_padding
from tests import oracle


def whole(draw, *shape, limit=9):
    """Small whole numbers, whose sums float32 holds exactly."""
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed).integers(-limit, limit + 1, shape).astype(np.float32)


@st.composite
def convolutions(draw):
    """An image, a filter bank, a bias or none, and options with which the window fits."""
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    dilation = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    mode = draw(st.sampled_from(["zeros", "reflect", "replicate", "circular"]))
    padding, size = [], []
    for k, d in zip(kernel, dilation, strict=True):
        before, after = draw(st.integers(0, 4)), draw(st.integers(0, 4))
        smallest = max(1, d * (k - 1) + 1 - before - after)
        if mode in ("reflect", "circular"):
            smallest = max(smallest, before + (mode == "reflect"), after + (mode == "reflect"))
        padding += [before, after]
        size.append(draw(st.integers(smallest, smallest + 6)))
    groups, channels, maps = draw(st.integers(1, 3)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    stride = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    x = whole(draw, groups * channels, *size)
    weight = whole(draw, groups * maps, channels, *kernel)
    bias = whole(draw, groups * maps) if draw(st.booleans()) else None
    options = {"stride": stride, "padding": tuple(padding), "dilation": dilation, "groups": groups}
    return x, weight, bias, options | {"padding_mode": mode, "flip": draw(st.booleans())}


@st.composite
def pools(draw):
    """Maps, and options with which the window fits."""
    kernel = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    ceil_mode = draw(st.booleans())
    padding, size = [], []
    for k in kernel:
        before, after = draw(st.integers(0, k - 1)), draw(st.integers(0, k - 1))
        padding += [before, after]
        smallest = max(1, k - before - after)
        size.append(draw(st.integers(smallest, smallest + 8)))
    options = {
        "kind": draw(st.sampled_from(["max", "min", "avg", "l2"])),
        "kernel_size": kernel,
        "stride": (draw(st.integers(1, 6)), draw(st.integers(1, 6))),
        "padding": tuple(padding),
        "ceil_mode": ceil_mode,
        "count_include_pad": draw(st.booleans()),
    }
    return whole(draw, draw(st.integers(1, 3)), *size), options


@given(convolutions())
@settings(max_examples=300, deadline=None)
def test_convolution_equals_four_nested_loops_exactly(case):
    x, weight, bias, options = case
    y = conv2d(x, weight, bias, Conv(**options))
    expected = oracle.conv2d(x.tolist(), weight.tolist(), None if bias is None else bias.tolist(), **options)
    assert y.dtype == np.float32
    assert y.flags.c_contiguous
    assert y.tolist() == expected


@given(pools())
@settings(max_examples=300, deadline=None)
def test_pooling_equals_nested_loops(case):
    x, options = case
    y = pool2d(x, Pool(**options))
    expected = np.array(oracle.pool2d(x.tolist(), **options), np.float32)
    assert y.dtype == np.float32
    assert y.tolist() == expected.tolist()


@given(convolutions())
@settings(max_examples=50, deadline=None)
def test_the_geometry_of_a_convolution_is_the_shape_of_its_result(case):
    x, weight, bias, options = case
    conv = Conv(**options)
    assert conv2d(x, weight, bias, conv).shape[1:] == conv.geometry(x.shape[1:], weight.shape[2:]).shape


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_a_causal_convolution_of_signals_is_the_beginning_of_numpys(data):
    size, kernel, dilation = (data.draw(st.integers(1, most)) for most in (40, 7, 4))
    x, w = whole(data.draw, size), whole(data.draw, kernel)
    spread = np.zeros((kernel - 1) * dilation + 1)
    spread[::dilation] = w
    conv = Conv(padding=compute_padding("causal", (1, kernel), (1, dilation)), dilation=(1, dilation), flip=True)
    y = conv2d(x.reshape(1, 1, size), w.reshape(1, 1, 1, kernel), None, conv)
    assert y.ravel().tolist() == np.convolve(x, spread)[:size].tolist()


def test_a_picture_larger_than_one_block_is_still_exact():
    draw = np.random.default_rng(1)
    x = draw.integers(0, 256, (2, 211, 307)).astype(np.float32)
    weight = draw.integers(-9, 10, (4, 1, 7, 5)).astype(np.float32)
    y = conv2d(x, weight, None, Conv(groups=2, padding=(3, 3, 2, 2)))
    padded = np.pad(x.astype(np.int64), ((0, 0), (3, 3), (2, 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (7, 5), (1, 2))
    expected = np.einsum("gmij,grqij->gmrq", weight.astype(np.int64).reshape(2, 2, 7, 5), windows)
    assert (y == expected.reshape(4, 211, 307)).all()


@pytest.mark.parametrize("shape", [(1, 600, 700), (40, 50, 60), (2, 300, 9)])
@pytest.mark.parametrize(("kernel", "stride"), [((9, 9), (1, 1)), ((3, 2), (2, 3)), ((1, 4), (1, 5))])
def test_maps_larger_than_one_tile_are_pooled_the_same(shape, kernel, stride):
    x = np.random.default_rng(2).integers(0, 256, shape).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(x, kernel, (1, 2))[:, :: stride[0], :: stride[1]]
    assert (pool2d(x, Pool("max", kernel, stride)) == windows.max((3, 4))).all()
    assert (pool2d(x, Pool("min", kernel, stride)) == windows.min((3, 4))).all()
    assert np.allclose(pool2d(x, Pool("avg", kernel, stride)), windows.mean((3, 4)), rtol=1e-6)


def test_sums_of_whole_numbers_just_below_two_to_the_24_are_exact():
    x = np.full((1, 3, 3), 255, np.float32)
    weight = np.array([[[[7300, 7301, 7302], [-1, 7303, 7304], [7305, 7306, 7307]]]], np.float32)
    assert conv2d(x, weight).item() == 255 * int(weight.sum())


def test_turning_the_kernel_makes_the_correlation_of_an_impulse_draw_the_kernel():
    impulse = np.zeros((1, 5, 5), np.float32)
    impulse[0, 2, 2] = 1
    weight = np.arange(9, dtype=np.float32).reshape(1, 1, 3, 3)
    assert (conv2d(impulse, weight, None, Conv(flip=True))[0] == weight[0, 0]).all()
    assert (conv2d(impulse, weight)[0] == weight[0, 0, ::-1, ::-1]).all()


def test_inputs_that_are_views_or_of_another_type_give_the_same_result():
    x = np.arange(2 * 8 * 10, dtype=np.float32).reshape(2, 8, 10)
    weight = np.arange(18, dtype=np.float32).reshape(1, 2, 3, 3)
    expected = conv2d(x[:, ::2, 1::2].copy(), weight)
    assert (conv2d(x[:, ::2, 1::2], weight) == expected).all()
    assert (conv2d(x[:, ::2, 1::2].astype(int), weight.astype(int)) == expected).all()
    assert (pool2d(x.astype(np.uint8), Pool("l2", (1, 1), (1, 1))) == x).all()


def test_operations_leave_their_inputs_as_they_were():
    x, weight = np.ones((1, 4, 4), np.float32), np.ones((1, 1, 3, 3), np.float32)
    for y in (
        conv2d(x, weight, np.ones(1, np.float32)),
        pool2d(x, Pool("avg", (1, 1), (1, 1))),
        pool2d(x, Pool("max", (2, 2), (1, 1), (1, 1, 1, 1))),
        relu(x),
        shift(x, (0, 0)),
    ):
        y[:] = 5
    assert (x == 1).all()
    assert (weight == 1).all()


@pytest.mark.parametrize(
    ("conv", "shapes", "sentence"),
    [
        (Conv(groups=2), ((3, 5, 5), (2, 1, 3, 3)), "groups is 2; it must divide the 3 channels"),
        (Conv(groups=0), ((3, 5, 5), (2, 1, 3, 3)), "groups is 0"),
        (Conv(), ((3, 5, 5), (2, 1, 3, 3)), "a filter has 1 planes; its group has 3"),
        (Conv(stride=(0, 1)), ((1, 5, 5), (1, 1, 3, 3)), "stride is 0"),
        (Conv(), ((1, 5, 2), (1, 1, 3, 3)), "3 columns long; there are 2, padding included"),
        (
            Conv(padding=(0, 5, 0, 0), padding_mode="reflect"),
            ((1, 5, 5), (1, 1, 3, 3)),
            "padding is 5; reflect padding of 5 rows can be 0 to 4",
        ),
        (
            Conv(padding=(0, 0, 6, 0), padding_mode="circular"),
            ((1, 5, 5), (1, 1, 3, 3)),
            "padding is 6; circular padding of 5 columns can be 0 to 5",
        ),
    ],
)
def test_an_invalid_convolution_is_rejected_with_the_reason(conv, shapes, sentence):
    x, weight = (np.zeros(shape, np.float32) for shape in shapes)
    with pytest.raises(ValueError, match=sentence):
        conv2d(x, weight, None, conv)


def test_a_bias_has_one_number_per_filter():
    with pytest.raises(ValueError, match="bias has 3 numbers; it must have 2"):
        conv2d(np.ones((1, 3, 3), np.float32), np.ones((2, 1, 3, 3), np.float32), np.ones(3, np.float32))


def test_a_pool_whose_window_could_lie_in_the_padding_alone_is_refused():
    with pytest.raises(ValueError, match="padding is 2; with a window of 2 rows it can be 0 to 1"):
        pool2d(np.ones((1, 4, 4), np.float32), Pool("max", (2, 2), (2, 2), (2, 0, 0, 0)))
    with pytest.raises(ValueError, match="5 rows long; there are 4"):
        pool2d(np.ones((1, 4, 4), np.float32), Pool("max", (5, 5), (1, 1)))


def test_padding_is_never_the_maximum_or_the_minimum():
    x = np.full((1, 2, 2), -3, np.float32)
    assert (pool2d(x, Pool("max", (3, 3), (1, 1), (1, 1, 1, 1))) == -3).all()
    assert (pool2d(-x, Pool("min", (3, 3), (1, 1), (1, 1, 1, 1))) == 3).all()


def test_a_global_pool_gives_one_number_per_map():
    x = np.arange(12, dtype=np.float32).reshape(2, 2, 3)
    assert globalpool(x, "avg").tolist() == [[[2.5]], [[8.5]]]
    assert globalpool(x, "max").tolist() == [[[5]], [[11]]]


def test_a_shift_moves_the_content_and_fills_with_zeros():
    x = np.arange(1, 7, dtype=np.float32).reshape(1, 2, 3)
    assert shift(x, (0, 1)).tolist() == [[[0, 1, 2], [0, 4, 5]]]
    assert shift(x, (-1, 0)).tolist() == [[[4, 5, 6], [0, 0, 0]]]
    assert shift(x, (1, -2)).tolist() == [[[0, 0, 0], [3, 0, 0]]]
    assert not shift(x, (7, -9)).any()


def test_activations_of_known_values():
    x = np.array([[[-2, 0, 3]]], np.float32)
    assert relu(x).tolist() == [[[0, 0, 3]]]
    assert absolute(x).tolist() == [[[2, 0, 3]]]
    assert leaky_relu(x, 0.5).tolist() == [[[-1, 0, 3]]]
    assert sigmoid(x)[0, 0, 1] == 0.5
    assert tanh(x)[0, 0, 1] == 0


def test_the_step_at_zero_is_zero_and_relu6_ends_at_six():
    x = np.array([[[-2, 0, 0.5, 7]]], np.float32)
    assert step(x).tolist() == [[[0, 0, 1, 1]]]
    assert relu6(x).tolist() == [[[0, 0, 0.5, 6]]]


def test_gelu_is_exact_to_float32_everywhere():
    values = np.concatenate([np.linspace(-40, 40, 4001), np.geomspace(1e-30, 1e30, 61)])
    erf = np.array([math.erf(x / math.sqrt(2)) for x in values])
    assert np.abs(2 * gelu(values) / np.where(values, values, 1) - 1 - erf)[values != 0].max() < 1e-12
    exact = [x / 2 * math.erfc(-x / math.sqrt(2)) for x in values]
    assert np.allclose(gelu(values.astype(np.float32)), exact, rtol=1e-5, atol=1e-12)


def test_large_values_do_not_overflow():
    x = np.array([[[-1e6, 0, 1e6]]], np.float32)
    assert sigmoid(x).tolist() == [[[0, 0.5, 1]]]
    assert gelu(x).tolist() == silu(x).tolist() == [[[0, 0, 1e6]]]
    assert softmax(x).tolist() == [[[0, 0, 1]]]


def test_every_operation_stays_in_float32():
    x = np.linspace(-1, 1, 24, dtype=np.float32).reshape(2, 3, 4)
    weight = np.ones((5, 24), np.float32)
    results = [
        *(op(x) for op in (relu, sigmoid, tanh, absolute, softmax, flatten, leaky_relu, relu6, gelu, silu, step)),
        linear(x, weight, np.ones(5, np.float32)),
        globalpool(x, "avg"),
        shift(x, (1, 1)),
    ]
    assert {y.dtype for y in results} == {np.dtype(np.float32)}
    assert {y.ndim for y in results} == {3}


def test_softmax_adds_up_to_one_over_all_maps():
    x = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    assert softmax(x).sum() == pytest.approx(1)


def test_a_linear_layer_is_a_convolution_by_filters_as_large_as_the_image():
    draw = np.random.default_rng(3)
    x = draw.integers(-9, 9, (2, 3, 4)).astype(np.float32)
    weight = draw.integers(-9, 9, (5, 2, 3, 4)).astype(np.float32)
    bias = draw.integers(-9, 9, 5).astype(np.float32)
    assert linear(x, weight.reshape(5, -1), bias).tolist() == conv2d(x, weight, bias).tolist()
    with pytest.raises(ValueError, match="reads 24 values; it was given 12"):
        linear(x[:1], weight.reshape(5, -1))
