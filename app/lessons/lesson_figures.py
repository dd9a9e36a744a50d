"""The figures of a lesson: each link is computed once, with the place that it shows, or the reason why it is not."""

from __future__ import annotations

from dataclasses import dataclass

from ..core.scene import View
from ..core.texts import Text, make_text, write_message
from ..core.trace.trace import Stage, Trace
from ..lab import ComputeLink, LabResult
from ..render.view_position import ViewPosition, fit_view
from .format.lesson_links import list_figure_queries, names_upload, split_figure_link
from .lesson import PARTS

NO_MODEL = ("no_model", "no_model_of")
"""The codes of problems of a model that does not exist."""


@dataclass(frozen=True, slots=True, eq=False)
class LessonFigure:
    """A computed figure. `reason` says why it is not as its link says, None where it is; without a Trace there is no
    position.
    """

    result: LabResult | None
    view: View
    position: ViewPosition | None = None
    reason: Text | str | None = None

    @property
    def trace(self) -> Trace | None:
        """The Trace, None where the figure does not open."""
        return self.result.trace if self.result else None


class LessonFigures:
    """The figures of links, computed when they are asked for, each once."""

    def __init__(self, compute: ComputeLink) -> None:
        self._compute = compute
        self._known: dict[str, LessonFigure] = {}

    def open(self, query: str) -> LessonFigure:
        """The figure of a query."""
        if query not in self._known:
            self._known[query] = self._open(query)
        return self._known[query]

    def find_reason(self, link: str) -> Text | str | None:
        """Why the figure of a lesson's link does not open as it is written; None if it does."""
        page, query = split_figure_link(link)
        if page == "filters":
            return self._find_model_reason(query)
        queries = list_figure_queries(link)
        if page == "compare" and len(queries) < 2:
            return make_text("lesson_few_compared")
        return next((reason for query in queries if (reason := self.open(query).reason) is not None), None)

    def list_parts(self, link: str) -> frozenset[str]:
        """The parts that the figure of a link has; all of them where it does not open or shows filters."""
        figures = [self.open(query) for query in list_figure_queries(link)]
        if not figures or any(figure.trace is None for figure in figures):
            return frozenset(PARTS)
        return frozenset().union(*map(_list_figure_parts, figures))

    def _find_model_reason(self, query: str) -> Text | str | None:
        """Why a page of filters does not open: an upload, or a model that does not exist."""
        if names_upload(query):
            return make_text("lesson_upload")
        name = dict(part.partition("=")[::2] for part in query.split("&")).get("model")
        result = self.open(f"layers=prepare:{name}").result if name else None
        unknown = [problem.message for problem in result.problems if problem.code in NO_MODEL] if result else []
        return unknown[0] if unknown else None

    def _open(self, query: str) -> LessonFigure:
        if names_upload(query):
            return LessonFigure(None, View(), reason=make_text("lesson_upload"))
        try:
            result, view = self._compute(query)
        except ValueError as error:
            return LessonFigure(None, View(), reason=str(error))
        if result.trace is None:
            reasons = " ".join(problem.message for problem in result.problems)
            return LessonFigure(result, view, reason=reasons or make_text("lesson_no_figure"))
        position = fit_view(result.trace, view)
        reasons = " ".join(problem.message for problem in (*result.problems, *position.notes))
        return LessonFigure(result, view, position, reasons or None)


def _list_figure_parts(figure: LessonFigure) -> frozenset[str]:
    assert figure.trace is not None
    assert figure.position is not None
    trace, position = figure.trace, figure.position
    stages = trace.stages if position.view.tab == "network" else (position.stage,)
    parts = {part for stage in stages for part in _list_stage_parts(stage)}
    if len(trace.stages) > 1:
        parts |= {"output", "strip"}
    if position.has_network:
        parts.add("network")
    if any(stage.info.classes or stage.info.operation.kind == "softmax" for stage in trace.stages):
        parts.add("scores")
    return frozenset({"input", "cell"} | parts)


def _list_stage_parts(stage: Stage) -> set[str]:
    kind = stage.info.operation.kind
    parts = {"window"} if stage.geometry is not None else set()
    if kind == "conv":
        parts |= {"window", "filter", "products", "sum"}
    elif kind == "linear":
        parts |= {"products", "sum"}
    elif kind == "pool" or kind == "softmax" or kind == "join":
        parts.add("sum")
    return parts


def describe_reason(reason: Text | str) -> str:
    """The sentence of a reason."""
    return reason if isinstance(reason, str) else write_message(reason)
