"""The documents of the checkout as a reader sees them: their headings, links, tables and blocks of code."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.serving import CHECKOUT

MARKDOWN = MarkdownIt("commonmark").enable("table")
README = CHECKOUT / "README.md"
DOCS = sorted((CHECKOUT / "docs").glob("*.md"))
DOCUMENTS = [README, *DOCS, CHECKOUT / "CHANGELOG.md", *sorted((CHECKOUT / ".github").rglob("*.md"))]
SERVER = "http://127.0.0.1:8000"
"""Where the examples ask."""
SITE = "https://lab.example.org"
"""Where the examples for pages of others lead."""


@dataclass(frozen=True)
class Code:
    """A block of code: its language, its text, and where it is."""

    language: str
    text: str
    place: str


@dataclass(frozen=True)
class Table:
    """A table: its head and its rows, each cell as it is written, and the heading that it is under."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, name: str) -> list[str]:
        """The cells below a head."""
        return [row[self.head.index(name)] for row in self.rows]


def name_of(path: Path) -> str:
    """A document as tests call it."""
    return path.relative_to(CHECKOUT).as_posix()


def page(name: str) -> Path:
    """A page of docs/ by its name."""
    return CHECKOUT / "docs" / f"{name}.md"


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tokens_of(path: Path) -> list[Token]:
    return MARKDOWN.parse(text_of(path))


def _inlines(path: Path) -> Iterator[Token]:
    for token in tokens_of(path):
        if token.type == "inline":
            yield from token.children or []


def headings_of(path: Path) -> list[tuple[int, str]]:
    """Level and words of every heading."""
    tokens = tokens_of(path)
    pairs = itertools.pairwise(tokens)
    return [
        (int(token.tag[1]), "".join(child.content for child in text.children or []))
        for token, text in pairs
        if token.type == "heading_open"
    ]


def anchors_of(path: Path) -> set[str]:
    """What may stand behind the # of a link to a document, as forges make it of the headings."""
    found: set[str] = set()
    for _, words in headings_of(path):
        slug = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        number = next(n for n in range(100) if (f"{slug}-{n}" if n else slug) not in found)
        found.add(f"{slug}-{number}" if number else slug)
    return found


def links_of(path: Path) -> list[str]:
    """Where links and pictures lead."""
    found = [token.attrGet("href") or token.attrGet("src") for token in _inlines(path)]
    return [unquote(str(address)) for address in found if address]


def code_words_of(path: Path) -> list[str]:
    """What stands in backticks in the running text."""
    return [token.content for token in _inlines(path) if token.type == "code_inline"]


def codes_of(path: Path) -> list[Code]:
    """All blocks of code."""
    return [
        Code(token.info.strip(), token.content, f"{name_of(path)}:{(token.map or [0])[0] + 1}")
        for token in tokens_of(path)
        if token.type in ("fence", "code_block")
    ]


def codes(*languages: str) -> list[Code]:
    """The blocks of code of some languages in all documents."""
    return [code for path in DOCUMENTS for code in codes_of(path) if code.language in languages]


def cells_of(line: str) -> tuple[str, ...]:
    """The cells of a line of a table, as they are written."""
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip())[1:-1])


def tables_of(path: Path) -> list[Table]:
    """All tables."""
    lines = text_of(path).splitlines()
    found, heading = [], ""
    tokens = tokens_of(path)
    for token, after in zip(tokens, [*tokens[1:], None], strict=True):
        if token.type == "heading_open" and after is not None:
            heading = "".join(child.content for child in after.children or [])
        if token.type == "table_open" and token.map:
            start, end = token.map
            head, _, *rows = [cells_of(line) for line in lines[start:end] if line.strip()]
            found.append(Table(heading, head, tuple(rows)))
    return found


def table(path: Path, *head: str) -> Table:
    """The one table of a document with these heads."""
    (found,) = [one for one in tables_of(path) if one.head == head]
    return found


def plain(cell: str) -> str:
    """A cell that is one piece of code, without its backticks."""
    return cell.removeprefix("`").removesuffix("`")


def in_code(cell: str) -> list[str]:
    """What stands in backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)
