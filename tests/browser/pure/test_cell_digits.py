"""Which numbers stand in the cells of a map, and where the lens beside it lies."""

from __future__ import annotations

from tests.browser.pure_page import Run

DIGITS = 'const D = await import("convoscope/pure/maps/cell-digits.js");'
LOUPE = 'const U = await import("convoscope/pure/maps/loupe-place.js");'


def test_a_number_is_rounded_to_three_and_then_to_two_digits_and_never_before_its_point(run: Run):
    said = run(
        f"""{DIGITS} return [0, 110, -473, 0.123456, -12.345, 99.96, 1234.5, 1250000, 0.00012345, 1.5e-7, 65504.25]
          .map((value) => D.numberTexts(value));"""
    )
    assert said == [
        ["0"],
        ["110"],
        ["−473"],
        ["0.123", "0.12"],
        ["−12.3", "−12"],
        ["100.0", "100"],
        ["1234.5", "1235"],
        ["1250000", "1.3e6"],
        ["0.000123", "0.00012"],
        ["1.5e−7"],
        ["65504.3", "65504"],
    ]


def test_each_cell_shows_its_number_where_twelve_pixels_fit_and_leaves_it_out_elsewhere(run: Run):
    said = run(
        f"""{DIGITS} return [[25, ["7"]], [26, ["7"]], [26, ["110"]], [30, ["−473"]], [32, ["−473"]], [40, ["−1020"]],
          [32, ["0.123", "0.12"]], [45, ["0.123", "0.12"]], [20, ["0"]]]
          .map(([cell, texts]) => D.linesInCell([texts], cell)?.[0] ?? null);"""
    )
    assert said == [None, "7", "110", None, "−473", "−1020", "0.12", "0.123", None]


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
