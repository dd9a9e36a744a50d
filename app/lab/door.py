"""Lab: the one place where a Scene is answered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..core.bank import LearnedBank
from ..core.limits import Limits
from ..core.link import format_scene
from ..core.problems import Problem
from ..core.scene import Learned, Scene
from ..core.trace import Trace, run
from ..core.wire import header_of
from ..core.words import say
from ..images.samples import Samples
from .chain import Chain, Planner
from .room import over, smaller_sizes
from .sources import Found, Pictures, Sources


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a Scene.

    `scene` is the one that was computed: the one asked for, or with `repair` the nearest that works. `trace` is
    None where there are errors and no repair was asked for. `gone` says that the upload is no longer here.
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
        return header_of(self.trace, self.link, self.problems)

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that are more than notes."""
        return tuple(problem for problem in self.problems if problem.severity == "error")


@dataclass(frozen=True, slots=True)
class _Planned:
    """A figure of which all is known but its numbers."""

    scene: Scene
    chain: Chain
    problems: tuple[Problem, ...] = ()


class Lab:
    """Answers scenes from the samples, the uploads and the limits that it is given; keeps nothing itself."""

    def __init__(self, samples: Samples, store: Pictures | None, limits: Limits) -> None:
        self._sources = Sources(samples, store)
        self._limits = limits

    def answer(self, scene: Scene, problems: tuple[Problem, ...] = (), repair: bool = False) -> Answer:
        """Computes a Scene, or says why not. With `repair`, what does not fit is changed and the change is said.

        Everything is checked, sized and priced before a number is computed. Without repair a Scene with an error has
        no trace; with repair there always is one.
        """
        found = self._sources.find(scene)
        planned = self._planned(found, repair)
        problems = (*problems, *found.problems, *planned.problems)
        shown = planned.scene if repair else scene
        answer = Answer(shown, format_scene(shown), problems, gone=found.gone)
        if answer.errors and not repair:
            return answer
        return replace(answer, trace=run(shown, found.source(shown.size), planned.chain.plans))

    def _planned(self, found: Found, repair: bool) -> _Planned:
        """All that can be said of a Scene before any arithmetic."""
        planned = self._plan(found, found.scene, repair)
        excess = over(found.shape(planned.scene.size), planned.chain.plans, self._limits)
        if excess is None:
            return planned
        if not repair:
            return replace(planned, problems=(*planned.problems, excess))
        return self._smaller(found, planned, excess) or self._shorter(found, planned, excess)

    def _plan(self, found: Found, scene: Scene, repair: bool) -> _Planned:
        planner = Planner(self._limits.filters, _learnt, repair)
        chain = planner.plan(scene.layers, found.shape(scene.size))
        return _Planned(replace(scene, layers=chain.layers), chain, chain.problems)

    def _smaller(self, found: Found, planned: _Planned, excess: Problem) -> _Planned | None:
        """The same layers on fewer cells, as many as the limits let."""
        for size in smaller_sizes(found.scene):
            again = self._plan(found, replace(found.scene, size=size), True)
            if again.chain.layers != planned.chain.layers:
                return None
            if over(found.shape(size), again.chain.plans, self._limits) is None:
                said = say("smaller", rows=size[0], columns=size[1])
                return replace(again, problems=(*again.problems, _with(excess, said)))
        return None

    def _shorter(self, found: Found, planned: _Planned, excess: Problem) -> _Planned:
        """The same cells with fewer layers, the first ones."""
        plans, shape = planned.chain.plans, found.shape(planned.scene.size)
        while plans and over(shape, plans, self._limits):
            plans = plans[:-1]
        names = [plan.op.name for plan in planned.chain.plans[len(plans) :]]
        said = say("layers_dropped", names=", ".join(names)) if names else ""
        layers = planned.chain.layers[: len(plans)]
        problems = (*planned.problems, _with(excess, said))
        return _Planned(replace(planned.scene, layers=layers), Chain(plans, layers), problems)


def _learnt(learned: Learned) -> LearnedBank | Problem:
    name = f"{learned.model}/{learned.layer}"
    can_be = say("untrained")
    return Problem("filters", name, can_be, say("no_learned", value=name, allowed=can_be))


def _with(problem: Problem, change: str) -> Problem:
    return replace(problem, message=problem.message + change)
