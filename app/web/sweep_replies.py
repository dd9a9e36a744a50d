"""Replies with the response of a cell while the picture turns or shifts, computed in a process that can be killed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from starlette.requests import Request

from ..core.link.syntax import parse_whole
from ..core.messages import join_names, quote_text
from ..core.texts import make_text
from ..lab import LabResult
from ..lab.network_task import read_responses
from ..lab.networks import PlannedNetwork
from ..lab.sweeps import SWEEPS, Sweep, count_sweep_work, read_value
from ..render.views.response_data import (
    ResponseCurve,
    ResponseData,
    choose_sweep,
    choose_unchanged,
    read_shares,
)
from .app_state import get_app_state, get_query_string
from .figure_replies import find_answer
from .network_replies import NetworkQuestion, find_answer_about_network
from .requests.query_params import RequestParams, make_number_error, read_api_params
from .responses.http_errors import HTTPError
from .responses.ready_response import Reply, ReplyResponse

SWEEP_KEYS = ("from", "to", "step")
MOST_VALUES = 181
MOST_DEGREES, MOST_CELLS = 180, 512
DEFAULTS = {"turn": (-90, 90, 5), "down": (-8, 8, 1), "right": (-8, 8, 1)}
"""The first value, the last and the step of each sweep."""


async def send_sweep_reply(request: Request) -> ReplyResponse:
    """The values and responses of a sweep as JSON, computed once for all requests that need them. Raises HTTPError."""
    params = read_api_params(get_query_string(request), get_app_state(request).limits, SWEEP_KEYS)
    return ReplyResponse(await _find_reply(request, params, _read_sweep(params)))


async def find_response(request: Request, params: RequestParams, answer: LabResult) -> ResponseData:
    """The numbers that a file of a figure brings along. Raises HTTPError, also for too much work."""
    curve, unchanged = await find_curve(request, params, answer), choose_unchanged(answer)
    before = await find_answer(request, replace(params, scene=unchanged)) if unchanged else None
    return ResponseData(curve, before=read_shares(before.trace) if before and before.trace else ())


async def find_curve(request: Request, params: RequestParams, answer: LabResult) -> ResponseCurve | None:
    """The response curve of the cell in focus, None where the View shows none. Raises HTTPError, as above."""
    sweep = choose_sweep(answer, params.view)
    if sweep is None:
        return None
    _check_count(sweep.values)
    reply = await _find_reply(request, replace(params, scene=answer.scene), sweep, has_tag=False)
    return ResponseCurve(sweep, tuple(json.loads(reply.body)["responses"]), read_value(answer.scene, sweep.kind))


async def _find_reply(request: Request, params: RequestParams, sweep: Sweep, has_tag: bool = True) -> Reply:
    """The reply with a curve: cached, or computed once for all requests that need it. With `has_tag` maybe a 304."""
    networks = get_app_state(request).networks
    question = NetworkQuestion(
        sweep,
        lambda: networks.plan_sweep(params.scene, sweep, params.problems),
        lambda network: count_sweep_work(sweep, network.shape, network.plans),
        lambda planned, file: _describe(planned, sweep, read_responses(file)),
    )
    return await find_answer_about_network(request, params, "sweep", question, has_tag)


def _read_sweep(params: RequestParams) -> Sweep:
    """The sweep that a request asks for. Raises HTTPError (422)."""
    view = params.view
    if view.sweep not in SWEEPS:
        raise HTTPError.for_value("not_one_of", "sweep", quote_text(view.sweep), join_names(SWEEPS))
    if view.predict:
        raise HTTPError.for_value("sweep_of_question", "predict", view.predict, make_text("no_predict"))
    first, last, step = (
        _read_whole(params, name, default, least, most)
        for name, default, (least, most) in zip(SWEEP_KEYS, DEFAULTS[view.sweep], _list_ranges(view.sweep), strict=True)
    )
    if last < first:
        raise HTTPError.for_value("sweep_order", "to", last, make_text("sweep_at_least", least=first), first=first)
    values = tuple(range(first, last + 1, step))
    _check_count(values)
    return Sweep(view.sweep, values, params.stage, view.map or 0, view.at)


def _check_count(values: Sequence[int]) -> None:
    """Raises HTTPError (422) for too many values."""
    if len(values) > MOST_VALUES:
        raise HTTPError.for_value("sweep_values", "step", len(values), make_text("at_most", most=MOST_VALUES))


def _list_ranges(kind: str) -> tuple[tuple[int, int], ...]:
    most = MOST_DEGREES if kind == "turn" else MOST_CELLS
    return (-most, most), (-most, most), (1, most)


def _read_whole(params: RequestParams, name: str, default: int, least: int, most: int) -> int:
    """A whole number, which may be negative. Raises HTTPError (422)."""
    text = params.own_params.get(name, str(default))
    value = parse_whole(text)
    if value is None or not least <= value <= most:
        raise make_number_error(name, quote_text(text), least, most)
    return value


def _describe(planned: PlannedNetwork, sweep: Sweep, responses: list[float]) -> dict[str, object]:
    return {
        "link": planned.link,
        "problems": [problem.to_json() for problem in planned.problems],
        "sweep": sweep.kind,
        "stage": sweep.stage,
        "map": sweep.map,
        "at": list(sweep.at) if sweep.at else None,
        "now": read_value(planned.scene, sweep.kind),
        "values": list(sweep.values),
        "responses": responses,
    }
