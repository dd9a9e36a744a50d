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


def find_faults(run: Run, seed: int, each: int) -> list[str]:
    query = make_random_query(seed)
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


@pytest.mark.long
def test_the_browser_writes_the_numbers_of_two_hundred_random_figures_as_python_does(run: Run):
    assert [fault for seed in range(600, 800) for fault in find_faults(run, seed, 3)] == []
