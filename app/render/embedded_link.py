"""A PNG that carries the figure it shows: the link as a text, and a picture's own cells where somebody agreed to that.

Both stand in chunks of their own, which programs that draw a PNG pass over. `static/carried.js` reads them again. The
text is an iTXt chunk with the keyword `convoscope`, which any program can show; the cells are a small PNG in a
private chunk, so that reading them back takes nothing but what already reads pictures.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace

import numpy as np

from ..core.link.query_string import format_link
from ..core.scene import OMITTED_UPLOAD, Scene, UploadId, View
from ..core.trace.trace import Trace
from .png import png

KEYWORD = b"convoscope"
CELLS = b"cvPx"
"""Small letters: not critical, private; copied by programs that do not know it."""
VERSION = 1
AFTER_HEADER = 8 + 25
"""Every PNG begins with its signature and one chunk of 13 bytes that says how large it is."""


def carrying(file: bytes, trace: Trace, scene: Scene, view: View, pixels: bool) -> bytes:
    """The PNG with its figure inside. Law: opened again, the figure is the same, to the last cell.

    A picture that somebody brought is named neither by its address nor, without `pixels`, shown: then its place in
    the link says that it was left out. With `pixels` its cells go in as they are worked with, and nothing around them.
    """
    brought = isinstance(scene.image, UploadId)
    chunks = [_text(_link(trace, scene, view, pixels and brought))]
    if pixels and brought:
        chunks.append(_chunk(CELLS, png(_cells(trace), effort=9)))
    return b"".join((file[:AFTER_HEADER], *chunks, file[AFTER_HEADER:]))


def _link(trace: Trace, scene: Scene, view: View, pixels: bool) -> str:
    """The canonical link; with the cells beside it, one that takes exactly those."""
    if isinstance(scene.image, UploadId):
        scene = replace(scene, image=OMITTED_UPLOAD)
    if pixels:
        _, rows, columns = trace.stages[0].output.shape
        scene = replace(scene, size=(rows, columns), crop=None)
    return format_link(scene, view)


def _cells(trace: Trace) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """The input as colors, (rows, columns, 3): whole numbers 0 to 255 again, where they were divided by 255."""
    maps = trace.stages[0].output
    whole = np.rint(maps * 255 if trace.scene.range == "unit" else maps).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(whole, (3, *whole.shape[1:])).transpose(1, 2, 0))


def _text(link: str) -> bytes:
    """An iTXt chunk: keyword, not compressed, no language, no other keyword, the text."""
    said = json.dumps({"version": VERSION, "link": link}, ensure_ascii=False, separators=(",", ":"))
    return _chunk(b"iTXt", KEYWORD + b"\0" * 5 + said.encode())


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
