"""The filters of one convolution: first measured, then made, from names and typed numbers to an array.

Measuring touches no array, so that a bank that is far too large is refused before anything of it exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..layer_error import LayerError, make_layer_error
from ..messages import join_names, say
from ..problems import Problem
from ..scene import Filter, Layer, LearnedFilters, NamedFilter, OptionValue, Pair, Planes, RandomFilters, parse_number
from .kernels import KERNELS, Kernel, draw_random_weights, find_kernel, make_exact_planes

MOST_GROUPS = 64


@dataclass(frozen=True)
class Bank:
    """K filters over one group's channels.

    `weight` (K, C / groups, kh, kw) holds what is multiplied: whole numbers wherever the filter was typed or
    taken from the table. A sum is divided by `divisors[k] · scales[k]` before `bias` (float64) is added: the divisor
    is the one that was written (1/9), the scale the common denominator of decimals and fractions in the cells.
    `exact` says that the weights are whole numbers and mean exactly what was written.
    """

    weight: Maps
    divisors: tuple[int, ...]
    scales: tuple[int, ...]
    bias: NDArray[np.float64]
    bias_text: tuple[str, ...]
    labels: tuple[str, ...]
    groups: int
    exact: bool

    @cached_property
    def divided_by(self) -> tuple[int, ...]:
        """What each map's sum is divided by."""
        return tuple(d * s for d, s in zip(self.divisors, self.scales, strict=True))

    @cached_property
    def undivided(self) -> bool:
        """Sums are the maps' values, but for the bias."""
        return all(d == 1 for d in self.divided_by)

    @property
    def keeps_brightness(self) -> bool:
        """Each filter's weights sum to 1, all planes together, and there is no bias: the result is a picture."""
        if not self.exact or self.bias.any():
            return False
        sums = self.weight.sum(axis=(1, 2, 3), dtype=np.float64)
        return bool(np.all(sums == np.array(self.divided_by, np.float64)))

    @property
    def reach(self) -> float:
        """The largest sum of absolute weights: no sum is further from 0 than this times the largest input."""
        return float(np.abs(self.weight).sum(axis=(1, 2, 3), dtype=np.float64).max())


@dataclass(frozen=True)
class LearnedBank:
    """A trained layer as it is stored: its filters, their bias, and the options it was trained with.

    `indices` says which filters of the layer these are, where they are not all of it; `moment` is the step of
    training that they are from, None for its end. `names` are the classes of a layer that has one filter for each.
    """

    weight: Maps
    bias: Maps
    options: tuple[tuple[str, OptionValue], ...] = ()
    indices: tuple[int, ...] = ()
    moment: int | None = None
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def groups(self) -> int:
        """Into how many groups the channels were split in training."""
        said = dict(self.options).get("groups")
        return said if isinstance(said, int) else 1

    @property
    def numbers(self) -> tuple[int, ...]:
        """The number of each filter in its layer."""
        return self.indices or tuple(range(len(self.weight)))

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """What each filter is called."""
        return tuple(self._label(place) for place in range(len(self.weight)))

    @cached_property
    def bias_text(self) -> tuple[str, ...]:
        """Each filter's bias as it is written."""
        return tuple(map(_format_bias, self.bias.tolist()))

    def _label(self, place: int) -> str:
        number = self.indices[place] if self.indices else place
        label = self.names[number] if self.names else say("learned_label", index=number)
        return label if self.moment is None else say("learned_then", label=label, moment=self.moment)


FindLearnedBank = Callable[[LearnedFilters], "LearnedBank | Problem"]
"""Where the filters of trained models come from."""


@dataclass(frozen=True, slots=True)
class BankPlan:
    """A bank that is known to be possible, and how large it will be; `make` makes it.

    `counts` holds how many filters each written filter stands for; a list is applied in every group, so that there
    are groups × list `maps`, in PyTorch's order: all of the first group, then all of the second. A trained layer as a
    whole is `shared` out among the groups that it was trained with: its filters are those of all groups already.
    """

    layer: Layer
    depth: int
    groups: int
    counts: tuple[int, ...]
    kernel_size: Pair
    learnt: FindLearnedBank
    notes: tuple[str, ...] = ()
    shared: bool = False

    @property
    def is_whole_layer(self) -> bool:
        """Whether it is one trained layer as it is, however many filters that has."""
        return len(self.layer.filters) == 1 and isinstance(self.layer.filters[0], LearnedFilters)

    @property
    def maps(self) -> int:
        """How many maps the bank makes."""
        return sum(self.counts) * (1 if self.shared else self.groups)

    @property
    def weights(self) -> int:
        """Numbers in all filters."""
        return self.maps * self.depth * self.kernel_size[0] * self.kernel_size[1]

    def make(self) -> Bank:
        """The filters themselves, the smaller ones centered in the largest."""
        if self.is_whole_layer and (self.shared or self.groups == 1):
            return _make_whole_layer(self)
        listed = [one for f in self.layer.filters for one in _make_filters(f, self)]
        weight = np.array([_center(one.weight, self.kernel_size) for one in listed], np.float32)
        bias, text = _make_biases(self.layer, [one.bias for one in listed] * self.groups)
        return Bank(
            weight if self.groups == 1 else np.tile(weight, (self.groups, 1, 1, 1)),
            tuple(one.divisor for one in listed) * self.groups,
            tuple(one.scale for one in listed) * self.groups,
            bias,
            text,
            tuple(one.label for one in listed) * self.groups,
            self.groups,
            all(one.exact for one in listed),
        )


def plan_bank(layer: Layer, channels: int, learnt: FindLearnedBank) -> BankPlan:
    """What the filters of a `conv` layer are on an input of so many channels. Raises Misfit."""
    layer = _add_trained_options(layer, learnt)
    groups = choose_groups(layer, channels)
    depth = channels // groups
    sizes = [_measure_filter(f, index, depth, learnt) for index, f in enumerate(layer.filters)]
    rows, columns = max(size[1] for size in sizes), max(size[2] for size in sizes)
    alike = all(size[1:] == (rows, columns) for size in sizes)
    centered = () if alike else (say("centered", rows=rows, columns=columns),)
    notes = (*centered, *_list_notes(layer, learnt))
    counts, shared = tuple(size[0] for size in sizes), _covers_all_groups(layer, groups, learnt)
    bank = BankPlan(layer, depth, groups, counts, (rows, columns), learnt, notes, shared)
    said = layer.get("bias")
    if isinstance(said, tuple) and len(said) != bank.maps:
        raise make_layer_error("biases", "bias", len(said), say("one_or_all", maps=bank.maps), maps=bank.maps)
    return bank


def _covers_all_groups(layer: Layer, groups: int, learnt: FindLearnedBank) -> bool:
    """Whether the filters are one trained layer, all of it, in the groups that it was trained with."""
    one = layer.filters[0]
    if len(layer.filters) > 1 or not isinstance(one, LearnedFilters) or one.index is not None:
        return False
    bank = learnt(one)
    return isinstance(bank, LearnedBank) and bank.groups == groups and len(bank.weight) % groups == 0


def choose_groups(layer: Layer, channels: int) -> int:
    """The groups said; else one a channel for classic filters on three channels; else 1.

    Raises Misfit where the channels cannot be split so.
    """
    said = layer.get("groups")
    if said is None:
        return channels if channels == 3 and all(isinstance(f, NamedFilter) for f in layer.filters) else 1
    groups = int(said) if isinstance(said, int) else 1
    if channels % groups:
        fit = [str(n) for n in range(1, min(channels, MOST_GROUPS) + 1) if channels % n == 0]
        raise make_layer_error("groups", "groups", groups, join_names(fit), channels=channels)
    return groups


def _add_trained_options(layer: Layer, learnt: FindLearnedBank) -> Layer:
    """What is not said of a learned filter is as it was in training."""
    if not any(isinstance(one, LearnedFilters) for one in layer.filters):
        return layer
    said = dict(layer.options)
    for one in layer.filters:
        bank = learnt(one) if isinstance(one, LearnedFilters) else None
        if isinstance(bank, LearnedBank):
            said = dict(bank.options) | said
    return replace(layer, options=tuple(said.items()))


def _list_notes(layer: Layer, learnt: FindLearnedBank) -> tuple[str, ...]:
    banks = [learnt(one) for one in layer.filters if isinstance(one, LearnedFilters)]
    notes = [note for bank in banks if isinstance(bank, LearnedBank) for note in bank.notes]
    return tuple(dict.fromkeys(notes))


def _measure_filter(f: Filter, index: int, depth: int, learnt: FindLearnedBank) -> tuple[int, int, int]:
    """(filters, rows, columns) that a written filter stands for."""
    match f:
        case NamedFilter(name):
            return 1, *_find_kernel(name, index).planes.shape[1:]
        case Planes():
            given, rows, columns = f.shape
            if given not in (1, depth):
                can_be = say("planes_one" if depth == 1 else "planes_each", depth=depth)
                raise make_layer_error("filter_planes", "filters", given, can_be, filter=index)
            return 1, rows, columns
        case RandomFilters(count, rows, columns):
            return count, rows, columns
        case LearnedFilters():
            count, rows, columns = _measure_learned(f, index, depth, learnt)
            return count, rows, columns


def _find_kernel(name: str, index: int) -> Kernel:
    row = find_kernel(name)
    if row is None:
        raise make_layer_error("unknown", "filters", name, join_names(row.name for row in KERNELS), filter=index)
    return row


def _measure_learned(f: LearnedFilters, index: int, depth: int, learnt: FindLearnedBank) -> tuple[int, int, int]:
    bank = learnt(f)
    if isinstance(bank, Problem):
        raise LayerError(bank, index)
    count, given, rows, columns = bank.weight.shape
    name = f"{f.model}/{f.layer}"
    if given != depth:
        sentence = {1: "learned_gray", 3: "learned_depth"}.get(given, "learned_other")
        raise make_layer_error(sentence, "filters", name, str(given), filter=index, given=given, depth=depth)
    if f.index is not None and f.index not in bank.numbers:
        if bank.indices:
            can_be = join_names(map(str, sorted(bank.indices)))
            raise make_layer_error("film_filters", "filters", f.index, can_be, filter=index, name=name, count=count)
        can_be = say("whole", least=0, most=count - 1)
        raise make_layer_error("learned_index", "filters", f.index, can_be, filter=index, name=name)
    return (count if f.index is None else 1), rows, columns


@dataclass(frozen=True, slots=True)
class _FilterArrays:
    """One filter over one group's channels."""

    weight: Maps
    label: str
    divisor: int = 1
    scale: int = 1
    exact: bool = False
    bias: float = 0.0


def _make_filters(f: Filter, plan: BankPlan) -> list[_FilterArrays]:
    match f:
        case NamedFilter(name):
            return [_make_typed(_find_kernel(name, 0).planes, plan.depth, name)]
        case Planes():
            return [_make_typed(f, plan.depth, say("typed_label"))]
        case RandomFilters():
            seed = plan.layer.get("seed")
            made = draw_random_weights(f, plan.depth, seed if isinstance(seed, int) else 0)
            return [_FilterArrays(one, say("random_label", index=i), exact=True) for i, one in enumerate(made)]
        case LearnedFilters():
            return _make_learned(f, plan.learnt(f))


def _make_typed(planes: Planes, depth: int, label: str) -> _FilterArrays:
    """One plane repeats over the channels of its group."""
    exact = make_exact_planes(planes)
    weight = np.repeat(exact.numerators, depth, axis=0) if len(exact.numerators) == 1 else exact.numerators
    return _FilterArrays(weight, label, exact.divisor, exact.scale, exact.exact)


def _make_learned(f: LearnedFilters, bank: LearnedBank | Problem) -> list[_FilterArrays]:
    if isinstance(bank, Problem):
        raise LayerError(bank)
    chosen = range(len(bank.weight)) if f.index is None else (bank.numbers.index(f.index),)
    return [_FilterArrays(bank.weight[i], bank.labels[i], bias=float(bank.bias[i])) for i in chosen]


def _center(weight: Maps, size: Pair) -> Maps:
    """The filter with zeros around it; an odd cell goes to the bottom and right."""
    if weight.shape[1:] == size:
        return weight
    rows, columns = size[0] - weight.shape[1], size[1] - weight.shape[2]
    return np.pad(weight, ((0, 0), (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)))


def _make_whole_layer(plan: BankPlan) -> Bank:
    """Trained filters as they are stored, without a copy: a network has thousands of them."""
    learned = plan.layer.filters[0]
    found = plan.learnt(learned) if isinstance(learned, LearnedFilters) else None
    if not isinstance(learned, LearnedFilters) or not isinstance(found, LearnedBank):
        raise ValueError("the filters are not one trained layer")
    first, after = 0, len(found.weight)
    if learned.index is not None:
        first = found.numbers.index(learned.index)
        after = first + 1
    bias, text = found.bias[first:after].astype(np.float64), found.bias_text[first:after]
    if plan.layer.get("bias") is not None:
        bias, text = _make_biases(plan.layer, bias.tolist())
    ones = (1,) * (after - first)
    return Bank(found.weight[first:after], ones, ones, bias, text, found.labels[first:after], plan.groups, False)


def _make_biases(layer: Layer, own: list[float]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """What is said, for one map or for each; else the filters' own."""
    said = layer.get("bias")
    if said is None:
        return np.array(own, np.float64), tuple(map(_format_bias, own))
    texts = tuple(map(str, said)) if isinstance(said, tuple) else (str(said),) * len(own)
    values: dict[str, Fraction] = {text: parse_number(text) for text in set(texts)}
    return np.array([float(values[text]) for text in texts], np.float64), texts


def _format_bias(bias: float) -> str:
    return f"{bias:.6g}"
