"""The folders of the settings, tried when the server starts: what cannot be used is said before anybody meets it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from .resources import UnusableFile, check_readable
from .settings import PREFIX, Settings

STORE_SECONDS = 2.0
"""How long the store may take to answer: it may lie in a network."""
NO_STORE = (
    "Uploads cannot be kept in {path}: {reason}. Until that changes nobody can bring pictures or weights; samples and "
    "typed numbers work. Let this user write there, or name another folder in {variable}."
)
NO_ANSWER = "it did not answer within {seconds:g} seconds"
MISSING = "{path}, which {variable} names, is not there: nothing that was added is shown until something is."
UNREADABLE = "{reason} Let this user read it, or name another folder in {variable}."
ADDED_FOLDERS = ("samples", "models")


def find_folder_warnings(settings: Settings, seconds: float = STORE_SECONDS) -> Iterator[str]:
    """A sentence for each folder that is not as it should be and keeps no server from starting."""
    reason = _find_write_error(settings.store, seconds)
    if reason:
        yield NO_STORE.format(path=settings.store, reason=reason, variable=f"{PREFIX}STORE")
    for name in ADDED_FOLDERS:
        folder: Path = getattr(settings, name)
        if name in settings.model_fields_set and not folder.exists():
            yield MISSING.format(path=folder, variable=PREFIX + name.upper())


def check_added_folders(settings: Settings) -> None:
    """Raises UnusableFile, which says what to do, where what was added for good cannot be read."""
    for name in ADDED_FOLDERS:
        try:
            check_readable(getattr(settings, name))
        except UnusableFile as reason:
            raise UnusableFile(UNREADABLE.format(reason=reason, variable=PREFIX + name.upper())) from reason


def _find_write_error(folder: Path, seconds: float) -> str:
    """Why nothing can be written to a folder, '' where it can; it is made where it is missing."""
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
