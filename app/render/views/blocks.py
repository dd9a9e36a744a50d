"""Parts of a view that are laid out one by one, each from (0, 0) on, then scaled and put below each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ..figure.primitives import Anchor, Box, CellImage, Face, Line, Primitive, Rect, TextLine, Valign
from ..figure.theme import Style

Run = tuple[str, str]
"""A part of a line of text, and its color."""
LINE = 1.45
"""From one line of text to the next, in parts of its size."""


@dataclass(frozen=True, slots=True)
class Block:
    """Primitives from (0, 0) on, and the room that they take; `inner` blocks lie at (right, down) in front of them."""

    primitives: tuple[Primitive, ...] = ()
    width: float = 0
    height: float = 0
    inner: tuple[tuple[Block, float, float], ...] = ()

    def list_primitives(self, right: float = 0, down: float = 0) -> Iterator[Primitive]:
        """List all primitives, moved."""
        yield from move(self.primitives, right, down)
        for block, x, y in self.inner:
            yield from block.list_primitives(right + x, down + y)

    def fit(self, room: Box, most: float = 1) -> Block:
        """Scale the block into a room's width and height, at most by `most`, and put it into the middle across."""
        factor = min(most, room.width / max(self.width, 1), room.height / max(self.height, 1))
        free = (room.width - self.width * factor) / 2
        return Block(tuple(move(scale(self.list_primitives(), factor), free, 0)), room.width, self.height * factor)


def move(primitives: Iterable[Primitive], right: float, down: float) -> Iterator[Primitive]:
    """Move primitives."""
    for one in primitives:
        match one:
            case Rect() | CellImage():
                box = one.box
                yield replace(one, box=Box(box.left + right, box.top + down, box.width, box.height))
            case TextLine():
                yield replace(one, x=one.x + right, y=one.y + down)
            case Line():
                yield replace(one, x=one.x + right, y=one.y + down, to_x=one.to_x + right, to_y=one.to_y + down)


def scale(primitives: Iterable[Primitive], by: float) -> Iterator[Primitive]:
    """Scale primitives, texts and strokes with them, about (0, 0)."""
    for one in primitives:
        match one:
            case Rect():
                wide, radius = one.stroke_width * by, one.radius * by
                yield replace(one, box=_scale_box(one.box, by), stroke_width=wide, radius=radius)
            case CellImage():
                yield replace(one, box=_scale_box(one.box, by))
            case TextLine():
                yield replace(one, x=one.x * by, y=one.y * by, size=one.size * by, width=one.width * by)
            case Line():
                ends = one.x * by, one.y * by, one.to_x * by, one.to_y * by
                yield Line(one.part, *ends, one.color, one.width * by, one.opacity)


def _scale_box(box: Box, by: float) -> Box:
    return Box(box.left * by, box.top * by, box.width * by, box.height * by)


def stack(blocks: Iterable[Block], gap: float) -> Block:
    """Put blocks below each other; those of no height are left out."""
    inner, wide, high = list[tuple[Block, float, float]](), 0.0, 0.0
    for one in blocks:
        if one.height:
            top = high + gap if high else 0.0
            inner.append((one, 0.0, top))
            wide, high = max(wide, one.width), top + one.height
    return Block((), wide, high, tuple(inner))


def put_beside(blocks: Iterable[Block], gap: float) -> Block:
    """Put blocks beside each other, their upper edges in line; those of no width are left out."""
    inner, wide, high = list[tuple[Block, float, float]](), 0.0, 0.0
    for one in blocks:
        if one.width:
            left = wide + gap if wide else 0.0
            inner.append((one, left, 0.0))
            wide, high = left + one.width, max(high, one.height)
    return Block((), wide, high, tuple(inner))


def measure_runs(style: Style, runs: Sequence[Run], face: Face, size: float) -> float:
    """How wide a line of several colors is."""
    return sum(style.metrics.measure(text, face, size) for text, _ in runs)


def write_runs(
    style: Style,
    part: str,
    at: tuple[float, float],
    runs: Sequence[Run],
    face: Face,
    size: float,
    anchor: Anchor = "start",
    valign: Valign = "baseline",
) -> Iterator[TextLine]:
    """Write a line of several colors at (x, y); parts of one color beside each other are one text."""
    x = at[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * measure_runs(style, runs, face, size)
    for text, color in join_runs(runs):
        line = style.write(part, (x, at[1]), text, color, face, size, valign=valign)
        x += line.width
        yield line


def join_runs(runs: Sequence[Run]) -> list[Run]:
    """Join the parts of a line that follow each other in one color."""
    joined: list[Run] = []
    for text, color in runs:
        if joined and joined[-1][1] == color:
            joined[-1] = joined[-1][0] + text, color
        elif text:
            joined.append((text, color))
    return joined


def write_paragraph(
    style: Style, part: str, text: str, room: float, size: float, color: str, face: Face = "sans"
) -> Block:
    """Write a sentence in as many lines as it needs."""
    lines = wrap(style, text, room, size, face)
    high = size * LINE
    written = [
        style.write(part, (0, (index + 0.75) * high), line, color, face, size) for index, line in enumerate(lines)
    ]
    return Block(tuple(written), max(one.width for one in written), len(lines) * high)


def wrap(style: Style, text: str, room: float, size: float, face: Face = "sans") -> list[str]:
    """Break a text into lines; a word wider than the room stands alone, cut off."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and style.metrics.measure(longer, face, size) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return [style.metrics.shorten(line, face, size, room) for line in lines]


def mix(color: str, other: str, share: float) -> str:
    """Mix two colors: `share` of the first."""
    parts = ((int(color[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5))
    return "#{:02x}{:02x}{:02x}".format(*(round(one * share + two * (1 - share)) for one, two in parts))
