"""What the routes of exercises share: reads a set from the address, makes its exercises where there is time for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar
from urllib.parse import unquote

from fastapi import Request

from ....core.scene import View
from ....exercises.exercise import ExerciseSet
from ....exercises.set_reader import SET_KEYS, ExerciseError, read_set
from ....lab import ComputeLink, LabResult
from ...app_state import AppState, get_app_state, get_query_string
from ...requests.public_url import get_client_network
from ...requests.query_params import read_known_keys
from ...responses.http_errors import HTTPError
from ...work.fair_queue import Work
from ...work.work_executor import HEAVY_MS

T = TypeVar("T")
EXERCISE_MS = 2.0
"""About how many milliseconds an exercise takes, with the numbers that are drawn in vain."""
MOST_PAGE_MS = HEAVY_MS - 1
"""Pages never wait with heavy work, of which an address has a limit: a whole class opens them at once."""


def read_api_set(request: Request, *own: str) -> tuple[ExerciseSet, dict[str, str]]:
    """The set of a call, and the values of its own keys. Raises HTTPError (422)."""
    values = read_known_keys(get_query_string(request), (*SET_KEYS, *own))
    decoded = {key: unquote(value, errors="replace") for key, value in values.items()}
    try:
        return read_set(decoded), {key: decoded[key] for key in own if key in decoded}
    except ExerciseError as error:
        raise HTTPError.from_problems([error.problem]) from error


async def run_with_exercises(request: Request, make: Callable[[ComputeLink], T], cost: float) -> T:
    """What `make` returns, in a queue by its cost in milliseconds. Raises HTTPError (422, 429, 503)."""
    state = get_app_state(request)
    try:
        return await state.executor.run(
            partial(make, partial(_compute, state)), Work(get_client_network(request), cost)
        )
    except ExerciseError as error:
        raise HTTPError.from_problems([error.problem]) from error


def _compute(state: AppState, query: str) -> tuple[LabResult, View]:
    """The figure of a query string that an exercise wrote. Raises HTTPError where a limit of the server is lower."""
    answer, view = state.lab.compute_link(query)
    if answer.trace is None or answer.errors:
        raise HTTPError.from_problems(answer.problems)
    return answer, view
