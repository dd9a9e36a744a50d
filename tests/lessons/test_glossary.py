"""The glossary: what each term says and shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from app.lessons.glossary import TERMS, read_glossary
from app.local_lab import compute_figure
from app.resources import UnusableFile


@pytest.mark.parametrize("name", TERMS)
def test_the_figure_of_a_term_opens_without_a_problem(name: str) -> None:
    figure = compute_figure(TERMS[name].link.removeprefix("?"))
    assert [problem.message for problem in figure.answer.problems] == []


def test_each_term_has_one_sentence_that_one_can_take_in() -> None:
    for term in TERMS.values():
        assert term.sentence.endswith("."), term.name
        assert len(term.sentence.split()) <= 25, term.name


def test_terms_stand_in_the_order_of_the_alphabet() -> None:
    titles = [term.title.lower().replace("1×1", "one") for term in TERMS.values()]
    assert titles == sorted(titles)


@pytest.mark.parametrize(
    ("rows", "wrong"),
    [
        ([{"name": "x"}], "fields"),
        ([{"name": "x", "title": "X", "sentence": "X.", "link": "?", "others": []}] * 2, "two terms"),
    ],
)
def test_a_damaged_table_is_refused_with_its_row(tmp_path: Path, rows: object, wrong: str) -> None:
    file = tmp_path / "glossary.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    with pytest.raises(UnusableFile, match=wrong):
        read_glossary(file)


def test_the_help_of_the_page_links_only_terms_of_the_glossary() -> None:
    strings = Path(__file__).resolve().parents[2] / "static/pure/strings/help-strings.js"
    linked = re.findall(r"\]\(([a-z0-9-]+)\)", strings.read_text(encoding="utf-8"))
    assert linked
    assert set(linked) <= TERMS.keys()
