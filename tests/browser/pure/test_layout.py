"""Where cells and rulers stand in a figure of any size."""

from __future__ import annotations

from tests.browser.pure_page import Run


def test_the_cell_under_the_centre_of_a_cell_is_that_cell_at_every_size(run: Run):
    wrong = run(
        """const wrong = [];
        for (const rows of [1, 3, 7, 30, 64, 257]) for (const columns of [1, 5, 32, 300]) {
          for (const dpr of [1, 1.25, 1.5, 2, 3]) for (const fit of [false, true])
          for (const padding of [[0, 0, 0, 0], [1, 2, 0, 3]]) {
            const layout = L.figureLayout({width: 344, height: 371, dpr, fit, input: {rows, columns, padding},
              output: {rows: Math.ceil(rows / 2), columns: Math.ceil(columns / 3), width: 300}});
            for (const map of ["input", "output"]) {
              const it = layout[map], [top, bottom, left, right] = it.padding, name = [rows, columns, dpr, map, fit];
              const {x, y, width, height} = it.whole;
              const between = (length) => Math.abs(length * dpr - Math.round(length * dpr)) > 1e-6;
              if (x + width > 344.01 || y + height > 371.01) wrong.push([...name, "outside"]);
              for (let row = -top; row < it.rows + bottom; row += Math.max(1, it.rows >> 3)) {
                for (let col = -left; col < it.columns + right; col += Math.max(1, it.columns >> 3)) {
                  const at = L.rect(layout, map, row, col), middle = L.centerOf(at);
                  if (!it.image && (between(at.x) || between(at.width))) wrong.push([...name, row, "between pixels"]);
                  const cell = L.cellAt(layout, map, middle.x, middle.y);
                  if (cell?.row !== row || cell.col !== col) wrong.push([...name, row, col, cell]);
                }
              }
              for (const [px, py] of [[x - 0.01, y], [x, y - 0.01], [x + width + 0.01, y], [x, y + height + 0.01]]) {
                if (L.cellAt(layout, map, px, py)) wrong.push([...name, "a cell outside"]);
              }
            }
            if (!fit && layout.input.cell !== layout.output.cell) wrong.push([rows, columns, dpr, "two cell sizes"]);
          }
        }
        return wrong.slice(0, 5);"""
    )
    assert wrong == []


def test_rulers_count_in_eights_when_cells_are_small_and_name_each_when_they_are_large(run: Run):
    said = run(
        """const ticks = (n) => L.figureLayout({width: 352, height: 346, dpr: 1, input: {rows: n, columns: n},
          output: {rows: n, columns: n}}).input.ticks.rows.map(({index}) => index);
        return [ticks(7), ticks(32), ticks(256)];"""
    )
    assert said == [list(range(7)), [0, 8, 16, 24], [0, 64, 128, 192]]
