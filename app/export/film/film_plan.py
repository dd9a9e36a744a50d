"""Which steps of a figure a film shows, and when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from typing import Literal, get_args

from ...core.explain.beats import list_beats
from ...core.explain.story import list_story
from ...core.motion.playback_plan import (
    BEAT_SECONDS,
    Path,
    PathStep,
    PlaybackPlan,
    Segment,
    TimedStep,
    add_times,
    list_quick_segments,
    plan_playback,
)
from ...core.motion.story_plan import plan_story
from ...core.scene import Pair, View
from ...core.texts import make_text
from ...render.view_position import ViewPosition, fit_view
from ..exported_figure import ExportedFigure
from . import film_texts  # noqa: F401

FilmShow = Literal["view", "step", "stops", "story", "map"]
"""What a film shows: the view as it stands; the beats of the step in view; the author's stops; the story of the stage,
as Play tells it; the whole map."""
FILM_SHOWS: tuple[FilmShow, ...] = get_args(FilmShow)
Pace = Literal["beats", "positions"]
"""Whether stops and the map are shown beat by beat, or each position once, when it is written."""
PACES: tuple[Pace, ...] = get_args(Pace)
HOLD_SECONDS = 2.0
"""How long the last picture is held."""
COARSER = 1.25
LEAST_SECONDS, USUAL_SECONDS, MOST_SECONDS = 3, 12, 120


@dataclass(frozen=True, slots=True)
class FilmSettings:
    """What a film shows and how: size in pixels, at most so many seconds, the last picture's hold included.

    `show` None is what Play shows: the author's stops, else the story of the stage. `frames_a_second` is how often
    something that moves is drawn; what rests is one picture, however long.
    """

    show: FilmShow | None = None
    pace: Pace | None = None
    width: int = 1280
    height: int = 720
    seconds: float = USUAL_SECONDS
    loop: bool = True
    transparent: bool = False
    frames_a_second: int = 20


@dataclass(frozen=True, slots=True)
class FilmStep:
    """A view and the seconds after which it is shown; `note` are the author's words there."""

    view: View
    time: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class FilmPlan:
    """The steps of a film, the tempo at which it plays them, and its seconds; the last picture is held."""

    steps: Sequence[FilmStep]
    tempo: float
    seconds: float

    def measure_beat(self, index: int) -> float:
        """How long a step is shown, in seconds; the last one as long as the one before, before its hold."""
        if len(self.steps) == 1:
            return BEAT_SECONDS
        index = min(index, len(self.steps) - 2)
        return self.steps[index + 1].time - self.steps[index].time


def plan_film(figure: ExportedFigure, settings: FilmSettings) -> FilmPlan:
    """Plan a film. Law: it shows steps that the page shows, in its order and at its pace, or quicker.

    Raises ValueError with a sentence where too many steps are asked for.
    """
    position = figure.position
    show = settings.show or _choose_show(figure, position)
    if show == "view" or _is_still(figure, position):
        return FilmPlan((FilmStep(figure.view, 0, position.line),), 1, HOLD_SECONDS)
    room = settings.seconds - HOLD_SECONDS
    tempo, least = float(Fraction(figure.view.tempo or "1")), 1 / settings.frames_a_second
    coarse = least
    while True:
        plan = _plan_steps(figure, position, show, settings, room, coarse)
        played = plan.duration + _measure_last(plan)
        quicker = max(played / tempo / room, 1.0)
        times = [one.time / tempo / quicker for one in plan.steps]
        if min((b - a for a, b in pairwise(times)), default=least) > 0.99 * least:
            break
        if show in ("stops", "step") or settings.pace == "beats" or math.isinf(coarse):
            most, seconds = int(room / least), f"{settings.seconds:g}"
            raise ValueError(str(make_text("film_too_many_steps", count=len(times), seconds=seconds, most=most)))
        # Fewer of the cells between two presses, or of the map; at last none between presses.
        coarse = coarse * COARSER if coarse < played else math.inf
    steps = [_make_step(figure, position, one) for one in plan.steps]
    timed = [replace(step, time=time) for step, time in zip(steps, times, strict=True)]
    return FilmPlan(timed, tempo * quicker, played / tempo / quicker + HOLD_SECONDS)


def _measure_last(plan: PlaybackPlan) -> float:
    """How long the last step is played before it is held: as long as the one before."""
    return plan.steps[-1].time - plan.steps[-2].time if len(plan.steps) > 1 else 0


def _choose_show(figure: ExportedFigure, position: ViewPosition) -> FilmShow:
    if position.stage.info.index == 0:
        return "view"
    return "stops" if figure.view.stops else "story"


def _is_still(figure: ExportedFigure, position: ViewPosition) -> bool:
    """Whether nothing can be played: a question, a curve, the input, the view of the whole network."""
    return bool(figure.view.predict or figure.curve or position.stage.info.index == 0 or position.view.tab == "network")


def _plan_steps(
    figure: ExportedFigure, position: ViewPosition, show: FilmShow, settings: FilmSettings, room: float, least: float
) -> PlaybackPlan:
    """Plan the steps at tempo 1; cells that are shown one after another are shown for at least `least` seconds."""
    stage = position.stage
    _, rows, columns = stage.output.shape
    path = Path(int(rows), int(columns), tuple(list_beats(stage)))
    here = position.cell[0] * path.columns + position.cell[1]
    match show:
        case "story":
            return plan_story(figure.trace, stage.info.index, least=least)
        case "stops":
            stops = dict.fromkeys(_place(stop, path) for stop in figure.view.stops)
            path = replace(path, stops=tuple(stops) or (here,))
            mode = "finish" if settings.pace == "positions" else "story"
            return plan_playback(path, path.first, mode)
        case "map":
            return _plan_map(path, settings, room, least)
        case _:
            return plan_playback(path, PathStep(here, path.beats[0]), "step")


def _plan_map(path: Path, settings: FilmSettings, room: float, least: float) -> PlaybackPlan:
    if settings.pace == "beats":
        steps = [PathStep(position, beat) for position in range(path.last_position + 1) for beat in path.beats]
        return PlaybackPlan(_number([Segment(steps[:1], 0), Segment(steps[1:], BEAT_SECONDS)]))
    first = Segment([path.first], 0)
    parts, skips = list_quick_segments(path, 0, path.last_position, room, least)
    return PlaybackPlan(_number([first, *parts]), skips)


def _number(parts: Sequence[Segment]) -> tuple[TimedStep, ...]:
    return add_times(parts, 1)


def _place(stop: Pair, path: Path) -> int:
    return min(stop[0], path.rows - 1) * path.columns + min(stop[1], path.columns - 1)


def _make_step(figure: ExportedFigure, position: ViewPosition, timed: TimedStep) -> FilmStep:
    step, index = timed.step, position.stage.info.index
    if step.is_press:
        return FilmStep(replace(position.view, story=step.press), timed.time)
    columns = position.stage.output.shape[2]
    view = replace(position.view, story=None, at=divmod(step.position, int(columns)), beat=step.beat)
    if step.press:
        return FilmStep(replace(view, map=list_story(figure.trace, index)[step.press - 1].map), timed.time)
    return FilmStep(view, timed.time, fit_view(figure.trace, view).line)
