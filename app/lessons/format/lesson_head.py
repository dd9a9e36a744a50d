"""The head of a lesson's file: between two lines `---`, one `key: value` a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..lesson import TRACKS
from ..lesson_messages import LessonProblem, make_lesson_problem, quote_shortened

FENCE = "---"
NEEDED_KEYS = ("title", "aim", "minutes")
HEAD_KEYS = (*NEEDED_KEYS, "tracks", "needs", "next")
MOST_MINUTES = 90


@dataclass(slots=True)
class LessonHead:
    """What the head says, where it ends, and what is wrong in it. `lines` are those of its keys, from 1 on."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    end: int = 0
    problems: list[LessonProblem] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """The minutes; 0 where they are no number."""
        text = self.values.get("minutes", "")
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0

    def list_names(self, key: str) -> tuple[str, ...]:
        """The names behind a key, which commas separate."""
        return tuple(name for part in self.values.get(key, "").split(",") if (name := part.strip()))


def read_head(lines: Sequence[str]) -> LessonHead:
    """Reads the head. `end` is the index of the first line behind it."""
    head = LessonHead()
    first = next((index for index, line in enumerate(lines) if line.strip()), len(lines))
    if first == len(lines) or lines[first].strip() != FENCE:
        begin = quote_shortened(lines[first]) if first < len(lines) else "“”"
        head.problems.append(make_lesson_problem(first + 1, "lesson_no_head", value=begin))
        head.end = first
        return head
    last = next((index for index in range(first + 1, len(lines)) if lines[index].strip() == FENCE), None)
    if last is None:
        head.problems.append(make_lesson_problem(first + 1, "lesson_open_head"))
        last = next((index for index in range(first + 1, len(lines)) if lines[index].startswith("#")), len(lines))
        head.end = last
    else:
        head.end = last + 1
    for index in range(first + 1, last):
        _read_line(head, lines[index], index + 1)
    _check_values(head, first + 1)
    return head


def _read_line(head: LessonHead, line: str, number: int) -> None:
    if not line.strip():
        return
    key, colon, value = (part.strip() for part in line.partition(":"))
    if not colon:
        head.problems.append(make_lesson_problem(number, "lesson_head_line", value=quote_shortened(line)))
    elif key not in HEAD_KEYS:
        allowed = ", ".join(HEAD_KEYS)
        head.problems.append(
            make_lesson_problem(number, "lesson_head_key", value=quote_shortened(key), allowed=allowed)
        )
    elif key in head.values:
        head.problems.append(make_lesson_problem(number, "lesson_head_twice", value=key))
    else:
        head.values[key], head.lines[key] = value, number


def _check_values(head: LessonHead, first: int) -> None:
    allowed = ", ".join(NEEDED_KEYS)
    for key in NEEDED_KEYS:
        if not head.values.get(key):
            line = head.lines.get(key, first)
            head.problems.append(make_lesson_problem(line, "lesson_head_missing", value=key, allowed=allowed))
    minutes = head.values.get("minutes")
    if minutes and not 1 <= head.minutes <= MOST_MINUTES:
        head.problems.append(
            make_lesson_problem(
                head.lines["minutes"], "lesson_minutes", value=quote_shortened(minutes), most=MOST_MINUTES
            )
        )
    for track in head.list_names("tracks"):
        if track not in TRACKS:
            value, names = quote_shortened(track), ", ".join(TRACKS)
            head.problems.append(make_lesson_problem(head.lines["tracks"], "lesson_track", value=value, allowed=names))
