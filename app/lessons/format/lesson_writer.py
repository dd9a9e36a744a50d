"""The file of a lesson, as `read_lesson` reads it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..lesson import Lesson, LessonAnswer, LessonQuestion, LessonScene, TeacherNotes, WhyQuestion
from .lesson_answers import split_reason, write_answer_text

HEADING = re.compile(r"#{1,6}(\s|$)")
"""How a heading begins; what stands behind it is its words."""


def write_lesson(lesson: Lesson) -> str:
    """The text of the file of a lesson."""
    blocks = [_write_head(lesson), *map(_write_scene, lesson.scenes)]
    if lesson.teacher != TeacherNotes():
        blocks.append(_write_teacher(lesson.teacher))
    return "\n\n".join(blocks) + "\n"


def _write_head(lesson: Lesson) -> str:
    rows = {
        "title": lesson.title,
        "aim": lesson.aim,
        "minutes": str(lesson.minutes),
        "tracks": ", ".join(lesson.tracks),
        "needs": ", ".join(lesson.needs),
        "next": lesson.next,
    }
    return "\n".join(("---", *(f"{key}: {_put_on_one_line(text)}" for key, text in rows.items() if text), "---"))


def _write_scene(scene: LessonScene) -> str:
    parts = [f"## {_put_on_one_line(scene.heading)}\n{_write_link('figure', scene.link)}"]
    if scene.text:
        parts.append(_keep_text(scene.text))
    if scene.question:
        parts += _list_question_parts(scene.question)
    return "\n\n".join(parts)


def _list_question_parts(question: LessonQuestion) -> Iterator[str]:
    links = (("figure", question.link), ("reveal", question.reveal))
    opening = [f"### Question: {question.kind}", *([_keep_text(question.sentence)] if question.sentence else [])]
    yield "\n".join((*opening, *(_write_link(name, link) for name, link in links if link)))
    if question.answers:
        yield _write_answers(question.answers)
    if question.line:
        yield f"Line: {_put_on_one_line(question.line)}"
    if question.why:
        yield _write_why(question.why)


def _write_why(why: WhyQuestion) -> str:
    sentence = [_keep_text(why.sentence), ""] if why.sentence else []
    return "\n".join(("### Why?", *sentence, _write_answers(why.answers)))


def _write_answers(answers: tuple[LessonAnswer, ...]) -> str:
    return "\n".join(
        f"- [{'x' if one.is_right else ' '}] {_put_on_one_line(write_answer_text(one))}" for one in answers
    )


def _write_teacher(notes: TeacherNotes) -> str:
    parts = ["# For teachers"]
    if notes.ask:
        parts.append(f"## Ask\n{_keep_text(notes.ask)}")
    if notes.misconceptions:
        lines = (_write_misconception(one.text, one.wrong_answers) for one in notes.misconceptions)
        parts.append("\n".join(("## Misconceptions", *lines)))
    parts += [f"## {name}\n{_keep_text(text)}" for name, text in (("Say", notes.say), ("Exam", notes.exam)) if text]
    return "\n\n".join(parts)


def _write_misconception(text: str, answers: tuple[str, ...]) -> str:
    text = _put_on_one_line(text)
    ending = f" ({'; '.join(answers)})" if answers else " ()" if split_reason(text)[0] != text else ""
    return f"- {text}{ending}"


def _write_link(name: str, link: str) -> str:
    return f"[{name}](/{link})"


def _put_on_one_line(text: str) -> str:
    return " ".join(text.split())


def _keep_text(text: str) -> str:
    """The text without what would end it: a heading in it loses its marks."""
    return "\n".join(HEADING.sub("", line) for line in text.strip().split("\n"))
