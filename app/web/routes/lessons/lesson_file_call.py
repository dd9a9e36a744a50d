"""A lesson as one HTML file: one of this server, or one that is being made and is not kept."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request, Response

from ....core.texts import make_text
from ....lessons.computed_lesson import ComputedLesson
from ....lessons.lesson import MOST_SCENES
from ....lessons.lesson_check import compute_lesson
from ....lessons.lesson_document import NoLessonFile, render_lesson_file
from ...app_state import AppState, get_app_state
from ...requests.public_url import get_client_network
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.open_graph import get_base_url
from ...responses.ready_response import HTML_TYPE, NO_CACHE, Reply, ReplyResponse
from ...work.fair_queue import Work
from ...work.work_executor import HEAVY_MS
from ..comparison.compare_file import FILE_HEADERS
from .lesson_check_call import MadeLesson, check_lesson, read_made_lesson
from .lesson_pages import SCENE_MS, find_computed_lesson
from .lesson_texts import write_script_texts

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/api/lessons/{name}.html")
async def get_lesson_file(request: Request) -> Response:
    """A lesson as one HTML file, which opens from disk and needs no network."""
    computed = await find_computed_lesson(request, request.path_params["name"])
    return await _send_file(request, lambda: computed, len(computed.scenes), get_base_url(request))


@router.post("/api/lessons/file")
async def make_lesson_file(request: Request) -> Response:
    """The HTML file of a lesson that is being made. Nothing is kept."""
    state = get_app_state(request)
    made = await read_made_lesson(request)
    return await _send_file(request, partial(_compute_made, state, made), MOST_SCENES, "")


def _compute_made(state: AppState, made: MadeLesson) -> ComputedLesson:
    """Raises HTTPError (422) with the first of its problems."""
    checked = check_lesson(state, made)
    if checked.lesson is None or checked.problems:
        raise HTTPError(422, make_text("lesson_file_problem", sentence=checked.problems[0].sentence))
    return compute_lesson(checked.lesson, checked.compute, "../")


async def _send_file(request: Request, find: Callable[[], ComputedLesson], scenes: int, base: str) -> Response:
    state = get_app_state(request)
    compute = partial(state.lab.compute_link, repair=True)

    def make() -> tuple[str, str]:
        computed = find()
        return computed.lesson.name, render_lesson_file(computed, compute, write_script_texts(), base)

    work = Work(get_client_network(request), HEAVY_MS + 2 * SCENE_MS * scenes)
    try:
        name, page = await state.executor.run(make, work)
    except NoLessonFile as reason:
        raise HTTPError(422, reason.text) from reason
    headers = {**NO_CACHE, **FILE_HEADERS, "Content-Disposition": f'attachment; filename="convoscope-{name}.html"'}
    return ReplyResponse(Reply(page.encode(), HTML_TYPE, headers=headers).with_gzip())
