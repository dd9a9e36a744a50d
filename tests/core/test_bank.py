from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from app.core.layer_error import LayerError
from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.problems import make_problem
from app.core.scene import Layer, NamedFilter
from app.core.texts import make_text
from app.core.weights.bank import LearnedBank
from app.core.weights.bank_plan import plan_bank


def layer(text: str) -> Layer:
    link = parse_link(f"layers={text}", Limits())
    assert link.problems == ()
    return link.scene.layers[0]


def trained(learned):
    """A bank of four filters over three channels, of which 0.25 is the bias of the last; nothing else is trained."""
    if learned.model != "tiny":
        return make_problem("no_learned", "filters", learned.model, "tiny")
    weight = np.arange(4 * 3 * 2 * 2, dtype=np.float32).reshape(4, 3, 2, 2) / 7
    return LearnedBank(weight, np.array([0, 0, 0, 0.25], np.float32), (("stride", (2, 2)), ("padding", (1, 1, 1, 1))))


def bank(text: str, channels: int = 1):
    return plan_bank(layer(text), channels, trained).make()


def refusal(text: str, channels: int = 1) -> LayerError:
    with pytest.raises(LayerError) as caught:
        plan_bank(layer(text), channels, trained)
    return caught.value


def test_a_typed_filter_is_whole_numbers_over_what_was_written():
    made = bank("conv:(0.5,1/3)/9,bias=1/4")
    assert made.weight.tolist() == [[[[3, 2]]]]
    assert (made.divisors, made.scales, made.total_divisors) == ((9,), (6,), (54,))
    assert (made.bias.tolist(), made.bias_text, made.labels) == ([0.25], ("1/4",), (make_text("typed_label"),))
    assert made.exact


def test_a_filter_of_one_plane_is_repeated_over_the_channels_of_its_group():
    assert bank("conv:(1,2)", 4).weight.tolist() == [[[[1, 2]]] * 4]
    assert bank("conv:(1,2),groups=2", 4).weight.tolist() == [[[[1, 2]]] * 2] * 2
    assert bank("conv:(1)(2)(3)", 3).weight.tolist() == [[[[1]], [[2]], [[3]]]]


def test_a_list_is_applied_in_every_group_in_the_order_of_pytorch():
    torch_order = bank("conv:(1);(2)/3,groups=3,bias=(0,1,2,3,4,5)", 3)
    assert torch_order.weight.ravel().tolist() == [1, 2] * 3
    assert torch_order.divisors == (1, 3) * 3
    assert torch_order.bias.tolist() == [0, 1, 2, 3, 4, 5]
    assert plan_bank(layer("conv:(1);(2),groups=3"), 3, trained).maps == 6


@pytest.mark.parametrize(
    ("text", "channels", "groups"),
    [
        ("conv:sobel-x", 3, 1),
        ("conv:sobel-x;box-blur", 3, 1),
        ("conv:sobel-x,groups=1", 3, 1),
        ("conv:sobel-x,groups=3", 3, 3),
        ("conv:sobel-x;(1)", 3, 1),
        ("conv:(1)", 3, 1),
        ("conv:sobel-x", 1, 1),
        ("conv:sobel-x", 6, 1),
        ("conv:random*2@3x3,groups=6", 6, 6),
    ],
)
def test_every_filter_reads_all_channels_unless_groups_are_given(text, channels, groups):
    planned = plan_bank(layer(text), channels, trained)
    assert planned.groups == planned.make().groups == groups
    assert planned.channels * groups == channels


def test_filters_of_different_sizes_are_centered_in_the_largest_with_a_note():
    planned = plan_bank(layer("conv:(1);(1,2,3;4,5,6);(7,8)"), 1, trained)
    assert planned.make().weight[:, 0].tolist() == [
        [[0, 1, 0], [0, 0, 0]],
        [[1, 2, 3], [4, 5, 6]],
        [[7, 8, 0], [0, 0, 0]],
    ]
    assert planned.notes == (make_text("centered", rows=2, columns=3),)
    assert plan_bank(layer("conv:(1);(2)"), 1, trained).notes == ()


@pytest.mark.parametrize(
    "text", ["conv:sobel-x;(1,2;3,4);random*5@7x1", "conv:random*3@2x2,groups=3", "conv:tiny/first;tiny/first.2"]
)
def test_a_bank_has_the_size_of_its_plan(text):
    planned = plan_bank(layer(text), 3, trained)
    weight = planned.make().weight
    assert weight.shape == (planned.maps, planned.channels, *planned.kernel_size)
    assert weight.size == planned.weights
    assert weight.dtype == np.float32


def test_random_filters_come_from_the_seed():
    assert np.array_equal(bank("conv:random*2@3x3,seed=5").weight, bank("conv:random*2@3x3,seed=5").weight)
    assert not np.array_equal(bank("conv:random*2@3x3,seed=5").weight, bank("conv:random*2@3x3").weight)
    assert bank("conv:random*2@3x3").labels == tuple(make_text("random_label", index=i) for i in (1, 2))


def test_one_bias_is_for_all_maps_and_a_list_has_one_for_each():
    assert bank("conv:(1);(2),bias=-0.5").bias_text == ("-0.5", "-0.5")
    assert bank("conv:(1);(2),bias=(0,1/3)").bias.tolist() == [0, float(Fraction(1, 3))]
    assert refusal("conv:(1);(2),bias=(0,1,2)").problem == make_problem(
        "biases", "bias", 3, make_text("one_or_all", maps=2), maps=2
    )


@pytest.mark.parametrize(
    ("text", "channels", "code", "allowed", "blamed"),
    [
        ("conv:(1),groups=2", 3, "groups", "1 or 3", None),
        ("conv:(1);(1)(2)", 1, "filter_planes", "1 plane", 1),
        (
            "conv:(1)(2)",
            3,
            "filter_planes",
            "1 plane for all channels, or 3, one for each",
            0,
        ),
        ("conv:(1);tiny/first", 1, "learned_depth", "3", 1),
        ("conv:tiny/first.4", 3, "learned_index", "a whole number from 0 to 3", 0),
        ("conv:other/first", 3, "no_learned", "tiny", 0),
    ],
)
def test_filters_that_do_not_fit_the_channels_are_rejected_with_the_reason(text, channels, code, allowed, blamed):
    misfit = refusal(text, channels)
    assert (misfit.problem.code, str(misfit.problem.allowed)) == (code, allowed)
    assert str(misfit) == misfit.problem.message
    assert misfit.filter == blamed


def test_an_unknown_filter_is_rejected():
    with pytest.raises(LayerError, match="sobel-z is unknown"):
        plan_bank(Layer("conv", (NamedFilter("sobel-z"),)), 1, trained)


def test_options_that_are_not_given_for_a_trained_filter_are_those_of_training():
    planned = plan_bank(layer("conv:tiny/first,padding=2"), 3, trained)
    assert (planned.layer.get("stride"), planned.layer.get("padding")) == ((2, 2), (2, 2, 2, 2))
    made = planned.make()
    assert made.bias.tolist() == [0, 0, 0, 0.25]
    assert made.labels == tuple(make_text("learned_label", index=i) for i in range(4))
    assert not made.exact
    assert bank("conv:tiny/first.3", 3).bias.tolist() == [0.25]
    assert bank("conv:tiny/first.3,bias=7", 3).bias.tolist() == [7]


@pytest.mark.parametrize(
    ("text", "channels", "keeps"),
    [
        ("conv:box-blur;sharpen;identity", 1, True),
        ("conv:box-blur;sobel-x", 1, False),
        ("conv:box-blur,groups=3", 3, True),
        ("conv:box-blur", 3, False),
        ("conv:(0.25,0.75)", 1, True),
        ("conv:(0.25)(0.25)(0.5)", 3, True),
        ("conv:identity,bias=1", 1, False),
        ("conv:(0.3,0.69999999)", 1, False),
    ],
)
def test_a_bank_keeps_the_brightness_if_every_filter_sums_to_one_over_all_its_planes(text, channels, keeps):
    assert bank(text, channels).keeps_brightness is keeps


# --- trained in groups ------------------------------------------------------------------------------------------


def apart(learned):
    """A bank of six filters that read one of three channels each, two for each channel."""
    weight = np.arange(6 * 2 * 2, dtype=np.float32).reshape(6, 1, 2, 2)
    return LearnedBank(weight, np.arange(6, dtype=np.float32), (("groups", 3),))


def test_a_layer_that_was_trained_in_groups_makes_one_map_per_filter():
    plan = plan_bank(layer("conv:tiny/dw"), 3, apart)
    made = plan.make()
    assert (plan.maps, plan.channels, made.groups) == (6, 1, 3)
    assert np.array_equal(made.weight.ravel(), np.arange(24))
    assert made.bias.tolist() == [0, 1, 2, 3, 4, 5]
    assert plan_bank(layer("conv:tiny/dw,groups=3"), 3, apart).maps == 6


def test_other_groups_than_those_of_training_apply_every_filter_to_every_channel():
    assert plan_bank(layer("conv:tiny/dw,groups=1"), 1, apart).maps == 6
    assert plan_bank(layer("conv:tiny/dw.4"), 3, apart).maps == 3
    with pytest.raises(LayerError):
        plan_bank(layer("conv:tiny/dw"), 1, apart)
