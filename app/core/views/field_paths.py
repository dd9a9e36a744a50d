"""How many paths lead from each cell of the picture to a cell: what shades a receptive field.

`countPaths` in `static/pure/tabs/field/field-boxes.js` is the same, and `tests/golden/fields.json` holds both.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..explain.receptive_box import step_box_back
from ..ops.transposed import TransposedAxis
from ..trace.receptive_fields import Interval, step_back
from ..trace.trace import Stage, Trace
from .field import FieldBox, share_back

Counts = npt.NDArray[np.float64]


def count_paths(trace: Trace, field: Sequence[FieldBox]) -> Counts:
    """Count the paths through one map of each stage from each cell of the input's box, as the windows lie, to a cell.

    A cell in a padding has paths, too. The result is (rows, columns) of the last box of the field.
    """
    boxes = {box.stage: box for box in field}
    counts = {box.stage: np.zeros(box.size) for box in field}
    counts[field[0].stage][0, 0] = 1
    for box in field:
        stage = trace.stages[box.stage]
        for read, _ in step_box_back(trace, stage, (*box.inside, box.map)):
            to = boxes[read]
            size = trace.stages[read].output.shape[1:]
            down = _list_reads(stage, 0, box.rows, to.rows, (int(size[0]), int(size[1])))
            across = _list_reads(stage, 1, box.columns, to.columns, (int(size[0]), int(size[1])))
            counts[read] += down @ counts[box.stage] @ across.T
    return counts[field[-1].stage]


def _list_reads(stage: Stage, axis: int, cells: Interval, to: Interval, size: tuple[int, int]) -> Counts:
    """How often each row or column of a box of the input is read by each of a box of a stage, (input, stage)."""
    reads = np.zeros((to[1] - to[0] + 1, cells[1] - cells[0] + 1))
    for at in range(cells[0], cells[1] + 1):
        for cell in _find_cells(stage, axis, at, to, size):
            if to[0] <= cell <= to[1]:
                reads[cell - to[0], at - cells[0]] += 1
    return reads


def _find_cells(stage: Stage, axis: int, at: int, to: Interval, size: tuple[int, int]) -> Sequence[int]:
    """The rows or columns that one of a stage reads, also outside of the maps; all of the box where nothing slides."""
    plan, capabilities = stage.plan, stage.info.operation.capabilities
    if stage.info.by:
        return (at - stage.info.by[axis],)
    first, last = to
    if plan and plan.preprocessing:
        first, last = share_back((plan.preprocessing.rows, plan.preprocessing.columns)[axis], (at, at))
    if stage.geometry:
        along = (stage.geometry.rows, stage.geometry.columns)[axis]
        if isinstance(along, TransposedAxis):
            reached = [at + along.crop - tap * along.dilation for tap in range(along.kernel)]
            return [cell // along.stride for cell in reached if cell % along.stride == 0]
        return [at * along.stride - along.before + tap * along.dilation for tap in range(along.kernel)]
    if "keeps_shape" in capabilities or stage.info.operation.join:
        return (at,)
    if plan and plan.law and "reads_all" not in capabilities:
        if not 0 <= at < stage.output.shape[1 + axis]:
            return ()  # a padding that follows
        first, last = step_back(plan, size, (at, at), (at, at))[axis]
    return range(first, last + 1)
