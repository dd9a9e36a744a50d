"""What a layer would do to an input of a given size: checked, sized and priced before any arithmetic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from ..layer_error import Misfit, misfit
from ..messages import listed, say
from ..ops import Conv, Pool
from ..ops.geometry import Axis, Geometry, conv_parameters, multiply_adds, padding_sides
from ..ops.preprocessing import GRAY, Preparation, preparation
from ..options import OPERATIONS, Operation, operation
from ..problems import Problem
from ..scene import Layer, Pair, Sides, number
from ..weights.bank import BankPlan, plan_bank
from ..weights.pretrained import LearnedLinear, Trained

T = TypeVar("T")
Shape = tuple[int, int, int]
POOLS = {"maxpool": "max", "minpool": "min", "avgpool": "avg", "l2pool": "l2"}
GLOBAL_POOLS = ("globalavgpool", "globalmaxpool")
BLOCK = 1024
"""So many positions a convolution lays side by side, or one row of them, or less than 500 kB (`convolution`)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """One stage to be: layer `index` of the scene on maps of `in_shape` gives maps of `shape`, all (C, H, W).

    `work` counts the multiplications, or the comparisons and additions of a layer that multiplies nothing; `weights`
    the numbers of its filters; `room` the numbers that it needs beside input, weights and output while it works.
    """

    op: Operation
    layer: Layer
    index: int
    in_shape: Shape
    shape: Shape
    geometry: Geometry | None = None
    conv: Conv | None = None
    pool: Pool | None = None
    bank: BankPlan | None = None
    linear: LearnedLinear | None = None
    preparation: Preparation | None = None
    name: str = ""
    parameters: int = 0
    multiply_adds: int = 0
    work: int = 0
    room: int = 0
    notes: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """Numbers of the output."""
        return _cells(self.shape)

    @property
    def weights(self) -> int:
        """Numbers of the filters, or of a fully connected layer."""
        if self.linear:
            return int(self.linear.weight.size)
        return self.bank.weights if self.bank else 0


def plan_layers(layer: Layer, index: int, in_shape: Shape, trained: Trained) -> tuple[Plan, ...]:
    """The plans of one layer of a scene: one, or for `model` those of all its layers. Raises Misfit."""
    if layer.op != "model":
        return (plan_layer(layer, index, in_shape, trained),)
    plans: list[Plan] = []
    for one in _known(trained.layers(str(layer.head))):
        plan = plan_layer(one.layer, index, plans[-1].shape if plans else in_shape, trained)
        plans.append(replace(plan, name=one.name))
    return tuple(plans)


def plan_layer(layer: Layer, index: int, in_shape: Shape, trained: Trained) -> Plan:
    """The plan of one layer. Touches no array. Raises Misfit, whose problem names the option that does not fit."""
    op = operation(layer.op)
    if op is None:
        raise misfit("unknown", "layers", layer.op, listed(row.name for row in OPERATIONS))
    base = Plan(op, layer, index, in_shape, in_shape, work=_cells(in_shape), room=_cells(in_shape))
    if layer.op == "conv":
        return _plan_conv(base, plan_bank(layer, in_shape[0], trained.bank))
    if layer.op in POOLS:
        return _plan_pool(base)
    if layer.op == "linear":
        return _plan_linear(base, _known(trained.linear(str(layer.head))))
    if layer.op == "prepare":
        return _plan_prepare(base, trained)
    if layer.op == "model":
        _known(trained.layers(str(layer.head)))
        raise ValueError("a model is several layers: plan_layers plans them")
    return _plan_whole(base)


def _plan_conv(base: Plan, bank: BankPlan) -> Plan:
    layer, size = bank.layer, base.in_shape[1:]
    dilation = _pair(layer, "dilation", (1, 1))
    conv = Conv(
        _pair(layer, "stride", (1, 1)),
        _padding(layer, bank.kernel_size, dilation),
        dilation,
        bank.groups,
        layer.get("padding_mode") or "zeros",  # type: ignore[arg-type]
        bool(layer.get("flip")),
    )
    _padding_mode_fits(conv, size)
    geometry = conv.geometry(size, bank.kernel_size)
    _must_fit(geometry, "a_filter")
    positions = geometry.shape[0] * geometry.shape[1]
    cost = multiply_adds(bank.maps, bank.depth, bank.kernel_size, geometry.shape)
    block = base.in_shape[0] * bank.kernel_size[0] * bank.kernel_size[1] * min(positions, max(BLOCK, geometry.shape[1]))
    same = layer.get("padding") == "same" and conv.stride != (1, 1)
    return replace(
        base,
        shape=(bank.maps, *geometry.shape),
        geometry=geometry,
        conv=conv,
        bank=bank,
        parameters=conv_parameters(bank.maps, bank.depth, bank.kernel_size, True),
        multiply_adds=cost,
        work=cost,
        room=_padded_cells(base.in_shape[0], geometry) + block,
        notes=bank.notes + ((say("same_stride"),) if same else ()),
    )


def _plan_pool(base: Plan) -> Plan:
    layer, (channels, *size) = base.layer, base.in_shape
    window = _pair_of(layer.head, (2, 2))
    padding = _padding(layer, window, (1, 1))
    _pool_padding_fits(padding, window)
    include = layer.get("count_include_pad")
    pool = Pool(
        POOLS[layer.op],  # type: ignore[arg-type]
        window,
        _pair(layer, "stride", window),
        padding,
        bool(layer.get("ceil_mode")),
        include is None or bool(include),
    )
    geometry = pool.geometry((size[0], size[1]))
    _must_fit(geometry, "a_window")
    rows, columns = geometry.rows, geometry.columns
    # Rows are joined first, for every column; then columns.
    work = channels * rows.positions * (columns.padded * rows.kernel + columns.positions * columns.kernel)
    room = _padded_cells(channels, geometry)
    shape = (channels, rows.positions, columns.positions)
    return replace(base, shape=shape, geometry=geometry, pool=pool, work=work + base.work, room=room)


def _plan_whole(base: Plan) -> Plan:
    """Layers without a sliding window."""
    channels, height, width = base.in_shape
    match base.layer.op:
        case "globalavgpool" | "globalmaxpool":
            return replace(base, shape=(channels, 1, 1), geometry=Geometry(Axis(height, height), Axis(width, width)))
        case "flatten":
            return replace(base, shape=(channels * height * width, 1, 1))
    return base


def _plan_linear(base: Plan, linear: LearnedLinear) -> Plan:
    """Reads a column of numbers, as in PyTorch, where `flatten` stands before the first of them."""
    channels, rows, columns = base.in_shape
    if (rows, columns) != (1, 1):
        raise misfit(
            "linear_column", "layers", base.layer.head, "flatten", channels=channels, rows=rows, columns=columns
        )
    maps, numbers = linear.weight.shape
    if numbers != channels:
        name = base.layer.head
        raise misfit("linear_numbers", "layers", name, str(numbers), given=numbers, found=channels)
    cost = maps * numbers
    return replace(
        base,
        shape=(maps, 1, 1),
        linear=linear,
        parameters=cost + maps,
        multiply_adds=cost,
        work=cost,
        room=maps,
    )


def _plan_prepare(base: Plan, trained: Trained) -> Plan:
    prepare = _known(trained.prepare(str(base.layer.head)))
    channels, height, width = base.in_shape
    made = preparation(prepare, base.in_shape)
    if made is None:
        raise misfit("prepare_channels", "layers", prepare.model, say("one_or_three"), channels=channels)
    work = channels * made.rows.parts * width * (height + made.columns.parts) + made.shape[0] * _cells(base.in_shape)
    notes = _prepare_notes(made, channels)
    return replace(base, shape=made.shape, preparation=made, work=work, room=4 * work // max(1, height), notes=notes)


def _prepare_notes(made: Preparation, channels: int) -> tuple[str, ...]:
    """What happens to size and channels, in words."""
    rows, columns = made.rows, made.columns
    notes = []
    if (rows.length, columns.length) != (rows.size, columns.size):
        notes.append(say("prepare_cut", rows=rows.length, columns=columns.length))
    if (rows.length, columns.length) != (rows.parts, columns.parts):
        larger = rows.parts > rows.length or columns.parts > columns.length
        sizes = {"rows": rows.length, "columns": columns.length, "high": rows.parts, "wide": columns.parts}
        notes.append(say("prepare_enlarged" if larger else "prepare_averaged", **sizes))
    if made.mix == (GRAY,):
        notes.append(say("prepare_gray"))
    if channels < made.prepare.channels:
        notes.append(say("prepare_repeated"))
    return tuple(notes)


def _known(found: T | Problem) -> T:
    if isinstance(found, Problem):
        raise Misfit(found)
    return found


def slope_of(layer: Layer) -> float:
    """The slope of a leaky ReLU."""
    return float(number(layer.head)) if isinstance(layer.head, str) else 0.01


def shift_of(layer: Layer) -> Pair:
    """Rows down and columns right of a shift."""
    return _pair_of(layer.head, (0, 1))


def _cells(shape: Shape) -> int:
    return shape[0] * shape[1] * shape[2]


def _padded_cells(channels: int, geometry: Geometry) -> int:
    rows, columns = geometry.rows, geometry.columns
    return channels * (rows.padded + rows.overhang) * (columns.padded + columns.overhang)


def _pair_of(value: object, default: Pair) -> Pair:
    return (int(value[0]), int(value[1])) if isinstance(value, tuple) and len(value) == 2 else default


def _pair(layer: Layer, name: str, default: Pair) -> Pair:
    return _pair_of(layer.get(name), default)


def _padding(layer: Layer, kernel_size: Pair, dilation: Pair) -> Sides:
    said = layer.get("padding")
    return padding_sides(said if said is not None else "valid", kernel_size, dilation)  # type: ignore[arg-type]


def _must_fit(geometry: Geometry, what: str) -> None:
    for cells, axis in (("rows", geometry.rows), ("columns", geometry.columns)):
        if axis.positions:
            continue
        parts = {
            "cells": say(cells),
            "padded": axis.padded,
            "with_padding": say("with_padding") if axis.padded > axis.size else "",
        }
        if axis.dilation > 1 and axis.kernel <= axis.padded:
            most = (axis.padded - 1) // (axis.kernel - 1)
            raise misfit("dilation", "dilation", axis.dilation, say("at_most", most=most), reach=axis.reach, **parts)
        can_be = say("at_most", most=axis.padded)
        raise misfit("window", "kernel_size", axis.reach, can_be, what=say(what), **parts)


def _padding_mode_fits(conv: Conv, size: Pair) -> None:
    short = {"reflect": 1, "circular": 0}.get(conv.padding_mode)
    if short is None:
        return
    for sides, length, cells in ((conv.padding[:2], size[0], "rows"), (conv.padding[2:], size[1], "columns")):
        if max(sides) > length - short:
            can_be = say("at_most", most=length - short)
            parts = {"mode": conv.padding_mode, "size": length, "cells": say(cells)}
            raise misfit("padding_mode", "padding", max(sides), can_be, **parts)


def _pool_padding_fits(padding: Sides, window: Pair) -> None:
    for sides, length, cells in ((padding[:2], window[0], "rows"), (padding[2:], window[1], "columns")):
        if max(sides) > length // 2:
            can_be = say("at_most", most=length // 2)
            raise misfit("pool_padding", "padding", max(sides), can_be, size=length, cells=say(cells))
