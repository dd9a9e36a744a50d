"""Words of an input: how long they can be, which characters they keep, and which of them are the same word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

MOST_WORDS = 32
MOST_LETTERS = 24
"""Characters of one word, as Python counts them."""

_SPACES = re.compile(r"\s+")
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, ends of lines and marks of direction, which would move what stands beside a word."""


def clean_word(text: str) -> str:
    """The word on one line: without control characters and spaces around it, runs of spaces as one space."""
    return _SPACES.sub(" ", _UNSEEN.sub(" ", text)).strip(" ")


def fold_word(word: str) -> str:
    """What words have in common that are the same one: capital and small letters are alike."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", word).casefold())


def list_vocabulary(words: Iterable[str]) -> tuple[str, ...]:
    """The different words in the order in which they appear, each spelled as it is first."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(fold_word(word), word)
    return tuple(found.values())
