"""The receptive field of every stage, with where that of its first cell begins."""

from __future__ import annotations

from dataclasses import dataclass

from ..scene import Pair
from ..trace.receptive_fields import ReceptiveFields
from .chain_plan import PlannedStage


@dataclass(frozen=True, slots=True)
class StageField:
    """Receptive field, jump and start of a stage, as `PricedStage` has them."""

    size: Pair
    jump: Pair
    start: Pair
    sees_all: bool


class FieldStarts:
    """The fields along a chain on an input of `size` (rows, columns)."""

    def __init__(self, size: Pair) -> None:
        self._fields = ReceptiveFields(size)
        self._size = size
        self._known = [StageField((1, 1), (1, 1), (0, 0), size == (1, 1))]

    def add(self, one: PlannedStage) -> StageField:
        """The field of the next stage; its start is the first of those of all its paths."""
        self._fields.add(one.plan)
        current = self._fields.current
        if self._fields.is_whole_input:
            found = StageField(current.size, current.jump, (0, 0), True)
        else:
            starts = [self._find_start(one, self._known[stage]) for stage in one.reads]
            rows, columns = zip(*starts, strict=True)
            found = StageField(current.size, current.jump, (min(rows), min(columns)), False)
        self._known.append(found)
        return found

    @staticmethod
    def _find_start(one: PlannedStage, before: StageField) -> Pair:
        geometry = one.plan.geometry
        if geometry is None:
            return before.start
        (down, across), (top, left) = before.jump, before.start
        return top - down * geometry.rows.before, left - across * geometry.columns.before
