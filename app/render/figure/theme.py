"""The colors of a figure, and the style in which its texts are written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from .fonts import FontMetrics
from .primitives import Anchor, Box, Face, Line, Rect, TextLine, Valign


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
    is_dark: bool = False


LIGHT = Theme("#ffffff", "#efefea", "#1a1d21", "#5a636c", "#85898c", "#006ba7", "#b34f00", "#00765a", "#9a4c95")
DARK = Theme("#1d2125", "#272c31", "#eceff2", "#a3adb7", "#7d858d", "#5ab4e8", "#f5a05f", "#3fc79f", "#d693d1", True)
PROJECTOR = replace(LIGHT, muted="#3c444c")
THEMES: Mapping[str, Theme] = MappingProxyType({"auto": LIGHT, "light": LIGHT, "dark": DARK, "projector": PROJECTOR})
# Marks lie on cells, and the colors of cells are the same in all themes.
MARK_INPUT, MARK_OUTPUT, MARK_POOLING = "#0072b2", "#008060", "#9a4c95"
HATCH_STEP, COVER_STEP = 6, 9


@dataclass(frozen=True, slots=True)
class Style:
    """The theme of a figure and the measures of its fonts. A view at a `glance` is drawn without its sentences."""

    theme: Theme
    metrics: FontMetrics
    is_glance: bool = False

    def write(
        self,
        part: str,
        at: tuple[float, float],
        text: str,
        color: str,
        face: Face,
        size: float,
        anchor: Anchor = "start",
        valign: Valign = "baseline",
    ) -> TextLine:
        """Make a line of text at (x, y), measured."""
        width = self.metrics.measure(text, face, size)
        return TextLine(part, *at, text, color, face, size, anchor, valign, width)

    def fit(self, text: str, face: Face, sizes: tuple[float, ...], room: float) -> tuple[str, float]:
        """Return a text and the first of the sizes at which it fits; at the last one it is cut off if it must be."""
        for size in sizes:
            if self.metrics.measure(text, face, size) <= room:
                return text, size
        return self.metrics.shorten(text, face, sizes[-1], room), sizes[-1]

    def hatch(self, part: str, box: Box) -> list[Line]:
        """Make the diagonal lines that mark padding, each clipped to the box."""
        lines = []
        start = -box.height
        while start < box.width:
            left, right = max(0.0, start), min(box.width, start + box.height)
            ends = [(box.left + x, box.bottom - (x - start)) for x in (left, right)]
            lines.append(Line(part, *ends[0], *ends[1], self.theme.edge, 1, 0.42))
            start += HATCH_STEP
        return lines

    def cover(self, part: str, box: Box, step: float = COVER_STEP) -> list[Rect | Line]:
        """Make the cover of cells to come: hatched wider and fainter than padding, leaning to the other side.

        The lines of covers beside each other continue.
        """
        cover: list[Rect | Line] = [Rect(part, box, self.theme.surface)]
        start = math.ceil((box.left - box.bottom) / step) * step
        while start < box.right - box.top:
            top, bottom = max(box.top, box.left - start), min(box.bottom, box.right - start)
            cover.append(Line(part, start + top, top, start + bottom, bottom, self.theme.edge, 1, 0.32))
            start += step
        return cover


def choose_text_color(color: Iterable[int]) -> str:
    """Return black or white, the one with more contrast to a color (WCAG)."""
    srgb = [int(part) / 255 for part in color]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in srgb]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def to_hex_color(color: Iterable[int]) -> str:
    """Format red, green and blue as #rrggbb."""
    return "#{:02x}{:02x}{:02x}".format(*map(int, color))
