"""Exercises in which one looks for something: the filter that made a map, the wrong number in a map."""

from __future__ import annotations

import numpy as np

from ..core.predict.wrong_answers import list_wrong_maps, read_filter
from ..core.texts import write_message
from ..core.trace.trace import Trace
from ..lab import ComputeLink
from .drawn_scene import DrawnScene, make_grid
from .exercise import Exercise, ExerciseSpec, Grid, NumberTable, OfferedAnswer
from .exercise_options import LARGEST_ANSWER
from .exercise_texts import write_exercise_text
from .map_exercises import (
    compute_trace,
    describe_window,
    draw_small_map,
    list_cell_choices,
    list_filter_tables,
    list_input_tables,
    read_map,
    shuffle_answers,
    write_place,
)
from .worked_lines import write_cell_line

FILTER_CODES = ("filter_turned", "rows_and_columns", "without_filter")
"""The rules of the shared table that change the numbers of a filter."""


def make_filter_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise that shows a map and asks which of four filters made it; no other one makes the same map."""
    drawn = draw_small_map(spec, draw, compute, with_bias=False)
    if drawn is None:
        return None
    scene, trace = drawn
    answers = [OfferedAnswer("", "", scene.weights[0]), *_list_other_filters(trace)]
    made = read_map(trace)
    if any(read_map(compute_trace(compute, scene.link_with(one.grid))) == made for one in answers[1:]):
        return None
    offered = shuffle_answers(answers, draw)
    options = {"filter": scene.filter_side, "stride": scene.stride, "padding": scene.padding}
    return Exercise(
        "filter",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_filter"),
        write_exercise_text("exercise_which_filter", **options),
        scene.link,
        f"{scene.link}&predict=map",
        (*list_input_tables(scene), NumberTable(write_exercise_text("exercise_output"), made)),
        (),
        tuple(
            OfferedAnswer(write_exercise_text("exercise_option_number", number=number), one.sentence, one.grid)
            for number, one in enumerate(offered, 1)
        ),
        (write_exercise_text("exercise_made_by", line=write_cell_line(trace, 0, 0)),),
    )


def make_mistake_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise that shows a map with one wrong number, which comes from a typical mistake."""
    drawn = draw_small_map(spec, draw, compute)
    if drawn is None:
        return None
    scene, trace = drawn
    rows, columns = scene.shape
    place = int(draw.integers(rows)), int(draw.integers(columns))
    wrong = [one for one in list_cell_choices(trace, *place)[1:] if abs(one.numbers[0]) <= LARGEST_ANSWER]
    if not wrong:
        return None
    mistake = wrong[int(draw.integers(min(len(wrong), 3)))]
    number = round(mistake.numbers[0])
    reason = write_message(mistake.reason) if mistake.reason else ""
    parts = {"row": place[0], "column": place[1], "wrong": mistake.text, "reason": reason}
    corrected = write_exercise_text("exercise_corrected", line=write_cell_line(trace, *place), **parts)
    return Exercise(
        "mistake",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_mistake"),
        f"{describe_window(scene)} {write_exercise_text('exercise_mistake')}",
        scene.link,
        f"{scene.link}&predict=cell&at=0,0",
        _list_worked_tables(scene, _replace_cell(read_map(trace), place, number)),
        (),
        _offer_places(trace, place),
        (corrected,),
        columns,
    )


def _list_other_filters(trace: Trace) -> list[OfferedAnswer]:
    """The filters that somebody takes for the one of stage 1, by the rules."""
    stage = trace.stages[1]
    changed = dict(list_wrong_maps(read_filter(stage, trace.stages[0], 0)))
    return [
        OfferedAnswer("", write_exercise_text(f"exercise_{code}"), make_grid(changed[code].weights[0].tolist()))
        for code in FILTER_CODES
        if code in changed
    ]


def _list_worked_tables(scene: DrawnScene, worked: Grid) -> tuple[NumberTable, ...]:
    table = NumberTable(write_exercise_text("exercise_worked"), worked)
    return (*list_input_tables(scene), *list_filter_tables(scene), table)


def _replace_cell(grid: Grid, place: tuple[int, int], number: int) -> Grid:
    return tuple(
        tuple(number if (row, column) == place else value for column, value in enumerate(values))
        for row, values in enumerate(grid)
    )


def _offer_places(trace: Trace, place: tuple[int, int]) -> tuple[OfferedAnswer, ...]:
    """All cells of the map as answers; each cell that is right says how it is worked out."""
    rows, columns = trace.stages[1].output.shape[1:]
    return tuple(
        OfferedAnswer(
            write_place(row, column),
            ""
            if (row, column) == place
            else write_exercise_text("exercise_cell_right", line=write_cell_line(trace, row, column)),
        )
        for row in range(rows)
        for column in range(columns)
    )
