"""The page of examples: figures of lectures, each with a thumbnail, to open in the Lab or to copy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ...core.limits import Limits
from ...core.scene import View
from ...core.texts import make_text
from ...examples import EXAMPLES, Example, Topic
from ...lab import LabResult
from ...render.comparison.comparison_thumbnail import render_comparison_png
from ...render.figure import render_thumbnail_png, render_wall_png
from ...render.figure_content.question_panel import choose_picture
from ...render.filter_grid import draw_filter_grid, draw_tiles
from ...render.page_texts import write_page_text
from ..app_state import AppState, get_app_state, get_query_string
from ..figure_replies import ReplySpec, find_answer, require_trace, send_figure_reply
from ..requests.compare_params import read_compare_params
from ..requests.public_url import get_client_network
from ..requests.query_params import read_choice, read_known_keys, read_page_params
from ..requests.request_route import RequestRoute
from ..responses.http_errors import HTTPError
from ..responses.open_graph import get_base_url, make_preview
from ..responses.ready_response import NO_CACHE, PNG_TYPE, Reply, ReplyResponse, make_etag
from ..work.fair_queue import Work
from ..work.work_executor import PNG_MS
from .filters_page import UNESCAPED
from .pages import SITE_NAME, Pages
from .questions.layer_patches import list_peak_patches

THUMBNAIL_WIDTH = 640
"""Pixels: twice the width of a card, for screens with small pixels."""
THEMES = ("light", "dark")

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@dataclass(frozen=True, slots=True)
class Card:
    """An example on the page: the address that it opens, from the site's root on, and whether it can be embedded."""

    name: str
    title: str
    sentence: str
    words: str
    link: str
    address: str
    can_embed: bool


@router.get("/examples")
async def get_examples_page(request: Request) -> Response:
    """The page of examples."""
    state = get_app_state(request)
    params = read_page_params(get_query_string(request), state.limits)
    base, theme = get_base_url(request), params.view.theme
    key = ("examples", base, theme)
    reply = state.replies.get(key)
    if reply is None:
        reply = _render_page(state, request.app.state.pages, params.view, base)
        state.replies.put(key, reply)
    return ReplyResponse(reply)


@router.get("/examples/{name}.png")
async def get_example_thumbnail(request: Request) -> Response:
    """The thumbnail of an example, in a theme."""
    state = get_app_state(request)
    name: str = request.path_params["name"]
    example = next((one for topic in EXAMPLES for one in topic.examples if one.name == name), None)
    if example is None:
        raise HTTPError(404, make_text("no_such_example", name=name[:60]))
    theme = read_choice(read_known_keys(get_query_string(request), ("theme",)), "theme", THEMES)
    if example.page == "filters":
        return await _send_wall(request, example, theme)
    if example.page == "compare":
        return await _send_comparison(request, example, theme)
    params = read_page_params(f"{example.link}&theme={theme}", state.limits)

    def build(answer: LabResult) -> Reply:
        require_trace(answer)
        return Reply(render_thumbnail_png(*choose_picture(answer, params.view), THUMBNAIL_WIDTH), PNG_TYPE)

    return await send_figure_reply(
        request, params, ReplySpec(("example", params.full_link), build, repair=True, extra_ms=PNG_MS / 2)
    )


async def _send_comparison(request: Request, example: Example, theme: str) -> Response:
    """The figures of a comparison beside each other as a thumbnail."""
    state = get_app_state(request)
    key = ("example_comparison", example.name, theme)
    reply = state.replies.get(key)
    if reply is None:
        figures = read_compare_params(f"{example.link}&theme={theme}", state.limits).figures.values()
        shown = [(require_trace(await find_answer(request, figure)), figure.view) for figure in figures]
        work = Work(get_client_network(request), PNG_MS * len(shown))
        picture = await state.executor.run(lambda: render_comparison_png(shown, THUMBNAIL_WIDTH), work)
        reply = Reply(picture, PNG_TYPE, headers=NO_CACHE, etag=make_etag(picture))
        state.replies.put(key, reply)
    return ReplyResponse(reply)


async def _send_wall(request: Request, example: Example, theme: str) -> Response:
    """The filters of a model's first layer, or what excites the maps of a higher one most, as a thumbnail."""
    state = get_app_state(request)
    key = ("example_wall", example.name, theme)
    reply = state.replies.get(key)
    if reply is None:
        name = read_model_name(example)
        if name not in state.models:
            raise HTTPError(404, make_text("no_models"))
        model, layer = state.models[name], _read_filters_link(example).get("layer", "")
        if layer:
            colors = draw_tiles(await list_peak_patches(request, model, layer))
        else:
            colors = draw_filter_grid(model.first_bank.weight)
        picture = render_wall_png(colors, theme, THUMBNAIL_WIDTH)
        reply = Reply(picture, PNG_TYPE, headers=NO_CACHE, etag=make_etag(picture))
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def read_model_name(example: Example) -> str:
    """The model that a link of the page of filters names."""
    return _read_filters_link(example)["model"]


def _read_filters_link(example: Example) -> Mapping[str, str]:
    """The keys of the page of filters in a link to it."""
    return read_page_params(example.link, Limits()).own_params


def _render_page(state: AppState, pages: Pages, view: View, base: str) -> Reply:
    topics = [(topic.name, *_write_texts(topic), _list_cards(state, topic)) for topic in EXAMPLES]
    context: Mapping[str, object] = {
        "preview": make_preview(base, "/examples", "", ""),
        "title": f"{write_page_text('page_examples')} · {SITE_NAME}",
        "description": make_text("examples_description"),
        "view": view,
        "topics": [topic for topic in topics if topic[-1]],
        "learned": bool(state.models),
        "script": "examples",
    }
    return pages.render_checked("examples.html", context)


def _list_cards(state: AppState, topic: Topic) -> list[Card]:
    return [
        Card(one.name, *_write_texts(one), one.words, one.link, _make_address(one), not one.page)
        for one in topic.examples
        if one.page != "filters" or read_model_name(one) in state.models
    ]


def _make_address(example: Example) -> str:
    return f"{example.page}?{quote(example.link, safe=UNESCAPED)}"


def _write_texts(row: Topic | Example) -> tuple[str, str]:
    """The title and the sentence of a row in the current language."""
    return str(make_text(f"title_example_{row.name}")), str(make_text(f"sentence_example_{row.name}"))
