"""The playback of a path: which position and which beat is shown after how many seconds.

Every step shown is a position of the path. Where there are too many to be seen, every n-th is shown.
`static/pure/story/playback-plan.js` is the same in JavaScript; tests/browser/pure/test_film_twins.py holds both.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

BEAT_SECONDS = 0.6
SLOW_SECONDS, POSITION_SECONDS, ROW_SECONDS, FINISH_SECONDS, STOPS_SECONDS = 6, 0.22, 3, 4, 15
"""At tempo 1: of the beats of one position together, of one position, of a row, of all that are left, of all stops."""
FRAME_SECONDS = 1 / 60
"""The shortest time between two steps: one frame of the screen."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """A position in reading order, from 0 on, at one of its beats.

    `press` is the press of a story that it leads to, or with `is_press` is.
    """

    position: int
    beat: str
    press: int = 0
    is_press: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """The positions of a map, the beats of each, and the distinct positions that an author chose, in their order."""

    rows: int
    columns: int
    beats: Sequence[str]
    stops: Sequence[int] = ()

    @property
    def last_position(self) -> int:
        """The last position in reading order."""
        return self.rows * self.columns - 1

    @property
    def first(self) -> PathStep:
        """Where the path begins."""
        return PathStep(self.stops[0] if self.stops else 0, self.beats[0])

    @property
    def last(self) -> PathStep:
        """Where it ends."""
        return PathStep(self.stops[-1] if self.stops else self.last_position, self.beats[-1])


@dataclass(frozen=True, slots=True)
class TimedStep:
    """A step and the seconds after which it is shown."""

    step: PathStep
    time: float


@dataclass(frozen=True, slots=True)
class Segment:
    """Steps that are `each` seconds apart."""

    steps: Sequence[PathStep]
    each: float


@dataclass(frozen=True, slots=True)
class PlaybackPlan:
    """Steps with their times; `skips` n: every n-th position is shown, 1 is all."""

    steps: Sequence[TimedStep]
    skips: int = 1

    @property
    def duration(self) -> float:
        """The time of the last step."""
        return self.steps[-1].time


def plan_playback(path: Path, from_: PathStep, mode: str, tempo: float = 1, loop: bool = False) -> PlaybackPlan:
    """Plan what one press of play shows.

    step: the beats up to the end of a position. row: the positions up to the end of a row. steady: all that are left,
    at one pace. finish: the rest, at most 4 s. With stops: those that are left, in row, steady and story beat by beat.
    At the end it starts over; step only where it loops.
    """
    start = _find_nearest(path, from_)
    is_over = start == path.last and (loop or mode != "step")
    fresh = path.first if is_over else start
    parts, skips = _list_segments(path, fresh, mode)
    return PlaybackPlan(add_times([Segment([fresh], 0), *parts], tempo), skips)


def add_times(parts: Sequence[Segment], tempo: float) -> tuple[TimedStep, ...]:
    """The steps of all segments with their times."""
    time, steps = 0.0, list[TimedStep]()
    for part in parts:
        for step in part.steps:
            time += part.each / (tempo if tempo > 0 else 1)
            steps.append(TimedStep(step, time))
    return tuple(steps)


def list_quick_segments(
    path: Path, start: int, end: int, seconds: float, least: float = FRAME_SECONDS
) -> tuple[list[Segment], int]:
    """The positions from start to end, each at its last beat, and n where every n-th is shown.

    Where they are too many to be shown for `least` seconds each, every n-th column of each row; where those are too
    many, the last position of every n-th row.
    """
    most = max(1, math.floor(seconds / least)) if math.isfinite(seconds) else max(1, end - start + 1)
    wanted = max(1, math.ceil((end - start + 1) / most))
    skips = wanted if wanted < path.columns else math.ceil(wanted / path.columns) * path.columns
    every = skips if wanted > 1 else 1
    if every < path.columns:
        shown = list(_list_every_nth_column(path, start, end, every))
    else:
        shown = _list_every_nth(start, end, every)
    each = min(POSITION_SECONDS, seconds / max(1, len(shown)))
    return [Segment([PathStep(position, path.beats[-1]) for position in shown], each)], every


def _list_segments(path: Path, from_: PathStep, mode: str) -> tuple[list[Segment], int]:
    if mode == "step":
        is_written = from_.beat == path.last.beat
        start = _find_next(path, from_) if is_written else from_
        steps = [*([] if start == from_ else [start]), *_list_rest(path, start)]
        return [Segment(steps, min(BEAT_SECONDS, SLOW_SECONDS / max(1, len(steps))))], 1
    if path.stops:
        return [_list_stops(path, from_, mode)], 1
    is_last_beat = from_.beat == path.beats[-1]
    start_at = from_.position + 1 if is_last_beat else from_.position
    if mode == "row":
        return list_quick_segments(path, start_at, _find_row_end(path, start_at), ROW_SECONDS)
    seconds = FINISH_SECONDS if mode == "finish" else math.inf
    return list_quick_segments(path, start_at, path.last_position, seconds)


def _list_stops(path: Path, from_: PathStep, mode: str) -> Segment:
    ahead = _list_stops_ahead(path, from_.position)
    if mode == "finish":
        here = [] if from_.beat == path.last.beat else [from_.position]
        steps = [PathStep(position, path.last.beat) for position in (*here, *ahead)]
        return Segment(steps, min(BEAT_SECONDS, FINISH_SECONDS / max(1, len(steps))))
    beats = [PathStep(position, beat) for position in ahead for beat in path.beats]
    steps = [*_list_rest(path, from_), *beats]
    return Segment(steps, min(BEAT_SECONDS, STOPS_SECONDS / max(1, len(steps))))


def _list_stops_ahead(path: Path, position: int) -> Sequence[int]:
    """The stops after this position; for one that is no stop, from the nearest after it in reading order on."""
    following = _find_neighbor(path, position)
    return () if following == position else path.stops[list(path.stops).index(following) :]


def _find_neighbor(path: Path, position: int) -> int:
    """The next position or stop; at the end it stays."""
    if not path.stops:
        return min(position + 1, path.last_position)
    stops = list(path.stops)
    if position in stops:
        index = stops.index(position) + 1
        return stops[index] if index < len(stops) else position
    later = [stop for stop in stops if stop > position]
    return min(later) if later else stops[-1]


def _find_next(path: Path, now: PathStep) -> PathStep:
    """The next beat; after the last one the first of the next position. At the end of the path it stays."""
    index = list(path.beats).index(now.beat) + 1
    if index < len(path.beats):
        return replace(now, beat=path.beats[index])
    position = _find_neighbor(path, now.position)
    return now if position == now.position else PathStep(position, path.beats[0])


def _list_rest(path: Path, from_: PathStep) -> list[PathStep]:
    """The beats after this one, at the same position."""
    return [PathStep(from_.position, beat) for beat in path.beats[list(path.beats).index(from_.beat) + 1 :]]


def _list_every_nth_column(path: Path, start: int, end: int, n: int) -> Iterator[int]:
    """Every n-th column of each row, the last one included."""
    while start <= end:
        yield from _list_every_nth(start, min(end, _find_row_end(path, start)), n)
        start = _find_row_end(path, start) + 1


def _list_every_nth(start: int, end: int, n: int) -> list[int]:
    """Every n-th number from start to end, the end included."""
    return list(range(end, start - 1, -n))[::-1]


def _find_row_end(path: Path, position: int) -> int:
    return position - position % path.columns + path.columns - 1


def _find_nearest(path: Path, step: PathStep) -> PathStep:
    """The nearest step of the path: an unknown beat becomes the first."""
    position = min(max(step.position, 0), path.last_position)
    return PathStep(position, step.beat if step.beat in path.beats else path.beats[0])
