"""The questions of a lesson as a PDF to print, with the answers on the last page."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ....export.export_task import pack_sheet
from ....export.paper.question_sheet import SheetChoice, SheetQuestion
from ....export.paper.sheet import SHEETS
from ....lessons.computed_lesson import ComputedLesson
from ...app_state import get_app_state, get_query_string
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.query_params import read_choice, read_known_keys
from ...requests.request_route import RequestRoute
from ...responses.ready_response import NO_CACHE, Reply, ReplyResponse
from ...work.fair_queue import Work
from ..comparison.compare_file import FILE_HEADERS
from .lesson_pages import find_computed_lesson, find_lesson

SHEET_COST = 1_000.0
"""About how long a sheet takes, in milliseconds."""
FIGURE_START = "embed?"

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/api/lessons/{name}.pdf")
async def get_worksheet(request: Request) -> Response:
    """The questions of a lesson to print: each with its figure and boxes to tick, the answers on the last page."""
    state, name = get_app_state(request), request.path_params["name"]
    paper = read_choice(read_known_keys(get_query_string(request), ("paper",)), "paper", tuple(SHEETS))
    find_lesson(state, name)
    lesson = await find_computed_lesson(request, name, "")
    packed = pack_sheet(lesson.title, _list_questions(lesson), paper)
    file = await cancel_on_disconnect(
        request, state.export_pool.run(packed, Work(get_client_network(request), SHEET_COST))
    )
    disposition = f'attachment; filename="{name}.pdf"'
    headers = {**FILE_HEADERS, **NO_CACHE, "Content-Disposition": disposition}
    return ReplyResponse(Reply(file.data, file.media_type, headers=headers))


def _list_questions(lesson: ComputedLesson) -> list[SheetQuestion]:
    """The questions in the order of the scenes; one about figures side by side has no figure on paper."""
    asked = [scene.question for scene in lesson.scenes if scene.question]
    return [
        SheetQuestion(
            question.embed.partition("?")[2] if question.embed.startswith(FIGURE_START) else "",
            question.sentence,
            tuple(SheetChoice(choice.text, choice.png, choice.filter) for choice in question.choices),
            question.answer,
            question.facts,
            SheetChoice("", question.picture, question.filter),
        )
        for question in asked
    ]
