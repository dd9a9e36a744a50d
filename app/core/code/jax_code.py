"""A layer in JAX: the lines from its input `x` and its weights to its output `y`."""

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
    format_shape,
    format_sides,
    list_moved_slices,
    write_division,
)


@lru_cache(512)
def write_jax_conv(conv: Conv, geometry: Geometry, shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """lax.conv_general_dilated, which pads zeros itself; other paddings are made before it."""
    rows, columns = geometry.rows, geometry.columns
    name, padding, lines = "x", '"VALID"', []
    if any(conv.padding) and conv.padding_mode == "zeros":
        padding = repr(((rows.before, rows.after), (columns.before, columns.after)))
    elif any(conv.padding):
        name = "padded"
        lines = [f'padded = jnp.pad(x, {format_sides(geometry)}, mode="{NUMPY_MODES[conv.padding_mode]}")']
    options = format_options([("rhs_dilation", conv.dilation, (1, 1)), ("feature_group_count", conv.groups, 1)], False)
    call = f"lax.conv_general_dilated({name}[None], weight, {conv.stride}, {padding}{options})"
    return *lines, *_finish(call, divisors, shape)


@lru_cache(512)
def write_jax_transposed(
    conv: ConvTranspose, geometry: Geometry, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """The same function with zeros between the input cells and the filters turned by 180°."""
    sides = []
    for axis in (geometry.rows, geometry.columns):
        assert isinstance(axis, TransposedAxis)
        sides.append((axis.reach - axis.crop, axis.reach - axis.crop + axis.output_padding))
    options = format_options(
        [
            ("lhs_dilation", conv.stride, (1, 1)),
            ("rhs_dilation", conv.dilation, (1, 1)),
            ("feature_group_count", conv.groups, 1),
        ],
        False,
    )
    comment = format_comment("by 180°; lhs_dilation puts zeros between the cells") if "lhs" in options else ""
    lines = [f"turned = weight[:, :, ::-1, ::-1]{comment or format_comment('by 180°')}"]
    call = f"lax.conv_general_dilated(x[None], turned, (1, 1), {tuple(sides)}{options})"
    return *lines, *_finish(call, divisors, shape)


def write_jax_linear(shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """A product of the matrix of weights and all numbers of the input in one column."""
    divisor, definition = write_division(divisors, "jnp.array")
    return *definition, f"y = (weight @ x.ravel(){divisor} + bias)[:, None, None]{format_shape(shape)}"


@lru_cache(512)
def write_jax_pool(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """lax.reduce_window, whose padding is its first value: −∞ for the largest, ∞ for the smallest, 0 for a sum."""
    rows, columns = geometry.rows, geometry.columns
    sides = format_sides(geometry)
    window = f"{(1, *pool.kernel_size)}, {(1, *pool.stride)}, "
    padding = '"VALID"' if _is_bare(sides) else sides
    dilation = "" if pool.dilation == (1, 1) else f", window_dilation={(1, *pool.dilation)}"
    if pool.kind in ("max", "min"):
        start = f"{'-' if pool.kind == 'max' else ''}jnp.inf, lax.{pool.kind}"
        return (f"y = lax.reduce_window(x, {start}, {window}{padding}{dilation}){format_shape(shape)}",)
    if pool.kind == "l2":
        total = f"lax.reduce_window(x ** 2, 0.0, lax.add, {window}{padding}{dilation})"
        return (f"y = jnp.sqrt({total}){format_shape(shape)}",)
    total = f"lax.reduce_window(x, 0.0, lax.add, {window}{padding}{dilation})"
    excludes = not pool.count_include_pad and any(pool.padding)
    if pool.divisor_override or not (excludes or rows.overhang or columns.overhang):
        divisor = pool.divisor_override or pool.kernel_size[0] * pool.kernel_size[1]
        return (f"y = {total} / {divisor}{format_shape(shape)}",)
    counted, beyond = f"jnp.ones((1, {rows.size}, {columns.size}))", padding
    if not excludes:
        counted = f"jnp.ones((1, {rows.padded}, {columns.padded}))"
        beyond = f"((0, 0), (0, {rows.overhang}), (0, {columns.overhang}))"
    count = f"lax.reduce_window({counted}, 0.0, lax.add, {window}{beyond}{dilation})"
    return f"total = {total}", f"count = {count}", f"y = total / count{format_shape(shape)}"


def write_jax_shift(by: Pair, shape: Shape) -> tuple[str, ...]:
    """A copy of the cells that stay, in an array of zeros."""
    to, source = (", ".join(cells) for cells in list_moved_slices(by))
    return (f"y = jnp.zeros_like(x).at[:, {to}].set(x[:, {source}]){format_shape(shape)}",)


def _finish(call: str, divisors: tuple[int, ...], shape: Shape) -> tuple[str, ...]:
    """The lines of a convolution: its sums, what divides them and what is added to them."""
    divisor, definition = write_division(divisors, "jnp.array", "[:, None, None]")
    return f"sums = {call}[0]", *definition, f"y = sums{divisor} + bias[:, None, None]{format_shape(shape)}"


def _is_bare(sides: str) -> bool:
    """Whether there is no padding on any side."""
    return sides == "((0, 0), (0, 0), (0, 0))"
