from __future__ import annotations

import pytest
from fastapi import APIRouter, Request, Response

from app.web.requests.request_route import RequestRoute


def test_a_function_with_parameters_of_its_own_is_refused():
    router = APIRouter(route_class=RequestRoute)

    async def get_picture(request: Request, name: str) -> Response:
        return Response(name)

    with pytest.raises(ValueError, match="/pictures/"):
        router.add_api_route("/pictures/{name}", get_picture)
