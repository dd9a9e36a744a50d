"""Figures side by side as one HTML file: part of the call that exports a figure as HTML."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from ....core.problems import Problem
from ....core.texts import make_text
from ....lab import LabResult
from ....render.comparison.comparison_file import render_comparison_file
from ....render.offline import MAX_TRACE_BYTES, PageTooLarge
from ...app_state import get_app_state, get_query_string
from ...figure_replies import find_answer
from ...requests.compare_params import CompareParams, place_in_figure, read_compare_params
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.query_params import read_choice
from ...responses.http_errors import HTTPError
from ...responses.ready_response import HTML_TYPE, NO_CACHE, Reply, ReplyResponse
from ...work.fair_queue import Work
from ...work.work_executor import PNG_MS
from .compare_page import name_pictures

FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}
"""The file is to be opened from disk: no script in it runs under this site's address."""


async def send_comparison_file(request: Request, base: str) -> Response:
    """The figures of the query as a file. Raises HTTPError for whatever is wrong with one of the links."""
    state = get_app_state(request)
    params = read_compare_params(get_query_string(request), state.limits)
    refuse_problems(params)
    picture = read_choice(params.extra, "picture", ("0", "1"))
    if picture == "0" and any(one.scene.upload_ids for one in params.figures.values()):
        raise HTTPError.for_value("not_with_picture", "picture", picture, "1")
    answers = await cancel_on_disconnect(request, find_valid_answers(request, params))
    render = partial(
        render_comparison_file,
        answers,
        {letter: figure.view for letter, figure in params.figures.items()},
        params.own,
        name_pictures(state.samples),
        base,
    )
    work = Work(get_client_network(request), PNG_MS * len(answers))
    try:
        page, name = await state.executor.run(render, work)
    except PageTooLarge as reason:
        allowed = make_text("page_allowed", most=MAX_TRACE_BYTES)
        raise HTTPError.from_problems([Problem("size", params.query[:200], allowed, reason.text)]) from reason
    disposition = f'attachment; filename="{name}"'
    headers = {**NO_CACHE, **FILE_HEADERS, "Content-Disposition": disposition}
    return ReplyResponse(Reply(page.encode(), HTML_TYPE, headers=headers).with_gzip())


def refuse_problems(params: CompareParams) -> None:
    """Raises HTTPError (422) for whatever is wrong with the links, each sentence with the letter of its figure."""
    inside = [
        place_in_figure(problem, letter) for letter, figure in params.figures.items() for problem in figure.problems
    ]
    problems = [*params.problems, *inside]
    if any(problem.severity == "error" for problem in problems):
        raise HTTPError.from_problems(problems)


async def find_valid_answers(request: Request, params: CompareParams) -> dict[str, LabResult]:
    """The Lab's answers for all figures. Raises HTTPError for whatever is wrong with one of them."""
    answers = {letter: await find_answer(request, figure) for letter, figure in params.figures.items()}
    for letter, answer in answers.items():
        if answer.gone or answer.errors:
            placed = [place_in_figure(problem, letter) for problem in answer.problems]
            raise HTTPError.from_problems(placed, 410 if answer.gone else 422)
    return answers
