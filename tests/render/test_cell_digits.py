"""Which numbers stand in the cells of the picture of a figure: those of the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.render.figure_content.cell_digits import choose_digit_size, choose_lines, choose_map_digits, list_number_texts

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "cell_digits.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("value", "texts"), GOLDEN["texts"])
def test_a_number_is_rounded_to_three_and_then_to_two_digits_and_never_before_its_point(value, texts):
    assert list_number_texts(value) == texts


@pytest.mark.parametrize(("cell", "texts", "line"), GOLDEN["lines"])
def test_each_cell_shows_its_number_where_twelve_points_fit_and_leaves_it_out_elsewhere(cell, texts, line):
    assert choose_lines([texts], cell) == (None if line is None else [line])


@pytest.mark.parametrize(("cell", "longest", "count", "size"), GOLDEN["sizes"])
def test_the_font_has_air_beside_its_lines_unless_it_were_too_small(cell, longest, count, size):
    assert choose_digit_size(cell, longest, count) == pytest.approx(size, abs=0.001)


def test_one_long_number_takes_no_digits_from_the_other_cells():
    digits = choose_map_digits([[list_number_texts(value)] for value in (-1234567, 7, 7)], 30)
    assert digits is not None
    assert digits.lines == [None, ["7"], ["7"]]


def test_a_picture_of_many_cells_shows_none_however_large_they_are():
    assert choose_map_digits([[["7"]]] * 400, 40) is not None
    assert choose_map_digits([[["7"]]] * 441, 40) is None
