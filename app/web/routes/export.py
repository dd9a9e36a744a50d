"""The figure as a file of its own, to be opened from disk."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...addresses import read_host
from ...core.link.query_string import format_view
from ...core.scene import UploadId
from ...lab import LabResult
from ...render.offline import MOST_BYTES, file_name, offline_page
from ..app_state import Computed, query_of, site_of
from ..http_messages import NOT_WITH_PICTURE
from ..openapi.openapi import HTML_FILE, SCENE_BODY, describe
from ..openapi.parameters import FIGURE_KEYS, MAP, STAGE, WITH_PICTURE
from ..requests.forwarded import outside_of
from ..requests.posted_scene import read_posted
from ..requests.query_params import Asked, ask_api
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply
from ..work.work_executor import PICTURE_COST

HTML = "text/html; charset=utf-8"
OWN = ("picture",)
HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""It is for the disk: under this site's own address nothing in it runs."""

router = APIRouter(tags=["export"])


@router.get(
    "/api/export/html",
    openapi_extra=describe(
        STAGE, MAP, WITH_PICTURE, scene=True, view=FIGURE_KEYS, answers=HTML_FILE, statuses=(410, 422)
    ),
)
async def get_html(request: Request) -> Response:
    """The figure as one HTML file, which opens from disk and needs no network. Every key of its link counts."""
    return await _html(request, ask_api(query_of(request), site_of(request).limits, OWN))


@router.post(
    "/api/export/html",
    openapi_extra=describe(
        STAGE, MAP, WITH_PICTURE, view=FIGURE_KEYS, answers=HTML_FILE, statuses=(410, 422), body=SCENE_BODY
    ),
)
async def post_html(request: Request) -> Response:
    """A figure that is sent as JSON as one HTML file, which opens from disk and needs no network."""
    return await _html(request, await read_posted(request, OWN))


async def _html(request: Request, asked: Asked) -> Response:
    site = site_of(request)
    may = asked.word("picture", ("0", "1"))
    if may == "0" and isinstance(asked.scene.image, UploadId):
        raise Refused.value("picture", may, "1", NOT_WITH_PICTURE)
    base = _base(request)
    key = ("html", asked.link, format_view(asked.view), base)
    computed = Computed(key, lambda answer: _file(asked, answer, base), extra=PICTURE_COST, text=True, by_address=False)
    return await site.send(request, asked, computed)


def _file(asked: Asked, answer: LabResult, base: str) -> Reply:
    if answer.trace is None:
        raise Refused.misfit(answer.problems)
    try:
        page = offline_page(answer, asked.view, base)
    except ValueError as reason:
        raise Refused.value("size", asked.link, f"at most {MOST_BYTES:,} bytes of numbers", str(reason)) from reason
    named = f'attachment; filename="{file_name(answer.trace, asked.view)}"'
    return Reply(page.encode(), HTML, headers={**HEADERS, "Content-Disposition": named})


def _base(request: Request) -> str:
    """This server's address as others know it; none where it is this machine alone, which means nothing elsewhere."""
    outside = outside_of(request)
    host = read_host(outside.host)
    return "" if host is None or host.is_local else outside.base
