"""The question of a link as its page shows it: the sentence, what is given, the answers to choose from; and its answer.

The page has these texts before any script runs. `static/features/predict/` makes it work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ...core.arrays import Maps
from ...core.number_text import format_number
from ...core.ops.geometry import Axis
from ...core.predict.choices import Choice, select_choices
from ...core.predict.question import MOST_FILTER_SIDE, Question
from ...core.scene import View
from ...core.texts import add_catalogue, make_text, write_message
from ...core.trace.trace import Stage, Trace
from ...lab import LabResult
from ...lab.asking import ask, choose_view
from ..map_image import color_map, subsample
from ..png import make_data_url
from .size_lines import list_size_lines

QUESTION_TEXTS = add_catalogue(
    {
        "question_cell": "Which number does this window give, at row {row}, column {column}?",
        "question_size": "{title}: how many rows and columns will its map have?",
        "question_parameters": "{title}: how many parameters does it have?",
        "question_map": "Map {number}",
        "question_class": "What will the network say?",
        "question_filter": "Which filter made this map?",
        "question_filter_number": "Filter {number}",
        "question_fit": "{title}: how many rows and columns does the window never read?",
        "question_which": "{title}: which map will it make?",
        "question_hit": "{guess} is right.",
        "question_slip": "{guess} {reason}; the answer is {answer}.",
        "question_miss": "{guess} is not it; the answer is {answer}.",
        "question_told": "The answer is {answer}.",
        "question_unread": "Type one number, such as 3 or −0.5.",
        "question_unread_size": "Type rows and columns, such as 30 × 28.",
        "question_busy": "The answer could not be loaded. Try again.",
        "question_given_cells": "input {size}",
        "question_given_window": "window {size}",
        "question_given_stride": "stride {stride}",
        "question_given_padding": "padding {padding}",
        "question_given_dilation": "dilation {dilation}",
        "question_given_ceil": "sizes rounded up",
        "question_given_values": "{count} values come in",
        "question_given_neurons": "{count} neurons",
        "question_given_channels": "channels of the input: {count}",
        "question_given_filters": "filters: {count}, each {size}",
        "question_given_groups": "groups: {count}",
    }
)
"""The catalogue of questions. Those with {guess} and {reason} are filled in by the page."""
PICTURE_SIDE = 96


@dataclass(frozen=True, slots=True)
class OfferedChoice:
    """One choice: its text, its map as a `data:` URL, or the rows of its filter."""

    text: str
    png: str = ""
    filter: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionPanel:
    """What a page with a question shows.

    `facts` are what one needs to work out the answer; `filter` holds the numbers of a small filter, in rows.
    `field` says what can be typed: "number" or "size", "" where one can only choose. `picture` is the map whose filter
    is the question.
    """

    kind: str
    sentence: str
    facts: tuple[str, ...]
    filter: tuple[tuple[str, ...], ...]
    choices: tuple[OfferedChoice, ...]
    field: str
    picture: str = ""


def make_question_panel(answer: LabResult) -> QuestionPanel | None:
    """The panel of the question; None without one."""
    question, whole = answer.question, answer.whole
    if question is None or whole is None:
        return None
    stage = whole.stages[question.stage]
    pngs = _draw_maps(stage, answer)
    offered = select_choices(list(answer.choices))
    choices = tuple(
        OfferedChoice(one.text or _name_choice(question, number), pngs.get(id(one), ""), _write_rows(one))
        for number, one in enumerate(offered, 1)
    )
    field = {"cell": "number", "parameters": "number", "size": "size"}.get(question.kind, "")
    filter = _write_filter(stage, question.map) if question.kind == "map" else ()
    picture = _draw_map(stage, stage.output[question.map]) if question.kind == "filter" else ""
    return QuestionPanel(
        question.kind, write_question(whole, question), _list_facts(stage, question), filter, choices, field, picture
    )


def write_question(trace: Trace, question: Question) -> str:
    """The sentence of a question."""
    row, column = question.cell
    parts = {"title": write_message(trace.stages[question.stage].info.title), "row": str(row), "column": str(column)}
    return _write(f"question_{'which' if question.kind == 'map' else question.kind}", **parts)


def make_question_data(answer: LabResult, view: View) -> dict[str, object]:
    """The question for the page's script: the view while it is open, and sentences with gaps for the guess."""
    asking = choose_view(answer, view)
    names = ("stage", "map", "at", "beat", "story", "tab", "ghost", "pin", "play", "stops", "hide", "lock", "predict")
    return {"view": {name: getattr(asking, name) for name in names}, "texts": write_guess_texts()}


def write_guess_texts() -> dict[str, str]:
    """What a page's script says of a guess, by the names that it has for it, with gaps for guess, reason and answer."""
    names = ("hit", "slip", "miss", "told", "unread", "unread_size", "busy")
    return {name: _write(f"question_{name}", guess="{guess}", reason="{reason}", answer="{answer}") for name in names}


def make_answer_data(answer: LabResult) -> dict[str, object]:
    """The answer for the page's script, once it is revealed: which choice is right, what the others would be right
    for, the same of every rule for what was typed, and the place that shows it.
    """
    question, whole = answer.question, answer.whole
    if question is None or whole is None:
        raise ValueError("the answer asks nothing")
    right = answer.choices[0]
    offered = select_choices(list(answer.choices))
    return {
        "right": offered.index(right),
        "text": right.text or _name_choice(question, offered.index(right) + 1),
        "reasons": [_write_reason(one) for one in offered],
        "rules": [{"numbers": one.numbers, "reason": _write_reason(one)} for one in answer.choices if one.numbers],
        "lines": list_answer_lines(whole.stages[question.stage], question.kind, question.map),
        "view": _place_answer(whole, question),
        "plays": {"cell": "step", "size": "finish", "fit": "finish", "map": "finish", "filter": "finish"}.get(
            question.kind, ""
        ),
    }


def choose_picture(answer: LabResult, view: View) -> tuple[Trace, View]:
    """The Trace and the View for a picture; with a question, its sentence is the title."""
    asked = ask(answer, view)
    if asked.trace is None:
        raise ValueError("the answer has no trace")
    shown = choose_view(asked, view)
    if asked.question is not None and asked.whole is not None:
        shown = replace(shown, title=write_question(asked.whole, asked.question))
    return asked.trace, shown


def _place_answer(trace: Trace, question: Question) -> dict[str, object]:
    stage = len(trace.stages) - 1 if question.kind == "class" else question.stage
    output = trace.stages[stage]
    map = output.salient_map or 0 if question.kind == "class" else question.map
    _, rows, columns = output.output.shape
    place = question.cell if question.kind == "cell" else (rows - 1, columns - 1)
    shown: dict[str, object] = {"stage": stage, "map": map, "at": place, "beat": "write"}
    return {**shown, "marks": True} if question.kind == "fit" else shown


def list_answer_lines(stage: Stage, kind: str, output_map: int = 0) -> list[str]:
    """The formulas that work the answer out, in numbers: of a size, or of the parameters; of a map the filter."""
    labels = stage.info.labels
    if kind == "filter" and output_map < len(labels):
        return [write_message(labels[output_map])]
    if kind not in ("size", "fit", "parameters"):
        return []
    lines = [line.text for line in list_size_lines(stage) if "=" in line.text]  # the others are in letters
    sizes = lines[:-1] if stage.info.parameters else lines
    return lines[-1:] if kind == "parameters" else sizes


def _write_reason(choice: Choice) -> str:
    return write_message(choice.reason) if choice.reason else ""


def _list_facts(stage: Stage, question: Question) -> tuple[str, ...]:
    """What must be known to work the answer out, where the figure does not show it."""
    info, geometry = stage.info, stage.geometry
    if question.kind in ("size", "fit") and geometry is not None:
        rows, columns = geometry.rows, geometry.columns
        facts = [
            _write("question_given_cells", size=f"{rows.size} × {columns.size}"),
            _write("question_given_window", size=f"{rows.kernel} × {columns.kernel}"),
            _write("question_given_stride", stride=_write_pair(rows.stride, columns.stride)),
            _write("question_given_padding", padding=_write_padding(rows, columns)),
        ]
        if max(rows.dilation, columns.dilation) > 1:
            facts.append(_write("question_given_dilation", dilation=_write_pair(rows.dilation, columns.dilation)))
        if rows.ceil:
            facts.append(_write("question_given_ceil"))
        return tuple(facts)
    if question.kind == "parameters" and stage.weight is not None:
        filters, channels, *window = stage.weight.shape
        if not window:
            return (
                _write("question_given_values", count=f"{channels:,}"),
                _write("question_given_neurons", count=f"{filters:,}"),
            )
        groups = info.filters.groups if info.filters else 1
        facts = [
            _write("question_given_channels", count=str(channels * groups)),
            _write("question_given_filters", count=str(filters), size=f"{window[0]} × {window[1]}"),
        ]
        return (*facts, *((_write("question_given_groups", count=str(groups)),) if groups > 1 else ()))
    if question.kind == "map":
        labels = info.labels
        return (write_message(labels[question.map]),) if question.map < len(labels) else ()
    return ()


def _write_pair(rows: int, columns: int) -> str:
    return str(rows) if rows == columns else f"{rows} × {columns}"


def _write_padding(rows: Axis, columns: Axis) -> str:
    sides = rows.before, rows.after, columns.before, columns.after
    return str(sides[0]) if len(set(sides)) == 1 else ", ".join(map(str, sides))


def _write_filter(stage: Stage, map: int) -> tuple[tuple[str, ...], ...]:
    """The numbers of a small filter that is the same in all channels."""
    if stage.weight is None:
        return ()
    planes = stage.weight[map]
    is_small = max(planes.shape[1:]) <= MOST_FILTER_SIDE
    if not is_small or any(not np.array_equal(plane, planes[0]) for plane in planes):
        return ()
    return tuple(tuple(format_number(float(weight), 3) for weight in row) for row in planes[0])


def _draw_maps(stage: Stage, answer: LabResult) -> dict[int, str]:
    """The pictures of the answers that are maps, by the identity of their choice, each with a scale of its own."""
    return {id(one): _draw_map(stage, one.picture) for one in answer.choices if one.picture is not None}


def _draw_map(stage: Stage, map: Maps) -> str:
    return make_data_url(subsample(color_map(replace(stage, output=map[None], interior=None), 0), PICTURE_SIDE))


def _name_choice(question: Question, number: int) -> str:
    """The name of a choice that is a picture or a filter."""
    return _write("question_filter_number" if question.kind == "filter" else "question_map", number=str(number))


def _write_rows(choice: Choice) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(format_number(weight, 3) for weight in row) for row in choice.weights)


def _write(code: str, /, **parts: object) -> str:
    return write_message(make_text(code, **parts))
