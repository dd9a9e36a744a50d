"""Reads what was chosen for a file, in the same way for the command, the HTTP interface and notebooks."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ..core.messages import join_names, make_range
from ..core.problems import Problem, make_problem
from ..core.scene import Pair
from ..core.texts import Text, add_catalogue, make_text
from .export_options import (
    ASPECTS,
    EXPORT_KINDS,
    FILM_SIZE,
    FORMATS,
    LEAST_SIDE,
    MOST_BLANK,
    MOST_SIDE,
    PAPERS,
    VALUES,
    ExportKind,
    ExportOptions,
)
from .film.film_plan import LEAST_SECONDS, MOST_SECONDS, PACES, USUAL_SECONDS

READER_TEXTS = add_catalogue(
    {
        "export_value": "{field} is {value}; it can be {allowed}.",
        "export_option": "A file of the kind {kind} has no option {field}; it has {allowed}.",
        "export_no_options": "none",
        "export_cells": "cells as row,column with a semicolon between them, such as 0,0;1,2, at most {most}",
    }
)
OPTION_NAMES = ("show", "pace", "width", "height", "seconds", "repeat", "aspect", "blank", "paper", "values")


def read_options(kind: str, given: Mapping[str, str]) -> tuple[ExportOptions, tuple[Problem, ...]]:
    """Read the options of a file. Law: nothing is replaced in silence; a problem says what is allowed."""
    reader = _OptionReader(given)
    known = reader.read_kind(kind)
    if known is None:
        return ExportOptions("pdf"), tuple(reader.problems)
    format = FORMATS[known]
    for name in given:
        if name not in format.options:
            allowed = join_names(format.options) if format.options else make_text("export_no_options")
            reader.problems.append(make_problem("export_option", name, given[name], allowed, kind=known))
    options = ExportOptions(
        known,
        reader.read_choice("show", format.shows, ""),
        reader.read_choice("pace", PACES, ""),
        (
            reader.read_whole("width", LEAST_SIDE, MOST_SIDE, FILM_SIZE[0]),
            reader.read_whole("height", LEAST_SIDE, MOST_SIDE, FILM_SIZE[1]),
        ),
        reader.read_whole("seconds", LEAST_SECONDS, MOST_SECONDS, USUAL_SECONDS),
        reader.read_choice("repeat", ("0", "1"), "1") == "1",
        reader.read_choice("aspect", ASPECTS, ASPECTS[0]),
        reader.read_cells("blank"),
        reader.read_choice("paper", PAPERS, PAPERS[0]),
        reader.read_choice("values", VALUES, VALUES[0]),
    )
    return options, tuple(reader.problems)


class _OptionReader:
    """Reads single options and collects their problems."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self._given = given
        self.problems: list[Problem] = []

    def read_kind(self, kind: str) -> ExportKind | None:
        for known in EXPORT_KINDS:
            if known == kind:
                return known
        self._refuse("kind", kind, join_names(EXPORT_KINDS))
        return None

    def read_choice(self, name: str, choices: Collection[str], usual: str) -> str:
        text = self._given.get(name, usual)
        if text != usual and text not in choices and choices:
            self._refuse(name, text, join_names(tuple(choices)))
        return text

    def read_whole(self, name: str, least: int, most: int, usual: int) -> int:
        text = self._given.get(name, str(usual))
        value = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else -1
        if not least <= value <= most:
            self._refuse(name, text, make_range(least, most))
            return usual
        return value

    def read_cells(self, name: str) -> tuple[Pair, ...]:
        text = self._given.get(name, "")
        if not text:
            return ()
        cells = [_read_cell(part) for part in text.split(";")]
        known = tuple(cell for cell in cells if cell is not None)
        if len(known) < len(cells) or len(known) > MOST_BLANK:
            self._refuse(name, text, make_text("export_cells", most=MOST_BLANK))
            return ()
        return tuple(dict.fromkeys(known))

    def _refuse(self, name: str, value: str, allowed: Text | str) -> None:
        self.problems.append(make_problem("export_value", name, value[:60], allowed))


def _read_cell(text: str) -> Pair | None:
    row, _, column = text.partition(",")
    if not (row.isascii() and row.isdigit() and column.isascii() and column.isdigit() and len(text) <= 9):
        return None
    return int(row), int(column)
