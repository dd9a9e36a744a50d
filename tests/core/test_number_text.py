"""Numbers as texts, held to numbers written with Python's decimal module."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from app.core.number_text import (
    add_plus_sign,
    bracket_negative,
    format_number,
    format_percent,
    format_short_number,
    is_text_full,
)

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "number_text.json").read_text(encoding="utf-8"))


def test_every_number_is_written_as_the_law_says():
    wrong = [
        (value, format_number(value), format_short_number(value))
        for value, line, cell in GOLDEN["numbers"]
        if (format_number(value), format_short_number(value)) != (line, cell)
    ]
    assert wrong == []


def test_shares_are_written_in_percent():
    assert [[share, format_percent(share)] for share, _ in GOLDEN["percents"]] == GOLDEN["percents"]


@pytest.mark.parametrize(("value", "text"), [(math.nan, "?"), (math.inf, "∞"), (-math.inf, "−∞")])
def test_what_is_no_number_has_a_sign_of_its_own(value: float, text: str):
    assert format_number(value) == text


def test_signs_and_brackets_follow_the_number():
    assert [add_plus_sign(text) for text in ("0", "0.000", "0.001", "−3", "1.2e−5")] == [
        *("0", "0.000", "+0.001", "−3", "+1.2e−5")
    ]
    assert [bracket_negative(text) for text in ("3", "−3")] == ["3", "(−3)"]


@pytest.mark.parametrize(
    ("value", "in_full"), [(0.10000000149011612, False), (0.25, True), (12345678.0, True), (2 / 3, False)]
)
def test_a_text_is_full_where_it_says_all_of_the_number(value: float, in_full: bool):
    assert is_text_full(value) == in_full
