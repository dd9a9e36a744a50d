"""Convolution as computers do it (im2col): each window is a row, each filter a column, and each product a number.

`static/pure/tabs/sharing/windows-matrix.js` draws the same on the page.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ....core.views.sharing_values import SharingValues
from ....core.views.wires import NO_CELL
from ...figure.primitives import Box, Rect
from ...figure.theme import Style
from ..blocks import Block, Run, mix, put_beside, stack, write_paragraph, write_runs
from ..tables import Spot, SpotTable, draw_table, measure_table
from .sharing_texts import write_sharing_text

AROUND = 2
"""Rows above and below the current one."""
MOST_LINES = 12
"""Up to so many numbers of a window the filters stand as columns."""
MOST_TAPS, MOST_FILTERS, MOST_LAID_DOWN = 27, 8, 4
"""The most numbers of a window that are shown, and the most filters beside each other."""
SIZES = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
FEW_TAPS = 9
"""Fewer maps are shown before fewer numbers of a window than these."""


@dataclass(frozen=True, slots=True)
class WindowsPlan:
    """What is shown: rows (neurons), maps, and how many of the numbers of a window."""

    rows: tuple[int, ...]
    maps: tuple[int, ...]
    taps: int


def draw_windows_matrix(style: Style, values: SharingValues, room: Box) -> Block:
    """Draw the windows around a cell as rows, times the filters as columns."""
    wiring = values.wiring
    group = wiring.maps_of_group
    law = Block()
    if not style.is_glance:
        code = "sharing_windows_of_group" if group < wiring.maps else "sharing_windows"
        code = "sharing_windows_of_one" if group == 1 else code
        told = write_sharing_text(code, rows=wiring.neurons, columns=wiring.weights, maps=group)
        law = write_paragraph(style, "view-law", told, room.width, 15, style.theme.muted)
    body = _fit(style, values, group, Box(0, 0, room.width, room.height - law.height - 16))
    return stack((law, body), 16)


def _fit(style: Style, values: SharingValues, group: int, room: Box) -> Block:
    """The largest text at which all fits; at the smallest, fewer maps, then fewer numbers of a window."""
    wiring = values.wiring
    is_laid_down = wiring.weights > MOST_LINES
    first = wiring.map // group * group
    most = min(group, MOST_LAID_DOWN if is_laid_down else MOST_FILTERS)
    taps = min(wiring.weights, MOST_TAPS)
    rows = find_around(values.here, wiring.neurons, 2 * AROUND + 1)
    draw = _draw_laid_down if is_laid_down else _draw_product

    def make(size: float, count: int, shown: int) -> Block:
        return draw(style, values, WindowsPlan(rows, find_around(wiring.map, group, count, first), shown), size)

    def fits(body: Block) -> bool:
        return body.width <= room.width and body.height <= room.height

    small = SIZES[-1]
    if not fits(make(small, most, taps)):
        while most > (1 if not is_laid_down else 2) and not fits(make(small, most, min(taps, FEW_TAPS))):
            most -= 1
        if not fits(make(small, most, taps)):
            taps = bisect_left(range(taps), True, lo=1, key=lambda shown: not fits(make(small, most, shown))) - 1
    return next(
        (body for size in SIZES if fits(body := make(size, most, max(taps, 1)))), make(small, most, max(taps, 1))
    )


def find_around(index: int, count: int, most: int, first: int = 0) -> tuple[int, ...]:
    """So many indices around one, of `count` from `first` on."""
    shown = min(most, count)
    start = min(max(index - first - shown // 2, 0), count - shown)
    return tuple(range(first + start, first + start + shown))


def _draw_product(style: Style, values: SharingValues, plan: WindowsPlan, size: float) -> Block:
    """The windows, the filters as columns, and the maps as columns, beside each other."""
    theme = style.theme
    windows = [
        _write_heads(style, plan.taps + _has_more(values, plan)),
        *(_list_window(style, values, row, plan) for row in plan.rows),
    ]
    filters: list[list[Spot]] = [
        [_head(write_sharing_text("sharing_filter", map=map), theme.filter) for map in plan.maps]
    ]
    filters += [[_write_weight(style, values, map, n) for map in plan.maps] for n in range(plan.taps)]
    if _has_more(values, plan):
        filters.append([Spot("view-filter", (("…", theme.muted),), anchor="middle") for _ in plan.maps])
    results = [
        [_head(write_sharing_text("sharing_map", map=map), theme.filter) for map in plan.maps],
        *(_list_results(style, values, row, plan) for row in plan.rows),
    ]
    tables = [measure_table(style, rows, size) for rows in (windows, filters, results)]
    parts = [draw_table(style, one) for one in tables]
    parts[0] = _mark_row(style, values, tables[0], parts[0], plan)
    parts[2] = _mark_row(style, values, tables[2], parts[2], plan)
    for n in (1, 2):
        column = tables[n].find_column(plan.maps.index(values.wiring.map))
        chosen = Rect("view-chosen", column, "", theme.text, 2)
        parts[n] = replace(parts[n], primitives=(*parts[n].primitives, chosen))
    if len(plan.maps) < values.wiring.maps:
        parts[1] = stack((parts[1], _write_shown(style, values, plan)), 4)
    dot, bias = ([("·", theme.text)], [(f"÷ {values.divisor} + b =" if values.divisor else "+ b =", theme.text)])
    signs = [_write_sign(style, runs, tables[0], size) for runs in (dot, bias)]
    return put_beside((parts[0], signs[0], parts[1], signs[1], parts[2]), 10)


def _draw_laid_down(style: Style, values: SharingValues, plan: WindowsPlan, size: float) -> Block:
    """Windows and filters of many numbers in one table: each filter's column is laid down above the windows."""
    theme = style.theme
    has_more = _has_more(values, plan)
    rows: list[list[Spot]] = [
        [
            *_write_heads(style, plan.taps + has_more),
            *(_head(write_sharing_text("sharing_times_filter", map=map), theme.filter) for map in plan.maps),
        ]
    ]
    for map in plan.maps:
        dots = [Spot("view-filter", (("…", theme.muted),), anchor="middle")] if has_more else []
        weights = [_write_weight(style, values, map, n) for n in range(plan.taps)]
        rows.append(
            [
                _head(write_sharing_text("sharing_filter", map=map), theme.filter),
                *weights,
                *dots,
                *(Spot("view-filter", is_bare=True) for _ in plan.maps),
            ]
        )
    for row in plan.rows:
        rows.append([*_list_window(style, values, row, plan), *_list_results(style, values, row, plan)])
    table = measure_table(style, rows, size)
    block = _mark_row(style, values, table, draw_table(style, table), plan, 1 + len(plan.maps))
    chosen = table.find_row(1 + plan.maps.index(values.wiring.map))
    wide = sum(table.widths[: 1 + plan.taps + has_more])
    mark = Rect("view-chosen", replace(chosen, width=wide), "", theme.text, 2)
    block = replace(block, primitives=(*block.primitives, mark))
    return stack((block, _write_shown(style, values, plan)), 6) if len(plan.maps) < values.wiring.maps else block


def _has_more(values: SharingValues, plan: WindowsPlan) -> bool:
    return values.wiring.weights > plan.taps


def _write_shown(style: Style, values: SharingValues, plan: WindowsPlan) -> Block:
    told = write_sharing_text("sharing_columns_shown", shown=len(plan.maps), count=values.wiring.maps)
    line = style.write("view-says", (0, 12), told, style.theme.muted, "sans", 13)
    return Block((line,), line.width, 18)


def _write_heads(style: Style, span: int) -> list[Spot]:
    """The heads of the windows; at a glance there is no room for them."""
    place, window = ("", "") if style.is_glance else map(write_sharing_text, ("sharing_place", "sharing_window_as_row"))
    return [_head(place, style.theme.text), _head(window, style.theme.input, span)]


def _head(text: str, color: str, span: int = 1) -> Spot:
    return Spot("view-head", ((text, color),), face="mono-bold", anchor="middle", span=span)


def _list_window(style: Style, values: SharingValues, row: int, plan: WindowsPlan) -> list[Spot]:
    """The cells of a row: its place, and the numbers of its window."""
    theme = style.theme
    place = values.wiring.place_of(row)[1:]
    name = values.names.output(row) if values.has_letters else ", ".join(map(str, place))
    spots = [Spot("view-place", ((name, theme.text),), anchor="middle")]
    for cell in values.wiring.find_sources(row)[: plan.taps].tolist():
        color = theme.muted if cell == NO_CELL else theme.input
        spots.append(Spot("view-window", ((values.input(cell), color),)))
    if _has_more(values, plan):
        spots.append(Spot("view-window", (("…", theme.muted),), anchor="middle"))
    return spots


def _write_weight(style: Style, values: SharingValues, map: int, n: int) -> Spot:
    text = values.weight(n) if map == values.wiring.map else values.weight_number(n, map)
    return Spot("view-filter", ((text, style.theme.filter),))


def _list_results(style: Style, values: SharingValues, row: int, plan: WindowsPlan) -> list[Spot]:
    """The results of a row, one for each map."""
    spots = []
    known = values.output_number(row)
    for map in plan.maps:
        text = known
        if map == values.wiring.map:
            text = values.output(row)
        elif known:
            text = values.write_output((map, *values.wiring.place_of(row)[1:]))
        runs: tuple[Run, ...] = ((text, style.theme.output),) if text else ()
        spots.append(Spot("view-map", runs, face="mono-bold", is_to_come=not text))
    return spots


def _mark_row(
    style: Style, values: SharingValues, table: SpotTable, block: Block, plan: WindowsPlan, heads: int = 1
) -> Block:
    """A table with the row of this step on a color of its own."""
    box = table.find_row(heads + plan.rows.index(values.here))
    soft = Rect("view-row", box, mix(style.theme.input, style.theme.surface, 0.12))
    return replace(block, primitives=(soft, *block.primitives))


def _write_sign(style: Style, runs: Sequence[Run], table: SpotTable, size: float) -> Block:
    y = table.row_height * 1.5
    lines = tuple(write_runs(style, "view-sign", (0, y), runs, "mono", size + 1, valign="middle"))
    return Block(lines, sum(one.width for one in lines), y + size)
