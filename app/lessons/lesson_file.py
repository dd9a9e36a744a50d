"""The file of a lesson: Markdown text to a Lesson, and back. docs/lessons.md documents the format.

Law: read_lesson(write_lesson(lesson), lesson.name) == lesson, for each lesson that read_lesson has given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from .format.lesson_answers import split_reason, write_answer_text
from .format.lesson_head import LessonHead, read_head
from .format.lesson_links import MOST_LINK, read_figure_link
from .format.lesson_writer import HEADING, write_lesson
from .lesson import (
    QUESTION_KINDS,
    Lesson,
    LessonAnswer,
    LessonQuestion,
    LessonScene,
    Misconception,
    TeacherNotes,
    WhyQuestion,
)
from .lesson_messages import LessonProblem, LessonProblems, make_lesson_problem, quote_shortened

__all__ = ["MOST_BYTES", "decode_lesson", "read_lesson", "write_lesson"]

MOST_BYTES = 100_000
MOST_NAME = 60
NAME_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TEACHER_PARTS = ("Ask", "Misconceptions", "Say", "Exam")
TEACHERS = "For teachers"
WHY = "Why?"
LINE = "Line:"
_LINK = re.compile(r"\[(figure|reveal)\]\((.*)\)")
_ANSWER = re.compile(r"[-*] \[([ xX]?)\](?: (.*))?")
_QUESTION = re.compile(r"Question:\s*(.*)")


@dataclass(slots=True)
class _QuestionLines:
    """A question while it is read: `sentence` and `line` are texts, `links` those of the figure and of the reveal."""

    kind: str
    file_line: int
    sentence: list[str] = field(default_factory=list)
    links: dict[str, str] = field(default_factory=dict)
    answers: list[LessonAnswer] = field(default_factory=list)
    line: str = ""
    why: _QuestionLines | None = None


@dataclass(slots=True)
class _SceneLines:
    heading: str
    file_line: int
    text_line: int = 0
    link: str | None = None
    text: list[str] = field(default_factory=list)
    question: _QuestionLines | None = None


def decode_lesson(data: bytes) -> str:
    """The text of a file. Raises LessonProblems for one that is too long, binary, or not UTF-8."""
    if len(data) > MOST_BYTES:
        raise LessonProblems((make_lesson_problem(0, "lesson_too_long", most=MOST_BYTES),))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise LessonProblems((make_lesson_problem(0, "lesson_not_text"),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonProblems((make_lesson_problem(line, "lesson_not_utf8", byte=error.start),)) from None


def read_lesson(text: str, name: str) -> Lesson:
    """The lesson of a file's text. Raises LessonProblems, with a sentence for each thing that is wrong in its form."""
    if len(text) > MOST_BYTES:
        raise LessonProblems((make_lesson_problem(0, "lesson_too_long", most=MOST_BYTES),))
    if "\0" in text:
        raise LessonProblems((make_lesson_problem(0, "lesson_not_text"),))
    reader = _LessonReader(text, name)
    lesson = reader.read()
    if reader.problems:
        raise LessonProblems(tuple(reader.problems))
    return lesson


def is_lesson_name(name: str) -> bool:
    """Whether a text can be the name of a lesson: small letters and digits, with single hyphens between them."""
    return len(name) <= MOST_NAME and NAME_PATTERN.fullmatch(name) is not None


class _LessonReader:
    """Goes through the lines once; each knows the part that it stands in."""

    def __init__(self, text: str, name: str) -> None:
        self.lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.name = name
        self.problems: list[LessonProblem] = []
        self.scenes: list[_SceneLines] = []
        self.teacher: dict[str, list[tuple[int, str]]] | None = None
        self.teacher_part = ""
        self.teacher_line = 0
        self.has_strays = False

    def read(self) -> Lesson:
        """The lesson as far as it could be read."""
        if not is_lesson_name(self.name):
            self._add(0, "lesson_name", value=quote_shortened(self.name), most=MOST_NAME)
        if not any(line.strip() for line in self.lines):
            self._add(1, "lesson_empty")
            return self._make(LessonHead())
        head = read_head(self.lines)
        self.problems += head.problems
        for number, line in enumerate(self.lines[head.end :], head.end + 1):
            read = self._read_heading if HEADING.match(line) else self._read_text
            read(line.rstrip(), number)
        if not self.scenes and not head.problems:
            self._add(len(self.lines), "lesson_no_scenes")
        for scene in self.scenes:
            if scene.link is None:
                self._add(scene.file_line, "lesson_scene_link", value=quote_shortened(""))
        return self._make(head)

    def _read_heading(self, line: str, number: int) -> None:
        marks, _, title = line.partition(" ")
        title = title.strip()
        question = _QUESTION.fullmatch(title)
        if marks == "#" and title == TEACHERS and self.teacher is None:
            self.teacher, self.teacher_line = {}, number
        elif self.teacher is not None:
            self._begin_teacher_part(marks, title, number)
        elif marks == "##":
            if not title:
                self._add(number, "lesson_no_title")
            self.scenes.append(_SceneLines(title, number))
        elif marks == "###" and question and self.scenes:
            self._begin_question(question[1].strip(), number)
        elif marks == "###" and title == WHY and self.scenes:
            self._begin_why(number)
        else:
            allowed = make_lesson_problem(0, "lesson_headings").sentence
            self._add(number, "lesson_heading", value=quote_shortened(line), allowed=allowed)

    def _begin_teacher_part(self, marks: str, title: str, number: int) -> None:
        assert self.teacher is not None
        if marks != "##" or title not in TEACHER_PARTS or title in self.teacher:
            allowed = ", ".join(f"## {part}" for part in TEACHER_PARTS)
            self._add(number, "lesson_teacher_part", value=quote_shortened(f"{marks} {title}"), allowed=allowed)
        self.teacher_part = title
        self.teacher.setdefault(title, [])

    def _begin_question(self, kind: str, number: int) -> None:
        if kind not in QUESTION_KINDS:
            self._add(number, "lesson_kind", value=quote_shortened(kind), allowed=", ".join(QUESTION_KINDS))
        if self.scenes[-1].question is not None:
            self._add(number, "lesson_second_question")
        self.scenes[-1].question = _QuestionLines(kind, number)

    def _begin_why(self, number: int) -> None:
        question = self.scenes[-1].question
        if question is None:
            self._add(number, "lesson_why_alone")
            question = self.scenes[-1].question = _QuestionLines("sentence", number)
        if question.why is not None:
            self._add(number, "lesson_second_why")
        question.why = _QuestionLines("sentence", number)

    def _read_text(self, line: str, number: int) -> None:
        if self.teacher is not None:
            self._read_teacher_line(line, number)
        elif not self.scenes:
            if line.strip() and not self.has_strays:
                self.has_strays = True
                self._add(number, "lesson_outside", value=quote_shortened(line))
        elif (question := self.scenes[-1].question) is not None:
            self._read_question_line(question.why or question, line, number)
        else:
            self._read_scene_line(self.scenes[-1], line, number)

    def _read_scene_line(self, scene: _SceneLines, line: str, number: int) -> None:
        link = _LINK.fullmatch(line.strip())
        if scene.link is None and line.strip():
            scene.link = ""
            if link is None or link[1] != "figure":
                self._add(number, "lesson_scene_link", value=quote_shortened(line))
            else:
                scene.link = self._read_link(link[2], number)
        elif link is not None:
            self._add(number, "lesson_link_twice", what=link[1])
        else:
            scene.text_line = scene.text_line or (number if line.strip() else 0)
            scene.text.append(line)

    def _read_question_line(self, question: _QuestionLines, line: str, number: int) -> None:
        stripped = line.strip()
        link, answer = _LINK.fullmatch(stripped), _ANSWER.fullmatch(stripped)
        if link is not None:
            if link[1] in question.links:
                self._add(number, "lesson_link_twice", what=link[1])
            question.links[link[1]] = self._read_link(link[2], number)
        elif answer is not None or (stripped.startswith(("- [", "* [")) and "](" not in stripped):
            self._read_answer(question, answer, stripped, number)
        elif stripped.startswith(LINE):
            question.line = stripped.removeprefix(LINE).strip()
        elif question.answers and line.startswith(" ") and stripped:
            last = question.answers[-1]
            text = f"{write_answer_text(last)} {stripped}"
            question.answers[-1] = _make_answer(text, last.is_right, last.file_line)
        elif question.answers and stripped:
            self._add(number, "lesson_behind_answers", value=quote_shortened(line))
        else:
            question.sentence.append(line)

    def _read_answer(self, question: _QuestionLines, answer: re.Match[str] | None, stripped: str, number: int) -> None:
        if answer is None or not answer[1] or not (answer[2] or "").strip():
            self._add(number, "lesson_answer", value=quote_shortened(stripped))
            return
        question.answers.append(_make_answer(answer[2].strip(), answer[1] in "xX", number))

    def _read_teacher_line(self, line: str, number: int) -> None:
        assert self.teacher is not None
        if self.teacher_part:
            self.teacher[self.teacher_part].append((number, line))
        elif line.strip():
            allowed = ", ".join(f"## {part}" for part in TEACHER_PARTS)
            self._add(number, "lesson_teacher_text", value=quote_shortened(line), allowed=allowed)

    def _read_link(self, text: str, number: int) -> str:
        link = read_figure_link(text)
        if link is None:
            allowed = make_lesson_problem(0, "lesson_links").sentence
            self._add(number, "lesson_link", value=quote_shortened(text), allowed=allowed)
        elif len(link) > MOST_LINK:
            self._add(number, "lesson_link_length", count=len(link), most=MOST_LINK)
        return link or ""

    def _read_misconceptions(self, lines: list[tuple[int, str]]) -> tuple[Misconception, ...]:
        found: list[str] = []
        for number, line in lines:
            if line.startswith(("- ", "* ")):
                found.append(line[2:].strip())
            elif line.startswith(" ") and found and line.strip():
                found[-1] += f" {line.strip()}"
            elif line.strip():
                self._add(number, "lesson_misconception", value=quote_shortened(line))
        return tuple(_make_misconception(text) for text in found)

    def _make(self, head: LessonHead) -> Lesson:
        parts = self.teacher or {}
        texts = {part: _join([line for _, line in lines]) for part, lines in parts.items()}
        misconceptions = self._read_misconceptions(parts.get("Misconceptions", []))
        notes = TeacherNotes(
            texts.get("Ask", ""), misconceptions, texts.get("Say", ""), texts.get("Exam", ""), self.teacher_line
        )
        return Lesson(
            name=self.name,
            title=head.values.get("title", ""),
            aim=head.values.get("aim", ""),
            minutes=head.minutes,
            scenes=tuple(map(_make_scene, self.scenes)),
            tracks=head.list_names("tracks"),
            needs=head.list_names("needs"),
            next=head.values.get("next", ""),
            teacher=notes,
            head_lines=head.lines,
        )

    def _add(self, line: int, code: str, /, **parts: object) -> None:
        self.problems.append(make_lesson_problem(line, code, **parts))


def _make_answer(text: str, is_right: bool, line: int) -> LessonAnswer:
    bare, reason = split_reason(text)
    return LessonAnswer(bare, is_right, reason, line)


def _make_misconception(text: str) -> Misconception:
    bare, answers = split_reason(text)
    wrong = tuple(answer for part in re.split(r",\s+|;\s*", answers) if (answer := part.strip()))
    return Misconception(bare, wrong)


def _make_scene(scene: _SceneLines) -> LessonScene:
    question = _make_question(scene.question) if scene.question else None
    text_line = scene.text_line or scene.file_line
    return LessonScene(scene.heading, scene.link or "", _join(scene.text), question, scene.file_line, text_line)


def _make_question(lines: _QuestionLines) -> LessonQuestion:
    why = None
    if lines.why is not None:
        why = WhyQuestion(tuple(lines.why.answers), _join(lines.why.sentence), lines.why.file_line)
    question = LessonQuestion(lines.kind, _join(lines.sentence), tuple(lines.answers), line=lines.line, why=why)
    links = lines.links
    return replace(question, link=links.get("figure", ""), reveal=links.get("reveal", ""), file_line=lines.file_line)


def _join(lines: list[str]) -> str:
    """The lines as a text, without empty ones around it, and at most one between two paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
