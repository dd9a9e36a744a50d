"""The line of JSON with which a file of the store begins: written, and read with every value checked."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import asdict, dataclass, replace
from typing import Any

MAX_HEADER_BYTES = 8192
"""A longer line is no head."""
MAX_LIFETIME_SECONDS = 31 * 24 * 3600.0
"""No store keeps anything longer, in seconds: a head that says so is damaged."""
LATEST_TIME = 1e12
"""No clock of ours shows so many seconds."""
_TOKEN = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class FileHeader:
    """What a file says of itself: how many bytes follow, and until when they may be seen, in seconds since 1970.

    `token` is the SHA-256 of the delete_token in hexadecimal digits. `height` and `width` are 0 where the bytes are
    no picture. `crc` is zlib.crc32 of the bytes; None in files of versions that did not write it. `notes` say in plain
    words what was done to a picture.
    """

    length: int
    expires: float
    token: str
    height: int = 0
    width: int = 0
    crc: int | None = None
    notes: tuple[str, ...] = ()

    def line(self) -> bytes:
        """The head as it stands in the file; notes for which there is no room are left out."""
        said = asdict(self)
        line = json.dumps({"bytes": said.pop("length"), **said}).encode() + b"\n"
        return line if len(line) <= MAX_HEADER_BYTES else replace(self, notes=()).line()

    def lives(self, now: float) -> bool:
        """Whether what follows may still be seen."""
        return now < self.expires <= now + MAX_LIFETIME_SECONDS

    def fits(self, body: bytes) -> bool:
        """Whether these are the bytes that were kept."""
        return len(body) == self.length and self.crc in (None, zlib.crc32(body))


def parse_header(line: bytes) -> FileHeader | None:
    """The head in a file's first line; None for a line that this program did not write, or that was damaged since."""
    try:
        said = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    if not line.endswith(b"\n") or not isinstance(said, dict):
        return None
    given: dict[str, Any] = {name: said.get(name) for name in ("expires", "token", "crc")}
    sizes = {"height": said.get("height", 0), "width": said.get("width", 0)}
    head = FileHeader(said.get("bytes", -1), **given, **sizes, notes=_parse_notes(said.get("notes")))
    return head if _is_consistent(head) else None


def _parse_notes(said: object) -> tuple[str, ...]:
    """What is kept of the notes: texts. Files of versions that did not write them have none."""
    return tuple(note for note in said if isinstance(note, str)) if isinstance(said, list) else ()


def _is_consistent(head: FileHeader) -> bool:
    """Whether each value is of the type and in the range that its name promises, and they fit one another."""
    counts = (head.length, head.height, head.width, 0 if head.crc is None else head.crc)
    if any(type(count) is not int or count < 0 for count in counts):
        return False
    if type(head.expires) not in (int, float) or not 0 < head.expires < LATEST_TIME:
        return False
    if not isinstance(head.token, str) or not _TOKEN.fullmatch(head.token):
        return False
    return head.height == head.width == 0 or head.height * head.width * 3 == head.length > 0
