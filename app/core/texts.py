"""Texts as data: a code and its parameters, written as a sentence where the answer leaves the program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a label before it is written: `code` names it in a catalogue, `params` fill its places.

    A parameter is a number, a user's own text (a `str`, never translated), or another Text, which is written first.
    """

    code: str
    params: tuple[tuple[str, object], ...] = ()

    def to_json(self) -> dict[str, object]:
        """The text for scripts: its code and parameters, inner texts likewise."""
        return {
            "code": self.code,
            "params": {key: part.to_json() if isinstance(part, Text) else part for key, part in self.params},
        }


def make_text(code: str, /, **params: object) -> Text:
    """The text of that code with its parameters."""
    return Text(code, tuple(params.items()))


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
