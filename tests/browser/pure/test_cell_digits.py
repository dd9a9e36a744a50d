"""Which numbers stand in the cells of a map, and where the lens beside it lies."""

from __future__ import annotations

import json

import pytest

from tests.browser.pure_page import CHECKOUT, Run

GOLDEN = json.loads((CHECKOUT / "tests" / "golden" / "cell_digits.json").read_text(encoding="utf-8"))

DIGITS = 'const D = await import("convoscope/pure/maps/cell-digits.js");'
LOUPE = 'const U = await import("convoscope/pure/maps/loupe-place.js");'


def test_a_number_is_rounded_to_three_and_then_to_two_digits_and_never_before_its_point(run: Run):
    values = [value for value, _ in GOLDEN["texts"]]
    said = run(f"{DIGITS} return {json.dumps(values)}.map((value) => D.numberTexts(value));")
    assert said == [texts for _, texts in GOLDEN["texts"]]


def test_each_cell_shows_its_number_where_twelve_pixels_fit_and_leaves_it_out_elsewhere(run: Run):
    cases = [[cell, texts] for cell, texts, _ in GOLDEN["lines"]]
    said = run(
        f"{DIGITS} return {json.dumps(cases)}.map(([cell, texts]) => D.linesInCell([texts], cell)?.[0] ?? null);"
    )
    assert said == [line for _, _, line in GOLDEN["lines"]]


def test_the_font_has_air_beside_its_lines_unless_it_were_too_small(run: Run):
    cases = [case[:3] for case in GOLDEN["sizes"]]
    said = run(f"{DIGITS} return {json.dumps(cases)}.map((case_) => D.digitSize(...case_));")
    assert said == pytest.approx([size for *_, size in GOLDEN["sizes"]], abs=0.001)


def test_no_font_is_below_twelve_pixels_and_no_line_is_wider_than_its_cell(run: Run):
    wrong = run(
        f"""{DIGITS} const wrong = [];
        for (const zoom of [1, 1.6]) for (let cell = 8; cell <= 96; cell += 0.5) for (const count of [1, 3]) {{
          const values = [0.12345, -1020, 7, 99999.5].map((value) => D.numberTexts(value));
          const texts = (row, col) => Array.from({{length: count}}, (_, i) => values[(col + i) % 4]);
          const shown = D.mapDigits({{rows: 2, columns: 4, cell, zoom}}, texts);
          if (!shown) continue;
          const longest = Math.max(...shown.lines.flatMap((lines) => (lines ?? []).map((line) => line.length)));
          if (shown.size < 12 * zoom - 1e-9) wrong.push([cell, zoom, count, shown.size]);
          if (longest * 0.6 * shown.size > cell) wrong.push([cell, zoom, count, "wide"]);
          if (((count - 1) * 0.86 + 0.73) * shown.size > cell) wrong.push([cell, zoom, count, "high"]);
        }}
        return wrong.slice(0, 5);"""
    )
    assert wrong == []


def test_one_long_number_takes_no_digits_from_the_other_cells(run: Run):
    said = run(
        f"""{DIGITS} const texts = (row, col) => [D.numberTexts(col ? 7 : -1234567)];
        return D.mapDigits({{rows: 1, columns: 3, cell: 30, zoom: 1}}, texts).lines;"""
    )
    assert said == [None, ["7"], ["7"]]


def test_a_picture_of_many_cells_shows_none_however_large_they_are(run: Run):
    said = run(
        f"""{DIGITS} return [20, 21, 32].map((side) =>
          D.mapDigits({{rows: side, columns: side, cell: 40, zoom: 1}}, () => [["7"]]) !== null);"""
    )
    assert said == [True, False, False]


def test_the_lens_shows_seven_by_seven_cells_and_is_cut_at_the_edge_of_the_map(run: Run):
    said = run(
        f"""{LOUPE} return [[10, 10], [0, 1], [31, 29]].map(([row, col]) => {{
          const block = U.loupeBlock({{row, col}}, 32, 30);
          return [block.row, block.col, block.rows, block.columns];
        }});"""
    )
    assert said == [[7, 7, 7, 7], [0, 0, 4, 5], [28, 26, 4, 4]]


def test_the_lens_lies_in_the_page_and_beside_its_window_wherever_that_is(run: Run):
    wrong = run(
        f"""{LOUPE} const wrong = [];
        for (const [width, height] of [[1280, 720], [390, 844], [844, 390]]) for (const isTouch of [false, true])
        for (let x = 0; x <= width - 40; x += 38) for (let y = 0; y <= height - 40; y += 35) {{
          const own = {{x, y, width: 40, height: 40}}, size = {{width: 220, height: 230}};
          const others = [{{x: width / 2 - 100, y: 100, width: 200, height: 300}}];
          const at = U.placeLoupe(size, own, others, {{width, height}}, isTouch);
          const inside = at.x >= 0 && at.y >= 0 && at.x + 220 <= width && at.y + 230 <= height;
          const apart = at.x >= x + 40 || at.x + 220 <= x || at.y >= y + 40 || at.y + 230 <= y;
          if (!inside || !apart) wrong.push([width, isTouch, x, y, at]);
        }}
        return wrong.slice(0, 3);"""
    )
    assert wrong == []
