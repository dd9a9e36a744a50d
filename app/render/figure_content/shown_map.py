"""One map of a figure as it is shown: which channel, in which colors, with which padding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.channel_choice import choose_input_channel
from ...core.number_text import format_percent, format_short_number
from ...core.ops.preprocessing import Resampling
from ...core.scene import View
from ...core.trace.color_scale import CellMask, Colors, Scale, color_values, find_beyond
from ...core.trace.trace import Stage
from ...core.writing.amounts import read_amount
from ..color import FloatArray, to_picture_colors
from ..map_image import choose_scale, shows_color_picture
from ..view_position import ViewPosition

Sides = tuple[int, int, int, int]
"""Top, bottom, left, right, in cells."""
NO_PADDING: Sides = (0, 0, 0, 0)
NOTHING_UNREAD: tuple[Sequence[int], Sequence[int]] = ((), ())


@dataclass(frozen=True, slots=True)
class ShownMap:
    """Map `channel` of a stage, or with `is_picture` its three maps as one color picture.

    `padding` counts the cells of padding around it; `unread` lists the rows and the columns that no window reads. Its
    colors are those of a light page, or of a dark one with `is_dark`.
    """

    stage: Stage
    channel: int
    is_picture: bool
    view: View
    padding: Sides = NO_PADDING
    unread: tuple[Sequence[int], Sequence[int]] = NOTHING_UNREAD
    is_dark: bool = False
    fixed_scale: Scale | None = None
    """The color scale that the map shares with others, in place of its own."""

    @property
    def rows(self) -> int:
        """Rows, including the padding."""
        return int(self.stage.output.shape[1]) + self.padding[0] + self.padding[1]

    @property
    def columns(self) -> int:
        """Columns, including the padding."""
        return int(self.stage.output.shape[2]) + self.padding[2] + self.padding[3]

    @property
    def values(self) -> FloatArray:
        """The values of the map `channel`, (H, W)."""
        values: FloatArray = self.stage.output[self.channel]
        return values

    @property
    def scale(self) -> Scale:
        """The values at the two ends of the color scale."""
        return self.fixed_scale or choose_scale(self.stage, self.channel, self.view.colors, self.view.scope)

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the largest value of what is shown."""
        ranges = self.stage.ranges if self.is_picture else [self.stage.ranges[self.channel]]
        return min(low for low, _ in ranges), max(high for _, high in ranges)

    def color(self, values: FloatArray) -> Colors:
        """Return the colors of values on the map's scale; values beyond an end get the color of that end."""
        return color_values(values, self.scale, self.is_dark)

    def to_colors(self) -> Colors:
        """Return the color of each cell, (H, W, 3)."""
        return to_picture_colors(self.stage.output, self.scale) if self.is_picture else self.color(self.values)

    def find_out_of_range(self) -> tuple[CellMask, CellMask]:
        """Return which cells of a photo are below black, and which are above white."""
        channels = self.stage.output if self.is_picture else self.values[None]
        below, above = find_beyond(channels, self.scale)
        return np.asarray(below.any(axis=0)), np.asarray(above.any(axis=0))


def write_cell(stage: Stage, value: float) -> str:
    """Write a value of a stage for a small cell: in percent where it is a share."""
    if stage.info.operation.kind == "softmax":
        return format_percent(value)
    return format_short_number(read_amount(stage, value).value)


def show_output(position: ViewPosition) -> ShownMap:
    """Show the map of a stage that the View chooses."""
    stage, view = position.stage, position.view
    return ShownMap(stage, position.map, shows_color_picture(stage, view.colors), view)


def show_input(position: ViewPosition, before: Stage) -> ShownMap:
    """Show what a stage reads beside its map: the channel, the padding, and what no window reads."""
    stage, view = position.stage, position.view
    info, channels = stage.info, before.output.shape[0]
    groups = info.filters.groups if info.filters else 1
    shape = channels, *before.output.shape[1:]
    start = info.starts[info.find_part(position.map)] if info.starts else 0
    channel = choose_input_channel(info.operation.kind, position.map, len(stage.output), shape, groups, start)
    padding, unread = NO_PADDING, NOTHING_UNREAD
    if info.geometry:
        rows, columns = info.geometry.rows, info.geometry.columns
        padding = rows.before, rows.after + rows.overhang, columns.before, columns.after + columns.overhang
        unread = rows.unread, columns.unread
    if info.preprocessing:
        unread = _list_cropped(info.preprocessing.plan.rows), _list_cropped(info.preprocessing.plan.columns)
    return ShownMap(before, channel, shows_color_picture(before, view.colors), view, padding, unread)


def reads_outside(step: Mapping[str, Any]) -> bool:
    """Whether a step of a shift reads no cell of its map: a window there would stand beside the map."""
    return bool(step["kind"] == "shift" and step["channels"][0]["padded"][0][0])


def _list_cropped(axis: Resampling) -> Sequence[int]:
    """List the rows or columns that preprocessing crops away."""
    return [index for index in range(axis.size) if not axis.first <= index < axis.first + axis.length]
