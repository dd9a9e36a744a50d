"""How long what moves takes, as `static/pure/motion/timings.js` has it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

TIMINGS: Mapping[str, float] = MappingProxyType(
    {
        "slide": 180,
        "lift": 200,
        "nextChannel": 60,
        "merge": 160,
        "each": 40,
        "stagger": 400,
        "subtotal": 120,
        "gather": 180,
        "hold": 80,
        "bias": 220,
        "arc": 230,
        "pulse": 250,
        "stage": 450,
        "share": 0.8,
        "fastest": 4,
        "shortest": 80,
        "full": 2,
    }
)
"""Milliseconds of each part of a motion, where its beat is long enough. `hold`: how long a total stays that is not yet
the result; `share`: the part of a beat that it may take; `fastest`: the tempo above which nothing moves; `shortest`:
what would be quicker is not moved at all; `full`: of so many positions in a row everything moves, later only the window
and the cell.
"""


def fit_time(own: float, beat: float, tempo: float) -> float:
    """How long a motion takes in a beat, in milliseconds: its own time, or as much shorter as its beat asks for; 0 for
    none.
    """
    time = min(own, TIMINGS["share"] * beat)
    return 0 if tempo > TIMINGS["fastest"] or time < min(own, TIMINGS["shortest"]) else time


def choose_stagger(count: int) -> float:
    """From one number to the next of so many that start one after another, in milliseconds."""
    return min(TIMINGS["each"], TIMINGS["stagger"] / (count - 1)) if count > 1 else 0
