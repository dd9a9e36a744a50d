"""A layer in Keras 3: the lines from its input `x` and its weights to its output `y`, with functions of `keras.ops`.

Every padding is made before the layer, since Keras's own has uneven sides that depend on the stride. Convolutions have
their channels last, as Keras has them by default and TensorFlow needs them on a CPU.
"""

from __future__ import annotations

from functools import lru_cache

from ..arrays import Shape
from ..ops import Conv, ConvTranspose, Pool
from ..ops.convolution import NUMPY_MODES
from ..ops.geometry import Geometry
from ..ops.transposed import TransposedAxis
from ..scene import Pair
from .python_source import (
    format_comment,
    format_options,
    format_pair,
    format_shape,
    format_sides,
    format_steps,
    list_moved_slices,
    write_division,
)

CHANNELS_LAST = format_comment("Keras: channels last")
CHANNELS_FIRST = 'data_format="channels_first"'


@lru_cache(512)
def write_keras_conv(conv: Conv, geometry: Geometry, shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """ops.conv, with ops.pad before it; a stride beside a dilation, which TensorFlow refuses, is a slice of it."""
    is_sliced = conv.stride != (1, 1) and conv.dilation != (1, 1)
    mode = "" if conv.padding_mode == "zeros" else f', mode="{NUMPY_MODES[conv.padding_mode]}"'
    backend = format_comment("with JAX as Keras's backend") if conv.padding_mode in ("replicate", "circular") else ""
    name, lines = ("padded", [_write_pad(geometry, mode) + backend]) if any(conv.padding) else ("x", [])
    options = format_options(
        [
            ("strides", (1, 1) if is_sliced else conv.stride, (1, 1)),
            ("dilation_rate", conv.dilation, (1, 1)),
        ]
    )
    steps = format_steps(conv.stride) if is_sliced else ""
    divisor, definition = write_division(divisors, "ops.array")
    about = format_comment("Keras has no stride beside a dilation") if is_sliced else ""
    return (
        *lines,
        f"image = ops.moveaxis({name}, 0, -1)[None]{CHANNELS_LAST}",
        f"kernel = ops.transpose(weight, (2, 3, 1, 0)){format_comment('rows, columns, channels, filters')}",
        *definition,
        f"maps = ops.conv(image, kernel{options})[0{steps}]{divisor} + bias{about}",
        f"y = ops.moveaxis(maps, -1, 0){format_shape(shape)}",
    )


@lru_cache(512)
def write_keras_transposed(
    conv: ConvTranspose, geometry: Geometry, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """ops.conv_transpose of the whole output, which is then cropped; nothing for groups, which it does not have."""
    if conv.groups > 1:
        return ()
    cuts, missing = [], []
    for axis, start, size in zip((geometry.rows, geometry.columns), conv.padding, shape[1:], strict=True):
        assert isinstance(axis, TransposedAxis)
        made = axis.size * axis.stride + max(axis.reach + 1 - axis.stride, 0)
        missing.append(max(0, start + size - made))
        cuts.append(":" if start == 0 and size >= made else f"{start}:{start + size}")
    cells = "" if cuts == [":", ":"] else f", {', '.join(cuts)}"
    options = format_options([("strides", conv.stride, (1, 1)), ("dilation_rate", conv.dilation, (1, 1))])
    divisor, definition = write_division(divisors, "ops.array")
    comment = format_comment("no input cell reaches the last ones")
    more = f"maps = ops.pad(maps, ((0, {missing[0]}), (0, {missing[1]}), (0, 0))){comment}"
    return (
        f"image = ops.moveaxis(x, 0, -1)[None]{CHANNELS_LAST}",
        f"kernel = ops.transpose(weight, (2, 3, 0, 1)){format_comment('rows, columns, filters, channels')}",
        *definition,
        f"maps = ops.conv_transpose(image, kernel{options})[0{cells}]",
        *([more] if any(missing) else []),
        f"y = ops.moveaxis(maps{divisor} + bias, -1, 0){format_shape(shape)}",
    )


def write_keras_linear(shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """A product of the matrix of weights and all numbers of the input in one column."""
    divisor, definition = write_division(divisors, "ops.array")
    product = f"ops.matmul(weight, ops.ravel(x)){divisor} + bias"
    return *definition, f"y = ({product})[:, None, None]{format_shape(shape)}"


@lru_cache(512)
def write_keras_pool(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """ops.max_pool or ops.average_pool, with ops.pad before it; sums of windows are a convolution with ones.

    Nothing for the largest or the smallest cell of a dilated window, which Keras's pools do not have.
    """
    rows, columns = geometry.rows, geometry.columns
    is_padded = any(axis.before or axis.after or axis.overhang for axis in (rows, columns))
    overhangs = bool(rows.overhang or columns.overhang)
    name = "padded" if is_padded else "x"
    window = f"{format_pair(pool.kernel_size)}, {format_pair(pool.stride)}, {CHANNELS_FIRST}"
    if pool.kind in ("max", "min"):
        if pool.dilation != (1, 1):
            return ()
        sign, outside = ("", "-") if pool.kind == "max" else ("-", "")
        pad = [_write_pad(geometry, f', constant_values=float("{outside}inf")')] if is_padded else []
        return *pad, f"y = {sign}ops.max_pool({sign}{name}[None], {window})[0]{format_shape(shape)}"
    pad = [_write_pad(geometry)] if is_padded else []
    excludes = pool.kind == "avg" and not pool.count_include_pad and any(pool.padding)
    is_counted = pool.kind == "avg" and not pool.divisor_override and (excludes or overhangs)
    is_mean = pool.kind == "avg" and not pool.divisor_override and not is_counted and pool.dilation == (1, 1)
    if is_mean:
        return *pad, f"y = ops.average_pool({name}[None], {window})[0]{format_shape(shape)}"
    high, wide = pool.kernel_size
    lines = [*pad, f"ones = ops.ones(({high}, {wide}, 1, 1)){format_comment('a filter of ones adds up each window')}"]
    if pool.kind == "l2":
        return *lines, f"y = ops.sqrt({_add_up(name, pool, ' ** 2')}){format_shape(shape)}"
    if not is_counted:
        return *lines, f"y = {_add_up(name, pool)} / {pool.divisor_override or high * wide}{format_shape(shape)}"
    return (
        *lines,
        *_write_counted_cells(geometry, excludes),
        f"total = {_add_up(name, pool)}",
        f"count = {_add_up('counted', pool)}",
        f"y = total / count{format_shape(shape)}",
    )


def _add_up(name: str, pool: Pool, power: str = "") -> str:
    """The sums of the windows of some maps, each of which is a picture of the batch with one channel."""
    is_sliced = pool.stride != (1, 1) and pool.dilation != (1, 1)
    stride = (1, 1) if is_sliced else pool.stride
    options = format_options([("strides", stride, (1, 1)), ("dilation_rate", pool.dilation, (1, 1))])
    cells = f":{format_steps(pool.stride)}" if is_sliced else "..."
    return f"ops.conv({name}[..., None]{power}, ones{options})[{cells}, 0]"


def _write_counted_cells(geometry: Geometry, excludes: bool) -> list[str]:
    """A map of 1 for each cell that a mean counts, and 0 for the others."""
    rows, columns = geometry.rows, geometry.columns
    if excludes:
        return [f"counted = ops.pad(ops.ones((1, {rows.size}, {columns.size})), {format_sides(geometry)})"]
    beyond = f"((0, 0), (0, {rows.overhang}), (0, {columns.overhang}))"
    comment = format_comment("what lies beyond the padding does not count")
    return [f"counted = ops.pad(ops.ones((1, {rows.padded}, {columns.padded})), {beyond}){comment}"]


def write_keras_shift(by: Pair, shape: Shape) -> tuple[str, ...]:
    """The cells that stay, padded on the sides that they leave."""
    if any(abs(cells) >= size for cells, size in zip(by, shape[1:], strict=True)):
        return (f"y = ops.zeros_like(x){format_shape(shape)}",)
    _, source = list_moved_slices(by)
    sides = ", ".join(f"({max(cells, 0)}, {max(-cells, 0)})" for cells in by)
    return (f"y = ops.pad(x[:, {', '.join(source)}], ((0, 0), {sides})){format_shape(shape)}",)


def _write_pad(geometry: Geometry, how: str = "") -> str:
    """The input with its padding and, for the windows of ceil mode, the cells beyond it."""
    return f"padded = ops.pad(x, {format_sides(geometry)}{how})"
