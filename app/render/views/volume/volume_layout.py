"""Where the slices of a volume lie, for the room that there is.

One cell size for input and output; filters have larger cells where those are too small for numbers.
`static/pure/tabs/volume/volume-layout.js` has the same rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ...figure.primitives import Box
from .small_filters import SmallFilters, place_small
from .volume_parts import VolumeParts

ARRANGEMENTS = ("columns", "rows", "columns-above", "rows-above")
"""Channels side by side or as rows; with -above the output lies below them, else beside."""
LARGEST, FEW_CELLS, SMALLEST_SIDE = 44, 9, 48
"""The largest cell at a font of 12; slices of at most so many cells on a side have numbers; the side of others."""
LINE, GAP = 1.35, 0.9
NAME, END, NUMBER, NUMBER_NAME = 2.6, 6.2, 5.2, 2.5
LARGE_NUMBERS, ARROW = 1.6, 1.6
FILTER_CELL, WINDOW_CELL, SMALL_MAP_CELL = 1.4, 2.15, 2.3
"""Parts of the font: the height of a line, the space between slices; a filter's name and its end, a number of the depth
column and its name; how much larger those of the input are; the room of an arrow; cells with room for numbers."""
MOST_IN_COLUMN, LONGEST_KERNEL = 4, 7
CELL_WITH_DIGIT = 1.25
"""The smallest cell with a number of one digit, in fonts."""


@dataclass(frozen=True, slots=True)
class SliceBox:
    """Where a slice lies: its upper left corner and its cells."""

    x: float
    y: float
    cell: float
    rows: int
    columns: int

    @property
    def box(self) -> Box:
        """The box of all cells."""
        return self.find_box(0, 0, self.rows, self.columns)

    def find_box(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Box:
        """The box of a block of cells."""
        side = self.cell
        return Box(self.x + column * side, self.y + row * side, columns * side, rows * side)


@dataclass(frozen=True, slots=True)
class ColumnBox:
    """Where the depth column lies: its corner, the width, height and font of a number, and how many have room."""

    x: float
    y: float
    width: float
    line: float
    text: float
    count: int


@dataclass(frozen=True, slots=True)
class VolumeLayout:
    """Where the parts of a volume lie, in points.

    `windows` are those of each channel in numbers; `names` and `ends` are where the name of a filter begins, and its
    bias and result.
    """

    width: float
    height: float
    text: float
    inputs: tuple[SliceBox, ...]
    windows: tuple[SliceBox, ...]
    filters: tuple[tuple[SliceBox, ...], ...]
    names: tuple[tuple[float, float], ...]
    ends: tuple[tuple[float, float], ...]
    small: SmallFilters | None
    outputs: tuple[SliceBox, ...]
    afters: tuple[SliceBox, ...]
    column: ColumnBox

    @property
    def side(self) -> float:
        """The longest side of a slice of the input, or of the output where there is none."""
        first = (self.inputs or self.outputs)[0]
        return first.cell * max(first.rows, first.columns)


@dataclass(frozen=True, slots=True)
class _Options:
    """How a volume is arranged beside the size of its cells; `width` is that of the room."""

    text: float
    width: float
    has_windows: bool
    small_scale: float
    is_small_below: bool = False


def lay_out_parts(
    parts: VolumeParts, room: tuple[float, float], text: float, has_windows: bool, small_scale: float = 1
) -> VolumeLayout:
    """Lay out the parts with the largest cells that fit into a room (width, height); without such, the lowest."""
    width, height = room
    longest = max(*parts.plane, *map(int, parts.stage.output.shape[1:]))
    smallest = text * CELL_WITH_DIGIT if longest <= FEW_CELLS else min(text, SMALLEST_SIDE / longest)
    options = _Options(text, width, has_windows, small_scale)
    sides = [
        (arrangement, replace(options, is_small_below=is_below))
        for arrangement in ARRANGEMENTS
        for is_below in ((False, True) if parts.small else (False,))
    ]
    cells = list(_list_cells(LARGEST * (text / 12), smallest))
    low: list[VolumeLayout] = []
    for tried in (
        [one for one in cells if one >= text * CELL_WITH_DIGIT],
        [one for one in cells if one < text * CELL_WITH_DIGIT],
    ):
        best, first = None, len(tried)
        for arrangement, side in sides:
            # Larger cells need more room: halving finds the largest that fit, among those larger than the ones found.
            start, end = 0, first
            while start < end:
                middle = (start + end) // 2
                made = _arrange(parts, arrangement, tried[middle], side)
                if made.width <= width and made.height <= height:
                    end, best, first = middle, made, middle
                else:
                    start = middle + 1
        if best:
            return best
        low += [_arrange(parts, arrangement, tried[-1], side) for arrangement, side in sides if tried]
    narrow = [one for one in low if one.width <= width]
    if not narrow:
        return _arrange(parts, "rows-above", smallest, replace(options, is_small_below=True))
    return min(narrow, key=lambda one: one.height)


def _list_cells(largest: float, smallest: float) -> Iterator[float]:
    """The sides of cells that are tried, the largest first."""
    cell = largest
    while cell >= smallest:
        yield cell
        cell = cell - 0.5 if cell > 8 else cell * 0.95


def _arrange(parts: VolumeParts, arrangement: str, cell: float, options: _Options) -> VolumeLayout:
    text = options.text
    line, gap = text * LINE, text * GAP
    _, rows, columns = map(int, parts.stage.output.shape)
    high, wide = parts.kernel
    has_digits, is_long = cell >= text * CELL_WITH_DIGIT, max(high, wide) > LONGEST_KERNEL
    has_windows = options.has_windows and bool(parts.filters) and not has_digits and high * wide > 1 and not is_long
    filter_cell = cell if is_long else max(cell, text * (WINDOW_CELL if has_windows else FILTER_CELL))
    filter_box = SliceBox(0, 0, filter_cell, high, wide)
    plane = SliceBox(0, 0, cell, *parts.plane)
    read = _arrange_rows if arrangement.startswith("rows") else _arrange_columns
    drawn = read(parts, plane, filter_box, text, has_windows)
    right, bottom = drawn.right, drawn.bottom
    small = None
    if parts.small and options.is_small_below:
        small = place_small(parts, (0, bottom + gap), text, options.small_scale, width=options.width)
        right, bottom = max(right, small.width + gap), bottom + gap + small.height
    elif parts.small:
        small = place_small(parts, (right + gap, 0), text, options.small_scale, height=bottom)
        right, bottom = right + 2 * gap + small.width, max(bottom, small.height)
    output_cell = max(cell, text * SMALL_MAP_CELL if max(rows, columns) <= 3 else 0)
    output = SliceBox(0, 0, output_cell, rows, columns)
    wide_out, high_out = columns * output_cell, rows * output_cell
    large = LARGE_NUMBERS if parts.stage.info.index == 0 else 1
    column = ColumnBox(0, 0, text * NUMBER * large, line * 1.1 * large, text * large, 0)
    beside = text * NUMBER_NAME * large + (column.width if parts.after else 0)
    pair = wide_out + ARROW * text if parts.after else 0.0
    slot = max(wide_out, text * 3) + pair + gap
    if arrangement.endswith("above") or not parts.channels:
        y = (bottom + line if parts.channels else line) + line * 0.2
        outputs = tuple(replace(output, x=k * slot, y=y) for k in range(len(parts.maps)))
        count = _fit_lines(len(parts.stage.output), max(high_out, column.line * 8), column.line)
        column = replace(column, x=len(parts.maps) * slot + gap, y=y + (line if parts.after else 0), count=count)
        width, height = max(right, column.x + column.width + beside), y + max(high_out, count * column.line) + line
    else:
        each = high_out + line + gap * 0.6
        per_column = min(len(parts.maps), max(1, int((bottom + gap) // each)), MOST_IN_COLUMN)
        stacks = -(-len(parts.maps) // per_column)
        outputs = tuple(
            replace(output, x=right + k // per_column * slot, y=line + k % per_column * each)
            for k in range(len(parts.maps))
        )
        tall = max(bottom, per_column * each)
        count = _fit_lines(len(parts.stage.output), tall - 2.4 * line, column.line)
        top = line * (2.2 if parts.after else 1.2)
        column = replace(column, x=right + stacks * slot + gap, y=top, count=count)
        width, height = column.x + column.width + beside, tall + line * 0.4
    afters = tuple(replace(one, x=one.x + pair) for one in outputs) if parts.after else ()
    read_parts = drawn.inputs, drawn.windows, drawn.filters, drawn.names, drawn.ends
    return VolumeLayout(width, height, text, *read_parts, small, outputs, afters, column)


@dataclass(frozen=True, slots=True)
class _ReadParts:
    """Where the slices of the input and the filters lie, and where they end."""

    inputs: tuple[SliceBox, ...]
    windows: tuple[SliceBox, ...]
    filters: tuple[tuple[SliceBox, ...], ...]
    names: tuple[tuple[float, float], ...]
    ends: tuple[tuple[float, float], ...]
    right: float
    bottom: float


def _arrange_rows(
    parts: VolumeParts, plane: SliceBox, filter_box: SliceBox, text: float, has_windows: bool
) -> _ReadParts:
    """A channel a row: its slice, its window, and the slices of all filters."""
    line, gap = text * LINE, text * GAP
    wide, high, count = filter_box.box.width, filter_box.box.height, len(parts.filters)
    row = max(plane.box.height, high + 2 * line if count else 0) + line
    slot = max(wide, text * END) + gap
    first = plane.box.width + 2 * gap + (wide + gap if has_windows else 0)
    tops = [line + c * row for c in range(len(parts.channels))]
    inputs = tuple(replace(plane, x=line, y=y) for y in tops)
    windows = (
        tuple(replace(filter_box, x=line + plane.box.width + gap, y=y + line) for y in tops) if has_windows else ()
    )
    lefts = [line + first + k * slot for k in range(count)]
    filters = tuple(tuple(replace(filter_box, x=x, y=y + line) for y in tops) for x in lefts)
    end = line + len(parts.channels) * row
    right = (line + (first + count * slot if count else plane.box.width + 2 * gap)) if parts.channels else 0
    names, ends = tuple((x, 0.0) for x in lefts), tuple((x, end) for x in lefts)
    return _ReadParts(inputs, windows, filters, names, ends, right, end + (2 * line if count else 0))


def _arrange_columns(
    parts: VolumeParts, plane: SliceBox, filter_box: SliceBox, text: float, has_windows: bool
) -> _ReadParts:
    """A channel a column: its slice, below it its window and the slices of all filters."""
    line, gap = text * LINE, text * GAP
    wide, high, channels = filter_box.box.width, filter_box.box.height, range(len(parts.channels))
    name = text * NAME if parts.filters else 0
    slot = max(plane.box.width, wide, text * 3) + gap
    inputs = tuple(replace(plane, x=name + c * slot + (slot - gap - plane.box.width) / 2, y=line) for c in channels)
    lefts = [name + c * slot + (slot - gap - wide) / 2 for c in channels]
    y = line + plane.box.height + gap if parts.channels else 0.0
    windows: tuple[SliceBox, ...] = ()
    if has_windows:
        windows = tuple(replace(filter_box, x=x, y=y) for x in lefts)
        y += high + gap
    filters, names, ends = list[tuple[SliceBox, ...]](), list[tuple[float, float]](), list[tuple[float, float]]()
    for _ in parts.filters:
        filters.append(tuple(replace(filter_box, x=x, y=y) for x in lefts))
        names.append((0.0, y + high / 2 - line / 2))
        ends.append((name + len(parts.channels) * slot, y + max(0.0, high / 2 - line)))
        y += max(high, 2 * line) + line + gap / 2
    right = name + len(parts.channels) * slot + (text * END if parts.filters else 0) + gap
    return _ReadParts(inputs, windows, tuple(filters), tuple(names), tuple(ends), right, y)


def _fit_lines(count: int, height: float, line: float) -> int:
    return min(count, max(4, int(height // line)))
