"""The sheet of a figure: title line, input map, arithmetic, output map, and a footer with the credit."""

from __future__ import annotations

import numpy as np

from ...core.explain import explain_step
from ...core.scene import View
from ...core.trace.trace import Stage, Trace, get_image
from ..map_image import is_signed
from ..png import encode_png
from ..stage_texts import describe_stage, get_stage_index, make_map_heading, make_title
from ..view_position import ViewPosition, fit_view
from .arithmetic_panel import Arithmetic, draw_arithmetic
from .canvas import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, THEMES, Canvas
from .figure_texts import CREDIT, NAME
from .map_panel import NO_PADDING, ShownMap, fit_cell_size, mark_cell, mark_window
from .stage_panel import (
    BOTTOM,
    EDGE,
    HEADING,
    LEGEND,
    THUMBNAILS_HEIGHT,
    TOP,
    UNITS,
    Column,
    MapPanel,
    draw_panel,
    draw_score_list,
    is_score_list,
    shorten,
)

RATIO = 630 / 1200
"""Height ÷ width, as Open Graph recommends for preview images."""


def render_figure_png(trace: Trace, view: View, width: int) -> bytes:
    """Render the figure as a View shows it: a PNG, `width` pixels wide and about half as high."""
    position = fit_view(trace, view)
    unit = width / UNITS
    canvas = Canvas(width, round(width * RATIO), unit, THEMES[view.theme])
    _draw_header(canvas, trace, position)
    _draw_footer(canvas, trace)
    if get_stage_index(position.stage) == 0:
        _draw_input(canvas, trace, position)
    else:
        _draw_stage(canvas, trace, position)
    return encode_png(np.asarray(canvas.image), effort=6)


def _draw_stage(canvas: Canvas, trace: Trace, position: ViewPosition) -> None:
    """Draw the input map, the arithmetic and the output map in the middle of the sheet."""
    stage, view = position.stage, position.view
    index = get_stage_index(stage)
    before, following = trace.stages[index - 1], trace.stages[index + 1 :]
    explanation = explain_step(trace, index, view.map, *position.cell)
    input, output = _make_input_map(stage, before, view), ShownMap(stage, _choose_output_channel(stage, view), view)
    arithmetic = Arithmetic(explanation, stage, input, following[0] if following else None, view.beat)
    listed = is_score_list(stage)
    middle, gap = canvas.px(_get_arithmetic_width(arithmetic)), canvas.px(28)
    most = (canvas.px(UNITS - 2 * EDGE) - middle - 2 * gap) // 2
    cells = _fit_cell_sizes(canvas, [input, output], most, listed, view.fit)
    heading = make_map_heading(trace, stage) + (
        f" {view.map}" if len(stage.output) > 1 and output.channel is not None else ""
    )
    panels = (
        MapPanel(
            input,
            make_map_heading(trace, before),
            canvas.theme.input,
            cells[0],
            _choose_input_channel(stage, before, view.map),
            MARK_INPUT,
        ),
        MapPanel(output, heading, _get_theme_color(canvas, stage), cells[1], view.map, _get_mark_color(stage)),
    )
    left, right = panels[0].measure_width(canvas, most), most if listed else panels[1].measure_width(canvas, most)
    start = (canvas.px(UNITS) - left - right - middle - 2 * gap) // 2
    used = max(panel.measure_height(canvas) for panel in (panels[:1] if listed else panels))
    top = canvas.px(TOP) + max(0, (canvas.px(BOTTOM - TOP) - used) // 2)
    mark_window(canvas, draw_panel(canvas, panels[0], Column(start, left), top), explanation)
    column = Column(start + left + middle + 2 * gap, right)
    if listed:
        draw_score_list(
            canvas,
            stage,
            column,
            canvas.px(TOP),
            view,
            make_map_heading(trace, stage),
            _get_theme_color(canvas, stage),
        )
    else:
        mark_cell(canvas, draw_panel(canvas, panels[1], column, top), output, explanation, view.beat != "write")
    draw_arithmetic(
        canvas, arithmetic, (start + left + gap, canvas.px(TOP), start + left + gap + middle, canvas.px(BOTTOM))
    )


def _fit_cell_sizes(canvas: Canvas, maps: list[ShownMap], width: int, listed: bool, fit: bool) -> tuple[float, float]:
    """Return the cell sizes of input and output: the same for both, or with `fit` one for each."""
    height = canvas.px(BOTTOM - TOP - HEADING - LEGEND)
    heights = [height - (canvas.px(THUMBNAILS_HEIGHT) if len(one.stage.output) > 1 else 0) for one in maps]
    own = [fit_cell_size([one], width, room, canvas) for one, room in zip(maps, heights, strict=True)]
    if listed or fit:
        return own[0], own[1]
    return min(own), min(own)


def _get_theme_color(canvas: Canvas, stage: Stage) -> str:
    return canvas.theme.pooling if stage.info.family == "pooling" else canvas.theme.output


def _get_mark_color(stage: Stage) -> str:
    return MARK_POOLING if stage.info.family == "pooling" else MARK_OUTPUT


def _draw_input(canvas: Canvas, trace: Trace, position: ViewPosition) -> None:
    """Draw stage 0: the image alone."""
    stage, view = position.stage, position.view
    shown = ShownMap(stage, _choose_output_channel(stage, view), view)
    most = canvas.px(UNITS - 2 * EDGE)
    room = canvas.px(BOTTOM - TOP - HEADING - LEGEND) - (canvas.px(THUMBNAILS_HEIGHT) if len(stage.output) > 1 else 0)
    panel = MapPanel(
        shown,
        make_map_heading(trace, stage),
        canvas.theme.input,
        fit_cell_size([shown], most, room, canvas),
        None,
        MARK_INPUT,
    )
    width = panel.measure_width(canvas, most)
    top = canvas.px(TOP) + max(0, (canvas.px(BOTTOM - TOP) - panel.measure_height(canvas)) // 2)
    draw_panel(canvas, panel, Column((canvas.px(UNITS) - width) // 2, width), top)


def _draw_header(canvas: Canvas, trace: Trace, position: ViewPosition) -> None:
    """Draw the title of the figure and, below it, what the stage does."""
    name = position.view.title or make_title(trace)
    room = canvas.px(UNITS - 2 * EDGE)
    x = canvas.px(EDGE)
    canvas.draw_text((x, canvas.px(50)), shorten(canvas, name, 24, room), canvas.theme.text, "bold", 24 * canvas.unit)
    description = describe_stage(position.stage)
    canvas.draw_text(
        (x, canvas.px(77)), shorten(canvas, description, 15, room), canvas.theme.muted, "sans", 15 * canvas.unit
    )


def _draw_footer(canvas: Canvas, trace: Trace) -> None:
    y, size = canvas.px(612), 12.5 * canvas.unit
    right = canvas.px(UNITS - EDGE)
    canvas.draw_text((right, y), NAME, canvas.theme.muted, "bold", size, "rs")
    side = canvas.px(12)
    x = right - round(canvas.measure_text(NAME, "bold", size)) - canvas.px(8) - side
    box = (x, y - side + canvas.px(1), x + side, y + canvas.px(1))
    canvas.draw_rounded_box(box, canvas.px(3), canvas.theme.muted, max(1, canvas.px(1.5)))
    inner = canvas.px(3)
    canvas.fill_box(
        (box[0] + inner, box[1] + inner, box[0] + inner + canvas.px(5), box[1] + inner + canvas.px(5)),
        canvas.theme.filter,
    )
    credit = get_image(trace).credit
    if credit:
        text = shorten(canvas, CREDIT.format(credit=credit), 12.5, x - canvas.px(EDGE + 40))
        canvas.draw_text((canvas.px(EDGE), y), text, canvas.theme.muted, "sans", size)


def _get_arithmetic_width(arithmetic: Arithmetic) -> int:
    """Return the width of the arithmetic in units: more for wide windows and for several channels."""
    channels = arithmetic.step["channels"]
    if arithmetic.step["strongest"] or (len(channels) > 1 and arithmetic.weighted_channels):
        return 400
    columns = len(channels[0]["values"][0]) if channels else 0
    return 300 if columns <= 3 else 380


def _make_input_map(stage: Stage, before: Stage, view: View) -> ShownMap:
    """Make the input map of a stage, with its padding and the rows and columns that no window reads."""
    padding = NO_PADDING
    unread: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    if stage.geometry:
        rows, columns = stage.geometry.rows, stage.geometry.columns
        padding = (rows.before, rows.after + rows.overhang, columns.before, columns.after + columns.overhang)
        unread = (rows.unread, columns.unread)
    return ShownMap(before, _choose_shown_input_channel(stage, before, view), view, padding, unread)


def _is_color_photo(stage: Stage, view: View) -> bool:
    return len(stage.output) == 3 and not is_signed(stage, view.colors) and stage.info.colors == "photo"


def _choose_shown_input_channel(stage: Stage, before: Stage, view: View) -> int | None:
    return None if _is_color_photo(before, view) else _choose_input_channel(stage, before, view.map)


def _choose_output_channel(stage: Stage, view: View) -> int | None:
    return None if _is_color_photo(stage, view) else view.map


def _choose_input_channel(stage: Stage, before: Stage, map: int) -> int:
    """Return the input channel that is shown beside an output map."""
    channels, rows, columns = before.output.shape
    match stage.info.op:
        case "conv":
            groups = stage.info.filters.groups if stage.info.filters else 1
            return int(map // (len(stage.output) // groups) * (channels // groups))
        case "flatten":
            return map // int(rows * columns)
        case "linear":
            return 0
    return min(map, int(channels) - 1)
