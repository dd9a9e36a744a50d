"""Which cells of its input each cell of a layer is wired to, and by which weight: what the pictures of sharing draw.

`static/pure/tabs/sharing/wires.js` is the same in JavaScript, and tests/browser/pure/test_sharing_twins.py holds both
to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..ops.geometry import Axis, find_source_index
from ..ops.transposed import TransposedAxis
from ..scene import Pair
from ..trace.stage_info import FilterInfo
from ..trace.trace import Stage

Sources = npt.NDArray[np.int64]
NO_CELL, NO_WIRE = -1, -2
"""The source of a weight that meets a zero of the padding, and of one that no wire of the cell has."""
Place = tuple[int, int, int]
"""Map, row and column of a cell, or channel, row and column of an input cell or of a weight."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """The wires of one map of a layer, or of a fully connected layer.

    A neuron is a cell of the map, counted in reading order, or an output of the fully connected layer. `before` is the
    shape (channels, rows, columns) of the input and `weights` counts those of a neuron, without its bias. `down` and
    `across` have a row for each position of the window: the input rows or columns that the filter's rows or columns
    meet, or NO_CELL or NO_WIRE; a fully connected layer has none. The map reads `channels` of them from `first` on, as
    all `maps_of_group` of its group do.
    """

    before: Place
    map: int
    maps: int
    weights: int
    down: Sources | None = None
    across: Sources | None = None
    first: int = 0
    channels: int = 0
    maps_of_group: int = 0

    @property
    def inputs(self) -> int:
        """How many cells the input has."""
        channels, rows, columns = self.before
        return channels * rows * columns

    @property
    def shape(self) -> Pair:
        """Rows and columns of the map; (1, 1) of a fully connected layer."""
        return (1, 1) if self.down is None or self.across is None else (len(self.down), len(self.across))

    @property
    def is_linear(self) -> bool:
        """Whether each neuron reads every input by a weight of its own."""
        return self.down is None

    @property
    def neurons(self) -> int:
        """How many neurons there are: cells of the map, or outputs of the fully connected layer."""
        return self.maps if self.is_linear else self.shape[0] * self.shape[1]

    @property
    def is_shared(self) -> bool:
        """Whether several neurons have the same weights."""
        return not self.is_linear and self.neurons > 1

    @property
    def kernel(self) -> Pair:
        """Rows and columns of the filter; those of the input where the layer is fully connected."""
        if self.down is None or self.across is None:
            return self.before[1], self.before[2]
        return self.down.shape[1], self.across.shape[1]

    def place_of(self, neuron: int) -> Place:
        """Map, row and column of a neuron."""
        return (neuron, 0, 0) if self.is_linear else (self.map, *divmod(neuron, self.shape[1]))

    def neuron_at(self, row: int, column: int) -> int:
        """The neuron of a cell of the map; of a fully connected layer that of the map."""
        return self.map if self.is_linear else row * self.shape[1] + column

    def find_sources(self, neuron: int) -> Sources:
        """The input cell that each weight of a neuron meets: its index in the flattened input, NO_CELL or NO_WIRE.

        Weights and input cells are in the order channel, row, column.
        """
        if self.down is None or self.across is None:
            return np.arange(self.inputs)
        row, column = divmod(neuron, len(self.across))
        down, across = self.down[row][None, :, None], self.across[column][None, None, :]
        _, height, width = self.before
        planes = (self.first + np.arange(self.channels))[:, None, None] * height
        lacking = np.minimum(down, across)
        sources: Sources = np.where(lacking < 0, lacking, (planes + down) * width + across).ravel()
        return sources

    def count_copies(self) -> Pair:
        """How often each weight stands in the big matrix, (least, most): once for each neuron, less at the padding."""
        if self.down is None or self.across is None:
            return 1, 1
        rows, columns = ((axis >= 0).sum(axis=0) for axis in (self.down, self.across))
        return int(rows.min() * columns.min()), int(rows.max() * columns.max())

    def cell_of_input(self, index: int) -> Place:
        """Channel, row and column of an index of the flattened input."""
        _, height, width = self.before
        return index // (height * width), index // width % height, index % width

    def place_of_weight(self, weight: int) -> Place:
        """Channel, row and column of a weight in its filter."""
        if self.is_linear:
            return self.cell_of_input(weight)
        rows, columns = self.kernel
        return weight // (rows * columns), weight // columns % rows, weight % columns


def has_wires(stage: Stage) -> bool:
    """Whether the cells of a stage are neurons: weighted sums of its input."""
    return stage.info.operation.kind in ("conv", "linear") and stage.weight is not None and bool(stage.info.reads)


def find_wiring(stage: Stage, before: Stage, map: int) -> Wiring:
    """Find the wires of one map of a layer. Raises ValueError for a stage that has no weights."""
    if stage.weight is None:
        raise ValueError(f"the stage {stage.info.index} has no weights")
    channels, height, width = before.output.shape
    shape, maps = (int(channels), int(height), int(width)), len(stage.output)
    weights = stage.weight.size // maps
    if stage.geometry is None:
        return Wiring(shape, map, maps, weights, maps_of_group=maps)
    filters = stage.info.filters or FilterInfo()
    own = shape[0] // filters.groups
    down, across = (_find_along(axis, filters.padding_mode) for axis in (stage.geometry.rows, stage.geometry.columns))
    group = maps // filters.groups
    return Wiring(shape, map, maps, weights, down, across, map // group * own, own, group)


def _find_along(axis: Axis, mode: str) -> Sources:
    """The input rows or columns that those of a filter meet, (positions, kernel).

    In a transposed convolution each input cell writes a copy of the filter, `stride` apart: a cell of the output is
    reached by some weights alone.
    """
    places, taps = np.arange(axis.positions)[:, None], np.arange(axis.kernel)[None, :]
    if isinstance(axis, TransposedAxis):
        cells, rest = np.divmod(places + axis.crop - taps * axis.dilation, axis.stride)
        return np.where((rest == 0) & (cells >= 0) & (cells < axis.size), cells, NO_WIRE)
    cells = places * axis.stride - axis.before + taps * axis.dilation
    outside = (cells < 0) | (cells >= axis.size)
    for index in zip(*np.nonzero(outside), strict=True):
        source = find_source_index(int(cells[index]), axis.size, mode)
        cells[index] = NO_CELL if source is None else source
    return cells
