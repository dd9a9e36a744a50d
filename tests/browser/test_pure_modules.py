"""The pure modules in a real browser: their laws, and the golden steps that Python is held to as well."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Error, Route

from app.core.limits import Limits
from app.core.link.query_string import format_view, parse_link
from app.core.options import VIEW_OPTIONS
from app.core.trace import plan, trace, wire
from app.models.library import load_models

CHECKOUT = Path(__file__).resolve().parents[2]
MODELS = CHECKOUT / "app" / "models" / "data"
CASES = json.loads((CHECKOUT / "tests" / "golden" / "steps.json").read_text(encoding="utf-8"))
NAMES = [case["name"] for case in CASES]
SITE = "http://modules.test"
IMPORT_MAP = {"imports": {"convoscope/": f"{SITE}/static/"}}
PAGE = f'<!doctype html><script type="importmap">{json.dumps(IMPORT_MAP)}</script>'
TABLE = [option.to_json() for option in VIEW_OPTIONS]

Run = Callable[..., Any]

# In every script: the modules, a Trace from the golden file's nested lists, and a case's frame.
PRELUDE = """
  const [F, W, P, C, L, V, Y] = await Promise.all(
    ["frame", "wire", "palette", "caption", "layout", "view", "player"].map((name) => import(`convoscope/${name}.js`)));
  const flat = (nested) => nested === null ? null : Float32Array.from(nested.flat(Infinity));
  const traceOf = (json) => ({...json, stages: json.stages.map((stage) => ({
    ...stage, output: flat(stage.output), weight: flat(stage.weight), bias: flat(stage.bias), bytes: null}))});
  const buffer = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
"""


@pytest.fixture(scope="module")
def run(browser: Browser) -> Iterator[Run]:
    """run(script, argument): what the script returns, in a page that holds nothing but an import map."""
    with browser.new_context() as context:
        page = context.new_page()
        page.route(f"{SITE}/**", answer)
        page.goto(f"{SITE}/")

        def evaluate(script: str, argument: object = None) -> Any:
            return page.evaluate(f"async (given) => {{ {PRELUDE} {script} }}", argument)

        yield evaluate


def answer(route: Route) -> None:
    """The empty page, and the modules as they lie in the checkout."""
    path = route.request.url.removeprefix(f"{SITE}/")
    if not path:
        route.fulfill(body=PAGE, content_type="text/html")
    elif path.startswith("static/") and (CHECKOUT / path).is_file():
        route.fulfill(body=(CHECKOUT / path).read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(status=404)


def assert_same(said: Any, expected: Any, where: str = "frame") -> None:
    """Every expected part is there; numbers equal where they are whole, within double rounding elsewhere."""
    if isinstance(expected, dict):
        for key in expected:
            assert_same(said[key], expected[key], f"{where}.{key}")
    elif isinstance(expected, list):
        assert len(said) == len(expected), where
        for index, value in enumerate(expected):
            assert_same(said[index], value, f"{where}[{index}]")
    elif isinstance(expected, float) and not expected.is_integer():
        assert said == pytest.approx(expected, rel=1e-9), where
    else:
        assert said == expected, where


# --- frame ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_frame_reads_multiplies_and_adds_up_as_the_loops_do(run: Run, case):
    frames = run(
        """const trace = traceOf(given.trace);
        return given.steps.map(({expected: {stage, map, row, col}}) =>
          F.frameAt(trace, {stage, map, at: [row, col], beat: "write"}));""",
        case,
    )
    for frame, step in zip(frames, case["steps"], strict=True):
        assert_same(frame, step["expected"])
        assert frame["beats"] == step["beats"]
        assert frame["beat"] == "write"
        assert frame["agrees"]


def test_every_frame_of_every_trace_agrees_with_the_value_that_the_trace_holds(run: Run):
    wrong = run(
        """const wrong = [];
        for (const {name, trace: json} of given) {
          const trace = traceOf(json);
          for (const stage of trace.stages) for (let map = 0; map < stage.shape[0]; map++) {
            for (let i = 0; i < F.positionsOf(stage).count; i++) {
              const frame = F.frameAt(trace, {stage: stage.index, map, at: F.placeOf(stage, i), beat: "sum"});
              if (!frame.agrees) wrong.push([name, frame.result, frame.value]);
            }
          }
        }
        return wrong;""",
        CASES,
    )
    assert wrong == []


def test_a_value_that_is_not_the_sum_does_not_agree(run: Run):
    script = """const trace = traceOf(given); trace.stages[1].output[0] += 0.01;
      return F.frameAt(trace, {stage: 1, map: 0, at: [0, 0], beat: "sum"}).agrees;"""
    assert run(script, CASES[0]["trace"]) is False


def test_a_frame_depends_on_its_place_alone(run: Run):
    script = """const trace = traceOf(given);
      const ask = (at) => JSON.stringify(F.frameAt(trace, {stage: 1, map: 0, at, beat: "products"}));
      const first = ask([2, 3]); ask([0, 0]); ask([5, 6]);
      return first === ask([2, 3]);"""
    assert run(script, CASES[0]["trace"]) is True


def test_a_place_out_of_range_gives_the_nearest_cell_and_no_place_the_telling_one(run: Run):
    frames = run(
        """const trace = traceOf(given); trace.stages[1].telling = [[4, 5]];
        const ask = (stage, at, beat) => {
            const frame = F.frameAt(trace, {stage, map: 7, at, beat});
          return [frame.stage, frame.map, frame.row, frame.col, frame.beat];
        };
        return [ask(99, [99, -4], "sum"), ask(1, null, "write"), ask(1, [0, 0], "channel-2"),
          ask(0, [0, 0], "sum")];""",
        CASES[0]["trace"],
    )
    assert frames == [[3, 0, 2, 0, "sum"], [1, 0, 4, 5, "write"], [1, 0, 0, 0, "sum"], [0, 0, 0, 0, "write"]]


def test_a_preview_gives_places_and_no_numbers(run: Run):
    frame = run(
        """const trace = traceOf(given); trace.stages[0].output = null;
        const {held, agrees, channels, rows, columns, value} =
          F.frameAt(trace, {stage: 1, map: 0, at: [1, 2], beat: "sum"});
        return {held, agrees, channels, rows, columns, value};""",
        CASES[0]["trace"],
    )
    value = frame.pop("value")
    assert value == CASES[0]["trace"]["stages"][1]["output"][0][1][2]
    assert frame == {"held": False, "agrees": False, "channels": [], "rows": [1, 2, 3], "columns": [2, 3, 4]}


def test_the_readers_of_a_cell_are_those_whose_frames_take_a_value_from_it(run: Run):
    """Also where reflected, repeated or wrapped padding shows a cell twice."""
    wrong = run(
        """const wrong = [];
        for (const {name, trace: json} of given) {
          const trace = traceOf(json);
          for (const stage of trace.stages.filter(({rows}) => rows && rows.size <= 9)) {
            const [, height, width] = stage.input_shape;
            const readers = Array.from({length: height * width}, () => new Set());
            for (let i = 0; i < F.positionsOf(stage).count; i++) {
              const frame = F.frameAt(trace, {stage: stage.index, map: 0, at: F.placeOf(stage, i), beat: "sum"});
              for (const from of frame.channels[0].sources.flat()) if (from) readers[from[0] * width + from[1]].add(i);
            }
            readers.forEach((positions, cell) => {
              const {rows, columns} = F.readersOf(trace, stage.index, [Math.floor(cell / width), cell % width]);
              const said = rows.flatMap((row) => columns.map((col) => F.positionOf(stage, row, col)));
              const seen = [...positions].sort((a, b) => a - b);
              if (String(said) !== String(seen)) wrong.push([name, cell, said, seen]);
            });
            const unread = F.neverRead(stage);
            for (const row of unread.rows) if (readers[row * width].size) wrong.push([name, "row", row]);
          }
        }
        return wrong;""",
        CASES,
    )
    assert wrong == []


def test_the_inputs_of_a_weight_are_the_cells_it_meets_in_every_frame(run: Run):
    wrong = run(
        """const trace = traceOf(given), stage = trace.stages[1], wrong = [];
        for (let i = 0; i < F.positionsOf(stage).count; i++) {
          const [row, col] = F.placeOf(stage, i);
          const frame = F.frameAt(trace, {stage: 1, map: 0, at: [row, col], beat: "sum"});
          const {rows, columns} = F.inputsOfWeight(stage, 1, 2);
          if (frame.rows[1] !== rows.start + row * rows.step) wrong.push(i);
          if (frame.columns[2] !== columns.start + col * columns.step) wrong.push(i);
        }
        const {rows, columns} = F.inputsOfWeight(stage, 1, 2);
        return [wrong, rows.count - stage.shape[1], columns.count - stage.shape[2]];""",
        next(case["trace"] for case in CASES if case["name"].startswith("dilation")),
    )
    assert wrong == [[], 0, 0]


# --- wire ----------------------------------------------------------------------------------------------------


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
        (b"1234", "The answer is 4 bytes long; it must be at least 8."),
        (b"\xff" * 3 + b"\0" * 5 + b"{}", "The header says that it is 16777215 bytes long; only 2 bytes follow."),
        (b"\2" + b"\0" * 7 + b"no", "The answer's header is not JSON."),
        (b"\2" + b"\0" * 7 + b"{}", "has no “trace” in its header"),
        (packed()[:-1], "The array 0.preview should be 6 bytes"),
        (packed(version=2), "The answer is of version 2; this page reads version 1."),
        (packed(trace="{"), "The answer's description is not JSON."),
        (packed().replace(b'"F32"', b'"F64"'), "holds F64; this page reads F32"),
    ],
    ids=["short", "longer than it is", "no JSON", "no trace", "cut off", "version", "description", "type"],
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


@pytest.mark.parametrize("query", CHAINS)
def test_what_the_server_computed_and_sent_agrees_with_every_frame_in_the_browser(run: Run, query: str):
    scene = parse_link(query, Limits()).scene
    image = np.random.default_rng(3).integers(0, 256, (3, 14, 12)).astype(np.float32)
    plans, shape = [], image.shape
    for index, layer in enumerate(scene.layers):
        plans += plan.plan_layers(layer, index, shape, load_models(MODELS))
        shape = plans[-1].shape
    made = trace.compute_trace(scene, trace.TraceInput(image, {"kind": "sample"}, (0.0, 255.0)), plans)
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
    assert frames.pop("said") == [[stage.meta["ranges"], stage.meta["telling"]] for stage in made.stages]
    assert frames == {"wrong": [], "count": sum(stage.output.size for stage in made.stages)}


# --- player --------------------------------------------------------------------------------------------------

WALKS = """
  const walks = [[30, 30, 4], [3, 3, 4], [1, 1, 3], [512, 512, 4], [24, 24, 11], [512, 3, 3], [2, 600, 4], [9, 1, 3]]
    .map(([rows, columns, count]) => ({
      positions: {rows, columns}, beats: Array.from({length: count}, (_, i) => `b${i}`)}));
  const wrong = [], no = (bad, ...what) => { if (bad) wrong.push(what); };
"""


def test_every_plan_shows_true_positions_in_order_and_comes_to_its_end(run: Run):
    wrong = run(
        WALKS
        + """const modes = ["step", "row", "story", "finish"];
        for (const walk of walks) for (const mode of modes) for (const start of [0, 0.5]) {
          const {rows, columns} = walk.positions, end = rows * columns - 1;
          const from = {position: Math.floor(start * end), beat: "b1"};
          const {stops, duration, skips} = Y.plan({...walk, from, mode, tempo: 1});
          const name = [rows, columns, mode, start];
          const row = from.position - from.position % columns + columns - 1;
          const ends = {step: from.position, row, story: end, finish: end};
          const last = stops[stops.length - 1];
          const {time, position, beat} = stops[0];
          no(time !== 0 || position !== from.position || beat !== from.beat, ...name, "start");
          no(last.position !== ends[mode] || last.beat !== walk.beats.at(-1), ...name, "end", last);
          no(duration !== last.time || duration > 15, ...name, "duration", duration);
          stops.forEach((stop, i) => {
            const before = stops[i - 1];
            no(!Number.isInteger(stop.position) || !walk.beats.includes(stop.beat), ...name, i, "untrue");
            if (!before) return;
            no(stop.time <= before.time || stop.position < before.position, ...name, i, "order");
            no(stop.position - before.position > skips, ...name, i, "skips", skips, stop.position - before.position);
          });
        }
        return wrong.slice(0, 5);"""
    )
    assert wrong == []


def test_a_story_takes_three_positions_beat_by_beat_and_at_most_fifteen_seconds(run: Run):
    said = run(
        """const walk = {positions: {rows: 30, columns: 30}, beats: ["window", "products", "sum", "write"]};
        const from = {position: 0, beat: "window"};
        const {stops, duration, skips} = Y.plan({...walk, from, mode: "story", tempo: 1});
        const fast = Y.plan({...walk, from, mode: "story", tempo: 2});
        const slow = stops.slice(0, 12).map(({position, beat}) => `${position} ${beat}`);
        return {slow, duration, skips, fast: fast.duration};"""
    )
    assert said["slow"] == [f"{p} {beat}" for p in range(3) for beat in ("window", "products", "sum", "write")]
    assert said["duration"] <= 15
    assert said["fast"] == pytest.approx(said["duration"] / 2)
    assert said["skips"] > 1


def test_the_stop_at_a_time_is_the_last_one_that_has_come(run: Run):
    wrong = run(
        """const walk = {positions: {rows: 5, columns: 5}, beats: ["a", "b"]};
        const plan = Y.plan({...walk, from: Y.first(walk), mode: "story", tempo: 1});
        const wrong = plan.stops.filter((stop, i) => Y.stopAt(plan, stop.time) !== stop
          || (i > 0 && Y.stopAt(plan, stop.time - 1e-6) !== plan.stops[i - 1]));
        return [wrong.length, Y.stopAt(plan, -1) === plan.stops[0], Y.stopAt(plan, 1e9) === plan.stops.at(-1)];"""
    )
    assert wrong == [0, True, True]


def test_a_press_at_the_very_end_starts_over(run: Run):
    script = """const walk = {positions: {rows: 2, columns: 2}, beats: ["a", "b"]};
      return Y.plan({...walk, from: Y.last(walk), mode: "finish", tempo: 1}).stops[0];"""
    assert run(script) == {"position": 0, "beat": "a", "time": 0}


def test_steps_forward_and_back_are_inverses_inside_and_stay_at_the_ends(run: Run):
    said = run(
        """const walk = {positions: {rows: 3, columns: 4}, beats: ["a", "b", "c"]}, wrong = [];
        for (let position = 0; position < 12; position++) for (const beat of walk.beats) {
          const now = {position, beat}, same = (other) => other.position === position && other.beat === beat;
          const next = Y.nextBeat(walk, now);
          if (next !== now && !same(Y.previousBeat(walk, next))) wrong.push([position, beat, "beat"]);
          const [on, down] = [Y.nextPosition(walk, now), Y.nextRow(walk, now)];
          if (position < 11 && !same(Y.previousPosition(walk, on))) wrong.push([position, "position"]);
          if (position < 8 && !same(Y.previousRow(walk, down))) wrong.push([position, "row"]);
        }
        const at = (position, beat = "b") => ({position, beat});
        const ends = [Y.nextBeat(walk, at(11, "c")), Y.previousBeat(walk, at(0, "a")), Y.nextRow(walk, at(9)),
          Y.previousRow(walk, at(2)), Y.nextPosition(walk, at(11)), Y.previousPosition(walk, at(0))];
        return {wrong, ends: ends.map((now) => now.position)};"""
    )
    assert said == {"wrong": [], "ends": [11, 0, 9, 2, 11, 0]}


STOPS = """
  const walk = {positions: {rows: 3, columns: 4}, beats: ["a", "b", "c"], stops: [10, 0, 5]};
  const at = (position, beat = "c") => ({position, beat});
"""


def test_with_stops_steps_go_from_one_to_the_next_in_the_authors_order_and_rows_stay_rows(run: Run):
    said = run(
        STOPS
        + """const places = (step, from) => Array.from({length: 4}, () => (from = step(walk, from)).position);
        return {on: places(Y.nextPosition, at(10)), back: places(Y.previousPosition, at(5)),
          beside: [[3, Y.nextPosition], [11, Y.nextPosition], [3, Y.previousPosition], [11, Y.previousPosition]]
            .map(([position, step]) => step(walk, at(position)).position),
          ends: [Y.first(walk), Y.last(walk)],
          row: [Y.nextRow(walk, at(0)).position, Y.previousRow(walk, at(5)).position],
          beats: [Y.nextBeat(walk, at(10, "a")), Y.nextBeat(walk, at(10)), Y.nextBeat(walk, at(5)),
            Y.previousBeat(walk, at(0, "a"))]};"""
    )
    assert said["on"] == [0, 5, 5, 5]
    assert said["back"] == [0, 10, 10, 10]
    assert said["beside"] == [5, 5, 0, 10], "the nearest stop on that side, or else the end of them"
    assert said["ends"] == [{"position": 10, "beat": "a"}, {"position": 5, "beat": "c"}]
    assert said["row"] == [4, 1]
    assert [(moment["position"], moment["beat"]) for moment in said["beats"]] == [
        (10, "b"),
        (0, "a"),
        (5, "c"),
        (10, "c"),
    ]


def test_a_story_of_stops_shows_every_beat_of_every_stop_that_is_left_and_then_starts_over(run: Run):
    said = run(
        STOPS
        + """const played = (from, mode, more) => Y.plan({...walk, from, mode, tempo: 1, ...more}).stops
          .map(({position, beat}) => position + beat).join(" ");
        const all = Array.from({length: 64}, (_, i) => 63 - i);
        const many = {positions: {rows: 8, columns: 8}, beats: walk.beats, stops: all, from: {position: 63, beat: "a"}};
        return [...["story", "row", "finish", "step"].map((mode) => played(at(10, "b"), mode)), played(at(5), "finish"),
          played(at(5), "step"), played(at(5), "step", {loop: true}),
          Y.plan({...many, mode: "story", tempo: 1}).duration <= 15];"""
    )
    story = "10b 10c 0a 0b 0c 5a 5b 5c"
    assert said == [story, story, "10b 10c 0c 5c", "10b 10c", "10a 10c 0c 5c", "5c", "10a 10b 10c", True]


# --- palette -------------------------------------------------------------------------------------------------


def test_zero_is_near_white_and_both_ends_are_equally_far(run: Run):
    said = run(
        """const {color, legend} = P.signedScale(510);
        return {colors: [-510, 0, 510, -9999, 9999].map((value) => P.cssColor(color(value))), legend};"""
    )
    assert said["colors"] == ["#2166ac", "#f7f7f7", "#b2182b", "#2166ac", "#b2182b"]
    assert [(stop["at"], stop["value"]) for stop in said["legend"]] == [(0, -510), (0.5, 0), (1, 510)]


def test_what_lies_beyond_the_scale_is_marked_and_counted(run: Run):
    said = run(
        """const {marks, below, above} = P.grayScale(0, 255).beyond(Float32Array.of(-3, 0, 255, 255.00001, 300, 12));
        return [[...marks], below, above];"""
    )
    assert said == [[1, 0, 0, 0, 2, 0], 1, 1]


def test_a_map_in_bytes_has_the_color_of_each_value(run: Run):
    wrong = run(
        """const scale = P.signedScale(7), values = Float32Array.from({length: 4096}, (_, i) => (i - 2048) / 250);
        const pixels = scale.rgba(values);
        const drawn = (i) => String([...pixels.slice(4 * i, 4 * i + 4)]);
        return [...values].filter((value, i) => drawn(i) !== String([...scale.color(value), 255])).length;"""
    )
    assert wrong == 0


def test_digits_can_be_read_on_every_color(run: Run):
    least = run(
        """let least = 99;
        for (const scale of [P.signedScale(1), P.grayScale(-1, 1)]) for (let i = -256; i <= 256; i++) {
          const color = scale.color(i / 256), ink = P.inkOn(color);
          const rgb = [1, 3, 5].map((at) => parseInt(ink.slice(at, at + 2), 16));
          least = Math.min(least, P.contrast(rgb, color));
        }
        return least;"""
    )
    assert least >= 4.5


def test_the_scale_comes_from_the_map_or_from_the_layer_and_photos_keep_the_pictures_own(run: Run):
    said = run(
        """const stage = {shape: [2, 3, 3], colors: "signed", ranges: [[-3, 2], [0, 10]], scale: null};
        const photo = {...stage, colors: "gray", scale: [0, 1]};
        const ends = ({kind, lo, hi}) => [kind, lo, hi];
        return [P.mapColors(stage, 0, "auto", "map"), P.mapColors(stage, 0, "auto", "layer"),
          P.mapColors(stage, 0, "photo", "map", [0, 9]), P.mapColors(photo, 0, "auto", "map"),
          P.mapColors(photo, 1, "signed", "map")].map(ends);"""
    )
    assert said == [["signed", -3, 3], ["signed", -10, 10], ["gray", 0, 9], ["gray", 0, 1], ["signed", -10, 10]]


def test_a_map_of_zeros_still_has_a_scale(run: Run):
    assert run("const {lo, hi, color} = P.signedScale(0); return [lo, hi, P.cssColor(color(0))];") == [-1, 1, "#f7f7f7"]


def test_a_preview_has_nearly_the_colors_of_its_numbers(run: Run):
    said = run(
        """const stage = {shape: [1, 1, 3], output: null, bytes: Uint8Array.of(0, 128, 255), preview: [-10, 20 / 255]};
        return [...P.mapValues(stage, 0)];"""
    )
    assert said == pytest.approx([-10, 0, 10], abs=0.05)


# --- layout --------------------------------------------------------------------------------------------------


def test_the_cell_under_the_centre_of_a_cell_is_that_cell_at_every_size(run: Run):
    wrong = run(
        """const wrong = [];
        for (const rows of [1, 3, 7, 30, 64, 257]) for (const columns of [1, 5, 32, 300]) {
          for (const dpr of [1, 1.25, 1.5, 2, 3]) for (const fit of [false, true])
          for (const padding of [[0, 0, 0, 0], [1, 2, 0, 3]]) {
            const layout = L.figureLayout({width: 344, height: 371, dpr, fit, input: {rows, columns, padding},
              output: {rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 3), width: 300}});
            for (const map of ["input", "output"]) {
              const it = layout[map], [top, bottom, left, right] = it.padding, name = [rows, columns, dpr, map, fit];
              const {x, y, width, height} = it.whole, pixels = it.cell * dpr;
              const between = Math.abs(pixels - Math.round(pixels)) > 1e-9;
              if (x + width > 344.01 || y + height > 371.01) wrong.push([...name, "outside"]);
              if (!it.image && between) wrong.push([...name, "between pixels"]);
              for (let row = -top; row < it.rows + bottom; row += Math.max(1, it.rows >> 3)) {
                for (let col = -left; col < it.columns + right; col += Math.max(1, it.columns >> 3)) {
                  const middle = L.centre(L.rect(layout, map, row, col));
                  const cell = L.cellAt(layout, map, middle.x, middle.y);
                  if (cell?.row !== row || cell.col !== col) wrong.push([...name, row, col, cell]);
                }
              }
              for (const [px, py] of [[x - 0.01, y], [x, y - 0.01], [x + width + 0.01, y], [x, y + height + 0.01]]) {
                if (L.cellAt(layout, map, px, py)) wrong.push([...name, "a cell outside"]);
              }
            }
            if (!fit && layout.input.cell !== layout.output.cell) wrong.push([rows, columns, dpr, "two cell sizes"]);
          }
        }
        return wrong.slice(0, 5);"""
    )
    assert wrong == []


def test_rulers_count_in_eights_when_cells_are_small_and_name_each_when_they_are_large(run: Run):
    said = run(
        """const ticks = (n) => L.figureLayout({width: 352, height: 346, dpr: 1, input: {rows: n, columns: n},
          output: {rows: n, columns: n}}).input.ticks.rows.map(({index}) => index);
        return [ticks(7), ticks(32), ticks(256)];"""
    )
    assert said == [list(range(7)), [0, 8, 16, 24], [0, 64, 128, 192]]


def test_digits_appear_from_nine_pixels_a_character_on(run: Run):
    assert run("return [L.digitsFit(27, 3), L.digitsFit(26, 3), L.digitsFit(14, 1), L.digitsFit(9, 1)];") == [
        True,
        False,
        True,
        False,
    ]


# --- view ----------------------------------------------------------------------------------------------------

QUERIES = [
    "",
    "?stage=2&map=3&at=16,20&beat=channel-1&tab=matrix&colors=photo&scope=layer&fit=1&marks=1&pin=0,0",
    "mode=row&tempo=0.5&play=1&theme=dark&hide=strip,image",
    "stage=1&beat=sum&tempo=1&fit=0&hide=&tab=&mode=story",
    "image=(1,2;3,4)&layers=conv:(1,0;0,1)~relu&stage=2",
    "at=1%2C2&stage=2&stage=3&tempo=1/2&beat=WRITE",
    "stage=-1&map=99999999999999999999&at=70000,2&stage=007",
    "stage=x&at=1&tempo=0&beat=!&fit=2&colors=green&hide=nothing,header&pin=1,2,3&theme&%zz=%&x=%ff",
    "tempo=16&fit=yes&play=off&hide=sums,sums",
    "tempo=17&tempo=1e3&at=,&pin=%",
    "stops=0,0;0,1;3,4&loop=1&ui=none&lock=figure,strip&title=a%20%26%20%C3%A9%20%E2%80%A6%20%F0%9F%99%82&transparent=1&dpr=3&present=1",
    "stops=1&title=%20two%0Alines%20&hide=modes,count",
    "stops=1;2,3;4&dpr=2&stops=5,6;x",
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_view_is_read_and_written_as_python_does(run: Run, query: str):
    view, text, again = run(
        """const view = V.parseView(given[0], given[1]), text = V.formatView(view, given[1]);
        return [view, text, V.parseView(text, given[1])];""",
        [query, TABLE],
    )
    assert view == again
    expected = parse_link(query.removeprefix("?"), Limits()).view
    if query not in BEST_EFFORT:
        assert text == format_view(expected)
        assert view == {name: listed(getattr(expected, name)) for name in view}


# Python also guesses at what was meant by words and by numbers written in other ways.
BEST_EFFORT = {QUERIES[7], QUERIES[9]}


def listed(value: Any) -> Any:
    return [listed(one) for one in value] if isinstance(value, tuple) else value


def test_a_link_is_the_servers_scene_and_the_view_without_its_defaults(run: Run):
    said = run(
        """const view = V.parseView("stage=2&at=3,4", given);
        const merge = (scene, view) => V.mergeQuery(scene, view, given);
        return [merge("image=coffee&layers=", view), merge("", view), merge("", V.parseView("", given))];""",
        TABLE,
    )
    assert said == ["image=coffee&layers=&stage=2&at=3,4", "stage=2&at=3,4", ""]


# --- caption -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (459, "459"),
        (-1, "−1"),
        (16777216, "16777216"),
        (0, "0"),
        (-0.0, "0"),
        (0.5, "0.5"),
        (2 / 3, "0.6667"),
        (-45.125, "−45.13"),
        (1234.567, "1234.6"),
        (7.99996, "8.0"),
        (0.10000000149011612, "0.1"),
        (0.00001234, "1.234e−5"),
    ],
)
def test_a_number_is_as_long_as_is_honest_with_a_true_minus(run: Run, value: float, text: str):
    assert run("return C.numberText(given);", value) == text


def captions(run: Run, name: str, place: list[int], beat: str = "sum") -> dict[str, Any]:
    """Everything that is said of one step of a golden trace."""
    trace = next(case["trace"] for case in CASES if case["name"] == name)
    return run(
        """const trace = traceOf(given.trace), [stage, map, row, col] = given.place;
        const frame = F.frameAt(trace, {stage, map, at: [row, col], beat: given.beat});
        return {...C.resultParts(trace, frame), spoken: C.spoken(trace, frame), cell: C.spokenCell(frame),
          equation: C.textOf(C.equationParts(trace, frame)), title: C.stageTitle(trace, stage)};""",
        {"trace": trace, "place": place, "beat": beat},
    )


def test_a_step_is_said_in_numbers_that_add_up(run: Run):
    said = captions(run, "Sobel, ReLU, max pool", [1, 0, 2, 3])
    terms = "47·(−1) + 251·0 + 207·1 + 42·(−2) + 97·0 + 129·2 + 136·(−1) + 119·0 + 112·1"
    assert said["equation"] == f"{terms} = 310"
    assert eval(terms.replace("·", "*").replace("−", "-")) == 310
    assert said["before"] == "their sum + bias 0"
    assert said["value"] == "+310"
    assert said["cell"] == "row 2, column 3, 310"


def test_before_the_sum_the_result_is_a_question_mark(run: Run):
    for beat in ("window", "products"):
        said = captions(run, "Sobel, ReLU, max pool", [1, 0, 2, 3], beat)
        assert (said["value"], said["after"], said["known"]) == ("?", "", False)


def test_a_divisor_is_shown_as_one_and_what_is_rounded_says_so(run: Run):
    said = captions(run, "box blur with a divisor and a bias", [1, 0, 0, 0])
    assert said["before"] == "their sum 1097 ÷ 9 + bias 0.5"
    assert said["value"] == "≈ +122.4"
    assert said["equation"].endswith(") / 9 + 0.5 ≈ 122.4")


def test_several_channels_come_to_their_sum_before_the_bias(run: Run):
    total = captions(run, "two filters on three channels", [1, 1, 0, 4])
    ended = captions(run, "two filters on three channels", [1, 1, 0, 4], "bias")
    assert total["before"] == "sum of 3 channels"
    assert ended["before"] == "sum of 3 channels − bias 2"
    whole = {text["value"].replace("−", "-") for text in (total, ended)}
    assert int(ended["value"].replace("−", "-")) == int(total["value"].replace("−", "-")) - 2, whole


@pytest.mark.parametrize(
    ("place", "after"),
    [
        ([1, 0, 2, 3], "relu keeps it"),
        ([1, 0, 0, 3], "relu makes it 0"),
        ([2, 0, 2, 3], "loses to 424 in its 2 × 2 window"),
        ([2, 0, 3, 2], "wins its 2 × 2 window"),
        ([2, 0, 0, 6], "the next layer never reads it"),
        ([3, 0, 0, 0], ""),
    ],
)
def test_it_is_said_what_becomes_of_a_cell(run: Run, place, after):
    assert captions(run, "Sobel, ReLU, max pool", place, "write")["after"] == after


def stage_of(size: int, kernel: int, stride: int = 1, before: int = 0, after: int = 0, **more: Any) -> dict[str, Any]:
    from app.core.ops.geometry import Axis
    from tests.golden.make_steps import axis_meta

    axis = axis_meta(Axis(size, kernel, stride, more.pop("dilation", 1), before, after, more.pop("ceil", False)))
    return {"rows": axis, "columns": axis, "family": "convolution", "shape": [1, 1, 1], "parameters": 0} | more


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (stage_of(32, 3), "(N + 2P − F)/S + 1, (32 + 2·0 − 3)/1 + 1 = 30"),
        (stage_of(7, 3, 3), "(N + 2P − F)/S + 1, (7 + 2·0 − 3)/3 + 1 = 2.33, rounded down to 2"),
        (stage_of(32, 5, 1, 2, 2), "(N + 2P − F)/S + 1, (32 + 2·2 − 5)/1 + 1 = 32"),
        (stage_of(8, 2, 1, 0, 1), "(N + P₁ + P₂ − F)/S + 1, (8 + 0 + 1 − 2)/1 + 1 = 8"),
        (
            stage_of(32, 3, dilation=2),
            "(N + 2P − D·(F − 1) − 1)/S + 1, (32 + 2·0 − 2·(3 − 1) − 1)/1 + 1 = 28",
        ),
        (stage_of(6, 3, 2, ceil=True), "(N + 2P − F)/S + 1, (6 + 2·0 − 3)/2 + 1 = 2.5, rounded up to 3"),
    ],
)
def test_a_size_is_said_in_letters_and_in_numbers(run: Run, stage, sentence):
    assert run("return C.sizeSentence(given.rows);", stage) == sentence


@pytest.mark.parametrize(
    ("stage", "sentence"),
    [
        (stage_of(32, 3), ""),
        (
            stage_of(7, 3, 3),
            "(7 − 3)/3 + 1 = 2.33 is not whole: by the lecture's rule it does not fit. PyTorch rounds down to 2; "
            "row 6 and column 6 are never read. Padding 1 makes it fit: 3.",
        ),
        (
            stage_of(7, 2, 2, family="pooling"),
            "(7 − 2)/2 + 1 = 3.5 is not whole: by the lecture's rule it does not fit. PyTorch rounds down to 3; "
            "row 6 and column 6 are never read. Ceil mode counts the window that hangs over the edge: 4.",
        ),
        (
            stage_of(6, 3, 2, ceil=True, family="pooling"),
            "(6 − 3)/2 + 1 = 2.5 is not whole: by the lecture's rule it does not fit. Ceil mode rounds up to 3; "
            "the last window hangs 1 cell over the edge.",
        ),
    ],
)
def test_a_stride_that_does_not_fit_names_the_unread_rows_and_what_would_fit(run: Run, stage, sentence):
    assert run("return C.misfitSentence(given);", stage) == sentence


def test_parameters_are_counted_filter_by_filter(run: Run):
    script = "return C.parametersSentence({...given, weight: new Float32Array(given.weights)});"
    assert run(script, stage_of(32, 3, parameters=10, weights=9)) == "1·(3·3·1 + 1) = 10 parameters"
    ten = stage_of(32, 5, 1, 2, 2, parameters=760, weights=750, shape=[10, 32, 32])
    assert run(script, ten) == "10·(5·5·3 + 1) = 760 parameters"


def test_modules_load_by_bare_names_alone(run: Run):
    with pytest.raises(Error, match=r"resolve|specifier"):
        run("await import('elsewhere/frame.js');")
