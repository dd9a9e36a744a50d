"""Plans the layers of patterns one after the other, as the Lab does, without weights and without a limit of work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..arrays import Shape
from ..graph.sources import Sources, find_sources
from ..layer_error import LayerError, make_layer_error
from ..limits import Limits
from ..link.query_string import read_layer
from ..link.syntax import format_layer
from ..messages import remove_repairs
from ..problems import Problem, add_ending, place_problem
from ..scene import Layer
from ..texts import make_text
from ..trace.plan import Plan, plan_layers
from ..weights.pretrained import TrainedModels
from .architecture_error import ArchitectureError
from .nets.net_definition import NetPart
from .pattern import MOST_LAYERS, PatternLayer, unfold_pattern
from .pattern_words import translate_layer

MOST_SIDE, MOST_CHANNELS = 1_000_000, 65_536
"""Of the input."""
MOST_NORMALIZED = 262_144
"""The most channels of a batch normalization."""
MOST_CELLS = 10**18
"""Of one stage, so that no number in an answer has more than some dozens of digits."""
NO_LIMITS = Limits(side=4_096, kernel_side=1_024, filters=MOST_CHANNELS, layers=MOST_LAYERS)
"""What is written is limited by what a link can say alone; `side` is that of the filters of a shape."""


@dataclass(frozen=True, slots=True)
class PlannedStage:
    """One planned stage: its layer in the words of links, the part it belongs to, and its plan.

    `has_bias` is False for a layer with `bias=none`. `pairs` are those of its part, 0 for all.
    """

    layer: str
    part: str
    plan: Plan
    reads: tuple[int, ...]
    has_bias: bool
    pairs: int = 0


@dataclass(frozen=True, slots=True)
class PlannedNet:
    """All stages behind the input, and the layers that were written, unfolded: a model is one of several stages."""

    stages: tuple[PlannedStage, ...]
    layers: tuple[str, ...]


def plan_parts(parts: Iterable[NetPart], shape: Shape, trained: TrainedModels) -> PlannedNet:
    """The plans of all layers of some patterns, which follow each other, on an input of `shape` (C, H, W).

    Raises ArchitectureError for a pattern or a layer that is invalid or does not fit.
    """
    chain = _ChainPlanner(shape, trained)
    for part in parts:
        for layer in unfold_pattern(part.pattern):
            chain.add(layer, part)
    return PlannedNet(tuple(chain.stages), tuple(chain.layers))


class _ChainPlanner:
    def __init__(self, shape: Shape, trained: TrainedModels) -> None:
        self.stages: list[PlannedStage] = []
        self.layers: list[str] = []
        self._shapes = [shape]
        self._known: dict[tuple[Layer, tuple[Shape, ...]], Plan] = {}
        self._trained = trained

    def add(self, layer: PatternLayer, part: NetPart) -> None:
        """Plans the next layer, a model with all of its stages."""
        index = len(self.layers)
        words = translate_layer(layer, len(self._shapes))
        given = _read_layer(words.text, index, layer, part)
        try:
            sources = find_sources(given, self._shapes)
            plans = self._plan(given, index, sources)
        except LayerError as error:
            raise _place_error(place_problem(error.problem, index, given.op), layer, part) from error
        for plan in plans:
            pairs = part.pairs if plan.op.kind == "conv" else 0
            text = format_layer(plan.layer)
            stage = PlannedStage(text, plan.name or part.name, plan, plan.reads, words.has_bias, pairs)
            self.stages.append(stage)
            self._shapes.append(plan.shape)
        self.layers.append(format_layer(given))

    def _plan(self, layer: Layer, index: int, sources: Sources) -> Iterable[Plan]:
        """The plans of a layer; one that is repeated on the same shapes is planned once. Raises LayerError."""
        key = (layer, sources.shapes)
        known = self._known.get(key)
        if known is not None:
            return (replace(known, index=index, reads=sources.reads),)
        _check_normalized(layer, sources.shapes[0])
        plans = plan_layers(layer, index, sources.shapes[0], self._trained, sources)
        _check_cells(plans)
        if layer.op != "model":
            self._known[key] = _drop_numbers(plans[0])
        return map(_drop_numbers, plans)


def _check_normalized(layer: Layer, shape: Shape) -> None:
    """Raises LayerError for a normalization of more channels than its plan, which has four numbers for each, holds."""
    if layer.op == "batchnorm" and shape[0] > MOST_NORMALIZED:
        most = make_text("at_most", most=MOST_NORMALIZED)
        raise make_layer_error("net_channels", "layers", f"{shape[0]:,}", most)


def _drop_numbers(plan: Plan) -> Plan:
    """The plan without the numbers of a normalization, which are not priced, so that thousands take no memory."""
    return replace(plan, law=None) if plan.op.name == "batchnorm" else plan


def _check_cells(plans: Iterable[Plan]) -> None:
    """Raises LayerError for a stage that no computer could hold, whose counts would fill pages."""
    cells = max(plan.cells for plan in plans)
    if cells > MOST_CELLS:
        raise make_layer_error("net_numbers", "layers", f"{cells:,}", make_text("at_most", most=MOST_CELLS))


def _read_layer(text: str, index: int, layer: PatternLayer, part: NetPart) -> Layer:
    given, problems = read_layer(text, NO_LIMITS, index)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors or given is None:
        raise _place_error(remove_repairs(errors[0]), layer, part)
    return given


def _place_error(problem: Problem, layer: PatternLayer, part: NetPart) -> ArchitectureError:
    """The error of a layer, with its place in a pattern that was typed: a part of a known network has a name."""
    if part.name:
        return ArchitectureError(problem)
    problem = add_ending(problem, make_text("net_place", position=layer.position))
    repeated = layer.repeated
    if repeated:
        problem = add_ending(problem, make_text("net_repeat_layer", layer=repeated[0], count=repeated[1]))
    return ArchitectureError(problem)
