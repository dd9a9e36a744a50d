"""The function of an activation as a picture: its curve, the point of the cell in focus, and a rug of all cells.

`static/pure/tabs/function-tab.js` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from ...core.layers.batch_norm import BatchNorm
from ...core.number_text import format_number, format_share
from ...core.texts import write_message
from ...core.trace.trace import Stage, Trace, get_read
from ..color import FloatArray
from ..figure.primitives import Box, Line, Primitive, Rect
from ..figure.theme import MARK_INPUT, MARK_OUTPUT, Style
from ..view_position import ViewPosition
from .blocks import wrap
from .view_texts import write_view_text

POINTS, STEPS, MOST_TICKS = 241, 120, 6
MARGIN, RUG, LEFT, TEXT = 0.06, 16.0, 70.0, 13.5
BELOW, ABOVE = "#2166ac", "#b2182b"
PRESSES = 2
LINEAR = "(x − mean) / √(variance + ε) · gain + shift"
Ends = tuple[float, float]


def lay_out_curve(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the curve of the stage's function, after the presses that the View names."""
    stage, map = position.stage, position.map
    press = PRESSES if position.view.press is None else min(position.view.press, PRESSES)
    before = get_read(trace, stage, map)
    inputs, outputs = before.output[map], stage.output[map]
    curve = find_curve(stage, map)
    law = f"{write_message(stage.info.title)}: y = {stage.info.operation.formula or LINEAR}"
    yield style.write("view", (room.left, room.top + 15), law, style.theme.text, "bold", 17)
    ends = _spread(_find_extremes(inputs))
    across = _sample(ends)
    down = curve(across)
    high = _spread(_find_extremes(down))
    plot = Box(room.left + LEFT, room.top + 36, room.width * 0.72 - LEFT, room.height - 100)

    def to_x(value: float) -> float:
        return plot.left + (value - ends[0]) / (ends[1] - ends[0]) * plot.width

    def to_y(value: float) -> float:
        return plot.bottom - (value - high[0]) / (high[1] - high[0]) * plot.height

    yield from _draw_axes(style, plot, ends, high, to_x, to_y)
    if press > 1:
        yield from _draw_rug(plot, inputs, to_x)
    points = [(to_x(float(x)), to_y(float(y))) for x, y in zip(across, down, strict=True)]
    for (x, y), (to_x2, to_y2) in pairwise(points):
        yield Line("view-curve", x, y, to_x2, to_y2, style.theme.output, 3)
    if press == 0:
        return
    row, column = position.cell
    x, y = float(inputs[row, column]), float(outputs[row, column])
    is_known = position.view.beat != "window"
    yield from _draw_point(style, plot, to_x(x), to_y(y) if is_known else None, to_y(0))
    said = f"x = {format_number(x)}, y = {format_number(y) if is_known else '?'}"
    beside = plot.right + 30
    yield style.write("view-says", (beside, plot.top + 20), said, style.theme.text, "mono-bold", 16)
    if press > 1:
        for index, line in enumerate(wrap(style, write_shares(stage, inputs, outputs), room.right - beside, 15)):
            yield style.write("view-says", (beside, plot.top + 50 + 22 * index), line, style.theme.text, "sans", 15)


def find_curve(stage: Stage, map: int) -> Callable[[FloatArray], FloatArray]:
    """The function of one number that a stage computes: of an activation, or of a batch norm for one of its maps."""
    law = stage.plan.law if stage.plan else None
    if isinstance(law, BatchNorm):
        scale = law.weight[map] / math.sqrt(law.var[map] + law.eps)
        return lambda x: (x - law.mean[map]) * scale + law.bias[map]
    function, slope = stage.info.operation.function, stage.info.slope
    if function is None:
        raise ValueError(f"the operation {stage.info.op} has no function of one number")
    return (lambda x: function(x)) if slope is None else (lambda x: function(x, slope))


def write_shares(stage: Stage, inputs: FloatArray, outputs: FloatArray) -> str:
    """Write what becomes of all cells of a map: Of the 900 cells of this map 47 % become 0."""
    values, name = stage.info.operation.values, stage.info.op
    sentences = []
    if not values.is_never_zero and values.least == 0 and name != "abs":
        sentences.append(write_view_text("curve_become_zero", share=_write_share(outputs == 0)))
    else:
        sentences.append(write_view_text("curve_are_below", share=_write_share(inputs < 0)))
    if values.most is not None and not values.is_never_zero and name != "tanh":
        share, most = _write_share(outputs == values.most), format_number(float(values.most))
        sentences.append(write_view_text("curve_become", share=share, value=most))
    said = ", ".join(sentences)
    if inputs.size == 1:
        return write_view_text("curve_of_cell", sentences=said)
    return write_view_text("curve_of_cells", count=int(inputs.size), sentences=said)


def _write_share(holds: np.ndarray) -> str:
    share = float(holds.mean())
    return format_share(share) if share else write_view_text("curve_none")


def _find_extremes(values: FloatArray) -> Ends:
    return min(0.0, float(values.min())), max(0.0, float(values.max()))


def _spread(ends: Ends) -> Ends:
    low, high = ends
    free = ((high - low) or 2) * MARGIN
    return (low - 1, high + 1) if low == high else (low - free, high + free)


def _sample(ends: Ends) -> FloatArray:
    """Numbers along an axis, 0 among them."""
    points = np.linspace(*ends, POINTS)
    if ends[0] < 0 < ends[1]:
        points = np.sort(np.append(points, 0.0))
    return points.astype(np.float32)


def list_round_numbers(ends: Ends) -> Sequence[float]:
    """Round numbers along an axis, at most about six."""
    rough = (ends[1] - ends[0]) / MOST_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next((factor * power for factor in (1, 2, 5, 10) if factor * power >= rough), rough)
    first, last = math.ceil(ends[0] / step), math.floor(ends[1] / step)
    return [float(f"{place * step:.6g}") for place in range(first, last + 1)]


def _draw_axes(
    style: Style, plot: Box, ends: Ends, high: Ends, to_x: Callable[[float], float], to_y: Callable[[float], float]
) -> Iterator[Primitive]:
    theme = style.theme
    for value in list_round_numbers(ends):
        yield Line("view-grid", to_x(value), plot.top, to_x(value), plot.bottom, theme.edge, 0.5, 0.5)
        at = (to_x(value), plot.bottom + RUG + 16)
        yield style.write("view-axis", at, format_number(value), theme.muted, "mono", TEXT, "middle")
    for value in list_round_numbers(high):
        yield Line("view-grid", plot.left, to_y(value), plot.right, to_y(value), theme.edge, 0.5, 0.5)
        at = (plot.left - 8, to_y(value))
        yield style.write("view-axis", at, format_number(value), theme.muted, "mono", TEXT, "end", "middle")
    yield Line("view-axis", plot.left, to_y(0), plot.right, to_y(0), theme.text, 1.5)
    yield Line("view-axis", to_x(0), plot.top, to_x(0), plot.bottom, theme.text, 1.5)
    yield style.write("view-axis", (plot.right, to_y(0) - 6), "x", theme.input, "mono-bold", 15, "end")
    yield style.write("view-axis", (to_x(0) + 8, plot.top + 12), "y", theme.output, "mono-bold", 15)


def _draw_rug(plot: Box, inputs: FloatArray, to_x: Callable[[float], float]) -> Iterator[Primitive]:
    """The cells of the map below the axis, darker where more of them are."""
    width = plot.width / STEPS
    places = (np.vectorize(to_x, otypes=[float])(inputs.ravel()) - plot.left) // width
    counts = np.bincount(np.clip(places, 0, STEPS - 1).astype(int), minlength=STEPS)
    for step, count in enumerate(counts.tolist()):
        if count:
            x = plot.left + step * width
            color = BELOW if x + width / 2 < to_x(0) else ABOVE
            strength = 0.22 + 0.78 * math.sqrt(count / counts.max())
            yield Rect("view-rug", Box(x, plot.bottom + 2, max(1.0, width - 0.4), RUG - 3), color, opacity=strength)


def _draw_point(style: Style, plot: Box, x: float, y: float | None, zero: float) -> Iterator[Primitive]:
    """The point of the cell with lines to both axes; until it is known, its place on the axis."""
    end = zero if y is None else y
    yield Line("view-drop", x, plot.bottom + RUG, x, end, style.theme.text, 1.5, 0.8)
    yield from _dot(x, plot.bottom + RUG / 2, 4, MARK_INPUT)
    if y is None:
        yield style.write("view-drop", (x + 10, zero - 10), "?", style.theme.text, "bold", 20)
        return
    yield Line("view-drop", plot.left, y, x, y, style.theme.text, 1.5, 0.8)
    yield from _dot(plot.left, y, 4, MARK_OUTPUT)
    yield from _dot(x, y, 6, MARK_OUTPUT)


def _dot(x: float, y: float, radius: float, color: str) -> Iterator[Rect]:
    yield Rect("view-point", Box(x - radius, y - radius, 2 * radius, 2 * radius), color, "#ffffff", 1, radius)
