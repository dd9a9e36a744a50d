"""Pictures that people bring: in, back as a PNG, and gone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ..core.problems import Problem
from ..images.picture import Picture
from ..images.store import Stored
from ..render.png import png
from .asked import refuse_keys
from .documentation import FORM_BODY, PICTURE, STORED, UploadId, describe, text
from .refusal import Refused
from .reply import Reply, Sent, json_reply
from .site import query_of, site_of
from .words import GONE, NO_TOKEN, WRONG_TOKEN

MINUTES = "private, max-age=600"
TOKEN = text("token", "The delete_token that came with the upload, unless X-Delete-Token says it.", "…")

router = APIRouter(tags=["pictures"])


@router.post(
    "/api/images",
    status_code=201,
    openapi_extra=describe(answers=STORED, success=201, statuses=(400, 403, 408, 413, 415, 422, 503), body=FORM_BODY),
)
async def bring(request: Request) -> Response:
    """Keeps the pixels of a picture for a while: turned upright, in sRGB, reduced, without any metadata."""
    site = site_of(request)
    try:
        refuse_keys(query_of(request))
        stored = await site.uploads.receive(request)
    except Refused as refused:
        site.metrics.uploads.labels(refused.status).inc()
        raise
    site.metrics.uploads.labels(201).inc()
    return Sent(json_reply(_told(stored), 201, Location=f"/api/images/{stored.id}.png", Cache_Control="no-store"))


@router.get("/api/images/{id}.png", openapi_extra=describe(answers=PICTURE, statuses=(410, 422)))
async def picture(request: Request, id: UploadId) -> Response:
    """The copy that is worked with."""
    site = site_of(request)
    refuse_keys(query_of(request))
    found = await asyncio.to_thread(site.uploads.get, id)
    if found is None:
        raise _gone(id)
    body = await site.threads.run(lambda: _encoded(found))
    return Sent(Reply(body, "image/png", headers={"Cache-Control": MINUTES}))


@router.delete(
    "/api/images/{id}",
    status_code=204,
    openapi_extra=describe(TOKEN, answers={}, success=204, statuses=(403, 410, 422)),
)
@router.delete(
    "/api/images/{id}.png",
    status_code=204,
    openapi_extra=describe(TOKEN, answers={}, success=204, statuses=(403, 410, 422)),
)
async def delete(request: Request, id: UploadId) -> Response:
    """Deletes an upload at once."""
    site = site_of(request)
    own = refuse_keys(query_of(request), ("token",))
    token = request.headers.get("x-delete-token") or unquote(own.get("token", ""))
    id = id.removesuffix(".png")
    if await site.uploads.delete(id, token):
        return Response(status_code=204)
    if not site.uploads.has(id):
        raise _gone(id)
    raise Refused(403, WRONG_TOKEN if token else NO_TOKEN)


def _told(stored: Stored) -> dict[str, object]:
    return {
        "image": stored.id,
        "height": stored.height,
        "width": stored.width,
        "notes": list(stored.notes),
        "expires": datetime.fromtimestamp(stored.expires, UTC).isoformat(timespec="seconds"),
        "delete_token": stored.delete_token,
    }


def _encoded(found: Picture) -> bytes:
    return png(found.pixels, effort=1)


def _gone(id: str) -> Refused:
    return Refused.misfit([Problem("image", id[:60], "a picture brought in the last hours", GONE)], 410)
