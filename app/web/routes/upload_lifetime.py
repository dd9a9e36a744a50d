"""What uploads of pictures and of weights have in common: metrics, expiry, deletion with a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import unquote

from fastapi import Request, Response
from prometheus_client import Counter

from ...core.texts import make_text
from ...images.store.store import UploadReceipt
from ..app_state import get_app_state, get_query_string
from ..openapi.openapi import describe_call
from ..openapi.parameters import TOKEN
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError

CACHE_TEN_MINUTES = {"Cache-Control": "private, max-age=600"}
DELETE_DESCRIPTION = describe_call(TOKEN, content={}, success=204, statuses=(403, 410, 422, 503))
"""The description of calls that use `delete_upload`."""


@contextmanager
def count_uploads(answers: Counter) -> Iterator[None]:
    """Counts an upload by the status of its response."""
    try:
        yield
    except HTTPError as error:
        answers.labels(error.status).inc()
        raise
    answers.labels(201).inc()


def make_lease_row(stored: UploadReceipt) -> dict[str, str]:
    """When an upload expires, and the token that deletes it."""
    expires = datetime.fromtimestamp(stored.expires, UTC).isoformat(timespec="seconds")
    return {"expires": expires, "delete_token": stored.delete_token}


async def delete_upload(request: Request, id: str, gone: Callable[[str], HTTPError]) -> Response:
    """Deletes an upload if the request has its token. Raises HTTPError: that of `gone`, 403, or 503."""
    state = get_app_state(request)
    own = read_known_keys(get_query_string(request), ("token",))
    token = request.headers.get("x-delete-token") or unquote(own.get("token", ""))
    if await state.uploads.delete(id, token):
        state.forget(id)
        return Response(status_code=204)
    if not all(await state.uploads.touch([id])):
        raise gone(id)
    raise HTTPError(403, make_text("wrong_token" if token else "no_token"))
