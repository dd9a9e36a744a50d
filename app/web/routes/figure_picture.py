"""The whole figure as a picture, for slides, Markdown and for links that are shown elsewhere."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from ...lab import LabResult
from ...render.embedded_link import carrying
from ...render.figure import figure_png
from ..app_state import Computed, query_of, site_of
from ..openapi.openapi import PICTURE, describe
from ..openapi.parameters import MAP, PIXELS, STAGE, WIDTH
from ..requests.query_params import ask_api
from ..responses.http_errors import Refused
from ..responses.ready_response import Reply
from ..work.work_executor import PICTURE_COST

LEAST, USUAL, MOST = 320, 1200, 3840
PNG = "image/png"
SHOWN = ("at", "beat", "colors", "scope", "theme", "title")

router = APIRouter(tags=["figure"])


@router.get(
    "/api/figure.png",
    openapi_extra=describe(STAGE, MAP, WIDTH, PIXELS, scene=True, view=SHOWN, answers=PICTURE, statuses=(410, 422)),
)
async def get_figure_picture(request: Request) -> Response:
    """The whole figure as a picture, in PNG: both maps and the arithmetic between them.

    The file carries the figure: dropped on the Lab it opens as it was.
    """
    site = site_of(request)
    asked = ask_api(query_of(request), site.limits, ("width", "pixels"))
    width = asked.whole("width", USUAL, LEAST, MOST)
    pixels = asked.word("pixels", ("0", "1")) == "1"

    def made(answer: LabResult) -> Reply:
        if answer.trace is None:
            raise Refused.misfit(answer.problems)
        file = figure_png(answer.trace, asked.view, width)
        return Reply(carrying(file, answer.trace, answer.scene, asked.view, pixels), PNG)

    return await site.send(
        request, asked, Computed(("figure", asked.full_link, width, pixels), made, extra=PICTURE_COST)
    )
