"""The header of a file in the store: one line of JSON, of which every value is checked when it is read."""

from __future__ import annotations

import json
import re
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from ...core.texts import Text, read_text_json
from ...processes.file_errors import pack_text

MAX_HEADER_BYTES = 8192
"""A longer line is not a header."""
MAX_LIFETIME_SECONDS = 31 * 24 * 3600.0
"""No store keeps anything longer: a header with a later time is damaged."""
LATEST_TIME = 1e12
"""In seconds since 1970; no clock shows a later time."""
_TOKEN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileHeader:
    """`length` is the number of bytes that follow, `expires` the time until which they are kept, in seconds since 1970.

    `token` is the SHA-256 of the delete token in hexadecimal digits. `height` and `width` are 0 for files that are not
    pictures. `crc` is zlib.crc32 of the bytes, None in files of versions that did not write it. `notes` say what was
    done to a picture.
    """

    length: int
    expires: float
    token: str
    height: int = 0
    width: int = 0
    crc: int | None = None
    notes: tuple[Text | str, ...] = ()

    def to_line(self) -> bytes:
        """The header as a line of the file; without the notes if they make it too long."""
        values = {**asdict(replace(self, notes=())), "notes": [pack_text(note) for note in self.notes]}
        line = json.dumps({"bytes": values.pop("length"), **values}).encode() + b"\n"
        return line if len(line) <= MAX_HEADER_BYTES else replace(self, notes=()).to_line()

    def is_current(self, now: float) -> bool:
        """Whether the file has not expired."""
        return now < self.expires <= now + MAX_LIFETIME_SECONDS

    def matches(self, body: bytes) -> bool:
        """Whether the bytes have the length and checksum of the header."""
        return len(body) == self.length and self.crc in (None, zlib.crc32(body))


def parse_header(line: bytes) -> FileHeader | None:
    """The header in a file's first line; None if this program did not write the line, or if it is damaged."""
    try:
        row = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    if not line.endswith(b"\n") or not isinstance(row, dict):
        return None
    values: dict[str, Any] = {name: row.get(name) for name in ("expires", "token", "crc")}
    sizes = {"height": row.get("height", 0), "width": row.get("width", 0)}
    header = FileHeader(row.get("bytes", -1), **values, **sizes, notes=_parse_notes(row.get("notes")))
    return header if _is_consistent(header) else None


def _parse_notes(value: object) -> tuple[Text | str, ...]:
    """The notes that can be written. Earlier versions wrote English sentences, or no notes."""
    notes = []
    for note in value if isinstance(value, list) else ():
        with suppress(ValueError):
            notes.append(read_text_json(note))
    return tuple(notes)


def _is_consistent(header: FileHeader) -> bool:
    """Whether each value has the right type and range, and the sizes match the length."""
    counts = (header.length, header.height, header.width, 0 if header.crc is None else header.crc)
    if any(type(count) is not int or count < 0 for count in counts):
        return False
    if type(header.expires) not in (int, float) or not 0 < header.expires < LATEST_TIME:
        return False
    if not isinstance(header.token, str) or not _TOKEN.fullmatch(header.token):
        return False
    return header.height == header.width == 0 or header.height * header.width * 3 == header.length > 0
