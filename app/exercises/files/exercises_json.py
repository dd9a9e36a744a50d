"""Exercises as JSON, with all answers, for programs."""

from __future__ import annotations

import json

from ..exercise import Exercise, ExerciseSet
from ..set_reader import write_set, write_spec
from .question_html import ExerciseFile


def exercises_to_json(chosen: ExerciseSet, sheets: tuple[tuple[Exercise, ...], ...]) -> dict[str, object]:
    """The set and its exercises; each says which of the answers to choose is right, as an index."""
    settings = {key: getattr(chosen, key) for key in ("seed", "tries", "tolerance")}
    return {
        "link": write_set(chosen),
        "exercises": [write_spec(spec) for spec in chosen.specs],
        **settings,
        "variants": [
            {"seed": sheet[0].seed, "exercises": [exercise_to_json(one) for one in sheet]} for sheet in sheets
        ],
    }


def write_exercises_json(file: ExerciseFile) -> bytes:
    """The set as a file in JSON, in UTF-8."""
    return (json.dumps(exercises_to_json(file.chosen, file.sheets), ensure_ascii=False, indent=1) + "\n").encode()


def exercise_to_json(exercise: Exercise) -> dict[str, object]:
    """One exercise with its answers."""
    return {
        "kind": exercise.kind,
        "seed": exercise.seed,
        "points": exercise.points,
        "title": exercise.title,
        "sentence": exercise.sentence,
        "link": exercise.link,
        "tables": [{"title": table.title, "rows": table.rows} for table in exercise.tables],
        "fields": [
            {
                "label": field.label,
                "right": field.right,
                "wrong": [{"number": wrong.number, "sentence": wrong.sentence} for wrong in field.wrong],
            }
            for field in exercise.fields
        ],
        "offered": [{"text": one.text, "grid": one.grid, "sentence": one.sentence} for one in exercise.offered],
        "right": exercise.offered.index(exercise.right),
        "lines": exercise.lines,
    }
