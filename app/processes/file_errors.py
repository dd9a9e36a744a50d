"""Why a file was rejected, with a sentence for the person who sent it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

_FILE_STATUSES = (413, 415, 422)
_MAX_CHARACTERS = 2_000  # of each text of a FileProblem


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What was wrong with a file.

    `status` is the HTTP status (413 too large, 415 unsupported format, 422 damaged or too costly, 503 no worker process
    could be started, or it was stopped from outside), `field` the part of the request, `value` what was found,
    `allowed` what would have been accepted, `message` the whole sentence.
    """

    status: int
    field: str
    value: str
    allowed: str
    message: str

    def to_json(self) -> dict[str, Any]:
        """The problem as a worker process sends it and as the API returns it."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> FileProblem:
        """The inverse of `to_json`, for a problem of the file. Raises ValueError or TypeError for other values."""
        problem = cls(**values)
        texts = (problem.field, problem.value, problem.allowed, problem.message)
        if problem.status not in _FILE_STATUSES or not all(map(_is_printable_text, texts)):
            raise ValueError("not a problem of a file")
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
        return self.problem.value

    @property
    def allowed(self) -> str:
        """What would have been accepted."""
        return self.problem.allowed

    @property
    def message(self) -> str:
        """The whole sentence."""
        return self.problem.message


def make_file_error(status: int, field: str, value: object, allowed: str, message: str) -> UnreadableFile:
    """An exception for the caller to raise."""
    return UnreadableFile(FileProblem(status, field, str(value), allowed, message))


def _is_printable_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_CHARACTERS and value.isprintable()
