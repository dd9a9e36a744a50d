"""Scene JSON: reading and writing, with the messages of links, and its schema."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.json_schema import make_scene_schema
from app.core.link.query_string import format_scene, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.operation_table import OPERATIONS
from app.core.scene import SCENE_VERSION, Layer, LearnedFilters, NamedFilter, Planes, RandomFilters, Scene, UploadId
from app.core.texts import write_message
from tests.strategies import scenes

LIMITS = Limits()


def read(data: object) -> Scene:
    scene, problems = scene_from_json(data, LIMITS)
    assert problems == ()
    return scene


def only_problem(data: object):
    _, problems = scene_from_json(data, LIMITS)
    assert len(problems) == 1, problems
    return problems[0]


def layer(**members: Any) -> dict[str, Any]:
    return {"layers": [members]}


def test_a_scene_as_json_has_this_shape():
    scene = Scene(
        Planes(((("0", "1"), ("2", "3")),)),
        crop=(0, 1, 2, 3),
        layers=(
            Layer(
                "conv",
                (NamedFilter("sobel-x"), LearnedFilters("m", "conv1", 3), RandomFilters(4, 3, 3)),
                None,
                (("stride", (2, 2)), ("padding", "same"), ("bias", ("0", "1/2")), ("flip", True)),
            ),
            Layer("leaky_relu", (), "0.1"),
        ),
    )
    assert scene_to_json(scene) == {
        "version": SCENE_VERSION,
        "image": {"planes": [[["0", "1"], ["2", "3"]]], "divisor": 1},
        "size": [32, 32],
        "crop": [0, 1, 2, 3],
        "channels": "gray",
        "range": "byte",
        "layers": [
            {
                "op": "conv",
                "filters": [
                    {"kernel": "sobel-x"},
                    {"model": "m", "layer": "conv1", "index": 3, "moment": None},
                    {"random": [4, 3, 3]},
                ],
                "options": {"stride": [2, 2], "padding": "same", "bias": ["0", "1/2"], "flip": True},
            },
            {"op": "leaky_relu", "head": "0.1", "options": {}},
        ],
    }


def test_missing_members_are_those_of_the_default_scene():
    assert read({}) == Scene() == read({"version": 2}) == replace(read({"version": 1}), version=2)
    assert read({"image": {"upload": "u-aB3_"}}) == Scene(UploadId("u-aB3_"))
    assert read({"layers": []}) == Scene(layers=())


def test_json_numbers_are_accepted_like_text():
    scene = read({"image": {"planes": [[[0, 0.5, -1.0, 1e-7, "1/3"]]]}, "layers": []})
    assert scene.image == Planes(((("0", "0.5", "-1", "0.0000001", "1/3"),),))
    options = {"stride": 2, "padding": 1, "bias": [1, -0.5], "seed": 3.0, "groups": 1}
    assert read(layer(op="conv", filters=[{"kernel": "1x1"}], options=options)).layers[0].options == (
        ("stride", (2, 2)),
        ("padding", (1, 1, 1, 1)),
        ("bias", ("1", "-0.5")),
        ("groups", 1),
        ("seed", 3),
    )


def test_defaults_are_left_out_of_a_layer():
    options = {"stride": [1, 1], "padding": [0, 0, 0, 0], "flip": False, "bias": "0"}
    assert read(layer(op="conv", filters=[{"kernel": "1x1"}], options=options)).layers[0].options == ()


ONE = {"kernel": "1x1"}
BAD = [
    (7, "scene"),
    (None, "scene"),
    ({"version": 0}, "version"),
    ({"version": 3}, "version"),
    ({"version": True}, "version"),
    ({"imgae": {}}, "scene"),
    ({"image": "chelsea"}, "image"),
    ({"image": {"sample": "Chelsea"}}, "image"),
    ({"image": {"sample": "u-1"}}, "image"),
    ({"image": {"sample": 3}}, "image"),
    ({"image": {"upload": "chelsea"}}, "image"),
    ({"image": {"sample": "a", "upload": "u-1"}}, "image"),
    ({"image": {"planes": [[[1], [2, 3]]]}}, "image"),
    ({"image": {"planes": [[[None]]]}}, "image"),
    ({"image": {"planes": []}}, "image"),
    ({"image": {"planes": [[]]}}, "image"),
    ({"image": {"planes": [[[]]]}}, "image"),
    ({"image": {"planes": [[["NaN"]]]}}, "image"),
    ({"image": {"planes": [[[float("nan")]]]}}, "image"),
    ({"image": {"planes": [[[1e300, float("inf")]]]}}, "image"),
    ({"image": {"planes": [[[10**5000]]]}}, "image"),
    ({"image": {"planes": [[[1]]], "divisor": 0}}, "divisor"),
    ({"image": {"planes": [[[1]]], "divisor": "9"}}, "divisor"),
    ({"size": "8"}, "size"),
    ({"size": [8]}, "size"),
    ({"size": [8, 2**63]}, "size"),
    ({"size": True}, "size"),
    ({"size": None}, "size"),
    ({"crop": [1, 2, 3]}, "crop"),
    ({"channels": 3}, "channels"),
    ({"layers": {}}, "layers"),
    ({"layers": ["relu"]}, "layers"),
    ({"layers": [{"op": "relu"}] * 17}, "layers"),
    (layer(op="nonsense"), "layers"),
    (layer(op="relu", head=1), "layers"),
    (layer(op="relu", filters=[ONE]), "layers"),
    (layer(op="maxpool", head="2"), "kernel_size"),
    (layer(op="prepare"), "name"),
    (layer(op="prepare", head="Lenet!"), "name"),
    (layer(op="conv"), "filters"),
    (layer(op="conv", filters=ONE), "filters"),
    (layer(op="conv", filters=[ONE, "sobel-x"]), "filters"),
    (layer(op="conv", filters=[ONE, {"kernel": "sobel"}]), "filters"),
    (layer(op="conv", filters=[ONE, {"kernel": "1x1;1x1"}]), "filters"),
    (layer(op="conv", filters=[ONE, {"kernel": None}]), "filters"),
    (layer(op="conv", filters=[ONE, {"random": [1, 2]}]), "filters"),
    (layer(op="conv", filters=[ONE, {"random": [1, 2, "3"]}]), "filters"),
    (layer(op="conv", filters=[ONE, {"random": [1, 2, 3, 4]}]), "filters"),
    (layer(op="conv", filters=[ONE, {"model": "m"}]), "filters"),
    (layer(op="conv", filters=[ONE, {"model": "m", "layer": "l", "index": "3"}]), "filters"),
    (layer(op="conv", filters=[ONE, {"model": "m", "layer": "l", "indx": 3}]), "filters"),
    (layer(op="conv", filters=[ONE, {"planes": [[[1], [2, 3]]]}]), "filters"),
    (layer(op="conv", filters=[ONE], options=[]), "options"),
    (layer(op="conv", filters=[ONE], options={"stirde": 2}), "stirde"),
    (layer(op="conv", filters=[ONE], options={"stride": 0}), "stride"),
    (layer(op="conv", filters=[ONE], options={"stride": "2"}), "stride"),
    (layer(op="conv", filters=[ONE], options={"stride": None}), "stride"),
    (layer(op="conv", filters=[ONE], options={"padding": "1"}), "padding"),
    (layer(op="conv", filters=[ONE], options={"padding": [1, 2]}), "padding"),
    (layer(op="conv", filters=[ONE], options={"bias": []}), "bias"),
    (layer(op="conv", filters=[ONE], options={"bias": ["1,2"]}), "bias"),
    (layer(op="conv", filters=[ONE], options={"flip": 1}), "flip"),
    (layer(op="conv", filters=[ONE], options={"seed": 1.5}), "seed"),
    ({"scene": "\ud800"}, "scene"),
]


@pytest.mark.parametrize(("data", "field"), BAD, ids=[f"{n}-{field}" for n, (_, field) in enumerate(BAD)])
def test_an_invalid_value_is_reported(data, field):
    problem = only_problem(data)
    assert (problem.field, problem.severity) == (field, "error")
    assert problem.allowed
    assert problem.message.endswith((".", "?"))
    json.dumps(problem.to_json(), ensure_ascii=False).encode()


@pytest.mark.parametrize("head", [10, 1.5, True, [[1, 2]], {}])
def test_weights_that_are_no_object_are_refused_with_what_one_has(head):
    problem = only_problem(layer(op="linear", head=head))
    assert problem.field == "weights"
    assert "it must be an object with rows, random, shape" in problem.message


@pytest.mark.parametrize(("seed", "said"), [(1.5, "1.5"), (-1, "-1"), (None, "null"), (True, "true"), ([3], "[3]")])
def test_a_seed_of_random_maps_is_refused_with_its_value(seed, said):
    problem = only_problem({"image": {"random": [1, 3, 3], "seed": seed}})
    assert problem.message.startswith(f"seed is {said}; it can be a whole number from 0 to 999,999,999.")


def test_a_value_is_refused_with_the_same_sentence_as_in_a_link_and_its_place():
    from_json = only_problem(layer(op="conv", filters=[ONE], options={"bias": "x", "padding": "same"}))
    (in_link,) = parse_link("layers=conv:1x1,bias=x,padding=same", LIMITS).problems
    assert (from_json.code, from_json.field, from_json.value) == (in_link.code, in_link.field, in_link.value)
    filters = only_problem(layer(op="conv", filters=[{"kernel": "soble-x"}]))
    (in_link,) = parse_link("layers=conv:soble-x", LIMITS).problems
    assert filters.message == f"{in_link.message} In the JSON this is layers[0].filters[0]."


def test_an_error_in_one_part_leaves_the_others():
    scene, problems = scene_from_json(
        {"size": "big", "channels": "rgb", "layers": [{"op": "nonsense"}, {"op": "maxpool", "head": 3}]}, LIMITS
    )
    assert scene == Scene(channels="rgb", layers=(Layer("maxpool", (), (3, 3)),))
    assert [(p.field, p.layer) for p in problems] == [("size", None), ("layers", 0)]


@settings(max_examples=100)
@given(scenes())
def test_json_gives_the_scene_back(scene):
    data = json.loads(json.dumps(scene_to_json(scene)))
    assert scene_from_json(data, LIMITS) == (scene, ())


MEMBERS = (
    "version image sample upload planes divisor rows one_hot random_vectors size crop channels range adjust turn "
    "layers op filters head options kernel model batch item"
)
KEYS = st.sampled_from([*MEMBERS.split(), "layer", "index", "moment", "random", "stride", "bias", "padding", "conv"])
WORDS = st.sampled_from(["conv", "relu", "maxpool", "prepare", "sobel-x", "chelsea", "same", "1/2", "gray", "u-1"])
PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 70), st.integers(), st.floats(), KEYS, WORDS, st.text(st.characters())
)
ANYTHING = st.recursive(
    PLAIN, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)), max_leaves=12
)


@st.composite
def invalid_json(draw: st.DrawFn) -> Any:
    """A scene's JSON with one part, at any depth, replaced by an invalid value."""
    data = scene_to_json(draw(scenes()))
    place: Any = data
    while True:
        key = draw(st.sampled_from(sorted(place))) if isinstance(place, dict) else draw(st.integers(0, len(place) - 1))
        if not isinstance(place[key], dict | list) or not place[key] or draw(st.integers(0, 3)) == 0:
            break
        place = place[key]
    if isinstance(place, dict) and draw(st.integers(0, 3)) == 0:
        place[draw(KEYS)] = draw(PLAIN)
    else:
        place[key] = draw(ANYTHING)
    return data


def check_any_json(data: object) -> None:
    scene, problems = scene_from_json(data, LIMITS)
    assert scene_from_json(scene_to_json(scene), LIMITS) == (scene, ())
    assert parse_link(format_scene(scene), Limits(link_characters=10**7)).scene == scene
    for problem in problems:
        assert f"{problem.field}{problem.value}{problem.allowed}{problem.message}".isprintable()
        assert problem.message.encode()


@settings(max_examples=200)
@given(st.one_of(ANYTHING, invalid_json()))
def test_any_json_is_read_and_what_it_gives_is_a_scene(data):
    check_any_json(data)


@pytest.mark.long
@settings(max_examples=3_000)
@given(st.one_of(ANYTHING, invalid_json()))
def test_thousands_of_json_values_are_read(data):
    check_any_json(data)


def test_keys_that_are_not_text_and_endless_nesting_are_read():
    endless: list[Any] = []
    endless.append(endless)
    for data in [{1: 2, None: 3, (): 4}, endless, {"image": endless}, {"layers": endless}, {"size": endless}]:
        assert scene_from_json(data, LIMITS)[1]
    assert scene_from_json({"layers": [{"op": "conv", "filters": [ONE], "options": {None: 1}}]}, LIMITS)[1]


def test_the_schema_names_every_operation_and_option():
    schema = json.dumps(make_scene_schema(LIMITS))
    for row in OPERATIONS:
        assert f'"const": "{row.name}"' in schema
        for option in row.options:
            assert f'"{option.name}": {{' in schema


def test_the_schema_follows_the_limits():
    small = make_scene_schema(Limits(side=7, layers=2))
    assert small["properties"]["layers"]["maxItems"] == 2
    assert small["properties"]["size"]["anyOf"][0]["maximum"] == 7


def validator() -> Any:
    return pytest.importorskip("jsonschema_rs").Draft202012Validator(make_scene_schema(LIMITS))


def test_the_example_in_the_schema_is_a_scene():
    [example] = make_scene_schema(LIMITS)["examples"]
    assert validator().is_valid(example)
    read(example)


@settings(max_examples=100)
@given(scenes())
def test_every_scene_follows_the_schema(scene):
    assert list(validator().iter_errors(scene_to_json(scene))) == []


def check_refused(data: object) -> None:
    refused = [problem for problem in scene_from_json(data, LIMITS)[1] if problem.severity == "error"]
    assert refused or validator().is_valid(json.loads(json.dumps(data)))


@settings(max_examples=200)
@given(invalid_json())
def test_what_the_schema_refuses_is_refused(data):
    try:
        json.dumps(data, allow_nan=False, ensure_ascii=False).encode()
    except ValueError:
        return
    check_refused(data)


@pytest.mark.parametrize(
    ("data", "path", "allowed"),
    [
        ({"adjust": {"cover": [1, 2]}}, "adjust.cover", "[top, left, height, width] in whole numbers up to 65,535"),
        ({"adjust": {"flip": "x"}}, "adjust.flip", ""),
        ({"image": {"random": [3, 3, 3], "seed": -1}}, "image.seed", ""),
        ({"layers": [{"op": "nope"}]}, "layers[0].op", ""),
        ({"layers": [{"op": "relu"}, {"op": "maxpool", "head": [0, 2]}]}, "layers[1].head", "such as [1, 2]"),
        ({"layers": [{"op": "maxpool", "options": {"stride": "x"}}]}, "layers[0].options.stride", "such as [1, 2]"),
        ({"layers": [{"op": "maxpool", "options": {"strid": 2}}]}, "layers[0].options.strid", "stride"),
        ({"layers": [{"op": "maxpool", "options": {"ceil_mode": 1}}]}, "layers[0].options.ceil_mode", "true or false"),
        ({"layers": [{"op": "leaky_relu", "head": "x"}]}, "layers[0].head", "from 0 to 64"),
        ({"layers": [{"op": "linear", "head": {"random": 0}}]}, "layers[0].head", "1 to"),
        ({"layers": [{"op": "pad", "head": "x"}]}, "layers[0].head", "[top, bottom, left, right]"),
        ({"layers": [{"op": "conv", "filters": []}]}, "layers[0].filters", "an object with kernel, planes"),
        (
            {"layers": [{"op": "conv", "filters": [{"kernel": "sobel-x"}, {"random": [4, 0, 3]}]}]},
            "layers[0].filters[1]",
            "[count, rows, columns] such as [4, 3, 3]",
        ),
    ],
)
def test_an_error_in_json_says_where_it_is_and_what_json_can_have_there(data: dict, path: str, allowed: str):
    _, problems = scene_from_json(data, Limits())
    (problem,) = [one for one in problems if one.severity == "error"]
    assert problem.message.endswith(f"In the JSON this is {path}.")
    assert allowed in write_message(problem.allowed)
    assert allowed in problem.message


@pytest.mark.parametrize(
    ("data", "used"),
    [
        ({"size": [0, 3]}, "[1, 3]"),
        ({"crop": [-1, 2, 3, 4]}, "[0, 2, 3, 4]"),
        ({"layers": [{"op": "maxpool", "head": [99, 2]}]}, "[64, 2]"),
        ({"layers": [{"op": "conv", "filters": [{"random": [400, 3, 3]}]}]}, "[64, 3, 3]"),
        ({"layers": [{"op": "conv", "filters": [{"kernel": "edges"}], "options": {"flip": 2}}]}, "false"),
    ],
)
def test_a_value_that_is_used_instead_is_one_of_json(data: dict, used: str):
    _, problems = scene_from_json(data, Limits())
    (problem,) = problems
    assert f" is {used}." in problem.message


def test_a_link_has_the_words_of_links():
    (problem,) = parse_link("size=0x3", Limits()).problems
    assert (
        problem.message == "size is 0x3; it can be a whole number from 1 to 512, or rows x columns such as 1x2. The "
        "nearest valid value is 1x3."
    )
