"""The arithmetic of one step between the two maps: window × filter = products, their sum, what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.trace.trace import Stage
from ..color import Scale, to_gray_colors, to_signed_colors
from ..map_image import choose_scale, is_signed
from .canvas import Box, Canvas, Theme, choose_text_color
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

MAX_FULL_CHANNELS = 3
MAX_BARS = 8
BAR_HEIGHT = 20
"""Height of a bar with the room around it."""
MIN_DIGIT_SIZE = 8.5
NumberRows = Sequence[Sequence[float | None]]
ColorFunction = Callable[[float], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What a step's arithmetic is drawn from. `input` is the map that is read; `following` the next stage, if any."""

    step: dict[str, Any]
    stage: Stage
    input: ShownMap
    following: Stage | None
    beat: str

    @property
    def known(self) -> bool:
        """Whether the step has come to its sum."""
        return self.beat not in ("window", "products") and not self.beat.startswith("channel-")

    @property
    def weighted(self) -> list[dict[str, Any]]:
        """The channels with weights."""
        return [channel for channel in self.step["channels"] if channel["weights"]]


@dataclass(frozen=True, slots=True)
class NumberGrid:
    """A table of numbers in the picture: values, their colors, how they are written."""

    values: NumberRows
    color: ColorFunction
    ink: str
    caption: str
    write: Callable[[str], str] = str
    padded: Sequence[Sequence[bool]] = ()
    waiting: bool = False

    @property
    def rows(self) -> int:
        return len(self.values)

    @property
    def columns(self) -> int:
        return len(self.values[0])


def draw_arithmetic(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """All of it, in the middle of a box."""
    weighted = sums.weighted
    if sums.step["strongest"]:
        _draw_strongest_terms(pen, sums, box)
    elif len(weighted) == 1 and len(sums.step["channels"]) == 1:
        _draw_one_channel(pen, sums, box)
    elif weighted:
        _draw_channels(pen, sums, box)
    elif sums.step["channels"]:
        _draw_window(pen, sums, box)
    else:
        _draw_result(pen, sums, box, (box[1] + box[3]) // 2 - _measure_result_height(pen, sums, box) // 2)


def _draw_one_channel(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """One channel: window × filter above, = products and the result below."""
    window, kernel, products = _make_grids(pen.inks, sums, sums.weighted[0])
    width, height = box[2] - box[0], box[3] - box[1]
    sign, gap, caption = pen.px(30), pen.px(12), pen.px(24)
    text = _measure_result_height(pen, sums, box)
    beside = window.columns * window.rows > 1 and _result_fits(pen, sums, (width - sign) // 2 + pen.px(10))
    spare = height - 2 * caption - gap - (0 if beside else text + gap)
    most = min((width - 2 * sign) / 2 / window.columns, spare / 2 / window.rows)
    cell = int(min(most, pen.px(44)))
    wide, high = window.columns * cell, window.rows * cell
    beside = beside and high >= text
    full = 2 * (high + caption) + gap + (0 if beside else text + gap)
    top = box[1] + max(0, (height - full) // 2)
    left = box[0] + (width - 2 * wide - sign) // 2
    right = left + wide + sign
    draw_number_grid(pen, window, (left, top), cell)
    _draw_sign(pen, "×", ((left + wide + right) // 2, top + high // 2))
    draw_number_grid(pen, kernel, (right, top), cell)
    below = top + high + caption + gap
    draw_number_grid(pen, products, (left, below), cell)
    _draw_sign(pen, "=", (left - sign // 2, below + high // 2))
    if beside:
        middle = right + wide // 2
        half = (width - sign) // 4
        _draw_result(pen, sums, (middle - half, below, middle + half, below + high), below + (high - text) // 2)
    else:
        _draw_result(pen, sums, box, below + high + caption + gap)


def _draw_channels(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """Several channels: a line each; of many the one that says most, and a bar for every one."""
    weighted = sums.weighted
    many = len(weighted) > MAX_FULL_CHANNELS
    listed = [max(weighted, key=lambda one: abs(one["sum"]))] if many else weighted
    lines = [_make_grids(pen.inks, sums, channel) for channel in listed]
    width, height = box[2] - box[0], box[3] - box[1]
    sign, space, caption, gap = pen.px(24), pen.px(66), pen.px(24), pen.px(14)
    bars = (min(len(weighted), MAX_BARS + 1) * pen.px(BAR_HEIGHT) + gap) if many else 0
    text = _measure_result_height(pen, sums, box)
    spare = height - text - bars - caption - gap * (len(lines) + 1)
    rows, columns = lines[0][0].rows, lines[0][0].columns
    cell = max(1, int(min((width - 2 * sign - space) / 3 / columns, spare / len(lines) / rows, pen.px(36))))
    wide, high = columns * cell, rows * cell
    full = caption + len(lines) * (high + gap) + bars + text
    left = box[0] + max(0, (width - 3 * wide - 2 * sign - space) // 2)
    top = box[1] + max(0, (height - full) // 2)
    middles = [left + wide // 2 + i * (wide + sign) for i in range(3)]
    for middle, grid in zip(middles, lines[0], strict=True):
        pen.text((middle, top + pen.px(12)), grid.caption, grid.ink, "bold", 12.5 * pen.unit, "ms")
    top += caption
    for channel, grids in zip(listed, lines, strict=True):
        for i, grid in enumerate(grids):
            draw_number_grid(pen, grid, (middles[i] - wide // 2, top), cell, captioned=False)
        for i, mark in enumerate("×="):
            _draw_sign(pen, mark, (middles[i] + (wide + sign) // 2, top + high // 2))
        said = add_plus_sign(format_number(channel["sum"])) if sums.beat != "window" else ""
        at = (middles[2] + wide // 2 + pen.px(8), top + high // 2)
        pen.text(at, said, pen.inks.ink, "mono", 13 * pen.unit, "lm")
        top += high + gap
    if many:
        _draw_channel_bars(pen, sums, (box[0], top, box[2], top + bars))
        top += bars
    _draw_result(pen, sums, box, top)


def _draw_window(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """A window without weights, as of a pool: what is read, and what becomes of it."""
    own = [channel for channel in sums.step["channels"] if channel["channel"] == sums.step["map"]]
    channel = (own or sums.step["channels"])[0]
    grid = NumberGrid(channel["values"], _make_map_color(sums), pen.inks.input, WINDOW, padded=channel["padded"])
    width, height = box[2] - box[0], box[3] - box[1]
    gap, caption = pen.px(18), pen.px(24)
    text = _measure_result_height(pen, sums, box)
    most = min(width / grid.columns, (height - text - gap - caption) / grid.rows)
    cell = max(1, int(min(most, pen.px(60))))
    full = grid.rows * cell + caption + gap + text
    top = box[1] + max(0, (height - full) // 2)
    left = box[0] + (width - grid.columns * cell) // 2
    draw_number_grid(pen, grid, (left, top), cell, chosen=_find_chosen_cell(sums) if sums.beat != "window" else None)
    _draw_result(pen, sums, box, top + grid.rows * cell + caption + gap)


def _find_chosen_cell(sums: Arithmetic) -> tuple[int, int] | None:
    """The place in the window of the cell that a pool chose."""
    chosen = sums.step["chosen"]
    if not chosen:
        return None
    return sums.step["rows"].index(chosen[1]), sums.step["columns"].index(chosen[2])


def _draw_channel_bars(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """One bar a channel, the last ones folded into one."""
    weighted = sums.weighted
    rows = [(CHANNEL.format(index=one["channel"]), one["sum"]) for one in weighted[:MAX_BARS]]
    if len(weighted) > MAX_BARS:
        rest = weighted[MAX_BARS:]
        rows.append((MORE.format(count=len(rest)), sum(one["sum"] for one in rest)))
    _draw_bars(pen, rows, box, pen.px(92))


def _draw_strongest_terms(pen: Canvas, sums: Arithmetic, box: Box) -> None:
    """The strongest terms of a long sum, each with its bar, and what all others come to."""
    rows = [
        (
            TERM.format(
                value=format_number(one["value"], 3), weight=_parenthesize_negative(format_number(one["weight"], 3))
            ),
            one["product"],
        )
        for one in sums.step["strongest"]
    ]
    rest = sums.step["rest"]
    if rest["count"]:
        rows.append((MORE.format(count=rest["count"]), rest["sum"]))
    gap, text = pen.px(20), _measure_result_height(pen, sums, box)
    full = len(rows) * pen.px(BAR_HEIGHT) + gap + text
    top = box[1] + max(0, (box[3] - box[1] - full) // 2)
    below = top + len(rows) * pen.px(BAR_HEIGHT)
    _draw_bars(pen, rows, (box[0], top, box[2], below), pen.px(136))
    _draw_result(pen, sums, box, below + gap)


def _parenthesize_negative(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _draw_bars(pen: Canvas, rows: Sequence[tuple[str, float]], box: Box, label: int) -> None:
    """Numbers by their names as bars, left or right of 0."""
    largest = max([abs(value) for _, value in rows] + [1e-9])
    line, size = pen.px(BAR_HEIGHT), 12 * pen.unit
    start, end = box[0] + label, box[2] - pen.px(72)
    middle = (start + end) // 2
    for i, (name, value) in enumerate(rows):
        y = box[1] + i * line + line // 2
        pen.text((start - pen.px(10), y), name, pen.inks.muted, "sans", size, "rm")
        pen.fill((start, y - pen.px(5), end, y + pen.px(5)), pen.inks.sunken)
        to = middle + round((end - middle) * value / largest)
        color = to_signed_colors(np.asarray(np.sign(value) * 0.8, np.float32), Scale(-1, 1))
        pen.fill((min(middle, to), y - pen.px(5), max(middle, to), y + pen.px(5)), to_hex_color(color))
        pen.text((end + pen.px(8), y), add_plus_sign(format_number(value, 3)), pen.inks.ink, "mono", size, "lm")


def _format_result_lines(sums: Arithmetic) -> tuple[str, str, str]:
    """Before the result, the result, and what becomes of it."""
    step, stage = sums.step, sums.stage
    terms = int(sums.input.stage.output.size)
    before = describe_result(stage, step, terms)
    if not sums.known:
        return before, UNKNOWN, ""
    place = (step["map"], step["row"], step["col"])
    value = float(stage.output[place])
    text = add_plus_sign(format_number(value)) if stage.meta["colors"] == "signed" else format_number(value)
    exact = bool(stage.meta["exact"]) and is_text_exact(value)
    following = sums.following
    alike = following is not None and following.output.shape == stage.output.shape
    after = float(following.output[place]) if following is not None and alike else None
    return before, text if exact else f"≈ {text}", describe_activation(following, value, after)


def _result_fits(pen: Canvas, sums: Arithmetic, width: int) -> bool:
    before, value, after = _format_result_lines(sums)
    longest = max(pen.length(before, "sans", 14 * pen.unit), pen.length(after, "sans", 14 * pen.unit))
    return max(longest, pen.length(value, "mono-bold", 28 * pen.unit)) <= width


def _measure_result_height(pen: Canvas, sums: Arithmetic, box: Box) -> int:
    before, _, after = _format_result_lines(sums)
    return pen.px(40) + sum(pen.px(22) for text in (before, after) if text)


def _draw_result(pen: Canvas, sums: Arithmetic, box: Box, top: int) -> None:
    """The result in words and large digits, centered."""
    before, value, after = _format_result_lines(sums)
    middle = (box[0] + box[2]) // 2
    ink = pen.inks.pooling if sums.stage.meta["family"] == "pooling" else pen.inks.output
    if before:
        pen.text((middle, top + pen.px(15)), before, pen.inks.muted, "sans", 14 * pen.unit, "ms")
        top += pen.px(22)
    pen.text((middle, top + pen.px(29)), value, ink if sums.known else pen.inks.muted, "mono-bold", 28 * pen.unit, "ms")
    if after:
        pen.text((middle, top + pen.px(40 + 15)), after, pen.inks.muted, "sans", 14 * pen.unit, "ms")


def _make_grids(inks: Theme, sums: Arithmetic, channel: dict[str, Any]) -> tuple[NumberGrid, NumberGrid, NumberGrid]:
    """Window, filter and products of one channel."""
    step, stage = sums.step, sums.stage
    divisor = step["divisor"] * step.get("scale", 1)
    prepared = step["kind"] == "prepare"
    count = len(channel["values"]) * len(channel["values"][0])
    name = (
        FILTER if divisor == 1 or len(step["channels"]) > 1 else FILTER_DIVIDED.format(divisor=format_number(divisor))
    )
    several = len(step["channels"]) > 1
    products = PRODUCTS if several else PRODUCTS_OF.format(count=format_count(count)) if count > 1 else PRODUCTS[:-1]
    window = _make_map_color(sums, channel["channel"])
    weights, made = (_make_signed_color(1), window) if prepared else _make_weight_and_product_colors(sums)
    return (
        NumberGrid(channel["values"], window, inks.input, WINDOW, padded=channel["padded"]),
        NumberGrid(channel["weights"], weights, inks.filter, SHARES if prepared else name),
        NumberGrid(
            channel["products"],
            made,
            inks.muted,
            products,
            add_plus_sign,
            waiting=sums.beat == "window" or (stage.weight is None and not prepared),
        ),
    )


def _make_weight_and_product_colors(sums: Arithmetic) -> tuple[ColorFunction, ColorFunction]:
    """Colors of a filter and of its products: the same at every place, so that places can be compared."""
    weight: Any = sums.stage.weight
    largest = float(np.abs(weight[sums.step["map"]]).max())
    ranges: Any = sums.input.stage.meta["ranges"]
    reach = max(abs(end) for pair in ranges for end in pair)
    return _make_signed_color(largest), _make_signed_color(largest * reach)


def _make_signed_color(reach: float) -> ColorFunction:
    return lambda value: _to_rgb(to_signed_colors(np.asarray(value, np.float32), Scale(-reach, reach)))


def _make_map_color(sums: Arithmetic, channel: int | None = None) -> ColorFunction:
    """The colors of the map that is read."""
    shown = sums.input
    scale = choose_scale(shown.stage, channel or 0, shown.view.colors, shown.scope)
    paint = to_signed_colors if is_signed(shown.stage, shown.view.colors) else to_gray_colors
    return lambda value: _to_rgb(paint(np.asarray(value, np.float32), scale))


def draw_number_grid(
    pen: Canvas,
    grid: NumberGrid,
    corner: tuple[int, int],
    cell: int,
    captioned: bool = True,
    chosen: tuple[int, int] | None = None,
) -> None:
    """A table with a round frame in its own color, and its name below."""
    x, y = corner
    wide, high = grid.columns * cell, grid.rows * cell
    ink = grid.ink
    around = max(2, pen.px(3))
    pen.rounded((x - around, y - around, x + wide + around, y + high + around), around * 2, ink)
    inner = max(1, around // 2)
    pen.rounded((x - inner, y - inner, x + wide + inner, y + high + inner), around, pen.inks.surface)
    texts = [
        ["" if value is None or grid.waiting else grid.write(format_number(value, 3)) for value in line]
        for line in grid.values
    ]
    longest = max(1, *(len(text) for line in texts for text in line))
    size = min(15 * pen.unit, cell * 0.44, (cell - 2 * pen.unit) / (longest * 0.605))
    gap = max(1, pen.px(1)) if cell >= pen.px(12) else 0
    for row, line in enumerate(grid.values):
        for column, value in enumerate(line):
            left, top = x + column * cell, y + row * cell
            box = (left + gap, top + gap, left + cell - (gap if gap else 0), top + cell - (gap if gap else 0))
            padded = bool(grid.padded and grid.padded[row][column])
            color = grid.color(value or 0.0)
            if padded:
                pen.hatch(box)
            else:
                pen.fill(box, pen.inks.sunken if grid.waiting else to_hex_color(np.array(color)))
            if size >= MIN_DIGIT_SIZE * min(1.0, pen.unit):
                middle = (left + cell / 2, top + cell / 2)
                pen.text(
                    middle,
                    texts[row][column],
                    pen.inks.muted if padded else choose_text_color(color),
                    "mono",
                    size,
                    "mm",
                )
            if chosen == (row, column):
                pen.frame(box, pen.inks.pooling, max(2, pen.px(3)))
    if captioned:
        pen.text((x + wide / 2, y + high + pen.px(20)), grid.caption, ink, "bold", 12.5 * pen.unit, "ms")


def _draw_sign(pen: Canvas, sign: str, middle: tuple[int, int]) -> None:
    pen.text(middle, sign, pen.inks.muted, "sans", 20 * pen.unit, "mm")


def _to_rgb(color: Any) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in color)
    return red, green, blue


def to_hex_color(color: Any) -> str:
    return "#{:02x}{:02x}{:02x}".format(*_to_rgb(color))
