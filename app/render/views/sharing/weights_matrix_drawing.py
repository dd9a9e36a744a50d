"""The layer as one big matrix: a row for each neuron of the map, a column for each cell of the flattened input.

The matrix times the input, plus b, is the map. `static/pure/tabs/sharing/weights-matrix.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ....core.number_text import bracket_negative
from ....core.scene import View
from ....core.views.sharing_values import SharingValues
from ....core.views.wires import NO_WIRE
from ...figure.primitives import Box, Rect
from ...figure.theme import Style
from ..blocks import Block, Run, mix, put_beside, stack, write_paragraph, write_runs
from ..tables import ROW, Rows, Spot, SpotTable, draw_table, measure_table
from .identity_colors import fill_of_weight
from .picture_parts import bracket_runs, draw_legend
from .sharing_texts import write_sharing_text
from .structure_picture import draw_structure

MOST_LINES, MOST_ENTRIES = 27, 27
"""The most rows and columns of a table, and the most wires of a row that are listed below a picture."""
PRESSES = 3
"""This step's row with its window, the product, plus b."""
SIZES = (19, 17, 15, 14, 13, 12)
LEAST_PICTURE = 120.0
GLANCE = 1.25
"""How far a table may exceed its room where the whole is shrunk afterwards."""
LOW_ROWS = 1.35
"""Height of a row where many must fit, in parts of the size of the texts."""


def draw_weights_matrix(style: Style, values: SharingValues, view: View, room: Box) -> Block:
    """Draw the matrix after the presses of a View: as a table with all numbers, or its structure and this row."""
    press = PRESSES if view.press is None else min(view.press, PRESSES)
    law, key = Block(), Block()
    if not style.is_glance:
        law = write_paragraph(style, "view-law", _write_law(values), room.width, 15, style.theme.muted)
        key = _draw_key(style, values, room.width)
    left = Box(0, 0, room.width, room.height - law.height - key.height - 20)
    body = _draw_product(style, values, press, left)
    if body is None:
        row = Block()
        if press and not style.is_glance:
            row = _write_row(style, values, press, room.width)
        high = max(LEAST_PICTURE, left.height - row.height - 10)
        body = stack((draw_structure(style, values, view, room.width, high, press), row), 8)
    return stack((law, body, key), 10)


def _write_law(values: SharingValues) -> str:
    wiring = values.wiring
    start = [write_sharing_text("sharing_matrix_shape", rows=wiring.neurons, columns=wiring.inputs)]
    if wiring.is_linear:
        law = write_sharing_text("sharing_linear", columns=wiring.inputs)
    else:
        if wiring.maps > 1:
            start.append(write_sharing_text("sharing_matrix_of_map", map=wiring.map, maps=wiring.maps))
        code = "sharing_big_matrix_one_wire" if wiring.weights == 1 else "sharing_big_matrix"
        law = write_sharing_text(code, columns=wiring.inputs, wired=wiring.weights)
        if wiring.neurons == 1 and wiring.weights == wiring.inputs:
            law = write_sharing_text("sharing_whole_filter", columns=wiring.inputs)
    divided = [write_sharing_text("sharing_sums_divided", divisor=values.divisor)] if values.divisor else []
    return " ".join([f"{', '.join(start)}:", law, *divided])


def _draw_key(style: Style, values: SharingValues, width: float) -> Block:
    """What a zero without a wire and equal weights mean, and which color is which weight."""
    if not values.wiring.is_shared:
        return write_paragraph(
            style, "view-legend", write_sharing_text("sharing_each_its_own"), width, 14, style.theme.muted
        )
    theme = style.theme
    least, most = values.wiring.count_copies()
    codes = ("sharing_equal_weight", "sharing_equal_weight_unlike")
    if most > 1:
        codes = ("sharing_equal_weights", "sharing_equal_weights_unlike")
    code = codes[least < most]
    texts = (
        ("0", theme.sunken, theme.muted, write_sharing_text("sharing_no_wire")),
        (values.names.weight(0), theme.surface, theme.text, write_sharing_text(code, least=least, most=most)),
    )
    parts: list[Block] = []
    for sign, fill, color, text in texts:
        line = style.write("view-key", (7, 14.5), sign, color, "mono", 13)
        box = Rect("view-key", Box(0, 0, line.width + 14, 20), fill, theme.edge, 0.75, 4)
        told = style.write("view-legend", (box.box.right + 8, 14.5), text, theme.text, "sans", 14)
        parts.append(Block((box, line, told), told.x + told.width, 20))
    return stack((put_beside(parts, 18), draw_legend(style, values, width)), 5)


def _draw_product(style: Style, values: SharingValues, press: int, room: Box) -> Block | None:
    """The matrix times the column of the input, plus b, as tables; None where it is too large to be read."""
    wiring = values.wiring
    if wiring.neurons > MOST_LINES or wiring.inputs > MOST_LINES:
        return None
    more = GLANCE if style.is_glance else 1.0
    tables = _make_tables(style, values, press)
    bias = _write_bias(style, values)
    for size in SIZES:
        for row in (ROW, LOW_ROWS):
            measured = [measure_table(style, rows, size, size * 1.6, row) for rows in tables]
            parts = [_mark_here(style, values, one, n, press) for n, one in enumerate(measured)]
            runs = ([("·", style.theme.text)], bias)
            signs = [_write_sign(style, runs[n], one, size) for n, one in enumerate(measured[1:])]
            body = put_beside([parts[0], *(block for pair in zip(signs, parts[1:], strict=True) for block in pair)], 10)
            if body.width <= room.width * more and body.height <= room.height * more:
                return body
    return None


def _make_tables(style: Style, values: SharingValues, press: int) -> list[Rows]:
    """The matrix, and after its presses the column of the input, and that of the map."""
    theme, wiring = style.theme, values.wiring
    inputs, window = range(wiring.inputs), _find_window(values) if press else set[int]()
    head = [
        Spot("view-head", ((write_sharing_text("sharing_row_head"), theme.text),), face="mono-bold", anchor="middle")
    ]
    for n in inputs:
        color = theme.input if n in window else theme.muted
        head.append(Spot("view-head", ((values.names.input(n), color),), face="mono-bold", anchor="middle"))
    tables: list[Rows] = [[head, *(_make_line(style, values, row) for row in range(wiring.neurons))]]
    if press > 1:
        soft = mix(theme.input, theme.surface, 0.12)
        column = [Spot("view-head", (("x", theme.text),), face="mono-bold", anchor="middle")]
        column += [Spot("view-input", ((values.input(n), theme.input),), soft if n in window else "") for n in inputs]
        tables.append([[spot] for spot in column])
    if press == PRESSES:
        column = [Spot("view-head", (("y", theme.text),), face="mono-bold", anchor="middle")]
        for row in range(wiring.neurons):
            text = values.output(row)
            runs = ((text, theme.output),) if text else ()
            column.append(Spot("view-map", runs, face="mono-bold", is_to_come=not text))
        tables.append([[spot] for spot in column])
    return tables


def _make_line(style: Style, values: SharingValues, row: int) -> list[Spot]:
    theme, wiring = style.theme, values.wiring
    entries: dict[int, list[int]] = {}
    for n, cell in enumerate(wiring.find_sources(row).tolist()):
        if cell >= 0:
            entries.setdefault(cell, []).append(n)
    line = [Spot("view-head", ((values.names.output(row), theme.text),), anchor="middle")]
    is_own = not wiring.is_linear or row == values.here
    for cell in range(wiring.inputs):
        weights = entries.get(cell, [])
        if not weights:
            line.append(Spot("view-matrix", (("0", theme.muted),), theme.sunken))
            continue
        texts = [values.weight(n) if is_own else values.weight_number(n, row) for n in weights]
        fill = fill_of_weight(weights[0], wiring.weights, theme.is_dark) if wiring.is_shared else theme.surface
        line.append(Spot("view-matrix", ((" + ".join(texts), theme.text),), fill))
    return line


def _find_window(values: SharingValues) -> set[int]:
    return {cell for cell in values.wiring.find_sources(values.here).tolist() if cell >= 0}


def _mark_here(style: Style, values: SharingValues, table: SpotTable, kind: int, press: int) -> Block:
    """A table with this step's row, or with the window of the step in the column of the input."""
    block = draw_table(style, table)
    if not press:
        return block
    rows = [values.here] if kind != 1 else sorted(_find_window(values))
    part = "view-row" if kind == 0 else "view-here"
    marks = tuple(Rect(part, table.find_row(row + 1), "", style.theme.text, 2) for row in rows)
    return replace(block, primitives=(*block.primitives, *marks))


def _write_bias(style: Style, values: SharingValues) -> list[Run]:
    ink = style.theme.text
    before = f"÷ {values.divisor} + " if values.divisor else "+ "
    return [(before, ink), *bracket_runs(values.bias, ink, ink), (" =", ink)]


def _write_sign(style: Style, runs: Sequence[Run], table: SpotTable, size: float) -> Block:
    """A sign between two tables, beside their first row of numbers."""
    y = table.row_height * 1.5
    lines = tuple(write_runs(style, "view-sign", (0, y), runs, "mono", size + 1, valign="middle"))
    return Block(lines, sum(one.width for one in lines), y + size)


def _write_row(style: Style, values: SharingValues, press: int, width: float) -> Block:
    """This step's row in numbers: as many of its wires as fit, then what it makes."""
    theme, wiring = style.theme, values.wiring
    sources = wiring.find_sources(values.here)
    wired = [n for n, cell in enumerate(sources.tolist()) if cell != NO_WIRE]
    size, table = 13.0, None
    for shown in range(min(MOST_ENTRIES, len(wired)), 0, -1):
        rows = _list_entries(style, values, wired[:shown], len(wired) > shown, press)
        table = measure_table(style, rows, size, row=1.5)
        if table.width <= width:
            break
    listed = draw_table(style, table) if table else Block()
    if press < PRESSES:
        return listed
    line = style.write("view-says", (0, 15), _write_sum(values), theme.text, "mono", 14)
    return stack((listed, Block((line,), line.width, 20)), 4)


def _list_entries(style: Style, values: SharingValues, shown: Sequence[int], has_more: bool, press: int) -> Rows:
    theme, wiring, is_dark = style.theme, values.wiring, style.theme.is_dark
    sources = wiring.find_sources(values.here).tolist()
    dots = [Spot("view-entry", (("…", theme.muted),), anchor="middle")] if has_more else []

    def head(text: str, color: str) -> Spot:
        return Spot("view-head", ((text, color),))

    columns, weights, inputs = list[Spot](), list[Spot](), list[Spot]()
    for n in shown:
        place = str(sources[n]) if sources[n] >= 0 else write_sharing_text("sharing_outside")
        columns.append(Spot("view-entry-column", ((place, theme.muted),)))
        fill = fill_of_weight(n, wiring.weights, is_dark) if wiring.is_shared else ""
        color = theme.text if wiring.is_shared else theme.filter
        weights.append(Spot("view-entry", ((values.weight(n), color),), fill))
        inputs.append(Spot("view-entry-input", ((values.input(sources[n]), theme.input),)))
    rows = [
        [head(write_sharing_text("sharing_column_head"), theme.muted), *columns, *dots],
        [head(write_sharing_text("sharing_row", row=values.here), theme.filter), *weights, *dots],
    ]
    if press > 1:
        rows.append([head(write_sharing_text("sharing_times_input"), theme.input), *inputs, *dots])
    return rows


def _write_sum(values: SharingValues) -> str:
    """What the row makes: the sum, divided, plus b."""
    texts = values.texts
    if not values.output_number(values.here):
        return write_sharing_text("sharing_row_sum_waiting")
    divided = f" ÷ {texts.divisor}" if texts.divisor else ""
    rounding = f" {texts.rounding}" if texts.rounding else ""
    line = f"{texts.sum}{divided} + {bracket_negative(values.bias_number)}{rounding} = {texts.result}"
    return write_sharing_text("sharing_row_sum", line=line)
