"""The pages of two to four figures side by side, in lock-step: with the header of the site, or for a frame."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import partial

from fastapi import APIRouter, Request, Response

from ....core.compare.difference import PictureNames
from ....core.link.query_string import format_link
from ....core.problems import remove_ending
from ....core.texts import make_text
from ....core.trace.wire import trace_to_bytes
from ....images.samples import Samples
from ....lab import LabResult
from ....lab.unsaid_groups import GROUPS_NOT_GIVEN
from ....render.comparison.compared_figures import make_compared_paint
from ....render.comparison.comparison_data import make_comparison_data
from ...app_state import AppState, get_app_state, get_query_string
from ...figure_replies import PRIVATE, PUBLIC, find_answer, require_trace
from ...requests.compare_params import CompareParams, place_in_figure, read_compare_params
from ...requests.disconnects import cancel_on_disconnect
from ...requests.public_url import get_client_network
from ...requests.request_route import RequestRoute
from ...responses.open_graph import get_base_url, make_preview
from ...responses.ready_response import Reply, ReplyResponse, make_etag
from ...work.fair_queue import Work
from ...work.work_executor import RESPONSE_MS
from ..pages import SITE_NAME, Pages, is_small

PAINT_MS = 4.0
"""About how many milliseconds the first paint of one figure takes."""

router = APIRouter(include_in_schema=False, route_class=RequestRoute)


@router.get("/compare")
async def get_compare_page(request: Request) -> Response:
    """Figures side by side."""
    return await _send_page(request, False)


@router.get("/embed/compare")
async def get_embedded_comparison(request: Request) -> Response:
    """Figures side by side, for an iframe."""
    return await _send_page(request, True)


@dataclass(frozen=True, slots=True, eq=False)
class _Comparison:
    """All that a page is made from: what it was asked for, and the Lab's answer for each figure."""

    params: CompareParams
    answers: Mapping[str, LabResult]
    base: str
    path: str
    framed: bool


async def _send_page(request: Request, framed: bool) -> ReplyResponse:
    state = get_app_state(request)
    pages: Pages = request.app.state.pages
    params = read_compare_params(get_query_string(request), state.limits)
    base, path = get_base_url(request), str(request.scope["path"])
    uploads = [id for figure in params.figures.values() for id in figure.upload_ids]
    present = await state.uploads.touch(tuple(uploads))
    problems = tuple((letter, figure.problems) for letter, figure in params.figures.items())
    key = ("compare", framed, base, params.query, present, problems, params.problems)
    reply = state.replies.get(key)
    if reply is None:
        answers = await cancel_on_disconnect(request, _find_answers(request, params))
        comparison = _Comparison(params, answers, base, path, framed)
        work = Work(get_client_network(request), RESPONSE_MS + PAINT_MS * len(answers))
        made = await state.executor.run(partial(_render_page, state, pages, comparison), work)
        headers = {"Cache-Control": PRIVATE if uploads else PUBLIC, **made.headers}
        reply = replace(made, headers=headers, etag=make_etag(state.content_hash, key))
        if not any(answer.gone for answer in answers.values()):
            state.replies.put(key, reply)
    return ReplyResponse(reply)


async def _find_answers(request: Request, params: CompareParams) -> Mapping[str, LabResult]:
    """The answers for all figures, one after the other: an address has no more turns than with one figure."""
    return {letter: await find_answer(request, figure) for letter, figure in params.figures.items()}


def _render_page(state: AppState, pages: Pages, comparison: _Comparison) -> Reply:
    params, answers = comparison.params, comparison.answers
    views = {letter: figure.view for letter, figure in params.figures.items()}
    paint = make_compared_paint(
        {letter: require_trace(answer) for letter, answer in answers.items()},
        {letter: answer.scene for letter, answer in answers.items()},
        views,
        name_pictures(state.samples),
    )
    first = next(iter(params.figures.values()))
    context: Mapping[str, object] = {
        "title": f"{paint.title} · {SITE_NAME}",
        "description": make_text("site_description"),
        "preview": make_preview(
            comparison.base, comparison.path, params.query, _find_preview(state, params), "/api/compare.png"
        ),
        "heading": paint.title,
        "framed": comparison.framed,
        "view": asdict(first.view),
        "paint": paint,
        "figures": [(figure, _list_sentences(comparison, figure.letter)) for figure in paint.figures],
        "links": {letter: format_link(answer.scene, params.figures[letter].view) for letter, answer in answers.items()},
        "problems": [{"message": problem.message} for problem in params.problems],
        "learned": bool(state.models),
        "query": params.query,
        "trace_query": None,
        "script": "compare",
        "lab": "../" if comparison.framed else "./",
        "in_file": False,
        "data": pages.make_page_data(
            make_comparison_data(paint, answers, views, params.own, partial(_carry_numbers, state))
        ),
    }
    return pages.render("compare.html", context, root="../" if comparison.framed else "./")


def name_pictures(samples: Samples) -> PictureNames:
    """The titles of samples, and which of them are photos."""
    photos = frozenset(name for name, sample in samples.items() if sample.kind == "photo")
    return PictureNames({name: sample.title_text for name, sample in samples.items()}, photos)


def _find_preview(state: AppState, params: CompareParams) -> str | None:
    """The query of the preview picture; None where a figure is private or wrong, or the address is too long."""
    figures = params.figures.values()
    problems = [*params.problems, *(problem for figure in figures for problem in figure.problems)]
    is_wrong = any(problem.severity == "error" for problem in problems)
    is_private = any(figure.upload_ids for figure in figures)
    return None if is_wrong or is_private or len(params.query) > state.limits.link_characters else params.query


def _list_sentences(comparison: _Comparison, letter: str) -> list[str]:
    """What is wrong with one figure's link, each sentence with its letter."""
    return [
        place_in_figure(remove_ending(problem, "drop_again"), letter).message
        for problem in comparison.answers[letter].problems
        if problem.code != GROUPS_NOT_GIVEN
    ]


def _carry_numbers(state: AppState, answer: LabResult) -> Mapping[str, object]:
    """The numbers of a small figure; the browser asks for others. The API has no Trace of a picture that is gone."""
    trace = require_trace(answer)
    if not answer.gone and not is_small(trace):
        return {}
    data = trace_to_bytes(trace, answer.header(), None, state.settings.wire_float_bytes)
    return {"trace": base64.b64encode(data).decode()}
