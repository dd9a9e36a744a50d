"""The numbers of a step as the browser writes them: as Python does, and adding up."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

import pytest

from app.core.explain import explain_step
from app.core.trace import wire
from app.core.writing import write_step
from tests.browser.pure_page import Run
from tests.number_scenes import find_fault, find_fault_in_sentences, list_places, make_random_query, make_trace

# The texts of all these steps in one call.
SCRIPT = """
  const trace = W.readTrace(buffer(given.trace));
  return given.places.map(([stage, map, row, col]) => {
    const frame = F.frameAt(trace, {stage, map, at: [row, col], beat: "write"});
    const texts = N.writeStep(trace, frame);
    const channels = texts.channels.map(({values, weights, products, sum}) => ({values, weights, products, sum}));
    const said = {...C.resultParts(trace, frame), equation: C.textOf(C.equationParts(trace, frame))};
    return {texts: {...texts, channels}, said};
  });
"""


def to_python_names(texts: dict[str, Any]) -> dict[str, Any]:
    """The texts of the browser under the names of Python."""
    renamed = {
        "channelRest": "channel_rest",
        "isSumExact": "is_sum_exact",
        "isQuotientExact": "is_quotient_exact",
        "biasWritten": "bias_written",
        "isResultExact": "is_result_exact",
    }
    strongest = [
        {**{name: term[name] for name in ("value", "weight", "product")}, "is_exact": term["isExact"]}
        for term in texts["strongest"]
    ]
    return {renamed.get(name, name): value for name, value in texts.items()} | {"strongest": strongest}


def to_lists(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: to_lists(one) for name, one in value.items()}
    return [to_lists(one) for one in value] if isinstance(value, list | tuple) else value


def find_faults(run: Run, seed: int, each: int, query: str = "") -> list[str]:
    query = query or make_random_query(seed)
    trace = make_trace(query)
    if trace is None:
        return []
    places = list_places(trace, seed, each)
    data = base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, query, ()))).decode()
    found = []
    for place, page in zip(places, run(SCRIPT, {"trace": data, "places": places}), strict=True):
        step = explain_step(trace, *place)
        shown, expected = to_python_names(page["texts"]), to_lists(asdict(write_step(trace, step)))
        different = [f"{name}: {shown[name]} ≠ {expected[name]}" for name in expected if shown[name] != expected[name]]
        faults = (*different, find_fault(shown, step), find_fault_in_sentences(page["said"], shown, step))
        found += [f"{query} at {place}: {text}" for text in faults if text]
    return found


def test_the_browser_writes_the_numbers_of_twelve_random_figures_as_python_does_and_they_add_up(run: Run):
    assert [fault for seed in range(12) for fault in find_faults(run, seed, 3)] == []


OWN_LAYERS = (
    "image=(0.7,0.4,0.3)&layers=linear:(1,-1,-1;0.25,1/3,2)/2,bias=(0,1/9)",
    "image=random*5@3x4,seed=2&layers=linear:random*4,bias=0.5~linear:3",
    "image=coffee&size=24&layers=linear:random*3~relu",
    "image=(1,2;3,4)&layers=convtranspose:(1,2,3;4,5,6;7,8,9)/9,stride=2,bias=1/3",
    "image=random*3@3x3&layers=convtranspose:4@3x3,stride=2,padding=1,output_padding=1~convtranspose:(0.5),stride=3",
    "image=face&size=5&channels=rgb&layers=convtranspose:random*1@2x3,groups=3,dilation=2,stride=2x1~conv:2@3x3",
)


@pytest.mark.parametrize("query", OWN_LAYERS)
def test_the_browser_explains_layers_of_ones_own_as_python_does(run: Run, query: str):
    assert find_faults(run, 1, 12, query) == []


@pytest.mark.long
def test_the_browser_writes_the_numbers_of_two_hundred_random_figures_as_python_does(run: Run):
    assert [fault for seed in range(600, 800) for fault in find_faults(run, seed, 3)] == []
