"""What a signal is drawn of: the line of its input with its padding, the lines of its output, their wires and names.

`static/pure/tabs/signal/signal-parts.js` and `signal-names.js` are the same on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....core.explain.beats import KNOWN_BEATS
from ....core.ops.geometry import Axis, Tap
from ....core.trace.trace import Stage, Trace, get_read
from ....core.views.letter_names import subscript
from ...figure_content.written_cells import count_in_other_map, count_written
from ...view_position import ViewPosition

MOST_OPEN = 4
"""Up to so many filters all of them have a line; of more the one of the step."""


@dataclass(frozen=True, slots=True)
class SignalParts:
    """A layer on a signal at a step, or with `before` None the signal itself.

    `channel` is the map of the input line, `maps` those of the output lines, of a fully connected layer the one of the
    step. `axis` is that of a window, None where a cell is read alone, or all are. `place` is the column of the step, of
    a fully connected layer 0.
    """

    trace: Trace
    position: ViewPosition
    stage: Stage
    before: Stage | None
    channel: int
    maps: Sequence[int]
    axis: Axis | None

    @property
    def is_linear(self) -> bool:
        """Whether each output reads the whole line."""
        return self.stage.info.operation.kind == "linear"

    @property
    def has_weights(self) -> bool:
        """Whether the outputs are neurons: weighted sums."""
        return self.stage.info.operation.kind in ("conv", "linear")

    @property
    def source(self) -> Stage:
        """The stage of the input line."""
        return self.before or self.stage

    @property
    def size(self) -> int:
        """How many numbers the input line has."""
        return int(self.source.output.shape[2])

    @property
    def ends(self) -> tuple[int, int]:
        """The first and the last cell of the input line with its padding."""
        before, after = (self.axis.before, self.axis.after) if self.axis and not self.is_transposed else (0, 0)
        return -before, self.size - 1 + after

    @property
    def is_transposed(self) -> bool:
        """Whether it is a transposed convolution."""
        return self.stage.info.op == "convtranspose"

    @property
    def taps(self) -> int:
        """How many weights a neuron has, or cells a window."""
        return self.size if self.is_linear else self.axis.kernel if self.axis else 1

    @property
    def count(self) -> int:
        """How many circles a line of the output has."""
        maps, _, columns = self.stage.output.shape
        return int(maps if self.is_linear else columns)

    @property
    def here(self) -> int:
        """The circle of the step in its line."""
        return self.position.map if self.is_linear else self.position.cell[1]

    @property
    def spacing(self) -> float:
        """From one neuron to the next, in input cells."""
        if self.is_linear:
            return self.size / self.count
        return float(self.axis.jump) if self.axis else 1.0

    def place_of(self, map: int, index: int) -> tuple[int, int]:
        """Map and column of a circle of a line."""
        return (index, 0) if self.is_linear else (map, index)

    def list_taps(self, column: int) -> tuple[Tap, ...]:
        """The input cells that a neuron reads, each with the index of its weight."""
        if self.is_linear:
            return tuple((cell, cell) for cell in range(self.size))
        if self.axis is None:
            return ((column, 0),)
        return tuple((cell, tap) for cell, tap in self.axis.list_taps(column) if tap >= 0)

    def find_center(self, index: int) -> float:
        """The middle of the window of a circle, in input cells."""
        if self.is_linear:
            return (index + 0.5) / self.count * self.size - 0.5
        if self.axis is None:
            return float(index)
        return float(self.axis.first_cell + index * self.axis.jump) + (self.axis.effective_kernel - 1) / 2

    def count_written(self, map: int) -> int:
        """How many circles of a line are written; filters are finished one after another at each place."""
        view, now = self.position.view, self.position.map
        if self.is_linear:
            return self.count if view.beat in KNOWN_BEATS else 0
        here = count_written(self.trace, self.position, view.beat)[self.stage.info.index]
        all_written = view.ghost or self.position.is_whole
        if map == now or all_written or self.stage.info.operation.kind != "conv":
            return here
        return count_in_other_map(self.position, map, self.position.cell[1], self.count)

    def find_beat(self, map: int, index: int) -> str:
        """How far the step of a circle is: its beat, "window" for one to come."""
        if self.place_of(map, index) == (self.position.map, self.position.cell[1]):
            return self.position.view.beat
        return "write" if index < self.count_written(map) else "window"

    # --- names ---

    @property
    def letters(self) -> tuple[str, str, str]:
        """Those of input, weight and output."""
        if self.stage.info.filters and self.stage.info.filters.flip:
            return "x", "g", "y"
        return "x", "w", "h" if self.has_weights else "y"

    @property
    def _first(self) -> int:
        return 1 if self.position.view.index else 0

    @property
    def _is_numbered(self) -> bool:
        return self.is_linear or len(self.stage.output) > 1

    def name_input(self, cell: int) -> str:
        """The name of an input cell."""
        return self.letters[0] + subscript([cell + self._first])

    def name_weight(self, map: int, tap: int) -> str:
        """The name of a weight: its index in the filter as it was written."""
        turned = self.stage.info.filters is not None and self.stage.info.filters.flip
        index = (self.taps - 1 - tap if turned else tap) + self._first
        return self.letters[1] + subscript([map + self._first, index] if self._is_numbered else [index])

    def name_output(self, map: int, index: int) -> str:
        """The name of a result."""
        if self.is_linear:
            return self.letters[2] + subscript([index + self._first])
        place = [map + self._first, index + self._first] if self._is_numbered else [index + self._first]
        return self.letters[2] + subscript(place)

    def name_bias(self, map: int) -> str:
        """The name of a bias."""
        return "b" + (subscript([map + self._first]) if self._is_numbered else "")

    def name_line(self, map: int) -> str:
        """The name of a line of the output."""
        numbered = self._is_numbered and not self.is_linear
        return self.letters[2] + (subscript([map + self._first]) if numbered else "")


def has_signal(trace: Trace, position: ViewPosition) -> bool:
    """Whether a stage is drawn as a signal: one row of numbers, made of one row of several."""
    stage = position.stage
    if not stage.info.reads:
        return _is_line(stage)
    before = get_read(trace, stage, position.map)
    if not _is_line(before):
        return False
    operation, filters = stage.info.operation, stage.info.filters
    if operation.kind == "linear":
        return len(before.output) == 1
    if stage.output.shape[1] != 1:
        return False
    if operation.kind == "conv":
        groups = filters.groups if filters else 1
        return len(before.output) == groups and stage.geometry is not None and stage.geometry.rows.kernel == 1
    if operation.kind == "pool":
        return stage.geometry is not None
    return operation.kind == "pointwise" or {"one_place", "map_by_map"} <= set(operation.capabilities)


def find_signal_parts(trace: Trace, position: ViewPosition) -> SignalParts:
    """Find what is drawn of the stage of a position; `has_signal` says whether it can be."""
    stage, map = position.stage, position.map
    kind = stage.info.operation.kind
    before = get_read(trace, stage, map) if stage.info.reads else None
    maps = len(stage.output)
    channel = map
    if before is not None and kind == "conv":
        channel = map // max(1, maps // len(before.output))
    elif before is not None and kind == "linear":
        channel = 0
    is_open = kind == "conv" and maps <= MOST_OPEN
    axis = stage.geometry.columns if stage.geometry and kind in ("conv", "pool") else None
    return SignalParts(trace, position, stage, before, channel, range(maps) if is_open else (map,), axis)


def _is_line(stage: Stage) -> bool:
    _, rows, columns = stage.output.shape
    return bool(rows == 1 and columns > 1)
