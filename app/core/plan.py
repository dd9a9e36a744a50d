"""What a layer would do to an input of a given size: checked, sized and priced before any arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from .bank import Bank, Learnt, Misfit, make_bank
from .ops import Conv, Pool
from .options import Operation, operation
from .problems import Problem
from .scene import Layer, Pair, Sides, number
from .shapes import Axis, Geometry, conv_parameters, multiply_adds, padding_sides

Shape = tuple[int, int, int]
POOLS = {"maxpool": "max", "minpool": "min", "avgpool": "avg", "l2pool": "l2"}


@dataclass(frozen=True, slots=True)
class Plan:
    """One stage to be: layer `index` of the scene on maps of `in_shape` gives maps of `shape`, all (C, H, W).

    `work` counts the multiplications, or the comparisons and additions of a layer that multiplies nothing.
    """

    op: Operation
    layer: Layer
    index: int
    in_shape: Shape
    shape: Shape
    geometry: Geometry | None = None
    conv: Conv | None = None
    pool: Pool | None = None
    bank: Bank | None = None
    parameters: int = 0
    multiply_adds: int = 0
    work: int = 0
    notes: tuple[str, ...] = ()


def plan_layer(layer: Layer, index: int, in_shape: Shape, learnt: Learnt) -> Plan:
    """The plan of one layer. Raises Misfit, whose problem names the option that does not fit."""
    op = operation(layer.op)
    if op is None:
        raise Misfit(Problem("layers", layer.op, "a layer from the menu", f"There is no layer called {layer.op}."))
    base = Plan(op, layer, index, in_shape, in_shape, work=_cells(in_shape))
    if layer.op == "conv":
        return _plan_conv(base, learnt)
    if layer.op in POOLS:
        return _plan_pool(base)
    return _plan_whole(base)


def _plan_conv(base: Plan, learnt: Learnt) -> Plan:
    layer, (channels, height, width) = base.layer, base.in_shape
    bank = make_bank(layer, channels, learnt)
    kernel_size = (bank.weight.shape[2], bank.weight.shape[3])
    dilation = _pair(layer, "dilation", (1, 1))
    padding = _padding(layer, kernel_size, dilation)
    mode = layer.get("padding_mode") or "zeros"
    conv = Conv(_pair(layer, "stride", (1, 1)), padding, dilation, bank.groups, mode, bool(layer.get("flip")))  # type: ignore[arg-type]
    _padding_mode_fits(conv, (height, width))
    geometry = conv.geometry((height, width), kernel_size)
    _must_fit(geometry, "filter")
    shape = (len(bank.weight), *geometry.shape)
    depth = bank.weight.shape[1]
    cost = multiply_adds(shape[0], depth, kernel_size, geometry.shape)
    parameters = conv_parameters(shape[0], depth, kernel_size, True)
    notes = bank.notes + _same_note(layer, conv)
    return Plan(
        base.op,
        layer,
        base.index,
        base.in_shape,
        shape,
        geometry,
        conv,
        None,
        bank,
        parameters,
        cost,
        cost,
        notes,
    )


def _plan_pool(base: Plan) -> Plan:
    layer, (channels, height, width) = base.layer, base.in_shape
    window = _pair_of(layer.head, (2, 2))
    padding = _padding(layer, window, (1, 1))
    _pool_padding_fits(padding, window)
    ceil_mode, include = bool(layer.get("ceil_mode")), layer.get("count_include_pad")
    pool = Pool(
        POOLS[layer.op],  # type: ignore[arg-type]
        window,
        _pair(layer, "stride", window),
        padding,
        ceil_mode,
        include is None or bool(include),
    )
    geometry = pool.geometry((height, width))
    _must_fit(geometry, "window")
    shape = (channels, *geometry.shape)
    work = _cells(shape) * sum(window) + _cells(base.in_shape)
    return Plan(base.op, layer, base.index, base.in_shape, shape, geometry, pool=pool, work=work)


def _plan_whole(base: Plan) -> Plan:
    """Layers without a sliding window."""
    channels, height, width = base.in_shape
    shape, geometry = base.in_shape, None
    match base.layer.op:
        case "globalavgpool" | "globalmaxpool":
            shape, geometry = (channels, 1, 1), Geometry(Axis(height, height), Axis(width, width))
        case "flatten":
            shape = (channels * height * width, 1, 1)
        case "linear" | "prepare" | "model":
            name = str(base.layer.head)
            raise Misfit(
                Problem(
                    "layers",
                    f"{base.layer.op}:{name}",
                    "no model yet",
                    f"No trained model called {name} is here.",
                )
            )
    return Plan(base.op, base.layer, base.index, base.in_shape, shape, geometry, work=_cells(base.in_shape))


def slope_of(layer: Layer) -> float:
    """The slope of a leaky ReLU."""
    return float(number(layer.head)) if isinstance(layer.head, str) else 0.01


def shift_of(layer: Layer) -> Pair:
    """Rows down and columns right of a shift."""
    return _pair_of(layer.head, (0, 1))


def _cells(shape: Shape) -> int:
    return shape[0] * shape[1] * shape[2]


def _pair_of(value: object, default: Pair) -> Pair:
    return (int(value[0]), int(value[1])) if isinstance(value, tuple) and len(value) == 2 else default


def _pair(layer: Layer, name: str, default: Pair) -> Pair:
    return _pair_of(layer.get(name), default)


def _padding(layer: Layer, kernel_size: Pair, dilation: Pair) -> Sides:
    said = layer.get("padding")
    return padding_sides(said if said is not None else "valid", kernel_size, dilation)  # type: ignore[arg-type]


def _must_fit(geometry: Geometry, what: str) -> None:
    for name, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if not axis.positions:
            raise Misfit(
                Problem(
                    "kernel_size",
                    str(axis.reach),
                    f"at most {axis.padded} {name}",
                    f"The {what} spans {axis.reach} {name}, but there are only {axis.padded}"
                    f"{', padding included' if axis.padded > axis.size else ''}.",
                )
            )


def _padding_mode_fits(conv: Conv, size: Pair) -> None:
    largest = {"reflect": -1, "circular": 0}.get(conv.padding_mode)
    if largest is None:
        return
    for sides, cells, name in ((conv.padding[:2], size[0], "rows"), (conv.padding[2:], size[1], "columns")):
        if max(sides) > cells + largest:
            raise Misfit(
                Problem(
                    "padding",
                    str(max(sides)),
                    f"at most {cells + largest} with padding_mode={conv.padding_mode}",
                    f"Padding {max(sides)} with padding_mode={conv.padding_mode} needs more than the {cells} {name} "
                    f"that there are: at most {cells + largest}.",
                )
            )


def _pool_padding_fits(padding: Sides, window: Pair) -> None:
    for sides, cells in ((padding[:2], window[0]), (padding[2:], window[1])):
        if max(sides) > cells // 2:
            raise Misfit(
                Problem(
                    "padding",
                    str(max(sides)),
                    f"at most {cells // 2}",
                    f"Padding {max(sides)} is more than half of the window's {cells} cells, so that a window could "
                    f"lie in the padding alone: at most {cells // 2}.",
                )
            )


def _same_note(layer: Layer, conv: Conv) -> tuple[str, ...]:
    if layer.get("padding") == "same" and conv.stride != (1, 1):
        return ("PyTorch refuses padding=same with a stride above 1; here it adds the same cells as at stride 1.",)
    return ()
