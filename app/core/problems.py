"""Problems of a link, a value or a file, as data for the pages and the API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["note", "error"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem, in words a student understands.

    `field` names the part ("stride", "image", "layers"), `value` is what was given, `allowed` what is accepted,
    `message` the whole sentence. A `note` reports a change and stops nothing; for an `error` the API responds with
    422, while a page shows the nearest valid figure with the sentence. `layer` is the index of its layer, from 0.
    """

    field: str
    value: str
    allowed: str
    message: str
    severity: Severity = "error"
    layer: int | None = None

    def to_json(self) -> dict[str, object]:
        """The problem as an entry of the API's `problems`."""
        return {
            "field": self.field,
            "value": self.value,
            "allowed": self.allowed,
            "message": self.message,
            "severity": self.severity,
            "layer": self.layer,
        }
