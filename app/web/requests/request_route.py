"""A route that hands its function the request, and nothing that FastAPI reads out of it."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute


class RequestRoute(APIRoute):
    """A route for functions of the request alone that return a finished response.

    It is described in /openapi.json like any other. FastAPI does not look for parameters, a body and a form in each
    request, since there are none that the function does not read itself.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The function itself. Raises ValueError if it has other parameters than the request."""
        dependant = self.dependant
        if dependant.request_param_name is None or dependant.path_params or dependant.query_params:
            raise ValueError(f"{self.path} has parameters; it needs FastAPI's own route")
        handler: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return handler
