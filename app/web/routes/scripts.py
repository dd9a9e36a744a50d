"""Modules for pages of other sites, under addresses that stay: their authors write them down once."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Request, Response

from ..app_state import query_of, site_of
from ..openapi.openapi import MODULE, describe
from ..requests.query_params import refuse_keys
from ..responses.ready_response import Sent

LIVES = {"Cache-Control": "no-cache"}

router = APIRouter(tags=["embed"])


@router.get("/conv-scope.js", openapi_extra=describe(answers=MODULE))
async def get_element(request: Request) -> Response:
    """The module of `<conv-scope>`, the figure as an element of any page. It needs nothing beside it."""
    refuse_keys(query_of(request))
    return Sent(replace(site_of(request).statics.files["conv-scope.js"], headers=LIVES))


@router.get("/deck-keys.js", openapi_extra=describe(answers=MODULE))
async def get_deck_keys(request: Request) -> Response:
    """For decks of Slidev and Marp: after a click in a figure, keys that it does not use reach the deck."""
    refuse_keys(query_of(request))
    return Sent(replace(site_of(request).statics.files["deck-keys.js"], headers=LIVES))


@router.get("/reveal-convoscope.js", openapi_extra=describe(answers=MODULE))
async def get_reveal_plugin(request: Request) -> Response:
    """The module of the plugin for reveal.js, which makes each stop of a figure a fragment. It stands alone."""
    refuse_keys(query_of(request))
    return Sent(replace(site_of(request).statics.files["reveal-convoscope.js"], headers=LIVES))
