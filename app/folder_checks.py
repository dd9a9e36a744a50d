"""The folders of the settings, tried when the server starts: what cannot be used is said before anybody meets it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

from .resources import UnusableFile, check_readable
from .settings import PREFIX, Settings

SECONDS = 2.0
"""How long the store may take to answer: it may lie in a network."""
NO_STORE = (
    "Uploads cannot be kept in {path}: {reason}. Until that changes nobody can bring pictures or weights; samples and "
    "typed numbers work. Let this user write there, or name another folder in {variable}."
)
SILENT = "it did not answer within {seconds:g} seconds"
NOT_THERE = "{path}, which {variable} names, is not there: nothing that was added is shown until something is."
UNREADABLE = "{reason} Let this user read it, or name another folder in {variable}."
ADDED = ("samples", "models")


def find_folder_warnings(settings: Settings, seconds: float = SECONDS) -> Iterator[str]:
    """A sentence for each folder that is not as it should be and keeps no server from starting."""
    reason = _why_not_written(settings.store, seconds)
    if reason:
        yield NO_STORE.format(path=settings.store, reason=reason, variable=f"{PREFIX}STORE")
    for name in ADDED:
        folder: Path = getattr(settings, name)
        if name in settings.model_fields_set and not folder.exists():
            yield NOT_THERE.format(path=folder, variable=PREFIX + name.upper())


def check_added_folders(settings: Settings) -> None:
    """Raises UnusableFile, which says what to do, where what was added for good cannot be read."""
    for name in ADDED:
        try:
            check_readable(getattr(settings, name))
        except UnusableFile as reason:
            raise UnusableFile(UNREADABLE.format(reason=reason, variable=PREFIX + name.upper())) from reason


def _why_not_written(folder: Path, seconds: float) -> str:
    """Why nothing can be written to a folder, '' where it can; it is made where it is missing."""
    found = [SILENT.format(seconds=seconds)]

    def write() -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder) as trial:
                trial.write(b"-")
            found[0] = ""
        except OSError as error:
            found[0] = os.strerror(error.errno) if error.errno else str(error)

    trial = Thread(target=write, name="store", daemon=True)
    trial.start()
    trial.join(seconds)
    return found[0]
