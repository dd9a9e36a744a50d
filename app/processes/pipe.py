"""How a server process and its decoding process talk: a length, then so many bytes, over a pipe."""

from __future__ import annotations

from typing import BinaryIO

_LENGTH_BYTES = 8


class PipeError(Exception):
    """The other side sent something that is no frame."""


class PipeClosed(PipeError):
    """The other side is gone."""


def send(pipe: BinaryIO, *parts: bytes) -> None:
    """Writes the parts as one frame. Raises OSError where nobody reads any more."""
    pipe.write(sum(map(len, parts)).to_bytes(_LENGTH_BYTES, "big"))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: BinaryIO, most: int) -> bytes:
    """Reads one frame of at most so many bytes. Raises Ended at the end of the pipe, Broken for a longer one."""
    length = int.from_bytes(_read_exactly(pipe, _LENGTH_BYTES), "big")
    if length > most:
        raise PipeError(f"a frame of {length} bytes")
    return _read_exactly(pipe, length)


def _read_exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise PipeClosed(f"{len(data)} of {length} bytes")
    return data
