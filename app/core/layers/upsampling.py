"""Upsampling: more rows and columns, by copies of the nearest cell or by shares of the nearest ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps, Shape
from ..code.dialects import DialectName
from ..operation_table import ValueBehavior
from ..ops.geometry import ReceptiveField
from ..scene import Layer, Pair
from ..texts import Text, make_text
from .layer_law import Interval, LayerLaw, LayerPlan, Step
from .weighted_cells import weigh_cells

if TYPE_CHECKING:
    from ..writing import StepTexts

NEAREST, BILINEAR = "nearest", "bilinear"
Indices = NDArray[np.int64]
PLACES = """\
def places(size, factor):
    \"\"\"The two cells between which each new cell lies, and the share of the second.\"\"\"
    at = np.maximum((np.arange(size * factor) + 0.5) / factor - 0.5, 0)
    first = at.astype(int)
    return first, np.minimum(first + 1, size - 1), at - first
"""


@dataclass(frozen=True, slots=True)
class UpsampledAxis:
    """One axis: each of `size` cells becomes `factor` cells.

    A new cell i lies at (i + ½) / factor − ½ in the old ones, as torch.nn.Upsample places it without align_corners.
    """

    size: int
    factor: int
    is_linear: bool

    def read(self, place: int) -> tuple[int, tuple[float, ...]]:
        """The first cell that a new cell reads, and the share of each that it reads; they add up to 1."""
        if not self.is_linear:
            return place // self.factor, (1.0,)
        first, parts = divmod(max(0, 2 * place + 1 - self.factor), 2 * self.factor)
        share = parts / (2 * self.factor)
        return (first, (1.0,)) if share == 0 or first + 1 >= self.size else (first, (1 - share, share))

    def read_interval(self, places: Interval) -> Interval:
        """The cells that some new cells read."""
        last, shares = self.read(places[1])
        return self.read(places[0])[0], last + len(shares) - 1

    def list_neighbors(self) -> tuple[Indices, Indices, NDArray[np.float32]]:
        """For all new cells: the first and the second cell, and the share of the second."""
        parts = np.maximum(2 * np.arange(self.size * self.factor) + 1 - self.factor, 0)
        first = parts // (2 * self.factor)
        return first, np.minimum(first + 1, self.size - 1), (parts / (2 * self.factor) - first).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Upsampling(LayerLaw):
    """Each map enlarged by whole factors: torch.nn.Upsample with scale_factor, and align_corners=False."""

    rows: UpsampledAxis
    columns: UpsampledAxis

    @property
    def is_linear(self) -> bool:
        """Whether new cells lie between old ones."""
        return self.rows.is_linear

    @property
    def values(self) -> ValueBehavior | None:
        """Shares make fractions of whole numbers."""
        return ValueBehavior(keeps_sign=True, multiples="averaged") if self.is_linear else None

    @property
    def multiple(self) -> int:
        """All shares are multiples of 1 over this."""
        sides = (self.rows.factor, self.columns.factor)
        return math.prod(2 * factor for factor in sides if factor > 1) if self.is_linear else 1

    def apply(self, x: Maps) -> Maps:
        """(C, H, W) → (C, H · rows, W · columns)."""
        if not self.is_linear:
            return x.repeat(self.rows.factor, axis=1).repeat(self.columns.factor, axis=2)
        top, bottom, down = self.rows.list_neighbors()
        left, right, across = self.columns.list_neighbors()
        high = x[:, top] * (1 - down)[:, None] + x[:, bottom] * down[:, None]
        y = high[:, :, left] * (1 - across) + high[:, :, right] * across
        return y.astype(np.float32, copy=False)

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The cells that a new cell reads, with their shares as weights; a copy has none."""
        rows, columns, channel = weigh_cells(x, map, self.rows.read(row), self.columns.read(col))
        total = channel["sum"]
        return {"rows": rows, "columns": columns, "channels": [channel], "sum": total, "result": total}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text:
        """Which cell is copied, or how many are weighed."""
        count = len(step["rows"]) * len(step["columns"])
        if count == 1:
            return make_text("copied_from", row=step["rows"][0], column=step["columns"][0])
        return make_text("shares_of", count=count)

    def to_json(self) -> dict[str, object]:
        """The factors (rows, columns) and the mode."""
        return {
            "factor": [self.rows.factor, self.columns.factor],
            "mode": BILINEAR if self.is_linear else NEAREST,
        }

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The function of a library that enlarges, or copies and shares."""
        high, wide = self.rows.factor, self.columns.factor
        mode = BILINEAR if self.is_linear else NEAREST
        if dialect == "torch":
            return (
                f'y = F.interpolate(x[None], scale_factor={high if high == wide else (high, wide)}, mode="{mode}")[0]',
            )
        rows, columns = self.rows.size * high, self.columns.size * wide
        match dialect:
            case "keras":
                how = f'"{mode}", data_format="channels_first"'
                return (f"y = ops.image.resize(x[None], {(rows, columns)}, {how})[0]",)
            case "jax":
                return (f'y = jax.image.resize(x, (len(x), {rows}, {columns}), "{mode}")',)
            case "scipy":
                how = f'order={int(self.is_linear)}, mode="nearest", grid_mode=True'
                return (f"y = ndimage.zoom(x, {(1, high, wide)}, {how})",)
        if not self.is_linear:
            return (f"y = x.repeat({high}, axis=1).repeat({wide}, axis=2)",)
        return (
            *PLACES.splitlines(),
            "",
            f"top, bottom, down = places({self.rows.size}, {high})",
            f"left, right, across = places({self.columns.size}, {wide})",
            "rows = x[:, top] * (1 - down)[:, None] + x[:, bottom] * down[:, None]",
            "y = rows[:, :, left] * (1 - across) + rows[:, :, right] * across",
        )

    def read_rows(self, rows: Interval) -> Interval:
        """The rows of the input that some rows of the output are made from."""
        return self.rows.read_interval(rows)

    def read_columns(self, columns: Interval) -> Interval:
        """The columns of the input that some columns of the output are made from."""
        return self.columns.read_interval(columns)

    def extend(self, field: ReceptiveField) -> ReceptiveField:
        """Neighbors lie nearer to each other by the factor; between two cells, both are seen."""
        return field.enlarge((self.rows.factor, self.columns.factor), self.is_linear)


def plan_upsampling(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of an upsampling by whole factors."""
    channels, height, width = in_shape
    factor = cast(Pair, layer.head or (2, 2))
    is_linear = layer.get("mode") == BILINEAR
    rows, columns = (UpsampledAxis(*axis, is_linear) for axis in zip((height, width), factor, strict=True))
    return LayerPlan(Upsampling(rows, columns), (channels, height * factor[0], width * factor[1]))
