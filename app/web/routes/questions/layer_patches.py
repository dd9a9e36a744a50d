"""What excites the maps of any convolution of a model most, from its file or searched for on request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from starlette.requests import Request

from ....core.link.query_string import format_link, format_scene
from ....core.messages import join_names, quote_text
from ....core.network.peaks import LayerPeaks, find_planned_box
from ....core.scene import Scene, Sides, View
from ....core.texts import make_text
from ....lab.excitation.peak_search import (
    PeakSearch,
    count_peak_work,
    list_convolutions,
    list_peak_samples,
    make_peak_scene,
)
from ....lab.network_task import read_found_peaks
from ....lab.networks import PlannedNetwork
from ....models.model import Model, make_unknown_name_problem
from ....render.color import Colors, Scale, to_photo_colors
from ....render.png import make_data_url
from ...app_state import AppState, get_app_state
from ...network_replies import PLAN_MS, check_plan, compute_network
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.query_params import RequestParams
from ...responses.http_errors import HTTPError
from ...responses.ready_response import BINARY_TYPE, NO_CACHE, Reply, ReplyResponse, make_etag, make_json_reply
from ...work.fair_queue import Work

DRAW_MS = 20.0
"""About how many milliseconds the pictures of one map take, or the places of all maps of a layer."""


@dataclass(frozen=True, slots=True, eq=False)
class FoundPeaks:
    """The peaks of a convolution of a model, with the search that found them and the plan of the network."""

    model: Model
    layer: str
    stage: int
    search: PeakSearch
    planned: PlannedNetwork
    peaks: LayerPeaks

    @property
    def size(self) -> tuple[int, int]:
        """Rows and columns of the pictures that the network reads."""
        return self.planned.shape[1], self.planned.shape[2]

    def get_sample(self, filter: int, rank: int) -> str:
        """The name of the sample picture in which a peak lies."""
        return self.search.samples[int(self.peaks.pictures[filter, rank])]

    def find_box(self, filter: int, rank: int) -> Sides:
        """The receptive field of a peak, without padding: top, left, height, width."""
        row, column = self.peaks.places[filter, rank].tolist()
        return find_planned_box(self.planned.plans, self.size, self.stage, row, column)


def find_layer_stage(model: Model, layer: str) -> int:
    """The stage of a convolution. Raises HTTPError (422) with the names that there are."""
    stages = list_convolutions(model)
    if not stages:
        raise HTTPError.for_value(
            "no_convolutions", "layer", quote_text(layer), make_text("no_predict"), name=model.name
        )
    if layer not in stages:
        raise HTTPError.from_problems(
            [make_unknown_name_problem("no_layer", "layer", quote_text(layer), stages, model=model.name)]
        )
    return stages[layer]


def choose_layer(state: AppState, model: Model, layer: str) -> str:
    """The layer that a call names, or the first convolution. Raises HTTPError (422) for a model without any."""
    stages = list_convolutions(model)
    if not layer and not stages:
        others = join_names(one.name for one in state.models.values() if list_convolutions(one))
        raise HTTPError.for_value("no_peaks", "model", quote_text(model.name), others, name=model.name)
    return layer or next(iter(stages))


async def send_layer_patches(request: Request, model: Model, layer: str, filter: int) -> ReplyResponse:
    """The pictures in which a map of a convolution is largest, largest first, each with its patch. Raises HTTPError."""
    describe = partial(_describe_patches, get_app_state(request), filter)
    return await _send(request, model, layer, ("patches", filter), describe)


async def send_layer_peaks(request: Request, model: Model, layer: str) -> ReplyResponse:
    """The largest value of each map of a convolution, in which picture and where. Raises HTTPError."""
    return await _send(request, model, layer, ("all",), partial(_describe_peaks, get_app_state(request)))


async def list_peak_patches(request: Request, model: Model, layer: str) -> list[Colors]:
    """The patch that excites each map of a convolution most, as colors (rows, columns, 3). Raises HTTPError."""
    state = get_app_state(request)
    found = await _find_peaks(state, model, layer, find_layer_stage(model, layer), get_client_network(request))

    def draw() -> list[Colors]:
        pictures = {name: _color_sample(state, make_peak_scene(model, name)) for name in found.search.samples}
        filters = range(len(found.peaks.values))
        return [_cut(pictures[found.get_sample(filter, 0)], found.find_box(filter, 0)) for filter in filters]

    return await state.executor.run(draw, Work(get_client_network(request), DRAW_MS * len(found.search.samples)))


async def _send(
    request: Request,
    model: Model,
    layer: str,
    part: tuple[object, ...],
    describe: Callable[[FoundPeaks], dict[str, object]],
) -> ReplyResponse:
    """What is described of a layer's peaks: cached, or made once for all who need it now. Raises HTTPError."""
    state = get_app_state(request)
    stage = find_layer_stage(model, layer)
    key = ("peaks", model.name, layer, *part)
    ready = state.replies.get(key)
    if ready is not None:
        return ReplyResponse(ready)
    address = get_client_network(request)

    async def build() -> Reply:
        found = await _find_peaks(state, model, layer, stage, address)
        made = make_json_reply(await state.executor.run(lambda: describe(found), Work(address, DRAW_MS)))
        built = Reply(made.body, made.media_type, 200, NO_CACHE, make_etag(state.content_hash, *key), made.gzipped)
        state.replies.put(key, built)
        return built

    return ReplyResponse(await cancel_on_disconnect(request, state.reply_flights.run_once(key, build)))


async def _find_peaks(state: AppState, model: Model, layer: str, stage: int, address: str) -> FoundPeaks:
    """The peaks of a layer: from the model's file, from an answer before, or searched for. Raises HTTPError."""
    search = PeakSearch((stage,), list_peak_samples(state.samples, model))
    scene = make_peak_scene(model, search.samples[0])
    stored, key = model.peaks, ("peaks", model.name, layer)
    searched = state.replies.get(key)
    if stored and stored.samples == search.samples and layer in stored.layers:
        peaks = stored.layers[layer]
    elif searched is not None:
        peaks = read_found_peaks(searched.body)[stage]
    else:
        planned, file = await compute_network(
            state,
            RequestParams(scene, View()),
            address,
            search,
            lambda: state.networks.plan_peaks(scene, search),
            lambda network: count_peak_work(search, network.shape, network.plans),
        )
        state.replies.put(key, Reply(file, BINARY_TYPE))
        return FoundPeaks(model, layer, stage, search, planned, read_found_peaks(file)[stage])
    planned = await state.executor.run(lambda: state.networks.plan_peaks(scene, search), Work(address, PLAN_MS))
    check_plan(planned)
    return FoundPeaks(model, layer, stage, search, planned, peaks)


def _describe_patches(state: AppState, filter: int, found: FoundPeaks) -> dict[str, object]:
    patches = []
    for rank in range(found.peaks.values.shape[1]):
        sample = found.get_sample(filter, rank)
        cells = {
            "title": str(state.samples[sample].title_text),
            "picture": _draw_patch(state, make_peak_scene(found.model, sample), found.find_box(filter, rank)),
        }
        patches.append({**_describe_place(found, filter, rank), **cells})
    return {**_describe_layer(found), "filter": filter, "patches": patches}


def _describe_peaks(state: AppState, found: FoundPeaks) -> dict[str, object]:
    rows = [{"filter": filter, **_describe_place(found, filter, 0)} for filter in range(len(found.peaks.values))]
    pictures = {
        name: {
            "title": str(state.samples[name].title_text),
            "link": format_scene(replace(make_peak_scene(found.model, name), layers=())),
        }
        for name in found.search.samples
    }
    return {**_describe_layer(found), "peaks": rows, "pictures": pictures}


def _describe_layer(found: FoundPeaks) -> dict[str, object]:
    return {"model": found.model.name, "layer": found.layer, "stage": found.stage, "size": list(found.size)}


def _describe_place(found: FoundPeaks, filter: int, rank: int) -> dict[str, object]:
    """A peak as JSON: its picture, its place, its value, its receptive field and the link of the Lab there."""
    sample = found.get_sample(filter, rank)
    row, column = found.peaks.places[filter, rank].tolist()
    return {
        "sample": sample,
        "row": row,
        "column": column,
        "value": float(found.peaks.values[filter, rank]),
        "box": list(found.find_box(filter, rank)),
        "link": format_link(
            make_peak_scene(found.model, sample), View(stage=found.stage, map=filter, at=(row, column))
        ),
    }


def _draw_patch(state: AppState, scene: Scene, box: Sides) -> str:
    """The cells of a box of a sample, before the preprocessing, as a `data:` address."""
    return make_data_url(_cut(_color_sample(state, scene), box))


def _color_sample(state: AppState, scene: Scene) -> Colors:
    """The picture of a scene, before the preprocessing, as colors (rows, columns, 3)."""
    trace = state.lab.compute(replace(scene, layers=())).trace
    if trace is None:
        raise ValueError("a sample is always there")
    return to_photo_colors(trace.stages[0].output, Scale(0, 255))


def _cut(picture: Colors, box: Sides) -> Colors:
    """A box (top, left, height, width) of a picture."""
    top, left, height, width = box
    return picture[top : top + height, left : left + width]
