"""The page that makes a lesson; what is written there stays in the browser."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....lessons.glossary import TERMS
from ....lessons.lesson import MOST_WORDS, PARTS, QUESTION_KINDS, TRACKS
from ....render.page_texts import write_page_text
from ....render.templates import to_script_json
from ...app_state import get_app_state, get_query_string
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import NO_CACHE, ReplyResponse, make_etag
from ..pages import SITE_NAME, Pages
from .lesson_pages import read_lesson_address

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/lessons/make")
async def get_make_page(request: Request) -> Response:
    """The page that makes a lesson."""
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    terms = [{"name": term.name, "title": term.write_title()} for term in TERMS.values()]
    data = {"kinds": QUESTION_KINDS, "parts": PARTS, "terms": terms, "tracks": TRACKS, "mostWords": MOST_WORDS}
    context = {
        "preview": make_preview(get_base_url(request), "/lessons/make", "", ""),
        "title": f"{write_page_text('page_make_lesson')} · {SITE_NAME}",
        "description": make_text("make_lesson_description"),
        "view": read_lesson_address(get_query_string(request), 1, state.limits).view,
        "learned": bool(state.models),
        "script": "make-lesson",
        "data": to_script_json(data),
    }
    reply = pages.render("make-lesson.html", context, root="../")
    return ReplyResponse(replace(reply, headers={**reply.headers, **NO_CACHE}, etag=make_etag(reply.body)))
