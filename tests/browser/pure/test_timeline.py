"""Playing: which positions and beats are shown when."""

from __future__ import annotations

from tests.browser.pure_page import Run

WALKS = """
  const walks = [[30, 30, 4], [3, 3, 4], [1, 1, 3], [512, 512, 4], [24, 24, 11], [512, 3, 3], [2, 600, 4], [9, 1, 3]]
    .map(([rows, columns, count]) => ({
      positions: {rows, columns}, beats: Array.from({length: count}, (_, i) => `b${i}`)}));
  const wrong = [], no = (bad, ...what) => { if (bad) wrong.push(what); };
"""


def test_every_plan_shows_true_positions_in_order_and_comes_to_its_end(run: Run):
    wrong = run(
        WALKS
        + """const modes = ["step", "row", "steady", "finish"];
        for (const walk of walks) for (const mode of modes) for (const start of [0, 0.5]) {
          const {rows, columns} = walk.positions, end = rows * columns - 1;
          const from = {position: Math.floor(start * end), beat: "b1"};
          const {stops, duration, skips} = Y.plan({...walk, from, mode, tempo: 1});
          const name = [rows, columns, mode, start];
          const row = from.position - from.position % columns + columns - 1;
          const ends = {step: from.position, row, steady: end, finish: end};
          const last = stops[stops.length - 1];
          const {time, position, beat} = stops[0];
          no(time !== 0 || position !== from.position || beat !== from.beat, ...name, "start");
          no(last.position !== ends[mode] || last.beat !== walk.beats.at(-1), ...name, "end", last);
          no(duration !== last.time || (mode !== "steady" && duration > 15), ...name, "duration", duration);
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


def test_a_steady_pace_shows_every_position_for_the_same_time(run: Run):
    said = run(
        """const walk = {positions: {rows: 30, columns: 30}, beats: ["window", "products", "sum", "write"]};
        const {stops, skips} = Y.plan({...walk, from: {position: 0, beat: "write"}, mode: "steady", tempo: 2});
        const gaps = stops.slice(1).map(({time}, n) => (time - stops[n].time).toFixed(6));
        const beats = stops.map(({beat}) => beat);
        return {skips, gaps: [...new Set(gaps)], last: stops.at(-1).position, beats: [...new Set(beats)]};"""
    )
    assert said == {"skips": 1, "gaps": ["0.110000"], "last": 899, "beats": ["write"]}


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


def test_positions_are_called_skipped_only_while_they_are(run: Run):
    said = run(
        """const walk = {positions: {rows: 30, columns: 30}, beats: ["window", "products", "sum", "write"]};
        const {stops} = Y.plan({...walk, from: {position: 0, beat: "window"}, mode: "finish", tempo: 1});
        const {stops: row} = Y.plan({...walk, from: {position: 0, beat: "window"}, mode: "row", tempo: 1});
        return [row, stops].map((all) => all.map(({position, skips}) => [position, skips ?? 1]));"""
    )
    assert all(skips == 1 for _, skips in said[0])
    assert said[1][0] == [0, 1]
    assert said[1][-1][1] > 1
