"""The receptive field of each stage of a chain: the box of input cells that one cell depends on."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..ops.geometry import ONE_CELL, Axis, Geometry, ReceptiveField
from ..ops.preprocessing import Resampling
from ..scene import Pair
from .plan import Plan, read_shift

Interval = tuple[int, int]
"""(first, last) cell, both included."""


@dataclass(slots=True)
class ReceptiveFields:
    """The receptive fields along a chain on an input of `size` (rows, columns).

    A sliding window adds (effective kernel − 1) · jump, as is usual, also where it reaches into padding. Where a cell
    reads whole maps (a global pool, a fully connected layer, softmax), the field is what exists: the box of the input
    cells that those maps are made from, and so for all later stages. Resampling counts as a window of the most cells
    that it averages.
    """

    size: Pair
    current: ReceptiveField = ONE_CELL
    _ways_back: list[Plan] = field(default_factory=list)
    _flattened: Geometry | None = None
    _everything: Pair | None = None

    @property
    def is_whole_input(self) -> bool:
        """Whether each cell of the last stage reads the whole input."""
        return self._everything == self.size

    def add(self, plan: Plan) -> None:
        """Continues with the next stage."""
        if plan.op.kind == "flatten" and self._flattened is None:
            self._flattened = _cover_maps(plan)
        reads_all = "reads_all" in plan.op.capabilities or (plan.bank is not None and self._flattened is not None)
        for geometry in self._list_geometries(plan, reads_all):
            self.current = self.current.extend(geometry)
        if plan.law:
            self.current = plan.law.extend(self.current)
        if reads_all or (plan.shape[1:] == (1, 1) and not self._flattened):
            self._everything = self._everything or self._trace_back(plan, reads_all)
        self._ways_back.append(plan)
        if self._everything:
            self.current = self.current._replace(size=self._everything)

    def _list_geometries(self, plan: Plan, reads_all: bool) -> list[Geometry]:
        """The windows through which one cell of a stage reads the stages before."""
        wide = [self._flattened or _cover_maps(plan)] if reads_all else []
        if plan.preprocessing:
            resampling = plan.preprocessing.rows, plan.preprocessing.columns
            wide = [Geometry(*(_approximate_resampling(axis) for axis in resampling))]
        return wide + ([plan.geometry] if plan.geometry else [])

    def _trace_back(self, plan: Plan, reads_all: bool) -> Pair:
        """(rows, columns) of the input that a stage depends on whose cells all read the same."""
        plans = [*self._ways_back] if reads_all else [*self._ways_back, plan]
        while plans and plans[-1].op.kind == "flatten":
            plans.pop()
        last = plans[-1].shape[1:] if plans else self.size
        rows, columns = (0, last[0] - 1), (0, last[1] - 1)
        for one in reversed(plans):
            rows, columns = read_rows_and_columns(one, rows, columns)
        return rows[1] - rows[0] + 1, columns[1] - columns[0] + 1


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
    first, last = axis.window_start(positions[0]), axis.window_start(positions[1]) + axis.effective_kernel - 1
    if padding_mode == "circular" and (first < 0 or last >= axis.size):
        return 0, axis.size - 1
    if padding_mode == "reflect":
        first, last = min(first, 2 * (axis.size - 1) - last), max(last, -first)
    if padding_mode == "zeros":
        first += -(min(first, 0) // axis.dilation) * axis.dilation  # the first cell inside
        last -= -(min(axis.size - 1 - last, 0) // axis.dilation) * axis.dilation
    return _keep_inside(first, last, axis.size)


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
