"""Lays out the panels of a figure: a map with heading, legend and thumbnails, or the scores of a layer as bars."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ...core.texts import write_message
from ...core.trace.color_scale import color_values, make_scale
from ...core.trace.trace import Stage
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap, write_cell
from ..stage_texts import ShapeOrder, format_shape
from .map_layout import (
    RULER_LEFT,
    RULER_TOP,
    CellGrid,
    lay_out_legend,
    lay_out_map,
    outline,
)
from .primitives import Box, CellImage, Primitive, Rect
from .theme import Style, to_hex_color
from .word_column import NO_COLUMN, WordColumn, lay_out_words, write_words

HEADING, LEGEND, THUMBNAILS = 30, 30, 92
"""Heights of a heading, of a legend and, where there are several maps, of the thumbnails below it, in points."""
HEADING_SIZES, SIZE_SIZE, MIN_WIDTH = (17, 15, 13.5, 12), 14, 170
MAX_THUMBNAIL, MIN_THUMBNAIL, GAP = 44, 6, 5
MAX_SCORES, SCORE_LINE = 24, 36
THUMBNAIL_STEP = 6
MAX_CELL, MIN_WHOLE_CELL = 96, 3
BAR_STRENGTH = 0.75
"""The color of a bar, between near-white and the end of a signed scale: it is seen on every background."""


@dataclass(frozen=True, slots=True)
class MapPanel:
    """A map with heading and legend; map `chosen` is outlined in the thumbnails. `side` is "input" or "output".

    `written` counts the cells that are shown in the thumbnails, None for all; `is_complete`: none are to come. `words`
    stand beside the rows.
    """

    side: str
    shown: ShownMap
    heading: str
    color: str
    mark_color: str
    chosen: int | None
    written: int | None = None
    is_complete: bool = True
    order: ShapeOrder = field(default_factory=ShapeOrder)
    words: WordColumn = NO_COLUMN

    @property
    def ruler(self) -> float:
        """The width of everything left of the map."""
        return RULER_LEFT + self.words.width

    @property
    def size_text(self) -> str:
        """The size of the map, "28 × 28", or the shape of all maps in an order that a link asks for."""
        shape = self.shown.stage.output.shape
        return self.order.write(shape) if self.order.is_chosen else format_shape(shape[1:])

    @property
    def map_count(self) -> int:
        """The number of maps of the stage."""
        return len(self.shown.stage.output)

    def fit(self, width: float, height: float) -> float:
        """Return the largest side of a cell at which the panel fits; whole points from 3 points up."""
        high = (height - self.measure_height(0)) / self.shown.rows
        cell = min((width - self.ruler) / self.shown.columns, high, MAX_CELL)
        return float(int(cell)) if cell >= MIN_WHOLE_CELL else cell

    def measure_width(self, style: Style, cell: float, most: float) -> float:
        """Return the width that the panel needs, at most `most`."""
        title = self._measure_title(style)
        thumbnails = self.map_count * (MAX_THUMBNAIL + GAP) if self.map_count > 1 else 0
        return min(most, self.ruler + max(self.shown.columns * cell, title, thumbnails, MIN_WIDTH))

    def measure_height(self, cell: float) -> float:
        """Return the height of the panel."""
        thumbnails = THUMBNAILS if self.map_count > 1 else 0
        return HEADING + RULER_TOP + LEGEND + self.shown.rows * cell + thumbnails

    def _measure_title(self, style: Style) -> float:
        heading = style.metrics.measure(self.heading, "bold", HEADING_SIZES[0])
        return heading + style.metrics.measure(self.size_text, "mono", SIZE_SIZE) + 16

    def place(self, left: float, top: float, cell: float) -> CellGrid:
        """Return where the cells of the map are in a panel whose corner is (left, top)."""
        above, _, before, _ = self.shown.padding
        return CellGrid(left + self.ruler + before * cell, top + HEADING + RULER_TOP + above * cell, cell)

    def lay_out(self, style: Style, box: Box, cell: float) -> Iterator[Primitive]:
        """Lay out the panel from the upper left corner of a box, within its width and above its lower edge."""
        left, wide = box.left + self.ruler, self.shown.columns * cell
        size = style.metrics.measure(self.size_text, "mono", SIZE_SIZE)
        end = min(box.right, left + max(wide, self._measure_title(style)))
        heading, points = style.fit(self.heading, "bold", HEADING_SIZES, end - left - size - 12)
        y = box.top + 18
        yield style.write(f"{self.side}-title", (left, y), heading, self.color, "bold", points)
        muted = style.theme.muted
        yield style.write(f"{self.side}-size", (end, y), self.size_text, muted, "mono", SIZE_SIZE, "end")
        yield from lay_out_words(style, self.side, self.words, self.place(box.left, box.top, cell))
        yield from lay_out_map(style, self.side, self.shown, self.place(box.left, box.top, cell))
        below = box.top + HEADING + RULER_TOP + self.shown.rows * cell + 14
        width = min(box.right - left, max(wide, MIN_WIDTH - RULER_LEFT))
        yield from lay_out_legend(style, self.side, self.shown, (left, below), width, self.is_complete)
        if self.map_count > 1:
            top = below + LEGEND - 4
            yield from self._lay_out_thumbnails(style, Box(left, top, box.right - left, max(24, box.bottom - top)))

    def _lay_out_thumbnails(self, style: Style, box: Box) -> Iterator[Primitive]:
        """Lay out thumbnails of all maps, as large as they fit."""
        side, across = _fit_thumbnails(self.map_count, box)
        for map in range(self.map_count):
            x, y = box.left + map % across * (side + GAP), box.top + map // across * (side + GAP)
            if y + side > box.bottom + 0.5:
                return
            colors = replace(self.shown, channel=map, is_picture=False).to_colors()
            high, wide = colors.shape[:2]
            place = Box(x, y, max(1, side * min(1, wide / high)), max(1, side * min(1, high / wide)))
            yield CellImage(f"{self.side}-maps", place, colors)
            for cover in self._list_covers(place, high, wide):
                yield from style.cover(f"{self.side}-maps", cover, THUMBNAIL_STEP)
            if map == self.chosen:
                yield from outline(f"{self.side}-maps", place, self.mark_color)

    def _list_covers(self, place: Box, rows: int, columns: int) -> list[Box]:
        """List the parts of a thumbnail with cells to come: what is left of a row, and the full rows below."""
        if self.written is None or self.written >= rows * columns:
            return []
        row, column = divmod(self.written, columns)
        high, wide = place.height / rows, place.width / columns
        rest = Box(place.left + column * wide, place.top + row * high, place.width - column * wide, high)
        below = Box(place.left, rest.bottom, place.width, place.bottom - rest.bottom)
        return [box for box in (rest, below) if box.height > 0]


def _fit_thumbnails(count: int, box: Box) -> tuple[int, int]:
    """Return the side of a thumbnail, and how many there are in a row."""
    width, height = box.width + GAP, box.height + GAP
    for side in range(MAX_THUMBNAIL, MIN_THUMBNAIL, -1):
        across = int(width // (side + GAP))
        if across * int(height // (side + GAP)) >= count:
            return side, across
    return MIN_THUMBNAIL, max(1, int(width // (MIN_THUMBNAIL + GAP)))


def is_score_list(stage: Stage) -> bool:
    """Whether the maps of a stage are few and one cell each, so that a list of bars shows them."""
    maps, rows, columns = stage.output.shape
    return bool(rows * columns == 1 and 1 < maps <= MAX_SCORES)


def _name_value(stage: Stage, index: int) -> str:
    """Name a value by its number and, of a global maximum, by the words that it is from."""
    name = write_figure_text("map_value", index=index)
    return f"{name}: {write_words(write_message(stage.info.winners[index]), name)}" if stage.info.winners else name


def lay_out_scores(
    style: Style, shown: ShownMap, heading: str, heading_color: str, box: Box, order: ShapeOrder
) -> Iterator[Primitive]:
    """Lay out maps of one cell each as a list of bars, the chosen map in bold, in the middle of a box."""
    stage, theme = shown.stage, style.theme
    values: list[float] = stage.output[:, 0, 0].astype(float).tolist()
    classes = stage.info.classes or [_name_value(stage, index) for index in range(len(values))]
    texts = [write_cell(stage, value) for value in values]
    line = min(SCORE_LINE, (box.height - 48) / len(values))
    size = min(15, line * 0.62)
    top = box.top + max(0, (box.height - 48 - line * len(values)) / 2)
    yield style.write("output-title", (box.left, top + 18), heading, heading_color, "bold", HEADING_SIZES[0])
    shape = order.write(stage.output.shape) if order.is_chosen else format_shape(stage.output.shape)
    yield style.write("output-size", (box.right, top + 18), shape, theme.muted, "mono", SIZE_SIZE, "end")
    widest = max(style.metrics.measure(one, "bold", size) for one in classes)
    label = min(widest, box.width * (0.6 if stage.info.winners else 0.4))
    start = box.left + label + 12
    end = box.right - max(style.metrics.measure(text, "mono", size) for text in texts) - 12
    least, most = min(0.0, *values), max(0.0, *values)
    unit = (end - start) / (most - least or 1)
    for map_index, (value, text) in enumerate(zip(values, texts, strict=True)):
        y = top + 48 + line * (map_index + 0.5)
        is_chosen = map_index == shown.channel
        name = style.metrics.shorten(classes[map_index], "bold", size, label + 4)
        ink = heading_color if is_chosen else theme.text
        yield style.write("scores", (box.left, y), name, ink, "bold" if is_chosen else "sans", size, valign="middle")
        yield Rect("scores", Box(start, y - line * 0.3, end - start, line * 0.6), theme.sunken)
        if value:
            bar = Box(start + (min(0, value) - least) * unit, y - line * 0.3, abs(value) * unit, line * 0.6)
            color = color_values(math.copysign(BAR_STRENGTH, value), make_scale("signed", 1), theme.is_dark)
            yield Rect("scores", bar, to_hex_color(color))
        yield style.write("scores", (box.right, y), text, theme.text, "mono", size, "end", "middle")
