"""The picture of an exercise: its figure, as the question of a link shows it, without the answer."""

from __future__ import annotations

from dataclasses import replace

from ..lab import ComputeLink
from ..lab.asking import ask, choose_view
from ..render.figure import render_figure_png
from .exercise import Exercise

PICTURE_WIDTH = 720
"""Pixels."""


def render_exercise_png(exercise: Exercise, compute: ComputeLink, theme: str = "light") -> bytes:
    """The picture as a PNG. Raises ValueError for a link whose figure has no such question."""
    answer, view = compute(exercise.picture_link)
    asked = ask(answer, view)
    if asked.trace is None or asked.question is None:
        raise ValueError(f"the figure of an exercise asks nothing: {exercise.picture_link}")
    shown = replace(choose_view(asked, view), title=exercise.title, theme=theme)
    return render_figure_png(asked.trace, shown, PICTURE_WIDTH)
