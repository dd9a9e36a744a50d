"""Filters of which only the shape is given, and inputs of any depth: their numbers, and where they stop."""

from __future__ import annotations

import math

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.scene import RandomFilters, RandomMaps, ShapeFilters
from app.core.texts import write_message
from tests.figures import answer, lab, only_message, stages
from tests.oracle import conv2d


def words(seed: int, count: int) -> list[int]:
    """SplitMix64 with the whole numbers of Python."""
    state, made = seed, []
    for _ in range(count):
        state = (state + 0x9E3779B97F4A7C15) % 2**64
        z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
        made.append(z ^ (z >> 31))
    return made


def normal(seed: int, count: int) -> list[float]:
    """Box and Muller's numbers of that generator, one pair after the other."""
    made: list[float] = []
    drawn = words(seed, count + count % 2)
    for u, v in zip(drawn[::2], drawn[1::2], strict=True):
        radius, angle = math.sqrt(-2 * math.log(((u >> 11) + 1) / 2**53)), 2 * math.pi * (v >> 11) / 2**53
        made += [radius * math.cos(angle), radius * math.sin(angle)]
    return made[:count]


def problems(query: str) -> list[tuple[str, str]]:
    return [(one.field, write_message(one.message)) for one in parse_link(query, Limits()).problems]


def test_a_shape_is_filled_with_he_scaled_normal_numbers_of_the_documented_generator():
    stage = stages("image=random*3@6x6&layers=conv:5@3x2,seed=7")[1]
    assert stage.weight.shape == (5, 3, 3, 2)
    expected = np.array(normal(7, 5 * 18)) * math.sqrt(2 / 18)
    np.testing.assert_allclose(stage.weight.ravel(), expected, rtol=1e-6)
    assert stage.bias.tolist() == [0] * 5


def test_many_weights_have_the_deviation_that_the_note_says():
    stage = stages("image=random*128@5x5,seed=3&layers=conv:256@3x3")[1]
    assert stage.weight.std() == pytest.approx(math.sqrt(2 / 1152), rel=0.01)
    assert abs(stage.weight.mean()) < 0.001
    (note,) = [str(note) for note in stage.info.notes]
    assert "√(2/1,152) = 0.04167" in note
    assert "seed 0" in note


def test_the_first_filters_of_a_larger_layer_are_those_of_a_smaller_one():
    few, many = (stages(f"image=random*2@4x4&layers=conv:{count}@3x3,seed=5")[1] for count in (3, 40))
    assert np.array_equal(many.weight[:3], few.weight)
    assert not np.array_equal(few.weight, stages("image=random*2@4x4&layers=conv:3@3x3,seed=6")[1].weight)


def test_a_shape_alone_has_the_filters_of_all_groups_as_in_pytorch():
    stage = stages("image=random*8@5x5&layers=conv:8@3x3,groups=8,bias=1/2")[1]
    assert stage.output.shape == (8, 3, 3)
    assert stage.weight.shape == (8, 1, 3, 3)
    assert len({filter.tobytes() for filter in stage.weight}) == 8
    assert stage.info.parameters == 80
    said = only_message("image=random*4@5x5&layers=conv:6@3x3,groups=4")
    assert "6 filters, which cannot be split into 4 equal groups" in said
    assert "a multiple of 4" in said


def test_a_shape_beside_other_filters_is_one_of_the_list():
    stage = stages("image=random*2@5x5&layers=conv:3@3x3;sobel-x;(2),seed=1,groups=2")[1]
    assert stage.output.shape == (10, 3, 3)
    assert np.array_equal(stage.weight[:5], stage.weight[5:])


def test_a_random_input_is_normal_numbers_in_hundredths():
    first = stages("image=random*256@13x13,seed=1&layers=")[0]
    assert first.output.shape == (256, 13, 13)
    expected = [round(value * 100) / 100 for value in normal(1 ^ 0xA5A5A5A5A5A5A5A5, 40)]
    np.testing.assert_allclose(first.output.ravel()[:40], expected, atol=1e-6)
    assert first.output.std() == pytest.approx(1, abs=0.01)
    assert (first.info.colors, first.info.denominator) == ("signed", 100)
    assert str(first.info.title) == "Input"
    assert write_message(first.info.image.title) == "256 random maps of 13 × 13, seed 1"
    assert write_message(stages("image=random*1@4x4&layers=")[0].info.image.title) == "1 random map of 4 × 4, seed 0"


def test_weights_are_no_copy_of_an_input_of_the_same_seed():
    first, made = stages("image=random*1@40x40&layers=linear:1")
    assert abs(np.corrcoef(first.output.ravel(), made.weight.ravel())[0, 1]) < 0.1


def test_layers_on_a_random_input_equal_the_four_loops():
    source, made = stages("image=random*16@7x6,seed=2&layers=conv:9@3x3,stride=2,padding=1")
    expected = conv2d(source.output, made.weight, stride=(2, 2), padding=(1, 1, 1, 1))
    np.testing.assert_allclose(made.output, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("query", "shape"),
    [
        ("image=random*256@13x13,seed=1", (256, 13, 13)),
        ("image=random*512@7x7&layers=conv:512@3x3", (512, 5, 5)),
        ("image=random*192@27x27&layers=conv:384@3x3,padding=same", (384, 27, 27)),
        ("image=random*3@64x64&layers=conv:96@11x11,stride=4~relu~maxpool:3,stride=2", (96, 6, 6)),
        ("image=random*2@40x40&layers=conv:7@40x40", (7, 1, 1)),
    ],
)
def test_no_limit_of_typed_numbers_stops_a_layer_at_its_true_shape(query: str, shape: tuple[int, int, int]):
    computed = answer(query)
    assert computed.problems == ()
    last = computed.trace.stages[-1 if "layers" in query else 0]
    assert last.output.shape == shape


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("random*256@13x13,seed=1", RandomMaps(256, 13, 13, 1)),
        ("random*1@1x1", RandomMaps(1, 1, 1)),
        ("random*65536@2x3,seed=999999999", RandomMaps(65_536, 2, 3, 999_999_999)),
    ],
)
def test_links_and_json_write_a_random_input_as_they_read_it(text: str, value: RandomMaps):
    link = parse_link(f"image={text}", Limits())
    assert (link.scene.image, link.problems) == (value, ())
    assert format_link(link.scene) == f"image={text}"
    assert scene_from_json(scene_to_json(link.scene), Limits()) == (link.scene, ())


def test_links_and_json_write_a_shape_as_they_read_it():
    link = parse_link("layers=conv:1000@3x3;sobel-x;random*2@1x1;64@17x1,seed=3", Limits())
    assert link.problems == ()
    filters = link.scene.layers[0].filters
    assert (filters[0], filters[3]) == (ShapeFilters(1000, 3, 3), ShapeFilters(64, 17, 1))
    assert filters[2] == RandomFilters(2, 1, 1)
    assert format_link(link.scene) == "layers=conv:1000@3x3;sobel-x;random*2@1x1;64@17x1,seed=3"
    assert scene_from_json(scene_to_json(link.scene), Limits()) == (link.scene, ())


@pytest.mark.parametrize(
    ("query", "field", "words"),
    [
        ("layers=conv:64@3", "filters", "64@3x3: 1 to 65,536 filters of 1x1 to 512x512"),
        ("layers=conv:0@3x3", "filters", "The nearest valid value is 1@3x3."),
        ("layers=conv:64@3x513", "filters", "The nearest valid value is 64@3x512."),
        ("image=random*0@3x3", "image", "The nearest valid value is random*1@3x3."),
        ("image=random*3", "image", "random*256@13x13 with a seed"),
        ("image=random*3@4x4,seed=-1", "seed", "a whole number from 0 to 999,999,999"),
        ("image=random*3@4x4,sead=1", "image", "seed=value"),
    ],
)
def test_what_does_not_fit_is_said(query: str, field: str, words: str):
    said = problems(query)
    assert said[0][0] == field
    assert words in said[0][1]


@pytest.mark.parametrize("query", ["image=random*70@512x512&layers=", "layers=conv:65536@512x512,padding=full"])
def test_what_costs_too_much_is_repaired_on_a_page_and_refused_by_the_api(query: str):
    link = parse_link(query, Limits())
    shown = lab().compute(link.scene, link.problems, repair=True)
    assert shown.trace is not None
    assert shown.errors
    assert lab().compute(link.scene, link.problems).trace is None


def test_a_random_input_that_is_too_large_has_fewer_maps():
    link = parse_link("image=random*65536@512x512&layers=", Limits())
    shown = lab().compute(link.scene, link.problems, repair=True)
    assert shown.scene.image == RandomMaps(61, 512, 512)
    assert [write_message(one.message) for one in shown.problems] == [
        "A random input of 17,179,869,184 numbers is too large; it can have at most 16,000,000. "
        "It is shown with 61 maps instead."
    ]
