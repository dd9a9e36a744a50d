"""Exercises that one works out cell by cell: one cell of a map, a whole map."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..core.number_text import format_number
from ..core.predict.choices import Choice, list_cells, list_maps
from ..core.predict.question import Question
from ..core.texts import write_message
from ..core.trace.trace import Trace
from ..lab import ComputeLink
from .drawn_scene import DrawnScene, draw_scene, make_grid
from .exercise import Exercise, ExerciseSpec, Grid, NumberField, NumberTable, OfferedAnswer, WrongNumber
from .exercise_options import LARGEST_ANSWER, LEAST_WRONG, MOST_MAP_SIDE
from .exercise_texts import write_exercise_text
from .worked_lines import write_cell_line

Maker = Callable[[ExerciseSpec, int, np.random.Generator, ComputeLink], Exercise | None]
"""Makes an exercise of a spec and a seed from one draw; None where the draw does not fit."""


def make_cell_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise about one cell of a map."""
    scene = draw_scene(spec, draw)
    if scene is None:
        return None
    row, column = (int(draw.integers(side)) for side in scene.shape)
    trace = compute_trace(compute, scene.link)
    if abs(trace.stages[1].output[0, row, column]) > LARGEST_ANSWER:
        return None
    right, *wrong = list_cell_choices(trace, row, column)
    field = make_number_field(write_exercise_text("exercise_number"), right, wrong)
    return Exercise(
        "cell",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_cell"),
        f"{describe_window(scene)} {write_exercise_text('exercise_cell', row=row, column=column)}",
        scene.link,
        f"{scene.link}&predict=cell&at={row},{column}",
        (*list_input_tables(scene), *list_filter_tables(scene)),
        (field,),
        offer_numbers(field),
        (write_cell_line(trace, row, column),),
    )


def make_map_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise about all cells of a map."""
    drawn = draw_small_map(spec, draw, compute)
    if drawn is None:
        return None
    scene, trace = drawn
    rows, columns = scene.shape
    fields = tuple(
        make_number_field(write_place(row, column), *split_choices(list_cell_choices(trace, row, column)))
        for row in range(rows)
        for column in range(columns)
    )
    offered = _offer_maps(trace, draw)
    lines = tuple(
        write_exercise_text("exercise_at", row=row, column=column, line=write_cell_line(trace, row, column))
        for row in range(rows)
        for column in range(columns)
    )
    return Exercise(
        "map",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_map"),
        f"{describe_window(scene)} {write_exercise_text('exercise_map', rows=rows, columns=columns)}",
        scene.link,
        f"{scene.link}&predict=cell&at=0,0",
        (*list_input_tables(scene), *list_filter_tables(scene)),
        fields,
        offered,
        lines,
        columns,
    )


def compute_trace(compute: ComputeLink, link: str) -> Trace:
    """The Trace of a link that the maker wrote. Raises ValueError if it has none."""
    answer, _ = compute(link)
    if answer.trace is None or answer.errors:
        raise ValueError(f"the figure of an exercise is wrong: {link}")
    return answer.trace


def draw_small_map(
    spec: ExerciseSpec, draw: np.random.Generator, compute: ComputeLink, with_bias: bool = True
) -> tuple[DrawnScene, Trace] | None:
    """A convolution whose map has two to four rows and columns of numbers from −20 to 20, and its Trace."""
    scene = draw_scene(spec, draw, with_bias)
    if scene is None or not 2 <= max(scene.shape) <= MOST_MAP_SIDE:
        return None
    trace = compute_trace(compute, scene.link)
    return (scene, trace) if np.abs(trace.stages[1].output).max() <= LARGEST_ANSWER else None


def list_cell_choices(trace: Trace, row: int, column: int) -> list[Choice]:
    """The right number of a cell of stage 1, then the wrong ones by the rules."""
    return list_cells(trace, Question("cell", 1, 0, (row, column), 2))


def split_choices(choices: list[Choice]) -> tuple[Choice, list[Choice]]:
    """The right choice, and the wrong ones."""
    return choices[0], choices[1:]


def make_number_field(label: str, right: Choice, wrong: list[Choice]) -> NumberField:
    """A field for a number, whose wrong answers say which mistake leads to them."""
    mistakes = tuple(WrongNumber(round(one.numbers[0]), write_wrong(one)) for one in wrong)
    return NumberField(label, round(right.numbers[0]), mistakes)


def write_wrong(choice: Choice) -> str:
    """The sentence on a wrong choice: "6 would be right without the bias."."""
    reason = write_message(choice.reason) if choice.reason else ""
    return write_exercise_text("exercise_would", guess=choice.text, reason=reason)


def offer_numbers(field: NumberField) -> tuple[OfferedAnswer, ...]:
    """The right number of a field and its likeliest wrong ones, in the order of their size."""
    answers = [(field.right, ""), *((wrong.number, wrong.sentence) for wrong in field.wrong[:LEAST_WRONG])]
    return tuple(OfferedAnswer(format_number(number), sentence) for number, sentence in sorted(answers))


def list_input_tables(scene: DrawnScene) -> tuple[NumberTable, ...]:
    """The numbers of the input, a table for each channel."""
    return _list_tables(scene.planes, "exercise_input")


def list_filter_tables(scene: DrawnScene) -> tuple[NumberTable, ...]:
    """The numbers of the filter, a table for each channel."""
    return _list_tables(scene.weights, "exercise_filter")


def describe_window(scene: DrawnScene) -> str:
    """The sentence on the filter: its size, bias, stride and padding."""
    return write_exercise_text(
        "exercise_window", filter=scene.filter_side, bias=scene.bias, stride=scene.stride, padding=scene.padding
    )


def write_place(row: int, column: int) -> str:
    """The place of a cell in words."""
    return write_exercise_text("exercise_place", row=row, column=column)


def read_map(trace: Trace) -> Grid:
    """The map of stage 1. Raises ValueError for a number that is not whole."""
    return make_grid(trace.stages[1].output[0].tolist())


def shuffle_answers(answers: list[OfferedAnswer], draw: np.random.Generator) -> tuple[OfferedAnswer, ...]:
    """The answers in an order that does not give the right one away."""
    return tuple(answers[index] for index in draw.permutation(len(answers)).tolist())


def _list_tables(planes: tuple[Grid, ...], code: str) -> tuple[NumberTable, ...]:
    if len(planes) == 1:
        return (NumberTable(write_exercise_text(code), planes[0]),)
    return tuple(
        NumberTable(write_exercise_text(f"{code}_channel", channel=channel), plane)
        for channel, plane in enumerate(planes)
    )


def _offer_maps(trace: Trace, draw: np.random.Generator) -> tuple[OfferedAnswer, ...]:
    """The right map and the likeliest wrong ones by the rules."""
    answers = []
    for choice in list_maps(trace, Question("map", 1, 0, (0, 0), 1))[: LEAST_WRONG + 1]:
        grid = () if choice.picture is None else make_grid(choice.picture.tolist())
        reason = write_message(choice.reason) if choice.reason else ""
        sentence = write_exercise_text("exercise_map_would", reason=reason) if reason else ""
        answers.append(OfferedAnswer("", sentence, grid))
    return shuffle_answers(answers, draw)
