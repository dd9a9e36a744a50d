"""Uploaded pictures: upload, read as PNG, delete."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...core.problems import make_problem
from ...core.texts import make_text
from ...images.picture import Picture
from ...render.png import encode_png
from ..app_state import get_app_state, get_query_string
from ..openapi.openapi import FORM_BODY, PNG_FILE, STORED_PICTURE, describe_call
from ..openapi.parameters import STRETCH, UploadIdParam
from ..requests.public_url import get_client_network, get_public_url
from ..requests.query_params import read_choice, read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import PNG_TYPE, Reply, ReplyResponse, make_json_reply
from ..work.fair_queue import Work
from ..work.uploads import ReceivedPicture
from ..work.work_executor import PNG_MS
from .upload_lifetime import CACHE_TEN_MINUTES, DELETE_DESCRIPTION, count_uploads, delete_upload, make_lease_row

router = APIRouter(tags=["pictures"])


@router.post(
    "/api/images",
    status_code=201,
    name="bring_image",  # the operationId, which generated clients use
    openapi_extra=describe_call(STRETCH, content=STORED_PICTURE, success=201, statuses=(415, 422), body=FORM_BODY),
)
async def upload_image(request: Request) -> Response:
    """Uploads a picture, whose pixels are stored for a while: turned upright, in sRGB, reduced, without metadata."""
    state = get_app_state(request)
    with count_uploads(state.metrics.uploads):
        own = read_known_keys(get_query_string(request), ("stretch",))
        stretch = read_choice(own, "stretch", ("0", "1")) == "1"
        received = await state.uploads.receive_picture(request, stretch)
    where = f"{get_public_url(request).prefix}/api/images/{received.stored.id}.png"
    return ReplyResponse(make_json_reply(_make_stored_row(received), 201, Location=where, Cache_Control="no-store"))


@router.get("/api/images/{id}.png", openapi_extra=describe_call(content=PNG_FILE, statuses=(410, 422, 503)))
async def get_image(request: Request, id: UploadIdParam) -> Response:
    """The stored pixels of an uploaded picture, in PNG."""
    state = get_app_state(request)
    read_known_keys(get_query_string(request))
    picture = await state.uploads.get_picture(id)
    if picture is None:
        raise _gone_picture_error(id)
    body = await state.executor.run(lambda: _encode_png(picture), Work(get_client_network(request), PNG_MS))
    return ReplyResponse(Reply(body, PNG_TYPE, headers=CACHE_TEN_MINUTES))


@router.delete("/api/images/{id}", status_code=204, openapi_extra=DELETE_DESCRIPTION, name="delete_image_by_id")
@router.delete("/api/images/{id}.png", status_code=204, openapi_extra=DELETE_DESCRIPTION)
async def delete_image(request: Request, id: UploadIdParam) -> Response:
    """Deletes an uploaded picture at once; needs its token."""
    return await delete_upload(request, id.removesuffix(".png"), _gone_picture_error)


def _make_stored_row(received: ReceivedPicture) -> dict[str, object]:
    stored = received.stored
    return {
        "image": stored.id,
        "height": stored.height,
        "width": stored.width,
        "notes": list(stored.notes),
        "dark": received.dark,
        "colored": received.colored,
        **make_lease_row(stored),
    }


def _encode_png(picture: Picture) -> bytes:
    return encode_png(picture.pixels, effort=1)


def _gone_picture_error(id: str) -> HTTPError:
    return HTTPError.from_problems(
        [make_problem("gone", "image", id[:60], make_text("kept_upload"), make_text("drop_again"))], 410
    )
