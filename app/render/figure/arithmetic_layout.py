"""Lays out the arithmetic of one step between the two maps: window × filter = products, their sum, the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from ...core.trace.color_scale import color_values, make_scale
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap
from ..figure_content.step_numbers import ChannelNumbers
from .number_grid import CAPTION_SIZE, NumberGrid, ToColors, lay_out_number_grid, measure_cell, write_caption
from .primitives import Box, Primitive
from .term_layout import (
    BAR,
    MAX_BARS,
    Arithmetic,
    find_result_width,
    lay_out_bars,
    lay_out_result,
    lay_out_terms,
    list_channel_sums,
    measure_result,
)
from .theme import Style

CAPTION, GAP = 24, 12
"""Height of a caption, and of the gap below it."""


def lay_out_arithmetic(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out the arithmetic of a step in the middle of a box."""
    layouts = {"alone": _lay_out_one_channel, "lines": _lay_out_channels, "one": _lay_out_window}
    return layouts.get(arithmetic.numbers.kind, lay_out_terms)(style, arithmetic, box)


def _lay_out_one_channel(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out one channel: window × filter above, = products and the result below."""
    window, kernel, products = _make_grids(style, arithmetic, arithmetic.numbers.channels[0])
    sign, text = 30, measure_result(style, arithmetic)
    rows, columns, result_width = window.rows, window.columns, find_result_width(style, arithmetic)

    largest = _find_largest_cell((window, kernel, products), 44)

    def fit(spare: float) -> int:
        return max(1, int(min((box.width - 2 * sign) / 2 / columns, spare / 2 / rows, largest)))

    cell = fit(box.height - 2 * CAPTION - GAP)
    left = box.left + (box.width - 2 * columns * cell - sign) / 2
    start = left + columns * cell + GAP
    # Beside the products where the result fits there, else below.
    is_beside = rows * cell >= text and result_width <= box.right - start
    if not is_beside:
        text = measure_result(style, arithmetic, box.width)
        cell = fit(box.height - 2 * (CAPTION + GAP) - text)
        left = box.left + (box.width - 2 * columns * cell - sign) / 2
    wide, high = columns * cell, rows * cell
    full = 2 * (high + CAPTION) + GAP + (0 if is_beside else text + GAP)
    top, right = box.top + max(0, (box.height - full) / 2), left + wide + sign
    below = top + high + CAPTION + GAP
    for grid, x, y in ((window, left, top), (kernel, right, top), (products, left, below)):
        room = wide + (2 * sign if grid is products else sign - 6)
        yield from lay_out_number_grid(style, grid, x, y, cell)
        yield write_caption(style, grid, x + wide / 2, y + high + 20, room)
    yield _write_sign(style, "×", left + wide + sign / 2, top + high / 2)
    yield _write_sign(style, "=", left - sign / 2, below + high / 2)
    if is_beside:
        x = min(max(right + wide / 2, start + result_width / 2), box.right - result_width / 2)
        yield from lay_out_result(style, arithmetic, x, below + (high - text) / 2, result_width)
    else:
        yield from lay_out_result(style, arithmetic, box.center[0], below + high + CAPTION + GAP, box.width)


def _lay_out_channels(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out several channels, a line each; of many, one channel, and a bar for each."""
    numbers = arithmetic.numbers
    lines = [_make_grids(style, arithmetic, channel) for channel in numbers.channels]
    sums = [style.metrics.measure(channel.sum, "mono", 13) for channel in numbers.channels]
    sign, space, gap = 24, max(66, *(one + GAP for one in sums)), 14
    count = len(numbers.step["channels"])
    bars = min(count, MAX_BARS + 1) * BAR + gap if count > len(lines) else 0
    text, note = measure_result(style, arithmetic, box.width), CAPTION if numbers.filter_note else 0
    spare = box.height - text - bars - note - CAPTION - gap * (len(lines) + 1)
    rows, columns = lines[0][0].rows, lines[0][0].columns
    largest = _find_largest_cell([grid for grids in lines for grid in grids], 36)
    cell = max(1, int(min((box.width - 2 * sign - space) / 3 / columns, spare / len(lines) / rows, largest)))
    wide, high = columns * cell, rows * cell
    left = box.left + max(0, (box.width - 3 * wide - 2 * sign - space) / 2)
    top = box.top + max(0, (box.height - CAPTION - len(lines) * (high + gap) - note - bars - text) / 2)
    middles = [left + wide / 2 + index * (wide + sign) for index in range(3)]
    yield from (write_caption(style, *pair, top + GAP, wide + sign - 6) for pair in zip(lines[0], middles, strict=True))
    top += CAPTION
    for channel, grids in zip(numbers.channels, lines, strict=True):
        for grid, middle in zip(grids, middles, strict=True):
            yield from lay_out_number_grid(style, grid, middle - wide / 2, top, cell)
        for mark, (before, after) in zip("×=", pairwise(middles), strict=True):
            yield _write_sign(style, mark, (before + after) / 2, top + high / 2)
        if channel.sum:
            at = (middles[2] + wide / 2 + 8, top + high / 2)
            yield style.write("sums", at, channel.sum, style.theme.text, "mono", 13, valign="middle")
        top += high + gap
    if note:
        at = (box.center[0], top + 8)
        yield style.write("filter-note", at, numbers.filter_note, style.theme.filter, "bold", CAPTION_SIZE, "middle")
        top += note
    if bars:
        yield from lay_out_bars(style, list_channel_sums(numbers), Box(box.left, top, box.width, bars))
    yield from lay_out_result(style, arithmetic, box.center[0], top + bars, box.width)


def _find_largest_cell(grids: Sequence[NumberGrid], usual: float) -> float:
    """Find how large cells may be: larger than usual where longer texts would not be readable."""
    longest = max(len(text) for grid in grids for line in grid.texts for text in line)
    return max(usual, min(72, measure_cell(longest)))


def _lay_out_window(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out a window without weights, such as that of a pooling layer, and the result."""
    step, channel = arithmetic.numbers.step, arithmetic.numbers.channels[0]
    chosen = None
    if step["chosen"] and arithmetic.numbers.beat != "window":
        chosen = step["rows"].index(step["chosen"][1]), step["columns"].index(step["chosen"][2])
    color, name, theme = arithmetic.input.color, write_figure_text("step_window"), style.theme
    values = channel.values["values"]
    grid = NumberGrid(
        "window", values, channel.texts.values, color, theme.input, name, padded=channel.padded, chosen=chosen
    )
    gap, text = 18, measure_result(style, arithmetic, box.width)
    cell = max(1, int(min(box.width / grid.columns, (box.height - text - gap - CAPTION) / grid.rows, 60)))
    high = grid.rows * cell
    top = box.top + max(0, (box.height - high - CAPTION - gap - text) / 2)
    yield from lay_out_number_grid(style, grid, box.center[0] - grid.columns * cell / 2, top, cell)
    yield write_caption(style, grid, box.center[0], top + high + 20, box.width)
    yield from lay_out_result(style, arithmetic, box.center[0], top + high + CAPTION + gap, box.width)


def _make_grids(style: Style, arithmetic: Arithmetic, channel: ChannelNumbers) -> tuple[NumberGrid, ...]:
    """Make the grids of one channel: window, filter and products."""
    numbers, theme, values, texts = arithmetic.numbers, style.theme, channel.values, channel.texts
    first = numbers.step["channels"][0]["channel"]
    window = ShownMap(arithmetic.input.stage, first, False, arithmetic.input.view).color
    weights, products = (_color_signed(1), window) if numbers.step["kind"] == "prepare" else _color_terms(arithmetic)
    name, is_empty = write_figure_text("step_window"), not channel.has_products
    caption = write_figure_text("step_products") if numbers.kind == "lines" else numbers.products_caption
    return (
        NumberGrid("window", values["values"], texts.values, window, theme.input, name, padded=channel.padded),
        NumberGrid("filter", values["weights"], texts.weights, weights, theme.filter, numbers.filter_caption),
        NumberGrid("products", values["products"], texts.products, products, theme.muted, caption, (), is_empty),
    )


def _color_terms(arithmetic: Arithmetic) -> tuple[ToColors, ToColors]:
    """Color a filter and its products, the products the same at all positions so that they compare."""
    weight = arithmetic.stage.weight
    largest = float(np.abs(weight[arithmetic.numbers.step["map"]]).max()) if weight is not None else 1.0
    reach = max(abs(end) for pair in arithmetic.input.stage.ranges for end in pair)
    return _color_signed(largest), _color_signed(largest * reach)


def _color_signed(reach: float) -> ToColors:
    """Color values from blue at -reach over near-white at 0 to red at reach."""
    return lambda values: color_values(values, make_scale("signed", reach))


def _write_sign(style: Style, sign: str, x: float, y: float) -> Primitive:
    return style.write("signs", (x, y), sign, style.theme.muted, "sans", 20, "middle", "middle")
