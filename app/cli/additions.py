"""What was added for good beside what comes with the program: samples and models, listed and removed."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..images.sample_table import read_rows_without_pictures, read_table, write_table
from ..images.samples import load_samples
from ..models.library import list_model_files, load_models, read_checked_model
from ..models.model import FILM_SUFFIX
from ..resources import UnusableFile, resource

WEIGHTS = ".safetensors"
BUILT_IN = "{name} comes with the program and cannot be removed."
NONE = "There is no {what} called {name} that was added; {there}."


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample or a model: its name, its title, and where it lies; one that comes with the program lies nowhere."""

    name: str
    title: str
    place: Path | None = None


def list_samples(folder: Path) -> list[Entry]:
    """All samples, those of the program first. Raises UnusableFile."""
    own = [Entry(sample.name, sample.title) for sample in load_samples(resource("sample_images")).values()]
    return [*own, *(Entry(row["name"], row["title"], folder / row["file"]) for row in read_table(folder))]


def list_models(folder: Path) -> list[Entry]:
    """All models, those of the program first; what is wrong with a damaged one stands in place of its title."""
    own = [Entry(model.name, model.title) for model in load_models(resource("models/data")).values()]
    return [*own, *map(_model_in, list_model_files(folder))]


def remove_sample(folder: Path, name: str) -> None:
    """Removes an added sample, the row and the picture. Raises ValueError with a sentence, and OSError."""
    rows = read_rows_without_pictures(folder)
    row = next((row for row in rows if row["name"] == name), None)
    if row is None:
        raise _not_added("picture", name, load_samples(resource("sample_images")), [one["name"] for one in rows])
    write_table(folder, [other for other in rows if other is not row])
    file = (folder / row["file"]).resolve()
    if file.is_relative_to(folder.resolve()) and not any(one["file"] == row["file"] for one in rows if one is not row):
        file.unlink(missing_ok=True)


def remove_model(folder: Path, name: str) -> None:
    """Removes the files of an added model, damaged or not. Raises ValueError with a sentence, and OSError."""
    entries = {file: _model_in(file).name for file in list_model_files(folder)}
    file = next((file for file, called in entries.items() if called == name), None)
    if file is None:
        raise _not_added("model", name, load_models(resource("models/data")), list(entries.values()))
    file.unlink()
    file.with_name(file.name.removesuffix(WEIGHTS) + FILM_SUFFIX).unlink(missing_ok=True)


def _model_in(file: Path) -> Entry:
    """The model of a file; a damaged one goes by the name of its file."""
    try:
        model = read_checked_model(file)
    except UnusableFile:
        return Entry(file.name.removesuffix(WEIGHTS), "damaged", file)
    return Entry(model.name, model.title, file)


def _not_added(what: str, name: str, own: Container[str], added: Sequence[str]) -> ValueError:
    if name in own:
        return ValueError(BUILT_IN.format(name=name))
    there = f"those that were are {', '.join(added)}" if added else "none was"
    return ValueError(NONE.format(what=what, name=name, there=there))
