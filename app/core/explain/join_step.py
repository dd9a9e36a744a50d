"""Steps of joins: the cells of several stages that are added or multiplied, or the one that is copied."""

from __future__ import annotations

import math

from ..ops.join import locate_source
from ..texts import write_message
from ..trace.denominators import round_to_multiple
from ..trace.trace import Stage
from .cell import Cell, Step
from .window import read_window


def explain_join(cell: Cell) -> Step:
    """A join: each of its terms is a channel of one cell, with the stage that it comes from."""
    kind, end = cell.stage.info.operation.join, cell.stage.info.denominator
    terms = [_read_term(read, place) for read, place in list_sources(cell)]
    values = [term["value"] for term in terms]
    result = math.prod(values) if kind == "mul" else math.fsum(values)
    result = round_to_multiple(result, end) if end else result + 0.0
    channels = [
        read_window(read.output, place[0], [place[1]], [place[2]]) | {"values": [[term["value"]]], "sum": term["value"]}
        for (read, place), term in zip(list_sources(cell), terms, strict=True)
    ]
    first = list_sources(cell)[0][1]
    return {
        "rows": [first[1]],
        "columns": [first[2]],
        "channels": channels,
        "terms": terms,
        "sum": result,
        "result": result,
    }


def list_sources(cell: Cell) -> list[tuple[Stage, tuple[int, int, int]]]:
    """The stages that the cell of a join comes from, and the place (map, row, column) in each."""
    if cell.stage.info.operation.join == "concat":
        info = cell.stage.info
        part = info.find_part(cell.map)
        return [(cell.reads[part], (cell.map - info.starts[part], cell.row, cell.col))]
    return [(read, (cell.map, *locate_source(read.info.shape, cell.row, cell.col))) for read in cell.reads]


def _read_term(read: Stage, place: tuple[int, int, int]) -> Step:
    """One term; a value that is known exactly is exact."""
    denominator, value = read.info.denominator, float(read.output[place])
    exact = round_to_multiple(value, denominator) if denominator else value
    return {
        "stage": read.info.index,
        "title": write_message(read.info.title),
        "source": list(place),
        "value": exact,
    }
