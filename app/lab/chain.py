"""Plans a list of layers; with repair, layers that do not fit are changed, with a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import accumulate

from ..core.arrays import Shape
from ..core.layer_error import LayerError, make_layer_error
from ..core.link.syntax import is_redundant
from ..core.operation_table import find_operation
from ..core.problems import Problem, add_ending, place_problem
from ..core.scene import SCENE_VERSION, Filter, Layer, Planes, RandomFilters
from ..core.texts import Text, make_text
from ..core.trace.plan import Plan, plan_layers
from ..core.weights.pretrained import TrainedModels
from ..models.custom_model import uses_uploaded_model
from .unsaid_groups import write_groups

PlanLayer = Callable[[Layer, int, Shape], tuple[Plan, ...]]
"""The plans of a layer, from its index and the shape of its input; raises LayerError."""
CACHED_PLANS = 512
"""Layers whose plans are cached, since few layers are common."""
CACHED_TYPED_PLANS, CACHED_TYPED_ROWS = 16, 32
"""Layers with typed filters of at most so many rows: a request plans its layers twice, for its price and its maps."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The layers that fit, their plans, and the problems.

    A layer has one plan, a model several: `plan.index` is the index of the plan's layer.
    """

    plans: tuple[Plan, ...] = ()
    layers: tuple[Layer, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans chains of layers of a scene of `version`, that make at most `most_maps` maps each, without arrays."""

    most_maps: int
    plan_layer: PlanLayer
    repair: bool
    version: int = SCENE_VERSION

    def plan(self, layers: Iterable[Layer], shape: Shape) -> Chain:
        """The chain on an input of `shape`; without repair it ends at the first layer that does not fit."""
        plans: list[Plan] = []
        kept: list[Layer] = []
        problems: list[Problem] = []
        for index, layer in enumerate(layers):
            input_shape = plans[-1].shape if plans else shape
            layer, note = write_groups(layer, input_shape[0], self.version)
            fitting, layer, error = self._fit_layer(layer, len(kept), input_shape)
            row = find_operation(layer.op)
            said = (*error, *((note,) if note else ()))
            problems += [place_problem(problem, index, row.name if row else "") for problem in said]
            if fitting:
                plans += fitting
                kept.append(layer)
            elif not self.repair:
                break
        return Chain(tuple(plans), tuple(kept), tuple(problems))

    def _fit_layer(self, layer: Layer, index: int, shape: Shape) -> tuple[tuple[Plan, ...], Layer, list[Problem]]:
        """(plans, layer, problems): for each problem one part of the layer is left out, until it fits or is dropped."""
        problems: list[Problem] = []
        while True:
            try:
                return self._plan(layer, index, shape), layer, problems
            except LayerError as error:
                smaller, change = (_drop_part(layer, error, self.most_maps)) if self.repair else (None, None)
                problems.append(add_ending(error.problem, change))
                if smaller is None:
                    return (), layer, problems
                layer = smaller

    def _plan(self, layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        plans = self.plan_layer(layer, index, shape)
        for bank in (plan.bank for plan in plans if plan.bank):
            if bank.counted_maps > self.most_maps:
                most = make_text("at_most", most=self.most_maps)
                error = make_layer_error("maps", "filters", bank.counted_maps, most)
                raise TooManyMapsError(error.problem, bank.typed_counts, bank.groups)
        return plans


def cache_plans(trained: TrainedModels) -> PlanLayer:
    """`plan_layers` with a cache; a short one for typed filters, none for uploaded ones, which expire."""

    def plan(layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        return plan_layers(layer, index, shape, trained)

    plan_cached, plan_typed = lru_cache(CACHED_PLANS)(plan), lru_cache(CACHED_TYPED_PLANS)(plan)

    def plan_with_cache(layer: Layer, index: int, shape: Shape) -> tuple[Plan, ...]:
        if uses_uploaded_model(layer):
            return plan(layer, index, shape)
        typed_rows = sum(one.shape[0] * one.shape[1] for one in layer.filters if isinstance(one, Planes))
        if typed_rows > CACHED_TYPED_ROWS:
            return plan(layer, index, shape)
        return (plan_typed if typed_rows else plan_cached)(layer, index, shape)

    return plan_with_cache


class TooManyMapsError(LayerError):
    """A convolution with too many filters; `counts` holds how many each written filter stands for in a group."""

    def __init__(self, problem: Problem, counts: Sequence[int], groups: int) -> None:
        super().__init__(problem)
        self.counts = counts
        self.groups = groups


def _drop_part(layer: Layer, error: LayerError, most_maps: int) -> tuple[Layer | None, Text]:
    """(the layer without the part that does not fit, None where that is the layer itself; the ending that says so)."""
    if isinstance(error, TooManyMapsError):
        filters = _take_first_filters(layer.filters, error.counts, most_maps // error.groups)
        if filters:
            return _replace_filters(layer, filters), make_text("rest_dropped")
    elif error.filter is not None and len(layer.filters) > 1:
        filters = layer.filters[: error.filter] + layer.filters[error.filter + 1 :]
        return _replace_filters(layer, filters), make_text("part_dropped")
    options = tuple(option for option in layer.options if option[0] != error.problem.field)
    if options != layer.options:
        return replace(layer, options=options), make_text("part_dropped")
    return None, make_text("layer_dropped")


def _replace_filters(layer: Layer, filters: tuple[Filter, ...]) -> Layer:
    """The layer with these filters only, and without options that they make redundant."""
    row = find_operation(layer.op)
    known = {option.name: option for option in row.options} if row else {}
    options = tuple((name, value) for name, value in layer.options if not is_redundant(known[name], value, filters))
    return replace(layer, filters=filters, options=options)


def _take_first_filters(filters: Sequence[Filter], counts: Sequence[int], most: int) -> tuple[Filter, ...]:
    """The first filters, at most `most` in all; the count of random ones may be reduced."""
    kept: list[Filter] = []
    for one, count, total in zip(filters, counts, accumulate(counts), strict=True):
        room = most - (total - count)
        if isinstance(one, RandomFilters) and 0 < room < count:
            kept.append(replace(one, count=room))
        elif count <= room:
            kept.append(one)
    return tuple(kept)
