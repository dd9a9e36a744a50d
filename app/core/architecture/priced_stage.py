"""What each stage of a network costs, and what all of them cost together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..arrays import FLOAT32_BYTES, Shape
from ..scene import Pair
from ..texts import Text


@dataclass(frozen=True, slots=True)
class PricedStage:
    """One stage: what it reads, makes and costs. All counts are of one picture, forward, and may be of any size.

    `index` counts stages from 0, the input. `part` is the part of a known network that it belongs to, "" where it has
    no name; `layer` is its layer in the words of links, "" for the input. `reads` are the stages that it reads, `shape`
    is (channels, rows, columns) of its output.

    `weights` and `biases` are its parameters; of a batch normalization the gains and the shifts. `folded` are its
    parameters where each normalization is put into the layer before it. `kept` counts the numbers of its output that
    are stored: 0 where it works in place. `copied` counts the output of an activation, for programs that store it
    beside its input. `pair` is what is stored while it is computed, its output and all that it reads; 0 in place.

    Of a convolution, `unshared` are its parameters if every place had filters of its own, and `dense` those of a fully
    connected layer with the same outputs.

    `receptive_field` (rows, columns) is what one of its cells can depend on in the input, padding included; `jump` the
    distance of neighbors' fields, a fraction behind an upsampling; `start` the first row and column of the field of
    cell (0, 0), below 0 in the padding. With `sees_all` every cell sees the whole input. With `is_bound` the field is
    the most that a cell can have: paths to it differ in jump or center.
    """

    index: int
    part: str
    layer: str
    op: str
    title: Text | str
    reads: tuple[int, ...]
    shape: Shape
    weights: int = 0
    biases: int = 0
    folded: int = 0
    kept: int = 0
    copied: int = 0
    pair: int = 0
    multiply_adds: int = 0
    unshared: int = 0
    dense: int = 0
    receptive_field: Pair = (1, 1)
    jump: tuple[float, float] = (1, 1)
    start: Pair = (0, 0)
    is_bound: bool = False
    sees_all: bool = False

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    @property
    def bytes(self) -> int:
        """Of the stored numbers, at 4 bytes each."""
        return self.kept * FLOAT32_BYTES


@dataclass(frozen=True, slots=True)
class PriceTotals:
    """The sums over all stages; `pair` is the largest, which prediction needs at the same time."""

    weights: int
    biases: int
    folded: int
    kept: int
    copied: int
    pair: int
    multiply_adds: int

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    @property
    def bytes(self) -> int:
        """Of all stored numbers, which training keeps."""
        return self.kept * FLOAT32_BYTES

    @property
    def pair_bytes(self) -> int:
        """Of the largest pair of neighbors."""
        return self.pair * FLOAT32_BYTES


def add_up(stages: Sequence[PricedStage]) -> PriceTotals:
    """The totals of some stages."""
    return PriceTotals(
        sum(one.weights for one in stages),
        sum(one.biases for one in stages),
        sum(one.folded for one in stages),
        sum(one.kept for one in stages),
        sum(one.copied for one in stages),
        max((one.pair for one in stages), default=0),
        sum(one.multiply_adds for one in stages),
    )
