"""How a server process and its decoding process talk: a length, then so many bytes, over a pipe.

Answers are JSON and raw pixels, never pickles: the process that reads a stranger's file is not trusted.
"""

from __future__ import annotations

import json
from typing import BinaryIO

import numpy as np

from .decode import Decoded
from .refusal import Refusal, UnreadablePicture

_LENGTH = 8
_LONGEST = 1 << 31


class Broken(Exception):
    """The other side has ended, or sent something that is no frame."""


def send(pipe: BinaryIO, *parts: bytes) -> None:
    """Writes the parts as one frame. Raises OSError where nobody reads any more."""
    pipe.write(sum(map(len, parts)).to_bytes(_LENGTH, "big"))
    for part in parts:
        pipe.write(part)
    pipe.flush()


def receive(pipe: BinaryIO) -> bytes:
    """Reads one frame. Raises Broken at the end of the pipe or for an absurd length."""
    length = int.from_bytes(_exactly(pipe, _LENGTH), "big")
    if length > _LONGEST:
        raise Broken(f"a frame of {length} bytes")
    return _exactly(pipe, length)


def pack(answer: Decoded | Refusal) -> tuple[bytes, bytes]:
    """An answer as a line of JSON and the raw pixels, if any."""
    if isinstance(answer, Refusal):
        return json.dumps({"refusal": answer.to_json()}).encode() + b"\n", b""
    head = {"shape": answer.pixels.shape, "notes": answer.notes}
    return json.dumps(head).encode() + b"\n", np.ascontiguousarray(answer.pixels).tobytes()


def unpack(frame: bytes) -> Decoded:
    """The inverse of `pack`. Raises UnreadablePicture for a refusal, Broken for anything else than an answer."""
    line, _, raw = frame.partition(b"\n")
    try:
        head = json.loads(line)
        if "refusal" in head:
            raise UnreadablePicture(Refusal(**head["refusal"]))
        height, width, channels = head["shape"]
        pixels = np.frombuffer(raw, np.uint8).reshape(height, width, channels)
        return Decoded(pixels, tuple(str(note) for note in head["notes"]))
    except UnreadablePicture:
        raise
    except (ValueError, TypeError, KeyError) as error:
        raise Broken(str(error)) from error


def _exactly(pipe: BinaryIO, length: int) -> bytes:
    data = pipe.read(length)
    if len(data) < length:
        raise Broken(f"{len(data)} of {length} bytes")
    return data
