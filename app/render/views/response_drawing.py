"""The response of a cell while its picture is turned or shifted, as a curve in the picture of a figure.

`static/ui/viewer/view/response-stage.js` draws the same on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ...core.number_text import MINUS, format_number, format_short_number
from ...core.scene import View
from ...core.texts import write_message
from ...core.trace.trace import Stage, Trace
from ..figure.map_layout import CellGrid, lay_out_map, outline
from ..figure.primitives import Box, Line, Primitive, Rect
from ..figure.theme import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, Style
from ..figure_content.shown_map import ShownMap, show_output
from ..map_image import shows_color_picture
from ..stage_texts import make_map_heading
from ..view_position import ViewPosition
from .response_data import ResponseCurve
from .view_texts import write_view_text

MAPS_WIDTH, LEFT, FOOT, HEAD = 0.27, 64.0, 56.0, 40.0
TEXT, NAME = 13.5, 17
RULER, TITLE = 26, 24


def lay_out_response(
    style: Style, trace: Trace, position: ViewPosition, room: Box, curve: ResponseCurve
) -> Iterator[Primitive]:
    """Lay out the picture, the map with its cell, and the curve with the point of now."""
    side = room.width * MAPS_WIDTH
    stage = position.stage
    shown = [_show_picture(trace, position.view)]
    if stage.info.index:
        shown.append(show_output(position))
    high = room.height / len(shown) - RULER - TITLE - 8
    top = room.top
    for index, one in enumerate(shown):
        one = replace(one, is_dark=style.theme.is_dark)
        cell = min((side - RULER) / one.columns, high / one.rows, 40)
        grid = CellGrid(room.left + RULER, top + TITLE + RULER, cell)
        name = "output" if index else "input"
        color = style.theme.input if not index else style.theme.output
        if index and stage.info.family == "pooling":
            color = style.theme.pooling
        heading, size = style.fit(make_map_heading(trace, one.stage), "bold", (15, 13.5, 12), side - RULER)
        yield style.write(f"{name}-title", (grid.x, top + 16), heading, color, "bold", size)
        yield from lay_out_map(style, name, one, grid)
        if one.stage is stage and one.rows * one.columns > 1:
            mark = MARK_POOLING if stage.info.family == "pooling" else MARK_OUTPUT if index else MARK_INPUT
            yield from outline("output-cell", grid.box(*position.cell), mark)
        top += TITLE + RULER + one.rows * cell + 12
    plot = Box(room.left + side + 40, room.top, room.width - side - 40, room.height)
    yield from _draw_curve(style, trace, position, plot, curve)


def _show_picture(trace: Trace, view: View) -> ShownMap:
    stage = trace.stages[0]
    return ShownMap(stage, 0, shows_color_picture(stage, view.colors), view)


def _draw_curve(
    style: Style, trace: Trace, position: ViewPosition, room: Box, curve: ResponseCurve
) -> Iterator[Primitive]:
    theme, sweep, values = style.theme, curve.sweep, curve.sweep.values
    response = float(position.stage.output[position.map][position.cell])
    low, high = min(*curve.responses, response, 0.0), max(*curve.responses, response, 0.0)
    plot = Box(room.left + LEFT, room.top + HEAD, room.width - LEFT - 12, room.height - HEAD - FOOT - 34)

    def to_x(value: float) -> float:
        return plot.left + (value - values[0]) / ((values[-1] - values[0]) or 1) * plot.width

    def to_y(value: float) -> float:
        return plot.bottom - (value - low) / ((high - low) or 1) * plot.height

    name = write_cell_name(position.stage, position.map, position.cell)
    yield style.write("view", (plot.left, room.top + 18), name, theme.text, "bold", NAME)
    yield Line("view-axis", plot.left, to_y(0), plot.right, to_y(0), theme.text, 1.5)
    for value in sorted({low, 0.0, high}):
        at = plot.left - 8, to_y(value)
        yield style.write("view-axis", at, format_short_number(value), theme.muted, "mono", TEXT, "end", "middle")
    for value in (values[0], (values[0] + values[-1]) // 2, values[-1]):
        at = to_x(value), plot.bottom + 24
        yield style.write("view-axis", at, write_value(sweep.kind, value), theme.muted, "mono", TEXT, "middle")
    points = [(to_x(value), to_y(found)) for value, found in zip(values, curve.responses, strict=True)]
    for (x, y), (next_x, next_y) in pairwise(points):
        yield Line("view-curve", x, y, next_x, next_y, theme.output, 3)
    if values[0] <= curve.now <= values[-1]:
        x, y = to_x(curve.now), to_y(response)
        yield Line("view-drop", x, y, x, to_y(0), MARK_INPUT, 1.5, 0.8)
        yield Rect("view-point", Box(x - 6, y - 6, 12, 12), MARK_INPUT, "#ffffff", 1.5, 6)
    now = write_view_text("response_now", value=write_value(sweep.kind, curve.now), response=format_number(response))
    yield style.write("view-says", (plot.left, plot.bottom + 52), now, theme.text, "sans", 15)
    ends = write_ends(sweep.kind, values, curve.responses)
    yield style.write("view-says", (plot.left, plot.bottom + 76), ends, theme.muted, "sans", 15)


def write_cell_name(stage: Stage, map: int, cell: tuple[int, int]) -> str:
    """Which cell answers: ReLU, row 3, column 4."""
    title, labels = write_message(stage.info.title), stage.info.labels
    name = f"{title} · {write_message(labels[map])}" if map < len(labels) and labels[map] else title
    _, rows, columns = stage.output.shape
    if rows * columns == 1:
        return name
    return write_view_text("response_of", name=name, row=cell[0], column=cell[1])


def write_value(kind: str, value: float) -> str:
    """A value of a sweep: −15°, 3 cells."""
    number = f"{value:g}".replace("-", MINUS)
    return f"{number}°" if kind == "turn" else write_view_text("response_cells", count=number)


def write_ends(kind: str, values: Sequence[int], responses: Sequence[float]) -> str:
    """The largest and the smallest response, and where they are."""
    most, least = (responses.index(one) for one in (max(responses), min(responses)))
    return write_view_text(
        "response_ends",
        most=format_number(responses[most]),
        at=write_value(kind, values[most]),
        least=format_number(responses[least]),
        there=write_value(kind, values[least]),
    )
