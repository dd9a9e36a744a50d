"""The stage and the map that a request names, or a refusal that says which there are."""

from __future__ import annotations

from ...core.trace.trace import Stage, Trace
from ..http_messages import NOT_WHOLE_NUMBER
from ..responses.http_errors import HTTPError


def get_stage(trace: Trace, index: int) -> Stage:
    """A stage by its index, or HTTPError (422)."""
    return trace.stages[_check_index("stage", index, len(trace.stages) - 1)]


def get_map_index(stage: Stage, index: int) -> int:
    """A map of a stage by its index, or HTTPError (422)."""
    return _check_index("map", index, len(stage.output) - 1)


def _check_index(field: str, value: int, most: int) -> int:
    if value > most:
        message = NOT_WHOLE_NUMBER.format(field=field, value=value, least=0, most=most)
        raise HTTPError.for_value(field, value, f"0 to {most}", message)
    return value
