"""How much of each stage is written while one stage is explained cell by cell.

`static/pure/frame/written.js` has the same rules; tests/golden/written.json holds both to them.
"""

from __future__ import annotations

from ...core.ops.geometry import Axis, find_source_index
from ...core.trace.trace import Stage, Trace
from ..view_position import ViewPosition


def count_written(trace: Trace, position: ViewPosition, beat: str) -> list[int]:
    """Count for each stage the cells of a map, in reading order, that are written at a beat of a step.

    All before the stage in focus, there those up to the step, and behind it those before the first that reads one to
    come. A map of one cell counts as written: it stands beside others in a list. With `ghost`, and where the position
    says so, all are.
    """
    now, counts = position.stage.info.index, list[int]()
    for index, stage in enumerate(trace.stages):
        _, rows, columns = stage.output.shape
        row, column = position.cell
        if (
            position.view.ghost
            or position.is_whole
            or index < now
            or index == 0
            or (index == now and rows * columns == 1)
        ):
            counts.append(rows * columns)
        elif index == now:
            counts.append(row * columns + column + (beat == "write"))
        else:
            behind = (count_behind(stage, trace.stages[read], counts[read]) for read in stage.info.reads)
            counts.append(min(behind) if now else 0)
    return counts


def count_in_other_map(position: ViewPosition, map: int, place: int, cells: int) -> int:
    """Count the written cells of a map other than that of the step, at the `place`-th of its `cells`: filters are
    finished one after another at each place, and in a story one map after another.
    """
    is_earlier = map < position.map
    if position.view.story is not None:
        return cells if is_earlier else 0
    return place + is_earlier


def count_behind(stage: Stage, before: Stage, written: int) -> int:
    """Count the cells of a stage that can be written if its input has only the first `written` of its cells."""
    _, height, width = before.output.shape
    _, rows, columns = stage.output.shape
    if written >= height * width:
        return int(rows * columns)
    operation = stage.info.operation
    reads_one_place = operation.kind in ("pointwise", "join") or "one_place" in operation.capabilities
    if reads_one_place and (height, width) == (rows, columns):
        return written
    if stage.geometry is None:
        return 0  # it reads the whole map, or moves its cells
    mode = stage.info.filters.padding_mode if stage.info.filters else "zeros"
    full, rest = divmod(written, width)
    lowest, rightmost = (_find_last_cells(axis, mode) for axis in (stage.geometry.rows, stage.geometry.columns))
    for row, last in enumerate(lowest):
        written_columns = width if last < full else rest if last == full else 0
        column = next((column for column, right in enumerate(rightmost) if right >= written_columns), None)
        if column is not None:
            return row * int(columns) + column
    return int(rows * columns)


def _find_last_cells(axis: Axis, mode: str) -> list[int]:
    """Find the last row or column that each position of a window reads; -1 where it reads padding alone."""
    sources = (
        [find_source_index(cell, axis.size, mode) for cell in axis.window_cells(at)] for at in range(axis.positions)
    )
    return [max(-1 if source is None else source for source in line) for line in sources]
