"""Computed values in the texts of a lesson: `{cell}`, `{size}`, `{share target=8}`, `{cell /?image=…&at=0,0}`.

A value is that of the figure of the text, with keys of its link changed, or of the link that it names. Two braces are
written for one that is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..core.explain.answer import find_answer
from ..core.link.query_string import LINK_KEYS
from ..core.number_text import format_number, format_percent
from ..core.trace.trace import Stage, Trace
from ..core.views.field import find_field
from ..render.view_position import ViewPosition
from .format.lesson_links import change_keys, read_figure_link, split_figure_link
from .lesson_figures import LessonFigure, LessonFigures, describe_reason
from .lesson_messages import LessonProblem, make_lesson_problem, quote_shortened

UNKNOWN = "?"
"""Stands for a value that could not be computed."""
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}\n]*)\}|[{}]")
_MARKS = re.compile(r"([\\`*_\[\]<>#~])")


def _write_share(trace: Trace, position: ViewPosition) -> str | None:
    """The share of the class, or of the cell in softmax over the cells of a map."""
    answer = find_answer(trace)
    if answer is None and position.stage.info.operation.kind == "softmax":
        return format_percent(float(position.stage.output[(position.map, *position.cell)]))
    if answer is None or not answer.is_share:
        return None
    stage = trace.stages[answer.stage]
    map = _find_class(trace, stage, position.view.target) if position.view.target else answer.classes[0].map
    return None if map is None else format_percent(float(stage.output[map, 0, 0]))


def _write_class(trace: Trace, position: ViewPosition) -> str | None:
    answer = find_answer(trace)
    return answer.classes[0].name or None if answer else None


def _write_score(trace: Trace, position: ViewPosition) -> str | None:
    """The score of the class, or of that which the link's `target` names: of the last layer that has scores."""
    stage = next((one for one in trace.stages if one.info.classes), None)
    if stage is None:
        return None
    answer = find_answer(trace)
    name = position.view.target or (answer.classes[0].name if answer else "")
    map = _find_class(trace, stage, name)
    return None if map is None else format_number(float(stage.output[map, 0, 0]))


def _find_class(trace: Trace, stage: Stage, target: str) -> int | None:
    names = stage.info.classes or next((one.info.classes for one in trace.stages if one.info.classes), ())
    folded = [name.casefold() for name in names]
    if target.casefold() in folded:
        return folded.index(target.casefold())
    return int(target) if target.isdecimal() and int(target) < len(stage.output) else None


def _write_window(trace: Trace, position: ViewPosition) -> str | None:
    geometry = position.stage.geometry
    return f"{geometry.rows.kernel} × {geometry.columns.kernel}" if geometry else None


def _write_field(trace: Trace, position: ViewPosition) -> str | None:
    if position.stage.info.index == 0:
        return None
    rows, columns = find_field(trace, position.stage.info.index, position.map, *position.cell)[-1].size
    return f"{rows} × {columns}"


def _write_cell(trace: Trace, position: ViewPosition) -> str:
    row, column = position.cell
    return format_number(float(position.stage.output[position.map, row, column]))


def _write_size(trace: Trace, position: ViewPosition) -> str:
    return " × ".join(map(str, position.stage.output.shape[1:]))


VALUES: Mapping[str, Callable[[Trace, ViewPosition], str | None]] = {
    "cell": _write_cell,
    "size": _write_size,
    "maps": lambda trace, position: f"{len(position.stage.output):,}",
    "shape": lambda trace, position: " × ".join(map(str, position.stage.output.shape)),
    "numbers": lambda trace, position: f"{position.stage.output.size:,}",
    "smallest": lambda trace, position: format_number(float(position.stage.output[position.map].min())),
    "largest": lambda trace, position: format_number(float(position.stage.output[position.map].max())),
    "mean": lambda trace, position: format_number(float(position.stage.output[position.map].mean(dtype=float))),
    "parameters": lambda trace, position: f"{position.stage.info.parameters:,}",
    "all-parameters": lambda trace, position: f"{sum(stage.info.parameters for stage in trace.stages):,}",
    "multiply-adds": lambda trace, position: f"{position.stage.info.multiply_adds:,}",
    "window": _write_window,
    "field": _write_field,
    "class": _write_class,
    "share": _write_share,
    "value": _write_score,
}
"""The values that a text can name, each of the figure and the place that its link shows; None where it has none."""


class ValueWriter:
    """Fills the values of texts, and keeps what is wrong in them."""

    def __init__(self, figures: LessonFigures) -> None:
        self._figures = figures
        self.problems: list[LessonProblem] = []

    def fill(self, text: str, link: str, line: int, is_markdown: bool = False) -> str:
        """The text with its values; `link` is that of its figure. A value that cannot be computed becomes "?".

        `line` is that of the text's first line in the file, 0 where it is in none.
        """

        def write(found: re.Match[str]) -> str:
            if found[0] in ("{{", "}}"):
                return found[0][0]
            here = line + text.count("\n", 0, found.start()) if line else 0
            if found[1] is None:
                self._add(here, "lesson_open_brace", value=quote_shortened(text[found.start() :]))
                return found[0]
            value = self._compute(found[1], link, here)
            return _MARKS.sub(r"\\\1", value) if is_markdown else value

        return _BRACES.sub(write, text)

    def _compute(self, inside: str, link: str, line: int) -> str:
        name, *arguments = inside.split() or [""]
        if name not in VALUES:
            value = quote_shortened(f"{{{inside}}}")
            self._add(line, "lesson_value", value=value, allowed=", ".join(f"{{{one}}}" for one in VALUES))
            return UNKNOWN
        own_link, changed = link, dict[str, str]()
        for argument in arguments:
            key, equals, value = argument.partition("=")
            if argument.startswith(("/", "?")):
                link = read_figure_link(argument) or link
            elif not equals or key not in LINK_KEYS:
                self._add(line, "lesson_value_key", value=quote_shortened(argument), example="at=0,1")
            else:
                changed[key] = value
        page, query = split_figure_link(link)
        if page:
            self._add(line, "lesson_value_place", value=quote_shortened(f"{{{inside}}}"))
            return UNKNOWN
        changed_query = change_keys(query, changed)
        figure = self._figures.open(changed_query)
        is_own = changed_query == change_keys(split_figure_link(own_link)[1], {})
        # the link of the text itself has a sentence of its own where it does not open
        return UNKNOWN if is_own and figure.reason is not None else self._write(name, inside, figure, line)

    def _write(self, name: str, inside: str, figure: LessonFigure, line: int) -> str:
        value = quote_shortened(f"{{{inside}}}")
        if figure.trace is None or figure.position is None or figure.reason is not None:
            reason = describe_reason(figure.reason or "")
            self._add(line, "lesson_figure", link=value, reason=reason)
            return UNKNOWN
        written = VALUES[name](figure.trace, figure.position)
        if written is None:
            self._add(line, "lesson_no_value", value=value)
        return written or UNKNOWN

    def _add(self, line: int, code: str, /, **parts: object) -> None:
        self.problems.append(make_lesson_problem(line, code, **parts))
