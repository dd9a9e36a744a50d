"""The filter of a layer as one big matrix, as a picture: times the input as a column, plus b, it is the map.

`static/pure/tabs/sharing/weights-matrix.js` draws the same on the page.
"""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ...core.arrays import Maps
from ...core.explain.step import explain_step
from ...core.number_text import format_number
from ...core.ops.geometry import find_source_index
from ...core.trace.color_scale import color_values, make_weight_scale
from ...core.trace.stage_info import FilterInfo
from ...core.trace.trace import Stage, Trace, get_read
from ...core.writing.step_writer import write_step
from ..color import Colors
from ..figure.primitives import Box, CellImage, Line, Primitive, Rect
from ..figure.theme import Style
from ..figure_content.written_cells import count_written
from ..view_position import ViewPosition
from .view_texts import write_view_text

Wires = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]
LARGEST_CELL, SMALLEST_CELL, LINE = 44.0, 20.0, 26.0
MOST_PIXELS = (420, 620)
MOST_WIRES = 4_000_000
"""Of a matrix with more wires some rows are drawn, at least one for each row of pixels."""
NO_CELL = -1
MOST_EVEN, GOLDEN_ANGLE = 12, 137.508
KNOWN_BEATS = ("sum", "bias", "write")


def lay_out_matrix(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the matrix of the map, or of a fully connected layer, with the row of the cell in focus."""
    stage = position.stage
    before = get_read(trace, stage, position.map)
    rows = len(stage.output) if stage.geometry is None else stage.output[position.map].size
    columns = before.output.size
    shape = write_view_text("matrix_shape", rows=rows, columns=columns)
    law = f"{shape}: {write_view_text('matrix_title')}"
    yield style.write("view", (room.left, room.top + 15), law, style.theme.text, "bold", 17)
    lines = max(rows, columns) + 1
    cell = min(LARGEST_CELL, room.width / (columns + 7), (room.height - LINE) / lines)
    area = Box(room.left, room.top + LINE, room.width, room.height - LINE)
    if cell >= SMALLEST_CELL:
        yield from _draw_tables(style, trace, position, find_wires(stage, before, position.map), area, cell)
    else:
        yield from _draw_structure(style, position, before, (rows, columns), area)


def find_wires(stage: Stage, before: Stage, map: int, neurons: Indices | None = None) -> Wires:
    """The input cell that each weight of each neuron meets, (neurons, weights): its index in the flattened input.

    NO_CELL is a zero of the padding. The neurons are the cells of a map, or the outputs of a fully connected layer.
    With `neurons` only those cells of the map, by their numbers in reading order.
    """
    channels, height, width = before.output.shape
    if stage.geometry is None:
        return np.broadcast_to(np.arange(before.output.size), (len(stage.output), before.output.size))
    filters = stage.info.filters or FilterInfo()
    own = channels // filters.groups
    first = map // (len(stage.output) // filters.groups) * own
    axes = []
    for axis, size in ((stage.geometry.rows, height), (stage.geometry.columns, width)):
        read = [
            [find_source_index(cell, size, filters.padding_mode) for cell in axis.window_cells(at)]
            for at in range(axis.positions)
        ]
        axes.append(np.array([[NO_CELL if cell is None else cell for cell in row] for row in read], np.int64))
    if neurons is None:
        neurons = np.arange(len(axes[0]) * len(axes[1]))
    rows, columns = np.divmod(neurons, len(axes[1]))
    down, across = axes[0][rows][:, None, :, None], axes[1][columns][:, None, None, :]
    planes = np.arange(first, first + own)[None, :, None, None] * height
    wires = np.where((down == NO_CELL) | (across == NO_CELL), NO_CELL, (planes + down) * width + across)
    return wires.reshape(len(neurons), -1)


def color_of_weight(index: int, count: int, is_dark: bool, is_line: bool = False) -> tuple[int, int, int]:
    """The color that says which weight it is, as a surface or as a line."""
    hue = round(index * 360 / count if count <= MOST_EVEN else index * GOLDEN_ANGLE % 360)
    light, strong = (0.68 if is_line else 0.3, 0.75 if is_line else 0.45) if is_dark else (0.84, 0.75)
    if is_line and not is_dark:
        light, strong = 0.36, 0.8
    red, green, blue = colorsys.hls_to_rgb(hue / 360, light, strong)
    return round(red * 255), round(green * 255), round(blue * 255)


def _get_weight(stage: Stage) -> Maps:
    """The weights of a stage that has a matrix. Raises ValueError for any other."""
    if stage.weight is None:
        raise ValueError(f"the operation {stage.info.op} has no weights")
    return stage.weight


def _is_shared(stage: Stage) -> bool:
    return stage.geometry is not None and stage.output[0].size > 1


def _row_in_focus(position: ViewPosition) -> int:
    row, column = position.cell
    return position.map if position.stage.geometry is None else row * position.stage.output.shape[2] + column


def _write_rows(trace: Trace, position: ViewPosition, rows: int) -> list[tuple[list[str], str]]:
    """For each neuron its weights and, once it is known, its result."""
    stage, here = position.stage, _row_in_focus(position)
    is_linear = stage.geometry is None
    is_known = position.view.beat in KNOWN_BEATS
    written = count_written(trace, position, position.view.beat)[stage.info.index]
    said = []
    for row in range(rows):
        place = (row, 0, 0) if is_linear else (position.map, *divmod(row, stage.output.shape[2]))
        texts = write_step(trace, explain_step(trace, stage.info.index, *place))
        weights = [text for channel in texts.channels for line in channel.weights for text in line]
        seen = is_known if row == here or is_linear else row < written
        said.append((weights, texts.result if seen else ""))
    return said


def _draw_tables(
    style: Style, trace: Trace, position: ViewPosition, wires: Wires, room: Box, cell: float
) -> Iterator[Primitive]:
    """Every number of the matrix, the column of the input, b and the column of the map."""
    theme, stage, here = style.theme, position.stage, _row_in_focus(position)
    before = get_read(trace, stage, position.map)
    rows, count = wires.shape
    columns = before.output.size
    said = _write_rows(trace, position, rows)

    def write(box: Box, text: str, color: str, part: str) -> Primitive:
        shown, size = style.fit(text, "mono", (15, 13, 11, 9), box.width - 3)
        return style.write(part, box.center, shown, color, "mono", size, "middle", "middle")

    for row, sources in enumerate(wires.tolist()):
        weights, result = said[row]
        for column in range(columns):
            box = Box(room.left + column * cell, room.top + row * cell, cell, cell)
            wired = [n for n, source in enumerate(sources) if source == column]
            fill = theme.sunken
            if wired and _is_shared(stage):
                fill = "#{:02x}{:02x}{:02x}".format(*color_of_weight(wired[0], count, theme.is_dark))
            yield Rect("view-matrix", box, fill, theme.surface, 1)
            text = " + ".join(weights[n] for n in wired) or "0"
            yield write(box, text, theme.text if wired else theme.muted, "view-matrix")
        left = room.left + (columns + 4.5) * cell
        box = Box(left, room.top + row * cell, 1.8 * cell, cell)
        yield Rect("view-map", box, "", theme.output, 2 if row == here else 1)
        if result:
            yield write(box, result, theme.output, "view-map")
        else:
            yield from style.cover("view-map", box.grow(-2))
    window = set(wires[here].tolist())
    for n, value in enumerate(before.output.ravel().tolist()):
        box = Box(room.left + (columns + 1) * cell, room.top + n * cell, 1.4 * cell, cell)
        yield Rect("view-input", box, "", theme.input, 2.5 if n in window else 1)
        yield write(box, format_number(value), theme.text, "view-input")
    middle = room.top + cell / 2
    signs = ((columns + 0.5, "·"), (columns + 3.45, f"+ {_write_bias(trace, position)} ="))
    for at, sign in signs:
        center = (room.left + at * cell, middle)
        yield style.write("view-sign", center, sign, theme.text, "mono", 15, "middle", "middle")
    outline = Box(room.left - 1, room.top + here * cell - 1, columns * cell + 2, cell + 2)
    yield Rect("view-row", outline, "", theme.text, 2.5)


def _write_bias(trace: Trace, position: ViewPosition) -> str:
    texts = write_step(trace, explain_step(trace, position.stage.info.index, position.map, *position.cell))
    divided = f"÷ {texts.divisor} + " if texts.divisor else ""
    return divided + (texts.bias_written or texts.bias or "0")


def _draw_structure(
    style: Style, position: ViewPosition, before: Stage, size: tuple[int, int], room: Box
) -> Iterator[Primitive]:
    """The wires of a large matrix, each weight in its color; rows and columns that share a pixel are one."""
    theme, stage, here = style.theme, position.stage, _row_in_focus(position)
    rows, columns = size
    high, wide = pixels = min(rows, MOST_PIXELS[0]), min(columns, MOST_PIXELS[1])
    box = Box(room.left, room.top, min(room.width * 0.72, wide * 12), min(room.height - 40, high * 12))
    if _is_shared(stage):
        yield CellImage("view-matrix", box, _paint_shared(style, position, before, size, pixels))
    else:
        weight = _write_unshared(stage, before, position.map, columns)
        sampled = weight[np.arange(high) * rows // high][:, np.arange(wide) * columns // wide]
        yield CellImage("view-matrix", box, color_values(sampled, make_weight_scale(weight), theme.is_dark))
    middle = box.top + (here + 0.5) / rows * box.height
    for y in (middle - 4, middle + 4):
        yield Line("view-row", box.left - 4, y, box.right + 4, y, theme.text, 1.5)
    told: Sequence[str] = ("matrix_row", "matrix_no_wire", "matrix_colors") if _is_shared(stage) else ("matrix_row",)
    for index, code in enumerate(told):
        text = write_view_text(code, row=here) if code == "matrix_row" else write_view_text(code)
        yield style.write("view-says", (box.right + 24, box.top + 20 + 26 * index), text, theme.text, "sans", 15)


def _paint_shared(
    style: Style, position: ViewPosition, before: Stage, size: tuple[int, int], pixels: tuple[int, int]
) -> Colors:
    """A matrix of `size` (rows, columns) in `pixels` (rows, columns); two neurons to a row of pixels leave no gap."""
    (rows, columns), (high, wide), theme = size, pixels, style.theme
    count = _get_weight(position.stage)[position.map].size
    drawn = min(rows, max(2 * high, MOST_WIRES // count))
    neurons = np.arange(drawn) * rows // drawn
    wires, lines = find_wires(position.stage, before, position.map, neurons), neurons * high // rows
    colors: Colors = np.empty((high, wide, 3), np.uint8)
    colors[:] = np.frombuffer(bytes.fromhex(theme.sunken[1:]), np.uint8)
    for n in range(count):
        met = wires[:, n] != NO_CELL
        colors[lines[met], wires[met, n] * wide // columns] = color_of_weight(n, count, theme.is_dark, True)
    return colors


def _write_unshared(stage: Stage, before: Stage, map: int, columns: int) -> Maps:
    """The matrix of a layer whose weights are used once: a fully connected one, or a filter at its only place."""
    weight = _get_weight(stage)
    if stage.geometry is None:
        return weight
    (sources,) = find_wires(stage, before, map)
    met = sources != NO_CELL
    row: Maps = np.zeros((1, columns), np.float32)
    np.add.at(row[0], sources[met], weight[map].ravel()[met])
    return row
