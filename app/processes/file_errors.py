"""Why a file was rejected, with a sentence for the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core.texts import Text, make_text, read_text_json, write_message

_FILE_STATUSES = (413, 415, 422)
_MAX_CHARACTERS = 2_000  # of each text of a FileProblem


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What was wrong with a file.

    `status` is the HTTP status (413 too large, 415 unsupported format, 422 damaged or too costly, 503 no worker process
    could be started, or it was stopped from outside), `field` the part of the request, `value` what was found,
    `allowed` what would have been accepted, `text` the whole sentence.
    """

    status: int
    field: str
    value: Text | str
    allowed: Text | str
    text: Text

    @property
    def message(self) -> str:
        """The whole sentence, in the current language."""
        return write_message(self.text)

    def to_json(self) -> dict[str, Any]:
        """The problem as a worker process sends it."""
        return {
            "status": self.status,
            "field": self.field,
            **{name: pack_text(text) for name, text in self._texts.items()},
        }

    @property
    def _texts(self) -> dict[str, Text | str]:
        return {"value": self.value, "allowed": self.allowed, "text": self.text}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FileProblem:
        """The inverse of `to_json`, for a problem of the file. Raises ValueError or TypeError for other values."""
        texts = {name: unpack_text(values.get(name), _MAX_CHARACTERS) for name in ("value", "allowed", "text")}
        problem = cls(**{**values, **texts})
        if problem.status not in _FILE_STATUSES or not isinstance(problem.text, Text):
            raise ValueError("not a problem of a file")
        unpack_text(problem.field, _MAX_CHARACTERS)
        return problem


class UnreadableFile(ValueError):
    """Raised for every file that cannot be read as what it should be, whatever went wrong in the worker process."""

    def __init__(self, problem: FileProblem) -> None:
        super().__init__(problem.message)
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def field(self) -> str:
        """The part of the request that the problem concerns."""
        return self.problem.field

    @property
    def value(self) -> str:
        """What was found there."""
        return write_message(self.problem.value)

    @property
    def allowed(self) -> str:
        """What would have been accepted."""
        return write_message(self.problem.allowed)

    @property
    def message(self) -> str:
        """The whole sentence, in the current language."""
        return self.problem.message


def make_file_error(
    code: str, status: int, field: str, value: Text | str, allowed: Text | str, **parts: object
) -> UnreadableFile:
    """An exception with the sentence of that code, for the caller to raise."""
    return UnreadableFile(FileProblem(status, field, value, allowed, make_text(code, allowed=allowed, **parts)))


def pack_text(text: Text | str) -> object:
    """A text as a worker process sends it."""
    return text.to_json() if isinstance(text, Text) else text


def unpack_text(value: object, most: int) -> Text | str:
    """The inverse of `pack_text`. Raises ValueError unless it is written in at most `most` printable characters."""
    text = read_text_json(value)
    written = write_message(text)
    if len(written) > most or not written.isprintable():
        raise ValueError("not a printable text")
    return text
