"""The arithmetic of one step between the two maps: window × filter = products, their sum, what comes out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...core.trace.trace import Stage
from ..color import Scale, gray, signed
from ..map_image import is_signed, scale_of
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
    WAITING,
    WINDOW,
    after_result,
    before_result,
    count_text,
    number,
    plus,
    says_all,
)
from .map_panel import Shown
from .pen import Box, Inks, Pen, ink_on

FULL_CHANNELS = 3
BARS = 8
LINE = 20
"""Height of a bar with the room around it."""
SMALLEST_DIGITS = 8.5
Rows = Sequence[Sequence[float | None]]
Color = Callable[[float], tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a step's arithmetic is drawn from. `input` is the map that is read; `following` the next stage, if any."""

    step: dict[str, Any]
    stage: Stage
    input: Shown
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
class _Grid:
    """A table of numbers in the picture: values, their colors, how they are written."""

    values: Rows
    color: Color
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


def draw_sums(pen: Pen, sums: Sums, box: Box) -> None:
    """All of it, in the middle of a box."""
    weighted = sums.weighted
    if sums.step["strongest"]:
        _terms(pen, sums, box)
    elif len(weighted) == 1 and len(sums.step["channels"]) == 1:
        _alone(pen, sums, box)
    elif weighted:
        _lines(pen, sums, box)
    elif sums.step["channels"]:
        _window(pen, sums, box)
    else:
        _result(pen, sums, box, (box[1] + box[3]) // 2 - _result_height(pen, sums, box) // 2)


def _alone(pen: Pen, sums: Sums, box: Box) -> None:
    """One channel: window × filter above, = products and the result below."""
    window, kernel, products = _grids(pen.inks, sums, sums.weighted[0])
    width, height = box[2] - box[0], box[3] - box[1]
    sign, gap, caption = pen.px(30), pen.px(12), pen.px(24)
    text = _result_height(pen, sums, box)
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
    _draw(pen, window, (left, top), cell)
    _sign(pen, "×", ((left + wide + right) // 2, top + high // 2))
    _draw(pen, kernel, (right, top), cell)
    below = top + high + caption + gap
    _draw(pen, products, (left, below), cell)
    _sign(pen, "=", (left - sign // 2, below + high // 2))
    if beside:
        middle = right + wide // 2
        half = (width - sign) // 4
        _result(pen, sums, (middle - half, below, middle + half, below + high), below + (high - text) // 2)
    else:
        _result(pen, sums, box, below + high + caption + gap)


def _lines(pen: Pen, sums: Sums, box: Box) -> None:
    """Several channels: a line each; of many the one that says most, and a bar for every one."""
    weighted = sums.weighted
    many = len(weighted) > FULL_CHANNELS
    listed = [max(weighted, key=lambda one: abs(one["sum"]))] if many else weighted
    lines = [_grids(pen.inks, sums, channel) for channel in listed]
    width, height = box[2] - box[0], box[3] - box[1]
    sign, space, caption, gap = pen.px(24), pen.px(66), pen.px(24), pen.px(14)
    bars = (min(len(weighted), BARS + 1) * pen.px(LINE) + gap) if many else 0
    text = _result_height(pen, sums, box)
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
            _draw(pen, grid, (middles[i] - wide // 2, top), cell, captioned=False)
        for i, mark in enumerate("×="):
            _sign(pen, mark, (middles[i] + (wide + sign) // 2, top + high // 2))
        said = plus(number(channel["sum"])) if sums.beat != "window" else ""
        at = (middles[2] + wide // 2 + pen.px(8), top + high // 2)
        pen.text(at, said, pen.inks.ink, "mono", 13 * pen.unit, "lm")
        top += high + gap
    if many:
        _bars(pen, sums, (box[0], top, box[2], top + bars))
        top += bars
    _result(pen, sums, box, top)


def _window(pen: Pen, sums: Sums, box: Box) -> None:
    """A window without weights, as of a pool: what is read, and what becomes of it."""
    own = [channel for channel in sums.step["channels"] if channel["channel"] == sums.step["map"]]
    channel = (own or sums.step["channels"])[0]
    grid = _Grid(channel["values"], _map_color(sums), pen.inks.input, WINDOW, padded=channel["padded"])
    width, height = box[2] - box[0], box[3] - box[1]
    gap, caption = pen.px(18), pen.px(24)
    text = _result_height(pen, sums, box)
    most = min(width / grid.columns, (height - text - gap - caption) / grid.rows)
    cell = max(1, int(min(most, pen.px(60))))
    full = grid.rows * cell + caption + gap + text
    top = box[1] + max(0, (height - full) // 2)
    left = box[0] + (width - grid.columns * cell) // 2
    _draw(pen, grid, (left, top), cell, chosen=_chosen(sums) if sums.beat != "window" else None)
    _result(pen, sums, box, top + grid.rows * cell + caption + gap)


def _chosen(sums: Sums) -> tuple[int, int] | None:
    """The place in the window of the cell that a pool chose."""
    chosen = sums.step["chosen"]
    if not chosen:
        return None
    return sums.step["rows"].index(chosen[1]), sums.step["columns"].index(chosen[2])


def _bars(pen: Pen, sums: Sums, box: Box) -> None:
    """One bar a channel, the last ones folded into one."""
    weighted = sums.weighted
    rows = [(CHANNEL.format(index=one["channel"]), one["sum"]) for one in weighted[:BARS]]
    if len(weighted) > BARS:
        rest = weighted[BARS:]
        rows.append((MORE.format(count=len(rest)), sum(one["sum"] for one in rest)))
    _bar_list(pen, rows, box, pen.px(92))


def _terms(pen: Pen, sums: Sums, box: Box) -> None:
    """The strongest terms of a long sum, each with its bar, and what all others come to."""
    rows = [
        (TERM.format(value=number(one["value"], 3), weight=_bracketed(number(one["weight"], 3))), one["product"])
        for one in sums.step["strongest"]
    ]
    rest = sums.step["rest"]
    if rest["count"]:
        rows.append((MORE.format(count=rest["count"]), rest["sum"]))
    gap, text = pen.px(20), _result_height(pen, sums, box)
    full = len(rows) * pen.px(LINE) + gap + text
    top = box[1] + max(0, (box[3] - box[1] - full) // 2)
    below = top + len(rows) * pen.px(LINE)
    _bar_list(pen, rows, (box[0], top, box[2], below), pen.px(136))
    _result(pen, sums, box, below + gap)


def _bracketed(text: str) -> str:
    return f"({text})" if text.startswith(MINUS) else text


def _bar_list(pen: Pen, rows: Sequence[tuple[str, float]], box: Box, label: int) -> None:
    """Numbers by their names as bars, left or right of 0."""
    largest = max([abs(value) for _, value in rows] + [1e-9])
    line, size = pen.px(LINE), 12 * pen.unit
    start, end = box[0] + label, box[2] - pen.px(72)
    middle = (start + end) // 2
    for i, (name, value) in enumerate(rows):
        y = box[1] + i * line + line // 2
        pen.text((start - pen.px(10), y), name, pen.inks.muted, "sans", size, "rm")
        pen.fill((start, y - pen.px(5), end, y + pen.px(5)), pen.inks.sunken)
        to = middle + round((end - middle) * value / largest)
        color = signed(np.asarray(np.sign(value) * 0.8, np.float32), Scale(-1, 1))
        pen.fill((min(middle, to), y - pen.px(5), max(middle, to), y + pen.px(5)), _css(color))
        pen.text((end + pen.px(8), y), plus(number(value, 3)), pen.inks.ink, "mono", size, "lm")


def _result_lines(sums: Sums) -> tuple[str, str, str]:
    """Before the result, the result, and what becomes of it."""
    step, stage = sums.step, sums.stage
    terms = int(sums.input.stage.output.size)
    before = before_result(stage, step, terms)
    if not sums.known:
        return before, WAITING, ""
    place = (step["map"], step["row"], step["col"])
    value = float(stage.output[place])
    text = plus(number(value)) if stage.meta["colors"] == "signed" else number(value)
    exact = bool(stage.meta["exact"]) and says_all(value)
    following = sums.following
    alike = following is not None and following.output.shape == stage.output.shape
    after = float(following.output[place]) if following is not None and alike else None
    return before, text if exact else f"≈ {text}", after_result(following, value, after)


def _result_fits(pen: Pen, sums: Sums, width: int) -> bool:
    before, value, after = _result_lines(sums)
    longest = max(pen.length(before, "sans", 14 * pen.unit), pen.length(after, "sans", 14 * pen.unit))
    return max(longest, pen.length(value, "mono-bold", 28 * pen.unit)) <= width


def _result_height(pen: Pen, sums: Sums, box: Box) -> int:
    before, _, after = _result_lines(sums)
    return pen.px(40) + sum(pen.px(22) for text in (before, after) if text)


def _result(pen: Pen, sums: Sums, box: Box, top: int) -> None:
    """The result in words and large digits, centered."""
    before, value, after = _result_lines(sums)
    middle = (box[0] + box[2]) // 2
    ink = pen.inks.pooling if sums.stage.meta["family"] == "pooling" else pen.inks.output
    if before:
        pen.text((middle, top + pen.px(15)), before, pen.inks.muted, "sans", 14 * pen.unit, "ms")
        top += pen.px(22)
    pen.text((middle, top + pen.px(29)), value, ink if sums.known else pen.inks.muted, "mono-bold", 28 * pen.unit, "ms")
    if after:
        pen.text((middle, top + pen.px(40 + 15)), after, pen.inks.muted, "sans", 14 * pen.unit, "ms")


def _grids(inks: Inks, sums: Sums, channel: dict[str, Any]) -> tuple[_Grid, _Grid, _Grid]:
    """Window, filter and products of one channel."""
    step, stage = sums.step, sums.stage
    divisor = step["divisor"] * step.get("scale", 1)
    prepared = step["kind"] == "prepare"
    count = len(channel["values"]) * len(channel["values"][0])
    name = FILTER if divisor == 1 or len(step["channels"]) > 1 else FILTER_DIVIDED.format(divisor=number(divisor))
    several = len(step["channels"]) > 1
    products = PRODUCTS if several else PRODUCTS_OF.format(count=count_text(count)) if count > 1 else PRODUCTS[:-1]
    window = _map_color(sums, channel["channel"])
    weights, made = (_around_zero(1), window) if prepared else _scales(sums)
    return (
        _Grid(channel["values"], window, inks.input, WINDOW, padded=channel["padded"]),
        _Grid(channel["weights"], weights, inks.filter, SHARES if prepared else name),
        _Grid(
            channel["products"],
            made,
            inks.muted,
            products,
            plus,
            waiting=sums.beat == "window" or (stage.weight is None and not prepared),
        ),
    )


def _scales(sums: Sums) -> tuple[Color, Color]:
    """Colors of a filter and of its products: the same at every place, so that places can be compared."""
    weight: Any = sums.stage.weight
    largest = float(np.abs(weight[sums.step["map"]]).max())
    ranges: Any = sums.input.stage.meta["ranges"]
    reach = max(abs(end) for pair in ranges for end in pair)
    return _around_zero(largest), _around_zero(largest * reach)


def _around_zero(reach: float) -> Color:
    return lambda value: _rgb(signed(np.asarray(value, np.float32), Scale(-reach, reach)))


def _map_color(sums: Sums, channel: int | None = None) -> Color:
    """The colors of the map that is read."""
    shown = sums.input
    scale = scale_of(shown.stage, channel or 0, shown.view.colors, shown.scope)
    paint = signed if is_signed(shown.stage, shown.view.colors) else gray
    return lambda value: _rgb(paint(np.asarray(value, np.float32), scale))


def _draw(
    pen: Pen,
    grid: _Grid,
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
        ["" if value is None or grid.waiting else grid.write(number(value, 3)) for value in line]
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
                pen.fill(box, pen.inks.sunken if grid.waiting else _css(np.array(color)))
            if size >= SMALLEST_DIGITS * min(1.0, pen.unit):
                middle = (left + cell / 2, top + cell / 2)
                pen.text(middle, texts[row][column], pen.inks.muted if padded else ink_on(color), "mono", size, "mm")
            if chosen == (row, column):
                pen.frame(box, pen.inks.pooling, max(2, pen.px(3)))
    if captioned:
        pen.text((x + wide / 2, y + high + pen.px(20)), grid.caption, ink, "bold", 12.5 * pen.unit, "ms")


def _sign(pen: Pen, sign: str, middle: tuple[int, int]) -> None:
    pen.text(middle, sign, pen.inks.muted, "sans", 20 * pen.unit, "mm")


def _rgb(color: Any) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in color)
    return red, green, blue


def _css(color: Any) -> str:
    return "#{:02x}{:02x}{:02x}".format(*_rgb(color))
