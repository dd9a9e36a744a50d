"""A list of layers becomes a chain of plans; with repair, what does not fit is changed and the change is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from ..core.layer_error import LayerError, make_layer_error
from ..core.link.syntax import is_redundant
from ..core.messages import say
from ..core.options import find_operation
from ..core.problems import Problem
from ..core.scene import Filter, Layer, Planes, RandomFilters
from ..core.trace.plan import Plan, Shape, plan_layers
from ..core.weights.pretrained import TrainedModels
from ..models.custom_model import can_vanish

PlanLayer = Callable[[Layer, int, Shape], tuple[Plan, ...]]
"""The plans of a layer, by its place and the shape of its input; raises Misfit."""
CACHED_PLANS = 512
"""Plans of layers that are kept: the same few come again and again."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The plans of the layers that fit, those layers as they are shown, and what was wrong.

    A layer has one plan, a whole model several: `plan.index` says which layer a plan belongs to.
    """

    plans: tuple[Plan, ...] = ()
    layers: tuple[Layer, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans chains of layers that make at most so many maps each. Touches no array."""

    most_maps: int
    plan_layer: PlanLayer
    repair: bool

    def plan(self, layers: Iterable[Layer], shape: Shape) -> Chain:
        """The chain on an input of a shape; without repair it ends where something does not fit."""
        plans: list[Plan] = []
        kept: list[Layer] = []
        problems: list[Problem] = []
        for index, layer in enumerate(layers):
            fitting, layer, wrong = self._fitted(layer, len(kept), plans[-1].shape if plans else shape)
            problems += [replace(problem, layer=index) for problem in wrong]
            if fitting:
                plans += fitting
                kept.append(layer)
            elif not self.repair:
                break
        return Chain(tuple(plans), tuple(kept), tuple(problems))

    def _fitted(self, layer: Layer, index: int, shape: Shape) -> tuple[tuple[Plan, ...], Layer, list[Problem]]:
        """The layer, less one part for each problem, until it fits or nothing can be left out of it."""
        problems: list[Problem] = []
        while True:
            try:
                return self._plan(layer, index, shape), layer, problems
            except LayerError as wrong:
                less, change = (_drop_part(layer, wrong, self.most_maps)) if self.repair else (None, "")
                problems.append(replace(wrong.problem, message=wrong.problem.message + change))
                if less is None:
                    return (), layer, problems
                layer = less

    def _plan(self, layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        plans = self.plan_layer(layer, index, shape)
        for bank in (plan.bank for plan in plans if plan.bank):
            if bank.maps > self.most_maps and not bank.is_whole_layer:
                most = say("at_most", most=self.most_maps)
                raise TooManyMapsError(
                    make_layer_error("maps", "filters", bank.maps, most).problem, bank.counts, bank.groups
                )
        return plans


def cache_plans(trained: TrainedModels) -> PlanLayer:
    """`plan_layers` that remembers; typed filters are too many to be kept, and brought ones may vanish."""

    def plan(layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        return plan_layers(layer, index, shape, trained)

    known = lru_cache(CACHED_PLANS)(plan)

    def plan_or_remember(layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        typed = any(isinstance(one, Planes) for one in layer.filters)
        return (plan if typed or can_vanish(layer) else known)(layer, index, shape)

    return plan_or_remember


class TooManyMapsError(LayerError):
    """A convolution with too many filters: `counts` is how many each written one stands for, in every group."""

    def __init__(self, problem: Problem, counts: Sequence[int], groups: int) -> None:
        super().__init__(problem)
        self.counts = counts
        self.groups = groups


def _drop_part(layer: Layer, wrong: LayerError, most_maps: int) -> tuple[Layer | None, str]:
    """The layer without what does not fit, None where that is the layer itself, and what was done."""
    if isinstance(wrong, TooManyMapsError):
        filters = _take_first_filters(layer.filters, wrong.counts, most_maps // wrong.groups)
        if filters:
            return _replace_filters(layer, filters), say("rest_dropped")
    elif wrong.filter is not None and len(layer.filters) > 1:
        filters = layer.filters[: wrong.filter] + layer.filters[wrong.filter + 1 :]
        return _replace_filters(layer, filters), say("part_dropped")
    options = tuple(option for option in layer.options if option[0] != wrong.problem.field)
    if options != layer.options:
        return replace(layer, options=options), say("part_dropped")
    return None, say("layer_dropped")


def _replace_filters(layer: Layer, filters: tuple[Filter, ...]) -> Layer:
    """The layer with these filters alone. Where no trained one is left, the table's defaults go without saying."""
    row = find_operation(layer.op)
    known = {option.name: option for option in row.options} if row else {}
    said = tuple((name, value) for name, value in layer.options if not is_redundant(known[name], value, filters))
    return replace(layer, filters=filters, options=said)


def _take_first_filters(filters: Sequence[Filter], counts: Sequence[int], most: int) -> tuple[Filter, ...]:
    """The first filters, at most so many; of random ones some may stay."""
    kept: list[Filter] = []
    for one, count, total in zip(filters, counts, accumulate(counts), strict=True):
        room = most - (total - count)
        if isinstance(one, RandomFilters) and 0 < room < count:
            kept.append(replace(one, count=room))
        elif count <= room:
            kept.append(one)
    return tuple(kept)
