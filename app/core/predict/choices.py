"""The choices for a question: the right answer and wrong ones, each with the mistake that leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..arrays import Maps
from ..explain import explain_step
from ..explain.answer import find_answer
from ..number_text import format_number, format_percent
from ..ops.convolution import Conv, conv2d
from ..ops.geometry import Geometry
from ..texts import Text, make_text, write_message
from ..trace.trace import Stage, Trace, get_read
from ..weights.kernels import KERNELS, make_exact_planes
from .question import Question
from .wrong_answers import (
    MOST_WRONG,
    CellFacts,
    FilterFacts,
    count_unread,
    list_wrong_cells,
    list_wrong_counts,
    list_wrong_filters,
    list_wrong_fits,
    list_wrong_maps,
    list_wrong_sizes,
    read_filter,
    read_layer,
)

Rows = tuple[tuple[float, ...], ...]
SAME_NUMBER = 1e-6
"""Numbers that differ by less, in relation to their size, are the same answer."""
SAME_PICTURE = 0.03
"""Maps that differ by less on average, each scaled to 1, look the same."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: how it is written, its numbers, and what it would be right for; None for the right one.

    `picture` holds the map where the answer is one, `weights` the rows of the filter where it is one.
    """

    text: str
    numbers: tuple[float, ...] = ()
    reason: Text | None = None
    picture: Maps | None = None
    weights: Rows = ()


def list_choices(trace: Trace, question: Question) -> list[Choice]:
    """The right answer to a question, then all wrong ones by the rules, the likeliest first, none of them twice."""
    match question.kind:
        case "cell":
            return list_cells(trace, question)
        case "size":
            stage = trace.stages[question.stage]
            return [] if stage.geometry is None else list_sizes(stage.geometry)
        case "parameters":
            return list_counts(trace.stages[question.stage])
        case "map":
            return list_maps(trace, question)
        case "filter":
            return list_filters(trace, question)
        case "fit":
            stage = trace.stages[question.stage]
            return [] if stage.geometry is None else list_fits(stage.geometry)
    return list_classes(trace)


def select_choices(choices: list[Choice]) -> list[Choice]:
    """The right answer and the likeliest wrong ones, in an order that does not give the right one away."""
    chosen = choices[: MOST_WRONG + 1]
    return sorted(chosen, key=lambda one: (one.numbers, one.text, _read_corner(one.picture), one.weights))


def list_cells(trace: Trace, question: Question) -> list[Choice]:
    """The answers for one cell of the map of a convolution."""
    stage = trace.stages[question.stage]
    before = get_read(trace, stage)
    right = explain_step(trace, question.stage, question.map, *question.cell)["result"]
    facts = CellFacts(read_filter(stage, before, question.map), *question.cell)
    return _drop_equal([_write_number(right), *(_write_number(value, code) for code, value in list_wrong_cells(facts))])


def list_sizes(geometry: Geometry) -> list[Choice]:
    """The answers for the size of a map."""
    right = Choice(_write_size(*geometry.shape), geometry.shape)
    wrong = (Choice(_write_size(*size), size, _reason(code)) for code, size in list_wrong_sizes(geometry))
    return _drop_equal([right, *wrong])


def list_counts(stage: Stage) -> list[Choice]:
    """The answers for the number of parameters of a layer."""
    right = Choice(f"{stage.info.parameters:,}", (stage.info.parameters,))
    wrong = (Choice(f"{count:,}", (count,), _reason(code)) for code, count in list_wrong_counts(read_layer(stage)))
    return _drop_equal([right, *wrong])


def list_maps(trace: Trace, question: Question) -> list[Choice]:
    """The answers for the map that a filter makes: those of the layer's other filters, then those by the rules."""
    stage = trace.stages[question.stage]
    before = get_read(trace, stage)
    choices = [Choice("", picture=stage.output[question.map])]
    choices += [
        Choice("", reason=make_text("predict_other_filter", filter=_name_filter(stage, k)), picture=stage.output[k])
        for k in range(len(stage.output))
        if k != question.map
    ]
    rules = list_wrong_maps(read_filter(stage, before, question.map))
    choices += [Choice("", reason=_reason(code), picture=_compute_map(facts)) for code, facts in rules]
    kept: list[Choice] = []
    for choice in choices:
        if not any(_look_alike(choice.picture, other.picture) for other in kept):
            kept.append(choice)
    return kept


def list_filters(trace: Trace, question: Question) -> list[Choice]:
    """The answers for the filter that has made a map: those by the rules, then the classic ones of its size.

    Filters whose maps look the same are the same answer.
    """
    stage = trace.stages[question.stage]
    facts = read_filter(stage, get_read(trace, stage), question.map)
    candidates: list[tuple[FilterFacts, Text | None]] = [(facts, None)]
    candidates += [(changed, make_text(f"predict_is_{code}")) for code, changed in list_wrong_filters(facts)]
    candidates += [(other, make_text("predict_is_filter", filter=name)) for name, other in _list_classic(facts)]
    is_turned = stage.info.filters is not None and stage.info.filters.flip
    kept: list[Choice] = []
    maps: list[Maps] = []
    for one, reason in candidates:
        made = _compute_map(one)
        if not any(_look_alike(made, other) for other in maps):
            maps.append(made)
            kept.append(Choice("", reason=reason, weights=_write_rows(one, is_turned)))
    return kept


def list_fits(geometry: Geometry) -> list[Choice]:
    """The answers to whether the window fits: how many rows and columns it never reads."""
    right = _write_fit(*count_unread(geometry.rows, geometry.columns))
    return _drop_equal([right, *(_write_fit(*unread, code) for code, unread in list_wrong_fits(geometry))])


def list_classes(trace: Trace) -> list[Choice]:
    """The answers of a network: its class, then the others, those with the highest values first."""
    answer = find_answer(trace)
    stage = trace.stages[-1]
    values = stage.output[:, 0, 0]
    order = np.argsort(-values, kind="stable").tolist()
    names = stage.info.classes
    choices = []
    for rank, map in enumerate(order[: len(names)]):
        value = float(values[map])
        text = format_percent(value) if answer and answer.is_share else format_number(value)
        reason = make_text("predict_rank", rank=rank + 1, value=text) if rank else None
        choices.append(Choice(names[map], reason=reason))
    return choices


def _list_classic(facts: FilterFacts) -> Iterator[tuple[str, FilterFacts]]:
    """The classic filters of the same size, with their names, each applied as this one is."""
    for kernel in KERNELS:
        planes = make_exact_planes(kernel.planes)
        weights = planes.numerators.astype(np.float64)
        if weights.shape[1:] == facts.weights.shape[1:]:
            tiled = np.repeat(weights[:1], len(facts.weights), axis=0)
            yield kernel.name, replace(facts, weights=tiled, divisor=float(kernel.planes.divisor))


def _write_rows(facts: FilterFacts, is_turned: bool) -> Rows:
    """The filter as it was written: a turned one is turned back."""
    weights = facts.weights[0, ::-1, ::-1] if is_turned else facts.weights[0]
    return tuple(tuple(float(weight) for weight in row) for row in weights)


def _write_fit(rows: int, columns: int, code: str = "") -> Choice:
    is_read = not rows and not columns
    text = make_text("predict_fits") if is_read else make_text("predict_leaves", rows=rows, columns=columns)
    return Choice(write_message(text), (rows, columns), _reason(code) if code else None)


def _drop_equal(choices: Iterable[Choice]) -> list[Choice]:
    """The choices without those that are the same answer as one before."""
    kept: list[Choice] = []
    for choice in choices:
        if not any(choice.text == other.text or _are_same(choice.numbers, other.numbers) for other in kept):
            kept.append(choice)
    return kept


def _are_same(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    pairs = zip(one, other, strict=True)
    return all(abs(a - b) <= SAME_NUMBER * max(1.0, abs(a), abs(b)) for a, b in pairs)


def _write_number(value: float, code: str = "") -> Choice:
    near = round(value)
    exact = float(near) if abs(value - near) <= SAME_NUMBER * max(1.0, abs(value)) else value
    return Choice(format_number(exact), (exact,), _reason(code) if code else None)


def _write_size(rows: int, columns: int) -> str:
    return f"{rows} × {columns}"


def _reason(code: str) -> Text:
    return make_text("predict_would", reason=make_text(f"predict_{code}"))


def _name_filter(stage: Stage, map: int) -> str:
    labels = stage.info.labels
    return write_message(labels[map]) if map < len(labels) else str(map + 1)


def _compute_map(facts: FilterFacts) -> Maps:
    rows, columns = facts.geometry.rows, facts.geometry.columns
    padding = rows.before, rows.after, columns.before, columns.after
    conv = Conv((rows.stride, columns.stride), padding, (rows.dilation, columns.dilation), 1, facts.padding_mode)
    sums = conv2d(facts.maps.astype(np.float32), facts.weights[None].astype(np.float32), None, conv)[0]
    return np.asarray(sums / facts.divisor + facts.bias, np.float32)


def _read_corner(picture: Maps | None) -> float:
    """A number by which pictures are put in order, whatever made them."""
    return 0.0 if picture is None else float(np.abs(picture[::2, ::3]).sum() - np.abs(picture[1::2, 1::3]).sum())


def _look_alike(one: Maps | None, other: Maps | None) -> bool:
    if one is None or other is None:
        return False
    first, second = (picture / (float(np.abs(picture).max()) or 1.0) for picture in (one, other))
    return float(np.abs(first - second).mean()) < SAME_PICTURE
