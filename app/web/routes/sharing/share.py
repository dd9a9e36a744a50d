"""Ways to share a figure: a picture, one HTML file, and the QR code of its link."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ....addresses import read_host
from ....core.link.query_string import format_view
from ....core.problems import Problem
from ....core.texts import make_text
from ....lab import Lab, LabResult
from ....render.embedded_link import embed_link
from ....render.figure import render_figure_png
from ....render.figure_content.question_panel import choose_picture
from ....render.offline import MAX_TRACE_BYTES, PageTooLarge, make_file_name, render_offline_page
from ....render.qr_code import draw_qr_svg
from ....render.views.response_data import ResponseData
from ...app_state import get_app_state, get_query_string
from ...figure_replies import ReplySpec, find_answer, require_trace, send_figure_reply
from ...openapi.openapi import HTML_FILE, PNG_FILE, SCENE_BODY, SVG_FILE, describe_call
from ...openapi.parameters import COMPARED_LINKS, FIGURE_KEYS, LINK, MAP, PIXELS, SHOWN_STAGE, WIDTH, WITH_PICTURE
from ...requests.compare_params import names_figures
from ...requests.figure_params import read_posted_scene
from ...requests.public_url import get_client_network, get_public_url
from ...requests.query_params import RequestParams, read_api_params, read_known_keys
from ...responses.http_errors import HTTPError
from ...responses.ready_response import HTML_TYPE, NO_CACHE, PNG_TYPE, Reply, ReplyResponse, make_etag
from ...sweep_replies import find_curve, find_response
from ...work.fair_queue import Work
from ...work.work_executor import PNG_MS
from ..comparison.compare_file import FILE_HEADERS, send_comparison_file

OWN_KEYS = ("picture",)
MAX_LINK_BYTES = 1_000
"""The longest link. Beyond that the code has over 125 modules per side, which phones read only from nearby."""
CHARACTERS_PER_MS = 25
"""How many characters of a link take about a millisecond."""
SCHEMES = ("http://", "https://")
MIN_WIDTH, DEFAULT_WIDTH, MAX_WIDTH = 320, 1200, 3840
PICTURE_KEYS = (
    *("at", "beat", "tab", "detail", "second", "matrix", "neuron", "shapes", "letters", "volume", "table", "weights"),
    *("signal", "index", "paths", "press", "library", "program", "sweep"),
    *("predict", "colors", "scope", "theme", "title"),
)

router = APIRouter()


@router.get(
    "/api/figure.png",
    tags=["figure"],
    openapi_extra=describe_call(
        SHOWN_STAGE, MAP, WIDTH, PIXELS, scene=True, view=PICTURE_KEYS, content=PNG_FILE, statuses=(410, 422)
    ),
)
async def get_figure_picture(request: Request) -> Response:
    """The whole figure as a picture, in PNG: both maps and the arithmetic between them.

    The file carries the figure: dropped on the Lab it opens as it was.
    """
    state = get_app_state(request)
    params = read_api_params(get_query_string(request), state.limits, ("width", "pixels"))
    width = params.get_whole_number("width", DEFAULT_WIDTH, MIN_WIDTH, MAX_WIDTH)
    pixels = params.get_choice("pixels", ("0", "1")) == "1"
    curve = await find_curve(request, params, await find_answer(request, params)) if params.view.sweep else None

    def build(answer: LabResult) -> Reply:
        require_trace(answer)
        trace, view = choose_picture(answer, params.view)
        file = render_figure_png(trace, view, width, curve)
        return Reply(embed_link(file, trace, answer.scene, params.view, pixels), PNG_TYPE)

    return await send_figure_reply(
        request, params, ReplySpec(("figure", params.full_link, width, pixels), build, extra_ms=PNG_MS)
    )


@router.get(
    "/api/export/html",
    tags=["export"],
    openapi_extra=describe_call(
        SHOWN_STAGE,
        MAP,
        WITH_PICTURE,
        *COMPARED_LINKS,
        scene=True,
        view=FIGURE_KEYS,
        content=HTML_FILE,
        statuses=(410, 422),
    ),
)
async def get_html(request: Request) -> Response:
    """The figure as one HTML file, which opens from disk and needs no network. Every key of its link counts.

    With `a` and `b` the file has figures side by side.
    """
    if names_figures(get_query_string(request)):
        return await send_comparison_file(request, get_shared_base(request))
    return await _send_html(
        request, read_api_params(get_query_string(request), get_app_state(request).limits, OWN_KEYS)
    )


@router.post(
    "/api/export/html",
    tags=["export"],
    openapi_extra=describe_call(
        SHOWN_STAGE, MAP, WITH_PICTURE, view=FIGURE_KEYS, content=HTML_FILE, statuses=(410, 422), body=SCENE_BODY
    ),
)
async def post_html(request: Request) -> Response:
    """A figure that is sent as JSON as one HTML file, which opens from disk and needs no network."""
    return await _send_html(request, await read_posted_scene(request, OWN_KEYS))


@router.get(
    "/api/qr.svg", tags=["export"], openapi_extra=describe_call(LINK, content=SVG_FILE, statuses=(422, 429, 503))
)
async def get_qr(request: Request) -> Response:
    """The QR code of any link to a page of this site, as SVG. `link` is the whole address, percent-encoded."""
    link = unquote(read_known_keys(get_query_string(request), ("link",)).get("link", ""), errors="replace")
    length = len(link.encode(errors="replace"))
    if not link.startswith(SCHEMES) or length > MAX_LINK_BYTES:
        allowed = make_text("link_allowed", most=MAX_LINK_BYTES)
        raise HTTPError.for_value("no_link", "link", link, allowed, length=length, most=MAX_LINK_BYTES)
    return ReplyResponse(await _get_qr_reply(request, link))


async def _send_html(request: Request, params: RequestParams) -> Response:
    picture_allowed = params.get_choice("picture", ("0", "1"))
    if picture_allowed == "0" and params.scene.upload_ids:
        raise HTTPError.for_value("not_with_picture", "picture", picture_allowed, "1")
    state, base = get_app_state(request), get_shared_base(request)
    response = await _find_file_response(request, params)
    key = ("html", params.link, format_view(params.view), base)
    make = partial(_make_file_reply, state.lab, params, base, response)
    spec = ReplySpec(key, make, extra_ms=PNG_MS, as_text=True, has_shortcut=False)
    return await send_figure_reply(request, params, spec)


async def _find_response(request: Request, params: RequestParams) -> ResponseData:
    """The response curve and the answers before. Raises HTTPError."""
    return await find_response(request, params, await find_answer(request, params))


async def _find_file_response(request: Request, params: RequestParams) -> ResponseData | None:
    """What a file brings along of a changed picture; where there can be no curve, the sentence that says why."""
    if params.view.predict or not (params.view.sweep or params.scene.adjust):
        return None
    try:
        return await _find_response(request, params)
    except HTTPError as reason:
        if reason.status != 422:
            raise
        without = replace(params, view=replace(params.view, sweep=""))
        return replace(await _find_response(request, without), trouble=reason.detail)


def _make_file_reply(
    lab: Lab, params: RequestParams, base: str, response: ResponseData | None, answer: LabResult
) -> Reply:
    trace = require_trace(answer)
    try:
        page = render_offline_page(answer, params.view, base, list_items=lab.compute_items, response=response)
    except PageTooLarge as reason:
        allowed = make_text("page_allowed", most=MAX_TRACE_BYTES)
        problem = Problem("size", params.link[:200], allowed, reason.text)
        raise HTTPError.from_problems([problem]) from reason
    disposition = f'attachment; filename="{make_file_name(trace, params.view)}"'
    return Reply(page.encode(), HTML_TYPE, headers={**FILE_HEADERS, "Content-Disposition": disposition})


def get_shared_base(request: Request) -> str:
    """This server's public URL; empty if it is local, since that is of no use on other machines."""
    outside = get_public_url(request)
    host = read_host(outside.host)
    return "" if host is None or host.is_local else outside.base


async def _get_qr_reply(request: Request, link: str) -> Reply:
    """The reply, cached since a whole class scans the same code."""
    state, key = get_app_state(request), ("qr", link)
    reply = state.replies.get(key)
    if reply is None:
        body = await state.executor.run(
            lambda: draw_qr_svg(link).encode(), Work(get_client_network(request), len(link) / CHARACTERS_PER_MS)
        )
        reply = Reply(body, "image/svg+xml", headers=NO_CACHE, etag=make_etag(state.content_hash, key)).with_gzip()
        state.replies.put(key, reply)
    return reply
