"""The bundled fonts with only the characters that a file needs, and which characters they lack."""

from __future__ import annotations

import io
from collections.abc import Iterable
from functools import cache

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from ...render.figure.fonts import find_font_file
from ...render.figure.primitives import Face

LEFT_OUT = ["GPOS", "GSUB", "GDEF", "FFTM", "PfEd"]
"""Tables that the layout does not use: it places each line by the widths of its characters."""


def subset_font(face: Face, characters: Iterable[str]) -> bytes:
    """Make a WOFF file of a font with these characters. Law: the same characters give the same bytes."""
    options = Options()
    options.layout_features, options.name_IDs = [], []
    options.hinting, options.notdef_outline = False, True
    options.drop_tables += LEFT_OUT
    with TTFont(find_font_file(face), lazy=True, recalcTimestamp=False) as font:
        subsetter = Subsetter(options)
        subsetter.populate(text="".join(sorted(set(characters))))
        subsetter.subset(font)
        font.flavor = "woff"
        file = io.BytesIO()
        font.save(file)
        return file.getvalue()


def find_missing(face: Face, text: str) -> str:
    """Find the characters of a text that a font lacks, each once, in their order."""
    known = _list_characters(face)
    return "".join(dict.fromkeys(one for one in text if ord(one) not in known and one.isprintable()))


@cache
def _list_characters(face: Face) -> frozenset[int]:
    with TTFont(find_font_file(face), lazy=True) as font:
        return frozenset(font.getBestCmap())
