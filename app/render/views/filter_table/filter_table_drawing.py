"""The filters of a layer as a table in a picture: matrix, map, name and words of each, beside the input.

`static/pure/tabs/filter-table/` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ....core.trace.color_scale import Colors, color_values, find_shades, make_gray_scale, make_weight_scale
from ....core.trace.trace import Stage, Trace, get_read
from ...figure.primitives import Box, CellImage, Primitive, Rect
from ...figure.theme import Style, choose_text_color
from ...figure_content.shown_map import ShownMap
from ...figure_content.written_cells import count_written
from ...map_image import shows_color_picture
from ...stage_texts import make_map_heading
from ...view_position import ViewPosition
from ..blocks import wrap
from ..view_texts import write_view_text
from .filter_cards import CardMatrix, FilterCard, list_filter_cards

TEXT, LINE, ROW = 12.0, 1.35, 1.5
"""The size of texts, and the height of a line of words and of a row of a matrix in parts of it."""
GAP, PADDING, BETWEEN = 8.0, 7.0, 10.0
"""Between cards, inside a card, and between its parts."""
LEAST_SIDE, MOST_COLUMNS = 24.0, 9
WEIGHTS = 40.0
"""The side of a slice that is drawn without its numbers."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the cards lie: their columns, the side of their pictures, and which of their texts have room."""

    columns: int
    side: float
    is_beside: bool
    has_digits: bool
    has_words: bool
    inside: float
    height: float


def lay_out_filter_table(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the table in a room: all cards at one size, with numbers and words as far as they have room."""
    stage = position.stage
    before = get_read(trace, stage, position.map)
    cards = list_filter_cards(stage, before)
    plan = _plan_cards(style, cards, room)
    while plan is None:  # a picture of many filters shows the first ones
        cards = cards[: max(1, len(cards) * 3 // 4)]
        plan = _plan_cards(style, cards, replace(room, height=room.height - LINE * TEXT))
    drawn = sum(len(card.maps) for card in cards)
    if drawn < len(stage.output):
        text = write_view_text("filters_drawn", shown=drawn, all=len(stage.output))
        yield style.write("view-says", (room.left, room.bottom - 2), text, style.theme.muted, "sans", TEXT)
    is_whole = position.is_whole or (position.view.at is None and position.view.story is None)
    written = count_written(trace, replace(position, is_whole=is_whole), position.view.beat)[stage.info.index]
    for index in range(len(cards) + 1):
        left = room.left + index % plan.columns * (plan.inside + 2 * PADDING + GAP)
        top = room.top + index // plan.columns * (plan.height + GAP)
        box = Box(left, top, plan.inside + 2 * PADDING, plan.height)
        if index == 0:
            yield from _draw_input(style, trace, position, before, box, plan)
        else:
            yield from _draw_card(style, position, cards[index - 1], box, plan, written)


def _plan_cards(style: Style, cards: Sequence[FilterCard], room: Box) -> _Plan | None:
    """The columns with the largest pictures; numbers and words are left out where they have no room, as at a glance."""
    tries = ((False, False),) if style.is_glance else ((True, True), (True, False), (False, False))
    for has_digits, has_words in tries:
        plans = (
            _plan_columns(style, cards, room, columns, has_digits, has_words) for columns in range(1, MOST_COLUMNS)
        )
        best = max(plans, key=lambda plan: plan.side)
        if best.side >= LEAST_SIDE * (2 if has_digits else 1):
            return best
    return None


def _plan_columns(
    style: Style, cards: Sequence[FilterCard], room: Box, columns: int, has_digits: bool, has_words: bool
) -> _Plan:
    rows = -(-(len(cards) + 1) // columns)
    inside = (room.width - (columns - 1) * GAP) / columns - 2 * PADDING
    height = (room.height - (rows - 1) * GAP) / rows
    lines = max((len(wrap(style, card.words, inside, TEXT)) for card in cards if card.words), default=0)
    free = height - 2 * PADDING - (1 + (lines if has_words else 0)) * LINE * TEXT - 4
    sizes = [_measure_matrices(style, card.matrices, has_digits) for card in cards]
    wide, high = max(size[0] for size in sizes), max(size[1] for size in sizes)
    beside = min(inside - wide - BETWEEN, free if free >= high else 0)
    below = min(inside if wide <= inside else 0, free - high - BETWEEN)
    side, is_beside = max(beside, below), beside >= below
    content = max(side, high) if is_beside else side + BETWEEN + high
    return _Plan(columns, side, is_beside, has_digits, has_words, inside, height - free + content)


def _measure_cell(style: Style, matrix: CardMatrix) -> float:
    widest = max(style.metrics.measure(text, "mono", TEXT) for row in matrix.texts for text in row)
    return max(ROW * TEXT, widest + 8)


def _measure_factor(style: Style, matrix: CardMatrix) -> float:
    return style.metrics.measure(f"{matrix.factor} × ", "mono", TEXT) if matrix.factor else 0.0


def _measure_matrices(style: Style, matrices: Sequence[CardMatrix], has_digits: bool) -> tuple[float, float]:
    """The width and the height of the slices of a filter beside each other."""
    name = LINE * TEXT if matrices[0].plane else 0.0
    if not has_digits:
        return len(matrices) * (WEIGHTS + GAP) - GAP, WEIGHTS + name
    wide = sum(len(one.texts[0]) * _measure_cell(style, one) + _measure_factor(style, one) + GAP for one in matrices)
    return wide - GAP, len(matrices[0].texts) * ROW * TEXT + name


def _draw_input(
    style: Style, trace: Trace, position: ViewPosition, before: Stage, box: Box, plan: _Plan
) -> Iterator[Primitive]:
    yield Rect("view-card", box, stroke=style.theme.edge, stroke_width=0.75, radius=5)
    at = box.left + PADDING, box.top + PADDING + TEXT
    heading = style.metrics.shorten(make_map_heading(trace, before), "bold", TEXT, plan.inside)
    yield style.write("view-card-name", at, heading, style.theme.input, "bold", TEXT)
    is_picture = shows_color_picture(before, position.view.colors)
    shown = ShownMap(before, 0, is_picture, position.view, is_dark=style.theme.is_dark)
    place = _place(before, Box(box.left + PADDING, _top_of(box), plan.inside, plan.side), plan.side)
    yield CellImage("view-map", place, shown.to_colors())


def _draw_card(
    style: Style, position: ViewPosition, card: FilterCard, box: Box, plan: _Plan, written: int
) -> Iterator[Primitive]:
    stage, theme = position.stage, style.theme
    is_chosen = position.map in card.maps
    border, width = (theme.filter, 1.5) if is_chosen else (theme.edge, 0.75)
    yield Rect("view-card", box, stroke=border, stroke_width=width, radius=5)
    left, top = box.left + PADDING, _top_of(box)
    name = style.metrics.shorten(card.name, "bold", TEXT, plan.inside)
    yield style.write("view-card-name", (left, box.top + PADDING + TEXT), name, theme.text, "bold", TEXT)
    wide, high = _measure_matrices(style, card.matrices, plan.has_digits)
    if plan.is_beside:
        y = top + max(0.0, (plan.side - high) / 2)
        place = Box(left + plan.inside - plan.side, top + max(0.0, (high - plan.side) / 2), plan.side, plan.side)
    else:
        y = top
        place = Box(left, top + high + BETWEEN, plan.inside, plan.side)
    yield from _draw_matrices(style, card, (left if plan.is_beside else left + (plan.inside - wide) / 2, y), plan)
    yield from _draw_map(style, stage, position, card, _place(stage, place, plan.side), written)
    if not plan.has_words:
        return
    lines = wrap(style, card.words, plan.inside, TEXT) if card.words else []
    end = box.bottom - PADDING
    for index, line in enumerate(reversed(lines)):
        y = end - (index + 0.25) * LINE * TEXT
        yield style.write("view-says", (left, y), line, theme.muted, "sans", TEXT)


def _top_of(box: Box) -> float:
    """Where the pictures of a card begin, below its name."""
    return box.top + PADDING + LINE * TEXT + 2


def _place(stage: Stage, room: Box, side: float) -> Box:
    """The box of a map in the middle of a room, its longer side as long as `side`."""
    _, rows, columns = stage.output.shape
    high, wide = side * rows / max(rows, columns), side * columns / max(rows, columns)
    return Box(room.center[0] - wide / 2, room.center[1] - high / 2, wide, high)


def _draw_matrices(style: Style, card: FilterCard, at: tuple[float, float], plan: _Plan) -> Iterator[Primitive]:
    left, top = at
    for matrix in card.matrices:
        colors = color_values(matrix.weights, make_weight_scale(matrix.weights), style.theme.is_dark)
        rows, columns = matrix.weights.shape
        cell = _measure_cell(style, matrix) if plan.has_digits else WEIGHTS / columns
        high = ROW * TEXT if plan.has_digits else WEIGHTS / rows
        start = left + (_measure_factor(style, matrix) if plan.has_digits else 0)
        y = top
        if matrix.plane:
            middle = start + columns * cell / 2
            yield style.write("view-plane", (middle, y + TEXT), matrix.plane, style.theme.muted, "sans", TEXT, "middle")
            y += LINE * TEXT
        place = Box(start, y, columns * cell, rows * high)
        yield CellImage("view-weights", place, colors)
        if plan.has_digits:
            if matrix.factor:
                text, to = f"{matrix.factor} ×", (left, y + rows * high / 2)
                yield style.write("view-factor", to, text, style.theme.text, "mono", TEXT, valign="middle")
            yield from _write_digits(style, matrix, colors, place)
        for x in (place.left, place.right - 1.5):
            yield Rect("view-bracket", Box(x, place.top, 1.5, place.height), style.theme.filter)
        left = place.right + GAP


def _write_digits(style: Style, matrix: CardMatrix, colors: Colors, place: Box) -> Iterator[Primitive]:
    rows, columns = matrix.weights.shape
    wide, high = place.width / columns, place.height / rows
    for row, line in enumerate(matrix.texts):
        for column, text in enumerate(line):
            at = place.left + (column + 0.5) * wide, place.top + (row + 0.5) * high
            ink = choose_text_color(colors[row, column])
            yield style.write("view-digits", at, text, ink, "mono", TEXT, "middle", "middle")


def _draw_map(
    style: Style, stage: Stage, position: ViewPosition, card: FilterCard, place: Box, written: int
) -> Iterator[Primitive]:
    """Draw the map of a filter, its cells to come empty."""
    _, rows, columns = stage.output.shape
    if len(card.maps) == 3:
        scale = make_gray_scale(*stage.info.values.picture)
        colors: Colors = np.stack([find_shades(stage.output[map], scale) for map in card.maps], axis=-1)
    else:
        colors = ShownMap(stage, card.maps[0], False, position.view, is_dark=style.theme.is_dark).to_colors()
    yield CellImage("view-map", place, colors)
    if written < rows * columns:
        row, column = divmod(written, columns)
        high, wide = place.height / rows, place.width / columns
        rest = Box(place.left + column * wide, place.top + row * high, place.width - column * wide, high)
        below = Box(place.left, rest.bottom, place.width, place.bottom - rest.bottom)
        for cover in (rest, below):
            if cover.height > 0:
                yield from style.cover("view-map-ahead", cover)
