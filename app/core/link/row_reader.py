"""Reads the weights of a fully connected layer of one's own, from links and from JSON."""

from __future__ import annotations

import re

from ..scene import Planes, RandomRows, Rows, ShapeRows
from ..texts import Text, make_text
from .coerce import clamp_whole
from .filter_reader import MOST_MAPS, read_planes
from .reader import SceneReader
from .syntax import RawPlanes, split_planes

_COUNT = re.compile(r"-?[0-9]+")
_RANDOM = "random*"


def is_row_text(text: str) -> bool:
    """Whether the head of a fully connected layer says its weights, and does not name a trained layer."""
    return text.startswith(("(", _RANDOM)) or _COUNT.fullmatch(text) is not None


def read_row_text(reader: SceneReader, text: str) -> Rows | None:
    """The weights of a link: `(1,2;3,4)/2`, `random*10` or `10`; None where there are none."""
    if text.startswith("("):
        cells, divisor = split_planes(text) or (None, None)
        return read_typed_rows(reader, cells, divisor, text)
    if text.startswith(_RANDOM):
        return read_random_rows(reader, text.removeprefix(_RANDOM), text)
    return read_shape_rows(reader, text, text)


def read_typed_rows(
    reader: SceneReader, cells: RawPlanes | None, divisor: str | None, written: Text | str
) -> Planes | None:
    """Typed rows of one length; each may be as long as any input has numbers."""
    if cells is not None and len(cells) != 1:
        reader.add_error("invalid_value", "weights", written, make_text("weights"), make_text("layer_dropped"))
        return None
    if cells is not None:
        cells = [list(reader.take_at_most("rows", cells[0], reader.limits.filters))]
    return read_planes(reader, cells, divisor, written, "weights")


def read_random_rows(reader: SceneReader, count: str, written: Text | str) -> RandomRows | None:
    """Random rows of whole numbers."""
    found = _read_count(reader, count, reader.limits.filters, "random_rows", "random*", written)
    return RandomRows(found) if found else None


def read_shape_rows(reader: SceneReader, count: str, written: Text | str) -> ShapeRows | None:
    """The number of outputs alone."""
    found = _read_count(reader, count, MOST_MAPS, "shape_rows", "", written)
    return ShapeRows(found) if found else None


def _read_count(
    reader: SceneReader, text: str, most: int, allowed: str, beginning: str, written: Text | str
) -> int | None:
    count, is_exact = clamp_whole(text, 1, most)
    if not is_exact:
        then = make_text("nearest", used=f"{beginning}{count}") if count else make_text("layer_dropped")
        reader.add_error("invalid_value", "weights", written, make_text(allowed, most=most), then)
    return count
