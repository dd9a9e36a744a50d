"""The words beside a map in the first paint of a page, in cells: they are drawn in one picture with the map."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .word_rows import WordRow

LETTER, MARGIN, WIDEST = 0.19, 0.4, 4.0
"""The width of a letter, the space around words and the widest room for them, in cells."""
_WIDE = frozenset(("W", "F"))


@dataclass(frozen=True, slots=True)
class WordPaint:
    """Words by the row that they stand at, and the room left of the map that they need, in cells."""

    words: tuple[WordRow, ...] = ()
    room: float = 0


def paint_words(words: Sequence[WordRow]) -> WordPaint:
    """Make the words of the first paint."""
    if not words:
        return WordPaint()
    letters = max(sum(1 + (unicodedata.east_asian_width(one) in _WIDE) for one in word.text) for word in words)
    return WordPaint(tuple(words), round(min(letters * LETTER + MARGIN, WIDEST), 2))
