"""A stack of pictures: each item has the numbers of its picture alone, and PyTorch's of the stacked batch."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.scene import MOST_BATCH, Planes, RandomMaps, SampleName, Scene, UploadId, View
from app.lab.service import LabResult
from tests import oracle
from tests.figures import UPLOAD, answer, lab, only_message, stages

LIMITS = Limits()
ROW_56 = "image=coffee&batch=chelsea&channels=rgb&layers=conv:random*6@5x5,seed=3"
THREE = ("coffee", "chelsea", "astronaut")
STACK = "image=coffee&batch=chelsea,astronaut"


def item_of(query: str, item: int) -> LabResult:
    return answer(query.replace("&layers", f"&item={item}&layers") if item else query)


# --- links and JSON ---------------------------------------------------------------------------------------------------


def test_a_link_names_the_stack_and_the_item():
    link = parse_link("image=coffee&batch=chelsea,u-abc&item=2", LIMITS)
    assert link.problems == ()
    assert link.scene == Scene(image=SampleName("coffee"), batch=(SampleName("chelsea"), UploadId("u-abc")), item=2)
    assert link.scene.stack == (SampleName("coffee"), SampleName("chelsea"), UploadId("u-abc"))
    assert link.scene.shown_image == UploadId("u-abc")
    assert format_link(link.scene) == "image=coffee&batch=chelsea,u-abc&item=2"


def test_the_opening_picture_comes_first_where_a_link_names_none():
    scene = parse_link("batch=coffee", LIMITS).scene
    assert scene.stack == (SampleName("chelsea"), SampleName("coffee"))
    assert scene.item == 0
    assert format_link(scene) == "batch=coffee"


def test_numbers_and_random_numbers_with_their_seeds_are_in_a_stack_too():
    text = "image=(1,2;3,4)&batch=(1,0;0,1)/2,random*1@2x2,seed=7,random*1@2x2"
    scene = parse_link(text, LIMITS).scene
    assert scene.batch == (
        Planes(((("1", "0"), ("0", "1")),), 2),
        RandomMaps(1, 2, 2, 7),
        RandomMaps(1, 2, 2),
    )
    assert parse_link(format_link(scene), LIMITS).scene == scene
    assert stages(f"{text}&item=1&layers=")[0].output.tolist() == [[[0.5, 0], [0, 0.5]]]


def test_json_has_the_members_batch_and_item_where_there_is_a_stack():
    assert not {"batch", "item"} & set(scene_to_json(Scene()))
    data = scene_to_json(parse_link(f"{STACK}&item=1", LIMITS).scene)
    assert (data["image"], data["batch"], data["item"]) == (
        {"sample": "coffee"},
        [{"sample": "chelsea"}, {"sample": "astronaut"}],
        1,
    )
    assert scene_from_json({"batch": None}, LIMITS) == (Scene(), ())


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("item=1", "item is 1, but this figure has one picture: without batch, item can only be 0."),
        ("batch=coffee&item=2", "item is 2; with 2 pictures in the stack it can be 0 to 1."),
        ("batch=coffee&item=-1", "item is -1; with 2 pictures in the stack it can be 0 to 1."),
        ("batch=coffee&item=1.5", "item is 1.5; with 2 pictures in the stack it can be 0 to 1."),
        (f"batch={','.join(['coffee'] * (MOST_BATCH + 1))}", "batch has 9 pictures; there can be at most 8"),
        ("batch=Coffee!", "batch is Coffee!; it can be the name of a sample"),
        ("batch=", None),
    ],
)
def test_a_stack_that_cannot_be_read_is_reported_with_what_is_allowed(query: str, sentence: str | None):
    problems = parse_link(query, LIMITS).problems
    assert [problem.message.startswith(sentence or "?") for problem in problems] == [True] * bool(sentence)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"batch": "coffee"}, "batch"),
        ({"batch": [{"sample": "coffee"}, 5]}, "batch"),
        ({"batch": [{"sample": "coffee"}], "item": 2}, "item"),
        ({"batch": [{"sample": "coffee"}], "item": "1x"}, "item"),
        ({"item": True}, "item"),
        ({"batch": [{"sample": "coffee"}] * 9}, "batch"),
    ],
)
def test_json_that_cannot_be_read_is_reported_and_a_valid_scene_remains(data: dict[str, object], field: str):
    scene, problems = scene_from_json(data, LIMITS)
    assert [problem.field for problem in problems] == [field]
    assert scene.item < len(scene.stack)
    assert len(scene.batch) <= MOST_BATCH


@pytest.mark.parametrize(("item", "shown"), [(0, "coffee"), (1, "coffee"), (2, "chelsea"), (3, "rocket")])
def test_the_item_stays_the_same_picture_where_one_before_it_is_left_out(item: int, shown: str):
    link = parse_link(f"image=coffee&batch=Bad!,chelsea,rocket&item={item}", LIMITS)
    data = {"image": {"sample": "coffee"}, "batch": [5, {"sample": "chelsea"}, {"sample": "rocket"}], "item": item}
    for scene in (link.scene, scene_from_json(data, LIMITS)[0]):
        assert scene.batch == (SampleName("chelsea"), SampleName("rocket"))
        assert scene.shown_image == SampleName(shown)


@pytest.mark.parametrize(
    "batch", ["(1,2;3)", "(1,x)", "()", "random*0@2x2", "random*a@2x2", "random*1@2x2,speed=1", "random-vectors*x"]
)
def test_what_is_wrong_with_a_picture_of_the_stack_names_the_stack(batch: str):
    problems = parse_link(f"image=coffee&batch={batch}", LIMITS).problems
    assert problems
    assert {problem.field for problem in problems} <= {"batch", "batch.seed"}


def test_eight_pictures_behind_the_first_are_a_stack_of_nine():
    query = f"batch={','.join(['coffee'] * MOST_BATCH)}&item=8"
    assert parse_link(query, LIMITS).problems == ()
    assert item_of(f"{query}&layers=", 0).header()["batch"]["count"] == 9


def test_the_key_shapes_is_of_the_view_and_changes_no_number():
    link = parse_link(f"{ROW_56}&shapes=hwc", LIMITS)
    assert link.view == View(shapes="hwc")
    assert link.scene == parse_link(ROW_56, LIMITS).scene
    assert parse_link("shapes=nchw", LIMITS).problems[0].field == "shapes"


# --- the numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("item", range(3))
@pytest.mark.parametrize(
    "tail",
    [
        "size=12&channels=rgb&layers=conv:random*2@3x3,seed=1~relu~maxpool:2",
        "size=10x8&range=unit&adjust=turn:15,cover:(1,2,3,3)&layers=conv:sobel-x",
        "crop=10,20,60,40&size=12&layers=avgpool:2",
    ],
)
def test_each_item_has_the_numbers_of_its_picture_alone(item: int, tail: str):
    together = item_of(f"{STACK}&{tail}", item).trace
    alone = answer(f"image={THREE[item]}&{tail}").trace
    assert len(together.stages) == len(alone.stages)
    for one, other in zip(together.stages, alone.stages, strict=True):
        assert np.array_equal(one.output, other.output)
        assert one.info == other.info


@pytest.mark.parametrize("item", range(3))
def test_the_sums_of_each_item_are_those_of_nested_loops(item: int):
    trace = item_of(f"{STACK}&channels=rgb&size=9&layers=conv:random*2@3x3,seed=1,stride=2", item).trace
    picture, stage = trace.stages
    expected = oracle.conv2d(picture.output.tolist(), stage.weight.tolist(), stage.bias.tolist(), stride=(2, 2))
    assert stage.output.tolist() == expected


@pytest.mark.parametrize("item", range(3))
def test_pytorch_computes_the_same_of_the_stacked_batch(item: int):
    torch = pytest.importorskip("torch")
    tail = "channels=rgb&layers=conv:random*6@5x5,seed=3~relu~maxpool:2"
    traces = [item_of(f"{STACK}&{tail}", k).trace for k in range(3)]
    x = torch.tensor(np.stack([trace.stages[0].output for trace in traces]))
    weight, bias = (torch.tensor(np.array(array)) for array in (traces[0].stages[1].weight, traces[0].stages[1].bias))
    y = torch.max_pool2d(torch.relu(torch.nn.functional.conv2d(x, weight, bias)), 2)
    assert tuple(y.shape) == (3, 6, 14, 14)
    assert np.array_equal(y[item].numpy(), traces[item].stages[3].output)


def test_the_weights_do_not_grow_with_the_stack():
    alone, stacked = answer(ROW_56.replace("&batch=chelsea", "")).trace, item_of(ROW_56, 1).trace
    assert stacked.stages[1].info.shape == (6, 28, 28)
    assert stacked.stages[1].info.parameters == alone.stages[1].info.parameters == 6 * (5 * 5 * 3 + 1)
    assert np.array_equal(alone.stages[1].weight, stacked.stages[1].weight)


def test_nothing_of_the_other_items_is_in_the_answer():
    header = item_of(ROW_56, 1).header()
    assert header["batch"] == {
        "count": 2,
        "item": 1,
        "names": ["coffee", "chelsea"],
        "titles": ["Coffee", "Cat"],
        "thumbnails": [
            f"/api/picture.png?{name}channels=rgb&layers=&stage=0&scale=1" for name in ("image=coffee&", "")
        ],
    }
    assert len(item_of(ROW_56, 1).trace.stages) == 2
    assert "batch" not in answer("image=coffee&layers=").header()


def test_the_work_is_that_of_one_picture():
    scene = parse_link(ROW_56, LIMITS).scene
    alone = parse_link(ROW_56.replace("&batch=chelsea", ""), LIMITS).scene
    assert lab().estimate_work(scene) == lab().estimate_work(alone)


# --- what does not fit ------------------------------------------------------------------------------------------------


def test_a_picture_of_another_shape_is_refused_with_both_shapes():
    message = only_message("image=coffee&batch=(1,2;3,4)&layers=")
    assert message.startswith(
        "The pictures of a stack have one shape: Your numbers gives 1 × 2 × 2, and Coffee gives 1 × 32 × 32 "
        "(channels × rows × columns)."
    )


def test_a_small_picture_does_not_fit_a_large_one_but_fits_at_its_own_size():
    assert "5 × 5" in only_message(f"image=coffee&batch={UPLOAD}&size=16&layers=")
    assert item_of(f"image=coffee&batch={UPLOAD}&size=5&layers=", 1).problems == ()


def test_a_picture_that_is_gone_is_named_with_its_place():
    result = answer("image=coffee&batch=chelsea,u-old&layers=")
    assert (result.gone, result.trace) == (True, None)
    assert result.problems[0].message.startswith("Picture 3 of the stack, u-old, is no longer here")


def test_an_unknown_name_is_answered_with_the_nearest():
    message = only_message("image=coffee&batch=astronautt&layers=")
    assert message.startswith("There is no picture called astronautt here for the stack; it can be chelsea,")
    assert "Did you mean astronaut?" in message


def test_a_page_leaves_out_what_does_not_fit_and_keeps_the_item():
    result = answer("image=u-old&batch=nobody,coffee,(1,2),astronaut&item=4&layers=", repair=True)
    assert result.link == "image=coffee&batch=astronaut&item=1&layers="
    assert not result.gone
    assert [problem.code for problem in result.problems] == ["batch_gone", "batch_unknown", "batch_shape"]
    assert result.header()["batch"]["names"] == ["coffee", "astronaut"]


def test_a_page_shows_the_first_picture_where_the_item_is_left_out():
    result = answer("image=coffee&batch=u-old&item=1&layers=", repair=True)
    assert (result.link, result.gone) == ("image=coffee&layers=", False)


def test_a_page_of_pictures_that_are_all_gone_is_that_of_the_first():
    result = answer("image=u-old&batch=u-older&item=1&layers=", repair=True)
    assert result.gone
    assert result.trace.stages[0].info.image.kind == "gone"
