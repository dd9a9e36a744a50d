"""What kind of picture some bytes claim to be, found from the bytes alone: a file's name proves nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...processes.file_errors import refuse
from .netpbm import OPENING
from .unsupported_images import foreign_kind

READ_HERE = "JPEG, PNG, WebP, GIF, BMP, TIFF, PGM, PPM or AVIF"

IPHONE_HELP = (
    "This is an iPhone photo in the HEIC format, which this server does not read. On the iPhone choose "
    "Settings > Camera > Formats > Most Compatible and take it again, or send a screenshot of the photo, "
    "or share it as JPEG."
)


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of picture: its name for people, and the Pillow decoders that may open it, if any does."""

    name: str
    decoders: tuple[str, ...]


JPEG = Format("JPEG", ("JPEG",))
PNG = Format("PNG", ("PNG",))
HEIC = Format("HEIC", ("HEIF",))
BMP = Format("BMP", ("BMP",))
TIFF = Format("TIFF", ("TIFF",))
PNM = Format("PGM or PPM", ())
WEBP = Format("WebP", ("WEBP",))
_GIF = Format("GIF", ("GIF",))
_AVIF = Format("AVIF", ("AVIF",))

_OPENINGS = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", _GIF),
    (b"GIF89a", _GIF),
    (b"BM", BMP),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
)

_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))

# In compressed data 0xFF is followed by 0x00 or by a restart mark; anything else begins a new segment.
_SEGMENT_AHEAD = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_WITHOUT_LENGTH = frozenset((0x01, 0xD8))
_START_OF_SCAN, _END = 0xDA, 0xD9


def recognise(data: bytes) -> Format:
    """The format that the first bytes announce. Raises UnreadableFile (415, or 422 for no bytes at all)."""
    if not data:
        raise refuse(422, "file", "0 bytes", "a picture", "This file is empty.")
    for opening, format_ in _OPENINGS:
        if data.startswith(opening):
            return format_
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if OPENING.match(data):
        return PNM
    brands = _brands(data)
    if brands & _AVIF_BRANDS:
        return _AVIF
    if brands & _HEIC_BRANDS:
        return HEIC
    kind = foreign_kind(data)
    if kind is None:
        raise refuse(415, "file", "unknown", READ_HERE, f"This file is not a picture. Please send {READ_HERE}.")
    raise refuse(415, "file", kind.name, READ_HERE, kind.message)


def refuse_heic() -> Exception:
    """The refusal of an iPhone's own format, which says what to do about it."""
    return refuse(415, "file", HEIC.name, READ_HERE, IPHONE_HELP)


def count_scans(jpeg: bytes, enough: int) -> int:
    """How many scans a JPEG holds, counted without decoding; stops counting just above `enough`.

    Every scan costs a pass over the whole picture, and a few bytes can ask for one. Walks the segments as a
    decoder does, stepping over damage to the next marker. Source: ITU-T T.81, annex B.
    """
    scans, position = 0, 2
    while scans <= enough and (ahead := _SEGMENT_AHEAD.search(jpeg, position)):
        marker = jpeg[ahead.end() - 1]
        position = ahead.end()
        if marker == _END:
            break
        scans += marker == _START_OF_SCAN
        if marker not in _WITHOUT_LENGTH:
            position += max(2, int.from_bytes(jpeg[position : position + 2], "big"))
    return scans


def _brands(data: bytes) -> set[bytes]:
    """The brands in the file type box that AVIF, HEIC and films begin with."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 256)
    compatible = {data[i : i + 4] for i in range(16, end - 3, 4)}
    return compatible | {data[8:12]}
