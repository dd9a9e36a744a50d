"""The filters of one convolution, ready to be applied: from names and typed numbers to an array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

import numpy as np

from .kernels import exact_planes, kernel, random_planes
from .maps import Maps
from .problems import Problem
from .scene import Filter, Layer, Learned, Named, Planes, Random, number

COLOR_NAMES = ("red", "green", "blue")


@dataclass(frozen=True, slots=True)
class Bank:
    """K filters over one group's channels.

    `weight` (K, C / groups, kh, kw) holds what is multiplied: whole numbers wherever the filter was typed or
    taken from the table. A sum is divided by `divisors[k] · scales[k]` before the bias is added: the divisor is
    the one that was written (1/9), the scale the common denominator of decimals and fractions in the cells.
    """

    weight: Maps
    divisors: tuple[int, ...]
    scales: tuple[int, ...]
    bias: Maps
    bias_text: tuple[str, ...]
    labels: tuple[str, ...]
    groups: int
    notes: tuple[str, ...] = field(default=())

    @property
    def keeps_brightness(self) -> bool:
        """Every kernel sums to 1 over each plane that it reads, and there is no bias: the result is a picture."""
        sums = self.weight.sum(axis=(1, 2, 3), dtype=np.float64)
        whole = np.array(self.divisors, np.float64) * np.array(self.scales, np.float64)
        return bool(np.all(sums == whole) and not self.bias.any())

    @property
    def whole(self) -> bool:
        """What is multiplied are whole numbers."""
        return bool(np.all(self.weight == np.rint(self.weight)))


@dataclass(frozen=True, slots=True)
class LearnedBank:
    """A trained layer as it is stored: its filters, their bias, and the options it was trained with."""

    weight: Maps
    bias: Maps
    options: tuple[tuple[str, object], ...] = ()


Learnt = Callable[[Learned], "LearnedBank | Problem"]
"""Where the filters of trained models come from."""


class Misfit(Exception):
    """A layer that cannot be applied to what comes before it; `problem` says why in plain words."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def groups_of(layer: Layer, channels: int) -> int:
    """The groups said; else one a channel for classic filters on a color picture; else 1.

    Raises Misfit where the channels cannot be split so.
    """
    said = layer.get("groups")
    if said is None:
        return channels if channels == 3 and all(isinstance(f, Named) for f in layer.filters) else 1
    groups = int(said) if isinstance(said, int) else 1
    if channels % groups:
        fit = ", ".join(str(n) for n in range(1, channels + 1) if channels % n == 0)
        raise Misfit(
            Problem(
                "groups",
                str(groups),
                fit,
                f"{channels} channels cannot be split into {groups} equal groups; possible here: {fit}.",
            )
        )
    return groups


def make_bank(layer: Layer, channels: int, learnt: Learnt) -> Bank:
    """All filters of a `conv` layer on an input of so many channels. Raises Misfit."""
    groups = groups_of(layer, channels)
    filters = [one for f in layer.filters for one in _filters(f, layer, channels // groups, learnt)]
    listed = [replace(one, weight=one.weight) for one in filters]
    height = max(one.weight.shape[1] for one in listed)
    width = max(one.weight.shape[2] for one in listed)
    weight = np.stack([_centered(one.weight, height, width) for one in listed])
    notes = _size_note(listed, height, width)
    return _in_every_group(weight, listed, groups, layer, notes)


@dataclass(frozen=True, slots=True)
class _One:
    weight: Maps
    label: str
    divisor: int = 1
    scale: int = 1
    bias: float | None = None


def _filters(f: Filter, layer: Layer, depth: int, learnt: Learnt) -> list[_One]:
    match f:
        case Named(name):
            row = kernel(name)
            if row is None:
                raise Misfit(Problem("filter", name, "a name from the menu", f"There is no filter called {name}."))
            return [_typed(row.planes, depth, row.name, 0)]
        case Planes():
            return [_typed(f, depth, "typed", 0)]
        case Random():
            seed = layer.get("seed")
            made = random_planes(f, depth, int(seed) if isinstance(seed, int) else 0)
            return [_typed(planes, depth, f"random {i}", i) for i, planes in enumerate(made)]
        case Learned():
            return _learned(f, depth, learnt)


def _typed(planes: Planes, depth: int, label: str, index: int) -> _One:
    exact = exact_planes(planes)
    given = len(exact.numerators)
    if given not in (1, depth):
        raise Misfit(
            Problem(
                "filter",
                f"{given} planes",
                f"1 or {depth} planes",
                f"Filter {index} has {given} planes, but each filter reads {depth} "
                f"{'channel' if depth == 1 else 'channels'} here: give it 1 plane or {depth}.",
            )
        )
    repeated = np.repeat(exact.numerators, depth, axis=0) if given == 1 else exact.numerators
    return _One(repeated, label, exact.divisor, exact.scale)


def _learned(f: Learned, depth: int, learnt: Learnt) -> list[_One]:
    bank = learnt(f)
    if isinstance(bank, Problem):
        raise Misfit(bank)
    if bank.weight.shape[1] != depth:
        given = bank.weight.shape[1]
        raise Misfit(
            Problem(
                "filter",
                f"{f.model}/{f.layer}",
                f"{given} channels",
                f"The filters of {f.model}/{f.layer} read {given} channels; here they would get {depth}.",
            )
        )
    chosen = range(len(bank.weight)) if f.index is None else (f.index,)
    return [_One(bank.weight[i], f"filter {i}", bias=float(bank.bias[i])) for i in chosen]


def _centered(weight: Maps, height: int, width: int) -> Maps:
    _, h, w = weight.shape
    top, left = (height - h) // 2, (width - w) // 2
    return np.pad(weight, ((0, 0), (top, height - h - top), (left, width - w - left)))


def _size_note(filters: list[_One], height: int, width: int) -> tuple[str, ...]:
    if all(one.weight.shape[1:] == (height, width) for one in filters):
        return ()
    return (f"Filters of different sizes: each is centered in {height} × {width} cells, with zeros around it.",)


def _in_every_group(weight: Maps, filters: list[_One], groups: int, layer: Layer, notes: tuple[str, ...]) -> Bank:
    count = len(filters) * groups
    bias, text = _biases(layer, filters, groups)
    colors = groups == 3 and len(filters) * groups == count
    labels = tuple(
        f"{one.label}, {COLOR_NAMES[g]}" if colors else (one.label if groups == 1 else f"{one.label}, group {g}")
        for g in range(groups)
        for one in filters
    )
    return Bank(
        np.ascontiguousarray(np.tile(weight, (groups, 1, 1, 1)), np.float32),
        tuple(one.divisor for one in filters) * groups,
        tuple(one.scale for one in filters) * groups,
        bias,
        text,
        labels,
        groups,
        notes,
    )


def _biases(layer: Layer, filters: list[_One], groups: int) -> tuple[Maps, tuple[str, ...]]:
    count = len(filters) * groups
    said = layer.get("bias")
    if said is None:
        own = [0.0 if one.bias is None else one.bias for one in filters] * groups
        text = tuple("0" if value == 0 else repr(np.float32(value).item()) for value in own)
        return np.array(own, np.float32), text
    texts = (said,) * count if isinstance(said, str) else tuple(said) if isinstance(said, tuple) else ()
    if len(texts) != count:
        raise Misfit(
            Problem(
                "bias",
                f"{len(texts)} numbers",
                f"1 number or {count}",
                f"{len(texts)} biases for {count} maps: give one number for all, or {count} of them.",
            )
        )
    exact: list[Fraction] = [number(str(text)) for text in texts]
    return np.array([float(value) for value in exact], np.float32), tuple(str(text) for text in texts)
