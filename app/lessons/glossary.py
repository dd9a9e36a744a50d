"""The glossary: each term of lessons and pages, in one sentence, with its other names and a figure that shows it.

The rows are in `glossary.json`, in the order of the page.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ..core.texts import add_catalogue, make_text
from ..resources import UnusableFile, find_resource

TABLE_FILE = "lessons/glossary.json"
FIELDS = {"name", "title", "sentence", "link", "others"}


@dataclass(frozen=True, slots=True)
class OtherName:
    """Another name of a term, and where it is used."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term: `name` is its place on the page (`/glossary#stride`), `link` that of a figure in the Lab."""

    name: str
    title: str
    sentence: str
    link: str
    others: tuple[OtherName, ...] = ()

    def write_title(self) -> str:
        """Its title in the current language."""
        return str(make_text(f"title_term_{self.name}"))

    def write_sentence(self) -> str:
        """Its sentence in the current language."""
        return str(make_text(f"sentence_term_{self.name}"))


def read_glossary(path: Path) -> Mapping[str, Term]:
    """Read the table. Raises UnusableFile, with the row and what is wrong with it."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise UnusableFile(f"{path} cannot be read: {reason}.") from reason
    terms: dict[str, Term] = {}
    for row in rows:
        term = _make_term(path, row)
        if term.name in terms:
            raise UnusableFile(f"{path}: {term.name} is the name of two terms; every name must be another.")
        terms[term.name] = term
    return MappingProxyType(terms)


def _make_term(path: Path, row: Mapping[str, Any]) -> Term:
    if row.keys() != FIELDS:
        raise UnusableFile(f"{path}: a term has the fields {', '.join(sorted(FIELDS))}, not {', '.join(sorted(row))}.")
    return Term(**{**row, "others": tuple(OtherName(**other) for other in row["others"])})


TERMS = read_glossary(find_resource(TABLE_FILE))
"""The terms by name, in the order of the page."""
add_catalogue(
    {
        code: text
        for term in TERMS.values()
        for code, text in ((f"title_term_{term.name}", term.title), (f"sentence_term_{term.name}", term.sentence))
    }
)
