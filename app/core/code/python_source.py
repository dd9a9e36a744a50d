"""Options, places and slices as Python source."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from ..ops.geometry import Geometry
from ..scene import Pair


def format_comment(text: str) -> str:
    """A comment behind code."""
    return f"  # {text}"


@lru_cache(512)
def format_shape(shape: tuple[int, ...]) -> str:
    """A comment with the shape: `# 3 × 32 × 32`."""
    return format_comment(" × ".join(map(str, shape)))


def format_options(options: Iterable[tuple[str, object, object]], joins_equals: bool = True) -> str:
    """`, name=value` for each (name, value, default) whose value is not the default; a pair of equals as one."""
    write = format_pair if joins_equals else repr
    return "".join(f", {name}={write(value)}" for name, value, default in options if value != default)


def format_pair(value: object) -> str:
    """A pair of equal numbers as one number; any other value as Python writes it."""
    if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1]:
        return repr(value[0])
    return repr(value)


def format_index(place: str, tap: str, stride: int, before: int, dilation: int = 1) -> str:
    """The input cell that a tap of the window at `place` reads, as in `row * 2 - 1 + i`; tap "0" is the first."""
    start = place if stride == 1 else f"{place} * {stride}"
    padding = f" - {before}" if before else ""
    reach = "" if tap == "0" else f" + {tap}" if dilation == 1 else f" + {tap} * {dilation}"
    return f"{start}{padding}{reach}"


def format_steps(steps: Pair) -> str:
    """`, ::2, :` for every second row and every column."""
    return "".join(", :" if step == 1 else f", ::{step}" for step in steps)


def format_moved_slices(by: Pair) -> str:
    """`y[:, 2:, :-1] = x[:, :-2, 1:]` for a shift by 2 rows down and 1 column to the left."""
    to, source = list_moved_slices(by)
    return f"y[:, {', '.join(to)}] = x[:, {', '.join(source)}]"


def list_moved_slices(by: Pair) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(the rows and columns of `y` that a shift fills, those of `x` that it fills them with)."""
    to, source = zip(*map(_slice_overlap, by), strict=True)
    return to, source


def _slice_overlap(cells: int) -> tuple[str, str]:
    if cells == 0:
        return ":", ":"
    return (f"{cells}:", f":-{cells}") if cells > 0 else (f":{cells}", f"{-cells}:")


def write_divisor(divisors: tuple[int, ...], array: str) -> tuple[str, list[str]]:
    """(what sums are divided by, the line that defines it where filters differ)."""
    if len(set(divisors)) == 1:
        return str(divisors[0]), []
    values = f"[{', '.join(f'{divisor}.' for divisor in divisors)}]"
    return "divisor", [f"divisor = {array}({values}){format_comment('of each filter')}"]


def write_division(divisors: tuple[int, ...], array: str, each: str = "") -> tuple[str, list[str]]:
    """(` / 9` behind the sums, "" where nothing divides them; the line that defines divisors that differ).

    `each` is what turns the divisors of the filters, a list of as many numbers, into the shape that divides the sums.
    """
    if all(divisor == 1 for divisor in divisors):
        return "", []
    divisor, definition = write_divisor(divisors, array)
    return f" / {divisor}{each if definition else ''}", definition


def format_sides(geometry: Geometry) -> str:
    """The padding of maps (C, H, W) in the words of np.pad, with the cells beyond it that ceil mode reaches."""
    rows, columns = geometry.rows, geometry.columns
    sides = (rows.before, rows.after + rows.overhang), (columns.before, columns.after + columns.overhang)
    return repr(((0, 0), *sides))
