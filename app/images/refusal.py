"""Why a file was not taken: one sentence for the person who sent it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """What was wrong with a file.

    `status` is the HTTP status that says it (413 too large, 415 not a kind of picture read here, 422 damaged
    or too costly, 503 no decoder could be started), `field` the part it concerns, `value` what was found,
    `allowed` what would have been accepted, `message` the whole sentence.
    """

    status: int
    field: str
    value: str
    allowed: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The refusal as it travels from the decoding process and in an answer of the API."""
        return asdict(self)


class UnreadablePicture(ValueError):
    """Raised for every file that does not become a picture, whatever went wrong inside a decoder."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal

    @property
    def status(self) -> int:
        """The HTTP status that fits."""
        return self.refusal.status

    @property
    def field(self) -> str:
        """What the refusal concerns."""
        return self.refusal.field

    @property
    def value(self) -> str:
        """What was found there."""
        return self.refusal.value

    @property
    def allowed(self) -> str:
        """What would have been accepted."""
        return self.refusal.allowed

    @property
    def message(self) -> str:
        """The whole sentence."""
        return self.refusal.message


def refuse(status: int, field: str, value: object, allowed: str, message: str) -> UnreadablePicture:
    """The exception for one refusal, to be raised by the caller."""
    return UnreadablePicture(Refusal(status, field, str(value), allowed, message))
