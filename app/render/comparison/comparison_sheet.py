"""Lays out figures side by side on one sheet: the title with their difference, all maps, one scale for each side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ...core.compare.difference import PictureNames
from ...core.compare.moved_back import MovedBack
from ...core.explain import explain_step
from ...core.scene import Scene, View
from ...core.trace.color_scale import color_values
from ...core.trace.trace import Trace
from ..figure.fonts import BUNDLED, FontMetrics
from ..figure.map_layout import (
    RULER_LEFT,
    RULER_TOP,
    CellGrid,
    cover_cells,
    lay_out_legend,
    lay_out_map,
    mark_cell,
    mark_window,
)
from ..figure.png_backend import draw_png
from ..figure.primitives import Box, CellImage, DisplayList, Face, Primitive, Rect
from ..figure.theme import THEMES, Style
from ..figure_content.shown_map import NO_PADDING, ShownMap
from ..figure_content.step_numbers import show_step
from ..page_texts import write_page_text
from ..stage_texts import make_map_heading
from ..view_position import ViewPosition
from ..views.blocks import wrap
from .compared_figures import (
    UNLIKE,
    ComparedPaint,
    SharedPlace,
    find_moved_back,
    find_positions,
    has_place,
    make_compared_paint,
    share_scales,
)

WIDTH, HEIGHT = 1200, 630
"""Size of the sheet in points: that of a figure."""
EDGE, TOP, BOTTOM, GAP = 28, 74, 560, 18
NAME, HEAD, LINE, BELOW = 26, 20, 19, 8
"""Heights of the name of a figure, of the title of a map, of a line below, and the space above that."""
MOST_LINES = 3
NAME_SIZES, HEAD_SIZES = (17, 15, 13.5, 12), (14, 13, 12)
TEXT, SMALL = 14, 12
MAX_CELL = 96.0
SIGN = "Convoscope"


@dataclass(frozen=True, slots=True)
class _ComparedMap:
    """A map of a figure: what is shown, its title, and the color of that."""

    side: str
    shown: ShownMap
    heading: str
    color: str


@dataclass(frozen=True, slots=True)
class _ComparedColumn:
    """A figure: its name, its maps above or beside each other, its lines. `letter` is "" for what was moved back."""

    letter: str
    name: str
    sheets: tuple[_ComparedMap, ...]
    lines: tuple[str, ...]
    position: ViewPosition
    moved: MovedBack | None = None


@dataclass(frozen=True, slots=True)
class _ComparedArrangement:
    """Whether an output stands beside its input, the cells of inputs and of outputs, and the width of a figure."""

    is_beside: bool
    cells: tuple[float, float]
    width: float

    def measure(self, columns: Sequence[_ComparedColumn]) -> float:
        """Return the area of the maps of all figures."""
        return sum(
            (self.get_cell(sheet) ** 2) * sheet.shown.rows * sheet.shown.columns
            for column in columns
            for sheet in column.sheets
        )

    def get_cell(self, sheet: _ComparedMap) -> float:
        """Return the side of a cell of a map."""
        return self.cells[0 if sheet.side == "input" else 1]


def render_comparison_sheet(
    traces: Mapping[str, Trace],
    scenes: Mapping[str, Scene],
    views: Mapping[str, View],
    pictures: PictureNames,
    width: int,
) -> bytes:
    """Render figures by their letters as one picture: a PNG, `width` pixels wide and about half as high."""
    return draw_png(lay_out_comparison(traces, scenes, views, pictures), width)


def lay_out_comparison(
    traces: Mapping[str, Trace],
    scenes: Mapping[str, Scene],
    views: Mapping[str, View],
    pictures: PictureNames,
    metrics: FontMetrics = BUNDLED,
) -> DisplayList:
    """Lay out figures by their letters as their page shows them: in one place, at one beat, on one scale a side."""
    paint = make_compared_paint(traces, scenes, views, pictures)
    style = Style(THEMES[next(iter(views.values())).theme], metrics)
    positions, place = find_positions(traces, views)
    found = find_moved_back(list(traces.values()), list(scenes.values()), list(positions.values()))
    moved = found if isinstance(found, MovedBack) else None
    columns = list(_make_columns(style, traces, positions, paint, moved))
    arrangement = _arrange(style, columns)
    primitives = [*_write_title(style, paint), *_write_footer(style, columns)]
    high = max(_measure_height(style, column, arrangement) for column in columns)
    top = TOP + max(0.0, BOTTOM - TOP - high) / 2.5
    for index, column in enumerate(columns):
        corner = EDGE + index * (arrangement.width + GAP), top
        primitives += _lay_out_column(style, traces, column, arrangement, corner, place)
    return DisplayList(WIDTH, HEIGHT, style.theme.surface, tuple(primitives))


def _make_columns(
    style: Style,
    traces: Mapping[str, Trace],
    positions: Mapping[str, ViewPosition],
    paint: ComparedPaint,
    moved: MovedBack | None,
) -> Iterator[_ComparedColumn]:
    theme = style.theme
    inputs, outputs = share_scales(list(traces.values()), list(positions.values()))
    for figure, before, after in zip(paint.figures, inputs, outputs, strict=True):
        trace, position = traces[figure.letter], positions[figure.letter]
        color = theme.pooling if figure.family == "pooling" else theme.output
        sheets = [
            _ComparedMap("output", replace(after, is_dark=theme.is_dark), make_map_heading(trace, after.stage), color)
        ]
        if before:
            shown = replace(before, is_dark=theme.is_dark)
            sheets.insert(0, _ComparedMap("input", shown, make_map_heading(trace, before.stage), theme.input))
        yield _ComparedColumn(figure.letter, figure.name, tuple(sheets), (figure.line,), position)
    if paint.moved_back:
        position = next(iter(positions.values()))
        size = paint.moved_back.cells.size if paint.moved_back.cells else ""
        shown = replace(outputs[0], is_dark=theme.is_dark, padding=NO_PADDING)
        maps = (_ComparedMap("output", shown, size, theme.output),) if moved else ()
        yield _ComparedColumn("", paint.moved_back.title, maps, paint.moved_back.sentences, position, moved)


def _arrange(style: Style, columns: Sequence[_ComparedColumn]) -> _ComparedArrangement:
    """The arrangement with the largest maps: all figures in one line, each output beside its input or below it."""
    width = (WIDTH - 2 * EDGE - (len(columns) - 1) * GAP) / len(columns)
    lines = max(len(_wrap(style, column.lines, width)) for column in columns)
    names = max(len(_wrap(style, (column.name,), width - 22, "bold", NAME_SIZES[1])) for column in columns)
    high = BOTTOM - TOP - BELOW - lines * LINE - NAME - (names > 1) * LINE
    fits = any(column.position.view.fit for column in columns)
    found = [_fit(columns, is_beside, width, high, fits) for is_beside in (True, False)]
    return max(found, key=lambda one: one.measure(columns))


def _fit(
    columns: Sequence[_ComparedColumn], is_beside: bool, width: float, high: float, fits_each: bool
) -> _ComparedArrangement:
    pairs = [column.sheets for column in columns if column.sheets]
    most = max((len(sheets) for sheets in pairs), default=1)
    across = [(width - (most - 1) * GAP / 2) / most if is_beside else width] * 2
    down = high if is_beside else high / most
    cells: list[float] = []
    for side, wide in zip(("input", "output"), across, strict=True):
        shown = [sheet.shown for sheets in pairs for sheet in sheets if sheet.side == side]
        cells.append(
            min(
                [MAX_CELL]
                + [(wide - RULER_LEFT) / one.columns for one in shown]
                + [(down - HEAD - RULER_TOP) / one.rows for one in shown]
            )
        )
    cells = [int(cell * 4) / 4 if cell >= 1 else cell for cell in cells]
    same = (cells[0], cells[1]) if fits_each else (min(cells), min(cells))
    return _ComparedArrangement(is_beside, same, width)


def _measure_height(style: Style, column: _ComparedColumn, arrangement: _ComparedArrangement) -> float:
    """The height of a figure with its name and its lines."""
    highs = [HEAD + RULER_TOP + one.shown.rows * arrangement.get_cell(one) for one in column.sheets]
    maps = (max if arrangement.is_beside else sum)(highs) if highs else 0.0
    lines = len(_wrap(style, column.lines, arrangement.width))
    return NAME + LINE + maps + BELOW + LINE * lines


def _lay_out_column(
    style: Style,
    traces: Mapping[str, Trace],
    column: _ComparedColumn,
    arrangement: _ComparedArrangement,
    corner: tuple[float, float],
    place: SharedPlace,
) -> Iterator[Primitive]:
    """Lay out a figure from its upper left corner on: its name, its maps, and its lines below them."""
    (left, first), width, theme = corner, arrangement.width, style.theme
    start = left
    if column.letter:
        yield style.write("letter", (left, first + 17), column.letter, theme.muted, "mono", TEXT)
        start += 18
    names = _wrap(style, (column.name,), width - (start - left), "bold", NAME_SIZES[1])
    top = first + 17
    if len(names) == 1:
        name, size = style.fit(names[0], "bold", NAME_SIZES, width - (start - left))
        yield style.write("name", (start, top), name, theme.text, "bold", size)
    for index, name in enumerate(names[:2] if len(names) > 1 else ()):
        yield style.write("name", (start, top + index * LINE), name, theme.text, "bold", NAME_SIZES[1])
    y = first + NAME + (len(names) > 1) * LINE
    sizes = [
        (RULER_LEFT + sheet.shown.columns * cell, HEAD + RULER_TOP + sheet.shown.rows * cell)
        for sheet in column.sheets
        for cell in [arrangement.get_cell(sheet)]
    ]
    wide = sum(size[0] for size in sizes) + GAP / 2 * (len(sizes) - 1) if arrangement.is_beside else 0
    x, below = left + (width - wide) / 2, y
    for sheet, (own_width, own_height) in zip(column.sheets, sizes, strict=True):
        if not arrangement.is_beside:
            x = left + (width - own_width) / 2
        cell = arrangement.get_cell(sheet)
        padding_top, _, padding_left, _ = sheet.shown.padding
        grid = CellGrid(x + RULER_LEFT + padding_left * cell, y + HEAD + RULER_TOP + padding_top * cell, cell)
        is_last = sheet is column.sheets[-1] or not arrangement.is_beside
        room = left + width - x - RULER_LEFT if is_last else own_width - RULER_LEFT
        heading, size = style.fit(sheet.heading, "bold", HEAD_SIZES, room)
        yield style.write(f"{sheet.side}-title", (x + RULER_LEFT, y + 14), heading, sheet.color, "bold", size)
        yield from _lay_out_sheet(style, traces, column, sheet, grid, place)
        below = max(below, y + own_height)
        if arrangement.is_beside:
            x += own_width + GAP / 2
        else:
            y += own_height
    for index, line in enumerate(_wrap(style, column.lines, width)):
        at = left + width / 2, below + BELOW + LINE * (index + 0.7)
        yield style.write("line", at, line, theme.text, "sans", TEXT, "middle")


def _lay_out_sheet(
    style: Style,
    traces: Mapping[str, Trace],
    column: _ComparedColumn,
    sheet: _ComparedMap,
    grid: CellGrid,
    place: SharedPlace,
) -> Iterator[Primitive]:
    position = column.position
    if column.moved is not None:
        yield from _lay_out_moved(style, sheet.shown, column.moved, grid)
        return
    yield from lay_out_map(style, sheet.side, sheet.shown, grid)
    trace = traces[column.letter]
    is_here = has_place(position, place.at)
    step = explain_step(trace, position.stage.info.index, position.map, *position.cell)
    beat = show_step(trace, step, place.beat).beat
    if sheet.side == "input":
        if is_here:
            yield from mark_window(grid, step, beat)
        return
    if not place.is_whole:
        _, rows, columns = position.stage.output.shape
        row, last = place.at[0], min(place.at[1], columns - 1)
        if row < rows:
            yield from cover_cells(style, sheet.shown, grid, (row, last))
    if is_here and position.stage.info.index > 0:
        yield from mark_cell(style, sheet.shown, grid, step, beat)


def _lay_out_moved(style: Style, shown: ShownMap, moved: MovedBack, grid: CellGrid) -> Iterator[Primitive]:
    """The map after the shift, moved back: unlike cells orange, and those that moved out hatched."""
    rows, columns = moved.values.shape
    colors = color_values(moved.values, shown.scale, style.theme.is_dark).copy()
    colors[moved.is_unlike] = UNLIKE[:3]
    yield CellImage("moved", grid.box(0, 0, rows, columns), colors)
    for box in _list_blocks(moved):
        yield Rect("moved-out", grid.box(*box), style.theme.surface)
        yield from style.hatch("moved-out", grid.box(*box))
    yield Rect("moved", grid.box(0, 0, rows, columns), stroke=style.theme.edge, stroke_width=0.5)


def _list_blocks(moved: MovedBack) -> Iterator[tuple[int, int, int, int]]:
    """The cells that moved out of the map: full rows, and the columns beside the others."""
    rows, columns = moved.values.shape
    down, across = moved.by
    if down:
        yield (rows - down if down > 0 else 0, 0, min(abs(down), rows), columns)
    if across:
        first = 0 if down >= 0 else min(-down, rows)
        yield (first, columns - across if across > 0 else 0, max(rows - abs(down), 0), min(abs(across), columns))


def _write_title(style: Style, paint: ComparedPaint) -> Iterator[Primitive]:
    title, size = style.fit(paint.title, "bold", (24, 21, 19, 17), WIDTH - 2 * EDGE)
    yield style.write("title", (WIDTH / 2, 42), title, style.theme.text, "bold", size, "middle")
    if paint.note:
        yield style.write("note", (WIDTH / 2, 62), paint.note, style.theme.muted, "sans", TEXT, "middle")


def _write_footer(style: Style, columns: Sequence[_ComparedColumn]) -> Iterator[Primitive]:
    """Write the two scales, which all figures share, and the program's name."""
    sides = [side for side in ("input", "output") if any(sheet.side == side for one in columns for sheet in one.sheets)]
    room = (WIDTH - 2 * EDGE - 160) / max(len(sides), 1)
    for index, side in enumerate(sides):
        shown = next(sheet.shown for one in columns for sheet in one.sheets if sheet.side == side)
        label = write_page_text("page_compare_inputs" if side == "input" else "page_compare_results")
        x, y = EDGE + index * room, 598.0
        color = style.theme.input if side == "input" else style.theme.muted
        text = style.write(f"{side}-legend", (x, y + 6), label, color, "sans", TEXT, valign="middle")
        yield text
        end = x + text.width + 14
        yield from lay_out_legend(style, side, shown, (end, y), min(340.0, room - text.width - 40), True)
    muted = style.theme.muted
    name = style.write("sign", (WIDTH - EDGE, 608), SIGN, muted, "bold", 12.5, "end")
    yield name
    yield Rect("sign", Box(name.box.left - 20, 597, 12, 12), stroke=muted, stroke_width=1.5, radius=3)
    yield Rect("sign", Box(name.box.left - 17, 600, 5, 5), style.theme.filter)


def _wrap(style: Style, texts: Sequence[str], room: float, face: Face = "sans", size: float = TEXT) -> list[str]:
    """The words of texts in the first lines that fit."""
    return wrap(style, " ".join(text for text in texts if text), room, size, face)[:MOST_LINES]
