"""The answer of the Lab to a link that asks before it shows."""

from __future__ import annotations

from dataclasses import replace

from ..core.predict.choices import list_choices
from ..core.predict.question import find_question, hide_answer, make_asking_view, make_linked_view
from ..core.problems import make_problem
from ..core.scene import View
from ..core.texts import make_text
from .service import LabResult

LEAST_CHOICES = 2
"""With fewer answers nobody can choose."""


def ask(answer: LabResult, view: View, reveals: bool = False) -> LabResult:
    """The answer with the question of a View, and without what it hides unless `reveals`.

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
    """The View of an answer: while it asks, the one that answers nothing; without a question, one that asks none."""
    if answer.question is None or answer.trace is None:
        return replace(view, predict="")
    return make_asking_view(view, answer.question, answer.trace)


def choose_linked_view(answer: LabResult, view: View, fitted: View) -> View:
    """The View for the link of an answer: while it asks, that of its question, else the fitted one."""
    return fitted if answer.question is None else make_linked_view(view, answer.question)
