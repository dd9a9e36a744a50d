"""What every answer has in common: headers, HEAD, counting, ready replies, a word when all else fails."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .origin import must_be_own
from .refusal import Refused
from .reply import Reply
from .site import Site, address
from .words import BROKEN

log = logging.getLogger(__name__)

EVERYWHERE = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
READABLE_ANYWHERE = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Location, ETag, Retry-After"),
)
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, HEAD"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
)


class Front:
    """The outermost layer, in plain ASGI: it costs microseconds and never buffers."""

    def __init__(self, app: ASGIApp, site: Site, refuse: Callable[[str, Refused], Reply]) -> None:
        self._app = app
        self._site = site
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        way_out = _WayOut(send, scope["method"])
        ready = self._ready(scope)
        if ready is not None:
            await ready.send(scope, way_out)
            self._count(_ready_route(scope), way_out)
        elif _is_preflight(scope):
            await _allow(way_out)
        else:
            # Every address that answers GET answers HEAD. The server needs its own scope unchanged.
            inner = dict(scope, method="GET") if scope["method"] == "HEAD" else scope
            await self._guarded(inner, receive, way_out)
            self._count(str(getattr(inner.get("route"), "path", "none")), way_out)

    def _ready(self, scope: Scope) -> Reply | None:
        """A static file, or the reply to the very same address, if it is still at hand."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"].startswith("/static/"):
            return self._site.statics.get(scope["path"])
        key = self._site.shortcuts.get(address(scope))
        reply = self._site.replies.get(key) if key else None
        if reply is not None:
            self._site.metrics.found(True)
        return reply

    async def _guarded(self, scope: Scope, receive: Receive, way_out: _WayOut) -> None:
        try:
            must_be_own(scope["method"], Headers(scope=scope))
            await self._app(scope, receive, way_out)
        except Refused as refused:
            await self._refuse(scope["path"], refused).send(scope, way_out)
        except Exception:
            log.exception("%s %s", scope["method"], scope["path"])
            if way_out.status:
                raise
            await self._refuse(scope["path"], Refused(500, BROKEN)).send(scope, way_out)

    def _count(self, route: str, way_out: _WayOut) -> None:
        self._site.metrics.requests.labels(route, way_out.status).inc()


class _WayOut:
    """Adds the common headers to an answer and drops the body of one to HEAD."""

    def __init__(self, send: Send, method: str) -> None:
        self._send = send
        self._method = method
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            shared = READABLE_ANYWHERE if self._method in ("GET", "HEAD") else ()
            message["headers"] = [*message["headers"], *EVERYWHERE, *shared]
        elif self._method == "HEAD":
            message["body"] = b""
        await self._send(message)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" and value in (b"GET", b"HEAD") for name, value in scope["headers"]
    )


async def _allow(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [*READABLE_ANYWHERE, *PREFLIGHT]})
    await send({"type": "http.response.body", "body": b""})


def _ready_route(scope: Scope) -> str:
    return "/static" if scope["path"].startswith("/static/") else str(scope["path"])
