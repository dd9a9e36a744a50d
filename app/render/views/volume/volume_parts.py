"""What a volume is drawn of: which channels, filters and maps, and what is known of them at a step.

`static/pure/tabs/volume/volume-parts.js` has the same rules.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ....core.explain import explain_step
from ....core.explain.beats import fit_beat, list_beats
from ....core.ops.transposed import TransposedAxis
from ....core.trace.trace import Stage, Trace, get_read
from ....core.writing import StepTexts, write_step
from ...figure_content.written_cells import count_in_other_map, count_written
from ...view_position import ViewPosition
from .volume_texts import write_bias

MOST_OPEN = 4
"""Up to so many filters a volume draws all of them, each with its sums; of more the chosen one is open."""
Step = dict[str, Any]


@dataclass(frozen=True)
class VolumeStep:
    """A step of a layer that is shown as a volume: its position, its beat, and the steps of other maps at its place."""

    trace: Trace
    position: ViewPosition

    @property
    def stage(self) -> Stage:
        """The stage of the step."""
        return self.position.stage

    @property
    def map(self) -> int:
        """The map in focus."""
        return self.position.map

    @cached_property
    def before(self) -> Stage | None:
        """The stage that the map is made from; None for the input."""
        return get_read(self.trace, self.stage, self.map) if self.stage.info.index else None

    @cached_property
    def beat(self) -> str:
        """The beat of the step, one that its stage has."""
        return fit_beat(self.stage, self.position.view.beat)

    @property
    def place(self) -> int:
        """The place of the step in reading order."""
        row, column = self.position.cell
        return row * int(self.stage.output.shape[2]) + column

    @cached_property
    def numbers(self) -> Step:
        """The numbers of the step."""
        return self.explain(self.map)

    def explain(self, map: int, stage: Stage | None = None) -> Step:
        """The numbers of the step of another map, or of another stage, at the same place."""
        return dict(explain_step(self.trace, (stage or self.stage).info.index, map, *self.position.cell))

    def write(self, map: int, stage: Stage | None = None) -> StepTexts:
        """The same as texts."""
        return write_step(self.trace, self.explain(map, stage))

    @cached_property
    def has_all_open(self) -> bool:
        """Whether all filters are drawn at their size, and finished one after another at each place."""
        return has_filter_slices(self.stage) and len(self.stage.output) <= MOST_OPEN

    @cached_property
    def is_known(self) -> bool:
        """Whether the result of the map in focus is known at the beat of the step."""
        beats = list_beats(self.stage)
        end = "bias" if "bias" in beats else "sum"
        return end not in beats or beats.index(self.beat) >= beats.index(end)

    def count_written(self, map: int) -> int:
        """How many cells of a map are written, in reading order.

        Where all filters are open they are finished one after another at each place; a story finishes the map of one
        filter before the next. While a cell is asked for, only its own map is known.
        """
        view, index = self.position.view, self.stage.info.index
        _, rows, columns = self.stage.output.shape
        cells = int(rows * columns)
        if view.predict == "cell" and map != self.map:
            return 0
        if view.ghost or self.position.is_whole or index == 0:
            return cells
        here = int(self.is_known) if cells == 1 else count_written(self.trace, self.position, self.beat)[index]
        if map == self.map or not has_filter_slices(self.stage):
            return here
        if view.story is None and not self.has_all_open:
            return here
        return count_in_other_map(self.position, map, self.place, cells)

    def is_written(self, map: int) -> bool:
        """Whether the number of a map at the place of the step is written."""
        return self.count_written(map) > self.place

    def is_result_known(self, map: int) -> bool:
        """Whether the number of a map at the place of the step is known: with that of the map in focus, or once its own
        filter is finished where they are finished one after another.
        """
        is_later = self.has_all_open and map != self.map
        return (not is_later and self.is_known) or self.is_written(map)

    def find_beat(self, map: int) -> str:
        """How far a filter is at the place of the step: its beat, or "" for one to come."""
        if map == self.map:
            return self.beat
        return "write" if self.is_result_known(map) else ""


@dataclass(frozen=True, slots=True)
class VolumeParts:
    """The parts of a volume: indices of the slices that are drawn.

    `filters` are drawn at their size, by the number of their maps; `small` are pictures between the volumes, of the
    `slices` of a filter; `after` is the activation that is drawn beside the output. `padding` is (top, left) and
    `plane` (rows, columns) of a padded slice, `kernel` that of a filter slice, (0, 0) without filters; `biases` are
    written beside the small filters.
    """

    stage: Stage
    before: Stage | None
    channels: tuple[int, ...]
    filters: tuple[int, ...]
    small: tuple[int, ...]
    slices: tuple[int, ...]
    after: Stage | None
    maps: tuple[int, ...]
    padding: tuple[int, int]
    plane: tuple[int, int]
    kernel: tuple[int, int]
    biases: tuple[str, ...]


def has_filter_slices(stage: Stage) -> bool:
    """Whether the filters of a stage are drawn."""
    return stage.info.operation.kind == "conv" and stage.weight is not None and stage.geometry is not None


def looks_at_one_place(stage: Stage) -> bool:
    """Whether the window of a stage is one place in all channels."""
    geometry = stage.geometry
    return (
        has_filter_slices(stage) and geometry is not None and (geometry.rows.kernel, geometry.columns.kernel) == (1, 1)
    )


def take_around(index: int, count: int, most: int) -> tuple[int, ...]:
    """Take at most so many indices around one, of `count`."""
    shown = min(most, count)
    start = min(max(index - shown // 2, 0), count - shown)
    return tuple(range(start, start + shown))


def find_parts(step: VolumeStep, most: int, most_small: int) -> VolumeParts:
    """Find the parts of a step with at most `most` slices on each side, and `most_small` small filters."""
    stage, before = step.stage, step.before
    maps, has_filters = len(stage.output), has_filter_slices(stage)
    count = len(before.output) if before else 0
    own = stage.weight.shape[1] if has_filters and stage.weight is not None else 0
    first = min(step.numbers["channels"][0]["channel"] if step.numbers["channels"] else 0, max(count - 1, 0))
    if has_filters and stage.info.filters:
        first = step.map // (maps // stage.info.filters.groups) * own
    channels = take_around(first, count, most)
    padding, plane = _find_padding(stage, before)
    geometry = stage.geometry
    small = take_around(step.map, maps, most_small) if has_filters and not step.has_all_open else ()
    return VolumeParts(
        stage,
        before,
        channels,
        () if not has_filters else tuple(range(maps)) if step.has_all_open else (step.map,),
        small,
        tuple(one - first for one in channels if 0 <= one - first < own),
        _find_activation(step.trace, stage) if step.has_all_open else None,
        take_around(step.map, maps, most),
        padding,
        plane,
        (geometry.rows.kernel, geometry.columns.kernel) if has_filters and geometry else (0, 0),
        tuple(write_bias(stage, one) for one in small),
    )


def _find_activation(trace: Trace, stage: Stage) -> Stage | None:
    """The activation that reads a stage next; None where another layer follows."""
    index = stage.info.index
    if index + 1 >= len(trace.stages):
        return None
    after = trace.stages[index + 1]
    return after if after.info.operation.kind == "pointwise" and after.info.reads == (index,) else None


def _find_padding(stage: Stage, before: Stage | None) -> tuple[tuple[int, int], tuple[int, int]]:
    """The padding before the first row and column, and the size of a padded slice."""
    height, width = before.output.shape[1:] if before else (0, 0)
    geometry = stage.geometry
    if geometry is None or isinstance(geometry.rows, TransposedAxis):
        return (0, 0), (int(height), int(width))
    rows, columns = geometry.rows, geometry.columns
    top, left = max(0, rows.before), max(0, columns.before)
    return (top, left), (top + height + max(0, rows.after), left + width + max(0, columns.after))
