"""Facts about a stage as typed values: what its layer does, what it costs, what its numbers are.

`stage_json` writes them as JSON. A title, a label or a note is a Text, or a `str` that somebody wrote.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from ..arrays import Shape
from ..operation_table import Operation
from ..ops.convolution import PaddingMode
from ..ops.geometry import ONE_CELL, Geometry, WholeField
from ..ops.pooling import PoolKind
from ..ops.preprocessing import PreprocessingPlan
from ..scene import Pair, Sides
from ..texts import Text
from .value_facts import ValueFacts


@dataclass(frozen=True, slots=True)
class ImageInfo:
    """The origin of an input: a sample, an upload, one that is gone, or typed numbers.

    `stored` is (rows, columns) of the stored picture and `cut` its crop (top, left, height, width); None for an input
    that is not cropped. `notes` say how an upload was decoded, None for other kinds.
    """

    kind: str
    name: str = ""
    title: Text | str = ""
    alt: Text | str = ""
    credit: str = ""
    notes: tuple[Text | str, ...] | None = None
    stored: Pair | None = None
    cut: Sides | None = None


@dataclass(frozen=True, slots=True)
class FilterInfo:
    """The filters of a convolution: how they read their input, and what becomes of each sum.

    The sum of map k is divided by `divisors[k] · scales[k]`; `bias_text[k]` is its bias as written.
    """

    groups: int = 1
    padding_mode: PaddingMode = "zeros"
    flip: bool = False
    divisors: tuple[int, ...] = ()
    scales: tuple[int, ...] = ()
    bias_text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolInfo:
    """What a pooling keeps of a window, whether the divisor of a mean counts the padding, and one that is given."""

    kind: PoolKind
    count_include_pad: bool = True
    divisor_override: int | None = None


@dataclass(frozen=True, slots=True)
class PreprocessingInfo:
    """The numbers from which a step of preprocessing is explained.

    A cell is the weighted sum of the cells given by the plan's `rows`, `columns` and `mix`; inverted if `inverted`;
    then (sum / white − mean) / std, with the mean and std of its map.
    """

    plan: PreprocessingPlan
    white: float
    inverted: bool


@dataclass(frozen=True, slots=True)
class StageInfo:
    """Facts about one stage.

    `index` counts stages from 0, the input; `layer` is the index of the scene's layer, None for the input. Shapes are
    (C, H, W). `exact`: float32 holds every partial sum exactly. All values are
    multiples of 1/`denominator`, None where this is not known. `sees_whole_input`: each
    cell depends on every cell of the input. `classes` names the values of a classifier, `labels`
    each map's filter or unit. `slope` belongs to leaky ReLU, `by` (rows down, columns to the right) to a shift.
    `reads` are the numbers of the stages that it reads, () for the input; `input_shape` is the shape of the first.
    `starts` is for each of them its first map in the output of a concatenation, () elsewhere. `words` are those of each
    row, () where rows have none; `winners` those that a global maximum or minimum of each map is from.
    """

    operation: Operation
    title: Text | str
    shape: Shape
    values: ValueFacts
    index: int = 0
    layer: int | None = None
    input_shape: Shape | None = None
    geometry: Geometry | None = None
    parameters: int = 0
    multiply_adds: int = 0
    receptive_field: WholeField = ONE_CELL.rounded
    exact: bool = False
    denominator: int | None = None
    sees_whole_input: bool = False
    image: ImageInfo | None = None
    filters: FilterInfo | None = None
    pool: PoolInfo | None = None
    preprocessing: PreprocessingInfo | None = None
    slope: float | None = None
    by: Pair | None = None
    labels: tuple[Text | str, ...] = ()
    classes: tuple[str, ...] = ()
    notes: tuple[Text | str, ...] = ()
    reads: tuple[int, ...] = ()
    starts: tuple[int, ...] = ()
    words: tuple[Text | str, ...] = ()
    winners: tuple[Text | str, ...] = ()

    def find_part(self, map: int) -> int:
        """The index of the stage, among those that are read, that a map is made from first."""
        return max(bisect_right(self.starts, map) - 1, 0)

    @property
    def op(self) -> str:
        """The name of the operation in links; `input` for the input."""
        return self.operation.name

    @property
    def family(self) -> str:
        """The family of the operation: convolution, activation, pooling, other or input."""
        return self.operation.family

    @property
    def colors(self) -> str:
        """The look of colors=auto: gray, photo or signed."""
        return self.values.colors

    @property
    def scale(self) -> tuple[float, float] | None:
        """The values of black and white where the stage is a picture."""
        return self.values.scale
