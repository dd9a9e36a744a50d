"""Decoding a picture as the work of a decoding process: see `app/processes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from PIL import AvifImagePlugin, Image

from ..processes.process_pool import ProcessPool
from ..processes.task import FileReader, Task, TaskResult
from .decoding.decode import DecodedPicture, DecodeLimits, decode_picture

_MAX_NOTES = 20
_NOTE_CHARACTERS = 200


def make_picture_task(limits: DecodeLimits | None = None, stretch: bool = False) -> Task[DecodedPicture]:
    """Decodes a picture within the limits; with `stretch` its least number becomes black and its largest white."""
    limits = limits or DecodeLimits()
    most = 3 * limits.working_side**2
    name = "stretching_reader" if stretch else "reader"
    return Task(f"{__name__}:{name}", asdict(limits), partial(_unpack_picture, limits.working_side), most, "a picture")


def decode_in_new_process(data: bytes, stretch: bool = False) -> DecodedPicture:
    """The picture in a file, decoded in a process of its own for whoever can wait. Raises UnreadableFile."""
    task = make_picture_task(stretch=stretch)
    with ProcessPool([task], workers=1) as decoder:
        return decoder.run_blocking(task, data)


def stretching_reader(settings: Mapping[str, Any]) -> FileReader:
    """As `reader`, of pictures that are to be stretched."""
    return reader(settings, stretch=True)


def reader(settings: Mapping[str, Any], stretch: bool = False) -> FileReader:
    """What reads pictures in the decoding process; Pillow is prepared for it."""
    limits = DecodeLimits(**settings)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # one a core, as it would, reserves memory for each on a large machine
    return lambda data: pack_picture(decode_picture(data, limits, stretch))


def pack_picture(decoded: DecodedPicture) -> TaskResult:
    """A picture as an answer."""
    head = {"shape": decoded.pixels.shape, "notes": decoded.notes, "dark": decoded.dark}
    return TaskResult(head, np.ascontiguousarray(decoded.pixels).tobytes())


def _unpack_picture(side: int, head: Mapping[str, Any], body: bytes) -> DecodedPicture:
    """The inverse of `pack_picture`. Raises ValueError, TypeError or KeyError for what is no picture of at most this side."""
    (height, width, channels), notes, dark = head["shape"], tuple(head["notes"]), head["dark"]
    if channels != 3 or not 1 <= height <= side or not 1 <= width <= side:
        raise ValueError("this is no picture")
    if len(notes) > _MAX_NOTES or not isinstance(dark, bool):
        raise ValueError("these are no notes")
    if not all(isinstance(note, str) and len(note) <= _NOTE_CHARACTERS and note.isprintable() for note in notes):
        raise ValueError("these are no notes")
    return DecodedPicture(np.frombuffer(body, np.uint8).reshape(height, width, channels), notes, dark)
