"""List the samples, models and lessons of this installation, and remove added ones."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..core.texts import make_text
from ..images.sample_table import read_rows_without_pictures, read_table, write_table
from ..images.samples import load_samples
from ..lessons.lesson_shelf import LESSON_SUFFIX, list_lesson_files, load_built_in_lessons
from ..models.library import list_model_files, load_models, read_checked_model
from ..models.model import FILM_SUFFIX
from ..resources import UnusableFile, find_resource

WEIGHTS = ".safetensors"


@dataclass(frozen=True, slots=True)
class InstalledItem:
    """A sample, a model or a lesson: its name, its title, and its file, None for a built-in one."""

    name: str
    title: str
    file: Path | None = None


def list_samples(folder: Path) -> list[InstalledItem]:
    """List all samples, built-in ones first. Raises UnusableFile."""
    built_in = [
        InstalledItem(sample.name, sample.title) for sample in load_samples(find_resource("sample_images")).values()
    ]
    return [*built_in, *(InstalledItem(row["name"], row["title"], folder / row["file"]) for row in read_table(folder))]


def list_models(folder: Path) -> list[InstalledItem]:
    """List all models, built-in ones first; a damaged one is called so."""
    built_in = [InstalledItem(model.name, model.title) for model in load_models(find_resource("models/data")).values()]
    return [*built_in, *map(_read_model, list_model_files(folder))]


def remove_sample(folder: Path, name: str) -> None:
    """Remove an added sample, its row and its picture. Raises ValueError with a sentence, and OSError."""
    rows = read_rows_without_pictures(folder)
    row = next((row for row in rows if row["name"] == name), None)
    if row is None:
        raise _make_error(
            "picture_not_added", name, load_samples(find_resource("sample_images")), [one["name"] for one in rows]
        )
    write_table(folder, [other for other in rows if other is not row])
    file = (folder / row["file"]).resolve()
    if file.is_relative_to(folder.resolve()) and not any(one["file"] == row["file"] for one in rows if one is not row):
        file.unlink(missing_ok=True)


def remove_model(folder: Path, name: str) -> None:
    """Remove the files of an added model, damaged or not. Raises ValueError with a sentence, and OSError."""
    names = {file: _read_model(file).name for file in list_model_files(folder)}
    file = next((file for file, other in names.items() if other == name), None)
    if file is None:
        raise _make_error("model_not_added", name, load_models(find_resource("models/data")), list(names.values()))
    file.unlink()
    file.with_name(file.name.removesuffix(WEIGHTS) + FILM_SUFFIX).unlink(missing_ok=True)


def list_lessons(folder: Path) -> list[InstalledItem]:
    """List all lessons, built-in ones first; a damaged one is called so. Raises UnusableFile."""
    built_in = [InstalledItem(lesson.name, lesson.title) for lesson in load_built_in_lessons().values()]
    damaged = str(make_text("damaged_item"))
    added = (
        InstalledItem(file.name, file.lesson.title if file.lesson else damaged, file.path)
        for file in list_lesson_files(folder)
    )
    return [*built_in, *added]


def remove_lesson(folder: Path, name: str) -> None:
    """Remove the file of an added lesson, damaged or not. Raises ValueError with a sentence, and OSError."""
    names = [file.name for file in list_lesson_files(folder)]
    if name not in names:
        raise _make_error("lesson_not_added", name, load_built_in_lessons(), names)
    (folder / f"{name}{LESSON_SUFFIX}").unlink()


def _read_model(file: Path) -> InstalledItem:
    """Read the model of a file; a damaged one gets the name of its file."""
    try:
        model = read_checked_model(file)
    except UnusableFile:
        return InstalledItem(file.name.removesuffix(WEIGHTS), str(make_text("damaged_item")), file)
    return InstalledItem(model.name, model.title, file)


def _make_error(code: str, name: str, built_in: Container[str], added: Sequence[str]) -> ValueError:
    if name in built_in:
        return ValueError(str(make_text("is_built_in", name=name)))
    others = make_text("added_ones", names=", ".join(added)) if added else make_text("none_added")
    return ValueError(str(make_text(code, name=name, added=others)))
