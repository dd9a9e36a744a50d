"""Centering: a drawing is scaled and moved as those were that a network for digits learned from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape
from ..code.dialects import DialectName, find_dialect
from ..layer_error import make_layer_error
from ..ops.geometry import ReceptiveField
from ..scene import Layer, Pair, Sides
from ..texts import Text, make_text
from .layer_law import Interval, LayerLaw, LayerPlan, Step
from .weighted_cells import weigh_cells

if TYPE_CHECKING:
    from ..writing import StepTexts

BOX, SIZE = 20, (28, 28)
"""Of the digits of MNIST: the longer side of a digit, and the size of its picture."""
LEAST_INK = 0.25
"""A cell belongs to the drawing with at least this share of the strongest ink: the pen covers a quarter of it."""
MOST_LISTED_CELLS = 16 * 16
"""A step that reads more of them says how many."""
Matrix = NDArray[np.float64]
SHARES = """\
def shares(start, cells, parts):  # parts × cells: the share of each cell in each part
    low = start + {length} * np.arange(parts)[:, None]
    cell = {unit} * np.arange(cells)
    covered = np.minimum(low + {length}, cell + {unit}) - np.maximum(low, cell)
    return np.{maximum} / {length}
"""
"""The function of the code of a stage; its numbers are written into it."""


@dataclass(frozen=True, slots=True)
class CenteredAxis:
    """One axis: `parts` new cells, each of `length`, the first one from `start` on.

    Lengths are whole numbers, in parts of a cell of the input of which a cell has `unit`, so that all shares are exact
    up to one division. New cells may lie outside of the `size` cells of the input.
    """

    size: int
    parts: int
    start: int
    length: int
    unit: int

    def read(self, place: int) -> tuple[int, tuple[float, ...]]:
        """The first cell that a new cell covers, and the share of the new cell in each; they add up to 1."""
        start = self.start + place * self.length
        stop = start + self.length
        first, after = start // self.unit, -(-stop // self.unit)
        covered = [min(stop, (cell + 1) * self.unit) - max(start, cell * self.unit) for cell in range(first, after)]
        return first, tuple(part / self.length for part in covered)

    def read_interval(self, places: Interval) -> Interval:
        """The cells of the input that some new cells cover; the nearest where they lie outside of it."""
        last, shares = self.read(places[1])
        ends = self.read(places[0])[0], last + len(shares) - 1
        return min(max(ends[0], 0), self.size - 1), max(min(ends[1], self.size - 1), 0)

    def make_matrix(self) -> Matrix:
        """(parts, size): the share of each new cell in each cell of the input."""
        low = self.start + self.length * np.arange(self.parts)[:, None]
        cell = self.unit * np.arange(self.size)
        covered = np.minimum(low + self.length, cell + self.unit) - np.maximum(low, cell)
        made: Matrix = np.maximum(covered, 0) / self.length
        return made

    @property
    def most_cells(self) -> int:
        """The most cells that a new cell covers."""
        return max(len(self.read(place)[1]) for place in range(self.parts))


@dataclass(frozen=True, slots=True)
class Centering(LayerLaw):
    """A drawing as the digits of MNIST are: its longer side scaled to a box, its center of mass in the middle.

    The paper of a channel is the (lower) median of the cells at the edge of the input; ink is how far a value lies from
    it, in the channel where that is most. The drawing is the box around all cells with at least a quarter of the most
    ink, L cells high or wide, whichever is more. Each new cell is the mean of a square of L / `box` cells of the input,
    which may cover cells in part; outside lies paper. The squares lie so that the center of mass of the ink in the
    drawing comes to the middle of the result, to 1 / `box` of a cell.

    `drawing` is (top, left, height, width); None before it was measured, and where there is no ink, which leaves paper.
    """

    box: int
    rows: CenteredAxis
    columns: CenteredAxis
    paper: tuple[float, ...] = ()
    drawing: Sides | None = None

    def bind(self, x: Maps) -> Centering:
        """The law with paper and drawing of these maps."""
        edge = np.concatenate([x[:, 0], x[:, -1], x[:, :, 0], x[:, :, -1]], axis=1)
        paper = np.sort(edge, axis=1)[:, (edge.shape[1] - 1) // 2].astype(np.float64)
        ink = np.abs(x - paper[:, None, None]).max(axis=0)
        measured = replace(self, paper=tuple(float(one) for one in paper))
        if not ink.max() > 0:
            return measured
        is_drawn = ink >= LEAST_INK * ink.max()
        lines = map(np.flatnonzero, (is_drawn.any(axis=1), is_drawn.any(axis=0)))
        ends = [(int(found[0]), int(found[-1]) + 1) for found in lines]
        (top, bottom), (left, right) = ends
        inside = ink[top:bottom, left:right]
        length = max(bottom - top, right - left)
        masses = zip((self.rows, self.columns), (top, left), (inside.sum(axis=1), inside.sum(axis=0)), strict=True)
        rows, columns = (_place(axis, first, mass, length) for axis, first, mass in masses)
        return replace(measured, rows=rows, columns=columns, drawing=(top, left, bottom - top, right - left))

    @property
    def notes(self) -> tuple[Text, ...]:
        """Where the drawing was found, and what becomes of it."""
        if not self.paper:
            return ()
        if self.drawing is None:
            return (make_text("center_empty"),)
        top, left, height, width = self.drawing
        found = {"top": top, "left": left, "height": height, "width": width}
        return (make_text("center_found", **found, box=self.box, rows=self.rows.parts, columns=self.columns.parts),)

    @property
    def multiple(self) -> int:
        """All shares are multiples of 1 over this."""
        return self.rows.length * self.columns.length

    def apply(self, x: Maps) -> Maps:
        """(C, H, W) → (C, rows, columns), computed in float64 and rounded once."""
        paper = np.array(self._list_paper(len(x)))[:, None, None]
        y: Maps = (paper + self.rows.make_matrix() @ (x - paper) @ self.columns.make_matrix().T).astype(np.float32)
        return y

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The cells that a new cell covers, with their shares as weights; a copy has none."""
        paper = self._list_paper(len(x))[map]
        rows, columns, channel = weigh_cells(x, map, self.rows.read(row), self.columns.read(col), paper)
        total = channel["sum"]
        listed = [channel] if len(rows) * len(columns) <= MOST_LISTED_CELLS else []
        return {"rows": rows, "columns": columns, "channels": listed, "sum": total, "result": total}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text:
        """Which cell is copied, or how many are weighed."""
        count = len(step["rows"]) * len(step["columns"])
        if count > 1:
            return make_text("shares_of", count=count)
        if step["channels"][0]["sources"][0][0] is None:
            return make_text("padding_value")
        return make_text("copied_from", row=step["rows"][0], column=step["columns"][0])

    def to_json(self) -> dict[str, object]:
        """The box, the drawing and the paper; where new cells begin and how long they are, in 1 / `box` of a cell."""
        return {
            "box": self.box,
            "drawing": list(self.drawing) if self.drawing else None,
            "paper": list(self.paper),
            "starts": [self.rows.start, self.columns.start],
            "length": self.rows.length,
        }

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The shares along rows and columns as matrices; SciPy has no function for that."""
        if dialect == "scipy":
            return ()
        found = find_dialect(dialect)
        maximum = "clip(covered, min=0)" if dialect == "torch" else "maximum(covered, 0)"
        function = SHARES.format(length=self.rows.length, unit=self.box, maximum=maximum)
        paper = self._list_paper(1)
        sides = (f"shares({axis.start}, {axis.size}, {axis.parts})" for axis in (self.rows, self.columns))
        rows, columns = sides
        written = repr(paper[0]) if len(set(paper)) == 1 else f"{found.array}({list(paper)})[:, None, None]"
        return (
            f"# lengths are in 1/{self.box} of a cell",
            *function.replace("np.", f"{found.module}.").splitlines(),
            "",
            f"paper = {written}",
            f"y = paper + {rows} @ (x - paper) @ {columns}.T",
        )

    def read_rows(self, rows: Interval) -> Interval:
        """The rows of the input that some rows of the output are made from."""
        return self.rows.read_interval(rows)

    def read_columns(self, columns: Interval) -> Interval:
        """The columns of the input that some columns of the output are made from."""
        return self.columns.read_interval(columns)

    def extend(self, field: ReceptiveField) -> ReceptiveField:
        """A new cell covers so many cells at most, and neighbors lie as far apart as they are long."""
        axes = (self.rows, self.columns)
        return field.resample(
            (self.rows.most_cells, self.columns.most_cells),
            tuple((axis.start, axis.length, axis.unit) for axis in axes),  # type: ignore[arg-type]
        )

    def _list_paper(self, channels: int) -> tuple[float, ...]:
        return self.paper or (0.0,) * channels


def _place(axis: CenteredAxis, first: int, mass: NDArray[np.floating[Any]], length: int) -> CenteredAxis:
    """The axis with new cells of `length`, so that the center of mass, from the cell `first` on, is in the middle."""
    center = float((mass.astype(np.float64) * (first + 0.5 + np.arange(len(mass)))).sum() / mass.sum(dtype=np.float64))
    start = math.floor(center * axis.unit - axis.parts * length / 2 + 0.5)
    return replace(axis, start=start, length=length)


def plan_centering(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a centering; its drawing is measured later. Raises LayerError for a box that the result lacks."""
    channels, height, width = in_shape
    box, size = cast(int, layer.head or BOX), cast(Pair, layer.get("size") or SIZE)
    if box > min(size):
        raise make_layer_error("center_box", "box", box, make_text("at_most", most=min(size)))
    length = max(height, width)
    rows, columns = (
        CenteredAxis(cells, parts, (cells * box - parts * length) // 2, length, box)
        for cells, parts in zip((height, width), size, strict=True)
    )
    return LayerPlan(Centering(box, rows, columns), (channels, *size))
