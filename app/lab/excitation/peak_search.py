"""The search for what excites the maps of a layer most: among which pictures, at which size, at which cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from ...core.limits import NetworkLimits
from ...core.network.forward import Forward
from ...core.network.peaks import LayerPeaks, PictureTops, find_tops, rank_tops
from ...core.problems import Problem, make_problem
from ...core.scene import Channels, Layer, SampleName, Scene
from ...core.texts import make_text
from ...core.trace.plan import Plan
from ...images.samples import SampleKind, Samples
from ...models.model import PICTURE_SIDE, Model
from ..inputs import InputResolver

KINDS: Mapping[int, tuple[SampleKind, ...]] = {1: ("photo", "digit"), 3: ("photo", "object")}
"""What a network of so many channels is shown: photos, and what gray or color networks here learned to tell apart."""


@dataclass(frozen=True, slots=True)
class PeakSearch:
    """The stages whose maps are looked at, and the names of the samples in their order."""

    stages: tuple[int, ...]
    samples: tuple[str, ...]


def list_peak_samples(samples: Samples, model: Model) -> tuple[str, ...]:
    """The names of the samples that a model is shown, in the order of their table."""
    kinds = KINDS.get(model.prepare.channels, ("photo",))
    return tuple(name for name, sample in samples.items() if sample.kind in kinds)


def list_convolutions(model: Model) -> dict[str, int]:
    """The stage of each convolution of a model by its name, where the model alone is the chain."""
    return {one.name: stage for stage, one in enumerate(model.layers, 1) if one.layer.op == "conv"}


def make_peak_scene(model: Model, sample: str) -> Scene:
    """A sample as the whole model reads it."""
    size = model.prepare.size or (PICTURE_SIDE, PICTURE_SIDE)
    channels: Channels = "rgb" if model.prepare.channels == 3 else "gray"
    return Scene(SampleName(sample), size=size, channels=channels, layers=(Layer("model", head=model.name),))


def count_peak_work(search: PeakSearch, shape: Sequence[int], plans: Sequence[Plan]) -> int:
    """The multiply-adds for all pictures together, up to the last of the stages."""
    return (sum(plan.work for plan in plans[: max(search.stages)]) + prod(shape)) * len(search.samples)


def find_peak_problem(
    search: PeakSearch, shape: Sequence[int], plans: Sequence[Plan], limits: NetworkLimits
) -> Problem | None:
    """The limit of work, if it is exceeded."""
    work = count_peak_work(search, shape, plans)
    if work <= limits.multiply_adds:
        return None
    return make_problem("peak_work", "multiply_adds", work, make_text("at_most", most=limits.multiply_adds))


def search_peaks(search: PeakSearch, scene: Scene, inputs: InputResolver, forward: Forward) -> dict[int, LayerPeaks]:
    """The peaks of each stage; `forward` is planned for the scene, whose picture is replaced by each sample."""
    tops: dict[int, list[PictureTops]] = {stage: [] for stage in search.stages}
    for name in search.samples:
        shown = Scene(SampleName(name), size=scene.size, channels=scene.channels, range=scene.range)
        outputs = forward.run(inputs.resolve(shown).make_input(shown.size).values, search.stages)
        for stage, found in tops.items():
            found.append(find_tops(outputs[stage]))
    return {stage: rank_tops(found) for stage, found in tops.items()}
