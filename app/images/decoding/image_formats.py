"""Detects the format of an image file from its bytes; its name is not used."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...core.texts import make_text
from ...processes.file_errors import make_file_error
from .netpbm import SIGNATURE
from .unsupported_images import UnsupportedFile, identify_unsupported_file

SUPPORTED_FORMATS = make_text("picture_formats")


@dataclass(frozen=True, slots=True)
class ImageFormat:
    """An image format: its name for users, and the Pillow decoders that may open it."""

    name: str
    decoders: tuple[str, ...]


JPEG = ImageFormat("JPEG", ("JPEG",))
PNG = ImageFormat("PNG", ("PNG",))
HEIC = ImageFormat("HEIC", ("HEIF",))
BMP = ImageFormat("BMP", ("BMP",))
TIFF = ImageFormat("TIFF", ("TIFF",))
PNM = ImageFormat("PGM or PPM", ())
WEBP = ImageFormat("WebP", ("WEBP",))
_GIF = ImageFormat("GIF", ("GIF",))
_AVIF = ImageFormat("AVIF", ("AVIF",))

_SIGNATURES = (
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

# In compressed data 0xFF is followed by 0x00 or a restart marker; anything else begins a new segment.
_SEGMENT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")
_MARKERS_WITHOUT_LENGTH = frozenset((0x01, 0xD8))
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def detect_image_format(data: bytes) -> ImageFormat:
    """The format by the first bytes. Raises UnreadableFile (415 for an unsupported format, 422 for an empty file)."""
    if not data:
        raise make_file_error("empty_file", 422, "file", make_text("zero_bytes"), make_text("a_picture"))
    for signature, format_ in _SIGNATURES:
        if data.startswith(signature):
            return format_
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    if SIGNATURE.match(data):
        return PNM
    brands = _read_brands(data)
    if brands & _AVIF_BRANDS:
        return _AVIF
    if brands & _HEIC_BRANDS:
        return HEIC
    kind = identify_unsupported_file(data)
    if kind is None:
        unknown = make_text("unknown_format")
        raise make_file_error("not_a_picture", 415, "file", unknown, SUPPORTED_FORMATS)
    raise make_unsupported_error(kind)


def make_unsupported_error(kind: UnsupportedFile) -> Exception:
    """The error for a file in a format that is not supported, with advice."""
    name, advice = make_text(kind.name), make_text(kind.advice)
    return make_file_error("unsupported_picture", 415, "file", name, SUPPORTED_FORMATS, kind=name, advice=advice)


def make_heic_error() -> Exception:
    """The error for an iPhone photo, with advice."""
    return make_file_error("heic_picture", 415, "file", HEIC.name, SUPPORTED_FORMATS)


def count_scans(jpeg: bytes, limit: int) -> int:
    """The number of scans in a JPEG, counted without decoding; at most `limit` + 1.

    Every scan costs a pass over the whole picture, but takes only a few bytes. Walks the segments as a decoder does,
    and skips damage up to the next marker. Source: ITU-T T.81, annex B.
    """
    scans, position = 0, 2
    while scans <= limit and (found := _SEGMENT_MARKER.search(jpeg, position)):
        marker = jpeg[found.end() - 1]
        position = found.end()
        if marker == _END_OF_IMAGE:
            break
        scans += marker == _START_OF_SCAN
        if marker not in _MARKERS_WITHOUT_LENGTH:
            position += max(2, int.from_bytes(jpeg[position : position + 2], "big"))
    return scans


def _read_brands(data: bytes) -> set[bytes]:
    """The brands in the file type box at the beginning of AVIF, HEIC and video files."""
    if data[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(data[:4], "big"), 256)
    compatible = {data[i : i + 4] for i in range(16, end - 3, 4)}
    return compatible | {data[8:12]}
