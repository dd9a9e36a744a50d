"""The parameters of a figure beyond the query string: a scene in the body, a stage and a map of the Trace."""

from __future__ import annotations

import json
from functools import partial

from starlette.requests import Request

from ...core.limits import Limits
from ...core.texts import make_text
from ...core.trace.trace import Stage, Trace
from ..app_state import get_app_state, get_query_string
from ..responses.http_errors import HTTPError
from ..work.fair_queue import Work
from .public_url import get_client_network
from .query_params import RequestParams, make_number_error, read_posted_params

SMALL_BODY = 20_000
"""Bytes of JSON that are parsed in well under 2 ms."""


async def read_posted_scene(request: Request, own_keys: tuple[str, ...], limits: Limits | None = None) -> RequestParams:
    """The parameters of an API call whose body is the scene; `own_keys` may be in the query. Raises HTTPError.

    `limits` are those of a figure, unless they are given.
    """
    state = get_app_state(request)
    async with state.uploads.body_reader.read_whole(request, state.settings.scene_bytes) as body:
        read = partial(_read_json, get_query_string(request), body, limits or state.limits, own_keys)
        if len(body) < SMALL_BODY:
            return read()
        return await state.executor.run(read, Work(get_client_network(request), len(body) / SMALL_BODY))


def _read_json(query: str, body: bytes, limits: Limits, own_keys: tuple[str, ...]) -> RequestParams:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as reason:
        start, message = body[:100].decode(errors="replace"), str(reason)[:100].rstrip(".")
        allowed = make_text("scene_json_allowed")
        raise HTTPError.for_value("bad_body", "scene", start, allowed, reason=message) from None
    return read_posted_params(query, data, limits, own_keys)


def get_stage(trace: Trace, index: int) -> Stage:
    """A stage by its index. Raises HTTPError (422)."""
    return trace.stages[_check_index("stage", index, len(trace.stages) - 1)]


def get_map_index(stage: Stage, index: int | None) -> int:
    """The index of a map, checked against the stage; None for its salient map or the first. Raises HTTPError (422)."""
    if index is None:
        return stage.salient_map or 0
    return _check_index("map", index, len(stage.output) - 1)


def _check_index(field: str, value: int, most: int) -> int:
    if value > most:
        raise make_number_error(field, value, 0, most)
    return value
