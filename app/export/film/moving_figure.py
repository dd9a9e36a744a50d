"""The figure between two steps: what rests, and the marks that are on their way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ...core.motion.motion_tracks import Color, Mark, MotionSpot, Track, measure_time, place_marks
from ...core.motion.transitions import MovingStep, SumCount, plan_tracks
from ...render.figure.primitives import Box, DisplayList, Face, Line, Primitive, Rect, TextLine
from .figure_places import CELL_PARTS, WINDOW_PARTS, FigurePlaces, find_places

WRITING = "write"
"""The track of a sum on its way to its cell."""
LEAST_SHARE = 0.5
"""Below this opacity the text of a mark is not drawn."""


@dataclass(frozen=True, slots=True)
class MovingFigure:
    """A figure on its way to a step. `resting` is the figure without what is to come, `tracks` what moves.

    `cell` is how the cell in focus looks until its number has arrived there.
    """

    resting: DisplayList
    after: FigurePlaces
    tracks: tuple[Track, ...]
    cell: tuple[Primitive, ...] = ()

    @property
    def time(self) -> float:
        """How long the motion takes by itself, in milliseconds."""
        return measure_time(self.tracks)

    def list_marks(self, t: float) -> tuple[Primitive, ...]:
        """List what is drawn on the resting figure at t from 0 to 1. Law: at 1 nothing of the figure is missing."""
        marks = place_marks(self.tracks, t)
        waits = any(mark.track.id == WRITING and not mark.has_arrived for mark in marks)
        return (*(self.cell if waits else ()), *(one for mark in marks for one in self._draw(mark)))

    def _draw(self, mark: Mark) -> Iterator[Primitive]:
        track, spot = mark.track, mark.spot
        if mark.has_arrived and track.kind in ("cell", "number", "cover"):
            if track.hides:
                yield from self.after.at(track.hides)
            return
        if mark.opacity <= 0 or track.kind == "cover":
            return
        match track.kind:
            case "outline":
                yield from self._move_outline(track, spot)
            case "lines":
                yield from self._move_lines(spot)
            case "ring":
                color = next((one.stroke for one in self.after.figure.select(Rect, "output-cell") if one.stroke), "")
                yield Rect("pulse", _to_box(spot), stroke=color, stroke_width=2, radius=3, opacity=mark.opacity)
            case _:
                yield from _draw_number(spot, mark.opacity)

    def _move_outline(self, track: Track, spot: MotionSpot) -> Iterator[Primitive]:
        """The outline of a window or a cell as the step has it, at another place."""
        parts = WINDOW_PARTS if track.id == "window" else CELL_PARTS
        by = spot.x - track.to.x, spot.y - track.to.y
        grown = spot.width - track.to.width, spot.height - track.to.height
        for one in self.after.figure.primitives:
            if one.part in parts and isinstance(one, Rect):
                box = one.box
                yield replace(
                    one, box=Box(box.left + by[0], box.top + by[1], box.width + grown[0], box.height + grown[1])
                )
            elif one.part in parts and isinstance(one, TextLine):
                yield replace(one, x=one.x + by[0], y=one.y + by[1])

    def _move_lines(self, spot: MotionSpot) -> Iterator[Primitive]:
        lines = _list_window_lines(self.after)
        for one, y in zip(lines, (spot.y, spot.y + spot.height), strict=False):
            yield replace(one, x=spot.x + spot.width, y=y)


def plan_motion(
    figures: tuple[DisplayList, DisplayList],
    steps: tuple[MovingStep, MovingStep],
    counting: SumCount,
    is_brief: bool = False,
) -> MovingFigure | None:
    """Plan what moves from a figure to the next; None where nothing does."""
    before, after = (find_places(figure, step) for figure, step in zip(figures, steps, strict=True))
    old = before.places
    # Tables, sources and lines begin where the next step has them; they are the same but for their numbers.
    first = replace(after.places, window=old.window, cell=old.cell, sum=old.sum, terms=old.terms)
    tracks = plan_tracks(steps, (first, after.places), counting, is_brief)
    if not tracks:
        return None
    hidden = {id(one) for one in _list_hidden(after, tracks)}
    left = tuple(one for one in after.figure.primitives if id(one) not in hidden)
    cell = tuple(one for one in before.figure.primitives if one.part in CELL_PARTS)
    return MovingFigure(replace(after.figure, primitives=left), after, tracks, cell)


def _list_hidden(after: FigurePlaces, tracks: Iterable[Track]) -> Iterator[Primitive]:
    primitives = after.figure.primitives
    for track in tracks:
        if track.hides:
            yield from after.at(track.hides)
        if track.kind == "outline":
            parts = WINDOW_PARTS if track.id == "window" else CELL_PARTS
            yield from (one for one in primitives if one.part in parts)
            if track.id == "cell":  # the line from the sum comes when the cell is there
                lines = {id(one) for one in _list_window_lines(after)}
                yield from (one for one in primitives if one.part == "hairlines" and id(one) not in lines)
        if track.kind == "lines":
            yield from _list_window_lines(after)


def _list_window_lines(after: FigurePlaces) -> list[Line]:
    """The two lines from the window to its numbers: they end at the left edge of the first table."""
    window = after.places.window
    if window is None:
        return []
    right = window.x + window.width
    return [one for one in after.figure.select(Line, "hairlines") if abs(one.x - right) < 0.01][:2]


def _draw_number(spot: MotionSpot, opacity: float) -> Iterator[Primitive]:
    box = _to_box(spot)
    if spot.fill:
        yield Rect("moving", box, _to_hex(spot.fill), opacity=opacity)
    if spot.text and spot.ink and spot.size and opacity >= LEAST_SHARE:
        face: Face = spot.face or "mono"  # type: ignore[assignment]
        yield TextLine("moving", *box.center, spot.text, _to_hex(spot.ink), face, spot.size, "middle", "middle")


def _to_box(spot: MotionSpot) -> Box:
    return Box(spot.x, spot.y, spot.width, spot.height)


def _to_hex(color: Color) -> str:
    return f"#{color[0]:02x}{color[1]:02x}{color[2]:02x}"
