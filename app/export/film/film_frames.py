"""The pictures of a film: one for each step at rest, and several where something moves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
from PIL import Image, ImageDraw

from ...core.explain import explain_step
from ...core.explain.beats import fit_beat, list_beats
from ...core.motion.motion_times import TIMINGS, fit_time
from ...core.motion.transitions import MovingStep, SumCount, list_totals
from ...core.number_text import MINUS
from ...core.writing.step_writer import write_step
from ...render.figure.figure_layout import find_view
from ...render.figure.fonts import load_font
from ...render.figure.png_backend import draw_picture, draw_primitives
from ...render.figure.primitives import DisplayList
from ...render.figure.theme import THEMES
from ...render.view_position import ViewPosition, fit_view
from ..exported_figure import ExportedFigure
from .film_plan import FilmPlan, FilmSettings
from .moving_figure import MovingFigure, plan_motion

BYTES_OF_A_PIXEL = {"gif": (0.09, 0.0035), "webp": (0.05, 0.01), "mp4": (0.06, 0.0018)}
"""Of a film, about: for its first picture, and for each one after it."""
NOTE_POINTS, NOTE_SIZE = 44, 18
"""The height of the line for notes below the figure, and the size of its letters."""


@dataclass(frozen=True, slots=True)
class FilmPicture:
    """A picture of a film and its milliseconds: a step at rest, or on its way at `t` from 0 to 1."""

    step: int
    milliseconds: int
    t: float | None = None


@dataclass(frozen=True, slots=True)
class FigureFilm:
    """A film that is planned, and can be drawn picture by picture."""

    figure: ExportedFigure
    settings: FilmSettings
    plan: FilmPlan
    figures: tuple[DisplayList, ...] = field(repr=False)
    motions: tuple[MovingFigure | None, ...] = field(repr=False)
    frames: tuple[FilmPicture, ...] = field(repr=False)

    @property
    def has_notes(self) -> bool:
        """Whether a line below the figure is kept for the author's words."""
        return any(step.note for step in self.plan.steps)

    def draw_at_rest(self, step: int) -> Image.Image:
        """Draw the picture of a step at rest."""
        return self._draw_clear(lambda behind: self._put(self._draw_all(self.figures[step], behind), step, behind))

    def draw(self) -> Iterator[Image.Image]:
        """Draw all pictures in their order, RGB or, where the film is transparent, RGBA."""
        resting: dict[str, Image.Image] = {}  # of the step that is on its way, by the color behind it
        for frame in self.frames:
            if frame.t is None:
                resting.clear()
                yield self.draw_at_rest(frame.step)
            else:
                yield self._draw_clear(partial(self._draw_moving, resting, frame.step, frame.t))

    def _draw_moving(self, resting: dict[str, Image.Image], step: int, t: float, behind: str) -> Image.Image:
        motion = self.motions[step]
        assert motion is not None
        if behind not in resting:
            resting[behind] = self._draw_all(motion.resting, behind)
        picture = resting[behind].copy()
        draw_primitives(picture, motion.list_marks(t), picture.width / motion.resting.width)
        return self._put(picture, step, behind)

    def _draw_clear(self, draw: Callable[[str], Image.Image]) -> Image.Image:
        """The picture that `draw` draws on a color; where the film is transparent, with what of it is opaque."""
        if not self.settings.transparent:
            return draw(self.figures[0].background)
        on_white, on_black = (np.asarray(draw(color), np.int32) for color in ("#ffffff", "#000000"))
        opaque = 255 - (on_white - on_black).max(axis=2)
        shown = np.maximum(opaque, 1)[..., None]
        colors = np.minimum(on_black * 255 // shown, 255)
        return Image.fromarray(np.dstack([colors, opaque]).astype(np.uint8), "RGBA")

    def guess_bytes(self, kind: str) -> int:
        """Guess how many bytes the film takes: its pictures by how much of the sheet changes in each."""
        whole = self.settings.width * self.settings.height
        first, other = BYTES_OF_A_PIXEL[kind]
        moving = sum(frame.t is not None for frame in self.frames)
        return round(whole * (first + other * (len(self.frames) + moving)))

    @property
    def unit(self) -> float:
        """How many pixels a point of the figure is."""
        sheet = self.figures[0]
        high = sheet.height + (NOTE_POINTS if self.has_notes else 0)
        return min(self.settings.width / sheet.width, self.settings.height / high)

    def _draw_all(self, figure: DisplayList, behind: str) -> Image.Image:
        return draw_picture(replace(figure, background=behind), max(1, round(figure.width * self.unit)))

    def _put(self, picture: Image.Image, step: int, behind: str) -> Image.Image:
        """Put a picture of the figure in the middle of the film, with the author's words below it."""
        size, note = (self.settings.width, self.settings.height), self.plan.steps[step].note
        if picture.size == size and not note:
            return picture
        sheet = Image.new("RGB", size, behind)
        room = round(NOTE_POINTS * self.unit) if self.has_notes else 0
        top = (size[1] - picture.height - room) // 2
        sheet.paste(picture, ((size[0] - picture.width) // 2, top))
        if note:
            font, color = load_font("sans", round(NOTE_SIZE * self.unit * 2) / 2), THEMES[self.figure.view.theme].text
            place = (size[0] / 2, top + picture.height + room / 2)
            ImageDraw.Draw(sheet).text(place, note, color, font, "mm")
        return sheet


def make_film(figure: ExportedFigure, settings: FilmSettings, plan: FilmPlan) -> FigureFilm:
    """Lay out all steps of a film, and plan what moves between them. Nothing is drawn yet."""
    positions = [fit_view(figure.trace, step.view) for step in plan.steps]
    figures = tuple(figure.lay_out(step.view) for step in plan.steps)
    motions: list[MovingFigure | None] = [None]
    played = 1
    for index in range(1, len(figures)):
        before, after = positions[index - 1 : index + 1]
        played += before.cell != after.cell
        is_brief = played > TIMINGS["full"]
        motions.append(_plan_one(figure, (before, after), (figures[index - 1], figures[index]), is_brief))
    return FigureFilm(figure, settings, plan, figures, tuple(motions), tuple(_list_frames(plan, settings, motions)))


def _plan_one(
    figure: ExportedFigure,
    positions: tuple[ViewPosition, ViewPosition],
    figures: tuple[DisplayList, DisplayList],
    is_brief: bool,
) -> MovingFigure | None:
    """What moves to a step; nothing in a view that takes the place of the maps."""
    if any(find_view(figure.trace, position) for position in positions):
        return None
    before, after = (_read_step(figure, position) for position in positions)
    return plan_motion(figures, (before, after), _count_sum(figure, positions[1], after), is_brief)


def _read_step(figure: ExportedFigure, position: ViewPosition) -> MovingStep:
    stage = position.stage
    numbers = explain_step(figure.trace, stage.info.index, position.map, *position.cell)
    return MovingStep(numbers, fit_beat(stage, position.view.beat), list_beats(stage))


def _count_sum(figure: ExportedFigure, position: ViewPosition, step: MovingStep) -> SumCount:
    """What the sum counts: subtotals, or the products, or the numbers themselves; and the bias with its sign."""
    texts, stage = write_step(figure.trace, step.numbers), position.stage
    if not texts.channels:
        return SumCount()
    first = texts.channels[0]
    cells = [text for line in first.products or first.values for text in line]
    terms = [one.sum for one in texts.channels] if len(texts.channels) > 1 else cells
    photos = stage.info.values.photo_maps
    is_signed = stage.info.colors == "signed" and position.map not in photos and len(step.channels) == 1
    bias = f"{MINUS} {texts.bias[1:]}" if texts.bias.startswith(MINUS) else f"+ {texts.bias}"
    return SumCount(list_totals(terms, is_signed), bias)


def _list_frames(plan: FilmPlan, settings: FilmSettings, motions: list[MovingFigure | None]) -> Iterator[FilmPicture]:
    """The pictures of all steps. Law: each step begins at its time, to a hundredth of a second."""
    each, now = round(1000 / settings.frames_a_second), 0
    for index in range(len(plan.steps)):
        is_last = index == len(plan.steps) - 1
        end = plan.seconds if is_last else plan.steps[index + 1].time
        until = round(end * 100) * 10
        motion, beat = motions[index], plan.measure_beat(index)
        time = fit_time(motion.time, beat * 1000, plan.tempo) if motion else 0
        count = min(int(time // each), max(0, (until - now) // each - 1))
        for number in range(count):
            yield FilmPicture(index, each, (number + 1) / (count + 1))
            now += each
        yield FilmPicture(index, until - now)
        now = until
