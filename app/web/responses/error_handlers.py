"""Exception handlers: problem+json for the API, an HTML page for the rest."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from ...core.problems import make_problem
from ...core.texts import make_text
from ..http_messages import get_status_title
from ..requests.public_url import make_root_path
from ..routes.pages import Pages
from .http_errors import HTTPError, make_problem_reply
from .ready_response import Reply, ReplyResponse

API_PATHS = ("/api/", "/static/", "/healthz", "/readyz", "/metrics", "/openapi.json")
"""Paths whose errors are JSON; errors at all other paths are pages."""


def make_error_reply(pages: Pages, path: str, error: HTTPError, raw: bytes) -> Reply:
    """The reply to an error, as JSON or as a page by its path; `raw` is the path as it was sent."""
    return (
        make_problem_reply(error)
        if path.startswith(API_PATHS)
        else pages.render_error(error, make_root_path(path, raw))
    )


def add_error_handlers(app: FastAPI) -> None:
    """Adds handlers for HTTPError and for the exceptions of FastAPI itself."""
    app.add_exception_handler(HTTPError, _handle_http_error)
    app.add_exception_handler(HTTPException, _handle_routing_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)


async def _handle_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPError)
    scope = request.scope
    return ReplyResponse(make_error_reply(request.app.state.pages, scope["path"], error, scope.get("raw_path") or b""))


async def _handle_routing_error(request: Request, error: Exception) -> Response:
    """Handles unknown addresses and methods."""
    assert isinstance(error, HTTPException)
    details = {404: make_text("not_here"), 405: make_text("wrong_method", method=request.method[:20])}
    detail = details.get(error.status_code, get_status_title(error.status_code))
    headers = {**(error.headers or {}), **_make_allow_header(request)} if error.status_code == 405 else error.headers
    return await _handle_http_error(request, HTTPError(error.status_code, detail, headers=headers))


def _make_allow_header(request: Request) -> dict[str, str]:
    """The Allow header with the methods of all routes at an address, not of the first one only."""
    routes: list[APIRoute] = request.app.state.routes
    methods = {
        method for route in routes if route.path_regex.match(request.scope["path"]) for method in route.methods or ()
    }
    return {"Allow": ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))}


async def _handle_validation_error(request: Request, error: Exception) -> Response:
    """Handles values that FastAPI itself rejects."""
    assert isinstance(error, RequestValidationError)
    problems = [
        make_problem(
            "rejected_value",
            ".".join(map(str, fault["loc"])),
            str(fault.get("input", ""))[:200],
            fault["type"],
            reason=fault["msg"],
        )
        for fault in error.errors()
    ]
    return await _handle_http_error(request, HTTPError.from_problems(problems))
