"""The transition between two neighboring steps, as in `static/pure/motion/transition.js`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from ..number_text import MINUS, add_plus_sign
from .motion_tracks import MotionSpot, Track
from .moving_places import StepPlaces
from .moving_tracks import add_bias, gather, leave_subtotal, lift, merge, slide, write

WITH_NUMBERS = ("conv", "pool", "pointwise", "shift")
"""The kinds of steps whose numbers travel; of the others, only window and cell."""
DECIMAL = re.compile(r"[+−]?\d+(?:\.(\d+))?")
NAMES = ("products", "sum", "bias", "write")


@dataclass(frozen=True, slots=True)
class MovingStep:
    """A step at one of its beats: its numbers (`explain_step`), the beat, and all beats of its stage."""

    numbers: Mapping[str, Any]
    beat: str
    beats: Sequence[str]

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Stage, map, row and column."""
        one = self.numbers
        return one["stage"], one["map"], one["row"], one["col"]

    @property
    def kind(self) -> str:
        """The kind of its operation."""
        return str(self.numbers["kind"])

    @property
    def channels(self) -> Sequence[Mapping[str, Any]]:
        """The channels that it reads."""
        channels: Sequence[Mapping[str, Any]] = self.numbers["channels"]
        return channels


@dataclass(frozen=True, slots=True)
class SumCount:
    """What the sum counts: the totals after each number, and the bias with its sign."""

    totals: Sequence[str] = ()
    bias: str = ""


def name_transition(before: MovingStep, after: MovingStep, is_brief: bool = False) -> str | None:
    """What moves from one step to another; None where nothing does: another stage or map, and back to a beat before.

    With `is_brief` only the window and the cell move.
    """
    if before.place[:2] != after.place[:2]:
        return None
    is_detailed = not is_brief and after.kind in WITH_NUMBERS and len(after.channels) > 0
    if before.place != after.place:
        return "window" if is_detailed and len(after.beats) > 1 and after.beat == after.beats[0] else "slide"
    beats = list(after.beats)
    is_later = after.beat in beats and (before.beat not in beats or beats.index(after.beat) > beats.index(before.beat))
    if not is_later or not is_detailed:
        return None
    if after.beat == "sum" and not after.channels[0]["weights"]:
        return "pick" if _is_of_one_number(after) else "sum"
    if after.beat.startswith("channel-"):
        return "channel"
    return after.beat if after.beat in NAMES else None


def _is_of_one_number(step: MovingStep) -> bool:
    """Whether the result is one of the numbers of the window."""
    return step.numbers["chosen"] is not None or sum(map(len, step.channels[0]["values"])) == 1


def plan_tracks(
    steps: tuple[MovingStep, MovingStep],
    places: tuple[StepPlaces, StepPlaces],
    counting: SumCount,
    is_brief: bool = False,
) -> tuple[Track, ...]:
    """Plan the tracks from the first step to the second; none where nothing moves."""
    return tuple(_plan(name_transition(*steps, is_brief), steps[1], *places, counting))


def _plan(
    name: str | None, step: MovingStep, before: StepPlaces, after: StepPlaces, counting: SumCount
) -> Iterator[Track]:
    match name:
        case "slide":
            yield from slide(before, after)
        case "window":
            yield from slide(before, after)
            yield from lift(after)
        case "products":
            for channel, table in enumerate(after.tables):
                yield from merge(table, channel)
        case "channel":
            is_listed = len(after.tables) == len(step.channels)
            yield from leave_subtotal(int(step.beat[8:]) if is_listed else 0, before, after)
        case "sum":
            yield from gather(_list_terms(after, len(step.channels)), before, after, counting.totals)
        case "pick":
            yield from gather(_find_picked(step, after), before, after, ())
        case "bias":
            yield from add_bias(before, after, counting.bias)
        case "write":
            yield from write(after, "pooling" if step.kind == "pool" else "cell")


def _list_terms(places: StepPlaces, channels: int) -> list[MotionSpot]:
    """What goes to the sum: the subtotals of several channels, or else the products, or the numbers themselves; nothing
    where not all channels have a table.
    """
    if len(places.tables) != channels:
        return []
    if channels > 1:
        return [table.sum for table in places.tables if table.sum]
    return [spot for table in places.tables for spot in table.products or table.window]


def _find_picked(step: MovingStep, places: StepPlaces) -> list[MotionSpot]:
    """The chosen number of a window."""
    cells = places.tables[0].window if places.tables else ()
    sources = [cell and tuple(cell) for line in step.channels[0]["sources"] for cell in line]
    chosen = step.numbers["chosen"]
    index = sources.index(tuple(chosen[1:])) if chosen and tuple(chosen[1:]) in sources else 0
    return list(cells[index : index + 1])


def list_totals(terms: Sequence[str], is_signed: bool) -> list[str]:
    """The totals after the first number, the first two, … as texts; none where one is not written in decimals.

    With `is_signed` a positive total has a plus.
    """
    found = [DECIMAL.fullmatch(term) for term in terms]
    if not all(found):
        return []
    decimals = max((len(one[1] or "") for one in found if one), default=0)
    units = accumulate(round(float(term.replace(MINUS, "-")) * 10**decimals) for term in terms)
    texts = [f"{unit / 10**decimals:.{decimals}f}".replace("-", MINUS) for unit in units]
    return [add_plus_sign(text) for text in texts] if is_signed else texts
