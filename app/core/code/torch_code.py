"""A layer in PyTorch: the lines from its input `x` and its weights to its output `y`."""

from __future__ import annotations

from functools import lru_cache

from ..arrays import Shape
from ..ops import Conv, ConvTranspose, Pool
from ..ops.geometry import Geometry
from .python_source import format_comment, format_options, format_pair, format_shape, write_divisor


@lru_cache(512)
def write_torch_conv(conv: Conv, geometry: Geometry, shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """F.conv2d, with F.pad before it for what its own padding cannot say: sides that differ, and padding modes."""
    padding = (geometry.rows.before, geometry.columns.before)
    is_native = conv.padding_mode == "zeros" and _is_even(geometry)
    name, lines = "x", []
    if not is_native and any(conv.padding):
        mode = "" if conv.padding_mode == "zeros" else f', mode="{conv.padding_mode}"'
        name, lines = "padded", [_write_pad(geometry, mode)]
    options = format_options(
        [
            ("stride", conv.stride, (1, 1)),
            ("padding", padding if name == "x" else (0, 0), (0, 0)),
            ("dilation", conv.dilation, (1, 1)),
            ("groups", conv.groups, 1),
        ]
    )
    if all(divisor == 1 for divisor in divisors):
        return *lines, f"y = F.conv2d({name}[None], weight, bias{options})[0]{format_shape(shape)}"
    divisor, definition = write_divisor(divisors, "torch.tensor")
    each = divisor if not definition else f"{divisor}[:, None, None]"
    call = f"F.conv2d({name}[None], weight{options})[0]"
    return *lines, *definition, f"y = {call} / {each} + bias[:, None, None]{format_shape(shape)}"


@lru_cache(512)
def write_torch_transposed(
    conv: ConvTranspose, in_channels: int, shape: Shape, divisors: tuple[int, ...]
) -> tuple[str, ...]:
    """F.conv_transpose2d, whose weight has the input channels first."""
    weight, comment = "weight.transpose(0, 1)", format_comment("channels first")
    if conv.groups > 1:
        weight = f"weight.unflatten(0, ({conv.groups}, -1)).transpose(1, 2).flatten(0, 1)"
        comment = format_comment("channels first, group by group")
    options = format_options(
        [
            ("stride", conv.stride, (1, 1)),
            ("padding", conv.padding, (0, 0)),
            ("output_padding", conv.output_padding, (0, 0)),
            ("groups", conv.groups, 1),
            ("dilation", conv.dilation, (1, 1)),
        ]
    )
    lines = [f"turned = {weight}{comment}: {in_channels} × {shape[0] // conv.groups}"]
    if all(divisor == 1 for divisor in divisors):
        return *lines, f"y = F.conv_transpose2d(x[None], turned, bias{options})[0]{format_shape(shape)}"
    divisor, definition = write_divisor(divisors, "torch.tensor")
    each = divisor if not definition else f"{divisor}[:, None, None]"
    call = f"F.conv_transpose2d(x[None], turned{options})[0]"
    return *lines, *definition, f"y = {call} / {each} + bias[:, None, None]{format_shape(shape)}"


def write_torch_linear(shape: Shape, divisors: tuple[int, ...]) -> tuple[str, ...]:
    """F.linear of all numbers of the input in one column."""
    if all(divisor == 1 for divisor in divisors):
        return (f"y = F.linear(x.flatten(), weight, bias)[:, None, None]{format_shape(shape)}",)
    divisor, definition = write_divisor(divisors, "torch.tensor")
    total = f"F.linear(x.flatten(), weight) / {divisor}"
    return *definition, f"y = ({total} + bias)[:, None, None]{format_shape(shape)}"


@lru_cache(512)
def write_torch_pool(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """F.max_pool2d or F.avg_pool2d, with F.pad before it where sides differ or are wide, which PyTorch's pools do not
    take.
    """
    rows, columns = geometry.rows, geometry.columns
    overhangs = bool(rows.overhang or columns.overhang)
    excludes = pool.kind == "avg" and not pool.count_include_pad and any(pool.padding)
    window = format_pair(pool.kernel_size) + format_options([("stride", pool.stride, pool.kernel_size)])
    is_compared = pool.kind in ("max", "min")
    if pool.dilation != (1, 1) and not is_compared:
        return _write_dilated_sums(pool, geometry, shape)
    window += format_options([("dilation", pool.dilation, (1, 1))])
    if _is_even(geometry) and _takes_padding(geometry):
        options = format_options(
            [
                ("padding", (rows.before, columns.before), (0, 0)),
                ("ceil_mode", overhangs, False),
                ("count_include_pad", not excludes or bool(pool.divisor_override), True),
                ("divisor_override", pool.divisor_override, None),
            ]
        )
        return (_write_pool_call(pool.kind, "x", window + options) + format_shape(shape),)
    if pool.divisor_override:
        call = _write_pool_call(pool.kind, "padded", f"{window}, divisor_override={pool.divisor_override}")
        return _write_pad(geometry), call + format_shape(shape)
    if pool.kind == "avg" and (excludes or overhangs):
        sums = f"{window}, divisor_override=1"
        return (
            _write_pad(geometry),
            _write_counted_cells(geometry, excludes),
            f"total = F.avg_pool2d(padded, {sums})",
            f"y = total / F.avg_pool2d(counted, {sums}){format_shape(shape)}",
        )
    outside = {"max": ', value=float("-inf")', "min": ', value=float("inf")'}.get(pool.kind, "")
    return _write_pad(geometry, outside), _write_pool_call(pool.kind, "padded", window) + format_shape(shape)


def _write_dilated_sums(pool: Pool, geometry: Geometry, shape: Shape) -> tuple[str, ...]:
    """The sums of dilated windows, which PyTorch's own averages do not have: by a filter of ones on each map."""
    rows, columns = pool.kernel_size
    options = format_options([("stride", pool.stride, (1, 1)), ("dilation", pool.dilation, (1, 1))])
    source = "padded" if _format_sides(geometry) != repr((0, 0, 0, 0)) else "x"
    values = f"({source} ** 2)" if pool.kind == "l2" else source
    lines = [
        *([_write_pad(geometry)] if source == "padded" else []),
        f"ones = torch.ones(1, 1, {rows}, {columns})",
        f"total = F.conv2d({values}[:, None], ones{options})[:, 0]",
    ]
    if pool.kind == "l2":
        return *lines, f"y = total.sqrt(){format_shape(shape)}"
    excludes = not pool.count_include_pad and any(pool.padding)
    overhangs = bool(geometry.rows.overhang or geometry.columns.overhang)
    if pool.divisor_override or not (excludes or overhangs):
        return *lines, f"y = total / {pool.divisor_override or rows * columns}{format_shape(shape)}"
    counted = f"F.conv2d(counted[:, None], ones{options})[:, 0]"
    return *lines, _write_counted_cells(geometry, excludes), f"y = total / {counted}{format_shape(shape)}"


def _is_even(geometry: Geometry) -> bool:
    """Whether both sides of each axis have the same padding, as PyTorch's layers demand."""
    return all(axis.before == axis.after for axis in (geometry.rows, geometry.columns))


def _takes_padding(geometry: Geometry) -> bool:
    """Whether PyTorch's pools pad themselves: by at most half of the window, as it is without its dilation."""
    return all(2 * max(axis.before, axis.after) <= axis.kernel for axis in (geometry.rows, geometry.columns))


def _write_pad(geometry: Geometry, how: str = "") -> str:
    """The input with its padding and, for the windows of ceil mode, the cells beyond it."""
    comment = format_comment("left, right, top, bottom")
    return f"padded = F.pad(x, {_format_sides(geometry)}{how}){comment}"


def _format_sides(geometry: Geometry) -> str:
    rows, columns = geometry.rows, geometry.columns
    return repr((columns.before, columns.after + columns.overhang, rows.before, rows.after + rows.overhang))


def _write_pool_call(kind: str, name: str, arguments: str) -> str:
    match kind:
        case "max":
            return f"y = F.max_pool2d({name}, {arguments})"
        case "min":
            return f"y = -F.max_pool2d(-{name}, {arguments})"
        case "avg":
            return f"y = F.avg_pool2d({name}, {arguments})"
    return f"y = F.avg_pool2d({name} ** 2, {arguments}, divisor_override=1).sqrt()"


def _write_counted_cells(geometry: Geometry, excludes: bool) -> str:
    """A map of 1 for each cell that a mean counts, and 0 for the others."""
    rows, columns = geometry.rows, geometry.columns
    if excludes:
        ones, sides, where = (rows.size, columns.size), _format_sides(geometry), "in the input"
    else:
        ones, where = (rows.padded, columns.padded), "in the input and its padding"
        sides = repr((0, columns.overhang, 0, rows.overhang))
    return f"counted = F.pad(torch.ones(1, {ones[0]}, {ones[1]}), {sides}){format_comment(f'1 {where}, 0 beyond')}"
