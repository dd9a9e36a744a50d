"""The question of a link, such as `predict=cell`: which place it is about, and what it hides."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..explain.answer import find_opening_stage
from ..options import HIDEABLE
from ..scene import Pair, View
from ..trace.trace import Stage, Trace, get_read

HIDDEN_PARTS = ("image", "inspector", "formula", "legend", "transport", "tabs")
"""Parts of the page that would show the answer or lead to it."""
HIDDEN_MAPS = "multiples"
"""The small maps below a stage, hidden while a cell of it is the question."""
LOCKED_PARTS = ("image", "inspector", "strip", "figure", "transport", "tabs")
MOST_WEIGHTS = 16 * 16
"""A question about a cell needs a filter of at most this size, in cells: nobody could add up more by hand."""
MOST_FILTER_SIDE = 5
"""A larger filter is not written beside a question."""
BEFORE_RESULT, RESULT = "window", "write"


@dataclass(frozen=True, slots=True)
class Question:
    """What a link asks for: one cell, the size, the parameters or a map of a stage, the filter of a map, whether its
    window fits, or the class.

    `shown` is the number of stages that are visible before the answer is, `read` the stage that the asked one reads.
    """

    kind: str
    stage: int
    map: int
    cell: Pair
    shown: int
    read: int = 0


def find_question(trace: Trace, view: View) -> Question | None:
    """The question of a View, moved to the nearest place that the Trace has.

    None without `predict`, or if the stage has no such answer.
    """
    if not view.predict:
        return None
    index = _find_stage(trace, view)
    if index is None:
        return None
    stage = trace.stages[index]
    maps, rows, columns = stage.output.shape
    map = min(view.map or 0, maps - 1)
    row, column = view.at or stage.salient_places[map]
    cell = min(row, rows - 1), min(column, columns - 1)
    read = get_read(trace, stage).info.index
    return Question(view.predict, index, map, cell, index + 1 if view.predict == "cell" else index, read)


def hide_answer(trace: Trace, question: Question) -> Trace:
    """The Trace without the answer and without everything that is computed from it.

    For a cell, its map keeps the cells before it in reading order; all others of the stage are 0.
    """
    stages = trace.stages[: question.shown]
    if question.kind == "cell":
        stages = (*stages[:-1], _keep_before(stages[-1], question))
    return replace(trace, stages=stages)


def make_asking_view(view: View, question: Question, trace: Trace) -> View:
    """The View while the question is open: at its place, without the parts that would give the answer away.

    `trace` is the one without the answer. If the stage of the question is not in it, the stage that it reads is shown
    complete; for a class, the input is.
    """
    is_cell = question.kind == "cell"
    stage = question.stage if is_cell else 0 if question.kind == "class" else question.read
    _, rows, columns = trace.stages[stage].output.shape
    hidden = {*view.hide, *HIDDEN_PARTS, *((HIDDEN_MAPS,) if is_cell else ())}
    return replace(
        view,
        stage=stage,
        map=question.map if is_cell else 0,
        at=question.cell if is_cell else (0, 0) if stage == 0 else (rows - 1, columns - 1),
        beat=BEFORE_RESULT if is_cell else RESULT,
        story=None,
        tab="",
        table=False,
        ghost=False,
        pin=None,
        play=False,
        stops=(),
        hide=tuple(part for part in HIDEABLE if part in hidden),
        lock=LOCKED_PARTS,
    )


def make_linked_view(view: View, question: Question) -> View:
    """The View for a link to the question, with its place written out, so that it opens the same everywhere."""
    is_placed = question.kind in ("cell", "map", "filter")
    return replace(
        view,
        stage=question.stage,
        map=question.map if is_placed else None,
        at=question.cell if question.kind == "cell" else view.at,
        story=None,
    )


def _find_stage(trace: Trace, view: View) -> int | None:
    """The stage that the question is about: the one that the View names, else the first that has such an answer."""
    if view.predict == "class":
        return _find_scores(trace)
    named = view.stage
    if named is None:
        opening = find_opening_stage(trace)
        candidates = [opening, *range(1, len(trace.stages))]
    else:
        candidates = [min(named, len(trace.stages) - 1)]
    return next((index for index in candidates if _can_answer(trace.stages[index], view.predict)), None)


def _can_answer(stage: Stage, kind: str) -> bool:
    info = stage.info
    is_filtered = info.operation.kind == "conv" and stage.weight is not None
    match kind:
        case "cell":
            return is_filtered and stage.weight is not None and stage.weight[0, 0].size <= MOST_WEIGHTS
        case "map":
            return is_filtered and stage.output[0].size > 1
        case "filter":
            return is_filtered and stage.weight is not None and _is_plain(stage.weight) and stage.output[0].size > 1
        case "size":
            return info.geometry is not None
        case "fit":
            geometry = info.geometry
            return geometry is not None and max(geometry.rows.stride, geometry.columns.stride) > 1
        case "parameters":
            return info.parameters > 0
    return False


def _is_plain(weight: NDArray[np.float32]) -> bool:
    """Whether each filter can be written as one small table: all its planes are the same."""
    side = max(weight.shape[2:])
    return 1 < side <= MOST_FILTER_SIDE and bool(np.array_equal(weight, np.repeat(weight[:, :1], weight.shape[1], 1)))


def _find_scores(trace: Trace) -> int | None:
    """The last layer with weights of a chain that ends in the scores or shares of named classes."""
    if not trace.stages[-1].info.classes:
        return None
    scored = [stage.info.index for stage in trace.stages if stage.info.classes]
    return scored[0] if scored[0] > 0 else None


def _keep_before(stage: Stage, question: Question) -> Stage:
    """The stage with the cells of one map that come before a cell; all others are 0."""
    output = np.zeros_like(stage.output)
    row, column = question.cell
    before = row * output.shape[2] + column
    output[question.map].flat[:before] = stage.output[question.map].flat[:before]
    return replace(stage, output=output)
