"""The Lab, which computes the Trace of a Scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import prod

from ..core.arrays import FLOAT32_BYTES, Shape
from ..core.graph.dropping import drop_layer
from ..core.limits import Limits
from ..core.link.query_string import format_scene, parse_link
from ..core.predict.choices import Choice
from ..core.predict.question import Question
from ..core.problems import Problem, add_ending
from ..core.scene import SCENE_VERSION, Layer, Numbers, Pair, RandomFilters, Scene, View
from ..core.texts import Text, make_text
from ..core.trace.trace import Trace, compute_trace
from ..core.trace.wire import make_header
from ..images.samples import Samples
from ..models.custom_model import find_uploaded_models, uses_uploaded_model
from ..models.library import Models
from .budget import find_exceeded_limit, list_smaller_sizes
from .chain import Chain, Planner, cache_plans
from .inputs import InputResolver, ResolvedInput, UploadLookup
from .repair_channels import repair_channels
from .repair_names import repair_names

LARGEST_FILTERS = RandomFilters(64, 11, 11)
"""Stands for uploaded filters, whose size is unknown until they are read."""


@dataclass(frozen=True, slots=True)
class LabResult:
    """The result of a Scene.

    `scene` is the computed one: the requested one, or with `repair` the nearest valid one. `trace` is None if there
    are errors and no repair. `gone`: the upload, or uploaded weights, no longer exist. Of a link with a `question`
    `trace` is what may be shown until it is answered, and `whole` is all of it; `choices` are its answers, the right
    one first. `titles` are those of the pictures of a stack.
    """

    scene: Scene
    link: str
    problems: tuple[Problem, ...]
    trace: Trace | None = None
    gone: bool = False
    question: Question | None = None
    whole: Trace | None = None
    choices: tuple[Choice, ...] = ()
    titles: tuple[Text | str, ...] = ()

    def header(self) -> dict[str, object]:
        """The JSON header of the arrays. Raises ValueError without a trace."""
        if self.trace is None:
            raise ValueError("there is no trace to describe")
        return make_header(self.trace, self.link, self.problems, self.titles)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are errors."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


ComputeLink = Callable[[str], tuple[LabResult, View]]
"""Computes the figure of a query string, as `Lab.compute_link` does. It may raise ValueError."""


@dataclass(frozen=True, slots=True)
class WorkEstimate:
    """The work of a Scene: multiply-adds, and the count of numbers in all stages and weights.

    `fits`: nothing has to be changed or rejected, so that the estimate is exact.
    """

    multiply_adds: int
    numbers: int
    fits: bool


@dataclass(frozen=True, slots=True)
class _PlannedScene:
    """A planned figure, not computed yet."""

    scene: Scene
    chain: Chain
    shape: Shape
    problems: tuple[Problem, ...] = ()

    def without_last(self) -> _PlannedScene:
        """The figure without its last layer."""
        layers = self.chain.layers[:-1]
        plans = tuple(plan for plan in self.chain.plans if plan.index < len(layers))
        chain = replace(self.chain, plans=plans, layers=layers)
        return replace(self, scene=replace(self.scene, layers=layers), chain=chain)


class Lab:
    """Computes scenes from samples, uploads and trained models, within limits."""

    def __init__(
        self, samples: Samples, store: UploadLookup | None, limits: Limits, models: Models | None = None
    ) -> None:
        self.models = models or Models({})
        self._inputs = InputResolver(samples, store, limits.trace_bytes // FLOAT32_BYTES)
        self._limits = limits
        self._plan_layer = cache_plans(self.models)

    def compute(self, scene: Scene, problems: tuple[Problem, ...] = (), repair: bool = False) -> LabResult:
        """Computes a Scene, or reports why not. With `repair`, what does not fit is changed, with a message.

        The whole Scene is planned before anything is computed. Without repair a Scene with an error has no trace; with
        repair there always is one.
        """
        renamed, name_problems = repair_names(scene, self.models) if repair else (scene, ())
        suited, channel_problems = repair_channels(renamed, self.models) if repair else (renamed, ())
        resolved = self._inputs.resolve(suited)
        planned = self._plan_within_limits(resolved, repair)
        problems = (*problems, *name_problems, *channel_problems, *resolved.problems, *planned.problems)
        gone = resolved.gone or (
            not repair
            and (resolved.has_lost or any(self.models.find(name) is None for name in find_uploaded_models(scene)))
        )
        has_error = any(problem.severity == "error" for problem in problems)
        shown = planned.scene if repair else scene if has_error else write_layers(scene, planned.chain.layers)
        trace = (
            None
            if has_error and not repair
            else compute_trace(shown, resolved.make_input(shown.size), planned.chain.plans)
        )
        return LabResult(shown, format_scene(shown), problems, trace, gone, titles=resolved.titles)

    def compute_link(self, query: str, repair: bool = False) -> tuple[LabResult, View]:
        """The result for the Scene of a query string, and its View; the problems are those of both."""
        link = parse_link(query, self._limits)
        return self.compute(link.scene, link.problems, repair), link.view

    def compute_items(self, answer: LabResult) -> tuple[LabResult, ...]:
        """The answers of all pictures of a stack, in their order, that of `answer` as it is; none for one picture.

        None either where one cannot be computed.
        """
        scene = answer.scene
        if not scene.batch or answer.trace is None:
            return ()
        items = tuple(
            answer if item == scene.item else self.compute(replace(scene, item=item))
            for item in range(len(scene.stack))
        )
        return items if all(one.trace is not None for one in items) else ()

    def forget(self, id: str) -> None:
        """Removes the cached inputs of a deleted upload."""
        self._inputs.crop_upload.forget(id)

    def estimate_work(self, scene: Scene) -> WorkEstimate:
        """The work of a Scene, without reading its picture, which is assumed to be as large as the requested size.

        Uploaded weights are not read either: a convolution with them counts as one with the largest filters.
        """
        layers = _replace_uploaded_models(scene.layers)
        image = scene.shown_image
        if isinstance(image, Numbers):
            shape: Shape = image.shape
        else:
            shape = (3 if scene.channels == "rgb" else 1, *scene.size)
        chain = Planner(self._limits.filters, self._plan_layer, True, scene.version, self.models).plan(layers, shape)
        numbers = prod(shape) + sum(plan.cells + plan.weights for plan in chain.plans)
        fits = all(problem.severity == "note" for problem in chain.problems)
        return WorkEstimate(sum(plan.work for plan in chain.plans), numbers, fits)

    def _plan_within_limits(self, resolved: ResolvedInput, repair: bool) -> _PlannedScene:
        """The plan of a Scene; with repair, one within the limits."""
        planned = self._plan(resolved, resolved.scene, repair)
        excess = self._find_excess(planned)
        if excess is None:
            return planned
        if not repair:
            return replace(planned, problems=(*planned.problems, excess))
        return self._shrink(resolved, planned, excess) or self._shorten(resolved, planned, excess)

    def _plan(self, resolved: ResolvedInput, scene: Scene, repair: bool) -> _PlannedScene:
        planner = Planner(self._limits.filters, self._plan_layer, repair, scene.version, self.models)
        shape = resolved.shape(scene.size)
        chain = planner.plan(scene.layers, shape)
        return _PlannedScene(write_layers(scene, chain.layers), chain, shape, chain.problems)

    def _shrink(self, resolved: ResolvedInput, planned: _PlannedScene, excess: Problem) -> _PlannedScene | None:
        """The same layers on the most cells within the limits; None where fewer cells do not help."""
        for size in list_smaller_sizes(resolved.scene):
            again = self._plan(resolved, replace(resolved.scene, size=size), True)
            if again.chain.layers != planned.chain.layers:
                return None
            if not self._find_excess(again):
                return _add_problem(again, excess, _describe_size(size))
        return None

    def _shorten(self, resolved: ResolvedInput, planned: _PlannedScene, excess: Problem) -> _PlannedScene:
        """The first layers on the same cells, or on fewer if the picture alone exceeds the limits."""
        for size in (None, *list_smaller_sizes(resolved.scene)):
            again = self._plan(resolved, replace(resolved.scene, size=size), True) if size else planned
            short = again
            while short.chain.plans and self._find_excess(short):
                short = short.without_last()
            if not self._find_excess(short):
                break
        left = [layer.op for layer in again.scene.layers[len(short.scene.layers) :]]
        smaller = _describe_size(size) if size else None
        dropped = make_text("layers_dropped", names=", ".join(left)) if left else None
        return _add_problem(short, excess, smaller, dropped)

    def _find_excess(self, planned: _PlannedScene) -> Problem | None:
        return find_exceeded_limit(planned.shape, planned.chain.plans, self._limits)


def write_layers(scene: Scene, layers: tuple[Layer, ...]) -> Scene:
    """The scene with the layers that were planned, which give their groups: a scene of the current version."""
    if (scene.layers, scene.version) == (layers, SCENE_VERSION):
        return scene
    return replace(scene, layers=layers, version=SCENE_VERSION)


def _replace_uploaded_models(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """The layers with the largest filters in place of uploaded ones, and without other layers of uploaded models."""
    index = 0
    while index < len(layers):
        layer = layers[index]
        if not uses_uploaded_model(layer):
            index += 1
        elif layer.filters:
            layers = (*layers[:index], replace(layer, filters=(LARGEST_FILTERS,)), *layers[index + 1 :])
            index += 1
        else:
            layers = drop_layer(layers, index, [1] * len(layers)).layers
    return layers


def _describe_size(size: Pair) -> Text:
    return make_text("smaller", rows=size[0], columns=size[1])


def _add_problem(planned: _PlannedScene, problem: Problem, *endings: Text | None) -> _PlannedScene:
    for ending in endings:
        problem = add_ending(problem, ending)
    return replace(planned, problems=(*planned.problems, problem))
