"""The cells of the input that one cell of a stage depends on.

`static/pure/frame/receptive-box.js` is the same in JavaScript, and `tests/golden/answers.json` holds both.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..scene import Sides
from ..trace.receptive_fields import Interval, step_back, unite_intervals
from ..trace.trace import Stage, Trace

ALL_MAPS = -1
Box = tuple[Interval, Interval, int]
"""Rows, columns, and the map, ALL_MAPS for several."""


def find_receptive_box(trace: Trace, stage: int, map: int, row: int, column: int) -> Sides:
    """Find the box (top, left, height, width) around the input cells that can influence a cell, on all paths back.

    Padding is left out.
    """
    rows, columns, _ = find_boxes_back(trace, stage, map, row, column)[0]
    return rows[0], columns[0], rows[1] - rows[0] + 1, columns[1] - columns[0] + 1


def find_boxes_back(trace: Trace, stage: int, map: int, row: int, column: int) -> dict[int, Box]:
    """Find the boxes of all stages on the ways back from a cell, by the number of the stage, its own first."""
    boxes: dict[int, Box] = {stage: ((row, row), (column, column), map)}
    for index in range(stage, 0, -1):
        if index not in boxes:
            continue
        for read, found in step_box_back(trace, trace.stages[index], boxes[index]):
            boxes[read] = _unite(boxes[read], found) if read in boxes else found
    return boxes


def _unite(one: Box, other: Box) -> Box:
    rows, columns = unite_intervals([one[0], other[0]]), unite_intervals([one[1], other[1]])
    return rows, columns, one[2] if one[2] == other[2] else ALL_MAPS


def step_box_back(trace: Trace, stage: Stage, box: Box) -> Iterator[tuple[int, Box]]:
    """Each stage that a box of a stage is made from, and the box there."""
    (rows, columns, map), plan = box, stage.plan
    if plan is None:
        return
    reads = stage.info.reads
    if plan.op.join == "concat" and map != ALL_MAPS:
        part = stage.info.find_part(map)
        yield reads[part], (rows, columns, map - stage.info.starts[part])
        return
    for read in reads:
        _, height, width = trace.stages[read].output.shape
        if plan.op.kind == "flatten" and map != ALL_MAPS:
            source, place = divmod(map, height * width)
            row, column = divmod(place, width)
            yield read, ((row, row), (column, column), source)
        else:
            one_map = map if "map_by_map" in plan.op.capabilities else ALL_MAPS
            yield read, (*step_back(plan, (height, width), rows, columns), one_map)
