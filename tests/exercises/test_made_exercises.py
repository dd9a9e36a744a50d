"""Exercises are right by another computation, small, fair, and the same for the same seed."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from app.exercises.exercise import KINDS, Exercise, ExerciseSpec
from app.exercises.exercise_maker import make_exercise
from app.exercises.exercise_picture import render_exercise_png
from app.lab.asking import ask
from tests.exercises.made_exercises import MANY, compute, made
from tests.oracle import conv2d

every_kind = pytest.mark.parametrize("kind", KINDS)
FULL = {
    "cell": ExerciseSpec("cell", 6, 3, 2, 1, 3),
    "map": ExerciseSpec("map", 4, 3, 1, 1, 2),
    "size": ExerciseSpec("size", 12, 5, 3, 2),
    "parameters": ExerciseSpec("parameters", 8, 5, channels=3),
    "field": ExerciseSpec("field", filter=5, stride=3),
    "filter": ExerciseSpec("filter", 4, 3, 1, 1),
    "mistake": ExerciseSpec("mistake", 4, 3, 1, 1, 3),
}
"""One spec of each kind with all of its options given."""


def read_planes(text: str) -> list[list[list[int]]]:
    return [
        [[int(value) for value in row.split(",")] for row in plane.split(";")]
        for plane in re.findall(r"\(([-0-9,;]+)\)", text)
    ]


def read_option(layer: str, name: str, default: int) -> int:
    found = re.search(rf",{name}=(-?\d+)", layer)
    return int(found[1]) if found else default


def work_out(link: str) -> list[list[float]]:
    """The map of a link with typed numbers, by the oracle."""
    image, _, layer = link.partition("&layers=")
    padding = read_option(layer, "padding", 0)
    stride = read_option(layer, "stride", 1)
    bias = [read_option(layer, "bias", 0)]
    planes, weights = read_planes(image), read_planes(layer.split(",stride")[0].split(",padding")[0].split(",bias")[0])
    return conv2d(planes, [weights], bias, stride=(stride, stride), padding=(padding,) * 4)[0]


def read_rights(exercise: Exercise) -> list[int]:
    return [field.right for field in exercise.fields]


@every_kind
def test_for_every_seed_one_answer_is_right_and_three_others_differ_from_it_and_from_each_other(kind: str):
    for seed in MANY:
        for spec in (ExerciseSpec(kind), FULL[kind]):
            exercise = made(spec, seed)
            shown = [(one.text, one.grid) for one in exercise.offered]
            assert len(set(shown)) == len(shown) >= 4
            assert [one.is_right for one in exercise.offered].count(True) == 1
            for field in exercise.fields:
                numbers = [field.right, *(wrong.number for wrong in field.wrong)]
                assert len(set(numbers)) == len(numbers)
                assert all(isinstance(number, int) for number in numbers)
                assert all(wrong.sentence.endswith(".") for wrong in field.wrong)
            assert exercise.lines


@pytest.mark.parametrize("kind", ["cell", "map", "filter", "mistake"])
def test_the_numbers_of_a_map_are_small_and_those_of_the_oracle(kind: str):
    for seed in MANY:
        for spec in (ExerciseSpec(kind), FULL[kind]):
            exercise = made(spec, seed)
            oracle = np.array(work_out(exercise.link))
            if kind == "cell":
                row, column = map(int, exercise.picture_link.rpartition("at=")[2].split(","))
                assert read_rights(exercise) == [oracle[row, column]]
                assert abs(oracle[row, column]) <= 20
                continue
            assert np.abs(oracle).max() <= 20
            assert max(oracle.shape) <= 4
            if kind == "map":
                assert np.array_equal(np.reshape(read_rights(exercise), oracle.shape), oracle)
                assert np.array_equal(exercise.right.grid, oracle)
                assert not any(np.array_equal(one.grid, oracle) for one in exercise.offered if not one.is_right)


def test_only_the_right_filter_makes_the_map_by_the_oracle():
    for seed in MANY:
        exercise = made(ExerciseSpec("filter"), seed)
        image = exercise.link.partition("&layers=")[0]
        shown = np.array(exercise.tables[-1].rows)
        for one in exercise.offered:
            numbers = ";".join(",".join(map(str, row)) for row in one.grid)
            assert np.array_equal(work_out(f"{image}&layers=conv:({numbers})"), shown) == one.is_right


def test_a_map_with_a_mistake_differs_from_the_oracle_in_the_one_cell_that_is_the_answer():
    for seed in MANY:
        exercise = made(ExerciseSpec("mistake"), seed)
        shown = np.array(exercise.tables[-1].rows)
        places = np.argwhere(shown != np.array(work_out(exercise.link))).tolist()
        assert [f"row {row}, column {column}" for row, column in places] == [exercise.right.text]
        assert np.abs(shown).max() <= 20
        assert len(exercise.offered) == shown.size


def test_a_size_is_the_number_of_places_at_which_the_window_fits():
    for seed in MANY:
        for spec in (ExerciseSpec("size"), FULL["size"]):
            exercise = made(spec, seed)
            height, width, filter, stride, padding = [
                int(found)
                for found in re.search(
                    r"has (\d+) rows and (\d+) columns\. A filter of (\d+) × \d+ .* stride (\d+) and padding (\d+)",
                    exercise.sentence,
                ).groups()
            ]
            fits = [len(range(-padding, side + padding - filter + 1, stride)) for side in (height, width)]
            assert read_rights(exercise) == fits


def test_parameters_are_counted_one_by_one():
    for seed in MANY:
        exercise = made(ExerciseSpec("parameters"), seed)
        filters, side = map(int, re.search(r"has (\d+) filters of (\d+)", exercise.sentence).groups())
        channels = len(read_planes(exercise.link.partition("&layers=")[0]))
        counted = sum(1 for _ in product(range(filters), range(channels), range(side), range(side))) + filters
        assert read_rights(exercise) == [counted]


def test_a_receptive_field_is_the_cells_that_a_cell_is_made_from():
    for seed in MANY:
        for spec in (ExerciseSpec("field"), FULL["field"]):
            exercise = made(spec, seed)
            layers = re.findall(r"(\d+) × \d+ with stride (\d+)", exercise.sentence)
            reached = {0}
            for window, stride in reversed(layers):
                reached = {cell * int(stride) + step for cell in reached for step in range(int(window))}
            assert read_rights(exercise) == [max(reached) + 1]


@every_kind
def test_the_same_seed_gives_the_same_exercise_and_other_seeds_give_others(kind: str):
    spec = ExerciseSpec(kind)
    assert make_exercise(spec, 7, compute) == made(spec, 7)
    different = {made(spec, seed).link for seed in range(20)}
    assert len(different) >= 18
    assert make_exercise(spec, 7, compute, part=1) != made(spec, 7)


def test_an_exercise_of_a_seed_is_this_one_on_every_machine():
    exercise = made(ExerciseSpec("cell"), 1)
    assert exercise.link == "image=(3,3,0,0;3,3,0,1;3,1,1,3;1,1,2,2)&layers=conv:(-2,-2,2;1,2,0;2,-1,0),bias=3"
    assert read_rights(exercise) == [5]
    assert exercise.lines == (
        "3·(−2) + 3·(−2) + 0·2 + 3·1 + 3·2 + 0·0 + 3·2 + 1·(−1) + 1·0 + 3 = 5",
    )  # fmt: skip


def test_options_that_are_given_are_those_of_the_exercise():
    exercise = made(ExerciseSpec("cell", 6, 3, 2, 1, 3, 5), 1)
    assert "A filter of 3 × 3" in exercise.sentence
    assert "stride 2 and padding 1" in exercise.sentence
    assert [len(table.rows) for table in exercise.tables] == [6, 6, 6, 3, 3, 3]
    assert exercise.points == 5


def test_options_that_leave_too_few_answers_give_none():
    assert make_exercise(ExerciseSpec("map", size=8, filter=2), 1, compute) is None


@every_kind
def test_the_figure_of_the_picture_has_no_cell_that_is_asked_for(kind: str):
    for seed in range(20):
        exercise = made(ExerciseSpec(kind), seed)
        asked = ask(*compute(exercise.picture_link))
        assert asked.question is not None
        if kind in ("cell", "map", "mistake"):
            row, column = asked.question.cell
            shown = asked.trace.stages[-1].output[0]
            assert not shown.flat[row * shown.shape[1] + column :].any()
            assert kind == "cell" or (row, column) == (0, 0)
        else:
            assert [stage.info.index for stage in asked.trace.stages] == [0]


def test_a_picture_is_the_same_for_the_same_exercise_and_has_its_title_alone():
    exercise = made(ExerciseSpec("map"), 3)
    picture = render_exercise_png(exercise, compute)
    assert picture.startswith(b"\x89PNG")
    assert picture == render_exercise_png(exercise, compute)
    assert picture != render_exercise_png(exercise, compute, "dark")
    assert picture != render_exercise_png(replace(exercise, title="Another title"), compute)
