"""Picture files that Pillow cannot write, built byte by byte from their specifications."""

from __future__ import annotations

import struct
import zlib

import numpy as np

ADAM7 = ((0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1))
"""First row, first column and steps of the seven passes."""
Tags = dict[int, object]
GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(values: np.ndarray, bits: int, kind: int, *extra: bytes, interlaced: bool = False, tail: bytes = b"") -> bytes:
    """A PNG of numbers (height, width) or (height, width, channels); `extra` are chunks before the pixels."""
    height, width = values.shape[:2]
    head = struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, int(interlaced))
    passes = [values[r::dr, c::dc] for r, c, dr, dc in ADAM7] if interlaced else [values]
    rows = b"".join(b"\0" + packed(row.ravel(), bits) for part in passes if part.size for row in part)
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(extra) + body + tail + chunk(b"IEND", b"")


def packed(numbers: np.ndarray, bits: int) -> bytes:
    """Numbers one after the other, the most significant bits first, up to a whole byte."""
    if bits in (8, 16):
        return numbers.astype(f">u{bits // 8}").tobytes()
    text = "".join(format(int(number), f"0{bits}b") for number in numbers)
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def transparent(*numbers: int) -> bytes:
    """The chunk that makes one color transparent."""
    return chunk(b"tRNS", struct.pack(f">{len(numbers)}H", *numbers))


def gamma(value: float) -> bytes:
    """The chunk with the gamma."""
    return chunk(b"gAMA", struct.pack(">I", round(value * 100_000)))


def chromaticities(*values: float) -> bytes:
    """The chunk with the chromaticities of white, red, green and blue."""
    return chunk(b"cHRM", struct.pack(">8I", *(round(value * 100_000) for value in values)))


def tiff(values: np.ndarray, *, big: bool = False, planar: bool = False, tags: Tags | None = None) -> bytes:
    """An uncompressed TIFF of one strip, or of one a plane, its tags before its pixels; `tags` add or replace."""
    order = ">" if big else "<"
    values = values if values.ndim == 3 else values[..., None]
    height, width, channels = values.shape
    planes = [values[..., c] for c in range(channels)] if planar else [values]
    strips = [plane.astype(plane.dtype.newbyteorder(order)).tobytes() for plane in planes]
    number = {"u": 1, "i": 2, "f": 3}[values.dtype.kind]
    bits = 8 * values.dtype.itemsize
    found: Tags = {
        256: width, 257: height, 258: (bits,) * channels, 259: 1, 262: 2 if channels > 2 else 1,
        273: (0,) * len(strips), 277: channels, 278: height, 279: tuple(map(len, strips)),
        284: 2 if planar else 1, 339: (number,) * channels, **(tags or {}),
    }  # fmt: skip
    start = _tiff_bytes(order, found)
    offsets = [len(start) + sum(map(len, strips[:i])) for i in range(len(strips))]
    return _tiff_bytes(order, {**found, 273: tuple(offsets)}) + b"".join(strips)


def _tiff_bytes(order: str, tags: Tags) -> bytes:
    count, rows, more = len(tags), b"", b""
    after = 8 + 2 + 12 * count + 4
    for tag, value in sorted(tags.items()):
        if isinstance(value, bytes):
            kind, body, length = 1, value, len(value)
        else:
            numbers = value if isinstance(value, tuple) else (value,)
            kind, body, length = 4, struct.pack(f"{order}{len(numbers)}I", *numbers), len(numbers)
        if len(body) > 4:
            place = struct.pack(f"{order}I", after + len(more))
            more += body
        else:
            place = body.ljust(4, b"\0")
        rows += struct.pack(f"{order}HHI", tag, kind, length) + place
    opening = b"MM\0*" if order == ">" else b"II*\0"
    return opening + struct.pack(f"{order}IH", 8, count) + rows + bytes(4) + more


def bmp(pixels: np.ndarray, head_bytes: int, masks: tuple[int, ...] = (), bits: int = 32) -> bytes:
    """A BMP of whole numbers (height, width) as they stand in the file, with masks where there are any."""
    height, width = pixels.shape
    stride = -(-width * bits // 32) * 4
    rows = b"".join(row.astype(f"<u{bits // 8}").tobytes().ljust(stride, b"\0") for row in pixels[::-1])
    fields = struct.pack("<IiiHHIIiiII", head_bytes, width, height, 1, bits, 3 if masks else 0, len(rows), 0, 0, 0, 0)
    fields += b"".join(struct.pack("<I", mask) for mask in masks)
    head = fields.ljust(head_bytes, b"\0")
    start = 14 + len(head)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + head + rows
