"""The figure as a file of its own, to be opened from disk."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...addresses import read_host
from ...core.link.query_string import format_view
from ...core.scene import Upload
from ...lab import Answer
from ...render.offline import MOST_BYTES, file_name, offline_page
from ..app_state import ReplySpec, get_app_state, get_query_string
from ..http_messages import NOT_WITH_PICTURE
from ..openapi.openapi import HTML_FILE, SCENE_BODY, describe_call
from ..openapi.parameters import FIGURE_KEYS, MAP, STAGE, WITH_PICTURE
from ..requests.forwarded import get_public_url
from ..requests.posted_scene import read_posted_scene
from ..requests.query_params import RequestParams, read_api_params
from ..responses.http_errors import HTTPError
from ..responses.ready_response import Reply
from ..work.work_executor import PNG_MS

HTML_TYPE = "text/html; charset=utf-8"
OWN_KEYS = ("picture",)
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""It is for the disk: under this site's own address nothing in it runs."""

router = APIRouter(tags=["export"])


@router.get(
    "/api/export/html",
    openapi_extra=describe_call(
        STAGE, MAP, WITH_PICTURE, scene=True, view=FIGURE_KEYS, content=HTML_FILE, statuses=(410, 422)
    ),
)
async def get_html(request: Request) -> Response:
    """The figure as one HTML file, which opens from disk and needs no network. Every key of its link counts."""
    return await _send_html(
        request, read_api_params(get_query_string(request), get_app_state(request).limits, OWN_KEYS)
    )


@router.post(
    "/api/export/html",
    openapi_extra=describe_call(
        STAGE, MAP, WITH_PICTURE, view=FIGURE_KEYS, content=HTML_FILE, statuses=(410, 422), body=SCENE_BODY
    ),
)
async def post_html(request: Request) -> Response:
    """A figure that is sent as JSON as one HTML file, which opens from disk and needs no network."""
    return await _send_html(request, await read_posted_scene(request, OWN_KEYS))


async def _send_html(request: Request, params: RequestParams) -> Response:
    state = get_app_state(request)
    picture_allowed = params.get_choice("picture", ("0", "1"))
    if picture_allowed == "0" and isinstance(params.scene.image, Upload):
        raise HTTPError.for_value("picture", picture_allowed, "1", NOT_WITH_PICTURE)
    base = _get_shared_base(request)
    key = ("html", params.link, format_view(params.view), base)
    spec = ReplySpec(
        key, lambda answer: _make_file_reply(params, answer, base), extra_ms=PNG_MS, as_text=True, has_shortcut=False
    )
    return await state.send(request, params, spec)


def _make_file_reply(params: RequestParams, answer: Answer, base: str) -> Reply:
    if answer.trace is None:
        raise HTTPError.from_problems(answer.problems)
    try:
        page = offline_page(answer, params.view, base)
    except ValueError as reason:
        raise HTTPError.for_value(
            "size", params.link, f"at most {MOST_BYTES:,} bytes of numbers", str(reason)
        ) from reason
    disposition = f'attachment; filename="{file_name(answer.trace, params.view)}"'
    return Reply(page.encode(), HTML_TYPE, headers={**FILE_HEADERS, "Content-Disposition": disposition})


def _get_shared_base(request: Request) -> str:
    """This server's address as others know it; none where it is this machine alone, which means nothing elsewhere."""
    outside = get_public_url(request)
    host = read_host(outside.host)
    return "" if host is None or host.is_local else outside.base
