"""The words beside the rows of a map, as far as the bundled fonts can write them."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..figure_content.figure_texts import write_figure_text
from ..words.word_rows import WordRow
from .fonts import load_font
from .map_layout import CellGrid
from .primitives import Primitive
from .theme import Style

WIDEST, LARGEST, SMALLEST, LINE, GAP = 250, 15, 12, 1.2, 30
"""The widest words and the sizes of their letters in points, their lines as a part of them, the room of the ruler."""
_MIRRORED = frozenset(("R", "AL", "AN"))
_NO_GLYPH = "\uffff"


@dataclass(frozen=True, slots=True)
class WordColumn:
    """Words beside the rows of a map; `width` is the room that they take."""

    words: tuple[WordRow, ...] = ()
    width: float = 0


NO_COLUMN = WordColumn()


def make_column(style: Style, words: Sequence[WordRow]) -> WordColumn:
    """Make the column of words; one that the fonts cannot write is named by the number of its row."""
    if not words:
        return NO_COLUMN
    named = [
        WordRow(one.row, write_words(one.text, write_figure_text("word_row", row=one.row)), one.is_lit) for one in words
    ]
    short = [WordRow(one.row, style.metrics.shorten(one.text, "bold", LARGEST, WIDEST), one.is_lit) for one in named]
    return WordColumn(tuple(short), max(style.metrics.measure(one.text, "bold", LARGEST) for one in short) + 6)


def lay_out_words(style: Style, side: str, column: WordColumn, grid: CellGrid) -> Iterator[Primitive]:
    """Lay out the words left of the ruler of a map; of small cells every second row or fewer has its words."""
    size = max(SMALLEST, min(LARGEST, grid.cell / LINE))
    step = max(1, math.ceil((size * LINE - 1) / grid.cell))
    for one in column.words:
        if one.row % step:
            continue
        at = grid.x - GAP, grid.box(one.row, 0).center[1]
        color = style.theme.text if one.is_lit else style.theme.muted
        yield style.write(f"{side}-words", at, one.text, color, "bold" if one.is_lit else "sans", size, "end", "middle")


def write_words(text: str, instead: str) -> str:
    """Return the text, or another one where the bundled fonts cannot write it as it is read."""
    return text if all(map(_can_write, text)) else instead


@lru_cache(4096)
def _can_write(character: str) -> bool:
    """Whether the fonts have a character that is written from left to right, alone."""
    if unicodedata.bidirectional(character) in _MIRRORED:
        return False
    font = load_font("sans", 24)
    return character.isspace() or bytes(font.getmask(character)) != bytes(font.getmask(_NO_GLYPH))
