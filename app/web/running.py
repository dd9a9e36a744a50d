"""For whoever runs the server: starting, stopping, how it is."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

from fastapi import APIRouter, FastAPI, Request, Response

from .. import __version__
from .asked import refuse_keys
from .documentation import JSON_OBJECT, describe
from .metrics import KIND
from .outside import outside_of
from .reply import Reply, Sent, json_reply, tag
from .site import Site, query_of, site_of

METRICS = {"text/plain": {"schema": {"type": "string"}}}

router = APIRouter(tags=["running"])


@router.get("/healthz", openapi_extra=describe(answers=JSON_OBJECT))
async def health(request: Request) -> Response:
    """Answers while the server can."""
    refuse_keys(query_of(request))
    body = {"status": "ok", "version": __version__, "build": site_of(request).statics.build}
    return Sent(json_reply(body, Cache_Control="no-store"))


@router.get("/openapi.json", include_in_schema=False)
async def description(request: Request) -> Response:
    """What every call takes and answers."""
    servers = [{"url": outside_of(request).prefix or "/"}]
    reply = json_reply({**request.app.openapi(), "servers": servers}, Cache_Control="no-cache")
    return Sent(replace(reply, etag=tag(reply.body)))


@router.get("/metrics", openapi_extra=describe(answers=METRICS))
async def metrics(request: Request) -> Response:
    """The counters of all worker processes, for Prometheus."""
    refuse_keys(query_of(request))
    site = site_of(request)
    body = await site.threads.run(site.metrics.text)
    return Sent(Reply(body, KIND, headers={"Cache-Control": "no-store"}).packed())


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """What runs beside the requests, and ends with the server."""
    site: Site = app.state.site
    thresholds = _calm_collector()
    purge = asyncio.create_task(site.uploads.purge())
    try:
        yield
    finally:
        purge.cancel()
        with suppress(asyncio.CancelledError):
            await purge
        await site.uploads.close()
        site.threads.close()
        gc.set_threshold(*thresholds)
        gc.unfreeze()


def _calm_collector() -> tuple[int, int, int]:
    """Leaves out of garbage collection what stays for good, and collects more rarely; returns how often before.

    A request makes thousands of small objects and no cycles; with the usual thresholds a third of the time of a
    small Trace went into looking for some.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    return before
