"""Padding as a layer of its own: rows and columns around every map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from ..arrays import Maps, Shape
from ..code.dialects import DialectName, find_dialect
from ..layer_error import make_layer_error
from ..operation_table import ValueBehavior
from ..ops.convolution import NUMPY_MODES, PaddingMode
from ..ops.geometry import Axis, Geometry, Padding, compute_padding, find_source_index
from ..scene import Layer, Sides, parse_number
from ..texts import Text, make_text
from ..trace.plan_checks import check_padding_mode
from .layer_law import Interval, LayerLaw, LayerPlan, Step

if TYPE_CHECKING:
    from ..writing import StepTexts


@dataclass(frozen=True, slots=True)
class Border(LayerLaw):
    """Cells around each map: F.pad, which names its sides in the order left, right, top, bottom.

    In mode `zeros` they are `value`; the other modes are those of a convolution's padding.
    """

    geometry: Geometry
    mode: PaddingMode
    value: float
    multiple: int = 1

    @property
    def values(self) -> ValueBehavior | None:
        """Another value than 0 may be no whole number, or negative."""
        return ValueBehavior(self.multiple == 1, self.value > 0, multiples="kept") if self.value else None

    @property
    def sides(self) -> Sides:
        """(top, bottom, left, right)."""
        rows, columns = self.geometry.rows, self.geometry.columns
        return rows.before, rows.after, columns.before, columns.after

    def apply(self, x: Maps) -> Maps:
        """(C, H, W) → (C, H + top + bottom, W + left + right)."""
        top, bottom, left, right = self.sides
        around = ((0, 0), (top, bottom), (left, right))
        if self.mode == "zeros":
            return np.pad(x, around, constant_values=np.float32(self.value))
        return np.pad(x, around, mode=NUMPY_MODES[self.mode])  # type: ignore[call-overload,no-any-return]

    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The cell that is copied; one of the padding with `value` has no source."""
        rows, columns = self.geometry.rows, self.geometry.columns
        at = row - rows.before, col - columns.before
        source = [self._find(axis, place) for axis, place in zip((rows, columns), at, strict=True)]
        is_outside = not (0 <= at[0] < rows.size and 0 <= at[1] < columns.size)
        value = self.value if None in source else float(x[map, source[0], source[1]])
        channel: Step = {
            "channel": map,
            "values": [[value]],
            "padded": [[is_outside]],
            "sources": [[None if None in source else source]],
            "weights": None,
            "products": None,
            "sum": value,
        }
        return {"rows": [at[0]], "columns": [at[1]], "channels": [channel], "sum": value, "result": value}

    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text:
        """Which cell is copied, or that it is padding."""
        channel = step["channels"][0]
        (source,), (is_outside,) = channel["sources"][0], channel["padded"][0]
        if source is None:
            return make_text("padding_value")
        return make_text("padding_from" if is_outside else "copied_from", row=source[0], column=source[1])

    def to_json(self) -> dict[str, object]:
        """The mode and the value; the sides are those of rows and columns."""
        return {"mode": self.mode, "value": self.value}

    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """F.pad, or np.pad and those that are called like it."""
        top, bottom, left, right = self.sides
        if dialect == "torch":
            value = f", value={self.value!r}" if self.value else ""
            how = value if self.mode == "zeros" else f', mode="{self.mode}"'
            return ("# left, right, top, bottom", f"y = F.pad(x, {(left, right, top, bottom)}{how})")
        how = f", constant_values={self.value!r}" if self.value else ""
        how = how if self.mode == "zeros" else f', mode="{NUMPY_MODES[self.mode]}"'
        is_of_jax = dialect == "keras" and self.mode in ("replicate", "circular")
        return (
            *(("# with JAX as Keras's backend",) if is_of_jax else ()),
            f"y = {find_dialect(dialect).module}.pad(x, ((0, 0), ({top}, {bottom}), ({left}, {right})){how})",
        )

    def read_rows(self, rows: Interval) -> Interval:
        """The rows of the input that some rows of the output are copied from."""
        return self._read(self.geometry.rows, rows)

    def read_columns(self, columns: Interval) -> Interval:
        """The columns of the input that some columns of the output are copied from."""
        return self._read(self.geometry.columns, columns)

    def _find(self, axis: Axis, place: int) -> int | None:
        return find_source_index(place, axis.size, self.mode)

    def _read(self, axis: Axis, places: Interval) -> Interval:
        found = [self._find(axis, place - axis.before) for place in range(places[0], places[1] + 1)]
        known = [place for place in found if place is not None]
        nearest = 0 if places[0] < axis.before else axis.size - 1
        return (min(known), max(known)) if known else (nearest, nearest)


def plan_padding(layer: Layer, in_shape: Shape) -> LayerPlan:
    """The plan of a padding. Raises LayerError for a value that its mode does not use, and for too many cells."""
    channels, height, width = in_shape
    head = cast(Padding | None, layer.head)
    top, bottom, left, right = (1, 1, 1, 1) if head is None else compute_padding(head, (1, 1))
    mode: PaddingMode = layer.get("mode") or "zeros"  # type: ignore[assignment]
    value = layer.get("value")
    if value is not None and mode != "zeros":
        raise make_layer_error("pad_value", "value", str(value), "mode=zeros", mode=mode)
    check_padding_mode(mode, (top, bottom, left, right), (height, width), "mode")
    geometry = Geometry(Axis(height, 1, 1, 1, top, bottom), Axis(width, 1, 1, 1, left, right))
    written = parse_number(str(value or "0"))
    law = Border(geometry, mode, float(written), written.denominator)
    return LayerPlan(law, (channels, *geometry.shape), geometry)
