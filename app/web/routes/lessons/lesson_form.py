"""The form of a lesson as JSON, with the fields of `Lesson`; what it lacks is empty."""

from __future__ import annotations

from typing import Any

from ....lessons.lesson import (
    Lesson,
    LessonAnswer,
    LessonQuestion,
    LessonScene,
    Misconception,
    TeacherNotes,
    WhyQuestion,
)


def read_lesson_form(value: Any) -> Lesson:
    """The lesson of a form. Raises ValueError with what has a wrong type."""
    form = _read_object(value, "the form")
    return Lesson(
        name="",
        title=_read_text(form, "title"),
        aim=_read_text(form, "aim"),
        minutes=_read_minutes(form),
        scenes=tuple(_read_scene(one) for one in _read_list(form, "scenes")),
        tracks=_read_texts(form, "tracks"),
        needs=_read_texts(form, "needs"),
        next=_read_text(form, "next"),
        teacher=_read_notes(form.get("teacher")),
    )


def _read_scene(value: Any) -> LessonScene:
    scene = _read_object(value, "a scene")
    question = _read_question(scene["question"]) if scene.get("question") else None
    return LessonScene(_read_text(scene, "heading"), _read_link(scene, "link"), _read_text(scene, "text"), question)


def _read_question(value: Any) -> LessonQuestion:
    question = _read_object(value, "a question")
    return LessonQuestion(
        kind=_read_text(question, "kind"),
        sentence=_read_text(question, "sentence"),
        answers=_read_answers(question),
        link=_read_link(question, "link"),
        reveal=_read_link(question, "reveal"),
        line=_read_text(question, "line"),
        why=_read_why(question.get("why")),
    )


def _read_why(value: Any) -> WhyQuestion | None:
    if not value:
        return None
    why = _read_object(value, "a why")
    return WhyQuestion(_read_answers(why), _read_text(why, "sentence"))


def _read_answers(parent: dict[str, Any]) -> tuple[LessonAnswer, ...]:
    answers = [_read_object(one, "an answer") for one in _read_list(parent, "answers")]
    return tuple(
        LessonAnswer(_read_text(one, "text"), one.get("is_right") is True, _read_text(one, "reason")) for one in answers
    )


def _read_notes(value: Any) -> TeacherNotes:
    notes = _read_object(value or {}, "teacher")
    misconceptions = [_read_object(one, "a misconception") for one in _read_list(notes, "misconceptions")]
    return TeacherNotes(
        _read_text(notes, "ask"),
        tuple(Misconception(_read_text(one, "text"), _read_texts(one, "wrong_answers")) for one in misconceptions),
        _read_text(notes, "say"),
        _read_text(notes, "exam"),
    )


def _read_object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} is no object")
    return value


def _read_list(parent: dict[str, Any], key: str) -> list[Any]:
    value = parent.get(key) or []
    if not isinstance(value, list):
        raise ValueError(f"{key} is no list")
    return value


def _read_text(parent: dict[str, Any], key: str) -> str:
    value = parent.get(key) or ""
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text")
    return value


def _read_texts(parent: dict[str, Any], key: str) -> tuple[str, ...]:
    values = _read_list(parent, key)
    if not all(isinstance(value, str) for value in values):
        raise ValueError(f"{key} is no list of texts")
    return tuple(values)


def _read_link(parent: dict[str, Any], key: str) -> str:
    """A link without what would end its line."""
    return "".join(_read_text(parent, key).split()).removeprefix("/")


def _read_minutes(parent: dict[str, Any]) -> int:
    value = parent.get("minutes") or 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1_000:
        raise ValueError("minutes is no whole number from 0 to 999")
    return value
