"""Lab: the one place where a Scene is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from ..core.limits import Limits
from ..core.link.query_string import format_scene
from ..core.messages import say
from ..core.problems import Problem
from ..core.scene import Pair, Planes, RandomFilters, Scene
from ..core.trace.plan import Shape
from ..core.trace.trace import Trace, compute_trace
from ..core.trace.wire import make_header
from ..images.samples import Samples
from ..models.custom_model import brought_in, can_vanish
from ..models.library import Models
from .budget import find_exceeded_limit, list_smaller_sizes
from .chain import Chain, Planner, cache_plans
from .inputs import InputResolver, ResolvedInput, UploadLookup
from .repair_channels import repair_channels
from .repair_names import repair_names

LARGEST_FILTERS = RandomFilters(64, 11, 11)
"""Stands for filters in the store, as long as nobody has read them."""


@dataclass(frozen=True, slots=True)
class LabResult:
    """What came of a Scene.

    `scene` is the one that was computed: the one asked for, or with `repair` the nearest that works. `trace` is
    None where there are errors and no repair was asked for. `gone` says that the upload, or
    weights that somebody brought, are no longer here.
    """

    scene: Scene
    link: str
    problems: tuple[Problem, ...]
    trace: Trace | None = None
    gone: bool = False

    def header(self) -> dict[str, object]:
        """The JSON that travels with the arrays. Raises ValueError without a trace."""
        if self.trace is None:
            raise ValueError("there is no trace to describe")
        return make_header(self.trace, self.link, self.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are more than notes."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class WorkEstimate:
    """How much a Scene has to compute: multiply-adds, and numbers that are kept of all stages and weights.

    `fits` says that nothing has to be changed or refused, so that it will be just that much.
    """

    multiply_adds: int
    numbers: int
    fits: bool


@dataclass(frozen=True, slots=True)
class _PlannedScene:
    """A figure of which all is known but its numbers."""

    scene: Scene
    chain: Chain
    shape: Shape
    problems: tuple[Problem, ...] = ()

    def without_last(self) -> _PlannedScene:
        """The same less its last layer."""
        layers = self.chain.layers[:-1]
        plans = tuple(plan for plan in self.chain.plans if plan.index < len(layers))
        chain = replace(self.chain, plans=plans, layers=layers)
        return replace(self, scene=replace(self.scene, layers=layers), chain=chain)


class Lab:
    """Answers scenes from the samples, uploads, trained models and limits that it is given; keeps nothing itself."""

    def __init__(
        self, samples: Samples, store: UploadLookup | None, limits: Limits, models: Models | None = None
    ) -> None:
        self.models = models or Models({})
        self._sources = InputResolver(samples, store)
        self._limits = limits
        self._plan_layer = cache_plans(self.models)

    def answer(self, scene: Scene, problems: tuple[Problem, ...] = (), repair: bool = False) -> LabResult:
        """Computes a Scene, or says why not. With `repair`, what does not fit is changed and the change is said.

        Everything is checked, sized and priced before a number is computed. Without repair a Scene with an error has
        no trace; with repair there always is one.
        """
        named, renamed = repair_names(scene, self.models) if repair else (scene, ())
        suited, changed = repair_channels(named, self.models) if repair else (named, ())
        found = self._sources.find(suited)
        planned = self._planned(found, repair)
        problems = (*problems, *renamed, *changed, *found.problems, *planned.problems)
        shown = planned.scene if repair else scene
        gone = found.gone or (not repair and any(self.models.find(name) is None for name in brought_in(scene)))
        wrong = any(problem.severity == "error" for problem in problems)
        trace = None if wrong and not repair else compute_trace(shown, found.source(shown.size), planned.chain.plans)
        return LabResult(shown, format_scene(shown), problems, trace, gone)

    def forget(self, id: str) -> None:
        """Drops what is remembered of an upload, since it was deleted."""
        self._sources.cut_upload.forget(id)

    def size_of_work(self, scene: Scene) -> WorkEstimate:
        """How much a Scene has to compute, without reading a picture: as if it were as large as the size asked for.

        Weights from the store are not read either: a convolution with them counts as one with the most filters.
        """
        layers = [
            replace(layer, filters=(LARGEST_FILTERS,)) if can_vanish(layer) else layer
            for layer in scene.layers
            if layer.op == "conv" or not can_vanish(layer)
        ]
        if isinstance(scene.image, Planes):
            shape: Shape = scene.image.shape
        else:
            shape = (3 if scene.channels == "rgb" else 1, *scene.size)
        chain = Planner(self._limits.filters, self._plan_layer, True).plan(layers, shape)
        numbers = prod(shape) + sum(plan.cells + plan.weights for plan in chain.plans)
        return WorkEstimate(sum(plan.work for plan in chain.plans), numbers, not chain.problems)

    def _planned(self, found: ResolvedInput, repair: bool) -> _PlannedScene:
        """All that can be said of a Scene before any arithmetic."""
        planned = self._plan(found, found.scene, repair)
        excess = self._over(planned)
        if excess is None:
            return planned
        if not repair:
            return replace(planned, problems=(*planned.problems, excess))
        return self._smaller(found, planned, excess) or self._shorter(found, planned, excess)

    def _plan(self, found: ResolvedInput, scene: Scene, repair: bool) -> _PlannedScene:
        planner = Planner(self._limits.filters, self._plan_layer, repair)
        shape = found.shape(scene.size)
        chain = planner.plan(scene.layers, shape)
        kept = scene if chain.layers == scene.layers else replace(scene, layers=chain.layers)
        return _PlannedScene(kept, chain, shape, chain.problems)

    def _smaller(self, found: ResolvedInput, planned: _PlannedScene, excess: Problem) -> _PlannedScene | None:
        """The same layers on fewer cells, as many as the limits let; None where that does not help."""
        for size in list_smaller_sizes(found.scene):
            again = self._plan(found, replace(found.scene, size=size), True)
            if again.chain.layers != planned.chain.layers:
                return None
            if not self._over(again):
                return _add_problem(again, excess, _describe_size(size))
        return None

    def _shorter(self, found: ResolvedInput, planned: _PlannedScene, excess: Problem) -> _PlannedScene:
        """The first layers on the same cells; on fewer where the picture alone is too much."""
        for size in (None, *list_smaller_sizes(found.scene)):
            again = self._plan(found, replace(found.scene, size=size), True) if size else planned
            short = again
            while short.chain.plans and self._over(short):
                short = short.without_last()
            if not self._over(short):
                break
        left = [layer.op for layer in again.scene.layers[len(short.scene.layers) :]]
        dropped = say("layers_dropped", names=", ".join(left)) if left else ""
        return _add_problem(short, excess, (_describe_size(size) if size else "") + dropped)

    def _over(self, planned: _PlannedScene) -> Problem | None:
        return find_exceeded_limit(planned.shape, planned.chain.plans, self._limits)


def _describe_size(size: Pair) -> str:
    return say("smaller", rows=size[0], columns=size[1])


def _add_problem(planned: _PlannedScene, problem: Problem, change: str) -> _PlannedScene:
    return replace(planned, problems=(*planned.problems, replace(problem, message=problem.message + change)))
