"""Plans a list of layers; with repair, layers that do not fit are changed, with a message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate

from ..core.arrays import Shape
from ..core.graph.dropping import drop_layer, list_drop_problems
from ..core.graph.references import References, read_references, write_references
from ..core.graph.sources import Sources, find_sources
from ..core.layer_error import LayerError, make_layer_error
from ..core.link.syntax import is_redundant
from ..core.operation_table import find_operation
from ..core.problems import Problem, add_ending, name_layer, place_problem
from ..core.scene import SCENE_VERSION, Filter, Layer, Planes, RandomFilters
from ..core.texts import Text, make_text
from ..core.trace.plan import Plan, plan_layers
from ..core.weights.pretrained import NoTrainedModels, TrainedModels
from ..models.custom_model import uses_uploaded_model
from .unsaid_groups import write_groups

PlanLayer = Callable[[Layer, int, Sources], tuple[Plan, ...]]
"""The plans of a layer, from its index and the stages that it reads; raises LayerError."""
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
    trained: TrainedModels = field(default_factory=NoTrainedModels)

    def plan(self, layers: Iterable[Layer], shape: Shape) -> Chain:
        """The chain on an input of `shape`; without repair it ends at the first layer that does not fit.

        With repair the stages that later layers read are renumbered for each layer that is left out.
        """
        written = _WrittenLayers(list(layers), self.trained)
        plans: list[Plan] = []
        shapes = [shape]
        problems: list[Problem] = []
        while not written.is_done:
            fitting, layer, found = self._fit_layer(written.layer, written.place, shapes)
            problems += [written.place_problem(problem) for problem in found]
            if fitting:
                plans += fitting
                shapes += [plan.shape for plan in fitting]
                written.keep(layer, len(fitting))
            elif self.repair:
                problems += written.drop()
            else:
                break
        return Chain(tuple(plans), written.kept, tuple(problems))

    def _fit_layer(
        self, layer: Layer, index: int, shapes: Sequence[Shape]
    ) -> tuple[tuple[Plan, ...], Layer, list[Problem]]:
        """(plans, layer, problems): for each problem one part of the layer is left out, until it fits or is dropped.

        `shapes` are those of all stages before it.
        """
        problems: list[Problem] = []
        notes: list[Problem] | None = None  # of the groups, which are written once
        while True:
            try:
                sources = find_sources(layer, shapes)
                if notes is None:
                    layer, note = write_groups(layer, sources.shapes[0][0], self.version)
                    notes = [note] if note else []
                return self._plan(layer, index, sources), layer, [*problems, *notes]
            except LayerError as error:
                smaller, change = (_drop_part(layer, error, self.most_maps)) if self.repair else (None, None)
                problems.append(add_ending(error.problem, change))
                if smaller is None:
                    return (), layer, [*problems, *(notes or ())]
                layer = smaller

    def _plan(self, layer: Layer, index: int, sources: Sources) -> tuple[Plan, ...]:
        plans = self.plan_layer(layer, index, sources)
        for bank in (plan.bank for plan in plans if plan.bank):
            if bank.counted_maps > self.most_maps:
                most = make_text("at_most", most=self.most_maps)
                error = make_layer_error("maps", "filters", bank.counted_maps, most)
                raise TooManyMapsError(error.problem, bank.typed_counts, bank.groups)
        return plans


def cache_plans(trained: TrainedModels) -> PlanLayer:
    """`plan_layers` with a cache; a short one for typed filters, none for uploaded ones, which expire."""

    def plan(layer: Layer, index: int, sources: Sources) -> tuple[Plan, ...]:
        return plan_layers(layer, index, sources.shapes[0], trained, sources)

    plan_cached, plan_typed = lru_cache(CACHED_PLANS)(plan), lru_cache(CACHED_TYPED_PLANS)(plan)

    def plan_with_cache(layer: Layer, index: int, sources: Sources) -> tuple[Plan, ...]:
        if uses_uploaded_model(layer):
            return plan(layer, index, sources)
        typed_rows = sum(one.shape[0] * one.shape[1] for one in layer.filters if isinstance(one, Planes))
        if typed_rows > CACHED_TYPED_ROWS:
            return plan(layer, index, sources)
        return (plan_typed if typed_rows else plan_cached)(layer, index, sources)

    return plan_with_cache


class _WrittenLayers:
    """The layers of a scene while they are planned one after the other: the first ones are kept, the others written."""

    def __init__(self, layers: Sequence[Layer], trained: TrainedModels) -> None:
        self._layers = tuple(layers)
        self._indices = list(range(len(layers)))
        self._counts = [_count_stages(layer, trained) for layer in layers]
        self.place = 0
        """The index of the next layer, among those that are kept and written."""

    @property
    def is_done(self) -> bool:
        """Whether no layer is left."""
        return self.place >= len(self._layers)

    @property
    def layer(self) -> Layer:
        """The next layer."""
        return self._layers[self.place]

    @property
    def kept(self) -> tuple[Layer, ...]:
        """The layers that fit so far."""
        return self._layers[: self.place]

    def keep(self, layer: Layer, stages: int) -> None:
        """Keeps the next layer, perhaps changed, which has so many stages."""
        self._layers = (*self._layers[: self.place], layer, *self._layers[self.place + 1 :])
        self._counts[self.place] = stages
        self.place += 1

    def drop(self) -> list[Problem]:
        """Leaves the next layer out, and reports what becomes of those that read it."""
        row = find_operation(self.layer.op)
        name = name_layer(self._indices[self.place], row.name if row else "")
        chain = drop_layer(self._layers, self.place, self._counts)
        self._layers = chain.layers
        del self._indices[self.place], self._counts[self.place]
        return [self.place_problem(problem, place) for place, problem in list_drop_problems(chain, name)]

    def place_problem(self, problem: Problem, place: int | None = None) -> Problem:
        """The problem of a layer, the next one for None, by its index in the scene."""
        at = self.place if place is None else place
        row = find_operation(self._layers[at].op)
        return place_problem(problem, self._indices[at], row.name if row else "")


def _count_stages(layer: Layer, trained: TrainedModels) -> int | None:
    """The number of stages of a layer, None for a model that does not exist."""
    if layer.op != "model":
        return 1
    found = trained.layers(str(layer.head))
    return None if isinstance(found, Problem) else len(found)


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
    references = read_references(layer)
    if error.part is not None and len(references.joined) > 1:
        joined = references.joined[: error.part] + references.joined[error.part + 1 :]
        return write_references(layer, References(references.start, joined)), make_text("part_dropped")
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
