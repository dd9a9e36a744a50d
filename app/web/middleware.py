"""What every answer has in common: headers, HEAD, counting, ready replies, a word when all else fails."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..addresses import read_networks
from .app_state import AppState, get_address_key
from .http_messages import UNEXPECTED_ERROR
from .requests.allowed_hosts import AllowedHosts
from .requests.forwarded import apply_proxies, get_public_url
from .requests.same_origin import check_same_origin
from .responses.http_errors import HTTPError
from .responses.ready_response import Reply
from .responses.security_headers import CORS_PREFLIGHT, CORS_READABLE, is_cors_readable, make_common_headers

log = logging.getLogger(__name__)

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class OuterMiddleware:
    """The outermost layer, in plain ASGI: it costs microseconds and never buffers."""

    def __init__(
        self, app: ASGIApp, site: AppState, hosts: AllowedHosts, refuse: Callable[[str, HTTPError, bytes], Reply]
    ) -> None:
        self._app = app
        self._site = site
        self._hosts = hosts
        self._refuse = refuse
        self._proxies = read_networks(site.settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        inner = apply_proxies(scope, self._site.settings.root_path, self._proxies)
        way_out = _WayOut(send, inner, began)
        try:
            self._hosts.must_have(inner)
        except HTTPError as refused:
            await self._refused(inner, refused).send(inner, way_out)
            self._count("none", way_out)
        else:
            await self._answer(inner, receive, way_out)

    async def _answer(self, scope: Scope, receive: Receive, way_out: _WayOut) -> None:
        ready = self._ready(scope)
        if ready is not None:
            await ready.send(scope, way_out)
            self._count(_ready_route(scope), way_out)
        elif _is_preflight(scope):
            await _allow(way_out)
        elif not scope["path"]:
            await _to_the_slash(scope).send(scope, way_out)
            self._count("none", way_out)
        else:
            # Every address that answers GET answers HEAD.
            inner = dict(scope, method="GET") if scope["method"] == "HEAD" else scope
            await self._guarded(inner, receive, way_out)
            self._count(str(getattr(inner.get("route"), "path", "none")), way_out)

    def _ready(self, scope: Scope) -> Reply | None:
        """A static file, or the reply to the very same address, if it is still at hand."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"].startswith("/static/"):
            return self._site.statics.get(scope["path"])
        key = self._site.shortcuts.get(get_address_key(scope))
        reply = self._site.replies.get(key) if key else None
        if reply is not None:
            self._site.metrics.found(True)
        return reply

    async def _guarded(self, scope: Scope, receive: Receive, way_out: _WayOut) -> None:
        try:
            check_same_origin(scope["method"], Headers(scope=scope), get_public_url(scope).host)
            await self._app(scope, receive, way_out)
        except HTTPError as refused:
            await self._refused(scope, refused).send(scope, way_out)
        except Exception:
            log.exception("%s %r", scope["method"], scope["path"])
            if way_out.status:
                raise
            await self._refused(scope, HTTPError(500, UNEXPECTED_ERROR)).send(scope, way_out)

    def _refused(self, scope: Scope, refused: HTTPError) -> Reply:
        return self._refuse(scope["path"], refused, scope.get("raw_path") or b"")

    def _count(self, route: str, way_out: _WayOut) -> None:
        self._site.metrics.answered(route, way_out.status, time.perf_counter() - way_out.began)


class _WayOut:
    """Adds the common headers to an answer and drops the body of one to HEAD."""

    def __init__(self, send: Send, scope: Scope, began: float) -> None:
        self._send = send
        self.began = began
        self._method: str = scope["method"]
        self._path: str = scope["path"]
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            own = [*message["headers"]]
            message["headers"] = [*own, *make_common_headers(self._method, self._path, self.status, own)]
        elif self._method == "HEAD":
            message["body"] = b""
        await self._send(message)


def _is_preflight(scope: Scope) -> bool:
    return scope["method"] == "OPTIONS" and any(
        name == b"access-control-request-method" and is_cors_readable(value.decode("latin-1"), scope["path"])
        for name, value in scope["headers"]
    )


async def _allow(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [*CORS_READABLE, *CORS_PREFLIGHT]})
    await send({"type": "http.response.body", "body": b""})


def _to_the_slash(scope: Scope) -> Reply:
    """Where the prefix alone leads: relative addresses begin behind a slash."""
    query = quote(scope["query_string"], safe=PRINTABLE)
    return Reply(b"", "text/plain", 308, {"Location": f"{get_public_url(scope).prefix}/{'?' if query else ''}{query}"})


def _ready_route(scope: Scope) -> str:
    return "/static" if scope["path"].startswith("/static/") else str(scope["path"])
