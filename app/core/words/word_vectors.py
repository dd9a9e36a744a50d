"""The vectors of words that nobody typed: one-hot, or random numbers that a word and a seed determine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..arrays import Maps
from ..scene import OneHot, RandomVectors
from ..weights.random_numbers import draw_words
from .vocabulary import fold_word, list_vocabulary

TENTHS = 10
"""Random vectors are multiples of 1 / this, from -0.9 to 0.9."""
_CHOICES, _LARGEST = 19, 9
_FNV_START, _FNV_FACTOR, _WORD = 0xCBF2_9CE4_8422_2325, 0x100_0000_01B3, (1 << 64) - 1


def make_vectors(given: OneHot | RandomVectors) -> tuple[Maps, int]:
    """(vectors (1, words, numbers), the denominator of their numbers)."""
    if isinstance(given, OneHot):
        return make_one_hot(given.words), 1
    return make_random_vectors(given.words, given.size, given.seed), TENTHS


def make_one_hot(words: Sequence[str]) -> Maps:
    """(1, words, different words): 1 in the column of the word, else 0."""
    places = {fold_word(word): place for place, word in enumerate(list_vocabulary(words))}
    vectors = np.zeros((1, len(words), len(places)), np.float32)
    vectors[0, np.arange(len(words)), [places[fold_word(word)] for word in words]] = 1
    return vectors


def make_random_vectors(words: Sequence[str], size: int, seed: int) -> Maps:
    """(1, words, size) tenths from -0.9 to 0.9; a word has the same vector wherever it stands.

    SplitMix64 is started at the seed XOR the FNV-1a hash (64 bits) of the folded word in UTF-8; number n of a word is
    (its n-th number mod 19 − 9) / 10.
    """
    rows = [next(draw_words(seed ^ hash_word(word), size, 1)) % np.uint64(_CHOICES) for word in words]
    tenths = np.stack(rows).astype(np.float64) - _LARGEST
    return (tenths / TENTHS).astype(np.float32)[None]


def hash_word(word: str) -> int:
    """The FNV-1a hash of the folded word in UTF-8, 64 bits."""
    made = _FNV_START
    for byte in fold_word(word).encode("utf-8"):
        made = (made ^ byte) * _FNV_FACTOR & _WORD
    return made
