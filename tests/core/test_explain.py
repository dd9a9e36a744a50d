"""Explained steps, compared with independent loops and with the Trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.core import scene
from app.core.explain import explain_step
from app.core.operation_table import INPUT, find_operation
from app.core.ops.geometry import Axis, Geometry
from app.core.ops.preprocessing import Preprocessing, PreprocessingPlan, Resampling
from app.core.trace import plan
from app.core.trace.stage_info import FilterInfo, ImageInfo, PoolInfo, PreprocessingInfo, StageInfo
from app.core.trace.trace import Stage, Trace, TraceInput, compute_trace
from app.core.trace.value_facts import ValueFacts
from app.core.weights import pretrained
from tests.stage_code import compute

CASES = json.loads((Path(__file__).parents[1] / "golden" / "steps.json").read_text(encoding="utf-8"))
IDS = [case["name"] for case in CASES]


def trace_of(case: dict[str, Any]) -> Trace:
    return Trace(scene.Scene(), tuple(map(stage_of, case["trace"]["stages"])))


def stage_of(entry: dict[str, Any]) -> Stage:
    """The stage of an entry of the interface: the facts that a step is explained from, and its arrays."""
    arrays = (None if entry[name] is None else np.array(entry[name], np.float32) for name in ("weight", "bias"))
    filters = ("groups", "padding_mode", "flip", "divisors", "scales", "bias_text")
    info = StageInfo(
        find_operation(entry["op"]) or INPUT,
        entry["title"],
        tuple(entry["shape"]),
        ValueFacts(entry["exact"], 0, entry["colors"]),
        geometry=Geometry(*(axis_of(entry[name]) for name in ("rows", "columns"))) if entry.get("rows") else None,
        filters=FilterInfo(**{name: entry[name] for name in filters}) if "groups" in entry else None,
        pool=PoolInfo(entry["pool"], entry["count_include_pad"]) if "pool" in entry else None,
        preprocessing=preprocessing_of(entry["prepare"]) if "prepare" in entry else None,
        slope=entry.get("slope"),
        by=entry.get("by"),
        reads=(entry["index"] - 1,) if entry["index"] else (),
    )
    return Stage(info, np.array(entry["output"], np.float32), *arrays)


def axis_of(entry: dict[str, Any]) -> Axis:
    return Axis(*(entry[name] for name in ("size", "kernel", "stride", "dilation", "before", "after", "ceil")))


def preprocessing_of(entry: dict[str, Any]) -> PreprocessingInfo:
    made = Preprocessing(entry["model"], None, tuple(entry["mean"]), tuple(entry["std"]))
    rows, columns = (Resampling(**entry[name]) for name in ("rows", "columns"))
    return PreprocessingInfo(PreprocessingPlan(made, rows, columns, entry["mix"]), entry["white"], entry["inverted"])


def assert_same(explained: Any, expected: Any, where: str = "step") -> None:
    """Equal in structure; numbers equal where they are whole, and within double rounding elsewhere."""
    if isinstance(expected, dict):
        assert explained.keys() == expected.keys(), where
        for key in expected:
            assert_same(explained[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(explained) == len(expected), where
        for index, value in enumerate(expected):
            assert_same(explained[index], value, f"{where}[{index}]")
    elif isinstance(expected, float) and not expected.is_integer():
        assert explained == pytest.approx(expected, rel=1e-9), where
    else:
        assert explained == expected, where


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_step_reads_multiplies_and_adds_up_as_the_loops_do(case):
    trace = trace_of(case)
    for entry in case["steps"]:
        expected = entry["expected"]
        explained = explain_step(trace, *(expected[key] for key in ("stage", "map", "row", "col")))
        assert_same(explained, expected)


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_every_step_of_every_map_comes_to_the_value_of_the_trace_and_can_be_sent_as_json(case):
    trace = trace_of(case)
    for index, stage in enumerate(trace.stages):
        for k, row, col in np.ndindex(stage.output.shape):
            explained = explain_step(trace, index, k, row, col)
            assert explained["result"] == pytest.approx(stage.output[k, row, col], rel=1e-5, abs=1e-6)
            json.dumps(explained, allow_nan=False)


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ((9, 0, 0, 0), "stage is 9; it can be 0 to 3"),
        ((1, 1, 0, 0), "map is 1; it can be 0 to 0"),
        ((1, 0, -1, 0), "row is -1; it can be 0 to 5"),
        ((1, 0, 0, 7), "col is 7; it can be 0 to 6"),
    ],
)
def test_an_invalid_place_is_rejected_with_the_valid_range(place, sentence):
    with pytest.raises(ValueError, match=sentence):
        explain_step(trace_of(CASES[0]), *place)


def test_weights_as_applied_are_explained_for_a_turned_filter():
    """A Trace stores the weights as they are applied, so that a step does not turn them."""
    layer = scene.Layer("conv", (scene.Planes(((("1", "2"), ("3", "4")),)),), options=(("flip", True),))
    image = np.arange(9, dtype=np.float32).reshape(1, 3, 3)
    source = TraceInput(image, ImageInfo("numbers"), None)
    run = compute_trace(
        scene.Scene(layers=(layer,)), source, [plan.plan_layer(layer, 0, (1, 3, 3), pretrained.NoTrainedModels())]
    )
    explained = explain_step(run, 1, 0, 0, 0)
    assert explained["channels"][0]["weights"] == [[4, 3], [2, 1]]
    assert explained["result"] == run.stages[1].output[0, 0, 0] == 0 * 4 + 1 * 3 + 3 * 2 + 4 * 1


def test_typed_decimals_are_exact_in_the_explanation_as_on_the_page():
    run = compute("image=(0.7,0.4,0.3)&layers=conv:(1,-1,-1)~relu~avgpool:1")
    (channel,) = (explained := explain_step(run, 1, 0, 0, 0))["channels"]
    assert channel["values"] == [[0.7, 0.4, 0.3]]
    assert channel["products"] == [[0.7, -0.4, -0.3]]
    assert (channel["sum"], explained["sum"], explained["result"]) == (0, 0, 0)
    assert [explain_step(run, stage, 0, 0, 0)["result"] for stage in (2, 3)] == [0, 0]


def test_products_with_trained_weights_are_not_rounded_to_multiples_of_the_input():
    run = compute("image=digit-3&size=28&range=unit&layers=conv:lenet5/conv1")
    (channel,) = explain_step(run, 1, 2, 9, 9)["channels"]
    weight, values = run.stages[1].weight, np.array(channel["values"])
    assert weight is not None
    np.testing.assert_allclose(channel["products"], values * weight[2, 0].astype(float), rtol=1e-12)
