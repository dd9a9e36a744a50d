"""The link and the cells embedded in a PNG, read by the PNG specification alone."""

from __future__ import annotations

import io
import json
import struct
import zlib
from collections.abc import Iterator

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(file: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield type and data of every chunk; check each checksum."""
    assert file.startswith(SIGNATURE)
    at = len(SIGNATURE)
    while at < len(file):
        (length,) = struct.unpack(">I", file[at : at + 4])
        kind, body = file[at + 4 : at + 8], file[at + 8 : at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        yield kind.decode(), body
        at += 12 + length


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(file: bytes, *more: bytes) -> bytes:
    """Add chunks to a PNG before its pixels."""
    return b"".join((file[:33], *more, file[33:]))


def read_link_data(file: bytes) -> dict:
    """Read the JSON of the embedded link from the text chunk."""
    return json.loads(Image.open(io.BytesIO(file)).text["convoscope"])


def read_cells(file: bytes) -> Image.Image | None:
    """Read the embedded cells, if any."""
    found = [body for kind, body in chunks(file) if kind == "cvPx"]
    return Image.open(io.BytesIO(found[0])) if found else None
