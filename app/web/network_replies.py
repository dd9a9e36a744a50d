"""Replies that a process computes which can be killed: parts of a large network's Trace, and answers about a network.

Parts are never cached here, since they are large; answers are. Both are known by their ETag.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request

from ..core.messages import quote_text
from ..core.network.network_parts import DEFAULT_PREVIEW, MOST_PREVIEW, NetworkParts
from ..core.problems import add_ending
from ..core.texts import make_text
from ..lab.network_task import Asked
from ..lab.networks import PlannedNetwork
from .app_state import AppState, get_app_state, get_query_string
from .figure_replies import get_cache_control
from .requests.disconnects import cancel_on_disconnect
from .requests.figure_params import read_posted_scene
from .requests.public_url import get_client_network, get_public_url
from .requests.query_params import RequestParams, read_api_params
from .responses.http_errors import HTTPError
from .responses.ready_response import BINARY_TYPE, Reply, ReplyResponse, make_etag, make_json_reply, matches_etag
from .work.fair_queue import Work

NETWORK_KEYS = ("preview", "maps")
"""The keys of a call that asks for parts of a Trace, within the limits of large networks."""
MOST_STAGE = 4_096
PLAN_MS = 5.0
"""Milliseconds for planning a network, which touches no array."""
MULTIPLY_ADDS_PER_MS = 30_000_000
MAPS = re.compile(r"([0-9]{1,9}):([0-9]{1,9})")


def asks_for_parts(query: str) -> bool:
    """Whether a query string asks for parts of a Trace: previews, or some maps."""
    return any(part.partition("=")[0] in NETWORK_KEYS for part in query.split("&"))


async def send_network_reply(request: Request, own_keys: tuple[str, ...], is_posted: bool = False) -> ReplyResponse:
    """The previews and chosen maps of a network, computed once for all requests that wait for them now.

    Its scene is in the body of the request if `is_posted`, else in the query. Raises HTTPError.
    """
    state = get_app_state(request)
    params = await _read_network_params(request, (*own_keys, *NETWORK_KEYS), is_posted)
    parts = _read_parts(params)
    present = await state.uploads.touch(params.upload_ids)
    prefix = get_public_url(request).prefix
    key = ("network", prefix, params.link, parts, present, params.problems)
    address = get_client_network(request)

    async def build(headers: Mapping[str, str], etag: str) -> Reply:
        planned, body = await compute_network(
            state,
            params,
            address,
            parts,
            lambda: state.networks.plan(params.scene, parts, params.problems),
            lambda network: sum(plan.work for plan in network.plans),
        )
        return Reply(body, BINARY_TYPE, 200, _add_location(state, planned, parts, prefix, headers), etag)

    return ReplyResponse(await _find_once(request, params, key, build))


@dataclass(frozen=True, slots=True)
class NetworkQuestion:
    """What a call asks of a network: `asked`, and how it is planned, priced and written as JSON.

    `count_work` gives the multiply-adds; `describe` gets the plan and the file of the process.
    """

    asked: Asked
    plan: Callable[[], PlannedNetwork]
    count_work: Callable[[PlannedNetwork], int]
    describe: Callable[[PlannedNetwork, bytes], dict[str, object]]


async def find_answer_about_network(
    request: Request, params: RequestParams, name: str, question: NetworkQuestion, has_tag: bool = True
) -> Reply:
    """The answer as JSON: cached, or computed once for all requests that need it. With `has_tag` maybe a 304.

    `name` is that of the kind of question. Raises HTTPError.
    """
    state = get_app_state(request)
    present = await state.uploads.touch(params.upload_ids)
    key = (name, params.link, question.asked, present, params.problems)
    reply = state.replies.get(key)
    if reply is not None:
        return reply
    address = get_client_network(request)

    async def build(headers: Mapping[str, str], etag: str) -> Reply:
        planned, file = await compute_network(
            state, params, address, question.asked, question.plan, question.count_work
        )
        made = make_json_reply(question.describe(planned, file))
        built = Reply(made.body, made.media_type, 200, headers, etag, made.gzipped)
        state.replies.put(key, built)
        return built

    return await _find_once(request, params, key, build, has_tag)


async def _find_once(
    request: Request,
    params: RequestParams,
    key: tuple[object, ...],
    build: Callable[[Mapping[str, str], str], Awaitable[Reply]],
    has_tag: bool = True,
) -> Reply:
    """A 304 for who has the reply already, if `has_tag`; else the reply, built once for all who need it now.

    `build` gets its headers and its ETag.
    """
    state = get_app_state(request)
    etag = make_etag(state.content_hash, key)
    headers = {"Cache-Control": get_cache_control(params)}
    if has_tag and matches_etag(request.headers.get("if-none-match", ""), etag):
        return Reply(b"", "", 304, headers, etag)
    flight = state.reply_flights.run_once(key, lambda: build(headers, etag))
    found: Reply = await cancel_on_disconnect(request, flight)
    return found


async def compute_network(
    state: AppState,
    params: RequestParams,
    address: str,
    asked: Asked,
    plan: Callable[[], PlannedNetwork],
    count_work: Callable[[PlannedNetwork], int],
) -> tuple[PlannedNetwork, bytes]:
    """The plan of a network and the file of the answer, computed in a process that can be killed.

    `count_work` gives the multiply-adds. Raises HTTPError.
    """
    async with state.stored_inputs.hold(params.upload_ids, Work(address)):
        planned = await state.executor.run(plan, Work(address, PLAN_MS))
        check_plan(planned)
        cost = count_work(planned) / MULTIPLY_ADDS_PER_MS
        return planned, await state.network_pool.compute(params.scene, asked, Work(address, cost))


async def _read_network_params(request: Request, own_keys: tuple[str, ...], is_posted: bool) -> RequestParams:
    """The parameters, within the limits of large networks. Raises HTTPError; for too many layers with the setting."""
    limits = get_app_state(request).part_limits
    try:
        if is_posted:
            return await read_posted_scene(request, own_keys, limits)
        return read_api_params(get_query_string(request), limits, own_keys)
    except HTTPError as error:
        if (error.text.code, error.problems[0].field if error.problems else "") != ("too_many", "layers"):
            raise
        first, *others = error.problems
        named = add_ending(first, make_text("network_layers"))
        raise HTTPError.from_problems([named, *others], error.status) from None


def _read_parts(params: RequestParams) -> NetworkParts:
    """The parts that a request asks for. Raises HTTPError (422)."""
    params.get_choice("format", ("safetensors",))
    is_revealed = params.get_choice("reveal", ("0", "1")) == "1"
    if params.view.predict and not is_revealed:
        raise HTTPError.for_value("parts_of_question", "predict", params.view.predict, make_text("nothing_or_reveal"))
    preview = params.get_whole_number("preview", DEFAULT_PREVIEW, 1, MOST_PREVIEW)
    stages = params.get_whole_numbers("stages", MOST_STAGE)
    maps = _read_maps(params.own_params["maps"]) if "maps" in params.own_params else None
    return NetworkParts(
        preview, stages or ((params.stage,) if maps else ()), maps, params.get_whole_numbers("only", MOST_STAGE)
    )


def _read_maps(text: str) -> tuple[int, int]:
    found = MAPS.fullmatch(text)
    first, after = (int(found[1]), int(found[2])) if found else (0, 0)
    if first >= after:
        raise HTTPError.for_value("not_maps", "maps", quote_text(text), make_text("maps_form"))
    return first, after


def check_plan(planned: PlannedNetwork) -> None:
    """Raises HTTPError for a network that cannot be computed."""
    if planned.gone:
        raise HTTPError.from_problems(planned.problems, 410)
    if planned.has_errors:
        raise HTTPError.from_problems(planned.problems)


def _add_location(
    state: AppState, planned: PlannedNetwork, parts: NetworkParts, prefix: str, headers: Mapping[str, str]
) -> Mapping[str, str]:
    """The headers, with the canonical address of the previews if that is short enough."""
    link = planned.link
    if len(link) > state.limits.link_characters:
        return headers
    keys = f"preview={parts.preview}"
    if parts.maps:
        keys += f"&maps={parts.maps[0]}:{parts.maps[1]}&stages={','.join(map(str, parts.stages))}"
    if parts.only is not None:
        keys += f"&only={','.join(map(str, parts.only))}"
    return {
        **headers,
        "Content-Location": f"{prefix}/api/trace?{link}&{keys}" if link else f"{prefix}/api/trace?{keys}",
    }
