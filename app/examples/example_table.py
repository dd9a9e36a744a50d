"""The table of examples: `examples.json`, topics in their order, each with its examples.

An example has a `name` for its address, a `title`, one `sentence`, and the `link` of its figure. `words` are further
words that a search finds it by. `page` names the page that its link is for: the Lab, if it is left out, `filters`, or
`compare`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..core.texts import add_catalogue
from ..resources import UnusableFile, find_resource

TABLE_FILE = "examples/examples.json"
NAME_PATTERN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PAGES = ("", "filters", "compare")
MUST_HAVE, MAY_HAVE = {"name", "title", "sentence", "link"}, {"words", "page"}


@dataclass(frozen=True, slots=True)
class Example:
    """One figure: `link` is its query string, `page` the page that it opens, "" for the Lab."""

    name: str
    title: str
    sentence: str
    link: str
    words: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """Examples that belong together, under one heading."""

    name: str
    title: str
    sentence: str
    examples: tuple[Example, ...]


def read_examples(path: Path) -> tuple[Topic, ...]:
    """Read the table. Raises UnusableFile, with the row and what is wrong with it."""
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise UnusableFile(f"{path} cannot be read: {reason}.") from reason
    topics = tuple(_make_topic(path, row) for row in table["topics"])
    names = [name for topic in topics for name in (topic.name, *(one.name for one in topic.examples))]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UnusableFile(f"{path}: {twice[0]} is the name of two rows; every name must be another.")
    return topics


def _make_topic(path: Path, row: Mapping[str, Any]) -> Topic:
    examples = tuple(_make_example(path, one) for one in row["examples"])
    _check_name(path, row["name"])
    return Topic(row["name"], row["title"], row["sentence"], examples)


def _make_example(path: Path, row: Mapping[str, Any]) -> Example:
    name = row.get("name", "")
    missing, unknown = MUST_HAVE - row.keys(), row.keys() - MUST_HAVE - MAY_HAVE
    if missing or unknown:
        what = f"{sorted(missing)[0]} is missing" if missing else f"{sorted(unknown)[0]} is no field"
        raise UnusableFile(f"{path}: in the example {name or '(no name)'}, {what}.")
    _check_name(path, name)
    if row.get("page", "") not in PAGES:
        raise UnusableFile(f"{path}: the page of {name} is {row['page']}, but must be filters, compare or left out.")
    return Example(**row)


def _check_name(path: Path, name: str) -> None:
    if not NAME_PATTERN.fullmatch(name):
        raise UnusableFile(f"{path}: {name!r} is no name: small letters and digits, with single hyphens between them.")


def _list_texts(topics: Sequence[Topic]) -> Iterator[tuple[str, str]]:
    rows: list[Topic | Example] = [*topics, *(one for topic in topics for one in topic.examples)]
    for row in rows:
        yield f"title_example_{row.name}", row.title
        yield f"sentence_example_{row.name}", row.sentence


EXAMPLES = read_examples(find_resource(TABLE_FILE))
"""The topics of the examples that come with the program."""
add_catalogue(dict(_list_texts(EXAMPLES)))
