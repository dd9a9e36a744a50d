"""A link as a picture for phones: the QR code."""

from __future__ import annotations

from urllib.parse import unquote

from fastapi import APIRouter, Request, Response

from ...render.qr_code import qr_svg
from ..app_state import get_app_state, get_query_string
from ..http_messages import NO_LINK
from ..openapi.openapi import SVG_FILE, describe_call
from ..openapi.parameters import LINK
from ..requests.forwarded import get_client_network
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError
from ..responses.ready_response import Reply, ReplyResponse, make_etag
from ..work.fair_queue import Work

MAX_LINK_BYTES = 1_000
"""Bytes of a link. Beyond, the code has over 125 modules a side, which phones read at arm's length only."""
CHARACTERS_PER_MS = 25
"""Of a link, so many take about a millisecond."""
SCHEMES = ("http://", "https://")

router = APIRouter(tags=["export"])


@router.get("/api/qr.svg", openapi_extra=describe_call(LINK, content=SVG_FILE, statuses=(422, 429, 503)))
async def get_qr(request: Request) -> Response:
    """The QR code of any link to a page of this site, as SVG. `link` is the whole address, percent-encoded."""
    link = unquote(read_known_keys(get_query_string(request), ("link",)).get("link", ""), errors="replace")
    length = len(link.encode(errors="replace"))
    if not link.startswith(SCHEMES) or length > MAX_LINK_BYTES:
        allowed = f"an address with http:// or https://, of at most {MAX_LINK_BYTES:,} bytes"
        raise HTTPError.for_value("link", link, allowed, NO_LINK.format(length=length, most=MAX_LINK_BYTES))
    return ReplyResponse(await _get_qr_reply(request, link))


async def _get_qr_reply(request: Request, link: str) -> Reply:
    """The reply, made once: a whole class photographs the same code."""
    state, key = get_app_state(request), ("qr", link)
    reply = state.replies.get(key)
    if reply is None:
        body = await state.executor.run(
            lambda: qr_svg(link).encode(), Work(get_client_network(request), len(link) / CHARACTERS_PER_MS)
        )
        reply = Reply(
            body, "image/svg+xml", headers={"Cache-Control": "no-cache"}, etag=make_etag(state.content_hash, key)
        ).with_gzip()
        state.replies.put(key, reply)
    return reply
