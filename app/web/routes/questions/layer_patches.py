"""What excites the maps of any convolution of a model most, from its file or searched for on request."""

from __future__ import annotations

from starlette.requests import Request

from ....core.messages import quote_text
from ....core.network.peaks import LayerPeaks, find_field
from ....core.scene import Scene, View
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
from ....render.color import Scale, to_photo_colors
from ....render.png import make_data_url
from ...app_state import AppState, get_app_state
from ...network_replies import check_plan, compute_network
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.query_params import RequestParams
from ...responses.http_errors import HTTPError
from ...responses.ready_response import NO_CACHE, Reply, ReplyResponse, make_etag, make_json_reply
from ...work.fair_queue import Work

DRAW_MS = 20.0
"""About how many milliseconds the pictures of one map take."""


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


async def send_layer_patches(request: Request, model: Model, layer: str, filter: int) -> ReplyResponse:
    """The pictures in which a map of a convolution is largest, largest first, each with its patch. Raises HTTPError."""
    state = get_app_state(request)
    stage = find_layer_stage(model, layer)
    search = PeakSearch((stage,), list_peak_samples(state.samples, model))
    scene = make_peak_scene(model, search.samples[0])
    address = get_client_network(request)
    params = RequestParams(scene, View())
    await state.uploads.touch(params.upload_ids)
    key = ("peaks", model.name, layer, filter)
    reply = state.replies.get(key)
    if reply is not None:
        return ReplyResponse(reply)

    async def build() -> Reply:
        stored = model.peaks
        if stored and stored.samples == search.samples and layer in stored.layers:
            planned = await state.executor.run(lambda: state.networks.plan_peaks(scene, search), Work(address, 5.0))
            check_plan(planned)
            peaks = stored.layers[layer]
        else:
            planned, file = await compute_network(
                state,
                params,
                address,
                search,
                lambda: state.networks.plan_peaks(scene, search),
                lambda network: count_peak_work(search, network.shape, network.plans),
            )
            peaks = read_found_peaks(file)[stage]
        body = await state.executor.run(
            lambda: _describe(state, model, layer, filter, search, planned, peaks), Work(address, DRAW_MS)
        )
        made = make_json_reply(body)
        built = Reply(made.body, made.media_type, 200, NO_CACHE, make_etag(state.content_hash, key), made.gzipped)
        state.replies.put(key, built)
        return built

    return ReplyResponse(await cancel_on_disconnect(request, state.reply_flights.run_once(key, build)))


def _describe(
    state: AppState,
    model: Model,
    layer: str,
    filter: int,
    search: PeakSearch,
    planned: PlannedNetwork,
    peaks: LayerPeaks,
) -> dict[str, object]:
    (stage,) = search.stages
    patches = []
    found = (part[filter].tolist() for part in (peaks.pictures, peaks.places, peaks.values))
    for index, (row, column), value in zip(*found, strict=True):
        name = search.samples[index]
        box = find_field(planned.plans, (planned.shape[1], planned.shape[2]), stage, row, column)
        patches.append(
            {
                "sample": name,
                "title": str(state.samples[name].title_text),
                "row": row,
                "column": column,
                "value": value,
                "box": list(box),
                "picture": _draw_patch(state, make_peak_scene(model, name), box),
            }
        )
    size = list(planned.shape[1:])
    return {"model": model.name, "layer": layer, "stage": stage, "filter": filter, "size": size, "patches": patches}


def _draw_patch(state: AppState, scene: Scene, box: tuple[int, int, int, int]) -> str:
    """The cells of a box of a sample, before the preprocessing, as a `data:` address."""
    shown = Scene(scene.image, size=scene.size, channels=scene.channels)
    trace = state.lab.compute(shown).trace
    if trace is None:
        raise ValueError("a sample is always there")
    top, left, height, width = box
    cells = trace.stages[0].output[:, top : top + height, left : left + width]
    return make_data_url(to_photo_colors(cells, Scale(0, 255)))
