"""What the next layer does with the cell of a step: "ReLU keeps it".

The live page writes the same in `describeNextUse` of `static/pure/text/caption.js`;
tests/browser/pages/test_one_figure.py compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.explain import explain_step
from ...core.number_text import format_number, format_percent
from ...core.ops.geometry import Axis, find_source_index
from ...core.ops.transposed import TransposedAxis
from ...core.texts import write_message
from ...core.trace.trace import Stage, Trace, find_readers
from ...core.writing.amounts import read_amount
from .figure_texts import write_figure_text

MOST_COMPARED_WINDOWS = 25

Step = Mapping[str, Any]


def describe_next_use(trace: Trace, step: Step) -> str:
    """Describe what the next layer does with the cell of a step: "ReLU keeps it"; "" where there is none."""
    readers = find_readers(trace, step["stage"])
    if not readers:
        return ""
    here, following = trace.stages[step["stage"]], readers[0]
    map, row, column = step["map"], step["row"], step["col"]
    _, height, width = here.output.shape
    number = map * height * width + row * width + column
    operation = following.info.operation
    is_function = {"one_place", "keeps_shape"} <= {*operation.capabilities}
    match "pointwise" if is_function else operation.kind:
        case "softmax":
            share = format_percent(float(following.output[map, row, column]))
            return write_figure_text("next_makes", title=write_message(following.info.title), value=share)
        case "pointwise":
            return _describe_outcome(
                following, *(read_amount(one, float(one.output[map, row, column])).value for one in (here, following))
            )
        case "pool":
            return _describe_contest(trace, following.info.index, (map, row, column))
        case "conv":
            rows, columns = _find_readers(following, (row, column))
            return _describe_reading(write_message(following.info.title).lower(), len(rows) * len(columns))
        case "shift":
            down, right = following.info.by or (0, 0)
            to = row + down, column + right
            inside = 0 <= to[0] < height and 0 <= to[1] < width
            return (
                write_figure_text("next_moves", place=describe_place(*to))
                if inside
                else write_figure_text("next_moves_out")
            )
        case "flatten":
            return write_figure_text("next_becomes", index=number)
        case "join":
            title = write_message(following.info.title)
            return write_figure_text("next_goes_into_stage", title=title, stage=following.info.index)
        case "linear":
            return write_figure_text("next_goes_into", count=len(following.output))
    return ""


def _describe_reading(title: str, count: int) -> str:
    if not count:
        return write_figure_text("next_never_reads")
    return write_figure_text("next_reads_once" if count == 1 else "next_reads", title=title, count=count)


def _describe_outcome(following: Stage, value: float, after: float) -> str:
    title = write_message(following.info.title)
    if after != value:
        return write_figure_text("next_makes", title=title, value=format_number(after))
    return write_figure_text("next_leaves_zero" if value == 0 else "next_keeps", title=title)


def _describe_contest(trace: Trace, index: int, cell: tuple[int, int, int]) -> str:
    """Describe in how many windows of the next pool a cell is the largest or the smallest."""
    following = trace.stages[index]
    map, row, column = cell
    rows, columns = _find_readers(following, (row, column))
    geometry, pool, count = following.geometry, following.info.pool, len(rows) * len(columns)
    if not count or geometry is None or pool is None:
        return write_figure_text("next_never_reads")
    size = f"{geometry.rows.kernel} × {geometry.columns.kernel}"
    if pool.kind in ("avg", "l2") or count > MOST_COMPARED_WINDOWS:
        return write_figure_text("next_joins", size=size)
    steps = [explain_step(trace, index, map, r, c) for r in rows for c in columns]
    won = sum(list(one["chosen"][1:]) == [row, column] for one in steps if one["chosen"])
    if count == 1:
        if won:
            return write_figure_text("next_wins", size=size)
        winner = format_number(read_amount(following, steps[0]["result"]).value)
        is_tie = steps[0]["result"] == trace.stages[following.info.reads[0]].output[map, row, column]
        return write_figure_text("next_ties" if is_tie else "next_loses", winner=winner, size=size)
    if won:
        return write_figure_text("next_wins_some", won=won, count=count)
    return write_figure_text("next_loses_all", count=count)


def _find_readers(stage: Stage, cell: tuple[int, int]) -> tuple[list[int], list[int]]:
    """Find the rows and the columns of a stage whose windows read a cell (row, column) of its input."""
    if stage.geometry is None:
        return [], []
    mode = stage.info.filters.padding_mode if stage.info.filters else "zeros"
    axes = stage.geometry.rows, stage.geometry.columns
    rows, columns = (_find_readers_along(axis, index, mode) for axis, index in zip(axes, cell, strict=True))
    return rows, columns


def _find_readers_along(axis: Axis, index: int, mode: str) -> list[int]:
    if isinstance(axis, TransposedAxis):
        return list(axis.list_readers(index))
    around = range(-axis.before, axis.size + axis.after) if mode != "zeros" else [index]
    cells = [cell for cell in around if find_source_index(cell, axis.size, mode) == index]
    starts = [cell + axis.before - tap * axis.dilation for cell in cells for tap in range(axis.kernel)]
    positions = {divmod(start, axis.stride) for start in starts}
    return sorted(position for position, rest in positions if not rest and 0 <= position < axis.positions)


def describe_place(row: int, column: int) -> str:
    """Name a cell of a map."""
    return write_figure_text("step_place", row=row, column=column)
