"""The page of learned filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...core.link.query_string import format_link
from ...core.problems import Problem, make_problem
from ...core.scene import Layer, View
from ...core.texts import make_text
from ...lab import LabResult
from ...lab.excitation.peak_search import list_convolutions
from ...models.custom_model import UPLOAD_PREFIX
from ...models.model import PICTURE_SIDE, Model
from ...render.filter_grid import choose_column_count, draw_filter_grid
from ...render.png import make_data_url
from ..app_state import AppState, get_app_state, get_query_string
from ..figure_replies import ReplySpec, send_figure_reply
from ..requests.filters_params import (
    FILTERS_TEXTS,
    FiltersParams,
    fit_filter,
    fit_layer,
    make_filters_options,
    make_filters_scene,
    read_filters_params,
)
from ..requests.query_params import RequestParams, read_page_params
from ..responses.http_errors import HTTPError
from ..responses.open_graph import LinkPreview, get_base_url, make_preview
from ..responses.ready_response import Reply
from .catalog import make_model_row
from .filter_data import find_uploaded_model
from .pages import DESCRIPTION, SITE_NAME, Pages

UNESCAPED = "%=&,;:@~()+*/!$?-._"
"""Characters that stay unescaped in an address in a page."""

router = APIRouter(include_in_schema=False)


@router.get("/filters")
async def get_filters_page(request: Request) -> Response:
    """The page of learned filters."""
    state = get_app_state(request)
    if not state.models:
        raise HTTPError(404, make_text("no_models"))
    query = get_query_string(request)
    params = read_page_params(query, state.limits)
    models, own_params, upload_problems = await _list_models(state, params.own_params)
    chosen, problems = read_filters_params(own_params, [model.name for model in models], state.limits)
    model = next(model for model in models if model.name == chosen.model)
    chosen, layer_problems = fit_layer(model, chosen)
    chosen, filter_problems = fit_filter(model, chosen)
    scene = make_filters_scene(model, params.scene, "size" in params.given_keys or "scene" in params.given_keys)
    kept_problems = tuple(problem for problem in params.problems if problem.field != "layers")
    found_problems = (*kept_problems, *upload_problems, *problems, *layer_problems, *filter_problems)
    params = replace(params, scene=scene, problems=found_problems)
    pages: Pages = request.app.state.pages
    base = get_base_url(request)

    def build(answer: LabResult) -> Reply:
        link_preview = make_preview(
            base, "/filters", quote(query, safe=UNESCAPED), _make_preview_link(params, answer, model, chosen)
        )
        return _render_page(state, pages, params, chosen, models, answer, link_preview)

    spec = ReplySpec(("filters", base, query, params.full_link, chosen), build, repair=True)
    return await send_figure_reply(request, params, spec)


async def _list_models(
    state: AppState, own_params: Mapping[str, str]
) -> tuple[list[Model], Mapping[str, str], tuple[Problem, ...]]:
    """The models to choose from, with the uploaded one that a link names; its name is dropped if it is gone."""
    name = own_params.get("model", "")
    models = list(state.models.values())
    if not name.startswith(UPLOAD_PREFIX):
        return models, own_params, ()
    found = await find_uploaded_model(state, name)
    if found:
        return [*models, found], own_params, ()
    remaining = {key: value for key, value in own_params.items() if key != "model"}
    return models, remaining, (make_problem("gone_weights", "model", name[:60], make_text("kept_weights")),)


def _make_preview_link(params: RequestParams, answer: LabResult, model: Model, chosen: FiltersParams) -> str | None:
    """The link of the figure with the filter's map of the picture; None if one of the two is an upload."""
    if answer.gone or params.upload_ids or model.name.startswith(UPLOAD_PREFIX):
        return None
    scene, stage = answer.scene, 2
    if chosen.layer:
        scene, stage = replace(scene, layers=(Layer("model", head=model.name),)), list_convolutions(model)[chosen.layer]
    return format_link(scene, View(stage=stage, map=chosen.filter or 0, theme=params.view.theme))


def _render_page(
    state: AppState,
    pages: Pages,
    params: RequestParams,
    chosen: FiltersParams,
    models: Sequence[Model],
    answer: LabResult,
    link_preview: LinkPreview,
) -> Reply:
    model = next(model for model in models if model.name == chosen.model)
    layer = chosen.layer or model.first_layer
    problems = [problem.to_json() for problem in answer.problems]
    shape = model.bank_shape(layer)
    options = make_filters_options([model.name for model in models])
    figure = {
        "scene": answer.header()["scene"],
        "link": answer.link,
        "problems": problems,
        "gone": answer.gone,
        "page": [FILTERS_TEXTS.write_row(option.to_json()) for option in options],
        "side": PICTURE_SIDE,
        "models": [make_model_row(model) for model in models],
        "weights_bytes": state.settings.weights_bytes,
    }
    context = {
        "preview": link_preview,
        "title": f"{make_text('filters_of_model', title=model.title)} · {SITE_NAME}",
        "description": DESCRIPTION,
        "view": params.view,
        "problems": problems,
        "models": models,
        "model": model,
        "chosen": chosen,
        "layer": layer,
        "shape": " × ".join(map(str, shape)),
        "wall": None if chosen.layer else make_data_url(draw_filter_grid(model.first_bank.weight)),
        "columns": choose_column_count(shape[0]),
        "script": "filters",
        "data": pages.make_data_of_controls(figure),
    }
    return pages.render("filters.html", context)
