"""Chains that branch: their numbers by hand and by PyTorch, what each stage says, and how a step is explained."""

from __future__ import annotations

import random

import numpy as np
import pytest

from app.core.code.stage_code import name_inputs, write_code
from app.core.explain import explain_step
from app.core.limits import Limits
from app.core.link.query_string import format_link, parse_link
from app.core.link.scene_json import scene_from_json, scene_to_json
from app.core.scene import Layer
from app.core.trace.stage_json import stage_to_json
from app.core.trace.trace import Trace
from app.core.trace.wire import make_header
from app.core.writing import write_step
from tests.figures import answer, only_message, stages
from tests.stage_code import list_dialects, run_text, skip_without

SMALL = "image=(1,-2;3,4)"
ONE = "the number of an earlier stage, where 0 is the input"
SEVERAL = f"{ONE}, or several such as (0,2)"


def values(query: str) -> list[object]:
    return stages(query)[-1].output.tolist()


def trace_of(query: str) -> Trace:
    trace = answer(query).trace
    assert trace is not None
    return trace


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ("relu~add:0", [[[2, -2], [6, 8]]]),
        ("relu~mul:0", [[[1, 0], [9, 16]]]),
        ("relu~concat:0", [[[1, 0], [3, 4]], [[1, -2], [3, 4]]]),
        ("relu~abs,from=0~add:(0,1)", [[[3, 0], [9, 12]]]),
        ("relu~abs,from=0~add:1,from=0", [[[2, -2], [6, 8]]]),
        ("relu~add:1", [[[2, 0], [6, 8]]]),  # the same stage twice
        ("add:0~add:(0,0)", [[[4, -8], [12, 16]]]),
        ("globalmaxpool~mul:0", [[[4, -8], [12, 16]]]),  # one number for each map
        ("relu~globalavgpool,from=0~mul:1,from=2", [[[1.5, 0], [4.5, 6]]]),
        ("maxpool:2~minpool:2,from=0~concat:1", [[[-2]], [[4]]]),
        (
            "conv:(2);(3)~relu,from=0~concat:(1,0)",
            [[[1, 0], [3, 4]], [[2, -4], [6, 8]], [[3, -6], [9, 12]], [[1, -2], [3, 4]]],
        ),
    ],
)  # fmt: skip
def test_a_branch_reads_what_it_names(layers: str, expected: list[object]):
    assert values(f"{SMALL}&layers={layers}") == expected


def test_a_stage_says_which_stages_it_reads():
    trace = trace_of(f"{SMALL}&layers=relu~abs,from=0~add:(0,1)~concat:1")
    entries = [stage_to_json(stage) for stage in trace.stages]
    assert [entry["reads"] for entry in entries] == [[], [0], [0], [2, 0, 1], [3, 1]]
    assert [entry.get("starts") for entry in entries] == [None, None, None, None, [0, 1]]
    assert make_header(trace, "", ())["version"] == 2


def test_the_stages_of_a_branch_cost_nothing_and_have_no_parameters():
    add = stage_to_json(stages("size=8&layers=conv:random*3@3x3~relu~add:1")[3])
    assert (add["parameters"], add["multiply_adds"], add["input_shape"]) == (0, 0, [3, 6, 6])


@pytest.mark.parametrize(
    ("layers", "sentence"),
    [
        (
            "conv:random*3@3x3~relu~conv:random*2@3x3,padding=1~add:2",
            "Add (layer 4): Add cannot join stage 2, which has 3 × 6 × 6 cells, with stage 3, which has 2 × 6 × 6; the "
            "stages can be those with 2 × 6 × 6 cells.",
        ),
        (
            "conv:random*3@3x3~maxpool:2~concat:(1,0)",
            "Concatenate (layer 3): Concatenate cannot join stage 1, which has 3 × 6 × 6 cells, with stage 2, which "
            "has 3 × 3 × 3; the stages can be those with maps of 3 × 3 cells.",
        ),
        (
            "conv:random*3@3x3~globalavgpool,from=0~mul:1",
            "Multiply (layer 3): Multiply cannot join stage 1, which has 3 × 6 × 6 cells, with stage 2, which has "
            "1 × 1 × 1; the stages can be those with 1 map.",
        ),
    ],
)
def test_shapes_that_do_not_agree_are_said(layers: str, sentence: str):
    assert answer(f"size=8&layers={layers}").problems[0].message == sentence


def test_a_limit_that_is_exceeded_shortens_a_branched_chain_from_its_end():
    said = only_message(
        "size=64&layers=conv:random*8@5x5~relu~add:1~concat:(1,2,3)~abs,from=1", True, trace_bytes=500_000
    )
    assert "cells instead" in said or "Left out" in said


def test_the_same_layer_is_planned_anew_where_it_reads_other_stages():
    first = values(f"{SMALL}&layers=relu~abs~add:1")
    assert values(f"{SMALL}&layers=relu~abs,from=0~add:1") != first
    assert values(f"{SMALL}&layers=maxpool:2~minpool:2,from=0~add:1") == [[[2]]]
    assert values(f"{SMALL}&layers=relu~abs~add:1") == first


# --- facts --------------------------------------------------------------------------------------------------------


def facts(query: str, *names: str) -> list[object]:
    return [stage_to_json(stages(query)[-1])[name] for name in names]


def test_whole_numbers_and_decimals_stay_exact_through_joins():
    assert facts(f"{SMALL}&layers=relu~add:0", "exact", "denominator", "never_negative") == [True, 1, False]
    assert facts("image=(0.5,0.1)&layers=abs~add:0", "denominator", "colors") == [10, "signed"]
    assert facts("image=(0.5,0.1)&layers=abs~mul:0", "denominator") == [100]
    assert facts("image=(0.5,0.1)&layers=conv:(1/3)~concat:0", "denominator") == [30]
    assert facts("image=(9000,5000)&layers=abs~mul:0", "exact", "denominator") == [False, None]
    assert facts(f"{SMALL}&layers=sigmoid~add:0", "exact", "denominator") == [False, None]


def test_copies_of_a_picture_look_like_it_and_sums_do_not():
    assert facts("size=8&layers=maxpool:2~minpool:2,from=0~concat:1", "colors", "scale") == ["gray", [0, 255]]
    assert facts("size=8&layers=maxpool:1~add:0", "colors", "never_negative") == ["signed", True]
    assert facts("size=8&channels=rgb&layers=maxpool:1~concat:0", "colors", "channels") == [
        "gray", ["red", "green", "blue", "red", "green", "blue"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("layers", "size", "jump", "is_bound"),
    [
        ("conv:random*1@3x3,padding=1~conv:random*1@5x5,padding=2,from=0~add:1", [5, 5], [1, 1], False),
        ("conv:random*1@3x3,padding=1~conv:random*1@3x3,padding=1~add:0", [5, 5], [1, 1], False),
        ("conv:random*1@3x3~conv:random*1@3x3,from=0~add:1", [3, 3], [1, 1], False),
        ("conv:random*1@2x2,padding=(0,1,0,1)~conv:random*1@2x2,padding=(1,0,1,0),from=0~add:1", [3, 3], [1, 1], True),
        ("maxpool:2~avgpool:3,stride=2,padding=1,from=0~concat:1", [3, 3], [2, 2], True),
        ("maxpool:2,stride=1~maxpool:9,stride=1,from=0~avgpool:2,stride=2,from=1", [3, 3], [2, 2], False),
    ],
)
def test_the_receptive_field_is_the_box_around_all_paths(layers, size, jump, is_bound):
    entry = stage_to_json(stages(f"size=16&layers={layers}")[-1])
    assert (entry["receptive_field"], entry["jump"]) == (size, jump)
    assert entry.get("receptive_field_at_most", False) is is_bound


def test_paths_of_other_jumps_make_a_bound_that_no_cell_exceeds():
    # 16 → 8 by strides, and 16 → 8 as a window without: cell 0 sees rows 0–1 and 0–8, cell 7 rows 14–15 and 7–15.
    entry = stage_to_json(stages("size=16&layers=maxpool:2~maxpool:9,stride=1,from=0~add:1")[-1])
    assert entry["receptive_field"] == [9, 9]
    assert entry["receptive_field_at_most"] is True


@pytest.mark.parametrize("last", ["globalavgpool~mul:1", "softmax~add:1", "globalmaxpool~concat:3~conv:1x1"])
def test_what_reads_everything_on_one_path_sees_the_whole_picture(last):
    if "concat" in last:
        last = "globalmaxpool~globalavgpool,from=1~concat:2~softmax"
    trace = stages(f"size=6x8&layers=conv:random*1@3x3,padding=1~{last}")
    entry = stage_to_json(trace[-1])
    assert (entry["receptive_field"], entry["sees_whole_input"]) == ([6, 8], True)


# --- steps --------------------------------------------------------------------------------------------------------


def test_a_step_lists_its_terms_with_their_stages():
    trace = trace_of(f"{SMALL}&layers=relu~abs,from=0~add:(0,1)")
    step = explain_step(trace, 3, 0, 0, 1)
    assert (step["kind"], step["sum"], step["result"]) == ("join", 0, 0)
    assert step["terms"] == [
        {"stage": 2, "title": "Absolute value", "source": [0, 0, 1], "value": 2},
        {"stage": 0, "title": "Input", "source": [0, 0, 1], "value": -2},
        {"stage": 1, "title": "ReLU", "source": [0, 0, 1], "value": 0},
    ]
    texts = write_step(trace, step)
    assert ([one.sum for one in texts.channels], texts.result) == (["+2", "−2", "0"], "0")


def test_a_step_of_a_concatenation_says_which_map_it_copies():
    trace = trace_of("image=(1,2)(3,4)(5,6)&layers=relu~conv:(2),groups=3~concat:1")
    step = explain_step(trace, 3, 4, 0, 1)
    assert step["terms"] == [{"stage": 1, "title": "ReLU", "source": [1, 0, 1], "value": 4}]
    assert step["result"] == 4


def test_a_step_of_a_product_reads_the_one_number_of_a_map():
    trace = trace_of("image=(1,2)(3,4)&layers=globalmaxpool~mul:0")
    step = explain_step(trace, 2, 1, 0, 0)
    assert [(term["source"], term["value"]) for term in step["terms"]] == [([1, 0, 0], 4), ([1, 0, 0], 3)]
    assert step["result"] == 12


def test_decimals_are_exact_in_the_steps_of_joins():
    trace = trace_of("image=(0.1,0.7)&layers=conv:(3)~add:0")
    step = explain_step(trace, 2, 0, 0, 0)
    assert (step["result"], [term["value"] for term in step["terms"]]) == (0.4, [0.3, 0.1])
    assert write_step(trace, step).is_result_exact


# --- links --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("relu,from=0", (Layer("relu", options=(("from", 0),)),)),
        ("relu~add:1", (Layer("relu"), Layer("add", head=(1,)))),
        ("relu~add:(0,1),from=0", (Layer("relu"), Layer("add", head=(0, 1), options=(("from", 0),)))),
    ],
)
def test_a_link_and_its_json_give_the_branches_back(text, layers):
    link = parse_link(f"layers={text}", Limits())
    assert (link.scene.layers, link.problems) == (layers, ())
    assert format_link(link.scene) == f"layers={text}"
    assert scene_from_json(scene_to_json(link.scene), Limits()) == (link.scene, ())


def test_json_takes_one_stage_or_a_list():
    scene, problems = scene_from_json({"layers": [{"op": "add", "head": 0}, {"op": "mul", "head": [0, 1]}]}, Limits())
    assert [layer.head for layer in scene.layers] == [(0,), (0, 1)]
    assert problems == ()


@pytest.mark.parametrize(
    ("text", "kept", "sentence"),
    [
        ("relu,from=x", "relu", f"ReLU (layer 1): from is x; it can be {ONE}. It is left out."),
        ("relu,from=-1", "relu", f"ReLU (layer 1): from is -1; it can be {ONE}. It is left out."),
        ("relu~add", "relu", f"Add (layer 2): add needs {SEVERAL}. The layer is left out."),
        ("relu~add:(0;1)", "relu", f"Add (layer 2): stages is (0;1); it can be {SEVERAL}. The layer is left out."),
        ("blurr~relu~add:2", "relu~add:1", None),
        ("relu~blurr~abs~add:2", "relu~abs~add:1", "Add (layer 4): Stage 2 is left out; what read it reads stage 1 "
         "instead."),
    ],
)  # fmt: skip
def test_what_cannot_be_read_never_breaks_a_branch_silently(text, kept, sentence):
    link = parse_link(f"layers={text}", Limits())
    assert format_link(link.scene) == f"layers={kept}"
    assert sentence is None or link.problems[-1].message == sentence


def test_behind_a_network_what_counts_past_an_unknown_layer_is_left_out_with_a_message():
    link = parse_link("layers=model:digits~blurr~relu,from=2~add:(0,3)", Limits())
    assert format_link(link.scene) == "layers=model:digits~relu~add:0"
    assert [problem.field for problem in link.problems] == ["layers", "from", "stages"]
    assert "counts past Layer 2" in link.problems[1].message


# --- a whole chain, in its code and in PyTorch --------------------------------------------------------------------


def make_random_chain(seed: int) -> str:
    """A chain on a few cells in which every layer may read any stage of a shape that fits."""
    draw = random.Random(seed)
    shapes = [(draw.choice([1, 3]), 6, 5)]
    layers = []
    for _ in range(draw.randint(3, 9)):
        start = draw.randrange(len(shapes))
        channels, *size = shapes[start]
        alike = [k for k, shape in enumerate(shapes) if shape == shapes[start]]
        tall = [k for k, shape in enumerate(shapes) if shape[1:] == tuple(size)]
        gates = [k for k, shape in enumerate(shapes) if shape in (shapes[start], (channels, 1, 1))]
        kind = draw.choice(["conv", "relu", "pool", "add", "concat", "mul", "gate"])
        joined = draw.sample({"add": alike, "concat": tall, "mul": gates}.get(kind, [0]), 1)
        if kind == "concat" and channels + shapes[joined[0]][0] > 24:
            kind = "relu"
        text, shape = {
            "conv": (f"conv:random*2@3x3,padding=1,seed={seed}", (2, *size)),
            "relu": (draw.choice(["relu", "abs", "tanh"]), shapes[start]),
            "pool": ("maxpool:2,stride=1,padding=(0,1,0,1)", shapes[start]),
            "gate": ("globalavgpool", (channels, 1, 1)),
            "add": (f"add:{joined[0]}", shapes[start]),
            "concat": (f"concat:{joined[0]}", (channels + shapes[joined[0]][0], *size)),
            "mul": (f"mul:{joined[0]}", shapes[start]),
        }[kind]
        layers.append(f"{text},from={start}")
        shapes.append(shape)
    plane = ";".join(",".join(str(draw.randint(-9, 9)) for _ in range(5)) for _ in range(6))
    return f"image={f'({plane})' * shapes[0][0]}&layers={'~'.join(layers)}"


def run_chain(trace: Trace, dialect: str) -> list[np.ndarray]:
    """The output of every stage, each computed by its code from what the code of others computed."""
    made = [trace.stages[0].output]
    for stage in trace.stages[1:]:
        arrays = dict(zip(name_inputs(len(stage.info.reads)), (made[k] for k in stage.info.reads), strict=True))
        if stage.weight is not None and stage.bias is not None:
            arrays |= {"weight": stage.weight, "bias": stage.bias}
        arrays = {name: np.array(values, np.float32) for name, values in arrays.items()}
        made.append(run_text(dialect, write_code(stage)[dialect], arrays).astype(np.float32))
    return made


def assert_chain_agrees(seed: int, dialect: str) -> None:
    query = make_random_chain(seed)
    trace = trace_of(query)
    for stage, output in zip(trace.stages, run_chain(trace, dialect), strict=True):
        assert output.shape == stage.output.shape, query
        size = max(1.0, float(np.abs(stage.output).max()))
        assert np.abs(output - stage.output).max() <= 1e-4 * size, (query, stage.info.index)


def test_the_code_of_whole_branching_chains_gives_their_numbers():
    for seed in range(40):
        assert_chain_agrees(seed, "numpy")


@pytest.mark.parametrize("dialect", list_dialects("torch", "keras", "jax", "scipy"))
def test_branching_chains_agree_with_a_library_over_a_random_sweep(dialect: str):
    skip_without(dialect)
    for seed in range(40, 80 if dialect in ("keras", "jax") else 140):
        assert_chain_agrees(seed, dialect)


@pytest.mark.long
def test_branching_chains_agree_with_pytorch_over_a_wide_random_sweep():
    pytest.importorskip("torch")
    for seed in range(1000, 2500):
        assert_chain_agrees(seed, "torch")
