"""The stage and the map that a request names, or a refusal that says which there are."""

from __future__ import annotations

from ...core.trace.trace import Stage, Trace
from ..http_messages import NOT_WHOLE_NUMBER
from ..responses.http_errors import HTTPError


def get_stage(trace: Trace, index: int) -> Stage:
    """A stage by its index, or Refused (422)."""
    return trace.stages[_within("stage", index, len(trace.stages) - 1)]


def get_map_index(stage: Stage, index: int) -> int:
    """A map of a stage by its index, or Refused (422)."""
    return _within("map", index, len(stage.output) - 1)


def _within(field: str, value: int, most: int) -> int:
    if value > most:
        words = NOT_WHOLE_NUMBER.format(field=field, value=value, least=0, most=most)
        raise HTTPError.value(field, value, f"0 to {most}", words)
    return value
