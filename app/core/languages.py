"""Languages: the catalogues of all owners together, the current language, and the pseudo-letters of the test language.

Each owner of sentences adds its catalogue, code → English sentence, when it is imported. A further language is a
catalogue of the same codes for each owner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from types import MappingProxyType

from .texts import Text, write_text

ENGLISH, PSEUDO = "en", "pseudo"
LANGUAGES = (ENGLISH, PSEUDO)
"""The languages that texts can be written in; `pseudo` is for tests."""

_ENGLISH_SENTENCES: dict[str, str] = {}
_language: ContextVar[str] = ContextVar("language", default=ENGLISH)

_KEPT = re.compile(
    r"\{[^{}]*\}"  # a place, which is filled later
    r"|\b[\w*./-]+=[\w*./-]+"  # a key with its value, such as stride=2
    r"|\bhttps?://\S*|\b(?:X|CONVOSCOPE)[-_][\w-]+"  # addresses, headers and settings
    r"|(?<![\w/])\.?[\w*-]+\.(?:safetensors|npz|npy|onnx|pth?|h5|keras|pb|mat|tflite|pte|json|py)\b"
    r"|(?<!\w)\.(?:safetensors|npz|npy|onnx|pth?|h5|keras|pb|mat|tflite|pte)\b"  # names of files
    r"|\b(?:torch|np|tf|scipy|model|jnp)\.[\w.]+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?"  # code
    r"|\b\w*_\w+\b|\b[\w.-]+\*\d+@\d+x\d+|`[^`]*`"  # names of options, random*4@3x3, quoted code
    r"|\be\^-?x\b|\bx/\d+|\b\d+x\d+\b|\(K, C, h, w\)|\(h, w, C, K\)"  # formulas and shapes
)
_PSEUDO_LETTERS = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    "ÅßÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽåƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýž",
)


def add_catalogue(sentences: Mapping[str, str]) -> Mapping[str, str]:
    """Adds an owner's English sentences by code, and returns them. Raises ValueError for a code of another sentence."""
    for code, sentence in sentences.items():
        if _ENGLISH_SENTENCES.setdefault(code, sentence) != sentence:
            raise ValueError(f"two sentences have the code {code}")
    return MappingProxyType(dict(sentences))


def get_english_sentences() -> Mapping[str, str]:
    """The English sentences of all owners that have been imported, by code."""
    return MappingProxyType(_ENGLISH_SENTENCES)


def get_language() -> str:
    """The current language."""
    return _language.get()


def set_language(language: str) -> None:
    """Makes a language the current one of this thread or task, and of those that it starts."""
    _language.set(language)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """A context with another current language."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def write_message(text: Text | str) -> str:
    """The sentence of a text in the current language; a `str`, a user's own text, stays as it is.

    Raises KeyError for a code that no catalogue has, and for a place that is not filled.
    """
    return write_text(text, _PSEUDO_SENTENCES if _language.get() == PSEUDO else _ENGLISH_SENTENCES)


def write_in_english(text: Text | str) -> str:
    """The English sentence of a text, for programs and their programmers."""
    return write_text(text, _ENGLISH_SENTENCES)


@cache
def make_pseudo_sentence(sentence: str) -> str:
    """A sentence of the test language: accented letters between brackets.

    Places, names of options and files, addresses, code and formulas stay as they are.
    """
    parts, end = [], 0
    for kept in _KEPT.finditer(sentence):
        parts += [sentence[end : kept.start()].translate(_PSEUDO_LETTERS), kept[0]]
        end = kept.end()
    return f"[!! {''.join(parts)}{sentence[end:].translate(_PSEUDO_LETTERS)} !!]"


class _PseudoSentences(Mapping[str, str]):
    """The English sentences in pseudo-letters, made when they are read."""

    def __getitem__(self, code: str) -> str:
        return make_pseudo_sentence(_ENGLISH_SENTENCES[code])

    def __iter__(self) -> Iterator[str]:
        return iter(_ENGLISH_SENTENCES)

    def __len__(self) -> int:
        return len(_ENGLISH_SENTENCES)


_PSEUDO_SENTENCES = _PseudoSentences()
