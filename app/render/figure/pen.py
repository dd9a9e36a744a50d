"""What a figure is drawn with: sharp boxes, smooth round corners, texts in the fonts that come along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ...resources import find_resource
from ..color import Colors

Face = Literal["sans", "bold", "mono", "mono-bold"]
Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; the right and the bottom one are outside."""
FILES: Mapping[Face, str] = MappingProxyType(
    {
        "sans": "DejaVuSans.ttf",
        "bold": "DejaVuSans-Bold.ttf",
        "mono": "DejaVuSansMono.ttf",
        "mono-bold": "DejaVuSansMono-Bold.ttf",
    }
)
SMOOTH = 4


@dataclass(frozen=True, slots=True)
class Inks:
    """The colors of a theme, as `static/style.css` has them."""

    surface: str
    sunken: str
    ink: str
    muted: str
    hairline: str
    edge: str
    input: str
    filter: str
    output: str
    pooling: str


LIGHT = Inks(
    "#ffffff", "#efefea", "#1a1d21", "#5a636c", "#e2e3de", "#85898c", "#006ba7", "#b34f00", "#00765a", "#9a4c95"
)
DARK = Inks(
    "#1d2125", "#272c31", "#eceff2", "#a3adb7", "#353b41", "#7d858d", "#5ab4e8", "#f5a05f", "#3fc79f", "#d693d1"
)
PROJECTOR = Inks(
    "#ffffff", "#efefea", "#1a1d21", "#3c444c", "#b9bbb5", "#85898c", "#006ba7", "#b34f00", "#00765a", "#9a4c95"
)
THEMES: Mapping[str, Inks] = MappingProxyType({"auto": LIGHT, "light": LIGHT, "dark": DARK, "projector": PROJECTOR})
# Marks lie on the cells, whose colors no theme changes.
MARK_INPUT, MARK_OUTPUT, MARK_POOLING = "#0072b2", "#008060", "#9a4c95"


class Pen:
    """A sheet of `width` × `height` pixels on which a length of 1 unit is `unit` pixels."""

    def __init__(self, width: int, height: int, unit: float, inks: Inks) -> None:
        self.image = Image.new("RGB", (width, height), inks.surface)
        self.unit = unit
        self.inks = inks
        self._draw = ImageDraw.Draw(self.image)

    def px(self, units: float) -> int:
        """A length in pixels."""
        return round(units * self.unit)

    def text(self, at: tuple[float, float], text: str, ink: str, face: Face, size: float, anchor: str = "ls") -> None:
        """A line of text; `size` is in pixels, `anchor` as Pillow names it: left, middle, right; baseline, middle."""
        self._draw.text((round(at[0]), round(at[1])), text, fill=ink, font=_font(face, _half(size)), anchor=anchor)

    def length(self, text: str, face: Face, size: float) -> float:
        """How wide a text is, in pixels."""
        return _font(face, _half(size)).getlength(text)

    def fill(self, box: Box, ink: str, share: float = 1.0) -> None:
        """A box of one color, which may let what is below shine through."""
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return
        if share == 1.0:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=ink)
            return
        below = self.image.crop(box)
        self.image.paste(Image.blend(below, Image.new("RGB", below.size, ink), share), box)

    def frame(self, box: Box, ink: str, thick: int) -> None:
        """A frame inside of a box."""
        left, top, right, bottom = box
        for part in (
            (left, top, right, top + thick),
            (left, bottom - thick, right, bottom),
            (left, top, left + thick, bottom),
            (right - thick, top, right, bottom),
        ):
            self.fill(part, ink)

    def corner(self, at: tuple[int, int], size: int, color: tuple[int, int, int]) -> None:
        """The upper left corner of a cell."""
        x, y = at
        self._draw.polygon([(x, y), (x + size - 1, y), (x, y + size - 1)], fill=color)

    def rounded(self, box: Box, radius: int, ink: str, thick: int = 0) -> None:
        """A box with round corners: filled, or with `thick` its frame alone."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        mask = Image.new("L", (width * SMOOTH, height * SMOOTH))
        pen = ImageDraw.Draw(mask)
        pen.rounded_rectangle((0, 0, width * SMOOTH - 1, height * SMOOTH - 1), radius * SMOOTH, fill=255)
        if thick:
            inner = (thick * SMOOTH, thick * SMOOTH, (width - thick) * SMOOTH - 1, (height - thick) * SMOOTH - 1)
            pen.rounded_rectangle(inner, max(0, radius - thick) * SMOOTH, fill=0)
        self.image.paste(ink, box, mask.resize((width, height), Image.Resampling.BOX))

    def picture(self, colors: Colors, box: Box) -> None:
        """Cells as a picture: each a sharp square, or averaged where there are more cells than pixels."""
        width, height = box[2] - box[0], box[3] - box[1]
        enlarged = width >= colors.shape[1]
        way = Image.Resampling.NEAREST if enlarged else Image.Resampling.BOX
        self.image.paste(Image.fromarray(np.ascontiguousarray(colors)).resize((width, height), way), box)

    def lines(self, lines: list[tuple[int, int, int, int]], ink: str, share: float, within: Box) -> None:
        """Thin smooth lines, from x, y to x, y, that end at a box."""
        left, top, right, bottom = within
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
        pen = ImageDraw.Draw(mask)
        thick = max(2, 2 * self.px(1))
        for x, y, to_x, to_y in lines:
            pen.line(
                ((x - left) * 2, (y - top) * 2, (to_x - left) * 2, (to_y - top) * 2),
                fill=round(255 * share),
                width=thick,
            )
        self.image.paste(ink, within, mask.resize((right - left, bottom - top), Image.Resampling.BOX))

    def hatch(self, box: Box) -> None:
        """Diagonal lines, as over padding."""
        left, top, right, bottom = box
        height, step = bottom - top, max(3, self.px(6))
        starts = range(left - height, right, step)
        self.lines([(x, bottom, x + height, top) for x in starts], self.inks.edge, 0.42, box)


def ink_on(color: tuple[int, int, int]) -> str:
    """Black or white, whichever can be read on a color (WCAG contrast)."""
    shares = [part / 255 for part in color]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) / 0.05 >= 1.05 / (light + 0.05) else "#ffffff"


def _half(size: float) -> float:
    return max(1.0, round(size * 2) / 2)


@lru_cache(256)
def _font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        str(find_resource("render/fonts") / FILES[face]), size, layout_engine=ImageFont.Layout.BASIC
    )
