"""The glossary: each term in one sentence, its other names, and a link to a figure that shows it."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....lessons.glossary import TERMS
from ....render.page_texts import write_page_text
from ...app_state import get_app_state, get_query_string
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import NO_CACHE, ReplyResponse, make_etag
from ..pages import SITE_NAME, Pages
from .lesson_pages import read_lesson_address

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/glossary")
async def get_glossary_page(request: Request) -> Response:
    """The glossary."""
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    context = {
        "preview": make_preview(get_base_url(request), "/glossary", "", ""),
        "title": f"{write_page_text('page_glossary')} · {SITE_NAME}",
        "description": make_text("glossary_description"),
        "view": read_lesson_address(get_query_string(request), 1, state.limits).view,
        "terms": TERMS.values(),
        "learned": bool(state.models),
        "script": "teacher",
    }
    reply = pages.render("glossary.html", context)
    return ReplyResponse(replace(reply, headers={**reply.headers, **NO_CACHE}, etag=make_etag(reply.body)))
