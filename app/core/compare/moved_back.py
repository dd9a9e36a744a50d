"""After a shift, moved back: which cells of a map are what they were, had nothing been shifted."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from ..scene import Pair
from ..texts import Text, make_text
from ..trace.color_scale import ROUNDING
from ..trace.trace import Stage, Trace
from .difference import ShiftBetween, describe_shift

FloatMap = npt.NDArray[np.float32]
CellMap = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MovedBack:
    """A map after a shift by `by` of its own cells (rows, columns), moved back by them; all arrays are (H, W).

    Where `is_known` is false, the cell moved out of the map, and its value is 0. Where `is_unlike`, it is known and is
    not what it was before the shift.
    """

    values: FloatMap
    is_known: CellMap
    is_unlike: CellMap
    by: Pair

    @property
    def compared(self) -> int:
        """How many cells are in both maps."""
        return int(self.is_known.sum())

    @property
    def unlike(self) -> int:
        """How many of them are not what they were."""
        return int(self.is_unlike.sum())

    @property
    def title(self) -> Text:
        """What it is: the map after the shift, moved back by so many of its cells."""
        rows, columns = self.by
        return make_text("compare_moved_back", by=describe_shift((-rows, -columns)))

    @property
    def sentences(self) -> tuple[Text, ...]:
        """How many cells are unlike, and how many moved out of the map."""
        count = {"unlike": self.unlike, "compared": self.compared}
        code = {0: "compare_alike", 1: "compare_one_unlike"}.get(self.unlike, "compare_unlike")
        gone = int(self.is_known.size) - self.compared
        out = "compare_one_left_map" if gone == 1 else "compare_left_map"
        return (make_text(code, **count), *([make_text(out, count=gone)] if gone else []))


def move_back(before: Stage, after: Stage, map: int, by: Pair) -> MovedBack:
    """Moves a map of the stage `after` back by (rows, columns) of its cells and compares it with that of `before`.

    Both stages have maps of one shape. Cells are alike if they differ by no more than the rounding of float32.
    """
    one, other = before.output[map], after.output[map]
    height, width = one.shape
    rows, columns = (np.arange(size) + step for size, step in zip((height, width), by, strict=True))
    is_known = np.logical_and.outer((rows >= 0) & (rows < height), (columns >= 0) & (columns < width))
    found = other[np.ix_(np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1))]
    values = np.where(is_known, found, np.float32(0)).astype(np.float32)
    slack = ROUNDING * float(np.abs(one).max(initial=0))
    return MovedBack(values, is_known, is_known & (np.abs(values.astype(np.float64) - one) > slack), by)


def _find_shifted(trace: Trace, shift: ShiftBetween) -> Stage | None:
    """The stage whose cells are shifted: that of the layer, or the picture."""
    if shift.layer is None:
        return trace.stages[0]
    return next(
        (one for one in trace.stages if one.info.layer == shift.layer and one.info.operation.kind == "shift"), None
    )


def count_unlike(before: Stage, after: Stage, map: int | None) -> int:
    """How many cells of a map, or of all maps together for None, have other numbers in their own place."""
    one, other = (stage.output if map is None else stage.output[map : map + 1] for stage in (before, after))
    slack = ROUNDING * float(np.abs(one).max(initial=0))
    return int((np.abs(other.astype(np.float64) - one) > slack).any(axis=0).sum())


def read_moved_back(
    traces: tuple[Trace, Trace], shift: ShiftBetween, stages: tuple[int, int], map: int
) -> MovedBack | Text | None:
    """The shown map after the shift, moved back; a sentence where it moved by a part of a cell.

    `traces` and `stages` are in the order of the figures. None where the figure after the shift shows a stage before
    it, where the two maps are not of one shape, and where they have one cell, which has no place.
    """
    before, after = (traces[i].stages[stages[i]] for i in (shift.before, shift.after))
    shifted = _find_shifted(traces[shift.after], shift)
    if shifted is None or shifted.info.index > after.info.index or before.output.shape != after.output.shape:
        return None
    if map >= len(before.output):
        return None
    if before.output[0].size == 1:  # whole maps in one number: it has no place
        return None
    steps = [
        cells * Fraction(own).limit_denominator(1000) / Fraction(shown).limit_denominator(1000)
        for cells, own, shown in zip(
            shift.by, shifted.info.receptive_field.jump, after.info.receptive_field.jump, strict=True
        )
    ]
    rows, columns = steps
    if rows.denominator > 1 or columns.denominator > 1:
        return make_text("compare_part_of_cell", rows=f"{float(rows):g}", columns=f"{float(columns):g}")
    return move_back(before, after, map, (int(rows), int(columns)))
