"""Lays out a whole figure: title, input map, arithmetic of a step, output map, and a footer with the credit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from ...core.explain import explain_step
from ...core.texts import write_message
from ...core.trace.trace import Stage, Trace, get_image, get_read
from ...core.views.equation_form import find_form
from ...core.views.view_table import has_view
from ...core.writing.step_writer import write_step
from ..figure_content.figure_texts import write_figure_text
from ..figure_content.shown_map import show_input, show_output
from ..figure_content.step_numbers import show_step
from ..figure_content.written_cells import count_written
from ..stage_texts import choose_shape_order, describe_stage, make_picture_heading, make_title
from ..view_position import ViewPosition
from ..views.curve_drawing import lay_out_curve
from ..views.equation_drawing import find_places, lay_out_equation
from ..views.field_drawing import lay_out_field
from ..views.filter_table.filter_cards import has_filter_table
from ..views.filter_table.filter_table_drawing import lay_out_filter_table
from ..views.network_drawing import lay_out_network
from ..views.program_drawing import lay_out_program
from ..views.response_data import ResponseCurve
from ..views.response_drawing import lay_out_response
from ..views.sharing.sharing_layout import lay_out_letters, lay_out_matrix, lay_out_neuron
from ..views.signal.signal_drawing import has_signal, lay_out_signal
from ..views.vector_drawing import lay_out_vectors
from ..views.volume.volume_drawing import has_volume, lay_out_volume
from ..words.word_rows import list_input_words, list_output_words
from .arithmetic_layout import lay_out_column, plan_column
from .fonts import BUNDLED, FontMetrics
from .hairlines import draw_result_line, draw_window_lines
from .map_layout import cover_cells, find_window, label_cells, label_place, label_weights, mark_cell, mark_window
from .panels import MapPanel, is_score_list, lay_out_scores
from .primitives import Box, DisplayList, Primitive, Rect
from .term_layout import Arithmetic
from .theme import MARK_INPUT, MARK_OUTPUT, MARK_POOLING, THEMES, Style
from .word_column import make_column, write_words

WIDTH, HEIGHT = 1200, 630
"""Size of the sheet in points, in the ratio that Open Graph recommends for preview images."""
EDGE, TOP, COLUMN_TOP, BOTTOM = 44, 96, 104, 584
GAP = 28
NAME = "Convoscope"
ViewLayout = Callable[[Style, Trace, ViewPosition, Box], Iterator[Primitive]]
VIEW_LAYOUTS: Mapping[str, ViewLayout] = {
    "equation": lay_out_equation,
    "field": lay_out_field,
    "function": lay_out_curve,
    "matrix": lay_out_matrix,
    "neuron": lay_out_neuron,
    "code": lay_out_program,
    "network": lay_out_network,
}
"""The views that a picture shows. Letters take the place of an equation (`find_view`)."""


def lay_out_figure(
    trace: Trace, position: ViewPosition, metrics: FontMetrics = BUNDLED, curve: ResponseCurve | None = None
) -> DisplayList:
    """Lay out the figure at a position of its View; with the response of its cell as a curve, that in its place."""
    style = Style(THEMES[position.view.theme], metrics)
    parts = (
        *_write_header(style, trace, position),
        *_write_footer(style, trace),
        *_lay_out_middle(style, trace, position, curve),
    )
    return DisplayList(WIDTH, HEIGHT, style.theme.surface, parts)


def _lay_out_middle(
    style: Style, trace: Trace, position: ViewPosition, curve: ResponseCurve | None
) -> Iterator[Primitive]:
    """Lay out the open view, the response curve, or the maps with the arithmetic between them."""
    room = Box(EDGE, TOP, WIDTH - 2 * EDGE, BOTTOM - TOP)
    if lay_out := find_view(trace, position):
        return lay_out(style, trace, position, room)
    if curve:
        return lay_out_response(style, trace, position, room, curve)
    lay_out_maps = _lay_out_input if position.stage.info.index == 0 else _lay_out_stage
    return lay_out_maps(style, trace, position)


def find_view(trace: Trace, position: ViewPosition) -> ViewLayout | None:
    """Find the drawing of the open view; None where none is open, or it has nothing to show for the stage.

    Without one, a signal, a volume or the table of filters takes the place of the maps. A convolution in letters takes
    the place of its equation, also in a link without `tab`.
    """
    view, stage = position.view, position.stage
    if view.signal and not (view.tab or view.table or view.predict) and has_signal(trace, position):
        return lay_out_signal
    if view.volume and not view.tab and has_volume(position, trace):
        return lay_out_volume
    if view.table and not view.tab and has_filter_table(stage):
        return lay_out_filter_table
    tab = view.tab or ("equation" if view.letters else "")
    if not has_view(stage.info.op, tab):
        return None
    kind = str(stage.info.operation.kind)
    if tab == "equation" and view.letters and kind == "conv":
        return lay_out_letters
    if tab == "equation" and find_form(view.press, view.detail, kind) == "vectors":
        return lay_out_vectors
    return VIEW_LAYOUTS.get(tab)


def _lay_out_stage(style: Style, trace: Trace, position: ViewPosition) -> Iterator[Primitive]:
    """Lay out the input map, the arithmetic and the output map in the middle of the sheet."""
    stage, view = position.stage, position.view
    index = stage.info.index
    before = get_read(trace, stage, position.map)
    step = explain_step(trace, index, position.map, *position.cell)
    numbers = show_step(trace, step, view.beat)
    left = _make_input_panel(style, trace, position, before)
    left = replace(left, words=make_column(style, list_input_words(before, stage, step)))
    right = _make_output_panel(style, trace, position, numbers.beat)
    column = plan_column(style, Arithmetic(numbers, stage, left.shown), BOTTOM - COLUMN_TOP)
    most = (WIDTH - 2 * EDGE - column.width - 2 * GAP) / 2
    listed = is_score_list(stage)
    cells = [panel.fit(most, BOTTOM - TOP) for panel in (left, right)]
    if not (listed or view.fit):
        cells = [min(cells)] * 2
    wide = left.measure_width(style, cells[0], most), most if listed else right.measure_width(style, cells[1], most)
    start = (WIDTH - sum(wide) - column.width - 2 * GAP) / 2
    highs = [panel.measure_height(cell) for panel, cell in zip((left, right), cells, strict=True)]
    high = highs[0] if listed else max(highs)
    top = TOP + max(0, (BOTTOM - TOP - high) / 2)
    middle = Box(start + wide[0] + GAP, COLUMN_TOP, column.width, BOTTOM - COLUMN_TOP)
    arithmetic = tuple(lay_out_column(style, column, middle))
    box = Box(start, top, wide[0], BOTTOM - top)
    grid = left.place(box.left, top, cells[0])
    yield from left.lay_out(style, box, cells[0])
    yield from draw_window_lines(style, arithmetic, find_window(grid, step))
    yield from mark_window(grid, step, numbers.beat)
    places = find_places(position)
    others, is_same = [explain_step(trace, index, position.map, *place) for place in places], len(set(places)) == 1
    for letter, other in zip("AB", others, strict=False):
        if window := find_window(grid, other):
            yield from label_place(style, "input", window, letter, is_same)
    if view.weights:
        yield from label_weights(style, left.shown, grid, step, write_step(trace, step).channels)
    box = Box(middle.right + GAP, top, wide[1], BOTTOM - top)
    if listed:
        whole = Box(box.left, TOP, box.width, BOTTOM - TOP)
        yield from lay_out_scores(style, right.shown, right.heading, right.color, whole, right.order)
    else:
        yield from right.lay_out(style, box, cells[1])
        grid = right.place(box.left, top, cells[1])
        last = (stage.output.shape[1] - 1, stage.output.shape[2] - 1) if position.is_whole else position.cell
        yield from cover_cells(style, right.shown, grid, last)
        yield from draw_result_line(style, arithmetic, right, grid, position.cell, middle.right + GAP / 2)
        yield from label_cells(style, right.shown, grid, last)
        yield from mark_cell(style, right.shown, grid, step, numbers.beat)
        for letter, other in zip("AB", others, strict=False):
            yield from label_place(style, "output", grid.box(other["row"], other["col"]), letter, is_same)
    yield from arithmetic


def _lay_out_input(style: Style, trace: Trace, position: ViewPosition) -> Iterator[Primitive]:
    """Lay out stage 0: the image alone."""
    panel, most = _make_output_panel(style, trace, position, "write"), WIDTH - 2 * EDGE
    cell = panel.fit(most, BOTTOM - TOP)
    width = panel.measure_width(style, cell, most)
    top = TOP + max(0, (BOTTOM - TOP - panel.measure_height(cell)) / 2)
    yield from panel.lay_out(style, Box((WIDTH - width) / 2, top, width, BOTTOM - top), cell)


def _make_input_panel(style: Style, trace: Trace, position: ViewPosition, before: Stage) -> MapPanel:
    shown = replace(show_input(position, before), is_dark=style.theme.is_dark)
    chosen = None if shown.is_picture else shown.channel
    heading, order = make_picture_heading(trace, before), choose_shape_order(trace, position.view)
    return MapPanel("input", shown, heading, style.theme.input, MARK_INPUT, chosen, order=order)


def _make_output_panel(style: Style, trace: Trace, position: ViewPosition, beat: str) -> MapPanel:
    stage = position.stage
    _, rows, columns = stage.output.shape
    row, column = position.cell
    is_complete = (
        position.view.ghost
        or position.is_whole
        or stage.info.index == 0
        or row * columns + column + 1 == rows * columns
    )
    written = count_written(trace, position, beat)[stage.info.index]
    color, mark = style.theme.output, MARK_OUTPUT
    if stage.info.family in ("pooling", "input"):
        is_input = stage.info.family == "input"
        color, mark = (style.theme.input, MARK_INPUT) if is_input else (style.theme.pooling, MARK_POOLING)
    shown, heading = replace(show_output(position), is_dark=style.theme.is_dark), make_picture_heading(trace, stage)
    order = choose_shape_order(trace, position.view)
    lit = row if stage.info.index else None
    words = make_column(style, list_output_words(stage, position.map, lit) if is_named(stage, beat) else ())
    return MapPanel("output", shown, heading, color, mark, position.map, written, is_complete, order, words)


def is_named(stage: Stage, beat: str) -> bool:
    """Whether words can stand beside the rows: those that a maximum is from are a result."""
    return beat == "write" or not stage.info.winners


def _write_header(style: Style, trace: Trace, position: ViewPosition) -> Iterator[Primitive]:
    """Write the title of the figure and, below it, what the stage does."""
    room = WIDTH - 2 * EDGE
    title = style.metrics.shorten(position.view.title or make_title(trace), "bold", 24, room)
    yield style.write("title", (EDGE, 50), title, style.theme.text, "bold", 24)
    said = describe_stage(position.stage, choose_shape_order(trace, position.view))
    if position.view.tab == "occlusion":
        said = write_figure_text("figure_no_occlusion")
    sentence = style.metrics.shorten(said, "sans", 15, room)
    yield style.write("sentence", (EDGE, 77), sentence, style.theme.muted, "sans", 15)


def _write_footer(style: Style, trace: Trace) -> Iterator[Primitive]:
    """Write the program's name with its sign, and the credit of the image."""
    y, size, muted = 612, 12.5, style.theme.muted
    name = style.write("name", (WIDTH - EDGE, y), NAME, muted, "bold", size, "end")
    x = name.box.left - 20
    yield name
    yield Rect("name", Box(x, y - 11, 12, 12), stroke=muted, stroke_width=1.5, radius=3)
    yield Rect("name", Box(x + 3, y - 8, 5, 5), style.theme.filter)
    if footnote := _find_footnote(trace):
        text = style.metrics.shorten(footnote, "sans", size, x - EDGE - 40)
        yield style.write("credit", (EDGE, y), text, muted, "sans", size)


def _find_footnote(trace: Trace) -> str:
    """Find the credit of the image, or what the vectors of its words are; "" for neither."""
    if credit := get_image(trace).credit:
        return write_figure_text("figure_credit", credit=credit)
    info = trace.stages[0].info
    return write_words(write_message(info.notes[-1]), "") if info.words else ""
