"""All filters of a layer at once, as small pictures between the volumes: each a row of its slices, with name and bias.

`static/pure/tabs/volume/small-filters.js` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from ....core.trace.color_scale import color_values, make_weight_scale
from ...figure.primitives import Box, CellImage, Primitive, Rect
from ...figure.theme import Style
from .volume_parts import VolumeParts
from .volume_texts import write_volume_text

NAME, CELL, HIGH, WIDE, HEAD = 2.7, 0.5, 1.7, 9, 1.5
ROW, ROW_GAP, COLUMN_GAP, CHARACTER = 1.2, 0.6, 1.2, 0.61
"""Parts of the font: a name, a cell, the height of a picture and its width at most, the line of the heading; the least
height of a row, the space between rows and between columns, and a character."""
LEAST_ROWS = 6


@dataclass(frozen=True, slots=True)
class SmallFilter:
    """A filter as a small picture: where its text begins and the middle of its line, where its bias begins, the corner
    of its first slice and the side of a cell. Its slices lie one cell apart.
    """

    map: int
    x: float
    middle: float
    end: float
    corner: tuple[float, float]
    cell: float


@dataclass(frozen=True, slots=True)
class SmallFilters:
    """Small filters in their room: the upper left corner, that of the heading, and the size."""

    x: float
    y: float
    width: float
    height: float
    filters: tuple[SmallFilter, ...]


def place_small(
    parts: VolumeParts, at: tuple[float, float], text: float, scale: float, width: float = 0, height: float = 0
) -> SmallFilters:
    """Place the small filters: in as many columns as the height asks for, or as the width has room for."""
    (high, wide), (x, y), count = parts.kernel, at, len(parts.small)
    across = len(parts.slices) * (wide + 1) - 1
    cell = text * scale * min(CELL, HIGH / high, WIDE / across)
    row = max(high * cell, text * ROW) + text * ROW_GAP
    bias = max(len(one) for one in parts.biases) * CHARACTER * text
    end = text * NAME + across * cell + text * 0.5
    slot, head = end + bias + text * COLUMN_GAP, text * HEAD
    if width:
        columns = min(count, max(1, math.floor((width + text * COLUMN_GAP) / slot)))
    else:
        columns = math.ceil(count / max(LEAST_ROWS, math.floor((height - head) / row)))
    rows = math.ceil(count / columns)
    filters = []
    for n, map in enumerate(parts.small):
        left, top = x + n // rows * slot, y + head + n % rows * row
        corner = left + text * NAME, top + (row - high * cell) / 2
        filters.append(SmallFilter(map, left, top + row / 2, left + end, corner, cell))
    return SmallFilters(x, y, math.ceil(count / rows) * slot - text * COLUMN_GAP, head + rows * row, tuple(filters))


def draw_small(style: Style, parts: VolumeParts, small: SmallFilters, map: int, text: float) -> Iterator[Primitive]:
    """Draw the small filters with their heading; the open one, of `map`, is outlined."""
    shown, count, theme = len(small.filters), len(parts.stage.output), style.theme
    code = "volume_all_filters" if shown == count else "volume_some_filters"
    heading = (
        write_volume_text(code, shown=shown, count=count) if shown < count else write_volume_text(code, count=count)
    )
    yield style.write("volume-heading", (small.x, small.y + text), heading, theme.text, "mono-bold", text)
    weight = parts.stage.weight
    if weight is None:
        return
    high, wide = parts.kernel
    below = text * 0.35
    for one, bias in zip(small.filters, parts.biases, strict=True):
        x, y = one.corner
        colors = color_values(weight[one.map], make_weight_scale(weight[one.map]), theme.is_dark)
        for n, slice in enumerate(parts.slices):
            box = Box(x + n * (wide + 1) * one.cell, y, wide * one.cell, high * one.cell)
            yield CellImage("volume-small", box, colors[slice])
            yield Rect("volume-small", box.grow(1), stroke=theme.filter, stroke_width=1)
        name = write_volume_text("volume_filter", map=one.map)
        yield style.write("volume-name", (one.x, one.middle + below), name, theme.filter, "mono-bold", text)
        yield style.write("volume-bias", (one.end, one.middle + below), bias, theme.filter, "mono", text)
        if one.map == map:
            box = Box(one.x - 3, y - 4, one.end - one.x + text * 0.2, high * one.cell + 8)
            yield Rect("volume-open", box, stroke=theme.filter, stroke_width=2)
