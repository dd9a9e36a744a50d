"""Tasks that decode pictures in a worker process: see `app/processes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np
from PIL import AvifImagePlugin, Image

from ..core.texts import make_text
from ..processes.file_errors import pack_text, unpack_text
from ..processes.process_pool import ProcessPool
from ..processes.task import FileReader, Task, TaskResult
from .decoding.decode import DecodedPicture, DecodeLimits, decode_picture

_MAX_NOTES = 20
_MAX_NOTE_CHARACTERS = 200


def make_picture_task(limits: DecodeLimits | None = None, stretch: bool = False) -> Task[DecodedPicture]:
    """A task that decodes a picture; with `stretch` its smallest value becomes black and its largest white."""
    limits = limits or DecodeLimits()
    max_bytes = 3 * limits.working_side**2
    reader = f"{__name__}:{'make_stretching_reader' if stretch else 'make_reader'}"
    return Task(
        reader, asdict(limits), partial(_unpack_picture, limits.working_side), max_bytes, make_text("a_picture")
    )


def decode_in_new_process(data: bytes, stretch: bool = False) -> DecodedPicture:
    """The picture in a file, decoded in a new worker process; blocks until it is done. Raises UnreadableFile."""
    task = make_picture_task(stretch=stretch)
    with ProcessPool([task], workers=1) as pool:
        return pool.run_blocking(task, data)


def make_stretching_reader(settings: Mapping[str, Any]) -> FileReader:
    """Like `make_reader`, with `stretch`."""
    return make_reader(settings, stretch=True)


def make_reader(settings: Mapping[str, Any], stretch: bool = False) -> FileReader:
    """The function that decodes pictures in a worker process; sets Pillow's limits."""
    limits = DecodeLimits(**settings)
    Image.MAX_IMAGE_PIXELS = limits.pixels
    AvifImagePlugin.DEFAULT_MAX_THREADS = 2  # its default of one for each core reserves memory for each of them
    return lambda data: pack_picture(decode_picture(data, limits, stretch))


def pack_picture(decoded: DecodedPicture) -> TaskResult:
    """A picture as the result of a task."""
    head = {"shape": decoded.pixels.shape, "notes": list(map(pack_text, decoded.notes)), "dark": decoded.dark}
    return TaskResult(head, np.ascontiguousarray(decoded.pixels).tobytes())


def _unpack_picture(side: int, head: Mapping[str, Any], body: bytes) -> DecodedPicture:
    """The inverse of `pack_picture`. Raises ValueError, TypeError or KeyError if it is no picture of that side."""
    (height, width, channels), packed, dark = head["shape"], head["notes"], head["dark"]
    if channels != 3 or not 1 <= height <= side or not 1 <= width <= side:
        raise ValueError("not the shape of a picture")
    if len(packed) > _MAX_NOTES or not isinstance(dark, bool):
        raise ValueError("invalid notes")
    notes = tuple(unpack_text(note, _MAX_NOTE_CHARACTERS) for note in packed)
    return DecodedPicture(np.frombuffer(body, np.uint8).reshape(height, width, channels), notes, dark)
