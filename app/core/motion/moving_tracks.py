"""The tracks from one step to the next, as in `static/pure/motion/step-tracks.js` and `sum-tracks.js`.

Numbers keep the order of reading and start from a place where they can be seen; what they make stays hidden until they
arrive.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .motion_times import TIMINGS, choose_stagger
from .motion_tracks import NOWHERE, Count, MotionSpot, Track
from .moving_places import StepPlaces, TablePlaces

GATHERED = 0.5
"""The size of a number that has arrived at the sum, in parts of its own."""
HIGHEST_ARC, ARC_PART, PULSE = 64, 0.22, 14
"""The highest arc of a sum on its way to its cell, its part of the distance; how far a pulse grows beyond its cell."""
BIAS_WIDTH = 0.6
"""The width of a character of the bias, in parts of its size."""


def slide(before: StepPlaces, after: StepPlaces) -> Iterator[Track]:
    """The window and the cell go to their next place."""
    end = TIMINGS["slide"]
    if before.window and after.window:
        from_, to = NOWHERE.move_to(before.window), NOWHERE.move_to(after.window)
        if after.linked:
            yield Track("lines", "lines", 0, end, from_, to, table=after.linked)
        yield Track("outline", "window", 0, end, from_, to, role="window")
    if before.cell and after.cell:
        yield Track("outline", "cell", 0, end, NOWHERE.move_to(before.cell), NOWHERE.move_to(after.cell), role="cell")


def lift(after: StepPlaces) -> Iterator[Track]:
    """The cells of the window lift out of the input, channel after channel."""
    for channel, table in enumerate(after.tables):
        start = TIMINGS["slide"] + channel * TIMINGS["nextChannel"]
        for index, to in enumerate(table.window):
            if source := after.sources[index] if index < len(after.sources) else None:
                from_ = replace(source, text=to.text, size=to.size, face=to.face)
                place = f"{channel} {index}"
                yield Track("cell", f"lift {place}", start, start + TIMINGS["lift"], from_, to, hides=f"window {place}")


def merge(table: TablePlaces, channel: int) -> Iterator[Track]:
    """Each number of a window meets its weight, and their product goes on to its place."""
    each = choose_stagger(len(table.products))
    for index, (to, from_, via) in enumerate(zip(table.products, table.window, table.filter, strict=False)):
        start, place = index * each, f"{channel} {index}"
        end = start + TIMINGS["merge"]
        yield Track("cell", f"merge {place}", start, end, from_, to, via, hides=f"products {place}")


def leave_subtotal(channel: int, before: StepPlaces, after: StepPlaces) -> Iterator[Track]:
    """A row of three tables leaves its subtotal."""
    if channel >= len(after.tables):
        return
    table = after.tables[channel]
    merged = list(merge(table, channel))
    yield from merged
    start = max((track.end for track in merged), default=0)
    if table.products and table.sum:
        end, last = start + TIMINGS["subtotal"], table.products[-1]
        from_ = table.sum.move_to(last.over(table.sum.width, table.sum.height))
        yield Track("number", f"subtotal {channel}", start, end, from_, table.sum, hides=f"subtotal {channel}")
        yield from _keep("terms", before.terms, after.terms, end)


def gather(
    terms: Sequence[MotionSpot], before: StepPlaces, after: StepPlaces, totals: Sequence[str]
) -> Iterator[Track]:
    """Numbers go to the sum one after another, and it counts."""
    if not after.sum or not terms:
        return
    each, tracks = choose_stagger(len(terms)), list[Track]()
    for index, from_ in enumerate(terms):
        to = from_.move_to(after.sum.over(from_.width * GATHERED, from_.height * GATHERED))
        start = index * each
        tracks.append(Track("cell", f"gather {index}", start, start + TIMINGS["gather"], from_, to, fades=True))
    yield from tracks
    counts = [Count(tracks[index].end, text) for index, text in enumerate(totals)]
    total = totals[-1] if totals else after.sum.text
    end = tracks[-1].end + (0 if total == after.sum.text else TIMINGS["hold"])
    yield from _count(before, after.sum, end, counts)
    yield from _keep("terms", before.terms, after.terms, end)


def add_bias(before: StepPlaces, after: StepPlaces, bias: str) -> Iterator[Track]:
    """The bias comes from the line above the sum."""
    total, terms, end = after.sum, after.terms, TIMINGS["bias"]
    if not total or not terms:
        return
    width = len(bias) * terms.size * BIAS_WIDTH
    from_ = replace(terms, x=terms.x + terms.width - width, width=width, text=bias)
    yield Track("number", "bias", 0, end, from_, from_.move_to(total.over(width, terms.height)), fades=True)
    yield from _count(before, total, end, ())


def write(after: StepPlaces, role: str) -> Iterator[Track]:
    """The sum goes to its cell on an arc, and the cell pulses once."""
    total, value, cell, end = after.sum, after.value, after.cell, TIMINGS["arc"]
    if not total or not value or not cell:
        return
    from_ = NOWHERE.move_to(cell)
    grown = from_.over(cell.width + 2 * PULSE, cell.height + 2 * PULSE)
    yield Track("ring", "pulse", end, end + TIMINGS["pulse"], from_, grown, role=role)
    arc = min(HIGHEST_ARC, ARC_PART * math.hypot(value.x - total.x, value.y - total.y))
    seen, to = replace(total, fill=value.fill, ink=value.ink), replace(value, text=value.text or total.text)
    yield Track("cell", "write", 0, end, seen, to, arc=arc)


def _count(before: StepPlaces, total: MotionSpot, end: float, counts: Sequence[Count]) -> Iterator[Track]:
    """The number in place of the sum: what stood there, and what it counts until it is complete."""
    old = before.sum
    first = Count(0, old.text if old else "")
    from_ = replace(total, text=first.text, ink=old.ink if old else total.ink)
    yield Track("number", "sum", 0, end, from_, total, hides="sum", counts=(first, *counts))
    yield _cover("remark", end)


def _keep(hides: str, before: MotionSpot | None, after: MotionSpot | None, end: float) -> Iterator[Track]:
    """A text stays as it was until a time."""
    if (before and before.text) == (after and after.text):
        return
    if not before:
        yield _cover(hides, end)
        return
    yield Track("number", hides, 0, end, before, before, hides=hides, counts=(Count(0, before.text),))


def _cover(hides: str, end: float) -> Track:
    """Something that comes at a time, where it is."""
    return Track("cover", hides, 0, end, NOWHERE, NOWHERE, hides=hides)
