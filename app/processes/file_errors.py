"""Why a file was not taken: one sentence for the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_FILE_STATUSES = (413, 415, 422)
_MAX_CHARACTERS = 2_000  # characters of a part


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What was wrong with a file.

    `status` is the HTTP status that says it (413 too large, 415 not a kind of file read here, 422 damaged or too
    costly, 503 no decoder could be started, or it was stopped from outside), `field` the part it concerns, `value`
    what was found, `allowed` what would have been accepted, `message` the whole sentence.
    """

    status: int
    field: str
    value: str
    allowed: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The refusal as it travels from the decoding process and in an answer of the API."""
        return asdict(self)

    @classmethod
    def of_a_file(cls, said: Mapping[str, Any]) -> FileProblem:
        """The inverse of `to_json`, of what a file may be refused for. Raises ValueError or TypeError for nonsense."""
        made = cls(**said)
        texts = (made.field, made.value, made.allowed, made.message)
        if made.status not in _FILE_STATUSES or not all(map(_is_printable_text, texts)):
            raise ValueError("this is no refusal")
        return made


class UnreadableFile(ValueError):
    """Raised for every file that does not become what it was brought as, whatever went wrong inside a decoder."""

    def __init__(self, refusal: FileProblem) -> None:
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


def make_file_error(status: int, field: str, value: object, allowed: str, message: str) -> UnreadableFile:
    """The exception for one refusal, to be raised by the caller."""
    return UnreadableFile(FileProblem(status, field, str(value), allowed, message))


def _is_printable_text(part: object) -> bool:
    return isinstance(part, str) and len(part) <= _MAX_CHARACTERS and part.isprintable()
