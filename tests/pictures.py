"""Unusual, damaged and hostile picture files made in memory, and a misbehaving reader for the tests of processes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import struct
import zlib
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PIL import Image

from app.images.decoding.decode import DecodedPicture
from app.images.picture_tasks import make_picture_task, pack_picture
from app.processes.task import FileReader, TaskResult

# Four colors, by which every orientation can be told.
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS = ((RED, GREEN), (BLUE, WHITE))  # top left, top right; bottom left, bottom right


def corners(width: int = 48, height: int = 32) -> Image.Image:
    """Four colored quarters, wider than high."""
    pixels = np.zeros((height, width, 3), np.uint8)
    for row, colors in enumerate(CORNERS):
        for column, color in enumerate(colors):
            rows = slice(row * height // 2, (row + 1) * height // 2)
            pixels[rows, column * width // 2 : (column + 1) * width // 2] = color
    return Image.fromarray(pixels)


def photo(width: int, height: int) -> Image.Image:
    """A smooth picture with detail, of any size."""
    y, x = np.mgrid[0:height, 0:width]
    return Image.fromarray(np.stack([x * 3 % 256, y * 5 % 256, (x + y) % 256], axis=2).astype(np.uint8))


def file(image: Image.Image, format_: str, **options: object) -> bytes:
    """A picture as a file's bytes."""
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """Exif data as a phone writes it: orientation, maker and place."""
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "SECRETPHONE"
    tags[0x8825] = {1: "N", 2: (48.0, 51.0, 29.0), 3: "E", 4: (2.0, 17.0, 40.0), 29: "SECRETDATE"}
    return tags


def stored_as(image: Image.Image, orientation: int) -> Image.Image:
    """The pixels that a camera stores so that `orientation` turns them to `image`."""
    steps = Image.Transpose
    undo = {
        1: None,
        2: steps.FLIP_LEFT_RIGHT,
        3: steps.ROTATE_180,
        4: steps.FLIP_TOP_BOTTOM,
        5: steps.TRANSPOSE,
        6: steps.ROTATE_90,
        7: steps.TRANSVERSE,
        8: steps.ROTATE_270,
    }[orientation]
    return image if undo is None else image.transpose(undo)


def with_scans(scans: int) -> bytes:
    """A valid JPEG that repeats its first progressive scan."""
    whole = file(Image.new("L", (16, 16), 100), "JPEG", progressive=True)
    before, first, *others = whole.split(b"\xff\xda")
    tables_ahead = first.find(b"\xff\xc4")  # of the second scan
    only = first if tables_ahead < 0 else first[:tables_ahead]
    again = (b"\xff\xda" + only) * (scans - 1 - len(others))
    return b"\xff\xda".join([before + again, first, *others])


def png_claiming(width: int, height: int) -> bytes:
    """A tiny PNG whose header gives any size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(99)))


def png_of_16_bits(values: np.ndarray) -> bytes:
    """A PNG of 16 bits a channel: (height, width) gray or (height, width, 3) color."""
    height, width = values.shape[:2]
    head = struct.pack(">IIBBBBB", width, height, 16, 0 if values.ndim == 2 else 2, 0, 0, 0)
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    chunks = _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


# -- a reader for the tests of the processes, by its name: "tests.pictures:first_byte" ---------------------------


MISBEHAVES = replace(make_picture_task(), reader="tests.pictures:first_byte")


def first_byte(settings: Mapping[str, object]) -> FileReader:
    """A reader that misbehaves as the file says."""
    return _as_the_first_byte_says


def _as_the_first_byte_says(data: bytes) -> TaskResult:
    """Misbehaves, once or always; otherwise returns one pixel with the first byte as brightness."""
    kind, rest = data[:1], data[1:]
    if kind == b"n":
        _never_ends()
    if kind == b"d":
        os.abort()
    if kind == b"m":
        np.ones(1 << 40, np.uint8)
    if kind == b"r":
        raise struct.error("decoders raise more than OSError")
    if kind == b"p":
        print("noise on standard output")
    if kind == b"k" and _is_new(rest):  # as a system does that is short of memory
        os.kill(os.getpid(), getattr(signal, rest.split()[0].decode()))
    if kind == b"l":
        return TaskResult(json.loads(rest), bytes(3))
    return pack_picture(DecodedPicture(np.full((1, 1, 3), data[0], np.uint8), (str(os.getpid()),)))


def _is_new(rest: bytes) -> bool:
    """Makes the file named after the signal; True if it is new, or if there is no name."""
    _, _, name = rest.partition(b" ")
    if not name:
        return True
    with contextlib.suppress(FileExistsError):
        os.close(os.open(name, os.O_CREAT | os.O_EXCL))
        return True
    return False


def _never_ends() -> None:
    """An endless loop."""
    while True:
        pass
