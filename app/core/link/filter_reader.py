"""The filters of a convolution and the numbers of a typed picture, read from their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..messages import say
from ..scene import Filter, Learned, Named, Planes, Random
from ..weights.kernels import KERNELS, kernel
from .coerce import near_name, near_number, near_whole
from .reader import Reader
from .syntax import LARGEST, NUMBER_CHARACTERS, Cells, is_name

MOST_INDEX = 1_000_000


def read_filters(reader: Reader, filters: Sequence[Filter | None]) -> tuple[Filter, ...]:
    """The filters that could be read, as many maps as the limit lets."""
    if not filters:
        reader.error("no_filter", "filters", "", say("filter"), say("layer_dropped"))
    good = [one for one in filters if one is not None]
    if filters and not good:
        reader.note("no_filter_left", "filters")
    total, most = sum(map(_maps, good)), reader.limits.filters
    if total > most:
        reader.too_many("filters", total, most)
    kept: list[Filter] = []
    for one in good:
        room = most - sum(map(_maps, kept))
        if isinstance(one, Random) and room > 0:
            kept.append(replace(one, count=min(one.count, room)))
        elif room > 0:
            kept.append(one)
    return tuple(kept)


def _maps(one: Filter) -> int:
    return one.count if isinstance(one, Random) else 1


def read_kernel(reader: Reader, name: str) -> Named | None:
    """A classic filter by its name, or the one that was meant."""
    if kernel(name):
        return Named(name)
    names = [row.name for row in KERNELS]
    near = near_name(name, names)
    reader.unknown("unknown", "filters", name, names, "" if near else say("part_dropped"))
    return Named(near) if near else None


def read_random(reader: Reader, parts: Sequence[str], written: str) -> Random | None:
    """Filters drawn by chance: count, height and width, within the limits."""
    side, most = reader.limits.kernel_side, reader.limits.filters
    ends = (most, side, side)
    found = [near_whole(text, 1, end) for text, end in zip(parts, ends, strict=False)]
    values = [value for value, _ in found if value is not None]
    near = Random(*values) if len(values) == len(parts) == len(ends) else None
    if near is None or not all(good for _, good in found):
        used = "" if near is None else f"random*{near.count}@{near.height}x{near.width}"
        then = say("nearest", used=used) if near else say("part_dropped")
        reader.error("bad", "filters", written, say("random", filters=most, side=side), then)
    return near


def read_learned(
    reader: Reader, names: tuple[str, str], which: tuple[str | None, str | None], written: str
) -> Learned | None:
    """A learned filter: model and layer, index and moment. Whether it exists is not asked here."""
    index, moment = ((None, True) if text is None else near_whole(text, 0, MOST_INDEX) for text in which)
    if all(map(is_name, names)) and index[1] and moment[1]:
        return Learned(*names, index[0], moment[0])
    reader.error("bad", "filters", written, say("learned"), say("part_dropped"))
    return None


def read_planes(
    reader: Reader, cells: Cells | None, divisor: str | None, written: str, *, image: bool
) -> Planes | None:
    """Typed numbers, within the limits. A picture with short rows is filled with 0; such a filter is left out."""
    field, dropped = ("image", "") if image else ("filters", say("part_dropped"))
    if cells is None:
        reader.error("bad", field, written, say("planes"), dropped)
        return None
    if not cells or any(not plane or not all(plane) or plane == [[""]] for plane in cells):
        reader.error("empty", field, written, say("planes"), dropped)
        return None
    cells = _cut(reader, cells, reader.limits.side if image else reader.limits.kernel_side, field)
    rows, columns = _largest(cells)
    if any(len(plane) != rows or any(len(row) != columns for row in plane) for plane in cells):
        reader.error("ragged", field, written, say("same_size"), say("filled") if image else dropped)
        if not image:
            return None
        cells = _filled(cells, rows, columns)
    return Planes(_numbers(reader, cells, field), _divisor(reader, divisor))


def _largest(cells: Cells) -> tuple[int, int]:
    return max(map(len, cells)), max(len(row) for plane in cells for row in plane)


def _cut(reader: Reader, cells: Cells, side: int, field: str) -> Cells:
    cells = list(reader.at_most("planes", cells, reader.limits.filters))
    rows, columns = _largest(cells)
    if rows <= side and columns <= side:
        return cells
    reader.error("too_large", field, f"{rows:,}x{columns:,}", say("rows_columns", side=side), say("cut"))
    return [[row[:side] for row in plane[:side]] for plane in cells]


def _filled(cells: Cells, rows: int, columns: int) -> Cells:
    wide = ([[*row, *["0"] * (columns - len(row))] for row in plane] for plane in cells)
    return [[*plane, *[["0"] * columns] * (rows - len(plane))] for plane in wide]


def _numbers(reader: Reader, cells: Cells, field: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    bad: list[tuple[str, str]] = []

    def good(text: str) -> str:
        value, kept = near_number(text)
        if not kept:
            bad.append((text, value or "0"))
        return value or "0"

    planes = tuple(tuple(tuple(map(good, row)) for row in plane) for plane in cells)
    if bad:
        can_be = say("a_number", least=-LARGEST, most=LARGEST, characters=NUMBER_CHARACTERS)
        more = say("and_more", count=len(bad) - 1) if len(bad) > 1 else ""
        reader.error("bad_number", field, bad[0][0], can_be, say("nearest", used=bad[0][1]) + more)
    return planes


def _divisor(reader: Reader, text: str | None) -> int:
    if text is None:
        return 1
    value, good = near_whole(text, 1, LARGEST)
    if not good:
        reader.error("bad", "divisor", text, say("whole", least=1, most=LARGEST), say("nearest", used=str(value or 1)))
    return value or 1
