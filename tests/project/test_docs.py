"""The documents hold together: links lead somewhere, tables are whole, files that are named exist."""

from __future__ import annotations

import itertools
import re
import struct
from pathlib import Path

import pytest

from app import __version__
from tests.documents import (
    DOCS,
    DOCUMENTS,
    README,
    anchors_of,
    cells_of,
    code_words_of,
    codes_of,
    headings_of,
    links_of,
    name_of,
    page,
    tables_of,
    text_of,
    tokens_of,
)
from tests.serving import CHECKOUT

every_document = pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
every_page = pytest.mark.parametrize("path", DOCS, ids=name_of)
PATH = re.compile(r"(?:app|static|templates|tests|sample_images|docs)/[\w./-]*")
LAYOUT = re.compile(r"<!-- layout: begin -->.*<!-- layout: end -->", re.DOTALL)
LONG = 100
"""Lines of a page that has a list of contents."""


@every_document
def test_every_link_leads_to_a_file_and_a_heading_that_exist(path: Path):
    wrong = []
    for link in links_of(path):
        if re.match(r"[a-z]+:", link):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.is_file() or (anchor and anchor not in anchors_of(target)):
            wrong.append(link)
    assert wrong == []


@every_document
def test_a_link_to_another_site_is_whole(path: Path):
    named = [link for link in links_of(path) if re.match(r"[a-z]+:", link)]
    assert [link for link in named if not re.fullmatch(r"https://[\w./-]+", link)] == []


@every_document
def test_every_line_of_a_table_belongs_to_a_table_with_a_head(path: Path):
    lines = text_of(path).splitlines()
    of_code = {n for token in tokens_of(path) if token.type == "fence" and token.map for n in range(*token.map)}
    of_tables = {n for token in tokens_of(path) if token.type == "table_open" and token.map for n in range(*token.map)}
    begun = {n for n, line in enumerate(lines) if line.lstrip().startswith("|")}
    assert [n + 1 for n in sorted(begun - of_code - of_tables)] == []


@every_document
def test_every_row_of_a_table_has_as_many_cells_as_its_head(path: Path):
    for table in tables_of(path):
        assert [row for row in table.rows if len(row) != len(table.head)] == []


def test_a_row_is_split_where_a_reader_sees_a_border():
    assert cells_of(r"| `a \| b` | c |") == ("`a | b`", "c")


@every_document
def test_a_document_has_one_title(path: Path):
    levels = [level for level, _ in headings_of(path)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@every_page
def test_a_page_begins_with_whom_it_is_for(path: Path):
    assert re.match(r"# [^\n]+\n\nThis page is for ", text_of(path))


@every_page
def test_a_long_page_lists_its_contents(path: Path):
    if text_of(path).count("\n") < LONG:
        return
    contents = text_of(path).partition("\n## ")[0]
    listed = set(re.findall(r"\]\(#([^)]+)\)", contents))
    sections = [words for level, words in headings_of(path) if level == 2]
    assert [words for words in sections if re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-") not in listed] == []


@every_document
def test_every_block_of_code_says_its_language(path: Path):
    assert [code.place for code in codes_of(path) if not code.language] == []


def test_the_readme_leads_to_every_page():
    assert {f"docs/{path.name}" for path in DOCS} <= set(links_of(README))


def test_the_readme_is_short_and_begins_with_the_picture_and_the_two_commands():
    text = text_of(README)
    picture, run, test = (text.index(part) for part in ("](docs/lab.png)", "make run", "make test"))
    assert picture < run < test < text.index("\n## ")
    assert text.count("\n") <= 140


def test_the_picture_is_as_sharp_as_a_page_needs_it_and_no_heavier():
    data = (CHECKOUT / "docs" / "lab.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert width / height == 1440 / 900
    assert width >= 1.5 * 1440
    assert len(data) < 250_000


@every_document
def test_every_file_that_a_document_names_exists(path: Path):
    if path.name == "CHANGELOG.md":  # which tells of files that are gone
        return
    planned = set(named_in(LAYOUT.findall(text_of(path))))
    named = {word for word in code_words_of(path) if PATH.fullmatch(word)} - planned
    assert [word for word in sorted(named) if not (CHECKOUT / word).exists()] == []


def named_in(texts: list[str]) -> list[str]:
    return [word for text in texts for word in re.findall(r"`([^`]+)`", text) if PATH.fullmatch(word)]


def test_the_map_names_every_folder_and_what_it_names_exists():
    named = named_in(LAYOUT.findall(text_of(page("architecture"))))
    assert [word for word in named if not (CHECKOUT / word).exists()] == []
    packages = [path.parent for path in (CHECKOUT / "app").rglob("*/__init__.py")]
    folders = packages + [path for path in (CHECKOUT / "static").iterdir() if path.is_dir()]
    assert [
        name for path in sorted(folders) if (name := f"{path.relative_to(CHECKOUT).as_posix()}/") not in named
    ] == []


def test_the_citation_names_this_version_and_its_date():
    yaml = pytest.importorskip("yaml", reason="PyYAML reads CITATION.cff")
    said = yaml.safe_load((CHECKOUT / "CITATION.cff").read_text(encoding="utf-8"))
    assert said["cff-version"] == "1.2.0"
    assert said["version"] == __version__
    assert f"## [{__version__}] - {said['date-released']}" in text_of(CHECKOUT / "CHANGELOG.md")
    assert said["license"] == "MIT"
    assert said["type"] == "software"
    assert {"title", "message", "abstract", "authors", "keywords"} <= set(said)
    assert [list(author) for author in said["authors"]] == [["name"]]
    assert set(re.findall(r"convoscope-([\d.]+)-py3", text_of(page("operations")))) == {__version__}
    assert f"version {__version__}, {said['date-released'].year}" in text_of(README).replace("\n", " ")
