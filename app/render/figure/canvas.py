"""The canvas of a figure: boxes with sharp edges, smooth round corners, texts in the bundled fonts."""

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
"""Left, top, right, bottom in pixels; right and bottom are exclusive."""
FONT_FILES: Mapping[Face, str] = MappingProxyType(
    {
        "sans": "DejaVuSans.ttf",
        "bold": "DejaVuSans-Bold.ttf",
        "mono": "DejaVuSansMono.ttf",
        "mono-bold": "DejaVuSansMono-Bold.ttf",
    }
)
OVERSAMPLING = 4


@dataclass(frozen=True, slots=True)
class Theme:
    """The colors of a theme, the same as in `static/styles/page.css`."""

    surface: str
    sunken: str
    text: str
    muted: str
    edge: str
    input: str
    filter: str
    output: str
    pooling: str


LIGHT = Theme("#ffffff", "#efefea", "#1a1d21", "#5a636c", "#85898c", "#006ba7", "#b34f00", "#00765a", "#9a4c95")
DARK = Theme("#1d2125", "#272c31", "#eceff2", "#a3adb7", "#7d858d", "#5ab4e8", "#f5a05f", "#3fc79f", "#d693d1")
PROJECTOR = Theme("#ffffff", "#efefea", "#1a1d21", "#3c444c", "#85898c", "#006ba7", "#b34f00", "#00765a", "#9a4c95")
THEMES: Mapping[str, Theme] = MappingProxyType({"auto": LIGHT, "light": LIGHT, "dark": DARK, "projector": PROJECTOR})
# Marks lie on cells, and the colors of cells are the same in all themes.
MARK_INPUT, MARK_OUTPUT, MARK_POOLING = "#0072b2", "#008060", "#9a4c95"


class Canvas:
    """An image of `width` × `height` pixels on which a length of 1 unit is `unit` pixels."""

    def __init__(self, width: int, height: int, unit: float, theme: Theme) -> None:
        self.image = Image.new("RGB", (width, height), theme.surface)
        self.unit = unit
        self.theme = theme
        self._draw = ImageDraw.Draw(self.image)

    def px(self, units: float) -> int:
        """Convert a length from units to whole pixels."""
        return round(units * self.unit)

    def draw_text(
        self, at: tuple[float, float], text: str, color: str, face: Face, size: float, anchor: str = "ls"
    ) -> None:
        """Draw a line of text. `size` is in pixels, `anchor` is a Pillow text anchor."""
        self._draw.text(
            (round(at[0]), round(at[1])), text, fill=color, font=_load_font(face, _round_to_half(size)), anchor=anchor
        )

    def measure_text(self, text: str, face: Face, size: float) -> float:
        """Return the width of a text in pixels."""
        return _load_font(face, _round_to_half(size)).getlength(text)

    def fill_box(self, box: Box, color: str, opacity: float = 1.0) -> None:
        """Fill a box with one color; below opacity 1 the image shows through."""
        left, top, right, bottom = box
        if right <= left or bottom <= top:
            return
        if opacity == 1.0:
            self._draw.rectangle((left, top, right - 1, bottom - 1), fill=color)
            return
        below = self.image.crop(box)
        self.image.paste(Image.blend(below, Image.new("RGB", below.size, color), opacity), box)

    def draw_frame(self, box: Box, color: str, thick: int) -> None:
        """Draw a frame along the inner edge of a box."""
        left, top, right, bottom = box
        for part in (
            (left, top, right, top + thick),
            (left, bottom - thick, right, bottom),
            (left, top, left + thick, bottom),
            (right - thick, top, right, bottom),
        ):
            self.fill_box(part, color)

    def fill_corner(self, at: tuple[int, int], size: int, color: tuple[int, int, int]) -> None:
        """Fill a triangle in the upper left corner of a cell."""
        x, y = at
        self._draw.polygon([(x, y), (x + size - 1, y), (x, y + size - 1)], fill=color)

    def draw_rounded_box(self, box: Box, radius: int, color: str, thick: int = 0) -> None:
        """Draw a box with round corners: filled, or only its frame where `thick` is not 0."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        mask = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING))
        draw = ImageDraw.Draw(mask)
        draw.rounded_rectangle(
            (0, 0, width * OVERSAMPLING - 1, height * OVERSAMPLING - 1), radius * OVERSAMPLING, fill=255
        )
        if thick:
            inner = (
                thick * OVERSAMPLING,
                thick * OVERSAMPLING,
                (width - thick) * OVERSAMPLING - 1,
                (height - thick) * OVERSAMPLING - 1,
            )
            draw.rounded_rectangle(inner, max(0, radius - thick) * OVERSAMPLING, fill=0)
        self.image.paste(color, box, mask.resize((width, height), Image.Resampling.BOX))

    def draw_colors(self, colors: Colors, box: Box) -> None:
        """Draw colors (H, W, 3): each cell a sharp square, or averaged where there are more cells than pixels."""
        width, height = box[2] - box[0], box[3] - box[1]
        enlarged = width >= colors.shape[1]
        resampling = Image.Resampling.NEAREST if enlarged else Image.Resampling.BOX
        self.image.paste(Image.fromarray(np.ascontiguousarray(colors)).resize((width, height), resampling), box)

    def draw_lines(self, lines: list[tuple[int, int, int, int]], color: str, opacity: float, clip: Box) -> None:
        """Draw thin smooth lines, each from x, y to x, y, clipped to a box."""
        left, top, right, bottom = clip
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
        draw = ImageDraw.Draw(mask)
        thick = max(2, 2 * self.px(1))
        for x, y, to_x, to_y in lines:
            draw.line(
                ((x - left) * 2, (y - top) * 2, (to_x - left) * 2, (to_y - top) * 2),
                fill=round(255 * opacity),
                width=thick,
            )
        self.image.paste(color, clip, mask.resize((right - left, bottom - top), Image.Resampling.BOX))

    def draw_hatching(self, box: Box) -> None:
        """Draw the diagonal lines that mark padding."""
        left, top, right, bottom = box
        height, step = bottom - top, max(3, self.px(6))
        starts = range(left - height, right, step)
        self.draw_lines([(x, bottom, x + height, top) for x in starts], self.theme.edge, 0.42, box)


def choose_text_color(color: tuple[int, int, int]) -> str:
    """Return black or white, the one with more contrast to a color (WCAG)."""
    srgb = [part / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in srgb]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def _round_to_half(size: float) -> float:
    return max(1.0, round(size * 2) / 2)


@lru_cache(256)
def _load_font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        str(find_resource("render/fonts") / FONT_FILES[face]), size, layout_engine=ImageFont.Layout.BASIC
    )
