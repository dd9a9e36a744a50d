"""All lessons of an installation: those that come with the program, then those of a folder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..core.texts import ENGLISH, get_language, make_text, write_message
from ..resources import UnusableFile, check_readable, find_resource
from .lesson import Lesson
from .lesson_file import MOST_BYTES, decode_lesson, read_lesson
from .lesson_messages import LessonProblems

BUILT_IN_NAMES = (
    *("picture-numbers", "one-stop", "filter-question", "which-filter", "curve-detector", "how-many-stops", "padding"),
    *("turned", "three-channels", "many-filters", "volumes", "shared-weights", "one-dimension", "one-by-one"),
    *("why-relu", "pooling", "receptive-field", "scores-and-shares", "fool-it", "whole-network"),
)
"""The names of the built-in lessons in the order of the course."""
TEXTS_FOLDER = "lessons/texts"
"""The English texts; those of another language are in a folder of its name in this one."""
LESSON_SUFFIX = ".md"


@dataclass(frozen=True, slots=True)
class LessonFile:
    """A file in a folder of lessons: its lesson, or None and the reason where it is damaged."""

    path: Path
    lesson: Lesson | None
    reason: str = ""

    @property
    def name(self) -> str:
        """The name of the lesson, which is that of its file."""
        return self.path.name.removesuffix(LESSON_SUFFIX)


def load_lessons(folder: Path | None = None) -> Mapping[str, Lesson]:
    """All lessons by name: the built-in ones in the order of the course, then those of the folder by their names.

    A damaged file, and one with the name of a built-in lesson, is left out (`list_lesson_files` says why). Raises
    UnusableFile for a built-in text that is damaged, and for a folder that cannot be read.
    """
    lessons = dict(load_built_in_lessons(get_language()))
    for file in list_lesson_files(folder) if folder else ():
        if file.lesson is not None:
            lessons.setdefault(file.name, file.lesson)
    return lessons


def list_track(lessons: Mapping[str, Lesson], track: str) -> tuple[Lesson, ...]:
    """The lessons of a track in the order of the shelf; all of them for the track ""."""
    return tuple(lesson for lesson in lessons.values() if not track or track in lesson.tracks)


def list_lesson_files(folder: Path) -> list[LessonFile]:
    """The files of lessons in a folder, damaged ones with the reason. A missing folder counts as an empty one.

    Raises UnusableFile for a folder that cannot be read.
    """
    check_readable(folder)
    return [_read_added(path) for path in sorted(folder.glob(f"*{LESSON_SUFFIX}"))]


def read_lesson_path(path: Path) -> LessonFile:
    """The lesson in a file, or why there is none."""
    try:
        return LessonFile(path, read_lesson(read_lesson_text(path), path.name.removesuffix(LESSON_SUFFIX)))
    except LessonProblems as problems:
        return LessonFile(path, None, str(problems))
    except OSError as error:
        return LessonFile(path, None, str(error.strerror))


def read_lesson_text(path: Path) -> str:
    """The text of a file, of which no more is read than a lesson can have. Raises LessonProblems and OSError."""
    with path.open("rb") as file:
        return decode_lesson(file.read(MOST_BYTES + 1))


def _read_added(path: Path) -> LessonFile:
    file = read_lesson_path(path)
    if file.name in BUILT_IN_NAMES:
        return LessonFile(path, None, write_message(make_text("lesson_name_taken", name=file.name)))
    return file


@cache
def load_built_in_lessons(language: str = ENGLISH) -> Mapping[str, Lesson]:
    """The built-in lessons in the order of the course: in a language, and in English where it lacks one.

    Raises UnusableFile for a text that is damaged.
    """
    english = find_resource(TEXTS_FOLDER)
    return {name: _read_built_in(path) for name, path in _list_texts(english, language)}


def _list_texts(english: Path, language: str) -> Iterator[tuple[str, Path]]:
    for name in BUILT_IN_NAMES:
        places = (english / language / f"{name}{LESSON_SUFFIX}", english / f"{name}{LESSON_SUFFIX}")
        path = next((place for place in places if place.is_file()), None)
        if path is not None:
            yield name, path


def _read_built_in(path: Path) -> Lesson:
    file = read_lesson_path(path)
    if file.lesson is None:
        raise UnusableFile(f"{path} is damaged:\n{file.reason}")
    return file.lesson
