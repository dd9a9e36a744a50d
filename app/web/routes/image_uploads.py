"""Pictures that people bring: in, back as a PNG, and gone."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...core.problems import Problem
from ...images.picture import Picture
from ...images.store.store import UploadReceipt
from ...render.png import png
from ..app_state import query_of, site_of
from ..http_messages import GONE
from ..openapi.openapi import FORM_BODY, PICTURE, STORED, describe
from ..openapi.parameters import STRETCH, UploadId
from ..requests.forwarded import outside_of, place_of
from ..requests.query_params import one_of, refuse_keys
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply, Sent, json_reply
from ..work.fair_queue import Work
from ..work.work_executor import PICTURE_COST
from .upload_lifetime import DELETION, MINUTES, counted, delete_brought, lease

router = APIRouter(tags=["pictures"])


@router.post(
    "/api/images",
    status_code=201,
    openapi_extra=describe(STRETCH, answers=STORED, success=201, statuses=(415, 422), body=FORM_BODY),
)
async def bring_image(request: Request) -> Response:
    """Brings a picture, whose pixels are kept for a while: turned upright, in sRGB, reduced, without any metadata."""
    site = site_of(request)
    with counted(site.metrics.uploads):
        own = refuse_keys(query_of(request), ("stretch",))
        stretch = one_of(own, "stretch", ("0", "1")) == "1"
        stored, dark = await site.uploads.receive(request, stretch)
    where = f"{outside_of(request).prefix}/api/images/{stored.id}.png"
    return Sent(json_reply(_told(stored, dark), 201, Location=where, Cache_Control="no-store"))


@router.get("/api/images/{id}.png", openapi_extra=describe(answers=PICTURE, statuses=(410, 422, 503)))
async def get_image(request: Request, id: UploadId) -> Response:
    """The copy of a brought picture that is worked with, in PNG."""
    site = site_of(request)
    refuse_keys(query_of(request))
    found = await site.uploads.get(id)
    if found is None:
        raise _gone(id)
    body = await site.work.run(lambda: _encoded(found), Work(place_of(request), PICTURE_COST))
    return Sent(Reply(body, "image/png", headers=MINUTES))


@router.delete("/api/images/{id}", status_code=204, openapi_extra=DELETION, name="delete_image_by_id")
@router.delete("/api/images/{id}.png", status_code=204, openapi_extra=DELETION)
async def delete_image(request: Request, id: UploadId) -> Response:
    """Deletes a brought picture at once, for whoever has its token."""
    return await delete_brought(request, id.removesuffix(".png"), _gone)


def _told(stored: UploadReceipt, dark: bool) -> dict[str, object]:
    return {
        "image": stored.id,
        "height": stored.height,
        "width": stored.width,
        "notes": list(stored.notes),
        "dark": dark,
        **lease(stored),
    }


def _encoded(found: Picture) -> bytes:
    return png(found.pixels, effort=1)


def _gone(id: str) -> Refused:
    return Refused.misfit([Problem("image", id[:60], "a picture brought in the last hours", GONE)], 410)
