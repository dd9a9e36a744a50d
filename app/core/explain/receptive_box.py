"""The cells of the input that one cell of a stage depends on.

`static/pure/frame/receptive-box.js` is the same in JavaScript, and `tests/golden/answers.json` holds both.
"""

from __future__ import annotations

from ..scene import Sides
from ..trace.receptive_fields import Interval, read_rows_and_columns
from ..trace.trace import Trace


def find_receptive_box(trace: Trace, stage: int, map: int, row: int, column: int) -> Sides:
    """Find the box (top, left, height, width) of input cells that can influence a cell; padding is left out."""
    rows, columns = (row, row), (column, column)
    for index in range(stage, 0, -1):
        rows, columns, map = _step_back(trace, index, map, rows, columns)
    return rows[0], columns[0], rows[1] - rows[0] + 1, columns[1] - columns[0] + 1


def _step_back(trace: Trace, index: int, map: int, rows: Interval, columns: Interval) -> tuple[Interval, Interval, int]:
    """The rows and columns that a box of a stage is made from, and the map; −1 for several maps."""
    plan = trace.stages[index].plan
    _, height, width = trace.stages[index - 1].output.shape
    flattens = plan is not None and plan.op.kind == "flatten"
    if plan is None or "reads_all" in plan.op.capabilities or (flattens and map < 0):
        return (0, height - 1), (0, width - 1), -1
    if flattens:
        source, place = divmod(map, height * width)
        row, column = divmod(place, width)
        return (row, row), (column, column), source
    one_map = map if "map_by_map" in plan.op.capabilities else -1
    return (*read_rows_and_columns(plan, rows, columns), one_map)
