"""The HTTP side: parse, call, answer. No arithmetic."""

from __future__ import annotations

import logging
from functools import partial

from fastapi import FastAPI

from .. import __version__
from ..places import must_have_added, warnings_of
from ..settings import Settings, unknown_variables
from . import api, drawn, elsewhere, export, gallery, images, interface, menus, pages, qr, running, weights
from .documentation import Application
from .front import Front
from .hosts import hosts_of
from .pages import make_pages
from .refusals import handle_refusals, refusal
from .site import make_site

log = logging.getLogger(__name__)

__all__ = ["app_from_environment", "create_app"]

MODULES = (api, drawn, elsewhere, export, qr, pages, images, weights, menus, gallery, interface, running)
"""Where the routes are, in the order in which they are described."""
DESCRIPTION = """
Every call takes the same query string as the page: `image`, `size`, `crop`, `channels`, `range` and `layers` say
the figure, `stage`, `map` and others what is looked at. Or `scene=` takes the figure as JSON. Answers carry the
canonical query string. A value that does not fit is a 422 in `application/problem+json` that names the field, the
value and what is allowed; unknown keys are refused too.
"""


def app_from_environment() -> FastAPI:
    """The server as the CONVOSCOPE_… variables describe it, for whatever serves it; their faults are logged.

    Raises pydantic's ValidationError, and UnusableFile.
    """
    settings = Settings()
    must_have_added(settings)
    for sentence in (*unknown_variables(), *warnings_of(settings)):
        log.warning("%s", sentence)
    return create_app(settings)


def create_app(settings: Settings) -> FastAPI:
    """The server for these settings. It starts no process and no thread before it is asked for something."""
    site = make_site(settings)
    app = Application(
        title="Convoscope",
        version=__version__,
        summary=pages.DESCRIPTION,
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_url=None,  # running.py answers it, with an ETag
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=running.lifespan,
    )
    app.state.site = site
    app.state.pages = make_pages(site)
    routers = [module.router for module in MODULES]
    for router in routers:
        app.router.routes.extend(router.routes)  # including routers costs each request a multiple of the time
    app.state.routes = [route for router in routers for route in router.routes]
    handle_refusals(app)
    app.add_middleware(Front, site=site, hosts=hosts_of(settings), refuse=partial(refusal, app.state.pages))
    return app
