"""Reads the filters of a convolution and the numbers of a typed picture, from links and from JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..ops.layer_options import CONV_OPTIONS
from ..scene import Filter, LearnedFilters, NamedFilter, Planes, RandomFilters, RandomMaps, ShapeFilters
from ..texts import Text, make_text
from ..weights.kernels import KERNELS, find_kernel
from .coerce import clamp_number, clamp_whole, find_near_name
from .reader import SceneReader
from .syntax import LARGEST_NUMBER, MOST_NUMBER_CHARACTERS, RawPlanes, is_name

MOST_INDEX = 1_000_000
MOST_MAPS = 65_536
"""The most maps of a random input, and filters of a shape: a link names no map beyond. Their cost is limited, too."""
_DROPPED = {"image": None, "weights": make_text("layer_dropped")}
"""What becomes of typed numbers that cannot be read; those of other fields are left out."""
SEED = next(option for option in CONV_OPTIONS if option.name == "seed")


def read_filters(reader: SceneReader, filters: Sequence[Filter | None]) -> tuple[Filter, ...]:
    """The filters that could be read, up to the limit of maps."""
    if not filters:
        reader.add_error("no_filter", "filters", "", make_text("filter"), make_text("layer_dropped"))
    readable = [one for one in filters if one is not None]
    if filters and not readable:
        reader.add_note("no_filter_left", "filters")
    total, most = sum(map(_count_maps, readable)), reader.limits.filters
    if total > most:
        reader.add_too_many("filters", total, most)
    kept: list[Filter] = []
    for one in readable:
        room = most - sum(map(_count_maps, kept))
        if isinstance(one, RandomFilters) and room > 0:
            kept.append(replace(one, count=min(one.count, room)))
        elif room > 0 or isinstance(one, ShapeFilters):
            kept.append(one)
    return tuple(kept)


def _count_maps(one: Filter) -> int:
    """The maps of a written filter; 0 for a shape, which nobody types one by one."""
    return one.count if isinstance(one, RandomFilters) else 0 if isinstance(one, ShapeFilters) else 1


def read_kernel(reader: SceneReader, name: str) -> NamedFilter | None:
    """The classic filter of that name, or the one with the most similar name."""
    if find_kernel(name):
        return NamedFilter(name)
    names = [row.name for row in KERNELS]
    near = find_near_name(name, names)
    reader.add_unknown_name("unknown", "filters", name, names, None if near else make_text("part_dropped"))
    return NamedFilter(near) if near else None


def read_random(reader: SceneReader, parts: Sequence[str], written: Text | str) -> RandomFilters | None:
    """Random filters from count, height and width, within the limits."""
    side, most = reader.limits.kernel_side, reader.limits.filters
    ends = (most, side, side)
    found = [clamp_whole(text, 1, end) for text, end in zip(parts, ends, strict=False)]
    values = [value for value, _ in found if value is not None]
    near = RandomFilters(*values) if len(values) == len(parts) == len(ends) else None
    if near is None or not all(exact for _, exact in found):
        used = "" if near is None else f"random*{near.count}@{near.height}x{near.width}"
        then = make_text("nearest", used=used) if near else make_text("part_dropped")
        reader.add_error("invalid_value", "filters", written, make_text("random", filters=most, side=side), then)
    return near


def read_shape(reader: SceneReader, parts: Sequence[str], written: Text | str) -> ShapeFilters | None:
    """Filters of which only the shape is given, from count, height and width."""
    found, exact = _clamp_three(parts, reader.limits.side)
    near = ShapeFilters(*found) if found else None
    if near is None or not exact:
        used = "" if near is None else f"{near.count}@{near.height}x{near.width}"
        then = make_text("nearest", used=used) if near else make_text("part_dropped")
        allowed = make_text("shape", filters=MOST_MAPS, side=reader.limits.side)
        reader.add_error("invalid_value", "filters", written, allowed, then)
    return near


def read_image_seed(reader: SceneReader, options: Sequence[str], field: str) -> str | None:
    """The seed among the options of a random image, such as `seed=1`, as it is written; an error for any other."""
    seed = None
    for part in options:
        key, equals, value = part.partition("=")
        if key == "seed" and equals:
            seed = value
        else:
            can_be = make_text("key_value", key="seed")
            reader.add_error("unknown_key", field, part, can_be, make_text("part_dropped"))
    return seed


def read_random_maps(
    reader: SceneReader, parts: Sequence[str], seed: str | None, written: Text | str, field: str
) -> RandomMaps | None:
    """A random input from count, height, width and seed."""
    found, exact = _clamp_three(parts, reader.limits.side)
    number, exact_seed = (0, True) if seed is None else clamp_whole(seed, SEED.least, SEED.most)
    if not found:
        dropped = make_text("part_dropped") if field == "batch" else None
        reader.add_error("invalid_value", field, written, _describe_random_maps(reader), dropped)
        return None
    near = RandomMaps(*found, number or 0)
    if not exact:
        then = make_text("nearest", used=f"random*{near.count}@{near.height}x{near.width}")
        reader.add_error("invalid_value", field, written, _describe_random_maps(reader), then)
    if not exact_seed:
        allowed = make_text("whole", least=SEED.least, most=SEED.most)
        reader.add_error("invalid_value", "seed", seed or "", allowed, make_text("nearest", used=str(near.seed)))
    return near


def _describe_random_maps(reader: SceneReader) -> Text:
    return make_text("random_maps", maps=MOST_MAPS, side=reader.limits.side)


def _clamp_three(parts: Sequence[str], side: int) -> tuple[tuple[int, int, int] | None, bool]:
    """(count, height and width nearest to the texts, None where one is no number; whether all are exact)."""
    ends = (MOST_MAPS, side, side)
    found = [clamp_whole(text, 1, end) for text, end in zip(parts, ends, strict=False)]
    values = [value for value, _ in found if value is not None]
    if len(parts) != len(ends) or len(values) != len(ends):
        return None, False
    return (values[0], values[1], values[2]), all(exact for _, exact in found)


def read_learned(
    reader: SceneReader, names: tuple[str, str], index_and_moment: tuple[str | None, str | None], written: Text | str
) -> LearnedFilters | None:
    """Learned filters from (model, layer) and (index, moment). Does not check that they exist."""
    index, moment = ((None, True) if text is None else clamp_whole(text, 0, MOST_INDEX) for text in index_and_moment)
    if all(map(is_name, names)) and index[1] and moment[1]:
        return LearnedFilters(*names, index[0], moment[0])
    reader.add_error("invalid_value", "filters", written, make_text("learned"), make_text("part_dropped"))
    return None


def read_planes(
    reader: SceneReader,
    cells: RawPlanes | None,
    divisor: str | None,
    written: Text | str,
    field: str = "filters",
) -> Planes | None:
    """Typed numbers, within the limits: of a filter, a picture (`image` or `batch`), or rows of `weights`.

    A picture with short rows is filled with 0; anything else with them is left out.
    """
    is_picture = field in ("image", "batch")
    dropped = _DROPPED.get(field, make_text("part_dropped"))
    if cells is None:
        reader.add_error("invalid_value", field, written, make_text("planes"), dropped)
        return None
    if not cells or any(not plane or not all(plane) or plane == [[""]] for plane in cells):
        reader.add_error("empty", field, written, make_text("planes"), dropped)
        return None
    if field != "weights":
        cells = _crop_planes(reader, cells, reader.limits.side if is_picture else reader.limits.kernel_side, field)
    height, width = _find_largest_size(cells)
    if any(len(plane) != height or any(len(row) != width for row in plane) for plane in cells):
        reader.add_error(
            "ragged", field, written, make_text("same_size"), make_text("filled") if is_picture else dropped
        )
        if not is_picture:
            return None
        cells = _fill_with_zeros(cells, height, width)
    return Planes(_read_numbers(reader, cells, field), _read_divisor(reader, divisor))


def _find_largest_size(cells: RawPlanes) -> tuple[int, int]:
    return max(map(len, cells)), max(len(row) for plane in cells for row in plane)


def _crop_planes(reader: SceneReader, cells: RawPlanes, side: int, field: str) -> RawPlanes:
    cells = list(reader.take_at_most("planes", cells, reader.limits.filters))
    rows, columns = _find_largest_size(cells)
    if rows <= side and columns <= side:
        return cells
    reader.add_error(
        "too_large", field, f"{rows:,}x{columns:,}", make_text("rows_columns", side=side), make_text("cut")
    )
    return [[row[:side] for row in plane[:side]] for plane in cells]


def _fill_with_zeros(cells: RawPlanes, rows: int, columns: int) -> RawPlanes:
    wide = ([[*row, *["0"] * (columns - len(row))] for row in plane] for plane in cells)
    return [[*plane, *[["0"] * columns] * (rows - len(plane))] for plane in wide]


def _read_numbers(reader: SceneReader, cells: RawPlanes, field: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    bad: list[tuple[str, str]] = []

    def read(text: str) -> str:
        value, exact = clamp_number(text)
        if not exact:
            bad.append((text, value or "0"))
        return value or "0"

    planes = tuple(tuple(tuple(map(read, row)) for row in plane) for plane in cells)
    if bad:
        allowed = make_text("a_number", least=-LARGEST_NUMBER, most=LARGEST_NUMBER, characters=MOST_NUMBER_CHARACTERS)
        more = make_text("and_more", count=len(bad) - 1) if len(bad) > 1 else None
        reader.add_error("invalid_number", field, bad[0][0], allowed, make_text("nearest", used=bad[0][1]), more)
    return planes


def _read_divisor(reader: SceneReader, text: str | None) -> int:
    if text is None:
        return 1
    value, exact = clamp_whole(text, 1, LARGEST_NUMBER)
    if not exact:
        reader.add_error(
            "invalid_value",
            "divisor",
            text,
            make_text("whole", least=1, most=LARGEST_NUMBER),
            make_text("nearest", used=str(value or 1)),
        )
    return value or 1
