"""Texts as data: a code and its parameters, written as a sentence of the current language where they leave the program.

Each owner of sentences adds its catalogue, code → English sentence, when it is imported. A further language is a
catalogue of the same codes for each owner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from string import Formatter
from types import MappingProxyType

from .pseudo_letters import make_pseudo_sentence

ENGLISH, PSEUDO = "en", "pseudo"
LANGUAGES = (ENGLISH, PSEUDO)
"""The languages that texts can be written in; `pseudo` is for tests."""
MOST_DEPTH = 4
"""How deep a Text may lie in another one that is read from JSON."""

_language: ContextVar[str] = ContextVar("language", default=ENGLISH)


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a label before it is written: `code` names it in a catalogue, `params` fill its places.

    A parameter is a number, a user's own text (a `str`, never translated), or another Text, which is written first.
    `str(text)` is the sentence in the current language.
    """

    code: str
    params: tuple[tuple[str, object], ...] = ()

    def __str__(self) -> str:
        return write_message(self)

    def to_json(self) -> dict[str, object]:
        """The text for scripts: its code and the parameters that its sentence has places for, inner texts likewise."""
        places = list_places(_english[self.code])
        params = {key: part for key, part in self.params if key in places}
        return {
            "code": self.code,
            "params": {key: part.to_json() if isinstance(part, Text) else part for key, part in params.items()},
        }


def make_text(code: str, /, **params: object) -> Text:
    """The text of that code with its parameters."""
    return Text(code, tuple(params.items()))


def add_catalogue(sentences: Mapping[str, str]) -> Mapping[str, str]:
    """Adds an owner's English sentences by code, and returns them. Raises ValueError for a code of another sentence."""
    return _english.add(sentences)


def get_english_sentences() -> Mapping[str, str]:
    """The English sentences of all owners that have been imported, by code."""
    return _english


def get_language() -> str:
    """The current language."""
    return _language.get()


def set_language(language: str) -> None:
    """Makes a language the current one of this process, before it starts anything else."""
    _language.set(language)


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """A context with another current language."""
    before = _language.set(language)
    try:
        yield
    finally:
        _language.reset(before)


def write_text(text: Text | str, sentences: Mapping[str, str]) -> str:
    """The sentence in the language of a catalogue; thousands in whole numbers are separated by commas.

    A `str` is a user's own text and stays as it is. Raises KeyError for a code that the catalogue lacks.
    """
    if isinstance(text, str):
        return text
    return sentences[text.code].format(**{key: _write_part(part, sentences) for key, part in text.params})


def _write_part(part: object, sentences: Mapping[str, str]) -> object:
    if isinstance(part, Text):
        return write_text(part, sentences)
    return f"{part:,}" if isinstance(part, int) else part


def write_message(text: Text | str) -> str:
    """The sentence of a text in the current language; a `str`, a user's own text, stays as it is.

    Raises KeyError for a code that no catalogue has, and for a place that is not filled.
    """
    return write_text(text, _pseudo if _language.get() == PSEUDO else _english)


def write_in_english(text: Text | str) -> str:
    """The English sentence of a text, for programs and their programmers."""
    return write_text(text, _english)


def write_for_json(value: object) -> str:
    """The sentence of a text in the current language, for `json.dumps(…, default=write_for_json)`.

    Raises TypeError for any other value, as the encoder itself does.
    """
    if isinstance(value, Text):
        return write_message(value)
    raise TypeError(f"an object of type {type(value).__name__} cannot be written as JSON")


def read_text_json(value: object, depth: int = 0) -> Text | str:
    """The text that `Text.to_json` wrote, or a `str` as it is.

    Raises ValueError for any other value, for a code that no catalogue has, and for places that are not filled.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping) or set(value) != {"code", "params"} or depth > MOST_DEPTH:
        raise ValueError("not a text")
    code, params = value["code"], value["params"]
    if not isinstance(code, str) or code not in _english or not isinstance(params, Mapping):
        raise ValueError("not the code of a sentence")
    if not list_places(_english[code]) <= set(params):
        raise ValueError("a place of the sentence is not filled")
    return Text(code, tuple((str(key), _read_part(part, depth)) for key, part in params.items()))


def _read_part(part: object, depth: int) -> object:
    return part if isinstance(part, int | float) else read_text_json(part, depth + 1)


@cache
def list_places(sentence: str) -> frozenset[str]:
    """The names of the places in a sentence."""
    return frozenset(name for _, name, _, _ in Formatter().parse(sentence) if name)


class _Catalogue(Mapping[str, str]):
    """The sentences of all owners, which add theirs when they are imported and never change them."""

    def __init__(self) -> None:
        self._sentences: dict[str, str] = {}

    def add(self, sentences: Mapping[str, str]) -> Mapping[str, str]:
        """Adds an owner's sentences."""
        for code, sentence in sentences.items():
            if self._sentences.setdefault(code, sentence) != sentence:
                raise ValueError(f"two sentences have the code {code}")
        return MappingProxyType(dict(sentences))

    def __getitem__(self, code: str) -> str:
        return self._sentences[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sentences)

    def __len__(self) -> int:
        return len(self._sentences)


class _PseudoCatalogue(_Catalogue):
    """The same sentences in pseudo-letters, made when they are read."""

    def __getitem__(self, code: str) -> str:
        return make_pseudo_sentence(_english[code])


_english, _pseudo = _Catalogue(), _PseudoCatalogue()
