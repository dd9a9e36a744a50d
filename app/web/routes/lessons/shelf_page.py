"""The page of all lessons, by tracks, and the thumbnail of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....lab import LabResult
from ....lessons.format.lesson_links import list_figure_queries
from ....lessons.lesson import TRACKS, Lesson
from ....lessons.lesson_shelf import list_track
from ....render.figure import render_thumbnail_png
from ....render.figure_content.question_panel import choose_picture
from ....render.page_texts import write_page_text
from ...app_state import AppState, get_app_state, get_query_string
from ...figure_replies import ReplySpec, require_trace, send_figure_reply
from ...requests.query_params import read_choice, read_known_keys, read_page_params
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import PNG_TYPE, Reply, ReplyResponse
from ...work.work_executor import PNG_MS
from ..examples_page import THEMES, THUMBNAIL_WIDTH
from ..pages import SITE_NAME, Pages
from .lesson_pages import LessonAddress, find_lesson, read_lesson_address

TITLES = {"": "page_lessons_all", "lecture": "page_lessons_lecture", "school": "page_lessons_school"}
"""The codes of the titles of tracks; "" is all lessons."""

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson on the page."""

    name: str
    title: str
    aim: str
    minutes: int
    scenes: int


@dataclass(frozen=True, slots=True)
class TrackChoice:
    """A track to choose; the name "" is all lessons."""

    name: str
    title: str


@router.get("/lessons")
async def get_lessons_page(request: Request) -> Response:
    """The page of all lessons."""
    state = get_app_state(request)
    address = read_lesson_address(get_query_string(request), 1, state.limits)
    base = get_base_url(request)
    key = ("lessons", base, address)
    reply = state.replies.get(key)
    if reply is None:
        reply = _render_page(state, request.app.state.pages, address, base)
        state.replies.put(key, reply)
    return ReplyResponse(reply)


@router.get("/lessons/{name}.png")
async def get_lesson_thumbnail(request: Request) -> Response:
    """A figure of a lesson as a thumbnail, that of its first scene or of another one, in a theme."""
    state = get_app_state(request)
    lesson = find_lesson(state, request.path_params["name"])
    given = read_known_keys(get_query_string(request), ("theme", "scene"))
    theme = read_choice(given, "theme", THEMES)
    number = int(read_choice(given, "scene", tuple(str(i + 1) for i in range(len(lesson.scenes)))))
    query = next(iter(list_figure_queries(lesson.scenes[number - 1].link)), "")
    params = read_page_params("&".join(filter(None, (query, f"theme={theme}"))), state.limits)

    def build(answer: LabResult) -> Reply:
        require_trace(answer)
        return Reply(render_thumbnail_png(*choose_picture(answer, params.view), THUMBNAIL_WIDTH), PNG_TYPE)

    return await send_figure_reply(
        request, params, ReplySpec(("lesson_thumbnail", params.full_link), build, repair=True, extra_ms=PNG_MS / 2)
    )


def _render_page(state: AppState, pages: Pages, address: LessonAddress, base: str) -> Reply:
    context: Mapping[str, object] = {
        "preview": make_preview(base, "/lessons", "", ""),
        "title": f"{write_page_text('page_lessons')} · {SITE_NAME}",
        "description": make_text("lessons_description"),
        "view": address.view,
        "cards": [_make_card(lesson) for lesson in list_track(state.lessons, address.track)],
        "tracks": [_make_choice(state.lessons, name) for name in ("", *TRACKS)],
        "track": address.track,
        "note": address.note,
        "learned": bool(state.models),
        "script": "lessons",
    }
    return pages.render_checked("lessons.html", context)


def _make_choice(lessons: Mapping[str, Lesson], name: str) -> TrackChoice:
    minutes = sum(lesson.minutes for lesson in list_track(lessons, name))
    return TrackChoice(name, write_page_text(TITLES[name], minutes=minutes))


def _make_card(lesson: Lesson) -> LessonCard:
    return LessonCard(lesson.name, lesson.title, lesson.aim, lesson.minutes, len(lesson.scenes))
