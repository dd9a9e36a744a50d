from __future__ import annotations

import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.scene import SCENE_VERSION, NamedFilter, SampleName, Scene, UploadId
from app.core.trace.stage_json import stage_to_json
from app.core.trace.wire import trace_to_bytes
from tests.figures import UPLOAD, answer, lab, only_message, samples
from tests.strategies import mutations, scenes, texts


def shapes(said) -> list[list[int]]:
    return [list(stage.output.shape) for stage in said.trace.stages]


def test_a_figure_comes_with_its_canonical_link_and_all_its_stages():
    said = answer("size=32x32&layers=conv:sobel-x,stride=1~relu~maxpool:2")
    assert (said.link, said.problems, said.gone) == ("", (), False)
    assert shapes(said) == [[1, 32, 32], [1, 30, 30], [1, 30, 30], [1, 15, 15]]
    assert [stage.info.layer for stage in said.trace.stages] == [None, 0, 1, 2]


def test_a_result_without_a_trace_has_no_header():
    with pytest.raises(ValueError, match="no trace"):
        answer("layers=conv:sobel-x,groups=2").header()


def test_problems_of_the_link_come_first_and_stop_the_figure_unless_it_is_repaired():
    link = parse_link("size=999&layers=relu,fast=1~conv:sobel-x,groups=5", Limits())
    refused = lab().compute(link.scene, link.problems)
    shown = lab().compute(link.scene, link.problems, repair=True)
    assert refused.trace is None
    assert [problem.field for problem in refused.problems] == ["size", "fast", "groups"]
    assert [problem.field for problem in shown.errors] == ["size", "fast", "groups"]
    assert len(shown.trace.stages) == 3


# --- the picture --------------------------------------------------------------------------------------------------


def test_a_sample_has_its_credit_and_crop():
    image = stage_to_json(answer("size=16&crop=10,20,64,32&layers=").trace.stages[0])["image"]
    assert image["kind"] == "sample"
    assert image["name"] == "chelsea"
    assert image["stored"] == [300, 451]
    assert image["cut"] == [10, 20, 64, 32]
    assert image["credit"]
    assert image["alt"]


def test_typed_numbers_keep_their_own_size_and_are_rounded_once():
    stage = answer("image=(1,2;0.5,1/3)/3&size=64&layers=").trace.stages[0]
    assert stage.output.tolist() == [[[np.float32(1 / 3), np.float32(2 / 3)], [np.float32(1 / 6), np.float32(1 / 9)]]]
    assert stage_to_json(stage)["image"]["kind"] == "numbers"
    assert stage_to_json(stage)["notes"] == []


def test_an_unknown_sample_is_refused_with_the_most_similar_name():
    message = only_message("image=chelsee&layers=")
    assert message.startswith("chelsee is unknown; image can be ")
    assert " Did you mean chelsea? " in message


def test_a_page_shows_the_default_picture_in_place_of_an_unknown_sample():
    said = answer("image=zzz&size=8&layers=relu", repair=True)
    assert said.scene.image == SampleName("chelsea")
    assert said.link == "size=8&layers=relu"
    assert said.problems[0].message.endswith(" chelsea is shown instead.")
    assert stage_to_json(said.trace.stages[0])["image"]["name"] == "chelsea"


def test_an_upload_that_is_gone_is_refused_and_on_a_page_keeps_its_layers():
    query = "image=u-lost&size=6x9&channels=rgb&layers=conv:sobel-x,groups=3~relu"
    assert answer(query).gone
    assert answer(query).trace is None
    shown = answer(query, repair=True)
    assert shown.gone
    assert shown.link == query
    assert [problem.message for problem in shown.problems] == [
        "This picture is no longer here: pictures are kept for a short time only. Drop the photo here again."
    ]
    assert shapes(shown) == [[3, 6, 9], [3, 4, 7], [3, 4, 7]]
    assert stage_to_json(shown.trace.stages[0])["image"]["kind"] == "gone"
    assert not shown.trace.stages[0].output.any()


def test_a_lab_without_a_store_has_no_uploads():
    from app.lab import Lab

    assert Lab(samples(), None, Limits()).compute(Scene(image=UploadId(UPLOAD))).gone


def test_a_small_picture_is_not_enlarged_and_the_link_stays_as_it_was():
    said = answer(f"image={UPLOAD}&size=32&layers=")
    assert said.scene.size == (32, 32)
    assert said.problems == ()
    assert shapes(said) == [[1, 5, 5]]
    assert stage_to_json(said.trace.stages[0])["notes"] == ["The crop has only 5 × 5 pixels; they are not enlarged."]


def test_a_crop_partly_outside_the_picture_is_shown_with_a_note():
    said = answer("size=8&crop=290,440,64,64&layers=")
    assert said.problems == ()
    assert stage_to_json(said.trace.stages[0])["image"]["cut"] == [290, 440, 10, 11]
    assert stage_to_json(said.trace.stages[0])["notes"] == [
        "Part of the crop lies outside the picture of 300 × 451 pixels; only the rest is shown."
    ]
    assert stage_to_json(answer("size=8&crop=236,387,64,64&layers=").trace.stages[0])["notes"] == []


@pytest.mark.parametrize("crop", ["300,0,9,9", "0,451,9,9", "9999,9999,1,1"])
def test_a_crop_outside_the_picture_is_refused_and_a_page_leaves_it_out(crop):
    message = f"The crop {crop} lies outside the picture; it can be top from 0 to 299 and left from 0 to 450."
    assert only_message(f"size=8&crop={crop}&layers=").startswith(message)
    shown = answer(f"size=8&crop={crop}&layers=", repair=True)
    assert shown.link == "size=8&layers="
    assert shown.problems[0].message == f"{message} It is left out."


# --- layers that do not fit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "repaired", "field", "change"),
    [
        ("conv:sobel-x,groups=2", "conv:sobel-x", "groups", "It is left out."),
        ("conv:(1);(2),bias=(1,2,3)", "conv:(1);(2)", "bias", "It is left out."),
        ("conv:(1);(1)(2);box-blur", "conv:(1);box-blur", "filters", "It is left out."),
        ("conv:(1)(2)~relu", "relu", "filters", "The layer is left out."),
        ("conv:model/first;sobel-x", "conv:sobel-x", "filters", "It is left out."),
        ("conv:model/first~abs", "abs", "filters", "The layer is left out."),
        ("conv:sobel-x,dilation=4", "conv:sobel-x", "dilation", "It is left out."),
        ("conv:random*1@9x9~relu", "relu", "kernel_size", "The layer is left out."),
        ("relu~maxpool:9", "relu", "kernel_size", "The layer is left out."),
        ("conv:sobel-x,padding=8,padding_mode=reflect", "conv:sobel-x,padding_mode=reflect", "padding", "It is left"),
        ("avgpool:3,padding=2", "avgpool:3", "padding", "It is left out."),
        ("relu~prepare:lenet5~model:lenet5", "relu", "layers", "The layer is left out."),
        ("linear:lenet5/fc1", "", "layers", "The layer is left out."),
        ("conv:random*64@1x1;(1)", "conv:random*64@1x1", "filters", "The rest is left out."),
    ],
)
def test_each_kind_of_layer_error_is_refused_and_on_a_page_repaired_with_a_sentence(layers, repaired, field, change):
    query = f"size=8&layers={layers}"
    link = parse_link(query, Limits(filters=65))
    refused = lab().compute(link.scene)
    shown = lab().compute(link.scene, repair=True)
    assert refused.trace is None
    assert refused.link == format_link(link.scene)
    assert {problem.field for problem in refused.problems} == {field}
    assert {problem.field for problem in shown.problems} == {field}
    assert f". {change}" in shown.problems[0].message
    assert shown.scene == parse_link(f"size=8&layers={repaired}", Limits()).scene
    assert len(shown.trace.stages) == len(shown.scene.layers) + 1


def test_a_problem_names_the_layer_as_it_was_written():
    said = answer("size=8&layers=maxpool:9~relu~conv:sobel-x,groups=2~maxpool:9", repair=True)
    assert [problem.layer for problem in said.problems] == [0, 2, 3]
    assert [stage.info.layer for stage in said.trace.stages] == [None, 0, 1]


def test_a_chain_that_shrinks_to_nothing_loses_the_layers_that_no_longer_fit():
    said = answer("size=12&layers=" + "~".join(["conv:sobel-x", "maxpool:2"] * 3), repair=True)
    assert shapes(said)[1:] == [[1, 10, 10], [1, 5, 5], [1, 3, 3], [1, 1, 1]]
    assert [problem.layer for problem in said.problems] == [4, 5]
    assert said.problems[0].message == (
        "Convolution (layer 5): The filter spans 3 rows, but its input has only 1 row. The layer is left out."
    )


@pytest.mark.parametrize("repair", [False, True])
def test_a_problem_names_the_layer_that_does_not_fit_any_more(repair):
    said = answer("size=8&layers=conv:random*1@8x8~relu~maxpool:2", repair=repair)
    (problem,) = said.problems
    assert problem.layer == 2
    sentence = "Max pool (layer 3): The window spans 2 rows, but its input has only 1 row."
    assert problem.message == sentence + (" The layer is left out." if repair else "")
    assert problem.to_json()["place"] == {
        "code": "layer_place",
        "params": {"title": {"code": "title_maxpool", "params": {}}, "number": 3},
    }


def test_every_problem_of_a_layer_says_which_layer_it_is():
    queries = (
        "layers=relu~conv:sobel-x,stride=0",
        "layers=relu~conv:sobel-x,groups=3",
        "layers=relu~maxpool:2,padding=9",
        "layers=relu~conv:sobel-x,sigma=1",
        "layers=relu~blurr",
        "layers=relu~conv",
        "layers=relu~linear:lenet/fc1",
        "layers=relu~conv:(1,2;3)",
    )
    for query in queries:
        link = parse_link(f"size=8&{query}", Limits())
        problems = lab().compute(link.scene, link.problems, repair=True).problems
        assert problems, query
        for problem in problems:
            assert problem.layer == 1, query
            assert "(layer 2): " in problem.message or problem.message.startswith("Layer 2: "), problem.message


def test_several_things_that_do_not_fit_one_layer_are_all_reported():
    said = answer("size=8&layers=conv:sobel-x,bias=(1,2),padding=9,padding_mode=circular,groups=3", repair=True)
    assert [problem.field for problem in said.problems] == ["groups", "bias", "padding"]
    assert said.link == "size=8&layers=conv:sobel-x,padding_mode=circular"


@given(scenes())
@settings(max_examples=60)
def test_a_repaired_scene_needs_no_repair(scene):
    small = lab(side=64, multiply_adds=300_000, trace_bytes=300_000)
    shown = small.compute(scene, (), repair=True)
    again = small.compute(shown.scene)
    assert again.problems == () or again.gone
    assert again.scene == shown.scene
    assert parse_link(shown.link, Limits()).scene == shown.scene


# --- limits -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "limit", "most", "sentence"),
    [
        (
            "size=10&layers=conv:sobel-x",
            "multiply_adds",
            8 * 8 * 9,
            "This figure would need 576 multiplications and additions; it can need at most 575.",
        ),
        (
            "size=10&layers=conv:sobel-x",
            "trace_bytes",
            4 * (8 * 8 * 9 + 10 * 10),  # the windows of all positions side by side, and the input
            "This figure would need 2,704 bytes of working memory; it can need at most 2,703.",
        ),
        (
            "size=10&layers=relu~relu",
            "trace_bytes",
            4 * 300,
            "This figure would hold 1,200 bytes of numbers; it can hold at most 1,199.",
        ),
        (
            "size=10&channels=rgb&layers=conv:sobel-x;sobel-y,groups=3",
            "filters",
            6,
            "Convolution (layer 1): This layer would make 6 feature maps; it can make at most 5.",
        ),
    ],
)
def test_a_limit_is_kept_to_the_last_one(query, limit, most, sentence):
    assert answer(query, **{limit: most}).trace is not None
    assert only_message(query, **{limit: most - 1}) == sentence


@pytest.mark.parametrize(
    ("query", "limit", "most"),
    [
        ("size=40&layers=", "side", 40),
        ("image=(1,2,3)&layers=", "side", 3),
        ("size=8&layers=conv:(1,1;1,1;1,1;1,1)", "kernel_side", 4),
        ("size=8&layers=conv:random*1@1x5", "kernel_side", 5),
        ("size=8&layers=conv:(1);(2);(3)", "filters", 3),
        ("size=8&layers=conv:random*7@1x1", "filters", 7),
        ("size=8&layers=relu~abs~relu~abs", "layers", 4),
        ("size=8&layers=relu", "link_characters", 18),
    ],
)
def test_what_a_link_may_say_is_limited_to_the_last_one(query, limit, most):
    assert parse_link(query, Limits(**{limit: most})).problems == ()
    link = parse_link(query, Limits(**{limit: most - 1}))
    assert link.problems
    assert str(most - 1) in link.problems[0].message
    assert lab().compute(link.scene, link.problems).trace is None
    assert lab().compute(link.scene, link.problems, repair=True).trace is not None


def test_more_maps_than_a_link_can_name_are_refused_and_a_page_shows_fewer_cells():
    row = ",".join(["1"] * 256)
    typed = parse_link(f"image=({';'.join([row] * 256)})&layers=flatten", Limits(link_characters=200_000)).scene
    assert shapes(lab().compute(typed))[1] == [65_536, 1, 1]
    picture = "size=300x230&layers=flatten"
    sentence = "This figure would have 69,000 maps in one stage; it can have at most 65,536."
    assert only_message(picture) == sentence
    assert only_message(picture, repair=True) == f"{sentence} It is shown with 256 × 196 cells instead."


def test_a_page_lowers_the_size_first():
    said = answer("size=60x30&layers=conv:sobel-x~relu", repair=True, multiply_adds=9_000)
    assert said.scene.size == (32, 16)
    assert said.problems[-1].message == (
        "This figure would need 16,240 multiplications and additions; it can need at most 9,000. "
        "It is shown with 32 × 16 cells instead."
    )
    assert shapes(said) == [[1, 32, 16], [1, 30, 14], [1, 30, 14]]


def test_a_page_drops_last_layers_where_a_smaller_size_does_not_help():
    said = answer("image=(1,2;3,4)&layers=relu~conv:random*9@2x2~relu", repair=True, multiply_adds=30)
    assert said.link == "image=(1,2;3,4)&layers=relu"
    assert said.problems[-1].message.endswith(" Left out: conv, relu.")


def test_a_picture_that_is_too_large_by_itself_is_shown_smaller_and_with_the_layers_that_it_has_room_for():
    said = answer("size=64&layers=relu~flatten~conv:random*2@1x1", repair=True, trace_bytes=10_000)
    assert said.problems[-1].message == (
        "This figure would hold 81,928 bytes of numbers; it can hold at most 10,000. "
        "It is shown with 16 × 16 cells instead."
    )
    alone = answer("size=64&layers=maxpool:64~relu", repair=True, trace_bytes=10_000)
    assert alone.link == "size=48&layers="
    assert alone.problems[-1].message.endswith(" It is shown with 48 × 48 cells instead. Left out: relu.")


def test_a_smaller_size_never_costs_a_layer_that_fits():
    """At half the size the window would be larger than the picture, so the last layer goes instead."""
    said = answer("size=16&layers=relu~maxpool:16~conv:random*9@3x3,padding=8", repair=True, multiply_adds=3_000)
    assert said.scene.size == (16, 16)
    assert [layer.op for layer in said.scene.layers] == ["relu", "maxpool"]


def test_what_is_repaired_at_full_size_and_what_is_too_large_are_both_reported():
    said = answer("size=64&layers=conv:sobel-x,groups=2~relu", repair=True, multiply_adds=10_000)
    assert [problem.field for problem in said.problems] == ["groups", "multiply_adds"]
    assert said.link == "layers=conv:sobel-x~relu"


ABSURD = [
    "size=512&channels=rgb&layers=flatten~conv:random*64@15x15,padding=64",
    "size=512&layers=" + "~".join(["conv:1x1,padding=64"] * 16),
    "size=512&channels=rgb&layers=" + "~".join(["conv:random*64@15x15,padding=64,dilation=16"] * 16),
    "size=256&layers=flatten~maxpool:64,padding=32,stride=64,ceil_mode=1",
    "size=255&layers=flatten~conv:1x1,padding=64,stride=64",
    "size=64&layers=flatten~conv:random*64@15x15,padding=7",
    "size=512&layers=conv:random*64@1x1~conv:random*64@15x15,groups=64",
    "size=512&layers=conv:random*64@1x1,stride=8~conv:random*64@15x15,padding=full",
]


@pytest.mark.parametrize("query", ABSURD)
def test_an_oversized_figure_is_refused_before_anything_of_it_exists(query):
    samples().picture("chelsea")
    tracemalloc.start()
    try:
        said = answer(query)
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
    assert said.trace is None
    assert said.errors


@pytest.mark.parametrize("query", ABSURD)
def test_of_an_oversized_figure_a_page_shows_what_the_limits_let(query):
    small = {"multiply_adds": 5_000_000, "trace_bytes": 1_000_000}
    said = answer(query, repair=True, **small)
    arrays = [array for stage in said.trace.stages for array in (stage.output, stage.weight) if array is not None]
    assert sum(array.nbytes for array in arrays) <= small["trace_bytes"]
    assert sum(stage.info.multiply_adds for stage in said.trace.stages) <= small["multiply_adds"]
    assert said.problems


# --- whatever comes -----------------------------------------------------------------------------------------------

QUICK = {"side": 64, "multiply_adds": 500_000, "trace_bytes": 500_000}


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Links of any scene, with and without mistakes, and texts of any kind."""
    link = format_link(draw(scenes()))
    return draw(st.one_of(st.just(link), mutations(link), texts(), texts().map(lambda text: f"layers={text}")))


def check_computed(query: str) -> None:
    link = parse_link(query, Limits(**QUICK))
    quick = lab(**QUICK)
    refused = quick.compute(link.scene, link.problems)
    shown = quick.compute(link.scene, link.problems, repair=True)
    assert (refused.trace is None) == bool(refused.errors)
    assert shown.trace is not None
    assert len(shown.trace.stages) == len(shown.scene.layers) + 1
    assert all(np.isfinite(stage.output).all() for stage in shown.trace.stages)
    assert trace_to_bytes(shown.trace, shown.header())
    if refused.errors:
        return
    if link.scene.version == SCENE_VERSION and not refused.problems:
        assert shown.scene == refused.scene == link.scene
    else:  # groups that the link leaves unsaid are written
        again = quick.compute(shown.scene)
        assert (again.problems, again.link) == ((), shown.link)
        assert all(map(np.array_equal, list_outputs(again), list_outputs(refused)))


def list_outputs(said) -> list[np.ndarray]:
    return [stage.output for stage in said.trace.stages]


@settings(max_examples=150)
@given(queries())
def test_any_link_is_computed(query):
    check_computed(query)


@pytest.mark.long
@settings(max_examples=10_000)
@given(queries())
def test_ten_thousand_links_are_computed(query):
    check_computed(query)


def test_a_scene_that_no_link_can_express_is_computed():
    scene = Scene()
    odd = replace(
        scene, layers=(replace(scene.layers[0], filters=(NamedFilter("no-such"),)), replace(scene.layers[1], op="x"))
    )
    assert [problem.field for problem in lab().compute(odd, repair=True).problems] == ["filters", "layers"]
