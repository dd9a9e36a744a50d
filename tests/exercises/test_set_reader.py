"""A set of exercises as keys of an address: read, written, refused with a sentence."""

from __future__ import annotations

import pytest

from app.exercises.exercise import ExerciseSet, ExerciseSpec
from app.exercises.exercise_maker import check_file_size, make_sheet
from app.exercises.set_reader import DEFAULT_SET, ExerciseError, read_set, write_set
from tests.exercises.made_exercises import compute


def test_a_set_is_read_as_it_was_written():
    chosen = ExerciseSet(
        (ExerciseSpec("cell", 5, 3, 2, 1, 3, 4), ExerciseSpec("field", filter=3), ExerciseSpec("map")), 30, 9, 4, "0.25"
    )
    query = write_set(chosen)
    assert query == (
        "exercises=cell,size=5,filter=3,stride=2,padding=1,channels=3,points=4~field,filter=3~map"
        "&variants=30&seed=9&tries=4&tolerance=0.25"
    )
    assert read_set(dict(part.split("=", 1) for part in query.split("&"))) == chosen
    assert write_set(DEFAULT_SET) == ""
    assert read_set({}) == DEFAULT_SET
    assert read_set({"tolerance": "0.500"}).tolerance == "0.5"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"exercises": "cell~wall"},
            "Exercise 2 is wall; a kind of exercise is cell, map, size, parameters, field, filter or mistake.",
        ),
        (
            {"exercises": "field,size=3"},
            "Exercise 1 (field) has the option size; it can have filter, stride or points.",
        ),
        ({"exercises": "cell,size=99"}, "Exercise 1 (cell): size is 99; it can be 2 to 8."),
        ({"exercises": "cell,size"}, "Exercise 1 (cell): size is empty; it can be 2 to 8."),
        ({"exercises": "~".join(["cell"] * 21)}, "There are 21 exercises; a set has 1 to 20."),
        (
            {"exercises": "~"},
            "There is no exercise. exercises= names at least one kind of cell, map, size, parameters, field, filter or "
            "mistake.",
        ),
        ({"variants": "201"}, "variants is 201; it can be a whole number from 1 to 200."),
        ({"seed": "-1"}, "seed is -1; it can be a whole number from 0 to 999999."),
        ({"tries": "many"}, "tries is many; it can be a whole number from 1 to 10."),
        ({"tolerance": "1"}, "tolerance is 1; it can be 0 or a decimal number below 1, such as 0.5."),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_what_is(values: dict[str, str], sentence: str):
    with pytest.raises(ExerciseError) as refused:
        read_set(values)
    assert str(refused.value) == sentence


def test_a_file_with_too_many_questions_is_refused_with_the_limit():
    with pytest.raises(ExerciseError, match=r"3 exercises with 200 variants are 600 questions; a file has 1 to 400\."):
        check_file_size(ExerciseSet((ExerciseSpec("cell"),) * 3, 200))


def test_options_that_give_no_exercise_are_refused_with_a_way_out():
    chosen = read_set({"exercises": "cell~map,size=8,filter=2"})
    with pytest.raises(ExerciseError, match=r"Exercise 2 \(map\): no exercise with these options") as refused:
        make_sheet(chosen, 1, compute)
    assert "a larger input or a smaller filter" in str(refused.value)


def test_two_exercises_with_the_same_options_differ():
    first, second, third = make_sheet(read_set({"exercises": "cell~cell~cell,size=5"}), 4, compute)
    assert len({first.link, second.link, third.link}) == 3
