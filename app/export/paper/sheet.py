"""A sheet of paper with figures on it, each at a size of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from ...render.figure.primitives import Box, CellImage, DisplayList, Line, Primitive, Rect, TextLine

SHEETS: Mapping[str, tuple[float, float]] = MappingProxyType({"A4": (595.28, 841.89), "letter": (612.0, 792.0)})
"""Width and height of a sheet in points of paper, 1/72 inch."""
MARGIN = 36.0


def place_figure(figure: DisplayList, box: Box) -> Iterator[Primitive]:
    """Draw a figure into a box, as large as it fits, in its middle at the top."""
    scale = min(box.width / figure.width, box.height / figure.height)
    left = box.left + (box.width - figure.width * scale) / 2
    for one in figure.primitives:
        yield _place(one, scale, left, box.top)


def measure_height(figure: DisplayList, width: float) -> float:
    """The height of a figure that is `width` wide."""
    return figure.height * width / figure.width


def _place(one: Primitive, scale: float, left: float, top: float) -> Primitive:
    match one:
        case Rect():
            box = _place_box(one.box, scale, left, top)
            return replace(one, box=box, stroke_width=one.stroke_width * scale, radius=one.radius * scale)
        case CellImage():
            return replace(one, box=_place_box(one.box, scale, left, top))
        case TextLine():
            x, y = left + one.x * scale, top + one.y * scale
            return replace(one, x=x, y=y, size=one.size * scale, width=one.width * scale)
        case Line():
            x, y, to_x, to_y = (
                offset + value * scale
                for offset, value in ((left, one.x), (top, one.y), (left, one.to_x), (top, one.to_y))
            )
            return replace(one, x=x, y=y, to_x=to_x, to_y=to_y, width=one.width * scale)


def _place_box(box: Box, scale: float, left: float, top: float) -> Box:
    return Box(left + box.left * scale, top + box.top * scale, box.width * scale, box.height * scale)


def lay_out_on_one_page(figures: Sequence[DisplayList], paper: str) -> DisplayList:
    """Lay out figures on one page, in as many columns as leave them largest."""
    width, height = SHEETS[paper]
    room = Box(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN)
    columns = max(range(1, len(figures) + 1), key=lambda count: _measure_width(figures, room, count))
    each = _measure_width(figures, room, columns)
    high = measure_height(figures[0], each)
    parts: list[Primitive] = []
    for index, figure in enumerate(figures):
        row, column = divmod(index, columns)
        left = room.left + (room.width - columns * each) / 2
        parts += place_figure(figure, Box(left + column * each, room.top + row * high, each, high))
    return DisplayList(width, height, figures[0].background, tuple(parts))


def _measure_width(figures: Sequence[DisplayList], room: Box, columns: int) -> float:
    """How wide each figure is in so many columns."""
    rows = -(-len(figures) // columns)
    one = figures[0]
    return min(room.width / columns, room.height / rows * one.width / one.height)
