"""Writes the numbers of a step, for every kind of layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..trace.trace import Stage, Trace, get_read
from .join_texts import write_join
from .step_texts import StepTexts
from .weighted_texts import write_preprocessing, write_weighted_sum
from .window_texts import write_column, write_pooling, write_shares, write_single, write_softmax

_WRITERS: Mapping[str, Callable[[Stage, Stage, Mapping[str, Any]], StepTexts]] = {
    "conv": write_weighted_sum,
    "linear": write_weighted_sum,
    "prepare": write_preprocessing,
    "pool": write_pooling,
    "softmax": write_softmax,
    "lrn": write_column,
    "mean": write_pooling,
    "upsample": write_shares,
    "center": write_shares,
}


def write_step(trace: Trace, step: Mapping[str, Any]) -> StepTexts:
    """The texts of a step that `explain_step` made of this trace."""
    stage = trace.stages[step["stage"]]
    if step["kind"] == "join":
        return write_join(stage, [trace.stages[term["stage"]] for term in step["terms"]], step)
    before = get_read(trace, stage)
    return _WRITERS.get(str(step["kind"]), write_single)(stage, before, step)
