"""The work of `convoscope render` where the file is not HTML: films, slides, pages, tables."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..core.texts import make_text
from ..export.export_options import (
    ANY_LENGTH,
    ENDINGS,
    EXPORT_KINDS,
    ExportFile,
    ExportKind,
    ExportOptions,
    find_file_kind,
)
from ..export.export_writer import write_deck, write_export
from ..export.exported_figure import ExportedFigure
from ..export.option_reader import OPTION_NAMES, read_options
from ..local_lab import Replacements, compute_figure, split_link
from ..render.offline import slugify
from ..render.views.response_data import measure_response
from .render_files import FigureRequest, FileProgressBar, RenderResult, make_unique_name

DECK_KINDS: Sequence[ExportKind] = ("pptx", "pdf")
"""The kinds in which a list of figures is one file."""


def find_kind(kind: str, output: Path | None) -> ExportKind | None:
    """Find the kind of file that is asked for, by its name or by the ending of the file; None for HTML.

    Raises ValueError with a sentence for an unknown one.
    """
    if kind:
        return None if kind == "html" else _read_kind(kind)
    name = output.name.lower() if output and not output.is_dir() else ""
    if "." not in name:
        return None
    found = find_file_kind(name)
    if found is None and not name.endswith((".html", ".htm")):
        listed = ", ".join((".html", *ENDINGS))
        raise ValueError(str(make_text("unknown_ending", file=str(output), endings=listed)))
    return found


def _read_kind(name: str) -> ExportKind:
    for kind in EXPORT_KINDS:
        if kind == name:
            return kind
    raise ValueError(str(make_text("unknown_kind", kind=name, kinds=", ".join(("html", *EXPORT_KINDS)))))


def check_no_options(options: argparse.Namespace) -> None:
    """Raises ValueError for options of other files where the file is HTML."""
    names = ("show", "pace", "film_size", "seconds", "once", "aspect", "blank", "paper", "values")
    given = [f"--{name.replace('_', '-')}" for name in names if getattr(options, name)]
    if given:
        raise ValueError(str(make_text("html_has_no_options", options=", ".join(given))))


def read_export_options(kind: ExportKind, options: argparse.Namespace) -> ExportOptions:
    """Read the options of a file from the command line. Raises ValueError with a sentence for each wrong one."""
    given = {name: getattr(options, name) for name in OPTION_NAMES if getattr(options, name, None)}
    if options.film_size:
        width, _, height = options.film_size.partition("x")
        given |= {"width": width, "height": height}
    if options.once:
        given["repeat"] = "0"
    read, problems = read_options(kind, given)
    if problems:
        raise ValueError("\n".join(problem.message for problem in problems))
    return read


def make_figure(request: FigureRequest, replacements: Replacements | None, base: str) -> ExportedFigure:
    """Compute the figure of a request. Raises ValueError with a sentence for an invalid link."""
    query, server = split_link(request.link)
    figure = compute_figure(query, replacements)
    curve = measure_response(figure.answer, figure.view, figure.compute).curve
    return ExportedFigure.from_answer(figure.answer, figure.view, base or server, curve)


def export_one(
    request: FigureRequest, options: ExportOptions, place: Path, replacements: Replacements | None, base: str
) -> Path:
    """Write the file of a figure, or put it under its own name into a folder; return its path."""
    bar = _make_bar(place.name or options.kind)
    made = write_export(make_figure(request, replacements, base), options, ANY_LENGTH, bar)
    return _save(made.data, place / _name(request, made) if place.is_dir() else place)


def export_deck(
    requests: Sequence[FigureRequest],
    options: ExportOptions,
    place: Path,
    replacements: Replacements | None,
    base: str,
) -> Path:
    """Write one file with all figures of a list, a slide or a page for each. Raises ValueError for an invalid link."""
    figures = [make_figure(request, replacements, base) for request in requests]
    return _save(write_deck(figures, options), place)


def export_all(
    requests: Sequence[FigureRequest],
    options: ExportOptions,
    folder: Path,
    replacements: Replacements | None,
    base: str,
) -> Iterator[RenderResult]:
    """Write a file for each figure of a list; an invalid link does not stop the others."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[str] = set()
    for request in requests:
        try:
            made = write_export(make_figure(request, replacements, base), options, ANY_LENGTH)
        except ValueError as error:
            yield RenderResult(request, error=str(error))
            continue
        file = folder / make_unique_name(_name(request, made), taken, options.format.suffix)
        yield RenderResult(request, _save(made.data, file))


def _name(request: FigureRequest, made: ExportFile) -> str:
    suffix = "".join(Path(made.name).suffixes) if "-latex" not in made.name else "-latex.zip"
    return f"{slugify(request.name)}{suffix}" if request.name else made.name


def _save(data: bytes, file: Path) -> Path:
    """Write a file, so that nobody sees half of it."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as part:
        part.write(data)
    os.chmod(part.name, 0o644)
    os.replace(part.name, file)
    return file


def _make_bar(name: str) -> Callable[[int, int], None]:
    """A progress bar of the pictures of a film."""
    bars: list[FileProgressBar] = []

    def tell(done: int, all: int) -> None:
        if not bars:
            bars.append(FileProgressBar(all, sys.stderr))
        bars[0].advance(name)

    return tell
