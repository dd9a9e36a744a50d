"""Lays out a view of sharing in the place of the maps: which of its pictures, with its name above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from ....core.trace.trace import Trace
from ....core.views.sharing_values import SharingValues, read_sharing_values
from ...figure.primitives import Box, Primitive
from ...figure.theme import Style
from ...figure_content.written_cells import count_written
from ...view_position import ViewPosition
from ..blocks import Block
from .letters_drawing import draw_letters
from .neuron_column_drawing import draw_neuron_column
from .neuron_drawing import draw_neuron
from .neuron_map_drawing import draw_neuron_map
from .sharing_texts import write_sharing_text
from .weight_counts_drawing import draw_weight_counts
from .weights_matrix_drawing import draw_weights_matrix
from .windows_matrix_drawing import draw_windows_matrix

NEURON_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "one": "sharing_neuron_one",
        "map": "sharing_neuron_map",
        "full": "sharing_neuron_full",
        "column": "sharing_neuron_column",
    }
)
HEAD = 17.0
DOWN, MOST_DOWN = 0.25, 40.0
"""How far a picture that leaves room is moved down: in parts of that room, and in points."""


def lay_out_neuron(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the neuron of the cell in focus: alone, with those of its map, counted, or with those at its place."""
    kind = position.view.neuron
    values = _read(trace, position, position.view.letters and kind in ("one", "map"))
    place = position.map, *position.cell
    head = _write_head(style, NEURON_NAMES[kind])
    left = _below(room, head)
    match kind:
        case "map":
            body = draw_neuron_map(style, values, position.view.press, left)
        case "full":
            body = draw_weight_counts(style, values, left)
        case "column":
            body = draw_neuron_column(style, values, left)
        case _:
            body = draw_neuron(style, trace, place, values, left)
    yield from _place(room, head, body)


def lay_out_matrix(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the layer as a matrix: the filter as one big matrix, or its windows as rows."""
    values = _read(trace, position, position.view.letters)
    is_one = values.wiring.is_linear or position.stage.info.op == "convtranspose"
    is_windows = position.view.matrix == "windows" and not is_one
    name = "sharing_matrix_linear" if values.wiring.is_linear else "sharing_matrix_weights"
    head = _write_head(style, "sharing_matrix_windows" if is_windows else name)
    left = _below(room, head)
    if is_windows:
        body = draw_windows_matrix(style, values, left)
    else:
        body = draw_weights_matrix(style, values, position.view, left)
    yield from _place(room, head, body)


def lay_out_letters(style: Style, trace: Trace, position: ViewPosition, room: Box) -> Iterator[Primitive]:
    """Lay out the windows of a convolution in letters, each with its line, and the lines together."""
    head = _write_head(style, "sharing_letters")
    body = draw_letters(style, _read(trace, position, True), position.view.press, _below(room, head))
    yield from _place(room, head, body)


def _read(trace: Trace, position: ViewPosition, has_letters: bool) -> SharingValues:
    stage, beat = position.stage, position.view.beat
    written = count_written(trace, position, beat)[stage.info.index]
    return read_sharing_values(trace, (position.map, *position.cell), stage, beat, written, has_letters)


def _write_head(style: Style, code: str) -> Block:
    if style.is_glance:
        return Block()
    line = style.write("view", (0, 15), write_sharing_text(code), style.theme.text, "bold", HEAD)
    return Block((line,), line.width, 20)


def _below(room: Box, head: Block) -> Box:
    high = head.height + 10 if head.height else 0
    return replace(room, height=room.height - high)


def _place(room: Box, head: Block, body: Block) -> Iterator[Primitive]:
    """The name at the upper edge, the picture below it; a small one nearer to the middle."""
    yield from head.list_primitives(room.left, room.top)
    left = _below(room, head)
    free = max(0.0, left.height - body.height)
    yield from body.list_primitives(room.left, room.bottom - left.height + min(MOST_DOWN, free * DOWN))
