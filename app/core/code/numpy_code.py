"""A layer in NumPy, as loops: the lines from its input `x` and its weights to its output `y`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from ..arrays import Shape
from ..ops import Conv, ConvTranspose, Pool
from ..ops.convolution import NUMPY_MODES
from ..ops.geometry import Geometry
from .python_source import format_comment, format_index, write_divisor

MANY_PRODUCTS = 20_000_000
"""More products than this take Python minutes."""
Loop = tuple[str, int]


@lru_cache(512)
def write_numpy_conv(
    conv: Conv, geometry: Geometry, in_channels: int, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """The loops over filters and places, and within each place over channels and the cells of the window."""
    rows, columns, maps = geometry.rows, geometry.columns, shape[0]
    depth = in_channels // conv.groups
    k, c, i, j = _name("k", maps), _name("c", depth), _name("i", rows.kernel), _name("j", columns.kernel)
    channel = _format_channel(k, c, maps // conv.groups, depth, conv.groups)
    source, lines = "x", [_write_zeros(shape, "filters, rows, columns")]
    guards = conv.padding_mode == "zeros" and any(conv.padding)
    if conv.padding_mode != "zeros" and any(conv.padding):
        source = "padded"
        sides = f"((0, 0), ({rows.before}, {rows.after}), ({columns.before}, {columns.after}))"
        lines.insert(0, f'padded = np.pad(x, {sides}, mode="{NUMPY_MODES[conv.padding_mode]}")')
    top, left = (axis.before if source == "x" else 0 for axis in (rows, columns))
    cell = (
        format_index("row", i, rows.stride, top, rows.dilation),
        format_index("col", j, columns.stride, left, columns.dilation),
    )
    if guards:
        term = [
            f"r, q = {cell[0]}, {cell[1]}",
            f"if 0 <= r < {rows.size} and 0 <= q < {columns.size}:{format_comment('the padding around it is 0')}",
            f"    total += weight[{k}, {c}, {i}, {j}] * x[{channel}, r, q]",
        ]
    else:
        term = [f"total += weight[{k}, {c}, {i}, {j}] * {source}[{channel}, {cell[0]}, {cell[1]}]"]
    result, definition = _divide("total", divisors, f"[{k}]")
    inner = _nest([(c, depth), (i, rows.kernel), (j, columns.kernel)], term)
    body = ["total = 0", *inner, f"y[{k}, row, col] = {result} + bias[{k}]"]
    products = maps * depth * rows.kernel * columns.kernel * rows.positions * columns.positions
    lines += _warn_of_many(products)
    loops = _nest([(k, maps), ("row", rows.positions), ("col", columns.positions)], body)
    return *definition, *lines, *loops


@lru_cache(512)
def write_numpy_transposed(
    conv: ConvTranspose, geometry: Geometry, in_channels: int, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """The loops over input cells, each of which adds a copy of the filter to the output, which is then cropped."""
    rows, columns, maps = geometry.rows, geometry.columns, shape[0]
    depth = in_channels // conv.groups
    k, c, i, j = _name("k", maps), _name("c", depth), _name("i", rows.kernel), _name("j", columns.kernel)
    channel = _format_channel(k, c, maps // conv.groups, depth, conv.groups)
    full = [axis.positions + 2 * crop for axis, crop in zip((rows, columns), conv.padding, strict=True)]
    cell = f"{format_index('row', i, rows.stride, 0, rows.dilation)}, "
    cell += format_index("col", j, columns.stride, 0, columns.dilation)
    loops = [(k, maps), (c, depth), ("row", rows.size), ("col", columns.size), (i, rows.kernel), (j, columns.kernel)]
    products = maps * depth * rows.kernel * columns.kernel * rows.size * columns.size
    lines = [f"y = np.zeros(({maps}, {full[0]}, {full[1]})){format_comment('filters, rows, columns')}"]
    lines += _warn_of_many(products)
    lines += _nest(loops, [f"y[{k}, {cell}] += weight[{k}, {c}, {i}, {j}] * x[{channel}, row, col]"])
    if any(conv.padding):
        down, across = conv.padding
        sides = f"{down} : {down} + {shape[1]}, {across} : {across} + {shape[2]}"
        lines.append(f"y = y[:, {sides}]{format_comment('the padding is cut off')}")
    result, definition = _divide("y", divisors, "[:, None, None]")
    return *lines, *definition, f"y = {result} + bias[:, None, None]"


def _format_channel(k: str, c: str, each: int, depth: int, groups: int) -> str:
    """The input channel that a filter's slice `c` reads, in its group."""
    if groups == 1:
        return c
    group = k if each == 1 else f"{k} // {each}"
    if depth == 1:
        return group
    return f"{group} * {depth} + {c}"


@lru_cache(512)
def write_numpy_pool(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """The loops over maps and places; the window is a slice, which at the edges holds only cells of the input."""
    rows, columns = geometry.rows, geometry.columns
    c = _name("c", shape[0])
    if pool.dilation != (1, 1):
        return _write_dilated_pool(pool, geometry, shape, c)
    body = [*_write_window(pool, geometry, c), f"y[{c}, row, col] = {_format_pooled(pool, geometry)}"]
    lines = [_write_zeros(shape, "maps, rows, columns")]
    return (*lines, *_nest([(c, shape[0]), ("row", rows.positions), ("col", columns.positions)], body))


def _write_dilated_pool(pool: Pool, geometry: Geometry, shape: Shape, channel: str) -> tuple[str, ...]:
    """The loops of a dilated pool; cells that do not count are NaN, which NumPy leaves out."""
    rows, columns = geometry.rows, geometry.columns
    reach = rows.effective_kernel, columns.effective_kernel
    top, left = (format_index(place, "0", axis.stride, 0) for place, axis in (("row", rows), ("col", columns)))
    source, lines = "x", [_write_zeros(shape, "maps, rows, columns")]
    if _leaves_input(geometry):
        source = "padded"
        lines = [*_write_padded(pool, geometry), *lines]
    cells = ", ".join(
        f"{start} : {start} + {length} : {axis.dilation}"
        for start, length, axis in zip((top, left), reach, (rows, columns), strict=True)
    )
    pooled = _format_plain_pool(pool, "window." if source == "x" else "np.nan")
    body = [f"window = {source}[{channel}, {cells}]", f"y[{channel}, row, col] = {pooled}"]
    return (*lines, *_nest([(channel, shape[0]), ("row", rows.positions), ("col", columns.positions)], body))


def _write_padded(pool: Pool, geometry: Geometry) -> list[str]:
    """The input with its padding and what lies beyond: 0 where a sum counts it, else NaN."""
    rows, columns = geometry.rows, geometry.columns
    sides = ((0, 0), (rows.before, rows.after), (columns.before, columns.after))
    beyond = ((0, 0), (0, rows.overhang), (0, columns.overhang))
    counts = pool.kind == "l2" or (pool.kind == "avg" and (pool.count_include_pad or bool(pool.divisor_override)))
    lines = [f"padded = np.pad(x, {sides}, constant_values={'0' if counts else 'np.nan'})"]
    return lines if beyond == ((0, 0),) * 3 else [*lines, f"padded = np.pad(padded, {beyond}, constant_values=np.nan)"]


def _format_plain_pool(pool: Pool, start: str) -> str:
    """A pooled window, by a method of the array or by a function that leaves NaN out."""
    window = "" if start == "window." else "window"
    match pool.kind:
        case "max" | "min":
            return f"{start}{pool.kind}({window})"
        case "l2":
            squares = "(window ** 2).sum()" if start == "window." else "np.nansum(window ** 2)"
            return f"np.sqrt({squares})"
    if pool.divisor_override:
        return f"{start}sum({window}) / {pool.divisor_override}"
    return f"{start}mean({window})"


def _write_window(pool: Pool, geometry: Geometry, channel: str) -> list[str]:
    """The window at (row, col), and where it matters the count of its cells that a mean counts."""
    rows, columns = geometry.rows, geometry.columns
    top, left = (
        format_index("row", "0", rows.stride, rows.before),
        format_index("col", "0", columns.stride, columns.before),
    )
    comment = format_comment("only cells of the input") if _leaves_input(geometry) else ""
    count = _format_count(geometry) if _counts_padding(pool) and _overhangs(geometry) else ""
    if not (rows.before or columns.before or count):
        cells = f"{top} : {top} + {rows.kernel}, {left} : {left} + {columns.kernel}"
        return [f"window = x[{channel}, {cells}]{comment}"]
    cells = f"max(top, 0) : top + {rows.kernel}, max(left, 0) : left + {columns.kernel}"
    return [f"top, left = {top}, {left}", f"window = x[{channel}, {cells}]{comment}", *([count] if count else [])]


def _leaves_input(geometry: Geometry) -> bool:
    """Whether windows reach beyond the input, into its padding or over the edge of it."""
    return any(axis.before or axis.after or axis.overhang for axis in (geometry.rows, geometry.columns))


def _overhangs(geometry: Geometry) -> bool:
    """Whether windows reach beyond the padding, which ceil mode lets them."""
    return bool(geometry.rows.overhang or geometry.columns.overhang)


def _counts_padding(pool: Pool) -> bool:
    """Whether a mean is over more cells than those of the input."""
    return pool.kind == "avg" and pool.count_include_pad and any(pool.padding)


def _format_count(geometry: Geometry) -> str:
    rows, columns = geometry.rows, geometry.columns
    down = f"min(top + {rows.kernel}, {rows.size + rows.after}) - top"
    across = f"min(left + {columns.kernel}, {columns.size + columns.after}) - left"
    return f"count = ({down}) * ({across}){format_comment('the padding counts, what lies beyond it does not')}"


def _format_pooled(pool: Pool, geometry: Geometry) -> str:
    rows, columns = geometry.rows, geometry.columns
    match pool.kind:
        case "max":
            return "window.max()"
        case "min":
            return "window.min()"
        case "l2":
            return "np.sqrt((window ** 2).sum())"
    if pool.divisor_override:
        return f"window.sum() / {pool.divisor_override}"
    if not _counts_padding(pool):
        return "window.mean()"
    return "window.sum() / " + ("count" if _overhangs(geometry) else str(rows.kernel * columns.kernel))


def write_numpy_linear(maps: int, in_shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """The loops over outputs and inputs; maps are read as one column."""
    numbers = in_shape[0] * in_shape[1] * in_shape[2]
    k, n = _name("k", maps), _name("n", numbers)
    is_column = in_shape[1:] == (1, 1)
    column = () if is_column else (f"column = x.reshape(-1){format_comment('map by map, row by row')}",)
    cell = f"x[{n}, 0, 0]" if is_column else f"column[{n}]"
    total, definition = _divide("total", divisors, f"[{k}]")
    body = [
        "total = 0",
        *_nest([(n, numbers)], [f"total += weight[{k}, {n}] * {cell}"]),
        f"y[{k}, 0, 0] = {total} + bias[{k}]",
    ]
    zeros, warning = _write_zeros((maps, 1, 1), "outputs"), _warn_of_many(maps * numbers)
    return *definition, *column, zeros, *warning, *_nest([(k, maps)], body)


def _divide(total: str, divisors: tuple[int, ...], each: str) -> tuple[str, list[str]]:
    """(the total divided by the divisor of its filter, the line that defines divisors); `each` picks one of several."""
    if all(divisor == 1 for divisor in divisors):
        return total, []
    divisor, definition = write_divisor(divisors, "np.array")
    return f"{total} / {divisor}{each if definition else ''}", definition


def _warn_of_many(products: int) -> list[str]:
    """A comment on loops that take Python minutes."""
    return [f"# {products:,} products: loops of Python take minutes for them"] if products > MANY_PRODUCTS else []


def _write_zeros(shape: Shape, axes: str) -> str:
    return f"y = np.zeros({shape}){format_comment(axes)}"


def _name(name: str, count: int) -> str:
    """The variable of a loop; "0" for a loop of one round, which is left out."""
    return name if count > 1 else "0"


def _nest(loops: Sequence[Loop], body: Sequence[str]) -> list[str]:
    """The body within its loops; a loop whose variable is "0" is left out."""
    kept = [(name, count) for name, count in loops if name != "0"]
    lines = [f"{'    ' * level}for {name} in range({count}):" for level, (name, count) in enumerate(kept)]
    return [*lines, *("    " * len(kept) + line for line in body)]
