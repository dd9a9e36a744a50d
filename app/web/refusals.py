"""Whatever goes wrong in a route is said in the way that who asked can read."""

from __future__ import annotations

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ..core.problems import Problem
from .pages import Pages
from .refusal import Refused, problem_reply
from .reply import Reply, Sent
from .words import NOT_HERE, WRONG_METHOD, title_of

PROGRAMS = ("/api/", "/static/", "/healthz", "/metrics", "/openapi.json")
"""Addresses that programs ask for: they are refused in JSON, all others with a page."""


def refusal(pages: Pages, path: str, refused: Refused) -> Reply:
    """A refusal in the way that fits the address."""
    return problem_reply(refused) if path.startswith(PROGRAMS) else pages.refusal(refused)


def handle_refusals(app: FastAPI) -> None:
    """Answers every refusal, FastAPI's own among them, as a problem or as a page."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(HTTPException, _unknown)
    app.add_exception_handler(RequestValidationError, _invalid)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return Sent(refusal(request.app.state.pages, request.scope["path"], error))


async def _unknown(request: Request, error: Exception) -> Response:
    """Addresses and methods that there are none of."""
    assert isinstance(error, HTTPException)
    words = {404: NOT_HERE, 405: WRONG_METHOD.format(method=request.method[:20])}
    detail = words.get(error.status_code, title_of(error.status_code))
    return await _refused(request, Refused(error.status_code, detail, headers=error.headers))


async def _invalid(request: Request, error: Exception) -> Response:
    """What FastAPI itself refuses."""
    assert isinstance(error, RequestValidationError)
    problems = [
        Problem(".".join(map(str, fault["loc"])), str(fault.get("input", ""))[:200], fault["type"], f"{fault['msg']}.")
        for fault in error.errors()
    ]
    return await _refused(request, Refused.misfit(problems))
