"""Large networks: planned within limits of their own, then computed stage by stage into previews and chosen maps."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..core.arrays import FLOAT32_BYTES, Maps, Shape
from ..core.limits import Limits, NetworkLimits
from ..core.link.query_string import format_scene
from ..core.messages import make_range
from ..core.network.forward import Forward
from ..core.network.network_memory import count_peak_bytes
from ..core.network.network_parts import NetworkParts, count_sent_bytes
from ..core.network.network_wire import network_to_bytes
from ..core.network.occlusion import Occlusion, OcclusionMap, compute_occlusion, find_occlusion_problem
from ..core.network.peaks import LayerPeaks
from ..core.problems import Problem, make_problem
from ..core.scene import Scene
from ..core.texts import make_text
from ..core.trace.plan import Plan
from ..core.trace.trace import Trace, compute_stages
from ..core.trace.wire import make_header
from ..core.weights.bank import Bank
from ..core.weights.bank_plan import BankPlan
from ..images.samples import Samples
from ..models.library import Models
from .chain import Chain, Planner, cache_plans
from .excitation.peak_search import PeakSearch, find_peak_problem, search_peaks
from .inputs import InputResolver, UploadLookup
from .service import write_layers
from .sweeps import Sweep, find_sweep_problem, set_value

FindProblem = Callable[[Shape, Sequence[Plan], NetworkLimits], Problem | None]
"""What does not fit of a question about a network, or exceeds a limit, by the shape of its input and its plans."""


@dataclass(frozen=True, slots=True)
class PlannedNetwork:
    """A network that is not computed yet.

    `scene` is the requested one, with the groups of every convolution; `shape` is that of its input. `gone`: an upload
    no longer exists. `peak_bytes`: the arrays that are in memory at once. It can be computed unless a problem is an
    error.
    """

    scene: Scene
    plans: tuple[Plan, ...]
    shape: Shape
    problems: tuple[Problem, ...]
    peak_bytes: int = 0
    gone: bool = False

    @property
    def link(self) -> str:
        """The canonical query string."""
        return format_scene(self.scene)

    @property
    def has_errors(self) -> bool:
        """Whether it cannot be computed."""
        return any(problem.severity == "error" for problem in self.problems)


class NetworkLab:
    """Plans and computes large networks from samples, uploads and trained models.

    Random filters are kept for the next network, up to the limit of `trace_bytes`, since drawing those of a large
    layer takes longer than all arithmetic with them.
    """

    def __init__(
        self,
        samples: Samples,
        store: UploadLookup | None,
        limits: Limits,
        network_limits: NetworkLimits,
        models: Models | None = None,
    ) -> None:
        self.models = models or Models({})
        self._inputs = InputResolver(samples, store, sys.maxsize)  # a random input is bounded as all arrays are
        self._filters = limits.filters
        self._limits = network_limits
        self._plan_layer = cache_plans(self.models)
        self._kept_banks = _KeptBanks(network_limits.trace_bytes)

    def plan(self, scene: Scene, parts: NetworkParts, problems: Sequence[Problem] = ()) -> PlannedNetwork:
        """Plans a network without arrays; what does not fit, and what exceeds a limit, is an error among its problems.

        `problems` are those of the request.
        """
        resolved = self._inputs.resolve(scene)
        shape = resolved.shape(scene.size)
        planner = Planner(self._filters, self._plan_layer, repair=False, version=scene.version)
        chain = planner.plan(scene.layers, shape)
        found = (*problems, *resolved.problems, *chain.problems)
        if any(problem.severity == "error" for problem in found):
            return PlannedNetwork(scene, chain.plans, shape, found, gone=resolved.gone or resolved.has_lost)
        peak = count_peak_bytes(shape, chain.plans)
        excess = self._find_excess(shape, chain, parts, peak)
        scene = write_layers(scene, chain.layers)
        return PlannedNetwork(scene, chain.plans, shape, (*found, *((excess,) if excess else ())), peak)

    def compute(self, planned: PlannedNetwork, parts: NetworkParts) -> bytes:
        """The file of a planned network's previews and chosen maps. Raises ValueError for one with errors."""
        if planned.has_errors:
            raise ValueError("there are errors to report")
        source = self._inputs.resolve(planned.scene).make_input(planned.scene.size)
        stages = compute_stages(planned.scene, source, planned.plans, self._kept_banks.make)
        header = {
            **make_header(Trace(planned.scene, ()), planned.link, planned.problems),
            "preview": parts.preview,
            "peak_bytes": planned.peak_bytes,
        }
        return network_to_bytes(stages, header, parts)

    def plan_sweep(self, scene: Scene, sweep: Sweep, problems: Sequence[Problem] = ()) -> PlannedNetwork:
        """Plans a sweep: its network without arrays, with what does not fit as errors among its problems."""
        return self._plan_question(scene, problems, partial(find_sweep_problem, sweep))

    def compute_sweep(self, planned: PlannedNetwork, sweep: Sweep) -> Maps:
        """The response at each value, of a planned sweep: the numbers of the Trace of the figure with that value."""
        if planned.has_errors:
            raise ValueError("there are errors to report")
        responses = np.empty(len(sweep.values), np.float32)
        for index, value in enumerate(sweep.values):
            scene = set_value(planned.scene, sweep.kind, value)
            source = self._inputs.resolve(scene).make_input(scene.size)
            for stage in compute_stages(scene, source, planned.plans[: sweep.stage], self._kept_banks.make):
                output = stage.output
            responses[index] = output[sweep.map].max() if sweep.at is None else output[(sweep.map, *sweep.at)]
        return responses

    def plan_occlusion(self, scene: Scene, occlusion: Occlusion, problems: Sequence[Problem] = ()) -> PlannedNetwork:
        """Plans an occlusion: its network without arrays, with what does not fit as errors among its problems."""
        return self._plan_question(scene, problems, partial(find_occlusion_problem, occlusion))

    def compute_occlusion(self, planned: PlannedNetwork, occlusion: Occlusion) -> OcclusionMap:
        """The scores of a class while a square covers the picture, of a planned occlusion."""
        if planned.has_errors:
            raise ValueError("there are errors to report")
        source = self._inputs.resolve(planned.scene).make_input(planned.scene.size)
        white = 1.0 if planned.scene.range == "unit" else 255.0
        return compute_occlusion(occlusion, source.values, Forward(planned.plans, white, self._kept_banks.make))

    def plan_peaks(self, scene: Scene, search: PeakSearch, problems: Sequence[Problem] = ()) -> PlannedNetwork:
        """Plans a search for peaks, whose scene is a sample with a model."""
        return self._plan_question(scene, problems, partial(find_peak_problem, search))

    def compute_peaks(self, planned: PlannedNetwork, search: PeakSearch) -> dict[int, LayerPeaks]:
        """The peaks of each stage of a planned search."""
        if planned.has_errors:
            raise ValueError("there are errors to report")
        forward = Forward(planned.plans, 255.0, self._kept_banks.make)
        return search_peaks(search, planned.scene, self._inputs, forward)

    def forget(self, id: str) -> None:
        """Removes the cached inputs of a deleted upload."""
        self._inputs.crop_upload.forget(id)

    def _plan_question(self, scene: Scene, problems: Sequence[Problem], find_problem: FindProblem) -> PlannedNetwork:
        """Plans a network without any part of its Trace, and adds the problem that `find_problem` finds in the plan."""
        planned = self.plan(scene, NetworkParts(1, (), None, ()), problems)
        found = None if planned.has_errors else find_problem(planned.shape, planned.plans, self._limits)
        return replace(planned, problems=(*planned.problems, found)) if found else planned

    def _find_excess(self, shape: Shape, chain: Chain, parts: NetworkParts, peak: int) -> Problem | None:
        """The first stage or map of the request that the network lacks, or the first limit that is exceeded."""
        shapes = (shape, *(plan.shape for plan in chain.plans))
        for stage in (*parts.stages, *(parts.only or ())):
            if stage >= len(shapes):
                allowed = make_range(0, len(shapes) - 1)
                return make_problem("network_stage", "stages" if stage in parts.stages else "only", stage, allowed)
        for stage in parts.stages:
            if parts.maps and parts.maps[1] > shapes[stage][0]:
                allowed, text = make_text("maps_allowed", most=shapes[stage][0]), f"{parts.maps[0]}:{parts.maps[1]}"
                return make_problem("network_maps", "maps", text, allowed, stage=stage)
        work, sent = sum(plan.work for plan in chain.plans), count_sent_bytes(shape, chain.plans, parts)
        limits = self._limits
        if work > limits.multiply_adds:
            most = make_text("at_most", most=limits.multiply_adds)
            return make_problem("network_work", "multiply_adds", work, most)
        if peak > limits.trace_bytes:
            return make_problem("network_trace", "trace_bytes", peak, make_text("at_most", most=limits.trace_bytes))
        if sent > limits.answer_bytes:
            return make_problem("network_answer", "preview", sent, make_text("at_most", most=limits.answer_bytes))
        return None


class _KeptBanks:
    """Filters that were made, the last used ones of at most `capacity` bytes in all."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._banks: OrderedDict[BankPlan, Bank] = OrderedDict()
        self._used = 0

    def make(self, plan: BankPlan) -> Bank:
        """The filters of a convolution."""
        if plan.is_whole_layer:
            return plan.make()
        if plan in self._banks:
            self._banks.move_to_end(plan)
            return self._banks[plan]
        size = plan.weights * FLOAT32_BYTES
        while self._banks and self._used + size > self._capacity:
            _, dropped = self._banks.popitem(last=False)
            self._used -= dropped.weight.nbytes
        bank = plan.make()
        if size <= self._capacity:
            self._banks[plan] = bank
            self._used += bank.weight.nbytes
        return bank
