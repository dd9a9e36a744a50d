"""The page of learned filters, and what it asks for: portraits, patches, films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...core.filter_analysis import Portrait, has_direction, orders, portraits, telling
from ...core.filter_description import nearest_angle, words_of
from ...core.link.query_string import format_link
from ...core.problems import Problem
from ...core.scene import View
from ...lab import Answer
from ...models.custom_model import BROUGHT
from ...models.model import Model
from ...render.filter_grid import columns_of, wall
from ...render.png import data_uri
from ..app_state import AppState, ReplySpec, get_app_state, get_query_string
from ..http_messages import FILTERS_OF, GONE_WEIGHTS, NO_FILM, NO_MODEL, NO_MODELS, NO_SUCH_FILTER, NOT_WHOLE_NUMBER
from ..openapi.openapi import BINARY_FILE, describe_call, json_content
from ..openapi.parameters import FILTER, MODEL
from ..requests.filters_params import (
    PICTURE_SIDE,
    FiltersParams,
    make_filters_options,
    make_filters_scene,
    read_filters_params,
)
from ..requests.forwarded import get_client_network
from ..requests.query_params import RequestParams, read_known_keys, read_page_params
from ..responses.http_errors import HTTPError
from ..responses.open_graph import LinkPreview, get_base_url, make_preview
from ..responses.ready_response import Reply, ReplyResponse, make_etag, make_json_reply
from ..top_patches import find_top_patches
from ..work.fair_queue import Work
from .catalog import make_model_row
from .pages import DESCRIPTION, SITE_NAME, Pages
from .weights_uploads import gone_weights_error

SAFETENSORS = "application/octet-stream"
NO_CACHE = {"Cache-Control": "no-cache"}
PORTRAITS_MS, PATCHES_MS, FILM_MS = 15.0, 60.0, 2.0
"""Milliseconds that each of them takes, roughly."""
UNESCAPED = "%=&,;:@~()+*/!$?-._"
"""Signs that an address in a page may hold as they are."""

router = APIRouter(tags=["learned filters"])


@router.get("/filters", include_in_schema=False)
async def get_filters_page(request: Request) -> Response:
    """The wall of learned filters."""
    state = get_app_state(request)
    if not state.models:
        raise HTTPError(404, NO_MODELS)
    query = get_query_string(request)
    params = read_page_params(query, state.limits)
    models, own_params, upload_problems = await _list_models(state, params.own_params)
    chosen, problems = read_filters_params(own_params, [model.name for model in models], state.limits)
    model = next(model for model in models if model.name == chosen.model)
    chosen, filter_problems = _fit_filter(model, chosen)
    scene = make_filters_scene(model, params.scene, "size" in params.given_keys or "scene" in params.given_keys)
    kept_problems = tuple(problem for problem in params.problems if problem.field != "layers")
    params = replace(params, scene=scene, problems=(*kept_problems, *upload_problems, *problems, *filter_problems))
    pages: Pages = request.app.state.pages
    base = get_base_url(request)

    def build(answer: Answer) -> Reply:
        link_preview = make_preview(
            base, "/filters", quote(query, safe=UNESCAPED), _make_preview_link(params, answer, model, chosen)
        )
        return _render_page(state, pages, params, chosen, models, answer, link_preview)

    spec = ReplySpec(("filters", base, query, params.full_link, chosen), build, repair=True)
    return await state.send(request, params, spec)


@router.get(
    "/api/portraits",
    openapi_extra=describe_call(MODEL, content=json_content("Portraits"), statuses=(404, 410, 422, 503)),
)
async def get_portraits(request: Request) -> Response:
    """What each first-layer filter of a model looks for, in numbers and words, and the orders to hang them in."""
    state = get_app_state(request)
    model = await _find_model(state, read_known_keys(get_query_string(request), ("model",)))
    return await _send_cached(request, ("portraits", model.name), partial(_make_portraits_reply, model), PORTRAITS_MS)


@router.get(
    "/api/patches",
    openapi_extra=describe_call(MODEL, FILTER, content=json_content("Patches"), statuses=(404, 410, 422, 503)),
)
async def get_patches(request: Request) -> Response:
    """The nine patches of the sample photos that excite one filter most, strongest first."""
    state = get_app_state(request)
    values = read_known_keys(get_query_string(request), ("model", "filter"))
    model = await _find_model(state, values)
    index = _read_filter_index(model, values.get("filter", "0"))
    return await _send_cached(
        request, ("patches", model.name, index), partial(_make_patches_reply, state, model, index), PATCHES_MS
    )


@router.get("/api/film", openapi_extra=describe_call(MODEL, content=BINARY_FILE, statuses=(404, 410, 422, 503)))
async def get_film(request: Request) -> Response:
    """How a model's first layer was learned, as safetensors: its filters at some moments, loss and accuracy."""
    state = get_app_state(request)
    model = await _find_model(state, read_known_keys(get_query_string(request), ("model",)))
    return await _send_cached(request, ("film", model.name), partial(_make_film_reply, model), FILM_MS)


def make_portrait_row(index: int, portrait: Portrait) -> dict[str, object]:
    """A portrait as the page gets it."""
    return {
        "index": index,
        "words": words_of(portrait),
        "kind": portrait.kind,
        "strength": portrait.strength,
        "color": portrait.color,
        "angle": nearest_angle(portrait.angle) if has_direction(portrait) else None,
        "period": portrait.period,
        "oriented": portrait.oriented,
    }


def _make_portraits_reply(model: Model) -> Reply:
    bank: Any = model.bank(model.first)
    found = portraits(bank.weight)
    rows = [make_portrait_row(index, one) for index, one in enumerate(found)]
    return make_json_reply(
        {
            "model": model.name,
            "layer": model.first,
            "filters": rows,
            "orders": orders(found),
            "telling": telling(found),
        }
    )


def _make_patches_reply(state: AppState, model: Model, index: int) -> Reply:
    found = find_top_patches(state, model, index)
    return make_json_reply({"model": model.name, "filter": index, "patches": [patch.to_json() for patch in found]})


def _make_film_reply(model: Model) -> Reply:
    if model.film is None:
        raise HTTPError(404, NO_FILM.format(name=model.name))
    return Reply(model.film.data, SAFETENSORS)


async def _send_cached(request: Request, key: tuple[object, ...], make: Any, cost: float) -> ReplyResponse:
    """A reply that depends on nothing but the installation: made once, in a thread, in about `cost` milliseconds."""
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
    if found is None and name.startswith(BROUGHT):
        raise gone_weights_error(name)
    if found is None:
        raise HTTPError.for_value(
            "model", name[:60] or "empty", ", ".join(state.models), _make_no_model_message(state, name)
        )
    return found


def _make_no_model_message(state: AppState, name: str) -> str:
    return NO_MODEL.format(name=name[:60] or "empty", names=", ".join(state.models)) if state.models else NO_MODELS


def _read_filter_index(model: Model, text: str) -> int:
    last = model.bank_shape(model.first)[0] - 1
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= last):
        message = NOT_WHOLE_NUMBER.format(field="filter", value=text[:60] or "empty", least=0, most=last)
        raise HTTPError.for_value("filter", text[:60] or "empty", f"0 to {last}", message)
    return int(text)


async def find_uploaded_model(state: AppState, name: str) -> Model | None:
    if not name.startswith(BROUGHT):
        return None
    return await state.uploads.threads.run(partial(state.models.brought, name))


async def _list_models(
    state: AppState, own_params: Mapping[str, str]
) -> tuple[list[Model], Mapping[str, str], tuple[Problem, ...]]:
    """The models to choose from, with the brought one that a link names, or without its name where it has gone."""
    name = own_params.get("model", "")
    models = list(state.models.values())
    if not name.startswith(BROUGHT):
        return models, own_params, ()
    found = await find_uploaded_model(state, name)
    if found:
        return [*models, found], own_params, ()
    remaining = {key: value for key, value in own_params.items() if key != "model"}
    return models, remaining, (Problem("model", name[:60], "weights brought in the last hours", GONE_WEIGHTS),)


def _fit_filter(model: Model, chosen: FiltersParams) -> tuple[FiltersParams, tuple[Problem, ...]]:
    """A filter that the model has, and a word about it where another was asked for."""
    last = model.bank_shape(model.first)[0] - 1
    if chosen.filter is None or chosen.filter <= last:
        return chosen, ()
    message = NO_SUCH_FILTER.format(value=chosen.filter, model=model.title, last=last)
    return replace(chosen, filter=last), (Problem("filter", str(chosen.filter), f"0 to {last}", message, "note"),)


def _make_preview_link(params: RequestParams, answer: Answer, model: Model, chosen: FiltersParams) -> str | None:
    """The figure of a filter at work on the picture; None where somebody brought one of the two."""
    if answer.gone or params.upload_ids or model.name.startswith(BROUGHT):
        return None
    return format_link(answer.scene, View(stage=2, map=chosen.filter or 0, theme=params.view.theme))


def _render_page(
    state: AppState,
    pages: Pages,
    params: RequestParams,
    chosen: FiltersParams,
    models: Sequence[Model],
    answer: Answer,
    link_preview: LinkPreview,
) -> Reply:
    model = next(model for model in models if model.name == chosen.model)
    bank: Any = model.bank(model.first)
    problems = [problem.to_json() for problem in answer.problems]
    shape = model.bank_shape(model.first)
    figure = {
        "scene": answer.header()["scene"],
        "link": answer.link,
        "problems": problems,
        "gone": answer.gone,
        "page": [option.to_json() for option in make_filters_options([model.name for model in models])],
        "side": PICTURE_SIDE,
        "models": [make_model_row(model) for model in models],
        "weights_bytes": state.settings.weights_bytes,
    }
    context = {
        "preview": link_preview,
        "title": f"{FILTERS_OF.format(title=model.title)} · {SITE_NAME}",
        "description": DESCRIPTION,
        "view": params.view,
        "problems": problems,
        "models": models,
        "model": model,
        "chosen": chosen,
        "shape": " × ".join(map(str, shape)),
        "wall": data_uri(wall(bank.weight)),
        "columns": columns_of(shape[0]),
        "modules": state.static_files.list_modules("filters.js"),
        "data": pages.make_page_data(figure),
    }
    return pages.render("filters.html", context)
