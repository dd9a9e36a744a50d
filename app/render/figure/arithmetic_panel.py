"""The arithmetic of one step, drawn between the two maps: window × filter = products, their sum, the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.trace.trace import Stage
from ..color import Scale, to_gray_colors, to_signed_colors
from ..map_image import choose_scale, is_signed
from .canvas import Box, Canvas, Theme
from .figure_texts import (
    CHANNEL,
    FILTER,
    FILTER_DIVIDED,
    MINUS,
    MORE,
    PRODUCTS,
    PRODUCTS_OF,
    SHARES,
    TERM,
    UNKNOWN,
    WINDOW,
    add_plus_sign,
    describe_activation,
    describe_result,
    format_count,
    format_number,
    is_text_exact,
)
from .map_panel import ShownMap
from .number_grid import ColorFunction, NumberGrid, draw_number_grid, make_signed_color, to_hex_color, to_rgb

MAX_FULL_CHANNELS = 3
MAX_BARS = 8
BAR_HEIGHT = 20
"""Height of a bar and the space around it, in units."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One step and its stage. `input` is the input map, `following` the next stage, if any."""

    step: dict[str, Any]
    stage: Stage
    input: ShownMap
    following: Stage | None
    beat: str

    @property
    def has_result(self) -> bool:
        """Whether the result is visible at this beat."""
        return self.beat not in ("window", "products") and not self.beat.startswith("channel-")

    @property
    def weighted_channels(self) -> list[dict[str, Any]]:
        """The input channels that have weights."""
        return [channel for channel in self.step["channels"] if channel["weights"]]


def draw_arithmetic(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw the arithmetic of a step in the middle of a box."""
    weighted = arithmetic.weighted_channels
    if arithmetic.step["strongest"]:
        _draw_strongest_terms(canvas, arithmetic, box)
    elif len(weighted) == 1 and len(arithmetic.step["channels"]) == 1:
        _draw_one_channel(canvas, arithmetic, box)
    elif weighted:
        _draw_channels(canvas, arithmetic, box)
    elif arithmetic.step["channels"]:
        _draw_window(canvas, arithmetic, box)
    else:
        _draw_result(canvas, arithmetic, box, (box[1] + box[3]) // 2 - _measure_result_height(canvas, arithmetic) // 2)


def _draw_one_channel(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw one channel: window × filter above, = products and the result below."""
    window, kernel, products = _make_grids(canvas.theme, arithmetic, arithmetic.weighted_channels[0])
    width, height = box[2] - box[0], box[3] - box[1]
    sign, gap, caption = canvas.px(30), canvas.px(12), canvas.px(24)
    text = _measure_result_height(canvas, arithmetic)
    beside = window.columns * window.rows > 1 and _result_fits(canvas, arithmetic, (width - sign) // 2 + canvas.px(10))
    spare = height - 2 * caption - gap - (0 if beside else text + gap)
    most = min((width - 2 * sign) / 2 / window.columns, spare / 2 / window.rows)
    cell = int(min(most, canvas.px(44)))
    wide, high = window.columns * cell, window.rows * cell
    beside = beside and high >= text
    full = 2 * (high + caption) + gap + (0 if beside else text + gap)
    top = box[1] + max(0, (height - full) // 2)
    left = box[0] + (width - 2 * wide - sign) // 2
    right = left + wide + sign
    draw_number_grid(canvas, window, (left, top), cell)
    _draw_sign(canvas, "×", ((left + wide + right) // 2, top + high // 2))
    draw_number_grid(canvas, kernel, (right, top), cell)
    below = top + high + caption + gap
    draw_number_grid(canvas, products, (left, below), cell)
    _draw_sign(canvas, "=", (left - sign // 2, below + high // 2))
    if beside:
        middle = right + wide // 2
        half = (width - sign) // 4
        _draw_result(
            canvas, arithmetic, (middle - half, below, middle + half, below + high), below + (high - text) // 2
        )
    else:
        _draw_result(canvas, arithmetic, box, below + high + caption + gap)


def _draw_channels(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw several channels, a line each; of many, only the one with the largest sum, and a bar for each channel."""
    weighted = arithmetic.weighted_channels
    many = len(weighted) > MAX_FULL_CHANNELS
    listed = [max(weighted, key=lambda one: abs(one["sum"]))] if many else weighted
    lines = [_make_grids(canvas.theme, arithmetic, channel) for channel in listed]
    width, height = box[2] - box[0], box[3] - box[1]
    sign, space, caption, gap = canvas.px(24), canvas.px(66), canvas.px(24), canvas.px(14)
    bars = (min(len(weighted), MAX_BARS + 1) * canvas.px(BAR_HEIGHT) + gap) if many else 0
    text = _measure_result_height(canvas, arithmetic)
    spare = height - text - bars - caption - gap * (len(lines) + 1)
    rows, columns = lines[0][0].rows, lines[0][0].columns
    cell = max(1, int(min((width - 2 * sign - space) / 3 / columns, spare / len(lines) / rows, canvas.px(36))))
    wide, high = columns * cell, rows * cell
    full = caption + len(lines) * (high + gap) + bars + text
    left = box[0] + max(0, (width - 3 * wide - 2 * sign - space) // 2)
    top = box[1] + max(0, (height - full) // 2)
    middles = [left + wide // 2 + i * (wide + sign) for i in range(3)]
    for middle, grid in zip(middles, lines[0], strict=True):
        canvas.draw_text(
            (middle, top + canvas.px(12)), grid.caption, grid.frame_color, "bold", 12.5 * canvas.unit, "ms"
        )
    top += caption
    for channel, grids in zip(listed, lines, strict=True):
        for i, grid in enumerate(grids):
            draw_number_grid(canvas, grid, (middles[i] - wide // 2, top), cell, has_caption=False)
        for i, mark in enumerate("×="):
            _draw_sign(canvas, mark, (middles[i] + (wide + sign) // 2, top + high // 2))
        subtotal = add_plus_sign(format_number(channel["sum"])) if arithmetic.beat != "window" else ""
        at = (middles[2] + wide // 2 + canvas.px(8), top + high // 2)
        canvas.draw_text(at, subtotal, canvas.theme.text, "mono", 13 * canvas.unit, "lm")
        top += high + gap
    if many:
        _draw_channel_bars(canvas, arithmetic, (box[0], top, box[2], top + bars))
        top += bars
    _draw_result(canvas, arithmetic, box, top)


def _draw_window(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw a window without weights, such as that of a pooling layer, and the result."""
    own = [channel for channel in arithmetic.step["channels"] if channel["channel"] == arithmetic.step["map"]]
    channel = (own or arithmetic.step["channels"])[0]
    grid = NumberGrid(
        channel["values"], _make_map_color(arithmetic), canvas.theme.input, WINDOW, padded=channel["padded"]
    )
    width, height = box[2] - box[0], box[3] - box[1]
    gap, caption = canvas.px(18), canvas.px(24)
    text = _measure_result_height(canvas, arithmetic)
    most = min(width / grid.columns, (height - text - gap - caption) / grid.rows)
    cell = max(1, int(min(most, canvas.px(60))))
    full = grid.rows * cell + caption + gap + text
    top = box[1] + max(0, (height - full) // 2)
    left = box[0] + (width - grid.columns * cell) // 2
    draw_number_grid(
        canvas, grid, (left, top), cell, chosen=_find_chosen_cell(arithmetic) if arithmetic.beat != "window" else None
    )
    _draw_result(canvas, arithmetic, box, top + grid.rows * cell + caption + gap)


def _find_chosen_cell(arithmetic: Arithmetic) -> tuple[int, int] | None:
    """Return the (row, column) in the window of the cell that a pooling layer chose, if it chose one."""
    chosen = arithmetic.step["chosen"]
    if not chosen:
        return None
    return arithmetic.step["rows"].index(chosen[1]), arithmetic.step["columns"].index(chosen[2])


def _draw_channel_bars(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw one bar per channel; the channels after the first MAX_BARS share one."""
    weighted = arithmetic.weighted_channels
    rows = [(CHANNEL.format(index=one["channel"]), one["sum"]) for one in weighted[:MAX_BARS]]
    if len(weighted) > MAX_BARS:
        rest = weighted[MAX_BARS:]
        rows.append((MORE.format(count=len(rest)), sum(one["sum"] for one in rest)))
    _draw_bars(canvas, rows, box, canvas.px(92))


def _draw_strongest_terms(canvas: Canvas, arithmetic: Arithmetic, box: Box) -> None:
    """Draw the largest products of a long sum, each with a bar, and the sum of all others."""
    rows = [
        (
            TERM.format(
                value=format_number(one["value"], 3), weight=_parenthesize_negative(format_number(one["weight"], 3))
            ),
            one["product"],
        )
        for one in arithmetic.step["strongest"]
    ]
    rest = arithmetic.step["rest"]
    if rest["count"]:
        rows.append((MORE.format(count=rest["count"]), rest["sum"]))
    gap, text = canvas.px(20), _measure_result_height(canvas, arithmetic)
    full = len(rows) * canvas.px(BAR_HEIGHT) + gap + text
    top = box[1] + max(0, (box[3] - box[1] - full) // 2)
    below = top + len(rows) * canvas.px(BAR_HEIGHT)
    _draw_bars(canvas, rows, (box[0], top, box[2], below), canvas.px(136))
    _draw_result(canvas, arithmetic, box, below + gap)


def _parenthesize_negative(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _draw_bars(canvas: Canvas, rows: Sequence[tuple[str, float]], box: Box, label: int) -> None:
    """Draw named numbers as bars to the left or the right of 0."""
    largest = max([abs(value) for _, value in rows] + [1e-9])
    line, size = canvas.px(BAR_HEIGHT), 12 * canvas.unit
    start, end = box[0] + label, box[2] - canvas.px(72)
    middle = (start + end) // 2
    for i, (name, value) in enumerate(rows):
        y = box[1] + i * line + line // 2
        canvas.draw_text((start - canvas.px(10), y), name, canvas.theme.muted, "sans", size, "rm")
        canvas.fill_box((start, y - canvas.px(5), end, y + canvas.px(5)), canvas.theme.sunken)
        to = middle + round((end - middle) * value / largest)
        color = to_signed_colors(np.asarray(np.sign(value) * 0.8, np.float32), Scale(-1, 1))
        canvas.fill_box((min(middle, to), y - canvas.px(5), max(middle, to), y + canvas.px(5)), to_hex_color(color))
        canvas.draw_text(
            (end + canvas.px(8), y), add_plus_sign(format_number(value, 3)), canvas.theme.text, "mono", size, "lm"
        )


def _format_result_lines(arithmetic: Arithmetic) -> tuple[str, str, str]:
    """Return the line above the result, the result, and the line below it."""
    step, stage = arithmetic.step, arithmetic.stage
    terms = int(arithmetic.input.stage.output.size)
    before = describe_result(stage, step, terms)
    if not arithmetic.has_result:
        return before, UNKNOWN, ""
    cell = (step["map"], step["row"], step["col"])
    value = float(stage.output[cell])
    text = add_plus_sign(format_number(value)) if stage.info.colors == "signed" else format_number(value)
    exact = stage.info.exact and is_text_exact(value)
    following = arithmetic.following
    same_shape = following is not None and following.output.shape == stage.output.shape
    after = float(following.output[cell]) if following is not None and same_shape else None
    return before, text if exact else f"≈ {text}", describe_activation(following, value, after)


def _result_fits(canvas: Canvas, arithmetic: Arithmetic, width: int) -> bool:
    before, value, after = _format_result_lines(arithmetic)
    longest = max(
        canvas.measure_text(before, "sans", 14 * canvas.unit), canvas.measure_text(after, "sans", 14 * canvas.unit)
    )
    return max(longest, canvas.measure_text(value, "mono-bold", 28 * canvas.unit)) <= width


def _measure_result_height(canvas: Canvas, arithmetic: Arithmetic) -> int:
    before, _, after = _format_result_lines(arithmetic)
    return canvas.px(40) + sum(canvas.px(22) for text in (before, after) if text)


def _draw_result(canvas: Canvas, arithmetic: Arithmetic, box: Box, top: int) -> None:
    """Draw the three lines of the result, centered, the value in large digits."""
    before, value, after = _format_result_lines(arithmetic)
    middle = (box[0] + box[2]) // 2
    color = canvas.theme.pooling if arithmetic.stage.info.family == "pooling" else canvas.theme.output
    if before:
        canvas.draw_text((middle, top + canvas.px(15)), before, canvas.theme.muted, "sans", 14 * canvas.unit, "ms")
        top += canvas.px(22)
    canvas.draw_text(
        (middle, top + canvas.px(29)),
        value,
        color if arithmetic.has_result else canvas.theme.muted,
        "mono-bold",
        28 * canvas.unit,
        "ms",
    )
    if after:
        canvas.draw_text((middle, top + canvas.px(40 + 15)), after, canvas.theme.muted, "sans", 14 * canvas.unit, "ms")


def _make_grids(
    theme: Theme, arithmetic: Arithmetic, channel: dict[str, Any]
) -> tuple[NumberGrid, NumberGrid, NumberGrid]:
    """Make the grids of one channel: window, filter and products."""
    step, stage = arithmetic.step, arithmetic.stage
    divisor = step["divisor"] * step.get("scale", 1)
    is_preprocessing = step["kind"] == "prepare"
    count = len(channel["values"]) * len(channel["values"][0])
    name = (
        FILTER if divisor == 1 or len(step["channels"]) > 1 else FILTER_DIVIDED.format(divisor=format_number(divisor))
    )
    several = len(step["channels"]) > 1
    products = PRODUCTS if several else PRODUCTS_OF.format(count=format_count(count)) if count > 1 else PRODUCTS[:-1]
    window = _make_map_color(arithmetic, channel["channel"])
    weights, product_color = (
        (make_signed_color(1), window) if is_preprocessing else _make_weight_and_product_colors(arithmetic)
    )
    return (
        NumberGrid(channel["values"], window, theme.input, WINDOW, padded=channel["padded"]),
        NumberGrid(channel["weights"], weights, theme.filter, SHARES if is_preprocessing else name),
        NumberGrid(
            channel["products"],
            product_color,
            theme.muted,
            products,
            add_plus_sign,
            is_empty=arithmetic.beat == "window" or (stage.weight is None and not is_preprocessing),
        ),
    )


def _make_weight_and_product_colors(arithmetic: Arithmetic) -> tuple[ColorFunction, ColorFunction]:
    """Make the color functions of a filter and of its products, the same at all positions so that they compare."""
    weight: Any = arithmetic.stage.weight
    largest = float(np.abs(weight[arithmetic.step["map"]]).max())
    reach = max(abs(end) for pair in arithmetic.input.stage.ranges for end in pair)
    return make_signed_color(largest), make_signed_color(largest * reach)


def _make_map_color(arithmetic: Arithmetic, channel: int | None = None) -> ColorFunction:
    """Make the color function of the input map."""
    shown = arithmetic.input
    scale = choose_scale(shown.stage, channel or 0, shown.view.colors, shown.scope)
    to_colors = to_signed_colors if is_signed(shown.stage, shown.view.colors) else to_gray_colors
    return lambda value: to_rgb(to_colors(np.asarray(value, np.float32), scale))


def _draw_sign(canvas: Canvas, sign: str, middle: tuple[int, int]) -> None:
    canvas.draw_text(middle, sign, canvas.theme.muted, "sans", 20 * canvas.unit, "mm")
