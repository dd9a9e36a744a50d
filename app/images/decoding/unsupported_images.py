"""Unsupported files that users upload as pictures: the name of each kind, with advice."""

from __future__ import annotations

import re
from dataclasses import dataclass

_EXPORT_ADVICE = "export it as PNG or JPEG"
_RAW = ("a camera raw file", "develop it in a photo program and save it as JPEG or PNG")
_VIDEO = ("a video", "pause it where you want it and send a screenshot; of a Live Photo send the still photo")
_ICON = ("an icon file", "open it in any picture viewer and save it as PNG")
_DRAWING = ("a vector drawing", _EXPORT_ADVICE)
_LEGACY = ("a picture in a rare format", "open it in a program that reads it and save it as PNG")
_ARCHIVE = ("an archive", "unpack it and send the picture alone")
_SOUND = ("a sound file", "only pictures can be shown here; you can send a screenshot of its spectrogram")
_SCIENCE = ("a file of scientific data", "save the image in it as a 16-bit PNG or TIFF")


@dataclass(frozen=True, slots=True)
class UnsupportedFile:
    """A kind of file: its name for users, and how to make a picture of it."""

    name: str
    advice: str

    @property
    def message(self) -> str:
        """The whole sentence."""
        return f"This file is {self.name}: {self.advice}."


# A file is of the first kind whose signature matches. Sources: the formats' specifications, and file(1)'s tables.
_SIGNATURES: tuple[tuple[bytes, tuple[str, str]], ...] = (
    (rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n", ("a JPEG XL picture", _EXPORT_ADVICE)),
    (rb"\0\0\0\x0cjP(?:  |\x1a\x1a)\r\n\x87\n|\xff\x4f\xff\x51", ("a JPEG 2000 picture", _EXPORT_ADVICE)),
    (rb"II\xbc", ("a JPEG XR picture", _EXPORT_ADVICE)),
    (rb"%PDF", ("a PDF", "take a screenshot of the page, or export the page as PNG")),
    (rb"8BPS", ("a Photoshop file", "save a copy of it as PNG or JPEG")),
    (rb"gimp xcf", ("a GIMP file", _EXPORT_ADVICE)),
    (rb"%!PS|\xc5\xd0\xd3\xc6", ("a PostScript or EPS drawing", _EXPORT_ADVICE)),
    (rb"\x1f\x8b", ("a compressed file", "unpack it and send the picture alone; of a drawing in SVGZ send a PNG")),
    (rb"\0\0[\x01\x02]\0[\x01-\xff]\0", _ICON),
    (rb"icns", _ICON),
    (rb"(?s:.{128}DICM)", ("a DICOM image", "open it in its viewer and export it as a 16-bit PNG or TIFF")),
    (rb"FUJIFILMCCD-RAW|FOVb|II(?:RO|RS|U\0)|MMOR|\0MRM", _RAW),
    (rb"v/1\x01|#\?RADIANCE|#\?RGBE", ("a picture with high dynamic range", "save it as a 16-bit PNG or TIFF")),
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
        ("an Office document", "save the picture in it as PNG"),
    ),
    (
        rb"PK\x03\x04|PK\x05\x06",
        ("a ZIP archive or an Office document", "take the picture out of it and send that alone"),
    ),
    (rb"Rar!|7z\xbc\xaf|\xfd7zXZ|BZh|\x28\xb5\x2f\xfd|(?s:.{257}ustar)", _ARCHIVE),
    (rb"version https://git-lfs", ("a Git LFS pointer", "fetch the real file with git lfs pull")),
)
_HEAD_BYTES = 8_192
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_COMMENT_OR_DECLARATION = re.compile(rb"<!--|<[?!]")
_SVG_START = re.compile(rb"<(?:\w{1,20}:)?svg\b|<!entity|\]>")
_WEB_PAGE = UnsupportedFile("a web page", "open it and save the picture alone, or send a screenshot")
_PRINTABLE = re.compile(rb"[\t\n\f\r\x1b -~\x80-\xff]+")
_TEXT = UnsupportedFile("a text file", "numbers can be pasted into the table under Numbers")

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
    return UnsupportedFile("an SVG drawing", _EXPORT_ADVICE) if is_svg else _WEB_PAGE
