"""One kind of work on files: how it is done in a decoding process, and what its answer stands for in the server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from .file_errors import FileProblem, UnreadableFile
from .pipe import PipeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TaskResult:
    """What a process made of a file: `head` is ready for JSON, `body` holds numbers."""

    head: Mapping[str, Any]
    body: bytes = b""


FileReader = Callable[..., TaskResult]
"""Reads a file in a decoding process: its bytes, and what is `asked` of it if anything is.

Raises UnreadableFile with a reason, or anything else.
"""


@dataclass(frozen=True, slots=True)
class Task(Generic[T]):
    """A kind of work. The process that does it is not trusted: what it answers is checked before it counts.

    `reader` names a function, as "module:function". Each process calls it once, at its start, with `settings`, which
    are ready for JSON; what it gives, a Reader, gets the files. `unpack` makes of an Answer what it stands for, and
    raises ValueError, TypeError or KeyError for one that no file leads to. No body is longer than `most_bytes`.
    `wanted` says in a sentence what a file should have been: "a picture". `asked` is what is wanted of this one file,
    such as a part of it by its name; all other things are the same for every file.
    """

    reader: str
    settings: Mapping[str, Any]
    unpack: Callable[[Mapping[str, Any], bytes], T]
    most_bytes: int
    wanted: str
    asked: str = ""

    @property
    def line(self) -> bytes:
        """What comes before the file on its way to a process: the reader, and what is asked, as JSON."""
        return f"{self.reader} {json.dumps(self.asked)}\n".encode()


def pack_result(answer: TaskResult | FileProblem) -> tuple[bytes, bytes]:
    """An answer as a line of JSON and its body. Answers are never pickles."""
    if isinstance(answer, FileProblem):
        return json.dumps({"refusal": answer.to_json()}).encode() + b"\n", b""
    return json.dumps(dict(answer.head)).encode() + b"\n", answer.body


def unpack(task: Task[T], frame: bytes) -> T:
    """The inverse of `pack_result`. Raises UnreadableFile for a refusal, Broken for what is no answer to the task."""
    line, _, body = frame.partition(b"\n")
    try:
        head = json.loads(line)
        if "refusal" not in head:
            return task.unpack(head, body)
        refusal = FileProblem.of_a_file(head["refusal"])
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise PipeError("an answer that is none") from error
    raise UnreadableFile(refusal)
