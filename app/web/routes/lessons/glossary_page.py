"""The glossary: each term in one sentence, its other names, and a link to a figure that shows it."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....lessons.glossary import TERMS
from ....render.page_texts import write_page_text
from ...app_state import get_app_state, get_query_string
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import ReplyResponse
from ..pages import SITE_NAME, Pages
from .lesson_pages import read_lesson_address

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/glossary")
async def get_glossary_page(request: Request) -> Response:
    """The glossary."""
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    view = read_lesson_address(get_query_string(request), 1, state.limits).view
    base = get_base_url(request)
    key = ("glossary", base, view)
    reply = state.replies.get(key)
    if reply is None:
        context = {
            "preview": make_preview(base, "/glossary", "", ""),
            "title": f"{write_page_text('page_glossary')} · {SITE_NAME}",
            "description": make_text("glossary_description"),
            "view": view,
            "terms": TERMS.values(),
            "learned": bool(state.models),
            "script": "teacher",
        }
        reply = pages.render_checked("glossary.html", context)
        state.replies.put(key, reply)
    return ReplyResponse(reply)
