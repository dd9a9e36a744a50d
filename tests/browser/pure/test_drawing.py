"""A stroke on a sheet, against the test drawings' own pen; steps that are taken back; a PNG that is read again."""

from __future__ import annotations

import numpy as np
import pytest

from tests.browser.pure_page import Run
from tests.drawings import HANDS, trace, write_digit

IMPORT = """
  const [ink, sheets, steps, link, png] = await Promise.all(
    ["link/drawing/stroke", "link/drawing/sheet", "link/drawing/undo", "files/picture-in-link", "files/read-png"]
      .map((name) => import(`convoscope/pure/${name}.js`)));
"""


@pytest.mark.parametrize("hand", range(len(HANDS)))
def test_the_pen_inks_the_cells_that_the_pen_of_the_test_drawings_inks(run: Run, hand: int):
    generator = np.random.default_rng(hand)
    for digit in range(10):
        strokes, pen = write_digit(HANDS[hand], digit, generator)
        points = [[{"row": row, "col": col, "width": pen} for row, col in stroke.tolist()] for stroke in strokes]
        planes = run(
            f"""{IMPORT}
            const drawn = given.reduce((sheet, points) => sheets.drawStroke(sheet, {{points, erases: false}}, 255),
              sheets.blankSheet());
            return drawn.planes;
            """,
            points,
        )
        expected = trace(strokes, pen, 28)
        assert np.abs(np.array(planes[0], int) - expected).max() <= 1, digit


def test_a_dot_of_one_cell_inks_that_cell_alone_and_a_pen_that_grows_inks_more(run: Run):
    dot, line = run(
        f"""{IMPORT}
        const dot = ink.inkOfStroke([{{row: 1.5, col: 2.5, width: 1}}], 3, 4);
        const line = ink.inkOfStroke([{{row: 2.5, col: 0.5, width: 1}}, {{row: 2.5, col: 6.5, width: 5}}], 5, 7);
        return [[...dot], [...line]];
        """
    )
    assert dot == [1.0 if at == 6 else 0.0 for at in range(12)]
    columns = np.array(line).reshape(5, 7).sum(axis=0)
    assert columns[0] < columns[3] < columns[6]


def test_the_eraser_takes_its_share_and_cells_that_are_not_reached_keep_their_text(run: Run):
    planes, ink = run(
        f"""{IMPORT}
        const sheet = {{planes: [[["0.50", "1/2", "9"], ["1", "2", "-3.0"]]], divisor: 1}};
        const full = sheets.fullInk(sheet);
        const drawn = sheets.drawStroke(sheet, {{points: [{{row: 1.5, col: 0.5, width: 1}}], erases: false}}, full);
        const erased = sheets.drawStroke(drawn, {{points: [{{row: 0.5, col: 2.5, width: 1}}], erases: true}}, full);
        return [erased.planes, full];
        """
    )
    assert ink == 9
    assert planes == [[["0.50", "1/2", "0"], ["9", "2", "-3.0"]]]


def test_what_was_taken_back_comes_again_and_back_in_the_browser_finds_its_step(run: Run):
    found = run(
        f"""{IMPORT}
        const all = ["b", "c"].reduce(steps.doStep, steps.firstStep("a"));
        const back = steps.undoStep(all);
        return [back, steps.redoStep(back), steps.undoStep(steps.firstStep("a")), steps.goToStep(all, "a"),
          steps.goToStep(steps.goToStep(all, "a"), "c"), steps.goToStep(all, "new")];
        """
    )
    assert found == [
        {"now": "b", "past": ["a"], "future": ["c"]},
        {"now": "c", "past": ["a", "b"], "future": []},
        {"now": "a", "past": [], "future": []},
        {"now": "a", "past": [], "future": ["c", "b"]},
        {"now": "c", "past": ["a", "b"], "future": []},
        {"now": "new", "past": ["a", "b", "c"], "future": []},
    ]


@pytest.mark.parametrize(("rows", "columns"), [(28, 28), (1, 1), (64, 13)])
def test_a_drawing_is_the_same_behind_a_link(run: Run, rows: int, columns: int):
    cells = np.random.default_rng(rows).integers(0, 256, (rows, columns)).tolist()
    found = run(
        f"""{IMPORT}
        const sheet = {{planes: [given.map((line) => line.map(String))], divisor: 1}};
        const found = link.readPicture(link.fragmentOf(await link.encodePng(sheets.pixelsOf(sheet))));
        return sheets.sheetOfPixels(await png.readGrayPng(found.png)).planes[0].map((line) => line.map(Number));
        """,
        cells,
    )
    assert found == cells


def test_a_png_of_another_kind_is_no_drawing(run: Run):
    found = run(
        f"""{IMPORT}
        const color = await link.encodePng({{rows: 1, columns: 2, channels: 3, bytes: new Uint8Array(6)}});
        const gray = await link.encodePng({{rows: 1, columns: 2, channels: 1, bytes: new Uint8Array(2)}});
        return [await png.readGrayPng(color), await png.readGrayPng(gray.slice(0, 40)), await png.readGrayPng(gray)];
        """
    )
    assert found[:2] == [None, None]
    assert found[2]["rows"] == 1
