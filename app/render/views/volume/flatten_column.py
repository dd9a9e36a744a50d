"""Maps stretched to one column: the slices, the column at its height, and where a pixel's neighbors went.

`static/pure/tabs/volume/flatten-column.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from ....core.number_text import format_number
from ....core.trace.trace import Stage
from ....core.writing.amounts import read_amount
from ...figure.primitives import Box, CellImage, Line, Primitive, Rect
from ...figure.theme import Style
from ...figure_content.shown_map import ShownMap
from ...figure_content.step_sentences import name_slice
from ...view_position import ViewPosition
from ..blocks import Block
from .volume_layout import SliceBox
from .volume_parts import take_around
from .volume_slices import draw_picture
from .volume_texts import write_volume_text

MOST_SLICES, COLUMN = 9, 3
SAYS = 8.5
"""Of the height, for the sentences below: in fonts."""


@dataclass(frozen=True, slots=True)
class Neighbor:
    """A pixel, or one of its neighbors: its name, its index in the column, and its place (channel, row, column)."""

    name: str
    index: int
    place: tuple[int, int, int]


def list_neighbors(before: Stage, index: int) -> list[Neighbor]:
    """The pixel of an index, and those to the right, below, and in the next channel."""
    channels, rows, columns = map(int, before.output.shape)
    channel, rest = divmod(index, rows * columns)
    row, column = divmod(rest, columns)
    found = [("volume_this_pixel", index, (channel, row, column))]
    if column + 1 < columns:
        found.append(("volume_right", index + 1, (channel, row, column + 1)))
    if row + 1 < rows:
        found.append(("volume_below", index + columns, (channel, row + 1, column)))
    if channel + 1 < channels:
        found.append(("volume_next_channel", index + rows * columns, (channel + 1, row, column)))
    return [Neighbor(write_volume_text(code), at, place) for code, at, place in found]


def write_flatten_sentences(before: Stage, index: int, shown: int) -> list[str]:
    """What is said below the column."""
    channels, rows, columns = map(int, before.output.shape)
    pixel, *others = list_neighbors(before, index)
    shape = write_volume_text("volume_shape", maps=channels, rows=rows, columns=columns)
    count = f"{channels * rows * columns:,}"
    went = [write_volume_text("volume_by", name=one.name, by=f"{one.index - pixel.index:,}") for one in others]
    return [
        write_volume_text("volume_stretched", shape=shape, count=count),
        write_volume_text("volume_went", neighbors=", ".join(went)) if went else "",
        write_volume_text("volume_slices_drawn", shown=shown, count=channels) if shown < channels else "",
    ]


def draw_flatten_column(
    style: Style, position: ViewPosition, before: Stage, room: tuple[float, float], text: float
) -> tuple[Block, list[str]]:
    """Draw the column in a room (width, height), and write what is said below."""
    channels, rows, columns = map(int, before.output.shape)
    width, height = room
    high = max(text * 14, height - text * SAYS)
    here = position.map // (rows * columns)
    shown = take_around(here, channels, min(MOST_SLICES, max(1, int(high // (text * 4)))))
    gap = text * 1.4
    side = min((high - gap * len(shown)) / len(shown) / rows, width * 0.4 / columns)
    slices = {
        channel: SliceBox(text, gap + n * (rows * side + gap), side, rows, columns) for n, channel in enumerate(shown)
    }
    column = Box(text * 3 + columns * side + min(width * 0.22, text * 14), gap, text * COLUMN, high - gap)
    across = column.right + text * 17
    drawn = (
        *_draw_slices(style, position, before, slices, text),
        *_draw_column(style, position, before, column, shown, text),
        *_draw_neighbors(style, position, before, slices, column, text),
    )
    return Block(drawn, across, high + text), write_flatten_sentences(before, position.map, len(shown))


def _draw_slices(
    style: Style, position: ViewPosition, before: Stage, slices: dict[int, SliceBox], text: float
) -> Iterator[Primitive]:
    for channel, one in slices.items():
        name = name_slice(before, channel)
        at = one.x, one.y - text * 0.3
        yield style.write("volume-name", at, name, style.theme.input, "mono-bold", text)
        shown = ShownMap(before, channel, False, position.view, is_dark=style.theme.is_dark)
        yield from draw_picture(style, one, "input", shown.to_colors(), one.rows * one.columns, one)


def _draw_column(
    style: Style, position: ViewPosition, before: Stage, box: Box, shown: Sequence[int], text: float
) -> Iterator[Primitive]:
    stage, theme = position.stage, style.theme
    channels, count = len(before.output), len(stage.output)
    scale = ShownMap(stage, 0, False, position.view, is_dark=theme.is_dark)
    yield CellImage("volume-column", box, scale.color(stage.output.reshape(-1, 1)))
    yield Rect("volume-output-edge", box.grow(0.75), stroke=theme.output, stroke_width=1.5)
    for channel in shown:
        top, bottom = (box.top + one / channels * box.height for one in (channel, channel + 1))
        yield Line("volume-band", box.left - 5, top, box.right + 5, top, theme.text)
        if bottom - top > text * 1.2:
            at = box.left - text * 1.6, (top + bottom) / 2
            name = name_slice(before, channel)
            yield style.write("volume-name", at, name, theme.input, "mono-bold", text, valign="middle")
    name = write_volume_text("volume_column_shape", count=f"{count:,}")
    yield style.write("volume-name", (box.left, box.top - text * 0.3), name, theme.output, "mono-bold", text)


def _draw_neighbors(
    style: Style, position: ViewPosition, before: Stage, slices: dict[int, SliceBox], box: Box, text: float
) -> Iterator[Primitive]:
    stage, theme = position.stage, style.theme
    neighbors = list_neighbors(before, position.map)
    heights = [box.top + (one.index + 0.5) / len(stage.output) * box.height for one in neighbors]
    marks = spread(heights, text * 1.35, box.bottom)
    for n, (one, y, mark) in enumerate(zip(neighbors, heights, marks, strict=True)):
        color, wide = (theme.filter, 1.25) if n else (theme.output, 2.5)
        channel, row, column = one.place
        if channel in slices:
            x, at = slices[channel].find_box(row, column).center
            radius = max(3.0, slices[channel].cell * 0.6)
            yield Line("volume-neighbor", x, at, box.left, y, color, wide)
            yield Rect("volume-neighbor", Box(x - radius, at - radius, 2 * radius, 2 * radius), "", color, wide, radius)
        yield Line("volume-neighbor", box.left, y, box.right, y, color, wide)
        yield Line("volume-neighbor", box.right, y, box.right + text, mark, color, wide)
        value = format_number(read_amount(stage, float(stage.output[one.index, 0, 0])).value)
        said = write_volume_text("volume_neighbor", index=f"{one.index:,}", name=one.name, value=value)
        yield style.write(
            "volume-neighbor", (box.right + text * 1.3, mark), said, theme.text, "mono", text, valign="middle"
        )


def spread(wanted: Sequence[float], apart: float, last: float) -> list[float]:
    """Heights at least so far apart and at most `last`, moved as little as that needs, in their order."""
    places = list(wanted)
    for n in range(1, len(places)):
        places[n] = max(places[n], places[n - 1] + apart)
    if places[-1] > last:
        places = [min(one, last - (len(places) - 1 - n) * apart) for n, one in enumerate(places)]
    return [float(one) for one in np.asarray(places)]
