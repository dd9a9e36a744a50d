"""Checks the folders of the settings when the server starts, to report problems before users meet them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from .lessons.lesson_shelf import list_lesson_files
from .resources import UnusableFile, check_readable
from .settings import PREFIX, Settings

STORE_SECONDS = 2.0
"""How long the store may take to respond: it may be on a network."""
NO_STORE = (
    "Uploads cannot be stored in {path}: {reason}. Until that changes nobody can upload pictures or weights; samples "
    "and typed numbers work. Let this user write there, or set another folder in {variable}."
)
NO_ANSWER = "it did not respond within {seconds:g} seconds"
MISSING = "The folder {path}, set in {variable}, does not exist: no added files are shown until some are added there."
UNREADABLE = "{reason} Let this user read it, or set another folder in {variable}."
DAMAGED_LESSON = "{path} is left out of the lessons: {reason} `convoscope lessons check` says it again."
ADDED_FOLDERS = ("samples", "models", "lessons")


def find_folder_warnings(settings: Settings, seconds: float = STORE_SECONDS) -> Iterator[str]:
    """A warning for each folder that has a problem with which the server can still start."""
    reason = _find_write_error(settings.store, seconds)
    if reason:
        yield NO_STORE.format(path=settings.store, reason=reason, variable=f"{PREFIX}STORE")
    for name in ADDED_FOLDERS:
        folder: Path = getattr(settings, name)
        if name in settings.model_fields_set and not folder.exists():
            yield MISSING.format(path=folder, variable=PREFIX + name.upper())
    yield from _find_damaged_lessons(settings.lessons)


def check_added_folders(settings: Settings) -> None:
    """Raises UnusableFile, which says what to do, if a folder of added samples, models or lessons cannot be read."""
    for name in ADDED_FOLDERS:
        try:
            check_readable(getattr(settings, name))
        except UnusableFile as reason:
            raise UnusableFile(UNREADABLE.format(reason=reason, variable=PREFIX + name.upper())) from reason


def _find_damaged_lessons(folder: Path) -> Iterator[str]:
    """A warning for each damaged lesson; all others are served."""
    try:
        files = list_lesson_files(folder)
    except UnusableFile:
        return  # check_added_folders says so
    for file in files:
        if file.lesson is None:
            yield DAMAGED_LESSON.format(path=file.path, reason=" ".join(file.reason.split("\n")))


def _find_write_error(folder: Path, seconds: float) -> str:
    """The reason why a folder cannot be written, '' if it can; creates it if it is missing."""
    errors = [NO_ANSWER.format(seconds=seconds)]

    def write() -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as trial:
                trial.write(b"-")
            errors[0] = ""
        except OSError as error:
            errors[0] = os.strerror(error.errno) if error.errno else str(error)

    trial = Thread(target=write, name="store", daemon=True)
    trial.start()
    trial.join(seconds)
    return errors[0]
