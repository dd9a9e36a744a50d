"""Writes the step in view as an Excel workbook in which the result is a formula of the numbers it comes from."""

from __future__ import annotations

import io
import math
from datetime import datetime

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from ...core.trace.trace import Stage
from ...render.figure.theme import THEMES
from ..exported_figure import ExportedFigure
from .step_tables import ChannelTables, StepTables, Table, make_step_tables

CREATED = datetime(2020, 1, 1)
"""The same for all files, so that the same figure gives the same bytes."""
FIRST_COLUMN = 1
"""Numbers stand from this column on; the one before has names, which sums leave out."""


def write_xlsx(figure: ExportedFigure) -> bytes:
    """Write the sheets Input, Filter, Products and Output. Output has the map in view; its cell in focus is a formula.

    Law: recomputed, the formula gives the number of the figure, but for the rounding to float32.
    """
    tables, file = make_step_tables(figure), io.BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": CREATED, "title": figure.view.title, "comments": figure.address})
        writer = _BookWriter(book, tables, figure.position.stage)
        writer.write()
    return file.getvalue()


class _BookWriter:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Workbook, tables: StepTables, stage: Stage) -> None:
        self._book, self._tables, self._stage = book, tables, stage
        self._named = book.add_format({"bold": True})
        self._lit = book.add_format({"bold": True, "bg_color": "#d8f0e6", "border": 2, "border_color": _color()})

    def write(self) -> None:
        channels = self._tables.channels
        for name in ("Input", "Filter", "Products"):
            sheet = self._book.add_worksheet(name)
            sheet.set_column(0, 0, 12)
            for index, one in enumerate(channels):
                self._write_channel(sheet, name, index, one)
        self._write_output(self._book.add_worksheet("Output"))

    def _write_channel(self, sheet: Worksheet, name: str, index: int, one: ChannelTables) -> None:
        table: Table = {"Input": one.input, "Filter": one.filter, "Products": one.products}[name]
        top = self._find_top(index)
        is_share = name == "Products" and self._stage.info.operation.kind == "softmax"
        if not table and not is_share:
            return
        sheet.write_string(top, 0, f"channel {one.channel}", self._named)
        for row, line in enumerate(one.input if is_share else table, top):
            for column, value in enumerate(line, FIRST_COLUMN):
                cell = xl_rowcol_to_cell(row, column)
                if is_share:
                    power = math.exp((value or 0.0) - self._largest)
                    sheet.write_formula(row, column, f"=EXP(Input!{cell}-MAX({self._range('Input')}))", value=power)
                elif name == "Products":
                    sheet.write_formula(row, column, f"=Input!{cell}*Filter!{cell}", value=value)
                elif value is not None:
                    sheet.write_number(row, column, value)

    def _write_output(self, sheet: Worksheet) -> None:
        """The whole map, with the numbers of its rows and columns; the cell in focus as a formula."""
        output = self._tables.output
        for column in range(len(output[0])):
            sheet.write_number(0, column + FIRST_COLUMN, column, self._named)
        sheet.freeze_panes(1, FIRST_COLUMN)
        for row, line in enumerate(output):
            sheet.write_number(row + 1, 0, row, self._named)
            for column, value in enumerate(line):
                place, is_lit = (row + 1, column + FIRST_COLUMN), (row, column) == self._tables.place
                formula = self._write_formula() if is_lit else ""
                if formula:
                    sheet.write_formula(*place, formula, self._lit, value)
                else:
                    sheet.write_number(*place, value, self._lit if is_lit else None)

    def _write_formula(self) -> str:
        """The result as a formula; "" where no function of a spreadsheet computes it."""
        step, stage, inputs = self._tables.step, self._stage, self._range("Input")
        match stage.info.operation.kind:
            case "conv" | "linear":
                divisor = step["divisor"] * step["scale"]
                divided = f"/{divisor:g}" if divisor != 1 else ""
                bias = f"{step['bias']:+.17g}" if step["bias"] else ""
                return f"=SUM({self._range('Products')}){divided}{bias}"
            case "softmax":
                return f"=EXP({self._own_cell()}-MAX({inputs}))/SUM({self._range('Products')})"
            case "pool":
                kind = stage.info.pool.kind if stage.info.pool else ""
                known = {"max": f"=MAX({inputs})", "min": f"=MIN({inputs})", "l2": f"=SQRT(SUMSQ({inputs}))"}
                return f"=SUM({inputs})/{step['count']}" if kind == "avg" else known.get(kind, "")
            case "join":
                return f"=PRODUCT({inputs})" if stage.info.operation.join == "mul" else f"=SUM({inputs})"
            case "pointwise" if stage.info.op == "relu":
                return f"=MAX(0,{inputs})"
        return ""

    def _own_cell(self) -> str:
        """The cell of the input that a softmax makes a share of."""
        step = self._tables.step
        index = next(i for i, one in enumerate(self._tables.channels) if one.channel == step["map"])
        row, column = step["row"] - step["rows"][0], step["col"] - step["columns"][0]
        return f"Input!{xl_rowcol_to_cell(self._find_top(index) + row, FIRST_COLUMN + column)}"

    @property
    def _largest(self) -> float:
        return max(value for one in self._tables.channels for line in one.input for value in line if value is not None)

    def _find_top(self, index: int) -> int:
        high = len(self._tables.channels[0].input) if self._tables.channels else 0
        return index * (high + 1)

    def _range(self, name: str) -> str:
        """All numbers of a sheet."""
        channels = self._tables.channels
        last = self._find_top(len(channels)) - 2
        wide = max((len(line) for one in channels for line in one.input), default=1)
        return f"{name}!{xl_range_abs(0, FIRST_COLUMN, max(last, 0), FIRST_COLUMN + wide - 1)}"


def _color() -> str:
    return THEMES["light"].output
