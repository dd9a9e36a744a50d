"""One kind of work on files: the function that runs in a worker process, and how the server checks its result."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from ..core.texts import Text
from .file_errors import FileProblem, UnreadableFile
from .pipe import PipeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What a worker process read from a file: `head` can be written as JSON, `body` holds the numbers."""

    head: Mapping[str, Any]
    body: bytes = b""


FileReader = Callable[..., TaskResult]
"""Reads a file in a worker process: called with its bytes, and with the task's `argument` unless that is empty.

Raises UnreadableFile with a reason, or any other exception.
"""


@dataclass(frozen=True, slots=True)
class TaskSentences:
    """The codes of the sentences for what goes wrong with one kind of work, whatever its file is.

    `field` is the part of the request that they are about. `too_slow` may have {seconds}, `failed` {expected}.
    """

    field: str = "file"
    no_memory: str = "no_memory_to_read"
    failed: str = "not_read_as"
    stopped: str = "reading_stopped"
    too_slow: str = "reading_too_slow"
    unavailable: str = "no_decoder"
    crashed: str = "decoder_crashed"


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """A kind of work. Its worker process is not trusted: the server checks each result.

    `reader` names a function, as "module:function". Each process calls it once, at its start, with `settings`, which
    can be written as JSON; it returns the FileReader that gets the files. `unpack` converts a TaskResult, and raises
    ValueError, TypeError or KeyError for an invalid one. No body is longer than `max_bytes`. `expected` says what a
    file should be, such as a picture. `argument` applies to this one file, such as the name of a part; all else is the
    same for every file. `sentences` say what went wrong.
    """

    reader: str
    settings: Mapping[str, Any]
    unpack: Callable[[Mapping[str, Any], bytes], T]
    max_bytes: int
    expected: Text | str
    argument: str = ""
    sentences: TaskSentences = TaskSentences()

    @property
    def request_line(self) -> bytes:
        """The line before the file in a frame to a worker process: the reader, and the argument as JSON."""
        return f"{self.reader} {json.dumps(self.argument)}\n".encode()


def pack_result(result: TaskResult | FileProblem) -> tuple[bytes, bytes]:
    """A result as a line of JSON and its body; never a pickle."""
    if isinstance(result, FileProblem):
        return json.dumps({"problem": result.to_json()}).encode() + b"\n", b""
    return json.dumps(dict(result.head)).encode() + b"\n", result.body


def unpack_result(task: Task[T], frame: bytes) -> T:
    """The inverse of `pack_result`. Raises UnreadableFile for a FileProblem, PipeError for an invalid result."""
    line, _, body = frame.partition(b"\n")
    try:
        head = json.loads(line)
        if "problem" not in head:
            return task.unpack(head, body)
        problem = FileProblem.from_json(head["problem"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise PipeError("an invalid result") from error
    raise UnreadableFile(problem)
