"""The values of a lesson: its scenes in order, each with a figure and perhaps a question, and what a teacher reads.

`lesson_file.py` reads them from a Markdown file; nothing is computed here. A text is Markdown of one or more
paragraphs, with bold, emphasis, code, and two kinds of links: `[window](#window)` names a part of the figure,
`[stride](glossary:stride)` a term of the glossary. Each text may hold computed values, such as `{cell}`. The
`file_line` of a part counts from 1, is 0 in a lesson that no file holds, and takes no part in comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

TRACKS = ("lecture", "school")
"""A whole lecture on convolutional networks, about 70 minutes; a school lesson without symbols, 45 minutes."""
MOST_SCENES = 6
MOST_WORDS = 40
"""Words in the text of one scene."""
WHY_CHOICES = 3
PARTS = ("input", "filter", "output", "window", "products", "sum", "cell", "strip", "network", "scores")
"""The parts of a figure that a text can name. Lighting one dims nothing: it gets an outline in its role color."""
QUESTION_KINDS = ("cell", "size", "parameters", "map", "class", "filter", "fit", "sentence")
"""What a question asks for. All but `sentence` are the `predict=` of a link: their answers are computed."""


@dataclass(frozen=True, slots=True)
class LessonAnswer:
    """One answer of a question as the file has it: `- [x] text (reason)`, where `reason` may be "".

    In a computed question, the right one is only compared with what is computed, and a wrong one adds its number and
    its reason to those of the rules.
    """

    text: str
    is_right: bool
    reason: str = ""
    file_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LessonQuestion:
    """A question: its kind, its sentence ("" takes the sentence of the computed question), and its answers.

    `link` is the figure that it is about, "" for that of its scene; `reveal` the figure that is shown with the answer,
    "" for the same one. `why` is the question that follows, with three answers, one of them right; None without one.
    """

    kind: str
    sentence: str = ""
    answers: tuple[LessonAnswer, ...] = ()
    link: str = ""
    reveal: str = ""
    line: str = ""
    """One line of explanation, shown in the figure when the answer is; "" takes the one that is computed."""
    why: WhyQuestion | None = None
    file_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class WhyQuestion:
    """`sentence` is "" for the usual "Why?"."""

    answers: tuple[LessonAnswer, ...]
    sentence: str = ""
    file_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LessonScene:
    """One step of a lesson: a heading, the link of its figure, its text, and a question or None.

    `link` is what follows the site's address: `?image=face&layers=…`, `compare?a=…&b=…` or `filters?model=…`.
    """

    heading: str
    link: str
    text: str
    question: LessonQuestion | None = None
    file_line: int = field(default=0, compare=False, repr=False)
    text_line: int = field(default=0, compare=False, repr=False)
    """The line in the file where the text begins; that of the heading without a text."""


@dataclass(frozen=True, slots=True)
class Misconception:
    """What many believe, the wrong answers that show it, and what to say."""

    text: str
    wrong_answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TeacherNotes:
    """What the page for teachers says beside the head of the lesson. Texts are Markdown; "" is left out."""

    ask: str = ""
    misconceptions: tuple[Misconception, ...] = ()
    say: str = ""
    exam: str = ""
    file_line: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson. `name` is that of its file and of its address; `needs` and `next` are names of lessons."""

    name: str
    title: str
    aim: str
    minutes: int
    scenes: tuple[LessonScene, ...]
    tracks: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    next: str = ""
    teacher: TeacherNotes = TeacherNotes()
    head_lines: Mapping[str, int] = field(default_factory=dict, compare=False, repr=False)
    """The lines in the file of the keys of its head."""
