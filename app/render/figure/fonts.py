"""The bundled fonts, and how wide a text is in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from PIL import ImageFont

from ...resources import find_resource
from .primitives import Face

FONT_FILES: Mapping[Face, str] = MappingProxyType(
    {"sans": "Sans", "bold": "Sans-Bold", "mono": "SansMono", "mono-bold": "SansMono-Bold"}
)
EM = 100
"""Size at which a text is measured; widths grow in proportion to the size."""


@dataclass(frozen=True, slots=True)
class FontMetrics:
    """How wide texts are: `width_in_em` gives the width of a text at size 1."""

    width_in_em: Callable[[str, Face], float]

    def measure(self, text: str, face: Face, size: float) -> float:
        """Return the width of a text, in the unit of `size`."""
        return self.width_in_em(text, face) * size

    def shorten(self, text: str, face: Face, size: float, room: float) -> str:
        """Return the text, cut off with "…" where it is wider than `room`."""
        if self.measure(text, face, size) <= room:
            return text
        while text and self.measure(f"{text}…", face, size) > room:
            text = text[:-1]
        return f"{text.rstrip()}…" if text else ""


def find_font_file(face: Face) -> Path:
    """Find the file of a font."""
    return find_resource("render/fonts") / f"DejaVu{FONT_FILES[face]}.ttf"


@lru_cache(256)
def load_font(face: Face, size: float) -> ImageFont.FreeTypeFont:
    """Load a font at a size in pixels."""
    return ImageFont.truetype(str(find_font_file(face)), size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(8)
def measure_middle(face: Face) -> float:
    """How far the baseline lies below the middle of a line, for a size of 1."""
    ascent, descent = load_font(face, EM).getmetrics()
    return (ascent - descent) / (2 * EM)


@lru_cache(4096)
def _measure_in_em(text: str, face: Face) -> float:
    return load_font(face, EM).getlength(text) / EM


BUNDLED = FontMetrics(_measure_in_em)
