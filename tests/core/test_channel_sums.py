"""Filters over several channels: one filter reads all of them, against PyTorch; scenes of version 1 as they were."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from tests.figures import answer, lab

CASES = json.loads((Path(__file__).parents[1] / "golden" / "channel_sums.json").read_text(encoding="utf-8"))["cases"]
RGB = "size=8&channels=rgb&layers="


def write_planes(planes: list[list[list[int]]]) -> str:
    return "".join(f"({';'.join(','.join(map(str, row)) for row in plane)})" for plane in planes)


@pytest.mark.parametrize("case", CASES, ids=[f"{len(case['input'])} {case['layer']}" for case in CASES])
def test_filters_of_one_plane_give_the_maps_and_the_parameters_of_pytorch(case):
    said = answer(f"image={write_planes(case['input'])}&layers={case['layer']}")
    made, count = said.trace.stages[1], len(case["output"])
    assert made.output == pytest.approx(np.array(case["output"]), rel=1e-6, abs=1e-4)
    assert made.weight.size + count == case["parameters"]


def test_random_filters_are_as_deep_as_the_channels_of_their_group():
    for groups, depth in (("", 3), (",groups=1", 3), (",groups=3", 1)):
        made = answer(f"{RGB}conv:random*2@3x3{groups}").trace.stages[1]
        assert made.weight.shape == (2 if depth == 3 else 6, depth, 3, 3)


# --- links and scenes of version 1 ----------------------------------------------------------------------------------


OLD = [
    ("conv:sobel-x", "conv:sobel-x,groups=3"),
    ("conv:sobel-x;sharpen,bias=1~relu", "conv:sobel-x;sharpen,bias=1,groups=3~relu"),
    ("conv:sobel-x,groups=1", "conv:sobel-x,groups=1"),
    ("conv:(1)", "conv:(1)"),
    ("conv:sobel-x;(1)~conv:box-blur", "conv:sobel-x;(1)~conv:box-blur"),
    ("conv:sobel-x~maxpool:2~conv:gaussian,flip=1", "conv:sobel-x,groups=3~maxpool:2~conv:gaussian,groups=3,flip=1"),
    ("conv:random*2@3x3~conv:edges", "conv:random*2@3x3~conv:edges"),
    ("conv:random*3@3x3~conv:edges", "conv:random*3@3x3~conv:edges,groups=3"),
]
"""The layers of a link of version 1 on RGB, and what they mean today."""


@pytest.mark.parametrize("repair", [False, True])
@pytest.mark.parametrize(("old", "new"), OLD, ids=[old for old, _ in OLD])
def test_a_link_of_version_1_shows_what_it_showed(old, new, repair):
    said = answer(f"version=1&{RGB}{old}", repair)
    today = answer(f"{RGB}{new}")
    assert said.link == today.link
    assert said.problems == ()
    assert scene_to_json(said.scene) == scene_to_json(today.scene)
    for one, other in zip(said.trace.stages, today.trace.stages, strict=True):
        assert np.array_equal(one.output, other.output)


def test_a_scene_of_version_1_as_json_is_read_as_a_link_of_version_1():
    data = {"version": 1, "channels": "rgb", "layers": [{"op": "conv", "filters": [{"kernel": "sobel-x"}]}]}
    scene, problems = scene_from_json(data, Limits())
    assert problems == ()
    assert scene == parse_link("version=1&channels=rgb&layers=conv:sobel-x", Limits()).scene
    shown = lab().compute(scene)
    assert scene_to_json(shown.scene)["version"] == 2
    assert shown.trace.stages[1].output.shape[0] == 3


def test_a_scene_of_version_1_costs_what_it_makes():
    one, three = (
        lab().estimate_work(parse_link(f"{version}&{RGB}conv:sobel-x", Limits()).scene)
        for version in ("version=2", "version=1")
    )
    assert (one.fits, three.fits) == (True, True)
    assert one.multiply_adds == three.multiply_adds == 27 * 36
    assert one.numbers < three.numbers


# --- links that say nothing of the kind -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "noted"),
    [
        ("conv:sobel-x", [0]),
        ("conv:random*3@3x3~relu~conv:gaussian;box-blur", [2]),
        ("conv:sobel-x,groups=1", []),
        ("conv:sobel-x,groups=3~conv:edges", [1]),
        ("conv:(1)", []),
        ("conv:random*4@3x3", []),
        ("conv:random*2@3x3~conv:sobel-x", []),
    ],
)
def test_a_link_that_means_something_else_now_gets_a_note_that_says_what_to_add(layers, noted):
    said = answer(RGB + layers)
    assert [(problem.code, problem.severity) for problem in said.problems] == [("groups_not_given", "note")] * len(
        noted
    )
    assert [problem.layer for problem in said.problems] == noted
    assert all("groups=3" in problem.message for problem in said.problems)
    again = answer(said.link)
    assert (again.problems, again.link) == ((), said.link)


@pytest.mark.parametrize("repair", [False, True])
def test_the_link_of_a_figure_says_groups_from_then_on_so_that_the_note_comes_once(repair):
    said = answer(f"{RGB}conv:sobel-x", repair)
    assert [problem.code for problem in said.problems] == ["groups_not_given"]
    assert said.link == f"{RGB}conv:sobel-x,groups=1"
    again = answer(said.link, repair)
    assert (again.problems, again.link) == ((), said.link)


def test_a_gray_picture_needs_no_groups():
    assert answer("size=8&layers=conv:sobel-x", repair=True).problems == ()
    assert answer("version=1&size=8&layers=conv:sobel-x").link == "size=8&layers=conv:sobel-x"
