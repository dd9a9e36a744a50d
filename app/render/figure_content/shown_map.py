"""One map of a figure as it is shown: which channel, in which colors, with which padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...core.channel_choice import choose_input_channel, is_color_picture
from ...core.ops.preprocessing import Resampling
from ...core.scene import View
from ...core.trace.trace import Stage
from ..color import Colors, FloatArray, Scale, to_gray_colors, to_photo_colors, to_signed_colors
from ..map_image import choose_scale, is_signed

Sides = tuple[int, int, int, int]
"""Top, bottom, left, right, in cells."""
NO_PADDING: Sides = (0, 0, 0, 0)
NOTHING_UNREAD: tuple[Sequence[int], Sequence[int]] = ((), ())
CellMask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ShownMap:
    """Map `channel` of a stage, or with `is_picture` its three maps as one color picture.

    `padding` counts the cells of padding around it; `unread` lists the rows and the columns that no window reads.
    """

    stage: Stage
    channel: int
    is_picture: bool
    view: View
    padding: Sides = NO_PADDING
    unread: tuple[Sequence[int], Sequence[int]] = NOTHING_UNREAD

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
        """The values at the two ends of the color scale; maps of one cell always share the scale of their layer."""
        scope = "layer" if self.values.size == 1 else self.view.scope
        return choose_scale(self.stage, self.channel, self.view.colors, scope)

    @property
    def is_signed(self) -> bool:
        """Whether the colors are blue below 0 and red above."""
        return is_signed(self.stage, self.view.colors)

    def color(self, values: FloatArray) -> Colors:
        """Return the colors of values on the map's scale; values beyond an end get the color of that end."""
        return to_signed_colors(values, self.scale) if self.is_signed else to_gray_colors(values, self.scale)

    def to_colors(self) -> Colors:
        """Return the color of each cell, (H, W, 3)."""
        if not self.is_picture:
            return self.color(self.values)
        scale = self.scale
        return to_photo_colors(np.clip(self.stage.output, scale.low, scale.high), scale)

    def find_out_of_range(self) -> tuple[CellMask, CellMask]:
        """Return which cells of a photo are below black, and which are above white."""
        low, high = self.scale.low, self.scale.high
        slack = np.inf if self.is_signed else (high - low) * 2.0**-20  # the float32 rounding error
        channels = self.stage.output if self.is_picture else self.values[None]
        below: CellMask = np.any(channels < low - slack, axis=0)
        above: CellMask = np.any(channels > high + slack, axis=0)
        return below, above


def show_output(stage: Stage, view: View, map: int) -> ShownMap:
    """Show a map of a stage as the View colors it."""
    return ShownMap(stage, map, _is_picture(stage, view), view)


def show_input(stage: Stage, before: Stage, view: View, map: int) -> ShownMap:
    """Show what a stage reads beside its map: the channel, the padding, and what no window reads."""
    info, channels = stage.info, before.output.shape[0]
    groups = info.filters.groups if info.filters else 1
    shape = channels, *before.output.shape[1:]
    channel = choose_input_channel(info.op, map, len(stage.output), shape, groups)
    padding, unread = NO_PADDING, NOTHING_UNREAD
    if info.geometry:
        rows, columns = info.geometry.rows, info.geometry.columns
        padding = rows.before, rows.after + rows.overhang, columns.before, columns.after + columns.overhang
        unread = rows.unread, columns.unread
    if info.preprocessing:
        unread = _list_cropped(info.preprocessing.plan.rows), _list_cropped(info.preprocessing.plan.columns)
    return ShownMap(before, channel, _is_picture(before, view), view, padding, unread)


def _list_cropped(axis: Resampling) -> Sequence[int]:
    """List the rows or columns that preprocessing crops away."""
    return [index for index in range(axis.size) if not axis.first <= index < axis.first + axis.length]


def _is_picture(stage: Stage, view: View) -> bool:
    return is_color_picture(len(stage.output), stage.info.colors, view.colors)
