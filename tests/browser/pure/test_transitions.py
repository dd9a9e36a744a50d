"""Transitions: which one leads to a step, how long it takes, and where its marks are on their way."""

from __future__ import annotations

import json

import pytest

from tests.browser.pure_page import CASES, CHECKOUT, NAMES, Run
from tests.golden.make_motion import BEATS

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "motion.json").read_text(encoding="utf-8"))

# The modules, and a page on which all places of a step are known: maps on the left and on the right, tables in between.
MOTION = """
  const [T, X, R, Z] = await Promise.all(["timings", "transition", "running-total", "tracks"].map(
    (name) => import(`convoscope/pure/motion/${name}.js`)));
  const spot = (x, y, text = "1", side = 30) => (
    {x, y, width: side, height: side, text, fill: [9, 9, 9], ink: [255, 255, 255], size: 13, weight: 400, family: ""});
  const cellsAt = (frame, channel, x, y) => channel.values.flatMap((line, r) => line.map((_, c) =>
    spot(x + 32 * c, y + 32 * r, `${r}${c}`)));
  const placesOf = (frame) => ({
    window: {x: 10 * frame.columns[0], y: 10 * frame.rows[0], width: 10 * frame.columns.length,
      height: 10 * frame.rows.length},
    cell: {x: 900 + 10 * frame.col, y: 10 * frame.row, width: 10, height: 10},
    value: spot(900 + 10 * frame.col, 10 * frame.row, "", 10),
    sources: frame.rows.flatMap((row) => frame.columns.map((col) => spot(10 * col, 10 * row, "", 10))),
    tables: frame.channels.slice(0, frame.channels.length > 8 ? 1 : 8).map((channel, i) => ({
      window: cellsAt(frame, channel, 300, 300 * i),
      filter: channel.weights ? cellsAt(frame, channel, 450, 300 * i) : [],
      products: channel.products && channel.weights ? cellsAt(frame, channel, 600, 300 * i) : [],
      sum: frame.channels.length > 1 ? spot(800, 300 * i, "7") : null,
    })),
    sum: {...spot(600, 1500, frame.beat === "window" ? "?" : "42"), fill: null},
    terms: {...spot(560, 1460, `before ${frame.beat}`), fill: null},
    linked: {x: 300, y: 0, width: 90, height: 90},
  });
  const stepsOf = (trace, stage) => {
    const at = (cell, beat) => F.frameAt(trace, {stage: stage.index, map: 0, at: cell, beat});
    const beats = F.beatsOf(stage);
    const steps = beats.slice(1).map((beat, i) => [at([0, 0], beats[i]), at([0, 0], beat)]);
    return stage.shape[2] > 1 ? [...steps, [at([0, 0], beats.at(-1)), at([0, 1], beats[0])],
      [at([0, 0], beats.at(-1)), at([0, 1], beats.at(-1))]] : steps;
  };
  const moves = (before, after) => {
    const places = {before: placesOf(before), after: placesOf(after), counting: R.countSum(
      {colors: "signed"}, after, {channels: after.channels.map((c) => ({products: [], values: [["1"]], sum: "7"})),
      bias: "5"})};
    return {places, tracks: X.planTracks(before, after, places), at: (t) => X.transition(before, after, places, t)};
  };
  const box = ({x, y, width, height}) => [x, y, x + width, y + height];
"""


def test_times_are_those_of_the_table_that_others_read(run: Run):
    assert run(f"{MOTION} return T.TIMINGS;") == GOLDEN["timings"]


def test_a_motion_takes_at_most_four_fifths_of_its_beat_and_none_above_four_times(run: Run):
    said = run(f"{MOTION} return given.map(({{own, beat, tempo}}) => T.motionTime(own, beat, tempo));", GOLDEN["times"])
    assert said == pytest.approx([case["time"] for case in GOLDEN["times"]])


def test_which_transition_leads_from_a_step_to_the_next(run: Run):
    said = run(
        MOTION
        + """const kinds = {colors: "conv", average: "pool"};
        const channels = (kind) => Array.from({length: kind === "colors" ? 3 : 1}, () => ({
          weights: ["conv", "colors"].includes(kind) ? [[1]] : null,
          values: kind === "pointwise" ? [[1]] : [[1, 2], [3, 4]]}));
        const step = (kind, beats, [beat, col]) => ({stage: 1, map: 0, row: 0, col, beat, beats,
          kind: kinds[kind] ?? kind, chosen: kind === "pool" ? [0, 1, 1] : null, channels: channels(kind)});
        return given.cases.map(({kind, before, after, brief}) => X.nameTransition(
          step(kind, given.beats[kind], before), step(kind, given.beats[kind], after), brief));""",
        {"cases": GOLDEN["plans"], "beats": BEATS},
    )
    wrong = [(case, name) for case, name in zip(GOLDEN["plans"], said, strict=True) if name != case["name"]]
    assert wrong == []


def test_nothing_moves_to_another_stage_or_another_map(run: Run):
    said = run(
        MOTION
        + """const step = {stage: 1, map: 0, row: 0, col: 0, beat: "window", beats: ["window", "write"], kind: "conv",
          chosen: null, channels: [{weights: null, values: [[1]]}]};
        const others = [{...step, stage: 2, col: 1}, {...step, map: 1, col: 1}];
        return others.map((other) => X.nameTransition(step, other));"""
    )
    assert said == [None, None]


def test_totals_count_with_the_digits_that_are_written(run: Run):
    script = f"{MOTION} return given.map(({{terms, signed}}) => R.runningTotals(terms, signed));"
    assert run(script, GOLDEN["totals"]) == [case["totals"] for case in GOLDEN["totals"]]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_marks_begin_where_numbers_are_end_where_they_go_and_are_in_between_meanwhile(run: Run, case):
    wrong = run(
        MOTION
        + """const trace = traceOf(given.trace), wrong = [];
        const same = (one, other) => JSON.stringify(box(one)) === JSON.stringify(box(other));
        for (const stage of trace.stages.slice(1)) for (const [before, after] of stepsOf(trace, stage)) {
          const {tracks, at} = moves(before, after);
          const [first, last] = [at(0), at(1)];
          tracks.forEach((track, i) => {
            const name = [stage.op, after.beat, track.id];
            if (!same(first[i], track.from)) wrong.push([...name, "start"]);
            if (!same(last[i], track.to) || !last[i].hasArrived) wrong.push([...name, "end"]);
          });
          let previous = first;
          for (const t of [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]) {
            const marks = at(t);
            marks.forEach((mark, i) => {
              const {from, to, start, end} = tracks[i], time = t * X.timeOf(tracks);
              if (mark.kind === "cover" || time <= start || time >= end || (from.x === to.x && from.y === to.y)) return;
              // An arc rises above its ends; across it goes from one to the other.
              const axis = from.x === to.x ? "y" : "x";
              const [low, high] = [from[axis], to[axis]].sort((a, b) => a - b);
              if (mark[axis] <= low || mark[axis] >= high) wrong.push([stage.op, after.beat, mark.id, t, "between"]);
              const forward = Math.sign(to[axis] - from[axis]);
              if ((mark[axis] - previous[i][axis]) * forward < 0) wrong.push([stage.op, mark.id, t, "goes back"]);
            });
            previous = marks;
          }
        }
        return wrong.slice(0, 5);""",
        case,
    )
    assert wrong == []


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_numbers_start_in_the_order_of_reading_within_400_ms(run: Run, case):
    wrong = run(
        MOTION
        + """const trace = traceOf(given.trace), wrong = [];
        for (const stage of trace.stages.slice(1)) for (const [before, after] of stepsOf(trace, stage)) {
          for (const kind of ["merge", "gather"]) {
            const starts = moves(before, after).tracks.filter(({id}) => id.startsWith(kind)).map(({start}) => start);
            if (starts.some((start, i) => i && start <= starts[i - 1])) wrong.push([stage.op, after.beat, "order"]);
            if (starts.length && starts.at(-1) - starts[0] > 400.001) wrong.push([stage.op, after.beat, starts.at(-1)]);
          }
        }
        return wrong;""",
        case,
    )
    assert wrong == []


def test_what_arrives_is_hidden_until_then_and_what_it_came_from_is_not(run: Run):
    said = run(
        MOTION
        + """const trace = traceOf(given.trace), stage = trace.stages[1];
        const steps = stepsOf(trace, stage);
        const hidden = (index, t) => moves(...steps[index]).at(t).filter((mark) => mark.hides && !mark.hasArrived)
          .map(({hides}) => hides.split(" ")[0]);
        const count = (names) => Object.fromEntries([...new Set(names)].map((name) =>
          [name, names.filter((one) => one === name).length]));
        return [0, 1, 2, 3].map((index) => [0, 0.6, 1].map((t) => count(hidden(index, t))));""",
        CASES[0],
    )
    products, total, write, window = said
    assert products[0] == {"products": 9}
    assert 0 < products[1]["products"] < 9
    assert total[0].keys() == total[1].keys() == {"sum", "terms", "remark"}
    assert write[0] == {}
    assert window[0] == {"window": 9}
    assert [each[2] for each in said] == [{}, {}, {}, {}]


def test_the_sum_counts_what_has_arrived(run: Run):
    said = run(
        MOTION
        + """const trace = traceOf(given.trace), [, [before, after]] = stepsOf(trace, trace.stages[1]);
        const places = {before: placesOf(before), after: placesOf(after),
          counting: R.countSum({colors: "signed"}, after, N.writeStep(trace, after))};
        const texts = Array.from({length: 100}, (_, i) => X.transition(before, after, places, i / 99)
          .find(({id}) => id === "sum").text);
        const changes = texts.filter((text, i) => text !== texts[i - 1]);
        return {texts: changes, terms: N.writeStep(trace, after).channels[0]};""",
        CASES[0],
    )
    terms = [int(text.replace("−", "-")) for line in said["terms"]["products"] for text in line]
    sums = [sum(terms[: index + 1]) for index in range(len(terms))]
    counted = [int(text.replace("−", "-")) for text in said["texts"][1:-1]]
    assert counted == [total for index, total in enumerate(sums) if index == 0 or total != sums[index - 1]]
    assert said["texts"][0] == "42"  # what stood there before


def test_subtotals_of_three_channels_go_to_the_sum_and_then_the_bias(run: Run):
    case = next(case for case in CASES if any("channel-2" in step["beats"] for step in case["steps"]))
    said = run(
        MOTION
        + """const trace = traceOf(given.trace);
        const stage = trace.stages.find((one) => F.beatsOf(one).includes("channel-2"));
        return stepsOf(trace, stage).map(([before, after]) => [after.beat,
          moves(before, after).tracks.filter(({kind}) => kind !== "cover").map(({id}) => id)]);""",
        case,
    )
    by_beat = dict(said[:-2])
    for channel in range(3):
        ids = by_beat[f"channel-{channel}"]
        assert f"subtotal {channel}" in ids
        assert {name.split()[1] for name in ids if name.startswith(("merge", "subtotal"))} == {str(channel)}
    assert [name for name in by_beat["sum"] if name.startswith("gather")] == [f"gather {i}" for i in range(3)]
    assert "bias" in by_beat["bias"]
    assert by_beat["write"] == ["pulse", "write"]
