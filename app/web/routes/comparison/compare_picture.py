"""Figures side by side as one picture: for previews of links, slides and mail."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from fastapi import APIRouter, Request, Response

from ....core.messages import join_names
from ....render.comparison.comparison_sheet import render_comparison_sheet
from ...app_state import get_app_state, get_query_string
from ...figure_replies import PRIVATE, PUBLIC, require_trace
from ...openapi.openapi import PNG_FILE, describe_call
from ...openapi.parameters import COMPARED_LINKS, WIDTH
from ...requests.compare_params import LETTERS, OVERRIDING, CompareParams, read_compare_params
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.query_params import unknown_key_error
from ...responses.ready_response import PNG_TYPE, Reply, ReplyResponse, make_etag
from ...work.fair_queue import Work
from ...work.work_executor import PNG_MS
from ..sharing.share import DEFAULT_WIDTH, MAX_WIDTH, MIN_WIDTH
from .compare_file import find_valid_answers, refuse_problems
from .compare_page import name_pictures

router = APIRouter()


@router.get(
    "/api/compare.png",
    tags=["figure"],
    openapi_extra=describe_call(
        *COMPARED_LINKS, WIDTH, view=("at", "beat", "theme"), content=PNG_FILE, statuses=(410, 422)
    ),
)
async def get_comparison_picture(request: Request) -> Response:
    """Two to four figures side by side as a picture, in PNG: all maps of a side on one color scale, at one place.

    The title says in what they differ. Keys beside the links, such as `at`, override those of the links.
    """
    state = get_app_state(request)
    params = read_compare_params(get_query_string(request), state.limits)
    refuse_problems(params)
    width = _read_width(params)
    uploads = [id for figure in params.figures.values() for id in figure.upload_ids]
    present = await state.uploads.touch(tuple(uploads))
    key = ("compare_picture", params.query, width, present)
    reply = state.replies.get(key)
    if reply is None:
        answers = await cancel_on_disconnect(request, find_valid_answers(request, params))
        render = partial(
            render_comparison_sheet,
            {letter: require_trace(answer) for letter, answer in answers.items()},
            {letter: answer.scene for letter, answer in answers.items()},
            {letter: figure.view for letter, figure in params.figures.items()},
            name_pictures(state.samples),
            width,
        )
        work = Work(get_client_network(request), PNG_MS * len(answers))
        picture = await state.picture_flights.run_once(key, partial(state.executor.run, render, work))
        headers = {"Cache-Control": PRIVATE if uploads else PUBLIC}
        reply = Reply(picture, PNG_TYPE, headers=headers, etag=make_etag(state.content_hash, key))
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def _read_width(params: CompareParams) -> int:
    """The width of the picture, in pixels. Raises HTTPError (422), also for a key that nothing reads."""
    for key in params.extra:
        if key != "width":
            raise unknown_key_error(key, join_names((*LETTERS, *OVERRIDING, "width")))
    first = next(iter(params.figures.values()))
    return replace(first, own_params=params.extra).get_whole_number("width", DEFAULT_WIDTH, MIN_WIDTH, MAX_WIDTH)
