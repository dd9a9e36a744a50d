"""What moves, as values: a track leads one mark from a place to another, as in `static/pure/motion/tracks.js`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

Color = tuple[int, int, int]
MarkKind = Literal["cell", "number", "outline", "ring", "lines", "cover"]
"""`cell`: a number on its color. `number`: a number alone. `outline`: of a window or a cell. `ring`: a pulse around a
cell. `lines`: from a window to its table. `cover`: nothing; it says that something has not come yet.
"""
FADED, FADING = 0.9, 0.35
"""When a number that fades on its way is gone, and how long that takes, in parts of the way."""


@dataclass(frozen=True, slots=True)
class MotionSpot:
    """A place with what is to be seen there; `fill` is None for a number alone. Lengths are points of the figure."""

    x: float
    y: float
    width: float
    height: float
    text: str = ""
    fill: Color | None = None
    ink: Color | None = None
    size: float = 0
    face: str = ""

    def over(self, width: float, height: float) -> MotionSpot:
        """The same spot at another size, with the same middle."""
        x, y = self.x + (self.width - width) / 2, self.y + (self.height - height) / 2
        return replace(self, x=x, y=y, width=width, height=height)

    def move_to(self, place: MotionSpot) -> MotionSpot:
        """The same look at another place."""
        return replace(self, x=place.x, y=place.y, width=place.width, height=place.height)


NOWHERE = MotionSpot(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Count:
    """What a number says from a time on, in milliseconds."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Track:
    """The way of one mark, from `start` to `end` milliseconds.

    `via` is a place on the way, from which on it looks as at its end. `arc` is the height of an arc. With `fades` it
    fades on arrival: what stands there takes it in. `hides` names the resting place that stays empty until it arrives.
    `role` says whose outline it is, `table` where lines lead to.
    """

    kind: MarkKind
    id: str
    start: float
    end: float
    from_: MotionSpot
    to: MotionSpot
    via: MotionSpot | None = None
    arc: float = 0
    fades: bool = False
    hides: str = ""
    role: str = ""
    counts: tuple[Count, ...] = ()
    table: MotionSpot | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What is drawn at a time: the spot of a track there, and whether it has arrived."""

    track: Track
    spot: MotionSpot
    opacity: float
    has_arrived: bool


def measure_time(tracks: Sequence[Track]) -> float:
    """How long tracks take, in milliseconds."""
    return max((track.end for track in tracks), default=0)


def place_marks(tracks: Sequence[Track], t: float) -> tuple[Mark, ...]:
    """The marks of tracks at t from 0 to 1. Law: at 1 each mark lies at its end."""
    time = t * measure_time(tracks)
    return tuple(_place_mark(track, time) for track in tracks)


def _place_mark(track: Track, time: float) -> Mark:
    part = min(max((time - track.start) / (track.end - track.start), 0), 1)
    spot = _place(track, _ease(part))
    waits = part == 0 and track.kind not in ("outline", "lines") and not track.counts
    fading = min(max(FADED - part, 0) / FADING, 1) if track.fades else 1
    faded = 1 - part if track.kind == "ring" else fading
    text = spot.text
    for count in track.counts:
        if time >= count.at and part < 1:
            text = count.text
    return Mark(track, replace(spot, text=text), 0 if waits else faded, part == 1)


def _place(track: Track, part: float) -> MotionSpot:
    if part == 0:
        return track.from_
    if part == 1:
        return track.to
    if via := track.via:
        if part < 0.5:
            return track.from_.move_to(_mix_places(track.from_, via, 2 * part))
        return track.to.move_to(_mix_places(via, track.to, 2 * part - 1))
    from_, to = track.from_, track.to
    place = _mix_places(from_, to, part)
    return replace(
        place,
        y=place.y - track.arc * 4 * part * (1 - part),
        text=from_.text or to.text,
        fill=_mix_colors(from_.fill, to.fill, part),
        ink=_mix_colors(from_.ink, to.ink, part),
        size=_mix(from_.size, to.size, part) if from_.size and to.size else from_.size or to.size,
        face=from_.face,
    )


def _ease(part: float) -> float:
    """Slow at both ends."""
    return 4 * part**3 if part < 0.5 else 1 - (2 - 2 * part) ** 3 / 2


def _mix(one: float, other: float, part: float) -> float:
    return one + (other - one) * part


def _mix_places(one: MotionSpot, other: MotionSpot, part: float) -> MotionSpot:
    x, y = _mix(one.x, other.x, part), _mix(one.y, other.y, part)
    return MotionSpot(x, y, _mix(one.width, other.width, part), _mix(one.height, other.height, part))


def _mix_colors(one: Color | None, other: Color | None, part: float) -> Color | None:
    if one is None or other is None:
        return other
    red, green, blue = (math.floor(_mix(a, b, part) + 0.5) for a, b in zip(one, other, strict=True))
    return red, green, blue
