"""A layer in letters: the window at each place of the map, each with its line, and the lines together.

`static/pure/tabs/sharing/letters-view.js` draws the same on the page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from ....core.ops.geometry import Axis
from ....core.views.sharing_values import SharingValues
from ....core.views.wires import NO_CELL, NO_WIRE
from ...figure.primitives import Box, Face, Primitive, Rect
from ...figure.theme import Style
from ...figure_content.size_lines import write_size
from ..blocks import LINE, Block, Run, measure_runs, mix, put_beside, stack, write_paragraph, write_runs
from ..tables import Spot, draw_table, measure_table
from .picture_parts import bracket_runs
from .sharing_texts import write_sharing_text

MOST_WINDOWS, MOST_TERMS, MOST_CELLS = 4, 9, 12
"""All windows of a layer in letters are shown, of another one so many; the most terms of a line; of a longer one the
first and the last; the most rows and columns of a window's picture."""
PRESSES = 2
"""Each window with its line, the lines together."""
GAP, FAINT = 22.0, 0.55
SIZES = (18.0, 16.0, 15.0, 14.0, 13.0, 12.0)
GOOD_SIZE = 14.0
"""Windows stand in one row where their texts are at least so large."""
LEFT_OUT = -1
"""In place of a weight: terms that are left out."""
DrawGrid = Callable[[int, float, bool, bool, bool], Block]


@dataclass(frozen=True, slots=True)
class LettersPlan:
    """How large the texts are, how many windows are shown and stand beside each other, and how.

    `is_stacked`: a weight stands below its input; `has_surroundings`: cells around a window too; `has_lines`: each
    window has its line, and `is_wrapped`: that may take several lines of text;
    `has_weights`: its cells have their weights.
    """

    size: float
    count: int
    beside: int
    is_stacked: bool
    has_surroundings: bool
    has_lines: bool
    is_wrapped: bool = True
    has_weights: bool = True


def draw_letters(style: Style, values: SharingValues, press: int | None, room: Box) -> Block:
    """Draw the windows of a layer in letters after so many presses."""
    shown = PRESSES if press is None else min(press, PRESSES)
    limit = Block()
    if not values.names.are_letters and not style.is_glance:
        limit = write_paragraph(
            style, "view-says", write_sharing_text("sharing_letters_limit"), room.width, 13, style.theme.muted
        )
    left = Box(0, 0, room.width, room.height - limit.height - 8)

    @cache
    def draw_grid(row: int, size: float, is_stacked: bool, has_surroundings: bool, has_weights: bool) -> Block:
        return _draw_grid(style, values, row, size, is_stacked, has_surroundings, has_weights)

    def draw(plan: LettersPlan) -> Block:
        return _draw(style, values, plan, shown, left, draw_grid)

    def fits(body: Block) -> bool:
        return body.width <= left.width and body.height <= left.height

    body = Block()
    for plans in _list_plans(values, shown, style.is_glance):
        drawn = [(plan, draw(plan)) for plan in plans]
        body = drawn[-1][1]
        fitting = [(plan, block) for plan, block in drawn if fits(block)]
        if fitting:
            ways = [
                *((plan, size) for plan, _ in fitting for size in SIZES if size >= GOOD_SIZE),
                *((plan, size) for size in SIZES for plan, _ in fitting),
            ]
            larger = (draw(replace(plan, size=size)) for plan, size in ways)
            body = next(filter(fits, larger), fitting[0][1])
            break
    return stack((limit, body), 8)


def _list_plans(values: SharingValues, press: int, is_glance: bool) -> Iterator[list[LettersPlan]]:
    """The ways to lay out the windows at the smallest size, those that show the most first.

    Plans in one list differ in how many windows stand beside each other.
    """
    count = values.wiring.neurons if values.names.are_letters else min(values.wiring.neurons, MOST_WINDOWS)
    has_lines = press > 0 and not is_glance
    small = LettersPlan(SIZES[-1], count, 1, False, True, has_lines, False)
    ways = [small]
    if has_lines:  # the lines together say what those of the windows say
        ways.append(replace(small, has_lines=False) if press == PRESSES else replace(small, is_wrapped=True))
    for way in ways:
        for around, stacked in product((True, False), (False, True)):
            plan = replace(way, has_surroundings=around, is_stacked=stacked)
            yield [replace(plan, beside=beside) for beside in _list_splits(count)]
    for weights, fewer in product((True, False), range(count, 0, -1)):
        plan = replace(
            small, count=fewer, is_stacked=True, has_surroundings=False, is_wrapped=True, has_weights=weights
        )
        yield [replace(plan, beside=beside) for beside in _list_splits(fewer)]


def _list_splits(count: int) -> list[int]:
    """How many may stand beside each other, in rows as long as each other where that is possible: 4, 2, 1."""
    return list(dict.fromkeys(-(-count // rows) for rows in range(1, count + 1)))


def _draw(style: Style, values: SharingValues, plan: LettersPlan, press: int, room: Box, draw_grid: DrawGrid) -> Block:
    rows = _list_rows(values, plan.count)
    width = (room.width - (plan.beside - 1) * GAP) / plan.beside if plan.is_wrapped else math.inf
    windows = [_draw_window(style, values, plan, row, width, draw_grid) for row in rows]
    lines = [put_beside(windows[at : at + plan.beside], GAP) for at in range(0, len(windows), plan.beside)]
    blocks = [stack(lines, 10)]
    if press == PRESSES and not style.is_glance:
        head = style.write(
            "view-head", (0, 16), write_sharing_text("sharing_lines_together"), style.theme.text, "bold", 15
        )
        blocks += [
            Block((head,), head.width, 20),
            _draw_lines(style, values, plan, rows, room.width),
            *_write_sizes(style, values, room.width),
        ]
    return stack(blocks, 6)


def _list_rows(values: SharingValues, count: int) -> list[int]:
    """The neurons whose windows are shown."""
    start = 0 if values.names.are_letters and count == values.wiring.neurons else values.here
    start = min(start, values.wiring.neurons - count)
    return list(range(start, start + count))


def _write_sizes(style: Style, values: SharingValues, width: float) -> list[Block]:
    """The size of the map, in letters and in numbers."""
    geometry = values.stage.geometry
    if geometry is None:
        return []
    down, across = (_write_axis(axis) for axis in (geometry.rows, geometry.columns))
    texts = [down]
    if down != across:
        texts = [
            write_sharing_text("sharing_rows_size", line=down),
            write_sharing_text("sharing_columns_size", line=across),
        ]
    return [write_paragraph(style, "view-size", text, width, 13, style.theme.muted, "mono") for text in texts]


def _write_axis(axis: Axis) -> str:
    return ", ".join(write_size(axis))


def _draw_window(
    style: Style, values: SharingValues, plan: LettersPlan, row: int, width: float, draw_grid: DrawGrid
) -> Block:
    """The picture with the window at one place, and its line."""
    text = write_sharing_text("sharing_window_of", name=values.names.output(row))
    face: Face = "bold" if row == values.here else "sans"
    high = plan.size * LINE
    caption = style.write("view-window-of", (0, high * 0.75), text, style.theme.text, face, plan.size)
    grid = draw_grid(row, plan.size, plan.is_stacked, plan.has_surroundings, plan.has_weights)
    line = _write_line(style, values, row, plan.size, width) if plan.has_lines else Block()
    return stack((Block((caption,), caption.width, high), grid, line), 5)


def _draw_grid(
    style: Style,
    values: SharingValues,
    row: int,
    size: float,
    is_stacked: bool,
    has_surroundings: bool,
    has_weights: bool,
) -> Block:
    """The input with the cells of the window, each with its weight; of a large input the surroundings of the window."""
    wiring = values.wiring
    _, height, width = wiring.before
    first = wiring.first * height * width
    weights: dict[int, list[int]] = {}
    for n, cell in enumerate(wiring.find_sources(row).tolist()):
        if first <= cell < first + height * width:
            weights.setdefault(cell, []).append(n)
    if not weights:
        told = write_sharing_text("sharing_outside_wholly")
        return write_paragraph(style, "view-says", told, 240, 13, style.theme.muted)
    places = [wiring.cell_of_input(cell)[1:] for cell in weights]
    rows, columns = (
        _list_across([place[axis] for place in places], count, has_surroundings)
        for axis, count in ((0, height), (1, width))
    )
    spots = [
        [_make_spot(style, values, first + r * width + c, weights, is_stacked, has_weights) for c in columns]
        for r in rows
    ]
    high = 2.7 if is_stacked and has_weights else 1.75
    return draw_table(style, measure_table(style, spots, size, size * 2.1, high))


def _list_across(inside: Sequence[int], size: int, has_surroundings: bool) -> range:
    """The rows or columns of a window's picture."""
    low, high = min(inside), max(inside)
    if not has_surroundings:
        return range(low, min(high + 1, low + MOST_CELLS))
    if size <= MOST_CELLS:
        return range(size)
    start = max(0, min(low - 1, size - MOST_CELLS))
    return range(start, min(size, max(high + 2, start + 1), start + MOST_CELLS))


def _make_spot(
    style: Style,
    values: SharingValues,
    cell: int,
    weights: dict[int, list[int]],
    is_stacked: bool,
    has_weights: bool,
) -> Spot:
    theme = style.theme
    text, own = values.input(cell), weights.get(cell, [])
    if not own:
        return Spot("view-around", ((text, mix(theme.input, theme.surface, FAINT)),), anchor="middle")
    times = tuple(run for n in own for run in (("×", theme.text), (values.weight(n), theme.filter)))
    times = times if has_weights else ()
    soft = mix(theme.input, theme.surface, 0.12)
    runs: tuple[Run, ...] = ((text, theme.input),)
    if is_stacked:
        return Spot("view-window", runs, soft, anchor="middle", under=times)
    return Spot("view-window", (*runs, *times), soft, anchor="middle")


def _list_terms(values: SharingValues) -> list[int]:
    """The terms that are written, by weight, LEFT_OUT for those left out."""
    count = values.wiring.weights
    return list(range(count)) if count <= MOST_TERMS else [0, 1, 2, LEFT_OUT, count - 1]


def _write_term(style: Style, values: SharingValues, sources: Sequence[int], n: int) -> list[Run]:
    """A term: the weight and its input; two letters stand side by side, numbers have a dot between them."""
    theme = style.theme
    if n == LEFT_OUT:
        return [("…", theme.text)]
    if sources[n] == NO_WIRE:
        return []
    between = "" if values.has_letters and sources[n] != NO_CELL else "·"
    return [
        *bracket_runs(values.weight(n), theme.filter, theme.text),
        (between, theme.text),
        *bracket_runs(values.input(sources[n]), theme.input if sources[n] != NO_CELL else theme.muted, theme.text),
    ]


def _write_line(style: Style, values: SharingValues, row: int, size: float, width: float) -> Block:
    """αA + βB + γD + δE + b = P, in as many lines as it needs."""
    theme = style.theme
    sources = values.wiring.find_sources(row).tolist()
    terms = [term for n in _list_terms(values) if (term := _write_term(style, values, sources, n))]
    parts = terms or [[("0", theme.text)]]
    if values.divisor:
        parts[0] = [("(", theme.text), *parts[0]]
        parts[-1] = [*parts[-1], (f") ÷ {values.divisor}", theme.text)]
    parts.append(bracket_runs(values.bias, theme.text, theme.text))
    pieces = [[("+ ", theme.text), *part] if index else part for index, part in enumerate(parts)]
    pieces.append([("= ", theme.text), (values.output(row) or "?", theme.output)])
    lines: list[list[Run]] = [[]]
    for piece in pieces:
        longer = [*lines[-1], (" ", theme.text), *piece] if lines[-1] else piece
        if lines[-1] and measure_runs(style, longer, "mono", size) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    written: list[Primitive] = []
    high = size * LINE
    for index, runs in enumerate(lines):
        written += write_runs(style, "view-line", (0, (index + 0.75) * high), runs, "mono", size)
    return Block(tuple(written), max(measure_runs(style, one, "mono", size) for one in lines), len(lines) * high)


def _draw_lines(style: Style, values: SharingValues, plan: LettersPlan, rows: Sequence[int], width: float) -> Block:
    """The lines with each term below the same weight's term of the others, as large as they fit."""
    table = None
    for size in (plan.size + 1, plan.size, 13, 12):
        for step in (1.5, 1.35):
            table = measure_table(style, [_align_line(style, values, row) for row in rows], size, 0, step)
            if table.width <= width:
                break
        if table and table.width <= width:
            break
    if table is None:
        return Block()
    block = draw_table(style, replace(table, widths=tuple(max(one - 2, 0.0) for one in table.widths)))
    if values.here not in rows:
        return block
    box = table.find_row(rows.index(values.here))
    soft = Rect("view-row", replace(box, width=block.width), mix(style.theme.input, style.theme.surface, 0.12))
    return replace(block, primitives=(soft, *block.primitives))


def _align_line(style: Style, values: SharingValues, row: int) -> list[Spot]:
    theme = style.theme
    sources, terms = values.wiring.find_sources(row).tolist(), _list_terms(values)
    first = next((i for i, n in enumerate(terms) if n == LEFT_OUT or sources[n] != NO_WIRE), len(terms))

    def spot(*runs: Run) -> Spot:
        return Spot("view-lines", tuple(run for run in runs if run[0]), is_bare=True)

    line: list[Spot] = []
    for index, n in enumerate(terms):
        is_wired = n == LEFT_OUT or sources[n] != NO_WIRE
        if index:
            line.append(spot(("+" if index > first and is_wired else "", theme.text)))
        before = [("(", theme.text)] if index == 0 and values.divisor else []
        after = [(f") ÷ {values.divisor}", theme.text)] if index == len(terms) - 1 and values.divisor else []
        line.append(spot(*before, *_write_term(style, values, sources, n), *after))
    bias, result = bracket_runs(values.bias, theme.text, theme.text), (values.output(row) or "?", theme.output)
    return [*line, spot(("+", theme.text)), spot(*bias), spot(("=", theme.text)), spot(result)]
