"""Lays out the arithmetic of one step between the two maps: window × filter = products, their sum, the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from ...core.number_text import bracket_negative
from ...core.trace.trace import Stage
from ..color import Scale, to_signed_colors
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import ShownMap
from ..figure_content.step_numbers import ChannelNumbers, StepNumbers
from .number_grid import CAPTION_SIZE, NumberGrid, ToColors, lay_out_number_grid, measure_cell, write_caption
from .primitives import Box, Primitive, Rect
from .theme import Style, to_hex_color

MAX_BARS, BAR = 8, 20
"""How many bars there are, and the height of a bar and the space around it."""
MAX_SHARES = 12
"""Up to this many scores all are listed."""
SMALL, LARGE = (14, 12.5, 11), (28, 24, 20)
"""Sizes of the texts around a result, and of a result; the first that fits."""
CAPTION, GAP = 24, 12
Named = tuple[str, float, str]
"""A name, a number, and its text."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A step with its numbers, its stage, and the input map beside it."""

    numbers: StepNumbers
    stage: Stage
    input: ShownMap

    @property
    def width(self) -> int:
        """The width that it asks for, in points: more for wide windows and for several channels."""
        if self.numbers.kind in ("strongest", "shares", "lines"):
            return 400
        columns = len(self.numbers.channels[0].texts.values[0]) if self.numbers.channels else 0
        return 300 if columns <= 3 else 380


def lay_out_arithmetic(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out the arithmetic of a step in the middle of a box."""
    layouts = {
        "alone": _lay_out_one_channel,
        "lines": _lay_out_channels,
        "one": _lay_out_window,
        "strongest": _lay_out_strongest_terms,
        "shares": _lay_out_shares,
        "bare": _lay_out_bare,
    }
    return layouts[arithmetic.numbers.kind](style, arithmetic, box)


def _lay_out_bare(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    middle = box.top + (box.height - _measure_result(arithmetic)) / 2
    return _lay_out_result(style, arithmetic, box.center[0], middle, box.width)


def _lay_out_one_channel(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out one channel: window × filter above, = products and the result below."""
    window, kernel, products = _make_grids(style, arithmetic, arithmetic.numbers.channels[0])
    sign, text = 30, _measure_result(arithmetic)
    rows, columns, result_width = window.rows, window.columns, _find_result_width(style, arithmetic)

    largest = _find_largest_cell((window, kernel, products), 44)

    def fit(spare: float) -> int:
        return max(1, int(min((box.width - 2 * sign) / 2 / columns, spare / 2 / rows, largest)))

    cell = fit(box.height - 2 * CAPTION - GAP)
    left = box.left + (box.width - 2 * columns * cell - sign) / 2
    start = left + columns * cell + GAP
    # Beside the products where the result fits there, else below.
    is_beside = rows * cell >= text and result_width <= box.right - start
    if not is_beside:
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
        yield from _lay_out_result(style, arithmetic, x, below + (high - text) / 2, result_width)
    else:
        yield from _lay_out_result(style, arithmetic, box.center[0], below + high + CAPTION + GAP, box.width)


def _lay_out_channels(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out several channels, a line each; of many, one channel, and a bar for each."""
    numbers = arithmetic.numbers
    lines = [_make_grids(style, arithmetic, channel) for channel in numbers.channels]
    sums = [style.metrics.measure(channel.sum, "mono", 13) for channel in numbers.channels]
    sign, space, gap = 24, max(66, *(one + GAP for one in sums)), 14
    count = len(numbers.step["channels"])
    bars = min(count, MAX_BARS + 1) * BAR + gap if count > len(lines) else 0
    text, note = _measure_result(arithmetic), CAPTION if numbers.filter_note else 0
    spare = box.height - text - bars - note - CAPTION - gap * (len(lines) + 1)
    rows, columns = lines[0][0].rows, lines[0][0].columns
    largest = _find_largest_cell([grid for grids in lines for grid in grids], 36)
    cell = max(1, int(min((box.width - 2 * sign - space) / 3 / columns, spare / len(lines) / rows, largest)))
    wide, high = columns * cell, rows * cell
    left = box.left + max(0, (box.width - 3 * wide - 2 * sign - space) / 2)
    top = box.top + max(0, (box.height - CAPTION - len(lines) * (high + gap) - note - bars - text) / 2)
    middles = [left + wide / 2 + index * (wide + sign) for index in range(3)]
    yield from _write_heads(style, lines[0], middles, top + GAP)
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
        yield from _lay_out_bars(style, _list_channel_sums(numbers), Box(box.left, top, box.width, bars))
    yield from _lay_out_result(style, arithmetic, box.center[0], top + bars, box.width)


def _find_largest_cell(grids: Sequence[NumberGrid], usual: float) -> float:
    """Find how large cells may be: larger than usual where longer texts would not be readable."""
    longest = max(len(text) for grid in grids for line in grid.texts for text in line)
    return max(usual, min(72, measure_cell(longest)))


def _write_heads(style: Style, grids: Sequence[NumberGrid], middles: list[float], y: float) -> Iterator[Primitive]:
    """Write the names of the grids above their columns; all smaller where one is wider than its column."""
    room = middles[1] - middles[0] - 6
    widest = max(style.metrics.measure(grid.caption, "bold", CAPTION_SIZE) for grid in grids)
    size = CAPTION_SIZE * min(1, room / widest)
    for grid, middle in zip(grids, middles, strict=True):
        yield style.write(f"{grid.part}-caption", (middle, y), grid.caption, grid.frame_color, "bold", size, "middle")


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
    gap, text = 18, _measure_result(arithmetic)
    cell = max(1, int(min(box.width / grid.columns, (box.height - text - gap - CAPTION) / grid.rows, 60)))
    high = grid.rows * cell
    top = box.top + max(0, (box.height - high - CAPTION - gap - text) / 2)
    yield from lay_out_number_grid(style, grid, box.center[0] - grid.columns * cell / 2, top, cell)
    yield write_caption(style, grid, box.center[0], top + high + 20, box.width)
    yield from _lay_out_result(style, arithmetic, box.center[0], top + high + CAPTION + gap, box.width)


def _lay_out_strongest_terms(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out the largest products of a long sum, each with a bar, and the sum of all others."""
    step, texts = arithmetic.numbers.step, arithmetic.numbers.texts
    named = [
        (f"{text.value} × {bracket_negative(text.weight)}", one["product"], text.product)
        for one, text in zip(step["strongest"], texts.strongest, strict=True)
    ]
    if step["rest"]["count"]:
        more = write_figure_text("step_more_terms", count=step["rest"]["count"])
        named.append((more, step["rest"]["sum"], texts.rests[len(named)]))
    return _lay_out_terms(style, arithmetic, named, box)


def _lay_out_shares(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out e^(score − largest score) of the largest scores, in the order of the classes, and the result."""
    step, texts, classes = arithmetic.numbers.step, arithmetic.numbers.texts, arithmetic.stage.info.classes
    powers = [one["sum"] for one in step["channels"]]
    highest = sorted(range(len(powers)), key=lambda map: -powers[map])
    listed = {step["map"], *highest[: MAX_BARS if len(powers) > MAX_SHARES else MAX_SHARES]}
    scores, less = [one.values[0][0] for one in texts.channels], bracket_negative(texts.largest)
    named = [
        (f"{classes[map] if classes else map}: e^({scores[map]} − {less})", powers[map], texts.powers[map])
        for map in sorted(listed)
    ]
    return _lay_out_terms(style, arithmetic, named, box)


def _lay_out_terms(style: Style, arithmetic: Arithmetic, named: Sequence[Named], box: Box) -> Iterator[Primitive]:
    """Lay out the terms of a sum, each with a bar, and the result below."""
    text = _measure_result(arithmetic)
    top = box.top + max(0, (box.height - len(named) * BAR - 20 - text) / 2)
    if arithmetic.numbers.beat != "window":
        yield from _lay_out_bars(style, named, Box(box.left, top, box.width, len(named) * BAR))
    yield from _lay_out_result(style, arithmetic, box.center[0], top + len(named) * BAR + 20, box.width)


def _list_channel_sums(numbers: StepNumbers) -> list[Named]:
    """List the sum of each channel; the channels after the first MAX_BARS share one."""
    channels, texts = numbers.step["channels"], numbers.texts
    named = [
        (write_figure_text("step_channel", index=one["channel"]), one["sum"], text.sum)
        for one, text in zip(channels[:MAX_BARS], texts.channels, strict=False)
    ]
    rest = channels[MAX_BARS:]
    more = write_figure_text("step_more_channels", count=len(rest))
    return [*named, (more, sum(one["sum"] for one in rest), texts.channel_rest)] if rest else named


def _lay_out_bars(style: Style, named: Sequence[Named], box: Box) -> Iterator[Primitive]:
    """Lay out named numbers as bars to the left or the right of 0."""
    largest = max([abs(value) for _, value, _ in named] + [1e-9])
    label = max(style.metrics.measure(name, "sans", 12) for name, _, _ in named)
    room = max(style.metrics.measure(text, "mono", 12) for _, _, text in named)
    start, end = box.left + label + 10, box.right - room - 8
    middle = (start + end) / 2
    for index, (name, value, text) in enumerate(named):
        y = box.top + index * BAR + BAR / 2
        color = to_signed_colors(np.asarray(np.sign(value) * 0.8, np.float32), Scale(-1, 1))
        length = (end - middle) * abs(value) / largest
        bar = Box(middle if value >= 0 else middle - length, y - 5, length, 10)
        yield style.write("bars", (start - 10, y), name, style.theme.muted, "sans", 12, "end", "middle")
        yield Rect("bars", Box(start, y - 5, end - start, 10), style.theme.sunken)
        if value:
            yield Rect("bars", bar, to_hex_color(tuple(color.tolist())))
        yield style.write("bars", (end + 8, y), text, style.theme.text, "mono", 12, valign="middle")


def _find_result_width(style: Style, arithmetic: Arithmetic) -> float:
    """Find how wide the widest line of the result is, in its largest size."""
    result = arithmetic.numbers.result
    small = max(style.metrics.measure(text, "sans", SMALL[0]) for text in (result.before, result.after))
    return max(small, style.metrics.measure(result.value, "mono-bold", LARGE[0]))


def _measure_result(arithmetic: Arithmetic) -> float:
    result = arithmetic.numbers.result
    return 40 + 22 * sum(bool(text) for text in (result.before, result.after))


def _lay_out_result(style: Style, arithmetic: Arithmetic, x: float, top: float, room: float) -> Iterator[Primitive]:
    """Lay out the three lines of the result, centered at x, the value in large digits."""
    result, theme = arithmetic.numbers.result, style.theme
    color = theme.pooling if arithmetic.stage.info.family == "pooling" else theme.output
    if result.before:
        text, size = style.fit(result.before, "sans", SMALL, room)
        yield style.write("result-before", (x, top + 15), text, theme.muted, "sans", size, "middle")
        top += 22
    text, size = style.fit(result.value, "mono-bold", LARGE, room)
    ink = color if result.is_known else theme.muted
    yield style.write("result", (x, top + 29), text, ink, "mono-bold", size, "middle")
    if result.after:
        text, size = style.fit(result.after, "sans", SMALL, room)
        yield style.write("result-after", (x, top + 55), text, theme.muted, "sans", size, "middle")


def _make_grids(style: Style, arithmetic: Arithmetic, channel: ChannelNumbers) -> tuple[NumberGrid, ...]:
    """Make the grids of one channel: window, filter and products."""
    numbers, theme, values, texts = arithmetic.numbers, style.theme, channel.values, channel.texts
    several = numbers.kind == "lines"
    first = numbers.step["channels"][0]["channel"]
    window = ShownMap(arithmetic.input.stage, first, False, arithmetic.input.view).color
    weights, products = (_color_signed(1), window) if numbers.step["kind"] == "prepare" else _color_terms(arithmetic)
    name = write_figure_text("step_window")
    caption = write_figure_text("step_products") if several else numbers.products_caption
    return (
        NumberGrid("window", values["values"], texts.values, window, theme.input, name, padded=channel.padded),
        NumberGrid("filter", values["weights"], texts.weights, weights, theme.filter, numbers.filter_caption),
        NumberGrid(
            "products",
            values["products"],
            texts.products,
            products,
            theme.muted,
            caption,
            is_empty=not channel.has_products,
        ),
    )


def _color_terms(arithmetic: Arithmetic) -> tuple[ToColors, ToColors]:
    """Color a filter and its products, the products the same at all positions so that they compare."""
    weight = arithmetic.stage.weight
    largest = float(np.abs(weight[arithmetic.numbers.step["map"]]).max()) if weight is not None else 1.0
    reach = max(abs(end) for pair in arithmetic.input.stage.ranges for end in pair)
    return _color_signed(largest), _color_signed(largest * reach)


def _color_signed(reach: float) -> ToColors:
    """Color values from blue at -reach over near-white at 0 to red at reach."""
    return lambda values: to_signed_colors(values, Scale(-reach, reach))


def _write_sign(style: Style, sign: str, x: float, y: float) -> Primitive:
    return style.write("signs", (x, y), sign, style.theme.muted, "sans", 20, "middle", "middle")
