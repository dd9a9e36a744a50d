"""The store of uploaded pictures and weights, a folder that several server processes share."""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
import string
import tempfile
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np

from ...core.texts import Text
from ..picture import Picture, Pixels
from .file_header import FileHeader
from .free_space import FreeSpace, StoreFull, StoreLimits, StoreUsage
from .stored_file import FILE_PREFIX, PICTURE_PREFIX, OpenStoredFile, open_stored_file, read_file_header

__all__ = ["Store", "StoreFull", "StoreState", "UploadReceipt"]

StoreState = Literal["ok", "full", "missing", "read-only", "failing"]
"""Whether the store can keep uploads, and if not, why."""
MAX_STAMP_SECONDS = 60.0
_PROBE_FILE = ".trial"
_ID_CHARACTERS = string.ascii_lowercase + string.digits
_NO_SPACE_ERRORS = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota error
_READ_ONLY_ERRORS = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class UploadReceipt:
    """What the uploader gets: the id, and the token that deletes it. `expires` is in seconds since 1970."""

    id: str
    delete_token: str
    height: int
    width: int
    notes: tuple[Text | str, ...]
    expires: float


class Store:
    """Uploads by random ids, one file each: a header line of JSON, then the pixels and nothing else of the photo.

    Uploaded weights are kept in the same way, with their bytes in place of the pixels.

    An upload expires after `seconds`. Before that it is deleted only to free space under `bytes_cap`, the least
    recently used first, and never within `protect_seconds` of its last use. A file's modification time is its last use,
    so that the processes that share the folder agree. It is written at most once a minute, or once in a sixtieth of
    `protect_seconds` if that is less, so that reading rarely writes.

    A damaged or unreadable file counts as missing. Uploads can be read even if the folder cannot be written.
    """

    def __init__(
        self,
        folder: Path,
        seconds: float = 24 * 3600,
        bytes_cap: int = 2_000_000_000,
        protect_seconds: float = 2 * 3600,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._folder = folder
        self._seconds = seconds
        self._stamp_seconds = min(MAX_STAMP_SECONDS, protect_seconds / 60)
        self._clock = clock
        limits = StoreLimits(bytes_cap, seconds, protect_seconds)
        self._free_space = FreeSpace(folder, limits, partial(read_file_header, folder))

    def put(self, pixels: Pixels, notes: tuple[Text | str, ...] = ()) -> UploadReceipt:
        """Keeps uint8 pixels (height, width, 3). Raises StoreFull if no space can be freed, or OSError."""
        height, width, _ = pixels.shape
        body = np.ascontiguousarray(pixels).tobytes()
        return self._keep(PICTURE_PREFIX, body, height, width, tuple(notes))

    def put_file(self, data: bytes) -> UploadReceipt:
        """Keeps other bytes, such as weights, for the same time. Raises as `put` does."""
        return self._keep(FILE_PREFIX, data)

    def get(self, id: str) -> Picture | None:
        """The picture of an id, which counts as a use; None for one that is unknown, damaged or expired."""
        found = self._read(id) if id.startswith(PICTURE_PREFIX) else None
        if found is None:
            return None
        header, body = found
        return Picture.from_pixels(np.frombuffer(body, np.uint8).reshape(header.height, header.width, 3), header.notes)

    def get_file(self, id: str) -> bytes | None:
        """The bytes of an id, which counts as a use; None for one that is unknown, damaged or expired."""
        found = self._read(id) if id.startswith(FILE_PREFIX) else None
        return found[1] if found else None

    def touch(self, id: str) -> bool:
        """Marks an upload as used now; returns whether it is still there."""
        stored = self._open(id)
        if stored is None:
            return False
        with stored.file:
            return self._mark_used(id, stored.used)

    def delete(self, id: str, token: str) -> bool:
        """Deletes an upload; returns False if it is not there or the token is not its own.

        Raises OSError if the folder cannot be written.
        """
        stored = self._open(id)
        if stored is None:
            return False
        stored.file.close()
        if not hmac.compare_digest(stored.header.token, _hash_token(token)):
            return False
        (self._folder / id).unlink(missing_ok=True)
        return True

    def purge(self) -> StoreUsage:
        """Deletes expired and half-written files. Returns the usage that remains."""
        return self._free_space.purge(self._clock())

    def check_state(self, size: int) -> StoreState:
        """Whether an upload of so many bytes could be kept now, and if not, why. Writes and removes a tiny file."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            return "full" if error.errno in _NO_SPACE_ERRORS else "missing"
        now = self._clock()
        try:
            self._write(_PROBE_FILE, b"-", now)
            (self._folder / _PROBE_FILE).unlink(missing_ok=True)  # another process may check at the same moment
            self._free_space.check(size, now)
        except StoreFull:
            return "full"
        except OSError as error:
            return "read-only" if error.errno in _READ_ONLY_ERRORS else "failing"
        return "ok"

    def _keep(
        self, prefix: str, body: bytes, height: int = 0, width: int = 0, notes: tuple[Text | str, ...] = ()
    ) -> UploadReceipt:
        now = self._clock()
        receipt = UploadReceipt(_make_id(prefix), _make_token(), height, width, notes, now + self._seconds)
        token = _hash_token(receipt.delete_token)
        header = FileHeader(len(body), receipt.expires, token, height, width, zlib.crc32(body), notes)
        data = header.to_line() + body
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._free_space.reserve(len(data), now)
        self._write(receipt.id, data, now)
        return receipt

    def _read(self, id: str) -> tuple[FileHeader, bytes] | None:
        """The header and the bytes of an id."""
        stored = self._open(id)
        if stored is None:
            return None
        with suppress(OSError, MemoryError), stored.file:
            body = stored.file.read(stored.header.length)
            if stored.header.matches(body) and self._mark_used(id, stored.used):
                return stored.header, body
        return None

    def _open(self, id: str) -> OpenStoredFile | None:
        return open_stored_file(self._folder, id, self._clock())

    def _mark_used(self, id: str, used: float) -> bool:
        """Sets the modification time to now, if it is old; False if the file has just been deleted."""
        now = self._clock()
        if abs(now - used) < self._stamp_seconds:
            return True
        try:
            os.utime(self._folder / id, (now, now))
        except FileNotFoundError:
            return False
        except OSError:  # the folder cannot be written, but its pictures can be read
            pass
        return True

    def _write(self, name: str, data: bytes, now: float) -> None:
        """Writes a temporary file and renames it, so that nobody sees half a picture. Raises StoreFull or OSError."""
        temporary = None
        try:
            handle, temporary = tempfile.mkstemp(prefix=".", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.utime(temporary, (now, now))
            os.replace(temporary, self._folder / name)
        except OSError as error:
            if temporary is not None:
                _unlink(Path(temporary))
            if error.errno in _NO_SPACE_ERRORS:
                raise StoreFull(self._free_space.retry_seconds) from error
            raise


def _make_id(prefix: str) -> str:
    return prefix + "".join(secrets.choice(_ID_CHARACTERS) for _ in range(20))


def _make_token() -> str:
    return secrets.token_urlsafe(24)


def _hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
