"""The receptive field of each stage of a chain: the box of input cells that one cell depends on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..ops.geometry import ONE_CELL, Axis, Geometry, ReceptiveField, unite_fields
from ..ops.preprocessing import Resampling
from ..ops.transposed import TransposedAxis
from ..scene import Pair
from .plan import Plan, read_shift

Interval = tuple[int, int]
"""(first, last) cell, both included."""


Box = tuple[Interval, Interval]
"""Rows and columns."""


@dataclass(slots=True)
class FieldOfStage:
    """The receptive field of a stage.

    `flattened` covers the maps that a flatten made a column of, None before any. `everything` is the box that all of
    its cells depend on alike, None where each has a box of its own. `plan` and `reads` are those of the stage.
    """

    current: ReceptiveField = ONE_CELL
    flattened: Geometry | None = None
    everything: Box | None = None
    plan: Plan | None = None
    reads: tuple[int, ...] = ()


class ReceptiveFields:
    """The receptive fields along a chain on an input of `size` (rows, columns).

    A sliding window adds (effective kernel − 1) · jump, as is usual, also where it reaches into padding. Where a cell
    reads whole maps (a global pool, a fully connected layer, softmax), the field is what exists: the box of the input
    cells that those maps are made from, and so for all later stages. Resampling counts as a window of the most cells
    that it averages. Where paths meet, the field is the box around those of all paths.
    """

    def __init__(self, size: Pair) -> None:
        self.size = size
        self._fields = [FieldOfStage()]

    def sees_whole_input(self, number: int) -> bool:
        """Whether each cell of a stage reads the whole input."""
        everything = self._fields[number].everything
        return everything is not None and _measure_box(everything) == self.size

    def add(self, plan: Plan, reads: tuple[int, ...]) -> FieldOfStage:
        """The field of the next stage, which reads those of these numbers."""
        read = [self._fields[index] for index in reads]
        flattened = next((one.flattened for one in read if one.flattened), None)
        if plan.op.kind == "flatten" and flattened is None:
            flattened = _cover_maps(plan)
        reads_all = "reads_all" in plan.op.capabilities or (plan.bank is not None and flattened is not None)
        current = unite_fields([one.current for one in read], plan.shape[1:])
        for geometry in _list_geometries(plan, flattened, reads_all):
            current = current.extend(geometry)
        if plan.law:
            current = plan.law.extend(current)
        made = FieldOfStage(current, flattened, None, plan, reads)
        self._fields.append(made)
        everything = self._find_everything(read, plan, reads_all, flattened is not None)
        if everything:
            made.current, made.everything = current._replace(size=_measure_box(everything)), everything
        return made

    def _find_everything(
        self, read: Sequence[FieldOfStage], plan: Plan, reads_all: bool, is_flattened: bool
    ) -> Box | None:
        """The box that all cells of the last stage depend on alike, if there is one."""
        known = [one.everything for one in read if one.everything]
        if not (known or reads_all or plan.shape[1:] == (1, 1)):
            return None
        if len(known) == len(read):
            return _unite_boxes(known)
        if known or reads_all or (plan.shape[1:] == (1, 1) and not is_flattened):
            return self._trace_back()
        return None

    def _trace_back(self) -> Box:
        """The box of the input that all cells of the last stage depend on together."""
        last = self._fields[-1].plan
        boxes = {len(self._fields) - 1: _cover(last.shape[1:] if last else self.size)}
        for number in range(len(self._fields) - 1, 0, -1):
            plan, reads = self._fields[number].plan, self._fields[number].reads
            if plan is None or number not in boxes:
                continue
            for index in reads:
                before = self._fields[index].plan
                found = step_back(plan, before.shape[1:] if before else self.size, *boxes[number])
                boxes[index] = _unite_boxes([boxes[index], found]) if index in boxes else found
        return boxes[0]


def step_back(plan: Plan, size: Pair, rows: Interval, columns: Interval) -> Box:
    """The box of a stage of `size` (rows, columns) that a box of a stage that reads it is made from."""
    if plan.op.kind == "flatten" or "reads_all" in plan.op.capabilities or (plan.op.join and size == (1, 1)):
        return _cover(size)
    return read_rows_and_columns(plan, rows, columns)


def _list_geometries(plan: Plan, flattened: Geometry | None, reads_all: bool) -> list[Geometry]:
    """The windows through which one cell of a stage reads the stages before."""
    wide = [flattened or _cover_maps(plan)] if reads_all else []
    if plan.preprocessing:
        resampling = plan.preprocessing.rows, plan.preprocessing.columns
        wide = [Geometry(*(_approximate_resampling(axis) for axis in resampling))]
    return wide + ([plan.geometry] if plan.geometry else [])


def _cover(size: Pair) -> Box:
    return (0, size[0] - 1), (0, size[1] - 1)


def _measure_box(box: Box) -> Pair:
    return box[0][1] - box[0][0] + 1, box[1][1] - box[1][0] + 1


def _unite_boxes(boxes: Sequence[Box]) -> Box:
    """The box around boxes."""
    rows, columns = zip(*boxes, strict=True)
    return unite_intervals(rows), unite_intervals(columns)


def unite_intervals(intervals: Iterable[Interval]) -> Interval:
    """The interval around intervals."""
    first, last = zip(*intervals, strict=True)
    return min(first), max(last)


def read_rows_and_columns(plan: Plan, rows: Interval, columns: Interval) -> tuple[Interval, Interval]:
    """The rows and columns of the maps before a stage that some rows and columns of its output are made from."""
    _, height, width = plan.in_shape
    if plan.law:
        return plan.law.read_rows(rows), plan.law.read_columns(columns)
    if plan.geometry:
        mode = plan.conv.padding_mode if plan.conv else "zeros"
        return _read_window(plan.geometry.rows, rows, mode), _read_window(plan.geometry.columns, columns, mode)
    if plan.preprocessing:
        return _read_parts(plan.preprocessing.rows, rows), _read_parts(plan.preprocessing.columns, columns)
    if plan.op.kind == "shift":
        down, right = read_shift(plan.layer)
        return _keep_inside(rows[0] - down, rows[1] - down, height), _keep_inside(
            columns[0] - right, columns[1] - right, width
        )
    return rows, columns


def _read_window(axis: Axis, positions: Interval, padding_mode: str) -> Interval:
    if isinstance(axis, TransposedAxis):
        return axis.find_sources(*positions)
    first, last = axis.window_start(positions[0]), axis.window_start(positions[1]) + axis.effective_kernel - 1
    if padding_mode == "circular" and (first < 0 or last >= axis.size):
        return 0, axis.size - 1
    if padding_mode == "reflect":
        first, last = min(first, 2 * (axis.size - 1) - last), max(last, -first)
    if padding_mode == "zeros":  # the first and the last cell inside, of the windows at both ends
        near = range(min(axis.dilation, positions[1] - positions[0] + 1))
        first = min(_step_inside(axis.window_start(positions[0] + by), axis.dilation) for by in near)
        ends = (axis.window_start(positions[1] - by) + axis.effective_kernel - 1 for by in near)
        last = max(axis.size - 1 - _step_inside(axis.size - 1 - end, axis.dilation) for end in ends)
    return _keep_inside(first, last, axis.size)


def _step_inside(cell: int, dilation: int) -> int:
    """The first cell of a window that is not below 0."""
    return cell - min(cell, 0) // dilation * dilation


def _read_parts(axis: Resampling, parts: Interval) -> Interval:
    last, shares = axis.cell_shares(parts[1])
    return axis.cell_shares(parts[0])[0], last + len(shares) - 1


def _keep_inside(first: int, last: int, size: int) -> Interval:
    return min(max(first, 0), size - 1), max(min(last, size - 1), 0)


def _approximate_resampling(axis: Resampling) -> Axis:
    """Resampling as a window: exact where it averages whole cells, else the largest part."""
    return Axis(axis.size, axis.most_cells, max(1, round(axis.length / axis.parts)))


def _cover_maps(plan: Plan) -> Geometry:
    _, height, width = plan.in_shape
    return Geometry(Axis(height, height), Axis(width, width))
