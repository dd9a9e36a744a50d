"""Trace: everything that the picture needs, each stage's arrays and geometry.

A Trace holds arrays, not steps: any step of a stage is explained from the stage's input, its weights and its
output (`steps`), so that no second request is needed to draw one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from . import ops
from .bank import Bank
from .maps import Maps
from .plan import Plan, Shape, shift_of, slope_of
from .scene import Scene
from .schema import scene_to_json
from .shapes import Axis, Geometry, receptive_field

VERSION = 1
EXACT = 2**24
"""Whole numbers below this are exact in float32."""
ENOUGH = 0.6
"""A place in the middle of a map is telling enough if its value is this share of the map's largest."""

Meta = Mapping[str, object]
Plane = np.ndarray[tuple[int, int], np.dtype[np.float32]]


@dataclass(frozen=True, slots=True)
class Source:
    """The input of a chain: its values (C, H, W) and where they come from.

    `info` goes to the browser as it is (kind, name, title, alt, credit, stored size, cut); `scale` is the value of
    black and of white, None for numbers that are no picture.
    """

    values: Maps
    info: Meta
    scale: tuple[float, float] | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: its maps, what made them, and what can be said about them (`meta`, ready for JSON)."""

    meta: Meta
    output: Maps
    weight: Maps | None = None
    bias: Maps | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """A Scene computed. Stage 0 is the input. Laws: every stage equals the oracle's; `version` names the format."""

    scene: Scene
    stages: tuple[Stage, ...]
    version: int = VERSION

    def header(self) -> dict[str, object]:
        """All but the arrays, ready for JSON."""
        return {
            "version": self.version,
            "scene": scene_to_json(self.scene),
            "stages": [dict(stage.meta) for stage in self.stages],
        }


@dataclass(frozen=True, slots=True)
class _Nature:
    """What is known of a stage's values: whole numbers? shown as a picture? on which scale?"""

    whole: bool
    colors: str
    scale: tuple[float, float] | None


@dataclass(slots=True)
class _Chain:
    """The growing trace, and what the next stage needs to know of the last."""

    maps: Maps
    nature: _Nature
    geometries: list[Geometry] = field(default_factory=list)


def run(scene: Scene, source: Source, plans: Iterable[Plan]) -> Trace:
    """Computes every stage in turn. The plans must fit one another, as `plan_layer` made them."""
    chain = _Chain(source.values, _input_nature(source))
    stages = [_input_stage(source, chain.nature)]
    for plan in plans:
        stages.append(_stage(plan, chain, len(stages)))
    return Trace(scene, tuple(stages))


def _stage(plan: Plan, chain: _Chain, index: int) -> Stage:
    before = chain.maps
    output, exact = apply(plan, before), _exact(plan, before, chain.nature.whole)
    chain.nature = _nature_after(plan, chain.nature, exact)
    chain.maps = output
    if plan.geometry:
        chain.geometries.append(plan.geometry)
    field_ = receptive_field(chain.geometries)
    meta = {
        "index": index,
        **_plan_meta(plan),
        "receptive_field": list(field_.size),
        "jump": list(field_.jump),
        "exact": exact,
        **_value_meta(output, plan.geometry, chain.nature),
        "notes": list(plan.notes),
    }
    bank = plan.bank
    return Stage(meta, output, bank.weight[_turned(plan)] if bank else None, bank.bias if bank else None)


def apply(plan: Plan, x: Maps) -> Maps:
    """The maps that a planned layer makes of its input."""
    if plan.conv and plan.bank:
        return _convolve(x, plan.bank, plan.conv)
    if plan.pool:
        return ops.pool2d(x, plan.pool)
    match plan.op.name:
        case "relu":
            return ops.relu(x)
        case "leaky_relu":
            return ops.leaky_relu(x, slope_of(plan.layer))
        case "sigmoid":
            return ops.sigmoid(x)
        case "tanh":
            return ops.tanh(x)
        case "abs":
            return ops.absolute(x)
        case "softmax":
            return ops.softmax(x)
        case "globalavgpool":
            return ops.globalpool(x, "avg")
        case "globalmaxpool":
            return ops.globalpool(x, "max")
        case "shift":
            return ops.shift(x, shift_of(plan.layer))
        case "flatten":
            return ops.flatten(x)
    raise ValueError(f"no arithmetic is known for {plan.op.name}")


def _convolve(x: Maps, bank: Bank, conv: ops.Conv) -> Maps:
    """Summed first, divided last: whole numbers stay exact until the division."""
    divided = [d * s for d, s in zip(bank.divisors, bank.scales, strict=True)]
    if all(d == 1 for d in divided):
        return ops.conv2d(x, bank.weight, bank.bias if bank.bias.any() else None, conv)
    y = ops.conv2d(x, bank.weight, None, conv)
    y /= np.array(divided, np.float32)[:, None, None]
    y += bank.bias[:, None, None]
    return y


def _turned(plan: Plan) -> tuple[slice, ...]:
    """Weights are handed on as they are applied: turned by 180° where the layer says so."""
    back = slice(None, None, -1) if plan.conv and plan.conv.flip else slice(None)
    return slice(None), slice(None), back, back


def _exact(plan: Plan, x: Maps, whole: bool) -> bool:
    """Whether every sum of this stage that can be shown is exact."""
    if not whole:
        return False
    largest = float(np.abs(x).max(initial=0))
    if plan.bank:
        reach = np.abs(plan.bank.weight).sum(axis=(1, 2, 3), dtype=np.float64).max()
        return plan.bank.whole and float(reach) * largest < EXACT
    if plan.op.name in {"avgpool", "l2pool", "globalavgpool"} and plan.geometry:
        power = 2 if plan.op.name == "l2pool" else 1
        return plan.geometry.rows.kernel * plan.geometry.columns.kernel * largest**power < EXACT
    return plan.op.name in {"relu", "abs", "maxpool", "minpool", "globalmaxpool", "shift", "flatten"}


def _nature_after(plan: Plan, before: _Nature, exact: bool) -> _Nature:
    bank = plan.bank
    if bank:
        undivided = all(d * s == 1 for d, s in zip(bank.divisors, bank.scales, strict=True))
        whole = exact and undivided and bool(np.all(bank.bias == np.rint(bank.bias)))
        picture = bank.keeps_brightness and before.colors in {"gray", "photo"}
        color = "photo" if before.colors == "photo" and bank.groups == 3 and len(bank.weight) == 3 else "gray"
        return _Nature(whole, color if picture else "signed", before.scale if picture else None)
    whole = exact and plan.op.name not in {"avgpool", "l2pool", "globalavgpool"}
    if plan.op.name in {"sigmoid", "tanh", "softmax", "l2pool"}:
        return _Nature(False, "signed", None)
    return _Nature(whole, before.colors, before.scale)


def _input_nature(source: Source) -> _Nature:
    values = source.values
    whole = bool(np.all(values == np.rint(values)) and np.abs(values).max(initial=0) < EXACT)
    if source.scale is not None:
        return _Nature(whole, "photo" if len(values) == 3 else "gray", source.scale)
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    if low < 0:
        return _Nature(whole, "signed", None)
    return _Nature(whole, "gray", (0.0, max(high, 1.0)))


def _input_stage(source: Source, nature: _Nature) -> Stage:
    meta = {
        "index": 0,
        "op": "input",
        "title": "Input",
        "family": "input",
        "layer": None,
        "shape": list(source.values.shape),
        "input_shape": None,
        "image": dict(source.info),
        "parameters": 0,
        "multiply_adds": 0,
        "receptive_field": [1, 1],
        "jump": [1, 1],
        "exact": nature.whole,
        **_value_meta(source.values, None, nature),
        "notes": list(source.notes),
    }
    return Stage(meta, source.values)


def _plan_meta(plan: Plan) -> dict[str, object]:
    meta: dict[str, object] = {
        "op": plan.op.name,
        "title": title_of(plan),
        "family": plan.op.family,
        "layer": plan.index,
        "shape": list(plan.shape),
        "input_shape": list(plan.in_shape),
        "rows": _axis_meta(plan.geometry.rows) if plan.geometry else None,
        "columns": _axis_meta(plan.geometry.columns) if plan.geometry else None,
        "parameters": plan.parameters,
        "multiply_adds": plan.multiply_adds,
    }
    if plan.bank and plan.conv:
        meta |= _bank_meta(plan.bank, plan.conv)
    if plan.pool:
        meta |= {"pool": plan.pool.kind, "count_include_pad": plan.pool.count_include_pad}
    if plan.op.name in {"globalavgpool", "globalmaxpool"}:
        meta |= {"pool": plan.op.name[6:9], "count_include_pad": True}
    if plan.op.name == "leaky_relu":
        meta["slope"] = slope_of(plan.layer)
    if plan.op.name == "shift":
        meta["by"] = list(shift_of(plan.layer))
    return meta


def title_of(plan: Plan) -> str:
    """What the stage is called: the layer's title, with a pool's window."""
    if plan.pool:
        return f"{plan.op.title} {plan.pool.kernel_size[0]} × {plan.pool.kernel_size[1]}"
    return plan.op.title


def _bank_meta(bank: Bank, conv: ops.Conv) -> dict[str, object]:
    return {
        "groups": conv.groups,
        "padding_mode": conv.padding_mode,
        "flip": conv.flip,
        "divisors": list(bank.divisors),
        "scales": list(bank.scales),
        "bias_text": list(bank.bias_text),
        "labels": list(bank.labels),
    }


def _axis_meta(axis: Axis) -> dict[str, object]:
    return {
        "size": axis.size,
        "kernel": axis.kernel,
        "stride": axis.stride,
        "dilation": axis.dilation,
        "before": axis.before,
        "after": axis.after,
        "ceil": axis.ceil,
        "positions": axis.positions,
        "fits": axis.fits,
        "leftover": axis.leftover,
        "overhang": axis.overhang,
        "unread": list(axis.unread),
        "quotient": str(axis.quotient),
        "fitting_padding": axis.fitting_padding,
    }


def _value_meta(maps: Maps, geometry: Geometry | None, nature: _Nature) -> dict[str, object]:
    """Colors, ranges and telling places, taken from the cells whose windows read no padding."""
    (top, bottom), (left, right) = _inside(geometry, maps.shape)
    inner = maps[:, top:bottom, left:right]
    low, high = inner.min(axis=(1, 2)), inner.max(axis=(1, 2))
    best = _telling(inner)
    return {
        "colors": nature.colors,
        "scale": list(nature.scale) if nature.scale else None,
        "ranges": np.stack([low, high], 1).tolist(),
        "telling": [[top + r, left + c] for r, c in best],
    }


def _inside(geometry: Geometry | None, shape: Shape | tuple[int, ...]) -> tuple[tuple[int, int], tuple[int, int]]:
    if geometry is None:
        return (0, shape[1]), (0, shape[2])
    return _inner_span(geometry.rows), _inner_span(geometry.columns)


def _inner_span(axis: Axis) -> tuple[int, int]:
    """First and one-past-last position whose window lies inside the input; all, where none does."""
    first = -(-axis.before // axis.stride)
    last = (axis.size - axis.reach + axis.before) // axis.stride
    return (first, last + 1) if 0 <= first <= last < axis.positions else (0, axis.positions)


def _telling(maps: Maps) -> list[tuple[int, int]]:
    """Where each map is largest: a cell that survives ReLU and wins its pool. The strongest, if none is above 0.

    The middle half of the map comes first, unless something much larger lies outside it.
    """
    top, left = maps.shape[1] // 4, maps.shape[2] // 4
    middle = maps[:, top : maps.shape[1] - top, left : maps.shape[2] - left]
    return [
        (top + near[0], left + near[1]) if middle[k][near] >= ENOUGH * maps[k].max() > 0 else _strongest(maps[k])
        for k, near in enumerate(map(_strongest, middle))
    ]


def _strongest(plane: Plane) -> tuple[int, int]:
    size = plane if plane.max() > 0 else np.abs(plane)
    row, column = divmod(int(size.argmax()), plane.shape[1])
    return row, column
