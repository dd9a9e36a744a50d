"""Exercises for tests: made with the figures of this installation, which are computed as the server computes them."""

from __future__ import annotations

from functools import cache

from app.core.scene import View
from app.exercises.exercise import Exercise, ExerciseSpec
from app.exercises.exercise_maker import make_exercise, make_variants
from app.exercises.exercise_picture import render_exercise_png
from app.exercises.files.question_html import ExerciseFile
from app.exercises.set_reader import read_set
from app.lab import LabResult
from app.local_lab import compute_figure

MANY = range(200)


def compute(query: str) -> tuple[LabResult, View]:
    figure = compute_figure(query)
    return figure.answer, figure.view


@cache
def made(spec: ExerciseSpec, seed: int) -> Exercise:
    exercise = make_exercise(spec, seed, compute)
    assert exercise is not None, (spec, seed)
    return exercise


@cache
def file_of(exercises: str, variants: int = 2, tolerance: str = "0.1", tries: int = 3) -> ExerciseFile:
    values = {"exercises": exercises, "variants": str(variants), "tolerance": tolerance, "tries": str(tries)}
    chosen = read_set(values)
    return ExerciseFile(chosen, tuple(make_variants(chosen, compute)), lambda one: render_exercise_png(one, compute))
