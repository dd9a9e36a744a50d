"""The page of learned filters, and what it asks for: portraits, patches, films."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...core.filter_analysis import (
    FilterAnalysis,
    analyze_filters,
    choose_clearest_filter,
    has_direction,
    order_filters,
)
from ...core.filter_description import describe_filter, round_angle
from ...core.link.query_string import format_link
from ...core.problems import Problem
from ...core.scene import View
from ...lab import LabResult
from ...models.custom_model import BROUGHT
from ...models.model import Model
from ...render.filter_grid import columns_of, wall
from ...render.png import data_uri
from ..app_state import Computed, Site, query_of, site_of
from ..http_messages import GONE_WEIGHTS, NO_FILM, NO_MODEL, NO_MODELS, NO_SUCH_FILTER, NOT_WHOLE, WALL_OF
from ..openapi.openapi import BYTES as SAFETENSORS
from ..openapi.openapi import describe, json_of
from ..openapi.parameters import FILTER, MODEL
from ..requests.filters_params import PICTURE_SIDE, Chosen, read_chosen, scene_for, wall_options
from ..requests.forwarded import place_of
from ..requests.query_params import Asked, ask_page, refuse_keys
from ..responses.http_errors import Refused
from ..responses.open_graph import Preview, base_of, preview
from ..responses.ready_response import Reply, Sent, json_reply, tag
from ..top_patches import strongest_patches
from ..work.fair_queue import Work
from .catalog import model_row
from .pages import DESCRIPTION, NAME, Pages
from .weights_uploads import gone

BYTES = "application/octet-stream"
LIVES = {"Cache-Control": "no-cache"}
PORTRAITS, PATCHES, FILM = 15.0, 60.0, 2.0
"""Milliseconds that each of them takes, roughly."""
AS_SAID = "%=&,;:@~()+*/!$?-._"
"""Signs that an address in a page may hold as they are."""

router = APIRouter(tags=["learned filters"])


@router.get("/filters", include_in_schema=False)
async def filters(request: Request) -> Response:
    """The wall of learned filters."""
    site = site_of(request)
    if not site.models:
        raise Refused(404, NO_MODELS)
    query = query_of(request)
    asked = ask_page(query, site.limits)
    models, own, left = await _models(site, asked.own)
    chosen, problems = read_chosen(own, [model.name for model in models], site.limits)
    model = next(model for model in models if model.name == chosen.model)
    chosen, moved = _fitting(model, chosen)
    scene = scene_for(model, asked.scene, "size" in asked.given or "scene" in asked.given)
    told = tuple(problem for problem in asked.problems if problem.field != "layers")
    asked = replace(asked, scene=scene, problems=(*told, *left, *problems, *moved))
    pages: Pages = request.app.state.pages
    base = base_of(request)

    def made(answer: LabResult) -> Reply:
        shown = preview(base, "/filters", quote(query, safe=AS_SAID), _learned(asked, answer, model, chosen))
        return _page(site, pages, asked, chosen, models, answer, shown)

    computed = Computed(("filters", base, query, asked.full_link, chosen), made, repair=True)
    return await site.send(request, asked, computed)


@router.get(
    "/api/portraits", openapi_extra=describe(MODEL, answers=json_of("Portraits"), statuses=(404, 410, 422, 503))
)
async def get_portraits(request: Request) -> Response:
    """What each first-layer filter of a model looks for, in numbers and words, and the orders to hang them in."""
    site = site_of(request)
    model = await _model(site, refuse_keys(query_of(request), ("model",)))
    return await _kept(request, ("portraits", model.name), partial(_portraits, model), PORTRAITS)


@router.get(
    "/api/patches",
    openapi_extra=describe(MODEL, FILTER, answers=json_of("Patches"), statuses=(404, 410, 422, 503)),
)
async def get_patches(request: Request) -> Response:
    """The nine patches of the sample photos that excite one filter most, strongest first."""
    site = site_of(request)
    given = refuse_keys(query_of(request), ("model", "filter"))
    model = await _model(site, given)
    index = _index(model, given.get("filter", "0"))
    return await _kept(request, ("patches", model.name, index), partial(_patches, site, model, index), PATCHES)


@router.get("/api/film", openapi_extra=describe(MODEL, answers=SAFETENSORS, statuses=(404, 410, 422, 503)))
async def get_film(request: Request) -> Response:
    """How a model's first layer was learned, as safetensors: its filters at some moments, loss and accuracy."""
    site = site_of(request)
    model = await _model(site, refuse_keys(query_of(request), ("model",)))
    return await _kept(request, ("film", model.name), partial(_film, model), FILM)


def portrait_row(index: int, portrait: FilterAnalysis) -> dict[str, object]:
    """A portrait as the page gets it."""
    return {
        "index": index,
        "words": describe_filter(portrait),
        "kind": portrait.kind,
        "strength": portrait.strength,
        "color": portrait.color,
        "angle": round_angle(portrait.angle) if has_direction(portrait) else None,
        "period": portrait.period,
        "oriented": portrait.oriented,
    }


def _portraits(model: Model) -> Reply:
    bank: Any = model.bank(model.first)
    found = analyze_filters(bank.weight)
    rows = [portrait_row(index, one) for index, one in enumerate(found)]
    return json_reply(
        {
            "model": model.name,
            "layer": model.first,
            "filters": rows,
            "orders": order_filters(found),
            "telling": choose_clearest_filter(found),
        }
    )


def _patches(site: Site, model: Model, index: int) -> Reply:
    found = strongest_patches(site, model, index)
    return json_reply({"model": model.name, "filter": index, "patches": [patch.to_json() for patch in found]})


def _film(model: Model) -> Reply:
    if model.film is None:
        raise Refused(404, NO_FILM.format(name=model.name))
    return Reply(model.film.data, BYTES)


async def _kept(request: Request, key: tuple[object, ...], make: Any, cost: float) -> Sent:
    """A reply that depends on nothing but the installation: made once, in a thread, in about `cost` milliseconds."""
    site = site_of(request)
    reply = site.replies.get(key)
    if reply is None:
        made: Reply = await site.flights.share(key, partial(site.work.run, make, Work(place_of(request), cost)))
        reply = Reply(made.body, made.kind, made.status, LIVES, tag(site.salt, *key), made.zipped)
        site.replies.put(key, reply)
    return Sent(reply)


async def _model(site: Site, given: dict[str, str]) -> Model:
    name = given.get("model", "")
    found = site.models.get(name) or await _brought(site, name)
    if found is None and name.startswith(BROUGHT):
        raise gone(name)
    if found is None:
        raise Refused.value("model", name[:60] or "empty", ", ".join(site.models), _no_model(site, name))
    return found


def _no_model(site: Site, name: str) -> str:
    return NO_MODEL.format(name=name[:60] or "empty", names=", ".join(site.models)) if site.models else NO_MODELS


def _index(model: Model, text: str) -> int:
    last = model.bank_shape(model.first)[0] - 1
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= last):
        words = NOT_WHOLE.format(field="filter", value=text[:60] or "empty", least=0, most=last)
        raise Refused.value("filter", text[:60] or "empty", f"0 to {last}", words)
    return int(text)


async def _brought(site: Site, name: str) -> Model | None:
    if not name.startswith(BROUGHT):
        return None
    return await site.uploads.threads.run(partial(site.models.brought, name))


async def _models(site: Site, own: Mapping[str, str]) -> tuple[list[Model], Mapping[str, str], tuple[Problem, ...]]:
    """The models to choose from, with the brought one that a link names, or without its name where it has gone."""
    name = own.get("model", "")
    models = list(site.models.values())
    if not name.startswith(BROUGHT):
        return models, own, ()
    found = await _brought(site, name)
    if found:
        return [*models, found], own, ()
    without = {key: value for key, value in own.items() if key != "model"}
    return models, without, (Problem("model", name[:60], "weights brought in the last hours", GONE_WEIGHTS),)


def _fitting(model: Model, chosen: Chosen) -> tuple[Chosen, tuple[Problem, ...]]:
    """A filter that the model has, and a word about it where another was asked for."""
    last = model.bank_shape(model.first)[0] - 1
    if chosen.filter is None or chosen.filter <= last:
        return chosen, ()
    words = NO_SUCH_FILTER.format(value=chosen.filter, model=model.title, last=last)
    return replace(chosen, filter=last), (Problem("filter", str(chosen.filter), f"0 to {last}", words, "note"),)


def _learned(asked: Asked, answer: LabResult, model: Model, chosen: Chosen) -> str | None:
    """The figure of a filter at work on the picture; None where somebody brought one of the two."""
    if answer.gone or asked.brought or model.name.startswith(BROUGHT):
        return None
    return format_link(answer.scene, View(stage=2, map=chosen.filter or 0, theme=asked.view.theme))


def _page(
    site: Site,
    pages: Pages,
    asked: Asked,
    chosen: Chosen,
    models: Sequence[Model],
    answer: LabResult,
    shown: Preview,
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
        "page": [option.to_json() for option in wall_options([model.name for model in models])],
        "side": PICTURE_SIDE,
        "models": [model_row(model) for model in models],
        "weights_bytes": site.settings.weights_bytes,
    }
    context = {
        "preview": shown,
        "title": f"{WALL_OF.format(title=model.title)} · {NAME}",
        "description": DESCRIPTION,
        "view": asked.view,
        "problems": problems,
        "models": models,
        "model": model,
        "chosen": chosen,
        "shape": " × ".join(map(str, shape)),
        "wall": data_uri(wall(bank.weight)),
        "columns": columns_of(shape[0]),
        "modules": site.statics.modules("filters.js"),
        "data": pages.data(figure),
    }
    return pages.render("filters.html", context)
