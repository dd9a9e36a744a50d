"""Texts of lessons for tests: a whole one, and ways to change one thing in it."""

from __future__ import annotations

from app.lessons.lesson import Lesson
from app.lessons.lesson_check import ComputedLesson, check_lesson, compute_lesson
from app.lessons.lesson_file import read_lesson
from app.lessons.lesson_messages import LessonProblems
from app.local_lab import compute_link

FIVE = "(1,1,1,0,0;0,1,1,1,0;0,0,1,1,1;0,0,1,1,0;0,1,1,0,0)"
LINK = f"/?image={FIVE}&layers=conv:(1,0,1;0,1,0;1,0,1)&at=0,1&beat=window"
HEAD = """---
title: One stop
aim: Multiply, add, write.
minutes: 4
tracks: lecture, school
needs: picture-numbers
next: filter-question
---
"""
QUESTION = """
### Question: cell
What is written?

- [x] 3
- [ ] 4 (the first stop again)
"""
WHY = """
### Why?
- [x] One
- [ ] Two (no)
- [ ] Three
"""


def make_scene(text: str = "The [window](#window).", link: str = LINK, question: str = "") -> str:
    """A scene of that text and that figure."""
    return f"\n## A stop\n[figure]({link})\n\n{text}\n{question}"


def read(text: str, name: str = "mine") -> Lesson:
    return read_lesson(text, name)


def say(text: str, name: str = "mine") -> list[str]:
    """All that is wrong in a text, as sentences: in its form, or else in what it says."""
    try:
        lesson = read_lesson(text, name)
    except LessonProblems as problems:
        return str(problems).split("\n")
    return list(map(str, check_lesson(lesson, compute_link)))


def say_scene(text: str = "The [window](#window).", link: str = LINK, question: str = "") -> list[str]:
    """All that is wrong in a lesson of this one scene."""
    return say(HEAD + make_scene(text, link, question))


def compute(text: str = "", link: str = LINK, question: str = "") -> ComputedLesson:
    """The computed lesson of one scene."""
    return compute_lesson(read(HEAD + make_scene(text, link, question)), compute_link)
