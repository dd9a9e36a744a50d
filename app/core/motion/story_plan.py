"""The story of a stage with a clock, as `static/pure/story/walk.js` plans it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from ..explain.story import list_story
from ..trace.trace import Trace
from .playback_plan import FRAME_SECONDS, Path, PathStep, PlaybackPlan, Segment, add_times, list_quick_segments

PRESS_SECONDS = 1.4
"""How long one press is shown at tempo 1."""
FILLING: Mapping[str, float] = MappingProxyType(
    {"conv_row": 3, "conv_map": 5.5, "pool_row": 3, "pool_map": 5.5, "pointwise_map": 5.5}
)
"""Presses before which a clock shows the cells between theirs and the one before, and the seconds of these."""


def plan_story(
    trace: Trace, stage: int, from_press: int = 1, tempo: float = 1, least: float = FRAME_SECONDS
) -> PlaybackPlan:
    """Plan the story of a stage from a press on; after its last press the whole story.

    Between two presses each cell is shown for at least `least` seconds at tempo 1; none is where that is infinite.
    """
    presses = list_story(trace, stage)
    _, rows, columns = trace.stages[stage].output.shape
    path, parts = Path(rows, columns, ("write",)), list[Segment]()
    now = 1 if from_press >= len(presses) else from_press
    for press in range(now, len(presses) + 1):
        one, is_first = presses[press - 1], press == now
        position = one.cell[0] * columns + one.cell[1]
        if one.line in FILLING and not is_first and math.isfinite(least):
            row, column = presses[press - 2].cell
            first, seconds = row * columns + column + 1, FILLING[one.line]
            filled, _ = list_quick_segments(path, first, position - 1, seconds, least)
            parts += [Segment([replace(step, press=press) for step in part.steps], part.each) for part in filled]
        shown = PathStep(position, one.beat, press, is_press=True)
        parts.append(Segment([shown], 0 if is_first else PRESS_SECONDS))
    return PlaybackPlan(add_times(parts, tempo))
