"""The score of a class while a gray square covers the picture, computed in a process that can be killed."""

from __future__ import annotations

import re

from fastapi import APIRouter, Request, Response

from ....core.messages import quote_text
from ....core.network.occlusion import (
    Occlusion,
    OcclusionMap,
    count_occlusion_work,
    find_class_names,
    find_score_stage,
    list_stops,
)
from ....core.scene import Pair
from ....core.texts import make_text
from ....lab.network_task import read_occlusion
from ....lab.networks import PlannedNetwork
from ...app_state import get_app_state, get_query_string
from ...network_replies import NetworkQuestion, find_answer_about_network
from ...openapi.openapi import NETWORK_BODY, describe_call, json_content
from ...openapi.parameters import OCCLUSION
from ...requests.figure_params import read_posted_scene
from ...requests.query_params import RequestParams, read_api_params
from ...requests.request_route import RequestRoute
from ...responses.http_errors import HTTPError
from ...responses.ready_response import ReplyResponse

OCCLUSION_KEYS = ("class", "gray", "square")
"""Its own keys; `window`, `stride` and `target` are keys of the view."""
PLACE = re.compile(r"0*([0-9]{1,4}),0*([0-9]{1,4})")

router = APIRouter(tags=["figure"], route_class=RequestRoute)


@router.get(
    "/api/occlusion",
    openapi_extra=describe_call(
        *OCCLUSION,
        scene=True,
        content=json_content("Occlusion"),
        statuses=(410, 422, 503),
        examples={"image": "cat", "layers": "model:cifar10"},
    ),
)
async def get_occlusion(request: Request) -> Response:
    """The score of a class while a gray square covers one part of the picture after the other: why a cat?

    The square lies on the input, before the preprocessing of the network. Each score is the number before the softmax
    in the Trace of the covered picture.
    """
    params = read_api_params(get_query_string(request), get_app_state(request).limits, OCCLUSION_KEYS)
    return await _send_occlusion(request, params)


@router.post(
    "/api/occlusion",
    openapi_extra=describe_call(
        *OCCLUSION, content=json_content("Occlusion"), statuses=(410, 422, 503), body=NETWORK_BODY
    ),
)
async def post_occlusion(request: Request) -> Response:
    """The score of a class while a square covers a figure that is sent as JSON, such as a drawing.

    Everything else is as in GET.
    """
    return await _send_occlusion(request, await read_posted_scene(request, OCCLUSION_KEYS))


async def _send_occlusion(request: Request, params: RequestParams) -> ReplyResponse:
    """The map as JSON, computed once for all requests that need it. Raises HTTPError."""
    occlusion, networks = _read_occlusion(params), get_app_state(request).networks
    question = NetworkQuestion(
        occlusion,
        lambda: networks.plan_occlusion(params.scene, occlusion, params.problems),
        lambda network: count_occlusion_work(occlusion, network.shape, network.plans),
        lambda planned, file: _describe(planned, occlusion, read_occlusion(file)),
    )
    return ReplyResponse(await find_answer_about_network(request, params, "occlusion", question))


def _read_occlusion(params: RequestParams) -> Occlusion:
    """What a request asks for. Raises HTTPError (422)."""
    if params.view.predict:
        raise HTTPError.for_value("occlusion_of_question", "predict", params.view.predict, make_text("no_predict"))
    usual, view = Occlusion(), params.view
    gray = params.get_whole_number("gray", usual.gray, 0, 255)
    target = params.own_params.get("class", view.target)
    return Occlusion(view.window or usual.window, view.stride or usual.stride, gray, target, _read_place(params))


def _read_place(params: RequestParams) -> Pair | None:
    """The first row and column of the only stop; None for all stops. Raises HTTPError (422)."""
    text = params.own_params.get("square")
    if text is None:
        return None
    found = PLACE.fullmatch(text)
    if not found:
        raise HTTPError.for_value("not_one_of", "square", quote_text(text), make_text("square_form"))
    return int(found[1]), int(found[2])


def _describe(planned: PlannedNetwork, occlusion: Occlusion, made: OcclusionMap) -> dict[str, object]:
    tops, lefts = list_stops(occlusion, (planned.shape[1], planned.shape[2]))
    stage = find_score_stage(planned.plans) or 0
    names = find_class_names(planned.plans, stage)
    return {
        "link": planned.link,
        "problems": [problem.to_json() for problem in planned.problems],
        "window": list(occlusion.window),
        "stride": list(occlusion.stride),
        "gray": occlusion.gray,
        "value": made.value,
        "stage": stage,
        "class": made.index,
        "name": names[made.index] if names else None,
        "classes": list(names) or None,
        "score": made.score,
        "share": made.share,
        "winner": made.winner,
        "rows": len(tops),
        "columns": len(lefts),
        "tops": list(tops),
        "lefts": list(lefts),
        "scores": made.scores.tolist(),
        "shares": None if made.shares is None else made.shares.tolist(),
        "winners": made.winners.tolist(),
        "class_scores": None if made.class_scores is None else made.class_scores.tolist(),
        "class_shares": None if made.class_shares is None else made.class_shares.tolist(),
    }
