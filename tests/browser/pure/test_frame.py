"""Frames in a real browser: what they read, multiply and add up, held to the golden steps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Error

from tests.browser.pure_page import CASES, NAMES, Run


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
        const {hasNumbers, agrees, channels, rows, columns, value} =
          F.frameAt(trace, {stage: 1, map: 0, at: [1, 2], beat: "sum"});
        return {hasNumbers, agrees, channels, rows, columns, value};""",
        CASES[0]["trace"],
    )
    value = frame.pop("value")
    assert value == CASES[0]["trace"]["stages"][1]["output"][0][1][2]
    assert frame == {"hasNumbers": False, "agrees": False, "channels": [], "rows": [1, 2, 3], "columns": [2, 3, 4]}


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
            const unread = F.unreadCells(stage);
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


def test_modules_load_by_bare_names_alone(run: Run):
    with pytest.raises(Error, match=r"resolve|specifier"):
        run("await import('elsewhere/frame.js');")
