"""The receptive field of a cell, stage by stage: the boxes that the cell is made from, back to the picture.

`static/pure/tabs/field/field-boxes.js` is the same in JavaScript, and `tests/golden/fields.json` holds both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..explain.receptive_box import find_boxes_back, step_box_back
from ..ops.geometry import Axis
from ..ops.preprocessing import Resampling
from ..ops.transposed import TransposedAxis
from ..scene import Pair
from ..trace.receptive_fields import Interval, unite_intervals
from ..trace.trace import Stage, Trace


@dataclass(frozen=True, slots=True)
class FieldBox:
    """The box of a stage that a cell is made from.

    `rows` and `columns` are (first, last) as the windows lie, also where that is outside of the maps; `inside` those of
    the cells that count, both ends included. `map` is −1 where several maps count. `is_bound` says that paths of
    several lengths lead here, so that the box is the most that counts; `is_limited` that a layer reads everything, so
    that from there on a box holds what there is.
    """

    stage: int
    map: int
    rows: Interval
    columns: Interval
    inside: tuple[Interval, Interval]
    is_bound: bool = False
    is_limited: bool = False

    @property
    def size(self) -> Pair:
        """Rows and columns of the box as the windows lie."""
        return self.rows[1] - self.rows[0] + 1, self.columns[1] - self.columns[0] + 1


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """What one layer adds to the size of the field along an axis: (`window` − 1) · `jump`.

    `window` is the length of its window, gaps included; `jump` how far neighbors in its input lie apart in the
    picture.
    """

    window: int
    jump: int


def find_field(trace: Trace, stage: int, map: int, row: int, column: int) -> tuple[FieldBox, ...]:
    """Find the boxes of the stages on the ways back from a cell, its own first, the input last."""
    inside = find_boxes_back(trace, stage, map, row, column)
    found: dict[int, FieldBox] = {}
    found[stage] = FieldBox(stage, map, (row, row), (column, column), ((row, row), (column, column)))
    for index in sorted(inside, reverse=True):
        here = found[index]
        for read, box in step_box_back(trace, trace.stages[index], inside[index]):
            is_limited = here.is_limited or _reads_everything(trace.stages[index])
            rows, columns = box[0], box[1]
            if not is_limited:
                rows, columns = _step_back(trace, trace.stages[index], here, read, (box[0], box[1]))
            made = FieldBox(read, inside[read][2], rows, columns, inside[read][:2], here.is_bound, is_limited)
            found[read] = _unite(found[read], made) if read in found else made
    return tuple(found[index] for index in sorted(found, reverse=True))


def list_shown(trace: Trace, field: tuple[FieldBox, ...]) -> tuple[FieldBox, ...]:
    """The boxes of a field that are worth a picture: its ends, and each that a layer makes another size of."""
    sizes = {box.stage: box.size for box in field}
    wanted = {field[0].stage, 0}
    for box in field:
        wanted |= {read for read in trace.stages[box.stage].info.reads if read in sizes and sizes[read] != box.size}
    shown = [box for box in field if box.stage in wanted]
    if len(shown) > 2 and shown[-2].size == shown[-1].size:  # a preprocessing that copies
        del shown[-2]
    return tuple(shown)


def list_terms(trace: Trace, field: tuple[FieldBox, ...], axis: int) -> tuple[FieldTerm, ...] | None:
    """What each layer adds to the size of a field along the rows (0) or the columns (1), the first layer first.

    None where no such sum gives it: paths join, a layer reads everything or does not slide, or cells lie closer than
    those of the input.
    """
    stages = [trace.stages[box.stage] for box in reversed(field)][1:]
    terms = []
    for stage in stages:
        along = _get_axis(stage, axis)
        if len(stage.info.reads) > 1 or "reads_all" in stage.info.operation.capabilities:
            return None
        if along is None:
            if "keeps_shape" not in stage.info.operation.capabilities and not _copies_cells(stage, axis):
                return None
        elif along.effective_kernel > 1:
            jump = trace.stages[stage.info.reads[0]].info.receptive_field.jump[axis]
            if not isinstance(jump, int):
                return None
            terms.append(FieldTerm(along.effective_kernel, jump))
    return tuple(terms)


def find_first(trace: Trace, stage: int) -> Pair:
    """The row and column of the input where the field of the first cell of a stage begins, below 0 outside of it."""
    last = find_field(trace, stage, 0, 0, 0)[-1]
    return last.rows[0], last.columns[0]


def _step_back(
    trace: Trace, stage: Stage, box: FieldBox, read: int, inside: tuple[Interval, Interval]
) -> tuple[Interval, Interval]:
    """The box of a stage that is read, as the windows lie; that of the cells inside where no window slides."""
    plan, shape = stage.plan, trace.stages[read].output.shape[1:]
    if plan is None or plan.op.kind == "flatten":
        return inside
    if stage.geometry is not None:
        axes = stage.geometry.rows, stage.geometry.columns
        return _slide_back(axes[0], box.rows), _slide_back(axes[1], box.columns)
    if plan.preprocessing:
        return share_back(plan.preprocessing.rows, box.rows), share_back(plan.preprocessing.columns, box.columns)
    if stage.info.by:
        down, right = stage.info.by
        return (box.rows[0] - down, box.rows[1] - down), (box.columns[0] - right, box.columns[1] - right)
    stays = "keeps_shape" in plan.op.capabilities or plan.op.join is not None
    return (box.rows, box.columns) if stays and shape != (1, 1) else inside


def _reads_everything(stage: Stage) -> bool:
    return "reads_all" in stage.info.operation.capabilities or (
        stage.geometry is not None and stage.output.shape[1:] == (1, 1)
    )


def _slide_back(axis: Axis, cells: Interval) -> Interval:
    if isinstance(axis, TransposedAxis):
        return axis.find_reach(*cells)
    return axis.window_start(cells[0]), axis.window_start(cells[1]) + axis.effective_kernel - 1


def share_back(axis: Resampling, parts: Interval) -> Interval:
    """The cells that some parts of an axis are made from, also beyond its ends."""
    after = -(-(parts[1] + 1) * axis.length // axis.parts)
    return axis.first + parts[0] * axis.length // axis.parts, axis.first + after - 1


def _unite(one: FieldBox, other: FieldBox) -> FieldBox:
    rows, columns = unite_intervals([one.rows, other.rows]), unite_intervals([one.columns, other.columns])
    nested = (rows, columns) in ((one.rows, one.columns), (other.rows, other.columns))
    return replace(one, rows=rows, columns=columns, is_bound=one.is_bound or other.is_bound or not nested)


def _copies_cells(stage: Stage, axis: int) -> bool:
    """Whether a preprocessing makes each part of one cell."""
    made = stage.plan.preprocessing if stage.plan else None
    along = (made.rows, made.columns)[axis] if made else None
    return along is not None and along.length == along.parts


def _get_axis(stage: Stage, axis: int) -> Axis | None:
    geometry = stage.geometry
    return (geometry.rows, geometry.columns)[axis] if geometry else None
