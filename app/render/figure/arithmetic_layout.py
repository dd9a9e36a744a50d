"""Lays out the arithmetic of one step as a column between the two maps: window, filter, products, sum, result.

A plan says how wide the column is before the maps beside it are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...core.trace.color_scale import Scale, color_values, make_scale, make_weight_scale
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap
from ..figure_content.step_numbers import ChannelNumbers
from ..words.word_rows import name_window
from .number_grid import (
    CAPTION_SIZE,
    FRAME,
    MIN_DIGIT_SIZE,
    USUAL_DIGIT_SIZE,
    NumberGrid,
    ToColors,
    find_digit_size,
    lay_out_number_grid,
    measure_cell,
    write_caption,
)
from .primitives import Box, Primitive
from .term_layout import (
    BAR,
    MAX_BARS,
    Arithmetic,
    Named,
    find_result_width,
    lay_out_bars,
    lay_out_result,
    lay_out_terms,
    list_channel_sums,
    list_few_terms,
    measure_result,
)
from .theme import Style
from .word_column import write_words

CAPTION, GAP, SIGN = 22, 10, 16
"""Height of a caption, the gap below it, and the width of a sign between grids."""
MAX_CELL, MIN_CELL = 44, 2
MIN_COLUMN, MAX_COLUMN = 176, 340
"""The least and the largest width of a column of one channel."""
WIDEST_NAME = 300
"""The widest name of a window, in points."""
TERMS_COLUMN = 380
"""The width of a column with bars."""
PICTURE_SIDE = 108
"""The side of a grid whose cells are too small for digits."""
MAX_DIGIT_ROWS, MAX_TERMS = 7, 3
"""Grids of one channel with more rows or columns are pictures, with so many products in numbers."""


@dataclass(frozen=True, slots=True)
class Column:
    """The arithmetic of a step in a column of some width.

    `lines` are the grids of each channel, `sizes` the (width, height) of the cells of each grid in a line. `terms` are
    written out below grids without digits.
    """

    arithmetic: Arithmetic
    lines: tuple[tuple[NumberGrid, ...], ...]
    sizes: tuple[tuple[float, float], ...]
    width: float
    terms: Sequence[Named] = ()


def plan_column(style: Style, arithmetic: Arithmetic, height: float) -> Column:
    """Plan the arithmetic of a step in a column of some height."""
    kind = arithmetic.numbers.kind
    channels = arithmetic.numbers.channels
    if kind == "one":
        return _plan_window(style, arithmetic, height)
    if kind not in ("alone", "lines"):
        width = MIN_COLUMN if kind == "bare" else TERMS_COLUMN
        return Column(arithmetic, (), (), max(width, min(find_result_width(style, arithmetic), TERMS_COLUMN)))
    lines = tuple(_make_grids(style, arithmetic, channel) for channel in channels)
    return (_plan_alone if kind == "alone" else _plan_lines)(style, arithmetic, lines, height)


def lay_out_column(style: Style, column: Column, box: Box) -> Iterator[Primitive]:
    """Lay out a column in the middle of a box that is as wide."""
    layouts = {"alone": _lay_out_stack, "one": _lay_out_stack, "lines": _lay_out_lines}
    layout = layouts.get(column.arithmetic.numbers.kind)
    yield from layout(style, column, box) if layout else lay_out_terms(style, column.arithmetic, box)


def _plan_alone(
    style: Style, arithmetic: Arithmetic, lines: tuple[tuple[NumberGrid, ...], ...], height: float
) -> Column:
    """Plan one channel: window, filter and products below each other, in cells of one size."""
    (grids,) = lines
    rows, columns = grids[0].rows, grids[0].columns
    spare = height - len(grids) * (CAPTION + GAP) - measure_result(style, arithmetic)
    if max(rows, columns) > MAX_DIGIT_ROWS:
        terms = list_few_terms(arithmetic, MAX_TERMS)
        spare -= (MAX_TERMS + 1) * BAR + GAP  # also before they are known, so that nothing moves
        cell = max(MIN_CELL, int(min(PICTURE_SIDE / max(rows, columns), spare / len(grids) / rows)))
        sizes = ((float(cell), float(cell)),) * len(grids)
        return Column(arithmetic, lines, sizes, TERMS_COLUMN - 120, terms)
    else:
        high = max(MIN_CELL, int(min(MAX_CELL, spare / len(grids) / rows)))
        wide = _find_cell_width(grids, columns, high, MAX_COLUMN)
        sizes = ((wide, float(high)),) * len(grids)
    texts = min(find_result_width(style, arithmetic), MAX_COLUMN - 100)
    return Column(arithmetic, lines, sizes, max(MIN_COLUMN, texts, columns * sizes[0][0] + 2 * FRAME))


def _plan_window(style: Style, arithmetic: Arithmetic, height: float) -> Column:
    """Plan a window without weights, such as that of a pooling layer."""
    grid = _make_window(style, arithmetic)
    spare = height - CAPTION - GAP - measure_result(style, arithmetic)
    high = max(MIN_CELL, int(min(60, spare / grid.rows, (MAX_COLUMN - 100) / grid.columns)))
    wide = _find_cell_width((grid,), grid.columns, high, MAX_COLUMN - 100)
    texts = min(find_result_width(style, arithmetic), MAX_COLUMN - 100)
    return Column(arithmetic, ((grid,),), ((wide, high),), max(MIN_COLUMN, texts, grid.columns * wide + 2 * FRAME))


def _plan_lines(
    style: Style, arithmetic: Arithmetic, lines: tuple[tuple[NumberGrid, ...], ...], height: float
) -> Column:
    """Plan several channels, a line each: window × filter = products, and their sum."""
    rows, columns = lines[0][0].rows, lines[0][0].columns
    spare = height - _measure_around_lines(style, arithmetic, len(lines), MAX_COLUMN)
    high = max(MIN_CELL, int(min(36, spare / len(lines) / rows)))
    room = (MAX_COLUMN + 60 - _measure_beside_lines(style, arithmetic)) / columns
    wanted: list[float] = []
    for digits in (USUAL_DIGIT_SIZE, 11.0, 10.0, 9.0, MIN_DIGIT_SIZE):
        wanted = [
            float(max(min(high, 22), int(measure_cell(max(line[at].longest for line in lines), digits) + 0.99)))
            for at in range(len(lines[0]))
        ]
        if sum(wanted) <= room:
            break
    else:
        cell = float(max(MIN_CELL, int(min(high, room / 3))))
        wanted, high = [cell] * 3, int(cell)
    width = columns * sum(wanted) + _measure_beside_lines(style, arithmetic)
    texts = min(find_result_width(style, arithmetic), MAX_COLUMN - 100)
    return Column(arithmetic, lines, tuple((wide, float(high)) for wide in wanted), max(MIN_COLUMN, texts, width))


def _measure_beside_lines(style: Style, arithmetic: Arithmetic) -> float:
    """Return the width of the signs and the sums in lines of channels."""
    sums = [style.metrics.measure(text.sum, "mono", 13) for text in arithmetic.numbers.texts.channels]
    return 2 * SIGN + 6 * FRAME + max([34.0, *sums]) + 12


def _measure_around_lines(style: Style, arithmetic: Arithmetic, lines: int, width: float) -> float:
    """Return the height of everything above, between and below lines of channels."""
    note = CAPTION if arithmetic.numbers.filter_note else 0
    bars = _measure_bars(arithmetic, lines)
    return CAPTION + (GAP + 4) * lines + note + bars + measure_result(style, arithmetic, width)


def _measure_bars(arithmetic: Arithmetic, lines: int) -> float:
    count = len(arithmetic.numbers.step["channels"])
    return min(count, MAX_BARS + 1) * BAR + GAP if count > lines else 0


def _find_cell_width(grids: Sequence[NumberGrid], columns: int, high: float, most: float) -> float:
    """Find the width of cells: as wide as high, wider for long numbers, as far as there is room."""
    longest = max(grid.longest for grid in grids)
    room = (most - 2 * FRAME) / columns
    for digits in (min(USUAL_DIGIT_SIZE, high * 0.6), MIN_DIGIT_SIZE):
        if measure_cell(longest, digits) <= room:
            return float(int(max(min(high, room), measure_cell(longest, digits) + 0.99)))
    return float(int(min(high, room)))


def _lay_out_stack(style: Style, column: Column, box: Box) -> Iterator[Primitive]:
    """Lay out the grids of one channel below each other, each with its caption and sign, and the result."""
    (grids,) = column.lines
    text = measure_result(style, column.arithmetic, box.width)
    terms = len(column.terms) * BAR + GAP if column.terms else 0
    full = sum(grid.rows * high + CAPTION + GAP for grid, (_, high) in zip(grids, column.sizes, strict=True))
    full += terms + text
    top, middle = box.top + max(0, (box.height - full) / 2), box.center[0]
    digits = min(find_digit_size((grid,), size) for grid, size in zip(grids, column.sizes, strict=True))
    signs = ("×", "=", "")[: len(grids)] if len(grids) > 1 else ("",)
    for grid, (wide, high), sign in zip(grids, column.sizes, signs, strict=True):
        yield from lay_out_number_grid(style, grid, middle - grid.columns * wide / 2, top, (wide, high), digits)
        baseline = top + grid.rows * high + FRAME + 15
        caption = write_caption(style, grid, middle, baseline, box.width - 2 * SIGN)
        yield caption
        if sign:
            at = (caption.box.right + SIGN / 2 + 4, baseline - 4)
            yield _write_sign(style, sign, *at)
        top += grid.rows * high + CAPTION + GAP
    if column.terms:
        yield from lay_out_bars(style, column.terms, Box(box.left, top - 2, box.width, len(column.terms) * BAR))
        top += len(column.terms) * BAR + GAP
    yield from lay_out_result(style, column.arithmetic, middle, top, box.width)


def _lay_out_lines(style: Style, column: Column, box: Box) -> Iterator[Primitive]:
    """Lay out several channels, a line each; of many, one channel, and a bar for each."""
    arithmetic, lines, sizes = column.arithmetic, column.lines, column.sizes
    numbers = arithmetic.numbers
    rows, columns, high = lines[0][0].rows, lines[0][0].columns, sizes[0][1]
    around = _measure_around_lines(style, arithmetic, len(lines), box.width)
    top = box.top + max(0, (box.height - around - len(lines) * rows * high) / 2)
    beside = _measure_beside_lines(style, arithmetic)
    left = box.left + max(0, (box.width - columns * sum(wide for wide, _ in sizes) - beside) / 2) + FRAME
    starts = [left + index * (SIGN + 2 * FRAME) + columns * sum(w for w, _ in sizes[:index]) for index in range(3)]
    widths = [columns * wide for wide, _ in sizes]
    digits = min(find_digit_size([line[at] for line in lines], sizes[at]) for at in range(3))
    for grid, start, wide in zip(lines[0], starts, widths, strict=True):
        yield write_caption(style, grid, start + wide / 2, top + GAP, wide + SIGN)
    top += CAPTION
    for channel, grids in zip(numbers.channels, lines, strict=True):
        for grid, start, size in zip(grids, starts, sizes, strict=True):
            yield from lay_out_number_grid(style, grid, start, top, size, digits)
        for mark, (before, after) in zip("×=", pairwise(range(3)), strict=True):
            yield _write_sign(style, mark, (starts[before] + widths[before] + starts[after]) / 2, top + rows * high / 2)
        if channel.sum:
            at = (starts[2] + widths[2] + FRAME + 6, top + rows * high / 2)
            yield style.write("sums", at, channel.sum, style.theme.text, "mono", 13, valign="middle")
        top += rows * high + GAP + 4
    if numbers.filter_note:
        at = (box.center[0], top + 8)
        yield style.write("filter-note", at, numbers.filter_note, style.theme.filter, "bold", CAPTION_SIZE, "middle")
        top += CAPTION
    bars = _measure_bars(arithmetic, len(lines))
    if bars:
        yield from lay_out_bars(style, list_channel_sums(numbers), Box(box.left, top, box.width, bars))
    yield from lay_out_result(style, arithmetic, box.center[0], top + bars, box.width)


def _make_window(style: Style, arithmetic: Arithmetic) -> NumberGrid:
    """Make the grid of a window without weights."""
    step, channel = arithmetic.numbers.step, arithmetic.numbers.channels[0]
    chosen = None
    if step["chosen"] and arithmetic.numbers.beat != "window":
        chosen = step["rows"].index(step["chosen"][1]), step["columns"].index(step["chosen"][2])
    color, name = arithmetic.input.color, _name_window(style, arithmetic)
    values, texts = channel.values["values"], channel.texts.values
    return NumberGrid("window", values, texts, color, style.theme.input, name, padded=channel.padded, chosen=chosen)


def _make_grids(style: Style, arithmetic: Arithmetic, channel: ChannelNumbers) -> tuple[NumberGrid, ...]:
    """Make the grids of one channel: window, filter and products."""
    numbers, theme, values, texts = arithmetic.numbers, style.theme, channel.values, channel.texts
    first = numbers.step["channels"][0]["channel"]
    window: ToColors = ShownMap(
        arithmetic.input.stage, first, False, arithmetic.input.view, is_dark=theme.is_dark
    ).color
    if numbers.step["kind"] == "prepare":
        weights, products = _color_on(make_scale("signed", 1), theme.is_dark), window
    else:
        weights, products = _color_terms(arithmetic, theme.is_dark)
    name, is_empty = _name_window(style, arithmetic), not channel.has_products
    caption = write_figure_text("step_products") if numbers.kind == "lines" else numbers.products_caption
    return (
        NumberGrid("window", values["values"], texts.values, window, theme.input, name, padded=channel.padded),
        NumberGrid("filter", values["weights"], texts.weights, weights, theme.filter, numbers.filter_caption),
        NumberGrid("products", values["products"], texts.products, products, theme.muted, caption, (), is_empty),
    )


def _name_window(style: Style, arithmetic: Arithmetic) -> str:
    """Name the window, where it is alone also by its words."""
    name = write_figure_text("step_window")
    if arithmetic.numbers.kind == "lines":
        return name
    named = write_words(name_window(arithmetic.stage, arithmetic.numbers.step), name)
    return style.metrics.shorten(named, "bold", CAPTION_SIZE, WIDEST_NAME)


def _color_terms(arithmetic: Arithmetic, is_dark: bool) -> tuple[ToColors, ToColors]:
    """Color a filter and its products, the products the same at all positions so that they compare."""
    weight = arithmetic.stage.weight
    numbers = weight[arithmetic.numbers.step["map"]] if weight is not None else np.ones(1, np.float32)
    reach = max(abs(end) for pair in arithmetic.input.stage.ranges for end in pair)
    products = make_scale("signed", float(np.abs(numbers).max()) * reach)
    return _color_on(make_weight_scale(numbers), is_dark), _color_on(products, is_dark)


def _color_on(scale: Scale, is_dark: bool) -> ToColors:
    return lambda values: color_values(values, scale, is_dark)


def _write_sign(style: Style, sign: str, x: float, y: float) -> Primitive:
    return style.write("signs", (x, y), sign, style.theme.muted, "sans", 18, "middle", "middle")
