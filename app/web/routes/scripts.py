"""JavaScript modules for pages of other sites, under permanent addresses."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ..app_state import get_app_state, get_query_string
from ..openapi.openapi import MODULE_FILE, describe_call
from ..requests.query_params import read_known_keys
from ..responses.ready_response import NO_CACHE, ReplyResponse

router = APIRouter(tags=["embed"])


@router.get("/conv-scope.js", openapi_extra=describe_call(content=MODULE_FILE))
async def get_element(request: Request) -> Response:
    """The module of `<conv-scope>`, the figure as an element of any page. It needs no other file."""
    read_known_keys(get_query_string(request))
    return ReplyResponse(replace(get_app_state(request).static_files.files["conv-scope.js"], headers=NO_CACHE))


@router.get("/deck-keys.js", openapi_extra=describe_call(content=MODULE_FILE))
async def get_deck_keys(request: Request) -> Response:
    """For decks of Slidev and Marp: after a click in a figure, keys that it does not use reach the deck."""
    read_known_keys(get_query_string(request))
    return ReplyResponse(replace(get_app_state(request).static_files.files["deck-keys.js"], headers=NO_CACHE))


@router.get("/reveal-convoscope.js", openapi_extra=describe_call(content=MODULE_FILE))
async def get_reveal_plugin(request: Request) -> Response:
    """The module of the plugin for reveal.js, which makes each stop of a figure a fragment. It needs no other file."""
    read_known_keys(get_query_string(request))
    return ReplyResponse(replace(get_app_state(request).static_files.files["reveal-convoscope.js"], headers=NO_CACHE))
