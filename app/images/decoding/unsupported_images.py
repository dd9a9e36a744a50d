"""Unsupported files that users upload as pictures: the name of each kind, with advice."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXPORT_ADVICE = "advice_export"
_RAW = ("kind_camera_raw_file", "advice_camera_raw_file")
_VIDEO = ("kind_video", "advice_video")
_ICON = ("kind_icon_file", "advice_icon_file")
_DRAWING = ("kind_vector_drawing", _EXPORT_ADVICE)
_LEGACY = ("kind_picture_in_a_rare_format", "advice_picture_in_a_rare_format")
_ARCHIVE = ("kind_archive", "advice_archive")
_SOUND = ("kind_sound_file", "advice_sound_file")
_SCIENCE = ("kind_file_of_scientific_data", "advice_file_of_scientific_data")


@dataclass(frozen=True, slots=True)
class UnsupportedFile:
    """A kind of file: the codes of its name, and of how to make a picture of it."""

    name: str
    advice: str


# A file is of the first kind whose signature matches. Sources: the formats' specifications, and file(1)'s tables.
_SIGNATURES: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", ("kind_jpeg_xl_picture", _EXPORT_ADVICE)),
    (rb"\0\0\0\x0cjP(?:  |\x1a\x1a)\r\n\x87\n|\xff\x4f\xff\x51", ("kind_jpeg_2000_picture", _EXPORT_ADVICE)),
    (rb"II\xbc", ("kind_jpeg_xr_picture", _EXPORT_ADVICE)),
    (rb"%PDF", ("kind_pdf", "advice_pdf")),
    (rb"8BPS", ("kind_photoshop_file", "advice_photoshop_file")),
    (rb"gimp xcf", ("kind_gimp_file", _EXPORT_ADVICE)),
    (rb"%!PS|\xc5\xd0\xd3\xc6", ("kind_postscript_or_eps_drawing", _EXPORT_ADVICE)),
    (rb"\x1f\x8b", ("kind_compressed_file", "advice_compressed_file")),
    (rb"\0\0[\x01\x02]\0[\x01-\xff]\0", _ICON),
    (rb"icns", _ICON),
    (rb"(?s:.{128}DICM)", ("kind_dicom_image", "advice_dicom_image")),
    (rb"FUJIFILMCCD-RAW|FOVb|II(?:RO|RS|U\0)|MMOR|\0MRM", _RAW),
    (
        rb"v/1\x01|#\?RADIANCE|#\?RGBE",
        ("kind_high_dynamic_range", "advice_high_dynamic_range"),
    ),
    (rb"SIMPLE  =|\x89HDF|CDF[\x01\x02\x05]|\x93NUMPY|MATLAB |(?s:.{344}n[i+]1\0)", _SCIENCE),
    (rb"\x8aMNG|\x8bJNG|qoif|DDS |BPG\xfb|AT&TFORM|\x01\xda|\x59\xa6\x6a\x95", _LEGACY),
    (rb"\x0a[\0\x02-\x05]\x01[\x01\x02\x04\x08]|FORM....ILBM|\xabKTX", _LEGACY),
    (rb"\xd7\xcd\xc6\x9a|\x01\0\0\0(?s:.{36}) EMF", _DRAWING),
    (rb"\x1aE\xdf\xa3|RIFF(?s:....)AVI |\0\0\x01[\xba\xb3]|FLV\x01|\x30\x26\xb2\x75\x8e\x66\xcf\x11|OggS", _VIDEO),
    (rb"RIFF(?s:....)WAVE|ID3|fLaC|FORM(?s:....)AIF|(?s:....)ftypM4A|#!AMR|\xff[\xf1\xf3\xf9\xfa\xfb]|MThd", _SOUND),
    (rb"(?s:....)ftypcrx ", _RAW),
    (rb"(?s:....)ftyp|(?s:....)(?:moov|mdat|wide|free|skip|pnot)", _VIDEO),
    (
        rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf",
        ("kind_office_document", "advice_office_document"),
    ),
    (
        rb"PK\x03\x04|PK\x05\x06",
        ("kind_zip_archive_or_an_office_document", "advice_zip_archive_or_an_office_document"),
    ),
    (rb"Rar!|7z\xbc\xaf|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd|(?s:.{257}ustar)", _ARCHIVE),
    (rb"version https://git-lfs", ("kind_git_lfs_pointer", "advice_git_lfs_pointer")),
)
_HEAD_BYTES = 8_192
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMENT_OR_DECLARATION = re.compile(rb"<!--|<[?!]")
_SVG_START = re.compile(rb"<(?:\w{1,20}:)?svg\b|<!entity|\]>")
_WEB_PAGE = UnsupportedFile("kind_web_page", "advice_web_page")
_PRINTABLE = re.compile(rb"[\t\n\f\r\x1b -~\x80-\xff]+")
_TEXT = UnsupportedFile("kind_text_file", "advice_text_file")

CAMERA_RAW = UnsupportedFile(*_RAW)
"""Of raw files that look like a TIFF."""


def identify_unsupported_file(data: bytes) -> UnsupportedFile | None:
    """The kind of a file in no supported format, by its first bytes; None for an unknown one."""
    head = data[:_HEAD_BYTES].removeprefix(_BYTE_ORDER_MARK)
    for signature, kind in _SIGNATURES:
        if re.match(signature, head):
            return UnsupportedFile(*kind)
    if head.lstrip().startswith(b"<"):
        return _identify_markup(head.lower())
    return _TEXT if len(head) > 1 and _PRINTABLE.fullmatch(head) else None


def _identify_markup(head: bytes) -> UnsupportedFile:
    """An SVG drawing, or else a web page."""
    rest = head.lstrip()
    while start := _COMMENT_OR_DECLARATION.match(rest):
        _, end, rest = rest.partition(b"-->" if start[0] == b"<!--" else b">")
        rest = rest.lstrip() if end else b""
    is_svg = _SVG_START.match(rest) or (not rest and b"<svg" in head)
    return UnsupportedFile("kind_svg_drawing", _EXPORT_ADVICE) if is_svg else _WEB_PAGE
