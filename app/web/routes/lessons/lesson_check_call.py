"""The check of a lesson that is being made: its file or its form in, its problems, its file and what it shows out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ....core.scene import View
from ....core.texts import add_catalogue, make_text, write_message
from ....lab import ComputeLink, LabResult
from ....lessons.lesson import MOST_SCENES, Lesson
from ....lessons.lesson_check import compute_lesson, find_lesson_problems
from ....lessons.lesson_file import MOST_BYTES, decode_lesson, read_lesson, write_lesson
from ....lessons.lesson_messages import LessonProblem, LessonProblems
from ...app_state import AppState, get_app_state, get_query_string
from ...requests.public_url import get_client_network
from ...requests.query_params import read_known_keys
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.ready_response import ReplyResponse, make_json_reply
from ...work.fair_queue import Work
from ...work.work_executor import HEAVY_MS
from .lesson_form import read_lesson_form
from .lesson_pages import SCENE_MS

MOST_FIGURES = 40
"""Figures that one call computes: those of six scenes with their questions and values."""
DEFAULT_NAME = "my-lesson"
TEXT_TYPES, FORM_TYPE = ("text/markdown", "text/plain"), "application/json"
CHECK_TEXTS = add_catalogue(
    {
        "lesson_check_type": "The body is {given}; it can be text/markdown, a file of a lesson, or application/json, "
        "the form of one.",
        "lesson_check_form": "The body is no form of a lesson: {reason}.",
        "lesson_file_problem": "The lesson cannot become a file as it is: {sentence}",
        "lesson_check_figures": "The lesson needs more than {most} different figures; use fewer links in its values.",
    }
)

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@dataclass(frozen=True, slots=True)
class MadeLesson:
    """A lesson as it was sent: its name, its bytes, and what reads them as the text of its file."""

    name: str
    data: bytes
    read: Callable[[bytes], str]


@dataclass(frozen=True, slots=True)
class CheckedLesson:
    """A lesson that was made: its file, its problems, and where the file could be read, the lesson.

    `compute` computes its figures, each of them once.
    """

    text: str
    problems: tuple[LessonProblem, ...]
    lesson: Lesson | None
    compute: ComputeLink


@router.post("/api/lessons/check")
async def check_made_lesson(request: Request) -> Response:
    """What is wrong in a lesson, by lines and scenes; its file, its form, and what it shows. Nothing is kept."""
    state = get_app_state(request)
    made = await read_made_lesson(request)
    work = Work(get_client_network(request), HEAVY_MS + SCENE_MS * MOST_SCENES)
    reply = await state.executor.run(lambda: _make_reply(check_lesson(state, made)), work)
    return ReplyResponse(make_json_reply(reply, Cache_Control="no-store"))


async def read_made_lesson(request: Request) -> MadeLesson:
    """The lesson in the body of a request: a file, or a form as JSON. Raises HTTPError."""
    state = get_app_state(request)
    name = unquote(read_known_keys(get_query_string(request), ("name",)).get("name", "")) or DEFAULT_NAME
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in (*TEXT_TYPES, FORM_TYPE):
        raise HTTPError(415, make_text("lesson_check_type", given=given[:60] or "?"))
    async with state.uploads.body_reader.read_whole(request, MOST_BYTES) as body:
        data = bytes(body)
    return MadeLesson(name, data, _read_form if given == FORM_TYPE else decode_lesson)


def _read_form(data: bytes) -> str:
    """The file of a form. Raises HTTPError (422)."""
    try:
        text = write_lesson(read_lesson_form(json.loads(data)))
        text.encode()  # half of a character cannot be written
        return text
    except RecursionError:
        reason = "it is nested too deeply"
    except ValueError as error:
        reason = str(error)[:120]
    raise HTTPError(422, make_text("lesson_check_form", reason=reason))


def check_lesson(state: AppState, made: MadeLesson) -> CheckedLesson:
    """Reads a lesson and computes its figures. Raises HTTPError (422) where a form cannot be read."""
    compute = _count_figures(partial(state.lab.compute_link, repair=True))
    text = ""
    try:
        text = made.read(made.data)
        lesson = read_lesson(text, made.name)
    except LessonProblems as problems:
        return CheckedLesson(text, problems.problems, None, compute)
    found = find_lesson_problems(lesson, compute, {*state.lessons, made.name})
    return CheckedLesson(text, tuple(found), lesson, compute)


def _count_figures(compute: ComputeLink) -> ComputeLink:
    """The same function, which computes a figure once and refuses to compute more than `MOST_FIGURES`."""
    known: dict[str, tuple[LabResult, View]] = {}

    def compute_counted(query: str) -> tuple[LabResult, View]:
        if query not in known:
            if len(known) >= MOST_FIGURES:
                raise ValueError(write_message(make_text("lesson_check_figures", most=MOST_FIGURES)))
            known[query] = compute(query)
        return known[query]

    return compute_counted


def _make_reply(checked: CheckedLesson) -> dict[str, object]:
    text, lesson = checked.text, checked.lesson
    rows = [
        {"line": one.line, "sentence": write_message(one.sentence), "scene": find_scene(text, one.line)}
        for one in checked.problems
    ]
    shown = None
    if lesson and len(lesson.scenes) <= MOST_SCENES:
        shown = compute_lesson(lesson, checked.compute, "../").to_json()
    return {"problems": rows, "text": text, "form": asdict(lesson) if lesson else None, "lesson": shown}


def find_scene(text: str, line: int) -> int | None:
    """The index of the scene that a line of a file is in, from 0; None for the head, the notes and no line."""
    scene = None
    for content in text.splitlines()[:line]:
        if content.startswith("# "):
            return None
        if content.startswith("## "):
            scene = 0 if scene is None else scene + 1
    return scene
