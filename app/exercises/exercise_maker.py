"""Makes the exercises of a set: the same numbers for the same seed on every machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ..core.problems import make_problem
from ..core.texts import make_text
from ..lab import ComputeLink
from .count_exercises import make_field_exercise, make_parameters_exercise, make_size_exercise
from .exercise import KINDS, Exercise, ExerciseSet, ExerciseSpec
from .exercise_options import LEAST_WRONG, MOST_QUESTIONS
from .map_exercises import Maker, make_cell_exercise, make_map_exercise
from .search_exercises import make_filter_exercise, make_mistake_exercise
from .set_reader import ExerciseError

MAKERS: Mapping[str, Maker] = {
    "cell": make_cell_exercise,
    "map": make_map_exercise,
    "size": make_size_exercise,
    "parameters": make_parameters_exercise,
    "field": make_field_exercise,
    "filter": make_filter_exercise,
    "mistake": make_mistake_exercise,
}
MOST_DRAWS = 80
"""So often a seed draws again where an exercise has large numbers or too few different wrong answers."""


def make_exercise(spec: ExerciseSpec, seed: int, compute: ComputeLink, part: int = 0) -> Exercise | None:
    """The exercise of a seed; None where no draw has small numbers and three different wrong answers.

    `part` tells exercises of one kind in a set apart.
    """
    for attempt in range(MOST_DRAWS):
        draw = np.random.default_rng([seed, KINDS.index(spec.kind), part, attempt])
        made = MAKERS[spec.kind](spec, seed, draw, compute)
        if made is not None and _is_fair(made):
            return made
    return None


def make_sheet(chosen: ExerciseSet, seed: int, compute: ComputeLink) -> tuple[Exercise, ...]:
    """All exercises of a set for one seed. Raises ExerciseError for options that give none."""
    return tuple(make_numbered(chosen, number, seed, compute) for number in range(1, len(chosen.specs) + 1))


def make_numbered(chosen: ExerciseSet, number: int, seed: int, compute: ComputeLink) -> Exercise:
    """The exercise of a set with a number from 1. Raises ExerciseError for options that give none."""
    spec = chosen.specs[number - 1]
    made = make_exercise(spec, seed, compute, [one.kind for one in chosen.specs[: number - 1]].count(spec.kind))
    if made is None:
        allowed = make_text("exercises_impossible_allowed")
        raise ExerciseError(
            make_problem("exercises_impossible", "exercises", spec.kind, allowed, number=number, kind=spec.kind)
        )
    return made


def list_seeds(chosen: ExerciseSet) -> range:
    """The seeds of the variants."""
    return range(chosen.seed, chosen.seed + chosen.variants)


def check_file_size(chosen: ExerciseSet) -> None:
    """Raises ExerciseError for a set with more questions than a file has."""
    count = len(chosen.specs) * chosen.variants
    if count > MOST_QUESTIONS:
        allowed = make_text("exercises_up_to", most=MOST_QUESTIONS)
        raise ExerciseError(
            make_problem(
                "exercises_file_too_large",
                "variants",
                str(count),
                allowed,
                specs=len(chosen.specs),
                variants=chosen.variants,
            )
        )


def make_variants(chosen: ExerciseSet, compute: ComputeLink) -> Iterator[tuple[Exercise, ...]]:
    """All exercises of a set, a tuple for each seed. Raises ExerciseError for options that give none."""
    for seed in list_seeds(chosen):
        yield make_sheet(chosen, seed, compute)


def _is_fair(made: Exercise) -> bool:
    """Whether exactly one answer is right, and at least three others differ from it and from each other."""
    shown = [(one.text, one.grid) for one in made.offered]
    fields_differ = all(wrong.number != field.right for field in made.fields for wrong in field.wrong)
    is_single = sum(one.is_right for one in made.offered) == 1
    return fields_differ and is_single and len(set(shown)) == len(shown) > LEAST_WRONG
