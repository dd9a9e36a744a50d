"""What pictures and weights that people bring have in common: they are counted, expire, and are deleted by a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import unquote

from fastapi import Request, Response
from prometheus_client import Counter

from ...images.store.store import Stored
from ..app_state import get_app_state, get_query_string
from ..http_messages import NO_TOKEN, WRONG_TOKEN
from ..openapi.openapi import describe_call
from ..openapi.parameters import TOKEN
from ..requests.query_params import read_known_keys
from ..responses.http_errors import HTTPError

CACHE_TEN_MINUTES = {"Cache-Control": "private, max-age=600"}
DELETE_DESCRIPTION = describe_call(TOKEN, content={}, success=204, statuses=(403, 410, 422, 503))
"""What the documentation says of `delete_upload`."""


@contextmanager
def count_uploads(answers: Counter) -> Iterator[None]:
    """Counts how what somebody brings is answered: 201, or as it is refused."""
    try:
        yield
    except HTTPError as error:
        answers.labels(error.status).inc()
        raise
    answers.labels(201).inc()


def make_lease_row(stored: Stored) -> dict[str, str]:
    """How long something is kept, and what its owner deletes it with."""
    expires = datetime.fromtimestamp(stored.expires, UTC).isoformat(timespec="seconds")
    return {"expires": expires, "delete_token": stored.delete_token}


async def delete_upload(request: Request, id: str, gone: Callable[[str], HTTPError]) -> Response:
    """Deletes something at once for whoever has its token. Raises HTTPError: `gone`'s, 403, or 503."""
    state = get_app_state(request)
    own = read_known_keys(get_query_string(request), ("token",))
    token = request.headers.get("x-delete-token") or unquote(own.get("token", ""))
    if await state.uploads.delete(id, token):
        state.forget(id)
        return Response(status_code=204)
    if not all(await state.uploads.touch([id])):
        raise gone(id)
    raise HTTPError(403, WRONG_TOKEN if token else NO_TOKEN)
