"""The API of architectures: what networks cost, planned without weights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ...core.architecture.architecture import count_layers, price_definition, price_net
from ...core.architecture.architecture_error import ArchitectureError, make_net_error
from ...core.architecture.architecture_tables import architecture_to_csv, architecture_to_json, net_to_json
from ...core.architecture.nets.net_table import NETS
from ...core.texts import make_text
from ...core.weights.pretrained import NoTrainedModels
from ...models.library import Models
from ..app_state import AppState, get_app_state, get_query_string
from ..openapi.openapi import CSV_FILE, describe_call, json_content, json_list_content
from ..openapi.parameters import INPUT_SHAPE, NET
from ..requests.public_url import get_client_network
from ..requests.query_params import read_choice, read_known_keys
from ..requests.request_route import RequestRoute
from ..responses.http_errors import HTTPError
from ..responses.ready_response import CSV_TYPE, NO_CACHE, Reply, ReplyResponse, make_etag, make_json_reply
from ..work.fair_queue import Work

LAYER_MS = 0.1
"""About how many milliseconds a layer takes, with its row in the answer."""
FORMATS = ("json", "csv")
KEYS = ("net", "input")

router = APIRouter(tags=["architectures"], route_class=RequestRoute)


@router.get(
    "/api/architectures", openapi_extra=describe_call(content=json_list_content("Net"), statuses=(422, 429, 503))
)
async def list_architectures(request: Request) -> Response:
    """All known networks, each with its version, its source, its layers as a pattern, and its totals."""
    read_known_keys(get_query_string(request))
    return await _send_cached(request, ("architectures",), _make_list, lambda: sum(map(count_layers, NETS)))


@router.get(
    "/api/architecture",
    openapi_extra=describe_call(NET, INPUT_SHAPE, content=json_content("Architecture"), statuses=(404, 422, 429, 503)),
)
async def get_architecture(request: Request) -> Response:
    """What a network costs: for each layer and in total its size, parameters, activations and multiply-adds.

    `net` is the name of a known network, a pattern, or the layers of a link. Nothing is computed, so there is no limit
    of work. With `format=csv`, the response is that of /api/architecture.csv.
    """
    values = _read_values(request, (*KEYS, "format"))
    return await _send_architecture(request, values, read_choice(values, "format", FORMATS))


@router.get(
    "/api/architecture.csv",
    openapi_extra=describe_call(NET, INPUT_SHAPE, content=CSV_FILE, statuses=(404, 422, 429, 503)),
)
async def get_architecture_table(request: Request) -> Response:
    """What a network costs, as a table: a row for each stage, the input first, and one with the totals."""
    return await _send_architecture(request, _read_values(request, KEYS), "csv")


def _read_values(request: Request, known: tuple[str, ...]) -> dict[str, str]:
    """The decoded values of the query string; + is a plus, as in links."""
    return {key: unquote(value) for key, value in read_known_keys(get_query_string(request), known).items()}


async def _send_architecture(request: Request, values: Mapping[str, str], kind: str) -> ReplyResponse:
    state = get_app_state(request)
    net, shape, most = values.get("net", ""), values.get("input", ""), state.limits.link_characters
    try:
        if len(net) > most:
            raise make_net_error("net_long", f"{len(net):,}", make_text("at_most", most=most))
        return await _send_cached(
            request,
            ("architecture", net, shape, kind),
            partial(_make_reply, state, net, shape, kind),
            partial(count_layers, net),
        )
    except ArchitectureError as error:
        raise HTTPError.from_problems([error.problem], 404 if error.is_unknown else 422) from error


async def _send_cached(
    request: Request, key: tuple[object, ...], make: Callable[[], Reply], count: Callable[[], int]
) -> ReplyResponse:
    """A reply that depends on its key alone: made once, in a thread; `count` says of how many layers."""
    state = get_app_state(request)
    reply = state.replies.get(key)
    if reply is None:
        work = Work(get_client_network(request), count() * LAYER_MS)
        made: Reply = await state.reply_flights.run_once(key, partial(state.executor.run, make, work))
        etag = make_etag(state.content_hash, *key)
        reply = Reply(made.body, made.media_type, made.status, {**NO_CACHE, **made.headers}, etag, made.gzipped)
        state.replies.put(key, reply)
    return ReplyResponse(reply)


def _make_reply(state: AppState, net: str, shape: str, kind: str) -> Reply:
    """The reply in a format. Raises ArchitectureError. Uploaded weights, which expire, are not used."""
    found = price_net(net, shape, Models(state.models))
    if kind == "csv":
        return Reply(architecture_to_csv(found).encode(), CSV_TYPE).with_gzip()
    return make_json_reply(architecture_to_json(found))


def _make_list() -> Reply:
    untrained = NoTrainedModels()
    priced = [(net, price_definition(net, net.shape, untrained).totals) for net in NETS.values()]
    return make_json_reply([net_to_json(net, totals) for net, totals in priced])
