"""What pictures and weights that people bring have in common: they are counted, expire, and are deleted by a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import unquote

from fastapi import Request, Response
from prometheus_client import Counter

from ...images.store.store import UploadReceipt
from ..app_state import query_of, site_of
from ..http_messages import NO_TOKEN, WRONG_TOKEN
from ..openapi.openapi import describe
from ..openapi.parameters import TOKEN
from ..requests.query_params import refuse_keys
from ..responses.http_errors import Refused

MINUTES = {"Cache-Control": "private, max-age=600"}
DELETION = describe(TOKEN, answers={}, success=204, statuses=(403, 410, 422, 503))
"""What the documentation says of `delete_brought`."""


@contextmanager
def counted(answers: Counter) -> Iterator[None]:
    """Counts how what somebody brings is answered: 201, or as it is refused."""
    try:
        yield
    except Refused as refused:
        answers.labels(refused.status).inc()
        raise
    answers.labels(201).inc()


def lease(stored: UploadReceipt) -> dict[str, str]:
    """How long something is kept, and what its owner deletes it with."""
    expires = datetime.fromtimestamp(stored.expires, UTC).isoformat(timespec="seconds")
    return {"expires": expires, "delete_token": stored.delete_token}


async def delete_brought(request: Request, id: str, gone: Callable[[str], Refused]) -> Response:
    """Deletes something at once for whoever has its token. Raises Refused: `gone`'s, 403, or 503."""
    site = site_of(request)
    own = refuse_keys(query_of(request), ("token",))
    token = request.headers.get("x-delete-token") or unquote(own.get("token", ""))
    if await site.uploads.delete(id, token):
        site.forget(id)
        return Response(status_code=204)
    if not all(await site.uploads.has([id])):
        raise gone(id)
    raise Refused(403, WRONG_TOKEN if token else NO_TOKEN)
