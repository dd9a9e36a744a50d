"""Exercises that one works out by a formula: the size of a map, the parameters of a layer, a receptive field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..core.number_text import MINUS
from ..core.predict.choices import Choice, list_counts, list_sizes
from ..core.predict.wrong_fields import list_wrong_fields
from ..core.texts import make_text
from ..core.views.field import FieldTerm, find_field, list_terms
from ..lab import ComputeLink
from ..render.figure_content.question_panel import list_answer_lines
from .drawn_scene import draw_grid, draw_options, make_grid, write_layer_options, write_link, write_planes
from .exercise import Exercise, ExerciseSpec, NumberField, OfferedAnswer, WrongNumber
from .exercise_options import LEAST_WRONG
from .exercise_texts import write_exercise_text
from .map_exercises import compute_trace, make_number_field, offer_numbers, write_wrong

MOST_FILTERS = 8
FIELD_SIDE = 24
"""The side of the input of a chain: all its windows fit."""
LARGEST_FIELD = 40
SCENE_DIGITS = 9


def make_size_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise about the rows and columns of a map."""
    options = draw_options(spec, draw)
    width = options["size"] if spec.size is not None else options["size"] + int(draw.integers(0, 3))
    height = options["size"]
    if options["filter"] > height + 2 * options["padding"]:
        return None
    plane = draw_grid(draw, (height, width), 0, SCENE_DIGITS)
    filter = draw_grid(draw, (options["filter"], options["filter"]), -1, 1)
    given = {"stride": (options["stride"], 1), "padding": (options["padding"], 0)}
    link = write_link([plane], f"conv:{write_planes([filter])}{write_layer_options(given)}")
    stage = compute_trace(compute, link).stages[1]
    if stage.geometry is None or min(stage.geometry.shape) < 1:
        return None
    right, *wrong = list_sizes(stage.geometry)
    parts = {"height": height, "width": width, **{key: options[key] for key in ("filter", "stride", "padding")}}
    return Exercise(
        "size",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_size"),
        write_exercise_text("exercise_size", **parts),
        link,
        f"{link}&predict=size",
        (),
        _make_size_fields(right, wrong),
        _offer_sizes([right, *wrong]),
        tuple(list_answer_lines(stage, "size")),
        2,
    )


def make_parameters_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise about the number of parameters of a layer."""
    options = draw_options(spec, draw)
    side, channels, window = options["size"], options["channels"], options["filter"]
    filters = int(draw.integers(2, MOST_FILTERS + 1))
    if window > side:
        return None
    planes = [draw_grid(draw, (side, side), 0, SCENE_DIGITS) for _ in range(channels)]
    link = write_link(planes, f"conv:random*{filters}@{window}x{window},seed={int(draw.integers(1, 100))},bias=1")
    stage = compute_trace(compute, link).stages[1]
    right, *wrong = list_counts(stage)
    field = make_number_field(write_exercise_text("exercise_number"), right, wrong)
    parts = {"filters": filters, "filter": window, "size": side}
    code = "exercise_parameters_gray" if channels == 1 else "exercise_parameters"
    return Exercise(
        "parameters",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_parameters"),
        write_exercise_text(code, channels=channels, **parts),
        link,
        f"{link}&predict=parameters",
        (),
        (field,),
        offer_numbers(field),
        tuple(list_answer_lines(stage, "parameters")),
    )


def make_field_exercise(
    spec: ExerciseSpec, seed: int, draw: np.random.Generator, compute: ComputeLink
) -> Exercise | None:
    """An exercise about the receptive field of a chain: a convolution, a pool or a convolution, a convolution."""
    first, last = draw_options(spec, draw), draw_options(spec, draw)
    layers = [("conv", first["filter"], first["stride"])]
    layers += [("pool", 2, 2)] if draw.integers(2) else [("conv", last["filter"], 1)]
    layers += [("conv", 3, 1)] if draw.integers(2) else []
    image = f"random*1@{FIELD_SIDE}x{FIELD_SIDE},seed={int(draw.integers(1, 100))}"
    link = f"image={image}&layers={'~'.join(_write_layer(*layer) for layer in layers)}"
    trace = compute_trace(compute, link)
    field = trace.stages[-1].info.receptive_field
    terms = list_terms(trace, find_field(trace, len(layers), 0, 0, 0), 0)
    if terms is None or field.size[0] > LARGEST_FIELD or min(trace.stages[-1].output.shape[1:]) < 2:
        return None
    wrong = [
        Choice(str(number), (float(number),), make_text("predict_would", reason=make_text(f"predict_{code}")))
        for code, number in _drop_repeated(field.size[0], terms)
    ]
    answer = make_number_field(
        write_exercise_text("exercise_rows"), Choice(str(field.size[0]), (float(field.size[0]),)), wrong
    )
    names = ", ".join(
        write_exercise_text(f"exercise_layer_{kind}", window=window, stride=stride) for kind, window, stride in layers
    )
    return Exercise(
        "field",
        seed,
        spec.points,
        write_exercise_text("exercise_kind_field"),
        write_exercise_text("exercise_field", layers=names),
        link,
        f"{link}&stage=1&predict=size",
        (),
        (answer,),
        offer_numbers(answer),
        (_write_field_line(terms, field.size[0]),),
    )


def _write_layer(kind: str, window: int, stride: int) -> str:
    if kind == "pool":
        return f"maxpool:{window}" if stride == window else f"maxpool:{window},stride={stride}"
    ones = make_grid([[1] * window] * window)
    return f"conv:{write_planes([ones])}{write_layer_options({'stride': (stride, 1)})}"


def _make_size_fields(right: Choice, wrong: list[Choice]) -> tuple[NumberField, ...]:
    """A field for the rows and one for the columns; a number that is wrong for one of them says its mistake there."""
    fields = []
    for axis, code in enumerate(("exercise_rows", "exercise_columns")):
        mistakes: dict[int, str] = {}
        for one in wrong:
            number = round(one.numbers[axis])
            if number != round(right.numbers[axis]):
                mistakes.setdefault(number, write_wrong(Choice(str(number), one.numbers, one.reason)))
        listed = tuple(WrongNumber(number, sentence) for number, sentence in mistakes.items())
        fields.append(NumberField(write_exercise_text(code), round(right.numbers[axis]), listed))
    return tuple(fields)


def _offer_sizes(choices: list[Choice]) -> tuple[OfferedAnswer, ...]:
    chosen = sorted(choices[: LEAST_WRONG + 1], key=lambda one: one.numbers)
    return tuple(OfferedAnswer(one.text, write_wrong(one) if one.reason else "") for one in chosen)


def _drop_repeated(right: int, terms: Sequence[FieldTerm]) -> list[tuple[str, int]]:
    found: dict[int, str] = {}
    for code, number in list_wrong_fields(terms):
        if number != right:
            found.setdefault(number, code)
    return [(code, number) for number, code in found.items()]


def _write_field_line(terms: Sequence[FieldTerm], size: int) -> str:
    added = [f"({term.window} {MINUS} 1)·{term.jump}" for term in terms]
    return f"1 + {' + '.join(added)} = {size}"
