"""The task that computes a large network in a worker process: see `app/processes`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..core.limits import Limits, NetworkLimits
from ..core.link.scene_json import scene_from_json, scene_to_json
from ..core.network.network_parts import NetworkParts
from ..core.network.occlusion import Occlusion, OcclusionMap
from ..core.network.peaks import LayerPeaks
from ..core.problems import Problem
from ..core.scene import Scene
from ..core.texts import get_language, make_text, use_language
from ..core.trace.wire import pack, unpack
from ..images.samples import load_samples
from ..images.store.store import Store
from ..models.library import Models, load_models
from ..processes.file_errors import FileProblem, UnreadableFile
from ..processes.task import FileReader, Task, TaskResult, TaskSentences
from .excitation.peak_search import PeakSearch
from .networks import NetworkLab, PlannedNetwork
from .sweeps import Sweep

MOST_HEADER_BYTES = 128_000_000
"""Of the facts about all stages, beyond the arrays."""
SENTENCES = TaskSentences(
    field="layers",
    no_memory="network_no_memory",
    failed="network_failed",
    stopped="network_stopped",
    too_slow="network_too_slow",
    unavailable="network_unavailable",
    crashed="network_crashed",
)


@dataclass(frozen=True, slots=True)
class NetworkFolders:
    """Where a process finds samples, models and uploads, as paths; `store_seconds` is how long an upload is kept."""

    samples: tuple[str, ...]
    models: tuple[str, ...]
    store: str | None = None
    store_seconds: float = 86_400


def make_network_task(folders: NetworkFolders, limits: Limits, network_limits: NetworkLimits) -> Task[bytes]:
    """A task that computes a network; `pack_request` makes its data, and its result is the file of the parts."""
    settings = {"folders": asdict(folders), "limits": asdict(limits), "network": asdict(network_limits)}
    most = network_limits.answer_bytes + MOST_HEADER_BYTES
    expected = make_text("network_expected")
    return Task(f"{__name__}:make_computer", settings, _unpack_file, most, expected, sentences=SENTENCES)


Asked = NetworkParts | Sweep | Occlusion | PeakSearch
"""What is asked of a network: parts of its Trace, a sweep over its picture, an occlusion of it, or its peaks."""
KINDS: Mapping[type[Asked], str] = {
    NetworkParts: "parts",
    Sweep: "sweep",
    Occlusion: "occlusion",
    PeakSearch: "peaks",
}


PEAK_ARRAYS = ("pictures", "places", "values")


def pack_request(scene: Scene, asked: Asked) -> bytes:
    """The data for the task: a network, and what is asked of it."""
    kind = KINDS[type(asked)]
    return json.dumps({"scene": scene_to_json(scene), kind: asdict(asked), "language": get_language()}).encode()


def read_responses(file: bytes) -> list[float]:
    """The responses in the file that the task makes of a sweep."""
    tensors, _ = unpack(file)
    return [float(value) for value in tensors["responses"]]


def read_occlusion(file: bytes) -> OcclusionMap:
    """The map in the file that the task makes of an occlusion."""
    tensors, metadata = unpack(file)
    facts = json.loads(metadata["occlusion"])
    return OcclusionMap(
        facts["index"],
        facts["value"],
        facts["score"],
        tensors["scores"],
        facts["winner"],
        tensors["winners"].astype(np.int64),
        facts["share"],
        tensors.get("shares"),
        tensors.get("class_scores"),
        tensors.get("class_shares"),
    )


def _pack_occlusion(made: OcclusionMap) -> bytes:
    tensors = {"scores": made.scores, "winners": made.winners.astype(np.int32)}
    for name in ("shares", "class_scores", "class_shares"):
        if (array := getattr(made, name)) is not None:
            tensors[name] = array
    facts = {name: getattr(made, name) for name in ("index", "value", "score", "winner", "share")}
    return pack(tensors, {"occlusion": json.dumps(facts)})


def read_found_peaks(file: bytes) -> dict[int, LayerPeaks]:
    """The peaks by their stage in the file that the task makes of a search."""
    tensors, metadata = unpack(file)
    return {
        stage: LayerPeaks(*(tensors[f"{stage}.{part}"] for part in PEAK_ARRAYS))
        for stage in json.loads(metadata["stages"])
    }


def _pack_found_peaks(found: Mapping[int, LayerPeaks]) -> bytes:
    tensors = {f"{stage}.{part}": getattr(one, part) for stage, one in found.items() for part in PEAK_ARRAYS}
    return pack(tensors, {"stages": json.dumps(list(found))})


def make_computer(settings: Mapping[str, Any]) -> FileReader:
    """The function that computes networks in a worker process; it reads uploads from the store, and never writes."""
    folders, limits = NetworkFolders(**settings["folders"]), Limits(**settings["limits"])
    network_limits = NetworkLimits(**settings["network"])
    store = Store(Path(folders.store), folders.store_seconds) if folders.store else None
    models = Models(load_models(*map(Path, folders.models)), store.get_file if store else None)
    samples = load_samples(*map(Path, folders.samples))
    lab = NetworkLab(samples, store, limits, network_limits, models)
    return partial(_compute, lab, network_limits.widen(limits))


def _compute(lab: NetworkLab, limits: Limits, data: bytes) -> TaskResult:
    request = json.loads(data)
    with use_language(request["language"]):
        scene, problems = scene_from_json(request["scene"], limits)
        if "sweep" in request:
            sweep = _read_sweep(request["sweep"])
            planned = _check(lab.plan_sweep(scene, sweep, problems))
            return TaskResult({}, pack({"responses": lab.compute_sweep(planned, sweep)}, {}))
        if "peaks" in request:
            search = PeakSearch(tuple(request["peaks"]["stages"]), tuple(request["peaks"]["samples"]))
            planned = _check(lab.plan_peaks(scene, search, problems))
            return TaskResult({}, _pack_found_peaks(lab.compute_peaks(planned, search)))
        if "occlusion" in request:
            occlusion = _read_occlusion(request["occlusion"])
            planned = _check(lab.plan_occlusion(scene, occlusion, problems))
            return TaskResult({}, _pack_occlusion(lab.compute_occlusion(planned, occlusion)))
        parts = _read_parts(request["parts"])
        planned = _check(lab.plan(scene, parts, problems))
        return TaskResult({}, lab.compute(planned, parts))


def _check(planned: PlannedNetwork) -> PlannedNetwork:
    if planned.has_errors:
        raise UnreadableFile(_make_file_problem(planned.problems))
    return planned


def _read_sweep(values: Mapping[str, Any]) -> Sweep:
    at = (values["at"][0], values["at"][1]) if values["at"] else None
    return Sweep(values["kind"], tuple(values["values"]), values["stage"], values["map"], at)


def _read_occlusion(values: Mapping[str, Any]) -> Occlusion:
    (height, width), (down, right) = values["window"], values["stride"]
    place = (values["place"][0], values["place"][1]) if values["place"] else None
    return Occlusion((height, width), (down, right), values["gray"], values["target"], place)


def _read_parts(values: Mapping[str, Any]) -> NetworkParts:
    only, maps = values["only"], values["maps"]
    return NetworkParts(
        values["preview"],
        tuple(values["stages"]),
        (maps[0], maps[1]) if maps else None,
        None if only is None else tuple(only),
    )


def _make_file_problem(problems: Sequence[Problem]) -> FileProblem:
    """The first error, which the server has not seen when it planned: an upload that has just expired, for example."""
    first = next(problem for problem in problems if problem.severity == "error")
    return FileProblem(422, first.field, first.value, first.allowed, first.text)


def _unpack_file(head: Mapping[str, Any], body: bytes) -> bytes:
    if len(body) < 8 or int.from_bytes(body[:8], "little") > len(body) - 8:
        raise ValueError("not a file of arrays")
    return body
