"""Writes the map or the step in view as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

import numpy as np

from ..exported_figure import ExportedFigure
from .step_tables import Table, make_step_tables


def write_map_csv(figure: ExportedFigure) -> bytes:
    """Write the map in view: a line for each row. Law: read as float32, the numbers are exact."""
    position = figure.position
    return _write([_write_numbers(line) for line in position.stage.output[position.map].tolist()])


def write_step_csv(figure: ExportedFigure) -> bytes:
    """Write the step in view: its tables below each other, each with its name; then sum, bias and result."""
    return _write(_list_lines(figure))


def _list_lines(figure: ExportedFigure) -> Iterator[list[str]]:
    tables = make_step_tables(figure)
    for one in tables.channels:
        named: tuple[tuple[str, Table], ...] = (
            ("input", one.input),
            ("filter", one.filter),
            ("products", one.products),
        )
        for name, table in named:
            if table:
                yield [f"{name}, channel {one.channel}"]
                yield from (_write_numbers(line) for line in table)
    step = tables.step
    for name in ("sum", "bias", "result"):
        yield [name, *_write_numbers([step[name]])]


def _write_numbers(line: Sequence[float | None]) -> list[str]:
    """The shortest texts of numbers; "" outside the picture."""
    return ["" if value is None else str(np.float32(value)).removesuffix(".0") for value in line]


def _write(lines: Sequence[Sequence[str]] | Iterator[Sequence[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    return file.getvalue().encode()
