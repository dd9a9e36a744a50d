"""What is played and what moves is decided twice, for the page and for a film: both show the same at the same time."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from app.core.explain import explain_step
from app.core.explain.beats import list_beats
from app.core.explain.story import list_story
from app.core.motion.motion_times import TIMINGS, fit_time
from app.core.motion.motion_tracks import MotionSpot, measure_time, place_marks
from app.core.motion.moving_places import StepPlaces, TablePlaces
from app.core.motion.playback_plan import Path, PathStep, plan_playback
from app.core.motion.story_plan import plan_story
from app.core.motion.transitions import MovingStep, SumCount, list_totals, name_transition, plan_tracks
from app.core.trace import wire
from app.core.trace.trace import Trace
from tests.browser.pure_page import CHECKOUT, Run
from tests.golden.make_motion import BEATS
from tests.number_scenes import make_random_query, make_trace

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "motion.json").read_text(encoding="utf-8"))
LINKS = [
    "image=(1,2,3;4,5,6;7,8,9)&layers=conv:(1,2;3,4)~relu~maxpool:2",
    "image=coffee&channels=rgb&size=9&layers=conv:random*2@3x3,groups=1,bias=(3,-2),padding=1~avgpool:2",
    "image=coffee&size=6&layers=conv:random*9@3x3~conv:random*2@3x3",
    "image=(1,2;3,4)&layers=linear:(1,0,-1,2;2,1,0,3),bias=(1,2)~softmax",
    *(make_random_query(seed) for seed in range(10)),
]


def encode(trace: Trace) -> str:
    return base64.b64encode(wire.trace_to_bytes(trace, wire.make_header(trace, "", ()))).decode()


def make_step(kind: str, beat: str, column: int) -> MovingStep:
    channels = [{"weights": [[1]] if kind in ("conv", "colors") else None, "values": [[1, 2], [3, 4]]}]
    if kind == "pointwise":
        channels[0]["values"] = [[1]]
    kinds = {"colors": "conv", "average": "pool"}
    numbers = {"stage": 1, "map": 0, "row": 0, "col": column, "kind": kinds.get(kind, kind)}
    chosen = [0, 1, 1] if kind == "pool" else None
    return MovingStep({**numbers, "chosen": chosen, "channels": channels}, beat, BEATS[kind])


def test_a_film_takes_the_times_of_the_page():
    assert dict(TIMINGS) == GOLDEN["timings"]
    times = [fit_time(case["own"], case["beat"], case["tempo"]) for case in GOLDEN["times"]]
    assert times == pytest.approx([case["time"] for case in GOLDEN["times"]])


def test_a_film_moves_what_the_page_moves():
    for case in GOLDEN["plans"]:
        before, after = (make_step(case["kind"], *case[end]) for end in ("before", "after"))
        assert name_transition(before, after, case["brief"]) == case["name"], case


def test_a_film_counts_as_the_page_does():
    for case in GOLDEN["totals"]:
        assert list_totals(case["terms"], case["signed"]) == case["totals"], case


def list_plans(draw: random.Random) -> list[dict[str, Any]]:
    plans = []
    for _ in range(300):
        rows, columns = draw.choice([(1, 1), (3, 3), (9, 1), (1, 7), (30, 30), (512, 3), (2, 600), (200, 200)])
        beats = [f"b{index}" for index in range(draw.randint(1, 11))]
        cells = range(rows * columns)
        stops = draw.sample(cells, min(len(cells), draw.randint(1, 6))) if draw.random() < 0.4 else []
        mode = draw.choice(["step", "row", "steady", "finish", "story"])
        position = draw.choice([0, len(cells) - 1, *stops, draw.choice(cells)])
        tempo = draw.choice([0.25, 1, 2, 8])
        beat, loop = draw.choice([*beats, "unknown"]), draw.random() < 0.3
        plans.append(
            {"rows": rows, "columns": columns, "beats": beats, "stops": stops, "mode": mode}
            | {"position": position, "beat": beat, "tempo": tempo, "loop": loop}
        )
    return plans


def test_a_film_plays_the_plan_of_the_page(run: Run):
    plans = list_plans(random.Random(18))
    said = run(
        """return given.map(({rows, columns, beats, stops, mode, position, beat, tempo, loop}) => {
          const plan = Y.plan({positions: {rows, columns}, beats, stops, from: {position, beat}, mode, tempo, loop});
          const {length} = plan.stops, few = [...plan.stops.slice(0, 40), ...plan.stops.slice(-20)];
          return [length, plan.skips, plan.duration, few.map((one) => [one.position, one.beat, one.time])];
        });""",
        plans,
    )
    for asked, (length, skips, duration, steps) in zip(plans, said, strict=True):
        path = Path(asked["rows"], asked["columns"], asked["beats"], asked["stops"])
        plan = plan_playback(
            path, PathStep(asked["position"], asked["beat"]), asked["mode"], asked["tempo"], asked["loop"]
        )
        assert (len(plan.steps), plan.skips) == (length, skips), asked
        assert plan.duration == pytest.approx(duration)
        few = [*plan.steps[:40], *plan.steps[-20:]]
        assert [(one.step.position, one.step.beat) for one in few] == [(at, beat) for at, beat, _ in steps], asked
        assert [one.time for one in few] == pytest.approx([time for _, _, time in steps])


@pytest.mark.parametrize("link", LINKS[:4])
def test_a_film_tells_the_story_of_the_page(run: Run, link: str):
    trace = make_trace(link)
    assert trace
    places = [
        (stage, press) for stage in range(1, len(trace.stages)) for press in range(1, len(list_story(trace, stage)) + 1)
    ]
    said = run(
        """const {planStory} = await import("convoscope/pure/story/walk.js");
        const trace = W.readTrace(buffer(given.trace));
        return given.places.map(([stage, story]) => planStory(trace, {stage, story, isBetween: false}, 1).stops
          .map((one) => [one.position, one.beat, one.press, Boolean(one.isPress), one.time]));""",
        {"trace": encode(trace), "places": places},
    )
    for (stage, press), steps in zip(places, said, strict=True):
        plan = plan_story(trace, stage, press)
        shown = [(one.step.position, one.step.beat, one.step.press, one.step.is_press) for one in plan.steps]
        assert shown == [tuple(one[:4]) for one in steps]
        assert [one.time for one in plan.steps] == pytest.approx([one[4] for one in steps])


def make_places(step: MovingStep, trace: Trace, draw: random.Random) -> StepPlaces:
    """Places anywhere: what moves follows from them alone."""

    def spot(text: str = "1") -> MotionSpot:
        box = (draw.uniform(0, 900), draw.uniform(0, 500), draw.uniform(5, 60), draw.uniform(5, 60))
        fill = tuple(draw.randint(0, 255) for _ in range(3)) if draw.random() < 0.8 else None
        return MotionSpot(*box, text, fill, (draw.randint(0, 255), 0, 9), draw.choice([9.0, 13.0, 20.5]))  # type: ignore[arg-type]

    def spots(nested: Any) -> tuple[MotionSpot, ...]:
        return tuple(spot(str(index)) for index in range(sum(map(len, nested or ()))))

    listed = step.channels if len(step.channels) <= 8 else step.channels[:1]
    tables = tuple(
        TablePlaces(
            spots(one["values"]),
            spots(one["weights"]),
            spots(one["products"]) if one["weights"] else (),
            spot("7") if len(step.channels) > 1 else None,
        )
        for one in listed
    )
    count = len(step.numbers["rows"]) * len(step.numbers["columns"])
    sources = tuple(spot("") if draw.random() < 0.9 else None for _ in range(count))
    total, terms = (replace(spot(text), fill=None) for text in (draw.choice(["42", "7"]), step.beat))
    return StepPlaces(
        spot(""), spot(""), spot(""), sources, tables, total, terms, spot("") if draw.random() < 0.7 else None
    )


def write_spot(spot: MotionSpot | None) -> dict[str, Any] | None:
    if spot is None:
        return None
    keys = ("x", "y", "width", "height", "text", "fill", "ink", "size")
    return {key: getattr(spot, key) for key in keys} | {"weight": 400, "family": ""}


def write_places(places: StepPlaces) -> dict[str, Any]:
    named = {name: write_spot(getattr(places, name)) for name in ("window", "cell", "value", "sum", "terms", "linked")}
    tables = [
        {name: [write_spot(one) for one in getattr(table, name)] for name in ("window", "filter", "products")}
        | {"sum": write_spot(table.sum)}
        for table in places.tables
    ]
    return {**named, "sources": [write_spot(one) for one in places.sources], "tables": tables}


def list_pairs(trace: Trace, draw: random.Random) -> list[tuple[dict[str, Any], MovingStep, MovingStep]]:
    pairs = []
    for index, stage in enumerate(trace.stages[1:], 1):
        maps, rows, columns = stage.output.shape
        beats, map = list_beats(stage), draw.randrange(maps)
        ends = [((0, 0), one, (0, 0), other) for one, other in pairwise(beats)]
        last = (rows - 1, columns - 1)
        ends += [((0, 0), beats[-1], last, beats[0]), ((0, 0), beats[0], last, beats[-1])]
        for cell, beat, next_cell, next_beat in ends:
            steps = [
                MovingStep(explain_step(trace, index, map, *at), one, beats)
                for at, one in ((cell, beat), (next_cell, next_beat))
            ]
            asked = {"stage": index, "map": map, "places": [[cell, beat], [next_cell, next_beat]]}
            pairs.append((asked, *steps))
    return pairs


@pytest.mark.parametrize("seed", range(len(LINKS)))
def test_what_moves_in_a_film_is_where_the_page_has_it(run: Run, seed: int):
    trace, draw = make_trace(LINKS[seed]), random.Random(seed)
    if trace is None:
        pytest.skip("the layers of this random link do not fit")
    cases = []
    for asked, before, after in list_pairs(trace, draw):
        places = make_places(before, trace, draw), make_places(after, trace, draw)
        counting = SumCount(list_totals(["1", "2", "−3", "4"][: draw.randint(0, 4)], is_signed=True), "+ 5")
        cases.append((asked, (before, after), places, counting, draw.random() < 0.2))
    said = run(
        """const X = await import("convoscope/pure/motion/transition.js");
        const trace = W.readTrace(buffer(given.trace));
        return given.cases.map(({stage, map, places, before, after, totals, bias, isBrief}) => {
          const [from, to] = places.map(([at, beat]) => F.frameAt(trace, {stage, map, at, beat}));
          const tracks = X.planTracks(from, to, {before, after, counting: {totals, bias}}, isBrief);
          return {time: X.timeOf(tracks), marks: given.times.map((t) => X.marksAt(tracks, t).map((mark) =>
            [mark.kind, mark.id, mark.hides, mark.role, mark.hasArrived, mark.text, mark.fill, mark.ink,
             mark.x, mark.y, mark.width, mark.height, mark.size, mark.opacity]))};
        });""",
        {
            "trace": encode(trace),
            "times": TIMES,
            "cases": [
                {
                    **asked,
                    "before": write_places(places[0]),
                    "after": write_places(places[1]),
                    "totals": counting.totals,
                    "bias": counting.bias,
                    "isBrief": is_brief,
                }
                for asked, _, places, counting, is_brief in cases
            ],
        },
    )
    for (asked, steps, places, counting, is_brief), one in zip(cases, said, strict=True):
        compare(asked, plan_tracks(steps, places, counting, is_brief), one)


TIMES = [0, 0.13, 0.37, 0.5, 0.62, 0.81, 0.97, 1]


def compare(asked: Mapping[str, Any], tracks: Any, said: Mapping[str, Any]) -> None:
    assert measure_time(tracks) == pytest.approx(said["time"]), asked
    for t, marks in zip(TIMES, said["marks"], strict=True):
        found = place_marks(tracks, t)
        assert len(found) == len(marks), (asked, t)
        for mark, (kind, id, hides, role, has_arrived, text, fill, ink, *numbers) in zip(found, marks, strict=True):
            spot, track = mark.spot, mark.track
            assert (track.kind, track.id, track.hides, track.role) == (kind, id, hides, role), asked
            assert (mark.has_arrived, spot.text) == (has_arrived, text), (asked, t, id)
            own = [spot.x, spot.y, spot.width, spot.height, spot.size, mark.opacity]
            assert own == pytest.approx(numbers, abs=1e-6), (asked, t, id)
            colors = [list(color) if color else None for color in (spot.fill, spot.ink)]
            assert colors == [fill, ink], (asked, t, id)
