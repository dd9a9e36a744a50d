"""The web application: reads requests, calls the Lab, sends responses. It computes nothing itself."""

from __future__ import annotations

import logging
from functools import partial

from fastapi import FastAPI

from .. import __version__
from ..core.texts import write_in_english
from ..folder_checks import check_added_folders, find_folder_warnings
from ..settings import Settings, find_variable_warnings
from .app_state import make_app_state
from .middleware import OuterMiddleware
from .openapi.openapi import DescribedApp
from .requests.allowed_hosts import read_allowed_hosts
from .responses.error_handlers import add_error_handlers, make_error_reply
from .routes import (
    architecture_data,
    catalog,
    docs,
    examples_page,
    figure_data,
    filter_data,
    filters_page,
    image_uploads,
    operations,
    pages,
    scripts,
    weights_uploads,
)
from .routes.comparison import compare_page, compare_picture
from .routes.exercises import exercise_files, exercises_page
from .routes.lessons import (
    glossary_page,
    lesson_check_call,
    lesson_file_call,
    lesson_pages,
    make_page,
    shelf_page,
    teacher_page,
    worksheet_call,
)
from .routes.pages import make_pages
from .routes.questions import occlusion_data
from .routes.sharing import export_files, share

log = logging.getLogger(__name__)

__all__ = ["app_from_environment", "create_app"]

MODULES = (
    figure_data,
    occlusion_data,
    scripts,
    share,
    export_files,
    pages,
    image_uploads,
    weights_uploads,
    catalog,
    filters_page,
    filter_data,
    architecture_data,
    docs,
    examples_page,
    exercises_page,
    exercise_files,
    compare_page,
    compare_picture,
    glossary_page,
    shelf_page,
    teacher_page,
    worksheet_call,
    lesson_check_call,
    lesson_file_call,
    make_page,
    lesson_pages,
    operations,
)
"""The modules with routes, in the order of /openapi.json."""
DESCRIPTION = """
Every call takes the same query string as the page: `image`, `rows`, `batch`, `item`, `size`, `crop`, `channels`,
`range`, `adjust` and `layers` describe the figure, `stage`, `map` and others select what is shown. Or `scene=` takes
the figure as JSON. Responses carry the canonical query string. A value that is not allowed gives a 422 in
`application/problem+json` that names the field, the value and what is allowed; unknown keys are errors too.
"""


def app_from_environment() -> FastAPI:
    """The application with settings from the CONVOSCOPE_… variables, for any ASGI server; logs warnings about them.

    Raises pydantic's ValidationError, and UnusableFile.
    """
    settings = Settings()
    check_added_folders(settings)
    for sentence in (*find_variable_warnings(), *find_folder_warnings(settings)):
        log.warning("%s", sentence)
    return create_app(settings)


def create_app(settings: Settings) -> FastAPI:
    """The application for these settings. It starts no process and no thread before the first request."""
    state = make_app_state(settings)
    app = DescribedApp(
        title="Convoscope",
        version=__version__,
        summary=write_in_english(pages.DESCRIPTION),
        description=DESCRIPTION,
        license_info={"name": "MIT", "identifier": "MIT"},
        openapi_url=None,  # routes/operations.py serves it, with an ETag
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=operations.lifespan,
    )
    app.state.app_state = state
    app.state.pages = make_pages(state)
    routers = [module.router for module in MODULES]
    for router in routers:
        app.router.routes.extend(router.routes)  # include_router would make each request several times slower
    app.state.routes = [route for router in routers for route in router.routes]
    add_error_handlers(app)
    app.add_middleware(
        OuterMiddleware,
        state=state,
        hosts=read_allowed_hosts(settings),
        make_error_reply=partial(make_error_reply, app.state.pages),
    )
    return app
