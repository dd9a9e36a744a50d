"""The values of a computed lesson: its texts as HTML, its questions with their answers, and all of it as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from .lesson import Lesson
from .lesson_question import ComputedChoice, ComputedQuestion, ComputedWhy


@dataclass(frozen=True, slots=True)
class ComputedScene:
    """A scene with its values filled in.

    `link` opens the figure in the Lab, `embed` in a frame; both are addresses below the root of the site. `screen_text`
    describes the figure to a screen reader, without what the question asks for.
    """

    heading: str
    html: str
    link: str
    embed: str
    screen_text: str
    question: ComputedQuestion | None = None

    def to_json(self) -> dict[str, object]:
        """The scene for the page's script."""
        return {
            "heading": self.heading,
            "html": self.html,
            "link": self.link,
            "embed": self.embed,
            "screen_text": self.screen_text,
            "question": _write_question(self.question) if self.question else None,
        }


@dataclass(frozen=True, slots=True)
class ComputedMisconception:
    """What many believe, as HTML, and the wrong answers that show it."""

    html: str
    wrong_answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComputedNotes:
    """The notes for teachers as HTML, "" for those that are left out."""

    ask: str = ""
    misconceptions: tuple[ComputedMisconception, ...] = ()
    say: str = ""
    exam: str = ""

    def to_json(self) -> dict[str, object]:
        """The notes for scripts."""
        misconceptions = [{"html": one.html, "wrong_answers": list(one.wrong_answers)} for one in self.misconceptions]
        return {"ask": self.ask, "misconceptions": misconceptions, "say": self.say, "exam": self.exam}


@dataclass(frozen=True, slots=True)
class ComputedLesson:
    """A lesson with everything computed. `lesson` is what its file says; `title` and `aim` are filled in."""

    lesson: Lesson
    title: str
    aim: str
    scenes: tuple[ComputedScene, ...]
    notes: ComputedNotes = ComputedNotes()

    def to_json(self) -> dict[str, object]:
        """The lesson as the page's script and the API have it."""
        lesson = self.lesson
        return {
            "name": lesson.name,
            "title": self.title,
            "aim": self.aim,
            "minutes": lesson.minutes,
            "tracks": list(lesson.tracks),
            "needs": list(lesson.needs),
            "next": lesson.next,
            "scenes": [scene.to_json() for scene in self.scenes],
            "teacher": self.notes.to_json(),
        }


def _write_question(question: ComputedQuestion) -> dict[str, object]:
    return {
        "kind": question.kind,
        "sentence": question.sentence,
        "embed": question.embed,
        "facts": list(question.facts),
        "filter": [list(row) for row in question.filter],
        "field": question.field,
        "choices": [_write_choice(choice) for choice in question.choices],
        "right": question.right,
        "rules": [{"numbers": list(numbers), "reason": reason} for numbers, reason in question.rules],
        "answer": question.answer,
        "line": question.line,
        "lines": list(question.lines),
        "reveal": question.reveal,
        "picture": question.picture,
        "why": _write_why(question.why) if question.why else None,
    }


def _write_choice(choice: ComputedChoice) -> dict[str, object]:
    rows = [list(row) for row in choice.filter]
    return {"text": choice.text, "png": choice.png, "filter": rows, "reason": choice.reason}


def _write_why(why: ComputedWhy) -> dict[str, object]:
    choices = [{"text": choice.text, "reason": choice.reason} for choice in why.choices]
    return {"sentence": why.sentence, "choices": choices, "right": why.right}
