"""For operators: start and stop, health, metrics, the OpenAPI document."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from fastapi import APIRouter, FastAPI, Request, Response

from ... import __version__
from ...core.problems import Problem
from ...core.texts import write_message
from ..app_state import AppState, get_app_state, get_query_string
from ..http_messages import describe_store
from ..metrics import METRICS_TYPE
from ..openapi.openapi import describe_call, json_content, text_content
from ..requests.public_url import get_public_url
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import Reply, ReplyResponse, make_etag, make_json_reply
from ..store_health import StoreCondition

LIVE_SECONDS, READY_SECONDS = 0.5, 2.0
"""How long /healthz and /readyz wait for a store that does not respond."""

router = APIRouter(tags=["running"])


@router.get("/healthz", openapi_extra=describe_call(content=json_content("Health")))
async def get_health(request: Request) -> Response:
    """Whether the server responds, and the state of its store of uploads."""
    read_known_keys(get_query_string(request))
    state = get_app_state(request)
    return _make_health_reply(state, await state.uploads.store_health.get_condition(LIVE_SECONDS))


@router.get("/readyz", openapi_extra=describe_call(content=json_content("Health"), statuses=(422, 503)))
async def get_readiness(request: Request) -> Response:
    """Whether pictures can be uploaded: a 503 while the store cannot accept them."""
    read_known_keys(get_query_string(request))
    state = get_app_state(request)
    condition = await state.uploads.store_health.get_condition(READY_SECONDS)
    if condition == "ok":
        return _make_health_reply(state, condition)
    text = describe_store(condition)
    raise HTTPError(503, text, [Problem("store", condition, "ok", text)], {"Retry-After": "5"})


@router.get("/openapi.json", include_in_schema=False)
async def get_openapi(request: Request) -> Response:
    """The OpenAPI document."""
    servers = [{"url": get_public_url(request).prefix or "/"}]
    reply = make_json_reply({**request.app.openapi(), "servers": servers}, Cache_Control="no-cache")
    return ReplyResponse(replace(reply, etag=make_etag(reply.body)))


@router.get("/metrics", openapi_extra=describe_call(content=text_content("text/plain")))
async def get_metrics(request: Request) -> Response:
    """The metrics of all worker processes, for Prometheus."""
    read_known_keys(get_query_string(request))
    state = get_app_state(request)
    health = state.uploads.store_health
    condition = await health.get_condition(LIVE_SECONDS)
    state.metrics.set_store_condition(
        condition, await health.get_usage(LIVE_SECONDS)
    )  # after it: the condition is tried with a file
    body = await asyncio.to_thread(state.metrics.format_text)
    return ReplyResponse(Reply(body, METRICS_TYPE, headers={"Cache-Control": "no-store"}).with_gzip())


def _make_health_reply(state: AppState, condition: StoreCondition) -> ReplyResponse:
    store: dict[str, str] = {"state": condition}
    if condition != "ok":
        store["message"] = write_message(describe_store(condition))
    body = {"status": "ok", "version": __version__, "build": state.static_files.build, "store": store}
    return ReplyResponse(make_json_reply(body, Cache_Control="no-store"))


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
    """Starts and stops background tasks with the server, and passes connections the gauge that counts them."""
    state: AppState = app.state.app_state
    thresholds = _tune_garbage_collector()
    purge = asyncio.create_task(state.uploads.purge_repeatedly())
    try:
        yield {"connections": state.metrics.connections}
    finally:
        purge.cancel()
        with suppress(asyncio.CancelledError):
            await purge
        await state.uploads.close()
        await state.network_pool.close()
        await state.export_pool.close()
        state.executor.close()
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _tune_garbage_collector() -> tuple[int, int, int]:
    """Excludes permanent objects from garbage collection and makes it rarer; returns the previous thresholds.

    A request makes thousands of small objects and no cycles; with the default thresholds, a third of the time of a
    small Trace was spent looking for cycles.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return before
