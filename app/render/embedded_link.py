"""The link of a figure embedded in its PNG, and with the uploader's consent the cells of the input.

Both are chunks that image viewers ignore; `static/features/upload/figure-in-png.js` reads them. The link is an iTXt
chunk with the keyword `convoscope`, which any program can show; the cells are a small PNG in a private chunk.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import replace

import numpy as np

from ..core.link.query_string import format_link
from ..core.scene import Scene, UploadId, View, choose_item, hide_uploads
from ..core.trace.trace import Trace
from .png import encode_png

KEYWORD = b"convoscope"
CELLS_CHUNK = b"cvPx"
"""Type of the chunk of the cells: ancillary, private, safe to copy."""
VERSION = 2
"""The version of the embedded link, which is that of the scene that it describes."""
HEADER_LENGTH = 8 + 25
"""The PNG signature and the IHDR chunk."""


def embed_link(file: bytes, trace: Trace, scene: Scene, view: View, pixels: bool) -> bytes:
    """Embed the link of the figure in its PNG. Law: opened again, the figure is the same, to the last cell.

    The id of an upload is replaced by the mark for a left-out image. With `pixels` the cells of the input are
    embedded too, cropped and scaled as they are computed with.
    """
    has_cells = pixels and isinstance(scene.shown_image, UploadId)
    chunks = [_make_text_chunk(_format_embedded_link(trace, scene, view, has_cells))]
    if has_cells:
        chunks.append(_make_chunk(CELLS_CHUNK, encode_png(_make_input_colors(trace), effort=9)))
    return b"".join((file[:HEADER_LENGTH], *chunks, file[HEADER_LENGTH:]))


def _format_embedded_link(trace: Trace, scene: Scene, view: View, pixels: bool) -> str:
    """Format the canonical link; with embedded cells, at their size, without a crop and as they were changed."""
    scene = hide_uploads(choose_item(scene, scene.item) if pixels else scene)
    if pixels:
        _, rows, columns = trace.stages[0].output.shape
        scene = replace(scene, size=(rows, columns), crop=None, adjust=None)
    return format_link(scene, view)


def _make_input_colors(trace: Trace) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    """Return the input as uint8 colors (rows, columns, 3), multiplied by 255 where its range is 0 to 1."""
    maps = trace.stages[0].output
    whole = np.rint(maps * 255 if trace.scene.range == "unit" else maps).astype(np.uint8)
    return np.ascontiguousarray(np.broadcast_to(whole, (3, *whole.shape[1:])).transpose(1, 2, 0))


def _make_text_chunk(link: str) -> bytes:
    """Make an iTXt chunk: keyword, no compression, no language, no translated keyword, the text."""
    text = json.dumps({"version": VERSION, "link": link}, ensure_ascii=False, separators=(",", ":"))
    return _make_chunk(b"iTXt", KEYWORD + b"\0" * 5 + text.encode())


def _make_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
