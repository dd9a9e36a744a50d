"""What a layer with numbers of its own does: its arithmetic, its steps, its facts for the browser, its code."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..arrays import Maps, Shape
from ..code.dialects import DialectName
from ..number_text import MINUS, format_number
from ..ops.geometry import Geometry, ReceptiveField
from ..scene import OptionValue
from ..texts import Text

if TYPE_CHECKING:
    from ..operation_table import ValueBehavior
    from ..writing import StepTexts

Interval = tuple[int, int]
"""(first, last) cell, both included."""
Step = dict[str, Any]


class LayerLaw(ABC):
    """The law of a planned layer, without arrays: all its numbers are written in the link or measured by `bind`.

    A law is hashable; two laws that are equal have the same facts and the same code.
    """

    def bind(self, x: Maps) -> LayerLaw:
        """The law for these maps (C, H, W): with what it measures of them; itself where it measures nothing."""
        return self

    @property
    def notes(self) -> tuple[Text, ...]:
        """What has to be said of the layer once it is bound."""
        return ()

    @property
    def values(self) -> ValueBehavior | None:
        """What becomes of values, where the numbers of the layer decide it; None for what its table row says."""
        return None

    @property
    def multiple(self) -> int:
        """All weights of an average, and all values that a layer adds, are multiples of 1 over this."""
        return 1

    @abstractmethod
    def apply(self, x: Maps) -> Maps:
        """(C, H, W) → the output maps; float32 stays float32."""

    @abstractmethod
    def explain(self, x: Maps, map: int, row: int, col: int) -> Step:
        """The rows, columns, channels and numbers of the step of one cell, as `explain_step` describes them."""

    @abstractmethod
    def describe(self, step: Mapping[str, Any], texts: StepTexts, is_known: bool) -> Text | str:
        """What stands before the result of a step; `is_known`: the beat shows the result."""

    @abstractmethod
    def to_json(self) -> dict[str, object]:
        """The numbers of the layer, from which the browser explains its steps."""

    @abstractmethod
    def write_code(self, dialect: DialectName) -> tuple[str, ...]:
        """The lines that make `y` of `x`; none in a dialect that cannot say it."""

    def read_rows(self, rows: Interval) -> Interval:
        """The rows of the input that some rows of the output are made from."""
        return rows

    def read_columns(self, columns: Interval) -> Interval:
        """The columns of the input that some columns of the output are made from."""
        return columns

    def extend(self, field: ReceptiveField) -> ReceptiveField:
        """The receptive field of one cell after this layer."""
        return field


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """What the plan of a stage needs to know of a layer: its law, the shape of its output, and what it costs."""

    law: LayerLaw
    shape: Shape
    geometry: Geometry | None = None
    parameters: int = 0
    notes: tuple[Text, ...] = ()


def read_place(x: Maps, channels: range, row: int, col: int) -> Step:
    """The step that reads one place of some channels, one cell of each."""
    listed = [read_cell(x, channel, row, col) for channel in channels]
    return {"rows": [row], "columns": [col], "channels": listed}


def read_cell(x: Maps, channel: int, row: int, col: int) -> Step:
    """One channel of a step that reads one of its cells."""
    value = float(x[channel, row, col])
    unweighted: Step = {"weights": None, "products": None, "sum": value}
    return {"channel": channel, "values": [[value]], "padded": [[False]], "sources": [[[row, col]]]} | unweighted


def write_number(value: float) -> str:
    """A number of a layer within a formula; in brackets where it is negative."""
    text = format_number(value)
    return f"({text})" if text.startswith(MINUS) else text


def read_flag(value: OptionValue | None) -> bool:
    """A flag of a layer, off where it is not given."""
    return value is True
