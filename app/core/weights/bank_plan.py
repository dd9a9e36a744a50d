"""The filters of one convolution: planned first, then made from names and typed numbers into one array.

Planning allocates no array, so that a bank that is far too large is rejected before it exists.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ..arrays import Maps
from ..layer_error import LayerError, make_layer_error
from ..messages import join_names
from ..problems import Problem
from ..scene import (
    Filter,
    Layer,
    LearnedFilters,
    NamedFilter,
    Pair,
    Planes,
    RandomFilters,
    ShapeFilters,
    parse_number,
)
from ..texts import Text, make_text
from .bank import Bank, LearnedBank, format_bias
from .kernels import KERNELS, Kernel, draw_random_weights, find_kernel, make_exact_planes
from .random_numbers import draw_he_weights, find_he_deviation

FindLearnedBank = Callable[[LearnedFilters], LearnedBank | Problem]
"""Finds the filters of trained models."""


@dataclass(frozen=True, slots=True)
class BankPlan:
    """The size of a valid bank, which `make` makes.

    `counts` holds how many filters each written filter stands for. The list is applied in every group, which gives
    groups × list `maps` in PyTorch's order: all of the first group, then all of the second. With `has_all_groups` the
    filters are a whole trained layer, or a shape alone, which already have the filters of all groups.
    """

    layer: Layer
    channels: int
    groups: int
    counts: tuple[int, ...]
    kernel_size: Pair
    find_bank: FindLearnedBank
    notes: tuple[Text | str, ...] = ()
    has_all_groups: bool = False

    @property
    def is_whole_layer(self) -> bool:
        """Whether the filters are one trained layer (or one filter of it) alone."""
        return len(self.layer.filters) == 1 and isinstance(self.layer.filters[0], LearnedFilters)

    @property
    def counted_maps(self) -> int:
        """The maps that the limit of typed filters counts: not those of a trained layer alone, or of a shape."""
        return 0 if self.is_whole_layer else sum(self.typed_counts) * self.groups

    @property
    def typed_counts(self) -> tuple[int, ...]:
        """`counts`, with 0 for a filter that is a shape alone."""
        written = zip(self.counts, self.layer.filters, strict=True)
        return tuple(0 if isinstance(one, ShapeFilters) else count for count, one in written)

    @property
    def has_class_names(self) -> bool:
        """Whether the filters are those of one trained layer that has one filter for each class."""
        found = self.find_bank(self.layer.filters[0]) if self.is_whole_layer else None  # type: ignore[arg-type]
        return isinstance(found, LearnedBank) and bool(found.names)

    @property
    def maps(self) -> int:
        """The number of maps that the bank makes."""
        return sum(self.counts) * (1 if self.has_all_groups else self.groups)

    @property
    def weights(self) -> int:
        """The count of numbers in all filters."""
        return self.maps * self.channels * self.kernel_size[0] * self.kernel_size[1]

    def make(self) -> Bank:
        """The filters, smaller ones centered in the size of the largest."""
        if self.is_whole_layer and (self.has_all_groups or self.groups == 1):
            return _make_whole_layer(self)
        if self.has_all_groups:
            return _make_shape_layer(self)
        filters = [one for f in self.layer.filters for one in _make_filters(f, self)]
        weight = np.array([_center(one.weight, self.kernel_size) for one in filters], np.float32)
        bias, text = _make_biases(self.layer, [one.bias for one in filters] * self.groups)
        return Bank(
            weight if self.groups == 1 else np.tile(weight, (self.groups, 1, 1, 1)),
            tuple(one.divisor for one in filters) * self.groups,
            tuple(one.scale for one in filters) * self.groups,
            bias,
            text,
            tuple(one.label for one in filters) * self.groups,
            self.groups,
            all(one.exact for one in filters),
        )


def plan_bank(layer: Layer, channels: int, find_bank: FindLearnedBank) -> BankPlan:
    """The plan of a `conv` layer's filters on an input of `channels` channels. Raises LayerError."""
    layer = _add_trained_options(layer, find_bank)
    groups = choose_groups(layer, channels)
    depth = channels // groups
    sizes = [_measure_filter(f, index, depth, find_bank) for index, f in enumerate(layer.filters)]
    rows, columns = max(size[1] for size in sizes), max(size[2] for size in sizes)
    same_size = all(size[1:] == (rows, columns) for size in sizes)
    centered = () if same_size else (make_text("centered", rows=rows, columns=columns),)
    notes = (*centered, *_list_notes(layer, find_bank), *_list_shape_notes(layer, depth))
    counts, has_all_groups = tuple(size[0] for size in sizes), _covers_all_groups(layer, groups, find_bank)
    bank = BankPlan(layer, depth, groups, counts, (rows, columns), find_bank, notes, has_all_groups)
    _check_biases(layer, bank.maps)
    return bank


def _check_biases(layer: Layer, maps: int) -> None:
    bias = layer.get("bias")
    if isinstance(bias, tuple) and len(bias) != maps:
        raise make_layer_error("biases", "bias", len(bias), make_text("one_or_all", maps=maps), maps=maps)


def override_bias(layer: Layer, own: Maps) -> Maps:
    """The biases of a trained layer, or in their place those that the layer is given. Raises LayerError."""
    if layer.get("bias") is None:
        return own
    _check_biases(layer, len(own))
    return _make_biases(layer, own.tolist())[0].astype(np.float32)


def _covers_all_groups(layer: Layer, groups: int, find_bank: FindLearnedBank) -> bool:
    """Whether the filters are one whole trained layer, in the groups that it was trained with, or a shape alone.

    Raises LayerError for a shape whose filters cannot be split into the groups.
    """
    one = layer.filters[0]
    if isinstance(one, ShapeFilters) and len(layer.filters) == 1:
        if one.count % groups:
            allowed = make_text("multiple_of", groups=groups)
            raise make_layer_error("shape_groups", "groups", groups, allowed, filters=one.count)
        return True
    if len(layer.filters) > 1 or not isinstance(one, LearnedFilters) or one.index is not None:
        return False
    bank = find_bank(one)
    return isinstance(bank, LearnedBank) and bank.groups == groups and len(bank.weight) % groups == 0


def choose_groups(layer: Layer, channels: int) -> int:
    """The layer's groups; 1 where it gives none: a filter reads all channels.

    Raises LayerError if they do not divide the channels.
    """
    given = layer.get("groups")
    if given is None:
        return 1
    groups = int(given) if isinstance(given, int) else 1
    if channels % groups:
        fit = [str(n) for n in range(1, channels + 1) if channels % n == 0]
        raise make_layer_error("groups", "groups", groups, join_names(fit), channels=channels)
    return groups


def _add_trained_options(layer: Layer, find_bank: FindLearnedBank) -> Layer:
    """The layer with the options of training where it has none of its own."""
    if layer.op != "conv" or not any(isinstance(one, LearnedFilters) for one in layer.filters):
        return layer  # the options of a convolution are not those of its transpose
    options = dict(layer.options)
    for one in layer.filters:
        bank = find_bank(one) if isinstance(one, LearnedFilters) else None
        if isinstance(bank, LearnedBank):
            options = dict(bank.options) | options
    return replace(layer, options=tuple(options.items()))


def _list_notes(layer: Layer, find_bank: FindLearnedBank) -> tuple[Text | str, ...]:
    banks = [find_bank(one) for one in layer.filters if isinstance(one, LearnedFilters)]
    notes = [note for bank in banks if isinstance(bank, LearnedBank) for note in bank.notes]
    return tuple(dict.fromkeys(notes))


def _measure_filter(f: Filter, index: int, depth: int, find_bank: FindLearnedBank) -> tuple[int, int, int]:
    """(filters, rows, columns) of a written filter."""
    match f:
        case NamedFilter(name):
            return 1, *_find_kernel(name, index).planes.shape[1:]
        case Planes():
            given, rows, columns = f.shape
            if given not in (1, depth):
                allowed = make_text("planes_one" if depth == 1 else "planes_each", depth=depth)
                raise make_layer_error("filter_planes", "filters", given, allowed, filter=index)
            return 1, rows, columns
        case RandomFilters(count, rows, columns) | ShapeFilters(count, rows, columns):
            return count, rows, columns
        case LearnedFilters():
            count, rows, columns = _measure_learned(f, index, depth, find_bank)
            return count, rows, columns


def _find_kernel(name: str, index: int) -> Kernel:
    row = find_kernel(name)
    if row is None:
        raise make_layer_error("unknown", "filters", name, join_names(row.name for row in KERNELS), filter=index)
    return row


def _measure_learned(f: LearnedFilters, index: int, depth: int, find_bank: FindLearnedBank) -> tuple[int, int, int]:
    bank = find_bank(f)
    if isinstance(bank, Problem):
        raise LayerError(bank, index)
    count, given, rows, columns = bank.weight.shape
    name = f"{f.model}/{f.layer}"
    if given != depth:
        sentence = {1: "learned_gray", 3: "learned_depth"}.get(given, "learned_other")
        raise make_layer_error(sentence, "filters", name, str(given), filter=index, given=given, depth=depth)
    if f.index is not None and f.index not in bank.filter_indices:
        if bank.indices:
            allowed = join_names(map(str, sorted(bank.indices)))
            raise make_layer_error("film_filters", "filters", f.index, allowed, filter=index, name=name, count=count)
        allowed = make_text("whole", least=0, most=count - 1)
        raise make_layer_error("learned_index", "filters", f.index, allowed, filter=index, name=name)
    return (count if f.index is None else 1), rows, columns


@dataclass(frozen=True, slots=True)
class _FilterArrays:
    """One filter over the channels of one group."""

    weight: Maps
    label: Text | str
    divisor: int = 1
    scale: int = 1
    exact: bool = False
    bias: float = 0.0


def _make_filters(f: Filter, plan: BankPlan) -> list[_FilterArrays]:
    match f:
        case NamedFilter(name):
            return [_make_typed(_find_kernel(name, 0).planes, plan.channels, name)]
        case Planes():
            return [_make_typed(f, plan.channels, make_text("typed_label"))]
        case RandomFilters():
            return _label_random(draw_random_weights(f, plan.channels, read_seed(plan.layer)), exact=True)
        case ShapeFilters():
            return _label_random(_draw_shape(f, plan.channels, plan.layer), exact=False)
        case LearnedFilters():
            return _make_learned(f, plan.find_bank(f))


def _label_random(made: Maps, exact: bool) -> list[_FilterArrays]:
    return [_FilterArrays(one, make_text("random_label", index=i + 1), exact=exact) for i, one in enumerate(made)]


def read_seed(layer: Layer) -> int:
    """The seed of a layer's random numbers."""
    seed = layer.get("seed")
    return seed if isinstance(seed, int) else 0


def _draw_shape(f: ShapeFilters, channels: int, layer: Layer) -> Maps:
    return draw_he_weights(read_seed(layer), (f.count, channels, f.height, f.width))


def _list_shape_notes(layer: Layer, depth: int) -> tuple[Text, ...]:
    """What fills the filters of which only the shape is given."""
    shapes = [one for one in layer.filters if isinstance(one, ShapeFilters)]
    return tuple(dict.fromkeys(note_he_weights(depth * one.height * one.width, read_seed(layer)) for one in shapes))


def note_he_weights(fan_in: int, seed: int) -> Text:
    """The note that weights of `fan_in` numbers for each output are random."""
    return make_text("he_weights", fan_in=fan_in, deviation=f"{find_he_deviation(fan_in):.4g}", seed=seed)


def _make_typed(planes: Planes, depth: int, label: Text | str) -> _FilterArrays:
    """A typed filter; a single plane is repeated for all channels."""
    exact = make_exact_planes(planes)
    weight = np.repeat(exact.numerators, depth, axis=0) if len(exact.numerators) == 1 else exact.numerators
    return _FilterArrays(weight, label, exact.divisor, exact.scale, exact.exact)


def _make_learned(f: LearnedFilters, bank: LearnedBank | Problem) -> list[_FilterArrays]:
    if isinstance(bank, Problem):
        raise LayerError(bank)
    chosen = range(len(bank.weight)) if f.index is None else (bank.filter_indices.index(f.index),)
    return [_FilterArrays(bank.weight[i], bank.labels[i], bias=float(bank.bias[i])) for i in chosen]


def _center(weight: Maps, size: Pair) -> Maps:
    """The filter padded with zeros; an odd cell goes to the bottom and right."""
    if weight.shape[1:] == size:
        return weight
    rows, columns = size[0] - weight.shape[1], size[1] - weight.shape[2]
    return np.pad(weight, ((0, 0), (rows // 2, rows - rows // 2), (columns // 2, columns - columns // 2)))


def _make_whole_layer(plan: BankPlan) -> Bank:
    """Trained filters as stored, without a copy, since a network has thousands."""
    learned = plan.layer.filters[0]
    found = plan.find_bank(learned) if isinstance(learned, LearnedFilters) else None
    if not isinstance(learned, LearnedFilters) or not isinstance(found, LearnedBank):
        raise ValueError("the filters are not one trained layer")
    first, after = 0, len(found.weight)
    if learned.index is not None:
        first = found.filter_indices.index(learned.index)
        after = first + 1
    bias, text = found.bias[first:after].astype(np.float64), found.bias_text[first:after]
    if plan.layer.get("bias") is not None:
        bias, text = _make_biases(plan.layer, bias.tolist())
    ones = (1,) * (after - first)
    return Bank(found.weight[first:after], ones, ones, bias, text, found.labels[first:after], plan.groups, False)


def _make_shape_layer(plan: BankPlan) -> Bank:
    """Random filters of a shape alone; those of each group are other ones."""
    shape = plan.layer.filters[0]
    if not isinstance(shape, ShapeFilters):
        raise ValueError("the filters are not a shape alone")
    bias, text = _make_biases(plan.layer, [0.0] * shape.count)
    labels = tuple(make_text("random_label", index=index + 1) for index in range(shape.count))
    ones = (1,) * shape.count
    return Bank(_draw_shape(shape, plan.channels, plan.layer), ones, ones, bias, text, labels, plan.groups, False)


def _make_biases(layer: Layer, own: list[float]) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """The layer's bias, for all maps or for each; else the filters' own."""
    bias = layer.get("bias")
    if bias is None:
        return np.array(own, np.float64), tuple(map(format_bias, own))
    texts = tuple(map(str, bias)) if isinstance(bias, tuple) else (str(bias),) * len(own)
    values: dict[str, Fraction] = {text: parse_number(text) for text in set(texts)}
    return np.array([float(values[text]) for text in texts], np.float64), texts
