"""The story of a stage in the browser: the presses that Python lists, and a clock that leads from one to the next."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from app.core.explain.story import list_story
from app.core.trace import wire
from tests.browser.pure_page import Run
from tests.figures import answer

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "stories.json").read_text(encoding="utf-8"))
LIST = """
  const {listStory} = await import("convoscope/pure/story/story.js");
  return listStory(W.readTrace(buffer(given.trace)), given.stage)
    .map(({line, map, cell, beat, isWhole}) => [line, map, cell, beat, isWhole]);
"""
WALK = """
  const walk = await import("convoscope/pure/story/walk.js");
  const trace = W.readTrace(buffer(given.trace));
"""


def encode(query: str) -> str:
    trace = answer(query).trace
    assert trace is not None
    return base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, query, ()))).decode()


@pytest.mark.parametrize("case", GOLDEN, ids=[case["why"][:40] for case in GOLDEN])
def test_each_press_shows_what_the_story_of_its_layer_says(run: Run, case: dict[str, Any]):
    assert run(LIST, {"trace": encode(case["figure"]), "stage": case["stage"]}) == case["steps"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "image=coffee&channels=rgb&layers=conv:random*4@3x3,stride=2,padding=1~relu~avgpool:2~globalavgpool~softmax",
        "image=(5)&layers=relu",
    ],
)
def test_the_browser_tells_each_stage_as_the_server_does(run: Run, query: str):
    trace = answer(query).trace
    assert trace is not None
    data = encode(query)
    for index in range(len(trace.stages)):
        expected = [[one.line, one.map, list(one.cell), one.beat, one.is_whole] for one in list_story(trace, index)]
        assert run(LIST, {"trace": data, "stage": index}) == expected


def test_presses_forward_and_back_visit_the_same_places_and_end_at_both_ends(run: Run):
    said = run(
        WALK
        + """const there = [], back = [];
        let view = {stage: 0, story: null, isBetween: false};
        for (let to; (to = walk.placeAfterPress(trace, view, 1)); view = to) there.push([to.stage, to.story]);
        for (let to; (to = walk.placeAfterPress(trace, view, -1)); view = to) back.push([to.stage, to.story]);
        return {there, back};""",
        {"trace": encode("")},
    )
    assert said["there"] == [
        [stage, press] for stage, count in enumerate([1, 12, 3, 4]) for press in range(1, count + 1)
    ]
    assert said["back"] == said["there"][-2::-1]


def test_a_press_that_the_layer_no_longer_has_is_the_last_one_for_the_clock(run: Run):
    said = run(
        WALK
        + """const view = {stage: 3, story: 9, isBetween: true, at: [0, 3]};
        return walk.planStory(trace, view, 1).stops.filter(({isPress}) => isPress).map(({press}) => press);""",
        {"trace": encode("")},
    )
    assert said == [4]


def test_the_clock_shows_each_press_in_turn_and_fills_rows_and_maps_in_reading_order(run: Run):
    said = run(
        WALK
        + """const view = {stage: 1, story: null, isBetween: false, at: [12, 19]};
        const {stops, duration} = walk.planStory(trace, view, 1);
        const rises = stops.every(({time}, n) => n === 0 || time > stops[n - 1].time);
        const between = stops.filter(({isPress}) => !isPress);
        const filled = (press) => between.filter((one) => one.press === press).map(({position}) => position);
        const later = walk.planStory(trace, {...view, story: 11}, 1).stops.map(({press}) => press);
        const again = walk.planStory(trace, {...view, story: 12}, 2).stops[0].press;
        return {presses: stops.filter(({isPress}) => isPress).map(({press}) => press), rises, later, again,
          row: filled(7), map: filled(9).every((one, n, all) => one > (n ? all[n - 1] : 30) && one < 899),
          first: stops[0].time, duration};""",
        {"trace": encode("")},
    )
    assert said["presses"] == list(range(1, 13))
    assert said["row"] == list(range(2, 29))
    assert (said["rises"], said["map"], said["first"]) == (True, True, 0)
    assert (said["later"], said["again"]) == ([11, 12], 1)
    assert said["duration"] < 30
