"""The whole figure as a picture, for slides, Markdown and for links that are shown elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...lab import Answer
from ...render.embedded_link import carrying
from ...render.figure import figure_png
from ..app_state import ReplySpec, get_app_state, get_query_string
from ..openapi.openapi import PNG_FILE, describe_call
from ..openapi.parameters import MAP, PIXELS, STAGE, WIDTH
from ..requests.query_params import read_api_params
from ..responses.http_errors import HTTPError
from ..responses.ready_response import Reply
from ..work.work_executor import PNG_MS

MIN_WIDTH, DEFAULT_WIDTH, MAX_WIDTH = 320, 1200, 3840
PNG = "image/png"
PICTURE_KEYS = ("at", "beat", "colors", "scope", "theme", "title")

router = APIRouter(tags=["figure"])


@router.get(
    "/api/figure.png",
    openapi_extra=describe_call(
        STAGE, MAP, WIDTH, PIXELS, scene=True, view=PICTURE_KEYS, content=PNG_FILE, statuses=(410, 422)
    ),
)
async def get_figure_picture(request: Request) -> Response:
    """The whole figure as a picture, in PNG: both maps and the arithmetic between them.

    The file carries the figure: dropped on the Lab it opens as it was.
    """
    state = get_app_state(request)
    params = read_api_params(get_query_string(request), state.limits, ("width", "pixels"))
    width = params.get_whole_number("width", DEFAULT_WIDTH, MIN_WIDTH, MAX_WIDTH)
    pixels = params.get_choice("pixels", ("0", "1")) == "1"

    def build(answer: Answer) -> Reply:
        if answer.trace is None:
            raise HTTPError.from_problems(answer.problems)
        file = figure_png(answer.trace, params.view, width)
        return Reply(carrying(file, answer.trace, answer.scene, params.view, pixels), PNG)

    return await state.send(
        request, params, ReplySpec(("figure", params.full_link, width, pixels), build, extra_ms=PNG_MS)
    )
