"""A layer in SciPy, on the arrays of NumPy: the lines from its input `x` and its weights to its output `y`.

SciPy has neither stride, dilation nor groups: places are left out of the result, and zeros put between the weights.
`method="direct"` adds up products as the figure does; the other method is a Fourier transform, which rounds.
"""

from __future__ import annotations

from functools import lru_cache

from ..arrays import Shape
from ..ops import Conv, ConvTranspose, Pool
from ..ops.convolution import NUMPY_MODES
from ..ops.geometry import Axis, Geometry
from ..scene import Pair
from .python_source import format_comment, format_shape, format_sides, format_steps, write_division

DIRECT = 'mode="valid", method="direct"'


@lru_cache(512)
def write_scipy_conv(
    conv: Conv, geometry: Geometry, in_channels: int, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """signal.correlate2d of one channel with one filter, else signal.correlate with each filter, all channels deep."""
    maps, depth = shape[0], in_channels // conv.groups
    divisor, definition = write_division(divisors, "np.array", "[:, None, None]")
    steps = "" if conv.stride == (1, 1) else format_steps(conv.stride)
    lines = _write_spread(conv.dilation, geometry, maps, depth)
    filters = "spread" if lines else "weight"
    if maps == in_channels == 1:
        name, mode = ("x", _name_mode(conv, geometry)) if _name_mode(conv, geometry) else ("padded", "valid")
        pad = [_write_pad(geometry, conv)] if name == "padded" else []
        sums = f'signal.correlate2d({name}[0], {filters}[0, 0], mode="{mode}")'
        last = f"y = sums[None{steps}]{divisor} + bias[:, None, None]{format_shape(shape)}"
        return *pad, *lines, *definition, f"sums = {sums}", last
    pad = [_write_pad(geometry, conv)] if any(conv.padding) else []
    name = "padded" if pad else "x"
    if conv.groups == 1:
        each = f"[signal.correlate({name}, each, {DIRECT})[0] for each in {filters}]"
    else:
        lines.append(_write_groups(conv.groups, depth, name, (geometry.rows.padded, geometry.columns.padded)))
        group = _format_group(maps // conv.groups)
        each = f"[signal.correlate({group}, {filters}[k], {DIRECT})[0] for k in range({maps})]"
    last = f"y = sums{f'[:{steps}]' if steps else ''}{divisor} + bias[:, None, None]{format_shape(shape)}"
    return *pad, *lines, *definition, f"sums = np.array({each})", last


def _name_mode(conv: Conv, geometry: Geometry) -> str:
    """The mode of signal.correlate2d that pads zeros as this layer does, "" for none."""
    if conv.padding_mode != "zeros" and any(conv.padding):
        return ""
    axes = (geometry.rows, geometry.columns)
    sides = [(axis.before, axis.after) for axis in axes]
    reach = [axis.effective_kernel - 1 for axis in axes]
    if not any(conv.padding):
        return "valid"
    if sides == [(one, one) for one in reach]:
        return "full"
    return "same" if sides == [(one / 2, one / 2) for one in reach] else ""


def _write_groups(groups: int, depth: int, name: str, size: Pair) -> str:
    """The channels of each group."""
    return f"groups = {name}.reshape{(groups, depth, *size)}{format_comment('SciPy has no groups')}"


def _format_group(each: int) -> str:
    """The channels that filter k reads."""
    return "groups[k]" if each == 1 else f"groups[k // {each}]"


def _write_spread(dilation: Pair, geometry: Geometry, maps: int, depth: int) -> list[str]:
    """Filters with zeros between their weights, where there is a dilation."""
    if dilation == (1, 1):
        return []
    size = tuple(d * (axis.kernel - 1) + 1 for d, axis in zip(dilation, (geometry.rows, geometry.columns), strict=True))
    zeros = f"spread = np.zeros({(maps, depth, *size)}){format_comment('SciPy has no dilation')}"
    return [zeros, f"spread[:, :{format_steps(dilation)}] = weight"]


@lru_cache(512)
def write_scipy_transposed(
    conv: ConvTranspose, geometry: Geometry, in_channels: int, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """The sum of signal.convolve2d over the channels, with zeros between the cells of the input, then cropped."""
    maps, depth = shape[0], in_channels // conv.groups
    rows, columns = geometry.rows, geometry.columns
    lines, name = _write_spread(conv.dilation, geometry, maps, depth), "x"
    filters = "spread" if lines else "weight"
    sizes = (rows.size - 1) * rows.stride + 1, (columns.size - 1) * columns.stride + 1
    if conv.stride != (1, 1):
        name = "cells"
        comment = format_comment("zeros between the cells of x")
        lines.append(f"cells = np.zeros({(in_channels, *sizes)}){comment}")
        lines.append(f"cells[:{format_steps(conv.stride)}] = x")
    if conv.groups == 1:
        each = f"[sum(map(signal.convolve2d, {name}, each)) for each in {filters}]"
    else:
        lines.append(_write_groups(conv.groups, depth, name, sizes))
        group = _format_group(maps // conv.groups)
        each = f"[sum(map(signal.convolve2d, {group}, {filters}[k])) for k in range({maps})]"
    lines.append(f"sums = np.array({each})")
    if any(conv.output_padding):
        down, across = conv.output_padding
        lines.append(f"sums = np.pad(sums, ((0, 0), (0, {down}), (0, {across})))")
    cells = ""
    if any(conv.padding):
        (down, across), (_, high, wide) = conv.padding, shape
        cells = f"[:, {down}:{down + high}, {across}:{across + wide}]"
    divisor, definition = write_division(divisors, "np.array", "[:, None, None]")
    return *lines, *definition, f"y = sums{cells}{divisor} + bias[:, None, None]{format_shape(shape)}"


def write_scipy_linear(shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """A product of the matrix of weights and all numbers of the input in one column."""
    divisor, definition = write_division(divisors, "np.array")
    return *definition, f"y = (weight @ x.ravel(){divisor} + bias)[:, None, None]{format_shape(shape)}"


@lru_cache(512)
def write_scipy_pool(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """ndimage.maximum_filter or minimum_filter, of which some places are kept; sums are a correlation with ones."""
    rows, columns = geometry.rows, geometry.columns
    is_padded = any(axis.before or axis.after or axis.overhang for axis in (rows, columns))
    name = "padded" if is_padded else "x"
    if pool.kind in ("max", "min"):
        return _write_extremes(pool, geometry, name, shape)
    lines = [f"padded = np.pad(x, {format_sides(geometry)})"] if is_padded else []
    lines += _write_ones(pool, geometry)
    if pool.kind == "l2":
        return *lines, f"y = np.sqrt({_add_up(f'{name} ** 2', pool)}){format_shape(shape)}"
    excludes = not pool.count_include_pad and any(pool.padding)
    if pool.divisor_override or not (excludes or rows.overhang or columns.overhang):
        divisor = pool.divisor_override or pool.kernel_size[0] * pool.kernel_size[1]
        return *lines, f"y = {_add_up(name, pool)} / {divisor}{format_shape(shape)}"
    if excludes:
        counted = f"counted = np.pad(np.ones((1, {rows.size}, {columns.size})), {format_sides(geometry)})"
    else:
        beyond = f"((0, 0), (0, {rows.overhang}), (0, {columns.overhang}))"
        counted = f"counted = np.pad(np.ones((1, {rows.padded}, {columns.padded})), {beyond})"
    sums = f"total = {_add_up(name, pool)}", f"count = {_add_up('counted', pool)}"
    return *lines, counted, *sums, f"y = total / count{format_shape(shape)}"


def _add_up(name: str, pool: Pool) -> str:
    """The sums of the windows of some maps."""
    steps = "" if pool.stride == (1, 1) else f"[:{format_steps(pool.stride)}]"
    return f"signal.correlate({name}, ones, {DIRECT}){steps}"


def _write_extremes(pool: Pool, geometry: Geometry, name: str, shape: Shape) -> tuple[str, ...]:
    """The largest or the smallest cell around each place; the places in the middle of the windows are kept."""
    outside, function, found = "np.inf", "minimum", "least"
    if pool.kind == "max":
        outside, function, found = "-np.inf", "maximum", "largest"
    lines = [f"padded = np.pad(x, {format_sides(geometry)}, constant_values={outside})"] if name == "padded" else []
    window = f"size={(1, *pool.kernel_size)}"
    if pool.dilation != (1, 1):
        lines += _write_ones(pool, geometry)
        window = "footprint=ones"
    centers = ", ".join(_format_centers(axis) for axis in (geometry.rows, geometry.columns))
    comment = format_comment("in the window around each cell")
    lines.append(f"{found} = ndimage.{function}_filter({name}, {window}){comment}")
    return *lines, f"y = {found}[:, {centers}]{format_shape(shape)}"


def _format_centers(axis: Axis) -> str:
    """The cells in the middle of the windows of an axis, as a slice of the padded input."""
    first, size = axis.effective_kernel // 2, axis.padded + axis.overhang
    stop = first + (axis.positions - 1) * axis.stride + 1
    is_rest = len(range(first, size, axis.stride)) == axis.positions
    start, end, step = first or "", "" if is_rest else stop, "" if axis.stride == 1 else f":{axis.stride}"
    return f"{start}:{end}{step}"


def _write_ones(pool: Pool, geometry: Geometry) -> list[str]:
    """A filter of ones, with zeros between them where there is a dilation."""
    if pool.dilation == (1, 1):
        return [f"ones = np.ones({(1, *pool.kernel_size)})"]
    size = geometry.rows.effective_kernel, geometry.columns.effective_kernel
    comment = format_comment("SciPy has no dilation")
    return [f"ones = np.zeros({(1, *size)}){comment}", f"ones[:{format_steps(pool.dilation)}] = 1"]


def _write_pad(geometry: Geometry, conv: Conv) -> str:
    """The input with the padding of a convolution."""
    how = "" if conv.padding_mode == "zeros" else f', mode="{NUMPY_MODES[conv.padding_mode]}"'
    return f"padded = np.pad(x, {format_sides(geometry)}{how})"
