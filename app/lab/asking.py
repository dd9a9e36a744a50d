"""Adds the question of a link to the result of the Lab, and hides the answer to it."""

from __future__ import annotations

from dataclasses import replace

from ..core.predict.choices import list_choices
from ..core.predict.question import find_question, hide_answer, make_asking_view, make_linked_view
from ..core.problems import make_problem
from ..core.scene import View
from ..core.texts import make_text
from .service import LabResult

LEAST_CHOICES = 2
"""With fewer choices there is nothing to choose from."""


def ask(answer: LabResult, view: View, reveals: bool = False) -> LabResult:
    """The result with the question of the View. Unless `reveals`, its Trace lacks the answer.

    Where the figure has no such question a note says so, and nothing is hidden.
    """
    trace = answer.trace
    if not view.predict or trace is None or answer.question is not None:
        return answer
    question = find_question(trace, view)
    choices = tuple(list_choices(trace, question)) if question else ()
    if question is None or len(choices) < LEAST_CHOICES:
        allowed = make_text("question_allowed")
        note = make_problem("no_question", "predict", view.predict, allowed, severity="note")
        return replace(answer, problems=(*answer.problems, note))
    shown = trace if reveals else hide_answer(trace, question)
    return replace(answer, question=question, choices=choices, whole=trace, trace=shown)


def choose_view(answer: LabResult, view: View) -> View:
    """The View to show: with a question the one that hides the answer, else the same View without `predict`."""
    if answer.question is None or answer.trace is None:
        return replace(view, predict="")
    return make_asking_view(view, answer.question, answer.trace)


def choose_linked_view(answer: LabResult, view: View, fitted: View) -> View:
    """The View for links: that of the question if there is one, else `fitted`."""
    return fitted if answer.question is None else make_linked_view(view, answer.question)
