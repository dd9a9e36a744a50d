"""A view in a thumbnail: its drawing without its sentences, as large as it fits, with the texts that stay readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ...core.trace.trace import Trace
from ..view_position import ViewPosition
from ..views.blocks import move, scale
from ..views.curve_drawing import lay_out_curve
from ..views.field_drawing import lay_out_field
from ..views.filter_table.filter_table_drawing import lay_out_filter_table
from ..views.program_drawing import lay_out_program
from ..views.sharing.sharing_layout import lay_out_letters, lay_out_matrix, lay_out_neuron
from ..views.signal.signal_drawing import lay_out_signal
from ..views.volume.volume_drawing import lay_out_volume
from .figure_layout import ViewLayout, find_view
from .primitives import Box, Line, Primitive, TextLine
from .theme import Style

SENTENCES = ("view", "view-says", "view-law", "view-legend", "view-axis", "view-name")
"""Parts of which a thumbnail has no texts."""
LEAST_TEXT = 7.5
"""Size of the smallest text of a thumbnail, in its points: 15 pixels in the file."""
GAP = 12
MOST_FACTOR, LOW = 1.0, 0.35
"""How much larger it is drawn at most, and below which part of the height it is a line or two."""
USUAL_ROOM = 600, 330
ROOMS: Mapping[ViewLayout, tuple[int, int]] = {
    lay_out_curve: (640, 330),
    lay_out_field: (584, 440),
    lay_out_filter_table: (452, 228),
    lay_out_letters: (365, 190),
    lay_out_matrix: (365, 190),
    lay_out_neuron: (365, 190),
    lay_out_program: (420, 252),
    lay_out_signal: (520, 320),
    lay_out_volume: (640, 340),
}
"""The width and height in which a view is laid out before it is shrunk: the smaller, the larger its texts."""


def lay_out_small_view(style: Style, trace: Trace, position: ViewPosition, room: Box) -> tuple[Primitive, ...]:
    """Lay out the open view in the room of a thumbnail; () where no view is open, or too little of it can be seen."""
    lay_out = find_view(trace, position)
    if lay_out is None:
        return ()
    wide, high = ROOMS.get(lay_out, USUAL_ROOM)
    drawn = tuple(lay_out(replace(style, is_glance=True), trace, position, Box(0, 0, wide, high)))
    kept = [one for one in drawn if not (isinstance(one, TextLine) and one.part in SENTENCES)]
    shrunk = _shrink(kept, room)
    if position.view.tab == "equation" and len(shrunk) < len(kept):
        return ()  # an equation without some of its terms
    if shrunk and is_low(shrunk, room):  # one line alone: its law has room, too
        return _shrink([one for one in drawn if one.part == "view" or one.part not in SENTENCES], room)
    return shrunk


def put_above(figure: Sequence[Primitive], view: Sequence[Primitive], room: Box) -> tuple[Primitive, ...]:
    """Put the thumbnail of a figure above a view that is a line or two; alone where there is no view."""
    if not view:
        return tuple(figure)
    box = _find_box(view)
    above = replace(room, height=room.height - box.height - GAP)
    return (*_shrink(figure, above), *move(view, 0, room.bottom - box.bottom))


def is_low(primitives: Sequence[Primitive], room: Box) -> bool:
    """Whether primitives are a line or two, or none, so that there is room for the figure above them."""
    return not primitives or _find_box(primitives).height < LOW * room.height


def _shrink(kept: Sequence[Primitive], room: Box) -> tuple[Primitive, ...]:
    """Shrink primitives into a room, without texts that would be too small."""
    factor = _find_factor(kept, room)
    readable = [one for one in kept if not isinstance(one, TextLine) or (one.text and one.size * factor >= LEAST_TEXT)]
    if not readable:
        return ()
    around, factor = _find_box(readable), _find_factor(readable, room)
    x, y = room.center[0] - around.center[0] * factor, room.center[1] - around.center[1] * factor
    return tuple(move(scale(readable, factor), x, y))


def _find_factor(primitives: Sequence[Primitive], room: Box) -> float:
    around = _find_box(primitives) if primitives else room
    return min(MOST_FACTOR, room.width / max(around.width, 1), room.height / max(around.height, 1))


def _find_box(primitives: Iterable[Primitive]) -> Box:
    """The box around primitives."""
    left, top, right, bottom = zip(*map(_list_sides, primitives), strict=True)
    return Box(min(left), min(top), max(right) - min(left), max(bottom) - min(top))


def _list_sides(one: Primitive) -> tuple[float, float, float, float]:
    if isinstance(one, Line):
        return min(one.x, one.to_x), min(one.y, one.to_y), max(one.x, one.to_x), max(one.y, one.to_y)
    return one.box.left, one.box.top, one.box.right, one.box.bottom
