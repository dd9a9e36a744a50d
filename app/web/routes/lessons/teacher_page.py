"""The page of a lesson for teachers: what to ask, the answers, and what wrong ones show; it can be printed."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ...app_state import get_app_state, get_query_string
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import ReplyResponse
from ..pages import SITE_NAME, Pages
from .lesson_pages import find_computed_lesson, find_lesson, read_lesson_address

ROOT = "../../"

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/lessons/{name}/teacher")
async def get_teacher_page(request: Request) -> Response:
    """The page of a lesson for teachers."""
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    lesson = find_lesson(state, request.path_params["name"])
    view = read_lesson_address(get_query_string(request), len(lesson.scenes), state.limits).view
    base = get_base_url(request)
    key = ("teacher", lesson.name, base, view)
    reply = state.replies.get(key)
    if reply is None:
        computed = await find_computed_lesson(request, lesson.name, ROOT)
        context = {
            "preview": make_preview(base, str(request.scope["path"]), "", lesson.scenes[0].link.partition("?")[2]),
            "title": f"{computed.title} · {SITE_NAME}",
            "description": make_text("teacher_page_description", title=computed.title),
            "view": view,
            "lesson": computed,
            "needs": [state.lessons[name] for name in lesson.needs if name in state.lessons],
            "following": state.lessons.get(lesson.next),
            "learned": bool(state.models),
            "script": "teacher",
        }
        reply = pages.render_checked("teacher.html", context, ROOT)
        state.replies.put(key, reply)
    return ReplyResponse(reply)
