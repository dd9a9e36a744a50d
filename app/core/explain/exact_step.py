"""The exact numbers of a step, in place of those that float32 holds: 0.7 − 0.4 − 0.3 is 0, and not −2.98e−8.

A stage's `denominator` says that its values are multiples of one fraction; the nearest multiple is the exact value.
"""

from __future__ import annotations

from typing import Any

from ..trace.denominators import round_to_multiple
from ..trace.trace import Stage
from .cell import Step

KINDS = ("conv", "linear", "pool", "pointwise", "shift", "flatten", "input", "dropout", "mean", "pad")
"""Kinds of steps whose sums are multiples of the same fraction as their values."""


def make_exact(step: Step, stage: Stage, before: Stage) -> Step:
    """The step with exact values, products, sums and result where they are known; all else as it was."""
    end, pool = stage.info.denominator, stage.info.pool
    denominator = end if step["kind"] == "pad" else before.info.denominator  # the value of a pad may be finer
    if denominator is None or denominator == 1 or step["kind"] not in KINDS or (pool and pool.kind == "l2"):
        return step
    if step["kind"] in ("conv", "linear") and end is None:  # trained weights, or sums too long for float32 to tell
        return step
    channels = [_make_channel_exact(channel, denominator) for channel in step["channels"]]
    exact: Step = {"channels": channels}
    if step["strongest"]:
        exact["strongest"] = [_make_term_exact(term, denominator) for term in step["strongest"]]
        exact["rest"] = step["rest"] | {"sum": round_to_multiple(step["rest"]["sum"], denominator)}
    total = round_to_multiple(step["sum"], denominator)
    result = round_to_multiple(step["result"], end) if end else step["result"]
    return step | exact | {"sum": total, "result": result}


def _make_term_exact(term: Step, denominator: int) -> Step:
    return term | {name: round_to_multiple(term[name], denominator) for name in ("value", "product")}


def _make_channel_exact(channel: Step, denominator: int) -> Step:
    """Weights of exact stages are whole numbers, so that products and their sum are multiples, too."""

    def make_rows_exact(rows: list[list[Any]]) -> list[list[Any]]:
        return [[None if one is None else round_to_multiple(one, denominator) for one in row] for row in rows]

    exact = {"values": make_rows_exact(channel["values"]), "sum": round_to_multiple(channel["sum"], denominator)}
    if channel["products"]:
        exact["products"] = make_rows_exact(channel["products"])
    return channel | exact
