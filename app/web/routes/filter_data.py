"""The data of the filters page: filter analysis, patches, films."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request, Response

from ...core.filter_analysis import (
    FilterAnalysis,
    analyze_filters,
    choose_clearest_filter,
    has_direction,
    order_filters,
)
from ...core.filter_description import describe_filter, round_angle
from ...core.messages import quote_text
from ...core.texts import make_text, write_message
from ...models.custom_model import UPLOAD_PREFIX
from ...models.model import Model
from ..app_state import AppState, get_app_state, get_query_string
from ..openapi.openapi import BINARY_FILE, describe_call, json_content
from ..openapi.parameters import FILTER, LAYER, MODEL
from ..requests.public_url import get_client_network
from ..requests.query_params import make_number_error, read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import BINARY_TYPE, NO_CACHE, Reply, ReplyResponse, make_etag, make_json_reply
from ..top_patches import find_top_patches
from ..work.fair_queue import Work
from .questions.layer_patches import choose_layer, find_layer_stage, send_layer_patches, send_layer_peaks
from .weights_uploads import gone_weights_error

PORTRAITS_MS, PATCHES_MS, FILM_MS = 15.0, 60.0, 2.0
"""About how many milliseconds each of them takes."""

router = APIRouter(tags=["learned filters"])


@router.get(
    "/api/portraits",
    openapi_extra=describe_call(MODEL, content=json_content("Portraits"), statuses=(404, 410, 422, 503)),
)
async def get_portraits(request: Request) -> Response:
    """What each first-layer filter of a model detects, in numbers and words, and the orders to sort them in."""
    state = get_app_state(request)
    model = await _find_model(state, read_known_keys(get_query_string(request), ("model",)))
    return await _send_cached(request, ("portraits", model.name), partial(_make_portraits_reply, model), PORTRAITS_MS)


@router.get(
    "/api/patches",
    openapi_extra=describe_call(
        MODEL, FILTER, LAYER, content=json_content("Patches"), statuses=(404, 410, 422, 429, 503)
    ),
)
async def get_patches(request: Request) -> Response:
    """The nine patches of the sample photos with the largest values of one filter, largest first.

    With `layer`, a convolution of the model, they are the receptive fields of the largest values of a map, before its
    activation: at most one in each picture, among the photos and, for gray networks, the digits, for color ones the
    objects.
    """
    state = get_app_state(request)
    values = read_known_keys(get_query_string(request), ("model", "filter", "layer"))
    model = await _find_model(state, values)
    layer = values.get("layer", "")
    if layer:
        find_layer_stage(model, layer)
        index = _read_filter_index(model, layer, values.get("filter", "0"))
        return await send_layer_patches(request, model, layer, index)
    index = _read_filter_index(model, model.first_layer, values.get("filter", "0"))
    return await _send_cached(
        request, ("patches", model.name, index), partial(_make_patches_reply, state, model, index), PATCHES_MS
    )


@router.get(
    "/api/peaks",
    openapi_extra=describe_call(
        MODEL, LAYER, content=json_content("Peaks"), statuses=(404, 410, 422, 429, 503), examples={"layer": "conv3"}
    ),
)
async def get_peaks(request: Request) -> Response:
    """What excites each map of a convolution most among the sample pictures: the largest value of every filter.

    The values are those before the activation, among the photos and, for gray networks, the digits, for color ones the
    objects. Each has its place in the map, and its receptive field in the picture.
    """
    state = get_app_state(request)
    values = read_known_keys(get_query_string(request), ("model", "layer"))
    model = await _find_model(state, values)
    return await send_layer_peaks(request, model, choose_layer(state, model, values.get("layer", "")))


@router.get("/api/film", openapi_extra=describe_call(MODEL, content=BINARY_FILE, statuses=(404, 410, 422, 503)))
async def get_film(request: Request) -> Response:
    """The training of a model's first layer, as safetensors: its filters at some steps, loss and accuracy."""
    state = get_app_state(request)
    model = await _find_model(state, read_known_keys(get_query_string(request), ("model",)))
    return await _send_cached(request, ("film", model.name), partial(_make_film_reply, model), FILM_MS)


def make_portrait_row(index: int, portrait: FilterAnalysis) -> dict[str, object]:
    """The analysis of a filter as JSON."""
    return {
        "index": index,
        "words": write_message(describe_filter(portrait)),
        "kind": portrait.kind,
        "strength": portrait.strength,
        "color": portrait.color,
        "angle": round_angle(portrait.angle) if has_direction(portrait) else None,
        "period": portrait.period,
        "oriented": portrait.oriented,
    }


def _make_portraits_reply(model: Model) -> Reply:
    bank = model.first_bank
    found = analyze_filters(bank.weight)
    rows = [make_portrait_row(index, one) for index, one in enumerate(found)]
    return make_json_reply(
        {
            "model": model.name,
            "layer": model.first_layer,
            "filters": rows,
            "orders": order_filters(found),
            "telling": choose_clearest_filter(found),
        }
    )


def _make_patches_reply(state: AppState, model: Model, index: int) -> Reply:
    found = find_top_patches(state, model, index)
    return make_json_reply({"model": model.name, "filter": index, "patches": [patch.to_json() for patch in found]})


def _make_film_reply(model: Model) -> Reply:
    if model.film is None:
        raise HTTPError(404, make_text("no_recorded_film", name=model.name))
    return Reply(model.film.data, BINARY_TYPE)


async def _send_cached(
    request: Request, key: tuple[object, ...], make: Callable[[], Reply], cost: float
) -> ReplyResponse:
    """A reply that depends on the installation alone: made once, in a thread, in about `cost` milliseconds."""
    state = get_app_state(request)
    reply = state.replies.get(key)
    if reply is None:
        build: Reply = await state.reply_flights.run_once(
            key, partial(state.executor.run, make, Work(get_client_network(request), cost))
        )
        reply = Reply(
            build.body, build.media_type, build.status, NO_CACHE, make_etag(state.content_hash, *key), build.gzipped
        )
        state.replies.put(key, reply)
    return ReplyResponse(reply)


async def _find_model(state: AppState, values: dict[str, str]) -> Model:
    name = values.get("model", "")
    found = state.models.get(name) or await find_uploaded_model(state, name)
    if found is None and name.startswith(UPLOAD_PREFIX):
        raise gone_weights_error(name)
    if found is None:
        code, names, quoted = (
            "no_model_called" if state.models else "no_models",
            ", ".join(state.models),
            quote_text(name),
        )
        raise HTTPError.for_value(code, "model", quoted, names, name=quoted, names=names)
    return found


def _read_filter_index(model: Model, layer: str, text: str) -> int:
    last = model.bank_shape(layer)[0] - 1
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= last):
        raise make_number_error("filter", quote_text(text), 0, last)
    return int(text)


async def find_uploaded_model(state: AppState, name: str) -> Model | None:
    if not name.startswith(UPLOAD_PREFIX):
        return None
    return await state.uploads.threads.run(partial(state.models.find_uploaded, name))
