"""The question of a scene, computed: its answers, which of them is right, and what each wrong one would be right for.

Answers of all kinds but `sentence` come from the figure and the rules of `core/predict`; those of the file are checked
against them, and stand first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..core.predict.choices import SAME_NUMBER, Choice, select_choices
from ..core.texts import Text, make_text, write_message
from ..lab import LabResult
from ..lab.asking import ask
from ..render.figure_content.question_panel import make_answer_data, make_question_panel
from .format.lesson_links import change_keys, make_frame_address, split_figure_link
from .lesson import WHY_CHOICES, LessonAnswer, LessonQuestion, LessonScene, WhyQuestion
from .lesson_figures import LessonFigures, describe_reason
from .lesson_html import remove_marks
from .lesson_lines import write_step_line
from .lesson_messages import LessonProblem, make_lesson_problem, quote_shortened
from .lesson_values import ValueWriter

TYPED_KINDS = {"cell": 1, "parameters": 1, "size": 2}
"""The kinds whose answers are numbers, with how many."""
PICTURE_KINDS = ("map", "filter")
MOST_NAMED = 12
"""So many classes are named in a sentence."""
MOST_NUMBER = 1e15
_NUMBER = r"([-−+]?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-−+]?\d+)?)"
_ANSWER = re.compile(rf"{_NUMBER}(?:\s*[×x*]\s*{_NUMBER})?(?:\s+[^\d\s]\D*)?")
_PERIOD = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class ComputedChoice:
    """One answer: its words, its map as a `data:` URL, the rows of its filter, and its reason; "" and () for none."""

    text: str
    png: str = ""
    filter: tuple[tuple[str, ...], ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ComputedWhy:
    """The question behind the answer: three choices, and which is right."""

    sentence: str
    choices: tuple[ComputedChoice, ...]
    right: int


@dataclass(frozen=True, slots=True)
class ComputedQuestion:
    """A question with its answers. `right` is the index of the right choice.

    `rules` are all numbers that have a reason; `lines` the formulas that work the answer out, `line` the one line that
    is shown with it. `embed` and `reveal` are addresses of frames below the root of the site, `reveal` may be "".
    """

    kind: str
    sentence: str
    embed: str
    choices: tuple[ComputedChoice, ...]
    right: int
    answer: str
    facts: tuple[str, ...] = ()
    filter: tuple[tuple[str, ...], ...] = ()
    field: str = ""
    rules: tuple[tuple[tuple[float, ...], str], ...] = ()
    line: str = ""
    lines: tuple[str, ...] = ()
    reveal: str = ""
    why: ComputedWhy | None = None
    picture: str = ""
    """The map whose filter is the question, as a `data:` URL."""


class QuestionMaker:
    """Computes questions, and keeps what is wrong in them."""

    def __init__(self, figures: LessonFigures, writer: ValueWriter) -> None:
        self._figures = figures
        self._writer = writer
        self.problems: list[LessonProblem] = []

    def make(self, scene: LessonScene, question: LessonQuestion) -> ComputedQuestion:
        """The computed question of a scene."""
        link = question.link or scene.link
        self._check_links(question)
        if question.kind == "sentence":
            made = self._make_sentence(question, link)
        else:
            made = self._make_computed(question, link)
        reveal = make_frame_address(question.reveal) if question.reveal else ""
        why = self._make_why(question.why, link) if question.why else None
        line = self._fill(question.line, question.reveal or link, question.file_line) or made.line
        return replace(made, reveal=reveal, why=why, line=line)

    def _check_links(self, question: LessonQuestion) -> None:
        for link in filter(None, (question.link, question.reveal)):
            reason = self._figures.find_reason(link)
            if reason is not None:
                self._add(question.file_line, "lesson_figure", link=quote_shortened(link), reason=reason)

    def _make_sentence(self, question: LessonQuestion, link: str) -> ComputedQuestion:
        sentence = self._fill(question.sentence, link, question.file_line)
        if not sentence:
            self._add(question.file_line, "lesson_no_sentence")
        choices = self._fill_answers(question.answers, link)
        right = self._find_right(question.answers, question.file_line)
        if len(choices) < 2:
            self._add(question.file_line, "lesson_few_answers", count=len(choices))
        self._check_repeated(question.answers, choices, right)
        answer = choices[right].text if choices else ""
        return ComputedQuestion("sentence", sentence, make_frame_address(link), tuple(choices), right, answer)

    def _make_computed(self, question: LessonQuestion, link: str) -> ComputedQuestion:
        page, query = split_figure_link(link)
        embed = make_frame_address(link, predict=question.kind) if not page else make_frame_address(link)
        sentence = self._fill(question.sentence, link, question.file_line)
        empty = ComputedQuestion(question.kind, sentence, embed, (), 0, "")
        if page:
            self._add(question.file_line, "lesson_question_figure", kind=question.kind)
            return empty
        if self._figures.open(query).reason is not None:
            return empty  # the link has its own sentence
        figure = self._figures.open(change_keys(query, {"predict": question.kind}))
        if figure.result is None or figure.trace is None:
            self._add(question.file_line, "lesson_no_question", kind=question.kind)
            return empty
        view = replace(figure.view, predict=question.kind)
        asked = ask(replace(figure.result, question=None, choices=(), whole=None), view)
        if asked.question is None:
            self._add(question.file_line, "lesson_no_question", kind=question.kind)
            return empty
        return self._describe(question, link, embed, sentence, self._add_answers(asked, question, link))

    def _describe(
        self, question: LessonQuestion, link: str, embed: str, sentence: str, asked: LabResult
    ) -> ComputedQuestion:
        panel, told = make_question_panel(asked), make_answer_data(asked)
        assert panel is not None
        offered = select_choices(list(asked.choices))
        choices = tuple(
            ComputedChoice(shown.text, shown.png, shown.filter, write_message(one.reason) if one.reason else "")
            for shown, one in zip(panel.choices, offered, strict=True)
        )
        rules = tuple(
            (one.numbers, write_message(one.reason) if one.reason else "") for one in asked.choices if one.numbers
        )
        right = offered.index(asked.choices[0])
        lines = told["lines"]
        assert isinstance(lines, list)
        return ComputedQuestion(
            question.kind,
            sentence or panel.sentence,
            embed,
            choices,
            right,
            str(told["text"]),
            panel.facts,
            panel.filter,
            panel.field,
            rules,
            _write_line(asked, lines),
            tuple(lines),
            picture=panel.picture,
        )

    def _add_answers(self, asked: LabResult, question: LessonQuestion, link: str) -> LabResult:
        """The result with the wrong answers of the file behind the right one, before those of the rules."""
        right, *computed = asked.choices
        self._check_many_right(question.answers, question.file_line)
        listed: list[Choice] = []
        for answer, filled in zip(question.answers, self._fill_answers(question.answers, link), strict=True):
            if question.kind in PICTURE_KINDS:
                self._add_form(answer, question.kind, "lesson_map_form")
                continue
            choice = self._read_answer(answer, filled, question.kind, asked.choices)
            if choice is None:
                continue
            is_equal = are_equal(choice, right)
            if answer.is_right and not is_equal:
                value, what = quote_shortened(filled.text), quote_shortened(right.text)
                self._add(answer.file_line, "lesson_wrong_right", value=value, answer=what)
            elif not answer.is_right and is_equal:
                value, what = quote_shortened(filled.text), quote_shortened(right.text)
                self._add(answer.file_line, "lesson_same_answer", value=value, answer=what)
            elif not answer.is_right and any(are_equal(choice, one) for one in listed):
                self._add(answer.file_line, "lesson_answer_twice", value=quote_shortened(filled.text))
            elif not answer.is_right:
                same = next((one for one in computed if are_equal(choice, one)), choice)
                listed.append(replace(same, reason=choice.reason or same.reason))
        others = [one for one in computed if not any(are_equal(one, other) for other in listed)]
        return replace(asked, choices=(right, *listed, *others))

    def _read_answer(
        self, answer: LessonAnswer, filled: ComputedChoice, kind: str, computed: Sequence[Choice]
    ) -> Choice | None:
        reason = make_text("lesson_reason", reason=filled.reason) if filled.reason else None
        count = TYPED_KINDS.get(kind)
        if count is None:
            self._check_class(answer, filled, kind, computed)
            return Choice(filled.text, (), reason)
        numbers = read_numbers(filled.text)
        if len(numbers) != count:
            self._add_form(answer, kind, "lesson_number_form" if count == 1 else "lesson_size_form")
            return None
        return Choice(filled.text, numbers, reason)

    def _check_class(self, answer: LessonAnswer, filled: ComputedChoice, kind: str, computed: Sequence[Choice]) -> None:
        names = [one.text for one in computed]
        if kind == "class" and _fold(filled) not in map(_fold_text, names):
            value, allowed = quote_shortened(answer.text), ", ".join(names[:MOST_NAMED])
            self._add(answer.file_line, "lesson_answer_form", value=value, kind=kind, allowed=allowed)

    def _add_form(self, answer: LessonAnswer, kind: str, allowed: str) -> None:
        self._add(
            answer.file_line,
            "lesson_answer_form",
            value=quote_shortened(answer.text),
            kind=kind,
            allowed=make_text(allowed),
        )

    def _make_why(self, why: WhyQuestion, link: str) -> ComputedWhy:
        choices = self._fill_answers(why.answers, link)
        if len(choices) != WHY_CHOICES:
            self._add(why.file_line, "lesson_why_count", count=len(choices), most=WHY_CHOICES)
        right = self._find_right(why.answers, why.file_line)
        self._check_repeated(why.answers, choices, right)
        sentence = self._fill(why.sentence, link, why.file_line) or write_message(make_text("lesson_why"))
        return ComputedWhy(sentence, tuple(choices), right)

    def _find_right(self, answers: Sequence[LessonAnswer], line: int) -> int:
        """The index of the right answer; 0 where none is marked."""
        right = [index for index, answer in enumerate(answers) if answer.is_right]
        if len(right) != 1 and answers:
            self._add(line, "lesson_many_right", count=len(right))
        return right[0] if right else 0

    def _check_many_right(self, answers: Sequence[LessonAnswer], line: int) -> None:
        count = sum(answer.is_right for answer in answers)
        if count > 1:
            self._add(line, "lesson_many_right", count=count)

    def _check_repeated(self, answers: Sequence[LessonAnswer], choices: Sequence[ComputedChoice], right: int) -> None:
        for index, (answer, choice) in enumerate(zip(answers, choices, strict=True)):
            same = next((k for k in range(len(choices)) if k != index and _fold(choices[k]) == _fold(choice)), None)
            if same is None:
                continue
            value = quote_shortened(choice.text)
            if same == right and index != right:
                self._add(answer.file_line, "lesson_same_answer", value=value, answer=value)
            elif same < index and index != right:
                self._add(answer.file_line, "lesson_answer_twice", value=value)

    def _fill_answers(self, answers: Sequence[LessonAnswer], link: str) -> list[ComputedChoice]:
        return [
            ComputedChoice(
                self._fill(one.text, link, one.file_line), reason=self._fill(one.reason, link, one.file_line)
            )
            for one in answers
        ]

    def _fill(self, text: str, link: str, line: int) -> str:
        return remove_marks(self._writer.fill(text, link, line, is_markdown=True)) if text else ""

    def _add(self, line: int, code: str, /, **parts: object) -> None:
        reason = parts.get("reason")
        if isinstance(reason, Text):
            parts["reason"] = describe_reason(reason)
        self.problems.append(make_lesson_problem(line, code, **parts))


def read_numbers(text: str) -> tuple[float, ...]:
    """The numbers that an answer begins with: "3,072", "−0.5", "30 × 28"; () for any other text."""
    found = _ANSWER.fullmatch(text.strip())
    numbers = [float(one.replace("−", "-").replace(",", "")) for one in found.groups() if one] if found else []
    return tuple(numbers) if all(abs(number) < MOST_NUMBER for number in numbers) else ()


def are_equal(one: Choice, other: Choice) -> bool:
    """Whether two answers are the same: in their numbers, or in their words."""
    if one.text and _fold_text(one.text) == _fold_text(other.text):
        return True
    if not one.numbers or len(one.numbers) != len(other.numbers):
        return False
    pairs = zip(one.numbers, other.numbers, strict=True)
    return all(abs(a - b) <= SAME_NUMBER * max(1.0, abs(a), abs(b)) for a, b in pairs)


def _fold(choice: ComputedChoice) -> str:
    return _fold_text(choice.text)


def _fold_text(text: str) -> str:
    return _PERIOD.sub(" ", text).strip(" .").casefold()


def _write_line(asked: LabResult, lines: Sequence[str]) -> str:
    """The one line for the answer: the formula of a size or of parameters, the equation of a cell."""
    question, whole = asked.question, asked.whole
    if lines:
        return str(lines[0])
    if question is None or whole is None or question.kind != "cell":
        return ""
    return write_step_line(whole, question.stage, question.map, question.cell)
