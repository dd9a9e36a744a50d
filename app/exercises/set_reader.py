"""Reads and writes a set of exercises as keys of an address: `exercises=cell,size=5~map&variants=5&seed=1`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..core.messages import join_names, make_range, quote_text
from ..core.problems import Problem, make_problem
from ..core.texts import make_text
from .exercise import KINDS, SIDES, ExerciseSet, ExerciseSpec
from .exercise_options import KIND_OPTIONS, MOST_SEED, MOST_SPECS, MOST_TRIES, MOST_VARIANTS, POINTS

SET_KEYS = ("exercises", "variants", "seed", "tries", "tolerance")
DEFAULT_SET = ExerciseSet(tuple(ExerciseSpec(kind) for kind in ("cell", "size", "parameters")))
TOLERANCE = re.compile(r"0|0\.[0-9]{1,4}")
LONGEST_NUMBER = 6


class ExerciseError(ValueError):
    """A set of exercises, or one of them, that cannot be made; `problem` says what is wrong and what is allowed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.message


def read_set(values: Mapping[str, str]) -> ExerciseSet:
    """The set that the keys name; a key that is left out has its default. Raises ExerciseError."""
    specs = _read_specs(values["exercises"]) if values.get("exercises") else DEFAULT_SET.specs
    return ExerciseSet(
        specs,
        _read_number(values, "variants", DEFAULT_SET.variants, 1, MOST_VARIANTS),
        _read_number(values, "seed", DEFAULT_SET.seed, 0, MOST_SEED),
        _read_number(values, "tries", DEFAULT_SET.tries, 1, MOST_TRIES),
        _read_tolerance(values.get("tolerance", DEFAULT_SET.tolerance)),
    )


def write_set(chosen: ExerciseSet) -> str:
    """The query string of a set, without what is the default."""
    pairs = [("exercises", "~".join(map(write_spec, chosen.specs)))]
    pairs += [(key, str(getattr(chosen, key))) for key in SET_KEYS[1:]]
    defaults = {key: str(getattr(DEFAULT_SET, key)) for key in SET_KEYS[1:]}
    defaults["exercises"] = "~".join(map(write_spec, DEFAULT_SET.specs))
    return "&".join(f"{key}={value}" for key, value in pairs if value != defaults[key])


def write_spec(spec: ExerciseSpec) -> str:
    """An exercise of a set as the address has it: `cell,size=5,points=2`."""
    given = [(name, getattr(spec, name)) for name in SIDES]
    options = [f"{name}={value}" for name, value in given if value is not None]
    points = [f"points={spec.points}"] if spec.points != 1 else []
    return ",".join([spec.kind, *options, *points])


def _read_specs(text: str) -> tuple[ExerciseSpec, ...]:
    parts = [part for part in text.split("~") if part]
    if not parts:
        raise ExerciseError(make_problem("exercises_empty", "exercises", "", join_names(KINDS)))
    if len(parts) > MOST_SPECS:
        allowed = make_text("exercises_up_to", most=MOST_SPECS)
        raise ExerciseError(make_problem("exercises_too_many", "exercises", str(len(parts)), allowed))
    return tuple(_read_spec(part, number) for number, part in enumerate(parts, 1))


def _read_spec(text: str, number: int) -> ExerciseSpec:
    kind, *options = text.split(",")
    if kind not in KINDS:
        allowed = join_names(KINDS)
        raise ExerciseError(
            make_problem("exercises_unknown_kind", "exercises", quote_text(kind), allowed, number=number)
        )
    ranges = {**KIND_OPTIONS[kind], "points": POINTS}
    values: dict[str, int] = {}
    for option in options:
        name, _, value = option.partition("=")
        if name not in ranges:
            allowed = join_names(ranges)
            raise ExerciseError(
                make_problem(
                    "exercises_unknown_option", "exercises", quote_text(name), allowed, number=number, kind=kind
                )
            )
        least, most = ranges[name].ends
        read = _parse_number(value)
        if read is None or not least <= read <= most:
            raise ExerciseError(
                make_problem(
                    "exercises_bad_option",
                    "exercises",
                    quote_text(value),
                    make_range(least, most),
                    number=number,
                    kind=kind,
                    option=name,
                )
            )
        values[name] = read
    return ExerciseSpec(kind, **values)


def _read_number(values: Mapping[str, str], key: str, default: int, least: int, most: int) -> int:
    read = _parse_number(values[key]) if values.get(key) else default
    if read is None or not least <= read <= most:
        allowed = make_text("exercises_whole", least=str(least), most=str(most))
        raise ExerciseError(make_problem("exercises_bad_number", key, quote_text(values[key]), allowed))
    return read


def _read_tolerance(text: str) -> str:
    if not TOLERANCE.fullmatch(text or "0"):
        allowed = make_text("exercises_tolerance_allowed")
        raise ExerciseError(make_problem("exercises_bad_tolerance", "tolerance", quote_text(text), allowed))
    short = (text or "0").rstrip("0").rstrip(".")
    return short or "0"


def _parse_number(text: str) -> int | None:
    return int(text) if len(text) <= LONGEST_NUMBER and text.isascii() and text.isdigit() else None
