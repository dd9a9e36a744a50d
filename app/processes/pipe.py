"""How a server process and its decoding process talk: a length, then so many bytes, over a pipe."""

from __future__ import annotations

from typing import BinaryIO

_LENGTH = 8


class Broken(Exception):
    """The other side sent something that is no frame."""


class Ended(Broken):
    """The other side is gone."""


def send(pipe: BinaryIO, *parts: bytes) -> None:
    """Writes the parts as one frame. Raises OSError where nobody reads any more."""
    pipe.write(sum(map(len, parts)).to_bytes(_LENGTH, "big"))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: BinaryIO, most: int) -> bytes:
    """Reads one frame of at most so many bytes. Raises Ended at the end of the pipe, Broken for a longer one."""
    length = int.from_bytes(_exactly(pipe, _LENGTH), "big")
    if length > most:
        raise Broken(f"a frame of {length} bytes")
    return _exactly(pipe, length)


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise Ended(f"{len(data)} of {length} bytes")
    return data
