"""Problems of a link, a value or a file, as data for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from .texts import Text, make_text, write_message

Severity = Literal["note", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, in words a student understands.

    `field` names the part ("stride", "image", "layers"), `value` is what was given, `allowed` what is accepted, `text`
    the sentence, and `endings` are further ones that can be left out: what is used or shown instead, a hint. A `note`
    reports a change and stops nothing; for an `error` the API responds with 422, while a page shows the nearest valid
    figure with the sentences. `layer` is the index of its layer, from 0, and `place` names that layer in the message.
    """

    field: str
    value: Text | str
    allowed: Text | str
    text: Text
    endings: tuple[Text, ...] = ()
    severity: Severity = "error"
    layer: int | None = None
    place: Text | None = None

    @property
    def code(self) -> str:
        """What is wrong, for programs."""
        return self.text.code

    @property
    def message(self) -> str:
        """All sentences, in the current language."""
        first = make_text("in_layer", place=self.place, sentence=self.text) if self.place else self.text
        return " ".join(map(write_message, (first, *self.endings)))

    def to_json(self) -> dict[str, object]:
        """The problem as an entry of the API's `problems`, its sentences in the current language."""
        return {
            "field": self.field,
            "value": write_message(self.value),
            "allowed": write_message(self.allowed),
            "message": self.message,
            "severity": self.severity,
            "layer": self.layer,
            "place": self.place.to_json() if self.place else None,
            **self.text.to_json(),
            "endings": [ending.to_json() for ending in self.endings],
        }


def make_problem(
    code: str,
    field: str,
    value: object,
    allowed: Text | str = "",
    *endings: Text,
    severity: Severity = "error",
    layer: int | None = None,
    **parts: Any,
) -> Problem:
    """A problem with the sentence of that code, whose places `field`, `value`, `allowed` and `parts` fill."""
    text = make_text(code, field=field, value=value, allowed=allowed, **parts)
    return Problem(field, value if isinstance(value, Text) else str(value), allowed, text, endings, severity, layer)


def place_problem(problem: Problem, layer: int, operation: str) -> Problem:
    """The problem as that of a layer: its index from 0, and the name of its operation, "" where it is unknown."""
    return replace(problem, layer=layer, place=name_layer(layer, operation))


def name_layer(layer: int, operation: str) -> Text:
    """A layer in words: its index from 0 as a number from 1, and the title of its operation, "" where it is unknown."""
    number = layer + 1
    title = make_text(f"title_{operation}") if operation else None
    return make_text("layer_place", title=title, number=number) if title else make_text("layer_number", number=number)


def add_ending(problem: Problem, ending: Text | None) -> Problem:
    """The problem with a further ending, if there is one."""
    return replace(problem, endings=(*problem.endings, ending)) if ending else problem


def remove_ending(problem: Problem, *codes: str) -> Problem:
    """The problem without its endings of these codes."""
    return replace(problem, endings=tuple(ending for ending in problem.endings if ending.code not in codes))
