"""What the commands on lessons do: check files, and add one to the folder of lessons."""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..core.texts import make_text, write_message
from .actions import CommandError, check_new_name, describe_os_error, read_settings_and_warn

if TYPE_CHECKING:
    from ..lessons.lesson import Lesson
    from ..lessons.lesson_messages import LessonProblem


def run_check_lessons(options: argparse.Namespace) -> None:
    """Print what is wrong in files of lessons; the files can name each other."""
    settings = read_settings_and_warn()
    names = tuple(dict.fromkeys((*_list_names(settings.lessons), *map(_make_name, options.files))))
    lines = list(_find_same_names(options.files))
    for file in options.files:
        lesson, problems = _check(file, _make_name(file), names)
        lines += _list_lines(file, problems)
        if lesson is not None and not problems:
            print(_describe_fine(file, lesson))
    if lines:
        raise CommandError("\n".join(lines))


def run_add_lesson(options: argparse.Namespace) -> None:
    """Add a lesson without a problem to the folder of lessons. One that it names may be added later."""
    from ..lessons.lesson_file import is_lesson_name
    from ..lessons.lesson_shelf import BUILT_IN_NAMES, LESSON_SUFFIX, list_lesson_files, read_lesson_text

    settings = read_settings_and_warn()
    name = options.name or _make_name(options.file)
    try:
        if name in BUILT_IN_NAMES:
            raise CommandError(make_text("lesson_name_taken", name=name))
        lesson, problems = _check(options.file, name, None)
        if problems or lesson is None or not is_lesson_name(name):
            count = make_text("lesson_not_checked", file=str(options.file), count=len(problems))
            raise CommandError("\n".join((*_list_lines(options.file, problems), write_message(count))))
        check_new_name(name, (file.name for file in list_lesson_files(settings.lessons)), options.replace)
        _write_whole(settings.lessons / f"{name}{LESSON_SUFFIX}", read_lesson_text(options.file))
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    except ValueError as error:
        raise CommandError(error) from error
    print(make_text("lesson_added", name=name, address=f"/lessons/{name}"))


def _check(file: Path, name: str, names: Collection[str] | None) -> tuple[Lesson | None, tuple[LessonProblem, ...]]:
    """The lesson of a file, None where it has none, and its problems. Without `names` it can name any lesson."""
    from ..lessons.lesson_check import find_lesson_problems
    from ..lessons.lesson_file import read_lesson
    from ..lessons.lesson_messages import LessonProblems
    from ..lessons.lesson_shelf import read_lesson_text
    from ..local_lab import compute_link

    try:
        lesson = read_lesson(read_lesson_text(file), name)
    except LessonProblems as problems:
        return None, problems.problems
    except OSError as error:
        raise CommandError(describe_os_error(error)) from error
    known = names if names is not None else {*lesson.needs, lesson.next}
    return lesson, tuple(find_lesson_problems(lesson, compute_link, known))


def _list_lines(file: Path, problems: Collection[LessonProblem]) -> Iterator[str]:
    for problem in problems:
        reason = write_message(problem.sentence)
        line = make_text("line_error", file=str(file), line=str(problem.line), reason=reason)
        yield write_message(line if problem.line else make_text("file_note", file=str(file), note=reason))


def _describe_fine(file: Path, lesson: Lesson) -> str:
    questions = sum(scene.question is not None for scene in lesson.scenes)
    counts = {"scenes": len(lesson.scenes), "questions": questions, "minutes": lesson.minutes}
    return write_message(make_text("lesson_fine", file=str(file), **counts))


def _find_same_names(files: Collection[Path]) -> Iterator[str]:
    """A sentence for each file whose lesson has the name of one before it."""
    first: dict[str, Path] = {}
    for file in files:
        other = first.setdefault(_make_name(file), file)
        if other != file:
            yield write_message(make_text("lesson_same_name", file=str(file), name=_make_name(file), other=str(other)))


def _list_names(folder: Path) -> Iterator[str]:
    from ..lessons.lesson_shelf import BUILT_IN_NAMES, list_lesson_files

    yield from BUILT_IN_NAMES
    try:
        yield from (file.name for file in list_lesson_files(folder))
    except ValueError as error:
        raise CommandError(error) from error


def _make_name(file: Path) -> str:
    """A name from that of a file: small letters and digits, with single hyphens between them."""
    from ..lessons.lesson_file import MOST_NAME

    return re.sub(r"[^a-z0-9]+", "-", file.stem.lower()).strip("-")[:MOST_NAME].strip("-") or "lesson"


def _write_whole(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
