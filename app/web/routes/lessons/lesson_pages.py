"""The page of a lesson, for itself and for the frame of another site, and lessons as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from ....core.limits import Limits
from ....core.link.query_string import parse_link
from ....core.link.syntax import split_query
from ....core.scene import View
from ....core.texts import make_text, write_message
from ....lessons.computed_lesson import ComputedLesson
from ....lessons.lesson import TRACKS, Lesson
from ....lessons.lesson_check import compute_lesson
from ....lessons.lesson_shelf import list_track
from ....render.templates import to_script_json
from ...app_state import AppState, get_app_state, get_query_string
from ...requests.public_url import get_client_network
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import ReplyResponse, make_json_reply
from ...work.fair_queue import Work
from ...work.work_executor import RESPONSE_MS
from ..pages import SITE_NAME, Pages
from .lesson_texts import write_script_texts

SCENE_MS = 60.0
"""About how many milliseconds a scene takes, with its figures and its question."""

VIEW_KEYS = ("theme", "present")
"""The keys of a link that the address of a lesson has, too."""

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@dataclass(frozen=True, slots=True)
class LessonAddress:
    """What the address of a lesson says: the number of a scene from 1, a track or "", the theme, and whether it is
    presented. `note` says what was wrong.
    """

    scene: int
    track: str
    view: View
    note: str = ""


@router.get("/lessons/{name}")
async def get_lesson_page(request: Request) -> Response:
    """A lesson."""
    return await _send_lesson(request, False)


@router.get("/embed/lesson/{name}")
async def get_embedded_lesson(request: Request) -> Response:
    """A lesson for an iframe."""
    return await _send_lesson(request, True)


@router.get("/api/lessons")
async def get_lessons(request: Request) -> Response:
    """All lessons: name, title, aim, minutes, tracks, and how many scenes."""
    rows = [
        {
            "name": lesson.name,
            "title": lesson.title,
            "aim": lesson.aim,
            "minutes": lesson.minutes,
            "tracks": list(lesson.tracks),
            "needs": list(lesson.needs),
            "next": lesson.next,
            "scenes": len(lesson.scenes),
        }
        for lesson in get_app_state(request).lessons.values()
    ]
    return ReplyResponse(make_json_reply(rows, cache_control="no-cache"))


@router.get("/api/lessons/{name}")
async def get_lesson(request: Request) -> Response:
    """A lesson with its texts as HTML, its questions and their answers."""
    lesson = await find_computed_lesson(request, request.path_params["name"])
    return ReplyResponse(make_json_reply(lesson.to_json(), cache_control="no-cache"))


async def find_computed_lesson(request: Request, name: str, root: str = "") -> ComputedLesson:
    """The lesson of that name, computed; `root` is the path to the site's root. Raises HTTPError 404."""
    state = get_app_state(request)
    lesson = find_lesson(state, name)
    key = (name, root)
    found = state.computed_lessons.get(key)
    if found is None:
        work = Work(get_client_network(request), RESPONSE_MS + SCENE_MS * len(lesson.scenes))
        compute = partial(compute_lesson, lesson, partial(state.lab.compute_link, repair=True), root)
        found = await state.executor.run(compute, work)
        state.computed_lessons[key] = found
    return found


def find_lesson(state: AppState, name: str) -> Lesson:
    """The lesson of that name. Raises HTTPError 404."""
    if name not in state.lessons:
        raise HTTPError(404, make_text("lesson_no_such", name=name[:60]))
    return state.lessons[name]


async def _send_lesson(request: Request, framed: bool) -> ReplyResponse:
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    name: str = request.path_params["name"]
    lesson = find_lesson(state, name)
    address = read_lesson_address(get_query_string(request), len(lesson.scenes), state.limits)
    base = get_base_url(request)
    key = ("lesson", name, framed, base, address)
    reply = state.replies.get(key)
    if reply is None:
        root = "../../" if framed else "../"
        computed = await find_computed_lesson(request, name, root)
        context = make_lesson_context(state, pages, computed, address)
        preview = make_preview(base, str(request.scope["path"]), "", lesson.scenes[0].link.partition("?")[2])
        reply = pages.render_checked("lesson.html", {**context, "framed": framed, "preview": preview}, root)
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def read_lesson_address(query: str, count: int, limits: Limits) -> LessonAddress:
    """What the address of a lesson with `count` scenes says; a wrong number opens the nearest one, with a note.

    `scene` is the number of a scene here, and not a figure as JSON as in links.
    """
    given = {key: value or "" for key, value in split_query(query)}
    view = parse_link("&".join(f"{key}={quote(given[key])}" for key in VIEW_KEYS if key in given), limits).view
    track = given.get("track", "")
    address = LessonAddress(1, track if track in TRACKS else "", view)
    text = given.get("scene", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if 1 <= number <= count:
        return replace(address, scene=number)
    shown = min(max(number, 1), count)
    note = make_text("lesson_no_scene", count=count, given=text[:20], shown=shown)
    return replace(address, scene=shown, note=write_message(note))


def make_lesson_context(
    state: AppState, pages: Pages, computed: ComputedLesson, address: LessonAddress
) -> dict[str, object]:
    """The variables of the page of a lesson."""
    lesson = computed.lesson
    following = _find_next(state.lessons, lesson, address.track)
    title = f"{computed.title} · {SITE_NAME}"
    description = make_text(
        "lesson_page_description", count=len(lesson.scenes), minutes=lesson.minutes, aim=computed.aim
    )
    data = {"lesson": computed.to_json(), "scene": address.scene - 1, "texts": write_script_texts()}
    return {
        "title": title,
        "description": description,
        "view": address.view,
        "lesson": computed,
        "scene": computed.scenes[address.scene - 1],
        "number": address.scene,
        "note": address.note,
        "track": address.track,
        "following": following,
        "in_file": False,
        "learned": bool(state.models),
        "script": "lesson",
        "data": to_script_json(data),
    }


def _find_next(lessons: Mapping[str, Lesson], lesson: Lesson, track: str) -> Lesson | None:
    """The lesson after this one: in its track, or the one that it names."""
    if not track:
        return lessons.get(lesson.next)
    names = [one.name for one in list_track(lessons, track)]
    place = names.index(lesson.name) + 1 if lesson.name in names else len(names)
    return lessons[names[place]] if place < len(names) else None
