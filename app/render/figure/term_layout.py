"""Lays out the terms of a step as bars, and its result: the parts of the arithmetic that are no grids."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...core.number_text import bracket_negative
from ...core.trace.color_scale import color_values, make_scale
from ...core.trace.trace import Stage
from ...core.writing import StepTexts
from ...core.writing.written_sum import order_channels
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.large_filters import list_largest_terms
from ..figure_content.shown_map import ShownMap
from ..figure_content.step_numbers import Step, StepNumbers
from .primitives import Box, Primitive, Rect
from .theme import Style, to_hex_color

MAX_BARS, BAR = 8, 20
"""How many bars there are, and the height of a bar and the space around it."""
LINE = 22
"""The height of a line around a result."""
MAX_SHARES = 12
"""Up to this many scores all are listed."""
SMALL, LARGE = (14, 12.5, 11), (34, 28, 24, 20)
"""Sizes of the texts around a result, and of a result; the first that fits."""
UNKNOWN = "?"
Named = tuple[str, float, str]
"""A name, a number, and its text."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """A step with its numbers, its stage, and the input map beside it."""

    numbers: StepNumbers
    stage: Stage
    input: ShownMap


def lay_out_terms(style: Style, arithmetic: Arithmetic, box: Box) -> Iterator[Primitive]:
    """Lay out the terms of a long sum or of a softmax, each with a bar, and the result below."""
    kind, text = arithmetic.numbers.kind, measure_result(style, arithmetic, box.width)
    named = {"strongest": _list_strongest_terms, "shares": _list_powers}.get(kind, lambda _: [])(arithmetic)
    high = len(named) * BAR + 20 if named else 0
    top = box.top + max(0, (box.height - high - text) / 2)
    if named and arithmetic.numbers.beat != "window":
        yield from lay_out_bars(style, named, Box(box.left, top, box.width, high - 20))
    yield from lay_out_result(style, arithmetic, box.center[0], top + high, box.width)


def list_few_terms(arithmetic: Arithmetic, most: int) -> list[Named]:
    """List the few largest products of one channel, and the sum of all others; none before their beat."""
    numbers = arithmetic.numbers
    if not all(channel.has_products for channel in numbers.channels):
        return []
    return _name_strongest_terms(*list_largest_terms(numbers.step, numbers.texts, most))


def _list_strongest_terms(arithmetic: Arithmetic) -> list[Named]:
    """List the largest products of a long sum, and the sum of all others."""
    return _name_strongest_terms(arithmetic.numbers.step, arithmetic.numbers.texts)


def _name_strongest_terms(step: Step, texts: StepTexts) -> list[Named]:
    named = [
        (f"{text.value} × {bracket_negative(text.weight)}", one["product"], text.product)
        for one, text in zip(step["strongest"], texts.strongest, strict=True)
    ]
    more = write_figure_text("step_more_terms", count=step["rest"]["count"])
    rest = (more, step["rest"]["sum"], texts.rests[len(named)])
    return [*named, rest] if step["rest"]["count"] else named


def _list_powers(arithmetic: Arithmetic) -> list[Named]:
    """List e^(score − largest score) of the largest scores, in the order of the classes."""
    step, texts, classes = arithmetic.numbers.step, arithmetic.numbers.texts, arithmetic.stage.info.classes
    powers = [one["sum"] for one in step["channels"]]
    highest = sorted(range(len(powers)), key=lambda map: -powers[map])
    listed = {step["map"], *highest[: MAX_BARS if len(powers) > MAX_SHARES else MAX_SHARES]}
    scores, less = [one.values[0][0] for one in texts.channels], bracket_negative(texts.largest)
    return [
        (f"{classes[map] if classes else map}: e^({scores[map]} − {less})", powers[map], texts.powers[map])
        for map in sorted(listed)
    ]


def list_channel_sums(numbers: StepNumbers) -> list[Named]:
    """List the sum of each channel, the largest first; the channels after the first MAX_BARS share one.

    A sum whose products are still to come is 0 and written as a question mark.
    """
    channels, texts, is_known = numbers.step["channels"], numbers.texts, numbers.is_multiplied
    order = order_channels([one["sum"] for one in channels])
    named = [
        (numbers.channel_names[index], channels[index]["sum"], texts.channels[index].sum)
        if is_known(index)
        else (numbers.channel_names[index], 0.0, UNKNOWN)
        for index in order[:MAX_BARS]
    ]
    rest = order[MAX_BARS:]
    if not rest:
        return named
    more, is_rest_known = write_figure_text("step_more_channels", count=len(rest)), all(map(is_known, rest))
    total = sum(channels[index]["sum"] for index in rest) if is_rest_known else 0.0
    return [*named, (more, total, texts.channel_rest if is_rest_known else UNKNOWN)]


def lay_out_bars(style: Style, named: Sequence[Named], box: Box) -> Iterator[Primitive]:
    """Lay out named numbers as bars to the left or the right of 0."""
    largest = max([abs(value) for _, value, _ in named] + [1e-9])
    label = max(style.metrics.measure(name, "sans", 12) for name, _, _ in named)
    room = max(style.metrics.measure(text, "mono", 12) for _, _, text in named)
    start, end = box.left + label + 10, box.right - room - 8
    middle = (start + end) / 2
    for index, (name, value, text) in enumerate(named):
        y = box.top + index * BAR + BAR / 2
        color = color_values(math.copysign(0.8, value), make_scale("signed", 1), style.theme.is_dark)
        length = (end - middle) * abs(value) / largest
        bar = Box(middle if value >= 0 else middle - length, y - 5, length, 10)
        yield style.write("bars", (start - 10, y), name, style.theme.muted, "sans", 12, "end", "middle")
        yield Rect("bars", Box(start, y - 5, end - start, 10), style.theme.sunken)
        if value:
            yield Rect("bars", bar, to_hex_color(color))
        yield style.write("bars", (end + 8, y), text, style.theme.text, "mono", 12, valign="middle")


def find_result_width(style: Style, arithmetic: Arithmetic) -> float:
    """Find how wide the widest line of the result is, in its largest size."""
    result = arithmetic.numbers.result
    small = max(style.metrics.measure(text, "sans", SMALL[0]) for text in (result.before, result.after))
    return max(small, style.metrics.measure(result.value, "mono-bold", LARGE[0]))


def measure_result(style: Style, arithmetic: Arithmetic, room: float = math.inf) -> float:
    """Return the height of the lines of the result in a room of some width."""
    result = arithmetic.numbers.result
    return 40 + LINE * sum(len(_break_text(style, text, room)) for text in (result.before, result.after))


def _break_text(style: Style, text: str, room: float) -> list[str]:
    """Return the lines of a text: two where it is too wide in its smallest size, none for no text.

    A comma is the best place to break it.
    """
    if style.metrics.measure(text, "sans", SMALL[-1]) <= room:
        return [text] if text else []
    words = text.split(" ")
    starts = [" ".join(words[:count]) for count in range(1, len(words))]
    fitting = [start for start in starts if style.metrics.measure(start, "sans", SMALL[-1]) <= room]
    first = max(fitting, key=lambda start: (start.endswith(","), len(start)), default=text)
    return [line for line in (first, text[len(first) + 1 :]) if line]


def _fit_lines(style: Style, text: str, room: float) -> list[tuple[str, float]]:
    """The lines of a text and their size, which is one for all."""
    fitted = [style.fit(line, "sans", SMALL, room) for line in _break_text(style, text, room)]
    size = min((size for _, size in fitted), default=SMALL[0])
    return [(line, size) for line, _ in fitted]


def lay_out_result(style: Style, arithmetic: Arithmetic, x: float, top: float, room: float) -> Iterator[Primitive]:
    """Lay out the lines of the result, centered at x, the value in large digits."""
    result, theme = arithmetic.numbers.result, style.theme
    color = theme.pooling if arithmetic.stage.info.family == "pooling" else theme.output
    for line, size in _fit_lines(style, result.before, room):
        yield style.write("result-before", (x, top + 15), line, theme.muted, "sans", size, "middle")
        top += LINE
    text, size = style.fit(result.value, "mono-bold", LARGE, room)
    ink = color if result.is_known else theme.muted
    yield style.write("result", (x, top + 29), text, ink, "mono-bold", size, "middle")
    for line, size in _fit_lines(style, result.after, room):
        yield style.write("result-after", (x, top + 55), line, theme.muted, "sans", size, "middle")
        top += LINE
