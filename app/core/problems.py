"""What was wrong with a link, a value or a file, as data that both pages and the API can show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that did not fit, in words a student understands.

    `field` is the part's own name ("stride", "image", "layers"), `value` what was given, `allowed` what
    would have been accepted, `message` the whole sentence. A `note` says what was changed on the user's
    behalf and never stops anything; an `error` makes the API answer 422 while a page shows the nearest
    good figure together with the sentence. `layer` is the index of the layer it belongs to, from 0.
    """

    field: str
    value: str
    allowed: str
    message: str
    severity: Severity = "error"
    layer: int | None = None

    def to_json(self) -> dict[str, object]:
        """The problem as the API's `problems` list shows it."""
        return {
            "field": self.field,
            "value": self.value,
            "allowed": self.allowed,
            "message": self.message,
            "severity": self.severity,
            "layer": self.layer,
        }
