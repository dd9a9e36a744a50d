"""The display list of a figure: what is drawn, in points, in the order in which it is drawn.

A primitive carries all that a backend needs, colors as values included: a backend only translates, to pixels or to
another format, and measures no text. A point is one unit of the sheet; the sheet of a figure is 1200 × 630 points.
Every primitive names the `part` of the figure that it belongs to, such as "input", "window" or "result".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from ..color import Colors

Face = Literal["sans", "bold", "mono", "mono-bold"]
Anchor = Literal["start", "middle", "end"]
Valign = Literal["baseline", "middle"]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: its upper left corner and its size, in points."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    @property
    def center(self) -> tuple[float, float]:
        """The point in the middle, (x, y)."""
        return self.left + self.width / 2, self.top + self.height / 2

    def grow(self, by: float) -> Box:
        """Return the box with `by` more points on every side; fewer if `by` is negative."""
        return Box(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle with a fill, a stroke or both. The stroke lies inside the edge; `opacity` applies to both."""

    part: str
    box: Box
    fill: str = ""
    stroke: str = ""
    stroke_width: float = 0
    radius: float = 0
    opacity: float = 1


@dataclass(frozen=True, slots=True, eq=False)
class CellImage:
    """Cells side by side that fill a box: `colors` (rows, columns, 3), each cell of one color, with sharp edges."""

    part: str
    box: Box
    colors: Colors


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text. (x, y) is the point at `anchor` of its width and at `valign` of its height; `size` in points.

    `face` carries the weight. `width` is how wide the layout measured it.
    """

    part: str
    x: float
    y: float
    text: str
    color: str
    face: Face
    size: float
    anchor: Anchor = "start"
    valign: Valign = "baseline"
    width: float = 0

    @property
    def box(self) -> Box:
        """The box that the text takes up: the height of digits and capitals around its middle."""
        left = self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width
        high = 0.73 * self.size
        return Box(left, self.y - (high if self.valign == "baseline" else high / 2), self.width, high)


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line from (x, y) to (to_x, to_y)."""

    part: str
    x: float
    y: float
    to_x: float
    to_y: float
    color: str
    width: float = 1
    opacity: float = 1


Primitive = Rect | CellImage | TextLine | Line
Kind = TypeVar("Kind", Rect, CellImage, TextLine, Line)


@dataclass(frozen=True, slots=True)
class DisplayList:
    """A figure: its size in points, the color behind it, and its primitives, the first at the back."""

    width: float
    height: float
    background: str
    primitives: tuple[Primitive, ...] = ()

    def texts(self, *parts: str) -> list[str]:
        """Return the texts of these parts, or of all, in their order."""
        return [one.text for one in self.select(TextLine, *parts)]

    def select(self, kind: type[Kind], *parts: str) -> list[Kind]:
        """Return the primitives of a kind in these parts, or in all, in their order."""
        return [one for one in self.primitives if isinstance(one, kind) and (not parts or one.part in parts)]
