"""The protocol between the server and a worker process: frames over a pipe, each a length of 8 bytes and the data."""

from __future__ import annotations

from typing import BinaryIO

_LENGTH_BYTES = 8


class PipeError(Exception):
    """The other side sent an invalid frame or is gone."""


class PipeClosed(PipeError):
    """The other side is gone."""


def send(pipe: BinaryIO, *parts: bytes) -> None:
    """Writes the parts as one frame. Raises OSError if the other side has closed the pipe."""
    pipe.write(sum(map(len, parts)).to_bytes(_LENGTH_BYTES, "big"))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: BinaryIO, max_bytes: int) -> bytes:
    """Reads one frame. Raises PipeClosed at the end of the pipe, PipeError for a frame of more than `max_bytes`."""
    length = int.from_bytes(_read_exactly(pipe, _LENGTH_BYTES), "big")
    if length > max_bytes:
        raise PipeError(f"a frame of {length} bytes")
    return _read_exactly(pipe, length)


def _read_exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise PipeClosed(f"{len(data)} of {length} bytes")
    return data
