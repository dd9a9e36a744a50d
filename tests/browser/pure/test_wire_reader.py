"""Traces as a browser reads them from the server's bytes."""

from __future__ import annotations

import base64
import json

import numpy as np
import pytest

from app.core.limits import Limits
from app.core.link.query_string import parse_link
from app.core.trace import plan, trace, wire
from app.core.trace.stage_info import ImageInfo
from app.core.trace.stage_json import stage_to_json
from app.models.library import load_models
from tests.browser.pure_page import CHECKOUT, Run

MODELS = CHECKOUT / "app" / "models" / "data"


def packed(version: int = 1, trace: str | None = None) -> bytes:
    meta = {"index": 0, "shape": [1, 2, 3], "preview": [-1.5, 0.5]}
    tensors = {
        "0.output": np.arange(6, dtype=np.float32).reshape(1, 2, 3),
        "0.weight": np.ones((1, 1, 1, 1), np.float32),
        "0.bias": np.array([0.5], np.float32),
        "0.preview": np.arange(6, dtype=np.uint8).reshape(1, 2, 3),
    }
    text = json.dumps({"version": version, "link": "stage=2", "problems": [], "stages": [meta]})
    return wire.pack(tensors, {"trace": text if trace is None else trace})


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_trace_is_read_from_the_servers_bytes_without_copying_them(run: Run):
    said = run(
        """const bytes = buffer(given), trace = W.readTrace(bytes), [stage] = trace.stages;
        return {link: trace.link, output: [...stage.output], bias: [...stage.bias], bytes: [...stage.bytes],
                preview: stage.preview, shared: stage.output.buffer === bytes};""",
        encoded(packed()),
    )
    assert said == {
        "link": "stage=2",
        "output": [0, 1, 2, 3, 4, 5],
        "bias": [0.5],
        "bytes": [0, 1, 2, 3, 4, 5],
        "preview": [-1.5, 0.5],
        "shared": True,
    }


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"1234", "The response is 4 bytes long; it must be at least 8."),
        (b"\xff" * 3 + b"\0" * 5 + b"{}", "The header says that it is 16777215 bytes long; only 2 bytes follow."),
        (b"\2" + b"\0" * 7 + b"no", "The response's header is not JSON."),
        (b"\2" + b"\0" * 7 + b"{}", "has no “trace” in its header"),
        (packed()[:-1], "The array 0.preview should be 6 bytes"),
        (packed(version=3), "The response is of version 3; this page reads version 2."),
        (
            packed(trace='{"version": 1, "stages": [{"index": 0, "op": "add"}]}'),
            "The response is of version 1, which cannot say which stages a layer reads.",
        ),
        (packed(trace="{"), "The response's description is not JSON."),
        (packed().replace(b'"F32"', b'"F64"'), "holds F64; this page reads F32"),
    ],
    ids=["short", "longer than it is", "no JSON", "no trace", "cut off", "version", "branch", "description", "type"],
)
def test_an_answer_that_cannot_be_read_is_refused_in_a_sentence(run: Run, data: bytes, sentence: str):
    said = run("try { W.readTrace(buffer(given)); } catch (error) { return error.message; }", encoded(data))
    assert sentence in said


CHAINS = [
    "layers=conv:sobel-x~relu~maxpool:2~conv:box-blur,bias=1/3,padding=same",
    "layers=conv:random*4@5x5,padding=2,padding_mode=reflect,bias=0.1~leaky_relu:0.1~conv:random*3@3x3,stride=2~tanh",
    "layers=conv:(0.1,0.2;1/3,-0.7)/7,groups=1~abs~l2pool:3,stride=2,padding=1,ceil_mode=1~flatten~softmax",
    "layers=avgpool:3,stride=2,padding=1,count_include_pad=0~shift:1x-2~sigmoid~globalavgpool",
    "layers=model:lenet5",
    "layers=prepare:linear10~conv:linear10/fc1,padding=2",
]


NEW_FIELDS = ("kind", "capabilities", "values", "formula", "sees_whole_input")


def compute(query: str) -> trace.Trace:
    """The Trace of a chain on random numbers."""
    scene = parse_link(query, Limits()).scene
    image = np.random.default_rng(3).integers(0, 256, (3, 14, 12)).astype(np.float32)
    plans, shape = [], image.shape
    for index, layer in enumerate(scene.layers):
        plans += plan.plan_layers(layer, index, shape, load_models(MODELS))
        shape = plans[-1].shape
    return trace.compute_trace(scene, trace.TraceInput(image, ImageInfo("sample"), (0.0, 255.0)), plans)


@pytest.mark.parametrize("query", CHAINS)
def test_what_the_server_computed_and_sent_agrees_with_every_frame_in_the_browser(run: Run, query: str):
    made = compute(query)
    frames = run(
        """const trace = W.readTrace(buffer(given)), wrong = [];
        let count = 0;
        for (const stage of trace.stages) for (let map = 0; map < stage.shape[0]; map++) {
          for (let i = 0; i < F.positionsOf(stage).count; i++, count++) {
            const frame = F.frameAt(trace, {stage: stage.index, map, at: F.placeOf(stage, i), beat: "sum"});
            if (!frame.agrees) wrong.push([stage.op, map, i, frame.result, frame.value]);
          }
        }
        return {wrong, count, said: trace.stages.map(({ranges, telling}) => [ranges, telling])};""",
        encoded(wire.trace_to_bytes(made, wire.make_header(made, query, ()))),
    )
    assert frames.pop("said") == [
        [stage_to_json(stage)["ranges"], stage_to_json(stage)["telling"]] for stage in made.stages
    ]
    assert frames == {"wrong": [], "count": sum(stage.output.size for stage in made.stages)}


@pytest.mark.parametrize("query", CHAINS)
def test_a_trace_of_an_older_version_opens_with_the_same_steps(run: Run, query: str):
    """Version 0.1 wrote no kind, capabilities, values or formula."""
    made = compute(query)
    older = [
        {key: value for key, value in stage_to_json(stage).items() if key not in NEW_FIELDS} for stage in made.stages
    ]
    same = run(
        """const newer = W.readTrace(buffer(given.data)).stages;
        return given.older.map(W.completeFacts).map(({kind, capabilities}, i) =>
          kind === newer[i].kind && String(capabilities) === String(newer[i].capabilities));""",
        {"data": encoded(wire.trace_to_bytes(made, wire.make_header(made, query, ()))), "older": older},
    )
    assert same == [True] * len(older)
