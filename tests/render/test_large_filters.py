"""The largest terms of a filter that is as large as a picture."""

from __future__ import annotations

import pytest

from app.render.figure_content.large_filters import subtract_texts


@pytest.mark.parametrize(
    ("total", "terms", "rest"),
    [
        ("1.4161", ["+0.0142", "+0.0137", "−0.0135"], "+1.4017"),
        ("−3", ["+2", "0"], "−5"),
        ("8.772e13", ["−0.267e13", "+0.202e13"], "+8.837e13"),
        ("0.012e−5", ["+0.030e−5"], "−0.018e−5"),
        ("0.50", ["+0.25", "+0.25"], "0"),
    ],
)
def test_the_other_terms_are_what_is_missing_of_the_written_sum(total: str, terms: list[str], rest: str):
    assert subtract_texts(total, terms) == rest
