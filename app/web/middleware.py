"""Middleware for every response: common headers, HEAD, metrics, cached replies, a reply for unexpected errors."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..addresses import read_networks
from ..core.texts import get_language, make_text, use_language
from .app_state import AppState, get_address_key
from .requests.allowed_hosts import AllowedHosts
from .requests.public_url import apply_proxies, get_public_url
from .requests.same_origin import check_same_origin
from .responses.http_errors import HTTPError
from .responses.ready_response import Reply
from .responses.security_headers import CORS_PREFLIGHT, CORS_READABLE, is_cors_readable, make_common_headers

log = logging.getLogger(__name__)

PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


class OuterMiddleware:
    """The outermost middleware, in plain ASGI: it costs microseconds and never buffers."""

    def __init__(
        self,
        app: ASGIApp,
        state: AppState,
        hosts: AllowedHosts,
        make_error_reply: Callable[[str, HTTPError, bytes], Reply],
    ) -> None:
        self._app = app
        self._state = state
        self._hosts = hosts
        self._build_error_reply = make_error_reply
        self._proxies = read_networks(state.settings.trusted_proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if get_language() == self._state.settings.language:  # to set it again would cost a tenth of a cached reply
            await self._handle_request(scope, receive, send)
            return
        with use_language(self._state.settings.language):
            await self._handle_request(scope, receive, send)

    async def _handle_request(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        scope_inside = apply_proxies(scope, self._state.settings.root_path, self._proxies)
        sender = _ResponseSender(send, scope_inside, started)
        try:
            self._hosts.check(scope_inside)
        except HTTPError as error:
            await self._make_error_reply(scope_inside, error).send(scope_inside, sender)
            self._count_response("none", sender)
        else:
            await self._respond(scope_inside, receive, sender)

    async def _respond(self, scope: Scope, receive: Receive, sender: _ResponseSender) -> None:
        cached = self._find_cached_reply(scope)
        if cached is not None:
            await cached.send(scope, sender)
            self._count_response(_get_cached_route(scope), sender)
        elif _is_preflight(scope):
            await _send_preflight(sender)
        elif not scope["path"]:
            await _redirect_to_slash(scope).send(scope, sender)
            self._count_response("none", sender)
        else:
            # Every route that accepts GET accepts HEAD.
            scope_inside = dict(scope, method="GET") if scope["method"] == "HEAD" else scope
            await self._run_app(scope_inside, receive, sender)
            self._count_response(str(getattr(scope_inside.get("route"), "path", "none")), sender)

    def _find_cached_reply(self, scope: Scope) -> Reply | None:
        """A static file, or the reply to exactly this address if it is still cached."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        if scope["path"].startswith("/static/"):
            return self._state.static_files.get(scope["path"])
        key = self._state.shortcuts.get(get_address_key(scope))
        reply = self._state.replies.get(key) if key else None
        if reply is not None:
            self._state.metrics.count_lookup(True)
        return reply

    async def _run_app(self, scope: Scope, receive: Receive, sender: _ResponseSender) -> None:
        try:
            check_same_origin(scope["method"], Headers(scope=scope), get_public_url(scope).host)
            await self._app(scope, receive, sender)
        except HTTPError as error:
            await self._make_error_reply(scope, error).send(scope, sender)
        except Exception:
            log.exception("%s %r", scope["method"], scope["path"])
            if sender.status:
                raise
            await self._make_error_reply(scope, HTTPError(500, make_text("unexpected_error"))).send(scope, sender)

    def _make_error_reply(self, scope: Scope, error: HTTPError) -> Reply:
        return self._build_error_reply(scope["path"], error, scope.get("raw_path") or b"")

    def _count_response(self, route: str, sender: _ResponseSender) -> None:
        self._state.metrics.count_response(route, sender.status, time.perf_counter() - sender.started)


class _ResponseSender:
    """Sends a response with the common headers added, and without its body for HEAD."""

    def __init__(self, send: Send, scope: Scope, started: float) -> None:
        self._send = send
        self.started = started
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


async def _send_preflight(send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": [*CORS_READABLE, *CORS_PREFLIGHT]})
    await send({"type": "http.response.body", "body": b""})


def _redirect_to_slash(scope: Scope) -> Reply:
    """Redirects the bare prefix to the same with a slash, which relative addresses need."""
    query = quote(scope["query_string"], safe=PRINTABLE)
    return Reply(b"", "text/plain", 308, {"Location": f"{get_public_url(scope).prefix}/{'?' if query else ''}{query}"})


def _get_cached_route(scope: Scope) -> str:
    return "/static" if scope["path"].startswith("/static/") else str(scope["path"])
