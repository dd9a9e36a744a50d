"""Computes a lesson, and says in sentences what is wrong in it.

Both are one pass: what is shown is what is checked. Each figure is computed once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from difflib import get_close_matches

from ..core.texts import Text, make_text, write_message
from ..core.trace.trace import Stage
from ..lab import ComputeLink
from ..lab.asking import ask
from ..render.stage_texts import describe_stage
from .computed_lesson import ComputedLesson, ComputedMisconception, ComputedNotes, ComputedScene
from .format.lesson_links import list_figure_queries, make_frame_address, split_figure_link
from .glossary import TERMS
from .lesson import MOST_SCENES, MOST_WORDS, PARTS, QUESTION_KINDS, TRACKS, Lesson, LessonScene
from .lesson_figures import LessonFigure, LessonFigures, describe_reason
from .lesson_html import RenderedText, remove_marks, render_text
from .lesson_lines import write_step_line
from .lesson_messages import LessonProblem, make_lesson_problem, quote_shortened
from .lesson_question import QuestionMaker
from .lesson_shelf import BUILT_IN_NAMES
from .lesson_values import ValueWriter

MOST_DESCRIBED = 6
"""Stages of a figure that are described to a screen reader."""


def check_lesson(lesson: Lesson, compute: ComputeLink, names: Collection[str] = BUILT_IN_NAMES) -> list[Text]:
    """All that is wrong in a lesson, in the order of its lines; `names` are those of the lessons that it can name.

    Of a lesson with too many scenes none is computed.
    """
    return [problem.text for problem in find_lesson_problems(lesson, compute, names)]


def find_lesson_problems(
    lesson: Lesson, compute: ComputeLink, names: Collection[str] = BUILT_IN_NAMES
) -> list[LessonProblem]:
    """The same as values with their lines."""
    problems = _check_head(lesson, names)
    if len(lesson.scenes) > MOST_SCENES:
        line = lesson.scenes[MOST_SCENES].file_line
        problems.append(make_lesson_problem(line, "lesson_scene_count", count=len(lesson.scenes), most=MOST_SCENES))
    else:
        problems += _LessonPass(lesson, compute).list_problems()
    return sorted(dict.fromkeys(problems), key=lambda problem: problem.line)


def compute_lesson(lesson: Lesson, compute: ComputeLink, root: str = "") -> ComputedLesson:
    """The lesson with its values, texts and questions. `root` is the path of the site's root, or "".

    A value that cannot be computed is "?", and of too many scenes the first ones are taken; `check_lesson` says both.
    """
    return _LessonPass(lesson, compute, root).make()


class _LessonPass:
    """Goes through a lesson once, and keeps what is wrong."""

    def __init__(self, lesson: Lesson, compute: ComputeLink, root: str = "") -> None:
        self._lesson = lesson
        self._root = root
        self._figures = LessonFigures(compute)
        self._writer = ValueWriter(self._figures)
        self._questions = QuestionMaker(self._figures, self._writer)
        self._problems: list[LessonProblem] = []

    def list_problems(self) -> list[LessonProblem]:
        """All that is wrong in the scenes and in the notes."""
        self.make()
        return [*self._problems, *self._writer.problems, *self._questions.problems]

    def make(self) -> ComputedLesson:
        """The computed lesson."""
        lesson = self._lesson
        link = lesson.scenes[0].link if lesson.scenes else "?"
        title, aim = (
            remove_marks(self._writer.fill(text, link, lesson.head_lines.get(key, 0), is_markdown=True))
            for key, text in (("title", lesson.title), ("aim", lesson.aim))
        )
        scenes = tuple(map(self._make_scene, lesson.scenes[:MOST_SCENES]))
        return ComputedLesson(lesson, title, aim, scenes, self._make_notes(link))

    def _make_scene(self, scene: LessonScene) -> ComputedScene:
        reason = self._figures.find_reason(scene.link)
        if reason is not None:
            value = quote_shortened(scene.link)
            self._add(scene.file_line + 1, "lesson_figure", link=value, reason=describe_reason(reason))
        text = self._render(scene.text, scene.link, scene.text_line)
        self._check_text(scene, text)
        question = self._questions.make(scene, scene.question) if scene.question else None
        is_asked = question is not None and scene.question is not None and not scene.question.link
        return ComputedScene(
            remove_marks(self._writer.fill(scene.heading, scene.link, scene.file_line, is_markdown=True)),
            text.html,
            scene.link,
            question.embed if question and is_asked else make_frame_address(scene.link),
            self._describe(scene.link, question.kind if question and is_asked else ""),
            question,
        )

    def _check_text(self, scene: LessonScene, text: RenderedText) -> None:
        if text.word_count > MOST_WORDS:
            self._add(scene.text_line, "lesson_word_count", count=text.word_count, most=MOST_WORDS)
        if not text.plain.strip() and scene.question is None:
            self._add(scene.file_line, "lesson_no_text")
        parts = self._figures.list_parts(scene.link)
        for part in text.parts:
            if part in PARTS and part not in parts:
                has = ", ".join(one for one in PARTS if one in parts)
                line = _find_line(scene.text, f"(#{part})", scene.text_line)
                self._add(line, "lesson_part_missing", value=quote_shortened(part), allowed=has)

    def _render(self, text: str, link: str, line: int) -> RenderedText:
        rendered = render_text(self._writer.fill(text, link, line, is_markdown=True), self._root)
        for part in rendered.parts:
            if part not in PARTS:
                here = _find_line(text, f"(#{part})", line)
                self._add(here, "lesson_part", value=quote_shortened(part), allowed=", ".join(PARTS))
        for term in rendered.terms:
            self._check_term(term, _find_line(text, f"(glossary:{term})", line))
        for target in rendered.refused:
            allowed = make_text("lesson_text_links")
            here = _find_line(text, f"({target})", line)
            self._add(here, "lesson_text_link", value=quote_shortened(target), allowed=allowed)
        return rendered

    def _check_term(self, term: str, line: int) -> None:
        if term in TERMS:
            return
        near = get_close_matches(term, TERMS, 1)
        if near:
            self._add(line, "lesson_near_term", value=quote_shortened(term), used=near[0])
        else:
            self._add(line, "lesson_term", value=quote_shortened(term))

    def _make_notes(self, link: str) -> ComputedNotes:
        notes = self._lesson.teacher
        line = notes.file_line
        ask, say, exam = (self._render(text, link, line).html for text in (notes.ask, notes.say, notes.exam))
        misconceptions = tuple(
            ComputedMisconception(
                self._render(one.text, link, line).html,
                tuple(self._writer.fill(answer, link, line) for answer in one.wrong_answers),
            )
            for one in notes.misconceptions
        )
        return ComputedNotes(ask, misconceptions, say, exam)

    def _describe(self, link: str, kind: str) -> str:
        """The figure in words, without what a question of that kind asks for."""
        page, _ = split_figure_link(link)
        if page == "filters":
            return write_message(make_text("lesson_filters"))
        queries = list_figure_queries(link)
        texts = [_describe_figure(self._figures.open(query), kind) for query in queries]
        return " ".join([write_message(make_text("lesson_comparison"))] * (page == "compare") + texts)

    def _add(self, line: int, code: str, /, **parts: object) -> None:
        self._problems.append(make_lesson_problem(line, code, **parts))


def _find_line(text: str, words: str, first: int) -> int:
    """The line in the file of words in a text that begins at `first`; `first` where it does not have them."""
    place = text.find(words)
    return first + text.count("\n", 0, place) if first and place >= 0 else first


def _describe_figure(figure: LessonFigure, kind: str) -> str:
    """The stages of a figure up to the shown one, and the equation of its cell if the link writes it."""
    trace, position = figure.trace, figure.position
    if trace is None or position is None or figure.result is None:
        return ""
    stages = trace.stages
    if kind and kind in QUESTION_KINDS:
        stages = _hide(figure, kind)
    texts = [f"{describe_stage(stage).rstrip('.')}." for stage in stages[:MOST_DESCRIBED]]
    shown = position.stage.info
    is_written = position.view.beat in ("sum", "bias", "write") and position.view.tab != "network"
    if not kind and is_written and shown.index > 0 and shown.operation.kind in ("conv", "pool"):
        row, column = position.cell
        line = write_step_line(trace, shown.index, position.map, position.cell)
        texts.append(write_message(make_text("lesson_cell_line", row=str(row), column=str(column), line=line)))
    return " ".join(texts)


def _hide(figure: LessonFigure, kind: str) -> tuple[Stage, ...]:
    """The stages that are visible while a question is open: all of them for a sentence."""
    assert figure.result is not None
    assert figure.trace is not None
    asked = ask(figure.result, replace(figure.view, predict="" if kind == "sentence" else kind))
    return asked.trace.stages if asked.trace else figure.trace.stages


def _check_head(lesson: Lesson, names: Collection[str]) -> list[LessonProblem]:
    lines = lesson.head_lines
    problems = []
    for track in lesson.tracks:
        if track not in TRACKS:
            value, allowed = quote_shortened(track), ", ".join(TRACKS)
            problems.append(make_lesson_problem(lines.get("tracks", 0), "lesson_track", value=value, allowed=allowed))
    for key, name in (*(("needs", name) for name in lesson.needs), *((("next", lesson.next),) if lesson.next else ())):
        line = lines.get(key, 0)
        if name == lesson.name:
            problems.append(make_lesson_problem(line, "lesson_itself", key=key))
        elif name not in names:
            value, allowed = quote_shortened(name), ", ".join(names)
            problems.append(make_lesson_problem(line, "lesson_no_lesson", key=key, value=value, allowed=allowed))
    return problems
