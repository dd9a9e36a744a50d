"""The only door: a Scene becomes pixels, weights and a Trace, and what does not fit becomes sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from .core.bank import LearnedBank, Misfit
from .core.kernels import exact_planes
from .core.limits import Limits
from .core.link import format_scene
from .core.maps import Maps
from .core.options import SIZES
from .core.plan import Plan, Shape, plan_layer
from .core.problems import Problem
from .core.scene import Layer, Learned, Planes, Scene, Upload
from .core.scene import Sample as SampleName
from .core.trace import Source, Trace, run
from .core.wire import header_of
from .images.cut import cells, cut_box, size_of_cut
from .images.picture import Picture
from .images.samples import Samples


class Pictures(Protocol):
    """Where uploads are kept."""

    def get(self, id: str) -> Picture | None:
        """The picture of an id, None for one that is unknown or has expired."""


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
    scene: Scene
    source: Source
    plans: tuple[Plan, ...]
    problems: tuple[Problem, ...]
    gone: bool


class Lab:
    """Answers scenes from the samples, the uploads and the limits that it is given; keeps nothing itself."""

    def __init__(self, samples: Samples, store: Pictures | None, limits: Limits) -> None:
        self._samples = samples
        self._store = store
        self._limits = limits

    def answer(self, scene: Scene, problems: tuple[Problem, ...] = (), repair: bool = False) -> Answer:
        """Computes a Scene, or says why not. With `repair`, what does not fit is changed and the change is said."""
        planned = self.plan(scene, repair)
        problems = problems + planned.problems
        answer = Answer(planned.scene, format_scene(planned.scene), problems, gone=planned.gone)
        if (answer.errors or planned.gone) and not repair:
            return answer
        return replace(answer, trace=run(planned.scene, planned.source, planned.plans))

    def plan(self, scene: Scene, repair: bool) -> _Planned:
        """All that can be said of a Scene before any convolution: its input, its stages, its problems."""
        source, problems, gone = self._source(scene)
        if problems and not repair:
            return _Planned(scene, source, (), problems, gone)
        if problems and not gone:
            scene = replace(scene, image=Scene().image)
        plans, chain_problems, layers = self._chain(scene.layers, source.values.shape, repair)
        planned = _Planned(replace(scene, layers=layers), source, plans, problems + chain_problems, gone)
        return self._within_limits(planned, repair)

    def input_of(self, scene: Scene) -> Source:
        """The input of a Scene; the opening picture's where its own is not to be had."""
        return self._source(scene)[0]

    # -- the input ---------------------------------------------------------------------------------------------

    def _source(self, scene: Scene) -> tuple[Source, tuple[Problem, ...], bool]:
        match scene.image:
            case Planes():
                return _numbers(scene.image), (), False
            case Upload(id):
                picture = self._store.get(id) if self._store else None
                if picture is None:
                    return _placeholder(scene, id), (_gone(id),), True
                info = {
                    "kind": "upload",
                    "name": id,
                    "title": "Your picture",
                    "alt": "The picture you brought.",
                    "credit": "",
                }
                return _picture(picture, scene, info), (), False
            case SampleName(name):
                problems: tuple[Problem, ...] = ()
                if name not in self._samples:
                    problems = (self._unknown(name),)
                    name = next(iter(self._samples))
                return _picture(self._samples.picture(name), scene, self._sample_info(name)), problems, False

    def _sample_info(self, name: str) -> dict[str, object]:
        sample = self._samples[name]
        credit = f"{sample.author}, {sample.licence}"
        return {"kind": "sample", "name": name, "title": sample.title, "alt": sample.alt, "credit": credit}

    def _unknown(self, name: str) -> Problem:
        names = ", ".join(self._samples)
        return Problem("image", name, names, f"There is no sample called {name}. There are: {names}.")

    # -- the chain ---------------------------------------------------------------------------------------------

    def _chain(
        self, layers: tuple[Layer, ...], shape: tuple[int, ...], repair: bool
    ) -> tuple[tuple[Plan, ...], tuple[Problem, ...], tuple[Layer, ...]]:
        """Plans layer by layer; with `repair` an option that does not fit is dropped, and else its layer."""
        plans: list[Plan] = []
        problems: list[Problem] = []
        kept: list[Layer] = []
        at: Shape = (shape[0], shape[1], shape[2])
        for index, layer in enumerate(layers):
            plan, found = self._fitted(layer, len(kept), at, repair)
            problems += [replace(problem, layer=index) for problem in found]
            if plan is None:
                if not repair:
                    break
                continue
            plans.append(plan)
            kept.append(plan.layer)
            at = plan.shape
        return tuple(plans), tuple(problems), tuple(kept)

    def _fitted(self, layer: Layer, index: int, shape: Shape, repair: bool) -> tuple[Plan | None, list[Problem]]:
        problems: list[Problem] = []
        while True:
            try:
                plan = plan_layer(layer, index, shape, self._learnt)
                self._filters_allowed(plan)
                return plan, problems
            except Misfit as misfit:
                problem = misfit.problem
                without = tuple(option for option in layer.options if option[0] != problem.field)
                if not repair or without == layer.options:
                    dropped = f" The {layer.op} layer was left out." if repair else ""
                    return None, [*problems, replace(problem, message=problem.message + dropped)]
                said = f"{problem.message} {problem.field} was set back."
                problems.append(replace(problem, message=said))
                layer = replace(layer, options=without)

    def _filters_allowed(self, plan: Plan) -> None:
        most = self._limits.filters
        if plan.op.name == "conv" and plan.shape[0] > most:
            raise Misfit(
                Problem(
                    "filters",
                    str(plan.shape[0]),
                    f"at most {most}",
                    f"This layer would make {plan.shape[0]} feature maps; {most} are allowed.",
                )
            )

    def _learnt(self, learned: Learned) -> LearnedBank | Problem:
        name = f"{learned.model}/{learned.layer}"
        return Problem(
            "filter", name, "a classic filter or typed numbers", f"No trained filters called {name} are here."
        )

    # -- limits ------------------------------------------------------------------------------------------------

    def _within_limits(self, planned: _Planned, repair: bool) -> _Planned:
        over = self._over(planned)
        if over is None:
            return planned
        if not repair:
            return replace(planned, problems=(*planned.problems, over))
        return self._reduced(planned, over)

    def _over(self, planned: _Planned) -> Problem | None:
        """The limit that a chain is over, if any."""
        work = sum(plan.work for plan in planned.plans)
        numbers = planned.source.values.size + sum(int(np.prod(plan.shape)) for plan in planned.plans)
        if work > self._limits.multiply_adds:
            return _too_much("multiply_adds", work, self._limits.multiply_adds, "multiplications and additions")
        if numbers * 4 > self._limits.trace_bytes:
            return _too_much("trace_bytes", numbers * 4, self._limits.trace_bytes, "bytes of results")
        return None

    def _reduced(self, planned: _Planned, over: Problem) -> _Planned:
        """Lowers the size first, then drops last layers, until the chain is within the limits."""
        scene, before = planned.scene, planned.problems
        for size in _smaller(scene):
            smaller = replace(scene, size=size)
            again = self._again(smaller)
            if self._over(again) is None and len(again.plans) == len(planned.plans):
                said = f"{over.message} It is shown with {size[0]} × {size[1]} cells instead."
                return replace(again, problems=(*before, replace(over, message=said)), gone=planned.gone)
        shown = planned
        while shown.plans and self._over(shown):
            plans = shown.plans[:-1]
            shown = replace(shown, plans=plans, scene=replace(scene, layers=scene.layers[: len(plans)]))
        left = [plan.op.name for plan in planned.plans[len(shown.plans) :]]
        said = f"{over.message} Left out: {', '.join(left)}."
        return replace(shown, problems=(*before, replace(over, message=said)))

    def _again(self, scene: Scene) -> _Planned:
        source, _, gone = self._source(scene)
        plans, problems, layers = self._chain(scene.layers, source.values.shape, True)
        return _Planned(replace(scene, layers=layers), source, plans, problems, gone)


def _numbers(planes: Planes) -> Source:
    exact = exact_planes(planes)
    values = exact.numerators / np.float32(exact.divisor * exact.scale)
    info = {"kind": "numbers", "name": "", "title": "Your numbers", "alt": "Numbers typed in.", "credit": ""}
    return Source(np.ascontiguousarray(values, np.float32), info, None)


def _picture(picture: Picture, scene: Scene, info: Mapping[str, object]) -> Source:
    values = cells(picture, scene.size, scene.crop, scene.channels, scene.range)
    reached = size_of_cut(picture, scene.size, scene.crop)
    notes: tuple[str, ...] = ()
    if reached != scene.size:
        said = f"{scene.size[0]} × {scene.size[1]}"
        notes = (f"The cut has only {reached[0]} × {reached[1]} pixels: shown as they are, not enlarged to {said}.",)
    place = {"stored": [picture.height, picture.width], "cut": list(cut_box(picture, scene.size, scene.crop))}
    return Source(values, {**info, **place}, _scale(scene), notes)


def _placeholder(scene: Scene, id: str) -> Source:
    channels = 3 if scene.channels == "rgb" else 1
    values: Maps = np.zeros((channels, *scene.size), np.float32)
    info = {
        "kind": "gone",
        "name": id,
        "title": "Your picture",
        "alt": "A picture that is no longer here.",
        "credit": "",
    }
    return Source(values, info, _scale(scene))


def _scale(scene: Scene) -> tuple[float, float]:
    return (0.0, 1.0) if scene.range == "unit" else (0.0, 255.0)


def _gone(id: str) -> Problem:
    return Problem(
        "image",
        id,
        "a sample, or a picture brought in the last hours",
        "This picture is no longer here: pictures are kept for a short time only. Drop the photo here again.",
    )


def _too_much(field: str, value: int, most: int, what: str) -> Problem:
    return Problem(
        field,
        str(value),
        f"at most {most:,}",
        f"This figure would need {value:,} {what}; {most:,} are allowed.",
    )


def _smaller(scene: Scene) -> list[tuple[int, int]]:
    """Smaller sizes of the same shape, largest first; none for typed numbers."""
    if isinstance(scene.image, Planes):
        return []
    rows, columns = scene.size
    longest = max(rows, columns)
    return [
        (max(1, rows * side // longest), max(1, columns * side // longest))
        for side in reversed(SIZES)
        if side < longest
    ]
