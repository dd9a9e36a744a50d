"""Fully connected layers with weights of one's own: their numbers, their convolution, and what does not fit."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from app.core.explain import explain_step
from app.core.explain.answer import find_answer
from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.link.syntax import format_layer
from app.core.scene import Planes, RandomRows, ShapeRows
from app.core.texts import write_message
from app.core.weights.rows import find_convolution
from app.local_lab import compute_figure
from app.render.stage_texts import make_map_size
from tests.figures import answer, lab, only_message, stages
from tests.stage_code import assert_code_is_close, compute, list_dialects, run_code, skip_without

MAPS = "image=(1,2;3,4)(5,6;7,-8)"


def read(query: str):
    link = parse_link(query, Limits())
    return link.scene.layers, [(one.field, write_message(one.message)) for one in link.problems]


def test_typed_rows_are_weights_of_the_maps_in_the_order_channels_rows_columns():
    stage = stages(f"{MAPS}&layers=linear:(1,0,0,0,0,0,0,0;0,0,0,0,0,0,0,1;1,2,3,4,5,6,7,8),bias=(0,1,-2)")[1]
    assert stage.output.ravel().tolist() == [1, -8 + 1, 1 + 4 + 9 + 16 + 25 + 36 + 49 - 64 - 2]
    assert stage.output.shape == (3, 1, 1)
    assert stage.info.parameters == 27
    assert stage.info.multiply_adds == 24
    assert stage.weight.shape == (3, 8)


def test_decimals_and_a_divisor_are_exact():
    stage = stages("image=(0.7,0.4,0.3)&layers=linear:(1,-1,-1;0.1,0.2,1/3)/2,bias=0.5")[1]
    expected = [Fraction(1, 2), (Fraction(7, 100) + Fraction(8, 100) + Fraction(1, 10)) / 2 + Fraction(1, 2)]
    assert stage.output.ravel().tolist() == [np.float32(float(value)) for value in expected]
    step = explain_step(compute("image=(0.7,0.4,0.3)&layers=linear:(1,-1,-1;0.1,0.2,1/3)/2,bias=0.5"), 1, 0, 0, 0)
    assert step["sum"] == 0
    assert step["result"] == 0.5
    assert [term["value"] for term in step["strongest"]] == [0.7, 0.4, 0.3]


@pytest.mark.parametrize("image", ["random*3@4x5,seed=2", "random*1@7x7", "(1,2,3)(4,5,6)", "random*20@1x1"])
@pytest.mark.parametrize("layer", ["linear:random*4,seed=9,bias=1/3", "linear:6,seed=9", "linear:1"])
def test_a_fully_connected_layer_is_the_convolution_that_it_says(image: str, layer: str):
    source, made = stages(f"image={image}&layers={layer}")
    _, height, width = source.output.shape
    filters = {"linear:random*4,seed=9,bias=1/3": f"random*4@{height}x{width},seed=9,bias=1/3"}
    filters |= {"linear:6,seed=9": f"6@{height}x{width},seed=9", "linear:1": f"1@{height}x{width}"}
    (written,) = parse_link(f"layers={layer}", Limits()).scene.layers
    convolution = format_layer(find_convolution(written, source.output.shape))
    other = stages(f"image={image}&layers={convolution}")[1]
    assert np.array_equal(made.output, other.output)
    assert np.array_equal(made.weight.ravel(), other.weight.ravel())
    assert set(convolution.removeprefix("conv:").split(",")) == set(filters[layer].split(","))


def test_typed_rows_become_typed_planes():
    (layer,) = parse_link("layers=linear:(1,2,3,4,5,6,7,8;0.5,0,0,0,0,0,0,1/3)/2,bias=(1,2)", Limits()).scene.layers
    text = format_layer(find_convolution(layer, (2, 2, 2)))
    assert text == "conv:(1,2;3,4)(5,6;7,8)/2;(0.5,0;0,0)(0,0;0,1/3)/2,bias=(1,2)"
    one, other = (stages(f"{MAPS}&layers={layer}")[1] for layer in (format_layer(layer), text))
    assert np.array_equal(one.output, other.output)


def test_on_a_larger_picture_the_convolution_makes_a_map_of_scores():
    assert stages("image=random*3@9x8&layers=conv:10@4x5")[1].output.shape == (10, 6, 4)


def test_a_trained_layer_reads_maps_without_flatten():
    column, maps = (
        compute(f"image=coffee&channels=rgb&layers=prepare:mlp10~{middle}linear:mlp10/fc1")
        for middle in ("flatten~", "")
    )
    assert np.array_equal(column.stages[-1].output, maps.stages[-1].output)
    biased = compute("image=coffee&channels=rgb&layers=prepare:mlp10~linear:mlp10/fc1,bias=2").stages[-1]
    assert set(biased.bias.tolist()) == {2}


@pytest.mark.parametrize("dialect", list_dialects())
def test_the_code_of_a_trained_layer_reads_maps_without_flatten(dialect: str):
    skip_without(dialect)
    maps = compute("image=coffee&channels=rgb&layers=prepare:mlp10~linear:mlp10/fc1")
    np.testing.assert_allclose(run_code(dialect, maps.stages[-1], maps), maps.stages[-1].output, atol=1e-4)


def test_a_misfit_says_both_numbers():
    said = only_message(f"{MAPS}&layers=linear:(1,2,3)")
    assert "Each row of weights reads 3 numbers; here it would get 2 × 2 × 2 = 8." in said
    said = only_message(f"{MAPS}&layers=linear:3,bias=(1,2)")
    assert "There are 2 biases, and the number of maps is 3" in said


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("linear:10", ShapeRows(10)),
        ("linear:1000,seed=3", ShapeRows(1000)),
        ("linear:random*10,bias=(1,2,3,4,5,6,7,8,9,10),seed=7", RandomRows(10)),
        ("linear:(1,2,3;4,5,6)", Planes(((("1", "2", "3"), ("4", "5", "6")),))),
        ("linear:(0.50,-1/3)/4,bias=0.1", Planes(((("0.50", "-1/3"),),), 4)),
        ("linear:lenet5/fc1,bias=0", "lenet5/fc1"),
        ("linear:lenet5/fc1", "lenet5/fc1"),
    ],
)
def test_links_and_json_write_weights_as_they_read_them(text: str, head: object):
    link = parse_link(f"layers={text}", Limits())
    assert link.problems == ()
    assert link.scene.layers[0].head == head
    assert format_link(link.scene) == f"layers={text}"
    assert scene_from_json(scene_to_json(link.scene), Limits()) == (link.scene, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("linear", "linear needs rows of numbers such as (1,2;3,4)"),
        ("linear:0", "weights is 0; it can be 10: 1 to 65,536 outputs. The nearest valid value is 1."),
        ("linear:random*65", "random*10: 1 to 64 outputs. The nearest valid value is random*64."),
        ("linear:random*x", "random*10: 1 to 64 outputs. The layer is left out."),
        ("linear:(1,2;3)", "the rows or the planes differ in size"),
        ("linear:(1,2)(3,4)", "weights is (1,2)(3,4)"),
        ("linear:()", "contains no numbers"),
        ("linear:(1,x)", "A number in weights is x"),
        ("linear:" + "(" + ";".join("1" * 65) + ")", "There are 65 rows; there can be at most 64."),
    ],
)
def test_what_is_no_weights_is_said(text: str, words: str):
    _, said = read(f"layers={text}")
    assert words in said[0][1]


def test_what_does_not_fit_is_left_out_on_a_page():
    shown = lab().compute(parse_link(f"{MAPS}&layers=linear:(1,2,3)~relu", Limits()).scene, repair=True)
    assert [stage.info.op for stage in shown.trace.stages] == ["input", "relu"]


SITUATIONS = (
    f"{MAPS}&layers=linear:(1,2,3,4,5,6,7,8;0.5,0,0,0,0,0,0,1/3)/2,bias=(1,2)",
    "image=random*3@4x5,seed=2&layers=linear:random*4~linear:3,seed=8,bias=0.25",
    "image=(0.7,0.4,0.3)&layers=linear:(1,-1,-1)",
    "image=random*40@1x1&layers=linear:7",
)


@pytest.mark.parametrize("dialect", list_dialects())
@pytest.mark.parametrize("query", SITUATIONS)
def test_the_code_computes_the_layer(dialect: str, query: str):
    assert_code_is_close(dialect, query, atol=1e-5)


@pytest.mark.parametrize("query", SITUATIONS)
def test_each_step_adds_up_to_the_number_of_the_map(query: str):
    trace = compute(query)
    for stage in trace.stages[1:]:
        for k in range(len(stage.output)):
            step = explain_step(trace, stage.info.index, k, 0, 0)
            assert step["result"] == pytest.approx(float(stage.output[k, 0, 0]), rel=1e-4, abs=1e-5)
            terms = [term["product"] for term in step["strongest"]] + [step["rest"]["sum"]]
            assert sum(terms) == pytest.approx(step["sum"], rel=1e-9, abs=1e-9)


def test_the_stage_says_its_biases_and_sees_the_whole_picture():
    _, made = stages("image=random*2@6x7&layers=linear:2,bias=(1/3,2)")
    assert made.info.filters.bias_text == ("1/3", "2")
    assert made.info.sees_whole_input
    assert made.info.receptive_field.size == (6, 7)
    assert [write_message(label) for label in made.info.labels] == ["unit 0", "unit 1"]
    assert "√(2/84)" in write_message(made.info.notes[0])


def test_an_expensive_layer_is_refused():
    refused = answer("image=random*4@256x256&layers=linear:65536")
    assert refused.trace is None


NORMALIZED = "batchnorm,mean=(0.4914,0.4822,0.4465),var=(0.061009,0.05929225,0.06843456),eps=0.0000000001"
"""The mean and the variance of the pictures that linear10 was trained on, as its card has them."""


def shown(link: str):
    """The stages of a link with the pictures and models that come with the program."""
    return compute_figure(link).answer.trace.stages


def test_the_rows_of_a_classifier_slide_over_a_larger_picture_and_give_a_map_of_the_same_scores():
    """At each place the ten scores are those of the classifier on that part of the picture, 32 of 64 cells wide."""
    chain = f"{NORMALIZED}~conv:linear10/fc1,stride=16~softmax:channels"
    scores, shares = shown(f"image=frog&channels=rgb&size=64&range=unit&layers={chain}")[2:]
    assert scores.output.shape == (10, 3, 3)
    for row, column in product(range(3), repeat=2):
        crop = f"{24 * row},{24 * column},48,48"
        alone = shown(f"image=frog&channels=rgb&crop={crop}&size=32&layers=model:linear10")
        assert scores.output[:, row, column] == pytest.approx(alone[3].output[:, 0, 0], abs=1e-4)
        assert shares.output[:, row, column] == pytest.approx(alone[4].output[:, 0, 0], abs=1e-5)
        assert scores.info.classes == shares.info.classes == alone[4].info.classes


def test_a_map_of_scores_opens_on_its_first_map_and_is_no_answer():
    """Only single scores have a winner."""
    link = f"image=frog&channels=rgb&size=64&range=unit&layers={NORMALIZED}~conv:linear10/fc1,stride=16"
    stage = shown(link)[2]
    assert stage.info.classes[6] == "frog"
    assert stage.salient_map is None
    assert find_answer(compute_figure(link).answer.trace) is None
    assert make_map_size(stage, 6) == "frog, 3 × 3"
    assert make_map_size(stage) == "3 × 3"
